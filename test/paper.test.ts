// Every case of the paper and its companion documents: answered, right at random points,
// equal to the source's own closed form, and no longer than it.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check, countOperations, differentiate, type Expression, parse } from "../src/index.ts";
import { type Case, readCases } from "./cases/literature.ts";
import { nabla } from "./cli/harness.ts";

const CASES = readCases("paper.jsonl");

/** What is known of the names, without the intermediate variables of the source's derivation. */
const names = ({ vars, attrs, dims }: Case): Pick<Expression, "vars" | "attrs" | "dims"> => ({
  ...(vars === undefined ? {} : { vars }),
  ...(attrs === undefined ? {} : { attrs }),
  ...(dims === undefined ? {} : { dims }),
});

function operations(text: string, of: Case): number {
  const parsed = parse(text, names(of));
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return countOperations(parsed.expr);
}

describe("the paper", () => {
  it("has 121 cases", () => {
    expect(CASES.length).toBe(121);
  });

  for (const c of CASES)
    it(`${c.id}: ∂(${c.expr})/∂${c.wrt} is ${c.expected} in ${c.layout} layout`, async () => {
      const { expr, wrt, layout } = c;
      const answer = differentiate({ ...names(c), expr, wrt, layout });
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      for (const text of [answer.ascii, c.expected])
        expect(await check({ ...names(c), expr, wrt, layout, answer: text })).toMatchObject({ verdict: "agrees" });
      expect(countOperations(answer.expr)).toBeLessThanOrEqual(operations(c.expected, c));
    });

  it("batch reads the cases as they stand and answers all of them", async () => {
    const { code, stdout } = await nabla(["batch"], { stdin: readFileSync(new URL("cases/paper.jsonl", import.meta.url), "utf8") });
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; ok: boolean; check?: { ok: boolean } });
    expect(answers.map((a) => a.id)).toEqual(CASES.map((c) => c.id));
    expect(answers.filter((a) => !a.ok || a.check?.ok !== true)).toEqual([]);
    expect(code).toBe(0);
  });
});
