// Answers of linear algebra beside the forms that textbooks print: both agree with the
// numbers, and nabla's has no more operations.

import { describe, expect, it } from "vitest";
import { check, countOperations, differentiate, parse, type Question } from "../../src/index.ts";

type Choice = Partial<Pick<Question, "layout" | "order" | "symmetry">>;

interface Table {
  readonly declarations: string;
  readonly rows: readonly (readonly [expr: string, wrt: string, textbook: string, choice?: Choice])[];
}

// biome-ignore format: a table is read by columns
const TABLES: Readonly<Record<string, Table>> = {
  "forms and products": {
    declarations: "X : matrix(m,n); A, B, S : matrix(n,n); G : symmetric(n); P : posdef(n); Q : posdef(m); C : matrix(n,m); a, x, y : vector(n); b : vector(m)",
    rows: [
      ["a'*x*y'*x",                         "x", "(a*y' + y*a')*x"],
      ["tr((X'*X)^3)",                      "X", "6*X*(X'*X)^2"],
      ["a'*C*b/sqrt(a'*P*a*b'*Q*b)",        "a", "(C*b - a'*C*b/(a'*P*a)*P*a)/sqrt(a'*P*a*b'*Q*b)"],
      ["norm2(X'*X - G)^2",                 "X", "4*(kron(X'*X - G, eye(m)) + kron(eye(n), X*X') + kron(X', X)*K(m,n))", { order: 2 }],
      ["G^2",                               "G", "(eye(n*n) + K(n,n))*(kron(eye(n), G) + kron(G, eye(n)))/2", { symmetry: "symmetric" }],
      ["(a'*x)^2/(x'*x)",                   "x", "2*a'*x/(x'*x)*(a - a'*x/(x'*x)*x)"],
    ],
  },
  "projections": {
    declarations: "X : matrix(m,n); y : vector(m)",
    rows: [
      ["norm2(y - X*pinv(X)*y)^2",          "y", "2*(y - X*pinv(X)*y)"],
      ["norm2(y - X*pinv(X)*y)^2",          "X", "-2*(eye(m) - X*pinv(X))*y*y'*pinv(X)'"],
      ["tr(X*pinv(X))",                     "X", "zeros(m,n)"],
      ["X*pinv(X)*X",                       "X", "eye(m*n)"],
    ],
  },
  "determinants and inverses": {
    declarations: "X, A : matrix(n,n); P : posdef(n); T : orthogonal(n); u, v, x : vector(n); d : positive vector(n); B : matrix(n,m); C : matrix(m,n); E : matrix(m,m); Y : matrix(3,3)",
    rows: [
      ["sqrt(det(X*A))",                    "X", "sqrt(det(X*A))/2*inv(X)'"],
      ["det(X*A)^(3/2)",                    "X", "3/2*det(X*A)^(3/2)*inv(X)'"],
      ["sqrt(det(X'*X))",                   "X", "sqrt(det(X'*X))*inv(X)'"],
      ["det(X)",                            "X", "det(X)*(vec(inv(X)')*vec(inv(X)')' - kron(inv(X), inv(X)')*K(n,n))", { order: 2 }],
      ["inv(Y)",                            "Y[1,2]", "-inv(Y)[:,1]*inv(Y)[2,:]"],
      ["det(X + u*v')",                     "u", "det(X)*inv(X)'*v"],
      ["logdet(eye(n) + inv(P)*B*B')",      "B", "2*inv(P + B*B')*B"],
      ["logdet(eye(m) + B'*inv(P)*B)",      "B", "2*inv(P + B*B')*B"],
      ["logdet(T*diag(d)*T')",              "d", "1 ./ d"],
      ["d'*(T.*T)*ones(n)",                 "d", "ones(n)"],
      ["x'*inv(diag(d))*x",                 "d", "-(x ./ d).^2"],
      ["det([A, B; C, E])",                 "A", "det([A, B; C, E])*[eye(n); zeros(m,n)]'*inv([A, B; C, E])'*[eye(n); zeros(m,n)]"],
    ],
  },
};

for (const [name, { declarations, rows }] of Object.entries(TABLES))
  describe(name, () => {
    it.each(rows.map(([expr, wrt, textbook, choice]) => ({ expr, wrt, textbook, choice })))(
      "$expr by $wrt",
      async ({ expr, wrt, textbook, choice }) => {
        const question = { expr, wrt, declarations, layout: "mixed", symmetry: "free", ...choice } as const;
        const answer = differentiate(question);
        if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
        for (const claimed of [textbook, answer.ascii])
          expect(await check({ ...question, answer: claimed }), claimed).toMatchObject({ ok: true, verdict: "agrees" });
        const stated = parse(textbook, { declarations });
        if (!stated.ok) throw new Error(stated.diagnostics[0]?.message);
        expect(countOperations(answer.expr), answer.ascii).toBeLessThanOrEqual(countOperations(stated.expr));
      },
    );
  });
