// The derivative of a primary function f of a square matrix along one matrix E: a block of
// its value at a block matrix, f([A E; 0 A]) = [f(A) L(A, E); 0 f(A)] [H08 thm 3.6].
// That is a value of f again, so it has derivatives of every order.
//
// What f(A) is contracted with, C, is such a matrix too: ⟨C, L(A, E)⟩ = ⟨L(Aᵀ, C), E⟩ [H08 §3.2],
// which is the gradient of ⟨C, f(X)⟩. Not here: the derivative along all matrices at once,
// which is a rule of its own with a Kronecker product.

import { type Dim, dimOf, multiplyDims } from "../expr/dim.ts";
import { addTensors, transposeTensor } from "../tensor/algebra.ts";
import { applyTyped } from "../tensor/apply.ts";
import { freshLabel, multiplyInto } from "../tensor/draft.ts";
import { product } from "../tensor/product.ts";
import { type Block, embed, restrict } from "../tensor/stack.ts";
import { dependsOn, type FunctionBase, isUnitExponent, type Tensor } from "../tensor/tensor.ts";
import { cotangentOf } from "./cotangent.ts";
import type { Occurrence } from "./outline.ts";

/** Whether the argument at the position is the matrix of a primary function; of a number it is an ordinary one. */
export const isPrimary = (base: FunctionBase, position: number): boolean =>
  position === 0 && base.rules.info.primary === true && base.axes.length === 2;

/** L(A, E), the derivative of the function at A along E, a matrix of the same axes. */
export function alongOne(base: FunctionBase, matrix: Tensor, along: Tensor): Tensor {
  const { axes, rules, args } = base;
  const [n] = axes as [Dim];
  const [upper, lower]: Block[] = [
    { offset: dimOf(0), size: n },
    { offset: n, size: n },
  ] as [Block, Block];
  const both = multiplyDims(dimOf(2), n);
  const at = (part: Tensor, row: Block, col: Block): Tensor => embed(embed(part, 0, row, [both, n]), 1, col, [both, both]);
  const whole = addTensors([both, both], [at(matrix, upper, upper), at(along, upper, lower), at(matrix, lower, lower)]);
  const given = [whole, ...args.slice(1)];
  const shapes = given.map((a) => ({ rows: a.axes[0] ?? dimOf(1), cols: a.axes[1] ?? dimOf(1) }));
  return restrict(restrict(applyTyped(rules, given, shapes), 0, upper), 1, lower);
}

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
  multiplyInto(draft, pulledBack(base, met.cotangent), ends);
  multiplyInto(draft, inner, [...ends, ...extra.map((_, i) => rank + i)]);
  return product(draft);
}

/** The gradient of ⟨C, f(A)⟩ by A. */
export const pulledBack = (base: FunctionBase, cotangent: Tensor): Tensor =>
  alongOne(base, transposeTensor(base.args[0] as Tensor), cotangent);
