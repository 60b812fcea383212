// Matching of function arguments against the patterns of a rule: log(exp(x)), sin(−x),
// log(1 + exp(x)), inv(c A), det(A B), det(I + u vᵀ), logdet(pinv(A)ᵀ pinv(A)). A pattern is a
// term of few factors; its parameters stand for whole tensors.
//
// Invariant: where a pattern fits in several ways the way found first depends on the content of
// the tensor alone. Not here: products without functions (matchFactors.ts).

import { divide, equals, isInteger, isOne, MINUS_ONE, ONE, sign } from "../../base/rational.ts";
import { leadingSign, negateTensor, scaleTensor, splitContent, transposeTensor } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import {
  constantValue,
  type Factor,
  internTensor,
  isUnitExponent,
  labelsOf,
  sameExponent,
  type Tensor,
  type Term,
} from "../form/tensor.ts";
import { type Bindings, bind, conditionsHold } from "./bindings.ts";
import type { Identity } from "./functionRules.ts";
import { matchFactors, nameOf, part } from "./matchFactors.ts";

/** What the parameters of the identity stand for in these arguments; undefined where it does not apply. */
export function bindIdentity(identity: Identity, args: readonly Tensor[]): Bindings | undefined {
  const bound: Bindings = new Map();
  const fits = identity.patterns.every((pattern, i) => matchTensor(pattern, args[i] as Tensor, bound));
  return fits && conditionsHold(identity.conditions, bound) ? bound : undefined;
}

/** Whether the tensor is an instance of the pattern; binds the parameters. */
export function matchTensor(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  const wanted = constantValue(pattern);
  if (wanted !== undefined) {
    const value = constantValue(actual);
    return value !== undefined && equals(value, wanted);
  }
  if (pattern.terms.length > 1) return matchSum(pattern, actual, bound);
  const term = pattern.terms[0] as Term;
  const [factor, ...others] = term.factors as [Factor, ...Factor[]];
  if (others.length > 0) return matchProduct(pattern, actual, bound);
  if (factor.base.kind === "var") {
    if (!isUnitExponent(factor.exponent)) return false;
    const name = factor.base.variable.name;
    if (isTurned(factor)) return actual.axes.length === 2 && isOne(term.coefficient) && bind(bound, name, transposeTensor(actual));
    if (factor.slots.some((s, i) => s !== i)) return false;
    if (isOne(term.coefficient)) return bind(bound, name, actual);
    if (sign(term.coefficient) > 0)
      return (
        isInteger(divide(splitContent(actual, true).content, term.coefficient)) &&
        bind(bound, name, scaleTensor(actual, divide(ONE, term.coefficient)))
      );
    if (!equals(term.coefficient, MINUS_ONE)) return false;
    const known = bound.get(name);
    if (known !== undefined) return known === negateTensor(actual);
    // −x matches what has a minus in front, so that one of f(x), f(−x) is the normal form.
    return leadingSign(actual) < 0 && bind(bound, name, negateTensor(actual));
  }
  const [given, ...rest] = actual.terms;
  const [single, ...further] = given?.factors ?? [];
  if (given === undefined || single === undefined || rest.length > 0 || further.length > 0) return false;
  if (!equals(given.coefficient, term.coefficient) || !sameExponent(single.exponent, factor.exponent)) return false;
  if (factor.base.kind === "delta") return single.base.kind === "delta" && single.slots.every((s) => typeof s === "number");
  if (single.slots.length !== actual.axes.length || single.slots.some((s) => typeof s !== "number" || s >= actual.axes.length))
    return false;
  if (single.base.symmetric || isTurned(single) === isTurned(factor)) return matchFactor(factor, single, bound);
  // f(Aᵀ)ᵀ is f(A), entry by entry.
  return isBare(pattern) ? matchFactor(factor, turnedInside(single), bound) : matchTurned(factor, single, bound);
}

/** Whether a factor is a function of the pattern's name with arguments that fit; slots and exponents are the caller's. */
export function matchFactor(pattern: Factor, actual: Factor, bound: Bindings): boolean {
  if (pattern.base.kind === "group" && actual.base.kind === "group") {
    const [p, a] = [pattern.base.tensor.terms[0] as Term, actual.base.tensor.terms[0] as Term];
    const [pf, ...pMore] = p.factors;
    const [af, ...aMore] = a.factors;
    if (pf === undefined || af === undefined || pMore.length > 0 || aMore.length > 0) return false;
    if (pattern.base.axes.length !== actual.base.axes.length || p.summed.length !== a.summed.length) return false;
    if (slotsText(pf.slots) !== slotsText(af.slots)) return false;
    return equals(p.coefficient, a.coefficient) && sameExponent(pf.exponent, af.exponent) && matchFactor(pf, af, bound);
  }
  if (pattern.base.kind !== "function" || actual.base.kind !== "function") return false;
  if (pattern.base.rules.info.name !== actual.base.rules.info.name) return false;
  const args = actual.base.args;
  return pattern.base.args.every((p, i) =>
    p.axes.length === (args[i] as Tensor).axes.length || isBare(p) ? matchTensor(p, args[i] as Tensor, bound) : false,
  );
}

/** A pattern without axes, as of an element-wise function, whose parameters may have any. */
const isBare = (p: Tensor): boolean => p.axes.length === 0;

const isTurned = (f: Factor): boolean => f.slots.length === 2 && f.slots[0] === 1 && f.slots[1] === 0;

const turnedInside = (f: Factor): Factor =>
  f.base.kind === "function" ? { ...f, base: { ...f.base, args: f.base.args.map(transposeTensor) } } : f;

/** f(A)ᵀ against f(B) for a function with f(Aᵀ) = f(A)ᵀ. */
export function matchTurned(pattern: Factor, actual: Factor, bound: Bindings): boolean {
  if (actual.base.kind !== "function" || actual.base.rules.transpose !== "turned") return false;
  const [first, ...more] = actual.base.args as [Tensor, ...Tensor[]];
  const base = { ...actual.base, args: [transposeTensor(first), ...more] };
  return matchFactor(pattern, { ...actual, base }, bound);
}

/** Summands in any order; each binding is tried once. */
function matchSum(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  if (pattern.terms.length !== 2) return false;
  const around = aroundFunction(pattern);
  if (around !== undefined) return matchAround(around, actual, bound);
  if (actual.terms.length !== 2) return false;
  const parts = (t: Tensor): [Tensor, Tensor] => t.terms.map((term) => internTensor(t.axes, [term])) as [Tensor, Tensor];
  return inEitherOrder(parts(pattern), parts(actual), bound, matchTensor);
}

/** x − f(x) for a number f(x) and an x with axes: what is left beside the function is all of x. */
function aroundFunction(pattern: Tensor): { readonly own: Term; readonly rest: Tensor } | undefined {
  const own = pattern.terms.find(
    (t) => t.factors.length === 1 && t.factors[0]?.base.kind === "function" && t.factors[0].slots.length === 0,
  );
  const others = pattern.terms.filter((t) => t !== own);
  if (own === undefined || pattern.axes.length === 0 || others.some((t) => t.factors[0]?.base.kind !== "var")) return undefined;
  return { own, rest: internTensor(pattern.axes, others) };
}

function matchAround({ own, rest }: { readonly own: Term; readonly rest: Tensor }, actual: Tensor, bound: Bindings): boolean {
  const [model] = own.factors as [Factor];
  for (const term of actual.terms) {
    const [f, ...more] = term.factors;
    if (f === undefined || more.length > 0 || f.slots.length > 0 || !equals(term.coefficient, own.coefficient)) continue;
    const trial: Bindings = new Map(bound);
    const others = actual.terms.filter((t) => t !== term);
    if (!sameExponent(f.exponent, model.exponent) || !matchFactor(model, f, trial)) continue;
    if (!matchTensor(rest, internTensor(actual.axes, others), trial)) continue;
    for (const [name, value] of trial) bound.set(name, value);
    return true;
  }
  return false;
}

/** Two patterns against two things, in either order; binds nothing where neither fits. */
function inEitherOrder<P, A>(
  [p, q]: readonly [P, P],
  [a, b]: readonly [A, A],
  bound: Bindings,
  fits: (pattern: P, actual: A, trial: Bindings) => boolean,
): boolean {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const trial: Bindings = new Map(bound);
    if (!fits(p, one, trial) || !fits(q, other, trial)) continue;
    for (const [name, value] of trial) bound.set(name, value);
    return true;
  }
  return false;
}

/** Patterns of several factors, with one or two functions among them or with none. */
function matchProduct(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  const { factors, summed } = pattern.terms[0] as Term;
  const functions = factors.filter((f) => f.base.kind === "function").length;
  if (functions === 0) return matchFactors(pattern, actual, bound);
  if (summed.length !== 1 || factors.length !== 2) return false;
  if (functions === 2) return matchPair(factors as readonly [Factor, Factor], actual, bound);
  return factors.some((f) => f.base.kind === "var") && matchNeighbour(factors, actual, bound);
}

/** B f(A), f(A) B: a function at one end of a product. */
function matchNeighbour(pattern: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [fn, rest] = [pattern.find((f) => f.base.kind === "function"), pattern.find((f) => f.base.kind === "var")];
  const [term, ...more] = actual.terms;
  const end = fn?.slots.find((s) => typeof s === "number" && s < 2);
  if (fn === undefined || rest === undefined || term === undefined || more.length > 0 || typeof end !== "number") return false;
  if (actual.axes.length !== 2 || rest.slots.indexOf(1 - end) !== 1 - end) return false;
  const known = new Map(bound);
  for (const f of term.factors) {
    const at = f.slots.indexOf(end);
    const [inner, ...others] = labelsOf(f.slots).filter((l) => l !== end);
    if (at < 0 || inner === undefined || inner < 2 || others.length > 0 || !sameExponent(f.exponent, fn.exponent)) continue;
    const straight = f.base.symmetric || at === fn.slots.indexOf(end);
    if (!(straight ? matchFactor(fn, f, bound) : matchTurned(fn, f, bound))) continue;
    const left = term.factors.filter((g) => g !== f);
    if (left.some((g) => g.slots.includes(end)) || !left.some((g) => g.slots.includes(inner))) continue;
    const value = scaleTensor(part(actual, left, end === 1 ? [0, inner] : [inner, 1], term), term.coefficient);
    if (bind(bound, nameOf(rest), value)) return true;
    for (const name of [...bound.keys()]) if (!known.has(name)) bound.delete(name);
  }
  return false;
}

/** f(A)ᵀ g(A): two functions along one label. */
function matchPair(pair: readonly [Factor, Factor], actual: Tensor, bound: Bindings): boolean {
  const [term, ...more] = actual.terms;
  if (term === undefined || more.length > 0 || !isOne(term.coefficient) || term.summed.length !== 1) return false;
  const [first, second, ...others] = term.factors;
  if (first === undefined || second === undefined || others.length > 0) return false;
  const fits = (pattern: Factor, factor: Factor, trial: Bindings): boolean => {
    if (!sameExponent(pattern.exponent, factor.exponent)) return false;
    if (slotsText(pattern.slots) === slotsText(factor.slots)) return matchFactor(pattern, factor, trial);
    return slotsText(pattern.slots) === slotsText([...factor.slots].reverse()) && matchTurned(pattern, factor, trial);
  };
  return inEitherOrder(pair, [first, second], bound, fits);
}
