// The walk over a surface tree that makes its terms.
//
// Not here: what each operator asks of shapes (operators.ts), names and entries
// (names.ts), calls (calls.ts).

import { parseRational } from "../../base/rational.ts";
import { join } from "../../base/span.ts";
import { add, apply, hadamard, neg, num, ones, zeros } from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import { isColumnShape, isScalarShape, type Shape, transposeShape } from "../../expr/shape.ts";
import { type CasesTree, children, type Frame, foldTree, type StackTree, type Tree } from "../../syntax/tree.ts";
import type { Place } from "../shapes/constraint.ts";
import { isOpenDim, MOST_SIZES, totalDim } from "../shapes/dims.ts";
import { mismatch, refuse } from "../shapes/mismatch.ts";
import { addendsOf, isAddition } from "./addends.ts";
import { callParts, callTerm } from "./calls.ts";
import { commonAll } from "./common.ts";
import { entryTerm, readIndex } from "./entries.ts";
import { isMap, likelyKind } from "./maps.ts";
import { refuseRows } from "./misread.ts";
import { nameTerm } from "./names.ts";
import { binaryTerm, isTransposeMark, transposeMarkTerm, turned } from "./operators.ts";
import { enterSum, sumTerm } from "./sum.ts";
import { type BoundIndex, type Context, makeTerm, negated, placeOf, type Term, widen } from "./term.ts";

interface Elaborating extends Frame<Term> {
  readonly bound?: readonly BoundIndex[];
}

/** The term of a tree; shapes stay open where only the rest of the request settles them. */
export const elaborateTree = (ctx: Context, root: Tree): Term =>
  foldTree<Term, Elaborating>(
    root,
    (tree) => enter(ctx, tree),
    (frame) => leave(ctx, frame),
  );

function enter(ctx: Context, tree: Tree): Elaborating {
  if (tree.kind !== "sum") return { tree, parts: partsOf(ctx, tree), done: [] };
  return { ...enterSum(ctx, tree), parts: [tree.body], done: [] };
}

function partsOf(ctx: Context, tree: Tree): readonly Tree[] {
  if (isAddition(tree)) return addendsOf(tree).map((a) => a.tree);
  switch (tree.kind) {
    case "binary":
      if (isTransposeMark(ctx, tree)) return [turnable(tree.left)];
      return tree.sign === "@" ? [asRow(ctx, tree.left), tree.right] : children(tree);
    case "transpose":
      return [turnable(tree.arg)];
    case "entry":
      return [tree.of];
    case "call":
      return callParts(ctx, tree);
    default:
      return children(tree);
  }
}

// x of x @ A is a row in array code, where vectors are neither rows nor columns.
const asRow = (ctx: Context, tree: Tree): Tree => (isPlainVector(ctx, tree) ? { kind: "transpose", arg: tree, span: tree.span } : tree);

const BY_ENTRIES: ReadonlySet<string> = new Set(["plus", "minus", "hadamard", "hdivide"]);

/** Whether a term is made entry by entry of vectors and numbers, or is a matrix times such a vector. */
function isPlainVector(ctx: Context, root: Tree): boolean {
  let isVector = false;
  const open = [root];
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    if (tree.kind === "number") continue;
    const kind = tree.kind === "name" ? likelyKind(ctx, tree.name) : undefined;
    if (kind === "vector" || isConstantVector(tree)) {
      isVector = true;
      continue;
    }
    const parts = kind === "scalar" ? [] : partsByEntries(ctx, tree);
    if (parts === undefined) return false;
    open.push(...parts);
  }
  return isVector;
}

/** ones(n), zeros(n) */
const isConstantVector = (tree: Tree): boolean => tree.kind === "call" && /^(?:ones|zeros)$/.test(tree.name) && tree.args.length === 1;

/** What a term is made of entry by entry, and the vector that a matrix is applied to; undefined where it is made otherwise. */
function partsByEntries(ctx: Context, tree: Tree): readonly Tree[] | undefined {
  switch (tree.kind) {
    case "prefix":
      return [tree.arg];
    case "call": {
      const info = ctx.scope.functions.find(tree.name, tree.args.length);
      return info?.elementwise === true || (info !== undefined && isColumnShape(info.result)) ? tree.args : undefined;
    }
    case "binary":
      if (BY_ENTRIES.has(tree.op)) return [tree.left, tree.right];
      if (tree.op === "hpower") return [tree.left];
      return tree.sign === "@" && isMatrix(ctx, tree.left) ? [tree.right] : undefined;
    default:
      return undefined;
  }
}

const isMatrix = (ctx: Context, tree: Tree): boolean => (tree.kind === "name" ? likelyKind(ctx, tree.name) === "matrix" : isMap(ctx, tree));

// 1ᵀ and 0ᵀ are those of the vectors: a number has no transpose.
function turnable(tree: Tree): Tree {
  return tree.kind === "number" && /^[01]$/.test(tree.text) ? { kind: "arrow", value: tree.text === "1" ? 1 : 0, span: tree.span } : tree;
}

function leave(ctx: Context, frame: Elaborating): Term {
  const { tree, done } = frame;
  const place = placeOf(ctx, tree);
  const only = done[0] as Term;
  switch (tree.kind) {
    case "number":
      return numberTerm(ctx, tree.text, place);
    case "name":
      return nameTerm(ctx, tree);
    case "arrow":
      return arrowTerm(ctx, tree.value, place);
    case "prefix":
      if (tree.op === "plus") return only;
      return makeTerm(ctx, place, only.shape, done, ([a]) => negated(a as Expr));
    case "transpose":
      if (only.variable !== undefined) only.variable.likelyVector = true;
      return makeTerm(ctx, place, transposeShape(only.shape), done, ([a]) => turned(a as Expr));
    case "binary":
      return isTransposeMark(ctx, tree) ? transposeMarkTerm(ctx, tree, only) : binaryTerm(ctx, tree, done);
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

function numberTerm(ctx: Context, text: string, place: Place): Term {
  const value = parseRational(text.replace(/\.$/, "").replace(/\.(?=[eE])/, ""));
  if (value === undefined) return refuse(place, "lexical", "this number is out of the range that is kept exactly", "a smaller exponent");
  return makeTerm(ctx, place, ctx.inf.number, [], () => num(value));
}

/** 1⃗ and 0⃗, as long as their surroundings want. */
function arrowTerm(ctx: Context, value: 0 | 1, place: Place): Term {
  const rows = ctx.inf.fresh();
  ctx.inf.markMany(rows);
  return makeTerm(ctx, place, { rows, cols: ctx.inf.one }, [], () => (value === 1 ? ones : zeros)(ctx.inf.resolve(rows)));
}

// [a, b; c, d]: rows side by side, then on top of each other.
function stackTerm(ctx: Context, tree: StackTree, written: readonly Term[]): Term {
  const { inf } = ctx;
  const place = placeOf(ctx, tree);
  refuseRows(ctx, tree);
  const parts = withZeroBlocks(ctx, tree, written);
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

// The 0 of [A, B; 0, D] is as high as what stands beside it and as wide as what stands above or below.
function withZeroBlocks(ctx: Context, { rows }: StackTree, parts: readonly Term[]): readonly Term[] {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) return parts;
  const isZero = (i: number, j: number): boolean => {
    const part = rows[i]?.[j];
    return part?.kind === "number" && part.text === "0";
  };
  const at = (i: number, j: number): Term => parts[i * width + j] as Term;
  const beside = rows.map((row, i) => row.findIndex((_, j) => !isZero(i, j)));
  const above = (rows[0] ?? []).map((_, j) => rows.findIndex((_row, i) => !isZero(i, j)));
  return parts.map((part, k) => {
    const [i, j] = [Math.floor(k / width), k % width];
    const [mate, other] = [beside[i] as number, above[j] as number];
    if (!isZero(i, j)) return part;
    const { inf } = ctx;
    const shape = { rows: mate < 0 ? inf.one : at(i, mate).shape.rows, cols: other < 0 ? inf.one : at(other, j).shape.cols };
    return makeTerm(ctx, part, shape, [], () => {
      const size = inf.resolveShape(shape);
      return isScalarShape(size) ? num(0) : zeros(size.rows, size.cols);
    });
  });
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
