// What holds of any derivation: it ends with the answer, every line of it is right, it is
// plain data; and the check of lines notices a line that is wrong.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backpropagation } from "../../src/calculus/derivation/backpropagation.ts";
import { derive } from "../../src/calculus/derivation/derive.ts";
import { derivationToJSON } from "../../src/calculus/derivation/json.ts";
import type { Derivation } from "../../src/calculus/derivation/model.ts";
import { DERIVATION_FORMATS, renderDerivation } from "../../src/calculus/derivation/render.ts";
import { differentiate } from "../../src/calculus/differentiate.ts";
import { checkAnswer } from "../../src/check/answer.ts";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import * as build from "../../src/expr/build.ts";
import { LAYOUTS } from "../../src/expr/conventions.ts";
import { type Expr, type Variable, variables } from "../../src/expr/expr.ts";
import { exprFromJSON } from "../../src/expr/json.ts";
import { isScalarShape, scalarShape, shapeOf } from "../../src/expr/shape.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { exprOfShape, smoothFunctions } from "../arbitrary/expr.ts";
import { checkDerivation } from "./checkDerivation.ts";
import { definitions, library } from "./paper.ts";

const options = { smooth: true, functions: smoothFunctions() };

/** A smooth term, and one of its variables that is no symmetric matrix. */
const question = fc
  .tuple(
    fc.oneof(exprOfShape(scalarShape(), options), exprOfShape(shapeOf("n"), options), exprOfShape(shapeOf(1, "m"), options)),
    fc.nat(),
    fc.constantFrom(...LAYOUTS),
  )
  .map(([expr, k, layout]) => ({ expr, variable: variables(expr)[k % Math.max(1, variables(expr).length)], layout }))
  .filter(
    (q): q is typeof q & { variable: Variable } =>
      q.variable !== undefined && !variables(q.expr).some((v) => v.attributes.includes("symmetric")),
  );

/** Whether the derivative can be written at all. */
function answered(expr: Expr, variable: Variable): boolean {
  try {
    differentiate(expr, variable, { library });
    return true;
  } catch {
    return false;
  }
}

describe("a derivation of any smooth term", () => {
  it("ends with what differentiate answers", () => {
    fc.assert(
      fc.property(question, ({ expr, variable, layout }) => {
        fc.pre(answered(expr, variable));
        const derivation = derive(expr, variable, { library, layout });
        expect(derivation.steps.findLast((s) => s.kind !== "entry")?.is).toBe(derivation.answer);
        expect(derivation.answer).toBe(differentiate(expr, variable, { library, layout, names: variables(expr).map((v) => v.name) }).expr);
      }),
    );
  });

  it("is right line by line", async () => {
    const numeric = await loadNumeric();
    fc.assert(
      fc.property(question, ({ expr, variable, layout }) => {
        fc.pre(answered(expr, variable));
        const derivation = derive(expr, variable, { library, layout });
        const { forms } = checkDerivation(numeric, derivation, library, { points: 1 });
        expect(forms.filter((f) => f.verdict.ok === false).map((f) => [derivation.steps[f.step]?.kind, f.verdict.reason])).toEqual([]);
      }),
    );
  });

  it("is plain data, and prints in every format", () => {
    fc.assert(
      fc.property(question, ({ expr, variable, layout }) => {
        fc.pre(answered(expr, variable));
        const derivation = derive(expr, variable, { library, layout });
        const data = JSON.parse(JSON.stringify(derivationToJSON(derivation, library))) as ReturnType<typeof derivationToJSON>;
        expect(exprFromJSON(data.answer.expr)).toBe(derivation.answer);
        expect(data.steps.length).toBe(derivation.steps.length);
        for (const format of DERIVATION_FORMATS)
          expect(renderDerivation(derivation, format, library)).not.toMatch(/undefined|\[object|NaN|[\ue000-\uf8ff]|#\d/);
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same gradients when read backward", async () => {
    const numeric = await loadNumeric();
    fc.assert(
      fc.property(question, ({ expr }) => {
        fc.pre(isScalarShape(expr.shape));
        for (const g of backpropagation(expr, { library }).gradients) {
          const verdict = checkAnswer(numeric, { expr, wrt: g.variable, layout: "denominator", answer: g.is }, { definitions, points: 1 });
          expect([g.variable.name, verdict.ok === false ? verdict.reason : "right"]).toEqual([g.variable.name, "right"]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function derivationOf(text: string, by: string, more: { declarations?: string; definitions?: [string, string][] } = {}): Derivation {
  const read = elaborate({ text, functions: library.functions, wrt: [by], ...more });
  if (!read.ok) throw new Error(read.diagnostics[0]?.message);
  return derive(read.problem.expr, read.problem.targets[0]?.variable as Variable, { library, definitions: read.problem.definitions });
}

describe("the check of a derivation", () => {
  const wrong: readonly [string, (e: Expr) => Expr][] = [
    ["sign", (e) => build.neg(e)],
    ["factor", (e) => build.mul(build.num(2), e)],
  ];
  for (const [text, by, declarations] of [
    ["ln(sin(x^3)^2)", "x", "x : scalar"],
    ["max(0, w·x + b)", "w", "w, x : vector(n); b : scalar"],
    ["1/N sum_i (y[i] - max(0, w·X[i,:] + b))^2", "w", "X : matrix(N, n); y : vector(N); w : vector(n); b : scalar"],
    ["sum(sin(A*W + B))", "W", "A : matrix(m, n); W : matrix(n, p); B : matrix(m, p)"],
    ["A*X*B", "X", "A : matrix(m, n); X : matrix(n, p); B : matrix(p, q)"],
  ] as const)
    for (const [mistake, change] of wrong)
      it(`notices a wrong ${mistake} in any line of ${text} by ${by}`, async () => {
        const numeric = await loadNumeric();
        const right = derivationOf(text, by, { declarations });
        expect(checkDerivation(numeric, right, library).ok).toBe(true);
        right.steps.forEach((step, k) => {
          if (step.is.kind === "num" && step.is.value.n === 0n) return;
          const steps = right.steps.map((s, i) => (i === k ? { ...s, is: change(s.is), symbols: s.symbols ?? [] } : s));
          const { forms } = checkDerivation(numeric, { ...right, steps }, library, { points: 8 });
          expect([k, forms.some((f) => f.step === k && f.verdict.ok === false)]).toEqual([k, true]);
        });
      });
});

describe("large derivations", () => {
  const nested = Array.from({ length: 300 }).reduce<string>((inner) => `sin(${inner})`, "x");
  const terms = Array.from({ length: 1000 }, (_, i) => `sin(${i + 1}*x)`).join(" + ");
  for (const [name, text] of [
    ["300 nested functions", nested],
    ["1,000 terms", terms],
  ] as const)
    it(`${name} are derived, with a line for each`, () => {
      const derivation = derivationOf(text, "x", { declarations: "x : scalar" });
      expect(derivation.steps.length).toBeGreaterThanOrEqual(300);
      expect(renderDerivation(derivation, "ascii", library)).toContain("Combine");
    });
});
