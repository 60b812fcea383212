// Directions and upstream gradients as the user gives them: a name, known or new, or an
// expression, of the shape that is wanted.
//
// Invariant: the term has the shape that is wanted; names that are new join the question, with what
// is assumed of them.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { freeName } from "../../calculus/names.ts";
import { elaborate, parseExpression } from "../../elaborate/elaborate.ts";
import { apply, variable } from "../../expr/build.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { isScalarShape, type Shape, sameShape, shapeText } from "../../expr/shape.ts";
import { refuse } from "../question/call.ts";
import type { Stated } from "../question/state.ts";
import { readingChoice } from "./views.ts";

/** A term of a wanted shape, and the question with the variables that came with it. */
export interface Directed {
  readonly expr: Expr;
  readonly stated: Stated;
}

/** The term that a text stands for; a name that is not known becomes a variable of the shape `like` has. */
export function readDirection(text: string | undefined, shape: Shape, like: string, stated: Stated, letters: readonly string[]): Directed {
  const taken = new Set(readingChoice(stated).taken);
  const named = text?.trim() ?? freeName(letters, taken);
  const { variables, definitions, library, unknowns, dims } = stated;
  const known = [...variables, ...definitions.map((d) => d.variable)];
  if (/^[\p{L}][\p{L}\p{N}_]*$/u.test(named) && !taken.has(named)) {
    const v = variable(named, shape);
    return { expr: v, stated: withVariables(stated, [v], [`${named} has the shape of ${like}`]) };
  }
  const read = parseExpression(named, { variables: known, functions: library.functions, unknowns, dims });
  if (read.ok && sameShape(read.expr.shape, shape)) return { expr: read.expr, stated };
  // Names that are new, or sizes that follow from the shape that is wanted.
  const zero = isScalarShape(shape) ? "0" : `zeros(${shape.rows.key},${shape.cols.key})`;
  const result = elaborate({
    text: `${zero} = (${named})`,
    functions: library.functions,
    vars: Object.fromEntries(known.map((v) => [v.name, sizesOf(v.shape)])),
    attrs: Object.fromEntries(known.map((v) => [v.name, v.attributes])),
    dims: [...dims, ...readingChoice(stated).taken].filter((d) => !known.some((v) => v.name === d)),
  });
  if (!result.ok) refuse(read.ok ? result : { ...read, source: named });
  const side = result.problem.claim?.right;
  if (side?.kind !== "value" || !(sameShape(side.expr.shape, shape) || isScalarShape(side.expr.shape)))
    fail("shape", `${named} has another shape than ${like}, which is ${shapeText(shape)}`, NOWHERE);
  const whole =
    isScalarShape(side.expr.shape) && !isScalarShape(shape) ? apply("expand", [side.expr], [shape.rows, shape.cols]) : side.expr;
  const fresh = result.problem.variables.filter((v) => !known.some((k) => k.name === v.name));
  return { expr: whole, stated: withVariables(stated, fresh, result.problem.assumptions) };
}

const sizesOf = (s: Shape): string[] => (isScalarShape(s) ? [] : s.cols.key === "1" ? [s.rows.key] : [s.rows.key, s.cols.key]);

function withVariables(stated: Stated, more: readonly Variable[], assumptions: readonly string[]): Stated {
  const names = new Set(stated.variables.map((v) => v.name));
  return {
    ...stated,
    variables: [...stated.variables, ...more.filter((v) => !names.has(v.name))],
    assumptions: [...stated.assumptions, ...assumptions.filter((a) => !stated.assumptions.includes(a))],
  };
}
