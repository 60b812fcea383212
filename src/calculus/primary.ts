// The derivative of ⟨C, f(A)⟩ for a primary function f of a square matrix: what f(A) is
// contracted with moves along one matrix, ⟨C, L(A, E)⟩ = ⟨L(Aᵀ, C), E⟩ [H08 §3.2].
//
// Not here: L itself (src/tensor/primary/along.ts), and the derivative along all matrices at once, which
// is a rule of its own with a Kronecker product.

import { transposeTensor } from "../tensor/form/algebra.ts";
import { freshLabel, multiplyInto } from "../tensor/form/draft.ts";
import { dependsOn, type FunctionBase, isUnitExponent, type Tensor } from "../tensor/form/tensor.ts";
import { alongOne } from "../tensor/primary/along.ts";
import { product } from "../tensor/product/product.ts";
import { cotangentOf } from "./cotangent.ts";
import type { Occurrence } from "./outline.ts";

/** Whether the argument at the position is the matrix of a primary function; of a number it is an ordinary one. */
export const isPrimary = (base: FunctionBase, position: number): boolean =>
  position === 0 && base.rules.info.primary === true && base.axes.length === 2;

/**
 * The summand of the product rule that comes from a factor f(A), where what it is contracted
 * with is no axis of the value; undefined for other factors, and where the variable is a number.
 */
export function throughAdjoint(at: Occurrence, name: string, innerOf: (argument: Tensor) => Tensor): Tensor | undefined {
  const { base, exponent } = at.factor;
  if (base.kind !== "function" || !isPrimary(base, 0) || !isUnitExponent(exponent)) return undefined;
  const [matrix, ...others] = base.args as [Tensor, ...Tensor[]];
  if (!dependsOn(matrix, name) || others.some((a) => dependsOn(a, name))) return undefined;
  const inner = innerOf(matrix);
  const rank = at.tensor.axes.length;
  const extra = inner.axes.slice(2);
  const met = extra.length === 0 ? undefined : cotangentOf(at);
  if (met === undefined) return undefined;
  const draft = met.rest([...at.tensor.axes, ...extra]);
  const ends = inner.axes.slice(0, 2).map((dim) => freshLabel(draft, dim));
  multiplyInto(draft, pulledBack(base, met.cotangent()), ends);
  multiplyInto(draft, inner, [...ends, ...extra.map((_, i) => rank + i)]);
  return product(draft);
}

/** The gradient of ⟨C, f(A)⟩ by A. */
export const pulledBack = (base: FunctionBase, cotangent: Tensor): Tensor =>
  alongOne(base, transposeTensor(base.args[0] as Tensor), cotangent);
