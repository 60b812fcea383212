// Entries in brackets: x[i], X[i,:], x[1].
//
// Invariant: an index is everything along its axis, a range of it, the index of a sum, or a fixed position. A range
// is a product with rows of the identity, [0, I, 0] x.
// Not here: names with an index below, as x_i (subscript.ts).

import { apply, entry, eye, mul, transpose, zeros } from "../../expr/build.ts";
import { addDims, type Dim, dimConstant, dimName, dimNames, dimOf, dimSign, subtractDims } from "../../expr/dim.ts";
import type { Expr, Index } from "../../expr/expr.ts";
import { isRowShape, type Shape, shapeText } from "../../expr/shape.ts";
import { type BinaryTree, children, type IndexTree, type Tree } from "../../syntax/tree.ts";
import { readSize } from "../names/size.ts";
import type { Place } from "../shapes/constraint.ts";
import { isOpenDim } from "../shapes/dims.ts";
import { refuse, written } from "../shapes/mismatch.ts";
import { type BoundIndex, type Context, makeTerm, placeOf, type Term } from "./term.ts";

/** An index as it was written. */
export type ReadIndex =
  | { readonly kind: "all"; readonly place: Place }
  | { readonly kind: "bound"; readonly index: BoundIndex; readonly shift?: number; readonly place: Place }
  | { readonly kind: "position"; readonly at: Dim; readonly place: Place }
  | { readonly kind: "range"; readonly first: Dim; readonly size: Dim; readonly place: Place };

/** What stands in an index bracket: everything, a range 2:n, a summation index, or a fixed position. */
export function readIndex(ctx: Context, tree: IndexTree): ReadIndex {
  const place = placeOf(ctx, tree);
  if (tree.kind === "all") return { kind: "all", place };
  if (tree.kind === "binary" && tree.op === "colon" && tree.grouped !== true) return readRange(ctx, tree, place);
  if (tree.kind === "name") {
    const index = ctx.bound.find((b) => b.name === tree.name);
    if (index !== undefined) return { kind: "bound", index, place };
    if (!ctx.scope.dims.has(tree.name))
      refuse(place, "name", `the index ${tree.name} is not summed over`, `sum_${tree.name} …, or a fixed entry such as x[1]`);
  }
  const neighbour = neighbourOf(tree);
  const of = neighbour === undefined ? undefined : ctx.bound.find((b) => b.name === neighbour.name);
  if (neighbour !== undefined && of !== undefined) return boundNeighbour(of, neighbour.shift, place);
  const moved = shiftedIndex(ctx, tree);
  if (moved !== undefined)
    refuse(
      place,
      "unsupported",
      `only the index ${moved} itself can stand here, without arithmetic`,
      `an entry such as y[${moved}], y = D*x for a matrix D that moves the entries`,
    );
  const at = readSize(ctx.scope, tree, ctx.source, "an index");
  const value = dimConstant(at);
  if (value !== undefined && value < 1) refuse(place, "type", "entries are counted from 1", "x[1] for the first entry");
  return { kind: "position", at, place };
}

// 2:n, n entries less one.
function readRange(ctx: Context, { left, right }: BinaryTree, place: Place): ReadIndex {
  const moved = shiftedIndex(ctx, left) ?? shiftedIndex(ctx, right);
  if (moved !== undefined) refuse(place, "unsupported", `a range cannot depend on the index ${moved}`);
  const [first, last] = [left, right].map((bound) => readSize(ctx.scope, bound, ctx.source, "an index")) as [Dim, Dim];
  const size = addDims(subtractDims(last, first), ctx.inf.one);
  if (isNothing(first)) refuse(place, "type", "entries are counted from 1", "x[1:n] for all of them");
  if (isNothing(size)) refuse(place, "shape", `there is nothing from ${first.key} to ${last.key}`, "x[2:n], the smaller one first");
  return { kind: "range", first, size, place };
}

/** Whether a number of entries, for no sizes, is at least one. */
const isNothing = (d: Dim): boolean => ["zero", "nonpositive"].includes(dimSign(d) ?? "");

/** The index of a sum with bounds, moved by a number; a sum over all entries has no neighbours. */
export function boundNeighbour(index: BoundIndex, shift: number, place: Place): ReadIndex {
  const { from, name } = index.same ?? index;
  if (from === undefined) refuse(place, "unsupported", `the sum over ${name} has to say where it ends`, `sum_{${name}=1}^{n-1}`);
  return { kind: "bound", index, shift, place };
}

/** i + 1 or i − 2 as the index and the number beside it. */
export function neighbourOf(tree: IndexTree): { readonly name: string; readonly shift: number } | undefined {
  if (tree.kind !== "binary" || (tree.op !== "plus" && tree.op !== "minus")) return undefined;
  const { left, right } = tree;
  if (left.kind !== "name" || right.kind !== "number" || !/^\d{1,4}$/.test(right.text)) return undefined;
  return { name: left.name, shift: tree.op === "plus" ? Number(right.text) : -Number(right.text) };
}

function shiftedIndex(ctx: Context, root: Tree): string | undefined {
  const stack: Tree[] = [root];
  for (let tree = stack.pop(); tree !== undefined; tree = stack.pop()) {
    if (tree.kind === "name" && isBoundName(ctx, tree.name)) return tree.name;
    stack.push(...children(tree));
  }
  return undefined;
}

/** Whether a name is the index of a sum around the place being read. */
export const isBoundName = (ctx: Context, name: string): boolean => ctx.bound.some((b) => b.name === name);

/** x[i], A[i,j], A[i,:]: one index for a vector, two for a matrix. */
export function entryTerm(ctx: Context, place: Place, of: Term, indices: readonly ReadIndex[]): Term {
  const [first, second] = indices;
  if (of.variable !== undefined) of.variable.entryUses++;
  if (first === undefined || indices.length > 2)
    return refuse(place, "type", "an entry has one index, or two for a matrix", "x[i], A[i,j], A[i,:]");
  if (second === undefined) return vectorEntry(ctx, place, of, first);
  bindAxis(ctx, of, of.shape.rows, first);
  bindAxis(ctx, of, of.shape.cols, second);
  const length = (index: ReadIndex, axis: Dim): Dim => (index.kind === "all" ? axis : index.kind === "range" ? index.size : ctx.inf.one);
  const shape: Shape = { rows: length(first, of.shape.rows), cols: length(second, of.shape.cols) };
  return makeTerm(ctx, place, shape, [of], ([e]) => {
    const rows = portion(ctx, e as Expr, "rows", first);
    return entryOf(portion(ctx, rows, "cols", second), [settled(ctx, first), settled(ctx, second)]);
  });
}

// A[2:m,:] is no entry but the matrix of these rows.
const entryOf = (e: Expr, at: readonly [Index, Index]): Expr => (at.every((i) => i.kind === "all") ? e : entry(e, at));

function vectorEntry(ctx: Context, place: Place, of: Term, index: ReadIndex): Term {
  const { inf } = ctx;
  if (index.kind === "all") refuse(index.place, "type", "a colon needs a second index", "A[i,:] for a row, A[:,j] for a column");
  if (index.kind === "bound") index.index.used = true;
  inf.require({
    shapes: [of.shape],
    step: () => {
      const o = inf.orientation(of.shape);
      if (o === "open") return false;
      if (o === "matrix")
        refuse(
          place,
          "shape",
          `${written(of)} is a matrix (${shapeText(inf.resolveShape(of.shape))}): an entry has two indices`,
          "A[i,j], or A[i,:] for a row",
        );
      if (o === "scalar" && !(index.kind === "position" && dimConstant(index.at) === 1))
        refuse(place, "shape", `${written(of)} is a number and has no entries`);
      bindAxis(ctx, of, o === "row" ? of.shape.cols : of.shape.rows, index);
      return true;
    },
    settle: () => {
      inf.sameDim(inf.unit(of.shape.rows) === "one" ? of.shape.rows : of.shape.cols, ctx.inf.one, () =>
        refuse(place, "shape", "the shape is not settled"),
      );
      inf.markMany(of.shape.rows);
    },
  });
  // A name with an entry is no scalar, whatever its letter.
  if (of.variable !== undefined) Object.assign(of.variable, { likelyVector: true, singleIndex: true });
  if (index.kind === "range") return vectorPart(ctx, place, of, index);
  const fixed: Index = { kind: "position", at: ctx.inf.one };
  return makeTerm(ctx, place, ctx.inf.number, [of], ([e]) => {
    const at = settled(ctx, index);
    const isRow = isRowShape((e as Expr).shape);
    const of = portion(ctx, e as Expr, isRow ? "cols" : "rows", index);
    return entry(of, isRow ? [fixed, at] : [at, fixed]);
  });
}

// x[2:n]: a column of a column and a row of a row.
function vectorPart(ctx: Context, place: Place, of: Term, index: ReadIndex & { readonly kind: "range" }): Term {
  const { inf } = ctx;
  const shape = inf.freshShape();
  const otherwise = (): never => refuse(place, "shape", "the shape is not settled");
  inf.require({
    shapes: [of.shape],
    step: () => {
      const o = inf.orientation(of.shape);
      if (o === "open") return false;
      inf.same(shape, o === "row" ? { rows: inf.one, cols: index.size } : { rows: index.size, cols: inf.one }, otherwise);
      return true;
    },
    settle: () => {},
  });
  return makeTerm(ctx, place, shape, [of], ([e]) => portion(ctx, e as Expr, isRowShape((e as Expr).shape) ? "cols" : "rows", index));
}

/** Takes down that a fixed index stands along an axis. */
export function noteAxis({ axes }: Pick<Context, "axes">, index: string, axis: Dim): void {
  const known = axes.get(index);
  known === undefined ? axes.set(index, [axis]) : known.push(axis);
}

function bindAxis(ctx: Context, of: Term, axis: Dim, index: ReadIndex): void {
  const { inf } = ctx;
  if (index.kind === "position") {
    const at = dimConstant(index.at);
    const fixed = dimName(index.at);
    if (fixed !== undefined) noteAxis(ctx, fixed, axis);
    if (at !== undefined) ctx.positions.push({ axis, at, place: index.place, variable: of.variable });
    if (at !== 1) inf.markMany(axis);
    return;
  }
  inf.markMany(axis);
  if (index.kind === "all") return;
  if (index.kind === "range") {
    noteLast(ctx, of, axis, index);
    return;
  }
  if (index.index.same !== undefined) index.index.same.used = true;
  index.index.used = true;
  const { last } = index.index.same ?? index.index;
  if (last !== undefined) {
    if (isOpenDim(inf.resolve(axis))) inf.sameDim(axis, last, () => refuse(index.place, "shape", "the shape is not settled"));
    return;
  }
  const { range, name } = index.index;
  inf.sameDim(range, axis, () =>
    refuse(
      index.place,
      "shape",
      `${name} runs over ${inf.resolve(range).key} entries elsewhere, and ${written(of)} has ${inf.resolve(axis).key} here`,
    ),
  );
}

// An axis of which nothing else is known has n entries where a range ends at n or before it, as x[2:n] and x[1:n-1] do.
function noteLast({ inf, positions }: Context, of: Term, axis: Dim, { first, size, place }: ReadIndex & { readonly kind: "range" }): void {
  const last = subtractDims(addDims(first, size), inf.one);
  const at = dimConstant(last);
  if (at !== undefined) positions.push({ axis, at, place, variable: of.variable });
  const [name, ...others] = dimNames(last);
  if (name === undefined || others.length > 0) return;
  const whole = dimSign(subtractDims(last, dimOf(name))) === "positive" ? last : dimOf(name);
  inf.require({
    shapes: [{ rows: axis, cols: axis }],
    step: () => !isOpenDim(inf.resolve(axis)),
    settle: () => void inf.sameDim(axis, whole, () => refuse(place, "shape", "the shape is not settled")),
  });
}

function settled(ctx: Context, index: ReadIndex): Index {
  if (index.kind === "all" || index.kind === "range") return { kind: "all" };
  if (index.kind === "position") return { kind: "position", at: ctx.inf.resolve(index.at) };
  const { name, range } = index.index.same ?? index.index;
  return { kind: "bound", name, range: ctx.inf.resolve(range) };
}

/** Where the rows or columns begin that a range or an index of a sum with bounds runs over, and how many they are. */
function extent({ inf }: Context, index: ReadIndex): { readonly before: Dim; readonly size: Dim } | undefined {
  if (index.kind === "range") return { before: subtractDims(index.first, inf.one), size: index.size };
  const bound = index.kind === "bound" ? (index.index.same ?? index.index) : undefined;
  if (index.kind !== "bound" || bound?.from === undefined) return undefined;
  return { before: addDims(bound.from, dimOf((index.shift ?? 0) - 1)), size: inf.resolve(bound.range) };
}

/** The rows or columns that a range or an index of a sum with bounds runs over: [0, I, 0] of them. */
function portion(ctx: Context, e: Expr, axis: "rows" | "cols", index: ReadIndex): Expr {
  const part = extent(ctx, index);
  if (part === undefined) return e;
  ctx.rewritten = true;
  const { before, size } = part;
  const total = e.shape[axis];
  const behind = subtractDims(subtractDims(total, before), size);
  const [first, last] = [addDims(before, dimOf(1)), addDims(before, size)];
  for (const rest of [before, behind])
    if (!["zero", "positive"].includes(dimSign(rest) ?? ""))
      refuse(
        index.place,
        "shape",
        `the entries run from ${first.key} to ${last.key} here, and there are ${total.key}`,
        index.kind === "range" ? "other bounds" : "other bounds of the sum",
      );
  if (before.key === "0" && behind.key === "0") return e;
  const nothing = (n: Dim): Expr[] => (n.key === "0" ? [] : [zeros(size, n)]);
  const chosen = apply("hcat", [...nothing(before), eye(size), ...nothing(behind)]);
  return axis === "rows" ? mul(chosen, e) : mul(e, transpose(chosen));
}
