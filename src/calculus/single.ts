// Occurrences rewritten so that a function of a matrix moves alone: fᵖ is p fᵖ⁻¹ times a factor f
// that moves, and a factor of a bracketed sum is each of its terms in turn. ‖f(X) − B‖² is
// ⟨C, f(X)⟩ then, with a constant C = 2(f(X) − B).
//
// Invariant: the sum of the derivatives through the new factors is that through the old one.

import { MINUS_ONE, multiply } from "../base/rational.ts";
import {
  addRationalToExponent,
  type Base,
  dependsOn,
  EXPONENT_ONE,
  type Factor,
  isUnitExponent,
  type Slot,
  type Tensor,
} from "../tensor/tensor.ts";
import { type Occurrence, occurrences } from "./outline.ts";
import { isPrimary, surroundings } from "./primary.ts";

/** The occurrences to go through instead of one: itself where nothing is gained. */
export function singled(at: Occurrence, name: string): readonly Occurrence[] {
  const { tensor, term, factor } = at;
  if (factor.exponent.symbolic !== undefined || !isMoving(factor.base, name)) return [at];
  if (surroundings(tensor.axes.length, term, factor) === undefined) return [at];
  const alone = withoutExponent(at);
  const inner = bracketed(factor.base);
  return inner === undefined ? [alone] : occurrences(inner).map((o) => multipliedOut(alone, o));
}

const bracketed = (base: Base): Tensor | undefined => (base.kind === "sum" || base.kind === "group" ? base.tensor : undefined);

/** Whether an atom is a primary function of the variable, or a bracket in which one is a factor. */
function isMoving(base: Base, name: string): boolean {
  if (!dependsOn(base, name)) return false;
  const inner = bracketed(base);
  if (inner !== undefined) return inner.terms.some((t) => t.factors.some((f) => bracketed(f.base) === undefined && isMoving(f.base, name)));
  return base.kind === "function" && isPrimary(base, 0);
}

/** fᵖ as p fᵖ⁻¹ f, of which f moves. */
function withoutExponent(at: Occurrence): Occurrence {
  const { term, factor, index } = at;
  const { exponent } = factor;
  if (isUnitExponent(exponent)) return at;
  const single = { ...factor, exponent: EXPONENT_ONE };
  const rest = { ...factor, exponent: addRationalToExponent(exponent, MINUS_ONE) };
  const factors = [...term.factors.map((f, i) => (i === index ? single : f)), rest];
  return { ...at, term: { ...term, coefficient: multiply(term.coefficient, exponent.rational), factors }, factor: single };
}

/** A factor of a term of a bracket, in the term around the bracket. */
function multipliedOut({ tensor, term, factor, index }: Occurrence, within: Occurrence): Occurrence {
  const own = within.term;
  const first = tensor.axes.length + term.summed.length - factor.slots.length;
  const slotOf = (s: Slot): Slot => (typeof s !== "number" ? s : s < factor.slots.length ? (factor.slots[s] as Slot) : first + s);
  const inner = own.factors.map((f): Factor => ({ ...f, slots: f.slots.map(slotOf) }));
  const outer = term.factors.filter((_, i) => i !== index);
  const place = outer.length + within.index;
  const coefficient = multiply(term.coefficient, own.coefficient);
  const whole = { coefficient, factors: [...outer, ...inner], summed: [...term.summed, ...own.summed] };
  return { tensor, term: whole, factor: inner[within.index] as Factor, index: place };
}
