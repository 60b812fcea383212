// Linear algebra on numeric matrices: elimination with partial pivoting and what
// follows from it. These run inside every difference quotient, so they are plain
// loops; test/numeric/linear.test.ts holds them against mathjs.
//
// A singular matrix is no error: its inverse is a matrix of NaN, which sampling rejects.
// Singular means singular to working accuracy; such a determinant is exactly 0.

import {
  allFinite,
  filled,
  fromRows,
  generate,
  identity,
  largest,
  type Matrix,
  matrix,
  minus,
  multiply,
  plus,
  scale,
  toRows,
} from "./matrix.ts";
import { bySquaring } from "./squaring.ts";

interface Factors {
  readonly lu: Float64Array;
  readonly order: Int32Array;
  readonly sign: number;
}

// PA = LU, both factors in one column-major array.
function factorise(a: Matrix): Factors {
  const n = a.rows;
  const lu = Float64Array.from(a.data);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i + n * k] as number) > Math.abs(lu[pivot + n * k] as number)) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        const t = lu[k + n * j] as number;
        lu[k + n * j] = lu[pivot + n * j] as number;
        lu[pivot + n * j] = t;
      }
      const t = order[k] as number;
      order[k] = order[pivot] as number;
      order[pivot] = t;
      sign = -sign;
    }
    const diagonal = lu[k + n * k] as number;
    if (diagonal === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = (lu[i + n * k] as number) / diagonal;
      lu[i + n * k] = factor;
      for (let j = k + 1; j < n; j++) lu[i + n * j] = (lu[i + n * j] as number) - factor * (lu[k + n * j] as number);
    }
  }
  return { lu, order, sign };
}

// Pivots this much smaller than the largest entry are rounding errors.
const NEGLIGIBLE = 1e-12;

// Smallest pivot over the largest entry.
function pivotRatio(lu: Float64Array, n: number, peak: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < n; k++) least = Math.min(least, Math.abs(lu[k + n * k] as number));
  return least / peak;
}

/** How far from singular a matrix is, between 0 (singular) and about 1; NaN for a zero matrix. */
export const regularity = (a: Matrix): number => pivotRatio(factorise(a).lu, a.rows, largest(a));

/** The determinant; 0 where the pivots are rounding errors. */
export function determinant(a: Matrix): number {
  const { lu, sign } = factorise(a);
  if (pivotRatio(lu, a.rows, largest(a)) < NEGLIGIBLE) return 0;
  let product = sign;
  for (let k = 0; k < a.rows; k++) product *= lu[k + a.rows * k] as number;
  return product;
}

/** The solution X of A X = B; NaN throughout where A is singular. */
export function solve(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const { lu, order } = factorise(a);
  if (!(pivotRatio(lu, n, largest(a)) >= NEGLIGIBLE)) return filled(n, b.cols, Number.NaN);
  const x = new Float64Array(n * b.cols);
  for (let c = 0; c < b.cols; c++) {
    const base = n * c;
    for (let i = 0; i < n; i++) {
      let value = b.data[(order[i] as number) + base] as number;
      for (let k = 0; k < i; k++) value -= (lu[i + n * k] as number) * (x[base + k] as number);
      x[base + i] = value;
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = x[base + i] as number;
      for (let k = i + 1; k < n; k++) value -= (lu[i + n * k] as number) * (x[base + k] as number);
      x[base + i] = value / (lu[i + n * i] as number);
    }
  }
  return matrix(n, b.cols, x);
}

/** The inverse, as `solve` finds it. */
export const inverse = (a: Matrix): Matrix => solve(a, identity(a.rows));

/**
 * The Cholesky factor of a positive definite matrix, by elimination: L √D of L D U with ones on the diagonals of L and U. NaN where a
 * pivot is not positive. Next to a symmetric matrix it has a value as well, so that entries may vary one by one.
 */
export function choleskyFactor(a: Matrix): Matrix {
  const n = a.rows;
  const rest = Float64Array.from(a.data);
  const l = matrix(n, n);
  for (let k = 0; k < n; k++) {
    const pivot = rest[k + n * k] as number;
    if (!(pivot > 0)) return filled(n, n, Number.NaN);
    l.data[k + n * k] = Math.sqrt(pivot);
    for (let i = k + 1; i < n; i++) {
      const ratio = (rest[i + n * k] as number) / pivot;
      l.data[i + n * k] = ratio * Math.sqrt(pivot);
      for (let j = k + 1; j < n; j++) rest[i + n * j] = (rest[i + n * j] as number) - ratio * (rest[k + n * j] as number);
    }
  }
  return l;
}

/** Transposed matrix of cofactors, defined for singular matrices as well. */
export function adjugate(a: Matrix): Matrix {
  const rows = toRows(a);
  return generate(a.rows, a.cols, (i, j) => {
    const minor = rows.filter((_, r) => r !== j).map((row) => row.filter((_, c) => c !== i));
    return ((i + j) % 2 === 0 ? 1 : -1) * (minor.length === 0 ? 1 : determinant(fromRows(minor)));
  });
}

/** A^k for an integer k; negative powers through the inverse. */
export const integerPower = (a: Matrix, k: number): Matrix => bySquaring(k < 0 ? inverse(a) : a, Math.abs(k), identity(a.rows), multiply);

const MOST_ITERATIONS = 60;

/** Principal square root by the iteration of Denman and Beavers (1976); NaN where it does not converge. */
export function squareRoot(a: Matrix): Matrix {
  let y = a;
  let z = identity(a.rows);
  let last = Number.POSITIVE_INFINITY;
  for (let k = 0; k < MOST_ITERATIONS; k++) {
    const next = scale(plus(y, inverse(z)), 0.5);
    z = scale(plus(z, inverse(y)), 0.5);
    const change = largest(minus(next, y));
    y = next;
    if (!allFinite(y)) break;
    // Quadratic convergence: once a small change no longer shrinks, rounding is all that is left.
    if (change <= 1e-8 * largest(y) && (change >= last / 2 || change === 0)) return y;
    last = change;
  }
  return filled(a.rows, a.cols, Number.NaN);
}

// Gauss–Legendre nodes and weights on [0, 1].
const NODES = [
  0.0254460438286207, 0.12923440720030277, 0.2970774243113014, 0.5, 0.7029225756886985, 0.8707655927996972, 0.9745539561713793,
];
const WEIGHTS = [
  0.06474248308443487, 0.13985269574463843, 0.19091502525255935, 0.20897959183673465, 0.19091502525255935, 0.13985269574463843,
  0.06474248308443487,
];

/**
 * Principal logarithm: square roots until A is near I, then the [7/7] Padé approximant of
 * log(I + X) in its form ∫ X (I + tX)⁻¹ dt (Dieci, Morini & Papini 1996). NaN where A has none.
 */
export function logarithm(a: Matrix): Matrix {
  const one = identity(a.rows);
  let root = a;
  let doublings = 0;
  while (!(largest(minus(root, one)) * a.rows < 0.2)) {
    if (doublings === 40 || !allFinite(root)) return filled(a.rows, a.cols, Number.NaN);
    root = squareRoot(root);
    doublings++;
  }
  const x = minus(root, one);
  let total = matrix(a.rows, a.cols);
  NODES.forEach((t, k) => {
    total = plus(total, scale(solve(plus(one, scale(x, t)), x), WEIGHTS[k] as number));
  });
  return scale(total, 2 ** doublings);
}
