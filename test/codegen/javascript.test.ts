// JavaScript programs that show how the language differs from others: signs in front of powers,
// and arguments whose sizes must be known before they are taken. Generated code against the
// interpreted plan, gradients against differences.

import { describe, expect, it } from "vitest";
import { type ArrayInput, type Compiled, type CompileQuestion, compile } from "../../src/index.ts";

const compiled = (question: CompileQuestion): Compiled => {
  const answer = compile(question);
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
};

/** The derivative of a number by a vector, from differences of the value. */
function differences(f: Compiled, args: readonly ArrayInput[], which: number): number[] {
  const at = args[which] as readonly number[];
  const value = (k: number, h: number): number =>
    f.run(...args.map((a, i) => (i === which ? at.map((x, j) => (j === k ? x + h : x)) : a))).value as number;
  return at.map((_, k) => (value(k, 1e-5) - value(k, -1e-5)) / 2e-5);
}

const TWO = { x: ["n"], y: ["n"] } as const;

describe("powers with a sign in front", () => {
  // biome-ignore format: a table is read by columns
  const POWERS = [
    "sum_i sum_j exp(-(x[i]-y[j])^2)", "sum(exp(-(x - y).^2))", "sum(sigmoid((x .* y).^2))", "sum(sigmoid(-(x - 2*y).^2))",
    "sum(1 ./ (1 + exp((-x).^2)))", "sum(-(x + y).^2 ./ (1 + (x + y).^2))",
  ];
  for (const expr of POWERS)
    it(`have brackets: ${expr}`, () => {
      const args = [
        [0.4, -1.1, 0.7],
        [0.9, 0.3, -1.4],
      ];
      const f = compiled({ expr, wrt: "x", vars: TWO });
      const found = f.run(...args);
      const interpreted = compiled({ expr, wrt: "x", vars: TWO, interpret: true }).run(...args);
      expect(found.value).toBeCloseTo(interpreted.value as number, 12);
      differences(f, args, 0).forEach((d, k) => {
        expect((found.gradient as Float64Array)[k]).toBeCloseTo(d, 6);
      });
    });
});

it("every output is an array of its own", () => {
  for (const interpret of [false, true]) {
    const { value, jacobian } = compiled({ expr: "exp(c)*x", wrt: "c", vars: { c: [], x: ["n"] }, interpret }).run(0, [1, 2]);
    expect(value).toEqual(jacobian);
    expect(value).not.toBe(jacobian);
  }
});

describe("sizes", () => {
  it("of an argument that nothing is computed from are known", () => {
    const question = { expr: "c*sum(softmax(y))", wrt: "c", vars: { c: [], y: ["n"] } } as const;
    for (const interpret of [false, true])
      expect(compiled({ ...question, interpret }).run(2, [1, 2, 3])).toEqual({ value: 2, gradient: 1 });
  });

  it("of an argument that nothing is computed from are those of the others", () => {
    const question = { expr: "sum(x) + 0*sum(y)", wrt: "x", vars: TWO } as const;
    expect(() => compiled(question).run([1, 2], [1, 2, 3])).toThrow("y has 3 entries where 2 belong to the other arguments");
  });

  it("of a vector may be a product", () => {
    const question = { expr: "c*sum(softmax(y)) + sum(x)", wrt: "c", vars: { c: [], y: ["m*n"], x: ["n"] } } as const;
    expect(compiled(question).run(2, [1, 2, 3, 4], [1, 2], { m: 2 })).toEqual({ value: 5, gradient: 1 });
    const mean = { expr: "mean(y) + sum(X)", wrt: "y", vars: { y: ["m*n"], X: ["m", "n"] } } as const;
    const rows = [
      [0, 0],
      [0, 0],
    ];
    expect(compiled(mean).run([2, 4, 6, 8], rows)).toEqual({ value: 5, gradient: Float64Array.of(0.25, 0.25, 0.25, 0.25) });
  });
});

describe("sums and means along an axis of length 1", () => {
  // biome-ignore format: a table is read by columns
  const AXES: readonly (readonly [expr: string, row: readonly number[], column: readonly number[]])[] = [
    ["rowsum(C)",  [9],       [1, 2, 6]],
    ["colsum(C)",  [1, 2, 6], [9]],
    ["rowmean(C)", [3],       [1, 2, 6]],
    ["colmean(C)", [1, 2, 6], [3]],
    ["mean(C)",    [3],       [3]],
  ];
  for (const interpret of [false, true])
    for (const [expr, row, column] of AXES)
      it(`${expr}, ${interpret ? "interpreted" : "generated"}`, () => {
        const at = (...C: string[]): number[] => {
          const { value } = compiled({ expr, wrt: [], vars: { C }, outputs: ["value"], interpret }).run([1, 2, 6]);
          return typeof value === "number" ? [value] : [...(value as Float64Array)];
        };
        expect([at("1", "n"), at("n", "1")]).toEqual([row, column]);
      });
});
