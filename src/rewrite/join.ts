// Notations of functions of entries: sin(2 x)/2 for sin(x) cos(x), log(x/y) for log(x) − log(y).
// They are looked for in the normal form, for numbers and for vectors and matrices entry by
// entry.
//
// Not here: where they stand (src/tensor/join.ts), ramps (ramp.ts), and notations of single
// functions and of matrices, which are looked for in an answer (notate.ts).

import { perEpoch } from "../base/intern.ts";
import { type Apply, type Expr, nodes } from "../expr/expr.ts";
import { isScalarShape } from "../expr/shape.ts";
import { isJoinedSum, type Joins, joined } from "../tensor/join.ts";
import { contractionOf, type Law } from "../tensor/laws.ts";
import type { Contraction, FunctionRules, Tensor } from "../tensor/tensor.ts";
import { isRamp } from "./ramp.ts";
import type { Rule } from "./rule.ts";

/** Equal tensors in which functions are joined. */
export type Join = (tensor: Tensor) => readonly Tensor[];

type Find = (name: string) => FunctionRules | undefined;

/** Whether a rule is a notation of two functions of numbers, or of a sum with one. */
export function isJoin(rule: Rule): boolean {
  if (rule.kind !== "notation" || isRamp(rule) || !rule.parameters.every((p) => isScalarShape(p.shape))) return false;
  const { left } = rule;
  return left.kind === "apply" && (left.op === "add" || (left.op === "div" || left.op === "mul" ? applications(left).length === 2 : false));
}

/** The functions of the library that stand in a side; operators are those without rules. */
const applications = (e: Expr): Apply[] =>
  nodes(e).filter((n): n is Apply => n.kind === "apply" && n.args.length > 0 && n.args.every((a) => a.kind === "var"));

/** The joins of a library. */
export function joinsOf(rules: readonly Rule[], find: Find, compile: (rule: Rule) => Law): Join {
  const stated = rules.filter((r) => r.kind === "notation");
  const joins = perEpoch((): Joins => {
    const own = stated.filter(isJoin);
    const names = own.flatMap((r) => applications(r.left).flatMap((n) => find(n.op)?.info.name ?? []));
    const products = new Map<string, Contraction[]>();
    for (const r of own.filter(({ left }) => left.kind === "apply" && left.op !== "add"))
      products.set(r.operator, [...(products.get(r.operator) ?? []), ...contractionOf(r.name, r.operator, compile(r))]);
    const sums = own.map(compile).filter(({ pattern }) => isJoinedSum(pattern));
    return { heads: new Set(names), products, sums };
  });
  return (tensor) => joined(tensor, joins());
}
