// Sums over a common denominator: 1/(1 − x) + 1/(1 + x) is 2/(1 − x²), 1 − x²/(1 + x²) is
// 1/(1 + x²), and v(1 + q/v) is v + q. Candidates for reading only; the normal form keeps the
// fractions apart.
//
// Invariant: every candidate has the value of the tensor wherever the tensor has one.

import { compare, isInteger, negate, type Rational, rational, sign, subtract } from "../base/rational.ts";
import { addTensors, tensorIsPositive } from "./algebra.ts";
import { placeKey } from "./canonical.ts";
import { createDraft, multiplyInto, pushInner } from "./draft.ts";
import { powerTensor } from "./power.ts";
import { product } from "./product.ts";
import { expand, expandBases } from "./simplify.ts";
import {
  type Base,
  type Draft,
  type Exponent,
  exponentOf,
  type Factor,
  internTensor,
  type Slot,
  type Tensor,
  type Term,
} from "./tensor.ts";

const MOST_TERMS = 12;
/** Brackets inside one another beyond this keep their fractions. */
const MOST_NESTED = 4;

/** Equal tensors with sums over common denominators: of the whole, of the brackets in it, and of both. */
export function fractions(tensor: Tensor): Tensor[] {
  const cleared = clearedBrackets(tensor, MOST_NESTED);
  const started = cleared === tensor ? [tensor] : [tensor, cleared];
  return [...started.slice(1), ...started.flatMap(overCommonDenominator)];
}

/** What stands below in a sum, to its lowest exponent. */
interface Denominator {
  readonly factor: Factor;
  /** The exponents that it has in the summands, 0 for those without it. */
  readonly exponents: readonly Rational[];
}

/** Whether a factor stands below the fraction line, on labels that every summand has; a size is left there, as in a mean. */
const isBelow = (f: Factor, rank: number): boolean =>
  f.exponent.symbolic === undefined &&
  sign(f.exponent.rational) < 0 &&
  f.base.kind !== "dim" &&
  f.slots.every((s) => typeof s !== "number" || s < rank);

function denominatorsOf(tensor: Tensor): Denominator[] {
  const rank = tensor.axes.length;
  const lowest = new Map<string, Factor>();
  for (const term of tensor.terms)
    for (const f of term.factors) {
      if (!isBelow(f, rank)) continue;
      const key = placeKey(f.base, f.slots);
      const known = lowest.get(key);
      if (known === undefined || compare(f.exponent.rational, known.exponent.rational) < 0) lowest.set(key, f);
    }
  return [...lowest].map(([key, factor]) => ({ factor, exponents: tensor.terms.map((t) => exponentAt(t, key)) }));
}

function exponentAt(term: Term, key: string): Rational {
  const f = term.factors.find((g) => placeKey(g.base, g.slots) === key);
  return f === undefined || f.exponent.symbolic !== undefined ? rational(0) : f.exponent.rational;
}

/** The tensor as one fraction, its denominators as they stand and multiplied out; nothing where that has more summands. */
function overCommonDenominator(tensor: Tensor): Tensor[] {
  if (tensor.terms.length < 2 || tensor.terms.length > MOST_TERMS) return [];
  const below = denominatorsOf(tensor)
    .filter(isShared)
    .map((d) => d.factor);
  const numerator = below.length === 0 ? undefined : times(tensor, below);
  if (numerator === undefined || numerator.terms.length > tensor.terms.length) return [];
  const whole = over(numerator, below);
  return [whole, ...multipliedOut(whole)];
}

/** Whether a denominator may cancel in a numerator: a bracket, or what stands above elsewhere; roots only by whole powers. */
function isShared({ factor, exponents }: Denominator): boolean {
  const steps = exponents.map((e) => subtract(e, factor.exponent.rational));
  return steps.every(isInteger) && (factor.base.kind === "sum" || exponents.some((e) => sign(e) > 0));
}

/** The tensor times its denominators, brackets among them multiplied out; undefined where that grows beyond bounds. */
function times(tensor: Tensor, below: readonly Factor[]): Tensor | undefined {
  const parts = tensor.terms.map((term) =>
    termWith(tensor, term, (draft) => {
      for (const f of below) draft.factors.push({ ...f, exponent: exponentOf(negate(f.exponent.rational)) });
    }),
  );
  const brackets = new Set<Base>(below.map((f) => f.base).filter((b) => b.kind === "sum"));
  const whole = addTensors(tensor.axes, parts);
  return brackets.size === 0 ? whole : expandBases(whole, brackets);
}

/** numerator / denominators, the numerator in one bracket so that it may cancel. */
function over(numerator: Tensor, below: readonly Factor[]): Tensor {
  const draft = createDraft(numerator.axes);
  draft.factors.push(...below);
  const all = numerator.axes.map((_, i) => i);
  const isAt = (f: Factor, g: Factor): boolean => f.base === g.base && sameSlots(f, g);
  const diagonals = (numerator.terms[0]?.factors ?? []).filter(
    (f) => f.base.kind === "delta" && numerator.terms.every((t) => t.factors.some((g) => isAt(g, f))),
  );
  if (diagonals.length === 0) {
    multiplyInto(draft, numerator, all);
    return product(draft);
  }
  // δ_ij v_i + δ_ij w_i = δ_ij (v + w)_i
  draft.factors.push(...diagonals);
  const rest = numerator.terms.map((t) =>
    termWith(numerator, { ...t, factors: t.factors.filter((f) => !diagonals.some((d) => isAt(f, d))) }, () => undefined),
  );
  multiplyInto(draft, addTensors(numerator.axes, rest), all);
  return product(draft);
}

const sameSlots = (f: Factor, g: Factor): boolean => f.slots.every((s, i) => s === g.slots[i]);

/** A fraction with its denominators multiplied out, where that leaves at most two summands. */
function multipliedOut(tensor: Tensor): Tensor[] {
  const [term, ...more] = tensor.terms;
  if (term === undefined || more.length > 0) return [];
  const below = term.factors.filter((f) => f.base.kind === "sum" && isInteger(f.exponent.rational) && isBelow(f, tensor.axes.length));
  const joined = below.length < 2 ? undefined : joinedDenominator(tensor, below);
  if (joined === undefined) return [];
  const rest = { ...term, factors: term.factors.filter((f) => !below.includes(f)) };
  const all = tensor.axes.map((_, i) => i);
  return [termWith(tensor, rest, (draft) => multiplyInto(draft, joined, all))];
}

/** The tensor with the fractions in its bracketed sums cleared: y/(1 + x/v) as y v/(v + x). */
function clearedBrackets(tensor: Tensor, left: number): Tensor {
  const all = tensor.terms.map((term) =>
    term.factors.map((f) => (f.base.kind === "sum" ? clearedFactor(f, f.base.tensor, term, left) : undefined)),
  );
  if (all.every(isUnchanged)) return tensor;
  const parts = tensor.terms.map((term, place) => {
    const cleared = all[place] as (typeof all)[number];
    if (isUnchanged(cleared)) return internTensor(tensor.axes, [term]);
    const rest = { ...term, factors: term.factors.filter((_, i) => cleared[i] === undefined) };
    return termWith(tensor, rest, (draft, slotOf) => {
      for (const [i, c] of cleared.entries())
        for (const part of c ?? []) multiplyInto(draft, part, (term.factors[i] as Factor).slots.map(slotOf));
    });
  });
  return addTensors(tensor.axes, parts);
}

const isUnchanged = (cleared: readonly (readonly Tensor[] | undefined)[]): boolean => cleared.every((c) => c === undefined);

/** A bracketed sum to its power as numerator and denominator to that power; undefined where it has no fraction to be cleared. */
function clearedFactor(f: Factor, bracket: Tensor, term: Term, left: number): Tensor[] | undefined {
  if (f.exponent.symbolic !== undefined) return undefined;
  const inner = left > 0 ? clearedBrackets(bracket, left - 1) : bracket;
  const below = denominatorsOf(inner).map((d) => d.factor);
  const isAbove = (h: Factor): boolean => h.exponent.symbolic === undefined && sign(h.exponent.rational) > 0;
  const mayCancel = (g: Factor): boolean =>
    g.base.kind === "sum" ||
    term.factors.some((h) => h.base === g.base && isAbove(h) && placeKey(h.base, h.slots) === placeKey(g.base, onSlots(g, f)));
  const wanted = sign(f.exponent.rational) < 0 ? below.length > 0 : below.some(mayCancel);
  const split = wanted ? splitFraction(inner, below, f.exponent) : undefined;
  return split ?? (inner === bracket ? undefined : [powerTensor(inner, f.exponent)]);
}

/** Numerator and denominator of a sum to a power; undefined where the power is no product of theirs, or the numerator too long. */
function splitFraction(sum: Tensor, below: readonly Factor[], exponent: Exponent): Tensor[] | undefined {
  const denominator = createDraft(sum.axes);
  denominator.factors.push(...below);
  const bottom = product(denominator);
  if (!isInteger(exponent.rational) && !tensorIsPositive(bottom, false)) return undefined;
  const top = times(sum, below);
  return top === undefined || top.terms.length > MOST_TERMS ? undefined : [powerTensor(top, exponent), powerTensor(bottom, exponent)];
}

const onSlots = (inner: Factor, outer: Factor): Slot[] => inner.slots.map((s) => (typeof s === "number" ? (outer.slots[s] as Slot) : s));

/** A term of the tensor with more factors; `slotOf` gives a label of the term in the draft. */
function termWith(
  tensor: Tensor,
  term: Pick<Term, "coefficient" | "factors" | "summed">,
  more: (draft: Draft, slotOf: (s: Slot) => Slot) => void,
): Tensor {
  const rank = tensor.axes.length;
  const draft = createDraft(tensor.axes, term.coefficient);
  const first = draft.nextLabel;
  pushInner(
    draft,
    term.factors,
    term.summed,
    tensor.axes.map((_, i) => i),
  );
  more(draft, (s) => (typeof s === "number" && s >= rank ? first + s - rank : s));
  return product(draft);
}

/** One over the product of the denominators multiplied out, where that has at most two summands. */
function joinedDenominator(tensor: Tensor, below: readonly Factor[]): Tensor | undefined {
  const draft = createDraft(tensor.axes);
  for (const f of below) draft.factors.push({ ...f, exponent: exponentOf(negate(f.exponent.rational)) });
  const whole = expand(product(draft));
  return whole === undefined || whole.terms.length > 2 ? undefined : powerTensor(whole, exponentOf(rational(-1)));
}
