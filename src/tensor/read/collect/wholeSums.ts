// Entries at fixed places that together are a whole sum: A[1,1] + A[2,2] + A[3,3] of a 3×3
// matrix is tr(A), x[1]² + x[2]² of a vector of length 2 is x·x.
//
// Invariant: the same value; a sum is whole only where every place of its axis has one term.
// Not here: sums over a label that are already one number (resum.ts).

import { equals } from "../../../base/rational.ts";
import { type Dim, dimConstant } from "../../../expr/dim.ts";
import { addTensors } from "../../form/algebra.ts";
import { createDraft, freshLabel } from "../../form/draft.ts";
import { type Factor, internTensor, sameExponent, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

/** A number with the first whole sum in it put together; none where there is none. */
export function wholeSums(tensor: Tensor): Tensor[] {
  if (tensor.axes.length > 0 || tensor.terms.length < 2) return [];
  for (const first of tensor.terms) {
    const at = placeOf(first);
    if (at === undefined || at.place !== 1) continue;
    const parts = tensor.terms.filter((t) => isAlike(t, first));
    if (new Set(parts.map((t) => placeOf(t)?.place)).size !== at.length) continue;
    const draft = createDraft([], first.coefficient);
    const label = freshLabel(draft, at.factor.base.axes[0] as Dim);
    draft.factors.push({ ...at.factor, slots: at.factor.slots.map(() => label) });
    const rest = tensor.terms.filter((t) => !parts.includes(t));
    return [addTensors([], [product(draft), internTensor([], rest)])];
  }
  return [];
}

/** A term that is one entry of a vector, or one of the diagonal of a matrix, to any power. */
interface Place {
  readonly factor: Factor;
  readonly place: number;
  /** How many such entries there are. */
  readonly length: number;
}

function placeOf({ factors: [factor, ...more] }: Term): Place | undefined {
  const [axis, ...others] = factor?.base.axes ?? [];
  const [slot, ...same] = factor?.slots ?? [];
  if (factor === undefined || more.length > 0 || axis === undefined || slot === undefined || typeof slot === "number") return undefined;
  if (others.some((d) => d !== axis) || same.some((s) => s !== slot)) return undefined;
  const [place, length] = [dimConstant(slot), dimConstant(axis)];
  return place === undefined || length === undefined ? undefined : { factor, place, length };
}

/** Whether two terms are entries of one vector or matrix, alike but for their place. */
function isAlike(a: Term, b: Term): boolean {
  const [p, q] = [placeOf(a), placeOf(b)];
  if (p === undefined || q === undefined || p.factor.base !== q.factor.base) return false;
  return equals(a.coefficient, b.coefficient) && sameExponent(p.factor.exponent, q.factor.exponent);
}
