// Two summands of which one has a commutation matrix more, X Y + X K Y as X (I + K) Y: so the two
// parts of a derivative by a symmetric matrix are read, one the other turned.
//
// Invariant: the same value. Not here: Kronecker products with numbers and sides (kronSum.ts).

import * as build from "../../../expr/build.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
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
      const expr = together(part.expr, other.expr, part.negative === other.negative);
      if (expr === undefined) continue;
      joined = { expr, negative: part.negative, order: Math.min(part.order, other.order) };
      left.splice(at, 1);
      break;
    }
    out.push(joined);
  }
  return out;
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
