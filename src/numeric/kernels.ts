// What the functions of the rule library are worth on numbers: a table from name to
// kernel. It is written from the definitions of the functions and shares nothing with
// their rules, so that it can testify about them.
//
// Invariants: a kernel is total, and NaN or an infinity says "undefined here"; a kernel
// that is not smooth states the distance of its arguments from the nearest kink.
// A function without a row is evaluated through its definition (src/numeric/program.ts).

import { invariant } from "../base/assert.ts";
import { cosine, exponential, matrixPower, meanExponential, sine } from "./exponential.ts";
import { adjugate, determinant, inverse, logarithm, squareRoot } from "./linear.ts";
import type { Backend } from "./mathjs.ts";
import { at, generate, largest, length, type Matrix, map, matrix, reduce, scalar, scale, sizes, sum, zip } from "./matrix.ts";
import { polarFactor, pseudoInverse, singularValues, topSingularPair } from "./singular.ts";
import { complementary, digamma, trigamma } from "./special.ts";

/** A function in numbers. */
export interface Kernel {
  readonly value: (args: readonly Matrix[]) => Matrix;
  /** Distance from the nearest kink or jump; what is exactly at one counts as settled there, x_i − x_i for instance. */
  readonly margin?: (args: readonly Matrix[]) => number;
  /** Whether its arguments are those that rules are stated for, where the function has a value at others as well; asked of constants too. */
  readonly holds?: (args: readonly Matrix[]) => boolean;
}

/** Kernels by the names of their functions. */
export type KernelTable = ReadonlyMap<string, Kernel>;

/** The kernels of all known functions, over the functions taken from mathjs. */
export function createKernels(backend: Backend): KernelTable {
  const table = new Map<string, Kernel>();
  const add = (rows: Readonly<Record<string, Kernel>>): void => {
    for (const [name, kernel] of Object.entries(rows)) table.set(name, kernel);
  };
  for (const [name, f] of Object.entries(smooth({ ...backend, erfc: complementary(backend.erf) })))
    table.set(name, { value: (args) => map(first(args), f) });
  for (const [name, row] of Object.entries(KINKED)) {
    table.set(name, {
      value: (args) => map(first(args), row.value),
      margin: (args) => (row.singular ? nearestOfAll : nearest)(first(args).data, row.distance),
    });
  }
  add(PAIRS);
  add(OF_MATRICES);
  return table;
}

const first = (args: readonly Matrix[]): Matrix => args[0] as Matrix;
const second = (args: readonly Matrix[]): Matrix => args[1] as Matrix;

/** Least distance over entries; those that are exactly zero are settled and do not count. */
export function nearest(entries: Float64Array, distance: (x: number) => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const x of entries) {
    const d = distance(x);
    if (d !== 0 && d < least) least = d;
  }
  return least;
}

/** Least distance over all entries. */
export const nearestOfAll = (entries: Float64Array, distance: (x: number) => number): number =>
  entries.reduce((least, x) => Math.min(least, distance(x)), Number.POSITIVE_INFINITY);

const { abs, sign, exp, log, log1p, sqrt, tanh, PI } = Math;
const sigmoid = (x: number): number => 1 / (1 + exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + log1p(exp(-abs(x)));
/** x log(y), 0 where x is 0. */
const timesLog = (x: number, y: number): number => (x === 0 ? 0 : x * log(y));

// Element-wise functions of one number, smooth where they are defined.
// biome-ignore format: a table is read by columns
const smooth = ({ erf, erfc, gamma, lgamma }: Backend & { readonly erfc: (x: number) => number }): Readonly<Record<string, (x: number) => number>> => ({
  exp,           log,
  ln: log,       log2: Math.log2,   log10: Math.log10,
  log1p,         expm1: Math.expm1, square: (x) => x * x,
  sin: Math.sin, cos: Math.cos,     tan: Math.tan,
  sec: (x) => 1 / Math.cos(x),      csc: (x) => 1 / Math.sin(x),      cot: (x) => 1 / Math.tan(x),
  atan: Math.atan,
  sinh: Math.sinh,                  cosh: Math.cosh,                  tanh,
  sech: (x) => 1 / Math.cosh(x),    csch: (x) => 1 / Math.sinh(x),    coth: (x) => 1 / tanh(x),
  asinh: Math.asinh,                atanh: Math.atanh,
  erf,           erfc,
  gamma,         digamma,         trigamma,
  // mathjs approximates the logarithm itself less well than the function.
  lgamma: (x) => (x > 0 && x < 100 ? log(gamma(x)) : lgamma(x)),
  sigmoid,       softplus,          logit: (x) => log(x / (1 - x)),
  logsigmoid: (x) => -softplus(-x),
  silu: (x) => x * sigmoid(x),      swish: (x) => x * sigmoid(x),
  gelu: (x) => (x / 2) * erfc(-x / Math.SQRT2),
  mish: (x) => x * tanh(softplus(x)),
  xlogx: (x) => timesLog(x, x),      logcosh: (x) => abs(x) + log1p(exp(-2 * abs(x))) - Math.LN2,
  normpdf: (x) => exp((-x * x) / 2) / sqrt(2 * PI),
  normcdf: (x) => erfc(-x / Math.SQRT2) / 2,
});

interface Kinked {
  readonly value: (x: number) => number;
  readonly distance: (x: number) => number;
  /** Whether what is exactly there is no regular point either: the slope is infinite, or has no closed form. */
  readonly singular?: true;
  /** Whether it rises in steps alone. */
  readonly stairs?: true;
}

/** Numbers beyond this have too few digits behind the point to be told apart from a jump. */
const MOST_STEPS = 2 ** 30;
/** At an end of its domain a function has no slope, and beside it no point is on a wrong side. */
const fromEnd = (x: number, end: number): number => (x === end ? 0 : Number.POSITIVE_INFINITY);
const fromJump = (x: number, jump: number): number => (abs(x) > MOST_STEPS ? Number.EPSILON : abs(x - jump));

// Element-wise functions of one number with a kink, a jump or a singular derivative, and the distance from it.
// biome-ignore format: a table is read by columns
const KINKED: Readonly<Record<string, Kinked>> = {
  abs:      { value: abs,                                                  distance: abs },
  sign:     { value: sign,                                                 distance: abs },
  relu:     { value: (x) => Math.max(x, 0),                                distance: abs },
  step:     { value: (x) => (x > 0 ? 1 : x <= 0 ? 0 : Number.NaN),         distance: abs },
  hinge:    { value: (x) => Math.max(1 - x, 0),                            distance: (x) => abs(1 - x) },
  huber:    { value: (x) => (abs(x) <= 1 ? (x * x) / 2 : abs(x) - 1 / 2),  distance: (x) => abs(abs(x) - 1) },
  elu:      { value: (x) => (x > 0 ? x : Math.expm1(x)),                   distance: abs },
  softsign: { value: (x) => x / (1 + abs(x)),                              distance: abs },
  floor:    { value: Math.floor,                                           distance: (x) => fromJump(x, Math.round(x)), stairs: true },
  ceil:     { value: Math.ceil,                                            distance: (x) => fromJump(x, Math.round(x)), stairs: true },
  round:    { value: Math.round,                                           distance: (x) => fromJump(x, Math.floor(x) + 1 / 2), stairs: true },
  sqrt:     { value: sqrt,                                                 distance: (x) => fromEnd(x, 0), singular: true },
  asin:     { value: Math.asin,                                            distance: (x) => fromEnd(abs(x), 1), singular: true },
  acos:     { value: Math.acos,                                            distance: (x) => fromEnd(abs(x), 1), singular: true },
  acosh:    { value: Math.acosh,                                           distance: (x) => fromEnd(x, 1), singular: true },
  cbrt:     { value: Math.cbrt,                                            distance: abs, singular: true },
  sinc:     { value: (x) => (x === 0 ? 1 : Math.sin(x) / x),               distance: abs, singular: true },
};

/** Functions that rise in steps: over several of them, a difference quotient has the slope of the stairs. */
export const STAIRS: ReadonlySet<string> = new Set(Object.keys(KINKED).filter((name) => KINKED[name]?.stairs === true));

/** Smallest difference between the entries of two matrices of equal shape, or of a matrix and a number. */
export const pairDistance = (a: Matrix, b: Matrix): number => nearest(zip(a, b, (x, y) => x - y).data, abs);

// Distance between the largest entry and the runner-up.
function leadOf(values: Float64Array): number {
  const sorted = [...values].sort((x, y) => y - x);
  return sorted.length < 2 ? Number.POSITIVE_INFINITY : (sorted[0] as number) - (sorted[1] as number);
}

// The extreme of one argument's entries, or entry by entry of several arguments.
const extreme = (pick: (x: number, y: number) => number, direction: 1 | -1): Kernel => ({
  value: (args) =>
    args.length === 1 ? scalar(reduce(first(args), pick, -direction * Number.POSITIVE_INFINITY)) : args.reduce((a, b) => zip(a, b, pick)),
  margin: (args) => {
    if (args.length === 1) return leadOf(first(args).data.map((x) => direction * x));
    let least = Number.POSITIVE_INFINITY;
    args.forEach((a, i) => {
      for (const b of args.slice(i + 1)) least = Math.min(least, pairDistance(a, b));
    });
    return least;
  },
});

/** A function of two arguments, entry by entry. */
export const ofPairs = (f: (x: number, y: number) => number): Kernel => ({ value: (args) => zip(first(args), second(args), f) });

// Functions of several numbers, taken entry by entry.
const PAIRS: Readonly<Record<string, Kernel>> = {
  max: extreme(Math.max, 1),
  min: extreme(Math.min, -1),
  epow: ofPairs(Math.pow),
  xlogy: ofPairs(timesLog),
  huberloss: {
    ...ofPairs((x, t) => (t <= 0 ? Number.NaN : abs(x) <= t ? (x * x) / 2 : t * (abs(x) - t / 2))),
    margin: (args) => pairDistance(map(first(args), abs), second(args)),
  },
  // Without a slope there is no value on either side.
  leakyrelu: { ...ofPairs((x, a) => (x > 0 && !Number.isNaN(a) ? x : a * x)), margin: (args) => nearest(first(args).data, abs) },
  // The values jump where the second argument is negative and the first changes its sign.
  atan2: {
    ...ofPairs(Math.atan2),
    margin: (args) => nearestOfAll(zip(first(args), second(args), (y, x) => (x > 0 ? Math.hypot(x, y) : y)).data, abs),
  },
  hypot: ofPairs(Math.hypot),
};

const number = (f: (a: Matrix) => number): Kernel => ({ value: (args) => scalar(f(first(args))) });
/** A function of one argument as a whole. */
export const whole = (f: (a: Matrix) => Matrix): Kernel => ({ value: (args) => f(first(args)) });
const ofSquare = (f: (a: Matrix) => Matrix): Kernel =>
  whole((a) => {
    invariant(a.rows === a.cols, `a square matrix is needed, not ${sizes(a)}`);
    return f(a);
  });

const top = (a: Matrix): number => reduce(a, Math.max, Number.NEGATIVE_INFINITY);
function logSumExp(a: Matrix): number {
  const peak = top(a);
  return peak + log(sum(map(a, (x) => exp(x - peak))));
}
const softmax = (a: Matrix): Matrix => {
  const peak = top(a);
  const parts = map(a, (x) => exp(x - peak));
  return scale(parts, 1 / sum(parts));
};
const row = (a: Matrix, i: number): Matrix => generate(1, a.cols, (_, j) => at(a, i, j));
const column = (a: Matrix, j: number): Matrix => matrix(a.rows, 1, a.data.slice(a.rows * j, a.rows * (j + 1)));
const byRows = (a: Matrix, f: (r: Matrix) => Matrix): Matrix => {
  const rows = Array.from({ length: a.rows }, (_, i) => f(row(a, i)));
  return generate(a.rows, a.cols, (i, j) => (rows[i] as Matrix).data[j] as number);
};
const byColumns = (a: Matrix, f: (c: Matrix) => Matrix): Matrix => {
  const cols = Array.from({ length: a.cols }, (_, j) => f(column(a, j)));
  return generate(a.rows, a.cols, (i, j) => (cols[j] as Matrix).data[i] as number);
};
const ofRows = (a: Matrix, f: (r: Matrix) => number): Matrix => generate(a.rows, 1, (i) => f(row(a, i)));
const minor = (a: Matrix, b: Matrix, i: number, j: number): number => at(a, i, 0) * at(b, j, 0) - at(a, j, 0) * at(b, i, 0);
const rowSum = (a: Matrix): Matrix => ofRows(a, sum);
const columnSum = (a: Matrix): Matrix => generate(1, a.cols, (_, j) => sum(column(a, j)));

const euclid: Kernel = { ...number(length), margin: (args) => length(first(args)) || Number.POSITIVE_INFINITY };
const pair = (f: (x: Matrix, y: Matrix) => number): Kernel => ({ value: (args) => scalar(f(first(args), second(args))) });
const extremeOfRows = (direction: 1 | -1): Kernel => ({
  value: ([a]) => ofRows(a as Matrix, (r) => direction * top(scale(r, direction))),
  margin: ([a]) => nearest(ofRows(a as Matrix, (r) => leadOf(scale(r, direction).data)).data, abs),
});
const product = (a: Matrix): number => reduce(a, (t, x) => t * x, 1);
// The derivative of a product divides by its factors.
const hasNoZero = (args: readonly Matrix[]): boolean => first(args).data.every((x) => x !== 0);
const mean = (a: Matrix): number => sum(a) / a.data.length;
// Of the entries themselves, not of a population that they are drawn from.
const variance = (a: Matrix): number => mean(map(a, (x) => (x - mean(a)) ** 2));

// Functions of whole vectors and matrices. Norms are those of all entries.
const OF_MATRICES: Readonly<Record<string, Kernel>> = {
  // Their derivatives are stated for invertible matrices: others are no regular points.
  det: { ...number(determinant), margin: fullRankMargin },
  logdet: number((a) => log(determinant(a))),
  inv: ofSquare(inverse),
  adj: { ...ofSquare(adjugate), margin: fullRankMargin },
  adjugate: { ...ofSquare(adjugate), margin: fullRankMargin },
  expm: ofSquare(exponential),
  phi1m: ofSquare(meanExponential),
  mpow: { value: (args) => matrixPower(first(args), exponentOf(args)), margin: fullRankMargin, holds: hasPowers },
  cosm: ofSquare(cosine),
  sinm: ofSquare(sine),
  logm: ofSquare(logarithm),
  pinv: { value: (args) => pseudoInverse(first(args)), margin: fullRankMargin, holds: isNoZeroVector },
  sqrtm: { ...ofSquare(squareRoot), margin: fullRankMargin },
  softmax: whole(softmax),
  logsoftmax: whole((a) => {
    const total = logSumExp(a);
    return map(a, (x) => x - total);
  }),
  logsumexp: number(logSumExp),
  rowsoftmax: whole((a) => byRows(a, softmax)),
  colsoftmax: whole((a) => byColumns(a, softmax)),
  norm: euclid,
  norm2: euclid,
  normF: euclid,
  norm1: { value: (args) => scalar(reduce(first(args), (t, x) => t + abs(x), 0)), margin: (args) => nearest(first(args).data, abs) },
  norminf: {
    value: (args) => scalar(largest(first(args))),
    margin: (args) => Math.min(leadOf(first(args).data.map(abs)), nearest(first(args).data, abs)),
  },
  pnorm: {
    value: (args) => {
      const p = second(args).data[0] as number;
      return scalar(reduce(first(args), (t, x) => t + abs(x) ** p, 0) ** (1 / p));
    },
    margin: (args) => nearestOfAll(first(args).data, abs),
  },
  nuclear: { ...number((a) => sum(singularValues(a))), margin: leastSingular },
  spectral: { ...number((a) => top(singularValues(a))), margin: singularLead },
  polar: { ...whole(polarFactor), margin: leastSingular },
  topsingular: { ...whole(topSingularPair), margin: singularLead },
  largest: { value: (args) => scalar(top(first(args))), margin: (args) => leadOf(first(args).data) },
  smallest: { value: (args) => scalar(-top(scale(first(args), -1))), margin: (args) => leadOf(first(args).data.map((x) => -x)) },
  rowmax: extremeOfRows(1),
  rowmin: extremeOfRows(-1),
  mean: number(mean),
  var: number(variance),
  std: { ...number((a) => sqrt(variance(a))), margin: (args) => sqrt(variance(first(args))) },
  standardize: {
    ...whole((a) => map(a, (x) => (x - mean(a)) / sqrt(variance(a)))),
    margin: (args) => sqrt(variance(first(args))),
  },
  cosine: {
    ...pair((x, y) => sum(zip(x, y, (s, t) => s * t)) / (length(x) * length(y))),
    margin: (args) => Math.min(length(first(args)), length(second(args))),
  },
  entropy: number((p) => -sum(map(p, (x) => x * log(x)))),
  crossentropy: pair((p, q) => -sum(zip(p, q, timesLog))),
  kldiv: pair((p, q) => sum(zip(p, q, (x, y) => timesLog(x, x) - timesLog(x, y)))),
  prod: { ...number(product), holds: hasNoZero },
  rowprod: { ...whole((a) => ofRows(a, product)), holds: hasNoZero },
  tril: whole((a) => generate(a.rows, a.cols, (i, j) => (i < j ? 0 : at(a, i, j)))),
  triu: whole((a) => generate(a.rows, a.cols, (i, j) => (i > j ? 0 : at(a, i, j)))),
  cumsum: whole((x) => generate(x.rows, 1, (i) => sum(generate(i + 1, 1, (k) => at(x, k, 0))))),
  cross: { value: ([a, b]) => generate(3, 1, (i) => minor(a as Matrix, b as Matrix, (i + 1) % 3, (i + 2) % 3)) },
  crossmatrix: whole((a) => generate(3, 3, (i, j) => (i === j ? 0 : ((j - i + 3) % 3 === 1 ? -1 : 1) * at(a, 3 - i - j, 0)))),
  rowsum: whole(rowSum),
  colsum: whole(columnSum),
  rowmean: whole((a) => scale(rowSum(a), 1 / a.cols)),
  colmean: whole((a) => scale(columnSum(a), 1 / a.rows)),
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
    abs,
  );
}

// Where two singular values are largest, the vectors of one are those of none.
function singularLead(args: readonly Matrix[]): number {
  return leadOf(singularValues(first(args)).data);
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
