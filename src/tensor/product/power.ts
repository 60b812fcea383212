// Element-wise powers of tensors. Laws are used only where they hold for every real
// value: (ab)^k = a^k b^k for integer k, for other exponents only with a ≥ 0; so √(x²)
// stays what it is and never becomes x.

import { fail } from "../../base/diagnostic.ts";
import { absolute, isInteger, isOne, isZero, multiply, ONE, power, type Rational, rational, root, sign } from "../../base/rational.ts";
import { NOWHERE } from "../../base/span.ts";
import {
  addTensors,
  baseIsPositive,
  dropUnusedAxes,
  onesTensor,
  orientation,
  scalarTensor,
  scaleTensor,
  splitContent,
  tensorIsPositive,
  transposeTensor,
} from "../form/algebra.ts";
import { canonicalTerm } from "../form/canonical.ts";
import { components } from "../form/components.ts";
import { bracketed, createDraft, freshLabel } from "../form/draft.ts";
import {
  constantValue,
  type Draft,
  dimOfLabel,
  type Exponent,
  exponentOf,
  type Factor,
  freeLabels,
  groupBase,
  internTensor,
  isSquare,
  isUnitExponent,
  isZeroExponent,
  numberBase,
  type Tensor,
  type Term,
} from "../form/tensor.ts";
import { einsum } from "./einsum.ts";
import { product } from "./product.ts";
import { mapStacked } from "./stack.ts";

/** Each entry of the tensor to the exponent; same axes. Throws a diagnostic for 0 to a negative power. */
export function powerTensor(tensor: Tensor, exponent: Exponent): Tensor {
  if (isUnitExponent(exponent)) return tensor;
  if (isZeroExponent(exponent)) return onesTensor(tensor.axes);
  const value = constantValue(tensor);
  if (value !== undefined) return numberPower(tensor, value, exponent);
  const stacked = mapStacked([tensor], ([part]) => powerTensor(part as Tensor, exponent));
  if (stacked !== undefined) return stacked;
  const [only, ...rest] = tensor.terms;
  const draft = createDraft(tensor.axes);
  if (only !== undefined && rest.length === 0) {
    termPower(draft, only, tensor.axes.length, exponent);
    return product(draft);
  }
  const recognised = productOfSum(splitContent(tensor, true).primitive);
  if (recognised !== undefined) {
    const { content } = splitContent(tensor, true);
    return powerTensor(scaleTensor(recognised, content), exponent);
  }
  if (isSquareOfTriple(tensor, exponent)) return multipliedOut(tensor);
  const bracket = bracketed(tensor, exponent);
  draft.coefficient = bracket.coefficient;
  draft.factors.push(...bracket.factors);
  return product(draft);
}

/** Squares of sums along more axes than a matrix has are multiplied out up to this many terms. */
const MOST_SQUARED = 4;

/** (X_il − X_kl)²: no matrix is squared there, but multiplied out each part is one once it is summed over l, ‖X_i‖² + ‖X_k‖² − 2 (X Xᵀ)_ik. */
const isSquareOfTriple = (tensor: Tensor, exponent: Exponent): boolean =>
  isSquare(exponent) && tensor.terms.length <= MOST_SQUARED && dropUnusedAxes(tensor).kept.length > 2;

/** The square of a sum, term by term. */
function multipliedOut({ axes, terms }: Tensor): Tensor {
  const slots = axes.map((_, i) => i);
  const parts = terms.map((t) => internTensor(axes, [t]));
  return addTensors(
    axes,
    parts.flatMap((a) =>
      parts.map((b) =>
        einsum(axes, [
          [a, slots],
          [b, slots],
        ]),
      ),
    ),
  );
}

/** What a sum is as a product, by a law of a function in it. */
function productOfSum(tensor: Tensor): Tensor | undefined {
  if (tensor.terms.length !== 2) return undefined;
  for (const term of tensor.terms) {
    const [single, ...more] = term.factors;
    if (single === undefined || more.length > 0 || single.base.kind !== "function") continue;
    for (const law of single.base.rules.sums) {
      const result = law(tensor);
      if (result !== undefined) return result;
    }
  }
  return undefined;
}

/** Reads a scalar tensor as an exponent. */
export function exponentFromTensor(tensor: Tensor): Exponent {
  const constantTerm = tensor.terms.find((t) => t.factors.length === 0);
  const rationalPart = constantTerm?.coefficient ?? rational(0);
  const others = tensor.terms.filter((t) => t.factors.length > 0);
  return others.length === 0 ? exponentOf(rationalPart) : { rational: rationalPart, symbolic: internTensor([], others) };
}

/** An exponent as a number. */
export const exponentTensor = (e: Exponent): Tensor =>
  e.symbolic === undefined ? scalarTensor(e.rational) : addTensors([], [scalarTensor(e.rational), e.symbolic]);

/** Exponent times exponent. */
export function multiplyExponents(a: Exponent, b: Exponent): Exponent {
  if (a.symbolic === undefined && b.symbolic === undefined) return exponentOf(multiply(a.rational, b.rational));
  return exponentFromTensor(
    einsum(
      [],
      [
        [exponentTensor(a), []],
        [exponentTensor(b), []],
      ],
    ),
  );
}

function numberPower(tensor: Tensor, value: Rational, exponent: Exponent): Tensor {
  const { axes } = tensor;
  if (isZero(value)) {
    if (exponent.symbolic === undefined && sign(exponent.rational) < 0) fail("unsupported", "division by zero", NOWHERE);
    if (exponent.symbolic !== undefined && !tensorIsPositive(exponentTensor(exponent), true))
      fail("unsupported", "0 to a power that need not be positive", NOWHERE, { fix: "declare the exponent positive" });
    return tensor;
  }
  if (isOne(value)) return tensor;
  const draft = createDraft(axes);
  pushNumberPower(draft, value, exponent);
  return product(draft);
}

/** Multiplies value^exponent into the draft: exactly where it is rational, otherwise through number atoms for numerator and denominator. */
function pushNumberPower(draft: Draft, value: Rational, exponent: Exponent): void {
  if (isOne(value)) return;
  const exact = exactPower(value, exponent);
  if (exact !== undefined) {
    draft.coefficient = multiply(draft.coefficient, exact);
    return;
  }
  if (sign(value) < 0) {
    draft.factors.push({ base: numberBase(value), slots: [], exponent });
    return;
  }
  const parts: [Rational, Exponent][] = [
    [rational(value.n), exponent],
    [rational(value.d), multiplyExponents(exponent, exponentOf(rational(-1)))],
  ];
  for (const [part, e] of parts) {
    if (isOne(part)) continue;
    const partExact = exactPower(part, e);
    if (partExact !== undefined) draft.coefficient = multiply(draft.coefficient, partExact);
    else draft.factors.push({ base: numberBase(part), slots: [], exponent: e });
  }
}

function exactPower(value: Rational, exponent: Exponent): Rational | undefined {
  if (exponent.symbolic !== undefined) return undefined;
  const base = isInteger(exponent.rational) ? value : root(value, exponent.rational.d);
  return base === undefined ? undefined : power(base, exponent.rational.n);
}

/** Multiplies (one term)^exponent into the draft; the term's free labels are the draft's. */
function termPower(draft: Draft, term: Term, rank: number, exponent: Exponent): void {
  const isWhole = exponent.symbolic === undefined && isInteger(exponent.rational);
  // What a power that is not whole cannot be drawn into, because it may be negative.
  const rest: Factor[] = [];
  for (const part of components(term.factors, rank)) {
    const single = unsummed(part, rank);
    if (single !== undefined && isStructural(single)) draft.factors.push(structuralPower(single, exponent));
    else if (single !== undefined && (isWhole || baseIsPositive(single.base, false)))
      draft.factors.push({ ...single, exponent: multiplyExponents(single.exponent, exponent) });
    else if (single === undefined && isWhole) draft.factors.push(groupFactor(part, term, rank, ONE, exponent));
    else rest.push(...part);
  }
  if (rest.length === 0) {
    pushNumberPower(draft, term.coefficient, exponent);
    return;
  }
  const isNegative = sign(term.coefficient) < 0;
  pushNumberPower(draft, absolute(term.coefficient), exponent);
  const single = unsummed(rest, rank);
  const isPlain = single !== undefined && !isNegative && isUnitExponent(single.exponent);
  draft.factors.push(isPlain ? { ...single, exponent } : groupFactor(rest, term, rank, isNegative ? rational(-1) : ONE, exponent));
}

/** The only one of the factors, where it has no summed label. */
function unsummed(part: readonly Factor[], rank: number): Factor | undefined {
  const [single] = part;
  return part.length === 1 && single?.slots.every((s) => typeof s !== "number" || s < rank) === true ? single : undefined;
}

/** A power of what is 0 or 1 everywhere: itself, unless that divides by 0. */
function structuralPower(factor: Factor, exponent: Exponent): Factor {
  if (exponent.symbolic !== undefined || sign(exponent.rational) < 0)
    fail("unsupported", "division by a matrix with entries that are zero by construction", NOWHERE);
  return factor;
}

const isStructural = (f: Factor): boolean => f.base.kind === "delta" || f.base.kind === "block" || f.base.kind === "fuse";

/** A contraction as one atom on the free labels it carries. */
function groupFactor(factors: readonly Factor[], term: Term, rank: number, coefficient: Rational, exponent: Exponent): Factor {
  const free = freeLabels(factors, rank);
  const moved = createDraft(free.map((l) => dimOfLabel(factors, l)));
  const position = new Map<number, number>(free.map((l, i) => [l, i]));
  const renamed = factors.map((f) => ({
    ...f,
    slots: f.slots.map((s) => {
      if (typeof s !== "number") return s;
      let to = position.get(s);
      if (to === undefined) {
        to = freshLabel(moved, term.summed[s - rank] as NonNullable<(typeof term.summed)[number]>);
        position.set(s, to);
      }
      return to;
    }),
  }));
  const inner = canonicalTerm(coefficient, renamed, free.length, (l) => moved.summed.get(l) as NonNullable<(typeof term.summed)[number]>);
  const whole = internTensor(moved.axes, [inner]);
  const way = orientation([whole]);
  const base = way === "turned" ? groupBase(transposeTensor(whole)) : groupBase(whole, way);
  return { base, slots: way === "turned" ? [...free].reverse() : free, exponent };
}
