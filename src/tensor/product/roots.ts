// Products under one root, next to their own factors: what is raised to a power that is no
// root any more comes apart, (u v)² = u² v², and factors that are all there go under the root,
// u v (u v)^(−1/2) = (u v)^(1/2); and so does a sum that is there but for a number, its sign
// among them: (x − a)/(a − x)^(1/2) = −(a − x)^(1/2).
//
// Invariant: all hold wherever the left side has a value; u/(u v)^(1/2) stays what it is,
// since u may be negative.

import { flatMap } from "../../base/list.ts";
import { divide, equals, isInteger, multiply, negate, ONE, power, type Rational, sign, subtract } from "../../base/rational.ts";
import { onSlots, slotsText } from "../form/canonical.ts";
import { addRationalToExponent, type Draft, exponentOf, type Factor, isZeroExponent, type Tensor, type Term } from "../form/tensor.ts";

/** Multiplies a product of atoms to a whole power into the draft, atom by atom; whether the factor is one. */
export function openPower(draft: Draft, f: Factor): boolean {
  const inner = productOf(f);
  if (inner === undefined || !isInteger(f.exponent.rational)) return false;
  const size = power(inner.coefficient, f.exponent.rational.n);
  if (size === undefined) return false;
  draft.coefficient = multiply(draft.coefficient, size);
  for (const g of inner.factors)
    draft.factors.push({ ...onSlots(g, f.slots), exponent: exponentOf(multiply(g.exponent.rational, f.exponent.rational)) });
  return true;
}

/** The factors with those of a product under a root taken into it; the draft keeps the number. */
export function underRoots(draft: Draft, factors: readonly Factor[]): readonly Factor[] {
  let current = multiplesJoined(draft, factors);
  for (let at = 0; at < current.length; at++) {
    const root = current[at] as Factor;
    const inner = productOf(root);
    if (inner === undefined || isInteger(root.exponent.rational)) continue;
    const parts = inner.factors.map((f) => onSlots(f, root.slots));
    for (const by of [ONE, negate(ONE)]) {
      const left = withoutAll(current, parts, by);
      if (left === undefined) continue;
      draft.coefficient = sign(by) > 0 ? divide(draft.coefficient, inner.coefficient) : multiply(draft.coefficient, inner.coefficient);
      const raised = { ...root, exponent: addRationalToExponent(root.exponent, by) };
      current = left.map((f) => (f === root ? raised : f));
      at = -1;
      break;
    }
  }
  return current;
}

/** The factors with sums to whole powers taken into multiples of theirs under a root; the draft keeps the number. */
function multiplesJoined(draft: Draft, factors: readonly Factor[]): readonly Factor[] {
  if (!factors.some((f) => isSumToPower(f) && !isInteger(f.exponent.rational))) return factors;
  let current = factors;
  for (const whole of factors) {
    if (!isSumToPower(whole) || !isInteger(whole.exponent.rational)) continue;
    for (const root of current) {
      if (!isSumToPower(root) || isInteger(root.exponent.rational) || slotsText(root.slots) !== slotsText(whole.slots)) continue;
      const times = multipleOf(whole.base.tensor, root.base.tensor);
      const size = times === undefined ? undefined : power(times, whole.exponent.rational.n);
      if (size === undefined) continue;
      draft.coefficient = multiply(draft.coefficient, size);
      const raised = { ...root, exponent: addRationalToExponent(root.exponent, whole.exponent.rational) };
      current = current.flatMap((f) => (f === whole ? [] : [f === root ? raised : f]));
      break;
    }
  }
  return current;
}

const isSumToPower = (f: Factor): f is Factor & { base: { kind: "sum" } } => f.base.kind === "sum" && f.exponent.symbolic === undefined;

/** The number c for which the first sum is c times the second; undefined where there is none. */
function multipleOf(a: Tensor, b: Tensor): Rational | undefined {
  const [first] = b.terms;
  if (first === undefined || a.terms.length !== b.terms.length || a.terms.some((t, i) => t.body !== b.terms[i]?.body)) return undefined;
  const times = divide((a.terms[0] as Term).coefficient, first.coefficient);
  const isMultiple = a.terms.every((t, i) => equals(t.coefficient, multiply(times, (b.terms[i] as Term).coefficient)));
  return isMultiple ? times : undefined;
}

/** The one term of a group whose atoms stand side by side, under a number as its exponent. */
function productOf({ base, exponent }: Factor): Term | undefined {
  if (base.kind !== "group" || exponent.symbolic !== undefined) return undefined;
  const [term, ...more] = base.tensor.terms;
  const plain = term !== undefined && more.length === 0 && term.summed.length === 0;
  return plain && term.factors.every((f) => f.exponent.symbolic === undefined) ? term : undefined;
}

/** The factors without the parts to the power `by`; undefined where one of these is not there in full. */
function withoutAll(factors: readonly Factor[], parts: readonly Factor[], by: Rational): readonly Factor[] | undefined {
  let left = factors;
  for (const part of parts) {
    const taken = multiply(part.exponent.rational, by);
    const f = left.find((g) => g.base === part.base && slotsText(g.slots) === slotsText(part.slots) && g.exponent.symbolic === undefined);
    if (f === undefined || sign(f.exponent.rational) !== sign(taken)) return undefined;
    const rest = subtract(f.exponent.rational, taken);
    if (sign(rest) !== 0 && sign(rest) !== sign(taken)) return undefined;
    const lowered = { ...f, exponent: exponentOf(rest) };
    left = flatMap(left, (g) => (g !== f ? [g] : isZeroExponent(lowered.exponent) ? [] : [lowered]));
  }
  return left;
}
