// Pieces of a Kronecker product in the order that needs the shortest commutations: matrices
// I ⊗ K ⊗ I, one behind the other, that bring the wires of a side into another order [MN19 ch. 3 thm 10].
//
// Invariant: left · body · right is the same map in every order. Not here: how the pieces are
// found (wires.ts).

import { flatMap } from "../../../base/list.ts";
import * as build from "../../../expr/build.ts";
import { type Dim, multiplyDims } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { cost } from "../reading/cost.ts";

/** A matrix whose rows and columns run along wires. */
export interface Piece {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
  readonly expr: Expr;
}

/** A product left · body · right, the matrices of a side one behind the other. */
export interface Ordered {
  readonly left: readonly Expr[];
  readonly body: Expr;
  readonly right: readonly Expr[];
}

/** The pieces in the orders that need the shortest commutations, all of one length. */
export function inOrder(
  pieces: readonly Piece[],
  rows: readonly number[],
  cols: readonly number[],
  dimOf: (l: number) => Dim,
): readonly Ordered[] {
  let best: Ordered[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const order of orders(pieces)) {
    const left = swaps(
      flatMap(order, (p) => p.rows),
      rows,
      dimOf,
    );
    const right = swaps(
      cols,
      flatMap(order, (p) => p.cols),
      dimOf,
    );
    if (left === undefined || right === undefined) continue;
    const body = krons(order.map((p) => p.expr));
    const length = [...left, body, ...right].reduce((n, e) => n + cost(e) + 1, 0);
    if (length > least) continue;
    if (length < least) best = [];
    least = length;
    best.push({ left: [...left].reverse(), body, right: [...right].reverse() });
  }
  return best;
}

function* orders<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield [];
  for (const [i, first] of list.entries()) for (const rest of orders(list.filter((_, k) => k !== i))) yield [first, ...rest];
}

/** At most this many exchanges of neighbours are looked for. */
const MOST_SWAPS = 2;

/** I ⊗ K ⊗ I, one behind the other, that bring wires from one order into another. */
function swaps(from: readonly number[], to: readonly number[], dimOf: (l: number) => Dim, left = MOST_SWAPS): Expr[] | undefined {
  if (from.every((w, i) => w === to[i])) return [];
  if (left <= 0) return undefined;
  const size = (wires: readonly number[]): Dim | undefined =>
    wires.length === 0 ? undefined : wires.map(dimOf).reduce((a, b) => multiplyDims(a, b));
  let best: Expr[] | undefined;
  for (let i = 0; i < from.length; i++)
    for (let j = i + 1; j < from.length; j++)
      for (let k = j + 1; k <= from.length; k++) {
        const [before, u, v, behind] = [from.slice(0, i), from.slice(i, j), from.slice(j, k), from.slice(k)];
        const rest = swaps(
          [...before, ...v, ...u, ...behind],
          to,
          dimOf,
          best === undefined ? left - 1 : Math.min(left, best.length - 1) - 1,
        );
        if (rest === undefined) continue;
        // K(m,n) takes wires (n, m) to (m, n).
        const exchange = build.apply("commutation", [], [size(v) as Dim, size(u) as Dim]);
        const around = (wires: readonly number[]): Expr[] => (wires.length === 0 ? [] : [build.eye(size(wires) as Dim)]);
        const found = [krons([...around(before), exchange, ...around(behind)]), ...rest];
        if (best === undefined || found.length < best.length) best = found;
      }
  return best;
}

/** A Kronecker product; neighbouring identities are one. */
function krons(factors: readonly Expr[]): Expr {
  const isEye = (e: Expr | undefined): boolean => isApply(e, "eye");
  const merged: Expr[] = [];
  for (const e of factors) {
    const last = merged[merged.length - 1];
    if (last !== undefined && isEye(last) && isEye(e)) merged.splice(-1, 1, build.eye(multiplyDims(last.shape.rows, e.shape.rows)));
    else merged.push(e);
  }
  return merged.length === 0 ? build.num(1) : merged.reduce((a, b) => build.apply("kron", [a, b]));
}
