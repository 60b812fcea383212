// Every differential that nabla writes of an expression from the literature is accepted as a claim, as it is
// printed in plain signs, in Unicode and in LaTeX; twice of it is refuted, unless it is zero.

import { describe, expect, it } from "vitest";
import { differential, parse, print } from "../../src/index.ts";
import { openClaims } from "../../src/library/claim/claim.ts";
import { type Case, readCases } from "../cases/literature.ts";

const judge = await openClaims();

const contextOf = ({ vars, attrs, dims, let: definitions }: Case) => ({
  vars,
  ...(attrs === undefined ? {} : { attrs }),
  ...(dims === undefined ? {} : { dims }),
  ...(definitions === undefined ? {} : { let: definitions }),
});

const cases = (["paper.jsonl", "corpus.jsonl"] as const).flatMap((file) => readCases(file));
const firstOrder = cases.filter(({ order = 1, wrt, vars }) => order === 1 && /^\w+$/.test(wrt) && vars.d === undefined);
const questions = new Map(firstOrder.map((c) => [`${c.expr} by ${c.wrt} with ${JSON.stringify(contextOf(c))}`, c]));

const verdict = (claim: string, context: ReturnType<typeof contextOf>): string => {
  const result = judge({ claim, ...context });
  return result.ok ? result.verdict : (result.diagnostics[0]?.message ?? "");
};

describe("a differential as it is printed", () => {
  for (const c of questions.values()) {
    const context = contextOf(c);
    const answer = differential({ expr: c.expr, wrt: c.wrt, ...context });
    const of = parse(c.expr, context);
    // Of a constant by itself nothing says what it depends on.
    if (!answer.ok || !of.ok || (of.expr.kind === "var" && of.expr.name !== c.wrt)) continue;
    it(`${c.id}: d(${c.expr}) = ${answer.ascii}`, () => {
      for (const format of ["ascii", "unicode"] as const)
        expect(verdict(`d(${print(of.expr, { format })}) = ${answer[format]}`, context)).toMatch(RIGHT);
      const latex = `\\mathrm{d}\\left(${print(of.expr, { format: "latex" })}\\right)`;
      expect(verdict(`${latex} = ${answer.latex}`, context)).toMatch(RIGHT);
      if (!/^(?:0$|zeros\()/.test(answer.ascii)) expect(verdict(`d(${c.expr}) = 2*(${answer.ascii})`, context)).toBe("refuted");
    });
  }
});

const RIGHT = /^(?:proved|holds)$/;
