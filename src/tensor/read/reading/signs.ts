// The signs of summands, and a minus in front of a half, which is written with the number: −½ B for −B/2 is one
// operation less.
//
// Invariant: the value stays the same; the sign of a later summand is the sum's own and stays.

import { isInteger, type Rational, rational } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { type Expr, fold, isApply, nodes } from "../../../expr/expr.ts";
import type { FunctionInfo } from "../../../expr/functions.ts";
import { startsWithNumber } from "../../../expr/operations.ts";

/** A summand of an answer. */
export interface Signed {
  readonly expr: Expr;
  /** Whether a minus stands in front. */
  readonly negative: boolean;
}

/** Summands one behind the other, a minus before those that are negative. */
export const signedSum = (parts: readonly Signed[]): Expr => build.add(...parts.map((p) => (p.negative ? build.neg(p.expr) : p.expr)));

/** The term with the minus of each fraction by a number taken into the number. */
export function withSignedNumbers(expr: Expr, find: (name: string) => FunctionInfo | undefined): Expr {
  if (!nodes(expr).some((e) => e !== signed(e))) return expr;
  const inner = fold<Expr>(expr, (node, args) => {
    if (node.kind !== "apply") return build.withArgs(node, args, find);
    const written = args.map((a, i) => (node.op === "add" && i > 0 ? a : signed(a)));
    return build.withArgs(node, written, find);
  });
  return signed(inner);
}

/** −(B/2) as −½ B, −(B/(2 q)) as −½ B/q; other terms as they are. */
function signed(e: Expr): Expr {
  const [quotient] = isApply(e, "neg") ? e.args : [];
  if (quotient === undefined || !isApply(quotient, "div")) return e;
  const [above, below] = quotient.args as readonly [Expr, Expr];
  if (startsWithNumber(above)) return e;
  const [size, rest] = isApply(below, "mul") ? below.args : [below, undefined];
  if (size?.kind !== "num" || !isInteger(size.value)) return e;
  const by: Rational = rational(-1n, size.value.n);
  const product = build.mul(build.num(by), above);
  return rest === undefined ? product : build.apply("div", [product, rest]);
}
