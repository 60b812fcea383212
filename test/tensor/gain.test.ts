// Which products are worth multiplying out: those in which terms meet, cancel, or lose a power.

import { describe, expect, it } from "vitest";
import { parseDeclarations, parseExpression } from "../../src/elaborate/elaborate.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { toTensor } from "../../src/tensor/convert/convert.ts";
import type { Tensor } from "../../src/tensor/form/tensor.ts";
import { expand } from "../../src/tensor/simplify/expand.ts";
import { mayGain } from "../../src/tensor/simplify/gain.ts";

const library = standardLibrary();
const declared = parseDeclarations("a, b, c, d, x, y : scalar; u, v, w : vector(n); A, B, C, D : matrix(n, n)");

function gains(text: string): boolean {
  if (!declared.ok) throw new Error("the declarations are read");
  const parsed = parseExpression(text, { variables: declared.variables, functions: library.functions, dims: ["n"] });
  if (!parsed.ok) throw new Error(text);
  const tensor = toTensor(parsed.expr, { find: library.find });
  return mayGain(tensor, expand(tensor) as Tensor);
}

describe("a product multiplied out", () => {
  it.each([
    "a*(b + c)",
    "a*(b + c)*(x - y)",
    "b*(b*tanh(x) - y)*a*(1 - tanh(x)^2)",
    "A'*(A*u - v)",
    "A'*diag(u - v)*A",
    "(A + B)*(C + D)",
    "(A + B)*C*(D - B)*(A - C)",
  ])("%s gains nothing", (text) => expect(gains(text)).toBe(false));

  it.each([
    ["few terms", "a*(b + c) + d"],
    ["vectors on both sides of a matrix", "diag(u)*A*diag(v - w)*B"],
    ["an identity beside a vector", "(A + eye(n))*u"],
    ["a diagonal beside a vector", "(A + B*diag(v))*u"],
    ["terms meet", "(a + b)*(a - b)*(c + d)"],
    ["a power inside meets its base outside", "x*(1 + x^2)*(a + b)"],
    ["a factor cancels", "(A + B)*(inv(B)*C + D)"],
    ["a power of a sum", "(a + b)^2*(c + d)"],
  ])("%s: %s may gain", (_, text) => expect(gains(text)).toBe(true));
});
