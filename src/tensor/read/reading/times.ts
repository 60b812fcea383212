// Matrix products as they are written: from left to right, equal neighbours as powers, ones and
// identities taken in.
//
// Invariant: the same value. Not here: products of readings in both orientations (reading.ts),
// numbers in front (scaled.ts).

import * as build from "../../../expr/build.ts";
import { type Apply, type Expr, isApply } from "../../../expr/expr.ts";
import { isColumnShape, isScalarShape } from "../../../expr/shape.ts";
import { transposed } from "./transposed.ts";

/** A product of more matrices than this stays in its place behind another: in a deep value others have a part in it. */
const MOST_OPENED = 8;

/** Matrix product, written left to right. */
export function times(a: Expr, b: Expr): Expr {
  if (isApply(a, "eye")) return b;
  if (isApply(b, "eye")) return a;
  if (isApply(a, "neg") && isApply(b, "neg")) return times(a.args[0] as Expr, b.args[0] as Expr);
  if (isApply(b, "neg")) return build.neg(times(a, b.args[0] as Expr));
  if (isApply(a, "neg")) return build.neg(times(a.args[0] as Expr, b));
  if (isScalarShape(a.shape) || isScalarShape(b.shape)) return build.mul(a, b);
  const weighted = isColumnShape(b.shape) ? weighing(a, b) : undefined;
  if (weighted !== undefined) return weighted;
  if (isApply(b, "mul") && !isLong(b)) {
    const [p, q] = b.args as [Expr, Expr];
    if (isScalarShape(p.shape) && !isScalarShape(q.shape)) return withNumber(p, a, q);
    if (!isScalarShape(p.shape) && !isScalarShape(q.shape)) return times(times(a, p), q);
  }
  const last = isApply(a, "mul") ? (a.args[1] as Expr) : a;
  if (isOnesColumn(last) && isApply(b, "transpose") && isOnesColumn(b.args[0] as Expr)) {
    const ones = build.ones(last.shape.rows, b.shape.cols);
    return last === a ? ones : build.mul(a.args[0] as Expr, ones);
  }
  // 1 (P 1)ᵀ as 1 1ᵀ Pᵀ.
  const [sums] = isOnesColumn(a) && isApply(b, "transpose") ? b.args : [];
  if (sums !== undefined && isChain(sums) && isOnesColumn(sums.args[1] as Expr))
    return build.mul(build.ones(a.shape.rows, (sums.args[1] as Expr).shape.rows), transposed(sums.args[0] as Expr));
  if (isChain(a)) {
    const [p, q] = a.args as [Expr, Expr];
    const joined = joinPowers(q, b);
    if (joined !== undefined) return build.mul(p, joined);
    const repeated = joinBlocks(a, b);
    if (repeated !== undefined) return repeated;
  }
  return joinPowers(a, b) ?? build.mul(a, b);
}

/** M·diag(v)·u as M (v ⊙ u) for columns u; undefined where no diag(v) ends the product. */
function weighing(a: Expr, u: Expr): Expr | undefined {
  const [rest, last] = isChain(a) ? (a.args as readonly [Expr, Expr]) : [undefined, a];
  const [v] = isApply(last, "diag") ? last.args : [];
  if (v === undefined || !isColumnShape(v.shape) || isOnesColumn(u) || (isApply(u, "mul") && isScalarShape((u.args[0] as Expr).shape)))
    return undefined;
  const column = build.hadamard(v, u);
  return rest === undefined ? column : times(rest, column);
}

/** a·(s b) with the number s behind those in front of a: s a b. */
function withNumber(s: Expr, a: Expr, b: Expr): Expr {
  const [first, rest] = isApply(a, "mul") && isScalarShape((a.args[0] as Expr).shape) ? (a.args as [Expr, Expr]) : [undefined, a];
  return first === undefined ? build.mul(s, times(a, b)) : build.mul(first, withNumber(s, rest, b));
}

/** Whether a product has too many matrices to be opened. */
function isLong(product: Expr): boolean {
  let count = 0;
  const open: Expr[] = [product];
  for (let e = open.pop(); e !== undefined && count <= MOST_OPENED; e = open.pop()) {
    if (isChain(e)) open.push(...e.args);
    else count++;
  }
  return count > MOST_OPENED;
}

/** Factors at the end of a product that are looked at for a repeated block. */
const MOST_REPEATED = 6;

/** The product a·b with a block that its end repeats as a power: Xᵀ X Xᵀ·X = (Xᵀ X)², C (Xᵀ X)² Xᵀ·X = C (Xᵀ X)³. */
function joinBlocks(a: Expr, b: Expr): Expr | undefined {
  const tail: Expr[] = [b];
  let head: Expr | undefined = a;
  for (; tail.length < MOST_REPEATED && head !== undefined; ) {
    const last: Expr = isChain(head) ? (head.args[1] as Expr) : head;
    const { base, exponent } = powerOf(last);
    if (exponent > 1 && tail.length > 1 && base === tail.reduce(build.mul)) {
      const raised = build.apply("pow", [base, build.num(exponent + 1)]);
      return isChain(head) ? times(head.args[0] as Expr, raised) : raised;
    }
    tail.unshift(last);
    head = isChain(head) ? (head.args[0] as Expr) : undefined;
    const half = tail.length / 2;
    if (half < 2 || half % 1 !== 0 || tail.slice(0, half).some((e, i) => e !== tail[half + i])) continue;
    const raised = build.apply("pow", [tail.slice(half).reduce(build.mul), build.num(2)]);
    return head === undefined ? raised : times(head, raised);
  }
  return undefined;
}

/** Whether a term is a product of matrices, and not one with a number. */
export const isChain = (e: Expr): e is Apply => isApply(e, "mul") && !isScalarShape((e.args[0] as Expr).shape);

const isOnesColumn = (e: Expr): boolean => isApply(e, "ones") && e.shape.cols.key === "1";

/** A·A² as A³; undefined for different matrices. */
function joinPowers(a: Expr, b: Expr): Expr | undefined {
  const [p, q] = [powerOf(a), powerOf(b)];
  if (p.base !== q.base || p.base.shape.rows.key !== p.base.shape.cols.key) return undefined;
  return build.apply("pow", [p.base, build.num(p.exponent + q.exponent)]);
}

function powerOf(e: Expr): { base: Expr; exponent: number } {
  const [base, exponent] = isApply(e, "pow") ? (e.args as [Expr, Expr]) : [e, undefined];
  if (exponent === undefined || exponent.kind !== "num" || exponent.value.d !== 1n || exponent.value.n < 1n)
    return { base: e, exponent: 1 };
  return { base, exponent: Number(exponent.value.n) };
}
