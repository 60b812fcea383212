// The smallest place where two terms differ: sizes as small as they can be, then entries
// that are small whole numbers, then as many of them 0 or 1 as still show the difference.
//
// Invariants: a counterexample meets the attributes of its variables, keeps away from kinks
// of the terms it is asked to keep regular, and both values exist there.

import { evaluateDim } from "../expr/dim.ts";
import type { Attribute, Expr, Variable } from "../expr/expr.ts";
import { NumericError } from "../numeric/context.ts";
import { determinant } from "../numeric/linear.ts";
import { allFinite, at, generate, identity, largest, type Matrix, multiply, plus, transpose } from "../numeric/matrix.ts";
import type { Point } from "../numeric/point.ts";
import { createRandom, deriveSeed, type Random } from "../numeric/random.ts";
import { inventory } from "../numeric/sample.ts";
import { isSteady, type Judge } from "./equal.ts";

/** A place where two terms differ: the 1-based entry, both values, and the point. */
export interface Counterexample {
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly claimed: number;
  /** All of both sides. */
  readonly values: { readonly expected: Matrix; readonly claimed: Matrix };
  readonly point: Point;
}

/** Assignments of sizes tried, from the smallest sum on. */
const MOST_SIZES = 40;
const LARGEST_SIZE = 4;
/** Draws for one assignment of sizes and one bound of the entries. */
const DRAWS = 5;
const BOUNDS = [1, 2, 3] as const;
/** Parts of terms that are evaluated in the search, all together. */
const MOST_WORK = 200_000;
/** Relative difference that counts. */
const VISIBLE = 1e-6;
const LEAST_MARGIN = 0.05;
/** Values of more entries than this are not made smaller. */
const MOST_SHRUNK = 60;

/** Two terms that differ somewhere. */
interface Dispute {
  readonly judge: Judge;
  readonly expected: Expr;
  readonly claimed: Expr;
  /** Terms that must have a value away from kinks. */
  readonly regular: readonly Expr[];
}

/** The smallest difference found; `regular` are terms that must have a value away from kinks. */
export function counterexample(judge: Judge, expected: Expr, claimed: Expr, regular: readonly Expr[] = []): Counterexample | undefined {
  const dispute: Dispute = { judge, expected, claimed, regular };
  const used = inventory([expected, claimed, ...regular]);
  const all = [...used.variables.values()];
  let left = Math.ceil(MOST_WORK / used.nodes.length);
  for (const sizes of smallSizes(used.names))
    for (const bound of BOUNDS)
      for (let draw = 0; draw < DRAWS; draw++) {
        const random = createRandom(deriveSeed(1000 * bound + draw, sizes.size));
        const point = wholePoint(all, sizes, bound, random);
        if (point === undefined) continue;
        if (left-- <= 0) return undefined;
        const found = differenceAt(dispute, point);
        if (found === "unfit") draw = DRAWS;
        else if (found !== undefined) return shrink(dispute, found, all, left);
      }
  return undefined;
}

/** The difference of two terms at a point; "unfit" where the sizes do not fit. */
function differenceAt({ judge, expected, claimed, regular }: Dispute, point: Point): Counterexample | undefined | "unfit" {
  const { numeric, definitions } = judge;
  try {
    const [a, b] = [numeric.evaluate(expected, point, definitions), numeric.evaluate(claimed, point, definitions)];
    if (!allFinite(a) || !allFinite(b)) return undefined;
    if (a.rows !== b.rows || a.cols !== b.cols) return undefined;
    const gaps = a.data.map((x, k) => Math.abs(x - (b.data[k] as number)));
    const most = Math.max(...gaps);
    if (!(most > VISIBLE * Math.max(1, largest(a), largest(b)))) return undefined;
    for (const term of regular) {
      const { value, margin } = numeric.margin(term, point, definitions);
      if (!allFinite(value) || margin < LEAST_MARGIN) return undefined;
    }
    if (!isSteady(judge, [expected, claimed], point)) return undefined;
    // The first entry that differs plainly.
    const k = gaps.findIndex((gap) => gap > most / 2);
    return {
      row: (k % a.rows) + 1,
      col: Math.floor(k / a.rows) + 1,
      expected: a.data[k] as number,
      claimed: b.data[k] as number,
      values: { expected: a, claimed: b },
      point,
    };
  } catch (error) {
    if (!(error instanceof NumericError)) throw error;
    return error.code === "size" || error.code === "index" ? "unfit" : undefined;
  }
}

/** Sizes for the names, smallest sum first. */
function smallSizes(names: readonly string[]): ReadonlyMap<string, number>[] {
  const out: ReadonlyMap<string, number>[] = [];
  for (let sum = names.length; sum <= names.length * LARGEST_SIZE && out.length < MOST_SIZES; sum++)
    for (const sizes of partitions(sum, names.length)) {
      if (out.length === MOST_SIZES) break;
      out.push(new Map(names.map((name, i) => [name, sizes[i] as number])));
    }
  return out.length === 0 ? [new Map()] : out;
}

// Lists of `count` sizes with a given sum, a few; larger sizes last in the list first.
function partitions(sum: number, count: number): number[][] {
  let open: number[][] = [[]];
  for (let i = 0; i < count; i++) {
    const next: number[][] = [];
    for (const head of open) {
      const left = sum - head.reduce((a, b) => a + b, 0);
      const rest = count - i - 1;
      for (let size = 1; size <= LARGEST_SIZE && size <= left - rest; size++)
        if (left - size <= rest * LARGEST_SIZE && next.length < MOST_SIZES) next.push([...head, size]);
    }
    open = next;
  }
  return open.filter((list) => list.reduce((a, b) => a + b, 0) === sum);
}

function wholePoint(all: readonly Variable[], sizes: ReadonlyMap<string, number>, bound: number, random: Random): Point | undefined {
  const values = new Map<string, Matrix>();
  for (const v of all) {
    const [rows, cols] = [evaluateDim(v.shape.rows, sizes), evaluateDim(v.shape.cols, sizes)];
    if (rows < 1 || cols < 1) return undefined;
    const value = drawWhole(rows, cols, v.attributes, bound, random);
    if (value === undefined) return undefined;
    values.set(v.name, value);
  }
  return { sizes, values, seed: 1 };
}

/** A value of small whole numbers with the given attributes; undefined where none was found. */
function drawWhole(rows: number, cols: number, attributes: readonly Attribute[], bound: number, random: Random): Matrix | undefined {
  const has = (a: Attribute): boolean => attributes.includes(a);
  const positive = has("positive");
  const unit = has("unit") ? 1 / (bound + 1) : 1;
  const entry = (): number => {
    if (positive) return unit * (1 + random.index(bound));
    const x = random.index(2 * bound + 1) - bound;
    return unit * (has("nonzero") && x === 0 ? 1 : x);
  };
  const free = generate(rows, cols, entry);
  if (rows !== cols || rows === 1) {
    if (has("unitnorm")) return generate(rows, cols, (i, j) => (i + j === 0 ? 1 : 0));
    if (has("orthogonal")) return rows === 1 && cols === 1 ? generate(1, 1, () => 1) : generate(rows, cols, (i, j) => (i === j ? 1 : 0));
    if (has("posdef") || (has("invertible") && rows === cols)) return generate(rows, cols, () => 1 + random.index(bound));
    if (has("idempotent") && rows === 1) return generate(1, 1, () => random.index(2));
    return has("skew") && rows === cols ? generate(1, 1, () => 0) : free;
  }
  const mirrored = generate(rows, rows, (i, j) => at(free, Math.max(i, j), Math.min(i, j)));
  if (has("orthogonal")) return signedPermutation(rows, has("symmetric"), random);
  if (has("idempotent")) return generate(rows, rows, (i, j) => (i === j && i === 0 ? 1 : 0));
  if (has("diagonal")) return generate(rows, rows, (i, j) => (i === j ? nonzero(at(free, i, i), has("posdef") || has("invertible")) : 0));
  if (has("posdef")) return plus(multiply(free, transpose(free)), identity(rows));
  if (has("skew")) return generate(rows, rows, (i, j) => (i === j ? 0 : i > j ? at(free, i, j) : -at(free, j, i)));
  const structured = has("symmetric")
    ? mirrored
    : has("lower") || has("upper")
      ? generate(rows, rows, (i, j) => ((has("lower") && j > i) || (has("upper") && j < i) ? 0 : at(free, i, j)))
      : free;
  return has("invertible") && Math.abs(determinant(structured)) < 0.5 ? undefined : structured;
}

const nonzero = (x: number, wanted: boolean): number => (wanted ? Math.abs(x) || 1 : x);

function signedPermutation(n: number, symmetric: boolean, random: Random): Matrix {
  const turn = symmetric ? 0 : random.index(n);
  const signs = Array.from({ length: n }, () => (random.index(2) === 0 ? 1 : -1));
  return generate(n, n, (i, j) => (j === (i + turn) % n ? (signs[i] as number) : 0));
}

/** The same difference with as many entries 0 or 1 as possible. */
function shrink(dispute: Dispute, start: Counterexample, all: readonly Variable[], most: number): Counterexample {
  let best = start;
  let tried = 0;
  for (const v of all) {
    if (v.attributes.some((a) => a !== "constant" && a !== "positive" && a !== "nonzero")) continue;
    const least = v.attributes.includes("positive") || v.attributes.includes("nonzero") ? [1] : [0, 1];
    const count = best.point.values.get(v.name)?.data.length ?? 0;
    for (let k = 0; k < count && tried < Math.min(most, MOST_SHRUNK); k++) {
      for (const simple of least) {
        const old = best.point.values.get(v.name) as Matrix;
        if ((old.data[k] as number) === simple || Math.abs(old.data[k] as number) < simple) continue;
        tried++;
        const value = { ...old, data: old.data.with(k, simple) };
        const point: Point = { ...best.point, values: new Map([...best.point.values, [v.name, value]]) };
        const found = differenceAt(dispute, point);
        if (found !== undefined && found !== "unfit") {
          best = found;
          break;
        }
      }
    }
  }
  return best;
}
