// Compiles grammar/nabla.ne to src/syntax/grammar/generated/grammar.ts with nearley's own
// compiler, and refuses what nearley lets pass: warnings, unknown tokens, names that
// collide with Object.prototype, nonterminals that derive nothing or themselves.
// With --check nothing is written; the exit code says whether the committed file is up to date.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Generated, runScript } from "../generated.ts";
import { hasToken } from "../src/syntax/tokens/lexer.ts";

interface CompiledRule {
  readonly name: string;
  readonly symbols: readonly (string | { readonly token?: string; readonly literal?: string } | RegExp)[];
}
interface Compiled {
  readonly rules: readonly CompiledRule[];
  readonly customTokens: readonly string[];
}
interface NearleyRuntime {
  readonly Parser: new (grammar: unknown) => { feed(text: string): { results: unknown[] } };
  readonly Grammar: { fromCompiled(rules: unknown): unknown };
}

const SOURCE = fileURLToPath(new URL("nabla.ne", import.meta.url));

/** The compiled grammar. */
export const GENERATED: Generated = {
  script: "grammar",
  files: () => new Map([["src/syntax/grammar/generated/grammar.ts", compileGrammar(readFileSync(SOURCE, "utf8"))]]),
};

const BANNER = `// Generated from grammar/nabla.ne by grammar/compile.ts. Do not edit.
`;

/** The text of the compiled grammar. Throws an Error that names what is wrong with the source. */
export function compileGrammar(source: string): string {
  const require = createRequire(import.meta.url);
  const nearley = require("nearley/lib/nearley.js") as NearleyRuntime;
  const compile = require("nearley/lib/compile.js") as (structure: unknown, options: object) => Compiled;
  const lint = require("nearley/lib/lint.js") as (grammar: Compiled, options: { out: { write(text: string): void } }) => void;
  const generate = require("nearley/lib/generate.js") as (grammar: Compiled, name: string) => string;
  const version = (require("nearley/package.json") as { version: string }).version;

  const parser = new nearley.Parser(nearley.Grammar.fromCompiled(require("nearley/lib/nearley-language-bootstrapped.js")));
  const structure = parser.feed(source.replace(/\r\n/g, "\n")).results[0];
  if (structure === undefined) throw new Error("the grammar ends in the middle of a rule");
  const compiled = compile(structure, { version, args: [SOURCE] });
  const warnings: string[] = [];
  lint(compiled, { out: { write: (text) => void warnings.push(text.trim()) } });
  const complaints = [...warnings, ...findFaults(compiled)];
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  return BANNER + tidy(generate(compiled, "grammar"));
}

/** Faults of a grammar that nearley's own checks do not report. */
function findFaults(compiled: Compiled): string[] {
  const out: string[] = [];
  for (const token of compiled.customTokens) if (!hasToken(token)) out.push(`no token is called %${token}`);
  const names = new Set(compiled.rules.map((r) => r.name));
  for (const name of [...names, ...compiled.customTokens])
    if (name in Object.prototype) out.push(`${name} is a member of Object.prototype and breaks nearley's tables`);
  for (const name of nullable(compiled)) out.push(`${name} may be empty`);
  for (const name of cyclic(compiled)) out.push(`${name} derives itself alone`);
  for (const name of unreachable(compiled)) out.push(`${name} is never used`);
  return out;
}

function nullable(compiled: Compiled): string[] {
  const found = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const r of compiled.rules) {
      if (found.has(r.name) || !r.symbols.every((s) => typeof s === "string" && found.has(s))) continue;
      found.add(r.name);
      grown = true;
    }
  }
  return [...found];
}

// Nothing is nullable, so a nonterminal derives itself alone only through unit rules.
function cyclic(compiled: Compiled): string[] {
  const units = new Map<string, Set<string>>();
  for (const r of compiled.rules) {
    const only = r.symbols[0];
    if (r.symbols.length === 1 && typeof only === "string") units.set(r.name, (units.get(r.name) ?? new Set()).add(only));
  }
  return [...units.keys()].filter((name) => reach(units.get(name) ?? [], (n) => units.get(n) ?? []).has(name));
}

function unreachable(compiled: Compiled): string[] {
  const uses = new Map<string, string[]>();
  for (const r of compiled.rules)
    uses.set(r.name, [...(uses.get(r.name) ?? []), ...r.symbols.filter((s): s is string => typeof s === "string")]);
  const start = compiled.rules[0]?.name ?? "";
  const used = reach([start], (n) => uses.get(n) ?? []);
  return [...uses.keys()].filter((name) => !used.has(name));
}

function reach(from: Iterable<string>, next: (name: string) => Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const stack = [...from];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    stack.push(...next(name));
  }
  return seen;
}

// The generator asks the lexer for each token and declares its name as a global, which
// would hide a misspelt one; here every token is known to exist. Its types do not allow
// actions that state what they take.
const tidy = (text: string): string =>
  `${text
    .replace(/^\/\/ (Bypasses|@ts-ignore).*\n/gm, "")
    .replace(/^function id.*\n/gm, "")
    .replace(/^declare var .*\n/gm, "")
    .replace(/\(lexer\.has\("(\w+)"\) \? \{type: "\1"\} : \1\)/g, '{type: "$1"}')
    .replace("postprocess?: (d: any[], loc?: number, reject?: {}) => any", "postprocess?: (d: any) => any")
    .replace(/^type NearleySymbol = .*$/m, "type NearleySymbol = string | { type: string };")
    .trimEnd()}\n`;

runScript(import.meta.url, GENERATED);
