// Laws of a bracketed sum among the factors of a product:
//   a label that one bracket alone carries is summed inside that bracket;
//   what is constant along a label is nothing beside a bracket that sums to zero over it;
//   a bracket of more than two axes takes in what is contracted with it alone.
//
// Invariant: each law leaves fewer labels or fewer factors, so trying ends. Products inside a
// bracket are the caller's to form, since the two work inside each other. Not here: when a
// bracket is multiplied out (product.ts).

import { invariant } from "../../base/assert.ts";
import { multiply, ONE, subtract } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../form/algebra.ts";
import { createDraft, freshLabel, multiplyInto, pushInner, withPowerAt } from "../form/draft.ts";
import {
  type Base,
  carries,
  type Draft,
  type Factor,
  internTensor,
  isSmallPower,
  isUnitExponent,
  type Slot,
  type Tensor,
} from "../form/tensor.ts";

/** Brings a draft into normal form. */
type Product = (draft: Draft) => Tensor;

const isBracket = (f: Factor): boolean => f.base.kind === "sum" && isUnitExponent(f.exponent);

/** Sums inside a bracket over the labels that nothing else carries. */
export function sumInside(draft: Draft, product: Product): boolean {
  if (draft.summed.size === 0 || !draft.factors.some(isBracket)) return false;
  const uses = new Map<Slot, number>();
  for (const f of draft.factors) for (const s of f.slots) uses.set(s, (uses.get(s) ?? 0) + 1);
  const isOwn = (s: Slot): boolean => typeof s === "number" && s >= draft.axes.length && uses.get(s) === 1;
  const at = draft.factors.findIndex((f) => isBracket(f) && f.slots.some(isOwn));
  const bracket = draft.factors[at];
  if (bracket === undefined) return false;
  const outer = bracket.slots.filter((s) => !isOwn(s));
  const inner = createDraft(outer.map((s) => bracket.base.axes[bracket.slots.indexOf(s)] as Dim));
  const slots = bracket.slots.map((s, i) => {
    if (!isOwn(s)) return outer.indexOf(s);
    draft.summed.delete(s as number);
    return freshLabel(inner, bracket.base.axes[i] as Dim);
  });
  inner.factors.push({ ...bracket, slots });
  draft.factors.splice(at, 1);
  multiplyInto(draft, product(inner), outer);
  return true;
}

/** Σ_i c_i (x_i + y) is Σ_i c_i x_i where Σ_i c_i = 0: a mean of centred values. */
export function dropConstants(draft: Draft, product: Product): boolean {
  if (draft.summed.size === 0) return false;
  const brackets = draft.factors.filter(isBracket);
  if (brackets.length < 2) return false;
  for (const c of brackets)
    for (const [axis, label] of c.slots.entries()) {
      if (typeof label !== "number" || label < draft.axes.length || c.slots.indexOf(label, axis + 1) >= 0 || c.slots.indexOf(label) < axis)
        continue;
      const [other, ...more] = draft.factors.filter((f) => f !== c && f.slots.includes(label));
      if (other === undefined || more.length > 0 || !brackets.includes(other) || other.base.kind !== "sum") continue;
      const at = other.slots.indexOf(label);
      const { tensor } = other.base;
      const varying = tensor.terms.filter((t) => carries(t, at));
      if (varying.length === tensor.terms.length || other.slots.indexOf(label, at + 1) >= 0 || !sumsToZero(c.base, axis, product)) continue;
      draft.factors = draft.factors.filter((f) => f !== other);
      multiplyInto(draft, internTensor(tensor.axes, varying), other.slots);
      return true;
    }
  return false;
}

const zeroSums = new WeakMap<Base, Map<number, boolean>>();

/** Whether a bracket sums to zero over one of its axes. */
function sumsToZero(base: Base, axis: number, product: Product): boolean {
  const known = zeroSums.get(base) ?? new Map<number, boolean>();
  zeroSums.set(base, known);
  let zero = known.get(axis);
  if (zero === undefined) {
    const sum = createDraft(base.axes.filter((_, i) => i !== axis));
    const label = freshLabel(sum, base.axes[axis] as Dim);
    const slots = base.axes.map((_, i) => (i === axis ? label : i < axis ? i : i - 1));
    multiplyInto(sum, (base as Base & { kind: "sum" }).tensor, slots);
    zero = product(sum).terms.length === 0;
    known.set(axis, zero);
  }
  return zero;
}

/**
 * Multiplies a factor into a bracket of more than two axes that alone carries all its labels:
 * what has no matrix notation gets fewer axes.
 */
export function absorb(draft: Draft, product: Product): boolean {
  const isLarge = (f: Factor): boolean => f.slots.length > 2 && isBracket(f);
  if (!draft.factors.some(isLarge)) return false;
  const carriers = (s: Slot): Factor[] => draft.factors.filter((f) => f.slots.includes(s));
  for (const f of draft.factors) {
    if (f.base.kind === "sum" || f.slots.length === 0) continue;
    const isInner = (s: Slot): boolean => typeof s === "number" && s >= draft.axes.length && carriers(s).length === 2;
    const bracket = draft.factors.find((g) => isLarge(g) && f.slots.every((s) => isInner(s) && g.slots.includes(s)));
    if (bracket === undefined) continue;
    const outer = [...new Set(bracket.slots.filter((s) => !f.slots.includes(s)))];
    const inner = createDraft(outer.map((s) => bracket.base.axes[bracket.slots.indexOf(s)] as Dim));
    const labels = new Map<Slot, Slot>(outer.map((s, i) => [s, i]));
    for (const s of new Set(f.slots)) {
      labels.set(s, freshLabel(inner, f.base.axes[f.slots.indexOf(s)] as Dim));
      draft.summed.delete(s as number);
    }
    for (const g of [bracket, f]) inner.factors.push({ ...g, slots: g.slots.map((s) => labels.get(s) as Slot) });
    draft.factors = draft.factors.filter((g) => g !== bracket && g !== f);
    multiplyInto(draft, addTensors(inner.axes, multipliedOut(inner, 0).map(product)), outer);
    return true;
  }
  return false;
}

/** The draft with one bracketed sum multiplied out over the rest: a draft for each summand. */
export function multipliedOut(draft: Draft, index: number): Draft[] {
  const bracket = draft.factors[index] as Factor;
  invariant(bracket.base.kind === "sum", "only sums are multiplied out");
  const rest = withPowerAt(draft.factors, index, subtract(bracket.exponent.rational, ONE));
  return bracket.base.tensor.terms.map((term) => {
    const coefficient = multiply(draft.coefficient, term.coefficient);
    const part: Draft = { ...draft, coefficient, factors: [...rest], summed: new Map(draft.summed) };
    pushInner(part, term.factors, term.summed, bracket.slots);
    return part;
  });
}

/** Stacks of more blocks than this stay brackets. */
const MOST_BLOCKS = 256;

/** A sum whose every term sits in a block of an axis or at a fixed position: a stacked vector or matrix, not one that takes parts of others. */
export function isBlockSum(f: Factor): boolean {
  if (f.base.kind !== "sum" || f.base.tensor.terms.length > MOST_BLOCKS) return false;
  return isSmallPower(f.exponent) && isStacked(f.base.tensor);
}

const isFree = (t: Tensor, slot: Slot | undefined): boolean => typeof slot === "number" && slot < t.axes.length;

const isStacked = (t: Tensor): boolean =>
  t.terms.every((term) =>
    term.factors.some(
      (g) => (g.base.kind === "block" && isFree(t, g.slots[0])) || (g.base.kind === "delta" && g.slots.some((s) => typeof s !== "number")),
    ),
  );
