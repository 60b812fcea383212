// The 33 derivatives on which systems of matrix calculus are compared, with how long
// their closed forms are: by hand, and as SymPy 1.14 and tensorgrad (59c85e4) give them.
//
// An operation is an n-ary node less one or any other inner node; transposes are free. The
// peers' answers are trees and counted as such, the hand's and nabla's share equal parts.

import type { Question } from "../src/index.ts";

/** A derivative with the operations of its closed form, by hand and as other systems give it. */
export interface BenchCase extends Question {
  readonly id: string;
  readonly expr: string;
  readonly wrt: string;
  readonly kind: "gradient" | "jacobian" | "hessian";
  readonly best: number;
  /** Absent where SymPy gives an error, a wrong answer or none. */
  readonly sympy?: number;
  readonly tensorgrad: number;
}

const [n, m, k] = ["n", "m", "k"] as const;
const SQUARE = { X: [n, n], A: [n, n], B: [n, n], C: [n, n], a: [n], b: [n] };
const FACTORS = { T: [m, n], U: [m, k], V: [n, k], O: [m, n] };
const LOGISTIC = { X: [m, n], w: [n], y: [m] };
const NET = { W_1: [k, n], W_2: [m, k], x: [n], y: [m] };

type Kind = BenchCase["kind"];
type Row = readonly [
  id: string,
  kind: Kind,
  expr: string,
  wrt: string,
  vars: Record<string, string[]>,
  best: number,
  sympy: number | null,
  tensorgrad: number,
];

// biome-ignore format: a table is read by columns
const ROWS: readonly Row[] = [
  ["weighted sum",    "gradient", "sum(w .* x)",                            "x",   { w: [n], x: [n] },            0,  null, 0],
  ["a'Xb",            "gradient", "a'*X*b",                                 "X",   SQUARE,                        1,  1,    1],
  ["a'X'Xb",          "gradient", "a'*X'*X*b",                              "X",   SQUARE,                        4,  5,    5],
  ["quadratic form",  "gradient", "x'*A*x",                                 "x",   { A: [n, n], x: [n] },         2,  3,    3],
  ["least squares",   "gradient", "norm2(A*x - b)^2",                       "x",   { A: [m, n], x: [n], b: [m] }, 4,  5,    5],
  ["logistic",        "gradient", "sum(log(1 + exp(-y .* (X*w))))",         "w",   LOGISTIC,                      7,  null, 17],
  ["logistic, no y",  "gradient", "sum(log(1 + exp(-(X*w))))",              "w",   LOGISTIC,                      6,  12,   12],
  ["trace",           "gradient", "tr(X)",                                  "X",   SQUARE,                        0,  0,    0],
  ["tr(X'X)",         "gradient", "tr(X'*X)",                               "X",   SQUARE,                        1,  1,    1],
  ["tr(AX'BXC)",      "gradient", "tr(A*X'*B*X*C)",                         "X",   SQUARE,                        7,  7,    7],
  ["tr(X^3)",         "gradient", "tr(X^3)",                                "X",   SQUARE,                        2,  2,    2],
  ["tr(inv(X)A)",     "gradient", "tr(inv(X)*A)",                           "X",   SQUARE,                        4,  5,    5],
  ["a'inv(X)b",       "gradient", "a'*inv(X)*b",                            "X",   SQUARE,                        5,  6,    6],
  ["log(det(X))",     "gradient", "log(det(X))",                            "X",   SQUARE,                        1,  null, 1],
  ["det(X)",          "gradient", "det(X)",                                 "X",   SQUARE,                        3,  null, 3],
  ["factors",         "gradient", "norm2(T - U*V')^2",                      "U",   FACTORS,                       4,  5,    5],
  ["masked factors",  "gradient", "sum(O .* (T - U*V').^2)",                "U",   FACTORS,                       5,  null, 8],
  ["exp(Ax)",         "jacobian", "exp(A*x)",                               "x",   { A: [m, n], x: [n] },         3,  5,    4],
  ["sin(Ax)",         "jacobian", "sin(A*x)",                               "x",   { A: [m, n], x: [n] },         3,  5,    4],
  ["neuron",          "gradient", "max(0, w'*b + c)",                       "w",   { w: [n], b: [n], c: [] },     4,  null, 4],
  ["two layers",      "gradient", "norm2(W_2*tanh(W_1*x) - y)^2",           "W_1", NET,                           10, null, 15],
  ["norm",            "gradient", "norm2(x)",                               "x",   { x: [n] },                    3,  3,    4],
  ["sqrt(x'x + 1)",   "gradient", "sqrt(x'*x + 1)",                         "x",   { x: [n] },                    4,  4,    5],
  ["Rayleigh",        "gradient", "x'*A*x/(x'*x)",                          "x",   { A: [n, n], x: [n] },         10, 28,   20],
  ["log-sum-exp",     "gradient", "log(sum(exp(x)))",                       "x",   { x: [n] },                    3,  null, 5],
  ["cross-entropy",   "gradient", "-t'*log(exp(x)/sum(exp(x)))",            "x",   { t: [n], x: [n] },            6,  null, 9],
  ["sum(exp(X))",     "gradient", "sum(exp(X))",                            "X",   SQUARE,                        1,  6,    1],
  ["H quadratic",     "hessian",  "x'*A*x",                                 "x",   { A: [n, n], x: [n] },         1,  1,    1],
  ["H least squares", "hessian",  "norm2(A*x - b)^2",                       "x",   { A: [m, n], x: [n], b: [m] }, 2,  2,    2],
  ["H logistic",      "hessian",  "sum(log(1 + exp(-y .* (X*w))))",         "w",   LOGISTIC,                      11, null, 39],
  ["H log-sum-exp",   "hessian",  "log(sum(exp(x)))",                       "x",   { x: [n] },                    6,  null, 15],
  ["H factors",       "hessian",  "norm2(T - U*V')^2",                      "U",   FACTORS,                       3,  3,    3],
  ["J inv(X)",        "jacobian", "inv(X)",                                 "X",   SQUARE,                        3,  4,    4],
];

const used = (expr: string, vars: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(vars).filter(([name]) => new RegExp(`(?<![A-Za-z_])${name}(?![A-Za-z_0-9])`).test(expr)));

export const CASES: readonly BenchCase[] = ROWS.map(([id, kind, expr, wrt, vars, best, sympy, tensorgrad]) => ({
  id,
  kind,
  expr,
  wrt,
  vars: used(expr, vars),
  best,
  tensorgrad,
  ...(sympy === null ? {} : { sympy }),
}));

/** The case with names of its own, so that no call finds what another has left. */
export function renamed({ expr, wrt, vars = {} }: BenchCase, count: number): Question & { readonly wrt: string } {
  const fresh = (name: string): string => `${name.replace("_", "")}_${count}`;
  const names = Object.keys(vars).join("|");
  return {
    expr: (expr as string).replace(new RegExp(`(?<![A-Za-z])(?:${names})(?![A-Za-z(])`, "g"), fresh),
    wrt: fresh(wrt),
    vars: Object.fromEntries(Object.entries(vars).map(([name, sizes]) => [fresh(name), sizes])),
  };
}
