// Sums over pairs i ≠ j, i < j and over all pairs, each worth what its summands add up to: the
// diagonal is taken off by the value that the summand has there, whatever functions it is made of.

import { describe, expect, it } from "vitest";
import { createLibrary, evaluate, parseRules, standardLibrary, standardRules } from "../../src/index.ts";

const W = [
  [5, 1, -2],
  [1, 7, 0.5],
  [2, -3, 4],
];

/** A summand in numbers: of both entries, of m, of W_ij. */
type Summand = (a: number, b: number, m: number, w: number) => number;

// biome-ignore format: a table is read by columns
const SUMMANDS: readonly (readonly [text: string, value: Summand])[] = [
  ["max(0, m + x[j] - x[i])",            (a, b, m) => Math.max(0, m + b - a)],
  ["max(m + x[j] - x[i], 0)",            (a, b, m) => Math.max(0, m + b - a)],
  ["relu(m + x[j] - x[i])",              (a, b, m) => Math.max(0, m + b - a)],
  ["max(0, x[i] + x[j])",                (a, b) => Math.max(0, a + b)],
  ["min(0, -x[i]*x[j])",                 (a, b) => Math.min(0, -a * b)],
  ["max(x[i] - x[j], W[i,j])",           (a, b, _, w) => Math.max(a - b, w)],
  ["min(x[i] - x[j], -1)",               (a, b) => Math.min(a - b, -1)],
  ["max(x[i], x[j])",                    (a, b) => Math.max(a, b)],
  ["hypot(x[i] - x[j], m)",              (a, b, m) => Math.hypot(a - b, m)],
  ["hinge(x[i] - x[j])",                 (a, b) => Math.max(0, 1 - a + b)],
  ["leakyrelu(x[i] - x[j], m)",          (a, b, m) => (a > b ? a - b : m * (a - b))],
  ["abs(x[i] - x[j])",                   (a, b) => Math.abs(a - b)],
  ["max(0, m - abs(x[i] - x[j]))",       (a, b, m) => Math.max(0, m - Math.abs(a - b))],
  ["max(0, m - sqrt((x[i] - x[j])^2))",  (a, b, m) => Math.max(0, m - Math.abs(a - b))],
  ["x[i]*x[j]/max(abs(x[i] - x[j]), m)", (a, b, m) => (a * b) / Math.max(Math.abs(a - b), m)],
  ["exp(-abs(x[i] - x[j])/m)",           (a, b, m) => Math.exp(-Math.abs(a - b) / m)],
];

const RANGES: readonly (readonly [sign: string, isIn: (i: number, j: number) => boolean])[] = [
  ["sum_{i≠j}", (i, j) => i !== j],
  ["sum_{i<j}", (i, j) => i < j],
  ["sum_{i≤j}", (i, j) => i <= j],
  ["sum_i sum_j", () => true],
];

const total = (x: readonly number[], m: number, value: Summand, isIn: (i: number, j: number) => boolean): number =>
  x.reduce((sum, a, i) => x.reduce((part, b, j) => part + (isIn(i, j) ? value(a, b, m, W[i]?.[j] as number) : 0), sum), 0);

const STEP = 1e-5;

describe("sums over pairs", () => {
  const [x, m] = [[1, -2, 0.3], 1.5];
  const asked = { declarations: "x : vector(n); m : scalar; W : matrix(n, n)", at: { x, m, W } };
  for (const [sign, isIn] of RANGES)
    it.each(SUMMANDS)(`${sign} %s, and its derivatives by m and x`, async (text, value) => {
      const expr = `${sign} ${text}`;
      expect(await evaluate({ expr, ...asked })).toMatchObject({ value: expect.closeTo(total(x, m, value, isIn), 9) });
      const slope = (total(x, m + STEP, value, isIn) - total(x, m - STEP, value, isIn)) / (2 * STEP);
      if (text.includes("m")) expect(await evaluate({ expr, wrt: "m", ...asked })).toMatchObject({ value: expect.closeTo(slope, 6) });
      const along = x.map((_, k) => {
        const moved = (h: number): number[] => x.map((a, i) => (i === k ? a + h : a));
        return (total(moved(STEP), m, value, isIn) - total(moved(-STEP), m, value, isIn)) / (2 * STEP);
      });
      expect(await evaluate({ expr, wrt: "x", layout: "mixed", ...asked })).toMatchObject({
        value: along.map((s) => expect.closeTo(s, 6)),
      });
    });

  it("of a function with kinks that is not 0 at 0 have its value", async () => {
    const own = parseRules(
      "function bump : elementwise; kinks\nbump/definition  bump(x) := max(1 - abs(x), 0)",
      standardLibrary().functions,
    );
    const library = createLibrary([standardRules(), own]);
    expect(await evaluate({ expr: "sum_{i≠j} bump(x[i] - x[j])", at: { x: [1, 5, 9] }, library })).toMatchObject({ value: 0 });
    expect(await evaluate({ expr: "sum_i sum_j bump(x[i] - x[j])", at: { x: [1, 5, 9] }, library })).toMatchObject({ value: 3 });
  });
});
