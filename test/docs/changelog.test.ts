// What the changelog says of answers holds: `f(x)` by `x` was … and is `g(x)`.
//
// An answer may be in any layout, which the entries say in words; declarations that they leave to
// the reader stand here.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { differentiate, LAYOUTS } from "../../src/index.ts";

const DECLARED: Readonly<Record<string, string>> = {
  y: "x : vector(n); u(x) : vector(m); y(u) : vector(k)",
  "x[2]*x[3]": "x : vector(n)",
  "a'*vec(X.*X)": "X : matrix(m,n)",
  "kron(X, Y)": "X : matrix(m,n); Y : matrix(p,q)",
  "x'*A*x": "A : skew(n)",
  "sqrt(det(X*A))": "X, A : matrix(n,n)",
  "det([A, B; C, E])": "A : matrix(m,m); E : matrix(n,n)",
  "cot(x)": "x : scalar",
  "exp(-exp(-x))": "x : scalar",
  "1/2*logdet(eye(m) + H*P*H'/s)": "H : matrix(m,n); P : posdef(n); s : positive scalar",
  "sum(max(0, 1 - y.*(X*w + b)).^2)": "X : matrix(m,n); w : vector(n); y : vector(m); b : scalar",
  "n*log(k) - n*k*log(l) - sum((x/l).^k)": "x : positive vector(n); k, l : positive scalar",
  "log(1 - exp(-x))": "x : positive scalar",
  "x_1 x_2": "x_1 : scalar",
  "x*sqrt(a^2-x^2)+a^2*asin(x/a)": "x : scalar; a : positive scalar",
  "atan(x/a)/a": "x, a : scalar",
  "sum(log(diag(chol(K))))": "K : posdef(n)",
  "log(v + (x - m)'*S*(x - m))": "x, m : vector(n); S : symmetric(n); v : scalar",
  "norm2(Q*x)": "Q : orthogonal matrix(n,n)",
};

const text = readFileSync(resolve(import.meta.dirname, "../../CHANGELOG.md"), "utf8").replace(/\n {2}/g, " ");
const CLAIM = /(Hessian of )?`([^`]+)` by `([^`]+)`(?: in vec form)?,?(?: (?:was|and is|is) (?:`[^`]*`|[^`.:]*?))*?(?: and)? is `([^`]+)`/g;
const claims = [...text.matchAll(CLAIM)];

const bare = (s: string): string => s.replace(/\s/g, "");

function answers(expr: string, wrt: string, order: number): string[] {
  const declarations = DECLARED[expr];
  const question = { expr, wrt, order, ...(declarations === undefined ? {} : { declarations }) };
  return LAYOUTS.flatMap((layout) => {
    const answer = differentiate({ ...question, layout });
    return answer.ok ? [bare(answer.ascii), bare(answer.unicode)] : [];
  });
}

describe("changelog", () => {
  it("states answers", () => {
    expect(claims.length).toBeGreaterThan(40);
  });

  it.each(claims.map(([, hessian, expr = "", wrt = "", answer = ""]) => [expr, wrt, hessian === undefined ? 1 : 2, answer] as const))(
    "%s by %s",
    (expr, wrt, order, answer) => {
      expect(answers(expr, wrt, order)).toContain(bare(answer));
    },
  );
});
