// Closed contractions, x·y as one atom of a product, and products with them multiplied in.
//
// Invariant: the same value; the labels of a contraction come behind all others of the product.
// Not here: how a product closes its contractions (src/tensor/product/product.ts, src/tensor/form/components.ts).

import { flatMap } from "../../base/list.ts";
import { renameSlots } from "../form/canonical.ts";
import { type Factor, isUnitExponent, type Term } from "../form/tensor.ts";

/** Whether a factor is a contraction without free label, to the power 1. */
export const isContraction = (f: Factor): f is Factor & { readonly base: { readonly kind: "group" } } =>
  f.base.kind === "group" && f.slots.length === 0 && isUnitExponent(f.exponent);

/** The product with its closed contractions multiplied in, on labels of their own; itself where it has none. */
export function opened<T extends Pick<Term, "factors" | "summed">>(term: T, rank: number): T {
  if (!term.factors.some(isContraction)) return term;
  const summed = [...term.summed];
  const factors = flatMap(term.factors, (f) => {
    const inner = isContraction(f) ? f.base.tensor.terms[0] : undefined;
    if (inner === undefined) return [f];
    const first = rank + summed.length;
    summed.push(...inner.summed);
    return inner.factors.map((g) => renameSlots(g, (l) => first + l));
  });
  return { ...term, factors, summed };
}
