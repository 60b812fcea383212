// The vec of a matrix, column-major, and what is made of it, in the shortest spelling.
//
// Not here: what is read in vec form (kron.ts), and matrices read back from their vec (unvec.ts).

import * as build from "../../../expr/build.ts";
import { type Dim, multiplyDims } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isColumnShape } from "../../../expr/shape.ts";
import type { Reading } from "../reading/reading.ts";
import { transposed } from "../reading/transposed.ts";

/** vec(M); of ones ones, of u vᵀ the product v ⊗ u. */
export function vecOf(matrix: Expr): Expr {
  if (isApply(matrix, "ones")) return build.ones(multiplyDims(matrix.shape.rows, matrix.shape.cols));
  const of = isApply(matrix, "transpose") ? (matrix.args[0] as Expr) : matrix;
  const [u, v] = isApply(of, "mul") ? (of.args as [Expr, Expr]) : [of, of];
  if (isColumnShape(u.shape) && isColumnShape(transposed(v).shape) && u !== v)
    return build.apply("kron", of === matrix ? [transposed(v), u] : [u, transposed(v)]);
  return build.apply("vec", [matrix]);
}

/** diag(vec(M)). */
export const diagVec = (matrix: Expr): Expr => build.apply("diag", [vecOf(matrix)]);

/** The matrix D with D x = vec(diag(x)): kron(1, I) with the rows of the diagonal alone. */
export function doubling(n: Dim): Reading {
  const [identity, ones] = [build.eye(n), build.ones(n)];
  const kron = (column: Expr): Expr => build.apply("kron", [column, identity]);
  return { fwd: build.mul(diagVec(identity), kron(ones)), rev: build.mul(kron(build.transpose(ones)), diagVec(identity)) };
}
