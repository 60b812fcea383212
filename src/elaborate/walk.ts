// The walk over a surface tree that makes its terms, on an explicit stack because trees
// are as deep as their input.
//
// Not here: what each operator asks of shapes (operators.ts), names and entries
// (names.ts), calls (calls.ts).

import { HALF, parseRational } from "../base/rational.ts";
import { join } from "../base/span.ts";
import { add, apply, call, entry, eye, hadamard, indexSum, mul, neg, num, ones, transpose, zeros } from "../expr/build.ts";
import { addDims, type Dim, dimOf, sameDim, subtractDims } from "../expr/dim.ts";
import type { Expr, Index } from "../expr/expr.ts";
import { isScalarShape, type Shape, transposeShape } from "../expr/shape.ts";
import { isPlainName, parse } from "../syntax/parse.ts";
import { type BinaryTree, type CasesTree, children, type StackTree, type SumIndex, type SumTree, type Tree } from "../syntax/tree.ts";
import { callParts, callTerm } from "./calls.ts";
import { commonAll } from "./common.ts";
import type { Place } from "./constraint.ts";
import { atDiagonal, delta, offDiagonal, onDiagonal, partnersOf, splitDiagonal } from "./diagonal.ts";
import { isOpenDim, MOST_SIZES, totalDim } from "./dims.ts";
import { entryTerm, neighbourOf, readIndex } from "./entries.ts";
import { mismatch, refuse } from "./mismatch.ts";
import { nameTerm, triangle } from "./names.ts";
import { type Addend, additionTerm, binaryTerm, demandScalar, isTransposeMark, transposeMarkTerm } from "./operators.ts";
import { readSize } from "./size.ts";
import { type BoundIndex, type Context, makeTerm, negated, placeOf, type Term, widen } from "./term.ts";
import { isTurnable } from "./turned.ts";

interface Frame {
  readonly tree: Tree;
  readonly parts: readonly Tree[];
  readonly done: Term[];
  readonly bound?: readonly BoundIndex[];
}

/** The term of a tree; shapes stay open where only the rest of the request settles them. */
export function elaborateTree(ctx: Context, root: Tree): Term {
  const stack: Frame[] = [enter(ctx, root)];
  for (;;) {
    const frame = stack[stack.length - 1] as Frame;
    const next = frame.parts[frame.done.length];
    if (next !== undefined) {
      stack.push(enter(ctx, next));
      continue;
    }
    stack.pop();
    const term = leave(ctx, frame);
    const above = stack[stack.length - 1];
    if (above === undefined) return term;
    above.done.push(term);
  }
}

function enter(ctx: Context, tree: Tree): Frame {
  if (tree.kind !== "sum") return { tree, parts: partsOf(ctx, tree), done: [] };
  const bound = tree.indices.map((i): BoundIndex => {
    const place = { source: ctx.source, span: i.span };
    if (ctx.bound.some((b) => b.name === i.name))
      refuse(place, "declaration", `the index ${i.name} is already summed over`, "another letter");
    if (ctx.scope.variables.get(i.name)?.declared === true || ctx.scope.known.has(i.name))
      refuse(place, "declaration", `${i.name} is a variable and cannot be an index as well`, "another letter");
    const b = boundIndex(ctx, i, tree);
    ctx.bound.push(b);
    return b;
  });
  return { tree, parts: [tree.body], done: [], bound };
}

/** An index: over all entries of the axes it runs along, or from one position to another. */
function boundIndex(ctx: Context, { name, from, to, same, apart, order, span }: SumIndex, tree: SumTree): BoundIndex {
  const whole: BoundIndex = { name, range: ctx.inf.fresh(), used: false };
  const unlike = apart === undefined ? undefined : ctx.bound.find((b) => b.name === apart);
  if (unlike !== undefined && order !== undefined && ctx.scope.dims.has(name))
    refuse({ source: ctx.source, span }, "unsupported", `${name} is a size and not an index`, `sum_{${unlike.name}=1}^{${name}}`);
  if (unlike !== undefined) return { ...whole, range: unlike.range, apart: unlike, ...(order === undefined ? {} : { order }) };
  const other = same === undefined ? undefined : ctx.bound.find((b) => b.name === same);
  if (other !== undefined) {
    const place = { source: ctx.source, span };
    if (ctx.scope.dims.has(name))
      refuse(place, "unsupported", `the sum is over pairs, and ${name} is a fixed index elsewhere`, `sum(…) less the entry at ${name}`);
    ctx.scope.remarks.add(`the sum over ${other.name} ≠ ${name} is over all pairs`);
    return { ...whole, range: other.range, same: other };
  }
  const reach = reachOf(tree.body, name);
  if (to === undefined || (from === "1" && isPlainBound(to) && reach === undefined)) return whole;
  const [first, last] = [boundOf(ctx, from ?? "1", span), boundOf(ctx, to, span)];
  return { ...whole, range: addDims(subtractDims(last, first), dimOf(1)), from: first, last: addDims(last, dimOf(reach ?? 0)) };
}

const isPlainBound = (text: string): boolean => /^\d{1,9}$/.test(text) || isPlainName(text);

/** How far beyond an index entries are taken, 1 for x[i+1]; undefined where only the index itself stands in entries. */
function reachOf(root: Tree, name: string): number | undefined {
  const shifts: number[] = [];
  const stack: Tree[] = [root];
  for (let tree = stack.pop(); tree !== undefined; tree = stack.pop()) {
    if (tree.kind === "entry") for (const n of tree.at.map(neighbourOf)) if (n?.name === name) shifts.push(n.shift);
    // x_{i+1} is one name.
    const below = tree.kind === "name" ? new RegExp(`_(?:.*[^A-Za-z])?${name}\\s*([+-]\\s*\\d{1,4})`).exec(tree.name) : null;
    if (below !== null) shifts.push(Number((below[1] as string).replace(/\s+/, "")));
    stack.push(...children(tree));
  }
  return shifts.length === 0 ? undefined : Math.max(0, ...shifts);
}

function partsOf(ctx: Context, tree: Tree): readonly Tree[] {
  if (isAddition(tree)) return addends(tree).map((a) => a.tree);
  switch (tree.kind) {
    case "binary":
      return isTransposeMark(ctx, tree) ? [tree.left] : children(tree);
    case "entry":
      return [tree.of];
    case "call":
      return callParts(ctx, tree);
    default:
      return children(tree);
  }
}

function leave(ctx: Context, frame: Frame): Term {
  const { tree, done } = frame;
  const place = placeOf(ctx, tree);
  const only = done[0] as Term;
  switch (tree.kind) {
    case "number": {
      const value = parseRational(tree.text.replace(/\.$/, "").replace(/\.(?=[eE])/, ""));
      if (value === undefined)
        return refuse(place, "lexical", "this number is out of the range that is kept exactly", "a smaller exponent");
      return makeTerm(ctx, place, ctx.inf.number, [], () => num(value));
    }
    case "name":
      return nameTerm(ctx, tree);
    case "arrow": {
      const rows = ctx.inf.fresh();
      ctx.inf.markMany(rows);
      return makeTerm(ctx, place, { rows, cols: ctx.inf.one }, [], () => (tree.value === 1 ? ones : zeros)(ctx.inf.resolve(rows)));
    }
    case "prefix":
      if (tree.op === "plus") return only;
      return makeTerm(ctx, place, only.shape, done, ([a]) => negated(a as Expr));
    case "transpose":
      if (only.variable !== undefined) only.variable.likelyVector = true;
      return makeTerm(ctx, place, transposeShape(only.shape), done, ([a]) => transpose(a as Expr));
    case "binary":
      if (isAddition(tree)) return additionTerm(ctx, place, addends(tree), done);
      if (isTransposeMark(ctx, tree)) return transposeMarkTerm(ctx, tree, only);
      return binaryTerm(ctx, tree, only, done[1] as Term);
    case "entry":
      return entryTerm(
        ctx,
        place,
        only,
        tree.at.map((i) => readIndex(ctx, i)),
      );
    case "call":
      return callTerm(ctx, tree, done);
    case "sum":
      return sumTerm(ctx, tree, only, frame.bound as readonly BoundIndex[]);
    case "stack":
      return stackTerm(ctx, tree, done);
    case "cases":
      return casesTerm(ctx, tree, done);
  }
}

type Addition = BinaryTree & { readonly op: "plus" | "minus" };
const isAddition = (tree: Tree): tree is Addition => tree.kind === "binary" && (tree.op === "plus" || tree.op === "minus");

// a + b − c as one sum of three, unless brackets say otherwise.
function addends(tree: Addition): Addend[] {
  const out: Addend[] = [];
  let at: Tree = tree;
  while (isAddition(at) && (at === tree || at.grouped !== true)) {
    out.push({ tree: at.right, negative: at.op === "minus", sign: at.sign });
    at = at.left;
  }
  out.push({ tree: at, negative: false, sign: "" });
  return out.reverse();
}

// Σ_i Σ_j: the range of each index is the size of the axes it runs along.
function sumTerm(ctx: Context, tree: SumTree, body: Term, bound: readonly BoundIndex[]): Term {
  for (const _ of bound) ctx.bound.pop();
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
    } else if (!b.used)
      refuse(
        place,
        "name",
        `nothing in this ${tree.product ? "product" : "sum"} depends on ${index.name}`,
        `an entry such as x[${index.name}]`,
      );
  });
  const place = placeOf(ctx, tree);
  if (tree.product) return productTerm(ctx, tree, body, bound);
  const around = [...ctx.bound];
  return makeTerm(ctx, place, body.shape, [body], ([e]) =>
    bound.reduceRight((inner, b, k) => summed(ctx, place, inner, b, [...around, ...bound.slice(0, k)]), e as Expr),
  );
}

// Π_i f(i) is the product of the entries of Σ_i f(i) e_i.
function productTerm(ctx: Context, tree: SumTree, body: Term, indices: readonly BoundIndex[]): Term {
  const inner = lastFactor(tree.body);
  if (inner !== tree.body && inner.kind === "sum")
    refuse(
      { source: ctx.source, span: inner.span },
      "syntax",
      "how far the product before this reaches is not clear",
      "brackets around it",
    );
  demandScalar(ctx, body, () => mismatch.number(ctx.inf, body, "what a product over an index multiplies", "an entry such as x[i]"));
  const place = placeOf(ctx, tree);
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

// What stands last in a chain of factors without brackets.
function lastFactor(tree: Tree): Tree {
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
    inner = split.off;
    diagonal.push(neg(split.on), split.value);
  }
  const sum = indexSum(b.name, range, inner);
  return diagonal.length === 0 ? sum : add(sum, ...diagonal);
}

// Over j > i, or j ≥ i: half of all pairs where they may change places, else with the triangle of ones as weights.
function summedInOrder(ctx: Context, summand: Expr, apart: Expr, { name, range, order }: BoundIndex, first: string): Expr {
  const { find } = ctx.scope.functions;
  const pair = { first: bound(first, range), second: name, range };
  const at = atDiagonal(summand, pair, find);
  const same = order === "from" ? [at] : [];
  const on = onDiagonal(at, find);
  if (on !== undefined && isTurnable(summand, first, name, find))
    return add(mul(num(HALF), add(indexSum(name, range, apart), neg(on))), ...same);
  const weight = add(entry(triangle(ctx, range), [bound(name, range), bound(first, range)]), neg(delta(pair)));
  return add(indexSum(name, range, mul(weight, apart)), ...same);
}

const bound = (name: string, range: Dim): Index => ({ kind: "bound", name, range });

function boundOf(ctx: Context, text: string, span: Tree["span"]): Dim {
  if (/^\d{1,9}$/.test(text)) return dimOf(Number(text));
  if (isPlainName(text)) return readSize(ctx.scope, { kind: "name", name: text, applied: false, span }, ctx.source);
  const result = parse(text);
  const value = result.ok && result.document.final?.kind === "value" ? result.document.final.value : undefined;
  if (value === undefined || value.kind === "derivative")
    return refuse({ source: ctx.source, span }, "syntax", "the bounds of this sum are not understood", "sum_{i=1}^{n} x[i]");
  return readSize(ctx.scope, value, text);
}

// [a, b; c, d]: rows side by side, then on top of each other.
function stackTerm(ctx: Context, tree: StackTree, parts: readonly Term[]): Term {
  const { inf } = ctx;
  const place = placeOf(ctx, tree);
  let next = 0;
  const rows = tree.rows.map((row) => {
    const terms = row.map(() => parts[next++] as Term);
    const [first, ...rest] = terms as [Term, ...Term[]];
    const last = rest[rest.length - 1];
    if (last === undefined) return first;
    for (const t of rest)
      inf.sameDim(first.shape.rows, t.shape.rows, () => mismatch.stack(inf, { left: first, right: t, sign: ",", place }, "rows"));
    const where = { source: ctx.source, span: join(first.span, last.span) };
    const cols = totalSize(
      ctx,
      where,
      terms.map((t) => t.shape.cols),
    );
    return makeTerm(ctx, where, { rows: first.shape.rows, cols }, terms, (args) => apply("hcat", args));
  });
  const [top, ...below] = rows as [Term, ...Term[]];
  if (below.length === 0) return top;
  for (const t of below)
    inf.sameDim(top.shape.cols, t.shape.cols, () => mismatch.stack(inf, { left: top, right: t, sign: ";", place }, "columns"));
  const total = totalSize(
    ctx,
    place,
    rows.map((t) => t.shape.rows),
  );
  return makeTerm(ctx, place, { rows: total, cols: top.shape.cols }, rows, (args) => apply("vcat", args));
}

/** Up to so many parts of open size their sum takes part in inference at once. */
const FEW_PARTS = 16;

// Of many parts the sum is formed when all their sizes are settled.
function totalSize(ctx: Context, place: Place, dims: readonly Dim[]): Dim {
  const { inf } = ctx;
  const sum = (): Dim => totalDim(dims.map(inf.resolve)) ?? refuse(place, "limit", `a stack of more than ${MOST_SIZES} different sizes`);
  if (dims.length <= FEW_PARTS) return sum();
  const total = inf.fresh();
  inf.markMany(total);
  // Names are settled in order, so the last open size is the one worth waiting for.
  const open = (): Dim | undefined => dims.findLast((d) => isOpenDim(inf.resolve(d)));
  inf.require({
    get shapes() {
      const d = open() ?? inf.one;
      return [{ rows: d, cols: d }];
    },
    step: () => {
      if (open() !== undefined) return false;
      inf.sameDim(total, sum(), () => refuse(place, "shape", "the parts of this stack do not add up to the size that it must have"));
      return true;
    },
  });
  return total;
}

// {value if condition; …; value otherwise}. Conditions are numbers; conditions on vectors
// choose entry by entry.
function casesTerm(ctx: Context, tree: CasesTree, parts: readonly Term[]): Term {
  const { inf } = ctx;
  const place = placeOf(ctx, tree);
  const branches: { value: Term; condition?: Term }[] = [];
  let next = 0;
  for (const b of tree.branches) {
    const value = parts[next++] as Term;
    if (b.condition === undefined) branches.push({ value });
    else branches.push({ value, condition: parts[next++] as Term });
  }
  const early = branches.slice(0, -1).find((b) => b.condition === undefined);
  if (early !== undefined) refuse(early.value, "syntax", "otherwise comes last", "{0 if z <= 0; z otherwise}");
  const last = branches[branches.length - 1] as { value: Term; condition?: Term };
  if (branches.length === 1) {
    if (last.condition !== undefined) refuse(place, "syntax", "these cases do not say what holds otherwise", "{0 if z <= 0; z otherwise}");
    return last.value;
  }
  // The last condition is what the others leave over.
  const used = last.condition === undefined ? parts : parts.slice(0, -1);
  const shape = commonAll(ctx, place, parts, "if");
  return makeTerm(ctx, place, shape, used, (args) => buildCases(args, inf.resolveShape(shape)));
}

function buildCases(args: readonly Expr[], shape: Shape): Expr {
  const conditions = args.filter((_, i) => i % 2 === 1);
  if (conditions.every((c) => isScalarShape(c.shape)))
    return apply(
      "cases",
      args.map((a, i) => (i % 2 === 0 ? widen(a, shape) : a)),
    );
  let rest = widen(args[args.length - 1] as Expr, shape);
  for (let i = args.length - 2; i > 0; i -= 2) {
    const holds = widen(args[i] as Expr, shape);
    const fails = add(widen(num(1), shape), neg(holds));
    rest = add(hadamard(holds, widen(args[i - 1] as Expr, shape)), hadamard(fails, rest));
  }
  return rest;
}
