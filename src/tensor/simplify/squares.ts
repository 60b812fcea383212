// Recognition of sums of squares: Σ_L T[L]² for a tensor T with up to two axes.

import { ONE, rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { createDraft } from "../form/draft.ts";
import { exponentOf, type Factor, isEven, type Tensor } from "../form/tensor.ts";
import { product } from "../product/product.ts";

/** T with Σ T² = the closed contraction, where every factor stands in an even power; its axes are the summed labels. */
export function rootOfSquares(closed: Tensor): Tensor | undefined {
  const [term, ...more] = closed.terms;
  if (term === undefined || more.length > 0 || term.summed.length === 0 || term.summed.length > 2) return undefined;
  const halves: Factor[] = [];
  for (const f of term.factors) {
    if (!isEven(f.exponent) || new Set(f.slots).size !== f.slots.length) return undefined;
    halves.push({ ...f, exponent: exponentOf(rational(f.exponent.rational.n / 2n)) });
  }
  const axes = term.summed as readonly Dim[];
  const draft = createDraft(axes, ONE);
  draft.factors.push(...halves);
  return product(draft);
}
