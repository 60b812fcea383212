// Conditions of rules: a rule is applied where its condition is known to hold and nowhere
// else, and an answer whose rule has a condition says so.
//
// Not here: that the rules are right where they hold (rules.test.ts).

import { describe, expect, it } from "vitest";
import { checkEqual } from "../../src/check/answer.ts";
import { compareTerms } from "../../src/check/equal.ts";
import { apply, mul, neg, num } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { differentiate, InputError, parse, parseRules, type Rule, simplify, standardRules } from "../../src/index.ts";
import { checkRule, declared, guardsOf, library, numeric, where } from "./claims.ts";

const { rules } = standardRules();
const rewriting = rules.filter(
  (r) => (r.kind === "identity" || r.kind === "contraction" || r.kind === "guarded") && (r.conditions.length > 0 || r.guard !== undefined),
);
const differentials = rules.filter((r) => r.kind === "differential" && r.conditions.length > 0);

const simplified = (expr: Expr): Expr => {
  const answer = simplify({ expr });
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer.expr;
};

describe("a rewriting rule with a condition", () => {
  it("exists", () => {
    expect(rewriting.length).toBeGreaterThan(5);
  });

  for (const rule of rewriting) {
    it(`${rule.name} is not applied where nothing is known`, () => {
      const result = simplified(rule.left);
      expect(result).not.toBe(simplified(rule.right));
      // What comes out has the left side's values, also where the condition does not hold.
      expect(checkEqual(numeric, rule.left, result, { points: 12 })).toMatchObject({ ok: true, undefinedAt: 0 });
    });

    it(`${rule.name} is false or meaningless where its condition is violated`, () => {
      const violated = where(
        rule.left,
        guardsOf(rule).map((g) => neg(g)),
      );
      if (checkEqual(numeric, violated, rule.right, { points: 12 }).ok !== true) return;
      // Random points never lie at a kink.
      expect(compareTerms({ numeric, library, definitions: library.definition }, violated, rule.right)).toMatchObject({ kind: "differs" });
    });

    it(`${rule.name} is applied where its condition is stated`, () => {
      if (rule.guard === undefined) {
        expect(simplified(declared(rule.left, rule))).toBe(simplified(declared(rule.right, rule)));
        return;
      }
      const holds = apply("gt", [rule.guard, num(0)]);
      expect(simplified(mul(holds, rule.left))).toBe(simplified(mul(holds, rule.right)));
    });

    if (rule.guard !== undefined)
      it(`${rule.name} is not applied where the opposite is stated`, () => {
        const fails = apply("gt", [num(0), rule.guard as Expr]);
        const term = mul(fails, rule.left);
        expect(checkEqual(numeric, term, simplified(term), { points: 12 })).toMatchObject({ ok: true, undefinedAt: 0 });
      });
  }
});

describe("a derivative by a rule with a condition", () => {
  it("exists", () => {
    expect(differentials.length).toBeGreaterThan(5);
  });

  for (const rule of differentials)
    it(`${rule.name}: the answer states the condition`, () => {
      const [parameter] = rule.conditions.map((c) => c.parameter);
      const answer = differentiate({ expr: rule.left, wrt: parameter as string, library });
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      expect(answer.conditions.map((c) => c.text).join("; ")).toContain(parameter);
    });
});

/** Laws of positive numbers that are false of others, each with what a careless hand makes of it. */
// biome-ignore format: a table is read by columns
const TEMPTING: readonly (readonly [input: string, careless: string])[] = [
  ["abs(x)",                  "x"],
  ["abs(-x)",                 "-x"],
  ["abs(x*y)",                "x*y"],
  ["sign(x)",                 "1"],
  ["sqrt(x^2)",               "x"],
  ["(x^2)^(1/2)",             "x"],
  ["(x^2)^(3/2)",             "x^3"],
  ["(x^4)^(1/4)",             "x"],
  ["sqrt(x*y)",               "sqrt(x)*sqrt(y)"],
  ["(x*y)^(1/2)",             "x^(1/2)*y^(1/2)"],
  ["sqrt((x - y)^2)",         "x - y"],
  ["sqrt(x^2*y^2)",           "x*y"],
  ["log(x^2)",                "2*log(x)"],
  ["log(x*y)",                "log(x) + log(y)"],
  ["exp(log(abs(x)))",        "x"],
  ["max(x, y)",               "x"],
  ["max(x, -x)",              "x"],
  ["relu(x)",                 "x"],
  ["relu(-x)",                "-relu(x)"],
  ["norm2(x)",                "x"],
  ["norm2(-z)",               "-norm2(z)"],
  ["norm2(x*z)",              "x*norm2(z)"],
  ["asin(sin(3*x))",          "3*x"],
  ["acos(cos(3*x))",          "3*x"],
  ["cbrt(x)",                 "x^(1/3)"],
  ["(x > y)*max(y, x)",       "(x > y)*y"],
  ["(x > 0)*abs(y)",          "(x > 0)*y"],
  ["(x > 0)*abs(x - 1)",      "(x > 0)*(x - 1)"],
  ["(x > 0)*sign(-x)",        "(x > 0)"],
  ["sum((z > 0))*abs(z[1])",  "sum((z > 0))*z[1]"],
  ["diag(z > 0)*abs(Z)",      "diag(z > 0)*Z"],
];

describe("a law of positive numbers is not used of others", () => {
  const declarations = "x, y : scalar; z : vector(n); Z : matrix(n, n)";
  const read = (text: string): Expr => {
    const parsed = parse(text, { declarations });
    if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
    return parsed.expr;
  };
  for (const [input, careless] of TEMPTING)
    it(`${input} is not ${careless}`, () => {
      const term = read(input);
      const wrong = checkEqual(numeric, term, read(careless), { points: 12 });
      expect(wrong.ok === true && wrong.undefinedAt === 0).toBe(false);
      expect(checkEqual(numeric, term, simplified(term), { points: 12 })).toMatchObject({ ok: true, undefinedAt: 0 });
    });
});

describe("a wrong rule", () => {
  // biome-ignore format: a table is read by columns
  const WRONG: readonly string[] = [
    "wrong/identity            wrong(x) = x",
    "wrong/condition           wrong(x) = x                               if nonzero x",
    "wrong/other-condition     wrong(x) = x                               if x > -1",
    "wrong/derivative          d(wrong(x)) = dx",
    "wrong/definition          wrong(x) := x",
    "law/product               d(B*C) = dB*C + C*dB",
    "law/transpose             d(B') = dB",
    "law/chain                 d(s*t) = s*dt",
    "law/factor                d(tr(B)) = 2*tr(dB)",
    "law/diagonal              d(diag(u)) = diag(u)",
    "law/power                 d(s^t) = t*s^(t-1)*ds + s^t*dt             if positive s",
  ];
  // The function without kernel stands for abs, whose values are known.
  const rulesOf = (line: string): readonly Rule[] =>
    parseRules(
      `declare s, t : scalar; u : vector(n); B, C : matrix(n, n)\n${line.replaceAll("wrong(", "abs(").replace(/^wrong/, "abs")}   [DLMF 1]`,
      library.functions,
    ).rules;

  for (const line of WRONG)
    it(`is refuted: ${line.replace(/\s+/g, " ")}`, () => {
      const [rule] = rulesOf(line);
      expect(checkRule(rule as Rule).ok).toBe(false);
    });

  it("whose left side is a power of the entries of a whole matrix is refused where it is written", () => {
    expect(() => rulesOf("law/square                inv(B).^2 = inv(B)")).toThrow(/power of the entries/);
    expect(() => rulesOf("law/square                inv(B) .* inv(B) = inv(B)")).toThrow(/power of the entries/);
  });

  it("that mentions an unknown name is refused where it is written", () => {
    expect(() => rulesOf("law/unknown               d(s) = dq")).toThrow(InputError);
    expect(() => rulesOf("law/shape                 d(B*u) = u*dB")).toThrow(InputError);
  });
});
