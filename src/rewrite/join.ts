// Notations of functions of entries: sin(2 x)/2 for sin(x) cos(x), log(x/y) for log(x) − log(y).
// They are looked for in the normal form, for numbers and for vectors and matrices entry by
// entry.
//
// Not here: where they stand (src/tensor/simplify/join.ts), ramps (ramp.ts), and notations of single
// functions and of matrices, which are looked for in an answer (notate.ts).

import { perEpoch } from "../base/intern.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import type { Tensor } from "../tensor/form/tensor.ts";
import type { Contraction } from "../tensor/functions/functionRules.ts";
import { contractionOf, type Law } from "../tensor/functions/laws.ts";
import type { Ratio } from "../tensor/simplify/exponents.ts";
import { isJoinedSum, type Joins, joined } from "../tensor/simplify/join.ts";
import { placeOf } from "./place.ts";
import type { Rule } from "./rule.ts";

/** Equal tensors in which functions are joined. */
export type Join = (tensor: Tensor) => readonly Tensor[];

/** The joins of a library; those of a function are compiled when a tensor with it is first looked at. */
export function joinsOf(rules: readonly Rule[], find: (name: string) => FunctionInfo | undefined, compile: (rule: Rule) => Law): Join {
  const stated = rules.flatMap((rule): Stated[] => {
    const place = rule.kind === "notation" ? placeOf(rule) : undefined;
    return place?.in === "joins" ? [{ rule, heads: place.heads.flatMap((op) => find(op)?.name ?? []) }] : [];
  });
  const heads = new Set(stated.flatMap((s) => s.heads));
  const joins = perEpoch((): Joins => {
    const laws = stated.map(({ rule, heads: own }) => ({ rule, heads: own, law: once(() => compile(rule)) }));
    const products = new Map<string, readonly Contraction[]>();
    return {
      heads,
      products: (name) => {
        let known = products.get(name);
        if (known === undefined) {
          known = laws.flatMap(({ rule, law }) => productOf(rule, name, law));
          products.set(name, known);
        }
        return known;
      },
      sums: laws.map(({ heads: own, law }) => ({ heads: own, law: once(() => [law()].find(({ pattern }) => isJoinedSum(pattern))) })),
      isExponential: (name) => laws.some(({ rule }) => rule.operator === name && isExponential(rule)),
      ratios: (name) => laws.flatMap(({ rule, law }) => (rule.operator === name ? ratioOf(rule, law) : [])),
    };
  });
  return (tensor) => joined(tensor, joins());
}

interface Stated {
  readonly rule: Rule;
  readonly heads: readonly string[];
}

/** A join of the function `fn` that is a product; the rule is decoded only where it is about that function. */
const productOf = (rule: Rule, fn: string, law: () => Law): readonly Contraction[] =>
  rule.operator === fn && rule.left.kind === "apply" && rule.left.op !== "add" ? contractionOf(rule.name, fn, law()) : [];

/** Whether a side is an operator on two calls of the rule's function, each of one parameter, in their order. */
const isOfCalls = ({ left, operator, parameters }: Rule, op: string): boolean =>
  left.kind === "apply" &&
  left.op === op &&
  left.args.every((a, i) => a.kind === "apply" && a.op === operator && a.args[0] === parameters[i]);

/** f(x) f(y) => f(x + y). */
function isExponential(rule: Rule): boolean {
  const { right, operator, parameters } = rule;
  if (!isOfCalls(rule, "mul") || right.kind !== "apply" || right.op !== operator) return false;
  const [sum] = right.args;
  return sum?.kind === "apply" && sum.op === "add" && sum.args.every((a, i) => a === parameters[i]);
}

/** f(x)/f(y) => g(…). */
function ratioOf(rule: Rule, law: () => Law): Ratio[] {
  const [above, below] = rule.parameters;
  if (above === undefined || below === undefined || !isOfCalls(rule, "div")) return [];
  return [{ name: rule.operator, above: above.name, below: below.name, result: law().result }];
}

/** A value made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: make() };
    return known.value;
  };
}
