// The brackets of a tensor without fractions inside them: y/(1 + x/v) is y v/(v + x).
//
// Invariant: every bracket is cleared once, from what its own brackets have become, so that work is in
// proportion to what is nested. Not here: sums of fractions (fraction.ts).

import { isInteger, isOne, negate, sign } from "../../base/rational.ts";
import { addTensors, tensorIsPositive } from "../form/algebra.ts";
import { onSlots, placeKey, slotsText } from "../form/canonical.ts";
import { createDraft, draftOf, multiplyInto } from "../form/draft.ts";
import { constantValue, exponentOf, type Factor, internTensor, type Tensor, type Term } from "../form/tensor.ts";
import { multiplyExponents, powerTensor } from "../product/power.ts";
import { product } from "../product/product.ts";
import { denominatorsOf, times } from "./denominators.ts";
import { commonAtoms } from "./quotient.ts";

/** Numerators of more summands than this keep their fractions. */
const LONGEST_NUMERATOR = 12;

const withoutFractions = new WeakMap<Tensor, Tensor>();

/** The tensor with the fractions in its bracketed sums cleared, the innermost first: y/(1 + x/v) as y v/(v + x). */
export function clearedBrackets(tensor: Tensor): Tensor {
  const open = [tensor];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const waiting = bracketsIn(top).filter((t) => !withoutFractions.has(t));
    open.push(...waiting);
    if (waiting.length > 0) continue;
    withoutFractions.set(top, clearedOnce(top));
    open.pop();
  }
  return withoutFractions.get(tensor) as Tensor;
}

const bracketsIn = ({ terms }: Tensor): Tensor[] =>
  terms.flatMap(({ factors }) => factors.flatMap(({ base }) => (base.kind === "sum" ? [base.tensor] : [])));

/** The tensor with its brackets as fractions, where these have been cleared in turn. */
function clearedOnce(tensor: Tensor): Tensor {
  const all = tensor.terms.map((term) =>
    term.factors.map((f) => (f.base.kind === "sum" ? clearedFactor(f, f.base.tensor, term) : undefined)),
  );
  if (all.every(isUnchanged)) return tensor;
  const parts = tensor.terms.map((term, place) => {
    const cleared = all[place] as (typeof all)[number];
    if (isUnchanged(cleared)) return internTensor(tensor.axes, [term]);
    const rest = { ...term, factors: term.factors.filter((_, i) => cleared[i] === undefined) };
    const draft = draftOf(tensor.axes, rest);
    for (const [i, c] of cleared.entries()) for (const part of c ?? []) multiplyInto(draft, part, (term.factors[i] as Factor).slots);
    return product(draft);
  });
  return addTensors(tensor.axes, parts);
}

const isUnchanged = (cleared: readonly (readonly Tensor[] | undefined)[]): boolean => cleared.every((c) => c === undefined);

/** A bracketed sum to its power as numerator and denominator to that power; undefined where it has no fraction to be cleared. */
function clearedFactor(f: Factor, bracket: Tensor, term: Term): Tensor[] | undefined {
  if (f.exponent.symbolic !== undefined) return undefined;
  const inner = withoutFractions.get(bracket) as Tensor;
  const below = denominatorsOf(inner).map((d) => d.factor);
  const isAbove = (h: Factor): boolean => h.exponent.symbolic === undefined && sign(h.exponent.rational) > 0;
  const mayCancel = (g: Factor): boolean =>
    g.base.kind === "sum" ||
    term.factors.some((h) => h.base === g.base && isAbove(h) && placeKey(h.base, h.slots) === placeKey(g.base, onSlots(g, f.slots).slots));
  const wanted = sign(f.exponent.rational) < 0 ? below.length > 0 : below.some(mayCancel);
  const split = wanted ? splitFraction(inner, below, f, term) : undefined;
  return split ?? (inner === bracket ? undefined : [powerTensor(inner, f.exponent)]);
}

/** Numerator and denominator of a sum as they stand to its power in a term; undefined where the power is no product of theirs, or the numerator too long. */
function splitFraction(sum: Tensor, below: readonly Factor[], f: Factor, term: Term): Tensor[] | undefined {
  const { exponent } = f;
  const denominator = createDraft(sum.axes);
  denominator.factors.push(...below);
  const bottom = product(denominator);
  const known = isInteger(exponent.rational) || tensorIsPositive(bottom, false);
  const raised = known ? powerTensor(bottom, exponent) : besideRoot(sum, below, f, term);
  if (raised === undefined) return undefined;
  const top = times(sum, below);
  if (top === undefined || top.terms.length > LONGEST_NUMERATOR) return undefined;
  const { atoms, rest } = commonAtoms(top);
  const apart = createDraft(sum.axes);
  apart.factors.push(...atoms);
  const outside = product(apart);
  const isPower = isInteger(exponent.rational) || tensorIsPositive(outside, false);
  return [...(isPower ? [outside, rest] : [top]).map((t) => powerTensor(t, exponent)), raised];
}

/** The denominators to the power of the sum, where they stand under roots beside it, one by one or as one product, and so are positive. */
function besideRoot({ axes }: Tensor, below: readonly Factor[], f: Factor, term: Term): Tensor | undefined {
  const roots = term.factors.filter((h) => h !== f && h.exponent.symbolic === undefined && !isInteger(h.exponent.rational));
  const isRoot = (g: Factor): boolean => {
    const key = placeKey(g.base, onSlots(g, f.slots).slots);
    return roots.some((h) => h.base === g.base && placeKey(h.base, h.slots) === key);
  };
  const all = axes.map((_, i) => i);
  if (below.every(isRoot)) {
    const draft = createDraft(axes);
    draft.factors.push(...below.map((g) => ({ ...g, exponent: multiplyExponents(g.exponent, f.exponent) })));
    return product(draft);
  }
  for (const { base, slots } of roots) {
    if (base.kind !== "group" || slotsText(slots) !== slotsText(f.slots)) continue;
    const draft = createDraft(axes);
    draft.factors.push(...below);
    multiplyInto(draft, base.tensor, all);
    const one = constantValue(product(draft));
    if (one !== undefined && isOne(one)) return powerTensor(base.tensor, exponentOf(negate(f.exponent.rational)));
  }
  return undefined;
}
