// What functions are made of: those that forms have entry by entry, and a table of those that
// are put together from others, stable where their definition is not.
//
// Not here: functions that are given by a definition (lower.ts asks for it), and the forms that
// keep their digits (stable.ts).

import * as Q from "../../base/rational.ts";
import { addDims, type Dim } from "../../expr/dim.ts";
import { contract, eye, total } from "./contract.ts";
import { fill, map, minus, negative, number, over, power, raise, scaled, shift, times } from "./elementwise.ts";
import type { Form, Forms, Reduction } from "./form.ts";
import { overItself, sinc } from "./limits.ts";
import { logCosh } from "./logarithms.ts";
import { determinant, inverse, matrixPower } from "./square.ts";
import { logSumExp, softmax } from "./stable.ts";

const TWO = Q.rational(2);
type Make = (forms: Forms, ...args: Form[]) => Form;
/** What a function of the rows of a matrix is made of; `over` are the entries of a row, all where there is one row, and "one" where a row has one. */
type OfRows = (forms: Forms, x: Form, over: 1 | "all" | "one") => Form;

const reduce = (forms: Forms, fn: Reduction, x: Form): Form =>
  x.axes.length === 0 ? x : forms.make({ kind: "reduce", fn, over: "all", of: x, axes: [] });
const reduceRows =
  (fn: Reduction): OfRows =>
  (forms, x, over) =>
    over === 1 ? forms.make({ kind: "reduce", fn, over, of: x, axes: [x.axes[0] as Dim] }) : over === "all" ? reduce(forms, fn, x) : x;
const call = (forms: Forms, fn: string, args: readonly Form[], axes: readonly Dim[]): Form => forms.make({ kind: "call", fn, args, axes });
const count = (forms: Forms, x: Form): Form =>
  times(forms, number(forms, 1), ...x.axes.map((dim) => forms.make({ kind: "size", dim, axes: [] })));
const fn =
  (name: string): Make =>
  (forms, ...args) =>
    map(forms, name, args);
// Functions of whole matrices are functions of numbers where there is one entry.
const ofMatrix =
  (name: string, entry: string): Make =>
  (forms, x) =>
    x.axes.length === 0 ? map(forms, entry, [x]) : call(forms, name, [x], x.axes);
const length: Make = (f, x) => power(f, total(f, power(f, x, TWO)), Q.HALF);
// The one singular value of a vector is its length, and of a number its absolute value.
const singularNorm =
  (name: string): Make =>
  (f, x) =>
    x.axes.length === 2 ? call(f, name, [x], []) : x.axes.length === 1 ? length(f, x) : map(f, "abs", [x]);
const singularPart =
  (name: string): Make =>
  (f, x) =>
    x.axes.length === 2 ? call(f, name, [x], x.axes) : x.axes.length === 1 ? over(f, x, length(f, x)) : map(f, "sign", [x]);
// 1/2 erfc(−x/√2)
const normcdf: Make = (f, x) => scaled(f, Q.HALF, map(f, "erfc", [negative(f, over(f, x, power(f, number(f, 2), Q.HALF)))]));
// Σ A^k/(k + 1)! is [I 0] exp([A I; 0 0]) [0; I].
function meanExponential(f: Forms, a: Form): Form {
  const [n] = a.axes as [Dim, Dim];
  const [one, none] = [eye(f, n), fill(f, Q.ZERO, [n, n])];
  const two = addDims(n, n);
  const side = (axis: 0 | 1, ...parts: Form[]): Form =>
    f.make({ kind: "concat", axis, parts, axes: axis === 0 ? [two, parts[0]?.axes[1] as Dim] : [n, two] });
  const whole = call(f, "expm", [side(0, side(1, a, one), side(1, none, none))], [two, two]);
  return contract(f, [side(1, one, none), whole, side(0, none, one)]);
}
// p log(x), 0 where p is 0; a logarithm that is written in another way has a value where x vanishes.
const timesLog = (f: Forms, p: Form, x: Form): Form => {
  const log = map(f, "log", [x]);
  return isPlainLog(log) ? map(f, "where", [map(f, "eq", [p, number(f, 0)]), number(f, 0), times(f, p, log)]) : times(f, p, log);
};
const isPlainLog = (form: Form): boolean => form.kind === "map" && form.fn === "log";
const divergence: Make = (f, p, q) =>
  total(f, isPlainLog(map(f, "log", [q])) ? timesLog(f, p, over(f, p, q)) : minus(f, timesLog(f, p, p), timesLog(f, p, q)));
const inverseOf =
  (name: string): Make =>
  (f, x) =>
    power(f, map(f, name, [x]), Q.MINUS_ONE);
const swish: Make = (f, x) => times(f, x, map(f, "sigmoid", [x]));

// biome-ignore format: a list is read in rows
/** Functions that targets have under some name, entry by entry. */
const ENTRYWISE = [
  "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin",
  "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sigmoid", "softplus",
  "abs", "sign", "floor", "ceil", "round", "erf", "erfc", "gamma", "lgamma", "digamma",
  "trigamma", "cbrt", "max", "min", "atan2", "hypot",
];

/** Functions of the rows of a matrix. */
export const FUNCTIONS_OF_ROWS: Readonly<Record<string, OfRows>> = {
  rowsoftmax: (f, x, over) => (over === "one" ? fill(f, Q.ONE, x.axes) : softmax(f, x, over)),
  rowmax: reduceRows("max"),
  rowmin: reduceRows("min"),
  rowprod: reduceRows("prod"),
};

// biome-ignore format: a table is read by columns
/** What a function of given forms is; functions that are not here have a definition. */
export const FUNCTIONS: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(ENTRYWISE.map((name) => [name, fn(name)])),
  ln:         fn("log"),
  sqrt:       (f, x) => power(f, x, Q.HALF),
  square:     (f, x) => power(f, x, TWO),
  epow:       (f, x, y) => raise(f, x, y),
  sec:        inverseOf("cos"),
  csc:        inverseOf("sin"),
  cot:        inverseOf("tan"),
  sinc,
  sech:       inverseOf("cosh"),
  csch:       inverseOf("sinh"),
  coth:       inverseOf("tanh"),
  logsigmoid: (f, x) => negative(f, map(f, "softplus", [negative(f, x)])),
  silu:       swish,
  swish,
  normcdf,
  gelu:       (f, x) => times(f, x, normcdf(f, x)),
  mish:       (f, x) => times(f, x, map(f, "tanh", [map(f, "softplus", [x])])),
  relu:       (f, x) => map(f, "max", [x, number(f, 0)]),
  step:       (f, x) => map(f, "gt", [x, number(f, 0)]),
  hinge:      (f, x) => map(f, "max", [shift(f, negative(f, x), Q.ONE), number(f, 0)]),
  elu:        (f, x) => map(f, "where", [map(f, "gt", [x, number(f, 0)]), x, map(f, "expm1", [map(f, "min", [x, number(f, 0)])])]),
  logcosh:    logCosh,
  max:        (f, x, y) => (y === undefined ? reduce(f, "max", x) : map(f, "max", [x, y])),
  min:        (f, x, y) => (y === undefined ? reduce(f, "min", x) : map(f, "min", [x, y])),
  largest:    (f, x) => reduce(f, "max", x),
  smallest:   (f, x) => reduce(f, "min", x),
  prod:       (f, x) => reduce(f, "prod", x),
  mean:       (f, x) => over(f, total(f, x), count(f, x)),
  norm2:      length,
  norm1:      (f, x) => total(f, map(f, "abs", [x])),
  norminf:    (f, x) => reduce(f, "max", map(f, "abs", [x])),
  softmax:    (f, x) => softmax(f, x),
  logsumexp:  (f, x) => logSumExp(f, x),
  logsoftmax: (f, x) => minus(f, x, logSumExp(f, x)),
  xlogx:      (f, x) => timesLog(f, x, x),
  xlogy:      timesLog,
  crossentropy: (f, p, q) => negative(f, total(f, timesLog(f, p, q))),
  kldiv:      divergence,
  inv:        (f, x) => inverse(f, x),
  det:        (f, x) => determinant(f, "det", x),
  logdet:     (f, x) => determinant(f, "logdet", x),
  adj:        (f, x) => times(f, determinant(f, "det", x), inverse(f, x)),
  mpow:       (f, x, k) => (x.axes.length === 0 ? raise(f, x, k) : matrixPower(f, x, k)),
  pinv:       (f, x) => (x.axes.length === 2 ? call(f, "pinv", [x], [...x.axes].reverse()) : over(f, x, total(f, power(f, x, TWO)))),
  tril:       (f, x) => (x.axes.length === 2 ? call(f, "tril", [x], x.axes) : x),
  expm:       ofMatrix("expm", "exp"),
  phi1m:      (f, x) => (x.axes.length === 0 ? overItself(f, "expm1", x) : meanExponential(f, x)),
  logm:       ofMatrix("logm", "log"),
  sqrtm:      (f, x) => (x.axes.length === 0 ? power(f, x, Q.HALF) : call(f, "sqrtm", [x], x.axes)),
  sinm:       ofMatrix("sinm", "sin"),
  cosm:       ofMatrix("cosm", "cos"),
  nuclear:    singularNorm("nuclear"),
  spectral:   singularNorm("spectral"),
  eigmax:     (f, x) => (x.axes.length === 0 ? x : call(f, "eigmax", [x], [])),
  topeigen:   (f, x) => (x.axes.length === 0 ? number(f, 1) : call(f, "topeigen", [x], x.axes)),
  chol:       (f, x) => (x.axes.length === 0 ? power(f, x, Q.HALF) : call(f, "chol", [x], x.axes)),
  polar:      singularPart("polar"),
  topsingular: singularPart("topsingular"),
};
