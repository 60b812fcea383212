// The derivations that the paper and its companion documents print: every intermediate
// line of theirs stands in the derivation, in value and in order, and every line of the
// derivation is right.

import { describe, expect, it } from "vitest";
import { updateStep } from "../../src/calculus/derivation/update.ts";
import { checkEqual } from "../../src/check/answer.ts";
import { parseExpression } from "../../src/elaborate/elaborate.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { checkDerivation } from "./checkDerivation.ts";
import { CASES, definitions, deriveCase, library, linesOf, type PaperStep, problemOf, readStep, Values } from "./paper.ts";

const WITH_STEPS = CASES.filter((c) => (c.steps ?? []).length > 0);

const text = (s: PaperStep): string => `∂(${s.of})/∂${s.wrt} = ${s.is}`;

describe("the paper's derivations", () => {
  it("has 86 cases with steps", () => {
    expect(WITH_STEPS.length).toBe(86);
  });

  for (const c of WITH_STEPS) {
    it(`${c.id}: the lines of ∂(${c.expr})/∂${c.wrt} stand in the derivation, in order`, async () => {
      const { problem, derivation } = deriveCase(c);
      const values = await Values.of(problem, derivation);
      const lines = linesOf(derivation);
      const missing: string[] = [];
      let from = 0;
      for (const step of c.steps ?? []) {
        const [of, wrt, is] = [readStep(step.of, c, problem), readStep(step.wrt, c, problem), readStep(step.is, c, problem)];
        const at = lines.findIndex((l, k) => k >= from && values.equal(l.of, of) && values.equal(l.wrt, wrt) && values.equal(l.is, is));
        if (at < 0) missing.push(text(step));
        else from = at;
      }
      expect(missing).toEqual([]);
    });
  }

  const WITH_UPDATE = CASES.filter((c) => c.update !== undefined);

  it("three cases state a step of gradient descent", () => {
    expect(WITH_UPDATE.length).toBe(3);
  });

  for (const c of WITH_UPDATE) {
    it(`${c.id}: the descent step is ${c.update}`, async () => {
      const problem = problemOf(c);
      const variable = problem.targets[0]?.variable;
      if (variable === undefined) throw new Error("no variable");
      const rate = /\b(eta|alpha)\b/.exec(c.update as string)?.[0] as string;
      const update = updateStep(problem.expr, variable, { library, rate });
      const stated = parseExpression(c.update as string, { variables: [...problem.variables, update.rate], functions: library.functions });
      if (!stated.ok) throw new Error(stated.diagnostics[0]?.message);
      expect(checkEqual(await loadNumeric(), stated.expr, update.next, { definitions })).toMatchObject({ ok: true });
    });
  }

  for (const c of CASES) {
    it(`${c.id}: every line of the derivation is right`, async () => {
      const { derivation } = deriveCase(c);
      const verdict = checkDerivation(await loadNumeric(), derivation, library, { points: 2 });
      expect(verdict.forms.filter((f) => f.verdict.ok !== true).map((f) => [derivation.steps[f.step]?.kind, f.verdict.reason])).toEqual([]);
      expect(verdict.ok).toBe(true);
    });
  }
});
