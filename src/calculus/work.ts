// How much work it is to evaluate a term by entries, and how much is too much.
//
// Invariant: only counts, at sizes of a few entries; no size has a value here. Not here: how many
// operations a reader sees (src/expr/operations.ts).

import { type Dim, dimNames, evaluateDim } from "../expr/dim.ts";
import { type Expr, fold } from "../expr/expr.ts";
import { type Indices, openIndices } from "../expr/indices.ts";

/** What the work of a term is estimated at: sizes of this many entries. */
const USUAL_SIZE = 3;

/** A form by entries that takes more evaluations than this, at small sizes, is of no use to anybody. */
export const MOST_WORK = 4_000_000;

/** How many parts of the term are evaluated in all, sums over indices unrolled, at small sizes; what no index enters is evaluated once. */
export function workOf(expr: Expr): number {
  const open = openIndices(expr);
  let once = 0;
  const inside = fold<number>(expr, (node, args) => {
    const below = args.reduce((n, a) => n + a, 1);
    const count = node.kind === "indexSum" ? usualSize(node.range) * below : below;
    if ((open.get(node) as Indices).size > 0) return count;
    once += count;
    return 0;
  });
  return once + inside;
}

/** The value of a size where every name in it is small. */
export const usualSize = (dim: Dim): number => evaluateDim(dim, new Map(dimNames(dim).map((name) => [name, USUAL_SIZE])));
