// The standard library: the rules of rules/, compiled.
//
// Invariant: rules of the user's own stand behind the standard ones. Nothing is parsed here.

import { STANDARD } from "./generated/rules.ts";
import { createLibrary, type Library } from "./library.ts";
import type { RuleSet } from "./rule.ts";
import { loadRules } from "./stored.ts";

/** The rule set of rules/. */
export const standardRules = (): RuleSet => loadRules(STANDARD);

/** The library of all standard rules, with user rules behind them. */
export const standardLibrary = (more: readonly RuleSet[] = []): Library => createLibrary([standardRules(), ...more]);
