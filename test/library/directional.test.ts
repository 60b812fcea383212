// Derivatives beyond the plain one, as a program asks for them: their texts, that numbers
// agree with them, and that wrong ones are refuted.

import { describe, expect, it } from "vitest";
import { type Answer, check, differential, differentiate, hessian, hvp, jvp, type Refusal, vjp } from "../../src/index.ts";
import type { Choice, Kind } from "../../src/library/answer/asked.ts";
import { solve } from "../../src/library/answer/solve.ts";
import { openCheck } from "../../src/library/numbers/verify.ts";

function answered(answer: Answer | Refusal): Answer {
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
}
const refusal = (answer: Answer | Refusal): string => (answer.ok ? "answered" : (answer.diagnostics[0]?.message ?? ""));

const checker = await openCheck();

/** The verdict on the first answer of a question. */
function verdict(expr: string, wrt: readonly string[], kind: Kind, choice: Choice = {}, declarations = ""): string {
  const solved = solve({ expr, declarations }, wrt, kind, choice);
  if (!solved.ok) throw new Error(solved.diagnostics[0]?.message);
  const part = solved.parts[0] as (typeof solved.parts)[number];
  const { verdict: found, reason } = checker(solved.stated, part, "ascii");
  return reason === undefined ? found : `${found}: ${reason}`;
}

const MATRICES = { A: ["p", "m"], X: ["m", "n"], B: ["n", "q"] } as const;

describe("a directional derivative", () => {
  it("has the shape of the value", () => {
    const answer = answered(jvp({ expr: "A*X*B", wrt: "X", along: "V", vars: MATRICES }));
    expect(answer.ascii).toBe("A*V*B");
    expect(answer.shape).toEqual(["p", "q"]);
    expect(answer.along).toBe("V");
    expect(answer.layout).toBeUndefined();
  });

  it("goes along a new name, a known one, or an expression", () => {
    const vars = { X: ["n", "n"], u: ["n"], w: ["n"] } as const;
    const fresh = answered(jvp({ expr: "inv(X)", wrt: "X", along: "D", vars }));
    expect(fresh.ascii).toBe("-inv(X)*D*inv(X)");
    expect(fresh.assumptions).toContain("D has the shape of X");
    expect(answered(jvp({ expr: "inv(X)", wrt: "X", along: "u*w'", vars })).ascii).toBe("-inv(X)*u*w'*inv(X)");
    expect(answered(jvp({ expr: "x'*S*x", wrt: "x", along: "x", declarations: "S : symmetric(n)" })).ascii).toBe("2*x'*S*x");
  });

  it("takes sizes from the variable where an expression leaves them open", () => {
    expect(answered(jvp({ expr: "X*y", wrt: "X", along: "1", vars: { X: ["m", "n"], y: ["n"] } })).shape).toEqual(["m", "1"]);
  });

  it("moves several variables together", () => {
    expect(verdict("X*y", ["X", "y"], "jvp", { along: ["V", "u"] })).toBe("agrees");
    expect(refusal(jvp({ expr: "X*y", wrt: ["X", "y"], along: ["V"] }))).toContain("2 variables and 1 direction");
  });

  it("refuses a direction of another shape", () => {
    expect(refusal(jvp({ expr: "A*x", wrt: "x", along: "A", vars: { A: ["m", "n"], x: ["n"] } }))).toMatch(/shape|n×1|m×n/);
  });

  it("agrees with the numbers", () => {
    for (const [expr, wrt, along, declarations = ""] of [
      ["A*X*B", "X", "V"],
      ["X*Y*X", "X", "V"],
      ["inv(X)", "X", "V", "X : invertible(n)"],
      ["exp(A*x)", "x", "v"],
      ["x'*A*x", "x", "2*x"],
      ["diag(x)*A*diag(x)", "x", "v"],
      ["sum(sin(X).^2)", "X", "X"],
      ["x*x'", "x", "v"],
    ] as const)
      expect(verdict(expr, [wrt], "jvp", { along: [along] }, declarations), expr).toBe("agrees");
  });
});

describe("a gradient taken back", () => {
  it("has the shape of the variable", () => {
    const answer = answered(vjp({ expr: "A*X*B", wrt: "X", upstream: "U", vars: MATRICES }));
    expect(answer.ascii).toBe("A'*U*B'");
    expect(answer.shape).toEqual(["m", "n"]);
    expect(answered(vjp({ expr: "A*X*B", wrt: "X", vars: MATRICES })).upstream).toBe("U");
  });

  it("agrees with the numbers", () => {
    for (const [expr, wrt] of [
      ["A*x", "x"],
      ["A*X*B", "A"],
      ["tanh(X*w)", "X"],
      ["x*x'", "x"],
      ["X'*X", "X"],
      ["exp(x'*A*x)", "A"],
    ] as const)
      expect(verdict(expr, [wrt], "vjp"), expr).toBe("agrees");
  });
});

describe("a Hessian times a vector", () => {
  it("has the shape of the variable", () => {
    expect(answered(hvp({ expr: "x'*S*x", wrt: "x", along: "v", declarations: "S : symmetric(n)" })).ascii).toBe("2*S*v");
    expect(answered(hvp({ expr: "tr(X'*X)", wrt: "X", along: "V", vars: { X: ["m", "n"] } })).shape).toEqual(["m", "n"]);
  });

  it("holds the direction fixed where it is made of the variable", () => {
    // ∇²(xᵀx)² x = (4 xᵀx I + 8 x xᵀ) x
    expect(verdict("(x'*x)^2", ["x"], "hvp", { along: ["x"] })).toBe("agrees");
    expect(verdict("sum(exp(A*x))", ["x"], "hvp", { along: ["v"] })).toBe("agrees");
  });

  it.each([
    ["logdet(X)", "posdef(n)"],
    ["tr(X^3)", "symmetric(n)"],
    ["tr(inv(X)*A)", "posdef(n)"],
    ["tr(X*A*X*B)", "symmetric(n)"],
    ["tr(X*X)", "diagonal(n)"],
    ["norm2(X*a)^2", "skew(n)"],
  ])("of %s moves the entries of X : %s one by one", (expr, type) => {
    const others = "A, B : matrix(n, n); a : vector(n)";
    expect(verdict(expr, ["X"], "hvp", { along: ["V"] }, `X : ${type}; V : matrix(n, n); ${others}`)).toBe("agrees");
  });

  it("belongs to a number", () => {
    expect(refusal(hvp({ expr: "A*x", wrt: "x", along: "v" }))).toContain("a Hessian belongs to a number");
  });
});

describe("a differential", () => {
  it("is linear in the differentials of all variables that move", () => {
    expect(answered(differential({ expr: "A*X*B", wrt: "X", vars: MATRICES })).ascii).toBe("A*dX*B");
    const all = answered(differential({ expr: "X*y", declarations: "X : matrix(m, n); y : vector(n)" }));
    expect(all.wrt).toBe("X, y");
    expect(all.ascii).toContain("dX*y");
    expect(all.ascii).toContain("X*dy");
    expect(all.latex).toContain("\\mathrm{d}\\mathbf{X}");
  });

  it("leaves constants in peace", () => {
    expect(answered(differential({ expr: "X*y", declarations: "X : matrix(m, n); y : constant vector(n)" })).wrt).toBe("X");
  });

  it("moves a symmetric matrix among symmetric ones", () => {
    const answer = answered(differential({ expr: "tr(S*A)", wrt: "S", declarations: "S : symmetric(n); A : matrix(n, n)" }));
    expect(answer.ok && answer.ascii).toMatch(/dS/);
    expect(verdict("S*A*S'", ["S"], "differential", {}, "S : symmetric(n); A : matrix(n, n)")).toBe("agrees");
  });

  it("avoids a name that is taken", () => {
    expect(answered(differential({ expr: "x*dx", wrt: "x", vars: { x: [], dx: [] } })).ascii).not.toBe("dx*dx");
  });
});

describe("a mixed derivative", () => {
  it("has the first variable along the rows and the last along the columns", () => {
    const vars = { x: ["m"], A: ["m", "n"], y: ["n"] } as const;
    expect(answered(hessian({ expr: "x'*A*y", wrt: ["x", "y"], vars })).ascii).toBe("A");
    expect(answered(hessian({ expr: "x'*A*y", wrt: ["y", "x"], vars })).ascii).toBe("A'");
    expect(answered(differentiate({ expr: "x'*A*y", wrt: ["x", "y"], vars })).shape).toEqual(["m", "n"]);
  });

  it("agrees with the numbers", () => {
    for (const [expr, wrt] of [
      ["exp(x'*A*y)", ["x", "y"]],
      ["sum(X*x)^2", ["x", "X"]],
      ["t^3*sum(x.^2)", ["t", "x"]],
      ["t^3*sum(x.^2)", ["x", "t"]],
      ["x'*A*x", ["x[i]", "x[j]"]],
      ["t^2*A*X", ["t", "X"]],
    ] as const)
      expect(verdict(expr, wrt, "derivative", { mixed: true }), `${expr} by ${wrt}`).toBe("agrees");
  });
});

describe("an order", () => {
  it("may be any, of anything", () => {
    for (const [expr, wrt, order] of [
      ["sum(x.^4)", "x", 3],
      ["sum(x.^4)", "x", 4],
      ["exp(A*x)", "x", 2],
      ["x*x'", "x", 2],
      ["t^5", "t", 3],
      ["t^5*A", "t", 3],
      ["X'*X", "X", 2],
      ["x'*A*x", "x[2]", 2],
    ] as const)
      expect(verdict(expr, [wrt], "derivative", { order }), `${expr}, order ${order}`).toBe("agrees");
    expect(answered(differentiate({ expr: "t^5", wrt: "t", order: 3 })).ascii).toBe("60*t^2");
    expect(refusal(differentiate({ expr: "t^5", wrt: "t", order: 0 }))).toContain("an order is a whole number");
  });

  it("beyond two is compared with the order below", () => {
    expect(verdict("sum(exp(A*x))", ["x"], "derivative", { order: 3 })).toBe("agrees");
  });
});

describe("a derivative by one entry", () => {
  it("has a position, as a number or a name", () => {
    expect(answered(differentiate({ expr: "A*X*B", wrt: "X[2,3]", vars: MATRICES })).ascii).toBe("A[:,2]*B[3,:]");
    expect(answered(differentiate({ expr: "A*X*B", wrt: "X[i,j]", vars: MATRICES })).ascii).toBe("A[:,i]*B[j,:]");
    expect(answered(differentiate({ expr: "x'*x", wrt: "x_i", vars: { x: ["n"] } })).wrt).toBe("x[i]");
  });

  it("agrees with the numbers in every layout", () => {
    for (const layout of ["numerator", "denominator", "mixed", "vec"] as const)
      for (const [expr, wrt] of [
        ["A*X*B", "X[i,j]"],
        ["X*y", "X[1,2]"],
        ["x'*A*x", "x_i"],
      ] as const)
        expect(verdict(expr, [wrt], "derivative", { layout }), `${expr}, ${layout}`).toBe("agrees");
  });
});

describe("a claim about them", () => {
  const claim = async (question: Parameters<typeof check>[0]): Promise<string> => {
    const found = await check(question);
    return found.ok ? found.verdict : (found.diagnostics[0]?.message ?? "");
  };
  const vars = { X: ["n", "n"], V: ["n", "n"], U: ["n", "n"], x: ["n"], y: ["n"], v: ["n"] } as const;

  it("is upheld or refuted by the numbers", async () => {
    for (const [question, right, wrong] of [
      [{ expr: "X*X", wrt: "X", along: "V" }, "X*V + V*X", "2*X*V"],
      [{ expr: "X*X", wrt: "X", upstream: "U" }, "X'*U + U*X'", "X*U + U*X"],
      [{ expr: "(x'*x)^2", wrt: "x", along: "v", order: 2 }, "4*(x'*x)*v + 8*x*(x'*v)", "4*(x'*x)*v"],
      [{ expr: "x'*X*y", wrt: ["x", "y"] }, "X", "X'"],
      [{ expr: "sum(x.^3)", wrt: "x", order: 2 }, "6*diag(x)", "3*diag(x)"],
    ] as const) {
      expect(await claim({ ...question, vars, answer: right }), `${right}`).toBe("agrees");
      expect(await claim({ ...question, vars, answer: wrong }), `${wrong}`).toBe("differs");
    }
  });
});
