// The rules that rules/README.md shows are rules of the library, word for word, and the
// user's file that it speaks of is right. Commands and programs in it: test/docs.test.ts.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseRules, standardLibrary } from "../../src/index.ts";
import { checkRule, library } from "./claims.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("rules/README.md", () => {
  const blocks = [...read("rules/README.md").matchAll(/^```rules\n(.*?)^```$/gms)].map((m) => m[1] ?? "");
  const shown = blocks.flatMap((block) => parseRules(block, library.functions).rules);

  it("shows a rule of every kind", () => {
    expect([...new Set(shown.map((r) => r.kind))].sort()).toEqual([
      "contraction",
      "definition",
      "differential",
      "guarded",
      "identity",
      "law",
      "notation",
    ]);
  });

  it.each(shown.map((r) => [r.name, r] as const))("%s is a rule of the library", (name, rule) => {
    const own = library.rules.find((r) => r.name === name);
    expect({ kind: own?.kind, text: own?.text, source: own?.source }).toEqual({ kind: rule.kind, text: rule.text, source: rule.source });
  });
});

describe("docs/my.rules", () => {
  const { rules } = parseRules(read("docs/my.rules"), library.functions);
  const mine = standardLibrary([parseRules(read("docs/my.rules"), library.functions)]);
  it.each(rules.filter((r) => r.kind !== "definition").map((r) => [r.name, r] as const))("%s follows from the definition", (_, rule) => {
    expect(checkRule(rule, rule.right, mine.definition)).toMatchObject({ ok: true });
  });
});
