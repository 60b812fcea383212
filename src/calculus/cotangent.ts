// A product split around one of its factors f: into ⟨C, f⟩, where C (the cotangent) is made of all
// that summed labels link to f, and the rest. In xᵀ f(A) y · tr(B), C is x yᵀ and the rest tr(B).
//
// Invariant: the product is the rest times ⟨C, f⟩. There is no such C where labels link f to an
// axis of the value.

import type { Dim } from "../expr/dim.ts";
import { components } from "../tensor/form/components.ts";
import { attachAxes, createDraft, pushRelabelled } from "../tensor/form/draft.ts";
import type { Draft, Tensor } from "../tensor/form/tensor.ts";
import { product } from "../tensor/product/product.ts";
import type { Occurrence } from "./outline.ts";

/** A product around one factor; each part is made when it is asked for. */
export interface Contracted {
  /** C, with the axes of the factor. */
  cotangent(): Tensor;
  /** The rest of the product, in a draft on the given axes, of which those of the value come first. */
  rest(axes: readonly Dim[]): Draft;
}

/** What the factor is contracted with; undefined where that is an axis of the value. */
export function cotangentOf({ tensor, term, factor }: Occurrence): Contracted | undefined {
  const rank = tensor.axes.length;
  const part = components(term.factors, rank).find((p) => p.includes(factor)) ?? [];
  if (part.some((f) => f.slots.some((s) => typeof s === "number" && s < rank))) return undefined;
  const dimOf = (label: number): Dim => term.summed[label - rank] as Dim;
  return {
    cotangent() {
      const draft = createDraft(factor.base.axes);
      const known = new Map<number, number>();
      attachAxes(draft, factor.slots, 0, known);
      const others = part.filter((f) => f !== factor);
      pushRelabelled(draft, others, known, dimOf);
      return product(draft);
    },
    rest(axes) {
      const draft = createDraft(axes, term.coefficient);
      const others = term.factors.filter((f) => !part.includes(f));
      pushRelabelled(draft, others, new Map(tensor.axes.map((_, i) => [i, i])), dimOf);
      return draft;
    },
  };
}
