// A term of an answer as text in three formats, with names for what it repeats where that
// is wanted or where it would otherwise be too long to be of use.
//
// Invariant: all formats write one term. Not here: how a term is printed (src/print) and how parts
// are named (where.ts).

import { fail } from "../../base/diagnostic.ts";
import type { Expr } from "../../expr/expr.ts";
import { countOperations } from "../../expr/operations.ts";
import { type Format, print } from "../../print/print.ts";
import type { Stated } from "../question/state.ts";
import type { NamedText, Written } from "./answer.ts";
import { readingChoice } from "./views.ts";
import { nameParts } from "./where.ts";

/** Operations of the longest answer that is written out; its text has some ten times as many characters. */
const MOST_OPERATIONS = 200_000;
/** Operations of the longest answer with names for its parts. */
const MOST_NAMED = 1_000_000;

type Texts = Pick<Written, "expr" | "shape" | "ascii" | "unicode" | "latex"> & { readonly where: readonly NamedText[] };

/** The texts of a term. Throws an InputError where they would be too long to be of use. */
export function written(expr: Expr, stated: Stated, names: boolean): Texts {
  const { library } = stated;
  const { taken } = readingChoice(stated);
  const operations = countOperations(expr);
  const form = names || operations > MOST_OPERATIONS ? nameParts(expr, taken, library.functions) : { expr, where: [] };
  const length = countOperations(form.expr) + form.where.reduce((n, p) => n + countOperations(p.expr), 0);
  if (length > MOST_NAMED)
    fail("limit", `written out, the answer has ${operations} operations; ${MOST_NAMED} are the most that nabla writes`, {
      start: 0,
      end: 0,
    });
  const known = new Set([...taken, ...form.where.map((p) => p.variable.name)]);
  const text = (e: Expr, format: Format, shapeKnown: boolean): string =>
    print(e, { format, functions: library.functions, shapeKnown, taken: known });
  return {
    expr,
    shape: [expr.shape.rows.key, expr.shape.cols.key],
    ascii: text(form.expr, "ascii", false),
    unicode: text(form.expr, "unicode", true),
    latex: text(form.expr, "latex", true),
    where: form.where.map(({ variable, expr: part }) => ({
      name: variable.name,
      shape: [variable.shape.rows.key, variable.shape.cols.key],
      ascii: text(part, "ascii", false),
      unicode: text(part, "unicode", true),
      latex: `${print(variable, { format: "latex" })} = ${text(part, "latex", true)}`,
    })),
  };
}
