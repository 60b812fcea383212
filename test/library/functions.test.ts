// Every function of the library by each of its arguments, alone and inside other terms:
// the printed answer agrees with the numbers, or there is a reason why there is none.

import { describe, expect, it } from "vitest";
import type { FunctionInfo } from "../../src/expr/functions.ts";
import { isColumnShape, isScalarShape, type Shape } from "../../src/expr/shape.ts";
import { check, differentiate } from "../../src/index.ts";
import { standardRules } from "../../src/rewrite/standard.ts";

interface Question {
  readonly expr: string;
  readonly wrt: string;
  readonly vars: Readonly<Record<string, readonly string[]>>;
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
}

const sizes = (s: Shape): string[] => (isScalarShape(s) ? [] : isColumnShape(s) ? [s.rows.key] : [s.rows.key, s.cols.key]);
const VECTORS = ["u", "v", "w"];

function questionsAbout(f: FunctionInfo): Question[] {
  if (f.elementwise) {
    const names = f.params.map((_, i) => VECTORS[i] as string);
    return names.flatMap((wrt) => {
      const vars = Object.fromEntries(names.map((name) => [name, ["n"]]));
      const wide = { ...Object.fromEntries(names.map((name) => [name, [name === wrt ? "n" : "m"]])), S: ["m", "n"], c: [] };
      const inner = names.map((name) => (name === wrt ? `S*${name}` : name));
      return [
        { expr: `${f.name}(${names})`, wrt, vars },
        { expr: `sum(${f.name}(${names}))`, wrt, vars },
        { expr: `c*${f.name}(${inner})`, wrt, vars: wide },
      ];
    });
  }
  const names = f.params.map((p, i) => (isScalarShape(p) ? "c" : (isColumnShape(p) ? VECTORS : ["A", "B"])[i]) as string);
  const vars = Object.fromEntries(f.params.map((p, i) => [names[i], sizes(p)]));
  const call = `${f.name}(${names})`;
  // A symmetric matrix where a function wants one.
  const attrs = Object.fromEntries(f.domains.flatMap((d, i) => (d === "symmetric" || d === "posdef" ? [[names[i], [d]]] : [])));
  return names.flatMap((wrt) => [
    { expr: call, wrt, vars, attrs },
    { expr: `sum(${call})^2`, wrt, vars, attrs },
  ]);
}

describe("functions of the library", () => {
  for (const f of standardRules().functions)
    it(`${f.name} has derivatives that agree with the numbers, or a reason why not`, async () => {
      for (const question of questionsAbout(f)) {
        const answer = differentiate(question as never);
        if (!answer.ok) {
          expect(answer.diagnostics[0]?.code, `${question.expr} by ${question.wrt}`).toBe("unsupported");
          continue;
        }
        const verdict = await check({ ...(question as object), answer: answer.ascii } as never);
        expect(verdict, `${question.expr} by ${question.wrt}: ${answer.ascii}`).toMatchObject({ ok: true, verdict: "agrees" });
      }
    });
});

// biome-ignore format: a table is read by columns
const COMMUTING: readonly (readonly [expr: string, wrt: string, answer: string])[] = [
  ["expm(t*A)*x",        "t", "expm(t*A)*A*x"],
  ["sinm(t^2*A)",        "t", "2*t*cosm(t^2*A)*A"],
  ["sqrtm(t*A)",         "t", "inv(sqrtm(t*A))*A/2"],
  ["tr(X*logm(X) - X)",  "X", "logm(X)"],
  ["tr(expm(X)*inv(X))", "X", "expm(X)*(inv(X) - inv(X)^2)"],
  ["tr(expm(X)*X*X)",    "X", "X*expm(X) + expm(X)*(X + X^2)"],
];

describe("functions of a matrix that commutes with its differential", () => {
  it.each(COMMUTING)("%s by %s", async (expr, wrt, expected) => {
    const question = { expr, wrt, vars: { t: [], x: ["n"], A: ["n", "n"], X: ["n", "n"] } };
    const answer = differentiate(question);
    for (const claimed of [expected, answer.ok ? answer.ascii : ""])
      expect(await check({ ...question, answer: claimed }), claimed).toMatchObject({ ok: true, verdict: "agrees" });
  });
});

// biome-ignore format: a table is read by columns
const SKEW: readonly (readonly [expr: string, wrt: string, answer: string])[] = [
  ["x'*S*x",               "x", "zeros(1,n)"],
  ["inv(S - S')*x",        "x", "inv(S)/2"],
  ["det(S)",               "S", "det(S)*inv(S)"],
  ["logdet(eye(n) + S)",   "S", "inv(eye(n) + S)"],
  ["tr(inv(S)*A)",         "S", "-inv(S)*A*inv(S)"],
  ["norm2(S*x)^2",         "S", "2*x*(S*x)'"],
];

describe("a skew matrix", () => {
  it.each(SKEW)("%s by %s", async (expr, wrt, expected) => {
    const question = { expr, wrt, declarations: "S : skew(n); A : matrix(n, n); x : vector(n)", symmetry: "free" } as const;
    const answer = differentiate(question);
    expect(answer.ok).toBe(true);
    for (const claimed of [expected, answer.ok ? answer.ascii : ""])
      expect(await check({ ...question, answer: claimed }), claimed).toMatchObject({ ok: true, verdict: "agrees" });
  });
});
