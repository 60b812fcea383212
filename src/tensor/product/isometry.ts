// Lengths that an orthogonal matrix keeps: Σ_k (Q u)_k² is Σ_i u_i² [MN19 ch. 1].
//
// Invariant: applied only where the summed label meets the matrix and nothing else.

import { multiply } from "../../base/rational.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import type { Dim } from "../../expr/dim.ts";
import { freshLabel, pushRelabelled } from "../form/draft.ts";
import { type Draft, type Factor, isUnitExponent, type Term } from "../form/tensor.ts";
import { isSummedSquare } from "./attributes.ts";

/** Replaces the square of a product with an orthogonal matrix by the square of the rest; whether there was one. */
export function applyIsometry(draft: Draft): boolean {
  for (const f of draft.factors) {
    if (f.base.kind !== "group" || f.slots.length !== 1 || !isSummedSquare(draft, f)) continue;
    const [term] = f.base.tensor.terms;
    const matrix = term === undefined ? undefined : isometryOf(term);
    const meeting = matrix?.slots.find((s) => s !== 0);
    if (term === undefined || matrix === undefined || typeof meeting !== "number") continue;
    replaceSquare(draft, f, term, matrix, meeting);
    return true;
  }
  return false;
}

/** Σ_k (Q_ki u_i)² by Σ_i u_i² for the label i in which a matrix meets the rest. */
function replaceSquare(draft: Draft, f: Factor, term: Term, matrix: Factor, meeting: number): void {
  const dimOf = (label: number): Dim => term.summed[label - 1] as Dim;
  const rest = term.factors.filter((g) => g !== matrix);
  draft.factors = draft.factors.filter((g) => g !== f);
  draft.summed.delete(f.slots[0] as number);
  const shared = freshLabel(draft, dimOf(meeting));
  for (let copy = 0; copy < 2; copy++) {
    draft.coefficient = multiply(draft.coefficient, term.coefficient);
    pushRelabelled(draft, rest, new Map([[meeting, shared]]), dimOf);
  }
}

/** The orthogonal matrix that alone carries the free label of a product. */
function isometryOf(term: Term): Factor | undefined {
  const [matrix, ...more] = term.factors.filter((f) => f.slots.includes(0));
  const isOrthogonal = matrix?.base.kind === "var" && hasAttribute(matrix.base.variable, "orthogonal");
  return isOrthogonal && more.length === 0 && isUnitExponent(matrix.exponent) ? matrix : undefined;
}
