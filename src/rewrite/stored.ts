// Rule sets as data: what rules/compile.ts writes and what the program loads, so that
// start-up parses nothing. Terms are decoded when a rule is first used.

import * as build from "../expr/build.ts";
import { dimFromKey } from "../expr/dim.ts";
import type { Variable } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { type ExprJSON, exprFromJSON, exprToJSON } from "../expr/json.ts";
import type { Shape } from "../expr/shape.ts";
import type { Rule, RuleSet } from "./rule.ts";

type StoredShape = readonly [rows: string, cols: string];

export type StoredFunction = Omit<FunctionInfo, "params" | "result"> & {
  readonly params: readonly StoredShape[];
  readonly result: StoredShape;
};

export type StoredRule = Omit<Rule, "parameters" | "left" | "right" | "guard"> & {
  readonly parameters: readonly (readonly [name: string, ...StoredShape])[];
  readonly left: ExprJSON;
  readonly right: ExprJSON;
  readonly guard?: ExprJSON;
};

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
      left: exprToJSON(r.left),
      right: exprToJSON(r.right),
      ...(guard === undefined ? {} : { guard: exprToJSON(guard) }),
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

function loadRule(stored: StoredRule): Rule {
  const { parameters, left, right, guard, ...rest } = stored;
  // Decoded anew each time: the intern tables may have been emptied in between.
  return {
    ...rest,
    get parameters(): readonly Variable[] {
      return parameters.map(([name, rows, cols]) => build.variable(name, loadShape([rows, cols])));
    },
    get left() {
      return exprFromJSON(left);
    },
    get right() {
      return exprFromJSON(right);
    },
    ...(guard === undefined
      ? {}
      : {
          get guard() {
            return exprFromJSON(guard);
          },
        }),
  };
}
