// A number system that terms can be evaluated in. Programs are written once, against
// this interface; the real numbers are here, the integers modulo a prime in modularArithmetic.ts.

import { type Rational, toNumber } from "../base/rational.ts";
import type { OperatorName } from "../expr/operators.ts";
import type { KernelTable } from "./kernel.ts";
import { type Matrix, plus } from "./matrix.ts";
import { OPERATOR_KERNELS, type OperatorKernel } from "./operators.ts";
import { evaluateUnknown } from "./unknown.ts";

/** What a program asks of numbers. */
export interface Arithmetic {
  readonly number: (value: Rational) => number;
  /** A named constant; undefined for a name without value. */
  readonly constant: (name: string) => number | undefined;
  readonly operators: Readonly<Record<OperatorName, OperatorKernel>>;
  readonly functions: KernelTable;
  /** Stands in for a function that has neither a kernel nor a definition, where the number system allows that. */
  readonly opaque?: (name: string, rows: number, cols: number) => (args: readonly Matrix[], seed: number) => Matrix;
  /** A function without a body. */
  readonly unknown: typeof evaluateUnknown;
  readonly plus: (a: Matrix, b: Matrix) => Matrix;
}

/** Double precision, with the given kernels. */
export const realArithmetic = (functions: KernelTable): Arithmetic => ({
  number: toNumber,
  constant: (name) => (name === "pi" ? Math.PI : undefined),
  operators: OPERATOR_KERNELS,
  functions,
  unknown: evaluateUnknown,
  plus,
});
