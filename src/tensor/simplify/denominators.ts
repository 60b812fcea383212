// What stands below the fraction line in a sum, and the sum multiplied by it.
//
// Invariant: the product with the denominators is the sum times each of them, or none is given; sizes, as in a
// mean, are no denominators. Not here: which denominators are cleared, and what becomes of the fraction (fraction.ts, cleared.ts).

import { compare, negate, type Rational, rational, sign } from "../../base/rational.ts";
import { addTensors } from "../form/algebra.ts";
import { placeKey } from "../form/canonical.ts";
import { draftOf } from "../form/draft.ts";
import { type Base, exponentOf, type Factor, type Tensor, type Term } from "../form/tensor.ts";
import { product } from "../product/product.ts";
import { expandBases } from "./expand.ts";

/** What stands below in a sum, to its lowest exponent. */
export interface Denominator {
  readonly factor: Factor;
  /** The exponents that it has in the summands, 0 for those without it. */
  readonly exponents: readonly Rational[];
}

/** Whether a factor stands below the fraction line, on labels that every summand has; a size is left there, as in a mean. */
export const isBelow = (f: Factor, rank: number): boolean =>
  f.exponent.symbolic === undefined &&
  sign(f.exponent.rational) < 0 &&
  f.base.kind !== "dim" &&
  f.slots.every((s) => typeof s !== "number" || s < rank);

/** What stands below in a tensor. */
export function denominatorsOf(tensor: Tensor): Denominator[] {
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

/**
 * The tensor times its denominators, brackets among them multiplied out; undefined where that grows beyond bounds,
 * or where these have fractions inside.
 */
export function times(tensor: Tensor, below: readonly Factor[]): Tensor | undefined {
  const above = below.map((f) => ({ ...f, exponent: exponentOf(negate(f.exponent.rational)) }));
  const parts = tensor.terms.map((term) => product(draftOf(tensor.axes, { ...term, factors: [...term.factors, ...above] })));
  const brackets = new Set<Base>(below.map((f) => f.base).filter((b) => b.kind === "sum"));
  const whole = addTensors(tensor.axes, parts);
  if (brackets.size === 0) return whole;
  const known = new Set(tensor.terms.flatMap((t) => t.factors.map((f) => f.base)));
  const numerator = expandBases(whole, brackets);
  return numerator === undefined || denominatorsOf(numerator).some((d) => !known.has(d.factor.base)) ? undefined : numerator;
}
