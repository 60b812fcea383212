// A derivation as LaTeX: one aligned environment a section, rules as text in a second column.
//
// Not here: which lines there are (outline.ts), and their notation as plain text and Markdown (text.ts, markdown.ts).

import type { RuleReference } from "./model.ts";
import type { Line, Outline } from "./outline.ts";

const escaped = (text: string): string =>
  text
    .replaceAll("§", "\\S")
    .replace(/[&%#_]/g, "\\$&")
    .replaceAll("×", "$\\times$$");

const remark = (rules: readonly RuleReference[], notes: readonly string[]): string => {
  const said = [...rules.map((r) => `${r.title} [${r.source}]`), ...notes].join(", ");
  return said === "" ? "" : ` && \\text{${escaped(said)}}`;
};

function lineLatex(line: Line): string[] {
  const lead = line.lead.length === 0 ? "" : ` && \\text{with } ${line.lead.join(",\\ ")}`;
  const last = line.forms.length - 1;
  return line.forms.map((form, k) => `  ${k === 0 ? line.left : ""} &= ${form}${k === last ? remark(line.rules, line.notes) || lead : ""}`);
}

/** An outline as LaTeX for a document with amsmath. */
export function outlineLatex(o: Outline): string {
  const head = o.head === undefined ? [] : lineLatex({ ...o.head, lead: [], rules: [], notes: [o.remark] });
  const out = head.length === 0 ? [escaped(o.remark)] : ["\\begin{align*}", head.join(" \\\\\n"), "\\end{align*}"];
  for (const section of o.sections) {
    const rules = section.rules.length === 0 ? "" : `: ${escaped(section.rules.map((r) => `${r.title} [${r.source}]`).join("; "))}`;
    out.push(`\\paragraph{${section.title}${rules}}`, "\\begin{align*}", section.lines.flatMap(lineLatex).join(" \\\\\n"), "\\end{align*}");
  }
  return out.join("\n");
}
