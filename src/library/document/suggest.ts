// Suggestions: what nabla would put in place of a refuted right-hand side, as a changed
// document and as a unified diff.
//
// Invariant: nothing is written anywhere; two suggestions never overlap.

import type { CheckedDocument } from "./document.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function editsOf({ claims }: CheckedDocument): Edit[] {
  const all = claims.flatMap((c): Edit[] => (c.suggestion === undefined ? [] : [{ ...c.right, text: c.suggestion }]));
  const kept: Edit[] = [];
  for (const edit of all.sort((a, b) => a.start - b.start)) if (edit.start >= (kept.at(-1)?.end ?? 0)) kept.push(edit);
  return kept;
}

function applied(text: string, edits: readonly Edit[], from = 0, to = text.length): string {
  let out = "";
  let at = from;
  for (const e of edits) {
    out += text.slice(at, e.start) + e.text;
    at = e.end;
  }
  return out + text.slice(at, to);
}

/** The document with every suggestion put in. */
export const withSuggestions = (document: CheckedDocument): string => applied(document.text, editsOf(document));

/** Lines shown around a change. */
const AROUND = 3;

/** The lines of a text, and where each begins. */
interface Lines {
  readonly text: string;
  readonly lines: readonly string[];
  readonly starts: readonly number[];
}

/** Lines that change. */
interface Hunk {
  /** Lines from `from` up to `to`, counted from 0. */
  from: number;
  to: number;
  readonly edits: Edit[];
}

/** The suggestions as a unified diff; empty where there are none. */
export function suggestionDiff(document: CheckedDocument): string {
  const edits = editsOf(document);
  if (edits.length === 0) return "";
  const source = linesOf(document.text);
  const out = [`--- ${document.name}`, `+++ ${document.name}`];
  let shift = 0;
  for (const group of groupsOf(hunksOf(edits, source.starts))) {
    const begin = Math.max(0, (group[0] as Hunk).from - AROUND);
    const end = Math.min(source.lines.length, (group.at(-1) as Hunk).to + AROUND);
    const body = changedLines(source, group, begin, end);
    const size = body.filter((line) => !line.startsWith("-")).length;
    out.push(`@@ -${begin + 1},${end - begin} +${begin + 1 + shift},${size} @@`, ...body);
    shift += size - (end - begin);
  }
  return out.join("\n");
}

function linesOf(text: string): Lines {
  const lines = text.split("\n");
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  return { text, lines, starts };
}

/** The lines from `begin` up to `end` as a diff has them. */
function changedLines({ text, lines, starts }: Lines, group: readonly Hunk[], begin: number, end: number): string[] {
  const body: string[] = [];
  let line = begin;
  for (const { from, to, edits } of group) {
    for (; line < from; line++) body.push(` ${lines[line]}`);
    for (; line < to; line++) body.push(`-${lines[line]}`);
    const fresh = applied(text, edits, starts[from], (starts[to] ?? text.length + 1) - 1).split("\n");
    body.push(...fresh.map((l) => `+${l}`));
  }
  for (; line < end; line++) body.push(` ${lines[line]}`);
  return body;
}

/** Hunks so near to each other that the lines shown around them meet. */
function groupsOf(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && hunk.from - before.to <= 2 * AROUND) last.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

// Changes on the same lines belong together.
function hunksOf(edits: readonly Edit[], starts: readonly number[]): Hunk[] {
  const hunks: Hunk[] = [];
  let line = 0;
  for (const e of edits) {
    while (line + 1 < starts.length && (starts[line + 1] as number) <= e.start) line++;
    let to = line + 1;
    while (to < starts.length && (starts[to] as number) <= e.end) to++;
    const before = hunks[hunks.length - 1];
    if (before !== undefined && line < before.to) {
      before.edits.push(e);
      before.to = Math.max(before.to, to);
    } else hunks.push({ from: line, to, edits: [e] });
  }
  return hunks;
}
