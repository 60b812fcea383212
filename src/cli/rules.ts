// `nabla rules`: the rule library as a table, or the rules about one function, of one
// group or from one source; `nabla rules check`: are rules of the user's own right.

import { optional } from "../base/optional.ts";
import { NOWHERE } from "../base/span.ts";
import { type CheckedRule, checkRules, type Rule, standardLibrary } from "../index.ts";
import { readLibrary, readRuleSets, refuse } from "./input.ts";
import { CommandError, EXIT, type Io, type Paint, painter, write } from "./io.ts";
import { jsonLine } from "./json.ts";
import { small, witnessText } from "./present.ts";

/** Options of `nabla rules`, as commander gives them. */
export interface RulesOptions {
  readonly format: "unicode" | "json";
  readonly rules?: readonly string[];
  readonly seed?: number;
}

/** Prints rules; the exit code. */
export async function rules(name: string | undefined, options: RulesOptions, io: Io): Promise<number> {
  const library = (await readLibrary(options, io)) ?? standardLibrary();
  const function_ = name === undefined ? undefined : library.functions.find(name);
  const found =
    name === undefined
      ? library.rules
      : library.rules.filter((r) => matches(r, name) || (function_ !== undefined && r.operator === function_.name));
  if (found.length === 0) {
    const message = `no rule, function, group or source is called ${name}`;
    const fault = { code: "name", message, span: NOWHERE, fix: "nabla rules lists all of them" } as const;
    return refuse({ ok: false, diagnostics: [fault], source: "" }, options.format, io);
  }
  if (options.format === "json") {
    const rows = found.map((r) => ({ name: r.name, kind: r.kind, section: r.section, text: r.text, source: r.source }));
    await write(io.stdout, jsonLine({ ok: true, rules: rows }));
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

/** Proves the rules of files, each with the rules of those before it; the exit code is 1 where one is refuted. */
export async function check(paths: readonly string[], options: RulesOptions, io: Io): Promise<number> {
  if (paths.length === 0) throw new CommandError("which rules: nabla rules check my.rules");
  const before = await readRuleSets(options.rules ?? [], options.format, io);
  const sets = await readRuleSets(paths, options.format, io, before);
  const results: CheckedRule[] = [];
  for (const [i, set] of sets.entries())
    results.push(
      ...(await checkRules(set, {
        before: [...before, ...sets.slice(0, i)],
        ...optional({ seed: options.seed }),
      })),
    );
  const refuted = results.some((r) => r.status === "refuted");
  if (options.format === "json") {
    const rows = results.map(({ rule, status, check: found }) => ({
      name: rule.name,
      text: rule.text,
      status,
      ...optional({ check: found }),
    }));
    await write(io.stdout, jsonLine({ ok: !refuted, rules: rows }));
  } else {
    const paint = painter(io.stdout, io.env);
    const width = Math.max(0, ...results.map((r) => r.rule.name.length));
    await write(io.stdout, results.map((r) => `${r.rule.name.padEnd(width)}  ${outcome(r, paint)}\n`).join(""));
  }
  return refuted ? EXIT.refuted : EXIT.answered;
}

function outcome({ rule, status, check: found }: CheckedRule, paint: Paint): string {
  switch (status) {
    case "proved":
      return paint("green", "✓ proved");
    case "holds":
      return `${paint("green", "✓")} holds at ${found?.points ?? 0} random points (worst error ${small(found?.worst ?? 0)})`;
    case "stated":
      return "a definition: nothing else says what it is worth";
    case "not checked":
      return paint("yellow", `not checked: ${found?.reason ?? "no point was found"}`);
    case "refuted": {
      const where =
        found?.witness === undefined
          ? (found?.reason ?? "")
          : witnessText(found.witness, rule.kind === "differential" ? undefined : "the left side");
      return `${paint("red", "✗ refuted:")} ${rule.text}\n    ${where}`;
    }
  }
}

// The name of a rule, of its group, its operator or its source.
const matches = (r: Rule, name: string): boolean =>
  r.name === name || r.name.startsWith(`${name}/`) || r.operator === name || r.source.split(" ")[0] === name;
