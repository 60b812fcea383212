// Writes docs/operators: one page for each section of the rules, and a list of them. With
// --check nothing is written; the exit code says whether the pages are up to date.
//
// Not here: how a section is written (src/rewrite/document.ts).

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentRules } from "../src/rewrite/document.ts";
import { standardRules } from "../src/rewrite/standard.ts";

const folder = fileURLToPath(new URL("operators/", import.meta.url));

const slug = (section: string): string =>
  section
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** Every page by its file name. */
export function operatorPages(): Map<string, string> {
  const { functions, rules, sources } = standardRules();
  const sections = [...new Set([...functions.map((f) => f.section ?? ""), ...rules.map((r) => r.section)])];
  const pages = new Map<string, string>();
  for (const section of sections) {
    const own = rules.filter((r) => r.section === section);
    const cited = new Set(own.map((r) => r.source.split(" ")[0] ?? ""));
    const text = documentRules({
      functions: functions.filter((f) => (f.section ?? "") === section),
      rules: own,
      sources: new Map([...sources].filter(([key]) => cited.has(key))),
    });
    // The page is about one section, which is its title; the introduction stands in the list.
    const body = text.slice(text.indexOf(`## ${section}`)).replace(`## ${section}\n`, "");
    pages.set(
      `${slug(section)}.md`,
      `# ${section}\n\nGenerated from \`rules/*.rules\` by \`docs/compile.ts\`; [all families](README.md).\n${body}`,
    );
  }
  const list = sections.map((section) => `- [${section}](${slug(section)}.md)`).join("\n");
  pages.set(
    "README.md",
    `# Operators by family\n\nFunctions, their signatures, derivatives and identities, with sources. One page for everything: [functions](../functions.md).\nEach rule is checked with numbers.\n\n${list}\n`,
  );
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
      console.error(`stale: ${stale.join(", ")}; run tsx docs/compile.ts`);
      process.exitCode = 1;
    }
  } else {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of operatorPages()) writeFileSync(folder + name, text);
  }
}
