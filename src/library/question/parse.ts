// Text to a typed term, for callers who want to build on the term itself.
//
// Not here: what the language means (src/elaborate) and how it is spelled (src/syntax).

import type { Expr, Variable } from "../../expr/expr.ts";
import { type ExprJSON, exprToJSON } from "../../expr/json.ts";
import { answering, type Refusal } from "./call.ts";
import type { Expression } from "./question.ts";
import { state } from "./state.ts";

/** A typed term with what was found out about its names. `JSON.stringify` gives `ParsedJSON`. */
export interface Parsed {
  readonly ok: true;
  /** The term, definitions put in. */
  readonly expr: Expr;
  /** Every variable, declared or inferred. */
  readonly variables: readonly Variable[];
  /** What was assumed beyond what is declared, as sentences. */
  readonly assumptions: readonly string[];
  toJSON(): ParsedJSON;
}

/** What was parsed as plain data. */
export interface ParsedJSON extends Omit<Parsed, "expr" | "variables" | "toJSON"> {
  readonly expr: ExprJSON;
  readonly variables: readonly ExprJSON[];
}

/**
 * The typed term of a text, with shapes inferred; declarations and definitions may stand in the
 * text itself. What is not declared is stated as an assumption.
 *
 * @example
 * ```ts
 * import { parse, shapeText } from "nabla";
 *
 * const parsed = parse("A*x + b");
 * if (parsed.ok) console.log(shapeText(parsed.expr.shape), parsed.assumptions[0]); // m×1 A is an m×n matrix
 * ```
 */
export function parse(text: string, more: Omit<Expression, "expr"> = {}): Parsed | Refusal {
  const expression = { ...more, expr: text };
  return answering(expression, (library) => {
    const { expr, variables, assumptions } = state(expression, [], library);
    const toJSON = (): ParsedJSON => ({ ok: true, expr: exprToJSON(expr), variables: variables.map(exprToJSON), assumptions });
    return { ok: true, expr, variables, assumptions, toJSON };
  });
}
