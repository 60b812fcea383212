// A matrix that is a function times whatever vector stands there: crossmatrix(a) b as cross(a, b),
// for b = A x as well. The vector is what hangs on one label of the matrix.
//
// Invariant: the law removes the matrix, so trying ends. A differential stays outside: a rule that
// states one is linear in a factor of its products.

import { negate } from "../../base/rational.ts";
import { isDifferentialName } from "../../expr/functions.ts";
import { isSummed, multiplyInto } from "../form/draft.ts";
import type { Draft, Factor, Slot } from "../form/tensor.ts";
import { isUnitExponent } from "../form/tensor.ts";
import { pendantOn } from "../product/pendants.ts";
import { product } from "../product/product.ts";
import { substitute } from "./apply.ts";
import type { Bindings } from "./bindings.ts";
import type { ChainLaw } from "./chain.ts";

/** Replaces f and what hangs on the label where the law has its vector; whether something does. `bound` are the arguments of f. */
export function timesVector(draft: Draft, f: Factor, law: ChainLaw, main: Factor, vector: Factor, bound: Bindings | undefined): boolean {
  if (bound === undefined || vector.base.kind !== "var" || f.slots.length !== 2 || !isUnitExponent(f.exponent)) return false;
  const axis = main.slots.indexOf(vector.slots[0] as Slot);
  // Of a skew matrix both ends are the same up to a sign.
  for (const end of f.base.skew ? [axis, 1 - axis] : [axis]) {
    const [label, other] = [f.slots[end], f.slots[1 - end] as Slot];
    if (!isSummed(draft, label) || other === label) continue;
    const hanging = pendantOn(draft, f, label);
    if (hanging === undefined || hanging.factors.some(isDifferential)) continue;
    if (end !== axis) draft.coefficient = negate(draft.coefficient);
    draft.factors = draft.factors.filter((g) => g !== f && !hanging.factors.includes(g));
    for (const s of [label, ...hanging.inner]) draft.summed.delete(s);
    multiplyInto(draft, substitute(law.result, new Map(bound).set(vector.base.variable.name, product(hanging.vector))), [other]);
    return true;
  }
  return false;
}

const isDifferential = ({ base }: Factor): boolean => base.kind === "var" && isDifferentialName(base.variable.name);
