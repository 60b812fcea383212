// Sizes: equal text is the same object, whoever asks for it first.

import { expect, it } from "vitest";
import { dimConstant, dimOf } from "../../src/expr/dim.ts";
import { differentiate } from "../../src/index.ts";

it("a number that comes as its digits is the number", () => {
  expect(dimConstant(dimOf("8191"))).toBe(8191);
  expect(dimOf(8191)).toBe(dimOf("8191"));
});

it("a letter with a number below it leaves the sizes of later questions as they are", () => {
  differentiate({ expr: "x'*K_7*x", wrt: "x" });
  expect(differentiate({ expr: "[x[1]*x[7]; x[3]]", vars: { x: [7] }, wrt: "x" })).toMatchObject({ ok: true });
  expect(dimConstant(dimOf(7))).toBe(7);
});
