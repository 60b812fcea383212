// The diagonal part of a matrix: the terms in which δ joins the two axes.

import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../algebra.ts";
import { createDraft, pushInner } from "../draft.ts";
import { product } from "../product.ts";
import { type Factor, internTensor, type Tensor } from "../tensor.ts";

const isDiagonal = (f: Factor): boolean => f.base.kind === "delta" && f.slots.includes(0) && f.slots.includes(1);

/** A matrix as diag(vector) + rest, where at least two terms, not all of them plain multiples of I, make up the diagonal. */
export function splitDiagonal(tensor: Tensor): { diagonal: Tensor; rest: Tensor } | undefined {
  if (tensor.axes.length !== 2) return undefined;
  const on = tensor.terms.filter((t) => t.factors.some(isDiagonal));
  if (on.length < 2 || on.every((t) => t.factors.every((f) => isDiagonal(f) || !f.slots.some((s) => s === 0 || s === 1)))) return undefined;
  const axes = [tensor.axes[0] as Dim];
  const parts = on.map((term) => {
    const draft = createDraft(axes, term.coefficient);
    pushInner(
      draft,
      term.factors.filter((f) => !isDiagonal(f)),
      term.summed,
      [0, 0],
    );
    return product(draft);
  });
  const rest = tensor.terms.filter((t) => !on.includes(t));
  return { diagonal: addTensors(axes, parts), rest: internTensor(tensor.axes, rest) };
}
