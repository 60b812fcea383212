// Layouts: how the entries of a numeric derivative are laid out as one matrix.
//
//   numerator    vector by vector m×n, a number's gradient transposed (a row for a column)
//   denominator  the transpose of that
//   mixed        gradients in the variable's shape, Jacobians m×n
//   vec          ∂vec(Y)/∂vec(X)
//
// And by a symmetric variable: `free` treats all entries as independent; `symmetric` is the
// gradient in the space of symmetric matrices, (G + Gᵀ)/2; `entries` the derivative by the
// entries on and below the diagonal, G + Gᵀ − diag(G).
//
// Invariant: whether a thing is a number, a vector, a row or a matrix is read from its
// symbolic shape, never from the sizes of a sample. A derivative with more than two
// axes is in vec form, ∂vec(Y)/∂vec(X) column-major, in every layout.

import type { Layout, Symmetry } from "../expr/conventions.ts";
import { isScalarShape, isVectorShape, type Shape } from "../expr/shape.ts";
import type { NumericDerivative } from "./jacobian.ts";
import { at, generate, type Matrix, matrix, transpose } from "./matrix.ts";

/** Entries of a derivative of first or second order, laid out; both the values and their errors. */
export function arrange(
  derivative: NumericDerivative,
  order: 1 | 2,
  layout: Layout,
  of: Shape,
  by: Shape,
): { values: Matrix; errors: Matrix } {
  const place = (m: Matrix): Matrix => (order === 1 ? placeFirst(m, derivative, layout, of, by) : m);
  return { values: place(derivative.matrix), errors: place(derivative.error) };
}

function placeFirst(m: Matrix, { rows, cols, value }: NumericDerivative, layout: Layout, of: Shape, by: Shape): Matrix {
  if (layout === "vec") return m;
  // Number by anything: the variable's shape, transposed in numerator layout.
  if (isScalarShape(of)) {
    const gradient = matrix(rows, cols, m.data);
    return layout === "numerator" ? transpose(gradient) : gradient;
  }
  // Anything by a number: its own shape, transposed in denominator layout.
  if (isScalarShape(by)) {
    const own = matrix(value.rows, value.cols, m.data);
    return layout === "denominator" ? transpose(own) : own;
  }
  if (isVectorShape(of) && isVectorShape(by)) return layout === "denominator" ? transpose(m) : m;
  return m;
}

/** A first derivative by a square variable under a convention for symmetric matrices. */
export function symmetrize(derivative: NumericDerivative, symmetry: Symmetry): NumericDerivative {
  if (symmetry === "free") return derivative;
  const n = derivative.rows;
  const mirror = (q: number): number => Math.floor(q / n) + n * (q % n);
  const combine = (m: Matrix, f: (g: number, h: number, diagonal: boolean) => number): Matrix =>
    generate(m.rows, m.cols, (i, q) => f(at(m, i, q), at(m, i, mirror(q)), mirror(q) === q));
  const half = (g: number, h: number): number => (g + h) / 2;
  return {
    ...derivative,
    matrix: combine(derivative.matrix, symmetry === "symmetric" ? half : (g, h, diagonal) => (diagonal ? g : g + h)),
    error: combine(derivative.error, (g, h) => g + h),
  };
}

/**
 * A variable with other entries. Of a symmetric matrix both entries of a pair move with either, each by
 * half under the convention `symmetric`; without a convention each entry moves by itself.
 */
export function moved(start: Matrix, entries: ArrayLike<number>, symmetry: Symmetry = "free"): Matrix {
  const data = Float64Array.from(entries);
  if (symmetry === "free") return { ...start, data };
  const share = symmetry === "symmetric" ? 1 / 2 : 1;
  const move = (k: number): number => (entries[k] as number) - (start.data[k] as number);
  for (let j = 0; j < start.cols; j++)
    for (let i = j + 1; i < start.rows; i++) {
      const [below, above] = [i + start.rows * j, j + start.rows * i];
      const by = share * (move(below) + move(above));
      data[below] = (start.data[below] as number) + by;
      data[above] = (start.data[above] as number) + by;
    }
  return { ...start, data };
}
