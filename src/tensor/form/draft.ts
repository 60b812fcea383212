// A draft: a product under construction, its factors on arbitrary labels. Nothing here is
// in normal form yet; src/tensor/product/product.ts brings it there.

import { invariant } from "../../base/assert.ts";
import { flatMap } from "../../base/list.ts";
import {
  absolute,
  divide,
  isInteger,
  isZero,
  multiply,
  negate,
  ONE,
  power,
  type Rational,
  content as rationalContent,
  root,
  sign,
  ZERO,
} from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { dropUnusedAxes, orientation, scaleTensor, transposeTensor } from "./algebra.ts";
import { renameSlots } from "./canonical.ts";
import {
  type Draft,
  deltaBase,
  EXPONENT_ONE,
  type Exponent,
  exponentOf,
  type Factor,
  type RawTerm,
  type Slot,
  sumBase,
  type Tensor,
} from "./tensor.ts";

/** A product without factors; the labels of the axes are 0, 1, … */
export const createDraft = (axes: readonly Dim[], coefficient: Rational = ONE): Draft => ({
  axes,
  coefficient,
  factors: [],
  summed: new Map(),
  nextLabel: axes.length,
});

/** A new summed label of the draft. */
export function freshLabel(draft: Draft, dim: Dim): number {
  draft.summed.set(draft.nextLabel, dim);
  return draft.nextLabel++;
}

/** Whether a slot is a summed label of the draft. */
export const isSummed = (draft: Draft, s: Slot | undefined): s is number => typeof s === "number" && s >= draft.axes.length;

/** Whether a slot of a factor is a summed label that stands at no other place. */
export const isLone = (draft: Draft, f: Factor, s: Slot | undefined): s is number =>
  isSummed(draft, s) && f.slots.indexOf(s) === f.slots.lastIndexOf(s) && draft.factors.every((g) => g === f || !g.slots.includes(s));

/** The factors with one of them to another power; without it where that is 0. */
export const withPowerAt = (factors: readonly Factor[], index: number, power: Rational): Factor[] =>
  flatMap(factors, (f, i) => (i !== index ? [f] : isZero(power) ? [] : [{ ...f, exponent: exponentOf(power) }]));

/** Multiplies a tensor into the draft, its axes on the given slots. */
export function multiplyInto(draft: Draft, tensor: Tensor, slots: readonly Slot[]): void {
  invariant(slots.length === tensor.axes.length, "one slot an axis");
  const [only, ...rest] = tensor.terms;
  if (only === undefined) {
    draft.coefficient = ZERO;
    return;
  }
  if (rest.length > 0) {
    draft.factors.push(...sumFactors(draft, tensor, slots));
    return;
  }
  draft.coefficient = multiply(draft.coefficient, only.coefficient);
  pushInner(draft, only.factors, only.summed, slots);
}

/** Pushes factors written on inner labels (free ones = slots, summed ones fresh). */
export function pushInner(draft: Draft, factors: readonly Factor[], summed: readonly Dim[], slots: readonly Slot[]): void {
  const fresh = summed.map((dim) => freshLabel(draft, dim));
  for (const f of factors)
    draft.factors.push(renameSlots(f, (l) => (l < slots.length ? (slots[l] as Slot) : (fresh[l - slots.length] as number))));
}

/** A term, or what is left of it, as a draft on the axes of its tensor. */
export function draftOf(axes: readonly Dim[], { coefficient, factors, summed }: RawTerm): Draft {
  const draft = createDraft(axes, coefficient);
  pushInner(
    draft,
    factors,
    summed,
    axes.map((_, i) => i),
  );
  return draft;
}

/**
 * Puts axes of the draft, from `first` on, at slots of another product: `known` gets what the labels there stand for. At a fixed
 * position, and at a label that stands for something already, an axis is joined by a δ.
 */
export function attachAxes(draft: Draft, slots: readonly Slot[], first: number, known: Map<number, number>): void {
  slots.forEach((s, i) => {
    const axis = first + i;
    const at = typeof s === "number" ? known.get(s) : s;
    if (at === undefined) known.set(s as number, axis);
    else draft.factors.push({ base: deltaBase(draft.axes[axis] as Dim), slots: [at, axis], exponent: EXPONENT_ONE });
  });
}

/** Pushes factors whose labels stand for labels of the draft; those that stand for none yet become summed ones. */
export function pushRelabelled(
  draft: Draft,
  factors: readonly Factor[],
  known: ReadonlyMap<number, number>,
  dimOf: (label: number) => Dim,
): void {
  const to = new Map(known);
  const slotOf = (s: Slot): Slot => {
    if (typeof s !== "number") return s;
    let label = to.get(s);
    if (label === undefined) {
      label = freshLabel(draft, dimOf(s));
      to.set(s, label);
    }
    return label;
  };
  for (const f of factors) draft.factors.push({ ...f, slots: f.slots.map(slotOf) });
}

function sumFactors(draft: Draft, tensor: Tensor, slots: readonly Slot[]): Factor[] {
  const bracket = bracketed(tensor, EXPONENT_ONE);
  draft.coefficient = multiply(draft.coefficient, bracket.coefficient);
  return bracket.factors.map(({ base, slots: own, exponent }) => ({ base, slots: own.map((s) => slots[s as number] as Slot), exponent }));
}

/** A sum of at least two terms as a factor, its axes labelled 0, 1, …; content and sign pulled out where the exponent allows. */
export function bracketed(tensor: Tensor, exponent: Exponent): { coefficient: Rational; factors: Factor[] } {
  const { tensor: given, kept: labels } = dropUnusedAxes(tensor);
  const way = orientation([given]);
  const used = way === "turned" ? transposeTensor(given) : given;
  const kept = way === "turned" ? [...labels].reverse() : labels;
  const pulled = pulledContent(used, exponent);
  const primitive = scaleTensor(used, divide(ONE, pulled.content));
  return { coefficient: pulled.power, factors: [{ base: sumBase(primitive, way === "turned" ? "none" : way), slots: kept, exponent }] };
}

/** The rational c for which S^e = c^e (S/c)^e leaves a unique base and c^e is rational. */
function pulledContent(tensor: Tensor, exponent: Exponent): { content: Rational; power: Rational } {
  const size = absolute(rationalContent(tensor.terms.map((t) => t.coefficient)));
  const { rational, symbolic } = exponent;
  if (symbolic !== undefined) return { content: ONE, power: ONE };
  if (isInteger(rational)) {
    const leading = tensor.terms[0];
    const content = leading !== undefined && sign(leading.coefficient) < 0 ? negate(size) : size;
    const pulled = power(content, rational.n);
    return pulled === undefined ? { content: ONE, power: ONE } : { content, power: pulled };
  }
  const base = root(size, rational.d);
  const pulled = base === undefined ? undefined : power(base, rational.n);
  return pulled === undefined ? { content: ONE, power: ONE } : { content: size, power: pulled };
}
