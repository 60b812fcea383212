// Products that are their own transposes, A A⁺: the normal form has them in one direction, and
// a reading takes the shorter of both.
//
// Invariant: only products that a rule states to be symmetric are turned, and each as a whole.

import { flatMap } from "../../../base/list.ts";
import { createDraft } from "../../form/draft.ts";
import type { Tensor, Term } from "../../form/tensor.ts";

/** The term with one of its products that are their own transposes turned round: A⁺ᵀ Aᵀ for A A⁺. */
export function turnedTerms(tensor: Tensor, term: Term): Term[] {
  return flatMap(term.factors, (f) => {
    if (f.base.kind !== "function") return [];
    return flatMap(f.base.rules.contractions, ({ turned }) => {
      const summed = term.summed.map((dim, i) => [tensor.axes.length + i, dim] as const);
      const factors = turned?.({ ...createDraft(tensor.axes), factors: [...term.factors], summed: new Map(summed) }, f);
      return factors === undefined ? [] : [{ ...term, factors }];
    });
  });
}
