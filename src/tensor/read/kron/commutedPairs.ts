// Two summands of which one has a commutation matrix more, X Y + X K Y as X (I + K) Y, also where it is
// written without: u ⊗ M + M ⊗ u as (u ⊗ M) (I + K) for a row u. So the two parts of a derivative by a
// symmetric matrix are read, one the other turned.
//
// Invariant: the same value. Not here: Kronecker products with numbers and sides (kronSum.ts).

import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isColumnShape, isRowShape, isVectorShape } from "../../../expr/shape.ts";
import { cost } from "../reading/cost.ts";
import { factorsOf } from "../reading/ends.ts";
import { times } from "../reading/times.ts";
import type { SignedTerm } from "./kronSum.ts";

/** The summands, each with the one that differs from it by a commutation matrix taken in. */
export function joinCommuted(parts: readonly SignedTerm[]): SignedTerm[] {
  const left = [...parts];
  const out: SignedTerm[] = [];
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    let joined = part;
    for (const [at, other] of left.entries()) {
      const alike = part.negative === other.negative;
      const expr = together(part.expr, other.expr, alike) ?? exchanged(part.expr, other.expr, alike);
      if (expr === undefined) continue;
      joined = { expr, negative: part.negative, order: Math.min(part.order, other.order) };
      left.splice(at, 1);
      break;
    }
    out.push(joined);
  }
  return out;
}

/** By how much u ⊗ M + M ⊗ u must be longer than the product with I + K, which says more. */
const LONGER = 2;

/** (u ⊗ M) ± (M ⊗ u) as (u ⊗ M) (I ± K) for a row u, (I ± K) (u ⊗ M) for a column u, where that is clearly shorter. */
function exchanged(a: Expr, b: Expr, alike: boolean): Expr | undefined {
  if (!isApply(a, "kron") || !isApply(b, "kron") || a.args[0] !== b.args[1] || a.args[1] !== b.args[0]) return undefined;
  const [left, right] = (isVectorShape((a.args[0] as Expr).shape) ? a : b).args as readonly [Expr, Expr];
  const sign = (e: Expr): Expr => (alike ? e : build.neg(e));
  const commuting = (size: Dim, by: Dim): Expr => {
    const k = build.apply("commutation", [], [size, by]);
    return build.add(build.eye(k.shape.rows), sign(k));
  };
  const { rows, cols } = left.shape;
  const product = build.apply("kron", [left, right]);
  const joined = isRowShape(left.shape)
    ? times(product, commuting(cols, right.shape.cols))
    : isColumnShape(left.shape)
      ? times(commuting(right.shape.rows, rows), product)
      : undefined;
  const signed = joined === undefined || alike || product === a ? joined : build.neg(joined);
  return signed !== undefined && cost(signed) + LONGER <= cost(build.add(a, sign(b))) ? signed : undefined;
}

/** The sum of the two where they are alike, else the difference, if one is the other with a commutation matrix among its factors. */
function together(a: Expr, b: Expr, alike: boolean): Expr | undefined {
  const [first, second] = [factorsOf(a), factorsOf(b)];
  const [short, long] = first.length < second.length ? [first, second] : [second, first];
  if (long.length !== short.length + 1) return undefined;
  const at = long.findIndex((e, i) => isApply(e, "commutation") && long.every((f, k) => k === i || f === short[k < i ? k : k - 1]));
  const commutation = long[at];
  if (commutation === undefined) return undefined;
  const identity = build.eye(commutation.shape.rows);
  const [plus, minus] = alike || short === first ? [identity, commutation] : [commutation, identity];
  return [...long.slice(0, at), build.add(plus, alike ? minus : build.neg(minus)), ...long.slice(at + 1)].reduce(times);
}
