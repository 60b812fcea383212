// Notations of ramps: max(0, x) for (x > 0)*x. They are looked for in the normal form, where x
// may be any sum, and for vectors and matrices entry by entry.
//
// Invariant: an equal tensor. Not here: where an indicator stands beside its argument
// (src/tensor/simplify/ramp.ts), and notations that are looked for in an answer (notate.ts).

import { type Apply, type Variable, withoutMinus } from "../expr/expr.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { negateTensor } from "../tensor/form/algebra.ts";
import type { Tensor } from "../tensor/form/tensor.ts";
import { applyElementwise, substitute } from "../tensor/functions/apply.ts";
import type { FunctionRules } from "../tensor/functions/functionRules.ts";
import { placeOf } from "./place.ts";
import type { Rule } from "./rule.ts";

/** What is written for [t > 0] t, on the axes of t; undefined where no rule says so. */
export type Ramp = (t: Tensor) => Tensor | undefined;

/** The ramps of a library; of several notations that of a function in `used` is taken, else the first. */
export function rampsOf(
  rules: readonly Rule[],
  find: (name: string) => FunctionRules | undefined,
): (used: ReadonlySet<string> | undefined) => Ramp {
  const ramps = rules.filter((r) => r.kind === "notation" && placeOf(r).in === "ramps");
  return (used) => (t) => {
    const rule = ramps.find((r) => used?.has(r.operator)) ?? ramps[0];
    const written = rule === undefined ? undefined : find(rule.operator);
    if (rule === undefined || written === undefined) return undefined;
    const by = new Map([[(rule.parameters[0] as Variable).name, t]]);
    const call = withoutMinus(rule.right) as Apply;
    const args = call.args.map((a) => substitute(toTensor(a, { find }), by, { broadcast: t.axes }));
    const made = applyElementwise(written, args);
    return call === rule.right ? made : negateTensor(made);
  };
}
