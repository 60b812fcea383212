// Derivations as a reader sees them: what is asked, ==>, what is printed. The files are
// written anew with NABLA_WRITE_CASES=1, to be read in the diff.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { backpropagation } from "../../src/calculus/derivation/backpropagation.ts";
import { derive } from "../../src/calculus/derivation/derive.ts";
import { type DerivationFormat, renderBackpropagation, renderDerivation } from "../../src/calculus/derivation/render.ts";
import { renderUpdate, updateStep } from "../../src/calculus/derivation/update.ts";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { LAYOUTS, type Layout } from "../../src/expr/conventions.ts";
import { library } from "./paper.ts";

interface Block {
  readonly title: string;
  readonly head: readonly string[];
  readonly fields: ReadonlyMap<string, string>;
  readonly expected: string;
}

const FOLDER = new URL(".", import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".txt"))
  .sort();

/** `# title`, lines `key: value`, `==>`, the printed text. */
function blocksOf(text: string): Block[] {
  return text
    .split(/^(?=# )/mu)
    .filter((part) => part.startsWith("# "))
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^==>\n/mu);
      const [title = "", ...lines] = head.trim().split("\n");
      const fields = new Map(lines.map((l) => [l.slice(0, l.indexOf(":")), l.slice(l.indexOf(":") + 1).trim()]));
      return { title: title.slice(2), head: lines, fields, expected: expected.trim() };
    });
}

function printed(block: Block): string {
  const field = (key: string): string | undefined => block.fields.get(key);
  const by = field("by");
  const definitions = [...block.fields].filter(([key]) => key.startsWith("let ")).map(([key, text]) => [key.slice(4), text] as const);
  const read = elaborate({
    text: field("of") ?? "",
    functions: library.functions,
    definitions,
    ...(field("where") === undefined ? {} : { declarations: field("where") as string }),
    ...(by === undefined ? {} : { wrt: [by] }),
  });
  if (!read.ok) return read.diagnostics.map((d) => d.message).join("\n");
  const { problem } = read;
  const format = (field("format") ?? "unicode") as DerivationFormat;
  const variable = problem.targets[0]?.variable;
  const options = { library, definitions: problem.definitions };
  if (field("show") === "backprop") {
    const passes = backpropagation(problem.expr, { ...options, ...(variable === undefined ? {} : { by: [variable] }) });
    return renderBackpropagation(passes, format, library);
  }
  if (variable === undefined) return "by: which variable?";
  if (field("show") === "update") return renderUpdate(updateStep(problem.expr, variable, { library }), format, library);
  const layout = LAYOUTS.find((l) => l === field("layout")) ?? ("numerator" satisfies Layout);
  return renderDerivation(derive(problem.expr, variable, { ...options, layout }), format, library);
}

for (const file of FILES) {
  const url = new URL(file, FOLDER);
  const text = readFileSync(url, "utf8");
  const blocks = blocksOf(text);
  describe(file, () => {
    for (const block of blocks) it(block.title, () => expect(printed(block)).toBe(block.expected));
  });
  if (process.env.NABLA_WRITE_CASES === "1") {
    const fresh = blocks.map((b) => [`# ${b.title}`, ...b.head, "==>", printed(b), ""].join("\n")).join("\n");
    writeFileSync(url, fresh);
  }
}
