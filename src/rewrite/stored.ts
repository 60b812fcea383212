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

export type StoredFunction = Omit<FunctionInfo, "params" | "result"> & {
  readonly params: readonly StoredShape[];
  readonly result: StoredShape;
};

export type StoredRule = Omit<Rule, "parameters" | "left" | "right" | "guard"> & {
  readonly parameters: readonly (readonly [name: string, ...StoredShape])[];
  readonly left: StoredTerm;
  readonly right: StoredTerm;
  readonly guard?: StoredTerm;
};

/** The text of an `ExprJSON`. */
type StoredTerm = string;

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
    rules: stored.rules.map(loadRule),
    sources: new Map(stored.sources),
  };
}

const storeTerm = (expr: Expr): StoredTerm => JSON.stringify(exprToJSON(expr));
const loadTerm = (term: StoredTerm): Expr => exprFromJSON(JSON.parse(term) as ExprJSON);

function loadRule(stored: StoredRule): Rule {
  const { parameters, left, right, guard, ...rest } = stored;
  const parts = {
    parameters: perEpoch((): readonly Variable[] => parameters.map(([name, rows, cols]) => build.variable(name, loadShape([rows, cols])))),
    left: perEpoch(() => loadTerm(left)),
    right: perEpoch(() => loadTerm(right)),
  };
  const rule: Rule = {
    ...rest,
    get parameters() {
      return parts.parameters();
    },
    get left() {
      return parts.left();
    },
    get right() {
      return parts.right();
    },
  };
  if (guard === undefined) return rule;
  const guarded = perEpoch(() => loadTerm(guard));
  return Object.defineProperty(rule, "guard", { get: guarded, enumerable: true });
}
