// What a factor of a product is contracted with: C of ⟨C, f⟩ times the rest of the product.
//
// Invariant: the product is the rest times ⟨C, f⟩. A factor that labels link to an axis of the
// value is contracted with nothing.

import type { Dim } from "../expr/dim.ts";
import { createDraft, freshLabel } from "../tensor/draft.ts";
import { product } from "../tensor/product.ts";
import { type Draft, deltaBase, EXPONENT_ONE, type Factor, type RawTerm, type Slot, type Tensor } from "../tensor/tensor.ts";
import type { Occurrence } from "./outline.ts";

export interface Contracted {
  /** C, with the axes of the factor. */
  readonly cotangent: Tensor;
  /** The rest of the product, in a draft on the given axes, of which those of the value come first. */
  rest(axes: readonly Dim[]): Draft;
}

/** What the factor is contracted with; undefined where that is an axis of the value. */
export function cotangentOf({ tensor, term, factor }: Occurrence): Contracted | undefined {
  const rank = tensor.axes.length;
  const around = surroundings(rank, term, factor);
  if (around === undefined) return undefined;
  const { labels, factors } = around;
  return {
    cotangent: contracted(rank, term, factor.slots, factors, factor.base.axes),
    rest(axes) {
      const draft = createDraft(axes, term.coefficient);
      const fresh = term.summed.map((dim, i) => (labels.has(rank + i) ? -1 : freshLabel(draft, dim)));
      const slotOf = (s: Slot): Slot => (typeof s === "number" && s >= rank ? (fresh[s - rank] as number) : s);
      for (const f of term.factors) if (f !== factor && !factors.includes(f)) draft.factors.push({ ...f, slots: f.slots.map(slotOf) });
      return draft;
    },
  };
}

/** The other factors that summed labels link to one, and these labels; undefined where they reach an axis of the value. */
function surroundings(
  rank: number,
  term: RawTerm,
  factor: Factor,
): { readonly labels: Set<number>; readonly factors: Factor[] } | undefined {
  const numbers = (f: Factor): number[] => f.slots.filter((s): s is number => typeof s === "number");
  const labels = new Set(numbers(factor));
  let left = term.factors.filter((f) => f !== factor);
  const factors: Factor[] = [];
  for (;;) {
    const linked = left.filter((f) => numbers(f).some((s) => labels.has(s)));
    if (linked.length === 0) break;
    factors.push(...linked);
    left = left.filter((f) => !linked.includes(f));
    for (const s of linked.flatMap(numbers)) labels.add(s);
  }
  return [...labels].some((s) => s < rank) ? undefined : { labels, factors };
}

/** The C of ⟨C, f⟩ with f at the slots. */
function contracted(rank: number, term: RawTerm, slots: readonly Slot[], factors: readonly Factor[], axes: readonly Dim[]): Tensor {
  const draft = createDraft(axes);
  const by = new Map<number, number>();
  slots.forEach((s, axis) => {
    const known = typeof s === "number" ? by.get(s) : s;
    // An entry, or a diagonal.
    if (known !== undefined) draft.factors.push({ base: deltaBase(axes[axis] as Dim), slots: [known, axis], exponent: EXPONENT_ONE });
    else by.set(s as number, axis);
  });
  const labelOf = (s: Slot): Slot => {
    if (typeof s !== "number") return s;
    if (!by.has(s)) by.set(s, freshLabel(draft, term.summed[s - rank] as Dim));
    return by.get(s) as number;
  };
  for (const f of factors) draft.factors.push({ ...f, slots: f.slots.map(labelOf) });
  return product(draft);
}
