// Rules of the user's own, proved before they are used.
//
// Not here: how one rule is proved (src/check/rule.ts).

import { optional } from "../../base/optional.ts";
import { checkRule } from "../../check/rule.ts";
import { type ExprJSON, exprToJSON } from "../../expr/json.ts";
import { createLibrary, type Library } from "../../rewrite/library.ts";
import type { Rule, RuleSet } from "../../rewrite/rule.ts";
import { standardRules } from "../../rewrite/standard.ts";
import { loadOracle } from "./oracle.ts";
import { plainVerdict } from "./plain.ts";
import type { Checked } from "./verify.ts";

/** How one rule fared. `JSON.stringify` gives `CheckedRuleJSON`. */
export interface CheckedRule {
  readonly rule: Rule;
  /**
   * `proved` by normal forms; `holds` at random points; `refuted` there, with a witness; `stated`: a
   * definition of a function that has no other values; `not checked`, with a reason.
   */
  readonly status: "proved" | "holds" | "stated" | "refuted" | "not checked";
  /** What the numbers say, where they were asked. */
  readonly check?: Checked;
  toJSON(): CheckedRuleJSON;
}

/** How one rule fared, as plain data. */
export interface CheckedRuleJSON extends Omit<CheckedRule, "rule" | "toJSON"> {
  readonly rule: RuleJSON;
}

/** A rule as plain data. */
export interface RuleJSON extends Omit<Rule, "parameters" | "left" | "right" | "guard" | "place"> {
  readonly parameters: readonly ExprJSON[];
  readonly left: ExprJSON;
  readonly right: ExprJSON;
  readonly guard?: ExprJSON;
}

const ruleToJSON = ({ name, kind, operator, section, source, text, parameters, left, right, conditions, guard }: Rule): RuleJSON => ({
  ...{ name, kind, operator, section, source, text, conditions },
  parameters: parameters.map(exprToJSON),
  left: exprToJSON(left),
  right: exprToJSON(right),
  ...(guard === undefined ? {} : { guard: exprToJSON(guard) }),
});

/**
 * Proves the rules of a set from the standard ones, the sets `before` it and its own definitions;
 * what that does not decide is compared in numbers, derivatives with differences of values. The
 * status of a rule says which; a rule that is wrong is `refuted`, and nothing is thrown.
 *
 * @example
 * ```ts
 * import { checkRules, parseRules, standardLibrary } from "nabla";
 *
 * const text = `
 * source NOTES  my own notes
 * function bell : elementwise
 * bell/definition  bell(x) := exp(-x^2)          [NOTES 1]
 * bell/derivative  d(bell(x)) = 2*x*bell(x)*dx   [NOTES 1]
 * `;
 * const checked = await checkRules(parseRules(text, standardLibrary().functions));
 * console.log(checked.map(({ rule, status }) => `${rule.name}: ${status}`)); // ["bell/definition: stated","bell/derivative: refuted"]
 * ```
 */
export async function checkRules(
  set: RuleSet,
  options: { readonly before?: readonly RuleSet[]; readonly seed?: number } = {},
): Promise<CheckedRule[]> {
  const numeric = await loadOracle();
  const { before = [], seed } = options;
  const known = [standardRules(), ...before];
  const library: Library = createLibrary([...known, set]);
  const basis = createLibrary([...known, { ...set, rules: set.rules.filter((r) => r.kind === "definition") }]);
  return set.rules.map((rule) => {
    const { status, verdict } = checkRule(numeric, rule, { library, basis, ...optional({ seed }) });
    const found = { status, ...(verdict === undefined ? {} : { check: plainVerdict(verdict) }) };
    return { rule, ...found, toJSON: () => ({ rule: ruleToJSON(rule), ...found }) };
  });
}
