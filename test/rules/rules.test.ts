// Every rule of the library, by enumeration of the registry: well formed, of one shape on
// both sides, right in numbers under its conditions; and no small mistake in it would go
// unseen. A rule that exists is a rule that is checked; there is no list to forget it in.

import { describe, expect, it } from "vitest";
import { nodes, variables } from "../../src/expr/expr.ts";
import { differentialName } from "../../src/expr/functions.ts";
import { sameShape, shapeText } from "../../src/expr/shape.ts";
import { agreeModulo } from "../../src/numeric/modular.ts";
import type { Point } from "../../src/numeric/point.ts";
import { print } from "../../src/print/print.ts";
import type { Rule } from "../../src/rewrite/rule.ts";
import { standardRules } from "../../src/rewrite/standard.ts";
import { checkRule, differentiatedBy, isDifferential, isKnownCondition, library, numeric, sameUnder } from "./claims.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";

const { rules, functions, sources } = standardRules();

describe("the registry", () => {
  it("has rules of every kind", () => {
    const kinds = [...new Set(rules.map((r) => r.kind))].sort();
    expect(kinds).toEqual(["contraction", "definition", "differential", "guarded", "identity", "law", "notation"]);
    expect(rules.length).toBeGreaterThan(100);
  });

  it("names every rule once", () => {
    const names = rules.map((r) => r.name);
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  });

  it("names every function and alias once", () => {
    const names = functions.flatMap((f) => [f.name, ...f.aliases]);
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  });

  it("has at least one rule for every function", () => {
    expect(functions.filter((f) => f.refusal === undefined && !rules.some((r) => r.operator === f.name)).map((f) => f.name)).toEqual([]);
  });

  it("differentiates every function by every argument exactly once, alone or beside others, or defines it, or says why not", () => {
    const missing = functions.flatMap((f) => {
      if (f.refusal !== undefined) return [];
      const own = rules.filter((r) => r.operator === f.name);
      const differentials = own.filter((r) => r.kind === "differential");
      if (differentials.length === 0) return own.some((r) => r.kind === "definition") ? [] : [`${f.name} has neither`];
      return f.params.flatMap((_, i) => {
        const by = differentials.filter((r) => differentiatedBy(r).includes(r.parameters[i]?.name ?? ""));
        const alone = by.filter((r) => differentiatedBy(r).length === 1);
        return by.length > 0 && alone.length <= 1 && by.length - alone.length <= 1
          ? []
          : [`${f.name}, argument ${i + 1}: ${by.length} rules`];
      });
    });
    expect(missing).toEqual([]);
  });

  it("defines no function twice", () => {
    const defined = rules.filter((r) => r.kind === "definition").map((r) => r.operator);
    expect(defined.filter((n, i) => defined.indexOf(n) !== i)).toEqual([]);
  });

  it("has for every function a kernel that knows no rule", () => {
    expect(functions.flatMap((f) => [f.name]).filter((name) => !numeric.kernels.has(name))).toEqual([]);
  });
});

describe.each(rules.map((r) => [r.name, r] as const))("%s", (_, rule) => {
  it("is well formed", () => {
    expect(rule.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/);
    const [group = ""] = rule.name.split("/");
    // A contraction or a notation is found by a function of its left side and may be named for the one it leads to.
    if (rule.kind === "contraction" || rule.kind === "notation")
      expect(functionsIn(rule)).toEqual(expect.arrayContaining([group, rule.operator]));
    else if (rule.kind !== "law") expect(group).toBe(rule.operator);
    expect(rule.section).not.toBe("");
    const [key = "", ...place] = rule.source.split(" ");
    expect([...sources.keys()]).toContain(key);
    expect(key === "CS224N" || place.length > 0).toBe(true);
  });

  it("has one symbolic shape on both sides", () => {
    expect(shapeText(rule.right.shape)).toBe(shapeText(rule.left.shape));
    expect(sameShape(rule.right.shape, rule.left.shape)).toBe(true);
  });

  it("speaks of its parameters and of nothing else", () => {
    const own = rule.parameters.map((p) => p.name);
    const differentials = isDifferential(rule) ? own.map(differentialName) : [];
    expect(variables(rule.left).map((v) => v.name)).toEqual(expect.arrayContaining(own));
    const foreign = (e: Rule["right"], known: readonly string[]) => variables(e).filter((v) => !known.includes(v.name));
    expect(foreign(rule.left, own)).toEqual([]);
    expect(foreign(rule.right, [...own, ...differentials])).toEqual([]);
    for (const { predicate, parameter } of rule.conditions) {
      expect(isKnownCondition(predicate)).toBe(true);
      expect(own).toContain(parameter);
    }
  });

  it("holds at random points of its domain", () => {
    const verdict = checkRule(rule);
    expect(verdict).toMatchObject({ ok: true, undefinedAt: 0 });
    expect(verdict.points).toBeGreaterThanOrEqual(12);
  });

  it("is looked at where sizes are pairwise different", () => {
    const points = numeric.samplePoints({ defined: [rule.left], variables: rule.parameters });
    for (const { sizes } of [points.next(), points.next(), points.next()].map((p) => p.value as Point)) {
      expect(new Set(sizes.values()).size).toBe(sizes.size);
      expect([...sizes.values()].every((n) => n > 1)).toBe(true);
    }
  });

  it("with any small mistake in it does not hold", () => {
    const mutants = mutantsOf(rule);
    const unseen = mutants.filter((m) => checkRule(rule, m.right).ok !== false);
    const worse = unseen.filter((m) => !isSame(rule, m));
    expect(worse.map((m) => `${m.mistake}: ${print(m.right, { format: "ascii", functions: library.functions })}`)).toEqual([]);
    // Most mistakes matter; a rule in which none does says nothing.
    expect(unseen.length).toBeLessThan(mutants.length);
  });
});

const functionsIn = ({ left, right }: Rule): string[] =>
  [...nodes(left), ...nodes(right)].flatMap((e) => (e.kind === "apply" && library.functions.find(e.op) !== undefined ? [e.op] : []));

// Whether a mistake is none: exactly, modulo a prime; or at many points other than those of the check.
function isSame(rule: Rule, { right }: Mutant): boolean {
  const elementwise = (name: string): boolean => library.functions.find(name)?.elementwise ?? false;
  if (agreeModulo(rule.right, right, { elementwise }) === true) return true;
  return sameUnder(rule, rule.right, right, 12, 77).ok === true;
}
