// Fractions inside one another and sums of fractions, in numbers and element by element: what is
// read over a common denominator is worth what was written.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownAnswer } from "../calculus/own.ts";

const declarations = "s, a, x, y : scalar; p : positive scalar; u, v : vector(n)";

const number = fc.constantFrom("x", "(x - y)", "a", "p", "2", "x^2", "sin(y)");
const below = fc.constantFrom("a", "p^2", "a^2", "(1 + x^2)", "(a^2 + (x - y)^2)", "sqrt(1 + x^2)", "sqrt(p)", "(1 + x^2)^(3/2)");
const fraction = fc.tuple(number, below).map(([n, d]) => `${n}/${d}`);
const bracket = fc
  .tuple(fc.constantFrom("1", "x", "sqrt(1 + x^2)", "x^2/(1 + x^2)"), fc.constantFrom("+", "-"), fraction)
  .map(([a, sign, f]) => `(${a} ${sign} ${f})`);
// Positive whatever the names stand for, so that it has powers.
const positive = fc.tuple(number, fc.constantFrom("a^2", "p", "(1 + x^2)")).map(([n, d]) => `(2 + (${n})^2/${d})`);
const power = fc.tuple(positive, fc.constantFrom("-1", "-2", "-1/2", "-3/2", "1/2")).map(([b, e]) => `${b}^(${e})`);
const summand = fc.tuple(fc.oneof(bracket, fraction), fc.oneof(power, fraction)).map(([a, b]) => `${a}*${b}`);

const entries = fc
  .tuple(fc.constantFrom("u", "(u - v)", "u.^2"), fc.constantFrom("(1 + u.^2)", "sqrt(1 + u.^2)", "(p^2 + (u - v).^2)", "(1 + v.^2/a^2)"))
  .map(([n, d]) => `${n} ./ ${d}`);
const columns = fc
  .tuple(entries, fc.constantFrom("+", "-"), entries, fc.constantFrom("(1 + u.^2)", "sqrt(1 + u.^2)"))
  .map(([a, sign, b, d]) => `(${a} ${sign} ${b}) ./ ${d}`);

describe("fractions", () => {
  for (const [kind, value] of [
    ["numbers", fc.array(summand, { minLength: 1, maxLength: 2 }).map((s) => s.join(" + "))],
    ["vectors", columns],
  ] as const)
    it(`of ${kind} keep their values over a common denominator`, async () => {
      await fc.assert(
        fc.asyncProperty(value, async (written) => {
          const { answer, checked } = await ownAnswer({ declarations, expr: `s*(${written})`, wrt: "s" });
          expect(checked, `${written} as ${answer.ascii}`).toMatchObject({ verdict: "agrees" });
        }),
        { numRuns: 120 },
      );
    }, 120_000);
});
