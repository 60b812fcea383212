// The rule library at work: functions by name, each with its rules in normal form,
// compiled when first asked for. A library is a value; user rules make a new one.
//
// Not here: how the rules of one function are compiled (compileFunction.ts).

import { perEpoch } from "../base/intern.ts";
import { lazily } from "../base/lazy.ts";
import { type Expr, isApply } from "../expr/expr.ts";
import { createFunctionTable, type FunctionDefinition, type FunctionTable } from "../expr/functions.ts";
import type { FunctionRules } from "../tensor/functions/functionRules.ts";
import { compileFunction, compileLaw, definitionIn, type Reflection, type RulesOfFunction } from "./compileFunction.ts";
import { type Join, joinsOf } from "./join.ts";
import { notationsOf } from "./notate.ts";
import { type Ramp, rampsOf } from "./ramp.ts";
import type { Rule, RuleSet } from "./rule.ts";

/** Functions with their rules, made by `createLibrary` or `standardLibrary`. */
export interface Library {
  readonly functions: FunctionTable;
  readonly rules: readonly Rule[];
  /** Full references by the keys of rules. */
  readonly sources: ReadonlyMap<string, string>;
  /** @internal The rules of a function in normal form, by name or alias. */
  readonly find: (name: string) => FunctionRules | undefined;
  /** @internal The body of a function given through others, for evaluation. */
  readonly definition: (name: string) => FunctionDefinition | undefined;
  /** @internal An answer with the notations of the rules put in. */
  readonly notate: (answer: Expr) => Expr;
  /** @internal How an answer with these functions writes ramps. */
  readonly ramp: (used: ReadonlySet<string> | undefined) => Ramp;
  /** @internal The functions that an answer writes as one. */
  readonly join: Join;
}

/** Puts rule sets together; a later set adds to the earlier ones. */
export function createLibrary(sets: readonly RuleSet[]): Library {
  const rules = sets.flatMap((s) => s.rules);
  const functions = createFunctionTable(sets.flatMap((s) => s.functions));
  const rulesOf = byFunction(rules);
  const compiled = perEpoch(() => new Map<string, FunctionRules>());
  const find = (name: string): FunctionRules | undefined => {
    const info = functions.find(name);
    if (info === undefined) return undefined;
    const known = compiled().get(info.name);
    if (known !== undefined) return known;
    const made = compileFunction(info, rulesOf(info.name), find);
    compiled().set(info.name, made);
    return made;
  };
  return {
    functions,
    rules,
    sources: new Map(sets.flatMap((s) => [...s.sources])),
    find,
    definition: (name) => definitionIn(rulesOf(functions.find(name)?.name ?? name).own),
    notate: notationsOf(rules, functions.find),
    ramp: rampsOf(rules, find),
    join: joinsOf(rules, functions.find, (r) => compileLaw(r, find)),
  };
}

/** The rules about each function. */
function byFunction(rules: readonly Rule[]): (name: string) => RulesOfFunction {
  const byOperator = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.kind === "law") continue;
    const list = byOperator.get(rule.operator);
    if (list === undefined) byOperator.set(rule.operator, [rule]);
    else list.push(rule);
  }
  // d tr f(A) = …, by f.
  const traces = lazily(() => new Map(rules.filter((r) => r.kind === "law" && r.operator === "tr").flatMap(functionInTrace)));
  const definitions = rules.filter((r) => r.kind === "definition");
  return (name) => {
    const own = byOperator.get(name) ?? [];
    return { own, trace: () => traces().get(name), reflection: () => reflectionOf(name, own, definitions) };
  };
}

/** The function f of a rule for d tr f(A), with the rule. */
function functionInTrace(rule: Rule): [string, Rule][] {
  const inner = rule.left.kind === "apply" ? rule.left.args[0] : undefined;
  return inner?.kind === "apply" ? [[inner.op, rule]] : [];
}

function reflectionOf(name: string, own: readonly Rule[], definitions: readonly Rule[]): Reflection | undefined {
  // Rules are decoded where they are looked at: by their texts most are none of these.
  const candidates = [
    ...own.filter((r) => r.kind === "identity" && r.text.startsWith(`${name}(-`)),
    ...definitions.filter((r) => r.text.includes(`:= -${name}(-`)),
  ];
  return candidates.map((r) => reflectionIn(r, name)).find((r) => r !== undefined);
}

/** f(−x) = ±f(x) says so of f; g(x) := −f(−x) of f and g. */
function reflectionIn({ kind, left, right }: Rule, name: string): Reflection | undefined {
  const negative = isApply(right, "neg");
  const inner = negative ? right.args[0] : right;
  const [from, to] = kind === "identity" ? [left, inner] : [inner, left];
  if (from?.kind !== "apply" || from.op !== name || to?.kind !== "apply" || from.args.length !== to.args.length) return undefined;
  const turned = from.args.every((a, i) => isApply(a, "neg") && a.args[0]?.kind === "var" && a.args[0] === to.args[i]);
  return turned ? { by: to.op, sign: negative ? -1 : 1 } : undefined;
}
