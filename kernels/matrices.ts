// Functions of matrices: exp, log, roots, powers, cos and sin, singular values, the pseudoinverse.
//
// Invariant: as of every kernel (kernels.ts).

import { luFactors, luSolve } from "./factors.ts";
import { identityMatrix } from "./places.ts";
import { matrixMatrix, transposed } from "./products.ts";

/** Largest column sum of magnitudes. */
export function columnNorm(A: Float64Array, n: number): number {
  let most = 0;
  for (let j = 0; j < n; j++) {
    let s = 0;
    for (let i = 0; i < n; i++) s += Math.abs(A[i * n + j]!);
    most = Math.max(most, s);
  }
  return most;
}

/** exp of a matrix: scaling and squaring with a Taylor series of degree 18. */
export function matrixExp(A: Float64Array, n: number): Float64Array {
  const steps = Math.max(0, Math.ceil(Math.log2(Math.max(columnNorm(A, n), 1e-300))) + 3);
  const a = A.map((v) => v / 2 ** steps);
  let term: Float64Array = identityMatrix(n);
  let out: Float64Array = identityMatrix(n);
  for (let k = 1; k < 19; k++) {
    term = matrixMatrix(term, a, n, n, n).map((v) => v / k);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + term[i]!;
  }
  for (let s = 0; s < steps; s++) out = matrixMatrix(out, out, n, n, n);
  return out;
}

/** The principal square root, by the product form of the Denman–Beavers iteration; NaN where that finds none. */
export function matrixRoot(A: Float64Array, n: number): Float64Array {
  const I = identityMatrix(n);
  let x: Float64Array = A.slice();
  let m: Float64Array = A.slice();
  let off = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 60; step++) {
    const w = luSolve(luFactors(m, n), I, n, n, false);
    x = matrixMatrix(
      x,
      w.map((v, i) => (v + I[i]!) / 2),
      n,
      n,
      n,
    );
    m = m.map((v, i) => I[i]! / 2 + (v + w[i]!) / 4);
    off = 0;
    for (let i = 0; i < m.length; i++) off = Math.max(off, Math.abs(m[i]! - I[i]!));
    if (!(off >= 1e-15)) break;
  }
  return off < 1e-8 ? x : x.fill(Number.NaN);
}

/** The principal logarithm: roots until the matrix is near the identity, then the series of artanh. */
export function matrixLog(A: Float64Array, n: number): Float64Array {
  const I = identityMatrix(n);
  let a: Float64Array = A.slice();
  let steps = 0;
  while (
    steps < 60 &&
    columnNorm(
      a.map((v, i) => v - I[i]!),
      n,
    ) > 0.05
  ) {
    a = matrixRoot(a, n);
    steps++;
  }
  const z = luSolve(
    luFactors(
      a.map((v, i) => v + I[i]!),
      n,
    ),
    a.map((v, i) => v - I[i]!),
    n,
    n,
    false,
  );
  const square = matrixMatrix(z, z, n, n, n);
  let term: Float64Array = z;
  const out = z.slice();
  for (let k = 3; k < 40; k += 2) {
    term = matrixMatrix(term, square, n, n, n);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + term[i]! / k;
  }
  return out.map((v) => v * 2 ** (steps + 1));
}

/** A^k: a whole power by squaring, another through exp(k log A). */
export function matrixPower(A: Float64Array, k: number, n: number): Float64Array {
  if (!Number.isInteger(k))
    return matrixExp(
      matrixLog(A, n).map((v) => v * k),
      n,
    );
  let base: Float64Array = k < 0 ? luSolve(luFactors(A, n), identityMatrix(n), n, n, false) : A;
  let out: Float64Array = identityMatrix(n);
  for (let rest = Math.abs(k); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) out = matrixMatrix(out, base, n, n, n);
    if (rest > 1) base = matrixMatrix(base, base, n, n, n);
  }
  return out;
}

/** cos (block 0) or sin (block 1) of a matrix, out of exp([0 −A; A 0]). */
export function matrixQuadrant(A: Float64Array, n: number, block: number): Float64Array {
  const w = 2 * n;
  const big = new Float64Array(w * w);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      big[i * w + n + j] = -A[i * n + j]!;
      big[(n + i) * w + j] = A[i * n + j]!;
    }
  const e = matrixExp(big, w);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = e[(block * n + i) * w + j]!;
  return out;
}

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
        if (Math.abs(c) <= 1e-16 * Math.sqrt(a * b)) continue;
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

/** The entries on and below the diagonal, zeros above it. */
export function lowerTriangle(A: Float64Array, n: number): Float64Array {
  return A.map((v, k) => (k % n > Math.floor(k / n) ? 0 : v));
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
  if (m < n) return transposed(polarFactor(transposed(A, m, n), n, m), n, m);
  const R = rotatedOverTurns(A, m, n);
  const squares = squaredLengths(R, m, n);
  const most = Math.max(...squares);
  const out = new Float64Array(m * n);
  for (let j = 0; j < n; j++) if (!(squares[j]! <= 1e-26 * most)) addOuter(out, R, m, n, j, Math.sqrt(squares[j]!));
  return out;
}

/** u v′ of the singular vectors of the largest singular value of an m×n matrix; 0 of zeros. */
export function topSingularPair(A: Float64Array, m: number, n: number): Float64Array {
  if (m < n) return transposed(topSingularPair(transposed(A, m, n), n, m), n, m);
  const R = rotatedOverTurns(A, m, n);
  const squares = squaredLengths(R, m, n);
  const most = Math.max(...squares);
  const out = new Float64Array(m * n);
  if (most !== 0) addOuter(out, R, m, n, squares.indexOf(most), Math.sqrt(most));
  return out;
}

/** Adds column j of U S, over a length, times column j of V turned. */
export function addOuter(out: Float64Array, R: Float64Array, m: number, n: number, j: number, length: number): void {
  for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) out[i * n + k] = out[i * n + k]! + (R[i * n + j]! / length) * R[(m + k) * n + j]!;
}
