// Rules of the user's own, proved before they are used.
//
// Not here: how one rule is proved (src/check/rule.ts).

import { checkRule } from "../check/rule.ts";
import { createLibrary, type Library } from "../rewrite/library.ts";
import type { Rule, RuleSet } from "../rewrite/rule.ts";
import { standardRules } from "../rewrite/standard.ts";
import { loadOracle } from "./oracle.ts";
import { plainVerdict } from "./plain.ts";
import type { Checked } from "./verify.ts";

/** How one rule fared. */
export interface CheckedRule {
  readonly rule: Rule;
  /**
   * `proved` by normal forms; `holds` at random points; `refuted` there, with a witness; `stated`: a
   * definition of a function that has no other values; `not checked`, with a reason.
   */
  readonly status: "proved" | "holds" | "stated" | "refuted" | "not checked";
  /** What the numbers say, where they were asked. */
  readonly check?: Checked;
}

/** Proves the rules of a set from the standard ones, sets before it, and its own definitions; what that does not decide is compared in numbers. */
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
    const { status, verdict } = checkRule(numeric, rule, { library, basis, ...(seed === undefined ? {} : { seed }) });
    return { rule, status, ...(verdict === undefined ? {} : { check: plainVerdict(verdict) }) };
  });
}
