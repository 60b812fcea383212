// A derivation as plain text: headings, aligned lines, rules in a column on the right.
//
// Not here: which lines there are (outline.ts), and their notation in LaTeX and Markdown (latex.ts, markdown.ts).

import { displayWidth } from "../../base/diagnostic.ts";
import type { RuleReference } from "./model.ts";
import type { Line, Outline } from "./outline.ts";

const WIDEST = 100;
const INDENT = "  ";

const ruleText = (rules: readonly RuleReference[]): string => rules.map((r) => `${r.title} [${r.source}]`).join("; ");

const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - displayWidth(text)));

/** The lines of an outline, without a line break at the end. */
export function outlineText(o: Outline): string {
  const [first = "", ...others] = o.head?.forms ?? [];
  const out =
    o.head === undefined
      ? [o.remark]
      : [`${o.head.left} = ${first}`, ...others.map((form) => `${INDENT}= ${form}`), `${INDENT}${o.remark}`];
  for (const section of o.sections) {
    const rules = section.rules.length === 0 ? "" : `: ${ruleText(section.rules)}`;
    out.push("", `${section.title}${rules}`, ...sectionLines(section.lines));
  }
  return out.join("\n");
}

function sectionLines(lines: readonly Line[]): string[] {
  const leads = lines.map((l) => l.lead.join(", "));
  const leadWidth = Math.min(24, Math.max(...leads.map((t) => displayWidth(t))));
  const leftWidth = Math.min(28, Math.max(...lines.map((l) => displayWidth(l.left))));
  const blocks = lines.map((line, i) => {
    const lead = leads[i] as string;
    const start = INDENT + (leadWidth === 0 ? "" : `${pad(lead, leadWidth)}  `) + pad(line.left, leftWidth);
    const margin = " ".repeat(displayWidth(start));
    const single = `${start} = ${line.forms.join(" = ")}`;
    if (displayWidth(single) <= WIDEST - 30 || line.forms.length === 1) return [single];
    return line.forms.map((form, k) => `${k === 0 ? start : margin} = ${form}`);
  });
  const widest = Math.max(...blocks.map((b) => displayWidth(b[b.length - 1] as string)).filter((w) => w <= WIDEST - 30), 0);
  return blocks.flatMap((block, i) => {
    const line = lines[i] as Line;
    const said = [ruleText(line.rules), ...line.notes].filter((t) => t !== "").join(", ");
    if (said === "") return block;
    const last = block.length - 1;
    return block.map((text, k) => (k === last ? `${pad(text, widest)}   ${said}` : text));
  });
}
