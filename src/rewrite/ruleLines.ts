// The lines of a .rules file that say something, with their places in it.

import { fail } from "../base/diagnostic.ts";
import { type Span, span } from "../base/span.ts";
import { nearest } from "../elaborate/names/scope.ts";

/** A line with its place in the file. */
export interface Line {
  readonly text: string;
  readonly span: Span;
}

/** The lines of a file without comments and empty ones. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const raw of text.split("\n")) {
    const trimmed = raw.trim();
    const start = offset + raw.indexOf(trimmed);
    if (trimmed !== "" && !trimmed.startsWith("#")) lines.push({ text: trimmed, span: span(start, start + trimmed.length) });
    offset += raw.length + 1;
  }
  return lines;
}

/** Refuses a word that is none of those known, with the closest one or else all. */
export function refuseUnknown(what: string, word: string, known: readonly string[], line: Line): never {
  const near = nearest(word, known);
  fail("declaration", `no ${what} is called ${word}`, line.span, { fix: near === undefined ? known.join(", ") : `did you mean ${near}?` });
}
