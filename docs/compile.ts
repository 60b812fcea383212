// Writes docs/operators: one page for each section of the rules, and a list of them. With
// --check nothing is written; the exit code says whether the pages are up to date.
//
// Not here: how a section is written (src/rewrite/document.ts).

import { type Generated, runScript } from "../generated.ts";
import { documentSection } from "../src/rewrite/document.ts";
import { standardRules } from "../src/rewrite/standard.ts";

const FOLDER = "docs/operators";

const slug = (section: string): string =>
  section
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const INTRODUCTION = `Functions, their signatures, derivatives and identities, with sources. A function that acts element-wise takes numbers, vectors and
matrices, and numbers among its arguments are expanded. Each rule states the differential of one application, a definition (\`:=\`),
an identity, or a law that holds by construction. Every rule is checked with numbers.
`;

/** The pages about operators. */
export const GENERATED: Generated = { script: "docs", files: operatorPages, folder: FOLDER };

function operatorPages(): ReadonlyMap<string, string> {
  const set = standardRules();
  const sections = [...new Set([...set.functions.map((f) => f.section ?? ""), ...set.rules.map((r) => r.section)])];
  const pages = new Map<string, string>();
  for (const section of sections)
    pages.set(
      `${FOLDER}/${slug(section)}.md`,
      `# ${section}\n\nGenerated from \`rules/*.rules\` by \`npm run docs\`; [all families](README.md).\n\n${documentSection(set, section)}`,
    );
  const list = sections.map((section) => `- [${section}](${slug(section)}.md)`).join("\n");
  pages.set(`${FOLDER}/README.md`, `# Operators by family\n\n${INTRODUCTION}\n${list}\n`);
  return pages;
}

runScript(import.meta.url, GENERATED);
