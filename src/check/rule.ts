// Is a rule right? First by normal forms, from the rules of the library and the definitions of
// the rule's own set alone; what they do not decide, at random points where the rule's
// conditions hold.
//
// Invariant: a rule has no part in its own proof. Functions are worth what their kernels or
// definitions say; a function with neither cannot be checked, and that is said.

import { attempt } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import { along } from "../calculus/directional.ts";
import { type Attribute, isAttribute } from "../expr/attributes.ts";
import * as build from "../expr/build.ts";
import { type Expr, mentions, type Variable } from "../expr/expr.ts";
import { differentialName } from "../expr/functions.ts";
import { isScalarShape, type Shape } from "../expr/shape.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Library } from "../rewrite/library.ts";
import type { Rule } from "../rewrite/rule.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import type { Tensor } from "../tensor/form/tensor.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { checkDifferential, checkEqual } from "./answer.ts";
import type { Verdict } from "./compare.ts";

/** How a rule fared. */
export interface RuleVerdict {
  readonly rule: Rule;
  /** `stated` is a definition of a function that has no values of its own: there is nothing to compare. */
  readonly status: "proved" | "holds" | "stated" | "refuted" | "not checked";
  /** Absent where normal forms decided. */
  readonly verdict?: Verdict;
}

/** What a rule is checked with. */
export interface RuleCheckOptions {
  /** Everything known: evaluates functions without kernel by their definitions. */
  readonly library: Library;
  /** What may be used in a proof: without the rules under examination other than definitions. */
  readonly basis: Library;
  readonly seed?: number;
}

const POINTS = 12;

/** Proves a rule, or compares its two sides at random points. */
export function checkRule(numeric: Numeric, rule: Rule, { library, basis, seed }: RuleCheckOptions): RuleVerdict {
  if (rule.kind === "definition" && !numeric.kernels.has(rule.operator)) return { rule, status: "stated" };
  const settled = underConditions(rule, library);
  if (rule.kind !== "definition" && rule.guard === undefined && isProved(rule, settled, basis)) return { rule, status: "proved" };
  const options = { points: POINTS, definitions: library.definition, ...optional({ seed }) };
  const verdict = isDifferential(rule)
    ? checkDifferential(numeric, { expr: settled.left, differential: settled.right, directions: settled.directions }, options)
    : checkEqual(numeric, settled.left, settled.right, options);
  return { rule, verdict, status: verdict.ok === undefined ? "not checked" : verdict.ok ? "holds" : "refuted" };
}

const isDifferential = (rule: Rule): boolean => rule.kind === "differential" || rule.kind === "law";

/** The parameters that vary, each with its differential. */
function directionsOf(rule: Rule): Map<Variable, Variable> {
  const held = new Set(rule.conditions.filter((c) => c.predicate === "constant").map((c) => c.parameter));
  const varies = (name: string): boolean => !held.has(name) && (rule.kind === "law" || mentions(rule.right, differentialName(name)));
  return new Map(rule.parameters.filter((p) => varies(p.name)).map((p) => [p, build.variable(differentialName(p.name), p.shape)]));
}

function isProved(rule: Rule, { plain, right, directions }: Settled, basis: Library): boolean {
  const form = (e: Expr): Tensor => toTensor(e, { find: basis.find });
  const same = (a: Tensor, b: Tensor): boolean => a === b || (expand(a) ?? a) === (expand(b) ?? b);
  const proved = attempt(() => {
    if (!isDifferential(rule)) return same(form(plain), form(right));
    const moves = [...directions].map(([variable, d]) => ({ variable, along: d }));
    return same(along(plain, moves, basis), form(right));
  });
  // What has no normal form or no rule is left to the numbers.
  return proved === true;
}

interface Settled {
  /** The left side where only attributes limit it. */
  readonly plain: Expr;
  readonly left: Expr;
  readonly right: Expr;
  readonly directions: ReadonlyMap<Variable, Variable>;
}

/** Both sides with the rule's conditions as attributes of its parameters, and with no value where its comparison fails. */
function underConditions(rule: Rule, library: Library): Settled {
  const attributes = new Map<string, Attribute[]>();
  for (const { predicate, parameter } of rule.conditions) {
    if (isAttribute(predicate)) attributes.set(parameter, [...(attributes.get(parameter) ?? []), predicate]);
  }
  const by = new Map<Expr, Expr>(rule.parameters.map((p) => [p, build.variable(p.name, p.shape, attributes.get(p.name) ?? [])]));
  const put = (e: Expr): Expr => build.substitute(e, by, library.functions);
  const guards = [
    ...(rule.guard === undefined ? [] : [rule.guard]),
    ...rule.conditions.flatMap((c) => comparison(c.predicate, rule, c.parameter)),
  ];
  const log = library.functions.find("log");
  const left = guards.reduce(
    (t, g) =>
      log === undefined
        ? t
        : build.add(
            t,
            nothing(put(g), t.shape, (e) => build.call(log, [e])),
          ),
    put(rule.left),
  );
  const directions = new Map([...directionsOf(rule)].map(([v, d]) => [put(v) as Variable, d]));
  return { plain: put(rule.left), left, right: put(rule.right), directions };
}

/** Conditions that no attribute states, as terms that are positive where they hold. */
function comparison(predicate: string, rule: Rule, parameter: string): Expr[] {
  const p = rule.parameters.find((v) => v.name === parameter);
  if (p === undefined) return [];
  const one = filled(1, p.shape);
  switch (predicate) {
    case "above-one":
      return [build.add(p, build.neg(one))];
    case "above-minus-one":
      return [build.add(p, one)];
    case "fraction": {
      const times = isScalarShape(p.shape) ? build.mul : build.hadamard;
      return [times(p, build.add(one, build.neg(p)))];
    }
    default:
      return [];
  }
}

const filled = (value: number, shape: Shape): Expr =>
  isScalarShape(shape) ? build.num(value) : build.apply("expand", [build.num(value)], [shape.rows, shape.cols]);

/** Zero where the term is positive, and without a value elsewhere. */
function nothing(positive: Expr, shape: Shape, log: (e: Expr) => Expr): Expr {
  const zero = build.mul(build.num(0), build.apply("sum", [log(positive)]));
  return isScalarShape(shape) ? zero : build.apply("expand", [zero], [shape.rows, shape.cols]);
}
