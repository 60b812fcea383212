// Products of matrices as steps: a product with a vector runs from the vector, others in the
// cheapest order, both taking what is computed already as free; Zᵀ diag(d) Z with d ≥ 0 becomes a
// symmetric product, and an inverse that nothing else needs is solved with.
//
// Invariant: a product that is the transpose of one that is there already is read from it.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { type Form, type Item, partsOf } from "../form/form.ts";
import { colsOf, itemKey, palindrome, rowsOf, turnedItems } from "../form/items.ts";
import { isNonnegative } from "../form/signs.ts";
import { association, LONGEST_SEARCH, typicalSize } from "../form/work.ts";
import { type Making, raised } from "./arithmetic.ts";
import { arg, type Open } from "./builder.ts";
import { makeFromFactors, makeSolve } from "./factors.ts";
import type { Ref } from "./plan.ts";

/** What the products of a plan are made with. */
export interface ChainMaking extends Making {
  /** Inverses whose entries are needed; others are only solved with. */
  readonly dense: ReadonlySet<Form>;
  readonly sizes: ReadonlyMap<string, number> | undefined;
}

/** A product of matrices that has been computed; its transpose where turned. */
interface Part {
  readonly ref: Ref;
  readonly turned: boolean;
  readonly rows: Dim;
  readonly cols: Dim;
}

/** What makes the products of one plan. */
export function createChains(making: ChainMaking): (form: Form & { kind: "chain" }) => Ref {
  /** Products of matrices that have been computed on the way to longer ones, by their factors. */
  const segments = new Map<string, Part>();
  return (form) =>
    form.right === undefined ? makeMatrix(making, segments, form) : makeVector(making, segments, { ...form, right: form.right });
}

/** The forms whose values a product is computed from: an inverse that is only met with others needs its matrix alone. */
export const needsOfChain = (form: Form & { kind: "chain" }, dense: ReadonlySet<Form>): readonly Form[] =>
  partsOf(form).map((p) => (p.kind === "inverse" && !dense.has(p) ? p.of : p));

type InverseItem = { readonly form: Form & { readonly kind: "inverse" }; readonly turned: boolean };

const isSolved = (making: ChainMaking, item: Item | undefined): item is Item & InverseItem =>
  item?.kind === "matrix" && item.form.kind === "inverse" && !making.dense.has(item.form);

type VectorChain = Form & { readonly kind: "chain" } & { readonly right: Form };

function makeVector(making: ChainMaking, segments: Segments, form: VectorChain): Ref {
  const { builder, refOf } = making;
  const { open } = form;
  const pieces: (Item | Part)[] = [];
  const { items, values } = opened(form);
  let at = 0;
  while (at < form.items.length || !values.has(at)) {
    const run = open.size > 0 || segments.size === 0 ? undefined : runFrom(at, items, segments, making.sizes);
    pieces.push(run?.part ?? (items[at] as Item));
    at = run?.after ?? at + 1;
  }
  let value = refOf(values.get(at) as Form);
  for (const piece of pieces.reverse()) {
    const axes = [isPart(piece) ? piece.rows : rowsOf(piece)];
    const met = (matrix: Ref, turned: boolean): Ref =>
      builder.emit({ op: "matmul", turned: [turned, false], args: [arg(matrix), arg(value)], axes }, open);
    if (isPart(piece)) value = met(piece.ref, piece.turned);
    else if (piece.kind === "diag") value = builder.map("mul", [arg(refOf(piece.form)), arg(value)], axes, open);
    else if (isSolved(making, piece)) value = makeSolve(making, { of: piece.form.of, turned: piece.turned, right: value }, axes, open);
    else value = met(refOf(piece.form), piece.turned);
  }
  return value;
}

const isPart = (piece: Item | Part): piece is Part => "ref" in piece;

/** The factors of a product and of those that its vector is made of; `values` are the forms of what the factors from a place on make of the last vector. */
function opened(form: VectorChain): { items: readonly Item[]; values: ReadonlyMap<number, Form> } {
  const items = [...form.items];
  const values = new Map<number, Form>();
  for (let right = form.right; ; ) {
    values.set(items.length, right);
    const scaled = items.length > LONGEST_SEARCH ? undefined : scaledChain(right);
    if (scaled === undefined) return { items, values };
    items.push({ kind: "diag", form: scaled.by }, ...scaled.chain.items);
    right = scaled.chain.right;
  }
}

/** A vector times a product of matrices with a vector, entry by entry. */
function scaledChain(form: Form): { by: Form; chain: VectorChain } | undefined {
  if (form.kind !== "product" || !Q.isOne(form.coefficient) || form.factors.length !== 2) return undefined;
  if (form.factors.some((f) => f.form.axes.length !== 1 || !Q.isOne(f.exponent))) return undefined;
  const [one, other] = form.factors.map((f) => f.form) as [Form, Form];
  for (const [by, chain] of [
    [one, other],
    [other, one],
  ] as const)
    if (chain.kind === "chain" && chain.right !== undefined) return { by, chain: { ...chain, right: chain.right } };
  return undefined;
}

/** The longest product from a factor on that has been computed already, where a vector is met with it at less cost than with its factors. */
function runFrom(
  start: number,
  items: readonly Item[],
  segments: Segments,
  sizes: ReadonlyMap<string, number> | undefined,
): { part: Part; after: number } | undefined {
  let best: { part: Part; after: number } | undefined;
  let work = 0;
  for (let after = start + 1; after <= items.length; after++) {
    const item = items[after - 1] as Item;
    work += typicalSize(rowsOf(item), sizes) * (item.kind === "diag" ? 1 : typicalSize(colsOf(item), sizes));
    const part = after - start < 2 ? undefined : computed(segments, items.slice(start, after));
    if (part !== undefined && typicalSize(part.rows, sizes) * typicalSize(part.cols, sizes) < work) best = { part, after };
  }
  return best;
}

type Segments = Map<string, Part>;

function makeMatrix(making: ChainMaking, segments: Segments, { items, open }: Form & { kind: "chain" }): Ref {
  const symmetric = palindrome(items);
  if (symmetric !== undefined) {
    const { half, middle } = symmetric;
    if (middle === undefined) return gram(making, multiplied(making, segments, half, open), open);
    if (isNonnegative(middle)) return weightedGram(making, multiplied(making, segments, half, open), middle, open);
  }
  return straight(making, multiplied(making, segments, items, open), open);
}

function gram({ builder }: Making, z: Part, open: Open): Ref {
  return builder.emit({ op: "gram", rows: z.turned, args: [arg(z.ref)], axes: [z.cols, z.cols] }, open);
}

// Z′ diag(d) Z is the symmetric product of diag(√d) Z.
function weightedGram(making: Making, z: Part, weights: Form, open: Open): Ref {
  const { builder, refOf } = making;
  const root = raised(builder, refOf(weights), Q.HALF, weights);
  const flat = straight(making, z, open);
  const weighted = builder.map("mul", [arg(root, 0), arg(flat)], [z.rows, z.cols], open);
  return gram(making, { ...z, ref: weighted, turned: false }, open);
}

const straight = ({ builder }: Making, p: Part, open: Open): Ref => (p.turned ? builder.transpose(p.ref, [p.rows, p.cols], open) : p.ref);

function multiplied(making: ChainMaking, segments: Segments, items: readonly Item[], open: Open): Part {
  const last = items.length - 1;
  const isShared = open.size === 0 && items.length <= LONGEST_SEARCH;
  const built = isShared ? foundSegments(segments, items) : new Map<string, Part>();
  const { split } = association(items, making.sizes, (i, j) => built.has(`${i}-${j}`));
  const stack: [number, number][] = [[0, last]];
  for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
    const [i, j] = top;
    const key = `${i}-${j}`;
    const k = split(i, j);
    if (built.has(key)) stack.pop();
    else if (k === undefined) built.set(key, single(making, items[i] as Item));
    else {
      const [left, right] = [built.get(`${i}-${k}`), built.get(`${k + 1}-${j}`)];
      if (right === undefined) stack.push([k + 1, j]);
      if (left === undefined) stack.push([i, k]);
      if (left === undefined || right === undefined) continue;
      const ends = [i === k ? items[i] : undefined, k + 1 === j ? items[j] : undefined] as const;
      const made = joint(making, left, right, ends, open);
      built.set(key, made);
      if (isShared) segments.set(keyOf(items.slice(i, j + 1)), made);
    }
  }
  return entries(making, built.get(`0-${last}`) as Part, last === 0 ? items[0] : undefined);
}

// What a chain computes on its way is free to the chains after it.
function foundSegments(segments: Segments, items: readonly Item[]): Map<string, Part> {
  const found = new Map<string, Part>();
  for (let i = 0; i < items.length; i++)
    for (let j = i + 1; j < items.length; j++) {
      const part = computed(segments, items.slice(i, j + 1));
      if (part !== undefined) found.set(`${i}-${j}`, part);
    }
  return found;
}

/** A product that has been computed, itself or its transpose. */
function computed(segments: Segments, items: readonly Item[]): Part | undefined {
  const there = segments.get(keyOf(items));
  if (there !== undefined) return there;
  const across = segments.get(keyOf(turnedItems(items)));
  return across === undefined ? undefined : { ref: across.ref, turned: !across.turned, rows: across.cols, cols: across.rows };
}

const keyOf = (items: readonly Item[]): string => items.map(itemKey).join(" ");

// An inverse that is only solved with stands for its matrix here.
function single(making: ChainMaking, item: Item): Part {
  const form = isSolved(making, item) ? item.form.of : item.form;
  const [rows, cols] = [rowsOf(item), item.kind === "diag" ? rowsOf(item) : colsOf(item)];
  return { ref: making.refOf(form), turned: item.kind === "matrix" && item.turned, rows, cols };
}

// A part with its entries: the inverse itself, where its matrix stands for it.
const entries = (making: ChainMaking, part: Part, item: Item | undefined): Part =>
  isSolved(making, item) ? { ...part, ref: makeFromFactors(making, item.form) } : part;

// Two neighbours met; `ends` are the items that they are, where they are one item each.
function joint(
  making: ChainMaking,
  left: Part,
  right: Part,
  [first, last]: readonly [Item | undefined, Item | undefined],
  open: Open,
): Part {
  const { builder } = making;
  const axes = [left.rows, right.cols] as const;
  const part = (ref: Ref): Part => ({ ref, turned: false, rows: axes[0], cols: axes[1] });
  const after = (): Ref => straight(making, entries(making, right, last), open);
  const before = (): Ref => straight(making, entries(making, left, first), open);
  if (first?.kind === "diag") return part(builder.map("mul", [arg(left.ref, 0), arg(after())], axes, open));
  if (last?.kind === "diag") return part(builder.map("mul", [arg(right.ref, 1), arg(before())], axes, open));
  if (isSolved(making, first)) return part(makeSolve(making, { of: first.form.of, turned: first.turned, right: after() }, axes, open));
  if (isSolved(making, last)) {
    // A inv(B) = (inv(B)′ A′)′
    const across = builder.transpose(before(), [left.cols, left.rows], open);
    const solved = makeSolve(making, { of: last.form.of, turned: !last.turned, right: across }, [right.cols, left.rows], open);
    return { ...part(solved), turned: true };
  }
  return part(builder.emit({ op: "matmul", turned: [left.turned, right.turned], args: [arg(left.ref), arg(right.ref)], axes }, open));
}
