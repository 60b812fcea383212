// Terms as NumPy code: vectors have one axis, positions count from 0.

import { describe, expect, it } from "vitest";
import { numpyCode, pythonName } from "../../src/codegen/numpy.ts";
import { parse } from "../../src/index.ts";

const vars = { x: ["n"], y: ["n"], z: ["m"], A: ["m", "n"], B: ["n", "n"], C: ["n", "n"], t: [] } as const;

function code(text: string): string {
  const parsed = parse(text, { vars, dims: ["k"] });
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  return numpyCode(parsed.expr);
}

// biome-ignore format: a table is read by columns
const CODE: readonly (readonly [text: string, code: string])[] = [
  ["A*x",                    "A @ x"],
  ["x'*y",                   "x @ y"],
  ["z*x'",                   "np.outer(z, x)"],
  ["x.*y",                   "x * y"],
  ["2*A'",                   "2 * A.T"],
  ["(B + C)*x",              "(B + C) @ x"],
  ["B*(C*x)",                "B @ (C @ x)"],
  ["x - y",                  "x - y"],
  ["x - (y - x)",            "x - (y - x)"],
  ["-x.^2",                  "-x**2"],
  ["(t + 1)^2/t",            "(t + 1)**2 / t"],
  ["B^3",                    "np.linalg.matrix_power(B, 3)"],
  ["inv(B)*x",               "np.linalg.inv(B) @ x"],
  ["expm(B)*x",              "scipy.linalg.expm(B) @ x"],
  ["eigmin(B + B')",         "np.linalg.eigvalsh(B + B.T)[0]"],
  ["B^(1/3)",                "scipy.linalg.fractional_matrix_power(B, 1 / 3)"],
  ["exp(A*x)",               "np.exp(A @ x)"],
  ["max(0, x)",              "np.maximum(np.full(n, 0), x)"],
  ["sigmoid(x)",             "1/(1 + np.exp(-x))"],
  ["diag(x)*B",              "np.diag(x) @ B"],
  ["tr(B)",                  "np.trace(B)"],
  ["kron(B, C)",             "np.kron(B, C)"],
  ["vec(A)",                 'A.ravel("F")'],
  ["ones(n)",                "np.ones(n)"],
  ["ones(m,n)",              "np.ones((m, n))"],
  ["eye(n)",                 "np.eye(n)"],
  ["A[2,3]",                 "A[1, 2]"],
  ["A[:,1]",                 "A[:, 0]"],
  ["x[k]",                   "x[k - 1]"],
  ["[x; z]",                 "np.concatenate([np.atleast_1d(x), np.atleast_1d(z)])"],
  ["sum_i x[i]*y[i]",        "sum(x[i] * y[i] for i in range(n))"],
  ["pi*t/n",                 "np.pi * t / n"],
];

describe("NumPy code", () => {
  for (const [text, expected] of CODE)
    it(`of ${text}`, () => {
      expect(code(text)).toBe(expected);
    });

  it("has names that Python takes", () => {
    expect(pythonName("lambda")).toBe("lambda_");
    expect(pythonName("x′")).toBe("x_");
  });

  it("of a deep term needs no stack", () => {
    const deep = `${"sin(".repeat(5000)}t${")".repeat(5000)}`;
    expect(code(deep).length).toBeGreaterThan(5000);
  });
});
