// Runs lengths.txt: every answer is right and no longer, in operations, than the form beside
// it, which is what a textbook prints. How an answer is written otherwise is left open.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check, countOperations, differentiate, parse, type Question } from "../../src/index.ts";

const LINES = readFileSync(new URL("lengths.txt", import.meta.url), "utf8").split("\n");

interface Case {
  readonly question: Question & { readonly declarations: string };
  readonly form: string;
}

function readCase(line: string): Case {
  const [expr = "", wrt = "", declarations = "", layout = "", order = "", form = ""] = line.split(/ \| /).map((p) => p.trim());
  const question = { expr, wrt, declarations, layout: layout as NonNullable<Question["layout"]>, order: Number(order) };
  return { question, form };
}

function operations(text: string, { declarations }: { readonly declarations: string }): number {
  const parsed = parse(text, { declarations });
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return countOperations(parsed.expr);
}

describe("answers are no longer than", () => {
  for (const { question, form } of LINES.filter((l) => l.includes(" | ") && !l.startsWith("#")).map(readCase))
    it(`${form} for ${question.expr} by ${question.wrt}, ${question.layout}, order ${question.order}`, async () => {
      const answer = differentiate(question);
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      for (const text of [answer.ascii, form]) expect(await check({ ...question, answer: text })).toMatchObject({ verdict: "agrees" });
      expect(countOperations(answer.expr), answer.ascii).toBeLessThanOrEqual(operations(form, question));
    });
});
