// Element-wise functions in JavaScript: as text for generated loops and as functions for the
// interpreter, in one table each that the compiler holds together.

import * as kernels from "../../../kernels/kernels.ts";

interface Row {
  /** The expression for given operands, in brackets or a call as every operand is: a sign in front of a bare power is no JavaScript. */
  readonly text: (...args: readonly string[]) => string;
  readonly value: (a: number, b: number, c: number) => number;
}

const M = Math;
const unary = (name: Exclude<keyof Math, symbol>): Row => ({
  text: (a) => `Math.${name}(${a})`,
  value: (a) => (M[name] as (x: number) => number)(a),
});
const helper = (name: "erf" | "erfc" | "erfcx" | "gammaFunction" | "logGamma" | "digamma" | "trigamma" | "softplus"): Row => ({
  text: (a) => `${name}(${a})`,
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: kernels are called by name
  value: (a) => kernels[name](a),
});
const sign = (symbol: string, value: Row["value"]): Row => ({ text: (a, b) => `(${a} ${symbol} ${b})`, value });
const test = (symbol: string, holds: (a: number, b: number) => boolean): Row => ({
  text: (a, b) => `(${a} ${symbol} ${b} ? 1 : 0)`,
  value: (a, b) => (holds(a, b) ? 1 : 0),
});

// biome-ignore format: a table is read by columns
export const ENTRIES: Readonly<Record<string, Row>> = {
  add:      sign("+", (a, b) => a + b),
  sub:      sign("-", (a, b) => a - b),
  mul:      sign("*", (a, b) => a * b),
  div:      sign("/", (a, b) => a / b),
  neg:      { text: (a) => `(-${a})`, value: (a) => -a },
  square:   { text: (a) => (/^[\w.[\]]+$/.test(a) ? `(${a} * ${a})` : `(${a} ** 2)`), value: (a) => a * a },
  pow:      { text: (a, b) => `Math.pow(${a}, ${b})`, value: (a, b) => a ** b },
  sigmoid:  { text: (a) => (a.startsWith("(-") ? `(1 / (1 + Math.exp(${a.slice(2, -1)})))` : `(1 / (1 + Math.exp(-${a})))`), value: (a) => 1 / (1 + M.exp(-a)) },
  where:    { text: (a, b, c) => `(${a} !== 0 ? ${b} : ${c})`, value: (a, b, c) => (a !== 0 ? b : c) },
  round:    { text: (a) => `Math.floor(${a} + 0.5)`, value: (a) => M.floor(a + 0.5) },
  max:      { text: (a, b) => `Math.max(${a}, ${b})`, value: (a, b) => M.max(a, b) }, min: { text: (a, b) => `Math.min(${a}, ${b})`, value: (a, b) => M.min(a, b) },
  atan2:    { text: (a, b) => `Math.atan2(${a}, ${b})`, value: (a, b) => M.atan2(a, b) }, hypot: { text: (a, b) => `Math.hypot(${a}, ${b})`, value: (a, b) => M.hypot(a, b) },
  exp:      unary("exp"), log: unary("log"), log2: unary("log2"), log10: unary("log10"), log1p: unary("log1p"), expm1: unary("expm1"),
  sqrt:     unary("sqrt"), cbrt: unary("cbrt"), sin: unary("sin"), cos: unary("cos"), tan: unary("tan"), asin: unary("asin"),
  acos:     unary("acos"), atan: unary("atan"), sinh: unary("sinh"), cosh: unary("cosh"), tanh: unary("tanh"), asinh: unary("asinh"),
  acosh:    unary("acosh"), atanh: unary("atanh"), abs: unary("abs"), sign: unary("sign"), floor: unary("floor"), ceil: unary("ceil"),
  erf:      helper("erf"), erfc: helper("erfc"), erfcx: helper("erfcx"), gamma: helper("gammaFunction"), lgamma: helper("logGamma"),
  digamma:  helper("digamma"), trigamma: helper("trigamma"), softplus: helper("softplus"),
  gt:       test(">", (a, b) => a > b), ge: test(">=", (a, b) => a >= b), lt: test("<", (a, b) => a < b), le: test("<=", (a, b) => a <= b),
  eq:       test("===", (a, b) => a === b), ne: test("!==", (a, b) => a !== b),
};
