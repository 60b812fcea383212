// The page docs/functions.md, made from the rules: every function with its spellings,
// shapes and domain, and every rule with its source, by sections.
//
// Invariant: nothing about a particular function is said here.

import { type FunctionInfo, spelledName } from "../expr/functions.ts";
import { describeShape, isColumnShape, isRowShape, isScalarShape, type Shape } from "../expr/shape.ts";
import type { Rule, RuleSet } from "./rule.ts";

const HEADER = `# Functions and their rules

Generated from \`rules/*.rules\` by \`npm run rules\`. A function that acts element-wise takes numbers, vectors and matrices, and
numbers among its arguments are expanded. Each rule states the differential of one application, a definition (\`:=\`), an identity,
or a law that holds by construction; the keys in brackets are listed [at the end](#sources). Every rule is checked with numbers.
`;

/** The text of the page. */
export function documentRules({ functions, rules, sources }: RuleSet): string {
  const sections = [...new Set([...functions.map((f) => f.section ?? ""), ...rules.map((r) => r.section)])];
  const list = [...sources].map(([key, reference]) => `- **${key}** ${reference}`);
  return [
    HEADER,
    ...sections.map((section) =>
      page(
        section,
        functions.filter((f) => (f.section ?? "") === section),
        rules.filter((r) => r.section === section),
      ),
    ),
    `## Sources\n\n${list.join("\n")}\n`,
  ].join("\n");
}

function page(section: string, functions: readonly FunctionInfo[], rules: readonly Rule[]): string {
  const parts = [`## ${section}`];
  if (functions.length > 0) parts.push(table(["function", "also", "takes", "gives", "remarks"], functions.map(row)));
  if (rules.length > 0)
    parts.push(
      table(
        ["rule", "states", "source"],
        rules.map((r) => [r.name, code(r.text.replace(/\s{2,}/g, "  ")), r.source === "" ? "" : `[${r.source}]`]),
      ),
    );
  return `${parts.join("\n\n")}\n`;
}

function row(f: FunctionInfo): string[] {
  const spelled = spelledName(f);
  const further = [f.name, ...f.aliases.map((a) => a.replace(/\/\d+$/, ""))].filter((a, i, all) => a !== spelled && all.indexOf(a) === i);
  const takes = f.elementwise
    ? f.params.length === 1
      ? "element-wise"
      : `${f.params.length}, element-wise`
    : f.params.map(shape).join(", ");
  const remarks = [
    ...(f.domains.every((d) => d === "real") ? [] : [f.domains.filter((d, i, all) => all.indexOf(d) === i).join(", ")]),
    ...(f.kinks === undefined ? [] : ["kinks"]),
    ...(f.refusal === undefined ? [] : [`no differential: ${f.refusal}`]),
  ];
  return [code(spelled), further.map(code).join(" "), takes, f.elementwise ? "" : shape(f.result), remarks.join("; ")];
}

const shape = (s: Shape): string =>
  isScalarShape(s)
    ? "number"
    : isColumnShape(s)
      ? `vector(${s.rows.key})`
      : isRowShape(s)
        ? `row(${s.cols.key})`
        : describeShape(s).replace(/^.*\(|\)$/g, "");

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
