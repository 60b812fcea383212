// Matrices, cases and aligned lines: \begin … \end split into rows and cells.
//
// Invariant: cells become ranges on the agenda, so nesting costs no recursion and is bounded.
// What an environment means beyond its shape is not known here.

import { fail } from "../../../base/diagnostic.ts";
import type { Span } from "../../../base/span.ts";
import type { LatexToken } from "../scan.ts";
import { bare } from "../scripts.ts";
import { argumentAt, first, type Job, placeOf, range, spanOf, text, type Work } from "../work.ts";

const MATRICES: ReadonlySet<string> = new Set([
  "matrix",
  "bmatrix",
  "pmatrix",
  "Bmatrix",
  "smallmatrix",
  "bsmallmatrix",
  "psmallmatrix",
  "array",
]);
const CASES: ReadonlySet<string> = new Set(["cases", "cases*", "dcases", "dcases*", "rcases"]);
const LINES: ReadonlySet<string> = new Set(
  "aligned align align* split gathered gather gather* equation equation* multline multline* eqnarray eqnarray* alignat alignat* flalign flalign* displaymath math".split(
    " ",
  ),
);

interface Environment {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

/** The environment that begins at a position. */
function readEnvironment(work: Work, at: number): Environment {
  const { tokens } = work;
  const begin = tokens[at] as LatexToken;
  const head = argumentAt(work, at + 1, begin);
  const name = bare(work, head.from, head.to);
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const t = tokens[i] as LatexToken;
    if (t.kind !== "command") continue;
    if (t.text === "\\begin") depth++;
    if (t.text !== "\\end" || --depth > 0) continue;
    const tail = argumentAt(work, i + 1, t);
    const closing = bare(work, tail.from, tail.to);
    if (closing !== name)
      fail("syntax", `\\end{${closing}} does not end \\begin{${name}}`, placeOf(work, i, tail.next), {
        labels: [{ span: placeOf(work, at, head.next), text: "begun here" }],
      });
    return { name, from: head.next, to: i, next: tail.next };
  }
  return fail("syntax", `this \\begin{${name}} is never ended`, placeOf(work, at, head.next), { fix: `add \\end{${name}}` });
}

/** The tokens of a cell. */
type Cell = readonly [from: number, to: number];

const isBreak = ({ text }: LatexToken): boolean => text === "\\\\" || text === "\\cr";

/** Rows of cells; those without a token are left out. */
function rowsOf(work: Work, from: number, to: number): Cell[][] {
  const rows: Cell[][] = [[]];
  let start = from;
  let depth = 0;
  for (let i = from; i < to; i++) {
    const t = work.tokens[i] as LatexToken;
    if (t.kind === "open") i = work.match[i] as number;
    else if (t.text === "\\begin") depth++;
    else if (t.text === "\\end") depth--;
    else if (depth === 0 && (t.text === "&" || isBreak(t))) {
      rows.at(-1)?.push([start, i]);
      start = i + 1;
      if (t.text === "&") continue;
      rows.push([]);
      // \\[2pt]
      if (work.tokens[start]?.text === "[") while (start < to && work.tokens[start - 1]?.text !== "]") start++;
      i = start - 1;
    }
  }
  rows.at(-1)?.push([start, to]);
  return rows.filter((row) => row.some(([a, b]) => b > a));
}

/** Most environments inside one another. */
const DEEPEST = 50;

/** Writes an environment; gives the position behind it. */
export function writeEnvironment(work: Work, at: number): number {
  if (work.agenda.length > DEEPEST * 8)
    fail("limit", `more than ${DEEPEST} environments or groups inside one another`, spanOf(work.tokens[at] as LatexToken));
  const { name, from, to, next } = readEnvironment(work, at);
  const place = placeOf(work, at, next);
  if (MATRICES.has(name)) {
    const start = name === "array" && work.tokens[from]?.kind === "open" ? (work.match[from] as number) + 1 : from;
    first(work, ...matrix(work, rowsOf(work, start, to), place));
  } else if (CASES.has(name)) first(work, ...cases(work, rowsOf(work, from, to), place));
  else if (LINES.has(name)) first(work, ...lines(work, rowsOf(work, from, to)));
  else if (name === "vmatrix" || name === "Vmatrix") {
    const made = matrix(work, rowsOf(work, from, to), place);
    first(work, text(name === "vmatrix" ? "det(" : "norm2(", place), ...made, text(")", place, true));
  } else fail("unsupported", `the environment ${name} is not understood`, place);
  return next;
}

function matrix(work: Work, rows: readonly (readonly Cell[])[], place: Span): Job[] {
  if (rows.length === 0) fail("syntax", "nothing stands in this matrix", place);
  return [
    text("[", place),
    ...rows.flatMap((row, i): Job[] => [
      ...(i > 0 ? [text(";", place, true)] : []),
      ...row.flatMap(([a, b], k): Job[] => (k > 0 ? [text(",", placeOf(work, Math.max(a - 1, 0), a), true), range(a, b)] : [range(a, b)])),
    ]),
    text("]", place, true),
  ];
}

const CONDITION_WORDS: ReadonlySet<string> = new Set(["if", "when", "for", "where", "falls", "wenn"]);
const OTHERWISE: ReadonlySet<string> = new Set(["otherwise", "else", "sonst", "elsewhere", "otherwise.", "else."]);
const WORD_COMMANDS: ReadonlySet<string> = new Set(["\\text", "\\textrm", "\\mathrm", "\\mbox", "\\textit", "\\operatorname", "\\rm"]);

function cases(work: Work, rows: readonly (readonly Cell[])[], place: Span): Job[] {
  const branches = rows.map((row) => branch(work, row));
  return [text("{", place), ...branches.flatMap((b, i) => (i > 0 ? [text(";", place, true), ...b] : b)), text("}", place, true)];
}

/** Signs and spaces that end a value or a condition. */
const STOPS: readonly string[] = [",", ";", "."];
const SPACES: readonly string[] = ["\\quad", "\\,", "\\;", "\\qquad"];

/** A value and its condition. */
function branch(work: Work, [first, second]: readonly Cell[]): Job[] {
  const [value, condition] = second === undefined ? partedAtWord(work, first as Cell) : [first as Cell, second];
  const of = range(...trimmed(work, value, [...STOPS, ...SPACES]));
  const [begin, end] = trimmed(work, condition, STOPS);
  let from = begin;
  for (let word = wordAt(work, from); word !== undefined; word = wordAt(work, from)) {
    if (OTHERWISE.has(word.text)) return [of, text("otherwise", placeOf(work, from, end))];
    from = word.next;
  }
  if (OTHERWISE.has(bare(work, from, end).toLowerCase())) return [of, text("otherwise", placeOf(work, from, end))];
  return [of, text("if", placeOf(work, from, from + 1)), range(from, end)];
}

/** Where no & stands, a word parts the value from its condition. */
function partedAtWord(work: Work, [from, to]: Cell): readonly [value: Cell, condition: Cell] {
  for (let i = from; i < to; i++)
    if (wordAt(work, i) !== undefined)
      return [
        [from, i],
        [i, to],
      ];
  return fail("syntax", "this case has no condition", placeOf(work, from, to), { fix: "0 & \\text{if } z \\le 0" });
}

/** A cell without some tokens at its end. */
function trimmed(work: Work, [from, to]: Cell, ends: readonly string[]): Cell {
  let last = to;
  while (last > from && ends.includes(work.tokens[last - 1]?.text ?? "")) last--;
  return [from, last];
}

// \text{if}, \mathrm{otherwise}
function wordAt(work: Work, at: number): { readonly text: string; readonly next: number } | undefined {
  const t = work.tokens[at];
  if (t === undefined || !WORD_COMMANDS.has(t.text)) return undefined;
  const { from, to, next } = argumentAt(work, at + 1, t);
  const word = bare(work, from, to).toLowerCase();
  return CONDITION_WORDS.has(word) || OTHERWISE.has(word) || word === "" ? { text: word, next } : undefined;
}

// A line that begins with a relation goes on with the line before.
function lines(work: Work, rows: readonly (readonly Cell[])[]): Job[] {
  return rows.flatMap((row, i): Job[] => {
    const cells = row.map(([a, b]) => range(a, b));
    const begins = row.map(([a, b]) => (b > a ? work.tokens[a]?.text : undefined)).find((t) => t !== undefined);
    const [start] = row[0] as Cell;
    return i > 0 && !CONTINUES.has(begins ?? "") ? [text("\n", placeOf(work, start, start)), ...cells] : cells;
  });
}

const CONTINUES: ReadonlySet<string> = new Set(["=", "+", "-", "\\cdot", "\\times", "\\odot", "*", "/"]);
