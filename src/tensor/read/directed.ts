// Products that are their own transposes, A A⁺: the normal form has them in one direction, and
// a reading takes the shorter of both.

import { createDraft } from "../draft.ts";
import type { Tensor, Term } from "../tensor.ts";

/** The term with one of its products that are their own transposes turned round: A⁺ᵀ Aᵀ for A A⁺. */
export function turnedTerms(tensor: Tensor, term: Term): Term[] {
  return term.factors.flatMap((f) => {
    if (f.base.kind !== "function") return [];
    return f.base.rules.contractions.flatMap(({ turned }) => {
      const summed = term.summed.map((dim, i) => [tensor.axes.length + i, dim] as const);
      const factors = turned?.({ ...createDraft(tensor.axes), factors: [...term.factors], summed: new Map(summed) }, f);
      return factors === undefined ? [] : [{ ...term, factors }];
    });
  });
}
