// The diagonal part of a matrix: the terms in which δ joins the two axes; what acts entry by
// entry on a matrix: the terms in which δ joins the axes of two pairs, one with one; and a vector
// that is the diagonal of a sum of matrices.

import type { Dim } from "../../../expr/dim.ts";
import { addTensors } from "../../form/algebra.ts";
import { createDraft, freshLabel, pushInner } from "../../form/draft.ts";
import { type Factor, internTensor, type Slot, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

const joins = (f: Factor, a: number, b: number): boolean => f.base.kind === "delta" && f.slots.includes(a) && f.slots.includes(b);
const isDiagonal = (f: Factor): boolean => joins(f, 0, 1);

/** A matrix as diag(vector) + rest, where at least two terms, not all of them plain multiples of I, make up the diagonal. */
export function splitDiagonal(tensor: Tensor): { diagonal: Tensor; rest: Tensor } | undefined {
  if (tensor.axes.length !== 2) return undefined;
  const on = tensor.terms.filter((t) => t.factors.some(isDiagonal));
  if (on.length < 2 || on.every((t) => t.factors.every((f) => isDiagonal(f) || !f.slots.some((s) => s === 0 || s === 1)))) return undefined;
  return splitOff(tensor, on, isDiagonal, [tensor.axes[0] as Dim], [0, 0]);
}

/**
 * A tensor of two pairs of axes as diag(vec(matrix)) + rest, the matrix on the first pair; undefined where no term
 * of it has entries of its own.
 */
export function splitElementwise(
  tensor: Tensor,
  [i, j]: readonly [number, number],
  [k, l]: readonly [number, number],
): { diagonal: Tensor; rest: Tensor } | undefined {
  const isOuter = (f: Factor): boolean => joins(f, i, k) || joins(f, j, l);
  const on = tensor.terms.filter((t) => t.factors.filter(isOuter).length === 2);
  const isPlain = (t: Term): boolean =>
    t.factors.every((f) => isOuter(f) || !f.slots.some((s) => s === i || s === j || s === k || s === l));
  if (on.every(isPlain)) return undefined;
  const slots = tensor.axes.map((_, axis) => Number(axis === j || axis === l));
  return splitOff(tensor, on, isOuter, [tensor.axes[i] as Dim, tensor.axes[j] as Dim], slots);
}

/** Some terms without their δ, the axes put together, and the other terms. */
function splitOff(
  tensor: Tensor,
  on: readonly Term[],
  isOuter: (f: Factor) => boolean,
  axes: readonly Dim[],
  slots: readonly number[],
): { diagonal: Tensor; rest: Tensor } {
  const parts = on.map((term) => {
    const draft = createDraft(axes, term.coefficient);
    pushInner(
      draft,
      term.factors.filter((f) => !isOuter(f)),
      term.summed,
      slots,
    );
    return product(draft);
  });
  const rest = tensor.terms.filter((t) => !on.includes(t));
  return { diagonal: addTensors(axes, parts), rest: internTensor(tensor.axes, rest) };
}

/** The matrix whose diagonal a vector is, where both ends of a product of matrices are on its axis in each of several terms. */
export function matrixAround(tensor: Tensor): Tensor | undefined {
  const [axis] = tensor.axes;
  if (axis === undefined || tensor.axes.length !== 1 || tensor.terms.length < 2) return undefined;
  const ends = (f: Factor): number => f.slots.filter((s) => s === 0).length;
  const isAround = ({ factors }: Term): boolean => {
    const own = factors.filter((f) => ends(f) > 0);
    return own.reduce((n, f) => n + ends(f), 0) === 2 && own.every((f) => f.slots.length === 2);
  };
  if (!tensor.terms.every(isAround)) return undefined;
  const axes = [axis, axis];
  const parts = tensor.terms.map((term) => {
    let met = 0;
    const draft = createDraft(axes, term.coefficient);
    const inner = new Map<number, number>();
    const slotOf = (s: Slot): Slot => {
      if (s === 0) return met++;
      if (typeof s !== "number") return s;
      const known = inner.get(s) ?? freshLabel(draft, term.summed[s - 1] as Dim);
      inner.set(s, known);
      return known;
    };
    draft.factors = term.factors.map((f) => ({ ...f, slots: f.slots.map(slotOf) }));
    return product(draft);
  });
  return addTensors(axes, parts);
}
