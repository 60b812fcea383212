// Operations between equal shapes in which scalars expand, over any number of terms.
//
// Invariant: terms are met from left to right, so a message names everything before the operand
// that does not fit.

import { join } from "../../base/span.ts";
import type { Shape } from "../../expr/shape.ts";
import type { Place, Shaped } from "../shapes/constraint.ts";
import { commonShape } from "../shapes/shapes.ts";
import type { Context, Term } from "./term.ts";

/** The one shape of all terms that are not scalars. */
export function commonAll(ctx: Context, place: Place, terms: readonly Term[], sign: string | readonly string[]): Shape {
  let { source, span, shape } = terms[0] as Term;
  for (let i = 1; i < terms.length; i++) {
    const right = terms[i] as Term;
    const left: Shaped = { source, span, shape };
    shape = commonShape(ctx.inf, { left, right, sign: typeof sign === "string" ? sign : (sign[i] as string), place });
    // A message about the next operand names everything before it.
    span = join(span, right.span);
    source = right.source;
  }
  return shape;
}
