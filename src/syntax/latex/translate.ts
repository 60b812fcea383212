// LaTeX mathematics to text of the plain language, token by token: so both notations have
// one grammar and one surface tree.
//
// Invariant: linear in the number of tokens; nesting is kept on explicit stacks. What is
// not understood ends with an InputError at its place, never with a guess. Not here: what
// commands write (command.ts).

import { fail } from "../../base/diagnostic.ts";
import { assemble, endsOperand, type Translation } from "../tokens/writer.ts";
import { dotSign, writeCommand } from "./command.ts";
import { DELIMITERS } from "./commands.ts";
import { closeArgument, endsArgument, writeDelimiter } from "./constructs/delimiters.ts";
import { writeGroup, writeName, writeNumber } from "./constructs/letters.ts";
import { divergences } from "./divergence.ts";
import { expand, type Macro } from "./macros.ts";
import { type Styles, stylesOf } from "./names.ts";
import { type LatexToken, matchBraces, scan } from "./scan.ts";
import { writeIndex, writeSuperscript } from "./scripts.ts";
import { begin, type Names, type RangeJob, spanOf, type Work, write } from "./work.ts";

/** What is known of a LaTeX text besides itself. */
export interface LatexOptions extends Partial<Names> {
  /** Macros from elsewhere, such as the head of a document. */
  readonly macros?: ReadonlyMap<string, Macro>;
  /** Which letters the surrounding document uses in bold and without. */
  readonly styles?: Styles;
  /** Whether a differential that stands alone is a term, written d(x). */
  readonly hasDifferentials?: boolean;
}

/** A translation, and the functions that the text defines with what they are defined at. */
export interface LatexTranslation extends Translation {
  readonly defined: ReadonlyMap<string, string>;
}

/** The text of the plain language for LaTeX mathematics. Throws an InputError with its place in the source. */
export function translate(source: string, options: LatexOptions = {}): LatexTranslation {
  const raw = scan(source);
  const expanded = expand(raw, matchBraces(raw), options.macros);
  const tokens = withSums(divergences(doubleBars(barsOfNorms(uprightDifferentials(singleDigits(expanded))))));
  const work = begin(tokens, options.styles ?? stylesOf([tokens]), {
    isFunction: options.isFunction ?? (() => false),
    isVariable: options.isVariable ?? (() => false),
    isDefined: options.isDefined ?? (() => false),
    definedAt: options.definedAt ?? (() => undefined),
    keepsCalls: options.keepsCalls ?? false,
    isSize: options.isSize ?? (() => false),
    hasDifferentials: options.hasDifferentials ?? false,
  });
  for (let job = work.agenda[work.agenda.length - 1]; job !== undefined; job = work.agenda[work.agenda.length - 1]) {
    if (job.kind === "write") {
      work.agenda.pop();
      write(work, job.text, job.span, job.glued);
    } else if (job.at >= job.to) {
      if (!closeArgument(work, job)) work.agenda.pop();
    } else step(work, job);
  }
  return { ...assemble(work.pieces, source.length), defined: work.defined };
}

// \frac12 takes single digits, and so do ^ and _.
function singleDigits(tokens: readonly LatexToken[]): LatexToken[] {
  return tokens.flatMap((t, i): LatexToken[] => {
    const before = tokens[i - 1];
    const short = before?.kind === "super" || before?.kind === "sub" || /^\\[dtc]?frac$/.test(before?.text ?? "");
    if (t.kind !== "number" || t.text.length === 1 || !short || !/^\d+$/.test(t.text)) return [t];
    const cut = /frac$/.test(before?.text ?? "") ? [...t.text] : [t.text.slice(0, 1), t.text.slice(1)];
    let start = t.start;
    const whole = t.end - t.start === t.text.length;
    return cut.map((d, k) => {
      const from = whole ? start : t.start;
      start += d.length;
      return { ...t, text: d, start: from, end: whole ? start : t.end, spaced: k === 0 && t.spaced };
    });
  });
}

// sum_{i=1}^n and prod_i without a backslash.
function withSums(tokens: readonly LatexToken[]): LatexToken[] {
  const out: LatexToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as LatexToken;
    const word =
      t.kind === "letter" && (t.spaced || tokens[i - 1]?.kind !== "letter") ? SUMS.find((w) => isWordAt(tokens, i, w)) : undefined;
    if (word === undefined) out.push(t);
    else {
      out.push({ ...t, kind: "command", text: `\\${word}`, end: (tokens[i + word.length - 1] as LatexToken).end });
      i += word.length - 1;
    }
  }
  return out;
}

const SUMS = ["sum", "prod"] as const;
const isWordAt = (tokens: readonly LatexToken[], at: number, word: string): boolean =>
  tokens[at + word.length]?.kind === "sub" &&
  [...word].every((letter, k) => tokens[at + k]?.text === letter && (k === 0 || tokens[at + k]?.spaced === false));

// {\rm d}, \text{d} and \operatorname{d} are \mathrm{d}, and so is \mathrm{d}\!.
function uprightDifferentials(tokens: readonly LatexToken[]): readonly LatexToken[] {
  const isOfD = (open: number): boolean =>
    tokens[open]?.kind === "open" && tokens[open + 1]?.text === "d" && tokens[open + 2]?.kind === "close";
  const upright = (t: LatexToken): LatexToken => ({ ...t, kind: "command", text: "\\mathrm" });
  return tokens.flatMap((t, i): LatexToken[] => {
    if (UPRIGHT.has(t.text) && isOfD(i + 1)) return [upright(t)];
    if (t.text === "\\!" && isOfD(i - 3)) return [];
    if (t.kind === "open" && tokens[i + 1]?.text === "\\rm" && tokens[i + 2]?.text === "d" && tokens[i + 3]?.kind === "close")
      return [upright(t), t];
    return t.text === "\\rm" && tokens[i - 1]?.kind === "open" && tokens[i + 1]?.text === "d" && tokens[i + 2]?.kind === "close" ? [] : [t];
  });
}

const UPRIGHT: ReadonlySet<string> = new Set(["\\text", "\\textrm", "\\operatorname", "\\mathop"]);

// \norm{x} has bars in the place of its braces.
function barsOfNorms(tokens: readonly LatexToken[]): readonly LatexToken[] {
  if (!tokens.some((t) => t.text === "\\norm")) return tokens;
  const match = matchBraces(tokens);
  const bars = new Map<number, string>();
  tokens.forEach((t, i) => {
    const close = match[i + 1];
    if (t.text === "\\norm" && tokens[i + 1]?.kind === "open" && close !== undefined && close > 0)
      bars.set(i + 1, "\\lVert").set(close, "\\rVert");
  });
  return tokens.flatMap((t, i): LatexToken[] => {
    const bar = bars.get(i);
    if (bar !== undefined) return [{ ...t, kind: "command", text: bar }];
    return bars.get(i + 1) === "\\lVert" ? [] : [t];
  });
}

// ||x|| is a norm; in |x||y| the bars are single.
function doubleBars(tokens: readonly LatexToken[]): LatexToken[] {
  const out: LatexToken[] = [];
  let single = false;
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as LatexToken;
    const next = tokens[i + 1];
    if (t.kind !== "sign" || t.text !== "|") out.push(t);
    else if (!single && next?.kind === "sign" && next.text === "|" && !next.spaced) {
      out.push({ ...t, text: "‖", end: next.end });
      i++;
    } else {
      single = !single;
      out.push(t);
    }
  }
  return out;
}

function step(work: Work, job: RangeJob): void {
  const t = work.tokens[job.at] as LatexToken;
  if (work.taken.has(job.at)) job.at++;
  else if (endsArgument(work, job, t, job.at)) closeArgument(work, job);
  else job.at = writeToken(work, t, job);
}

/** Writes what a token begins, and gives the place behind that. */
function writeToken(work: Work, t: LatexToken, job: RangeJob): number {
  const { at } = job;
  switch (t.kind) {
    case "super":
      if (!endsOperand(work.pieces.at(-1)?.text)) fail("syntax", "this ^ stands above nothing", spanOf(t));
      return writeSuperscript(work, at);
    case "sub":
      return writeIndex(work, at);
    case "number":
      return writeNumber(work, at);
    case "open":
      return writeGroup(work, at);
    case "parameter":
      return fail("syntax", `${t.text} stands only inside a macro`, spanOf(t));
    case "close":
      return at + 1;
    case "letter":
      return writeName(work, at, job);
    case "command":
      return writeCommand(work, at, job);
    case "sign":
      return writeSign(work, at, job);
  }
}

function writeSign(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  if (DELIMITERS.has(t.text) && t.text !== ".") return writeDelimiter(work, at, job);
  if (t.text === ",") {
    const frame = job.open.findLast((f) => f.kind !== "argument");
    if (frame?.kind === "angle") write(work, ") .* (", spanOf(t), true);
    else write(work, ",", spanOf(t), true);
    return at + 1;
  }
  if (t.text === "'") {
    write(work, "'", spanOf(t), true);
    return at + 1;
  }
  if (t.text === "&") return at + 1;
  // A stop ends the sentence that a formula stands in.
  if (t.text === "." && at + 1 >= work.tokens.length) return at + 1;
  if (t.text === ":" && work.tokens[at + 1]?.text === "=") return at + 1;
  if (t.text === "·") write(work, dotSign(work, at), spanOf(t));
  else write(work, t.text, spanOf(t));
  return at + 1;
}
