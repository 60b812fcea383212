// Factors of the terms of a tensor with other tensors in their places.
//
// Invariant: equal tensors where the other tensors are. Not here: variables within arguments and exponents (src/tensor/functions/apply.ts).

import { addTensors } from "../form/algebra.ts";
import { draftOf, multiplyInto } from "../form/draft.ts";
import { type Factor, internTensor, type Tensor } from "../form/tensor.ts";
import { powerTensor } from "../product/power.ts";
import { product } from "../product/product.ts";

/** The tensor with some bases replaced, each by a tensor on its axes that takes the exponent; undefined where none is. */
export function replaceFactors(tensor: Tensor, by: (f: Factor) => Tensor | undefined): Tensor | undefined {
  let changed = false;
  const parts = tensor.terms.map((term) => {
    const draft = draftOf(tensor.axes, term);
    const values = draft.factors.map((f) => ({ f, value: by(f) }));
    if (values.every(({ value }) => value === undefined)) return internTensor(tensor.axes, [term]);
    changed = true;
    draft.factors = values.flatMap(({ f, value }) => (value === undefined ? [f] : []));
    for (const { f, value } of values) if (value !== undefined) multiplyInto(draft, powerTensor(value, f.exponent), f.slots);
    return product(draft);
  });
  return changed ? addTensors(tensor.axes, parts) : undefined;
}
