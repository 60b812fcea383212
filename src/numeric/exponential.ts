// The exponential of a matrix and its kin, all by scaling and doubling. A matrix function of
// Kronecker products has hundreds of rows, most of whose entries are zero, so products here
// pass over zeros; test/numeric/linear.test.ts holds the functions against mathjs.
//
// Invariant: a matrix with an entry that is not finite has a result of NaN.

import { integerPower, logarithm, solve } from "./linear.ts";
import { allFinite, filled, identity, type Matrix, matrix, minus, plus, scale } from "./matrix.ts";

// Of the [13/13] Padé approximant of the exponential, and the norm up to which it is exact to
// rounding (Higham 2005, table 2.3).
const PADE = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640,
  1323241920, 40840800, 960960, 16380, 182, 1,
];
const NORM = 5.37;
/** Beyond this the result is too large for a number. */
const MOST_DOUBLINGS = 64;

/** exp(A), by scaling and squaring (Higham 2005, alg. 2.3). */
export function exponential(a: Matrix): Matrix {
  const doublings = doublingsFrom(a, NORM);
  if (doublings === undefined) return filled(a.rows, a.cols, Number.NaN);
  let result = approximant(scale(a, 2 ** -doublings));
  for (let k = 0; k < doublings; k++) result = times(result, result);
  return result;
}

/** φ(A) = Σ A^k/(k + 1)!, by φ(2A) = (exp(A) + I) φ(A)/2 from a small A [H08 §10.7.4]. */
export function meanExponential(a: Matrix): Matrix {
  const doublings = doublingsFrom(a, 1);
  if (doublings === undefined) return filled(a.rows, a.cols, Number.NaN);
  const one = identity(a.rows);
  const small = scale(a, 2 ** -doublings);
  let mean = polynomial(small, (k) => 1 / factorial(k + 1));
  let whole = plus(one, times(small, mean));
  for (let k = 0; k < doublings; k++) {
    mean = scale(times(plus(whole, one), mean), 0.5);
    whole = times(whole, whole);
  }
  return mean;
}

export const cosine = (a: Matrix): Matrix => circular(a).cos;
export const sine = (a: Matrix): Matrix => circular(a).sin;

// By cos(2A) = 2 cos(A)² − I and sin(2A) = 2 sin(A) cos(A) from a small A [H08 §12.3].
function circular(a: Matrix): { readonly cos: Matrix; readonly sin: Matrix } {
  const doublings = doublingsFrom(a, 1);
  const undefinedHere = filled(a.rows, a.cols, Number.NaN);
  if (doublings === undefined) return { cos: undefinedHere, sin: undefinedHere };
  const small = scale(a, 2 ** -doublings);
  const square = scale(times(small, small), -1);
  let cos = polynomial(square, (k) => 1 / factorial(2 * k));
  let sin = times(
    small,
    polynomial(square, (k) => 1 / factorial(2 * k + 1)),
  );
  for (let k = 0; k < doublings; k++) [cos, sin] = [minus(scale(times(cos, cos), 2), identity(a.rows)), scale(times(sin, cos), 2)];
  return { cos, sin };
}

/** A^k; for k not whole exp(k log A). */
export function matrixPower(a: Matrix, k: number): Matrix {
  return Number.isInteger(k) ? integerPower(a, k) : exponential(scale(logarithm(a), k));
}

/** How often the norm is halved until it is no more than `least`; undefined for an entry that is not finite, or beyond all sense. */
function doublingsFrom(a: Matrix, least: number): number | undefined {
  const doublings = Math.max(0, Math.ceil(Math.log2(columnNorm(a) / least)));
  return doublings <= MOST_DOUBLINGS && allFinite(a) ? doublings : undefined;
}

/** Up to a norm of 1 the terms of the series above are below rounding from here on. */
const TERMS = 20;

// Σ c_k X^k over k < TERMS, in powers of X⁴ with X, X² and X³ made once (Paterson and Stockmeyer 1973).
function polynomial(x: Matrix, c: (k: number) => number): Matrix {
  const x2 = times(x, x);
  const powers = [identity(x.rows), x, x2, times(x2, x)];
  const x4 = times(x2, x2);
  const part = (from: number): Matrix => powers.map((p, i) => scale(p, c(from + i))).reduce(plus);
  let total = part(TERMS - 4);
  for (let from = TERMS - 8; from >= 0; from -= 4) total = plus(times(total, x4), part(from));
  return total;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

// (V − U)⁻¹ (V + U), U the odd powers of the series and V the even ones.
function approximant(a: Matrix): Matrix {
  const a2 = times(a, a);
  const a4 = times(a2, a2);
  const a6 = times(a4, a2);
  const b = (k: number): number => PADE[k] as number;
  const series = (first: number): Matrix =>
    plus(
      times(a6, sumOf([b(first + 12), a6], [b(first + 10), a4], [b(first + 8), a2])),
      sumOf([b(first + 6), a6], [b(first + 4), a4], [b(first + 2), a2], [b(first), identity(a.rows)]),
    );
  const odd = times(a, series(1));
  const even = series(0);
  return solve(minus(even, odd), plus(even, odd));
}

const sumOf = (...terms: readonly (readonly [number, Matrix])[]): Matrix => terms.map(([c, m]) => scale(m, c)).reduce(plus);

function times(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const data = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      const factor = b.data[k + n * j] as number;
      if (factor === 0) continue;
      for (let i = 0; i < n; i++) data[n * j + i] = (data[n * j + i] as number) + (a.data[n * k + i] as number) * factor;
    }
  }
  return matrix(n, n, data);
}

function columnNorm({ rows, cols, data }: Matrix): number {
  let most = 0;
  for (let j = 0; j < cols; j++) {
    let total = 0;
    for (let i = 0; i < rows; i++) total += Math.abs(data[i + rows * j] as number);
    most = Math.max(most, total);
  }
  return most;
}
