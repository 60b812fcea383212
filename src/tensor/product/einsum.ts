// Products of tensors over labels, and tensors with their axes on other labels: einsum.
//
// Invariant: label l is axis l of the result for l below the number of axes, and summed otherwise.
// Not here: the laws of a product (product.ts).

import { ONE, type Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../form/algebra.ts";
import { createDraft, isSummed, multiplyInto, pushInner } from "../form/draft.ts";
import type { Draft, Slot, Tensor } from "../form/tensor.ts";
import { product } from "./product.ts";

/** Product of tensors on shared labels: label l is axis l of the result for l < axes.length and summed otherwise. */
export function einsum(
  axes: readonly Dim[],
  operands: readonly (readonly [Tensor, readonly Slot[]])[],
  coefficient: Rational = ONE,
): Tensor {
  const draft = createDraft(axes, coefficient);
  for (const [tensor, slots] of operands) reserve(draft, tensor, slots);
  for (const [tensor, slots] of operands) multiplyInto(draft, tensor, slots);
  return product(draft);
}

/** Labels of the caller beyond the axes are summed: they are taken before fresh ones are made. */
function reserve(draft: Draft, tensor: Tensor, slots: readonly Slot[]): void {
  for (const [i, s] of slots.entries()) {
    if (!isSummed(draft, s)) continue;
    draft.summed.set(s, tensor.axes[i] as Dim);
    draft.nextLabel = Math.max(draft.nextLabel, s + 1);
  }
}

/** The tensor with its axes permuted: axis i of the result is axis order[i]. */
export function permuteAxes(tensor: Tensor, order: readonly number[]): Tensor {
  if (order.every((o, i) => o === i)) return tensor;
  const slots: number[] = [];
  order.forEach((from, to) => {
    slots[from] = to;
  });
  return relabel(
    tensor,
    order.map((o) => tensor.axes[o] as Dim),
    slots,
  );
}

/** The tensor with its axes put on other slots of a new set of axes; sums stay sums. */
export function relabel(tensor: Tensor, axes: readonly Dim[], slots: readonly Slot[]): Tensor {
  return addTensors(
    axes,
    tensor.terms.map((term) => {
      const draft = createDraft(axes, term.coefficient);
      reserve(draft, tensor, slots);
      pushInner(draft, term.factors, term.summed, slots);
      return product(draft);
    }),
  );
}
