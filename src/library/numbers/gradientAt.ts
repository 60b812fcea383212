// The derivative of an expression at data, in closed form or as values of one's own, against
// difference quotients and the complex step.
//
// Invariant: the quotients know values of the expression alone; a closed form that is checked
// here is checked without any rule.

import { fail } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import { NOWHERE } from "../../base/span.ts";
import { type Arrangement, arrange } from "../../calculus/layout.ts";
import { compareGradient, type Differentiable, type GradientReport } from "../../check/gradient.ts";
import type { Symmetry } from "../../expr/conventions.ts";
import type { Variable } from "../../expr/expr.ts";
import { moved } from "../../numeric/arrange.ts";
import { complexified, evaluateComplex } from "../../numeric/complex.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import type { Numeric } from "../../numeric/numeric.ts";
import { conventionOf, writeDerivative } from "../answer/derivative.ts";
import { answering, type Refusal } from "../question/call.ts";
import { listed } from "../question/question.ts";
import type { Stated } from "../question/state.ts";
import { targetsOf } from "../question/targets.ts";
import { type DataValue, pointAt, toMatrix } from "./data.ts";
import { type Evaluation, isNumericError, statedAtData } from "./evaluate.ts";
import { loadOracle } from "./oracle.ts";

/** The derivative of an expression at data by a variable, with values of one's own to compare instead of the closed form's. */
export interface GradientQuestion extends Omit<Evaluation, "order"> {
  /** In the layout of the question; the closed form where it is left out. */
  readonly gradient?: DataValue;
  /** Relative error up to which values agree; 1e-6 unless stated. */
  readonly tolerance?: number;
}

/** How a gradient at data fared: against the quotients, and against the closed form where values were given. */
export interface GradientAnswer extends GradientReport {
  readonly ok: true;
  /** Relative error of the values given against the closed form. */
  readonly closedForm?: number;
}

/**
 * Compares the derivative of an expression at data, in closed form or as given, with difference
 * quotients and the complex step. Refuses data that do not fit the expression.
 *
 * @example
 * ```ts
 * import { checkGradientAt } from "nabla";
 *
 * const report = await checkGradientAt({ expr: "x'*x", wrt: "x", at: { x: [1, 2] }, gradient: [[2, 2]] });
 * if (report.ok) console.log(report.verdict, report.closedForm); // differs 0.5
 * ```
 */
export async function checkGradientAt(question: GradientQuestion): Promise<GradientAnswer | Refusal> {
  const numeric = await loadOracle();
  return answering(question, (library) => {
    const stated = statedAtData(question, listed(question.wrt), library);
    try {
      return compareAt(numeric, question, stated);
    } catch (error) {
      if (isNumericError(error)) return fail("type", error.message, NOWHERE);
      throw error;
    }
  });
}

function compareAt(numeric: Numeric, question: GradientQuestion, stated: Stated): GradientAnswer {
  const [target] = targetsOf(stated);
  if (target === undefined || target.at !== undefined) return fail("unsupported", "a gradient is checked by a whole variable", NOWHERE);
  const { variable } = target;
  const layout = question.layout ?? "numerator";
  const symmetry = conventionOf([target], question.symmetry ?? "symmetric");
  const written = writeDerivative(stated, [target], layout, symmetry).expr;
  const closed = numeric.evaluate(written, pointAt(question.at, written), stated.library.definition);
  const own = question.gradient === undefined ? closed : toMatrix("the gradient", question.gradient);
  if (own.data.length !== closed.data.length)
    return fail("shape", `the gradient has ${own.data.length} entries, and ${closed.data.length} are expected`, NOWHERE);
  const order = inVecOrder(closed, arrange(stated.expr.shape, variable.shape, layout));
  const { start, ...values } = valuesAround(numeric, question, stated, variable, symmetry);
  const report = compareGradient(
    values,
    order.map((i) => own.data[i] as number),
    start,
    optional({ tolerance: question.tolerance }),
  );
  return { ok: true, ...report, ...(question.gradient === undefined ? {} : { closedForm: relativeGap(own, closed) }) };
}

/** The expression as a function of the entries of a variable, with the entries that it has at the data. */
function valuesAround(
  numeric: Numeric,
  { at }: GradientQuestion,
  { expr, library }: Stated,
  { name }: Variable,
  symmetry: Symmetry | undefined,
): Differentiable & { readonly start: readonly number[] } {
  const point = pointAt(at, expr);
  const own = point.values.get(name) ?? fail("type", `${name} has no value`, NOWHERE);
  const start = [...own.data];
  const value = (x: readonly number[]): number[] => {
    const values = new Map([...point.values, [name, moved(own, x, symmetry)]]);
    return [...numeric.evaluate(expr, { ...point, values }, library.definition).data];
  };
  const complexStep = (x: readonly number[], k: number, step: number): number[] => {
    const values = new Map([...point.values].map(([other, m]) => [other, complexified(m)]));
    const ahead = moved(own, start.with(k, (start[k] as number) + 1), symmetry).data;
    const im = ahead.map((entry, i) => step * (entry - (start[i] as number)));
    values.set(name, { ...complexified(moved(own, x, symmetry)), im });
    return [...evaluateComplex(expr, point.sizes, values, library.definition).im].map((v) => v / step);
  };
  return { start, value, ...(isAnalytic(() => complexStep(start, 0, 1e-8)) ? { complexStep } : {}) };
}

function isAnalytic(attempt: () => readonly number[]): boolean {
  try {
    return attempt().every(Number.isFinite);
  } catch (error) {
    if (isNumericError(error)) return false;
    throw error;
  }
}

/** For every entry of the vec form, the entry of the layout that holds it. */
function inVecOrder({ rows, cols }: Matrix, { rows: down, cols: along }: Arrangement): number[] {
  const axes = [...down, ...along];
  const turned = axes.some((axis, i) => i > 0 && axis < (axes[i - 1] as number));
  return Array.from({ length: rows * cols }, (_, k) => (turned ? Math.floor(k / cols) + rows * (k % cols) : k));
}

/** How far values are from others, relative to the largest of those. */
function relativeGap(own: Matrix, other: Matrix): number {
  const size = Math.max(...other.data.map(Math.abs), 1e-12);
  return Math.max(...other.data.map((x, i) => Math.abs(x - (own.data[i] as number)))) / size;
}
