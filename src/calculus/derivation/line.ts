// A line of a derivation with matrices among its values, forwards (differentials.ts) and backwards
// (gradients.ts): in the symbols of the lines before, with their values put in, and simplified.

import * as build from "../../expr/build.ts";
import type { Expr } from "../../expr/expr.ts";
import { LONG_TAPE } from "./chain.ts";
import type { Tape } from "./introduce.ts";
import type { Setting } from "./local.ts";
import { simplify } from "./terms.ts";

/** The value of a line in three forms, each from the one before. */
export interface Line {
  readonly inSymbols: Expr;
  readonly inValues: Expr;
  readonly is: Expr;
}

/** A line of a derivation; where that is long, nothing is put in or simplified on the way. */
export function lineOf(tape: Tape, here: Setting, inSymbols: Expr, values: () => Expr): Line {
  if (tape.nodes.length > LONG_TAPE) return { inSymbols, inValues: inSymbols, is: inSymbols };
  const inValues = values();
  return { inSymbols, inValues, is: simplify(inValues, here, { sums: true }) };
}

/** Those of the forms before the last that say something new. */
export const distinctForms = (forms: readonly Expr[], is: Expr): Expr[] => forms.filter((v, i) => v !== is && forms.indexOf(v) === i);

/** The names that a term has of intermediate values, written out. */
export function expanded(tape: Tape, expr: Expr, s: Setting): Expr {
  let out = expr;
  for (const node of [...tape.nodes].reverse())
    if (node !== tape.root) out = build.substitute(out, new Map([[node.variable as Expr, node.body]]), s.library.functions);
  return out;
}
