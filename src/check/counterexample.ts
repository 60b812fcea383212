// The smallest place where two terms differ: sizes as small as they can be, then entries
// that are small whole numbers, then as many of them 0 or 1 as still show the difference.
//
// Invariants: a counterexample meets the attributes of its variables, keeps away from kinks
// of the terms it is asked to keep regular, and both values exist there.

import { hasAttribute, hasFreeEntries } from "../expr/attributes.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { NumericError } from "../numeric/context.ts";
import { allFinite, largest, type Matrix } from "../numeric/matrix.ts";
import type { Point } from "../numeric/point.ts";
import { createRandom, deriveSeed } from "../numeric/random.ts";
import { inventory } from "../numeric/sample.ts";
import { type Witness, witnessAt } from "./atPoint.ts";
import { isSteady, type Judge } from "./equal.ts";
import { wholePoint } from "./whole.ts";

/** A place where two terms differ. */
export interface Counterexample extends Witness {
  /** All of both sides; absent where the place was not looked for as a small one. */
  readonly values?: { readonly expected: Matrix; readonly claimed: Matrix };
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
    return { ...witnessAt(k, a, b, point), values: { expected: a, claimed: b } };
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

/** The same difference with as many entries 0 or 1 as possible. */
function shrink(dispute: Dispute, start: Counterexample, all: readonly Variable[], most: number): Counterexample {
  let best = start;
  let tried = 0;
  for (const v of all) {
    if (!hasFreeEntries(v)) continue;
    const least = hasAttribute(v, "nonzero") ? [1] : [0, 1];
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
