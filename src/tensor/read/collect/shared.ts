// A part of a common power pulled out of a sum, so that what is left stands under one exponent
// with others: s⁶/r⁷ − 2 s¹²/r¹³ as ((s/r)⁶ − 2 (s/r)¹²)/r.
//
// Invariant: every candidate has the value of the sum wherever the sum has one: no root and no reciprocal is
// pulled out that was not there. Not here: whole common factors (factor.ts).

import { add, isInteger, isOne, isZero, negate, type Rational, sign } from "../../../base/rational.ts";
import { addTensors } from "../../form/algebra.ts";
import { slotsText } from "../../form/canonical.ts";
import { createDraft, draftOf, multiplyInto } from "../../form/draft.ts";
import { type Exponent, exponentOf, type Factor, sameExponent, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

/** Sums of more terms are read as they stand. */
const LONGEST_SUM = 6;

/** The sum with a power of one factor pulled out that leaves the reciprocal of another's in some summands, or nothing. */
export function sharedPowers(tensor: Tensor): Tensor[] {
  const [first, ...others] = tensor.terms;
  if (first === undefined || others.length === 0 || tensor.terms.length > LONGEST_SUM) return [];
  const isFree = (f: Factor): boolean => f.slots.every((s) => typeof s !== "number" || s < tensor.axes.length);
  // What stands below a fraction line goes first: of equally long forms a common denominator is taken.
  const below = (f: Factor): number => Number(sign(f.exponent.rational) >= 0);
  const models = first.factors.filter(isFree).sort((a, b) => below(a) - below(b));
  const lists = models.flatMap((model): (readonly Factor[])[] => {
    const places = tensor.terms.map((t) => t.factors.find((f) => f.base === model.base && slotsText(f.slots) === slotsText(model.slots)));
    return places.every((f) => f !== undefined) ? [places] : [];
  });
  // One power in all summands is a common factor; several of them go out together, and not by way of all their subsets.
  const isWhole = (own: readonly Factor[]): boolean => own.every((f) => sameExponent(f.exponent, (own[0] as Factor).exponent));
  const used = lists.filter(isWhole).length > 1 ? lists.filter((own) => !isWhole(own)) : lists;
  return used.flatMap((own) => commonParts(tensor.terms, own).map((part) => pulled(tensor, own, part)));
}

/** Exponents that leave every place without its power, or with the reciprocal of another power beside it. */
function commonParts(terms: readonly Term[], own: readonly Factor[]): Rational[] {
  const choices = terms.map((term, i) => partsAt(term, own[i] as Factor));
  const numeric = choices.flatMap((c, i) => (own[i]?.exponent.symbolic === undefined ? [c] : []));
  const [first, ...rest] = numeric;
  if (first === undefined || (numeric.length === choices.length && numeric.every((c) => c.length < 2))) return [];
  const isIn = (r: Rational, list: readonly Rational[]): boolean => list.some((s) => s.n === r.n && s.d === r.d);
  const powers = own.flatMap(({ exponent: e }) => (e.symbolic === undefined ? [e.rational] : []));
  const isCommon = (r: Rational, i: number): boolean => !isZero(r) && !isIn(r, first.slice(0, i)) && rest.every((list) => isIn(r, list));
  return first.filter((r, i) => isCommon(r, i) && keepsDomain(r, powers)).slice(0, 2);
}

/** Whether a part of powers has a value wherever they have: no reciprocal and no root that was not there. */
function keepsDomain(part: Rational, powers: readonly Rational[]): boolean {
  const isDivided = powers.some((e) => sign(e) < 0);
  const isWhole = isInteger(part) || powers.some((e) => !isInteger(e));
  return isWhole && (isDivided || (sign(part) > 0 && powers.every((e) => sign(add(e, negate(part))) >= 0)));
}

/** What may be taken of the power in a term: all of it, or all but the reciprocal of another power. */
function partsAt(term: Term, f: Factor): Rational[] {
  const whole = f.exponent.rational;
  if (f.exponent.symbolic !== undefined) return [];
  const others = term.factors.flatMap((g) => {
    const { rational: r, symbolic } = g.exponent;
    return g === f || symbolic !== undefined || isOne(r) || isOne(negate(r)) || slotsText(g.slots) !== slotsText(f.slots) ? [] : [r];
  });
  return [whole, ...others.map((r) => add(whole, r))];
}

function pulled(tensor: Tensor, own: readonly Factor[], part: Rational): Tensor {
  const inner = tensor.terms.map((term, i) => {
    const f = own[i] as Factor;
    const left: Exponent = { ...f.exponent, rational: add(f.exponent.rational, negate(part)) };
    const isGone = left.symbolic === undefined && isZero(left.rational);
    const factors = term.factors.flatMap((g) => (g !== f ? [g] : isGone ? [] : [{ ...g, exponent: left }]));
    return product(draftOf(tensor.axes, { ...term, factors }));
  });
  const draft = createDraft(tensor.axes);
  draft.factors.push({ ...(own[0] as Factor), exponent: exponentOf(part) });
  multiplyInto(
    draft,
    addTensors(tensor.axes, inner),
    tensor.axes.map((_, i) => i),
  );
  return product(draft);
}
