// The derivative of a stated expression by variables in turn, as a tensor and as a term in a
// layout.
//
// Invariant: what has no derivative by the rules is refused. Not here: what an answer tells
// besides (solve.ts).

import { InputError } from "../../base/diagnostic.ts";
import { differentiate as differentiateTerm } from "../../calculus/differentiate.ts";
import { arrangeHigher, higherDerivative } from "../../calculus/higher.ts";
import { hasConventions, symmetrized } from "../../calculus/symmetry.ts";
import { writeArranged } from "../../calculus/views.ts";
import type { Target } from "../../elaborate/names/target.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Tensor } from "../../tensor/form/tensor.ts";
import type { Stated } from "../question/state.ts";
import { readingChoice } from "./views.ts";

/** The derivative by each of `by` in turn, as a tensor and as a term in the layout. Throws a diagnostic where a rule is missing. */
export function writeDerivative(
  stated: Stated,
  by: readonly Target[],
  layout: Layout,
  symmetry: Symmetry = "free",
): { tensor: Tensor; expr: Expr; notation: "matrix" | "entries" } {
  const { library } = stated;
  const choice = readingChoice(stated);
  const [first, second] = by as [Target, Target | undefined];
  // The first two orders by a whole variable have a way of their own.
  const plain =
    first.at === undefined && (by.length === 1 || (by.length === 2 && second?.variable === first.variable && second.at === undefined));
  if (plain && (by.length === 1 || isScalarShape(stated.expr.shape))) {
    try {
      const order = by.length === 2 ? 2 : 1;
      const options = { library, layout, order, symmetry, names: choice.names } as const;
      const { tensor, expr, arrangement } = differentiateTerm(stated.expr, first.variable, options);
      return { tensor, ...writeArranged(tensor, arrangement, choice, expr) };
    } catch (error) {
      if (!(error instanceof InputError) || error.diagnostic.code !== "unsupported") throw error;
    }
  }
  const raw = higherDerivative(stated.expr, by, library);
  const tensor = plain && by.length === 1 ? symmetrized(raw, first.variable, symmetry) : raw;
  return { tensor, ...writeArranged(tensor, arrangeHigher(stated.expr.shape, by, layout), choice) };
}

/** The derivatives of lower orders that a check compares with: from order three on, each order is checked against the one below. */
export const lowerOrders = (stated: Stated, by: readonly Target[], layout: Layout): Expr[] =>
  Array.from({ length: Math.max(0, by.length - 2) }, (_, i) => writeDerivative(stated, by.slice(0, i + 2), layout).expr);

/** What the derivative by a symmetric matrix means; undefined where there is nothing to choose. By an entry it is free. */
export function conventionOf(by: readonly Target[], symmetry: Symmetry = "free"): Symmetry | undefined {
  const [only] = by;
  if (only === undefined || by.length > 1 || !hasConventions(only.variable)) return undefined;
  return only.at === undefined ? symmetry : "free";
}
