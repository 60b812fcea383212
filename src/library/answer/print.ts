// A term as text, with the functions of a rule library at hand.
//
// Invariant: a term of an earlier epoch is interned anew before it is looked at. Not here: notation
// (src/print).

import type { Expr } from "../../expr/expr.ts";
import { type Format, print as printTerm } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import { standardRulesOnce } from "../question/call.ts";
import { renewed } from "../question/state.ts";

/** How a term is printed. */
export interface PrintChoice {
  /** unicode unless stated. */
  readonly format?: Format;
  /** The rules the term's functions belong to; the standard ones unless stated. */
  readonly library?: Library;
}

/**
 * The text of a term, in Unicode unless asked otherwise; ASCII and Unicode are read back by `parse` with the
 * same variables declared. Throws an InputError where the text would be unreasonably long.
 *
 * @example
 * ```ts
 * import { parse, print } from "nabla";
 *
 * const parsed = parse("A'*(x.^2)");
 * if (parsed.ok) console.log(print(parsed.expr), print(parsed.expr, { format: "latex" })); // Aᵀ x.^2 \mathbf{A}^{\top} \mathbf{x}^{\odot 2}
 * ```
 */
export function print(expr: Expr, { format = "unicode", library = standardRulesOnce() }: PrintChoice = {}): string {
  return printTerm(renewed(expr), { format, functions: library.functions });
}
