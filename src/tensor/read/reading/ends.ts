// Summands that begin or end with the same matrices, P A Q + P B Q as P (A + B) Q.
//
// Invariant: the same value. Not here: factors that stand at no end (src/tensor/read/collect/factor.ts).

import * as build from "../../../expr/build.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isScalarShape } from "../../../expr/shape.ts";
import { type Signed, signedSum } from "./signs.ts";
import { times } from "./times.ts";
import { transposed } from "./transposed.ts";

/** The sum with what all its summands begin or end with outside; undefined where that is nothing. */
export function joinEnds(parts: readonly Signed[]): Expr | undefined {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return undefined;
  if (parts.every((p) => isApply(p.expr, "transpose"))) {
    const inner = joinEnds(parts.map((p) => ({ ...p, expr: p.expr.args[0] as Expr })));
    return inner === undefined ? undefined : transposed(inner);
  }
  const whole = parts.map((p) => factorsOf(p.expr));
  // Numbers in front of summands that differ in them stay where they are, before what is left.
  const numbers = isLed(whole) ? whole.map(() => []) : whole.map((chain) => chain.slice(0, leading(chain)));
  const chains = whole.map((chain, i) => chain.slice((numbers[i] as Expr[]).length));
  const least = Math.min(...chains.map((c) => c.length));
  const shared = (at: (chain: readonly Expr[], i: number) => Expr | undefined, most: number): number => {
    let count = 0;
    while (count < most && chains.every((c) => at(c, count) === at(chains[0] as Expr[], count))) count++;
    return count;
  };
  const front = shared((c, i) => c[i], least);
  const behind = shared((c, i) => c[c.length - 1 - i], least - front);
  const [head, tail] = [(chains[0] as Expr[]).slice(0, front), (chains[0] as Expr[]).slice(-behind)];
  const ends = behind === 0 ? [] : tail;
  if ([...head, ...ends].every((e) => isScalarShape(e.shape))) return outerProduct(parts, chains, numbers);
  const rests = chains.map((chain) => chain.slice(front, chain.length - behind));
  // Summands that differ in their numbers alone.
  if (rests.every((rest) => rest.length === 0)) {
    const sum = signedSum(parts.map(({ negative }, i) => ({ negative, expr: [build.num(1), ...(numbers[i] as Expr[])].reduce(times) })));
    return [sum, ...head, ...ends].reduce(times);
  }
  // Of a summand that is nothing but the ends an identity is left.
  const size = front > 0 ? head[front - 1]?.shape.cols : tail[0]?.shape.rows;
  const inner = parts.map(({ negative }, i) => {
    const left = rests[i] as Expr[];
    const middle = left.length === 0 && size !== undefined ? [build.eye(size)] : left;
    return { negative, expr: [...(numbers[i] as Expr[]), ...middle].reduce(times) };
  });
  if (inner.some((p) => isScalarShape(p.expr.shape))) return undefined;
  const middle = joinEnds(inner) ?? sumTurned(inner);
  return [...head, middle, ...ends].reduce(times);
}

/** The sum of transposes as the transpose of a sum. */
function sumTurned(parts: readonly Signed[]): Expr {
  if (!parts.every((p) => isTurned(p.expr))) return signedSum(parts);
  return transposed(signedSum(parts.map((p) => ({ ...p, expr: transposed(p.expr) }))));
}

/** Xᵀ and numbers times it. */
function isTurned(e: Expr): boolean {
  const body = isApply(e, "mul") && isScalarShape((e.args[0] as Expr).shape) ? (e.args[1] as Expr) : e;
  return isApply(body, "transpose");
}

/** P R − P S − Q R + Q S as (P − Q) (R − S): every beginning with every rest, the signs those of a product; undefined for other sums. */
function outerProduct(
  parts: readonly Signed[],
  chains: readonly (readonly Expr[])[],
  numbers: readonly (readonly Expr[])[],
): Expr | undefined {
  if (parts.length < 4 || numbers.some((n) => n.length > 0) || chains.some((c) => c.length < 2)) return undefined;
  const rests = chains.map((c) => c.slice(1).reduce(times));
  const [heads, tails] = [[...new Set(chains.map((c) => c[0] as Expr))], [...new Set(rests)]];
  if (heads.length < 2 || tails.length < 2 || heads.length * tails.length !== parts.length) return undefined;
  const signs = new Map(parts.map((p, i) => [`${heads.indexOf(chains[i]?.[0] as Expr)} ${tails.indexOf(rests[i] as Expr)}`, p.negative]));
  if (signs.size < parts.length) return undefined;
  const at = (head: number, tail: number): boolean => signs.get(`${head} ${tail}`) as boolean;
  const isProduct = heads.every((_, h) => tails.every((_, t) => (at(h, t) !== at(h, 0)) === (at(0, t) !== at(0, 0))));
  if (!isProduct) return undefined;
  const left = heads.map((expr, h) => ({ expr, negative: at(h, 0) }));
  const right = tails.map((expr, t) => ({ expr, negative: at(0, t) !== at(0, 0) }));
  return times(sumTurned(left), joinEnds(right) ?? sumTurned(right));
}

/** How many numbers a product begins with. */
const leading = (chain: readonly Expr[]): number =>
  Math.max(
    0,
    chain.findIndex((e) => !isScalarShape(e.shape)),
  );

/** Whether all products begin with the same factor. */
const isLed = (chains: readonly (readonly Expr[])[]): boolean => chains.every(([first]) => first === chains[0]?.[0]);

/** The factors of a product, from the left; a number that is a product itself, x'y, is one of them. */
export function factorsOf(e: Expr): Expr[] {
  const out: Expr[] = [];
  const open = [e];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if (isApply(top, "mul") && (top === e || !isScalarShape(top.shape))) open.push(top.args[1] as Expr, top.args[0] as Expr);
    else out.push(top);
  }
  return out;
}
