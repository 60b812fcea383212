// Two opinions on a derivative: difference quotients, which know functions by their values
// only, and dual numbers, which know their slopes. Where both agree the digits are those of the
// dual numbers; where one has no opinion, the quotients stand as they were. So they do where both
// differ, but for a term with kinks or jumps: nothing is certain there, because a step over many
// of them has the slope of the stairs. Of stairs the quotients alone are no opinion.
//
// Invariant: dual numbers never make a derivative certain that the quotients find uncertain.

import { type Expr, nodes } from "../expr/expr.ts";
import type { Context } from "./context.ts";
import { dualTerm } from "./dual.ts";
import type { Directional, NumericDerivative } from "./jacobian.ts";
import { STAIRS } from "./kernels.ts";
import { allFinite, filled, largest, type Matrix, matrix } from "./matrix.ts";
import { load, type Point } from "./point.ts";
import { programOf } from "./program.ts";

/** Differences between the opinions up to this part of the largest entry, beyond what the quotients allow for, are agreement. */
const AGREEMENT = 1e-8;
const ALLOWED = 20;
/** Rounding errors of dual numbers, as a part of the largest entry and of the value. */
const ROUNDING = 64 * Number.EPSILON;

/** A derivative by a variable with the digits of dual numbers. */
export function sharpened(context: Context, term: Expr, variable: string, point: Point, quotients: NumericDerivative): NumericDerivative {
  const dual = dualTerm(context, term, point);
  if (dual === undefined) return alone(term, quotients);
  const { rows, cols, value } = quotients;
  const outputs = value.data.length;
  const data = new Float64Array(quotients.matrix.data.length);
  for (let p = 0; p < rows * cols; p++) {
    const direction = matrix(rows, cols);
    direction.data[p] = 1;
    data.set(dual.along(new Map([[variable, direction]])).data, outputs * p);
  }
  const found = matrix(quotients.matrix.rows, quotients.matrix.cols, data);
  return settled(quotients, found, () => isKinked(context, term, point));
}

/** A derivative along directions with the digits of dual numbers. */
export function sharpenedAlong(
  context: Context,
  term: Expr,
  directions: ReadonlyMap<string, Matrix>,
  point: Point,
  quotients: Directional,
): Directional {
  const found = dualTerm(context, term, point)?.along(directions);
  if (found === undefined) return alone(term, quotients);
  return settled(quotients, found, () => isKinked(context, term, point));
}

// What both say together: the dual numbers where they agree, nothing certain where a term with kinks divides them.
function settled<D extends Directional>(quotients: D, found: Matrix, hasKinks: () => boolean): D {
  if (!allFinite(found)) return quotients;
  const error = agreedError(found, quotients.matrix, quotients.error, quotients.value);
  if (error !== undefined) return { ...quotients, matrix: found, error };
  return hasKinks() ? uncertain(quotients) : quotients;
}

// What the quotients alone say.
const alone = <D extends Directional>(term: Expr, quotients: D): D =>
  nodes(term).some((node) => node.kind === "apply" && STAIRS.has(node.op)) ? uncertain(quotients) : quotients;

const uncertain = <D extends Directional>(quotients: D): D => ({
  ...quotients,
  error: filled(quotients.matrix.rows, quotients.matrix.cols, Number.POSITIVE_INFINITY),
});

function isKinked(context: Context, term: Expr, point: Point): boolean {
  const program = programOf(term, point.sizes, context);
  load(program, point);
  return program.margin().margin < Number.POSITIVE_INFINITY;
}

// How sure the dual numbers are; undefined where the quotients contradict them.
function agreedError(found: Matrix, quotients: Matrix, errors: Matrix, value: Matrix): Matrix | undefined {
  const scale = largest(found);
  const rounding = ROUNDING * Math.max(scale, largest(value));
  const error = new Float64Array(found.data.length);
  for (let k = 0; k < error.length; k++) {
    const uncertain = errors.data[k] as number;
    const apart = Math.abs((found.data[k] as number) - (quotients.data[k] as number));
    if (!(apart <= ALLOWED * uncertain + AGREEMENT * scale)) return undefined;
    error[k] = Number.isFinite(uncertain) ? Math.min(uncertain, rounding) : uncertain;
  }
  return matrix(found.rows, found.cols, error);
}
