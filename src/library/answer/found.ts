// A derivative that was found as an answer: names of definitions and notations of rules put in, conditions, texts.
//
// Not here: how it is found (solve.ts, directional.ts).

import { attempt } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import type { Target } from "../../elaborate/names/target.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import { exprToJSON } from "../../expr/json.ts";
import type { Stated } from "../question/state.ts";
import { byText } from "../question/targets.ts";
import type { Answer } from "./answer.ts";
import type { Choice } from "./asked.ts";
import { type Condition, conditionsOf } from "./conditions.ts";
import { foldNames, shortestOf } from "./fold.ts";
import type { MadeView } from "./views.ts";
import { written } from "./written.ts";

/** A derivative that was found, before the names of definitions are put into it. */
export interface Found {
  readonly expr: Expr;
  readonly notation: "matrix" | "entries";
  readonly order: number;
  readonly layout?: Layout;
  readonly symmetry?: Symmetry;
  readonly along?: readonly Expr[];
  readonly upstream?: Expr;
  readonly views?: readonly MadeView[];
}

/** The answer of a stated question that a derivative is. */
export function answerOf(stated: Stated, by: readonly Target[], choice: Choice, found: Found): Answer {
  const { along: directions, upstream: gradient, layout, symmetry, order, notation, views = [] } = found;
  const expr = choice.names === false ? found.expr : stated.library.notate(foldNames(found.expr, stated));
  const text = (e: Expr): string => written(e, stated, false).ascii;
  const shortest = (part: Expr): Expr | undefined => attempt(() => shortestOf(part, stated));
  const conditions = new Map<string, Condition>();
  for (const { variable } of by)
    for (const c of conditionsOf({ expr: stated.expr, variable: variable.name, order, answer: expr, shortest }, stated.library))
      conditions.set(`${c.kind} ${c.text}`, c);
  const { shape, ascii, unicode, latex, where } = written(expr, stated, choice.where === true);
  // What may be absent comes last: members added behind it would be slow.
  const answer: Answer = {
    expr,
    shape,
    ascii,
    unicode,
    latex,
    where,
    ok: true,
    order,
    notation,
    of: stated.written,
    wrt: byText(by, order),
    views: views.map((v) => v.view),
    assumptions: stated.assumptions,
    conditions: [...conditions.values()],
    toJSON() {
      const { expr: term, of, toJSON: _, ...rest } = this;
      return { ...rest, expr: exprToJSON(term), of: exprToJSON(of) };
    },
    ...optional({ layout, symmetry }),
    ...(directions === undefined ? {} : { along: directions.map(text).join(", ") }),
    ...(gradient === undefined ? {} : { upstream: text(gradient) }),
  };
  return answer;
}
