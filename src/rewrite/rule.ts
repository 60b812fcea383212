// A rule: one equation of the library with its name, its conditions and its source. Rules
// are data; this file says what they are made of, src/rewrite/parse.ts reads them and
// src/rewrite/library.ts puts them to use.

import { ATTRIBUTES } from "../expr/attributes.ts";
import { DOMAINS } from "../expr/domains.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";

/** What a rule is used for. */
export type RuleKind =
  | "differential" // d(f(x)) = … dx, for a function of the library
  | "definition" // f(x) := …
  | "identity" // f(pattern) = …
  | "contraction" // f(x) next to something, or in a sum: inv(A)*A = …, 1 + exp(x) = …
  | "guarded" // f(x) = … if a > b
  | "notation" // a product with f in an answer => how it is written
  | "law"; // d of a structural operator; holds by construction in the normal form

/** What a condition may say of a parameter: an attribute, or a domain that is not everything. */
export const PREDICATES: readonly string[] = [...new Set<string>([...ATTRIBUTES, "nonnegative", ...DOMAINS])].filter((p) => p !== "real");

/** That a parameter of a rule is positive, invertible, … */
export interface RuleCondition {
  readonly predicate: string;
  readonly parameter: string;
}

/** One equation of a library, with its conditions and its source. */
export interface Rule {
  /** `operator/case`, unique and stable. */
  readonly name: string;
  readonly kind: RuleKind;
  /** The function or structural operator the left side is about. */
  readonly operator: string;
  readonly section: string;
  /** `KEY place`, the key being one of the sources. */
  readonly source: string;
  /** The equation as written. */
  readonly text: string;
  readonly parameters: readonly Variable[];
  /** The left side; for differentials and laws what stands inside d( ). */
  readonly left: Expr;
  /** The right side; differentials of a parameter p are variables dp of p's shape. */
  readonly right: Expr;
  readonly conditions: readonly RuleCondition[];
  /** For a guarded rule: the comparison a > b, as the term a − b. */
  readonly guard?: Expr | undefined;
  /** @internal For a stored notation: where it is looked for, known before the rule is decoded. */
  readonly place?: Place | undefined;
}

/** Where a notation is looked for, and the functions and operators one of which stands in all that it applies to. */
export interface Place {
  readonly in: "ramps" | "joins" | "numbers" | "matrices";
  readonly heads: readonly string[];
}

/** Functions with their rules, and the texts that these come from. */
export interface RuleSet {
  readonly functions: readonly FunctionInfo[];
  readonly rules: readonly Rule[];
  /** Full references by key. */
  readonly sources: ReadonlyMap<string, string>;
}
