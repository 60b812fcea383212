// A page about one section of the rules: every function with its spellings, shapes and
// domain, every rule with its source.
//
// Invariant: nothing about a particular function is said here.

import { type FunctionInfo, spelledName } from "../expr/functions.ts";
import { describeShape, isColumnShape, isRowShape, isScalarShape, type Shape } from "../expr/shape.ts";
import type { RuleSet } from "./rule.ts";

/** The tables of a section, and the full references of the sources that its rules cite. */
export function documentSection(set: RuleSet, section: string): string {
  const functions = set.functions.filter((f) => (f.section ?? "") === section);
  const rules = set.rules.filter((r) => r.section === section);
  const cited = new Set(rules.map((r) => r.source.split(" ")[0] ?? ""));
  const sources = [...set.sources].filter(([key]) => cited.has(key)).map(([key, reference]) => `- **${key}** ${reference}`);
  const parts: string[] = [];
  if (functions.length > 0) parts.push(table(["function", "also", "takes", "gives", "remarks"], functions.map(row)));
  if (rules.length > 0)
    parts.push(
      table(
        ["rule", "states", "source"],
        rules.map((r) => [r.name, code(r.text.replace(/\s{2,}/g, "  ")), r.source === "" ? "" : `[${r.source}]`]),
      ),
    );
  if (sources.length > 0) parts.push(`## Sources\n\n${sources.join("\n")}`);
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
