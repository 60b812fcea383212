// What the functions of the rule library are worth on numbers: a table from name to
// kernel. It is written from the definitions of the functions and shares nothing with
// their rules, so that it can testify about them.
//
// Not here: functions of matrices by linear algebra (linearKernels.ts). A function without a
// row is evaluated through its definition (src/numeric/program.ts).

import {
  first,
  type Kernel,
  type KernelTable,
  leadOf,
  nearest,
  nearestOfAll,
  number,
  ofPairs,
  pairDistance,
  second,
  top,
  whole,
} from "./kernel.ts";
import { LINEAR } from "./linearKernels.ts";
import type { Backend } from "./mathjs.ts";
import { at, generate, largest, length, type Matrix, map, matrix, reduce, scalar, scale, sum, zip } from "./matrix.ts";
import { complementary, digamma, trigamma } from "./special.ts";

/** The kernels of all known functions, over the functions taken from mathjs. */
export function createKernels(backend: Backend): KernelTable {
  const table = new Map<string, Kernel>();
  const add = (rows: Readonly<Record<string, Kernel>>): void => {
    for (const [name, kernel] of Object.entries(rows)) table.set(name, kernel);
  };
  const ofNumbers = smooth({ ...backend, erfc: complementary(backend.erf) });
  for (const [name, f] of Object.entries(ofNumbers)) table.set(name, { value: (args) => map(first(args), f) });
  for (const [name, row] of Object.entries(KINKED)) {
    table.set(name, {
      value: (args) => map(first(args), row.value),
      margin: (args) => (row.singular ? nearestOfAll : nearest)(first(args).data, row.distance),
    });
  }
  add(PAIRS);
  add(ofLogGamma(ofNumbers["lgamma"] as (x: number) => number));
  add(OF_ARRAYS);
  add(LINEAR);
  return table;
}

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
  hardtanh: { value: (x) => Math.max(-1, Math.min(x, 1)),                  distance: (x) => abs(abs(x) - 1) },
  relu6:    { value: (x) => Math.max(0, Math.min(x, 6)),                   distance: (x) => Math.min(abs(x), abs(x - 6)) },
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

/** Entries that are no less than their lower bounds. */
const raised = (args: readonly Matrix[]): Matrix => zip(first(args), second(args), Math.max);

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
  logaddexp: ofPairs((x, y) => Math.max(x, y) + log1p(exp(-abs(x - y)))),
  softthreshold: {
    ...ofPairs((x, t) => (t <= 0 ? Number.NaN : sign(x) * Math.max(abs(x) - t, 0))),
    margin: (args) => pairDistance(map(first(args), abs), second(args)),
  },
  clip: {
    value: (args) => zip(raised(args), args[2] as Matrix, Math.min),
    margin: (args) => Math.min(pairDistance(first(args), second(args)), pairDistance(raised(args), args[2] as Matrix)),
  },
};

// What is made of the logarithm of the gamma function, which mathjs has.
const ofLogGamma = (lgamma: (x: number) => number): Readonly<Record<string, Kernel>> => ({
  betaln: ofPairs((x, y) => lgamma(x) + lgamma(y) - lgamma(x + y)),
});

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

// Functions of whole vectors and matrices entry by entry. Norms are those of all entries.
const OF_ARRAYS: Readonly<Record<string, Kernel>> = {
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
  largest: { value: (args) => scalar(top(first(args))), margin: (args) => leadOf(first(args).data) },
  smallest: { value: (args) => scalar(-top(scale(first(args), -1))), margin: (args) => leadOf(first(args).data.map((x) => -x)) },
  rowmax: extremeOfRows(1),
  rowmin: extremeOfRows(-1),
  numel: number((a) => a.data.length),
  nrow: number((a) => a.rows),
  ncol: number((a) => a.cols),
  length: number((x) => x.data.length),
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
  normalize: { ...whole((x) => scale(x, 1 / length(x))), margin: (args) => length(first(args)) },
  rms: { ...number((a) => length(a) / sqrt(a.data.length)), margin: (args) => length(first(args)) },
  mse: pair((a, b) => mean(zip(a, b, (x, y) => (x - y) ** 2))),
  mae: { ...pair((a, b) => mean(zip(a, b, (x, y) => abs(x - y)))), margin: (args) => pairDistance(first(args), second(args)) },
  softmin: whole((a) => softmax(scale(a, -1))),
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
