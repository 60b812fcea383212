// What one random point tells of a claim: whether the claimed value is that of the truth
// there, told apart from what rounding errors and difference quotients leave open.
//
// Invariant: a witness is a difference that rounding errors do not explain. Not here: which
// points are looked at, and what follows from all of them (compare.ts).

import type { Expr, Variable } from "../expr/expr.ts";
import { type Definitions, NumericError } from "../numeric/context.ts";
import { allFinite, largest, type Matrix, sizes, zip } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";

/** A value that is claimed at every point, against the truth there. */
export interface Comparison {
  /** Points are drawn where this term is defined. */
  readonly expected: Expr;
  /** Other terms that have to be defined there. */
  readonly regular?: readonly Expr[];
  readonly claimed: (point: Point) => Matrix;
  /** Terms that `claimed` and `truth` evaluate: their variables and sizes belong to a point. */
  readonly covered: readonly Expr[];
  readonly variables: readonly Variable[];
  /** Whether values other than 0 are to be expected, so that points without any tell too little. */
  readonly informative: boolean;
  readonly tolerance: number;
  readonly truth: (point: Point) => Truth;
}

/** What is right at a point, and how surely. */
export interface Truth {
  readonly values: Matrix;
  /** Estimated absolute errors of the values. */
  readonly errors: Matrix;
  /** Values below this are rounding errors of larger ones. */
  readonly floor: number;
}

/** A place where a claim fails: the 1-based entry, both values, and the point. */
export interface Witness {
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly claimed: number;
  readonly point: Point;
}

/** A comparison, and the oracle that it is made by. */
export interface Trial {
  readonly numeric: Numeric;
  readonly stated: (by: Numeric) => Comparison;
  /** What is stated by the oracle. */
  readonly task: Comparison;
  readonly definitions: Definitions | undefined;
}

/** What one point tells of a claim. */
export type Outcome =
  /** The claimed value is not finite. */
  | { readonly kind: "undefined" }
  | { readonly kind: "uncertain" | "misshapen"; readonly reason: string }
  | {
      readonly kind: "compared";
      /** Largest, relative to the size of the expected value. */
      readonly error: number;
      /** Whether the expected value is not 0. */
      readonly telling: boolean;
      /** Where the values differ. */
      readonly witness: Witness | undefined;
    };

/** A numeric derivative less certain than this part of the tolerance decides nothing. */
const CERTAINTY = 0.1;
/** A value smaller than this beside the parts of its term is one that has cancelled. */
const CANCELLED = 1e-4;
/** Where both values are 0, errors are relative to this. */
const LEAST_SCALE = 1e-12;
/** A term that larger rounding errors move by more than this part of it has no derivative to compare with. */
const MOST_LOST = 1e-7;
/** A value that rounding errors move by more than this part of it is made of them. */
const MOST_MOVED = 0.1;
/** A difference that is small beside the parts of its term counts where it is so many times the rounding errors. */
const SURELY = 100;

/** What a point tells; one where an index is out of range, as in x[j−1] at j = 1, tells nothing. */
export function outcomeAt(trial: Trial, point: Point): Outcome {
  try {
    return compareAt(trial, point);
  } catch (error) {
    if (error instanceof NumericError && error.code === "index") return { kind: "uncertain", reason: error.message };
    throw error;
  }
}

function compareAt(trial: Trial, point: Point): Outcome {
  const { numeric, task, definitions } = trial;
  const claimed = task.claimed(point);
  if (!allFinite(claimed))
    return isFirm(trial, point)
      ? { kind: "undefined" }
      : { kind: "uncertain", reason: "rounding errors decide where the term has a value" };
  const { values, errors, floor } = task.truth(point);
  if (values.rows !== claimed.rows || values.cols !== claimed.cols) {
    const reason = `the answer is ${sizes(claimed)} where ${sizes(values)} is expected, at sizes ${sizesText(point)}`;
    return { kind: "misshapen", reason };
  }
  // Where large parts cancel, what is left of them are rounding errors.
  const { extent } = numeric.margin(task.expected, point, definitions);
  const scale = Math.max(largest(values), largest(claimed), floor, CANCELLED * extent, LEAST_SCALE);
  if (!(largest(errors) <= CERTAINTY * task.tolerance * scale)) return { kind: "uncertain", reason: "difference quotients do not settle" };
  const at = farthest(values, claimed);
  const gap = gapAt(at, values, claimed);
  const error = gap / scale;
  const hidden: Outcome = { kind: "uncertain", reason: "rounding errors hide what is compared" };
  let differs = error > task.tolerance;
  if (gap > task.tolerance * Math.max(largest(values), largest(claimed), LEAST_SCALE)) {
    const noise = rounding(trial, point, { at, values, claimed });
    if (differs ? gap <= noise : noise === Number.POSITIVE_INFINITY) return hidden;
    // Small beside the parts of its term, and yet no rounding error.
    differs ||= gap > SURELY * (noise + largest(errors) + Number.EPSILON * Math.max(extent, extentOfClaim(trial, point)));
  }
  const telling = largest(values) > 10 * largest(errors);
  return { kind: "compared", error, telling, witness: differs ? witnessAt(at, values, claimed, point) : undefined };
}

/**
 * Whether the term keeps its value where its parts are off by a little: 1/(3x − x − x − x) has one only where the
 * difference is rounded to something else than 0.
 */
function isFirm({ numeric, task, definitions }: Trial, point: Point): boolean {
  const value = numeric.evaluate(task.expected, point, definitions);
  return ([0, 1] as const).every((turn) => {
    const moved = numeric.perturbed(turn).evaluate(task.expected, point, definitions);
    return allFinite(moved) && largest(zip(value, moved, (x, y) => x - y)) <= MOST_MOVED * largest(value);
  });
}

/** The largest part of what is claimed, of which a small value may be what rounding left. */
const extentOfClaim = ({ numeric, task, definitions }: Trial, point: Point): number =>
  Math.max(...task.covered.map((term) => numeric.margin(term, point, definitions).extent));

/** How far rounding errors may move an entry: as larger ones do, or anywhere where they take the digits of the term itself. */
function rounding({ numeric, stated, task, definitions }: Trial, point: Point, found: Found): number {
  const coarser = numeric.coarser();
  const fine = numeric.evaluate(task.expected, point, definitions);
  const coarse = coarser.evaluate(task.expected, point, definitions);
  const lost = largest(zip(fine, coarse, (x, y) => x - y));
  if (!(lost <= MOST_LOST * largest(fine))) return Number.POSITIVE_INFINITY;
  // Digits that happen to be 0 are not lost in shorter words, but where all are off by a little.
  const perturbed = movedBy(stated(numeric.perturbed(0)), point, found);
  const shortened = movedBy(stated(coarser), point, found);
  return Number.isNaN(shortened) ? Number.POSITIVE_INFINITY : Math.max(shortened, Number.isFinite(perturbed) ? perturbed : 0);
}

const movedBy = (again: ReturnType<Trial["stated"]>, point: Point, { at, values, claimed }: Found): number =>
  gapAt(at, values, again.truth(point).values) + gapAt(at, claimed, again.claimed(point));

/** Where two values are compared. */
interface Found {
  readonly at: number;
  readonly values: Matrix;
  readonly claimed: Matrix;
}

/** Position of the largest difference. */
export function farthest(a: Matrix, b: Matrix): number {
  let best = 0;
  let most = -1;
  for (let k = 0; k < a.data.length; k++) {
    const gap = gapAt(k, a, b);
    if (gap > most) {
      most = gap;
      best = k;
    }
  }
  return best;
}

/** How far two entries are apart. */
export const gapAt = (k: number, a: Matrix, b: Matrix): number => Math.abs((a.data[k] as number) - (b.data[k] as number));

/** The difference of two values at an entry, as a witness. */
export const witnessAt = (k: number, expected: Matrix, claimed: Matrix, point: Point): Witness => ({
  row: (k % expected.rows) + 1,
  col: Math.floor(k / expected.rows) + 1,
  expected: expected.data[k] as number,
  claimed: claimed.data[k] as number,
  point,
});

const sizesText = (point: Point): string => [...point.sizes].map(([name, size]) => `${name} = ${size}`).join(", ");
