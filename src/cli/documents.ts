// `nabla check notes.md paper.tex`: the equations of documents, judged, as text, JSON, SARIF
// or JUnit; suggestions as a diff or as a file beside the document.
//
// Invariant: a document is never changed. One that cannot be read does not hide the others.

import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { optional } from "../base/optional.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import { type CheckedDocument, checkDocument, type DocumentOptions, LONGEST_DOCUMENT } from "../library/document/document.ts";
import { countsOf, jsonReport, junitReport, sarifReport, textReport } from "../library/document/report.ts";
import { suggestionDiff, withSuggestions } from "../library/document/suggest.ts";
import { type InputOptions, readContext } from "./input.ts";
import { CommandError, EXIT, type Io, painter, write } from "./io.ts";
import { jsonLine } from "./json.ts";

/** Options of `nabla check` for documents, as commander gives them. */
export interface DocumentsOptions extends InputOptions {
  readonly layout?: Layout;
  readonly format: "text" | "json" | "sarif" | "junit";
  readonly symmetry?: Symmetry;
  readonly seed?: number;
  /** Shows suggestions as a diff. */
  readonly fix?: true;
  /** Writes them beside the document. */
  readonly write?: true;
  /** Lists everything, what is right and what is skipped, too. */
  readonly verbose?: true;
}

const ENDINGS = /\.(?:md|markdown|mdx|qmd|rmd|txt|tex|ltx|latex)$/i;

/** Whether an argument is a document: a file, or a name that ends like one. */
export const isDocument = (argument: string): boolean =>
  (ENDINGS.test(argument) && !argument.includes("=")) || (argument.length < 4096 && !argument.includes("\n") && isFile(argument));

const isFile = (path: string): boolean => {
  try {
    return existsSync(path) && statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Judges documents; the exit code. */
export async function checkDocuments(paths: readonly string[], options: DocumentsOptions, version: string, io: Io): Promise<number> {
  if (options.write === true && options.fix !== true) throw new CommandError("--write goes with --fix: nabla check notes.md --fix --write");
  if (options.latex === true) throw new CommandError("--latex is for claims; the formulas of documents are LaTeX");
  const { layout, symmetry, seed } = options;
  const common: DocumentOptions = { ...(await readContext(options, io)), ...optional({ layout, symmetry, seed }) };
  const documents: CheckedDocument[] = [];
  let code: number = EXIT.answered;
  for (const path of paths) {
    const document = await readOne(path, common);
    if (typeof document === "string") {
      io.stderr.write(`${painter(io.stderr, io.env)("red", "error:")} ${path}: ${document}\n`);
      code = EXIT.input;
      continue;
    }
    documents.push(document);
    if (options.format === "text") await write(io.stdout, `${coloured(textReport(document, options.verbose === true), io)}\n`);
    if (options.fix === true) await suggest(document, options, io);
    if (document.problems.length > 0) code = EXIT.input;
    else if (code === EXIT.answered && countsOf(document).refuted > 0) code = EXIT.refuted;
  }
  if (options.format === "json") await write(io.stdout, jsonLine({ documents: documents.map(jsonReport) }));
  if (options.format === "sarif") await write(io.stdout, `${JSON.stringify(sarifReport(documents, version), null, 2)}\n`);
  if (options.format === "junit") await write(io.stdout, `${junitReport(documents)}\n`);
  return code;
}

const coloured = (text: string, io: Io): string => {
  const paint = painter(io.stdout, io.env);
  return text.replace(/^(\S.*?:\d+:\d+: )(refuted|unreadable):/gm, (_, where, word) => `${where}${paint("red", word)}:`);
};

// The document, or why it cannot be read.
async function readOne(path: string, common: DocumentOptions): Promise<CheckedDocument | string> {
  let text: string;
  try {
    if (statSync(path).size > 4 * LONGEST_DOCUMENT) return `it is longer than the ${LONGEST_DOCUMENT} characters that nabla reads`;
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return { ENOENT: "there is no such file", EISDIR: "it is a folder", EACCES: "it may not be read" }[code] ?? (error as Error).message;
  }
  const result = await checkDocument(text.replace(/^\ufeff/, ""), { ...common, name: path });
  return result.ok ? result : (result.diagnostics[0]?.message ?? "it is not understood");
}

async function suggest(document: CheckedDocument, options: DocumentsOptions, io: Io): Promise<void> {
  const diff = suggestionDiff(document);
  if (diff === "") {
    io.stderr.write(`${document.name}: nothing to suggest\n`);
    return;
  }
  if (options.write === true) {
    const path = `${document.name}.fixed`;
    writeFileSync(path, withSuggestions(document));
    io.stderr.write(`${path} holds ${document.name} with the suggestions put in\n`);
  } else if (options.format === "text") await write(io.stdout, `${diff}\n`);
  else io.stderr.write(`${diff}\n`);
}
