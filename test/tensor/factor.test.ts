// Common factors pulled out of random sums of products, contractions among them: what is
// read is worth what was written.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownAnswer } from "../calculus/own.ts";

const declarations = "s : scalar; x, y, z : vector(n); A : matrix(n, n)";

// Numbers with the same vectors inside in different powers.
const contraction = fc
  .tuple(fc.constantFrom("y", "z", "(A*y)"), fc.integer({ min: 1, max: 3 }), fc.constantFrom("", ".*z", ".*(y + sum(z))", ".*x.^2"))
  .map(([vector, power, more]) => `sum(${vector}.^${power}${more})`);
// One matrix summed along different axes of it.
const total = fc.constantFrom("tr(A)", "sum(A)", "tr(A*A)", "sum(A.*A)", "sum(diag(A).^2)", "x'*A*x", "sum(x.*diag(A))");
const vector = fc.constantFrom("x", "y", "x.^2", "A*x", "A.^2*ones(n)", "A*ones(n)", "A'*ones(n)", "diag(A)");
const summand = fc.tuple(fc.oneof(contraction, total), vector).map(([number, v]) => `${number}*(${v})`);

describe("a sum with a common factor", () => {
  it("keeps its value when the factor is pulled out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(summand, { minLength: 2, maxLength: 3 }), async (summands) => {
        const { answer, checked } = await ownAnswer({ declarations, expr: `s*(${summands.join(" + ")})`, wrt: "s" });
        expect(checked, answer.ascii).toMatchObject({ verdict: "agrees" });
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
