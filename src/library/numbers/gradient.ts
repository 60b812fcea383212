// Gradients of code: a function and its gradient as numbers against difference quotients, with the
// table that shows how their errors shrink.
//
// Invariant: what is compared with is values of the function alone. Not here: gradients of expressions
// at data (gradientAt.ts).

import { compareGradient, type GradientOptions, type GradientReport, type Values } from "../../check/gradient.ts";
import type { Complex } from "../../numeric/complex.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { type DataValue, toMatrix } from "./data.ts";

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
 *
 * @example
 * ```ts
 * import { checkGradient } from "nabla";
 *
 * const report = checkGradient((x: readonly number[]) => x[0] ** 2 * x[1], [6, 1], [1, 3]);
 * console.log(report.verdict); // agrees
 * ```
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
