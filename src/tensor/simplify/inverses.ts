// Inverses of sums beside one of the summands: (A + B)⁻¹A is I − (A + B)⁻¹B [MN19 ch. 1], so that
// I + (I + A)⁻¹(I − A) is 2(I + A)⁻¹ and X − A(A + B)⁻¹X is B(A + B)⁻¹X.
//
// And numbers below the fraction line that go into an inverse: (I + A/c)⁻¹/c is (c I + A)⁻¹.
//
// Invariant: an equal tensor with fewer factors. Candidates for reading only: neither side is the
// normal form. Not here: an inverse beside its whole argument (src/tensor/functions/laws.ts).

import { compare, divide, negate, type Rational, sign, subtract } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../form/algebra.ts";
import { draftOf, isSummed, multiplyInto, withPowerAt } from "../form/draft.ts";
import {
  deltaBase,
  EXPONENT_ONE,
  exponentOf,
  type Factor,
  internTensor,
  isUnitExponent,
  type RawTerm,
  type Slot,
  type Tensor,
  type Term,
} from "../form/tensor.ts";
import { applyTyped } from "../functions/apply.ts";
import { product } from "../product/product.ts";
import { findPart } from "../product/subproduct.ts";
import { isContraction, opened } from "./contraction.ts";
import { expand } from "./expand.ts";

/** The sum, multiplied out, with summands beside the inverse of their sum replaced by the other ones, where factors cancel; else none. */
export function complemented(tensor: Tensor): Tensor[] {
  if (!tensor.terms.some((term) => holdsInverse(term))) return [];
  const flat = expand(tensor);
  if (flat === undefined) return [];
  let best = flat;
  for (let next = shorter(best); next !== undefined; next = shorter(best)) best = next;
  return best === flat ? [] : [best];
}

/** What the matrix is a sum of whose inverse a factor is; nothing for other factors and for one summand alone. */
function summandsOf({ base, exponent }: Factor): Tensor[] {
  if (base.kind !== "function" || !base.rules.inverts || !isUnitExponent(exponent)) return [];
  const [sum] = base.args as readonly [Tensor];
  return sum.terms.length < 2 ? [] : sum.terms.map((term) => internTensor(sum.axes, [term]));
}

/** Whether an inverse of a sum is a factor, or one inside a closed contraction. */
const holdsInverse = ({ factors }: Term): boolean =>
  factors.some(
    (f) =>
      summandsOf(f).length > 0 || (isContraction(f) && f.base.tensor.terms.some((t) => t.factors.some((g) => summandsOf(g).length > 0))),
  );

/** Terms and their factors. */
const sizeOf = ({ axes, terms }: Tensor): number => terms.reduce((n, term) => n + 1 + opened(term, axes.length).factors.length, 0);

/** The sum with one term rewritten so that fewer factors are left. */
function shorter(tensor: Tensor): Tensor | undefined {
  for (const [i, term] of tensor.terms.entries())
    for (const made of rewritten(tensor.axes, term)) {
      const next = addTensors(tensor.axes, [internTensor(tensor.axes, tensor.terms.toSpliced(i, 1)), made]);
      if (sizeOf(next) < sizeOf(tensor)) return next;
    }
  return undefined;
}

/** A term with an inverse and a summand that it meets replaced by the identity less the inverse beside the other summands. */
function rewritten(axes: readonly Dim[], whole: Term): Tensor[] {
  const forms: Tensor[] = [];
  if (!holdsInverse(whole)) return forms;
  const term = opened(whole, axes.length);
  for (const [index, { base }] of term.factors.entries()) {
    const summands = summandsOf(term.factors[index] as Factor);
    for (const [k, summand] of summands.entries())
      for (const [end, axis] of base.symmetric ? ENDS : ENDS.slice(0, 2)) {
        const others = summands.toSpliced(k, 1);
        const made = without(axes, term, index, { summand, others, end, axis });
        if (made !== undefined) forms.push(made);
      }
  }
  return forms;
}

/** The axis of an inverse at a label and that of its argument; in a symmetric one either meets either. */
const ENDS: readonly (readonly [end: number, axis: number])[] = [
  [1, 0],
  [0, 1],
  [0, 0],
  [1, 1],
];

/** A summand that an inverse may meet, and how. */
interface Meeting {
  readonly summand: Tensor;
  readonly others: readonly Tensor[];
  readonly end: number;
  readonly axis: number;
}

function without(axes: readonly Dim[], term: RawTerm, index: number, { summand, others, end, axis }: Meeting): Tensor | undefined {
  const draft = draftOf(axes, term);
  const inverse = draft.factors[index] as Factor;
  const meeting = inverse.slots[end] as Slot;
  if (!isSummed(draft, meeting)) return undefined;
  const part = findPart(draft, inverse, summand, axis, meeting);
  if (part === undefined) return undefined;
  const gone = new Set<Factor>([inverse, ...part.factors]);
  const left = draft.factors.filter((f) => !gone.has(f));
  for (const label of part.inner) draft.summed.delete(label);
  const coefficient = divide(draft.coefficient, part.size);
  const make = (own: readonly Factor[], number: typeof coefficient, beside?: Tensor): Tensor => {
    const next = { ...draft, coefficient: number, factors: [...left, ...own], summed: new Map(draft.summed) };
    if (beside === undefined) next.summed.delete(meeting);
    else multiplyInto(next, beside, axis === 0 ? [meeting, part.other] : [part.other, meeting]);
    return product(next);
  };
  const identity: Factor = {
    base: deltaBase(inverse.base.axes[end] as Dim),
    slots: [inverse.slots[1 - end] as Slot, part.other],
    exponent: EXPONENT_ONE,
  };
  return addTensors(axes, [make([identity], coefficient), ...others.map((other) => make([inverse], negate(coefficient), other))]);
}

/** The sum with numbers below the fraction line taken into an inverse in which they divide a summand; none where there are none. */
export function undivided(tensor: Tensor): Tensor[] {
  let changed = false;
  const parts = tensor.terms.map((term) => {
    const made = holdsInverse(term) ? takenIn(tensor.axes, opened(term, tensor.axes.length)) : undefined;
    changed ||= made !== undefined;
    return made ?? internTensor(tensor.axes, [term]);
  });
  if (!changed) return [];
  const next = addTensors(tensor.axes, parts);
  const again = undivided(next);
  return again.length > 0 ? again : [next];
}

const isDivisor = ({ slots, exponent }: Factor): boolean =>
  slots.length === 0 && exponent.symbolic === undefined && sign(exponent.rational) < 0;

function takenIn(axes: readonly Dim[], term: RawTerm): Tensor | undefined {
  const divisors = term.factors.filter(isDivisor);
  if (divisors.length === 0) return undefined;
  for (const inverse of term.factors) {
    const summands = summandsOf(inverse);
    for (const divisor of divisors) {
      const inside = summands.flatMap(({ terms: [own] }) => own?.factors.filter((f) => f.base === divisor.base && isDivisor(f)) ?? []);
      const [by] = inside;
      if (by === undefined || compare(divisor.exponent.rational, by.exponent.rational) > 0) continue;
      return undividedBy(axes, term, inverse, divisor, by.exponent.rational);
    }
  }
  return undefined;
}

/** The term with a power of the divisor taken into the inverse. */
function undividedBy(axes: readonly Dim[], term: RawTerm, inverse: Factor, divisor: Factor, power: Rational): Tensor {
  const { base } = inverse as Factor & { readonly base: { readonly kind: "function" } };
  const [rows, cols] = base.axes as readonly [Dim, Dim];
  const parts = summandsOf(inverse).map(({ terms: [own] }) => {
    const draft = draftOf([rows, cols], own as Term);
    draft.factors.push({ ...divisor, exponent: exponentOf(negate(power)) });
    return product(draft);
  });
  const at = term.factors.indexOf(divisor);
  const factors = withPowerAt(term.factors, at, subtract(divisor.exponent.rational, power)).filter((f) => f !== inverse);
  const draft = draftOf(axes, { ...term, factors });
  multiplyInto(draft, applyTyped(base.rules, [addTensors([rows, cols], parts)], [{ rows, cols }]), inverse.slots);
  return product(draft);
}
