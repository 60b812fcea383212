// A structured variable while one differentiates by it: its entries count as independent,
// so a symmetric S is a general matrix until the derivative is there, and symmetric again in
// the result. Without that the two axes of S, which its symmetry makes exchangeable, would
// decide by accident between G and its transpose.

import { isBinding } from "../expr/attributes.ts";
import { variable as general } from "../expr/build.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { type Tensor, variableBase } from "../tensor/form/tensor.ts";
import { atom, substitute } from "../tensor/functions/apply.ts";

/** The variable with independent entries. */
export const freed = (v: Variable): Variable =>
  v.attributes.some(isBinding)
    ? general(
        v.name,
        v.shape,
        v.attributes.filter((a) => !isBinding(a)),
      )
    : v;

const renamed = (from: readonly Variable[], to: (v: Variable) => Variable): Map<string, Tensor> =>
  new Map(from.filter((v) => freed(v) !== v).map((v) => [v.name, atom(variableBase(to(v)))]));

/** The normal form of a term in which these variables have independent entries. */
export const freeTensor = (expr: Expr, by: readonly Variable[], library: Library): Tensor =>
  toTensor(expr, { find: library.find, names: renamed(by, freed) });

/** The tensor with the variables as they were declared. */
export function bound(tensor: Tensor, by: readonly Variable[]): Tensor {
  const map = renamed(by, (v) => v);
  return map.size === 0 ? tensor : substitute(tensor, map);
}
