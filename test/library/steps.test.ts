// Derivations from the library: text in four formats and plain data.

import { describe, expect, it } from "vitest";
import { backpropagate, derive, differentiate, exprFromJSON } from "../../src/index.ts";

describe("derive", () => {
  it("ends with what differentiate answers", () => {
    for (const [expr, wrt] of [
      ["sum(w .* x)", "w"],
      ["ln(sin(x^3)^2)", "x"],
      ["max(0, w·x + b)", "w"],
      ["[ln(x^2); sin(3x)]", "x"],
    ] as const) {
      const derived = derive({ expr, wrt });
      const answer = differentiate({ expr, wrt });
      if (!derived.ok || !answer.ok) throw new Error("refused");
      expect(derived.derivation.answer).toBe(answer.expr);
    }
  });

  it("has a text in every format", () => {
    const derived = derive({ expr: "x + x^2", wrt: "x" });
    if (!derived.ok) throw new Error("refused");
    expect(derived.unicode).toContain("u = x²");
    expect(derived.ascii).toContain("u = x^2");
    expect(derived.latex).toContain("\\begin{align*}");
    expect(derived.markdown).toContain("$$");
  });

  it("is plain data in JSON, its terms readable", () => {
    const derived = derive({ expr: "sum(w .* x)", wrt: "w" });
    if (!derived.ok) throw new Error("refused");
    const data = JSON.parse(JSON.stringify(derived));
    expect(exprFromJSON(data.answer.expr)).toBe(derived.derivation.answer);
    expect(data.steps.length).toBe(derived.derivation.steps.length);
  });

  it("takes the user's definitions as intermediate variables", () => {
    const derived = derive({ expr: "exp(z)", let: [["z", "w·x"]], wrt: "w" });
    if (!derived.ok) throw new Error("refused");
    expect(derived.derivation.intermediates.find((i) => i.given)?.variable.name).toBe("z");
  });

  it("refuses what differentiate refuses", () => {
    expect(derive({ expr: "x +", wrt: "x" })).toMatchObject({ ok: false });
    expect(derive({ expr: "x'*x", wrt: "x[1]", vars: { x: [2] } })).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
  });
});

describe("backpropagate", () => {
  it("gives the gradient of each variable in its own shape", () => {
    const passed = backpropagate({ expr: "sum((X w - y).^2)", wrt: ["w", "X"] });
    if (!passed.ok) throw new Error("refused");
    expect(
      passed.passes.gradients.map((g) => [
        g.variable.name,
        g.is.shape === g.variable.shape || g.is.shape.rows.key === g.variable.shape.rows.key,
      ]),
    ).toEqual([
      ["w", true],
      ["X", true],
    ]);
  });

  it("refuses what is not a number", () => {
    expect(backpropagate({ expr: "A x", wrt: "x" })).toMatchObject({ ok: false });
  });
});
