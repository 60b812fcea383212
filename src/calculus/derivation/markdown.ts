// A derivation as Markdown: a heading and a table a section, formulas as LaTeX between
// dollar signs, the sources cited at the end.
//
// Not here: which lines there are (outline.ts), and their notation as plain text and LaTeX
// (text.ts, latex.ts).

import type { Library } from "../../rewrite/library.ts";
import type { RuleReference } from "./model.ts";
import type { Line, Outline } from "./outline.ts";

const math = (text: string): string => `$${text.replaceAll("|", "\\vert ")}$`;

const rulesText = (rules: readonly RuleReference[]): string => rules.map((r) => `${r.title} (${r.source})`).join("; ");

function row(line: Line): string {
  const formula = math(`${line.left} = ${line.forms.join(" = ")}`);
  const lead = line.lead.length === 0 ? "" : `with ${line.lead.map(math).join(", ")}`;
  const said = [rulesText(line.rules), ...line.notes, lead].filter((t) => t !== "").join(", ");
  return `| ${formula} | ${said} |`;
}

/** An outline as Markdown. */
export function outlineMarkdown(o: Outline, library: Library): string {
  const out = [...(o.head === undefined ? [] : [`$$${o.head.left} = ${o.head.forms.join(" = ")}$$`, ""]), o.remark];
  for (const section of o.sections) {
    const rules = section.rules.length === 0 ? "" : `: ${rulesText(section.rules)}`;
    out.push("", `**${section.title}${rules}**`, "", "| | |", "| --- | --- |", ...section.lines.map(row));
  }
  const cited = o.sections.flatMap((x) => [...x.rules, ...x.lines.flatMap((l) => l.rules)]).map((r) => r.source.split(" ")[0] ?? "");
  const sources = [...new Set(cited)].flatMap((key) => (library.sources.has(key) ? [`- ${key}: ${library.sources.get(key)}`] : []));
  return [...out, ...(sources.length === 0 ? [] : ["", ...sources])].join("\n");
}
