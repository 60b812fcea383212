// Sums over a common denominator: 1/(1 − x) + 1/(1 + x) is 2/(1 − x²), 1 − x²/(1 + x²) is
// 1/(1 + x²), and v(1 + q/v) is v + q. Candidates for reading only; the normal form keeps the
// fractions apart.
//
// Invariant: every candidate has the value of the tensor wherever the tensor has one.

import { add, isInteger, negate, ONE, type Rational, rational, sign, subtract } from "../../base/rational.ts";
import { addTensors } from "../form/algebra.ts";
import { placeKey } from "../form/canonical.ts";
import { createDraft, draftOf, multiplyInto } from "../form/draft.ts";
import { exponentOf, type Factor, internTensor, type Tensor, type Term } from "../form/tensor.ts";
import { powerTensor } from "../product/power.ts";
import { product } from "../product/product.ts";
import { clearedBrackets } from "./cleared.ts";
import { type Denominator, denominatorsOf, isBelow, times } from "./denominators.ts";
import { expand } from "./expand.ts";
import { commonAtoms, exactQuotient } from "./quotient.ts";

const LONGEST_SUM = 12;
/** Numerators of more summands than this are not divided by what stands below. */
const MOST_DIVIDED = 16;

/** Equal tensors with sums over common denominators: of the whole, of the brackets in it, and of both. */
export function fractions(tensor: Tensor): Tensor[] {
  const cleared = clearedBrackets(tensor);
  const started = cleared === tensor ? [tensor] : [tensor, cleared];
  const all = [...started.slice(1), ...started.flatMap((t) => [...overCommonDenominator(t), ...overOwnDenominators(t)])];
  return [...new Set(all)];
}

/** The tensor as one fraction, its denominators as they stand and multiplied out; nothing where that has more summands. */
function overCommonDenominator(tensor: Tensor): Tensor[] {
  if (tensor.terms.length < 2 || tensor.terms.length > LONGEST_SUM) return [];
  const all = denominatorsOf(tensor);
  const shared = all.filter(isShared).map((d) => d.factor);
  const whole =
    all.length > shared.length && areCombined(all)
      ? asFraction(
          tensor,
          all.map((d) => d.factor),
        )
      : undefined;
  const own = asFraction(tensor, shared);
  return [own, whole].flatMap((t) => (t === undefined ? [] : [t, ...multipliedOut(t)]));
}

/** Whether several denominators stand in several summands each, and together in one: 1/a + 1/b − 1/(a b). */
const areCombined = (all: readonly Denominator[]): boolean =>
  all.length > 1 &&
  all.every((d) => d.exponents.filter((e) => sign(e) < 0).length > 1) &&
  (all[0] as Denominator).exponents.some((_, i) => all.every((d) => sign(d.exponents[i] as Rational) < 0));

/** The tensor over these of its denominators, in lowest terms; undefined where the numerator has more summands. */
function asFraction(tensor: Tensor, below: readonly Factor[]): Tensor | undefined {
  const numerator = below.length === 0 ? undefined : times(tensor, below);
  if (numerator === undefined) return undefined;
  const lowest = lowestTerms(numerator, below);
  if (lowest !== undefined) return over(lowest.numerator, lowest.below);
  return numerator.terms.length > tensor.terms.length ? undefined : over(numerator, below);
}

/** How many summands a sum has once its brackets are multiplied out, before any of them meet. */
const summandsWithin = ({ terms }: Tensor): number =>
  terms
    .map(({ factors }) =>
      factors.map((f) =>
        f.base.kind === "sum" && sign(f.exponent.rational) > 0 ? f.base.tensor.terms.length ** Number(f.exponent.rational.n) : 1,
      ),
    )
    .reduce((sum, sizes) => sum + sizes.reduce((a, b) => a * b, 1), 0);

/** A fraction without the brackets below that divide what is above; undefined where none does. */
function lowestTerms(numerator: Tensor, below: readonly Factor[]): { numerator: Tensor; below: readonly Factor[] } | undefined {
  const brackets = below.filter(
    (f) =>
      f.base.kind === "sum" &&
      isInteger(f.exponent.rational) &&
      f.slots.length === numerator.axes.length &&
      f.slots.every((s, i) => s === i),
  );
  const opened = brackets.length === 0 || summandsWithin(numerator) > MOST_DIVIDED ? undefined : expand(numerator);
  if (opened === undefined) return undefined;
  let rest = opened;
  const left = below.flatMap((f) => {
    const divisor = brackets.includes(f) && f.base.kind === "sum" ? f.base.tensor : undefined;
    let exponent = f.exponent.rational;
    for (
      let q = divisor && exactQuotient(rest, divisor);
      divisor !== undefined && q !== undefined && sign(exponent) < 0;
      q = exactQuotient(rest, divisor)
    ) {
      rest = q;
      exponent = add(exponent, ONE);
    }
    return sign(exponent) === 0 ? [] : [{ ...f, exponent: exponentOf(exponent) }];
  });
  return rest === opened ? undefined : { numerator: rest, below: left };
}

/** The summands that share brackets below taken together, each such part as one fraction; nothing where that leaves the tensor as it is. */
function overOwnDenominators(tensor: Tensor): Tensor[] {
  const parts = denominatorParts(tensor);
  if (parts.length < 2 || parts.length === tensor.terms.length) return [];
  const joined = parts.map((terms) => {
    const part = internTensor(tensor.axes, terms);
    return overCommonDenominator(part)[0] ?? part;
  });
  const whole = addTensors(tensor.axes, joined);
  return whole === tensor ? [] : [whole];
}

/** The summands, those with a bracket in common below in one part. */
function denominatorParts(tensor: Tensor): Term[][] {
  const rank = tensor.axes.length;
  const partOf = new Map<string, Term[]>();
  const parts = new Set<Term[]>();
  for (const term of tensor.terms) {
    const keys = term.factors.filter((f) => f.base.kind === "sum" && isBelow(f, rank)).map((f) => placeKey(f.base, f.slots));
    const met = new Set(keys.map((k) => partOf.get(k)).filter((part) => part !== undefined));
    const joined = [...[...met].flat(), term];
    for (const part of met) parts.delete(part);
    parts.add(joined);
    for (const [key, part] of partOf) if (met.has(part)) partOf.set(key, joined);
    for (const key of keys) partOf.set(key, joined);
  }
  return [...parts];
}

/** Whether a denominator may cancel in a numerator: a bracket, or what stands above elsewhere; roots only by whole powers. */
function isShared({ factor, exponents }: Denominator): boolean {
  const steps = exponents.map((e) => subtract(e, factor.exponent.rational));
  return steps.every(isInteger) && (factor.base.kind === "sum" || exponents.some((e) => sign(e) > 0));
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
    const { atoms, rest } = commonAtoms(numerator);
    draft.factors.push(...atoms);
    multiplyInto(draft, rest, all);
    return product(draft);
  }
  // δ_ij v_i + δ_ij w_i = δ_ij (v + w)_i
  draft.factors.push(...diagonals);
  const rest = numerator.terms.map((t) => {
    const factors = t.factors.filter((f) => !diagonals.some((d) => isAt(f, d)));
    return product(draftOf(numerator.axes, { ...t, factors }));
  });
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
  const draft = draftOf(tensor.axes, { ...term, factors: term.factors.filter((f) => !below.includes(f)) });
  multiplyInto(
    draft,
    joined,
    tensor.axes.map((_, i) => i),
  );
  return [product(draft)];
}

/** One over the product of the denominators multiplied out, where that has at most two summands. */
function joinedDenominator(tensor: Tensor, below: readonly Factor[]): Tensor | undefined {
  const draft = createDraft(tensor.axes);
  for (const f of below) draft.factors.push({ ...f, exponent: exponentOf(negate(f.exponent.rational)) });
  const whole = expand(product(draft));
  return whole === undefined || whole.terms.length > 2 ? undefined : powerTensor(whole, exponentOf(rational(-1)));
}
