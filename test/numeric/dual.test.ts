// Dual numbers against derivatives in 64-digit arithmetic, against difference quotients on
// random terms, and as a second opinion that may be overruled.

import fc from "fast-check";
import { all, create } from "mathjs";
import { describe, expect, it } from "vitest";
import { PAIRS } from "../../bench/pairs.ts";
import { type Expr, variables } from "../../src/expr/expr.ts";
import { parse, standardLibrary } from "../../src/index.ts";
import { realArithmetic } from "../../src/numeric/arithmetic.ts";
import { NumericError } from "../../src/numeric/context.ts";
import { dualTerm } from "../../src/numeric/dual.ts";
import { generate, largest, matrix, scalar } from "../../src/numeric/matrix.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { anyExpr } from "../arbitrary/expr.ts";

const numeric = await loadNumeric();
const context = { arithmetic: realArithmetic(numeric.kernels), definitions: standardLibrary().definition };
const exact = create(all as NonNullable<typeof all>, { number: "BigNumber", precision: 64 });

function term(text: string, vars: Record<string, string[]>): Expr {
  const parsed = parse(text, { vars });
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.expr;
}

describe("dual numbers", () => {
  for (const { expr, at, slope } of PAIRS)
    it(`${expr} at ${at}`, () => {
      // The point is the double, not the decimal that it is written as.
      const digits = at.toFixed(60);
      const reference = Number(exact.evaluate(slope, { x: exact.bignumber(digits) }));
      const dual = dualTerm(context, term(expr, { x: [] }), { sizes: new Map(), values: new Map([["x", scalar(at)]]) });
      const found = dual?.along(new Map([["x", scalar(1)]])).data[0] as number;
      expect(Math.abs(found - reference) / Math.abs(reference)).toBeLessThanOrEqual(1e-13);
    });

  // biome-ignore format: a table is read by columns
  const CANCELLING: readonly (readonly [expr: string, at: number, slope: string])[] = [
    ["x^7 - 7*x^6 + 21*x^5 - 35*x^4 + 35*x^3 - 21*x^2 + 7*x - 1", 1.001, "7*(x-1)^6"],
    ["x - x^3/x^2*(1 - x/1000000)",                               0.7,   "x/500000"],
    ["sum((x - 1).^2 .* ones(3)) - 3*x^2 + 6.0001*x",            1.7,   "1/10000"],
    ["(1e200*x)*(1e105*x) - (1e200*x)*(1e105*x)*31/32",           1.5,   "bignumber(1e305)*x/16"],
  ];
  for (const [expr, at, slope] of CANCELLING)
    it(`${expr} at ${at}, where terms cancel`, () => {
      const reference = Number(exact.evaluate(slope, { x: exact.bignumber(at.toFixed(60)) }));
      const dual = dualTerm(context, term(expr, { x: [] }), { sizes: new Map(), values: new Map([["x", scalar(at)]]) });
      const found = dual?.along(new Map([["x", scalar(1)]])).data[0] as number;
      expect(Math.abs(found / reference - 1)).toBeLessThan(1e-11);
    });

  const MATRICES = { X: ["n", "n"], A: ["n", "n"], x: ["n"], y: ["n"], s: [] };
  const random = createRandom(11);
  const values = new Map([
    ["X", generate(3, 3, (i, j) => random.signed(0.3, 1) + (i === j ? 3 : 0))],
    ["A", generate(3, 3, () => random.signed(0.3, 1))],
    ["x", generate(3, 1, () => random.signed(0.3, 1))],
    ["y", generate(3, 1, () => random.signed(0.3, 1))],
    ["s", scalar(0.4)],
  ]);
  const point = { sizes: new Map([["n", 3]]), values, seed: 5 };
  // biome-ignore format: a table is read by columns
  const TERMS = [
    ["inv(X)*A", "X"], ["det(X)", "X"], ["logdet(X*X')", "X"], ["X^3", "X"], ["X^(-2)", "X"], ["tr(A*X'*A)", "X"],
    ["softmax(A*x)", "x"], ["logsumexp(x)", "x"], ["norm2(x)*y", "x"], ["x*y'/norm1(x)", "x"], ["kron(x, y)", "x"],
    ["vec(X)", "X"], ["diag(x)*A", "x"], ["diag(X)", "X"], ["[x; y]", "x"], ["X[2,:]", "X"], ["x .^ 2 ./ (1 + x .^ 2)", "x"],
    ["exp(-s*x)", "s"], ["max(x)", "x"], ["gelu(x)", "x"], ["silu(x) + softplus(x)", "x"], ["huber(x)", "x"], ["mean(x)*x", "x"],
  ] as const;
  for (const [text, by] of TERMS)
    it(`${text} by ${by} agrees with difference quotients`, () => {
      const expr = term(text, MATRICES);
      const input = values.get(by);
      if (input === undefined) throw new Error(by);
      const dual = dualTerm(context, expr, point);
      expect(dual).toBeDefined();
      const direction = matrix(
        input.rows,
        input.cols,
        input.data.map((_, k) => Math.cos(k + 1)),
      );
      const along = dual?.along(new Map([[by, direction]]));
      const quotients = numeric.jacobian(expr, by, point, context.definitions).matrix;
      for (let i = 0; i < quotients.rows; i++) {
        let total = 0;
        for (let k = 0; k < direction.data.length; k++)
          total += (quotients.data[i + quotients.rows * k] as number) * (direction.data[k] as number);
        expect(along?.data[i]).toBeCloseTo(total, 8);
      }
    });

  it("have no value where a part has no slope", () => {
    expect(dualTerm(context, term("sum_i x[i]^2", { x: ["n"] }), point)).toBeUndefined();
    expect(dualTerm(context, term("nuclear(X)", { X: ["n", "n"] }), point)).toBeUndefined();
  });

  it("never make certain what quotients find uncertain, and sharpen what they find", () => {
    const { matrix: found, error } = numeric.jacobian(term("tanh(s)", { s: [] }), "s", { ...point, values: new Map([["s", scalar(30)]]) });
    expect(found.data[0]).toBeCloseTo(4 * Math.exp(-60), 40);
    expect(error.data[0]).toBeLessThan(1e-13);
  });

  it("agree with difference quotients on random terms", () => {
    fc.assert(
      fc.property(anyExpr(), fc.integer({ min: 1, max: 1000 }), (expr, seed) => {
        const [v] = variables(expr);
        if (v === undefined) return;
        const next = numeric.samplePoints({ defined: [expr], variables: variables(expr), seed }, context.definitions).next();
        if (next.done === true) return;
        try {
          const { matrix: found, error, value } = numeric.jacobian(expr, v.name, next.value, context.definitions);
          const dual = dualTerm(context, expr, next.value);
          if (dual === undefined) return;
          const scale = Math.max(largest(found), largest(value));
          for (let p = 0; p < found.cols; p++) {
            const direction = matrix(
              v.shape.rows.key === "1" ? 1 : (next.value.values.get(v.name)?.rows ?? 1),
              next.value.values.get(v.name)?.cols ?? 1,
            );
            direction.data[p] = 1;
            const column = dual.along(new Map([[v.name, direction]]));
            for (const [i, x] of column.data.entries()) {
              if (Number.isNaN(x)) continue;
              const k = i + found.rows * p;
              expect(Math.abs(x - (found.data[k] as number))).toBeLessThanOrEqual(100 * (error.data[k] as number) + 1e-6 * scale);
            }
          }
        } catch (e) {
          if (!(e instanceof NumericError)) throw e;
        }
      }),
      { numRuns: 200 },
    );
  });
});
