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
  sameDim,
  scaleDim,
  substituteDim,
  subtractDims,
} from "../expr/dim.ts";
import type { Shape } from "../expr/shape.ts";

/** Is a dimension 1, more than 1, or not known yet? */
export type Unit = "one" | "many" | "open";
/** Outcome of a unification; `open` means nothing could be decided yet. */
export type Unified = "equal" | "different" | "open";

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
const isPlainMeta = (d: Dim): boolean => isMeta(dimName(d) ?? "");
const hasName = (d: Dim, test: (name: string) => boolean): boolean => d.monomials.some((m) => m.names.some(test));
/** Whether a size still depends on one that is to be found. */
export const isOpenDim = (d: Dim): boolean => hasName(d, isMeta);

/**
 * A solver without bindings; `changed` hears the name of every metavariable that is bound or
 * marked. Of two metavariables the one with less `weight` is bound to the other.
 */
export function createDimSolver(changed: (name: string) => void, weight: (name: string) => number): DimSolver {
  let bound = new Map<string, Dim>();
  let many = new Set<string>();
  /** Sums and products with open parts that are not 1. */
  let manyTerms: readonly Dim[] = [];
  let count = 0;

  const one = dimOf(1);
  const fresh = (): Dim => dimOf(`?${++count}`);

  function resolve(d: Dim): Dim {
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

  function unit(d: Dim): Unit {
    const r = resolve(d);
    if (isOneDim(r)) return "one";
    const name = dimName(r);
    if (name !== undefined) return !isMeta(name) || many.has(name) ? "many" : "open";
    if (dimConstant(r) !== undefined) return "many";
    if (!isOpenDim(r)) return "many";
    const [only, ...more] = r.monomials;
    if (only !== undefined && more.length === 0 && (only.coefficient > 1 || only.names.some((n) => !isMeta(n) || many.has(n))))
      return "many";
    return dimSign(subtractDims(r, one)) === "positive" ? "many" : "open";
  }

  function bind(name: string, to: Dim): Unified {
    if (many.has(name)) {
      if (unit(to) === "one") return "different";
      const other = dimName(to);
      if (other !== undefined && isMeta(other) && !many.has(other)) {
        many.add(other);
        changed(other);
      } else if (other === undefined && isOpenDim(to)) manyTerms = [...manyTerms, to];
    }
    bound.set(name, to);
    changed(name);
    return manyTerms.some((t) => unit(t) === "one") ? "different" : "equal";
  }

  function unify(a: Dim, b: Dim): Unified {
    const [p, q] = [resolve(a), resolve(b)];
    if (sameDim(p, q)) return "equal";
    const [x, y] = [dimName(p), dimName(q)];
    const swap = x !== undefined && y !== undefined && isMeta(x) && isMeta(y) && weight(x) > weight(y);
    for (const [name, to] of swap
      ? ([[y, p]] as const)
      : ([
          [x, q],
          [y, p],
        ] as const)) {
      if (name === undefined || !isMeta(name)) continue;
      if (!hasName(to, (n) => n === name)) return bind(name, to);
      return sign(p, q) === "open" ? "open" : "different";
    }
    if (!isOpenDim(p) && !isOpenDim(q)) return "different";
    // p − q = ±?k + rest: the one linear metavariable is settled.
    const difference = subtractDims(p, q);
    for (const m of difference.monomials) {
      const name = m.names[0];
      if (m.names.length !== 1 || name === undefined || !isMeta(name) || Math.abs(m.coefficient) !== 1) continue;
      if (difference.monomials.some((o) => o !== m && o.names.includes(name))) continue;
      const rest = scaleDim(subtractDims(difference, scaleDim(dimOf(name), m.coefficient)), -m.coefficient);
      const s = dimSign(rest);
      if (s === "zero" || s === "nonpositive") return "different";
      if (s === "positive") return bind(name, rest);
    }
    return sign(p, q) === "open" ? "open" : "different";
  }

  const sign = (p: Dim, q: Dim): "different" | "open" => {
    const s = [dimSign(subtractDims(p, q)), dimSign(subtractDims(q, p))];
    return s.includes("positive") ? "different" : "open";
  };

  function compatible(a: Dim, b: Dim): boolean {
    const [p, q] = [resolve(a), resolve(b)];
    if (sameDim(p, q)) return true;
    if (!isOpenDim(p) && !isOpenDim(q)) return false;
    const [u, v] = [unit(p), unit(q)];
    if ((u === "one" && v === "many") || (u === "many" && v === "one")) return false;
    if (isPlainMeta(p) || isPlainMeta(q)) return true;
    const m = dimSign(subtractDims(p, q));
    const n = dimSign(subtractDims(q, p));
    return m !== "positive" && n !== "positive";
  }

  function markMany(d: Dim): boolean {
    const r = resolve(d);
    const name = dimName(r);
    if (isOneDim(r)) return false;
    if (name === undefined && isOpenDim(r)) manyTerms = [...manyTerms, r];
    if (name !== undefined && isMeta(name) && !many.has(name)) {
      many.add(name);
      changed(name);
    }
    return true;
  }

  const snapshot = (): (() => void) => {
    const [b, m, t] = [new Map(bound), new Set(many), manyTerms];
    return () => {
      bound = new Map(b);
      many = new Set(m);
      manyTerms = t;
    };
  };

  return {
    fresh,
    snapshot,
    resolve,
    resolveShape: (s) => ({ rows: resolve(s.rows), cols: resolve(s.cols) }),
    unify,
    unit,
    compatible,
    markMany,
  };
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
