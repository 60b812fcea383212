// Where two terms that agree at the usual points may yet differ: farther out and nearer to 0, at
// small whole numbers, and where an argument of a function or the two sides of a comparison
// within the terms come near to each other, on either side of that place and at it.
//
// Invariants: everything follows from the seed; a point meets the attributes of its variables, and
// nothing else is known of it. Not here: what the terms are worth there (separate.ts).

import { allowsMultiples, hasAttribute, hasFreeEntries } from "../expr/attributes.ts";
import { type Expr, nodes, type Variable, variables } from "../expr/expr.ts";
import { type Indices, openIndices } from "../expr/indices.ts";
import { isComparison } from "../expr/operators.ts";
import { NumericError } from "../numeric/context.ts";
import type { Kernel } from "../numeric/kernel.ts";
import { type Matrix, map, scalar, scale } from "../numeric/matrix.ts";
import { variablesInExponents } from "../numeric/modular.ts";
import type { Point } from "../numeric/point.ts";
import type { OpenIndex } from "../numeric/program.ts";
import { createRandom, deriveSeed, type Random } from "../numeric/random.ts";
import { assignSizes, inventory } from "../numeric/sample.ts";
import type { Judge } from "./equal.ts";
import { wholePoint } from "./whole.ts";

/** A point to compare at. */
export interface Probe {
  readonly point: Point;
  /** Whether it may lie at a kink or a jump, where larger rounding errors would move it to either side. */
  readonly exact: boolean;
}

/** Factors of the usual values. */
const SCALES = [1e-3, 0.05, 8, 60, 1e3, 1e5] as const;
/** Values of an argument of a function between which it changes most, and far to both sides; none is one of its poles. */
const LEVELS = [0.7, -0.7, 4.7, -4.7, 29.3, -29.3] as const;
/** Where functions of a number may have kinks, and how near to one a point still lies to one side of it. */
const KINKS = [0, 1 / 2, -1 / 2, 1, -1] as const;
const BESIDE = 1e-6;
/** Exponents at which powers of negative numbers, and powers of powers, differ from those of positive ones. */
const EXPONENTS = [1 / 2, 1, 3 / 2, 2, 3, -1 / 2, -1] as const;
/** Draws of exponents. */
const DRAWS_OF_EXPONENTS = 48;
/** Draws of whole numbers for one assignment of sizes. */
const DRAWS = 4;
/** Arguments of functions that are looked at. */
const MOST_TARGETS = 10;
/** Draws of other orders of the values, where several comparisons decide what a term is. */
const ORDERS = 120;
/** Steps on the way to a level, and how near to it is at it. */
const STEPS = 24;
const REACHED = 1e-9;

/**
 * Points for two terms, made of some at which both have values. Where `jumps` is set, places at which
 * a function of the terms jumps or has a kink are among them.
 */
export function* probes(judge: Judge, terms: readonly Expr[], bases: readonly Point[], jumps: boolean): Generator<Probe> {
  const used = inventory(terms);
  const all = [...used.variables.values()];
  const random = createRandom(deriveSeed(judge.seed ?? 1, 77));
  for (const base of bases) yield { point: base, exact: false };
  const [first, second = first] = bases;
  if (first === undefined || second === undefined) return;
  for (const [i, factor] of SCALES.entries()) yield { point: scaled(i % 2 === 0 ? first : second, all, () => factor), exact: false };
  for (const base of [first, second]) yield { point: scaled(base, all, () => SCALES[random.index(SCALES.length)] as number), exact: false };
  yield* powers(terms, all, bases, random);
  const targets = targetsOf(judge, terms);
  // Quarters stay exact in sums and in products of a few.
  const free = new Set(all.filter(hasFreeEntries).map((v) => v.name));
  const rounded: Point = {
    ...first,
    values: new Map([...first.values].map(([name, a]) => [name, free.has(name) ? map(a, quartered) : a])),
  };
  for (const target of targets) yield* around(judge, target, rounded, jumps, random);
  if (targets.filter((t) => t.minus !== undefined).length > 1)
    for (let draw = 0; draw < ORDERS; draw++) {
      const base = bases[draw % bases.length] as Point;
      const signed = (v: Variable): number => (v.attributes.length === 0 && random.index(2) === 0 ? -1 : 1);
      yield { point: scaled(base, all, (v) => signed(v) * 2 ** (random.index(600) / 100 - 3)), exact: false };
    }
  if (!jumps) return;
  const alone = new Map(used.names.map((name) => [name, 1]));
  for (const sizes of [alone, assignSizes(used, 1, 0, random)])
    for (let draw = 0; draw < DRAWS; draw++) {
      const point = wholeOf(all, sizes, draw === 0 ? 1 : 2, random);
      if (point !== undefined) yield { point, exact: true };
    }
}

/** Points at which variables in exponents are halves of small whole numbers, and others have either sign. */
function* powers(terms: readonly Expr[], all: readonly Variable[], bases: readonly Point[], random: Random): Generator<Probe> {
  const exponents = variablesInExponents(terms.flatMap((term) => nodes(term)));
  if (exponents.size === 0) return;
  for (let draw = 0; draw < DRAWS_OF_EXPONENTS; draw++) {
    const base = bases[draw % bases.length] as Point;
    const values = new Map(base.values);
    for (const v of all) {
      const value = values.get(v.name);
      if (value === undefined) continue;
      if (exponents.has(v.name) && hasFreeEntries(v)) {
        const exponent = EXPONENTS[random.index(EXPONENTS.length)] as number;
        values.set(
          v.name,
          map(value, () => (hasAttribute(v, "positive") ? Math.abs(exponent) : exponent)),
        );
      } else if (allowsMultiples(v, "multiples") && random.index(2) === 0) values.set(v.name, scale(value, -1));
    }
    yield { point: { ...base, values }, exact: true };
  }
}

function wholeOf(all: readonly Variable[], sizes: ReadonlyMap<string, number>, bound: number, random: Random): Point | undefined {
  try {
    return wholePoint(all, sizes, bound, random);
  } catch (error) {
    if (error instanceof NumericError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A point with every value multiplied that may be. */
function scaled(base: Point, all: readonly Variable[], factor: (v: Variable) => number): Point {
  const values = new Map(base.values);
  for (const v of all) {
    const value = values.get(v.name);
    if (value !== undefined && allowsMultiples(v, "positive multiples")) values.set(v.name, scale(value, factor(v)));
  }
  return { ...base, values };
}

/** A number within the terms that decides what a function of it does: an argument, or the difference of two. */
interface Target {
  readonly plus: Expr;
  readonly minus: Expr | undefined;
  readonly open: readonly OpenIndex[];
  /** Its values at which the function has a kink or jumps. */
  readonly kinks: readonly number[];
}

/** A number for each term, the same whenever it is asked for; −1 for none. */
export function createNumbering(): (e: Expr | undefined) => number {
  const ids = new Map<Expr, number>();
  return (e) => {
    if (e === undefined) return -1;
    if (!ids.has(e)) ids.set(e, ids.size);
    return ids.get(e) as number;
  };
}

/** Arguments of functions that act on entries, and what is compared. */
function targetsOf({ library, definitions, numeric }: Judge, terms: readonly Expr[]): Target[] {
  const found = new Map<string, Target>();
  const all = terms.flatMap((term) => nodes(term));
  const bound = new Set(all.flatMap((node) => (node.kind === "indexSum" ? [node.index] : [])));
  const id = createNumbering();
  const add = (kinks: readonly number[], plus: Expr, minus?: Expr): void => {
    if (found.size === MOST_TARGETS || (variables(plus).length === 0 && (minus === undefined || variables(minus).length === 0))) return;
    const open = new Map([plus, ...(minus === undefined ? [] : [minus])].flatMap((e) => [...(openIndices(e).get(e) as Indices)]));
    if ([...open.keys()].some((name) => !bound.has(name))) return;
    const key = `${id(plus)},${id(minus)},${kinks.join()}`;
    found.set(key, { plus, minus, open: [...open.values()], kinks });
  };
  for (const node of all) {
    if (node.kind !== "apply") continue;
    const [a, b] = node.args as [Expr, Expr | undefined];
    const info = library.functions.find(node.op);
    const compared = isComparison(node.op) || (info !== undefined && node.args.length > 1 && info.elementwise);
    if (compared && b !== undefined) add([0], a, b);
    else if (info?.elementwise === true) add(kinksOf(numeric.kernels.get(node.op)), a);
    else if (info === undefined && definitions(node.op) !== undefined) add([0], a);
  }
  return [...found.values()];
}

/** Values of its one argument at which a function has a kink: beside them it is as near as that. */
const kinksOf = (kernel: Kernel | undefined): readonly number[] =>
  KINKS.filter((x) => (kernel?.margin?.([scalar(x + BESIDE)]) ?? 1) < 2 * BESIDE);

/** Points on both sides of where a target is 0 or its function has a kink, and with `jumps` those where it has. */
function* around(judge: Judge, target: Target, start: Point, jumps: boolean, random: Random): Generator<Probe> {
  const movable = variables(target.plus).concat(target.minus === undefined ? [] : variables(target.minus));
  const able = [...new Set(movable)].filter((v) => allowsMultiples(v, "positive multiples"));
  if (able.length === 0) return;
  const v = able[random.index(able.length)] as Variable;
  const along = (t: number): Point => {
    const value = start.values.get(v.name) as Matrix;
    const there = hasFreeEntries(v) ? map(value, (x) => x + t) : scale(value, 1 + t);
    return { ...start, values: new Map([...start.values, [v.name, there]]) };
  };
  const entry = random.next();
  const meets = (point: Point): boolean => {
    const { data } = point.values.get(v.name) as Matrix;
    return !hasAttribute(v, "positive") || data.every((x) => x > 0);
  };
  const height = (t: number): number => valueAt(judge, target, along(t), entry);
  function* at(level: number, exact: boolean): Generator<Probe> {
    const t = reach(height, level);
    if (t !== undefined && meets(along(t))) yield { point: along(t), exact };
  }
  for (const level of LEVELS) yield* at(level, false);
  for (const kink of target.kinks) {
    if (jumps) yield* at(kink, true);
    yield* at(kink + BESIDE, false);
    yield* at(kink - BESIDE, false);
  }
}

const quartered = (x: number): number => Math.round(4 * x) / 4 || x;

/** Where a function of a number takes a value, by the secant method. */
function reach(height: (t: number) => number, level: number): number | undefined {
  let [s, t] = [0, 1];
  let [at, next] = [height(s) - level, height(t) - level];
  for (let step = 0; step < STEPS; step++) {
    if (Math.abs(next) <= REACHED * Math.max(1, Math.abs(level))) return t;
    const to = t - (next * (t - s)) / (next - at);
    if (!Number.isFinite(to)) return undefined;
    [s, at] = [t, next];
    t = to;
    next = height(t) - level;
  }
  return undefined;
}

/** The value of a target, or of one of its entries. */
function valueAt({ numeric, definitions }: Judge, { plus, minus, open }: Target, point: Point, entry: number): number {
  const of = (term: Expr): ArrayLike<number> =>
    open.length > 0 ? numeric.tabulate(term, open, point, definitions) : numeric.evaluate(term, point, definitions).data;
  try {
    const [a, b] = [of(plus), minus === undefined ? [0] : of(minus)];
    const k = Math.floor(entry * Math.max(a.length, b.length));
    return (a[k % a.length] as number) - (b[k % b.length] as number);
  } catch (error) {
    if (error instanceof NumericError) return Number.NaN;
    throw error;
  }
}
