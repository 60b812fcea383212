// The last statement of a text, found behind declarations and definitions and cut at its
// equality signs.
//
// Invariant: places refer to the text as it was given, because what is not read is blanked out
// and never cut away. Not here: what the sides say (terms/equation.ts).

/** One side of a statement, by its place in the text. */
export interface WrittenSide {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The last statement of a text, with the text that it stands in. */
export interface Statement {
  readonly source: string;
  /** Where the last statement begins. */
  readonly begin: number;
  readonly sides: readonly WrittenSide[];
}

/** Two sides that are claimed to be equal. */
export type Sides = readonly [left: WrittenSide, right: WrittenSide];

const OPENING = "([{";
const CLOSING = ")]}";

/** How many brackets deeper a text is behind a character of it. */
export const nesting = (c: string): 1 | 0 | -1 => (OPENING.includes(c) ? 1 : CLOSING.includes(c) ? -1 : 0);

/** Where the bracket closes that a text is inside of from a place on. */
export function closing(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    depth += nesting(text[i] as string);
    if (depth === 0) return i;
  }
  return undefined;
}

/** Finds the last statement of a text and its equality signs; a line that begins with = goes on with the statement. */
export function statementIn(source: string): Statement {
  const text = [...source].length === source.length ? source : source.replace(/[\ud800-\udfff]/g, "x");
  let depth = 0;
  let begin = 0;
  let signs: number[] = [];
  let last: { begin: number; end: number; signs: number[] } | undefined;
  const close = (end: number): void => {
    if (!isBlank(text.slice(begin, end))) last = { begin, end, signs };
    begin = end + 1;
    signs = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === "#") {
      while (i + 1 < text.length && text[i + 1] !== "\n") i++;
      continue;
    }
    const deeper = nesting(c);
    depth += deeper;
    if (deeper !== 0 || depth > 0) continue;
    if (c === "=" && text[i + 1] === "=") i++;
    else if (c === "=" && !/[<>!:=~]/.test(text[i - 1] ?? "")) signs.push(i);
    else if (c === ";" || (c === "\n" && !continues(text, i))) close(i);
  }
  close(text.length);
  if (last === undefined) return { source, begin: 0, sides: [] };
  const { begin: from, end, signs: at } = last;
  const bounds = [from - 1, ...at, end];
  const sides = bounds.slice(1).map((stop, i): WrittenSide => part(source, (bounds[i] as number) + 1, stop));
  return { source, begin: from, sides };
}

/** Whether a text has nothing but white space and comments. */
const isBlank = (text: string): boolean => text.replace(/#[^\n]*/g, "").trim() === "";

const continues = (text: string, at: number): boolean =>
  /^\s*=(?!=)/.test(text.slice(at)) || /=\s*$/.test(text.slice(Math.max(0, at - 200), at));

/** A part of a text without the white space around it. */
function part(source: string, from: number, to: number): WrittenSide {
  const piece = source.slice(from, to);
  const start = from + (piece.length - piece.trimStart().length);
  return { start, end: from + piece.trimEnd().length, text: piece.trim() };
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** The text with nothing in its last statement but some of its sides, an equality sign between them. */
export function withSides(statement: Statement, kept: readonly WrittenSide[]): string {
  const { source, begin } = statement;
  let out = source.slice(0, begin);
  let at = begin;
  kept.forEach((side, i) => {
    const gap = blank(source.slice(at, side.start)).replace(/\n/g, " ");
    out += (i === 0 ? gap : gap.replace(/ (?= *$)/, "=")) + source.slice(side.start, side.end);
    at = side.end;
  });
  return out;
}
