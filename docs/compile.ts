// Writes docs/operators: one page for each section of the rules, and a list of them. With
// --check nothing is written; the exit code says whether the pages are up to date.
//
// Not here: how a section is written (src/rewrite/document.ts).

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentSection } from "../src/rewrite/document.ts";
import { standardRules } from "../src/rewrite/standard.ts";

const folder = fileURLToPath(new URL("operators/", import.meta.url));

const slug = (section: string): string =>
  section
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const INTRODUCTION = `Functions, their signatures, derivatives and identities, with sources. A function that acts element-wise takes numbers, vectors and
matrices, and numbers among its arguments are expanded. Each rule states the differential of one application, a definition (\`:=\`),
an identity, or a law that holds by construction. Every rule is checked with numbers.
`;

/** Every page by its file name. */
export function operatorPages(): Map<string, string> {
  const set = standardRules();
  const sections = [...new Set([...set.functions.map((f) => f.section ?? ""), ...set.rules.map((r) => r.section)])];
  const pages = new Map<string, string>();
  for (const section of sections)
    pages.set(
      `${slug(section)}.md`,
      `# ${section}\n\nGenerated from \`rules/*.rules\` by \`npm run docs\`; [all families](README.md).\n\n${documentSection(set, section)}`,
    );
  const list = sections.map((section) => `- [${section}](${slug(section)}.md)`).join("\n");
  pages.set("README.md", `# Operators by family\n\n${INTRODUCTION}\n${list}\n`);
  return pages;
}

/** Names of pages that differ from what the rules say, are missing, or are left over. */
export function stalePages(): string[] {
  const fresh = operatorPages();
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const differing = [...fresh].filter(([name, text]) => !present.includes(name) || readFileSync(folder + name, "utf8") !== text);
  return [...differing.map(([name]) => name), ...present.filter((name) => !fresh.has(name))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--check")) {
    const stale = stalePages();
    if (stale.length > 0) {
      console.error(`stale: ${stale.join(", ")}; run npm run docs`);
      process.exitCode = 1;
    }
  } else {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of operatorPages()) writeFileSync(folder + name, text);
  }
}
