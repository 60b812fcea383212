// Exponentials whose exponents hold logarithms, and one function at two arguments written at one
// of them: a normal density φ(v) beside φ(u) is φ(u) exp((u² − v²)/2), which is short where the
// squares differ by logarithms, as in the prices of options. Candidates for reading only.
//
// Invariant: equal tensors. Not here: which functions are exponentials and what quotients are, which the
// rules say (src/rewrite/join.ts).

import { ONE } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { draftOf } from "../form/draft.ts";
import { type Base, type Factor, type FunctionBase, internTensor, type Tensor, type Term } from "../form/tensor.ts";
import { applyElementwise, atom, substitute } from "../functions/apply.ts";
import type { FunctionRules } from "../functions/functionRules.ts";
import { einsum } from "../product/einsum.ts";
import { exponentFromTensor, powerTensor } from "../product/power.ts";
import { product } from "../product/product.ts";
import { expand } from "./expand.ts";
import { replaceFactors } from "./replace.ts";

/** f(above)/f(below) as a tensor in both arguments. */
export interface Ratio {
  readonly name: string;
  readonly above: string;
  readonly below: string;
  readonly result: Tensor;
}

/** More functions are not looked at in pairs. */
const MOST_CALLS = 6;

const isCall = (base: Base): base is FunctionBase => base.kind === "function" && base.args.length === 1;

/** Equal tensors, in each of which a call of a function has become another call of it times their quotient. */
export function atOneArgument(tensor: Tensor, ratios: (name: string) => readonly Ratio[]): Tensor[] {
  if (tensor.terms.length < 2) return [];
  const calls = [...new Set(tensor.terms.flatMap((t) => t.factors.map((f) => f.base)))].filter(isCall);
  if (calls.length < 2 || calls.length > MOST_CALLS) return [];
  const isAlike = (u: FunctionBase, v: FunctionBase): boolean =>
    u !== v && u.rules.key === v.rules.key && u.axes.length === v.axes.length && u.axes.every((d, i) => d === v.axes[i]);
  return calls.flatMap((v) =>
    calls.flatMap((u) => {
      if (!isAlike(u, v)) return [];
      return ratios(v.rules.info.name).flatMap(({ above, below, result }) => {
        const by = new Map([above, below].map((name, i) => [name, (i === 0 ? v : u).args[0] as Tensor]));
        const value = timesEntries(v.axes, [atom(u), substitute(result, by, { broadcast: v.axes })]);
        return replaceFactors(tensor, ({ base }) => (base === v ? value : undefined)) ?? [];
      });
    }),
  );
}

/** The tensor with the exponents of its exponentials multiplied out and logarithms taken out of them; undefined where that changes nothing. */
export function withoutLogarithms(tensor: Tensor, isExponential: (name: string) => boolean): Tensor | undefined {
  const known = new Map<Base, Tensor | undefined>();
  const taken = ({ base }: Factor): Tensor | undefined => {
    if (!isCall(base) || !isExponential(base.rules.info.name)) return undefined;
    if (!known.has(base)) known.set(base, takenOut(base));
    return known.get(base);
  };
  return replaceFactors(tensor, taken);
}

/** exp(x + c log(y)) as exp(x) y^c. */
function takenOut({ rules, args, axes }: FunctionBase): Tensor | undefined {
  const whole = args[0] as Tensor;
  const exponent = expand(whole) ?? whole;
  const left: Term[] = [];
  const factors: Tensor[] = [];
  for (const term of exponent.terms) {
    const power = asPower(rules, axes, term);
    if (power === undefined) left.push(term);
    else factors.push(power);
  }
  if (exponent === whole && factors.length === 0) return undefined;
  return timesEntries(axes, [...factors, applyElementwise(rules, [internTensor(axes, left)])]);
}

/** exp(c t) as the c-th power of exp(t), where that is no exponential and c a number; undefined where no factor is such a t. */
function asPower(rules: FunctionRules, axes: readonly Dim[], { coefficient, factors, summed }: Term): Tensor | undefined {
  if (summed.length > 0) return undefined;
  for (const f of factors) {
    const others = factors.filter((g) => g !== f);
    if (others.some((g) => g.slots.length > 0)) continue;
    const made = applyElementwise(rules, [product(draftOf(axes, { coefficient: ONE, factors: [f], summed }))]);
    if (made.terms.some((t) => t.factors.some(({ base }) => base.kind === "function" && base.rules.key === rules.key))) continue;
    return powerTensor(made, exponentFromTensor(product(draftOf([], { coefficient, factors: others, summed }))));
  }
  return undefined;
}

/** The product of tensors entry by entry. */
function timesEntries(axes: readonly Dim[], tensors: readonly Tensor[]): Tensor {
  const slots = axes.map((_, i) => i);
  return einsum(
    axes,
    tensors.map((t) => [t, slots]),
  );
}
