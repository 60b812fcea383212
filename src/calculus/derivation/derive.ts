// A derivation from beginning to end, the way it is done by hand: intermediate variables
// are introduced, each is differentiated, the derivatives are combined, and the names
// are put back. The last line is what `differentiate` answers.
//
// Not here: how the steps are found (chain.ts, differentials.ts, gradients.ts, substitute.ts) and how they are written
// (outline.ts).

import { InputError } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import * as build from "../../expr/build.ts";
import type { Layout } from "../../expr/conventions.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { variables } from "../../expr/expr.ts";
import { isColumnShape, isMatrixShape, isRowShape, isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { differentiate } from "../differentiate.ts";
import { arrange } from "../layout.ts";
import { asCases } from "./cases.ts";
import { chainSteps } from "./chain.ts";
import { CHAIN_RULES, cite, rulesFor } from "./cite.ts";
import { differentialSteps } from "./differentials.ts";
import { recognise } from "./given.ts";
import { gradientSteps } from "./gradients.ts";
import { type GivenDefinition, singleEquation, type Tape } from "./introduce.ts";
import { elementStep, type Setting } from "./local.ts";
import type { Derivation, Step } from "./model.ts";
import { namesInOrder } from "./order.ts";
import { substituteSteps, turnedStep } from "./substitute.ts";
import { type Equations, intermediate, tapeOf } from "./tape.ts";
import { simplify } from "./terms.ts";

/** What a derivation is asked with. */
export interface DeriveOptions {
  readonly library: Library;
  readonly layout?: Layout;
  /** The user's definitions, in order; they become the intermediate variables. */
  readonly definitions?: readonly GivenDefinition[];
  /** Names in the order the user wrote them. */
  readonly names?: readonly string[];
}

/** The derivation of ∂expr/∂variable. Throws a diagnostic where `differentiate` does. */
export function derive(expr: Expr, variable: Variable, options: DeriveOptions): Derivation {
  const { library, layout = "numerator" } = options;
  const found = recognise(expr, options.definitions ?? [], library);
  const names = options.names ?? variables(found.plain).map((v) => v.name);
  const answer = differentiate(found.plain, variable, { library, layout, names }).expr;
  const question = { plain: found.plain, variable, layout, answer, library, names };
  const { tape, steps } = allLines(tapeOf(found, [variable], { library, names }), question);
  const cases = asCases(answer) ?? lastCases(steps);
  return {
    expr: found.plain,
    variable,
    layout,
    result: tape.root.variable,
    intermediates: tape.nodes.map(intermediate),
    steps,
    answer,
    ...optional({ cases }),
  };
}

interface Question {
  readonly plain: Expr;
  readonly variable: Variable;
  readonly layout: Layout;
  readonly answer: Expr;
  readonly library: Library;
  readonly names: readonly string[];
}

/** The lines of the equations; where one of them has no matrix notation, the whole is a single line. */
function allLines(equations: Equations, question: Question): { tape: Tape; steps: Step[] } {
  const { plain, variable, layout, answer, library, names } = question;
  const { tape, rewritten } = equations;
  const settingOf = (t: Tape): Setting => ({ library, names: namesInOrder(t, names), variable, layout: lineLayout(t, variable, layout) });
  try {
    const s = settingOf(tape);
    const start = rewritten ? [rewriteStep(plain, equations.plain, variable, layout)] : [];
    return { tape, steps: [...start, ...body(tape, s, answer, layout), ...entries(equations.plain, tape, s)] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const single = singleEquation(plain, [variable], library);
    const rules = rulesFor(plain, variable, [variable], library);
    return { tape: single, steps: [trivial(single, answer, { ...settingOf(single), layout }, rules)] };
  }
}

const lastCases = (steps: readonly Step[]): Expr | undefined => {
  const last = steps.filter((l) => l.kind === "substitute" || l.kind === "simplify" || l.kind === "combine");
  return last.length === 0 ? undefined : (last[last.length - 1]?.cases ?? last[last.length - 2]?.cases);
};

const rewriteStep = (of: Expr, is: Expr, variable: Variable, layout: Layout): Step => ({
  kind: "rewrite",
  of,
  wrt: variable,
  via: [],
  is,
  layout,
  rules: [],
  note: "in matrix notation",
});

const hasMatrix = (tape: Tape, variable: Variable): boolean =>
  isMatrixShape(variable.shape) || tape.nodes.some((n) => n.operands.length > 0 && isMatrixShape(n.variable.shape));

const hasRow = (tape: Tape, variable: Variable): boolean =>
  isRowShape(variable.shape) || tape.nodes.some((n) => n.operands.length > 0 && isRowShape(n.variable.shape));

/** Rows among the values are treated as the columns they are the transposes of. */
const lineLayout = (tape: Tape, variable: Variable, layout: Layout): Layout =>
  !hasMatrix(tape, variable) && hasRow(tape, variable) ? "vec" : layout;

function body(tape: Tape, s: Setting, answer: Expr, layout: Layout): Step[] {
  const { root } = tape;
  if (root.operands.length === 0) return [trivial(tape, answer, s, cite(s.library, "scalar/constant"))];
  if (root.body === s.variable && tape.nodes.length === 1)
    return [trivial(tape, answer, s, [isScalarShape(s.variable.shape) ? CHAIN_RULES.itself : CHAIN_RULES.identity])];
  // Where matrices are among the values local derivatives have three or four axes: of a number it goes backwards, else forwards.
  if (hasMatrix(tape, s.variable))
    return isScalarShape(root.variable.shape) ? gradientSteps(tape, s, answer) : differentialSteps(tape, s, answer);
  const { steps, symbols } = chainSteps(tape, s);
  const last = steps[steps.length - 1] as Step;
  if (symbols.length > 0) steps[steps.length - 1] = { ...last, symbols };
  if (s.layout === layout) return [...steps, ...substituteSteps(tape, last.is, answer, root.variable, s)];
  const inLayout = differentiateIn(tape, s, layout, answer);
  const turned = inLayout === answer ? [] : [turnedStep(root.variable, answer, { ...s, layout })];
  return [...steps, ...substituteSteps(tape, last.is, inLayout, root.variable, s), ...turned];
}

/** The answer as the lines state it, rows read as columns. */
function differentiateIn(tape: Tape, s: Setting, layout: Layout, answer: Expr): Expr {
  const { variable } = s;
  const shape = tape.root.variable.shape;
  const [own, asked] = [arrange(shape, variable.shape, s.layout), arrange(shape, variable.shape, layout)];
  const same = own.rows.join() === asked.rows.join() && own.cols.join() === asked.cols.join();
  return same ? answer : simplify(build.transpose(answer), s);
}

const trivial = (tape: Tape, answer: Expr, s: Setting, rules: Step["rules"]): Step => ({
  kind: "partial",
  of: tape.root.variable,
  wrt: s.variable,
  via: [],
  is: answer,
  layout: s.layout,
  rules,
});

/** At the end the result entry by entry, where entries stay among themselves. */
function entries(expr: Expr, tape: Tape, s: Setting): Step[] {
  const { variable } = s;
  const inner = isColumnShape(expr.shape) ? expr : summand(expr);
  if (inner === undefined || (inner === expr && tape.nodes.length === 1 && inner !== variable)) return [];
  if (inner === variable) return identityEntries(variable, s);
  const step = elementStep(inner, variable, s);
  return step === undefined ? [] : [{ ...step, kind: "entry" }];
}

function summand(expr: Expr): Expr | undefined {
  if (expr.kind !== "apply") return undefined;
  const [a, b] = expr.args;
  if (expr.op === "sum" && a !== undefined && isColumnShape(a.shape)) return a;
  return expr.op === "dot" && a !== undefined && b !== undefined && isColumnShape(a.shape) && isColumnShape(b.shape)
    ? build.hadamard(a, b)
    : undefined;
}

/** ∂x_i/∂x_i = 1, and ∂x_i/∂x_j = 0 for i ≠ j. */
function identityEntries(variable: Variable, s: Setting): Step[] {
  const range = variable.shape.rows;
  if (!isColumnShape(variable.shape)) return [];
  const at = (name: string): Expr => build.entry(variable, [{ kind: "bound", name, range }, { kind: "all" }]);
  const [i, j] = ["i", "j", "k", "l"].filter((n) => !s.names.includes(n)) as [string, string];
  const line = { kind: "entry" as const, of: at(i), via: [], layout: s.layout, rules: [CHAIN_RULES.identity], index: { name: i, range } };
  return [
    { ...line, wrt: at(i), is: build.num(1) },
    { ...line, wrt: at(j), is: build.num(0), note: `${i} ≠ ${j}` },
  ];
}
