// Which of two summands, or factors that commute, is written first where the user's names do not decide: by degree,
// then by length, then by what they say, numbers ascending.
//
// Invariant: the order depends on the terms alone, never on hashes or on what was read before.

import { compareTexts } from "../../../base/order.ts";
import { compare, toNumber } from "../../../base/rational.ts";
import { type Expr, isApply, nodes } from "../../../expr/expr.ts";
import type { Term } from "../../form/tensor.ts";
import { cost } from "./cost.ts";
import type { Reader } from "./reader.ts";

/** The degree of a term in its numbers and vectors: 3 of x²y. Powers that are not numbers count nothing. */
export function degreeOf(term: Term): number {
  let degree = 0;
  for (const { base, exponent } of term.factors)
    if (base.kind === "var" && base.axes.length < 2 && exponent.symbolic === undefined) degree += toNumber(exponent.rational);
  return degree;
}

/** A factor with the place of the user's first name in it. */
export interface Placed {
  readonly expr: Expr;
  readonly order: number;
}

/** By the user's first name in them; of one name products come behind functions and sums last, and the shorter comes first, but f′(g(x)) before g′(x). */
export const compareFactors = (reader: Reader, p: Placed, q: Placed): number =>
  p.order - q.order ||
  looseness(p.expr) - looseness(q.expr) ||
  cost(p.expr) - cost(q.expr) ||
  compareSlopes(p.expr, q.expr) ||
  compareWritten(reader, p.expr, q.expr);

const PRODUCTS: ReadonlySet<string> = new Set(["mul", "hadamard", "div", "hdiv"]);

/** Sums and products want brackets before and behind other signs. */
const looseness = (e: Expr): number => (isApply(e, "add") ? 2 : e.kind === "apply" && PRODUCTS.has(e.op) ? 1 : 0);

/** Derivatives of functions without a body come last, as the chain rule has them: f′(g(x)) before g′(x). */
const compareSlopes = (p: Expr, q: Expr): number =>
  Number(isSlope(p)) - Number(isSlope(q)) || (isSlope(p) ? nodes(q).length - nodes(p).length : 0);

const isSlope = (e: Expr): boolean => e.kind === "unknown" && e.derivatives.length > 0;

/** Pairs of parts compared before two terms count as alike. */
const MOST_COMPARED = 64;

/** Compares what two terms say, part by part from the left; 0 where they are alike as far as one looks. */
export function compareWritten(reader: Reader, a: Expr, b: Expr): number {
  const stack: [Expr, Expr][] = [[a, b]];
  for (let compared = 0; stack.length > 0 && compared < MOST_COMPARED; compared++) {
    const [p, q] = stack.pop() as [Expr, Expr];
    if (p === q) continue;
    const here = compareHeads(reader, p, q);
    if (here !== 0) return here;
    for (let i = Math.min(p.args.length, q.args.length) - 1; i >= 0; i--) stack.push([p.args[i] as Expr, q.args[i] as Expr]);
  }
  return 0;
}

function compareHeads(reader: Reader, p: Expr, q: Expr): number {
  if (p.kind === "num" && q.kind === "num") return compare(p.value, q.value);
  if (p.kind === "var" && q.kind === "var")
    return (reader.rank.get(p.name) ?? 1e6) - (reader.rank.get(q.name) ?? 1e6) || compareTexts(p.name, q.name);
  if (p.kind === "entry" && q.kind === "entry") return comparePlaces(p, q);
  if (p.kind === "unknown" && q.kind === "unknown") return compareTexts(p.derivatives.join(), q.derivatives.join());
  if (p.kind === "apply" && q.kind === "apply") return compareTexts(p.op, q.op) || p.args.length - q.args.length;
  if (p.kind !== q.kind) return compareTexts(p.kind, q.kind);
  return p.args.length - q.args.length;
}

type Entry = Expr & { kind: "entry" };

// Fixed places ascending; numbers before names.
function comparePlaces(p: Entry, q: Entry): number {
  for (const side of [0, 1] as const) {
    const [a, b] = [p.at[side], q.at[side]];
    if (a.kind !== "position" || b.kind !== "position") continue;
    const order = Number(a.at.key) - Number(b.at.key) || compareTexts(a.at.key, b.at.key);
    if (order !== 0) return order;
  }
  return 0;
}
