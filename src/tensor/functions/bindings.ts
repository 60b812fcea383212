// What the parameters of a rule stand for while it is matched, and the conditions of a rule
// on them.
//
// Invariant: a parameter that is bound twice stands for one tensor.

import { isOne } from "../../base/rational.ts";
import { hasAttribute, isAttribute } from "../../expr/attributes.ts";
import { negateTensor, tensorIsPositive, transposeTensor } from "../form/algebra.ts";
import type { Tensor, Term } from "../form/tensor.ts";
import type { Condition } from "./functionRules.ts";

/** What the parameters of a pattern stand for. */
export type Bindings = Map<string, Tensor>;

/** Whether all conditions of a rule are known to hold of what its parameters stand for. */
export const conditionsHold = (conditions: readonly Condition[], bound: Bindings): boolean =>
  conditions.every((c) => conditionHolds(c, bound));

/** Conditions without which the left side has no value, or which exclude single points only. */
const TAKEN_FOR_GRANTED: ReadonlySet<string> = new Set(["invertible", "constant-rank", "full-rank", "nonzero"]);

function conditionHolds({ predicate, parameter }: Condition, bound: Bindings): boolean {
  const value = bound.get(parameter);
  if (value === undefined) return false;
  if (TAKEN_FOR_GRANTED.has(predicate)) return true;
  if (predicate === "positive") return tensorIsPositive(value, true);
  if (predicate === "nonnegative") return tensorIsPositive(value, false);
  if (predicate === "skew") return transposeTensor(value) === negateTensor(value);
  const [term, ...more] = value.terms;
  const [single, ...others] = term?.factors ?? [];
  return (
    more.length === 0 &&
    others.length === 0 &&
    single?.base.kind === "var" &&
    isOne((term as Term).coefficient) &&
    isAttribute(predicate) &&
    hasAttribute(single.base.variable, predicate)
  );
}

/** Lets a name stand for a tensor; whether it may, standing for no other. */
export function bind(bound: Bindings, name: string, value: Tensor): boolean {
  const known = bound.get(name);
  if (known !== undefined) return known === value;
  bound.set(name, value);
  return true;
}
