// Derivatives as expressions: mathjs evaluates its own, MathML closes what it opens, MathJSON
// is JSON of known heads.

import { all, create } from "mathjs";
import { describe, expect, it } from "vitest";
import { type CodeQuestion, type CodeTarget, compile, exportCode } from "../../src/index.ts";

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
  ["x[2]*A[1,:]*x + sum(A[:,3])", "x"], ["x'*A[:,2] + y[1]*A[2,3]", "A"], ["sum((A[:,1]*x').^2)", "x"],
  ["(x'*y)^2", "x"], ["exp(x'*A*y)", "x"], ["(x'*y)*sum(x)", "x"],
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

describe("names of mathjs", () => {
  const question = (...names: string[]): CodeQuestion => ({
    expr: `sum(exp(x)) + b*x'*x*${names.join("*")}`,
    wrt: "x",
    vars: { ...Object.fromEntries(names.map((name) => [name, []])), b: [], x: ["n"] },
    target: "mathjs",
  });

  it("are those of the user beside the functions that an expression maps with", () => {
    for (const name of ["f", "t", "v", "i", "e", "pi"]) {
      const answer = exportCode(question(name));
      const scope = { [name]: 2, b: 1, x: math.matrix([[1], [2]]), n: 2 };
      expect(flat(math.evaluate(answer.ok ? answer.code.trim() : "", scope))).toEqual(
        [4 + Math.E, 8 + Math.exp(2)].map((v) => expect.closeTo(v)),
      );
    }
  });

  it("are refused where they mean something else, or are written alike", () => {
    expect(exportCode(question("null"))).toMatchObject({ ok: false, diagnostics: [{ message: "null means something else in mathjs" }] });
    expect(exportCode(question("λ", "lambda"))).toMatchObject({
      ok: false,
      diagnostics: [{ message: "λ and lambda are both lambda in mathjs" }],
    });
  });
});

describe("second derivatives", () => {
  for (const expr of ["sum(x.^3)", "x'*A*x", "log(sum(exp(x)))", "norm2(A*x - y)^2"])
    for (const output of ["hessian", "hvp"] as const)
      it(`mathjs evaluates the ${output} of ${expr}`, () => {
        const question = { expr, wrt: "x", vars: { x: ["n"], A: ["n", "n"], y: ["n"] }, outputs: [output] } as const;
        const [term, f] = [exportCode({ ...question, target: "mathjs" }), compile(question)];
        if (!term.ok || !f.ok) throw new Error("refused");
        const values: Readonly<Record<string, unknown>> = { ...VALUES, v: [0.3, -1.1, 0.6] };
        const expected = flat(f.run(...f.inputs.map((i) => values[i.name] as number[]))[output]);
        const columns = Object.fromEntries(f.inputs.map(({ name }) => [name, math.matrix(columned(values[name]))]));
        const found = flat(math.evaluate(term.code.trim(), { ...columns, n: 3 }));
        expect(found).toHaveLength(expected.length);
        for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] as number, 10);
        expect(term.outputs.map((o) => o.name)).toEqual([output]);
      });

  // biome-ignore format: a table is read by columns
  const REFUSED: readonly (readonly [more: Partial<CodeQuestion>, message: string])[] = [
    [{ outputs: ["value", "derivative", "hessian"] }, "derivative and hessian together"],
    [{ outputs: ["derivative", "hvp"] },              "derivative and hvp together"],
    [{ wrt: ["x", "y"] },                             "derivatives by several variables"],
    [{ selfTest: true },                              "self-test"],
    [{ structured: true },                            "parts of a Hessian"],
  ];
  for (const target of ["mathjs", "mathml", "mathjson"] as const)
    for (const [more, message] of REFUSED)
      it(`${target} refuses ${message}`, () => {
        const answer = exportCode({ expr: "x'*x + x'*y", wrt: "x", vars: { x: ["n"], y: ["n"] }, target, ...more });
        expect(answer).toMatchObject({ ok: false, diagnostics: [{ message: expect.stringContaining(`${target} has no ${message}`) }] });
      });

  it("give the value where nothing else is asked for", () => {
    const answer = exportCode({ expr: "s^2", wrt: "s", vars: { s: [] }, target: "mathjs", outputs: ["value"] });
    expect(answer).toMatchObject({ ok: true, code: "s ^ 2\n", outputs: [{ name: "value" }] });
  });

  it("are symmetric by a symmetric matrix", () => {
    const answer = exportCode({
      expr: "x'*S*y",
      wrt: "S",
      vars: { S: ["n", "n"], x: ["n"], y: ["n"] },
      attrs: { S: ["symmetric"] },
      target: "mathjs",
    });
    const scope = { x: math.matrix([[1], [2]]), y: math.matrix([[3], [5]]), n: 2 };
    expect(flat(math.evaluate(answer.ok ? answer.code.trim() : "", scope))).toEqual([3, 5.5, 5.5, 10]);
  });
});

const columned = (v: unknown): number[][] => (v as (number | number[])[]).map((row) => (Array.isArray(row) ? row : [row]));
