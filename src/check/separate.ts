// Are two terms that agree at the usual points different elsewhere, or by little? A difference
// counts only where rounding errors cannot have made it.
//
// Invariants: a point at which a side has no value, or at which the numbers are too coarse to
// tell, says nothing; a difference comes with the point at which anyone can compute it again.
// Not here: at which points (probe.ts).

import { type Expr, nodes } from "../expr/expr.ts";
import { isOperator } from "../expr/operators.ts";
import { NumericError } from "../numeric/context.ts";
import { allFinite, largest, type Matrix } from "../numeric/matrix.ts";
import { isExactFunction } from "../numeric/modularArithmetic.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import { farthest, gapAt, type Witness, witnessAt } from "./atPoint.ts";
import type { Judge } from "./equal.ts";
import { type Probe, probes } from "./probe.ts";

/** Two terms, and terms without which there is nothing to compare. */
export interface Pair {
  readonly expected: Expr;
  readonly claimed: Expr;
  readonly regular: readonly Expr[];
}

/** What was found at the points: where the terms differ, or at how many they agree and how well. */
export interface Separation {
  readonly witness?: Witness;
  readonly points: number;
  readonly worst: number;
  /** The largest relative error that passed. */
  readonly tolerance: number;
}

/** Relative errors up to these are no differences: of entries, and where functions of whole matrices are computed. */
const ACCURACY = { entries: 1e-12, matrices: 1e-11 } as const;
/** The same at points where a jump keeps rounding errors from being tried. */
const PLAIN = 1e-6;
/** Differences below this part of the largest entry met may come from within a function of a whole matrix. */
const ABSORBED = 2 ** -46;
/** A difference is so many times what a thousandfold rounding error makes. */
const SURELY = 4;
/** Parts of terms that are evaluated, all together. */
const MOST_WORK = 40_000;
const LEAST_PROBES = 6;

/** Looks for a point at which two terms differ that agree at the points given. */
export function separate(judge: Judge, pair: Pair, bases: readonly Point[]): Separation {
  const { expected, claimed, regular } = pair;
  const count = nodes(expected).length + nodes(claimed).length;
  const entrywise = [expected, claimed].every((term) => isEntrywise(term, judge));
  const tolerance = entrywise ? ACCURACY.entries : ACCURACY.matrices;
  let left = Math.max(LEAST_PROBES, Math.floor(MOST_WORK / count));
  const found = { points: 0, worst: 0, tolerance };
  for (const probe of probes(judge, [expected, claimed], bases, regular.length === 0)) {
    if (left-- <= 0) break;
    const outcome = differenceAt(judge, pair, probe, { entrywise, tolerance });
    if (outcome === undefined) continue;
    if (typeof outcome !== "number") return { ...found, witness: outcome };
    found.points++;
    found.worst = Math.max(found.worst, outcome);
  }
  return found;
}

/** Whether a term is made of functions of entries and of what is exact as far as rounding is seen. */
const isEntrywise = (term: Expr, { library }: Judge): boolean =>
  nodes(term).every(
    (n) =>
      (n.kind !== "apply" && n.kind !== "unknown") ||
      (n.kind === "apply" && (isOperator(n.op) || isExactFunction(n.op) || library.functions.find(n.op)?.elementwise === true)),
  );

/** How far the values of two terms are to be trusted. */
interface Accuracy {
  /** Whether no function of a whole matrix is in the terms. */
  readonly entrywise: boolean;
  /** The relative error that is no difference, at points where rounding errors can be tried. */
  readonly tolerance: number;
}

/** The difference at a point; the relative error where there is none, undefined where the point says nothing. */
function differenceAt(judge: Judge, pair: Pair, { point, exact }: Probe, accuracy: Accuracy): Witness | number | undefined {
  const { expected, claimed, regular } = pair;
  const { numeric, definitions } = judge;
  try {
    const value = (by: Numeric, term: Expr): Matrix => by.evaluate(term, point, definitions);
    const [a, b] = [value(numeric, expected), value(numeric, claimed)];
    if (!allFinite(a) || !allFinite(b) || a.rows !== b.rows || a.cols !== b.cols) return undefined;
    if (!regular.every((term) => allFinite(value(numeric, term)))) return undefined;
    const at = farthest(a, b);
    const gap = gapAt(at, a, b);
    const size = Math.max(largest(a), largest(b));
    const tolerance = exact ? PLAIN : accuracy.tolerance;
    if (gap <= tolerance * size) return size === 0 ? 0 : gap / size;
    const extent = exact || !accuracy.entrywise ? extentOf(judge, pair, point) : 0;
    if (gap <= (exact ? PLAIN : ABSORBED) * extent) return undefined;
    const noises = (exact ? [numeric.coarser()] : [numeric.perturbed(0), numeric.perturbed(1)]).map(
      (by) => gapAt(at, a, value(by, expected)) + gapAt(at, b, value(by, claimed)),
    );
    if (!noises.every((noise) => gap > SURELY * noise)) return undefined;
    return witnessAt(at, a, b, point);
  } catch (error) {
    if (error instanceof NumericError) return undefined;
    throw error;
  }
}

/** The largest entry of all parts. */
const extentOf = ({ numeric, definitions }: Judge, { expected, claimed }: Pair, point: Point): number =>
  Math.max(...[expected, claimed].map((term) => numeric.margin(term, point, definitions).extent));
