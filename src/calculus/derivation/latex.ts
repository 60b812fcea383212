// A derivation as LaTeX: one aligned environment a section, rules as text in a second column.

import type { Line, Outline } from "./outline.ts";
import type { RuleReference } from "./model.ts";

const escape = (text: string): string => text.replaceAll("§", "\\S").replace(/[&%#_]/g, "\\$&");

const remark = (rules: readonly RuleReference[], notes: readonly string[]): string => {
  const said = [...rules.map((r) => `${r.title} [${r.source}]`), ...notes].join(", ");
  return said === "" ? "" : ` && \\text{${escape(said)}}`;
};

function lineLatex(line: Line): string[] {
  const lead = line.lead.length === 0 ? "" : ` && \\text{with } ${line.lead.join(",\\ ")}`;
  const last = line.forms.length - 1;
  return line.forms.map((form, k) => `  ${k === 0 ? line.left : ""} &= ${form}${k === last ? remark(line.rules, line.notes) || lead : ""}`);
}

/** An outline as LaTeX for a document with amsmath. */
export function outlineLatex(o: Outline): string {
  const out = ["\\begin{align*}", `  ${o.question} &= ${o.answer}`, ...(o.cases === undefined ? [] : [`  \\\\ &= ${o.cases}`]), "\\end{align*}"];
  for (const section of o.sections) {
    const rules = section.rules.length === 0 ? "" : `: ${escape(section.rules.map((r) => `${r.title} [${r.source}]`).join("; "))}`;
    out.push(`\\paragraph{${section.title}${rules}}`, "\\begin{align*}", section.lines.flatMap(lineLatex).join(" \\\\\n"), "\\end{align*}");
  }
  return out.join("\n");
}
