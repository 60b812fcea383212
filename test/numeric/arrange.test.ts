// The shape of a derivative in every layout, for every pair of shapes.

import { describe, expect, it } from "vitest";
import { LAYOUTS, type Layout } from "../../src/expr/conventions.ts";
import { type Shape, shapeOf } from "../../src/expr/shape.ts";
import { arrange, symmetrize } from "../../src/numeric/arrange.ts";
import type { NumericDerivative } from "../../src/numeric/jacobian.ts";
import { fromRows, generate, matrix, sizes, toRows } from "../../src/numeric/matrix.ts";

const M = 2;
const N = 3;
const P = 5;
const Q = 4;

const derivativeOf = (rows: number, cols: number, byRows: number, byCols: number): NumericDerivative => {
  const m = generate(rows * cols, byRows * byCols, (i, j) => 100 * i + j);
  return { value: matrix(rows, cols), rows: byRows, cols: byCols, matrix: m, error: m };
};

// biome-ignore format: a table is read by columns
const SHAPES: readonly (readonly [title: string, of: Shape, by: Shape, expected: Readonly<Record<Layout, string>>])[] = [
  ["number by number",  shapeOf(1),        shapeOf(1),        { numerator: "1×1", denominator: "1×1", mixed: "1×1", vec: "1×1" }],
  ["number by vector",  shapeOf(1),        shapeOf("n"),      { numerator: "1×3", denominator: "3×1", mixed: "3×1", vec: "1×3" }],
  ["number by row",     shapeOf(1),        shapeOf(1, "n"),   { numerator: "3×1", denominator: "1×3", mixed: "1×3", vec: "1×3" }],
  ["number by matrix",  shapeOf(1),        shapeOf("p", "q"), { numerator: "4×5", denominator: "5×4", mixed: "5×4", vec: "1×20" }],
  ["vector by number",  shapeOf("m"),      shapeOf(1),        { numerator: "2×1", denominator: "1×2", mixed: "2×1", vec: "2×1" }],
  ["row by number",     shapeOf(1, "m"),   shapeOf(1),        { numerator: "1×2", denominator: "2×1", mixed: "1×2", vec: "2×1" }],
  ["matrix by number",  shapeOf("p", "q"), shapeOf(1),        { numerator: "5×4", denominator: "4×5", mixed: "5×4", vec: "20×1" }],
  ["vector by vector",  shapeOf("m"),      shapeOf("n"),      { numerator: "2×3", denominator: "3×2", mixed: "2×3", vec: "2×3" }],
  ["row by vector",     shapeOf(1, "m"),   shapeOf("n"),      { numerator: "2×3", denominator: "3×2", mixed: "2×3", vec: "2×3" }],
  ["vector by row",     shapeOf("m"),      shapeOf(1, "n"),   { numerator: "2×3", denominator: "3×2", mixed: "2×3", vec: "2×3" }],
  ["vector by matrix",  shapeOf("m"),      shapeOf("p", "q"), { numerator: "2×20", denominator: "2×20", mixed: "2×20", vec: "2×20" }],
  ["matrix by vector",  shapeOf("p", "q"), shapeOf("n"),      { numerator: "20×3", denominator: "20×3", mixed: "20×3", vec: "20×3" }],
  ["matrix by matrix",  shapeOf("p", "q"), shapeOf("p", "q"), { numerator: "20×20", denominator: "20×20", mixed: "20×20", vec: "20×20" }],
];
const VALUES: Readonly<Record<string, number>> = { 1: 1, m: M, n: N, p: P, q: Q };
const sizeOf = (key: string): number => VALUES[key] as number;

describe("layouts", () => {
  for (const [title, of, by, expected] of SHAPES) {
    it(`${title}: ${LAYOUTS.map((l) => `${l} ${expected[l]}`).join(", ")}`, () => {
      const derivative = derivativeOf(sizeOf(of.rows.key), sizeOf(of.cols.key), sizeOf(by.rows.key), sizeOf(by.cols.key));
      for (const layout of LAYOUTS) expect(sizes(arrange(derivative, 1, layout, of, by).values), layout).toBe(expected[layout]);
    });
  }

  it("the gradient by a matrix has ∂/∂X[i,j] at i, j, transposed in numerator layout", () => {
    const derivative = derivativeOf(1, 1, 2, 3);
    expect(toRows(arrange(derivative, 1, "mixed", shapeOf(1), shapeOf("m", "n")).values)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect(toRows(arrange(derivative, 1, "numerator", shapeOf(1), shapeOf("m", "n")).values)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it("a shape is judged by its symbols, not by the sample: n×1 stays a vector where n = 1", () => {
    const derivative = derivativeOf(2, 1, 1, 1);
    expect(sizes(arrange(derivative, 1, "denominator", shapeOf("m"), shapeOf("n")).values)).toBe("1×2");
    expect(sizes(arrange(derivativeOf(1, 1, 1, 3), 1, "numerator", shapeOf("k"), shapeOf("m", "n")).values)).toBe("1×3");
  });

  it("a Hessian is the same in every layout", () => {
    const hessian: NumericDerivative = {
      value: matrix(1, 1),
      rows: 3,
      cols: 1,
      matrix: generate(3, 3, (i, j) => i + j),
      error: matrix(3, 3),
    };
    for (const layout of LAYOUTS) expect(arrange(hessian, 2, layout, shapeOf(1), shapeOf("n")).values).toBe(hessian.matrix);
  });
});

describe("conventions for a symmetric variable", () => {
  const G = fromRows([
    [1, 2],
    [6, 5],
  ]);
  const derivative: NumericDerivative = { value: matrix(1, 1), rows: 2, cols: 2, matrix: matrix(1, 4, G.data), error: matrix(1, 4) };
  const gradient = (symmetry: "free" | "symmetric" | "entries"): number[][] =>
    toRows(arrange(symmetrize(derivative, symmetry), 1, "mixed", shapeOf(1), shapeOf("n", "n")).values);

  it("free is G, symmetric (G + Gᵀ)/2, entries G + Gᵀ − diag(G)", () => {
    expect(gradient("free")).toEqual([
      [1, 2],
      [6, 5],
    ]);
    expect(gradient("symmetric")).toEqual([
      [1, 4],
      [4, 5],
    ]);
    expect(gradient("entries")).toEqual([
      [1, 8],
      [8, 5],
    ]);
  });
});
