// Is an answer right? The numbers decide: an answer's value against the numeric derivative of
// the question, a term's against another's, a differential's against the slope along directions.
//
// Invariant: nothing here looks at how an answer came about. Not here: at which points, how
// closely and with what verdict values are compared (compare.ts).

import type { Layout, Symmetry } from "../expr/conventions.ts";
import { type Expr, mentions, type Variable } from "../expr/expr.ts";
import { arrange, symmetrize } from "../numeric/arrange.ts";
import type { NumericDerivative } from "../numeric/jacobian.ts";
import { filled, largest, type Matrix } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import { type CheckOptions, compare, TOLERANCE, type Verdict, VISIBLE } from "./compare.ts";

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
