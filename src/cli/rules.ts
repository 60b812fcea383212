// `nabla rules`: the rule library as a table, or the rules about one function, of one
// group or from one source.

import { type Rule, standardLibrary } from "../index.ts";
import { readLibrary } from "./input.ts";
import { CommandError, EXIT, type Io, painter, write } from "./io.ts";
import { SCHEMA_VERSION } from "./present.ts";

export interface RulesOptions {
  readonly format: "unicode" | "json";
  readonly rules?: readonly string[];
}

/** Prints rules; the exit code. */
export async function rules(name: string | undefined, options: RulesOptions, io: Io): Promise<number> {
  const library = (await readLibrary(options.rules, io)) ?? standardLibrary();
  const function_ = name === undefined ? undefined : library.functions.find(name);
  const found =
    name === undefined
      ? library.rules
      : library.rules.filter((r) => matches(r, name) || (function_ !== undefined && r.operator === function_.name));
  if (found.length === 0) throw new CommandError(`no rule, function, group or source is called ${name}\n  nabla rules lists all of them`);
  if (options.format === "json") {
    const rows = found.map((r) => ({ name: r.name, kind: r.kind, section: r.section, text: r.text, source: r.source }));
    await write(io.stdout, `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ok: true, rules: rows })}\n`);
    return EXIT.answered;
  }
  const paint = painter(io.stdout, io.env);
  const nameWidth = Math.max(...found.map((r) => r.name.length));
  const textWidth = Math.max(...found.map((r) => r.text.length));
  const lines: string[] = [];
  let section: string | undefined;
  for (const r of found) {
    if (r.section !== section) lines.push(...(section === undefined ? [] : [""]), paint("bold", r.section));
    section = r.section;
    const source = r.source === "" ? "" : paint("dim", `[${r.source}]`);
    lines.push(`  ${r.name.padEnd(nameWidth)}  ${r.text.padEnd(textWidth)}  ${source}`.trimEnd());
  }
  if (name !== undefined) {
    const keys = new Set(found.map((r) => r.source.split(" ")[0] ?? ""));
    const references = [...library.sources].filter(([key]) => keys.has(key));
    if (references.length > 0) lines.push("", ...references.map(([key, reference]) => paint("dim", `[${key}] ${reference}`)));
  }
  await write(io.stdout, `${lines.join("\n")}\n`);
  return EXIT.answered;
}

// The name of a rule, of its group, its operator or its source.
const matches = (r: Rule, name: string): boolean =>
  r.name === name || r.name.startsWith(`${name}/`) || r.operator === name || r.source.split(" ")[0] === name;
