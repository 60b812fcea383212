// The singular value decomposition A = U S Vᵀ, by rotations, and what is made of it.
//
// Invariant: what is not finite has NaN for a value, and no error. test/numeric/linear.test.ts holds these against mathjs.

import {
  allFinite,
  at,
  filled,
  generate,
  identity,
  length,
  type Matrix,
  map,
  matrix,
  multiply,
  scale,
  trace,
  transpose,
} from "./matrix.ts";

const MOST_SWEEPS = 40;

interface Rotated {
  /** A V, whose columns are orthogonal to each other: the left singular vectors times the singular values. */
  readonly u: Matrix;
  readonly v: Matrix;
}

/** A matrix with no more columns than rows and V, by the one-sided rotations of Hestenes (1958). */
function rotated({ rows, cols, data }: Matrix): Rotated {
  const u = Float64Array.from(data);
  const v = Float64Array.from(identity(cols).data);
  const dot = (p: number, q: number): number => {
    let total = 0;
    for (let i = 0; i < rows; i++) total += (u[i + rows * p] as number) * (u[i + rows * q] as number);
    return total;
  };
  const turn = (x: Float64Array, size: number, p: number, q: number, tangent: number): void => {
    const c = 1 / Math.hypot(1, tangent);
    for (let i = 0; i < size; i++) {
      const [a, b] = [x[i + size * p] as number, x[i + size * q] as number];
      x[i + size * p] = c * (a - tangent * b);
      x[i + size * q] = c * (tangent * a + b);
    }
  };
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < cols; p++) {
      for (let q = p + 1; q < cols; q++) {
        const [x, y, z] = [dot(p, p), dot(q, q), dot(p, q)];
        if (Math.abs(z) <= 1e-16 * Math.sqrt(x) * Math.sqrt(y)) continue;
        turned = true;
        const t = (y - x) / (2 * z);
        const tangent = (t < 0 ? -1 : 1) / (Math.abs(t) + Math.hypot(1, t));
        turn(u, rows, p, q, tangent);
        turn(v, cols, p, q, tangent);
      }
    }
    if (!turned) break;
  }
  return { u: matrix(rows, cols, u), v: matrix(cols, cols, v) };
}

const lengthsOf = ({ rows, cols, data }: Matrix): Matrix =>
  generate(cols, 1, (j) => Math.sqrt(data.subarray(j * rows, (j + 1) * rows).reduce((t, x) => t + x * x, 0)));

/** Singular values, as a column in no order. */
export const singularValues = (a: Matrix): Matrix => lengthsOf(rotated(a.cols > a.rows ? transpose(a) : a).u);

/** Singular values smaller than this part of the largest are 0. */
const NO_RANK = 1e-13;

interface Decomposed {
  /** Singular vectors, column by column; those of a value 0 may be 0. */
  readonly u: Matrix;
  readonly v: Matrix;
  /** Singular values, in no order. */
  readonly values: Float64Array;
}

function decomposed(a: Matrix): Decomposed {
  if (a.cols > a.rows) {
    const { u, v, values } = decomposed(transpose(a));
    return { u: v, v: u, values };
  }
  const { u, v } = rotated(a);
  const lengths = lengthsOf(u).data;
  const least = NO_RANK * Math.max(...lengths);
  const values = lengths.map((length) => (length <= least ? 0 : length));
  return { u: overValues(u, values), v, values };
}

/** The columns of a matrix over the singular values; 0 over 0 is 0. */
const overValues = (a: Matrix, values: Float64Array): Matrix =>
  generate(a.rows, a.cols, (i, j) => (values[j] === 0 ? 0 : at(a, i, j) / (values[j] as number)));

/** A function of the decomposition; NaN of what is not finite. */
const ofFinite = (a: Matrix, f: (a: Decomposed) => Matrix, rows: number, cols: number): Matrix =>
  allFinite(a) ? f(decomposed(a)) : filled(rows, cols, Number.NaN);

/** Moore–Penrose inverse, V S⁻¹ Uᵀ. */
export const pseudoInverse = (a: Matrix): Matrix =>
  ofFinite(a, ({ u, v, values }) => multiply(overValues(v, values), transpose(u)), a.cols, a.rows);

/** U Vᵀ, over the singular values that are not 0. */
export const polarFactor = (a: Matrix): Matrix => ofFinite(a, ({ u, v }) => multiply(u, transpose(v)), a.rows, a.cols);

/** What is added to the eigenvalues of a symmetric matrix, so that all are positive. */
const liftOf = (a: Matrix): number => 2 * length(a) || 1;

function lifted(a: Matrix): Matrix {
  const by = liftOf(a);
  return generate(a.rows, a.cols, (i, j) => at(a, i, j) + (i === j ? by : 0));
}

/** The eigenvalues of a symmetric matrix, in no order. */
export function eigenvalues(a: Matrix): Matrix {
  const by = liftOf(a);
  return map(singularValues(lifted(a)), (x) => x - by);
}

const MOST_SQUARINGS = 60;

/**
 * v vᵀ of the eigenvector of the largest eigenvalue of a symmetric matrix, the limit of its powers of trace 1. Next to a symmetric
 * matrix it is v wᵀ of the eigenvectors on both sides, so that entries may vary one by one [MN19 ch. 8].
 */
export function topEigenprojection(a: Matrix): Matrix {
  let power = lifted(a);
  for (let k = 0; k < MOST_SQUARINGS; k++) {
    const square = multiply(power, power);
    power = scale(square, 1 / trace(square));
  }
  return power;
}

/** u vᵀ of the singular vectors of the largest singular value. */
export function topSingularPair(a: Matrix): Matrix {
  const outer = ({ u, v, values }: Decomposed): Matrix => {
    const top = values.indexOf(Math.max(...values));
    return generate(a.rows, a.cols, (i, j) => at(u, i, top) * at(v, j, top));
  };
  return ofFinite(a, outer, a.rows, a.cols);
}
