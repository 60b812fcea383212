// What a derivative by a symmetric matrix means: the conventions for a variable whose entries
// are not independent, each made from the derivative G in which they are (free.ts).
//
//   symmetric   sym(G) = (G + Gᵀ)/2, the gradient in the space of symmetric matrices
//   entries     G + Gᵀ − diag(G), the derivative by the entries on and below the diagonal
//   free        G itself
//
// Source: Petersen and Pedersen, The Matrix Cookbook, section 2.8.2; Magnus and Neudecker,
// Matrix Differential Calculus, sections 3.8 and 9.5.

import { HALF } from "../base/rational.ts";
import { differentialAttributes } from "../expr/attributes.ts";
import type { Symmetry } from "../expr/conventions.ts";
import type { Dim } from "../expr/dim.ts";
import type { Variable } from "../expr/expr.ts";
import { addTensors, negateTensor, scaleTensor } from "../tensor/form/algebra.ts";
import { deltaBase, shapeAxes, type Tensor } from "../tensor/form/tensor.ts";
import { atom } from "../tensor/functions/apply.ts";
import { einsum, permuteAxes } from "../tensor/product/einsum.ts";
import { expand } from "../tensor/simplify/expand.ts";

/** Whether the conventions differ for this variable: a symmetric matrix of more than one entry. */
export const hasConventions = (v: Variable): boolean => shapeAxes(v.shape).length === 2 && differentialAttributes(v).includes("symmetric");

/** A first derivative under a convention; `tensor` has independent entries and the axes of the variable last. */
export function symmetrized(tensor: Tensor, variable: Variable, symmetry: Symmetry): Tensor {
  if (symmetry === "free" || !hasConventions(variable)) return tensor;
  const { axes } = tensor;
  const all = axes.map((_, i) => i);
  const [row, col] = all.slice(-2) as [number, number];
  const turned = permuteAxes(tensor, [...all.slice(0, -2), col, row]);
  const same = turned === tensor || isExpandedAlike(turned, tensor);
  if (symmetry === "symmetric") return same ? tensor : scaleTensor(addTensors(axes, [tensor, turned]), HALF);
  const delta = atom(deltaBase(axes[row] as Dim));
  const diagonal = einsum(axes, [
    [tensor, all],
    [delta, [row, col]],
  ]);
  return addTensors(axes, [tensor, same ? tensor : turned, negateTensor(diagonal)]);
}

function isExpandedAlike(a: Tensor, b: Tensor): boolean {
  const expanded = expand(a);
  return expanded !== undefined && expanded === expand(b);
}
