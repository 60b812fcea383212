// Sums over a common denominator: 1/(1 − x) + 1/(1 + x) is 2/(1 − x²). A candidate for
// reading only; the normal form keeps the fractions apart.

import { compare, multiply, negate, type Rational, rational, sign } from "../base/rational.ts";
import { addTensors } from "./algebra.ts";
import { placeKey } from "./canonical.ts";
import { createDraft, multiplyInto, pushInner } from "./draft.ts";
import { powerTensor } from "./power.ts";
import { product } from "./product.ts";
import { expand } from "./simplify.ts";
import { type Draft, exponentOf, type Factor, internTensor, type Tensor, type Term } from "./tensor.ts";

const MOST_TERMS = 12;

/** The tensor as one fraction, its denominators as they stand and multiplied out; nothing where no sum stands below. */
export function overCommonDenominator(tensor: Tensor): Tensor[] {
  const flat = expand(tensor);
  if (flat === undefined || flat.terms.length > MOST_TERMS) return [];
  const denominators = new Map<string, Factor>();
  for (const term of flat.terms) {
    for (const f of term.factors.filter((g) => isDenominator(g, flat.axes.length))) {
      const key = placeKey(f.base, f.slots);
      const known = denominators.get(key);
      if (known === undefined || compare(f.exponent.rational, known.exponent.rational) < 0) denominators.set(key, f);
    }
  }
  if (denominators.size === 0 || flat.terms.length < 2) return [];
  const below = [...denominators.values()];
  const numerator = expand(
    addTensors(
      flat.axes,
      flat.terms.map((t) => raised(flat, t, below)),
    ),
  );
  if (numerator === undefined || numerator.terms.length > flat.terms.length) return [];
  const whole = over(numerator, below);
  return [whole, ...multipliedOut(whole)];
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
    fraction(numerator, { ...t, factors: t.factors.filter((f) => !diagonals.some((d) => isAt(f, d))) }, () => undefined),
  );
  multiplyInto(draft, addTensors(numerator.axes, rest), all);
  return product(draft);
}

const sameSlots = (f: Factor, g: Factor): boolean => f.slots.every((s, i) => s === g.slots[i]);

/** A fraction with its denominators multiplied out, where that leaves at most two summands. */
function multipliedOut(tensor: Tensor): Tensor[] {
  const [term, ...more] = tensor.terms;
  if (term === undefined || more.length > 0) return [];
  const below = term.factors.filter((f) => isDenominator(f, tensor.axes.length));
  const joined = below.length < 2 ? undefined : joinedDenominator(tensor, below);
  if (joined === undefined) return [];
  const rest = { ...term, factors: term.factors.filter((f) => !below.includes(f)) };
  const all = tensor.axes.map((_, i) => i);
  return [fraction(tensor, rest, (draft) => multiplyInto(draft, joined, all))];
}

/** The tensor with v(1 + q/v) multiplied out to v + q in its denominators; undefined where there is none. */
export function clearedDenominators(tensor: Tensor): Tensor | undefined {
  let changed = false;
  const parts = tensor.terms.map((term) => {
    const below = term.factors.filter((f) => isDenominator(f, tensor.axes.length));
    const found = below.flatMap((f) => numbersBelow(f).map((by) => ({ f, by })))[0];
    if (found === undefined) return internTensor(tensor.axes, [term]);
    changed = true;
    const { f, by } = found;
    const rest = { ...term, factors: term.factors.filter((g) => g !== f) };
    return fraction(tensor, rest, (draft) => {
      const inner = (f.base as Factor["base"] & { kind: "sum" }).tensor;
      const times = (exponent: Rational): Factor => ({ ...by, exponent: exponentOf(exponent) });
      const whole = addTensors(
        inner.axes,
        inner.terms.map((t) => fraction(inner, t, (d) => void d.factors.push(times(negate(by.exponent.rational))))),
      );
      multiplyInto(draft, powerTensor(whole, f.exponent), f.slots);
      draft.factors.push(times(multiply(by.exponent.rational, f.exponent.rational)));
    });
  });
  return changed ? addTensors(tensor.axes, parts) : undefined;
}

/** The numbers that a bracketed sum is divided by in one of its terms, each to its lowest power. */
function numbersBelow(f: Factor): Factor[] {
  const lowest = new Map<string, Factor>();
  const { terms } = (f.base as Factor["base"] & { kind: "sum" }).tensor;
  for (const g of terms.flatMap((t) => t.factors)) {
    const { rational: e, symbolic } = g.exponent;
    const known = lowest.get(placeKey(g.base, g.slots));
    if (g.slots.length > 0 || symbolic !== undefined || e.d !== 1n || sign(e) >= 0) continue;
    if (known === undefined || compare(e, known.exponent.rational) < 0) lowest.set(placeKey(g.base, g.slots), g);
  }
  return [...lowest.values()];
}

/** A bracketed sum of free labels to a negative whole power. */
const isDenominator = (f: Factor, rank: number): boolean =>
  f.base.kind === "sum" &&
  f.exponent.symbolic === undefined &&
  f.exponent.rational.d === 1n &&
  sign(f.exponent.rational) < 0 &&
  f.slots.every((s) => typeof s !== "number" || s < rank);

/** A term times the denominators. */
function raised(tensor: Tensor, term: Term, below: readonly Factor[]): Tensor {
  return fraction(tensor, term, (draft) => {
    for (const f of below) draft.factors.push({ ...f, exponent: exponentOf(negate(f.exponent.rational)) });
  });
}

function fraction(tensor: Tensor, term: Term, more: (draft: Draft) => void): Tensor {
  const draft = createDraft(tensor.axes, term.coefficient);
  pushInner(
    draft,
    term.factors,
    term.summed,
    tensor.axes.map((_, i) => i),
  );
  more(draft);
  return product(draft);
}

/** One over the product of the denominators multiplied out, where that has at most two summands. */
function joinedDenominator(tensor: Tensor, below: readonly Factor[]): Tensor | undefined {
  const draft = createDraft(tensor.axes);
  for (const f of below) draft.factors.push({ ...f, exponent: exponentOf(negate(f.exponent.rational)) });
  const whole = expand(product(draft));
  return whole === undefined || whole.terms.length > 2 ? undefined : powerTensor(whole, exponentOf(rational(-1)));
}
