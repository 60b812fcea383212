// max(0, t) for [t > 0] t. A candidate for reading only: the normal form keeps the indicator,
// beside which everything else is known.
//
// Invariant: an equal tensor; a tensor without such a pair is returned itself.

import { addTensors } from "../form/algebra.ts";
import { draftOf, multiplyInto } from "../form/draft.ts";
import { type Draft, type Factor, internTensor, isUnitExponent, type Tensor } from "../form/tensor.ts";
import { positiveArgument } from "../functions/indicator.ts";
import { product } from "../product/product.ts";
import { takeOut } from "../product/subproduct.ts";

/** Powers of t that are looked for beside [t > 0]. */
const MOST_POWER = 4;

/** How deep inside of contractions and brackets pairs are looked for. */
const DEEPEST = 3;

/** Every [t > 0] t^k as ramp(t)^k; `ramp` gives max(0, t) on the axes of t. */
export function withRamps(tensor: Tensor, ramp: (t: Tensor) => Tensor | undefined, depth = 0): Tensor {
  if (!tensor.terms.some((t) => t.factors.some((f) => positiveArgument(f) !== undefined || (depth < DEEPEST && isHolder(f)))))
    return tensor;
  let changed = false;
  const parts = tensor.terms.map((term) => {
    const draft = draftOf(tensor.axes, term);
    const found = draft.factors.filter((f) => {
      const t = positiveArgument(f);
      if (t !== undefined) return joinRamp(draft, f, t, ramp);
      return depth < DEEPEST && draft.factors.includes(f) && joinInside(draft, f, ramp, depth);
    });
    if (found.length === 0) return internTensor(tensor.axes, [term]);
    changed = true;
    return product(draft);
  });
  return changed ? addTensors(tensor.axes, parts) : tensor;
}

type Holder = Factor & { readonly base: { readonly kind: "group" | "sum"; readonly tensor: Tensor } };

/** A contraction or a bracket as it stands in a product. */
const isHolder = (f: Factor): f is Holder => (f.base.kind === "group" || f.base.kind === "sum") && isUnitExponent(f.exponent);

function joinInside(draft: Draft, f: Factor, ramp: (t: Tensor) => Tensor | undefined, depth: number): boolean {
  const inner = isHolder(f) ? withRamps(f.base.tensor, ramp, depth + 1) : undefined;
  if (!isHolder(f) || inner === undefined || inner === f.base.tensor) return false;
  draft.factors = draft.factors.filter((g) => g !== f);
  multiplyInto(draft, inner, f.slots);
  return true;
}

function joinRamp(draft: Draft, f: Factor, t: Tensor, ramp: (t: Tensor) => Tensor | undefined): boolean {
  const made = ramp(t);
  let times = 0;
  while (made !== undefined && times < MOST_POWER && takeOut(draft, t, f.slots)) times++;
  if (made === undefined || times === 0) return false;
  draft.factors = draft.factors.filter((g) => g !== f);
  for (let k = 0; k < times; k++) multiplyInto(draft, made, f.slots);
  return true;
}
