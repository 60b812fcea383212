// Derivatives as expressions: mathjs evaluates its own, MathML closes what it opens, MathJSON
// is JSON of known heads.

import { all, create } from "mathjs";
import { describe, expect, it } from "vitest";
import { type CodeTarget, compile, exportCode } from "../../src/index.ts";

const math = create(all as NonNullable<typeof all>);
const VARS = { A: ["n", "n"], x: ["n"], y: ["n"], s: [] } as const;
const VALUES: Readonly<Record<string, number | number[] | number[][]>> = {
  A: [
    [2, 0.3, -0.4],
    [0.1, 1.5, 0.7],
    [-0.6, 0.2, 1.1],
  ],
  x: [0.4, -0.7, 0.9],
  y: [1.2, 0.5, -0.3],
  s: 0.8,
};
// biome-ignore format: a table is read by columns
const CASES = [
  ["x'*A*x", "x"], ["norm2(A*x - y)^2", "x"], ["sum(exp(x) .* y)", "x"], ["log(det(A))", "A"], ["tr(A^3)", "A"], ["x'*inv(A)*y", "A"],
  ["sin(s)*exp(s)/(1 + s^2)", "s"], ["sqrt(1 + s^2)", "s"], ["sum(tanh(A*x))", "x"], ["norm2(x)", "x"],
] as const;

const codeOf = (expr: string, wrt: string, target: CodeTarget): string => {
  const used = Object.fromEntries(Object.entries(VARS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(expr)));
  const answer = exportCode({ expr, wrt, vars: used, target });
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer.code.trim();
};

const flat = (v: unknown): number[] => {
  if (typeof v === "number") return [v];
  const array = Array.isArray(v) ? v : v instanceof Float64Array ? [...v] : (v as { toArray(): unknown[] }).toArray();
  return (array as unknown[]).flat(3) as number[];
};

describe("expressions", () => {
  for (const [expr, wrt] of CASES) {
    it(`mathjs evaluates the gradient of ${expr} by ${wrt}`, () => {
      const vars = Object.fromEntries(Object.entries(VARS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(expr)));
      const f = compile({ expr, wrt, vars, outputs: ["derivative"] });
      if (!f.ok) throw new Error(f.diagnostics[0]?.message);
      const expected = flat(f.run(...f.inputs.map((i) => VALUES[i.name] as number[])).gradient);
      // Vectors are columns there.
      const scope = Object.fromEntries(
        Object.entries(VALUES).map(([name, v]) => [
          name,
          Array.isArray(v) ? math.matrix(Array.isArray(v[0]) ? (v as number[][]) : (v as number[]).map((e) => [e])) : v,
        ]),
      );
      const found = flat(math.evaluate(codeOf(expr, wrt, "mathjs"), { ...scope, n: 3 }));
      expect(found.length).toBe(expected.length);
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] as number, 10);
      });
    });

    it(`MathML of ${expr} by ${wrt} closes what it opens`, () => {
      const open: string[] = [];
      for (const [, close, name, empty] of codeOf(expr, wrt, "mathml").matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
        if (empty === "/") continue;
        if (close === "/") expect(open.pop()).toBe(name);
        else open.push(name as string);
      }
      expect(open).toEqual([]);
    });

    it(`MathJSON of ${expr} by ${wrt} is calls with names in front`, () => {
      const stack: unknown[] = [JSON.parse(codeOf(expr, wrt, "mathjson"))];
      for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
        if (!Array.isArray(e)) {
          expect(["string", "number", "object"]).toContain(typeof e);
          continue;
        }
        expect(e[0]).toMatch(/^[A-Z]\w*$/);
        stack.push(...e.slice(1));
      }
    });
  }
});
