// Derivatives of any order, by one variable or several in turn, and by single entries,
// as normal forms with their arrangement in rows and columns.
//
// Invariant: axes are those of the value, then those of each differentiation in turn; an
// entry has none, and a row or column of a matrix the one of a vector. Not here: how one
// differentiation is done (derivative.ts) and how a tensor is written (readArranged,
// entrywise.ts).

import { apply } from "../expr/build.ts";
import type { Layout } from "../expr/conventions.ts";
import type { Expr, Index, Variable } from "../expr/expr.ts";
import { type Shape, scalarShape, shapeOf } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { type Slot, shapeAxes, type Tensor } from "../tensor/form/tensor.ts";
import { einsum } from "../tensor/product/einsum.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";
import { derivative } from "./derivative.ts";
import { bound, freed, freeTensor } from "./free.ts";
import { type Arrangement, arrange } from "./layout.ts";

/** A variable, an entry of one, or a row or column of a matrix. */
export interface By {
  readonly variable: Variable;
  readonly at?: readonly [Index, Index];
}

/** The shape of what is varied: a row or column of a matrix counts as a vector. */
export function byShape({ variable, at }: By): Shape {
  if (at === undefined) return variable.shape;
  const side = at.findIndex((index) => index.kind === "all");
  return side === -1 ? scalarShape() : shapeOf(variable.shape[SIDES[side] as "rows" | "cols"]);
}

const SIDES = ["rows", "cols"] as const;

/** Axes that differentiating by this adds. */
export const axesOf = (by: By): number => shapeAxes(byShape(by)).length;

/** The derivative of a term by each of `by` in turn. Throws a diagnostic where a rule is missing. */
export function higherDerivative(expr: Expr, by: readonly By[], library: Library): Tensor {
  const all = by.map((target) => target.variable);
  let tensor = freeTensor(expr, all, library);
  for (const target of by) {
    const own = tensor.axes.length;
    const whole = applyGuards(derivative(tensor, freed(target.variable), library.find));
    tensor = target.at === undefined ? whole : pick(whole, own, target, library);
  }
  return bound(tensor, all);
}

/** The tensor met with unit vectors along axes behind `own`: one entry of the variable, or one row or column. */
function pick(tensor: Tensor, own: number, by: By, library: Library): Tensor {
  const axes = tensor.axes.slice(0, own);
  const slots: Slot[] = axes.map((_, i) => i);
  const units: [Tensor, Slot[]][] = [];
  let summed = own + axesOf(by);
  SIDES.forEach((side, i) => {
    const dim = by.variable.shape[side];
    if (dim.key === "1") return;
    const index = by.at?.[i];
    if (index?.kind === "position") {
      slots.push(summed);
      units.push([toTensor(apply("unit", [], [dim, index.at]), { find: library.find }), [summed++]]);
    } else {
      slots.push(axes.length);
      axes.push(dim);
    }
  });
  return einsum(axes, [[tensor, slots], ...units]);
}

/**
 * Rows and columns of a derivative by each of `by` in turn. A first derivative, and one by
 * numbers and entries alone, follows the layout. Otherwise the value and all but the last
 * differentiation run down the rows, fused, the value fastest, and the last along the columns:
 * ∂vec(∂vec(…)/∂x)/∂y, which for a number is the Hessian.
 */
export function arrangeHigher(value: Shape, by: readonly By[], layout: Layout): Arrangement {
  const [first, ...more] = by;
  const whole = by.filter((b) => axesOf(b) > 0);
  if (first !== undefined && more.length === 0) return arrange(value, byShape(first), layout);
  if (whole.length === 0) return arrange(value, scalarShape(), layout);
  const total = shapeAxes(value).length + whole.map(axesOf).reduce((a, b) => a + b, 0);
  const last = axesOf(by[by.length - 1] as By);
  const all = Array.from({ length: total }, (_, i) => i);
  return { rows: all.slice(0, total - last), cols: all.slice(total - last) };
}
