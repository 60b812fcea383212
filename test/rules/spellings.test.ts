// How functions of the library are called and printed: spellings that depend on the number
// of arguments, on the axis, or on an exponent. What is printed reads back as the same term.

import { describe, expect, it } from "vitest";
import { parseExpression } from "../../src/elaborate/elaborate.ts";
import { variable } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { scalarShape, shapeOf } from "../../src/expr/shape.ts";
import { type Format, print } from "../../src/print/print.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

const { functions } = standardLibrary();
const variables = [
  ...["u", "v", "x"].map((name) => variable(name, shapeOf("n"))),
  variable("A", shapeOf("n", "n")),
  variable("X", shapeOf("m", "n")),
  ...["k", "p"].map((name) => variable(name, scalarShape())),
];
const read = (text: string): Expr => {
  const parsed = parseExpression(text, { variables, functions, dims: ["m", "n"] });
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  return parsed.expr;
};
const written = (term: Expr, format: Format): string => print(term, { format, functions });

/** Text, what it is printed as in ASCII, and in Unicode where that differs. */
const SPELLINGS: readonly (readonly [text: string, ascii: string, unicode?: string])[] = [
  ["sum(X, 1)", "colsum(X)"],
  ["sum(X, 2)", "rowsum(X)"],
  ["mean(X, 1)", "colmean(X)"],
  ["mean(X, 2)", "rowmean(X)"],
  ["rowsums(X)", "rowsum(X)"],
  ["max(x)", "max(x)"],
  ["max(u, v)", "max(u, v)"],
  ["min(x)", "min(x)"],
  ["norm(x, p)", "norm(x, p)"],
  ["norm(x)", "norm2(x)"],
  ["log_2(x)", "log2(x)"],
  ["log_10(x)", "log10(x)"],
  ["Γ(x)", "gamma(x)"],
  ["determinant(A)", "det(A)"],
  ["hadamard_product(u, v)", "u .* v", "u ⊙ v"],
  ["kronecker_product(A, X)", "kron(A, X)", "A ⊗ X"],
  ["huber(x)", "huber(x)"],
  ["huber(x, k)", "huber(x, k)"],
  ["A^-1", "inv(A)", "A⁻¹"],
  ["A⁻¹", "inv(A)", "A⁻¹"],
  ["A^-T", "inv(A)'", "A⁻ᵀ"],
  ["A^-2", "inv(A)^2", "(A⁻¹)²"],
  ["A^(1/2)", "sqrtm(A)"],
  ["A^(-1/2)", "inv(sqrtm(A))", "sqrtm(A)⁻¹"],
  ["A^k", "A^k"],
  ["u.^v", "u.^v"],
  ["k.^x", "k.^x"],
  ["x.^k", "x.^k"],
];

describe("spellings", () => {
  for (const [text, ascii, unicode = ascii] of SPELLINGS)
    it(`${text} is printed ${unicode}`, () => {
      const term = read(text);
      expect(written(term, "ascii")).toBe(ascii);
      expect(written(term, "unicode")).toBe(unicode);
      for (const format of ["ascii", "unicode"] as const) expect(read(written(term, format))).toBe(term);
    });

  it("an axis is 1 or 2", () => {
    expect(() => read("sum(X, 3)")).toThrow(/sum takes 1 argument/);
    expect(() => read("atan2(u, v, x)")).toThrow(/atan2 takes 2 arguments/);
  });
});
