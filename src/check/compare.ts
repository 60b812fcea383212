// What is claimed of a value at every point, against the truth at random points of several
// shapes: the verdict of every check.
//
// Invariants: "not checked" is a verdict of its own with its reason, never a silent yes; a
// refuted claim comes with a witness that anyone can compute again from the seed.
// Not here: what is claimed (answer.ts, higher.ts, equal.ts).

import { assertNever } from "../base/assert.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { type Definitions, NumericError } from "../numeric/context.ts";
import { allFinite, largest, type Matrix, sizes, zip } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";

/** Where and how often terms are compared. */
export interface CheckOptions {
  readonly definitions?: Definitions;
  readonly seed?: number;
  /** Number of points to compare at; 3 unless stated. */
  readonly points?: number;
}

/** What the comparison of a term with the truth came to. */
export interface Verdict {
  /** Right, wrong, or undefined where no comparison was possible. */
  readonly ok: boolean | undefined;
  /** Points compared. */
  readonly points: number;
  /** Largest error found, relative to the size of the expected value. */
  readonly worst: number;
  readonly seed: number;
  /** Points at which the expected value exists and the claimed one does not. */
  readonly undefinedAt: number;
  /** Why the claim is refuted or was not checked, or how far an agreement goes. */
  readonly reason?: string;
  readonly witness?: Witness;
}

/** A place where a claim fails: the 1-based entry, both values, and the point. */
export interface Witness {
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly claimed: number;
  readonly point: Point;
}

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

/** Relative errors up to this count as agreement. */
export const TOLERANCE = { values: 1e-9, first: 1e-7, second: 1e-5 } as const;
/** A numeric derivative less certain than this part of the tolerance decides nothing. */
const CERTAINTY = 0.1;
/** Derivatives below this part of the value of the term are compared with it instead of with themselves. */
export const VISIBLE = 1e-3;
/** A value smaller than this beside the parts of its term is one that has cancelled. */
const CANCELLED = 1e-4;
const LEAST_SCALE = 1e-12;
/** A term that larger rounding errors move by more than this part of it has no derivative to compare with. */
const MOST_LOST = 1e-7;
/** A value that rounding errors move by more than this part of it is made of them. */
const MOST_MOVED = 0.1;
/** A difference that is small beside the parts of its term counts where it is so many times the rounding errors. */
const SURELY = 100;
const USUAL_POINTS = 3;
/** Points looked at before a check gives up, or gives up looking for one where a derivative is not 0. */
const MOST_POINTS = 24;
/** Then nothing is said of the other points. */
const FEW_VALUES = "compared only where the answer has a value: it has none at the usual points";
/** Then a wrong sign or factor would not show. */
const ALL_ZERO = "every derivative compared is 0";

/** Compares at random points what is stated by an oracle. */
export function compare(numeric: Numeric, stated: (by: Numeric) => Comparison, options: CheckOptions): Verdict {
  const task = stated(numeric);
  const seed = options.seed ?? 1;
  const wanted = options.points ?? USUAL_POINTS;
  const trial = { numeric, stated, task, definitions: options.definitions };
  const tally = { points: 0, worst: 0, undefinedAt: 0 };
  const verdict = (ok: boolean | undefined, reason?: string, witness?: Witness): Verdict => ({
    ok,
    seed,
    ...tally,
    ...(reason === undefined ? {} : { reason }),
    ...(witness === undefined ? {} : { witness }),
  });
  const notChecked = (why: string): Verdict => verdict(undefined, `not checked: ${why}`);
  try {
    const request = { defined: [task.expected, ...(task.regular ?? [])], covered: task.covered, variables: task.variables, seed };
    const usual = numeric.samplePoints(request, options.definitions);
    // Where a derivative is 0 at the usual points, it may not be so farther out.
    const far = numeric.samplePoints({ ...request, manner: "wide" }, options.definitions);
    // An answer with logm(S) has no value at most points where S^n has one.
    const shared = numeric.samplePoints({ ...request, defined: [...request.defined, ...task.covered] }, options.definitions);
    let narrow = false;
    let why = "no point was found";
    let telling = !task.informative;
    for (let seen = 0; seen < MOST_POINTS && (tally.points < wanted || !telling); seen++) {
      narrow ||= tally.points === 0 && tally.undefinedAt >= wanted;
      const next = (narrow ? shared : tally.points >= wanted && seen % 2 === 0 ? far : usual).next();
      if (next.done === true) {
        if (tally.points === 0 && tally.undefinedAt === 0) return notChecked(next.value);
        break;
      }
      const outcome = outcomeAt(trial, next.value);
      switch (outcome.kind) {
        case "undefined":
          tally.undefinedAt++;
          break;
        case "uncertain":
          why = outcome.reason;
          break;
        case "misshapen":
          return verdict(false, outcome.reason);
        case "compared":
          tally.points++;
          tally.worst = Math.max(tally.worst, outcome.error);
          telling ||= outcome.telling;
          if (outcome.witness !== undefined) return verdict(false, "the values differ", outcome.witness);
          break;
        default:
          assertNever(outcome);
      }
    }
    if (tally.points > 0 && narrow) return verdict(true, FEW_VALUES);
    if (tally.points > 0) return telling ? verdict(true) : verdict(true, ALL_ZERO);
    if (tally.undefinedAt > 0) return verdict(false, "the answer has no finite value where the expression has one");
    return notChecked(why);
  } catch (error) {
    if (error instanceof NumericError) return notChecked(error.message);
    throw error;
  }
}

/** A comparison, and the oracle that it is made by. */
interface Trial {
  readonly numeric: Numeric;
  readonly stated: (by: Numeric) => Comparison;
  /** What is stated by the oracle. */
  readonly task: Comparison;
  readonly definitions: Definitions | undefined;
}

/** What one point tells of a claim. */
type Outcome =
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

// x[j−1] has no value at j = 1.
function outcomeAt(trial: Trial, point: Point): Outcome {
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
