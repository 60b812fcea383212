// Sums and products over an index: which entries it runs over, which index of a sum around it equals, differs
// from or follows, and what the sum is where it does.
//
// Invariant: the indices of a sum are bound while its summand is read and at no other time. Not
// here: what summands are at i = j (diagonal.ts), whether indices may change places (turned.ts).

import { optional } from "../../base/optional.ts";
import { HALF } from "../../base/rational.ts";
import { add, call, entry, eye, indexSum, mul, neg, num } from "../../expr/build.ts";
import { addDims, type Dim, dimOf, sameDim, subtractDims } from "../../expr/dim.ts";
import type { Expr, Index } from "../../expr/expr.ts";
import { isPlainName, parse } from "../../syntax/parse.ts";
import { type IndexOrder, type SumIndex, type SumTree, subtrees, type Tree } from "../../syntax/tree.ts";
import { namesIn, readSize } from "../names/size.ts";
import type { Place } from "../shapes/constraint.ts";
import { mismatch, refuse } from "../shapes/mismatch.ts";
import { atDiagonal, delta, offDiagonal, onDiagonal, partnersOf, splitDiagonal } from "./diagonal.ts";
import { isBoundName, neighbourOf } from "./entries.ts";
import { triangle } from "./names.ts";
import { demandScalar } from "./operators.ts";
import { type BoundIndex, type Context, makeTerm, placeOf, type Term } from "./term.ts";
import { isTurnable } from "./turned.ts";

/** A sum whose indices are bound, with those alone that no sum around runs over. */
export interface EnteredSum {
  readonly tree: SumTree;
  readonly bound: readonly BoundIndex[];
}

/** Binds the indices of a sum for as long as its summand is read. Ends the call on a letter that stands for something else. */
export function enterSum(ctx: Context, tree: SumTree): EnteredSum {
  const indices = ownIndices(ctx, tree);
  const bound = indices.map((i): BoundIndex => {
    const place = { source: ctx.source, span: i.span };
    if (isBoundName(ctx, i.name)) refuse(place, "declaration", `the index ${i.name} is already summed over`, "another letter");
    if (ctx.scope.variables.get(i.name)?.declared === true || ctx.scope.known.has(i.name))
      refuse(place, "declaration", `${i.name} is a variable and cannot be an index as well`, "another letter");
    const b = boundIndex(ctx, i, tree);
    ctx.bound.push(b);
    return b;
  });
  return { tree: { ...tree, indices }, bound };
}

const TURNED = { above: "below", from: "to", below: "above", to: "from" } as const satisfies Record<IndexOrder, IndexOrder>;
const OWN_BOUND = /^(\p{L}[\p{L}\p{N}]*)\s*(?:([+-])\s*1)?$/u;

// Below a sum over i: the j of j ≠ i, and j > i for j = i+1, …, n.
function ownIndices(ctx: Context, { indices, body }: SumTree): readonly SumIndex[] {
  const [first, second] = indices as [SumIndex, SumIndex?];
  if (second === undefined) return [ordered(ctx, first) ?? widened(first, body)];
  const { apart, same, order } = second;
  if ((apart ?? same) !== first.name || first.to !== undefined) return indices;
  if (isBoundName(ctx, first.name)) return [second];
  if (!isBoundName(ctx, second.name)) return indices;
  const to = apart === undefined ? { same: second.name } : { apart: second.name };
  return [{ ...first, ...to, ...(order === undefined ? {} : { order: TURNED[order] }) }];
}

function ordered(ctx: Context, { name, from = "1", to, span }: SumIndex): SumIndex | undefined {
  const [, low = "", plus] = OWN_BOUND.exec(from) ?? [];
  if (isBoundName(ctx, low) && plus !== "-")
    return { name, apart: low, order: plus === undefined ? "from" : "above", span, ...optional({ to }) };
  const [, high = "", minus] = OWN_BOUND.exec(to ?? "") ?? [];
  if (from !== "1" || !isBoundName(ctx, high) || minus === "+") return undefined;
  return { name, apart: high, order: minus === undefined ? "to" : "below", span };
}

// i = 1, …, n−1 above j = i+1, …, n and i = 2, …, n above j = 1, …, i−1 may run over all: the sum over j is then empty.
function widened(index: SumIndex, body: Tree): SumIndex {
  const inner = body.kind === "sum" && body.indices.length === 1 ? body.indices[0] : undefined;
  if (inner === undefined || body.kind !== "sum" || reachOf(body.body, index.name) !== undefined) return index;
  const [from, to, low, high] = [index.from, index.to, inner.from, inner.to].map((text) => text?.replace(/\s+/g, ""));
  const isBefore = to !== undefined && high !== undefined && (to === `${high}-1` || (/^\d+$/.test(to) && Number(high) - 1 === Number(to)));
  if (from === "1" && low === `${index.name}+1` && isBefore) return { ...index, to: high as string };
  return from === "2" && low === "1" && high === `${index.name}-1` ? { ...index, from: "1" } : index;
}

/** Σ_i Σ_j of a summand, whose indices are unbound: the range of each is the size of the axes it runs along. */
export function sumTerm(ctx: Context, tree: SumTree, body: Term, bound: readonly BoundIndex[]): Term {
  for (const _ of bound) ctx.bound.pop();
  ctx.hasIndexSums = true;
  tree.indices.forEach((index, k) => {
    const b = bound[k] as BoundIndex;
    const place = { source: ctx.source, span: index.span };
    if (b.from !== undefined || b.same !== undefined) return;
    if (index.from !== undefined && index.from !== "1") refuse(place, "unsupported", "a sum starts at 1", `sum_{${index.name}=1}^{n}`);
    if (index.to !== undefined) {
      const to = boundOf(ctx, index.to, place.span);
      ctx.inf.sameDim(b.range, to, () =>
        refuse(place, "shape", `${index.name} runs to ${to.key}, but over ${ctx.inf.resolve(b.range).key} entries`, `sum_${index.name}`),
      );
    } else if (!b.used) {
      const kind = tree.product ? "product" : "sum";
      refuse(place, "name", `nothing in this ${kind} depends on ${index.name}`, `an entry such as x[${index.name}]`);
    }
  });
  const place = placeOf(ctx, tree);
  if (tree.widened === true)
    ctx.scope.remarks.add(
      `the sum over ${tree.indices.map((i) => i.name).join(" and ")} reaches over the terms behind it that hold its index`,
    );
  if (tree.product) return productTerm(ctx, tree, body, bound);
  const around = [...ctx.bound];
  return makeTerm(ctx, place, body.shape, [body], ([e]) =>
    bound.reduceRight((inner, b, k) => summed(ctx, place, inner, b, [...around, ...bound.slice(0, k)]), e as Expr),
  );
}

// Π_i f(i) is the product of the entries of Σ_i f(i) e_i.
function productTerm(ctx: Context, tree: SumTree, body: Term, indices: readonly BoundIndex[]): Term {
  const inner = lastOperand(tree.body);
  if (inner !== tree.body && inner.kind === "sum") {
    const where = { source: ctx.source, span: inner.span };
    refuse(where, "syntax", "how far the product before this reaches is not clear", "brackets around it");
  }
  demandScalar(ctx, body, () => mismatch.number(ctx.inf, body, "what a product over an index multiplies", "an entry such as x[i]"));
  const place = placeOf(ctx, tree);
  if (indices.some((b) => b.apart !== undefined)) refuse(place, "unsupported", "a product runs over all values of an index", "prod_i x[i]");
  ctx.rewritten = true;
  const product = ctx.scope.functions.find("prod");
  if (product === undefined) return refuse(place, "unsupported", "there is no function prod to take the product by");
  return makeTerm(ctx, place, body.shape, [body], ([e]) =>
    indices.reduceRight((factor, b) => {
      const range = ctx.inf.resolve(b.range);
      const column = entry(eye(range), [{ kind: "all" }, bound(b.name, range)]);
      return call(product, [indexSum(b.name, range, mul(factor, column))]);
    }, e as Expr),
  );
}

// What stands last in a term without brackets, whatever the operators.
function lastOperand(tree: Tree): Tree {
  let last = tree;
  while (last.kind === "binary" && last.grouped !== true) last = last.right;
  return last;
}

// Over one index; where it equals an index of a sum around, differences of entries are 0.
function summed(ctx: Context, place: Place, summand: Expr, b: BoundIndex, around: readonly BoundIndex[]): Expr {
  const { find } = ctx.scope.functions;
  const range = ctx.inf.resolve(b.range);
  const other = b.apart ?? b.same;
  if (other !== undefined) {
    ctx.rewritten = true;
    const part =
      b.same === undefined
        ? offDiagonal(summand, { first: bound(other.name, range), second: b.name, range }, find)
        : onDiagonal(summand, find);
    if (part === undefined)
      refuse(
        place,
        "unsupported",
        `the sum is taken over all pairs less those with ${other.name} = ${b.name}, where the summand has no value or no derivative`,
        "a summand with both there, as with norm2(…)^2 + e for a number e",
      );
    if (b.same !== undefined) return part;
    return b.order === undefined ? indexSum(b.name, range, part) : summedInOrder(ctx, summand, part, { ...b, range }, other.name);
  }
  let inner = summand;
  const diagonal: Expr[] = [];
  for (const first of partnersOf(summand, b.name)) {
    if (first.kind === "bound" && !around.some((a) => a.name === first.name && sameDim(ctx.inf.resolve(a.range), range))) continue;
    const split = splitDiagonal(inner, { first, second: b.name, range }, find);
    if (split === undefined) continue;
    ctx.rewritten = true;
    inner = split.off;
    diagonal.push(neg(split.on), split.value);
  }
  const sum = indexSum(b.name, range, inner);
  return diagonal.length === 0 ? sum : add(sum, ...diagonal);
}

// Over the j before or behind i: half of all pairs where they may change places, else with the triangle of ones as weights.
function summedInOrder(ctx: Context, summand: Expr, apart: Expr, { name, range, order, isInner }: BoundIndex, first: string): Expr {
  const { find } = ctx.scope.functions;
  const pair = { first: bound(first, range), second: name, range };
  const hasSame = order === "from" || order === "to";
  const at = atDiagonal(summand, pair, find);
  const on = onDiagonal(at, find);
  const same = hasSame ? [at] : [];
  if (isInner === true && on !== undefined && isTurnable(summand, first, name, find))
    return add(mul(num(HALF), add(indexSum(name, range, apart), neg(on))), ...same);
  const [own, other] = [bound(name, range), pair.first];
  const isLater = order === "above" || order === "from";
  const triangular = entry(triangle(ctx, range), isLater ? [own, other] : [other, own]);
  if (hasSame && apart === summand) return indexSum(name, range, mul(triangular, summand));
  return add(indexSum(name, range, mul(add(triangular, neg(delta(pair))), apart)), ...same);
}

const bound = (name: string, range: Dim): Index => ({ kind: "bound", name, range });

function refuseBounds(ctx: Context, index: string, span: Tree["span"]): never {
  const place = { source: ctx.source, span };
  return refuse(
    place,
    "unsupported",
    `the bounds of this sum depend on ${index}`,
    `a sum over all ${index}, and sum_{j=${index}+1}^{n} in it`,
  );
}

function boundOf(ctx: Context, text: string, span: Tree["span"]): Dim {
  const names = namesIn(text);
  const index = ctx.bound.find(({ name }) => names.includes(name));
  if (index !== undefined) refuseBounds(ctx, index.name, span);
  if (/^\d{1,9}$/.test(text)) return dimOf(Number(text));
  if (isPlainName(text)) return readSize(ctx.scope, { kind: "name", name: text, applied: false, span }, ctx.source);
  const result = parse(text);
  const value = result.ok && result.document.final?.kind === "value" ? result.document.final.value : undefined;
  if (value === undefined || value.kind === "derivative")
    return refuse({ source: ctx.source, span }, "syntax", "the bounds of this sum are not understood", "sum_{i=1}^{n} x[i]");
  return readSize(ctx.scope, value, text);
}

/** An index: over all entries of the axes it runs along, or from one position to another. */
function boundIndex(ctx: Context, { name, from, to, same, apart, order, span }: SumIndex, tree: SumTree): BoundIndex {
  const whole: BoundIndex = { name, range: ctx.inf.fresh(), used: false, body: tree.body };
  const unlike = apart === undefined ? undefined : ctx.bound.find((b) => b.name === apart);
  if (unlike !== undefined && order !== undefined && ctx.scope.dims.has(name))
    refuse({ source: ctx.source, span }, "unsupported", `${name} is a size and not an index`, `sum_{${unlike.name}=1}^{${name}}`);
  if (unlike?.from !== undefined && order !== undefined) refuseBounds(ctx, unlike.name, span);
  if (unlike !== undefined) {
    unlike.used ||= order !== undefined;
    const isInner = unlike.body === tree || unlike.body === tree.body;
    return { ...whole, range: unlike.range, apart: unlike, isInner, ...optional({ order }) };
  }
  const other = same === undefined ? undefined : ctx.bound.find((b) => b.name === same);
  if (other !== undefined) {
    const place = { source: ctx.source, span };
    if (ctx.scope.dims.has(name))
      refuse(place, "unsupported", `the sum is over pairs, and ${name} is a fixed index elsewhere`, `sum(…) less the entry at ${name}`);
    if (other.body === tree.body) ctx.scope.remarks.add(`the sum over ${other.name} ≠ ${name} is over all pairs`);
    return { ...whole, range: other.range, same: other };
  }
  const reach = reachOf(tree.body, name);
  if (to === undefined || (from === "1" && isPlainBound(to) && reach === undefined)) return whole;
  ctx.rewritten = true;
  const [first, last] = [boundOf(ctx, from ?? "1", span), boundOf(ctx, to, span)];
  return { ...whole, range: addDims(subtractDims(last, first), dimOf(1)), from: first, last: addDims(last, dimOf(reach ?? 0)) };
}

const isPlainBound = (text: string): boolean => /^\d{1,9}$/.test(text) || isPlainName(text);

/** How far beyond an index entries are taken, 1 for x[i+1]; undefined where only the index itself stands in entries. */
function reachOf(root: Tree, name: string): number | undefined {
  const shifts: number[] = [];
  for (const tree of subtrees([root])) {
    if (tree.kind === "entry") for (const n of tree.at.map(neighbourOf)) if (n?.name === name) shifts.push(n.shift);
    // x_{i+1} is one name.
    const below = tree.kind === "name" ? new RegExp(`_(?:.*[^A-Za-z])?${name}\\s*([+-]\\s*\\d{1,4})`).exec(tree.name) : null;
    if (below !== null) shifts.push(Number((below[1] as string).replace(/\s+/, "")));
  }
  return shifts.length === 0 ? undefined : Math.max(0, ...shifts);
}
