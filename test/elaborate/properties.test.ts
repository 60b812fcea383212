// Elaboration of arbitrary texts: always an answer; inference finds what was declared;
// names and their order do not matter.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elaborate, parseExpression } from "../../src/elaborate/elaborate.ts";
import { shapeText } from "../../src/expr/shape.ts";
import { functions } from "./functions.ts";

/** Random expressions over names of every kind, whether their shapes fit or not. */
const texts = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      "a",
      "b",
      "x",
      "y",
      "A",
      "B",
      "X",
      "2",
      "1/2",
      "pi",
      "n",
      "x[1]",
      "A[1,2]",
      "A[1,:]",
      "1⃗",
      "I",
      "x_1",
      "ones(n)",
      "eye(m)",
      "zeros",
    ),
    fc
      .tuple(tie("text"), fc.constantFrom("+", "-", "*", " ", "/", ".*", "./", ".^", "^", "·", ":", "⊗", ">", "=="), tie("text"))
      .map(([l, op, r]) => `(${l})${op}(${r})`),
    fc
      .tuple(fc.constantFrom("-", "sum", "tr", "diag", "vec", "exp", "inv", "det", "softmax", "norm2", "f"), tie("text"))
      .map(([f, t]) => `${f}(${t})`),
    fc.tuple(tie("text"), fc.constantFrom("'", "^2", "^T", "⁻¹")).map(([t, p]) => `(${t})${p}`),
    fc.tuple(tie("text"), fc.constantFrom(", ", "; "), tie("text")).map(([l, sep, r]) => `[${l}${sep}${r}]`),
    tie("text").map((t) => `sum_i (${t}) x[i]`),
    fc.tuple(tie("text"), tie("text")).map(([l, r]) => `{${l} if a > 0; ${r} otherwise}`),
  ),
})).text;

describe("any expression", () => {
  it("is answered, declared or not", () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, declared) => {
        const declarations = declared
          ? "a, b : scalar; x, y : vector(n); A : matrix(m, n); B : matrix(n, n); f : elementwise"
          : "f : elementwise";
        const result = elaborate({ text, declarations, functions });
        if (result.ok) return;
        const [d] = result.diagnostics;
        expect(d?.span.end).toBeLessThanOrEqual(result.source.length);
        expect(["shape", "type", "name", "syntax", "unsupported", "declaration"]).toContain(d?.code);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads the same when the inferred shapes are declared", () => {
    fc.assert(
      fc.property(texts, (text) => {
        // A product of sizes does not settle the sizes of constants inside vec and ⊗.
        fc.pre(!(/zeros|1⃗|I/.test(text) && /vec|⊗/.test(text)));
        const free = elaborate({ text, declarations: "f : elementwise", functions });
        fc.pre(free.ok);
        const { variables, dims, unknowns, expr } = free.problem;
        const again = parseExpression(text, { variables, dims, unknowns, functions });
        if (!again.ok) throw new Error(`${text}: ${again.diagnostics[0]?.message}`);
        expect(again.expr).toBe(expr);
      }),
      { numRuns: 500 },
    );
  });

  it("has the same shapes under other names", () => {
    const names: Readonly<Record<string, string>> = { a: "g", b: "c", x: "w", y: "z", A: "Q", B: "P", X: "Y" };
    fc.assert(
      fc.property(texts, (text) => {
        // Only whole names are renamed: [ax] inside exp or max stay.
        const renamed = text.replace(/(?<![a-z])[abxyABX](?![a-z])/g, (n) => names[n] ?? n);
        const [one, other] = [text, renamed].map((t) => elaborate({ text: t, declarations: "f : elementwise", functions }));
        expect(other?.ok).toBe(one?.ok);
        if (one?.ok && other?.ok)
          expect(other.problem.variables.map((v) => shapeText(v.shape))).toEqual(one.problem.variables.map((v) => shapeText(v.shape)));
      }),
      { numRuns: 300 },
    );
  });
});
