// The equations of an expression as a derivation shows them: a dot product by itself is
// taken apart, and what has no equations as it is written is read in matrix notation first.
//
// Invariant: the equations put into each other are the expression. Not here: which parts get a name
// (introduce.ts).

import { InputError } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import * as build from "../../expr/build.ts";
import { type Expr, isApply, nodes, type Variable } from "../../expr/expr.ts";
import { isColumnShape } from "../../expr/shape.ts";
import type { Recognised } from "./given.ts";
import { introduce, singleEquation, type Tape, type TapeNode } from "./introduce.ts";
import type { Intermediate } from "./model.ts";
import { type Simplifier, simplify } from "./terms.ts";

/** The equations of an expression. */
export interface Equations {
  readonly tape: Tape;
  /** The expression of the tape, without names. */
  readonly plain: Expr;
  /** Whether it was put in another notation. */
  readonly rewritten: boolean;
}

/** An equation of the tape as the derivation states it. */
export const intermediate = ({ variable, body, given, index }: TapeNode): Intermediate => ({
  variable,
  expr: body,
  given,
  ...optional({ index }),
});

/** The equations by some variables; where nothing else helps, a single one with everything in it. */
export function tapeOf(found: Recognised, by: readonly Variable[], s: Simplifier, result?: Variable): Equations {
  const { expr, plain, given } = found;
  const [only] = given;
  // A definition of the whole names it and shows nothing of it.
  if (given.length === 1 && only !== undefined && expr === only.variable)
    return tapeOf({ expr: only.expr, given: [], plain }, by, s, only.variable);
  try {
    return { tape: introduce(dotAsSum(expr), by, given, s.library, result), plain, rewritten: false };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  const matrix = simplify(plain, s);
  if (matrix !== plain && !nodes(matrix).some((n) => n.kind === "indexSum"))
    return { tape: introduce(dotAsSum(matrix), by, [], s.library, result), plain: matrix, rewritten: true };
  return { tape: singleEquation(plain, by, s.library), plain, rewritten: false };
}

/** A dot product by itself is shown as what it is made of: the sum of an element-wise product. */
function dotAsSum(expr: Expr): Expr {
  if (!isApply(expr, "dot")) return expr;
  const [a, b] = expr.args as [Expr, Expr];
  return isColumnShape(a.shape) && isColumnShape(b.shape) ? build.apply("sum", [build.hadamard(a, b)]) : expr;
}
