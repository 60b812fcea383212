// Names in expressions of mathjs: those of the user's variables and sizes in letters that every reader of the language takes.
//
// Invariant: different names stay different, and none means something else to mathjs. An expression has no
// place that tells of a name written otherwise, so such names are refused.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { dimNames } from "../../expr/dim.ts";
import { type Expr, nodes } from "../../expr/expr.ts";
import { identifier } from "../names.ts";

/** Keywords of mathjs, its values that are no names, and the functions that expressions call. */
// biome-ignore format: a list
const WORDS: ReadonlySet<string> = new Set([
  "end", "true", "false", "null", "undefined", "NaN", "Infinity", "mod", "to", "in", "and", "xor", "or", "not",
  "map", "sum", "transpose", "trace", "diag", "flatten", "kron", "reshape", "ones", "zeros", "identity", "concat", "dotMultiply",
  "inv", "det", "pinv", "expm", "sqrtm", "mean", "prod", "max", "min", "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt",
  "square", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh",
  "acosh", "atanh", "abs", "sign", "floor", "ceil", "erf",
]);

/** Ends the call where a name of a term cannot stand in an expression of mathjs, or two of them are written alike. */
export function checkMathjsNames(expr: Expr): void {
  const known = new Map<string, string>();
  for (const name of namesOf(expr)) {
    const written = identifier(name);
    const other = known.get(written);
    if (other !== undefined && other !== name) refuse(`${other} and ${name} are both ${written} in mathjs`, name);
    if (WORDS.has(written)) refuse(`${name} means something else in mathjs`, name);
    known.set(written, name);
  }
}

const namesOf = (expr: Expr): string[] =>
  [...nodes(expr)].flatMap((e) => [...(e.kind === "var" ? [e.name] : []), ...dimNames(e.shape.rows), ...dimNames(e.shape.cols)]);

const refuse = (message: string, name: string): never =>
  fail("unsupported", message, NOWHERE, { fix: `another name, such as ${identifier(name)}_1` });
