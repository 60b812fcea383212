// The numbers with which a graph closes: what stands on a last vertex, or on two that are joined by
// nothing else, as w·x, 1ᵀ A x or tr(A B), whichever is shortest.
//
// Invariant: every candidate is the same number. Not here: in which order vertices go (graph.ts).

import { flatMap } from "../../../base/list.ts";
import * as build from "../../../expr/build.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isScalarShape } from "../../../expr/shape.ts";
import { EXPONENT_ONE, isSquare, isUnitExponent } from "../../form/tensor.ts";
import { cheapest } from "../reading/cost.ts";
import type { Reader } from "../reading/reader.ts";
import { diagonalReading, flip, oriented, productReading, type Reading, total } from "../reading/reading.ts";
import { times } from "../reading/times.ts";
import { combineItems, type Item } from "./items.ts";

/** A vector on a vertex; `sumOf` and `diagonalOf` remember that it is the row sums or the diagonal of a matrix. */
export interface Weight extends Item {
  readonly sumOf?: Reading;
  /** The matrix of whose rows this is the sum, whatever else it reads as. */
  readonly rowsOf?: Reading;
  readonly diagonalOf?: Reading;
}

/** Σ_v of the weights on a vertex without edges; undefined where there is none, or no product of them. */
export function dotOf(reader: Reader, weights: readonly Weight[]): Expr | undefined {
  const [only] = weights;
  const all = combineItems(reader, weights);
  if (only === undefined || all === undefined) return undefined;
  if (weights.length === 1 && only.sumOf !== undefined) return total(only.sumOf);
  if (weights.length === 1 && only.diagonalOf !== undefined && isUnitExponent(only.exponent))
    return build.apply("tr", [cheapest([only.diagonalOf.fwd, only.diagonalOf.rev])]);
  const candidates: Expr[] = [];
  const ordered = [...weights].sort((p, q) => p.order - q.order);
  if (reader.dots) candidates.push(...dotCandidates(reader, ordered));
  ordered.forEach((w, i) => {
    const rest = ordered.filter((_, j) => j !== i);
    if (isUnitExponent(w.exponent)) {
      const column = rest.length === 0 ? undefined : combineItems(reader, rest);
      if (column !== undefined) candidates.push(times(w.reading.rev, column.fwd), times(column.rev, w.reading.fwd));
    } else if (isSquare(w.exponent)) {
      // w·(w ⊙ rest)
      const column = combineItems(reader, [{ ...w, exponent: EXPONENT_ONE }, ...rest]);
      if (column !== undefined) candidates.push(times(w.reading.rev, column.fwd));
    }
  });
  candidates.push(total(all));
  return cheapest(candidates);
}

/** w·x for two vectors, the user's first in front. */
function dotCandidates(reader: Reader, weights: readonly Weight[]): Expr[] {
  const [first, ...rest] = flatMap(weights, (w) =>
    isSquare(w.exponent)
      ? [
          { ...w, exponent: EXPONENT_ONE },
          { ...w, exponent: EXPONENT_ONE },
        ]
      : [w],
  );
  if (first === undefined || rest.length === 0 || !isUnitExponent(first.exponent)) return [];
  const second = combineItems(reader, rest);
  return second === undefined ? [] : [build.apply("dot", [first.reading.fwd, second.fwd])];
}

/** Of exactly two plain parallel edges u→v: the matrix Σ_v e1(u,v) w(v) e2(v,u), a product along a closed way. */
export function pairOf(reader: Reader, items: readonly Item[], weight: Reading | undefined): Reading | undefined {
  const [a, b, ...more] = items;
  if (a === undefined || b === undefined || more.length > 0) return undefined;
  const [p, q] = [combineItems(reader, [a]), combineItems(reader, [b])];
  if (p === undefined || q === undefined) return undefined;
  const left = weight === undefined ? p : productReading(p, diagonalReading(weight));
  const there = productReading(left, flip(q));
  const back = productReading(weight === undefined ? q : productReading(q, diagonalReading(weight)), flip(p));
  return oriented([there.fwd, back.rev], [there.rev, back.fwd]);
}

/** Two vertices joined by two edges and by nothing else, with the weights on them: a trace, or w′(P ⊙ Q)v. */
export function closePair(bundle: Reading, pair: Reading, left: Reading | undefined, own: Reading | undefined): Expr {
  const candidates: Expr[] = [];
  const trace = (m: Reading): Expr => build.apply("tr", [rotated(cheapest([m.fwd, m.rev]))]);
  candidates.push(trace(left === undefined ? pair : productReading(diagonalReading(left), pair)));
  if (left === undefined && own === undefined) candidates.push(total(bundle));
  else if (left !== undefined && own !== undefined)
    candidates.push(times(times(left.rev, bundle.fwd), own.fwd), times(times(own.rev, bundle.rev), left.fwd));
  else if (left !== undefined) candidates.push(build.apply("sum", [productReading({ fwd: left.rev, rev: left.fwd }, bundle).fwd]));
  else if (own !== undefined) candidates.push(build.apply("sum", [productReading(bundle, own).fwd]));
  return cheapest(candidates);
}

/** A product inside a trace, turned so that equal factors at its two ends meet: tr(A B A) = tr(B A²). */
function rotated(e: Expr): Expr {
  const factors: Expr[] = [];
  let head = e;
  while (isApply(head, "mul") && head.args.every((a) => !isScalarShape(a.shape))) {
    factors.unshift(head.args[1] as Expr);
    head = head.args[0] as Expr;
  }
  const last = factors.pop();
  if (last === undefined || factors.length === 0) return e;
  const joined = times(last, head);
  return joined === build.mul(last, head) ? e : [...factors, joined].reduce(times);
}
