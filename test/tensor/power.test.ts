// Powers of several names under one exponent: what is read as one power is worth what was written.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownAnswer } from "../calculus/own.ts";

const declarations = "s, w : scalar; a, b, c, k : positive scalar; u, v : positive vector(n); z : vector(n)";

const exponent = fc.constantFrom("2", "-2", "3", "1/2", "-1/2", "3/2", "-3/2", "k", "(-k)", "(1 - k)", "(k - 1)");
const raised = (names: readonly string[], sign: string) => fc.tuple(fc.constantFrom(...names), exponent).map(([x, e]) => `${x}${sign}${e}`);
const number = fc.oneof(raised(["a", "b", "c", "(a + b)"], "^"), fc.constantFrom("w^2", "w^-2", "(w - a)^2", "3^(1/2)", "2^(-1/2)"));
const column = fc.oneof(raised(["u", "v", "(u + v)"], ".^"), fc.constantFrom("z.^2", "z.^-2", "(z - u).^2"));
const product = (part: fc.Arbitrary<string>, sign: string) => fc.array(part, { minLength: 2, maxLength: 3 }).map((p) => p.join(sign));

describe("powers under one exponent", () => {
  for (const [kind, value] of [
    ["numbers", fc.tuple(product(number, "*"), fc.constantFrom("", " - 2/3*a")).map(([p, more]) => p + more)],
    ["vectors", fc.tuple(number, product(column, " .* ")).map(([c, p]) => `${c}*(${p})`)],
  ] as const)
    it(`keep the values of ${kind}`, async () => {
      await fc.assert(
        fc.asyncProperty(value, async (written) => {
          const { answer, checked } = await ownAnswer({ declarations, expr: `s*(${written})`, wrt: "s" });
          expect(checked, `${written} as ${answer.ascii}`).toMatchObject({ verdict: "agrees" });
        }),
        { numRuns: 120 },
      );
    }, 120_000);
});
