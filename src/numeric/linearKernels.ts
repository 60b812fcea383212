// Functions of matrices by linear algebra, in numbers: inverses, determinants, functions of square matrices, singular values, and
// functions of symmetric matrices.
//
// Invariant: a function of symmetric matrices has values next to these, so that entries may vary one by one, and says where it holds.

import { cosine, exponential, matrixPower, meanExponential, sine } from "./exponential.ts";
import { first, type Kernel, leadOf, nearest, number, ofSquare, second, top, whole } from "./kernel.ts";
import { adjugate, choleskyFactor, determinant, inverse, logarithm, squareRoot } from "./linear.ts";
import { largest, type Matrix, multiply, scale, sum, trace, transpose, zip } from "./matrix.ts";
import { eigenvalues, polarFactor, pseudoInverse, singularValues, topEigenprojection, topSingularPair } from "./singular.ts";

const topEigenvalue = (a: Matrix): number => trace(multiply(a, topEigenprojection(a)));

/** The kernels by the names of their functions. */
export const LINEAR: Readonly<Record<string, Kernel>> = {
  // Their derivatives are stated for invertible matrices: others are no regular points.
  det: { ...number(determinant), margin: fullRankMargin },
  logdet: number((a) => Math.log(determinant(a))),
  inv: ofSquare(inverse),
  adj: { ...ofSquare(adjugate), margin: fullRankMargin },
  adjugate: { ...ofSquare(adjugate), margin: fullRankMargin },
  pinv: { value: (args) => pseudoInverse(first(args)), margin: fullRankMargin, holds: isNoZeroVector },
  expm: ofSquare(exponential),
  phi1m: ofSquare(meanExponential),
  mpow: { value: (args) => matrixPower(first(args), exponentOf(args)), margin: fullRankMargin, holds: hasPowers },
  cosm: ofSquare(cosine),
  sinm: ofSquare(sine),
  logm: ofSquare(logarithm),
  sqrtm: { ...ofSquare(squareRoot), margin: fullRankMargin },
  nuclear: { ...number((a) => sum(singularValues(a))), margin: leastSingular },
  spectral: { ...number((a) => top(singularValues(a))), margin: singularLead },
  polar: { ...whole(polarFactor), margin: fullRankMargin },
  topsingular: { ...whole(topSingularPair), margin: singularLead },
  eigmax: { ...number(topEigenvalue), margin: eigenLead, holds: isSymmetric },
  eigmin: {
    ...number((a) => -topEigenvalue(scale(a, -1))),
    margin: (args) => eigenLead(args.map((a) => scale(a, -1))),
    holds: isSymmetric,
  },
  topeigen: { ...ofSquare(topEigenprojection), margin: eigenLead, holds: isSymmetric },
  chol: { ...ofSquare(choleskyFactor), holds: isSymmetric },
};

/** Singular values below this part of the largest count as 0. */
const NEGLIGIBLE = 1e-9;

// Where the rank is not full, it grows with the slightest change and a pseudoinverse jumps.
function fullRankMargin(args: readonly Matrix[]): number {
  const values = singularValues(first(args)).data;
  return Math.min(...values) <= NEGLIGIBLE * Math.max(...values) ? 0 : Number.POSITIVE_INFINITY;
}

// Those that are 0 are settled there, as in an outer product.
function leastSingular(args: readonly Matrix[]): number {
  const values = singularValues(first(args)).data;
  const least = NEGLIGIBLE * Math.max(...values);
  return nearest(
    values.map((x) => (x <= least ? 0 : x)),
    Math.abs,
  );
}

// Where two singular values are largest, the vectors of one are those of none.
function singularLead(args: readonly Matrix[]): number {
  return leadOf(singularValues(first(args)).data);
}

function eigenLead(args: readonly Matrix[]): number {
  return leadOf(eigenvalues(first(args)).data);
}

/** Entries that differ by less than this part of the largest are those of a symmetric matrix. */
const ASYMMETRY = 1e-9;

function isSymmetric([a]: readonly Matrix[]): boolean {
  const matrix = a as Matrix;
  return largest(zip(matrix, transpose(matrix), (x, y) => x - y)) <= ASYMMETRY * largest(matrix);
}

function exponentOf(args: readonly Matrix[]): number {
  return second(args).data[0] as number;
}

// A whole power of a matrix with an eigenvalue below 0 has none beside it.
function hasPowers(args: readonly Matrix[]): boolean {
  return !Number.isInteger(exponentOf(args)) || logarithm(first(args)).data.every(Number.isFinite);
}

// u'/(u'u) is no pseudoinverse of u = 0.
function isNoZeroVector([u]: readonly Matrix[]): boolean {
  const { rows, cols, data } = u as Matrix;
  return Math.min(rows, cols) > 1 || data.some((x) => x !== 0);
}
