// The texts of the kernels that generated JavaScript carries are those of the kernels that the
// interpreter runs, and a kernel that has no text is noticed.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generatedFiles, kernelsOf } from "../../kernels/compile.ts";
import * as kernels from "../../kernels/kernels.ts";
import { KERNEL_TEXTS } from "../../src/codegen/generated/kernels.ts";

it("the texts of the kernels are up to date (npm run kernels)", () => {
  for (const [path, text] of generatedFiles()) expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(text);
});

it("every kernel has a text", () => {
  expect(Object.keys(KERNEL_TEXTS).sort()).toEqual(Object.keys(kernels).sort());
});

it("a kernel that the compiler would leave out is an error", () => {
  expect(() => kernelsOf("export function half(x: number): number {\n  return x / 2;\n}\n")).toThrow("half");
});
