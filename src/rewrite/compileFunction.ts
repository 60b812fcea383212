// The rules of one function in normal form: differentials, identities and laws as tensors,
// each made when it is first asked for.
//
// Invariant: a left side is read without laws of the functions in it, so that a pattern is
// what is written, whatever has been compiled before.

import { hashText } from "../base/hash.ts";
import { lazily } from "../base/lazy.ts";
import { type Expr, isApply, mentions, type Variable } from "../expr/expr.ts";
import { differentialName, type FunctionDefinition } from "../expr/functions.ts";
import { isMatrixShape, isScalarShape } from "../expr/shape.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { internTensor, shapeAxes, type Tensor } from "../tensor/form/tensor.ts";
import { substitute } from "../tensor/functions/apply.ts";
import { type Differential, type FunctionRules, type GuardedIdentity, type Identity, LAWLESS } from "../tensor/functions/functionRules.ts";
import { contractionOf, type Law, sumLawOf } from "../tensor/functions/laws.ts";
import { cornerLaw } from "../tensor/primary/corner.ts";
import type { Rule } from "./rule.ts";

type Find = (name: string) => FunctionRules | undefined;

/** The rules about one function. */
export interface RulesOfFunction {
  readonly own: readonly Rule[];
  /** That for d tr f(A), where there is one. */
  readonly trace: () => Rule | undefined;
  readonly reflection: () => Reflection | undefined;
}

/** The function g with f(−x) = ±g(x), by its name, and the sign. */
export interface Reflection {
  readonly by: string;
  readonly sign: 1 | -1;
}

/** What the normal form knows of a function by its rules. */
export function compileFunction(info: FunctionRules["info"], rules: RulesOfFunction, find: Find): FunctionRules {
  const { own } = rules;
  const contractions = ofKind(own, "contraction");
  const identities = ofKind(own, "identity");
  const definition = definitionIn(own);
  const inverts = isMatrixShape(info.result) && contractions.some((r) => isInverseLaw(r, info.name));
  const compiled = compiledLater(info, rules, find);
  return {
    info,
    key: `${info.name}#${hashText(own.map((r) => r.text).join("\n")).toString(36)}`,
    definition,
    hasDifferential: own.some((r) => r.kind === "differential"),
    transpose: transposeOf(identities),
    multiplicative: identities.some((r) => isScalarShape(info.result) && r.left.args.length === 1 && isProductOfTwo(r.left.args[0])),
    inverts,
    commutes: info.primary === true || inverts || isMultiple(definition, find),
    get differentials() {
      return compiled.differentials();
    },
    get jointDifferentials() {
      return compiled.jointDifferentials();
    },
    get trace() {
      return compiled.trace();
    },
    get identities() {
      return compiled.identities();
    },
    get contractions() {
      return compiled.contractions();
    },
    get sums() {
      return compiled.sums();
    },
    get reflection() {
      return compiled.reflection();
    },
    get guarded() {
      return compiled.guarded();
    },
  };
}

const ofKind = (rules: readonly Rule[], kind: Rule["kind"]): Rule[] => rules.filter((r) => r.kind === kind);

/** The rules of a function that hold normal forms, which the rules of other functions may enter. */
type Compiled = "differentials" | "jointDifferentials" | "trace" | "identities" | "contractions" | "sums" | "reflection" | "guarded";

/** Each of them made when it is first asked for. While identities or laws of the function are compiled it has none of them. */
function compiledLater(
  info: FunctionRules["info"],
  { own, trace, reflection }: RulesOfFunction,
  find: Find,
): { readonly [K in Compiled]: () => FunctionRules[K] } {
  const stated = ofKind(own, "differential");
  const joint = stated.filter((r) => varied(r).length > 1);
  const single = stated.filter((r) => varied(r).length <= 1);
  const differentialsBy = (by: readonly Rule[]): (Differential | undefined)[] =>
    info.params.map((_, i) => compileDifferential(by, i, find));
  return {
    differentials: lazily(() => differentialsBy([...single, ...joint])),
    jointDifferentials: lazily(() => differentialsBy([...joint, ...single])),
    trace: lazily(() => {
      const rule = trace();
      return rule === undefined ? undefined : compileDifferential([rule], 0, find);
    }),
    identities: lazily(
      () => ofKind(own, "identity").flatMap((r) => (transposeOf([r]) === undefined ? [compileIdentity(r, find)] : [])),
      [],
    ),
    contractions: lazily(() => {
      const laws = ofKind(own, "contraction").flatMap((r) => contractionOf(r.name, info.name, compileLaw(r, find)));
      return info.primary === true ? [...laws, cornerLaw] : laws;
    }, []),
    sums: lazily(() => ofKind(own, "contraction").flatMap((r) => sumLawOf(compileLaw(r, find))), []),
    reflection: lazily(() => compileReflection(reflection(), find)),
    guarded: lazily(() => ofKind(own, "guarded").map((r) => compileGuarded(r, find))),
  };
}

/** What the definition among the rules of one function says. */
export function definitionIn(rules: readonly Rule[]): FunctionDefinition | undefined {
  const rule = rules.find((r) => r.kind === "definition");
  return rule === undefined ? undefined : { parameters: rule.parameters, body: rule.right };
}

function compileDifferential(rules: readonly Rule[], position: number, find: Find): Differential | undefined {
  for (const rule of rules) {
    const parameter = rule.parameters[position];
    if (parameter === undefined) continue;
    const name = differentialName(parameter.name);
    const about = varied(rule);
    if (!about.includes(name)) continue;
    const whole = toTensor(rule.right, { find });
    // A rule may state the whole differential; the part linear in dp belongs to this argument.
    const others = rule.parameters.flatMap((p) => (p === parameter ? [] : [[differentialName(p.name), zeroOf(p)] as const]));
    const value = about.length === 1 ? whole : substitute(whole, new Map(others));
    return { name: rule.name, parameters: rule.parameters, differential: name, value };
  }
  return undefined;
}

const zeroOf = ({ shape }: Variable): Tensor => internTensor(shapeAxes(shape), []);

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
  isApply(e, "mul") && e.args.every((a) => a.kind === "var" && isMatrixShape(a.shape));

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
    return { ...LAWLESS, info, key: `${key} pattern`, definition, hasDifferential, multiplicative };
  };

/** The two sides of a rule about a product or a sum. */
export function compileLaw(rule: Rule, find: Find): Law {
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

function compileReflection(reflection: Reflection | undefined, find: Find): FunctionRules["reflection"] {
  const rules = reflection === undefined ? undefined : find(reflection.by);
  return reflection === undefined || rules === undefined ? undefined : { rules, sign: reflection.sign };
}
