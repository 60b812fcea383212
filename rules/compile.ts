// Compiles rules/*.rules to src/rewrite/generated/rules.ts. With --check nothing is
// written; the exit code says whether the committed file is up to date.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError, renderDiagnostic } from "../src/base/diagnostic.ts";
import { createFunctionTable } from "../src/expr/functions.ts";
import { parseRules } from "../src/rewrite/parse.ts";
import { storeRules } from "../src/rewrite/stored.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../src/rewrite/generated/rules.ts", import.meta.url));

/** The text of the generated file. Functions of all files are known in each. */
export function compileRules(): string {
  const files = readdirSync(folder)
    .filter((f) => f.endsWith(".rules"))
    .sort();
  const text = files.map((f) => readFileSync(`${folder}${f}`, "utf8")).join("\n");
  try {
    const stored = storeRules(parseRules(text, createFunctionTable([])));
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
  } catch (error) {
    if (error instanceof InputError) throw new Error(renderDiagnostic(error.diagnostic, text));
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fresh = compileRules();
  if (process.argv.includes("--check")) {
    if (readFileSync(target, "utf8") !== fresh) {
      console.error("src/rewrite/generated/rules.ts is stale: run npm run rules");
      process.exitCode = 1;
    }
  } else {
    mkdirSync(new URL("../src/rewrite/generated/", import.meta.url), { recursive: true });
    writeFileSync(target, fresh);
  }
}
