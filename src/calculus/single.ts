// Occurrences rewritten so that a function of a matrix moves alone: fᵖ is p fᵖ⁻¹ times a factor f
// that moves, a bracketed sum each of its terms in turn, and ⟨C, g(f)⟩ is ⟨C′, f⟩ with the gradient
// C′ of ⟨C, g⟩. ‖f(X) − B‖² is ⟨C, f(X)⟩ then, with a constant C = 2(f(X) − B).
//
// A power whose exponent moves too stays as it is.
//
// Invariant: the sum of the derivatives through the new factors is that through the old one.

import { MINUS_ONE, multiply } from "../base/rational.ts";
import { draftOf, freshLabel, multiplyInto, pushInner } from "../tensor/form/draft.ts";
import {
  addRationalToExponent,
  type Base,
  type Draft,
  dependsOn,
  EXPONENT_ONE,
  type Factor,
  type FunctionBase,
  isUnitExponent,
  type RawTerm,
  type Slot,
  type Tensor,
} from "../tensor/form/tensor.ts";
import { einsum } from "../tensor/product/einsum.ts";
import { exponentTensor } from "../tensor/product/power.ts";
import { identity } from "./backward.ts";
import { type Contracted, cotangentOf } from "./cotangent.ts";
import { type Occurrence, occurrences } from "./outline.ts";
import { isPrimary, pulledBack } from "./primary.ts";
import { areSeveral, throughFunction, throughUnknown, type UnknownAtom } from "./through.ts";

/** The occurrences to go through instead of one: itself where nothing is gained. Inner tensors are gone through as `openedOf` gives them. */
export function singled(at: Occurrence, name: string, openedOf: (inner: Tensor) => Tensor): readonly Occurrence[] {
  const { base, exponent } = at.factor;
  const movesAbove = exponent.symbolic !== undefined && dependsOn(exponent.symbolic, name);
  if (movesAbove || !isMoving(base, name) || cotangentOf(at) === undefined) return [at];
  const alone = withoutExponent(at);
  const inner = bracketed(base);
  if (inner !== undefined) return occurrences(openedOf(inner)).map((within) => inPlace(alone, within));
  return isApplied(base) && base.args.some((a) => holdsMoving(a, name)) ? insideArguments(alone, base, name, openedOf) : [alone];
}

const isApplied = (base: Base): base is FunctionBase | UnknownAtom => base.kind === "function" || base.kind === "unknown";

const bracketed = (base: Base): Tensor | undefined => (base.kind === "sum" || base.kind === "group" ? base.tensor : undefined);

/** Whether an atom is a primary function of the variable, or holds one. */
const isMoving = (base: Base, name: string): boolean =>
  dependsOn(base, name) &&
  ((base.kind === "function" && isPrimary(base, 0)) ||
    (isApplied(base) && base.args.some((a) => holdsMoving(a, name))) ||
    holdsMoving(bracketed(base), name));

/** In terms nested deeper than this nothing is looked for. */
const MOST_NESTED = 8;

const holdsMoving = (tensor: Tensor | undefined, name: string): boolean =>
  tensor !== undefined && tensor.depth <= MOST_NESTED && tensor.terms.some((t) => t.factors.some((f) => isMoving(f.base, name)));

/** fᵖ as p fᵖ⁻¹ f, of which f moves. */
function withoutExponent(at: Occurrence): Occurrence {
  const { tensor, term, factor, index } = at;
  const { exponent } = factor;
  if (isUnitExponent(exponent)) return at;
  const single = { ...factor, exponent: EXPONENT_ONE };
  const rest = { ...factor, exponent: addRationalToExponent(exponent, MINUS_ONE) };
  const draft = draftOf(tensor.axes, { ...term, factors: [...term.factors.map((f, i) => (i === index ? single : f)), rest] });
  const moving = draft.factors[index] as Factor;
  multiplyInto(draft, exponentTensor(exponent), []);
  return { ...at, term: termOf(draft), factor: moving };
}

/** A factor of a term of a bracket, in the product in which the bracket stands. */
function inPlace({ tensor, term, factor, index }: Occurrence, within: Occurrence): Occurrence {
  const draft = draftOf(tensor.axes, { ...term, factors: term.factors.filter((_, i) => i !== index) });
  return placed(tensor, draft, factor.slots, within);
}

/** The factors of the arguments that move, contracted with what is the gradient there. */
function insideArguments(
  at: Occurrence,
  base: FunctionBase | UnknownAtom,
  name: string,
  openedOf: (inner: Tensor) => Tensor,
): Occurrence[] {
  const met = cotangentOf(at) as Contracted;
  const cotangent = met.cotangent();
  const isJoint = areSeveral(base.args, name);
  return base.args.flatMap((argument, position) => {
    if (!dependsOn(argument, name)) return [];
    const gradient =
      base.kind === "function" && isPrimary(base, position) ? pulledBack(base, cotangent) : gradientAt(base, position, cotangent, isJoint);
    return occurrences(openedOf(argument)).map((within) => {
      const draft = met.rest(at.tensor.axes);
      const ends = argument.axes.map((dim) => freshLabel(draft, dim));
      multiplyInto(draft, gradient, ends);
      return placed(at.tensor, draft, ends, within);
    });
  });
}

/** The gradient of ⟨C, g⟩ by an argument of g. */
function gradientAt(base: FunctionBase | UnknownAtom, position: number, cotangent: Tensor, isJoint: boolean): Tensor {
  const { axes } = base.args[position] as Tensor;
  const along = identity(axes);
  const local = base.kind === "function" ? throughFunction(base, position, along, isJoint) : throughUnknown(base, position, along);
  const own = base.axes.map((_, i) => axes.length + i);
  return einsum(axes, [
    [cotangent, own],
    [local, [...own, ...axes.map((_, i) => i)]],
  ]);
}

/** An occurrence with its term multiplied into a draft. */
function placed(tensor: Tensor, draft: Draft, slots: readonly Slot[], { term, index }: Occurrence): Occurrence {
  const place = draft.factors.length + index;
  pushInner(draft, term.factors, term.summed, slots);
  draft.coefficient = multiply(draft.coefficient, term.coefficient);
  return { tensor, term: termOf(draft), factor: draft.factors[place] as Factor, index: place };
}

const termOf = ({ coefficient, factors, summed }: Draft): RawTerm => ({ coefficient, factors, summed: [...summed.values()] });
