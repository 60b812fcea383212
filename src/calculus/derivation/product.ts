// The product of a chain of derivatives in each layout, unsimplified.
//
//   numerator    ∂y/∂x = ∂y/∂u ∂u/∂x, as the vector chain rule states it
//   denominator  the transposes in the opposite order
//   mixed        a gradient is a column, Jacobians are m×n: ∂y/∂x = (∂u/∂x)ᵀ ∂y/∂u

import * as build from "../../expr/build.ts";
import type { Layout } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import { isScalarShape, type Shape } from "../../expr/shape.ts";

/** A derivative of a value of one shape by a value of another, stated in the layout of the chain. */
export interface ChainFactor {
  readonly expr: Expr;
  readonly of: Shape;
  readonly by: Shape;
}

const times = (factors: readonly Expr[]): Expr => factors.reduce((a, b) => build.mul(a, b));

/** The product of the factors, outermost first, at least one; values are numbers and columns. */
export function chainProduct(factors: readonly ChainFactor[], layout: Layout): Expr {
  const [first] = factors as [ChainFactor, ...ChainFactor[]];
  if (factors.length === 1) return first.expr;
  const last = factors[factors.length - 1] as ChainFactor;
  switch (layout) {
    case "numerator":
    case "vec":
      return times(factors.map((f) => f.expr));
    case "denominator":
      return times([...factors].reverse().map((f) => f.expr));
    case "mixed":
      return isScalarShape(first.of) && !isScalarShape(last.by) ? gradientProduct(factors) : times(factors.map(jacobianOf));
  }
}

const isGradient = (f: ChainFactor): boolean => isScalarShape(f.of) && !isScalarShape(f.by);

/** A factor of the mixed layout as an m×n Jacobian. */
const jacobianOf = (f: ChainFactor): Expr => (isGradient(f) ? build.transpose(f.expr) : f.expr);

/** Numbers, then (Jacobians)ᵀ gradient. */
function gradientProduct(factors: readonly ChainFactor[]): Expr {
  const at = factors.findIndex(isGradient);
  const numbers = factors.slice(0, at).map((f) => f.expr);
  const gradient = (factors[at] as ChainFactor).expr;
  const rest = factors.slice(at + 1);
  const turned = rest.length === 0 ? gradient : build.mul(build.transpose(times(rest.map(jacobianOf))), gradient);
  return numbers.length === 0 ? turned : build.mul(times(numbers), turned);
}
