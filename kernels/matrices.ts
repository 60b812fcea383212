// Functions of matrices: exp, log, roots, powers, cos and sin, triangles.
//
// Invariant: as of every kernel (kernels.ts).

import { luFactors, luSolve } from "./factors.ts";
import { identityMatrix } from "./places.ts";
import { matrixMatrix } from "./products.ts";

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

/** The entries on and below the diagonal, zeros above it. */
export function lowerTriangle(A: Float64Array, n: number): Float64Array {
  return A.map((v, k) => (k % n > Math.floor(k / n) ? 0 : v));
}
