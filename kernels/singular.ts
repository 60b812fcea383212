// Singular values, by rotations, and what is made of them and their vectors; eigenvalues of symmetric matrices.
//
// Invariant: as of every kernel (kernels.ts).

import { largestOf } from "./numbers.ts";
import { identityMatrix } from "./places.ts";
import { transposed } from "./products.ts";

/** Rotates the columns of U, in place, until they are orthogonal in the first `rows` rows; the others are carried along (Hestenes 1958). */
export function rotateColumns(U: Float64Array, rows: number, cols: number): void {
  const height = U.length / cols;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < cols; p++)
      for (let q = p + 1; q < cols; q++) {
        let a = 0;
        let b = 0;
        let c = 0;
        for (let i = 0; i < rows; i++) {
          const x = U[i * cols + p]!;
          const y = U[i * cols + q]!;
          a += x * x;
          b += y * y;
          c += x * y;
        }
        if (Math.abs(c) <= 1e-16 * Math.sqrt(a) * Math.sqrt(b)) continue;
        off = Math.max(off, Math.abs(c));
        const zeta = (b - a) / (2 * c);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const cos = 1 / Math.sqrt(1 + t * t);
        const sin = cos * t;
        for (let i = 0; i < height; i++) {
          const x = U[i * cols + p]!;
          const y = U[i * cols + q]!;
          U[i * cols + p] = cos * x - sin * y;
          U[i * cols + q] = sin * x + cos * y;
        }
      }
    if (off === 0) break;
  }
}

/** Singular values of an m×n matrix: the lengths of its columns, rotated. */
export function singularValues(A: Float64Array, m: number, n: number): Float64Array {
  const U = m < n ? transposed(A, m, n) : A.slice();
  const [rows, cols] = m < n ? [n, m] : [m, n];
  rotateColumns(U, rows, cols);
  const out = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    let s = 0;
    for (let i = 0; i < rows; i++) s += U[i * cols + j]! * U[i * cols + j]!;
    out[j] = Math.sqrt(s);
  }
  return out;
}

/** U S above V of an m×n matrix U S V′ with m ≥ n. */
export function rotatedOverTurns(A: Float64Array, m: number, n: number): Float64Array {
  const R = new Float64Array((m + n) * n);
  R.set(A);
  R.set(identityMatrix(n), m * n);
  rotateColumns(R, m, n);
  return R;
}

/** The squares of the singular values, below U S. */
export function squaredLengths(R: Float64Array, m: number, n: number): Float64Array {
  const squares = new Float64Array(n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) squares[j] = squares[j]! + R[i * n + j]! * R[i * n + j]!;
  return squares;
}

/** The pseudoinverse of an m×n matrix, V S⁻² (U S)′; singular values below 1e-13 of the largest are 0. */
export function pseudoInverse(A: Float64Array, m: number, n: number): Float64Array {
  if (m < n) return transposed(pseudoInverse(transposed(A, m, n), n, m), m, n);
  const R = rotatedOverTurns(A, m, n);
  const squares = squaredLengths(R, m, n);
  const most = Math.max(...squares);
  const out = new Float64Array(n * m);
  for (let j = 0; j < n; j++)
    if (!(squares[j]! <= 1e-26 * most))
      for (let i = 0; i < n; i++)
        for (let k = 0; k < m; k++) out[i * m + k] = out[i * m + k]! + (R[(m + i) * n + j]! / squares[j]!) * R[k * n + j]!;
  return out;
}

/** U V′ of an m×n matrix U S V′; singular values below 1e-13 of the largest are 0. */
export function polarFactor(A: Float64Array, m: number, n: number): Float64Array {
  return singularPairs(A, m, n, false);
}

/** u v′ of the singular vectors of the largest singular value of an m×n matrix; 0 of zeros. */
export function topSingularPair(A: Float64Array, m: number, n: number): Float64Array {
  return singularPairs(A, m, n, true);
}

/** The sum of u v′ over the singular vectors, or that of the largest singular value alone. */
export function singularPairs(A: Float64Array, m: number, n: number, top: boolean): Float64Array {
  if (m < n) return transposed(singularPairs(transposed(A, m, n), n, m, top), n, m);
  const R = rotatedOverTurns(A, m, n);
  const squares = squaredLengths(R, m, n);
  const most = Math.max(...squares);
  const out = new Float64Array(m * n);
  if (top) {
    if (most !== 0) addOuter(out, R, m, n, squares.indexOf(most), Math.sqrt(most));
    return out;
  }
  for (let j = 0; j < n; j++) if (!(squares[j]! <= 1e-26 * most)) addOuter(out, R, m, n, j, Math.sqrt(squares[j]!));
  return out;
}

/** Adds column j of U S, over a length, times column j of V turned. */
export function addOuter(out: Float64Array, R: Float64Array, m: number, n: number, j: number, length: number): void {
  for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) out[i * n + k] = out[i * n + k]! + (R[i * n + j]! / length) * R[(m + k) * n + j]!;
}

/** A symmetric matrix plus c times the identity, c twice its length, so that all eigenvalues are positive; its singular values are these. */
export function liftedSymmetric(A: Float64Array, n: number): { lifted: Float64Array; by: number } {
  let by = 0;
  for (let k = 0; k < A.length; k++) by += A[k]! * A[k]!;
  by = 2 * Math.sqrt(by);
  const lifted = A.slice();
  for (let i = 0; i < n; i++) lifted[i * n + i] = lifted[i * n + i]! + by;
  return { lifted, by };
}

/** The largest eigenvalue of a symmetric matrix. */
export function largestEigenvalue(A: Float64Array, n: number): number {
  const { lifted, by } = liftedSymmetric(A, n);
  return largestOf(singularValues(lifted, n, n)) - by;
}

/** v v′ of the eigenvector of the largest eigenvalue of a symmetric matrix. */
export function topEigenPair(A: Float64Array, n: number): Float64Array {
  return topSingularPair(liftedSymmetric(A, n).lifted, n, n);
}
