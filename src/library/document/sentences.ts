// One formula to its statements: aligned lines joined into chains, chains cut at their
// relations, several statements in one formula parted.
//
// Invariant: every side keeps its place in the document. Nothing is understood here but the
// outermost structure of LaTeX (outline.ts).

import type { Span } from "../../base/span.ts";
import { scan } from "../../syntax/latex/scan.ts";
import { outlineOf, type Relation } from "./outline.ts";

/** One side of a chain of relations. */
export interface Side extends Span {
  /** What stands there, alignment and line breaks as white space. */
  readonly text: string;
}

/** Sides with the relations between them; one side alone states nothing. */
export interface Sentence {
  readonly sides: readonly Side[];
  readonly relations: readonly Relation[];
  /** Written with := or its like. */
  readonly defining: boolean;
}

/** The statements of a formula that stands between two places of a document. */
export function sentencesOf(text: string, from: number, to: number): Sentence[] {
  const { elements, blanks } = outlineOf(text, scan(text, from, to));
  const out: Sentence[] = [];
  let sides: Side[] = [];
  let relations: Relation[] = [];
  let defining = false;
  let current: Span | undefined;
  const side = (): void => {
    const made = current === undefined ? undefined : trimmed(text, current, blanks);
    if (made !== undefined) sides.push(made);
    current = undefined;
  };
  const flush = (): void => {
    side();
    if (sides.length > 0) out.push({ sides, relations: relations.slice(0, sides.length - 1), defining });
    sides = [];
    relations = [];
    defining = false;
  };
  elements.forEach((e, i) => {
    const next = elements[i + 1];
    switch (e.kind) {
      case "content":
        current = { start: current?.start ?? e.start, end: e.end };
        break;
      case "relation":
        side();
        if (sides.length > relations.length) relations.push(e.relation);
        defining ||= e.defines;
        break;
      case "row":
        // A line goes on with the one before where that is not complete, or where it begins with a sign.
        if (current === undefined || next?.kind === "relation" || (next?.kind === "content" && next.joins)) break;
        flush();
        break;
      case "comma": {
        // Names before "∈" are a list.
        const after = elements.slice(i + 1, i + 12).find((x) => x.kind !== "content" && x.kind !== "comma");
        if (sides.length === 0 && after?.kind === "relation" && after.relation === "element") break;
        flush();
        break;
      }
      case "part":
        flush();
        break;
    }
  });
  flush();
  return out;
}

const LEADING = /^(?:[\s.,;&~]|\\[,;:! ]|\\quad|\\displaystyle)+/;
const TRAILING = /(?:[\s.,;&~]|\\[,;:! ]|\\quad)+$/;

// The side without spaces and stops around it; what is only structure becomes white space.
function trimmed(text: string, { start, end }: Span, blanks: readonly Span[]): Side | undefined {
  // Blanks stand in order, so the first one of the side is found by halving.
  let [low, high] = [0, blanks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blanks[middle] as Span).start < start) low = middle + 1;
    else high = middle;
  }
  let out = "";
  let at = start;
  for (let b = blanks[low]; b !== undefined && b.end <= end; b = blanks[++low]) {
    out += text.slice(at, b.start) + " ".repeat(b.end - b.start);
    at = b.end;
  }
  out += text.slice(at, end);
  const lead = LEADING.exec(out)?.[0].length ?? 0;
  const body = out.slice(lead).replace(TRAILING, "");
  return body === "" ? undefined : { start: start + lead, end: start + lead + body.length, text: body };
}
