// Runs answers.txt: questions as the library takes them, the texts of their answers, and
// every answer as printed held against numeric differentiation.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check, differentiate, type Question } from "../../src/index.ts";
import { type Case, readCases } from "../syntax/caseFile.ts";

const FILE = new URL("answers.txt", import.meta.url);

function questionOf({ input }: Case): Question {
  const fields = new Map(input.split("\n").map((l) => [l.slice(0, l.indexOf(":")), l.slice(l.indexOf(":") + 1).trim()]));
  const optional = <K extends string>(key: string, name: K): Partial<Record<K, string>> =>
    fields.has(key) ? ({ [name]: fields.get(key) } as Record<K, string>) : {};
  return {
    expr: fields.get("of") ?? "",
    ...optional("by", "wrt"),
    ...optional("where", "declarations"),
    ...(fields.has("order") ? { order: Number(fields.get("order")) } : {}),
    ...(optional("layout", "layout") as Pick<Question, "layout">),
    ...(optional("symmetry", "symmetry") as Pick<Question, "symmetry">),
  };
}

function answered(question: Question): string {
  const answer = differentiate(question);
  return answer.ok ? answer.ascii : `refused: ${answer.diagnostics[0]?.message}`;
}

if (process.env.NABLA_WRITE_CASES === "1") {
  const [preface = ""] = readFileSync(FILE, "utf8").split(/^# /m);
  const blocks = readCases(FILE).map((c) => `# ${c.title}\n${c.input}\n==>\n${answered(questionOf(c))}\n`);
  writeFileSync(FILE, preface + blocks.join("\n"));
}

describe("answers", () => {
  for (const c of readCases(FILE))
    it(c.title, async () => {
      const question = questionOf(c);
      const text = answered(question);
      expect(text).toBe(c.expected);
      if (!text.startsWith("refused: ")) expect(await check({ ...question, answer: text })).toMatchObject({ verdict: "agrees" });
    });
});
