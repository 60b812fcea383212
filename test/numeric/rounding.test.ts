// What a perturbed oracle shows: digits that are lost where terms cancel or are absorbed, and
// numbers that underflow; whole matrices keep their symmetry and their zeros.

import { describe, expect, it } from "vitest";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

const numeric = await loadNumeric();
const { functions, definition } = standardLibrary();

/** How far a perturbation moves the value of a text of a number x, the larger of both. */
function moved(text: string, x: number): number {
  const read = elaborate({ text, vars: { x: [] }, dims: [], attrs: {}, functions });
  if (!read.ok) throw new Error(text);
  const value = { rows: 1, cols: 1, data: Float64Array.of(x) };
  const point = { sizes: new Map([["n", 3]]), values: new Map([["x", value]]), seed: 1 };
  const of = (by: typeof numeric): number => by.evaluate(read.problem.expr, point, definition).data[0] as number;
  return Math.max(...([0, 1] as const).map((turn) => Math.abs(of(numeric.perturbed(turn)) - of(numeric))));
}

describe("a perturbed oracle", () => {
  it("moves a value in its last ten bits", () => {
    expect(moved("exp(x)", 1)).toBeGreaterThan(1e-14);
    expect(moved("exp(x)", 1)).toBeLessThan(1e-12);
  });

  it("shows what is lost where numbers are absorbed or cancel", () => {
    expect(moved("log(1+exp(x))", -50)).toBeGreaterThan(1e-14);
    expect(moved("cosh(x)^2 - sinh(x)^2", 42)).toBeGreaterThan(1);
    expect(moved("1 - tanh(x)^2", 50)).toBeGreaterThan(1e-14);
  });

  it("has no value where a number underflows", () => {
    expect(moved("log(exp(-x^2))", 27)).toBeNaN();
    expect(moved("exp(x)", -800)).toBeNaN();
  });

  it("keeps zeros that a structure has", () => {
    expect(moved("sum(tril(ones(n,n)))*x", 1)).toBeLessThan(1e-11);
  });
});
