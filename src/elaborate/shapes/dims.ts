// Unification of symbolic dimensions. A dimension still open is a metavariable: a name
// that starts with `?`. Names without it are rigid: two different ones never agree, and
// none of them is 1.
//
// Invariant: bindings are acyclic; `resolve` never returns a bound metavariable. A
// metavariable marked `many` is never bound to 1.

import {
  addDims,
  type Dim,
  dimConstant,
  dimName,
  dimOf,
  dimSign,
  isOneDim,
  one,
  sameDim,
  scaleDim,
  substituteDim,
  subtractDims,
} from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";

/** Is a dimension 1, more than 1, or not known yet? */
export type Unit = "one" | "many" | "open";
/** Outcome of a unification; `open` means nothing could be decided yet. */
export type Unified = "equal" | "different" | "open";

/** Unification of dimensions. */
export interface DimSolver {
  /** A new open dimension. */
  readonly fresh: () => Dim;
  readonly resolve: (d: Dim) => Dim;
  readonly resolveShape: (s: Shape) => Shape;
  readonly unify: (a: Dim, b: Dim) => Unified;
  readonly unit: (d: Dim) => Unit;
  /** Whether two dimensions can still turn out equal. */
  readonly compatible: (a: Dim, b: Dim) => boolean;
  /** Remembers the bindings; calling the result takes back everything since. */
  readonly snapshot: () => () => void;
  /** States that a dimension is not 1; false where it is known to be 1. */
  readonly markMany: (d: Dim) => boolean;
}

/** Whether a name stands for a size that is still to be found. */
export const isMeta = (name: string): boolean => name.startsWith("?");
/** The name of a size that is nothing but a metavariable. */
const metaName = (d: Dim): string | undefined => {
  const name = dimName(d);
  return name !== undefined && isMeta(name) ? name : undefined;
};
const hasName = (d: Dim, test: (name: string) => boolean): boolean => d.monomials.some((m) => m.names.some(test));
/** Whether a size still depends on one that is to be found. */
export const isOpenDim = (d: Dim): boolean => hasName(d, isMeta);

/** What is known so far, and who is to hear of more. */
interface Bindings {
  bound: Map<string, Dim>;
  many: Set<string>;
  /** Sums and products with open parts that are not 1. */
  manyTerms: readonly Dim[];
  /** How many metavariables there are. */
  count: number;
  readonly changed: (name: string) => void;
  readonly weight: (name: string) => number;
}

/**
 * A solver without bindings; `changed` hears the name of every metavariable that is bound or
 * marked. Of two metavariables the one with less `weight` is bound to the other.
 */
export function createDimSolver(changed: (name: string) => void, weight: (name: string) => number): DimSolver {
  const state: Bindings = { bound: new Map(), many: new Set(), manyTerms: [], count: 0, changed, weight };
  return {
    fresh: () => dimOf(`?${++state.count}`),
    snapshot: () => snapshot(state),
    resolve: (d) => resolve(state, d),
    resolveShape: (s) => ({ rows: resolve(state, s.rows), cols: resolve(state, s.cols) }),
    unify: (a, b) => unify(state, a, b),
    unit: (d) => unit(state, d),
    compatible: (a, b) => compatible(state, a, b),
    markMany: (d) => markMany(state, d),
  };
}

function snapshot(state: Bindings): () => void {
  const [bound, many, manyTerms] = [new Map(state.bound), new Set(state.many), state.manyTerms];
  // It may be gone back to more than once.
  return () => void Object.assign(state, { bound: new Map(bound), many: new Set(many), manyTerms });
}

function resolve({ bound }: Bindings, d: Dim): Dim {
  let current = d;
  const path: string[] = [];
  for (;;) {
    const name = dimName(current);
    // Plain names are the common case; chains of them may be long and are shortened below.
    const to = name === undefined || !isMeta(name) ? undefined : bound.get(name);
    if (name !== undefined && to !== undefined) {
      path.push(name);
      current = to;
    } else if (name === undefined && hasName(current, (n) => bound.has(n))) current = substituteDim(current, bound);
    else break;
  }
  for (const name of path) bound.set(name, current);
  return current;
}

function unit(state: Bindings, d: Dim): Unit {
  const { many } = state;
  const r = resolve(state, d);
  if (isOneDim(r)) return "one";
  const name = dimName(r);
  if (name !== undefined) return !isMeta(name) || many.has(name) ? "many" : "open";
  if (dimConstant(r) !== undefined) return "many";
  if (!isOpenDim(r)) return "many";
  const [only, ...more] = r.monomials;
  if (only !== undefined && more.length === 0 && (only.coefficient > 1 || only.names.some((n) => !isMeta(n) || many.has(n)))) return "many";
  return dimSign(subtractDims(r, one())) === "positive" ? "many" : "open";
}

function bind(state: Bindings, name: string, to: Dim): Unified {
  if (state.many.has(name)) {
    if (unit(state, to) === "one") return "different";
    mark(state, to);
  }
  state.bound.set(name, to);
  state.changed(name);
  return state.manyTerms.some((t) => unit(state, t) === "one") ? "different" : "equal";
}

// A size that is not 1, as far as it says something about open ones.
function mark(state: Bindings, d: Dim): void {
  const name = dimName(d);
  if (name === undefined) {
    if (isOpenDim(d)) state.manyTerms = [...state.manyTerms, d];
  } else if (isMeta(name) && !state.many.has(name)) {
    state.many.add(name);
    state.changed(name);
  }
}

function unify(state: Bindings, a: Dim, b: Dim): Unified {
  const [p, q] = [resolve(state, a), resolve(state, b)];
  if (sameDim(p, q)) return "equal";
  const side = bindable(state, p, q);
  if (side !== undefined) {
    const [name, to] = side;
    return hasName(to, (n) => n === name) ? apart(p, q) : bind(state, name, to);
  }
  if (!isOpenDim(p) && !isOpenDim(q)) return "different";
  return unifyLinear(state, subtractDims(p, q)) ?? apart(p, q);
}

// The side that is a metavariable, and what it is bound to; of two the one with less weight.
function bindable({ weight }: Bindings, p: Dim, q: Dim): readonly [name: string, to: Dim] | undefined {
  const [x, y] = [metaName(p), metaName(q)];
  if (x !== undefined && (y === undefined || weight(x) <= weight(y))) return [x, q];
  return y === undefined ? undefined : [y, p];
}

// p − q = ±?k + rest: the one linear metavariable is settled.
function unifyLinear(state: Bindings, difference: Dim): Unified | undefined {
  for (const m of difference.monomials) {
    const name = m.names[0];
    if (m.names.length !== 1 || name === undefined || !isMeta(name) || Math.abs(m.coefficient) !== 1) continue;
    if (difference.monomials.some((o) => o !== m && o.names.includes(name))) continue;
    const rest = scaleDim(subtractDims(difference, scaleDim(dimOf(name), m.coefficient)), -m.coefficient);
    const s = dimSign(rest);
    if (s === "zero" || s === "nonpositive") return "different";
    if (s === "positive") return bind(state, name, rest);
  }
  return undefined;
}

// Whether one of two sizes is larger for all values of the names.
const differsInSign = (p: Dim, q: Dim): boolean => dimSign(subtractDims(p, q)) === "positive" || dimSign(subtractDims(q, p)) === "positive";

const apart = (p: Dim, q: Dim): Unified => (differsInSign(p, q) ? "different" : "open");

function compatible(state: Bindings, a: Dim, b: Dim): boolean {
  const [p, q] = [resolve(state, a), resolve(state, b)];
  if (sameDim(p, q)) return true;
  if (!isOpenDim(p) && !isOpenDim(q)) return false;
  const [u, v] = [unit(state, p), unit(state, q)];
  if ((u === "one" && v === "many") || (u === "many" && v === "one")) return false;
  return metaName(p) !== undefined || metaName(q) !== undefined || !differsInSign(p, q);
}

function markMany(state: Bindings, d: Dim): boolean {
  const r = resolve(state, d);
  if (isOneDim(r)) return false;
  mark(state, r);
  return true;
}

/** Most different sizes that one stack adds up. */
export const MOST_SIZES = 200;

/** Sum of dimensions; undefined where more than MOST_SIZES of them are different. */
export function totalDim(dims: readonly Dim[]): Dim | undefined {
  const counts = new Map<string, { dim: Dim; count: number }>();
  for (const dim of dims) {
    const known = counts.get(dim.key);
    if (known === undefined) counts.set(dim.key, { dim, count: 1 });
    else known.count++;
  }
  if (counts.size > MOST_SIZES) return undefined;
  return [...counts.values()].map(({ dim, count }) => scaleDim(dim, count)).reduce(addDims, dimOf(0));
}
