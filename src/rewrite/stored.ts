// Rule sets as data: what rules/compile.ts writes and what the program loads, so that
// start-up parses nothing. Terms are kept as JSON text, which costs a start next to nothing,
// and are decoded when a rule is first used.

import { perEpoch } from "../base/intern.ts";
import * as build from "../expr/build.ts";
import { dimFromKey } from "../expr/dim.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { type ExprJSON, exprFromJSON, exprToJSON } from "../expr/json.ts";
import type { Shape } from "../expr/shape.ts";
import { placeOf } from "./place.ts";
import type { Rule, RuleSet } from "./rule.ts";

type StoredShape = readonly [rows: string, cols: string];

/** A function with its shapes as texts. */
export type StoredFunction = Omit<FunctionInfo, "params" | "result"> & {
  readonly params: readonly StoredShape[];
  readonly result: StoredShape;
};

/** A rule with its terms as texts. */
export type StoredRule = Omit<Rule, "parameters" | "left" | "right" | "guard"> & {
  readonly parameters: readonly (readonly [name: string, ...StoredShape])[];
  readonly left: StoredTerm;
  readonly right: StoredTerm;
  readonly guard?: StoredTerm;
};

/** The text of an `ExprJSON`. */
type StoredTerm = string;

/** A rule set as data. */
export interface StoredRules {
  readonly functions: readonly StoredFunction[];
  readonly rules: readonly StoredRule[];
  readonly sources: readonly (readonly [key: string, reference: string])[];
}

const storeShape = (s: Shape): StoredShape => [s.rows.key, s.cols.key];
const loadShape = ([rows, cols]: StoredShape): Shape => ({ rows: dimFromKey(rows), cols: dimFromKey(cols) });

/** A rule set as data; `loadRules` gives it back. */
export function storeRules(set: RuleSet): StoredRules {
  return {
    functions: set.functions.map((f) => ({ ...f, params: f.params.map(storeShape), result: storeShape(f.result) })),
    rules: set.rules.map(({ guard, ...r }) => ({
      ...r,
      parameters: r.parameters.map((v) => [v.name, ...storeShape(v.shape)] as const),
      left: storeTerm(r.left),
      right: storeTerm(r.right),
      ...(guard === undefined ? {} : { guard: storeTerm(guard) }),
      ...(r.kind === "notation" ? { place: placeOf(r) } : {}),
    })),
    sources: [...set.sources],
  };
}

/** The rule set that `storeRules` wrote, terms decoded on first use. */
export function loadRules(stored: StoredRules): RuleSet {
  return {
    functions: stored.functions.map((f) => ({ ...f, params: f.params.map(loadShape), result: loadShape(f.result) })),
    rules: stored.rules.map((r) => new LoadedRule(r)),
    sources: new Map(stored.sources),
  };
}

const storeTerm = (expr: Expr): StoredTerm => JSON.stringify(exprToJSON(expr));
const loadTerm = (term: StoredTerm): Expr => exprFromJSON(JSON.parse(term) as ExprJSON);

/** A rule whose terms are decoded when first asked for, in each epoch again. */
class LoadedRule implements Rule {
  readonly name: string;
  readonly kind: Rule["kind"];
  readonly operator: string;
  readonly section: string;
  readonly source: string;
  readonly text: string;
  readonly conditions: Rule["conditions"];
  readonly place: Rule["place"];
  readonly #stored: StoredRule;
  #parameters?: () => readonly Variable[];
  #left?: () => Expr;
  #right?: () => Expr;
  #guard?: () => Expr;

  constructor(stored: StoredRule) {
    this.name = stored.name;
    this.kind = stored.kind;
    this.operator = stored.operator;
    this.section = stored.section;
    this.source = stored.source;
    this.text = stored.text;
    this.conditions = stored.conditions;
    this.place = stored.place;
    this.#stored = stored;
  }

  get parameters(): readonly Variable[] {
    const { parameters } = this.#stored;
    this.#parameters ??= perEpoch(() => parameters.map(([name, rows, cols]) => build.variable(name, loadShape([rows, cols]))));
    return this.#parameters();
  }

  get left(): Expr {
    const { left } = this.#stored;
    this.#left ??= perEpoch(() => loadTerm(left));
    return this.#left();
  }

  get right(): Expr {
    const { right } = this.#stored;
    this.#right ??= perEpoch(() => loadTerm(right));
    return this.#right();
  }

  get guard(): Expr | undefined {
    const { guard } = this.#stored;
    if (guard === undefined) return undefined;
    this.#guard ??= perEpoch(() => loadTerm(guard));
    return this.#guard();
  }
}
