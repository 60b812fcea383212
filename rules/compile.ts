// Compiles rules/*.rules to src/rewrite/generated/rules.ts. With --check nothing is written; the exit code says whether the
// committed file is up to date.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Generated, runScript } from "../generated.ts";
import { InputError, renderDiagnostic } from "../src/base/diagnostic.ts";
import { createFunctionTable } from "../src/expr/functions.ts";
import { parseRules } from "../src/rewrite/parse.ts";
import type { RuleSet } from "../src/rewrite/rule.ts";
import { storeRules } from "../src/rewrite/stored.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The rules as data. */
export const GENERATED: Generated = {
  script: "rules",
  files: () => new Map([["src/rewrite/generated/rules.ts", compileRules(readRules())]]),
};

// Functions of all files are known in each.
function readRules(): RuleSet {
  const files = readdirSync(folder)
    .filter((f) => f.endsWith(".rules"))
    .sort();
  const text = files.map((f) => readFileSync(`${folder}${f}`, "utf8")).join("\n");
  try {
    return parseRules(text, createFunctionTable([]));
  } catch (error) {
    if (error instanceof InputError) throw new Error(renderDiagnostic(error.diagnostic, text));
    throw error;
  }
}

function compileRules(set: RuleSet): string {
  const stored = storeRules(set);
  const rows = (list: readonly unknown[]): string => list.map((r) => `    ${JSON.stringify(r)},`).join("\n");
  return [
    "// Generated from rules/*.rules by rules/compile.ts. Do not modify manually.",
    'import type { StoredRules } from "../stored.ts";',
    "",
    "export const STANDARD: StoredRules = {",
    "  functions: [",
    rows(stored.functions),
    "  ],",
    "  rules: [",
    rows(stored.rules),
    "  ],",
    "  sources: [",
    rows(stored.sources),
    "  ],",
    "};",
    "",
  ].join("\n");
}

runScript(import.meta.url, GENERATED);
