// Derivatives met with a direction or with an upstream gradient, and differentials:
//
//   jvp    D[v], the directional derivative, in the value's shape
//   vjp    uᵀD, the gradient of u : f, in the variable's shape
//   hvp    H v, in the variable's shape
//   d f    D[dx], summed over the variables; of order k, D^k[dx, …, dx]
//
// All of them are the derivative's normal form contracted with another tensor, and are read
// back like any other result.

import { variable as makeVariable } from "../expr/build.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { type Shape, scalarShape } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { addTensors, zeroTensor } from "../tensor/form/algebra.ts";
import { shapeAxes, type Tensor, variableBase } from "../tensor/form/tensor.ts";
import { atom, substitute } from "../tensor/functions/apply.ts";
import { einsum } from "../tensor/product/einsum.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";
import { derivative } from "./derivative.ts";
import { bound, freed, freeTensor } from "./free.ts";
import { type By, higherDerivative } from "./higher.ts";
import { type Arrangement, arrange } from "./layout.ts";

/** A variable and what it moves along, of the variable's shape. */
export interface Direction {
  readonly variable: Variable;
  readonly along: Expr;
}

/** Σ D_x f[dx] over the variables: the directional derivative, in the axes of the value. */
export function along(expr: Expr, directions: readonly Direction[], library: Library): Tensor {
  const axes = shapeAxes(expr.shape);
  const parts = directions.map(({ variable, along: direction }) =>
    contractLast(higherDerivative(expr, [{ variable }], library), [toTensor(direction, { find: library.find })]),
  );
  return parts.length === 0 ? zeroTensor(axes) : addTensors(axes, parts);
}

/** Dᵀ u: the upstream gradient u, of the value's shape, taken back to the variable. */
export function upstream(expr: Expr, variable: Variable, gradient: Expr, library: Library): Tensor {
  const tensor = higherDerivative(expr, [{ variable }], library);
  const own = shapeAxes(expr.shape).length;
  const axes = tensor.axes.slice(own);
  const slots = tensor.axes.map((_, i) => (i < own ? axes.length + i : i - own));
  const inner = toTensor(gradient, { find: library.find });
  return einsum(axes, [
    [tensor, slots],
    [inner, inner.axes.map((_, i) => axes.length + i)],
  ]);
}

/** H v of a number: the derivative of the gradient along v, in the axes of the variable. */
export function hessianVector(expr: Expr, variable: Variable, direction: Expr, library: Library): Tensor {
  // The entries stay independent until both derivatives are made, also where they are symmetric.
  const free = freed(variable);
  const first = applyGuards(derivative(freeTensor(expr, [variable], library), free, library.find));
  // d(∇f)[v] = ∇(df[v]) with v held fixed, and df[v] is a number: nothing of higher order is made.
  const moved = contractLast(first, [atom(variableBase(makeVariable(HELD, variable.shape)))]);
  const result = bound(applyGuards(derivative(moved, free, library.find)), [variable]);
  return substitute(result, new Map([[HELD, toTensor(direction, { find: library.find })]]));
}

/** No name of the language. */
const HELD = "held fixed";

/** D^k[dx, …] for successive differentiations, one direction each, in the axes of the value. */
export function alongEach(expr: Expr, by: readonly By[], directions: readonly Expr[], library: Library): Tensor {
  const tensor = higherDerivative(expr, by, library);
  const whole = by.flatMap((b, i) => (b.at === undefined ? [directions[i] as Expr] : []));
  return contractLast(
    tensor,
    whole.map((d) => toTensor(d, { find: library.find })),
  );
}

/** Contracts the last axes of a tensor with the axes of tensors, in order. */
function contractLast(tensor: Tensor, with_: readonly Tensor[]): Tensor {
  const own = tensor.axes.length - with_.reduce((n, t) => n + t.axes.length, 0);
  let next = own;
  const operands = with_.map((t): [Tensor, number[]] => [t, t.axes.map(() => next++)]);
  return einsum(tensor.axes.slice(0, own), [[tensor, tensor.axes.map((_, i) => i)], ...operands]);
}

/** Rows and columns of a result that has a shape of its own. */
export const arrangeShape = (shape: Shape): Arrangement => arrange(shape, scalarShape(), "numerator");
