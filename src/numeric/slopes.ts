// How fast operators and functions change with their arguments: a table from name to slope,
// written from the definitions of the functions, for dual.ts.
//
// Invariants: it shares nothing with the rules that it testifies about; a slope is in the form
// that keeps its digits where the function saturates (1/cosh² for tanh). At a kink any slope
// of the function's sides may be given: checks keep away from kinks.

import { isComparison, isConstantOperator, linearity, OPERATOR_NAMES, type OperatorName } from "../expr/operators.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { determinant, inverse } from "./linear.ts";
import { filled, generate, isScalar, type Matrix, map, matrix, multiply, plus, scalar, scale, sum, transpose, zip } from "./matrix.ts";

/** From how the arguments change to how the value does; undefined stands for no change. */
export type Slope = (tangents: readonly (Matrix | undefined)[]) => Matrix | undefined;

const { abs, cos, cosh, exp, log, sin, sqrt, tan, tanh, PI } = Math;
const sigmoid = (x: number): number => 1 / (1 + exp(-x));
const normal = (x: number): number => exp((-x * x) / 2) / sqrt(2 * PI);

/** (sin x / x)′ without cancellation near zero. */
function sincSlope(x: number): number {
  if (abs(x) > 0.5) return (cos(x) - sin(x) / x) / x;
  let term = -x / 3;
  let total = term;
  // Σ (−1)^k 2k x^(2k−1)/(2k+1)!
  for (let k = 2; k < 12; k++) {
    term *= ((-x * x) / ((2 * k + 1) * (2 * k))) * (k / (k - 1));
    total += term;
  }
  return total;
}

type Special = (name: string, x: number) => number;

// f′(x), given x and f(x).
// biome-ignore format: a table is read by columns
const entrywise = (of: Special): Readonly<Record<string, (x: number, y: number) => number>> => ({
  exp: (_, y) => y,                      log: (x) => 1 / x,                      ln: (x) => 1 / x,
  log2: (x) => 1 / (x * Math.LN2),       log10: (x) => 1 / (x * Math.LN10),      log1p: (x) => 1 / (1 + x),
  expm1: exp,                            sqrt: (_, y) => 1 / (2 * y),            cbrt: (_, y) => 1 / (3 * y * y),
  square: (x) => 2 * x,                  sin: cos,                               cos: (x) => -sin(x),
  tan: (x) => 1 / cos(x) ** 2,           sec: (x, y) => y * tan(x),              csc: (x, y) => -y / tan(x),
  cot: (x) => -1 / sin(x) ** 2,          asin: (x) => 1 / sqrt((1 - x) * (1 + x)), acos: (x) => -1 / sqrt((1 - x) * (1 + x)),
  atan: (x) => 1 / (1 + x * x),          sinh: cosh,                             cosh: Math.sinh,
  tanh: (x) => 1 / cosh(x) ** 2,         sech: (x, y) => -y * tanh(x),           csch: (x, y) => -y / tanh(x),
  coth: (x) => -1 / Math.sinh(x) ** 2,   asinh: (x) => 1 / Math.hypot(1, x),     acosh: (x) => 1 / sqrt((x - 1) * (x + 1)),
  atanh: (x) => 1 / ((1 - x) * (1 + x)), sinc: sincSlope,
  erf: (x) => (2 / sqrt(PI)) * exp(-x * x),                                      erfc: (x) => (-2 / sqrt(PI)) * exp(-x * x),
  gamma: (x, y) => y * of("digamma", x), lgamma: (x) => of("digamma", x),        digamma: (x) => of("trigamma", x),
  sigmoid: (x) => 1 / ((1 + exp(-x)) * (1 + exp(x))),                            logit: (x) => 1 / (x * (1 - x)),
  softplus: sigmoid,                     logsigmoid: (x) => sigmoid(-x),
  silu: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),                               swish: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  gelu: (x) => of("normcdf", x) + x * normal(x),                                 normcdf: normal,
  normpdf: (x, y) => -x * y,             xlogx: (x) => log(x) + 1,               logcosh: tanh,
  abs: Math.sign,                        sign: () => 0,                          relu: (x) => (x > 0 ? 1 : 0),
  step: () => 0,                         hinge: (x) => (x < 1 ? -1 : 0),         huber: (x) => (abs(x) <= 1 ? x : Math.sign(x)),
  elu: (x) => (x > 0 ? 1 : exp(x)),      softsign: (x) => 1 / (1 + abs(x)) ** 2, floor: () => 0,
  ceil: () => 0,                         round: () => 0,
});

// ∂f/∂x and ∂f/∂y, given x, y and f(x, y).
// biome-ignore format: a table is read by columns
const PAIRS: Readonly<Record<string, (x: number, y: number, z: number) => readonly [number, number]>> = {
  atan2:     (y, x) => [x / (x * x + y * y), -y / (x * x + y * y)],
  hypot:     (x, y, z) => [x / z, y / z],
  max:       (x, y) => (x > y ? [1, 0] : [0, 1]),
  min:       (x, y) => (x < y ? [1, 0] : [0, 1]),
  epow:      powerSlopes,
  hpow:      powerSlopes,
  xlogy:     (x, y) => [log(y), x / y],
  leakyrelu: (x, a) => (x > 0 ? [1, 0] : [a, x]),
};

function powerSlopes(x: number, k: number, z: number): readonly [number, number] {
  return [k === 0 ? 0 : k * x ** (k - 1), x > 0 ? log(x) * z : x === 0 ? 0 : Number.NaN];
}

type Whole = (args: readonly Matrix[], value: Matrix, params: readonly number[], arithmetic: Arithmetic) => Slope | undefined;

const first = (args: readonly Matrix[]): Matrix => args[0] as Matrix;
const second = (args: readonly Matrix[]): Matrix => args[1] as Matrix;
const zeroLike = (a: Matrix): Matrix => matrix(a.rows, a.cols);
const inner = (a: Matrix, b: Matrix): number => sum(zip(a, b, (x, y) => x * y));
const added = (a: Matrix | undefined, b: Matrix | undefined): Matrix | undefined =>
  a === undefined ? b : b === undefined ? a : plus(a, b);
/** Of one argument that changes. */
const single =
  (f: (t: Matrix) => Matrix): Slope =>
  ([t]) =>
    t === undefined ? undefined : f(t);
/** Linear in all arguments together: the operator itself, applied to the changes. */
const linear =
  (op: OperatorName): Whole =>
  (args, _, params, { operators }) =>
  (tangents) =>
    operators[op].value(
      tangents.map((t, k) => t ?? zeroLike(args[k] as Matrix)),
      params,
    );
const bilinear =
  (op: OperatorName): Whole =>
  (args, _, params, { operators }) =>
  ([s, t]) =>
    added(
      s === undefined ? undefined : operators[op].value([s, second(args)], params),
      t === undefined ? undefined : operators[op].value([first(args), t], params),
    );
const quotient: Whole =
  (args, value) =>
  ([s, t]) => {
    const change =
      t === undefined
        ? undefined
        : scale(
            zip(value, t, (q, d) => q * d),
            -1,
          );
    return zip(added(s, change) as Matrix, second(args), (d, b) => d / b);
  };
const atPeak: (args: readonly Matrix[], pick: (x: number, y: number) => boolean) => Slope = (args, pick) => {
  const data = first(args).data;
  let best = 0;
  for (let k = 1; k < data.length; k++) if (pick(data[k] as number, data[best] as number)) best = k;
  return single((t) => scalar(t.data[best] as number));
};
const above = (x: number, y: number): boolean => x > y;
const below = (x: number, y: number): boolean => x < y;
const none: Whole = () => () => undefined;
// A length is Lipschitz: where its vector stands still it does so too, at zero as well.
const euclid: Whole = (args, value) =>
  single((t) => scalar(t.data.every((x) => x === 0) ? 0 : inner(first(args), t) / (value.data[0] as number)));
const softened = (a: Matrix): Matrix => {
  const peak = a.data.reduce((m, x) => Math.max(m, x), Number.NEGATIVE_INFINITY);
  const e = map(a, (x) => exp(x - peak));
  return scale(e, 1 / sum(e));
};

// A^k for a whole k: Σ A^i dA A^(k−1−i).
function powered(a: Matrix, k: number): Slope | undefined {
  if (!Number.isInteger(k) || abs(k) > 64) return undefined;
  const base = k < 0 ? inverse(a) : a;
  const count = abs(k);
  const powers = [generate(a.rows, a.rows, (i, j) => (i === j ? 1 : 0))];
  for (let i = 1; i < count; i++) powers.push(multiply(powers[i - 1] as Matrix, base));
  return single((given) => {
    const t = k < 0 ? scale(multiply(multiply(base, given), base), -1) : given;
    let total = zeroLike(a);
    for (let i = 0; i < count; i++) total = plus(total, multiply(multiply(powers[i] as Matrix, t), powers[count - 1 - i] as Matrix));
    return total;
  });
}

const pow: Whole = (args, value) => {
  const [a, k] = [first(args), second(args)];
  if (!isScalar(a)) {
    const slope = powered(a, k.data[0] as number);
    return slope && (([s, t]) => (t === undefined ? slope([s]) : filled(a.rows, a.cols, Number.NaN)));
  }
  return ([s, t]) => {
    const [da, dk] = powerSlopes(a.data[0] as number, k.data[0] as number, value.data[0] as number);
    return scalar((s === undefined ? 0 : da * (s.data[0] as number)) + (t === undefined ? 0 : dk * (t.data[0] as number)));
  };
};

// value, condition, value, condition, …, value otherwise: the branch that is taken changes.
const cases: Whole =
  (args, value, params, { operators }) =>
  (tangents) =>
    operators.cases.value(
      args.map((a, k) => (k % 2 === 1 ? a : (tangents[k] ?? zeroLike(value)))),
      params,
    );

const rowsOf = (is: (op: OperatorName) => boolean, slope: (op: OperatorName) => Whole): Readonly<Record<string, Whole>> =>
  Object.fromEntries(OPERATOR_NAMES.filter(is).map((op) => [op, slope(op)]));

// biome-ignore format: a table is read by columns
const WHOLE: Readonly<Record<string, Whole>> = {
  ...rowsOf((op) => linearity(op) === "together", linear),
  ...rowsOf((op) => linearity(op) === "each", bilinear),
  ...rowsOf((op) => isConstantOperator(op) || isComparison(op), () => none),
  div: quotient, hdiv: quotient, pow, cases,
  norm: euclid, norm2: euclid, normF: euclid,
  norm1:     (args) => single((t) => scalar(inner(map(first(args), Math.sign), t))),
  norminf:   (args) => { const a = map(first(args), abs); const pick = atPeak([a], above); return single((t) => pick([zip(t, first(args), (d, x) => d * Math.sign(x))]) as Matrix); },
  largest:   (args) => atPeak(args, above),
  smallest:  (args) => atPeak(args, below),
  mean:      (args) => single((t) => scalar(sum(t) / first(args).data.length)),
  prod:      (args, value) => single((t) => scalar(sum(zip(t, first(args), (d, x) => ((value.data[0] as number) * d) / x)))),
  logsumexp: (args) => { const p = softened(first(args)); return single((t) => scalar(inner(p, t))); },
  softmax:   (_, p) => single((t) => { const m = inner(p, t); return zip(p, t, (x, d) => x * (d - m)); }),
  inv:       (_, y) => single((t) => scale(multiply(multiply(y, t), y), -1)),
  det:       (args) => { const a = first(args); const adjoint = scale(inverse(a), determinant(a)); return single((t) => scalar(inner(transpose(adjoint), t))); },
  logdet:    (args) => { const y = transpose(inverse(first(args))); return single((t) => scalar(inner(y, t))); },
};

/** The slope of an operator or function at its arguments; undefined where it has none here. */
export function slopeOf(
  name: string,
  args: readonly Matrix[],
  value: Matrix,
  params: readonly number[],
  arithmetic: Arithmetic,
): Slope | undefined {
  if ((name === "max" || name === "min") && args.length === 1) return atPeak(args, name === "max" ? above : below);
  if (name === "mpow" && args.length === 2 && !isScalar(first(args))) return pow(args, value, params, arithmetic);
  const whole = Object.hasOwn(WHOLE, name) ? WHOLE[name] : undefined;
  if (whole !== undefined) return whole(args, value, params, arithmetic);
  const pair = Object.hasOwn(PAIRS, name) && args.length === 2 ? PAIRS[name] : undefined;
  if (pair !== undefined) return pairSlope(pair, args, value);
  const special: Special = (fn, x) => arithmetic.functions.get(fn)?.value([scalar(x)]).data[0] ?? Number.NaN;
  const table = entrywise(special);
  const of = Object.hasOwn(table, name) && args.length === 1 ? table[name] : undefined;
  if (of === undefined) return undefined;
  const slopes = zip(first(args), value, of);
  return single((t) => zip(slopes, t, (k, d) => k * d));
}

function pairSlope(of: (x: number, y: number, z: number) => readonly [number, number], args: readonly Matrix[], value: Matrix): Slope {
  const entry = (a: Matrix, k: number): number => a.data[isScalar(a) ? 0 : k] as number;
  const slopes = Array.from(value.data, (z, k) => of(entry(first(args), k), entry(second(args), k), z));
  return ([s, t]) =>
    matrix(
      value.rows,
      value.cols,
      Float64Array.from(slopes, ([x, y], k) => (s === undefined ? 0 : x * entry(s, k)) + (t === undefined ? 0 : y * entry(t, k))),
    );
}
