// Everything that can be wrong with an input, as data: a stable code, the place, the
// message and, where one is known, the fix. One function renders all of them.

import type { Span } from "./span.ts";

/** What kind of fault it is; stable across versions. */
export type DiagnosticCode =
  | "empty" // nothing was written
  | "lexical" // a character or number the language does not have
  | "syntax" // tokens in an order the grammar does not have
  | "limit" // input longer or deeper than the stated bounds
  | "name" // unknown or doubly declared name
  | "shape" // shapes that do not fit
  | "type" // a thing used as what it is not (an index as a matrix, a claim as a term)
  | "declaration" // a declaration or option that makes no sense
  | "unsupported"; // understood, but nabla cannot do it, with the reason

/** A further place that a message is about. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** One fault of an input. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span;
  readonly labels?: readonly Label[];
  /** What the user most likely wants instead. */
  readonly fix?: string;
}

/** Thrown inside a pass and caught at its border: the pass answers with the diagnostic. */
export class InputError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = "InputError";
    this.diagnostic = diagnostic;
  }
}

/** Throws an InputError with this diagnostic. */
export function fail(code: DiagnosticCode, message: string, span: Span, more: { labels?: Label[]; fix?: string } = {}): never {
  throw new InputError({ code, message, span, ...more });
}

/** What a maker makes; undefined where it throws an InputError. */
export function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const WIDEST_EXCERPT = 100;

/** The text a person reads: message, source line, carets, labels, fix. */
export function renderDiagnostic(diagnostic: Diagnostic, source: string, file?: string): string {
  const { line, column, text, offset } = lineAt(source, diagnostic.span.start);
  const where = file === undefined ? (line > 1 ? `line ${line}: ` : "") : `${file}:${line}:${column}: `;
  const out = [`${where}error: ${diagnostic.message}`];
  if (source.trim() !== "") {
    const marks: Label[] = [{ span: diagnostic.span, text: "" }, ...(diagnostic.labels ?? [])];
    // Long lines are cut to a window around the place.
    const from = Math.max(0, Math.min(diagnostic.span.start - offset - WIDEST_EXCERPT / 2, text.length - WIDEST_EXCERPT));
    const shown = text.slice(from, from + WIDEST_EXCERPT);
    const lead = from > 0 ? "…" : "";
    out.push(`  ${lead}${shown}${from + WIDEST_EXCERPT < text.length ? "…" : ""}`);
    for (const mark of marks) {
      const begin = mark.span.start - offset - from;
      if (begin < 0 || begin > shown.length) continue;
      const length = Math.max(1, Math.min(mark.span.end - mark.span.start, shown.length - begin));
      const pad = displayWidth(lead + shown.slice(0, begin));
      const carets = (mark.text === "" ? "^" : "~").repeat(Math.max(1, displayWidth(shown.slice(begin, begin + length))));
      out.push(`  ${" ".repeat(pad)}${carets}${mark.text === "" ? "" : ` ${mark.text}`}`);
    }
  }
  if (diagnostic.fix !== undefined) out.push(`  fix: ${diagnostic.fix}`);
  return out.join("\n");
}

/** One-based line and column (in characters as displayed) of an offset, with the text of the line. */
function lineAt(source: string, offset: number): { line: number; column: number; text: string; offset: number } {
  const at = Math.min(offset, source.length);
  let start = source.lastIndexOf("\n", at - 1) + 1;
  let end = source.indexOf("\n", at);
  if (end < 0) end = source.length;
  if (start > end) start = end;
  let line = 1;
  for (let i = source.indexOf("\n"); i >= 0 && i < start; i = source.indexOf("\n", i + 1)) line++;
  return { line, column: displayWidth(source.slice(start, at)) + 1, text: source.slice(start, end), offset: start };
}

/** Characters as displayed: combining marks take no room, a surrogate pair is one character. */
export function displayWidth(text: string): number {
  return [...text.replace(/\p{M}|\u200d|\ufe0f/gu, "")].length;
}
