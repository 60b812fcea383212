// What the translation of one LaTeX text works on: tokens, what is written so far, and an
// agenda of ranges still to be read in place of recursion.

import { fail } from "../../base/diagnostic.ts";
import { type Span, span } from "../../base/span.ts";
import type { Piece } from "../tokens/writer.ts";
import { type Delimiter, FONTS, nestingOf } from "./commands.ts";
import type { Styles } from "./names.ts";
import { type LatexToken, matchBraces } from "./scan.ts";

/** What is known of names before the text is read. */
export interface Names {
  /** Whether a name is known as a function. */
  readonly isFunction: (name: string) => boolean;
  /** Whether a name is known as a variable. */
  readonly isVariable: (name: string) => boolean;
  /** Whether a name is defined, so that f(x) is the value it stands for. */
  readonly isDefined: (name: string) => boolean;
  /** What a name is defined at, as the x of f(x); undefined where that is not known. */
  readonly definedAt: (name: string) => string | undefined;
  /** Whether the plain text may define functions: it keeps their arguments where they are defined and at other places. */
  readonly keepsCalls: boolean;
  /** Whether a name is that of a size; then d σ is a product. */
  readonly isSize: (name: string) => boolean;
  /** Whether a differential that stands alone is a term. */
  readonly hasDifferentials: boolean;
}

/** A bracket, a bar or a function without brackets that is not closed yet. */
export interface Frame {
  readonly kind: Exclude<Delimiter, ")"> | "argument";
  readonly token: LatexToken;
  /** Position of the token behind the opening. */
  readonly from: number;
  /** The piece that opens it. */
  readonly piece: number;
  /** What closes it. */
  close: string;
  /** Of an angle: how many bars have parted it. */
  bars?: number;
  /** Of an argument: which operators belong to it. */
  readonly takes?: "factors" | "product" | "term";
  /** An exponent that stands at the function: sin^2 x. */
  readonly power?: readonly [from: number, to: number];
}

/** A range of tokens still to be read, or a piece still to be written behind it. */
export type Job =
  | { readonly kind: "range"; at: number; readonly to: number; readonly open: Frame[] }
  | { readonly kind: "write"; readonly text: string; readonly span: Span; readonly glued: boolean };

/** A range of tokens, with what is open in it. */
export type RangeJob = Job & { kind: "range" };

/** One text under translation; the functions beside this file change it in place. */
export interface Work extends Names {
  readonly tokens: readonly LatexToken[];
  readonly match: Int32Array;
  /** For a bracket: whether it holds a comma, and so entries. */
  readonly holdsComma: Uint8Array;
  readonly styles: Styles;
  readonly pieces: Piece[];
  /** What is still to be done, the next last. */
  readonly agenda: Job[];
  /** Names that this text defines as f(x) = …, and what they are defined at. */
  readonly defined: Map<string, string>;
  /** Tokens that were read out of order. */
  readonly taken: Set<number>;
}

/** Begins the work on tokens without macros. */
export function begin(tokens: readonly LatexToken[], styles: Styles, names: Names): Work {
  const match = matchBraces(tokens);
  tokens.forEach((t, i) => {
    if (t.kind === "open" && match[i] === -1) fail("syntax", "this { is never closed", spanOf(t), { fix: "add }" });
    if (t.kind === "close" && match[i] === -1) fail("syntax", "this } closes no {", spanOf(t), { fix: "take it away" });
  });
  return {
    ...names,
    tokens,
    match,
    holdsComma: commas(tokens),
    styles,
    pieces: [],
    agenda: [{ kind: "range", at: 0, to: tokens.length, open: [] }],
    defined: new Map(),
    taken: new Set(),
  };
}

function commas(tokens: readonly LatexToken[]): Uint8Array {
  const holds = new Uint8Array(tokens.length);
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { text, kind } = tokens[i] as LatexToken;
    const nesting = kind === "open" ? 1 : kind === "close" ? -1 : nestingOf(text);
    if (nesting === 1) open.push(i);
    else if (nesting === -1) open.pop();
    else if (text === "," && open.length > 0) holds[open[open.length - 1] as number] = 1;
  }
  return holds;
}

/** The place of a token. */
export const spanOf = (t: LatexToken): Span => span(t.start, t.end);

/** Writes a piece; glued, it belongs to the piece before. */
export function write(work: Work, text: string, at: Span, glued = false): void {
  work.pieces.push({ text, start: at.start, end: at.end, glued });
}

/** Puts jobs before everything else, in their order. */
export function first(work: Work, ...jobs: readonly Job[]): void {
  for (let k = jobs.length - 1; k >= 0; k--) work.agenda.push(jobs[k] as Job);
}

/** The job of reading the tokens from `from` up to `to`. */
export const range = (from: number, to: number): RangeJob => ({ kind: "range", at: from, to, open: [] });
/** The job of writing a piece. */
export const text = (value: string, at: Span, glued = false): Job => ({ kind: "write", text: value, span: at, glued });

/** The place of a range of tokens. */
export function placeOf(work: Work, from: number, to: number): Span {
  const [a, b] = [work.tokens[from], work.tokens[Math.max(from, to - 1)]];
  return a === undefined || b === undefined ? span(0, 0) : span(a.start, b.end);
}

/** The tokens of an argument, and the position behind it. */
export interface Argument {
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

const TEXTS: ReadonlySet<string> = new Set(["\\text", "\\textrm", "\\textsf", "\\textup"]);

/** The argument of a command: a group without its braces, or one token, a font with what it sets. */
export function argumentAt(work: Work, at: number, of: LatexToken): Argument {
  const t = work.tokens[at];
  if (t === undefined || t.kind === "close") fail("syntax", `${of.text} wants an argument`, spanOf(of), { fix: `${of.text}{…}` });
  if (t.kind === "open") return { from: at + 1, to: work.match[at] as number, next: (work.match[at] as number) + 1 };
  const behind = work.tokens[at + 1];
  const isSet = (FONTS.has(t.text) || TEXTS.has(t.text)) && behind !== undefined && behind.kind !== "close";
  const next = isSet ? (behind.kind === "open" ? (work.match[at + 1] as number) : at + 1) + 1 : at + 1;
  return { from: at, to: next, next };
}

/** The text of a range with fonts and braces taken away; undefined where more than letters, digits and signs stands there. */
export function plainText(work: Work, from: number, to: number, letter: (t: LatexToken) => string | undefined): string {
  let out = "";
  for (let i = from; i < to; i++) {
    const t = work.tokens[i] as LatexToken;
    if (t.kind === "open" || t.kind === "close") continue;
    out += t.kind === "command" ? (letter(t) ?? `${t.text} `) : t.text;
  }
  return out.trim();
}
