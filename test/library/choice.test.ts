// What callers choose beside an expression: a choice that there is not is refused by every function
// that takes it, and several variables by those that give one answer.

import { describe, expect, it } from "vitest";
import {
  check,
  checkClaim,
  checkGradientAt,
  checkSteps,
  compile,
  derive,
  differentiate,
  evaluate,
  exportCode,
  gradient,
  hvp,
  type Question,
  vjp,
} from "../../src/index.ts";

const QUESTION = { expr: "sum(x.^3)", wrt: "x", vars: { x: ["n"] } } as const;
/** Each takes any of the choices. */
const TAKERS: Readonly<Record<string, (choice: object) => unknown>> = {
  differentiate: (choice) => differentiate({ ...QUESTION, ...choice } as Question),
  evaluate: (choice) => evaluate({ ...QUESTION, at: { x: [1, 2] }, ...choice }),
  exportCode: (choice) => exportCode({ ...QUESTION, target: "numpy", ...choice }),
  compile: (choice) => compile({ ...QUESTION, ...choice }),
  check: (choice) => check({ ...QUESTION, answer: "3*(x.^2)'", ...choice }),
  derive: (choice) => derive({ ...QUESTION, ...choice }),
  checkClaim: (choice) => checkClaim({ claim: "d(x^2)/dx = 2*x", ...choice }),
  checkSteps: (choice) => checkSteps({ steps: "f = x^2; df/dx = 2*x", ...choice }),
  checkGradientAt: (choice) => checkGradientAt({ ...QUESTION, at: { x: [1, 2] }, ...choice }),
};

const CHOICES: readonly (readonly [choice: object, message: string])[] = [
  [{ order: 0 }, "an order is a whole number from 1 to 6"],
  [{ order: -1 }, "an order is a whole number from 1 to 6"],
  [{ order: 1.5 }, "an order is a whole number from 1 to 6"],
  [{ layout: "foo" }, '"foo" is no layout'],
  [{ symmetry: "foo" }, '"foo" is no convention for symmetric variables'],
];

const refusal = (message: string) => ({ ok: false, diagnostics: [{ message }] });

describe.each(Object.entries(TAKERS))("%s", (_, take) => {
  it.each(CHOICES)("refuses %o", async (choice, message) => {
    expect(await take(choice)).toMatchObject(refusal(message));
  });
});

describe("outputs of a program", () => {
  it.each([
    [["value", "hesian"], '"hesian" is no output of a program'],
    [[], "no output is asked for"],
  ])("%o are refused", (outputs, message) => {
    expect(exportCode({ ...QUESTION, target: "numpy", outputs } as never)).toMatchObject(refusal(message));
  });
});

describe("one answer", () => {
  it.each([gradient, vjp, hvp])("is not given of several variables: %o", (ask) => {
    const asked = ask({ expr: "sum(x .* y)", wrt: ["x", "y"], vars: { x: ["n"], y: ["n"] } });
    expect(asked).toMatchObject(refusal("there is an answer for each of the variables, and one can be given"));
  });
});
