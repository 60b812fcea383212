// Is every line of a derivation right? Each form of each line is compared with numeric
// differentiation: local derivatives with the intermediate variables as variables of
// their own, all other lines with the definitions put in their place.
//
// Invariant: nothing here looks at how a line was found. A line inside a sum over an
// index is checked for the first value of the index.

import type { Derivation, Step } from "../../src/calculus/derivation/model.ts";
import { expandNames, occurs } from "../../src/calculus/derivation/terms.ts";
import { checkAnswer, checkDifferential, checkEqual } from "../../src/check/answer.ts";
import type { CheckOptions, Verdict } from "../../src/check/compare.ts";
import * as build from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import { type Expr, fold, type Index, type Variable } from "../../src/expr/expr.ts";
import { boundAt } from "../../src/expr/indices.ts";
import { scalarShape } from "../../src/expr/shape.ts";
import type { Numeric } from "../../src/numeric/numeric.ts";
import type { Library } from "../../src/rewrite/library.ts";

/** One form of one line, and whether its value is right. */
export interface CheckedForm {
  /** Place of the step in the derivation. */
  readonly step: number;
  readonly form: Expr;
  readonly verdict: Verdict;
}

/** What was found of the lines of a derivation. */
export interface DerivationVerdict {
  /** Wrong where one form is; undefined where none could be checked. */
  readonly ok: boolean | undefined;
  readonly forms: readonly CheckedForm[];
}

/** Checks all forms of all lines; `library` is the one of the derivation. */
export function checkDerivation(numeric: Numeric, derivation: Derivation, library: Library, options: CheckOptions = {}): DerivationVerdict {
  const checker = createChecker(numeric, derivation, library, { definitions: library.definition, ...options });
  const forms = derivation.steps.flatMap((step, i) =>
    [...step.via, step.is, ...(step.cases === undefined ? [] : [step.cases])].map(
      (form): CheckedForm => ({ step: i, form, verdict: checker(step, form) }),
    ),
  );
  const verdicts = forms.map((f) => f.verdict.ok);
  return { ok: verdicts.includes(false) ? false : verdicts.includes(true) ? true : undefined, forms };
}

type Checker = (step: Step, form: Expr) => Verdict;

function createChecker(numeric: Numeric, derivation: Derivation, library: Library, options: CheckOptions): Checker {
  const bodies = new Map<Expr, Expr>(derivation.intermediates.map((n) => [n.variable, n.expr]));
  const indices = new Map(
    derivation.intermediates.flatMap((n) => (n.index === undefined ? [] : [[n.variable as Expr, n.index.name] as const])),
  );
  const symbols = symbolValues(derivation, library);
  const expandedBy = new Map<Expr | undefined, (e: Expr) => Expr>();
  const expander = (held: Expr | undefined): ((e: Expr) => Expr) => {
    let known = expandedBy.get(held);
    if (known === undefined) {
      known = (e) => expandNames(e, bodies, library, held === undefined ? new Set() : new Set([held]));
      expandedBy.set(held, known);
    }
    return known;
  };
  const at = new Map([...new Set([...indices.values()])].map((name) => [name, 1]));
  const settled = (e: Expr): Expr => (at.size === 0 ? e : atPositions(e, at, library));

  return (step, form) => {
    const claimed = build.substitute(form, symbols, library.functions);
    if (step.kind === "rewrite") return checkEqual(numeric, step.of, claimed, options);
    if (step.kind === "element" || step.kind === "entry") return checkEntry(numeric, step, form, library, options);
    const wrt = step.wrt as Variable;
    const local = step.kind === "partial";
    const expand = expander(bodies.has(wrt) ? wrt : undefined);
    const own = bodies.get(step.of) ?? step.of;
    const index = indices.get(wrt);
    const of =
      index === undefined ? (local ? own : expand(own)) : varied(local ? own : expand(own), wrt, index, expander(undefined), library);
    const answer = local ? claimed : expand(claimed);
    if (step.differential === true) {
      const direction = build.variable(`d${wrt.name}`, wrt.shape);
      return checkDifferential(
        numeric,
        { expr: settled(of), differential: settled(answer), directions: new Map([[wrt, direction]]) },
        options,
      );
    }
    return checkAnswer(numeric, { expr: settled(of), wrt, layout: step.layout, answer: settled(answer) }, options);
  };
}

/** What the derivatives named in lines stand for, with names of names put in. */
function symbolValues(derivation: Derivation, library: Library): Map<Expr, Expr> {
  const values = new Map<Expr, Expr>();
  for (const step of derivation.steps) {
    for (const symbol of step.symbols ?? [])
      if (!values.has(symbol.variable)) values.set(symbol.variable, build.substitute(symbol.is, values, library.functions));
  }
  return values;
}

/** The term with its open indices at fixed positions: one of the equations it stands for. */
export function atPositions(expr: Expr, at: ReadonlyMap<string, number>, library: Library): Expr {
  const settle = (i: Index): Index => {
    const position = i.kind === "bound" ? at.get(i.name) : undefined;
    return position === undefined ? i : { kind: "position", at: dimOf(position) };
  };
  return fold<Expr>(expr, (node, args) => {
    if (node.kind === "indexSum" && at.has(node.index)) return node;
    if (node.kind === "entry") return build.entry(args[0] as Expr, [settle(node.at[0]), settle(node.at[1])]);
    return build.withArgs(node, args, library.functions.find);
  });
}

/** The term where, of all the values that a name takes inside a sum over an index, only the first one is free. */
function varied(expr: Expr, name: Variable, index: string, expand: (e: Expr) => Expr, library: Library): Expr {
  const wanted = new Set<Expr>([name]);
  const first = new Map([[index, 1]]);
  return fold<Expr>(expr, (node, args) => {
    const rebuilt = build.withArgs(node, args, library.functions.find);
    if (node.kind !== "indexSum" || node.index !== index || !occurs(node, wanted)) return rebuilt;
    const body = args[0] as Expr;
    const fixed = expand(body);
    return build.add(
      build.indexSum(node.index, node.range, fixed),
      build.neg(atPositions(fixed, first, library)),
      atPositions(body, first, library),
    );
  });
}

/** A line about single entries: the entry differentiated by becomes a variable of its own. */
function checkEntry(numeric: Numeric, step: Step, form: Expr, library: Library, options: CheckOptions): Verdict {
  const at = new Map<string, number>();
  for (const entry of [step.of, step.wrt]) for (const name of boundNames(entry)) if (!at.has(name)) at.set(name, at.size + 1);
  const free = step.wrt.kind === "var" ? step.wrt : build.variable("the entry", scalarShape());
  const settle = (e: Expr): Expr =>
    build.substitute(atPositions(e, at, library), new Map([[atPositions(step.wrt, at, library), free]]), library.functions);
  return checkAnswer(numeric, { expr: settle(step.of), wrt: free, layout: "numerator", answer: settle(form) }, options);
}

function boundNames(expr: Expr): string[] {
  const out = new Set<string>();
  fold<null>(expr, (node) => {
    if (node.kind === "entry") for (const i of boundAt(node)) out.add(i.name);
    return null;
  });
  return [...out];
}
