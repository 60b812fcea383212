// Random questions about vectors in space: cross products of sums, of multiples, of images under
// a matrix and of each other. The functions of vectors of length 3, which no term over n and m has.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examine, failureText, isFailure } from "./examine.ts";

const { vector } = fc.letrec<{ vector: string }>((tie) => {
  const two = fc.tuple(tie("vector"), tie("vector"));
  return {
    vector: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom("p", "q", "w"),
      two.map(([a, b]) => `cross(${a}, ${b})`),
      two.map(([a, b]) => `crossmatrix(${a})*${b}`),
      two.map(([a, b]) => `crossmatrix(${a})'*${b}`),
      fc.tuple(two, fc.constantFrom("+", "-")).map(([[a, b], sign]) => `(${a} ${sign} ${b})`),
      fc.tuple(fc.constantFrom("s*", "-", "A*"), tie("vector")).map(([factor, a]) => `(${factor}${a})`),
    ),
  };
});

const question = fc.record({
  expr: fc.oneof(
    vector,
    fc.tuple(vector, vector).map(([a, b]) => `(${a})'*${b}`),
    vector.map((a) => `norm2(${a})^2`),
    fc.tuple(vector, vector).map(([a, b]) => `tr(crossmatrix(${a})*A*crossmatrix(${b}))`),
  ),
  declarations: fc.constant("p, q, w : vector(3); s : scalar; A : matrix(3, 3)"),
  wrt: fc.constantFrom("p", "q", "s", "A"),
  layout: fc.constantFrom("numerator" as const, "mixed" as const, "denominator" as const),
});

describe("cross products", () => {
  it("are differentiated rightly, whatever they are made of", async () => {
    let right = 0;
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const outcome = await examine(asked);
        if (outcome.kind === "right") right++;
        expect(isFailure(outcome) ? failureText({ question: asked, outcome }) : "").toBe("");
      }),
      { numRuns: 120 },
    );
    expect(right).toBeGreaterThan(90);
  }, 60_000);
});
