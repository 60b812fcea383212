// Answers: a question in, the derivative out, as a term, as text in three formats and as
// plain data, with everything a reader must know to use it.
//
// Invariants: pure; the same question has the same answer whatever was asked before. What
// is not differentiable by nabla is refused with a reason, never answered by zero. Whether
// an answer is right is not decided here (verify.ts).

import { fail } from "../base/diagnostic.ts";
import { differentiate as differentiateTerm, readArranged } from "../calculus/differentiate.ts";
import { arrange, type Layout } from "../calculus/layout.ts";
import type { Target } from "../elaborate/target.ts";
import { apply, neg } from "../expr/build.ts";
import { type Expr, type Index, variables } from "../expr/expr.ts";
import { type ExprJSON, exprToJSON } from "../expr/json.ts";
import { countOperations } from "../expr/operations.ts";
import { isScalarShape, type Shape, scalarShape, shapeOf, shapeText } from "../expr/shape.ts";
import { type Format, print } from "../print/print.ts";
import { negateTensor } from "../tensor/algebra.ts";
import { toTensor } from "../tensor/convert.ts";
import { einsum } from "../tensor/product.ts";
import { applyGuards } from "../tensor/simplify.ts";
import { type Slot, shapeAxes, type Tensor } from "../tensor/tensor.ts";
import { type Condition, conditionsOf } from "./conditions.ts";
import { answering, type Expression, type Question, type Refusal, type Stated, state, substitute } from "./question.ts";

/** Rows and columns as texts: `["1", "n"]`. */
export type ShapeTexts = readonly [rows: string, cols: string];

/** A term with its texts. `JSON.stringify` gives `TermJSON`. */
export interface Written {
  readonly ok: true;
  readonly expr: Expr;
  readonly shape: ShapeTexts;
  /** Text that the parser and MATLAB-style tools read. */
  readonly ascii: string;
  /** Text for people, which the parser reads as well. */
  readonly unicode: string;
  readonly latex: string;
  /** What was assumed beyond what is declared, as sentences. */
  readonly assumptions: readonly string[];
}

/** A derivative. `JSON.stringify` gives its texts and the term as `ExprJSON`. */
export interface Answer extends Written {
  /** The layout of the answer; a derivative of more than two axes is in vec form whatever was asked. */
  readonly layout: Layout;
  readonly order: 1 | 2;
  /** What was differentiated, as written. */
  readonly of: Expr;
  /** What it was differentiated by. */
  readonly wrt: string;
  /** Where the answer holds. */
  readonly conditions: readonly Condition[];
  toJSON(): AnswerJSON;
}

/** An answer as plain data. */
export interface AnswerJSON extends Omit<Answer, "expr" | "of" | "toJSON"> {
  readonly expr: ExprJSON;
  readonly of: ExprJSON;
}

/** Which derivative is asked for: any in a layout, or one that only numbers have. */
export type Kind = "derivative" | "gradient" | "hessian";

/** Answers by several variables to one question, with its typed terms. */
export interface Solved {
  readonly ok: true;
  readonly stated: Stated;
  readonly parts: readonly { readonly target: Target; readonly answer: Answer }[];
}

export interface Choice {
  readonly layout?: Layout;
  readonly order?: 1 | 2;
  /** Whether an answer may use the names of definitions; it may unless stated. */
  readonly names?: boolean;
}

/** The derivatives of one expression by each of several variables; without any, by the only one there is. */
export function solve(expression: Expression, wrt: readonly string[], kind: Kind, choice: Choice = {}): Solved | Refusal {
  return answering(expression, (library) => {
    const stated = state(expression, wrt, library);
    if (kind !== "derivative") requireNumber(stated, kind === "gradient" ? "gradient" : "Hessian");
    const layout = kind === "gradient" ? "mixed" : (choice.layout ?? "numerator");
    const order = kind === "hessian" ? 2 : (choice.order ?? 1);
    return {
      ok: true,
      stated,
      parts: targetsOf(stated).map((target) => ({ target, answer: answerTo(stated, target, layout, order, choice.names) })),
    };
  });
}

const only = (solved: Solved | Refusal): Answer | Refusal => (solved.ok ? (solved.parts[0] as Solved["parts"][number]).answer : solved);
const named = (question: { readonly wrt?: string }): string[] => (question.wrt === undefined ? [] : [question.wrt]);

/**
 * The derivative ∂expr/∂wrt in closed form, in numerator layout unless another is asked
 * for. With order 2 the Hessian ∂²f/∂vec(x)∂vec(x)ᵀ of a number.
 */
export const differentiate = (question: Question): Answer | Refusal => only(solve(question, named(question), "derivative", question));

/** The gradient of a number, in the shape of the variable. Refuses what is not a number. */
export const gradient = (question: Omit<Question, "layout" | "order">): Answer | Refusal =>
  only(solve(question, named(question), "gradient"));

/** The Hessian of a number: n×n for a vector, mn×mn over vec(X) for an m×n matrix. Refuses what is not a number. */
export const hessian = (question: Omit<Question, "layout" | "order">): Answer | Refusal =>
  only(solve(question, named(question), "hessian"));

/** What is differentiated by: as asked, or the only variable there is. */
export function targetsOf(stated: Stated): readonly Target[] {
  if (stated.targets.length > 0) return stated.targets;
  const [variable, ...others] = stated.variables;
  if (variable !== undefined && others.length === 0) return [{ variable }];
  const span = { start: 0, end: stated.source.length };
  return variable === undefined
    ? fail("declaration", "there is no variable to differentiate by", span)
    : fail("declaration", `by which variable: ${stated.variables.map((v) => v.name).join(", ")}?`, span, { fix: `--wrt ${variable.name}` });
}

/** The shortest matrix notation of an expression. */
export function simplify(expression: Expression): Written | Refusal {
  return answering(expression, (library) => {
    const stated = state(expression, [], library);
    const expr = read(applyGuards(toTensor(stated.expr, { find: library.find })), stated.expr.shape, stated);
    return { ok: true, ...written(expr, stated), assumptions: stated.assumptions };
  });
}

/** Refuses an expression that is not a number; a Jacobian is what `diff` answers. */
function requireNumber(stated: Stated, what: "gradient" | "Hessian"): void {
  if (isScalarShape(stated.expr.shape)) return;
  const span = { start: 0, end: stated.source.length };
  fail("shape", `a ${what} belongs to a number, and this is ${shapeText(stated.expr.shape)}`, span, {
    fix: what === "gradient" ? "diff gives the Jacobian; sum(…) or norm2(…)^2 makes a number" : "sum(…) or norm2(…)^2 makes a number",
  });
}

/** The answer to a stated question. Throws an InputError where there is none. */
export function answerTo(stated: Stated, target: Target, layout: Layout, order: 1 | 2, fold = true): Answer {
  const { library } = stated;
  const names = stated.variables.map((v) => v.name);
  const { variable, at } = target;
  const derivative = differentiateTerm(stated.expr, variable, { library, layout, order, names });
  const full = at === undefined ? derivative.expr : partial(stated, derivative.tensor, target, layout, order, names);
  const expr = fold ? foldNames(full, stated) : full;
  const axes = shapeAxes(stated.expr.shape).length + (at === undefined ? shapeAxes(variable.shape).length : 0);
  const answer: Answer = {
    ok: true,
    ...written(expr, stated),
    layout: order === 1 && axes > 2 ? "vec" : layout,
    order,
    of: stated.written,
    wrt: targetName(target),
    assumptions: stated.assumptions,
    conditions: conditionsOf(stated.expr, variable.name, library),
    toJSON: () => {
      const { expr: term, of, toJSON: _, ...rest } = answer;
      return { ...rest, expr: exprToJSON(term), of: exprToJSON(of) };
    },
  };
  return answer;
}

/** `w`, `x[2]`, `X[i,:]`. */
export function targetName({ variable, at }: Target): string {
  if (at === undefined) return variable.name;
  const text = (i: Index): string => (i.kind === "position" ? i.at.key : i.kind === "bound" ? i.name : ":");
  const wanted = isScalarShape({ ...variable.shape, rows: shapeOf(1).rows }) ? [at[0]] : at;
  return `${variable.name}[${wanted.map(text).join(",")}]`;
}

// The derivative by one entry: that by the whole variable, met with unit vectors.
function partial(stated: Stated, tensor: Tensor, { variable, at }: Target, layout: Layout, order: 1 | 2, names: readonly string[]): Expr {
  const sides = [variable.shape.rows, variable.shape.cols];
  const indices = (at ?? []).flatMap((index, i) => {
    const dim = sides[i] as Shape["rows"];
    if (dim.key === "1") return [];
    if (index.kind !== "position")
      return fail("unsupported", "a derivative by a part of a variable is by one entry", { start: 0, end: 0 }, { fix: "x[2], X[1,2]" });
    return [toTensor(apply("unit", [], [dim, index.at]), { find: stated.library.find })];
  });
  const own = tensor.axes.length - order * indices.length;
  const contracted: [Tensor, Slot[]][] = [];
  for (let copy = 0; copy < order; copy++)
    indices.forEach((unit, i) => {
      contracted.push([unit, [own + copy * indices.length + i]]);
    });
  const slots = tensor.axes.map((_, i) => i);
  const result = einsum(tensor.axes.slice(0, own), [[tensor, slots], ...contracted]);
  return readArranged(result, arrange(stated.expr.shape, scalarShape(), layout), stated.library, names);
}

// Parts of an answer that the user has a name for, and has used it, are called by it
// where that is shorter. With the name an unknown like any other, the answer is read anew.
function foldNames(expr: Expr, stated: Stated): Expr {
  const { definitions, library } = stated;
  const used = new Set<Expr>(variables(stated.written));
  const names = new Map<Expr, Expr>();
  for (const { variable, expr: body } of definitions) {
    if (!used.has(variable) || countOperations(body) === 0) continue;
    const tensor = applyGuards(toTensor(body, { find: library.find }));
    names.set(read(negateTensor(tensor), body.shape, stated), neg(variable));
    names.set(read(tensor, body.shape, stated), variable);
    names.set(body, variable);
  }
  const folded = substitute(expr, names, library.functions);
  if (folded === expr) return expr;
  const again = read(applyGuards(toTensor(folded, { find: library.find })), folded.shape, stated);
  return [again, folded, expr].reduce((best, e) => (countOperations(e) < countOperations(best) ? e : best));
}

// A tensor that has the axes of a shape, as a term of that shape.
const read = (tensor: Tensor, shape: Shape, { library, variables: all }: Stated): Expr =>
  readArranged(
    tensor,
    arrange(shape, scalarShape(), "numerator"),
    library,
    all.map((v) => v.name),
  );

/** Operations of the longest answer that is written out; its text has some ten times as many characters. */
const MOST_OPERATIONS = 200_000;

/** The texts of a term. Throws an InputError where they would be too long to be of use. */
export function written(
  expr: Expr,
  { library, variables, definitions }: Stated,
): Pick<Written, "expr" | "shape" | "ascii" | "unicode" | "latex"> {
  const operations = countOperations(expr);
  if (operations > MOST_OPERATIONS)
    fail("limit", `written out, the answer has ${operations} operations; ${MOST_OPERATIONS} are the most that nabla writes`, {
      start: 0,
      end: 0,
    });
  const taken = [...variables, ...definitions.map((d) => d.variable)].map((v) => v.name);
  const text = (format: Format, shapeKnown: boolean): string => print(expr, { format, functions: library.functions, shapeKnown, taken });
  return {
    expr,
    shape: [expr.shape.rows.key, expr.shape.cols.key],
    ascii: text("ascii", false),
    unicode: text("unicode", true),
    latex: text("latex", true),
  };
}
