// Derivatives by a symmetric variable: the three conventions by name, each held against
// numeric differentiation under that convention and refuted under another.

import { describe, expect, it } from "vitest";
import { type Answer, check, derive, differentiate, evaluate, gradient, hessian, SYMMETRIES, type Symmetry } from "../../src/index.ts";

const declarations = "S : symmetric(n); P : posdef(n); A, B : matrix(n, n); M : matrix(m, n); x, y : vector(n)";

/** What is differentiated, by S or P, and the gradient under each convention. */
const CASES: readonly (readonly [expr: string, symmetric: string, entries: string, free: string])[] = [
  ["tr(A*S)", "(A + A')/2", "A + A' - diag(diag(A))", "A'"],
  ["x'*S*x", "x*x'", "2*x*x' - diag(x.^2)", "x*x'"],
  ["x'*S*y", "(x*y' + y*x')/2", "x*y' + y*x' - diag(x.*y)", "x*y'"],
  ["logdet(S)", "inv(S)", "2*inv(S) - diag(diag(inv(S)))", "inv(S)"],
  ["logdet(P)", "inv(P)", "2*inv(P) - diag(diag(inv(P)))", "inv(P)"],
  ["tr(S^3)", "3*S^2", "6*S^2 - 3*diag(diag(S^2))", "3*S^2"],
  ["sum(S)", "ones(n,n)", "2*ones(n,n) - eye(n)", "ones(n,n)"],
  [
    "tr(A*S*B*S)",
    "(A*S*B + B*S*A + A'*S*B' + B'*S*A')/2",
    "A*S*B + B*S*A + A'*S*B' + B'*S*A' - diag(diag(A*S*B + B*S*A))",
    "A'*S*B' + B'*S*A'",
  ],
];
const by = (expr: string): string => (expr.includes("P") ? "P" : "S");

const answered = (answer: ReturnType<typeof differentiate>): Answer => {
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
};

describe("the gradient by a symmetric matrix", () => {
  for (const [expr, ...forms] of CASES)
    SYMMETRIES.forEach((symmetry, i) => {
      const question = { expr, wrt: by(expr), declarations, layout: "mixed", symmetry } as const;

      it(`${expr}, ${symmetry}: ${forms[i]}`, async () => {
        const answer = answered(differentiate(question));
        expect(answer.symmetry).toBe(symmetry);
        expect(await check({ ...question, answer: answer.ascii })).toMatchObject({ verdict: "agrees" });
        // Equal to the stated form: both are right, and the check of the stated one can fail.
        expect(await check({ ...question, answer: forms[i] as string })).toMatchObject({ verdict: "agrees" });
        const others = forms.filter((f) => f !== forms[i]);
        for (const other of others) expect(await check({ ...question, answer: other })).toMatchObject({ verdict: "differs" });
      });
    });

  it("has the short forms of the literature", () => {
    const text = (expr: string, symmetry: Symmetry): string => answered(differentiate({ expr, wrt: "S", declarations, symmetry })).ascii;
    expect(text("tr(A*S)", "symmetric")).toBe("(A + A')/2");
    expect(text("tr(A*S)", "entries")).toBe("A + A' - diag(diag(A))");
    expect(text("logdet(S)", "symmetric")).toBe("inv(S)");
    expect(text("logdet(S)", "entries")).toBe("2*inv(S) - diag(diag(inv(S)))");
    expect(text("tr(inv(S)*A)", "symmetric")).toBe("-1/2*inv(S)*(A + A')*inv(S)");
  });

  it("is sym(G) unless another convention is asked for", () => {
    const question = { expr: "tr(A*S)", wrt: "S", declarations };
    expect(answered(differentiate(question))).toMatchObject({ symmetry: "symmetric", ascii: "(A + A')/2" });
    expect(answered(gradient(question))).toMatchObject({ symmetry: "symmetric", ascii: "(A + A')/2" });
    expect(answered(gradient({ ...question, symmetry: "free" }))).toMatchObject({ symmetry: "free", ascii: "A'" });
  });

  it("a stated answer is compared with sym(G) unless another convention is stated", async () => {
    const question = { expr: "tr(A*S)", wrt: "S", declarations };
    expect(await check({ ...question, answer: "(A + A')/2" })).toMatchObject({ verdict: "agrees" });
    expect(await check({ ...question, answer: "A" })).toMatchObject({ verdict: "differs" });
    expect(await check({ ...question, symmetry: "free", answer: "A" })).toMatchObject({ verdict: "agrees" });
  });
});

describe("derivatives with more axes", () => {
  for (const expr of ["S*x", "M*inv(P)*y", "S*A", "A*S*B", "S.^2", "S.*A"])
    for (const symmetry of SYMMETRIES)
      it(`${expr}, ${symmetry}`, async () => {
        const question = { expr, wrt: by(expr), declarations, layout: "vec", symmetry } as const;
        const answer = answered(differentiate(question));
        expect(answer).toMatchObject({ symmetry, layout: "vec" });
        expect(await check({ ...question, answer: answer.ascii })).toMatchObject({ verdict: "agrees" });
      });

  it("the three differ", async () => {
    const text = SYMMETRIES.map((symmetry) => answered(differentiate({ expr: "S*x", wrt: "S", declarations, symmetry })).ascii);
    expect(new Set(text).size).toBe(3);
    expect(text[2]).toBe("kron(x', eye(n))");
    expect(await check({ expr: "S*x", wrt: "S", declarations, symmetry: "symmetric", answer: text[2] as string })).toMatchObject({
      verdict: "differs",
    });
  });
});

describe("where there is nothing to choose", () => {
  it("answers by other variables and of other orders carry no convention", () => {
    for (const question of [
      { expr: "x'*S*x", wrt: "x" },
      { expr: "tr(A*B)", wrt: "A" },
      { expr: "tr(S*S)", wrt: "S", order: 2 },
    ])
      expect(answered(differentiate({ ...question, declarations, symmetry: "entries" }))).not.toHaveProperty("symmetry");
    expect(answered(hessian({ expr: "tr(S*S)", wrt: "S", declarations }))).not.toHaveProperty("symmetry");
    expect(answered(differentiate({ expr: "s^2", wrt: "s", declarations: "s : symmetric(1)" }))).not.toHaveProperty("symmetry");
  });

  it("a number as a function of a symmetric matrix that does not occur is 0 under each", () => {
    for (const symmetry of SYMMETRIES)
      expect(answered(differentiate({ expr: "x'*x", wrt: "S", declarations, symmetry }))).toMatchObject({ symmetry, ascii: "zeros(n,n)" });
  });

  it("the derivative by an entry and derivations take all entries as independent", () => {
    const entry = answered(differentiate({ expr: "tr(A*S)", wrt: "S[1,2]", declarations: "S : symmetric(3); A : matrix(3,3)" }));
    expect(entry).toMatchObject({ symmetry: "free", ascii: "A[2,1]" });
    const steps = derive({ expr: "tr(A*S)", wrt: "S", declarations });
    expect(steps.ok && steps.ascii).not.toContain("/2");
  });
});

describe("values of a derivative", () => {
  it("are those of the answer", async () => {
    const question = { expr: "tr(A*S)", wrt: "S", declarations };
    const at = {
      A: [
        [1, 2],
        [4, 3],
      ],
      S: [
        [1, 0],
        [0, 1],
      ],
    };
    const values = await Promise.all([
      evaluate({ ...question, at }),
      evaluate({ ...question, at, symmetry: "entries" }),
      evaluate({ ...question, at, symmetry: "free" }),
    ]);
    expect(values.map((v) => v.ok && v.value)).toEqual([
      [
        [1, 3],
        [3, 3],
      ],
      [
        [1, 6],
        [6, 3],
      ],
      [
        [1, 2],
        [4, 3],
      ],
    ]);
  });
});
