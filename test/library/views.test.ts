// The views of a derivative with more than two axes: their texts, and that each of them is
// what numeric differentiation gives.

import { describe, expect, it } from "vitest";
import { type Answer, differentiate, type Refusal, type ViewName } from "../../src/index.ts";
import { solve } from "../../src/library/answer/solve.ts";
import { openCheck } from "../../src/library/numbers/verify.ts";

function answered(answer: Answer | Refusal): Answer {
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
}

const view = (answer: Answer, name: ViewName, format: "ascii" | "unicode" | "latex" = "ascii"): string | undefined =>
  answer.views.find((v) => v.name === name)?.[format];

const checker = await openCheck();

describe("a derivative of more than two axes", () => {
  it("comes in four views", () => {
    const answer = answered(differentiate({ expr: "A*X*B", wrt: "X", vars: { A: ["m", "n"], X: ["n", "k"], B: ["k", "p"] } }));
    expect(answer.layout).toBe("vec");
    expect(answer.notation).toBe("matrix");
    expect(answer.views.map((v) => v.name)).toEqual(["differential", "index", "vec", "einsum"]);
    expect(view(answer, "differential")).toBe("dY = A*dX*B");
    expect(view(answer, "index")).toMatch(/^dY\[i,j\]\/dX\[(\w),(\w)\] = A\[i,\1\]\*B\[\2,j\]$/);
    expect(view(answer, "index", "unicode")).toMatch(/^∂Y\[i,j\]\/∂X\[(\w),(\w)\] = A\[i,\1\] B\[\2,j\]$/);
    expect(view(answer, "index", "latex")).toContain("\\frac{\\partial \\mathbf{Y}_{i,j}}{\\partial \\mathbf{X}_");
    expect(view(answer, "vec")).toBe("kron(B', A)");
    expect(view(answer, "einsum")).toBe("np.einsum('ik,jl->ijkl', A, B.T)");
  });

  it("is written with the label along a row that is differentiated by", () => {
    const answer = answered(differentiate({ expr: "X'*X", wrt: "X[i,:]", vars: { X: ["m", "n"] } }));
    expect(view(answer, "index")).toBe("dY[j,k]/dX[i,l] = X[i,j]*delta[k,l] + X[i,k]*delta[j,l]");
  });

  it("is written by entries where a Kronecker product holds the variable twice", () => {
    const answer = answered(differentiate({ expr: "kron(rowsoftmax(A), A)", wrt: "A", vars: { A: ["m", "n"] } }));
    expect(answer.notation).toBe("entries");
    expect(answer.shape).toEqual(["m*m*n*n", "m*n"]);
  }, 60_000);

  it("is answered where there is no vec form", () => {
    const answer = answered(differentiate({ expr: "exp(X)*y", wrt: "X", order: 2, vars: { X: ["m", "n"], y: ["n"] } }));
    expect(answer.notation).toBe("entries");
    expect(answer.shape).toEqual(["m*m*n", "m*n"]);
    expect(answer.ascii).toMatch(/^sum_/);
    expect(view(answer, "vec")).toBeUndefined();
    expect(view(answer, "index", "unicode")).toBe("∂²z[i]/∂X[j,k]∂X[l,p] = exp(X[i,k]) y[k] δ[k,p] δ[i,j] δ[i,l]");
    expect(view(answer, "einsum")).toBe("np.einsum('kp,ij,il,ik,k->ijklp', np.eye(n), np.eye(m), np.eye(m), np.exp(X), y)");
  });

  it("uses names that are free", () => {
    const answer = answered(differentiate({ expr: "Y*X*dX*i", wrt: "X", vars: { Y: ["m", "m"], X: ["m", "m"], dX: ["m", "m"], i: [] } }));
    expect(view(answer, "differential")).toMatch(/^dZ = /);
    expect(view(answer, "differential")).not.toContain("dX*dX");
    expect(view(answer, "index")).not.toContain("[i,");
  });
});

describe("a derivative of two axes", () => {
  it("has the views that are asked for and no others", () => {
    const vars = { A: ["m", "n"], x: ["n"] } as const;
    expect(answered(differentiate({ expr: "A*x", wrt: "x", vars })).views).toEqual([]);
    const answer = answered(differentiate({ expr: "A*x", wrt: "x", vars, views: ["index", "differential"] }));
    expect(answer.views.map((v) => v.ascii)).toEqual(["dy = A*dx", "dy[i]/dx[j] = A[i,j]"]);
  });
});

// Every structural operator in some derivative of three or four axes.
// biome-ignore format: a table is read by columns
const RIGHT: readonly (readonly [expr: string, wrt: string, order?: number, declarations?: string])[] = [
  ["A*X*B",                  "X"],
  ["X'*X",                   "X"],
  ["X*A*X'",                 "X"],
  ["X.*X",                   "X"],
  ["X.*X*X",                 "X"],
  ["sin(X)*Y",               "X"],
  ["exp(X) ./ (1 + exp(X))", "X"],
  ["inv(X)",                 "X", 1, "X : invertible(n)"],
  ["X.^3",                   "X"],
  ["X/sum(X.^2)",            "X"],
  ["tr(X)*X",                "X"],
  ["diag(x)",                "x"],
  ["x*x'",                   "x"],
  ["x*y'",                   "y"],
  ["diag(x)*A*diag(x)",      "x"],
  ["A*x",                    "A"],
  ["x.*(A*x)",               "A"],
  ["tanh(A*x)",              "A"],
  ["diag(X)",                "X"],
  ["vec(X)",                 "X"],
  ["kron(X, A)",             "X"],
  ["kron(x, A)",             "x"],
  ["exp(A*x)",               "x", 2],
  ["x.^3",                   "x", 2],
  ["sum(x.^4)",              "x", 3],
  ["exp(w·x)",               "x", 3],
  ["(x·x)^2",                "x", 3],
  ["sum(exp(X*w))",          "X", 2],
  ["tr(X'*A*X)",             "X", 2],
  ["X*X",                    "X", 2],
  ["max(0, A*x)",            "A"],
  ["f(A*x)",                 "A", 1, "f : elementwise"],
];

describe("every view agrees with the numbers", () => {
  for (const [expr, wrt, order = 1, declarations = ""] of RIGHT)
    it(`${expr} by ${wrt}${order > 1 ? `, order ${order}` : ""}`, () => {
      const solved = solve({ expr, declarations }, [wrt], "derivative", { order });
      if (!solved.ok) throw new Error(solved.diagnostics[0]?.message);
      const part = solved.parts[0] as (typeof solved.parts)[number];
      expect(part.views.map((v) => v.kind)).toContain("index");
      expect(part.views.map((v) => v.kind)).toContain("einsum");
      const { verdict, reason } = checker(solved.stated, part, "ascii");
      expect(reason === undefined ? verdict : `${verdict}: ${reason}`).toBe("agrees");
    });
});

describe("a wrong view is found out", () => {
  it("in every kind of view", () => {
    const [right, wrong] = ["A*X*B", "A*X*B.*2"].map((expr) => {
      const solved = solve({ expr, vars: { A: ["m", "n"], X: ["n", "k"], B: ["k", "p"] } }, ["X"], "derivative");
      if (!solved.ok) throw new Error(solved.diagnostics[0]?.message);
      return solved;
    }) as [Extract<ReturnType<typeof solve>, { ok: true }>, Extract<ReturnType<typeof solve>, { ok: true }>];
    const part = right.parts[0] as (typeof right.parts)[number];
    for (const view of (wrong.parts[0] as (typeof wrong.parts)[number]).views) {
      const { verdict, reason } = checker(right.stated, { ...part, views: [view] }, "ascii");
      expect(`${verdict}: ${reason}`).toBe(`differs: its ${view.kind} form differs: the values differ`);
    }
  });
});
