// Where a command's input comes from: the argument, a file or stdin; rules from files.

import { readFileSync } from "node:fs";
import { type Diagnostic, InputError, renderDiagnostic } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import type { Refusal } from "../library/question/call.ts";
import type { Context } from "../library/question/question.ts";
import type { Library } from "../rewrite/library.ts";
import { parseRules } from "../rewrite/parse.ts";
import type { RuleSet } from "../rewrite/rule.ts";
import { standardLibrary } from "../rewrite/standard.ts";
import { CommandError, EXIT, type Io, painter, readAll, write } from "./io.ts";
import { faultOf, jsonLine } from "./json.ts";

/** The options of every command that reads an expression. */
export interface InputOptions {
  readonly type?: readonly string[];
  readonly file?: string;
  readonly dialect?: "standard" | "paper";
  readonly latex?: true;
  readonly rules?: readonly string[];
  readonly format?: string;
}

/** A text and where it is from. */
export interface Input {
  readonly text: string;
  /** Shown in front of a place in the text. */
  readonly file?: string;
}

/** The text of the expression. */
export async function readInput(argument: string | undefined, options: InputOptions, io: Io): Promise<Input> {
  if (options.file !== undefined) {
    if (argument !== undefined) throw new CommandError("an expression and --file are two inputs; one is wanted");
    return { text: readFile(options.file), file: options.file };
  }
  if (argument !== undefined && argument !== "-") return { text: argument };
  if (argument === undefined && io.stdin.isTTY === true)
    throw new CommandError("an expression is missing, for example: nabla diff 'sum(w .* x)' --wrt w");
  return { text: await readAll(io.stdin) };
}

/** What the options say of the names of an expression, and the rules to read it by. */
export async function readContext(options: InputOptions, io: Io): Promise<Context> {
  const { type, dialect, latex } = options;
  const library = await readLibrary(options, io);
  return optional({ declarations: type?.join("\n"), dialect, notation: latex === undefined ? undefined : ("latex" as const), library });
}

/** The text of a file; what hinders reading it is the user's to know. */
export function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = { ENOENT: "there is no such file", EISDIR: "it is a folder", EACCES: "it may not be read" }[
      (error as NodeJS.ErrnoException).code ?? ""
    ];
    throw new CommandError(`${path} cannot be read: ${why ?? (error as Error).message}`);
  }
}

/** The standard rules with those of files behind them; undefined where there are none. */
export async function readLibrary({ rules = [], format }: Pick<InputOptions, "rules" | "format">, io: Io): Promise<Library | undefined> {
  return rules.length === 0 ? undefined : standardLibrary(await readRuleSets(rules, format, io));
}

/** The rule sets of files, each knowing the functions of those before it. Ends the command where one cannot be read. */
export async function readRuleSets(
  paths: readonly string[],
  format: string | undefined,
  io: Io,
  before: readonly RuleSet[] = [],
): Promise<RuleSet[]> {
  const sets: RuleSet[] = [];
  for (const path of paths) {
    const text = readFile(path);
    try {
      sets.push(parseRules(text, standardLibrary([...before, ...sets]).functions));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new CommandError("", await refuse({ ok: false, diagnostics: [error.diagnostic], source: text }, format, io, path));
    }
  }
  return sets;
}

/** Shows what is wrong with an input. */
export function report(diagnostics: readonly Diagnostic[], input: Input, io: Io): void {
  const paint = painter(io.stderr, io.env);
  for (const d of diagnostics) {
    // A message about the whole has no place to point at.
    const placed = d.span.end > 0 || d.code !== "unsupported";
    const text = renderDiagnostic(d, placed ? input.text : "", input.file);
    io.stderr.write(`${text.replace(/^(.*?)error:/, (_, where) => `${where}${paint("red", "error:")}`)}\n`);
  }
}

/** Says what is wrong with an input, in the format that answers have; the exit code. */
export async function refuse(refusal: Refusal, format: string | undefined, io: Io, file?: string): Promise<number> {
  if (format === "json") await write(io.stdout, jsonLine({ ok: false, error: faultOf(refusal, file) }));
  else report(refusal.diagnostics, { text: refusal.source, ...optional({ file }) }, io);
  return EXIT.input;
}
