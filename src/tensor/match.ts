// Matching of function arguments against the patterns of an identity such as
// log(exp(x)) = x or sin(−x) = −sin(x). Patterns are small: a parameter, a number, minus
// a parameter, or a function of patterns.

import { equals, isOne, MINUS_ONE, sign } from "../base/rational.ts";
import { negateTensor, tensorIsPositive } from "./algebra.ts";
import { type Condition, constantValue, type Identity, isUnitExponent, sameExponent, type Tensor } from "./tensor.ts";

export type Bindings = Map<string, Tensor>;

/** What the parameters of the identity stand for in these arguments; undefined where it does not apply. */
export function bindIdentity(identity: Identity, args: readonly Tensor[]): Bindings | undefined {
  const bound: Bindings = new Map();
  const fits = identity.patterns.every((pattern, i) => matchTensor(pattern, args[i] as Tensor, bound));
  return fits && identity.conditions.every((c) => conditionHolds(c, bound)) ? bound : undefined;
}

function conditionHolds(condition: Condition, bound: Bindings): boolean {
  const value = bound.get(condition.parameter);
  if (value === undefined) return false;
  return condition.predicate === "positive"
    ? tensorIsPositive(value, true)
    : condition.predicate === "nonnegative" && tensorIsPositive(value, false);
}

function bind(bound: Bindings, name: string, value: Tensor): boolean {
  const known = bound.get(name);
  if (known !== undefined) return known === value;
  bound.set(name, value);
  return true;
}

function matchTensor(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  const wanted = constantValue(pattern);
  if (wanted !== undefined) {
    const value = constantValue(actual);
    return value !== undefined && equals(value, wanted);
  }
  const [term, ...more] = pattern.terms;
  const [factor, ...others] = term?.factors ?? [];
  if (term === undefined || factor === undefined || more.length > 0 || others.length > 0) return false;
  if (factor.base.kind === "var" && isUnitExponent(factor.exponent)) {
    const name = factor.base.variable.name;
    if (isOne(term.coefficient)) return bind(bound, name, actual);
    if (!equals(term.coefficient, MINUS_ONE)) return false;
    // −x matches what has a minus in front, so that one of f(x), f(−x) is the normal form.
    return leadingSign(actual) < 0 && bind(bound, name, negateTensor(actual));
  }
  const [given, ...rest] = actual.terms;
  const [single, ...further] = given?.factors ?? [];
  if (given === undefined || single === undefined || rest.length > 0 || further.length > 0) return false;
  if (!equals(given.coefficient, term.coefficient) || !sameExponent(single.exponent, factor.exponent)) return false;
  if (single.slots.length !== actual.axes.length || single.slots.some((s, i) => s !== i)) return false;
  if (factor.base.kind !== "function" || single.base.kind !== "function" || factor.base.rules.info.name !== single.base.rules.info.name)
    return false;
  const args = single.base.args;
  return factor.base.args.every((p, i) => matchTensor(p, args[i] as Tensor, bound));
}

const leadingSign = (t: Tensor): number => (t.terms[0] === undefined ? 0 : sign(t.terms[0].coefficient));
