// Agreement of numbers up to rounding.

import { expect } from "vitest";
import { fromRows, largest, type Matrix, minus, sizes } from "../../src/numeric/matrix.ts";

/** Fails unless the sizes agree and no entry differs by more than `tolerance` of the largest. */
export function expectClose(actual: Matrix, expected: Matrix | readonly (readonly number[])[], tolerance: number): void {
  const wanted = "data" in expected ? expected : fromRows(expected);
  expect(sizes(actual)).toBe(sizes(wanted));
  expect(actual.data.every(Number.isFinite), `finite: ${[...actual.data]}`).toBe(true);
  const error = largest(minus(actual, wanted)) / Math.max(largest(wanted), 1e-300);
  expect(error, `relative error of ${[...actual.data]} against ${[...wanted.data]}`).toBeLessThanOrEqual(tolerance);
}
