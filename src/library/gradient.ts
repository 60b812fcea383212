// Gradients of code: a function and its gradient as numbers, or an expression with its closed
// form, against difference quotients, with the table that shows how their errors shrink.
//
// Invariant: what is compared with is values alone; a closed form that is checked here is
// checked without any rule.

import { fail } from "../base/diagnostic.ts";
import { type Arrangement, arrange } from "../calculus/layout.ts";
import { compareGradient, type GradientOptions, type GradientReport, type Values } from "../check/gradient.ts";
import type { Symmetry } from "../expr/conventions.ts";
import { type Complex, complexified, evaluateComplex } from "../numeric/complex.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type DataValue, pointAt, toMatrix } from "./data.ts";
import { conventionOf, writeDerivative } from "./derivative.ts";
import { type Evaluation, isNumericError, statedAtData } from "./evaluate.ts";
import { loadOracle } from "./oracle.ts";
import { answering, type Refusal } from "./question.ts";
import { targetsOf } from "./targets.ts";

/** A complex point in the shape of the real one. */
export type ComplexValues = Complex | readonly Complex[] | readonly (readonly Complex[])[];

/** How a gradient is tried. */
export interface GradientChoice extends GradientOptions {
  /** The same function on complex numbers, where it is analytic: adds the complex step. */
  readonly complex?: (x: never) => Complex | readonly Complex[];
}

/**
 * Compares a numeric function's gradient, as a function or as values, with difference
 * quotients at a point: a number, a list, or a list of rows. The gradient of a number has the
 * shape of the point; of a function with several values it is the Jacobian, a row for each.
 * Throws a TypeError where the sizes do not fit.
 */
export function checkGradient<P extends Values>(
  f: (x: P) => Values,
  gradient: Values | ((x: P) => Values),
  point: P,
  options: GradientChoice = {},
): GradientReport {
  const shape = toMatrixOf(point);
  const build = (x: readonly number[]): P => shaped(x, point) as P;
  const value = (x: readonly number[]): number[] => flat(f(build(x)));
  const outputs = value([...shape.data]).length;
  const given = flatColumns(typeof gradient === "function" ? gradient(point) : gradient, outputs);
  if (given.length !== outputs * shape.data.length)
    throw new TypeError(`the gradient has ${given.length} entries, and ${outputs} by ${shape.data.length} are expected`);
  const { complex, ...rest } = options;
  const complexStep =
    complex === undefined
      ? {}
      : {
          complexStep: (x: readonly number[], k: number, step: number): number[] => {
            const z = x.map((re, i): Complex => ({ re, im: i === k ? step : 0 }));
            const result = (complex as (x: unknown) => Complex | readonly Complex[])(shaped(z, point));
            return (Array.isArray(result) ? (result as readonly Complex[]) : [result as Complex]).map((w) => w.im / step);
          },
        };
  return compareGradient({ value, ...complexStep }, given, [...shape.data], rest);
}

const toMatrixOf = (value: Values): Matrix => toMatrix("the point", value as DataValue);

/** Entries column by column, as vec has them. */
function flat(value: Values): number[] {
  return [...toMatrix("the value", value as DataValue).data];
}

/** The gradient of a number entry by entry; a Jacobian column by column. */
function flatColumns(value: Values, outputs: number): number[] {
  if (outputs === 1) return flat(value);
  if (typeof value === "number" || value.some((row) => typeof row === "number"))
    return typeof value === "number" ? [value] : (value as number[]).slice();
  return flat(value);
}

/** A list of entries in the shape of a point. */
function shaped<T>(x: readonly T[], like: Values): T | T[] | T[][] {
  if (typeof like === "number") return x[0] as T;
  const [row] = like;
  if (row === undefined || typeof row === "number") return [...x];
  const rows = like.length;
  return like.map((_, i) => (row as readonly number[]).map((__, j) => x[i + rows * j] as T));
}

/** The derivative of an expression at data by a variable, with values of one's own to compare instead of the closed form's. */
export interface GradientQuestion extends Omit<Evaluation, "order"> {
  /** In the layout of the question; the closed form where it is left out. */
  readonly gradient?: DataValue;
  readonly tolerance?: number;
}

/** How a gradient at data fared: against the quotients, and against the closed form where values were given. */
export interface GradientAnswer extends GradientReport {
  readonly ok: true;
  /** Relative error of the values given against the closed form. */
  readonly closedForm?: number;
}

/** Compares the derivative of an expression at data, in closed form or as given, with difference quotients and the complex step. */
export async function checkGradientAt(question: GradientQuestion): Promise<GradientAnswer | Refusal> {
  const numeric = await loadOracle();
  return answering(question, (library) => {
    const stated = statedAtData(question, question.wrt === undefined ? [] : [question.wrt], library);
    const [target] = targetsOf(stated);
    const nowhere = { start: 0, end: 0 };
    if (target === undefined || target.at !== undefined) return fail("unsupported", "a gradient is checked by a whole variable", nowhere);
    const { variable } = target;
    const definitions = library.definition;
    try {
      const point = pointAt(question.at, stated.expr);
      const start = point.values.get(variable.name) ?? fail("type", `${variable.name} has no value`, nowhere);
      const layout = question.layout ?? "numerator";
      const symmetry = conventionOf([target], question.symmetry ?? "symmetric");
      const written = writeDerivative(stated, [target], layout, symmetry).expr;
      const closed = numeric.evaluate(written, pointAt(question.at, written), definitions);
      const own = question.gradient === undefined ? closed : toMatrix("the gradient", question.gradient);
      if (own.data.length !== closed.data.length)
        return fail("shape", `the gradient has ${own.data.length} entries, and ${closed.data.length} are expected`, nowhere);
      const order = inVecOrder(closed.rows, closed.cols, arrange(stated.expr.shape, variable.shape, layout));
      const sizes = point.sizes;
      const withEntries = (x: readonly number[]): Matrix => moved(start, x, symmetry);
      const complexStep = (x: readonly number[], k: number, step: number): number[] => {
        const values = new Map([...point.values].map(([name, m]) => [name, complexified(m)]));
        const im = moved(
          start,
          start.data.map((entry, i) => (i === k ? entry + 1 : entry)),
          symmetry,
        ).data;
        values.set(variable.name, {
          ...complexified(withEntries(x)),
          im: im.map((entry, i) => step * (entry - (start.data[i] as number))),
        });
        return [...evaluateComplex(stated.expr, sizes, values, definitions).im].map((v) => v / step);
      };
      const analytic = isAnalytic(() => complexStep([...start.data], 0, 1e-8));
      const report = compareGradient(
        {
          value: (x) => [
            ...numeric.evaluate(stated.expr, { ...point, values: new Map([...point.values, [variable.name, withEntries(x)]]) }, definitions)
              .data,
          ],
          ...(analytic ? { complexStep } : {}),
        },
        order.map((i) => own.data[i] as number),
        [...start.data],
        question.tolerance === undefined ? {} : { tolerance: question.tolerance },
      );
      const size = Math.max(...closed.data.map(Math.abs), 1e-12);
      const gap = Math.max(...closed.data.map((x, i) => Math.abs(x - (own.data[i] as number)))) / size;
      return { ok: true, ...report, ...(question.gradient === undefined ? {} : { closedForm: gap }) };
    } catch (error) {
      if (isNumericError(error)) return fail("type", error.message, nowhere);
      throw error;
    }
  });
}

/** A variable with other entries; of a symmetric matrix both of a pair move, by half, or one entry with the other, as its convention has it. */
function moved(start: Matrix, entries: ArrayLike<number>, symmetry: Symmetry | undefined): Matrix {
  const { rows } = start;
  const data = Float64Array.from(entries);
  if (symmetry === undefined || symmetry === "free") return { ...start, data };
  const share = symmetry === "symmetric" ? 1 / 2 : 1;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const [below, above] = [i + rows * j, j + rows * i];
      const move = (k: number): number => (entries[k] as number) - (start.data[k] as number);
      const by = share * (move(below) + move(above));
      data[below] = (start.data[below] as number) + by;
      data[above] = (start.data[above] as number) + by;
    }
  return { ...start, data };
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
function inVecOrder(rows: number, cols: number, { rows: down, cols: along }: Arrangement): number[] {
  const axes = [...down, ...along];
  const turned = axes.some((axis, i) => i > 0 && axis < (axes[i - 1] as number));
  return Array.from({ length: rows * cols }, (_, k) => (turned ? Math.floor(k / cols) + rows * (k % cols) : k));
}
