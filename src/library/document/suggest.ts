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
  all.sort((a, b) => a.start - b.start);
  return all.filter((e, i) => i === 0 || e.start >= (all[i - 1] as Edit).end);
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

interface Hunk {
  /** Lines from `from` up to `to`, counted from 0. */
  from: number;
  to: number;
  readonly edits: Edit[];
}

/** The suggestions as a unified diff; empty where there are none. */
export function suggestionDiff(document: CheckedDocument): string {
  const { text, name } = document;
  const edits = editsOf(document);
  if (edits.length === 0) return "";
  const lines = text.split("\n");
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  const hunks = hunksOf(edits, starts);
  const out = [`--- ${name}`, `+++ ${name}`];
  let shift = 0;
  for (let i = 0; i < hunks.length; ) {
    let k = i;
    while (k + 1 < hunks.length && (hunks[k + 1] as Hunk).from - (hunks[k] as Hunk).to <= 2 * AROUND) k++;
    const group = hunks.slice(i, k + 1);
    const begin = Math.max(0, (group[0] as Hunk).from - AROUND);
    const end = Math.min(lines.length, (group[group.length - 1] as Hunk).to + AROUND);
    const body: string[] = [];
    let added = 0;
    let line = begin;
    for (const { from, to, edits: inside } of group) {
      for (; line < from; line++) body.push(` ${lines[line]}`);
      for (; line < to; line++) body.push(`-${lines[line]}`);
      const fresh = applied(text, inside, starts[from], (starts[to] ?? text.length + 1) - 1).split("\n");
      body.push(...fresh.map((l) => `+${l}`));
      added += fresh.length - (to - from);
    }
    for (; line < end; line++) body.push(` ${lines[line]}`);
    out.push(`@@ -${begin + 1},${end - begin} +${begin + 1 + shift},${end - begin + added} @@`, ...body);
    shift += added;
    i = k + 1;
  }
  return out.join("\n");
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
