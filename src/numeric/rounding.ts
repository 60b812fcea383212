// The same calculations in shorter words: how far rounding errors move a value is seen by
// making all of them larger. (The idea of CESTAC, Vignes 1993, with one fixed rounding in
// place of random ones, so that results stay reproducible.)
//
// Invariant: numbers of few digits, 0 and 1 among them, stay what they are.

import type { OperatorName } from "../expr/operators.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { type Matrix, map } from "./matrix.ts";

/** How many times larger rounding errors are. */
const COARSER = 1024;

/** Operators whose results are rounded; all others put entries where they belong. */
const ROUNDED: readonly OperatorName[] = ["add", "mul", "div", "pow", "hadamard", "hdiv", "hpow", "sum", "tr", "dot", "kron"];

/** An arithmetic whose results have ten bits fewer. */
export function coarsened(fine: Arithmetic): Arithmetic {
  const rounding = <K extends { readonly value: (...given: never[]) => Matrix }>(kernel: K): K => ({
    ...kernel,
    value: (...given: Parameters<K["value"]>) => map(kernel.value(...given), coarse),
  });
  return {
    ...fine,
    operators: { ...fine.operators, ...Object.fromEntries(ROUNDED.map((op) => [op, rounding(fine.operators[op])])) },
    functions: new Map([...fine.functions].map(([name, kernel]) => [name, rounding(kernel)])),
    plus: (a, b) => map(fine.plus(a, b), coarse),
  };
}

/** The leading 43 bits of a number (Dekker 1971, splitting by one multiplication). */
export function coarse(x: number): number {
  const c = (COARSER + 1) * x;
  const head = c - (c - x);
  return Number.isFinite(head) ? head : x;
}
