// Layouts: which axes of a derivative run down the rows and which along the columns.
//
//   numerator    ∂y/∂x is m×n; the gradient of a number is a row, by a matrix transposed
//   denominator  the transpose of that: gradients in the variable's shape
//   mixed        gradients in the variable's shape, Jacobians m×n
//   vec          ∂vec(Y)/∂vec(X), column-major; also what has more than two axes

import type { Layout } from "../expr/conventions.ts";
import { isRowShape, type Shape } from "../expr/shape.ts";
import { shapeAxes } from "../tensor/form/tensor.ts";

/** Axes of the derivative (those of the value first) along rows and columns; several on one side are fused, the first running fastest. */
export interface Arrangement {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
}

/** Whether two arrangements have the same axes on each side, in the same order. */
export const sameArrangement = (a: Arrangement, b: Arrangement): boolean =>
  a.rows.join() === b.rows.join() && a.cols.join() === b.cols.join();

/** Arranges a derivative of a value of one shape by a variable of another. */
export function arrange(value: Shape, variable: Shape, layout: Layout): Arrangement {
  const out = shapeAxes(value).map((_, i) => i);
  const by = shapeAxes(variable).map((_, i) => out.length + i);
  if (layout === "vec" || out.length + by.length > 2) return { rows: out, cols: by };
  const turn = (a: Arrangement): Arrangement => ({ rows: a.cols, cols: a.rows });
  const inShape = (axes: readonly number[], shape: Shape): Arrangement => {
    const [first, second] = axes;
    if (first === undefined) return { rows: [], cols: [] };
    if (second === undefined) return isRowShape(shape) ? { rows: [], cols: [first] } : { rows: [first], cols: [] };
    return { rows: [first], cols: [second] };
  };
  if (out.length === 0) return layout === "numerator" ? turn(inShape(by, variable)) : inShape(by, variable);
  if (by.length === 0) return layout === "denominator" ? turn(inShape(out, value)) : inShape(out, value);
  return layout === "denominator" ? { rows: by, cols: out } : { rows: out, cols: by };
}

/** The Hessian ∂²f/∂vec(x)∂vec(x)ᵀ of a number: the two copies of the variable's axes. */
export function arrangeHessian(variable: Shape): Arrangement {
  const axes = shapeAxes(variable).length;
  const first = Array.from({ length: axes }, (_, i) => i);
  return { rows: first, cols: first.map((i) => axes + i) };
}
