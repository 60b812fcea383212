// The texts of the kernels that generated JavaScript carries are those of the kernels that the
// interpreter runs, and a kernel that has no text is noticed.

import { expect, it } from "vitest";
import { staleFiles } from "../../generated.ts";
import { GENERATED, kernelsOf } from "../../kernels/compile.ts";
import * as kernels from "../../kernels/kernels.ts";
import { KERNEL_TEXTS } from "../../src/codegen/generated/kernels.ts";

it("the texts of the kernels are up to date (npm run kernels)", () => {
  expect([...GENERATED.files().keys()]).toEqual(["src/codegen/generated/kernels.ts"]);
  expect(staleFiles(GENERATED)).toEqual([]);
});

it("every kernel has a text", () => {
  expect(Object.keys(KERNEL_TEXTS).sort()).toEqual(Object.keys(kernels).sort());
});

it("a kernel that the compiler would leave out is an error", () => {
  expect(() => kernelsOf("export function half(x: number): number {\n  return x / 2;\n}\n")).toThrow("half");
});

it("inverses from factors undo the matrix", () => {
  for (const n of [1, 2, 3, 7, 20]) {
    const A = Float64Array.from({ length: n * n }, (_, i) => Math.sin(i * i + n) + (i % (n + 1) === 0 ? 2 : 0));
    const S = kernels.gramian(A, n, n);
    const pairs = [
      [kernels.luInverse(kernels.luFactors(A, n), n), A],
      [kernels.choleskyInverse(kernels.choleskyFactor(S, n), n), S],
    ] as const;
    for (const [inverse, of] of pairs) {
      const unit = kernels.matrixMatrix(inverse, of, n, n, n);
      expect(Math.max(...unit.map((x, i) => Math.abs(x - (i % (n + 1) === 0 ? 1 : 0))))).toBeLessThan(1e-9);
    }
  }
});

it("a singular matrix has determinant 0", () => {
  for (const rows of [
    [0, 1, 0, 2],
    [0, 0, 0, 0],
    [1, 2, 3, 2, 4, 6, 3, 6, 9],
    [0, 1, 0, 0, 0, 1, 0, 0, 0],
  ]) {
    const n = Math.sqrt(rows.length);
    expect(kernels.luDeterminant(kernels.luFactors(Float64Array.from(rows), n), n)).toBe(0);
  }
});

it("a matrix of lower rank has a pseudoinverse", () => {
  expect([...kernels.pseudoInverse(new Float64Array(6), 2, 3)]).toEqual([0, 0, 0, 0, 0, 0]);
  const sizes = [
    [3, 3, 2],
    [5, 3, 2],
    [3, 5, 1],
    [4, 4, 4],
  ] as const;
  for (const [m, n, rank] of sizes) {
    const [B, C] = [m * rank, rank * n].map((length) => Float64Array.from({ length }, (_, i) => Math.sin(i * i + length))) as [
      Float64Array,
      Float64Array,
    ];
    const A = kernels.matrixMatrix(B, C, m, rank, n);
    const P = kernels.pseudoInverse(A, m, n);
    const [AP, PA] = [kernels.matrixMatrix(A, P, m, n, m), kernels.matrixMatrix(P, A, n, m, n)];
    // The four equations of Penrose.
    for (const [left, right] of [
      [kernels.matrixMatrix(AP, A, m, m, n), A],
      [kernels.matrixMatrix(PA, P, n, n, m), P],
      [kernels.transposed(AP, m, m), AP],
      [kernels.transposed(PA, n, n), PA],
    ] as const)
      left.forEach((x, k) => {
        expect(x).toBeCloseTo(right[k] as number, 10);
      });
  }
});
