// Octave programs that show how its arrays differ from those of other languages: vectors that
// are rows or columns, and diagonal matrices that do not broadcast. Values and derivatives
// against the interpreted plan, and first derivatives against differences.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CodeQuestion, compile, exportCode, type OutputName } from "../../src/index.ts";
import { commandOf, run } from "./interpreters.ts";

const octave = commandOf("octave-cli");
const folder = mkdtempSync(join(tmpdir(), "nabla-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SQUARE = { X: ["n", "n"], y: ["n"] } as const;
const VECTOR = { x: ["n"] } as const;
const FIRST: readonly OutputName[] = ["value", "derivative"];
const ALL: readonly OutputName[] = ["value", "derivative", "hessian"];

/** Where the programs run. */
const POINT: Readonly<Record<string, number | number[] | number[][]>> = {
  X: [
    [1.1, 0.4, -0.7],
    [0.3, -1.2, 0.9],
    [0.8, 0.5, 1.6],
  ],
  Z: [
    [2.1, 0.4, -0.7],
    [0.3, 1.8, 0.9],
    [0.8, 0.5, 2.6],
  ],
  C: [
    [0.2, 1.3, -0.6],
    [-0.9, 0.7, 1.1],
  ],
  x: [0.4, -1.1, 0.7],
  y: [0.9, 0.3, -1.4],
  c: 0.6,
};

// biome-ignore format: a table is read by columns
const CASES: readonly (readonly [expr: string, wrt: string, vars: CodeQuestion["vars"], outputs: readonly OutputName[]])[] = [
  ["y'*X[:,1]",          "X", SQUARE,                       FIRST],
  ["y'*X[2,:]'",         "X", SQUARE,                       FIRST],
  ["sum(X[:,1])",        "X", { X: ["n", "n"] },            FIRST],
  ["norm1(X[:,2])",      "X", { X: ["n", "n"] },            FIRST],
  ["max(X[:,1])",        "X", { X: ["n", "n"] },            FIRST],
  ["(C[1,:]')[1]",       "C", { C: ["m", "n"] },            FIRST],
  ["colsum(C)[1]",       "C", { C: ["m", "n"] },            FIRST],
  ["(X*y)[2]^2",         "X", SQUARE,                       FIRST],
  ["(x .* exp(x))[2]",   "x", VECTOR,                       ALL],
  ["prod(2 + x.^2)",     "x", VECTOR,                       ALL],
  ["var(tanh(x))",       "x", VECTOR,                       ALL],
  ["logsumexp(tanh(x))", "x", VECTOR,                       ALL],
  ["y'*Z^(1/3)*y",       "Z", { Z: ["n", "n"], y: ["n"] }, ALL],
  ["y'*Z^c*y",           "Z", { Z: ["n", "n"], y: ["n"], c: [] }, ALL],
  ["pinv(x)*y + pinv(c)", "x", { ...VECTOR, y: ["n"], c: [] }, ALL],
  ["sum(X*diag(x)*X + ones(n)*x')", "x", { ...VECTOR, X: ["n", "n"] }, FIRST],
];

const literal = (v: number | number[] | number[][] | undefined): string =>
  Array.isArray(v) ? `[${v.map((row) => (Array.isArray(row) ? row.join(" ") : row)).join("; ")}]` : `${v}`;

/** What the function of a program returns at the point; matrices row by row. */
function results(code: string, inputs: readonly string[], outputs: number): number[][] {
  const file = join(folder, "program.m");
  const names = Array.from({ length: outputs }, (_, i) => `r${i}`);
  const shown = names.map((r) => `printf('%d %d %s\\n', size(${r}), sprintf('%.17g ', ${r}.'));`);
  const call = `[${names.join(", ")}] = f(${inputs.map((name) => literal(POINT[name])).join(", ")});`;
  writeFileSync(file, ["1;", code, call, ...shown, ""].join("\n"));
  const lines = run(octave as string, ["--no-gui", "--quiet", file], "")
    .trim()
    .split("\n");
  return lines.map((line) => line.trim().split(/\s+/).map(Number).slice(2));
}

describe.skipIf(octave === undefined)("Octave", () => {
  for (const [expr, wrt, vars, outputs] of CASES)
    it(`${outputs.at(-1)} of ${expr} by ${wrt}`, () => {
      const question = { expr, wrt, ...(vars === undefined ? {} : { vars }), outputs };
      const program = exportCode({ ...question, target: "octave", selfTest: true });
      const f = compile({ ...question, interpret: true });
      if (!program.ok || !f.ok) throw new Error("refused");
      const args = f.inputs.map((i) => POINT[i.name] as number[]);
      const expected = Object.values(f.run(...args)).map((v) => (typeof v === "number" ? [v] : [...v]));
      const plain = exportCode({ ...question, target: "octave" });
      const found = results(
        plain.ok ? plain.code : "",
        f.inputs.map((i) => i.name),
        outputs.length,
      );
      expect(found.map((values) => values.length)).toEqual(expected.map((values) => values.length));
      for (const [k, values] of found.entries())
        for (const [i, value] of values.entries()) expect(value).toBeCloseTo((expected[k] as number[])[i] as number, 10);
      const file = join(folder, "self.m");
      writeFileSync(file, program.code);
      expect(run(octave as string, ["--no-gui", "--quiet", file], "")).toMatch(/^ok: /);
    });
});
