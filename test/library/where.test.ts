// Names for what a long answer repeats: the named form, put together again, is the answer.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { substitute } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { countOperations } from "../../src/expr/operations.ts";
import { differentiate, gradient, parse, print } from "../../src/index.ts";
import { solve } from "../../src/library/answer/solve.ts";
import { nameParts } from "../../src/library/answer/where.ts";
import { openCheck } from "../../src/library/numbers/verify.ts";
import { standardRulesOnce } from "../../src/library/question/call.ts";

const { functions } = standardRulesOnce();
const VARS = { x: ["n"], y: ["n"], A: ["n", "n"], t: [] } as const;

function term(text: string): Expr {
  const parsed = parse(text, { vars: VARS });
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  return parsed.expr;
}

describe("parts of a term", () => {
  it("are named where they repeat and have three operations", () => {
    const long = term("sin(A*x + y).*cos(A*x + y) + exp(sin(A*x + y)).*exp(cos(A*x + y)) + tanh(A*x + y) + x");
    const { where } = nameParts(long, [], functions);
    expect(where.map((p) => `${p.variable.name} = ${print(p.expr)}`)).toEqual(["r = sin(A x + y)", "u = cos(A x + y)"]);
    expect(where.map((p) => countOperations(p.expr))).toEqual([3, 3]);
  });

  it("are left alone in a short term and where nothing repeats", () => {
    expect(nameParts(term("sin(x) + cos(x)"), [], functions).where).toEqual([]);
    expect(nameParts(term("sin(A*x) + cos(A*y) + exp(A*A*x) + tanh(A'*x) + A*A*A*y - A'*A'*x"), [], functions).where).toEqual([]);
  });

  it("get names that are free", () => {
    const long = term("sin(A*x + y - x).*cos(A*x + y - x) + exp(A*x + y - x).*tanh(A*x + y - x) + x");
    const { where } = nameParts(long, ["r", "u"], functions);
    expect(where.map((p) => p.variable.name)).toEqual(["v"]);
  });

  it("put together again are the term", () => {
    const atom = fc.constantFrom("x", "y", "(A*x)", "(t*y)", "(x - y)");
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        atom,
        fc.tuple(fc.constantFrom("sin", "exp", "tanh"), tie("tree")).map(([f, a]) => `${f}(${a})`),
        tie("tree").map((a) => `(${a} + sin(${a}).*${a})`),
        fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `(${a}).*(${b})`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        const whole = term(text);
        const { expr, where } = nameParts(whole, ["x", "y", "A", "t", "n"], functions);
        const bodies = new Map<Expr, Expr>();
        for (const p of where) bodies.set(p.variable, substitute(p.expr, bodies, functions));
        expect(substitute(expr, bodies, functions)).toBe(whole);
        const length = countOperations(expr) + where.reduce((n, p) => n + countOperations(p.expr), 0);
        expect(length).toBeLessThanOrEqual(countOperations(whole));
      }),
      { numRuns: 100 },
    );
  });
});

const LONG = { expr: "sum(exp(X*w-y) .* sin(X*w-y)./ (1+(X*w-y).^2))", wrt: "w" } as const;

describe("an answer", () => {
  it("is in names only where that is wanted", () => {
    const [plain, named] = [differentiate(LONG), differentiate({ ...LONG, where: true })];
    if (!plain.ok || !named.ok) throw new Error("refused");
    expect(plain.where).toEqual([]);
    expect(named.where.map((p) => p.name)).toEqual(["r"]);
    expect(named.expr).toBe(plain.expr);
    expect(named.ascii.length).toBeLessThan(plain.ascii.length);
    for (const part of named.where) expect(named.ascii + named.where.map((p) => p.ascii).join()).toContain(part.name);
  });

  it("in names is checked as it is printed", async () => {
    const check = await openCheck();
    const solved = solve(LONG, ["w"], "derivative", { where: true });
    if (!solved.ok) throw new Error("refused");
    const part = solved.parts[0] as (typeof solved.parts)[number];
    for (const format of ["ascii", "unicode"] as const) expect(check(solved.stated, part, format).verdict).toBe("agrees");
    const wrong = { ...part.answer, where: part.answer.where.map((p) => ({ ...p, ascii: `2*(${p.ascii})` })) };
    expect(check(solved.stated, { ...part, answer: wrong }, "ascii").verdict).toBe("differs");
  });

  it("of a deep function is as long as the function is deep", () => {
    const nested = (depth: number): string => {
      let text = "x";
      for (let i = 0; i < depth; i++) text = `tanh(W*${text})`;
      return text;
    };
    const length = (depth: number): number => {
      const answer = gradient({ expr: `sum(${nested(depth)})`, wrt: "x", vars: { x: ["n"], W: ["n", "n"] }, where: true });
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      return answer.ascii.length + answer.where.reduce((n, p) => n + p.ascii.length, 0);
    };
    expect(length(24)).toBeLessThan(3 * length(12));
  });
});
