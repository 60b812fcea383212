// What a rule claims, in numbers: its right side against the values of its left side, at
// random points where its conditions hold, or where they do not.
//
// Invariant: a rule has no part in its own check. Functions are worth what their kernels
// in src/numeric say; a definition is put in only where a caller hands one over, for a
// function that has no kernel and for rules other than the definition.

import { checkDifferential, checkEqual } from "../../src/check/answer.ts";
import type { Verdict } from "../../src/check/compare.ts";
import { ATTRIBUTES, type Attribute } from "../../src/expr/attributes.ts";
import { add, apply, call, mul, neg, num, variable, withArgs } from "../../src/expr/build.ts";
import { type Expr, fold, mentions, type Variable } from "../../src/expr/expr.ts";
import { differentialName } from "../../src/expr/functions.ts";
import { isScalarShape, type Shape } from "../../src/expr/shape.ts";
import type { Definitions } from "../../src/numeric/context.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import type { Rule } from "../../src/rewrite/rule.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

export const numeric = await loadNumeric();
export const library = standardLibrary();

/** A number in every entry of a shape. */
export const filled = (value: number, shape: Shape): Expr =>
  isScalarShape(shape) ? num(value) : apply("expand", [num(value)], [shape.rows, shape.cols]);

const squared = (x: Expr): Expr => apply(isScalarShape(x.shape) ? "pow" : "hpow", [x, num(2)]);
const minus = (a: Expr, b: Expr): Expr => add(a, neg(b));
const call1 = (name: string, x: Expr): Expr => {
  const info = library.functions.find(name);
  if (info === undefined) throw new Error(`the library has no ${name}`);
  return call(info, [x]);
};

/**
 * What a condition says of its parameter: terms that are positive, entry by entry, exactly
 * where it holds. None where it excludes no open set of points, as random points are never
 * on its border.
 */
// biome-ignore format: a table is read by columns
const CONDITIONS: Readonly<Record<string, (x: Expr) => readonly Expr[]>> = {
  positive:               (x) => [x],
  nonnegative:            (x) => [x],
  nonzero:                () => [],
  unit:                   (x) => [minus(filled(1, x.shape), squared(x))],
  fraction:               (x) => [mul2(x, minus(filled(1, x.shape), x))],
  "above-one":            (x) => [minus(x, filled(1, x.shape))],
  "above-minus-one":      (x) => [add(x, filled(1, x.shape))],
  invertible:             () => [],
  "constant-rank":        () => [],
  "full-rank":            () => [],
  "positive-determinant": (x) => [call1("det", x)],
  constant:               () => [],
};

/**
 * Conditions that no open set of matrices meets: an attribute under which the parameter is
 * drawn. Matrices without it are all others, so a rule has to be false of those.
 */
const STRUCTURES: ReadonlySet<Attribute> = new Set([
  "orthogonal",
  "idempotent",
  "symmetric",
  "skew",
  "posdef",
  "diagonal",
  "lower",
  "upper",
]);

const isStructure = (predicate: string): boolean => STRUCTURES.has(predicate as Attribute);

/** Whether a condition has a meaning here. */
export const isKnownCondition = (predicate: string): boolean => predicate in CONDITIONS || isStructure(predicate);

const mul2 = (a: Expr, b: Expr): Expr => (isScalarShape(a.shape) ? mul(a, b) : apply("hadamard", [a, b]));

/** The term with no value at points where one of the guards has an entry that is not positive. */
export function where(term: Expr, guards: readonly Expr[]): Expr {
  return guards.reduce((t, g) => {
    const nothing = mul(num(0), apply("sum", [call1("log", g)]));
    return add(t, isScalarShape(t.shape) ? nothing : apply("expand", [nothing], [t.shape.rows, t.shape.cols]));
  }, term);
}

const parameterOf = (rule: Rule, name: string): Variable => {
  const found = rule.parameters.find((p) => p.name === name);
  if (found === undefined) throw new Error(`${rule.name} has a condition on ${name}, which is none of its parameters`);
  return found;
};

/** Terms that are positive where the rule says that it holds. */
export function guardsOf(rule: Rule): Expr[] {
  const stated = rule.conditions.flatMap(({ predicate, parameter }) => {
    if (isStructure(predicate)) return [];
    const meaning = CONDITIONS[predicate];
    if (meaning === undefined) throw new Error(`${rule.name} has a condition "${predicate}" that nobody has given a meaning`);
    return meaning(parameterOf(rule, parameter));
  });
  return rule.guard === undefined ? stated : [...stated, rule.guard];
}

/** The term with the rule's parameters declared as its conditions ask, as far as `stated` conditions have an attribute. */
export function declared(expr: Expr, rule: Rule, stated: (predicate: string) => boolean = () => true): Expr {
  const attributes = (name: string): Attribute[] =>
    rule.conditions.flatMap((c) => (c.parameter === name && stated(c.predicate) ? ATTRIBUTES.filter((a) => a === c.predicate) : []));
  return fold<Expr>(expr, (node, args) =>
    node.kind === "var" ? variable(node.name, node.shape, attributes(node.name)) : withArgs(node, args, library.functions.find),
  );
}

/** The term with its parameters drawn with the structure that the rule asks for. */
const structured = (expr: Expr, rule: Rule): Expr => declared(expr, rule, isStructure);

/**
 * The parameters that vary, each with its differential. A law states the whole differential;
 * a rule about a function may state the part that belongs to one argument, the others held.
 */
function directionsOf(rule: Rule): Map<Variable, Variable> {
  const held = new Set(rule.conditions.filter((c) => c.predicate === "constant").map((c) => c.parameter));
  const varies = (name: string): boolean => !held.has(name) && (rule.kind === "law" || mentions(rule.right, differentialName(name)));
  const moving = rule.parameters.filter((p) => varies(p.name));
  return new Map(moving.map((p) => [structured(p, rule) as Variable, variable(differentialName(p.name), p.shape)]));
}

export const isDifferential = (rule: Rule): boolean => rule.kind === "differential" || rule.kind === "law";

/** Whether `right` (the rule's own right side unless stated) is what the rule's left side is worth. */
const POINTS = 20;

export function checkRule(rule: Rule, right: Expr = rule.right, definitions?: Definitions): Verdict {
  const left = structured(where(rule.left, guardsOf(rule)), rule);
  const claimed = structured(right, rule);
  const options = { points: POINTS, ...(definitions === undefined ? {} : { definitions }) };
  return isDifferential(rule)
    ? checkDifferential(numeric, { expr: left, differential: claimed, directions: directionsOf(rule) }, options)
    : checkEqual(numeric, left, claimed, options);
}

/** Whether two right sides of a rule have equal values wherever its conditions hold. */
export const sameUnder = (rule: Rule, a: Expr, b: Expr, points: number, seed: number): Verdict =>
  checkEqual(numeric, structured(where(where(a, guardsOf(rule)), domainOf(rule)), rule), structured(b, rule), { points, seed });

// The left side takes its part in saying where a rule holds: d log(x) = dx/x where log has a value.
const domainOf = (rule: Rule): Expr[] => [add(filled(1, rule.left.shape), mul(num(0), rule.left))];

/** The parameters that a rule differentiates by. */
export const differentiatedBy = (rule: Rule): string[] =>
  rule.parameters.filter((p) => mentions(rule.right, differentialName(p.name))).map((p) => p.name);
