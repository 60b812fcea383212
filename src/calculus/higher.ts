// Derivatives of any order, by one variable or several in turn, and by single entries,
// as normal forms with their arrangement in rows and columns.
//
// Invariant: axes are those of the value, then those of each differentiation in turn; an
// entry has none. Not here: how one differentiation is done (derivative.ts) and how a
// tensor is written (readArranged, entrywise.ts).

import { fail } from "../base/diagnostic.ts";
import { apply } from "../expr/build.ts";
import type { Expr, Index, Variable } from "../expr/expr.ts";
import { type Shape, scalarShape } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert.ts";
import { einsum } from "../tensor/einsum.ts";
import { applyGuards } from "../tensor/simplify.ts";
import { type Slot, shapeAxes, type Tensor } from "../tensor/tensor.ts";
import { derivative } from "./derivative.ts";
import { bound, freed, freeTensor } from "./free.ts";
import { type Arrangement, arrange, type Layout } from "./layout.ts";

/** A variable, or an entry of one. */
export interface By {
  readonly variable: Variable;
  readonly at?: readonly [Index, Index];
}

/** Axes that differentiating by this adds. */
export const axesOf = ({ variable, at }: By): number => (at === undefined ? shapeAxes(variable.shape).length : 0);

/** The derivative of a term by each of `by` in turn. Throws a diagnostic where a rule is missing. */
export function higherDerivative(expr: Expr, by: readonly By[], library: Library): Tensor {
  const logarithm = library.find("log");
  const all = by.map((target) => target.variable);
  let tensor = freeTensor(expr, all, library);
  for (const target of by) {
    const own = tensor.axes.length;
    const whole = applyGuards(derivative(tensor, freed(target.variable), logarithm));
    tensor = target.at === undefined ? whole : pick(whole, own, target, library);
  }
  return bound(tensor, all);
}

/** The tensor met with unit vectors along the axes behind `own`: one entry of the variable. */
function pick(tensor: Tensor, own: number, { variable, at }: By, library: Library): Tensor {
  const axes = tensor.axes.slice(0, own);
  const slots: Slot[] = tensor.axes.map((_, i) => i);
  const units: [Tensor, Slot[]][] = [];
  [variable.shape.rows, variable.shape.cols].forEach((dim, side) => {
    if (dim.key === "1") return;
    const index = at?.[side];
    if (index?.kind !== "position")
      fail("unsupported", "a derivative by a part of a variable is by one entry", { start: 0, end: 0 }, { fix: "x[2], X[1,2]" });
    units.push([toTensor(apply("unit", [], [dim, index.at]), { find: library.find }), [own + units.length]]);
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
  if (first !== undefined && more.length === 0)
    return arrange(value, first.at === undefined ? first.variable.shape : scalarShape(), layout);
  if (whole.length === 0) return arrange(value, scalarShape(), layout);
  const total = shapeAxes(value).length + whole.map(axesOf).reduce((a, b) => a + b, 0);
  const last = axesOf(by[by.length - 1] as By);
  const all = Array.from({ length: total }, (_, i) => i);
  return { rows: all.slice(0, total - last), cols: all.slice(total - last) };
}
