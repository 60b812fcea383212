// The rule library at work: functions by name, each with its rules in normal form,
// compiled when first asked for. A library is a value; user rules make a new one.

import { hashText } from "../base/hash.ts";
import { perEpoch } from "../base/intern.ts";
import { type Expr, isApply, mentions } from "../expr/expr.ts";
import { createFunctionTable, type FunctionDefinition, type FunctionTable } from "../expr/functions.ts";
import { isMatrixShape, isScalarShape } from "../expr/shape.ts";
import { toTensor } from "../tensor/convert.ts";
import { cornerLaw } from "../tensor/corner.ts";
import type { Differential, FunctionRules, GuardedIdentity, Identity } from "../tensor/functionRules.ts";
import { contractionOf, type Law, sumLawOf } from "../tensor/laws.ts";
import { dependsOn, internTensor } from "../tensor/tensor.ts";
import { type Join, joinsOf } from "./join.ts";
import { notationsOf } from "./notate.ts";
import { type Ramp, rampsOf } from "./ramp.ts";
import { differentialName, type Rule, type RuleSet } from "./rule.ts";

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
  const byFunction = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.kind === "law") continue;
    const list = byFunction.get(rule.operator);
    if (list === undefined) byFunction.set(rule.operator, [rule]);
    else list.push(rule);
  }
  // d tr f(A) = …, by f.
  const traces = lazily(() => new Map(rules.filter((r) => r.kind === "law" && r.operator === "tr").flatMap(functionInTrace)));
  const definitions = rules.filter((r) => r.kind === "definition");
  const reflectionOf = (name: string): Reflection | undefined => {
    // Rules are decoded where they are looked at: by their texts most are none of these.
    const own = (byFunction.get(name) ?? []).filter((r) => r.kind === "identity" && r.text.startsWith(`${name}(-`));
    const others = definitions.filter((r) => r.text.includes(`:= -${name}(-`));
    return [...own, ...others].map((r) => reflectionIn(r, name)).find((r) => r !== undefined);
  };
  const compiledFunctions = perEpoch(() => new Map<string, FunctionRules>());
  const find = (name: string): FunctionRules | undefined => {
    const info = functions.find(name);
    if (info === undefined) return undefined;
    const compiled = compiledFunctions();
    let known = compiled.get(info.name);
    if (known === undefined) {
      known = compileFunction(
        info,
        byFunction.get(info.name) ?? [],
        () => traces().get(info.name),
        () => reflectionOf(info.name),
        find,
      );
      compiled.set(info.name, known);
    }
    return known;
  };
  const definition = (name: string): FunctionDefinition | undefined =>
    definitionIn(byFunction.get(functions.find(name)?.name ?? name) ?? []);
  return {
    functions,
    rules,
    sources: new Map(sets.flatMap((s) => [...s.sources])),
    find,
    definition,
    notate: notationsOf(rules, functions.find),
    ramp: rampsOf(rules, find),
    join: joinsOf(rules, functions.find, (r) => compileLaw(r, find)),
  };
}

type Find = (name: string) => FunctionRules | undefined;

function compileFunction(
  info: FunctionRules["info"],
  rules: readonly Rule[],
  traced: () => Rule | undefined,
  reflected: () => Reflection | undefined,
  find: Find,
): FunctionRules {
  const of = (kind: Rule["kind"]): Rule[] => rules.filter((r) => r.kind === kind);
  const inverts = isMatrixShape(info.result) && of("contraction").some((r) => isInverseLaw(r, info.name));
  // While identities or laws of the function are compiled it has none of them.
  const joint = of("differential").filter((r) => varied(r).length > 1);
  const own = of("differential").filter((r) => varied(r).length <= 1);
  const differentials = lazily(() => info.params.map((_, i) => compileDifferential([...own, ...joint], i, find)));
  const jointly = lazily(() => info.params.map((_, i) => compileDifferential([...joint, ...own], i, find)));
  const trace = lazily(() => {
    const rule = traced();
    return rule === undefined ? undefined : compileDifferential([rule], 0, find);
  });
  const identities = lazily(() => of("identity").flatMap((r) => (transposeOf([r]) === undefined ? [compileIdentity(r, find)] : [])), []);
  const contractions = lazily(() => {
    const stated = of("contraction").flatMap((r) => contractionOf(r.name, info.name, compileLaw(r, find)));
    if (info.primary === true) return [...stated, cornerLaw];
    return stated;
  }, []);
  const sums = lazily(() => of("contraction").flatMap((r) => sumLawOf(compileLaw(r, find))), []);
  const reflection = lazily(() => {
    const found = reflected();
    const by = found === undefined ? undefined : find(found.by);
    return found === undefined || by === undefined ? undefined : { rules: by, sign: found.sign };
  });
  const guarded = lazily(() => of("guarded").map((r) => compileGuarded(r, find)));
  const definition = definitionIn(rules);
  return {
    info,
    key: `${info.name}#${hashText(rules.map((r) => r.text).join("\n")).toString(36)}`,
    definition,
    hasDifferential: rules.some((r) => r.kind === "differential"),
    transpose: transposeOf(of("identity")),
    multiplicative: of("identity").some((r) => isScalarShape(info.result) && r.left.args.length === 1 && isProductOfTwo(r.left.args[0])),
    get differentials() {
      return differentials();
    },
    get jointDifferentials() {
      return jointly();
    },
    get trace() {
      return trace();
    },
    inverts,
    commutes: info.primary === true || inverts || isMultiple(definition, find),
    get identities() {
      return identities();
    },
    get contractions() {
      return contractions();
    },
    get sums() {
      return sums();
    },
    get reflection() {
      return reflection();
    },
    get guarded() {
      return guarded();
    },
  };
}

/** The function f of a rule for d tr f(A), with the rule. */
function functionInTrace(rule: Rule): [string, Rule][] {
  const inner = rule.left.kind === "apply" ? rule.left.args[0] : undefined;
  return inner?.kind === "apply" ? [[inner.op, rule]] : [];
}

/** A value made when it is first asked for; whoever asks while it is made is given what it is `meanwhile`. */
function lazily<T>(make: () => T, meanwhile?: T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    if (known === undefined) {
      if (meanwhile !== undefined) known = { value: meanwhile };
      known = { value: make() };
    }
    return known.value;
  };
}

/** What the definition among the rules of one function says. */
function definitionIn(rules: readonly Rule[]): FunctionDefinition | undefined {
  const rule = rules.find((r) => r.kind === "definition");
  return rule === undefined ? undefined : { parameters: rule.parameters, body: rule.right };
}

function compileDifferential(rules: readonly Rule[], position: number, find: Find): Differential | undefined {
  for (const rule of rules) {
    const parameter = rule.parameters[position];
    if (parameter === undefined) continue;
    const value = toTensor(rule.right, { find });
    const name = differentialName(parameter.name);
    const about = varied(rule);
    if (!about.includes(name)) continue;
    // A rule may state the whole differential; the part linear in dp belongs to this argument.
    const part = internTensor(
      value.axes,
      value.terms.filter((t) => t.factors.some((f) => dependsOn(f.base, name))),
    );
    return { name: rule.name, parameters: rule.parameters, differential: name, value: about.length === 1 ? value : part };
  }
  return undefined;
}

/** The differentials that a rule is about. */
const varied = (rule: Rule): string[] => rule.parameters.map((p) => differentialName(p.name)).filter((d) => mentions(rule.right, d));

function compileIdentity(rule: Rule, find: Find): Identity {
  return {
    name: rule.name,
    parameters: rule.parameters,
    patterns: rule.left.args.map((a) => toTensor(a, { find: bare(find) })),
    result: toTensor(rule.right, { find }),
    conditions: rule.conditions,
  };
}

/** f(Aᵀ) = f(A) or f(Aᵀ) = f(A)ᵀ, where a rule says so. */
function transposeOf(rules: readonly Rule[]): FunctionRules["transpose"] {
  const rule = rules.find((r) => isApply(r.left.args[0], "transpose") && r.left.args[0]?.args[0]?.kind === "var");
  if (rule === undefined) return undefined;
  return isApply(rule.right, "transpose") ? "turned" : "same";
}

interface Reflection {
  readonly by: string;
  readonly sign: 1 | -1;
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

/** f(A) A = I. */
function isInverseLaw({ text, left, right }: Rule, name: string): boolean {
  // Of rules that begin otherwise the sides stay undecoded.
  if (!text.startsWith(`${name}(`)) return false;
  const [inverse, matrix] = left.args;
  return isApply(left, "mul") && isApply(inverse, name) && matrix?.kind === "var" && inverse?.args[0] === matrix && isApply(right, "eye");
}

/** A number times a function that commutes with what its argument commutes with: det(A) A⁻¹. */
function isMultiple(definition: FunctionDefinition | undefined, find: Find): boolean {
  if (definition === undefined || !isApply(definition.body, "mul")) return false;
  const [number, matrix] = definition.body.args as [Expr, Expr];
  const isOwn = matrix.kind === "apply" && matrix.args.length === 1 && matrix.args[0] === definition.parameters[0];
  return isOwn && isScalarShape(number.shape) && find(matrix.op)?.commutes === true;
}

const isProductOfTwo = (e: Expr | undefined): boolean =>
  isApply(e, "mul") && e?.args.every((a) => a.kind === "var" && isMatrixShape(a.shape)) === true;

/**
 * Functions as they stand in a left side: without laws of their own, so that a pattern is
 * what is written, whoever has compiled the laws before.
 */
const bare =
  (find: Find): Find =>
  (name) => {
    const rules = find(name);
    if (rules === undefined) return undefined;
    const { info, key, definition, hasDifferential, multiplicative } = rules;
    return {
      info,
      key: `${key} pattern`,
      definition,
      hasDifferential,
      multiplicative,
      reflection: undefined,
      differentials: [],
      jointDifferentials: [],
      trace: undefined,
      inverts: false,
      commutes: false,
      identities: [],
      contractions: [],
      sums: [],
      transpose: undefined,
      guarded: [],
    };
  };

function compileLaw(rule: Rule, find: Find): Law {
  const pattern = toTensor(rule.left, { find: bare(find) });
  const symmetric = isApply(rule.left, "transpose") && rule.left.args[0] === rule.right;
  return { pattern, result: toTensor(rule.right, { find }), conditions: rule.conditions, symmetric };
}

function compileGuarded(rule: Rule, find: Find): GuardedIdentity {
  return {
    name: rule.name,
    parameters: rule.parameters,
    positive: toTensor(rule.guard as NonNullable<Rule["guard"]>, { find }),
    result: toTensor(rule.right, { find }),
  };
}
