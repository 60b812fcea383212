// A derivation as plain data: every term as text in three formats and as a tree that
// exprFromJSON reads back.

import type { Expr } from "../../expr/expr.ts";
import { type ExprJSON, exprToJSON } from "../../expr/json.ts";
import { print } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import type { Layout } from "../layout.ts";
import type { Derivation, RuleReference, Step, StepKind } from "./model.ts";

export interface TermJSON {
  readonly ascii: string;
  readonly unicode: string;
  readonly latex: string;
  readonly expr: ExprJSON;
}

export interface StepJSON {
  readonly kind: StepKind;
  readonly of: TermJSON;
  readonly wrt: TermJSON;
  readonly via: readonly TermJSON[];
  readonly is: TermJSON;
  readonly layout: Layout;
  readonly rules: readonly RuleReference[];
  readonly chain?: readonly (readonly { readonly of: TermJSON; readonly wrt: TermJSON; readonly is: TermJSON }[])[];
  readonly cases?: TermJSON;
  readonly names?: readonly string[];
  readonly symbols?: readonly { readonly name: string; readonly of: TermJSON; readonly wrt?: TermJSON; readonly is: TermJSON }[];
  readonly differential?: true;
  readonly index?: { readonly name: string; readonly range: string };
  readonly note?: string;
}

export interface DerivationJSON {
  readonly expr: TermJSON;
  readonly variable: string;
  readonly layout: Layout;
  readonly result: string;
  readonly intermediates: readonly { readonly name: string; readonly expr: TermJSON; readonly given: boolean; readonly index?: { readonly name: string; readonly range: string } }[];
  readonly steps: readonly StepJSON[];
  readonly answer: TermJSON;
  readonly cases?: TermJSON;
}

/** The derivation as JSON data. */
export function derivationToJSON(d: Derivation, library: Library): DerivationJSON {
  const term = (expr: Expr): TermJSON => {
    const text = (format: "ascii" | "unicode" | "latex"): string => print(expr, { format, functions: library.functions, shapeKnown: true });
    return { ascii: text("ascii"), unicode: text("unicode"), latex: text("latex"), expr: exprToJSON(expr) };
  };
  return {
    expr: term(d.expr),
    variable: d.variable.name,
    layout: d.layout,
    result: d.result.name,
    intermediates: d.intermediates.map((n) => ({
      name: n.variable.name,
      expr: term(n.expr),
      given: n.given,
      ...(n.index === undefined ? {} : { index: { name: n.index.name, range: n.index.range.key } }),
    })),
    steps: d.steps.map((step) => stepToJSON(step, term)),
    answer: term(d.answer),
    ...(d.cases === undefined ? {} : { cases: term(d.cases) }),
  };
}

function stepToJSON(step: Step, term: (e: Expr) => TermJSON): StepJSON {
  const { kind, layout, rules, note, differential, index } = step;
  return {
    kind,
    of: term(step.of),
    wrt: term(step.wrt),
    via: step.via.map(term),
    is: term(step.is),
    layout,
    rules,
    ...(step.chain === undefined ? {} : { chain: step.chain.map((path) => path.map((l) => ({ of: term(l.of), wrt: term(l.wrt), is: term(l.is) }))) }),
    ...(step.cases === undefined ? {} : { cases: term(step.cases) }),
    ...(step.names === undefined ? {} : { names: step.names.map((v) => v.name) }),
    ...(step.symbols === undefined
      ? {}
      : { symbols: step.symbols.map((x) => ({ name: x.variable.name, of: term(x.of), is: term(x.is), ...(x.wrt === undefined ? {} : { wrt: term(x.wrt) }) })) }),
    ...(differential === undefined ? {} : { differential }),
    ...(index === undefined ? {} : { index: { name: index.name, range: index.range.key } }),
    ...(note === undefined ? {} : { note }),
  };
}
