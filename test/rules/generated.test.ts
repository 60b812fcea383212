// What is generated from the rules is what is committed, so neither the compiled rules nor
// the page about functions can go stale.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generatedFiles } from "../../rules/compile.ts";
import { standardRules } from "../../src/rewrite/standard.ts";

const files = generatedFiles();

for (const [path, text] of files)
  it(`${path} is up to date`, () => {
    expect(readFileSync(join(import.meta.dirname, "../..", path), "utf8") === text, "run npm run rules").toBe(true);
  });

it("every function and every rule has its line on the page", () => {
  const page = files.get("docs/functions.md") ?? "";
  const { functions, rules } = standardRules();
  expect(functions.filter((f) => !page.includes(`\`${f.name}\``)).map((f) => f.name)).toEqual([]);
  expect(rules.filter((r) => !page.includes(`| ${r.name} |`)).map((r) => r.name)).toEqual([]);
});
