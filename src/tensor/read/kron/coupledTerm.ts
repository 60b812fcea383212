// Terms in vec form in which the two axes of a side are one, as by diag(X): read with that axis
// alone, beside the matrix that takes the diagonal out of a vec, or puts it there.
//
// Invariant: the same value; the product has the two axes as one and nothing of them elsewhere.
// Not here: how a term with axes of its own on each side is read (kronTerm.ts).

import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import { createDraft, pushInner } from "../../form/draft.ts";
import type { Tensor, Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";
import type { Reader, Sides } from "../reading/reader.ts";
import type { KronTerm } from "./kronSum.ts";
import { readKronTerm } from "./kronTerm.ts";
import { diagVec, doubling } from "./vec.ts";

/** A term with coupled axes as a Kronecker product; undefined where none are, or the rest is no such product. */
export function readCoupledTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): KronTerm | undefined {
  for (const side of ["cols", "rows"] as const) {
    const [a, b] = sides[side];
    if (a === undefined || b === undefined || !areOne(term, a, b)) continue;
    const joined = withOne(tensor, term, a, b);
    const [only, ...more] = joined.terms;
    if (only === undefined || more.length > 0) return undefined;
    const within = { rows: sides.rows.filter((l) => l !== b), cols: sides.cols.filter((l) => l !== b) };
    const place = (l: number): number => (l > b ? l - 1 : l);
    const inner = { rows: within.rows.map(place), cols: within.cols.map(place) };
    const n = tensor.axes[a] as Dim;
    const across = readKronTerm(reader, joined, only, inner, true);
    if (across !== undefined && isDoubled(across, side, n)) return beside(across, side, n);
    const read = readKronTerm(reader, joined, only, inner) ?? readCoupledTerm(reader, joined, only, inner);
    return read === undefined ? undefined : beside(read, side, n);
  }
  return undefined;
}

/** The product with the matrix of the coupled axes on one of its sides; where both axes meet it there, the diagonal of the identity. */
function beside(read: KronTerm, side: keyof Sides, n: Dim): KronTerm | undefined {
  const { fwd, rev } = doubling(n);
  const [at, own, other] = side === "cols" ? (["right", rev, fwd] as const) : (["left", fwd, rev] as const);
  if (read[at] !== undefined && read[at] !== other) return undefined;
  return { ...read, [at]: read[at] === undefined ? own : diagVec(build.eye(n)) };
}

const isDoubled = (read: KronTerm, side: keyof Sides, n: Dim): boolean =>
  side === "cols" ? read.right === doubling(n).fwd : read.left === doubling(n).rev;

/** Whether δ make two axes one. */
function areOne(term: Term, a: number, b: number): boolean {
  const joined = new Set([a]);
  for (const l of joined)
    for (const { base, slots } of term.factors)
      if (base.kind === "delta" && slots.includes(l)) for (const s of slots) if (typeof s === "number") joined.add(s);
  return joined.has(b);
}

/** The term on the axes without `b`, for which `a` stands. */
function withOne(tensor: Tensor, term: Term, a: number, b: number): Tensor {
  const kept = tensor.axes.map((_, i) => i).filter((i) => i !== b);
  const draft = createDraft(
    kept.map((i) => tensor.axes[i] as Dim),
    term.coefficient,
  );
  const slots = tensor.axes.map((_, i) => kept.indexOf(i === b ? a : i));
  pushInner(draft, term.factors, term.summed, slots);
  draft.factors = draft.factors.filter((f) => f.base.kind !== "delta" || f.slots[0] !== f.slots[1]);
  return product(draft);
}
