// A point: numbers for the sizes and values for the variables of a term.
//
// Invariant: a program is given copies; a point is never written to.

import { invariant } from "../base/assert.ts";
import { NumericError } from "./context.ts";
import { type Matrix, matrix, sizes } from "./matrix.ts";
import type { Program } from "./program.ts";

/** Where a term is evaluated. Functions without a body are realised from `seed`. */
export interface Point {
  readonly sizes: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, Matrix>;
  readonly seed?: number;
}

/** Copies a point's values into a program. Throws a NumericError where a value is missing or of another size. */
export function load(program: Program, point: Point): void {
  program.seed = point.seed ?? 1;
  for (const [name, input] of program.inputs) {
    const given = point.values.get(name);
    if (given === undefined) throw new NumericError("value", name, `${name} has no value`);
    if (given.rows !== input.rows || given.cols !== input.cols) {
      throw new NumericError("size", name, `${name} is ${sizes(input)} but its value is ${sizes(given)}`);
    }
    input.data.set(given.data);
  }
}

/** A copy of a value, to be changed entry by entry. */
export function copyOf(a: Matrix): Matrix {
  invariant(a.data.length === a.rows * a.cols, `a ${sizes(a)} matrix with ${a.data.length} entries`);
  return matrix(a.rows, a.cols, a.data.slice());
}
