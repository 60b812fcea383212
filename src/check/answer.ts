// Is an answer right? The numbers decide: the answer's value against the numeric
// derivative of the question, at random points of several shapes.
//
// Invariants: nothing here looks at how an answer came about; "not checked" is a
// verdict of its own with its reason, never a silent yes; a refuted answer comes with
// a witness that anyone can compute again from the seed.

import { type Expr, mentions, type Variable } from "../expr/expr.ts";
import { arrange, type Layout, type Symmetry, symmetrize } from "../numeric/arrange.ts";
import { type Definitions, NumericError } from "../numeric/context.ts";
import type { NumericDerivative } from "../numeric/jacobian.ts";
import { allFinite, filled, largest, type Matrix, sizes, zip } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";

/** The claim that `answer` is the derivative of `expr` by `wrt` in a layout. */
export interface AnswerClaim {
  readonly expr: Expr;
  readonly wrt: Variable;
  /** 2 for the Hessian over vec(wrt), the same in every layout. */
  readonly order?: 1 | 2;
  readonly layout: Layout;
  readonly answer: Expr;
  /** Convention for a symmetric variable; "free" unless stated. */
  readonly symmetry?: Symmetry;
}

export interface CheckOptions {
  readonly definitions?: Definitions;
  readonly seed?: number;
  /** Number of points to compare at; 3 unless stated. */
  readonly points?: number;
}

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
const MOST_LOST = 1e-6;
const USUAL_POINTS = 3;
/** Points looked at before a check gives up, or gives up looking for one where a derivative is not 0. */
const MOST_POINTS = 24;
/** Then a wrong sign or factor would not show. */
const ALL_ZERO = "every derivative compared is 0";

/** Compares an answer with the numeric derivative of the question. */
export function checkAnswer(numeric: Numeric, claim: AnswerClaim, options: CheckOptions = {}): Verdict {
  const { expr, wrt, layout, answer } = claim;
  const order = claim.order ?? 1;
  const derive = (by: Numeric, point: Point): NumericDerivative =>
    order === 1
      ? symmetrize(by.jacobian(expr, wrt.name, point, options.definitions), claim.symmetry ?? "free")
      : by.secondDerivative(expr, wrt.name, wrt.name, point, options.definitions);
  return compare(
    numeric,
    (by) => ({
      expected: expr,
      covered: [answer],
      claimed: (point) => by.evaluate(answer, point, options.definitions),
      variables: [wrt],
      informative: mentions(expr, wrt.name),
      tolerance: order === 1 ? TOLERANCE.first : TOLERANCE.second,
      truth: (point) => {
        const derivative = derive(by, point);
        return { ...arrange(derivative, order, layout, expr.shape, wrt.shape), floor: VISIBLE * largest(derivative.value) };
      },
    }),
    options,
  );
}

/** Whether two terms have equal values wherever the first has one. */
export function checkEqual(numeric: Numeric, expected: Expr, claimed: Expr, options: CheckOptions = {}): Verdict {
  return compare(
    numeric,
    (by) => ({
      expected,
      covered: [claimed],
      claimed: (point) => by.evaluate(claimed, point, options.definitions),
      variables: [],
      informative: false,
      tolerance: TOLERANCE.values,
      truth: (point) => {
        const values = by.evaluate(expected, point, options.definitions);
        return { values, errors: filled(values.rows, values.cols, 0), floor: 0 };
      },
    }),
    options,
  );
}

/** The claim that `differential` is d(expr) where each variable moves along the variable named for it. */
export interface DifferentialClaim {
  readonly expr: Expr;
  readonly differential: Expr;
  /** Variable to its direction: u to du. Variables without direction are held constant. */
  readonly directions: ReadonlyMap<Variable, Variable>;
}

/** Compares a differential with the numeric derivative of the term along random directions. */
export function checkDifferential(numeric: Numeric, claim: DifferentialClaim, options: CheckOptions = {}): Verdict {
  return compare(
    numeric,
    (by) => ({
      expected: claim.expr,
      covered: [claim.differential],
      claimed: (point) => by.evaluate(claim.differential, point, options.definitions),
      variables: [...claim.directions.keys(), ...claim.directions.values()],
      informative: [...claim.directions.keys()].some((v) => mentions(claim.expr, v.name)),
      tolerance: TOLERANCE.first,
      truth: (point) => {
        const directions = new Map([...claim.directions].map(([of, along]) => [of.name, point.values.get(along.name) as Matrix]));
        const { value, matrix, error } = by.directional(claim.expr, directions, point, options.definitions);
        return { values: matrix, errors: error, floor: VISIBLE * largest(value) };
      },
    }),
    options,
  );
}

/** A value that is claimed at every point, against the truth there. */
export interface Comparison {
  /** Points are drawn where this term is defined. */
  readonly expected: Expr;
  readonly claimed: (point: Point) => Matrix;
  /** Terms that `claimed` and `truth` evaluate: their variables and sizes belong to a point. */
  readonly covered: readonly Expr[];
  readonly variables: readonly Variable[];
  /** Whether values other than 0 are to be expected, so that points without any tell too little. */
  readonly informative: boolean;
  readonly tolerance: number;
  readonly truth: (point: Point) => Truth;
}

export interface Truth {
  readonly values: Matrix;
  /** Estimated absolute errors of the values. */
  readonly errors: Matrix;
  /** Values below this are rounding errors of larger ones. */
  readonly floor: number;
}

/** Compares at random points what is stated by an oracle; the verdict of every check. */
export function compare(numeric: Numeric, stated: (by: Numeric) => Comparison, options: CheckOptions): Verdict {
  const task = stated(numeric);
  const seed = options.seed ?? 1;
  const wanted = options.points ?? USUAL_POINTS;
  const state = { points: 0, worst: 0, undefinedAt: 0 };
  const verdict = (ok: boolean | undefined, reason?: string, witness?: Witness): Verdict => ({
    ok,
    seed,
    ...state,
    ...(reason === undefined ? {} : { reason }),
    ...(witness === undefined ? {} : { witness }),
  });
  // How far rounding errors may move an entry: as larger ones do, or anywhere where they take the digits of the term itself.
  const rounding = (k: number, found: { readonly values: Matrix; readonly claimed: Matrix }, point: Point): number => {
    const coarser = numeric.coarser();
    const [fine, coarse] = [numeric, coarser].map((by) => by.evaluate(task.expected, point, options.definitions)) as [Matrix, Matrix];
    const lost = largest(zip(fine, coarse, (x, y) => x - y));
    if (!(lost <= MOST_LOST * largest(fine))) return Number.POSITIVE_INFINITY;
    const again = stated(coarser);
    const moved = (a: Matrix, b: Matrix): number => Math.abs((a.data[k] as number) - (b.data[k] as number));
    return moved(found.values, again.truth(point).values) + moved(found.claimed, again.claimed(point));
  };
  const notChecked = (why: string): Verdict => verdict(undefined, `not checked: ${why}`);
  try {
    const request = { defined: [task.expected], covered: task.covered, variables: task.variables, seed };
    const usual = numeric.samplePoints(request, options.definitions);
    // Where a derivative is 0 at the usual points, it may not be so farther out.
    const far = numeric.samplePoints({ ...request, manner: "wide" }, options.definitions);
    let uncertain: string | undefined;
    let telling = !task.informative;
    for (let seen = 0; seen < MOST_POINTS && (state.points < wanted || !telling); seen++) {
      const next = (state.points >= wanted && seen % 2 === 0 ? far : usual).next();
      if (next.done === true) {
        if (state.points > 0) break;
        if (state.undefinedAt === 0) return notChecked(next.value);
        break;
      }
      const point = next.value;
      const claimed = task.claimed(point);
      if (!allFinite(claimed)) {
        state.undefinedAt++;
        continue;
      }
      const { values, errors, floor } = task.truth(point);
      if (values.rows !== claimed.rows || values.cols !== claimed.cols) {
        return verdict(false, `the answer is ${sizes(claimed)} where ${sizes(values)} is expected, at sizes ${sizesText(point)}`);
      }
      // Where large parts cancel, what is left of them are rounding errors.
      const { extent } = numeric.margin(task.expected, point, options.definitions);
      const scale = Math.max(largest(values), largest(claimed), floor, CANCELLED * extent, LEAST_SCALE);
      if (!(largest(errors) <= CERTAINTY * task.tolerance * scale)) {
        uncertain = "difference quotients do not settle";
        continue;
      }
      const at = farthest(values, claimed);
      const gap = Math.abs((values.data[at] as number) - (claimed.data[at] as number));
      const relative = gap / scale;
      if (relative > task.tolerance && gap <= rounding(at, { values, claimed }, point)) {
        uncertain = "rounding errors hide what is compared";
        continue;
      }
      state.points++;
      telling ||= largest(values) > 10 * largest(errors);
      state.worst = Math.max(state.worst, relative);
      if (relative > task.tolerance) return verdict(false, "the values differ", witnessAt(at, values, claimed, point));
    }
    if (state.points > 0) return telling ? verdict(true) : verdict(true, ALL_ZERO);
    if (state.undefinedAt > 0) return verdict(false, "the answer has no finite value where the expression has one");
    return notChecked(uncertain ?? "no point was found");
  } catch (error) {
    if (error instanceof NumericError) return notChecked(error.message);
    throw error;
  }
}

// Position of the largest difference.
function farthest(a: Matrix, b: Matrix): number {
  let best = 0;
  let most = -1;
  for (let k = 0; k < a.data.length; k++) {
    const gap = Math.abs((a.data[k] as number) - (b.data[k] as number));
    if (gap > most) {
      most = gap;
      best = k;
    }
  }
  return best;
}

const witnessAt = (k: number, expected: Matrix, claimed: Matrix, point: Point): Witness => ({
  row: (k % expected.rows) + 1,
  col: Math.floor(k / expected.rows) + 1,
  expected: expected.data[k] as number,
  claimed: claimed.data[k] as number,
  point,
});

const sizesText = (point: Point): string => [...point.sizes].map(([name, size]) => `${name} = ${size}`).join(", ");
