// One formula to its statements: aligned lines joined into chains, chains cut at their
// relations, several statements in one formula parted.
//
// Invariant: every side keeps its place in the document. Nothing is understood here but the
// outermost structure of LaTeX (outline.ts).

import type { Span } from "../../base/span.ts";
import { scan } from "../../syntax/latex/scan.ts";
import { type Element, outlineOf, type Relation } from "./outline.ts";

/** Elements behind a comma among which the sign of a list of names, as in "x, y ∈ ℝⁿ", is looked for. */
const LONGEST_LIST = 11;

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
  const reading: Reading = { text, blanks, sentences: [], sides: [], relations: [], defining: false, current: undefined };
  elements.forEach((element, i) => {
    if (element.kind === "content") reading.current = { start: reading.current?.start ?? element.start, end: element.end };
    else if (element.kind === "relation") endSide(reading, element);
    else if (!goesOn(reading, elements, i)) endSentence(reading);
  });
  endSentence(reading);
  return reading.sentences;
}

/** Sentences found so far, and the one that is being read. */
interface Reading {
  readonly text: string;
  readonly blanks: readonly Span[];
  readonly sentences: Sentence[];
  sides: Side[];
  relations: Relation[];
  defining: boolean;
  /** The side that is being read. */
  current: Span | undefined;
}

/** Whether a sentence goes on behind a row, a comma or a part of a list. */
function goesOn({ sides, current }: Reading, elements: readonly Element[], i: number): boolean {
  const next = elements[i + 1];
  switch (elements[i]?.kind) {
    case "row":
      // A line goes on with the one before where that is not complete, or where it begins with a sign.
      return current === undefined || next?.kind === "relation" || (next?.kind === "content" && next.joins);
    case "comma": {
      // Names before "∈" are a list.
      const after = elements.slice(i + 1, i + 1 + LONGEST_LIST).find((x) => x.kind !== "content" && x.kind !== "comma");
      return sides.length === 0 && after?.kind === "relation" && after.relation === "element";
    }
    default:
      return false;
  }
}

function endSide(reading: Reading, relation?: Element & { kind: "relation" }): void {
  const { text, blanks, sides, relations, current } = reading;
  const side = current === undefined ? undefined : trimmed(text, current, blanks);
  if (side !== undefined) sides.push(side);
  reading.current = undefined;
  if (relation === undefined) return;
  // Of two relations in a row the first one counts.
  if (sides.length > relations.length) relations.push(relation.relation);
  reading.defining ||= relation.defines;
}

function endSentence(reading: Reading): void {
  endSide(reading);
  const { sentences, sides, relations, defining } = reading;
  if (sides.length > 0) sentences.push({ sides, relations: relations.slice(0, sides.length - 1), defining });
  reading.sides = [];
  reading.relations = [];
  reading.defining = false;
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
