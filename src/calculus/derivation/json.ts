// A derivation as plain data: every term as text in three formats and as a tree that
// exprFromJSON reads back.
//
// Invariant: every term has its texts and its tree; a name is its text.

import { optional } from "../../base/optional.ts";
import type { Layout } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import { type ExprJSON, exprToJSON } from "../../expr/json.ts";
import { print } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import type { Backpropagation, VariableGradient } from "./backpropagation.ts";
import type { Derivation, Intermediate, RuleReference, Step, StepKind } from "./model.ts";

/** A term as text and as a tree. */
export interface TermJSON {
  readonly ascii: string;
  readonly unicode: string;
  readonly latex: string;
  readonly expr: ExprJSON;
}

/** A `Step` as data. */
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

/** An `Intermediate` as data. */
export interface IntermediateJSON {
  readonly name: string;
  readonly expr: TermJSON;
  readonly given: boolean;
  readonly index?: { readonly name: string; readonly range: string };
}

/** A `Derivation` as data. */
export interface DerivationJSON {
  readonly expr: TermJSON;
  readonly variable: string;
  readonly layout: Layout;
  readonly result: string;
  readonly intermediates: readonly IntermediateJSON[];
  readonly steps: readonly StepJSON[];
  readonly answer: TermJSON;
  readonly cases?: TermJSON;
}

const termWriter =
  (library: Library) =>
  (expr: Expr): TermJSON => {
    const text = (format: "ascii" | "unicode" | "latex"): string => print(expr, { format, functions: library.functions, shapeKnown: true });
    return { ascii: text("ascii"), unicode: text("unicode"), latex: text("latex"), expr: exprToJSON(expr) };
  };

const intermediateToJSON = (n: Intermediate, term: (e: Expr) => TermJSON): IntermediateJSON => ({
  name: n.variable.name,
  expr: term(n.expr),
  given: n.given,
  ...(n.index === undefined ? {} : { index: { name: n.index.name, range: n.index.range.key } }),
});

/** The derivation as JSON data. */
export function derivationToJSON(d: Derivation, library: Library): DerivationJSON {
  const term = termWriter(library);
  return {
    expr: term(d.expr),
    variable: d.variable.name,
    layout: d.layout,
    result: d.result.name,
    intermediates: d.intermediates.map((n) => intermediateToJSON(n, term)),
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
    ...(step.chain === undefined
      ? {}
      : { chain: step.chain.map((path) => path.map((l) => ({ of: term(l.of), wrt: term(l.wrt), is: term(l.is) }))) }),
    ...(step.cases === undefined ? {} : { cases: term(step.cases) }),
    ...(step.names === undefined ? {} : { names: step.names.map((v) => v.name) }),
    ...(step.symbols === undefined
      ? {}
      : {
          symbols: step.symbols.map((x) => ({
            name: x.variable.name,
            of: term(x.of),
            is: term(x.is),
            ...(x.wrt === undefined ? {} : { wrt: term(x.wrt) }),
          })),
        }),
    ...optional({ differential }),
    ...(index === undefined ? {} : { index: { name: index.name, range: index.range.key } }),
    ...optional({ note }),
  };
}

/** A `VariableGradient` as data. */
export interface GradientJSON {
  readonly variable: string;
  readonly contributions: readonly { readonly from: string; readonly is: TermJSON }[];
  readonly inNames: TermJSON;
  readonly is: TermJSON;
}

/** A `Backpropagation` as data. */
export interface BackpropagationJSON {
  readonly expr: TermJSON;
  readonly result: string;
  readonly forward: readonly IntermediateJSON[];
  readonly backward: readonly {
    readonly node: string;
    readonly upstream: TermJSON;
    readonly downstream: readonly {
      readonly operand: string;
      readonly local?: TermJSON;
      readonly is: TermJSON;
      readonly rules: readonly RuleReference[];
    }[];
  }[];
  readonly gradients: readonly GradientJSON[];
  readonly shared: readonly GradientJSON[];
}

/** Forward and backward pass as JSON data. */
export function backpropagationToJSON(b: Backpropagation, library: Library): BackpropagationJSON {
  const term = termWriter(library);
  const gradient = (g: VariableGradient): GradientJSON => ({
    variable: g.variable.name,
    contributions: g.contributions.map((c) => ({ from: c.from.name, is: term(c.is) })),
    inNames: term(g.inNames),
    is: term(g.is),
  });
  return {
    expr: term(b.expr),
    result: b.result.name,
    forward: b.forward.map((n) => intermediateToJSON(n, term)),
    backward: b.backward.map((n) => ({
      node: n.node.name,
      upstream: term(n.upstream),
      downstream: n.downstream.map((d) => ({
        operand: d.operand.name,
        ...(d.local === undefined ? {} : { local: term(d.local) }),
        is: term(d.is),
        rules: d.rules,
      })),
    })),
    gradients: b.gradients.map(gradient),
    shared: b.shared.map(gradient),
  };
}
