// Where the mathematics of a document stands: formulas, comments for nabla, macros and
// headings, in Markdown and LaTeX. What is code stays unread.
//
// Invariant: one pass, linear in the length of the document; a closing mark that is missing
// is looked for once. Nothing is judged here.

import type { Span } from "../../base/span.ts";

/** The formats of documents. */
export type DocumentFormat = "markdown" | "latex";

/** What stands in a document: a formula, or what matters for the ones behind it. */
export type Item =
  | {
      readonly kind: "formula";
      /** The mathematics without its delimiters. */
      readonly start: number;
      readonly end: number;
      /** With its delimiters. */
      readonly outer: Span;
      readonly display: boolean;
    }
  /** `% nabla: …` and `<!-- nabla: … -->`: what follows the colon. */
  | { readonly kind: "directive"; readonly start: number; readonly end: number }
  /** \newcommand and its like, outside formulas. */
  | { readonly kind: "macro"; readonly start: number; readonly end: number }
  | { readonly kind: "heading"; readonly start: number; readonly end: number }
  | { readonly kind: "paragraph"; readonly start: number; readonly end: number }
  /** A formula that never ends. */
  | { readonly kind: "unclosed"; readonly start: number; readonly end: number; readonly mark: string };

const ENVIRONMENTS = /^(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math)\*?$/;
const VERBATIM = /^(?:verbatim|lstlisting|minted|Verbatim|comment)$/;

const DIRECTIVE = /^\s*nabla:/;

/** Longest stretch between two dollar signs on the line. */
const LONGEST_INLINE = 4000;

// The marks at which the scan stops; everything between them is prose.
const MARKDOWN_MARK =
  /\\[\\$]|\\\(|\\\[|\$\$?|<!--|^ {0,3}(?:```+|~~~+)[^\n]*|`+|\\begin\{[A-Za-z]+\*?\}|\\(?:re)?newcommand\*?|\\def\b|\\DeclareMathOperator\*?|^#{1,6} [^\n]*|\n[ \t]*(?=\n)/gm;
const LATEX_MARK =
  /\\[\\$%]|\\\(|\\\[|\$\$?|%[^\n]*|\\begin\{[A-Za-z]+\*?\}|\\verb\*?[^A-Za-z\s]|\\(?:re|provide)?newcommand\*?|\\def\b|\\let\b|\\DeclareMathOperator\*?|\\(?:sub)*section\*?\{[^}\n]*\}|\\chapter\*?\{[^}\n]*\}|\n[ \t]*(?=\n)/g;

/** A mark at which the scan stops. */
interface Mark {
  readonly at: number;
  readonly sign: string;
  readonly after: number;
}

/** A document while it is scanned. */
interface Scan {
  readonly text: string;
  readonly format: DocumentFormat;
  readonly out: Item[];
  /** The place of a closing mark, −1 where there is none. */
  readonly closing: (sign: string, from: number) => number;
}

/** What a mark begins; each gives the place at which the scan goes on. */
const BEGINNINGS: readonly (readonly [RegExp, (s: Scan, m: Mark) => number])[] = [
  [/^\\[\\$%]$/, (_, m) => m.after],
  [/^(?:\\\(|\\\[|\$\$)$/, delimited],
  [/^\$$/, dollar],
  [/^<!--$/, comment],
  [/^%/, ({ text, out }, m) => directive(out, text, m.at + 1, m.after)],
  [/^ {0,3}[`~]{3}/, ({ text, out }, m) => fence(out, text, m.at, m.sign)],
  [/^`/, ({ closing }, m) => behind(closing(m.sign, m.after), m.sign.length) ?? m.after],
  [/^\\begin/, environment],
  [/^\\verb/, verbatim],
  [/^\\(?:(?:re|provide)?newcommand|def|let|Declare)/, macro],
  [/^\n/, ({ out }, m) => found(out, { kind: "paragraph", start: m.at, end: m.after })],
  [/^/, ({ out }, m) => found(out, { kind: "heading", start: m.at, end: m.after })],
];

/** Everything of interest in a document, in order. */
export function findItems(text: string, format: DocumentFormat): Item[] {
  const marks = new RegExp(format === "markdown" ? MARKDOWN_MARK : LATEX_MARK);
  const missing = new Map<string, number>();
  // Where there is no closing mark, that is remembered.
  const closing = (sign: string, from: number): number => {
    if ((missing.get(sign) ?? Number.POSITIVE_INFINITY) <= from) return -1;
    const at = text.indexOf(sign, from);
    if (at < 0) missing.set(sign, from);
    return at;
  };
  const scan: Scan = { text, format, out: [], closing };
  for (let m = marks.exec(text); m !== null; m = marks.exec(text)) {
    const [sign] = m;
    const mark = { at: m.index, sign, after: m.index + sign.length };
    const [, begin] = BEGINNINGS.find(([pattern]) => pattern.test(sign)) as (typeof BEGINNINGS)[number];
    marks.lastIndex = Math.max(begin(scan, mark), mark.after);
  }
  return scan.out;
}

const behind = (end: number, length: number): number | undefined => (end < 0 ? undefined : end + length);

function found(out: Item[], item: Item): number {
  out.push(item);
  return item.end;
}

/** \( … \), \[ … \] and $$ … $$. */
function delimited({ out, closing }: Scan, { at, sign, after }: Mark): number {
  const end = closing(sign === "\\(" ? "\\)" : sign === "\\[" ? "\\]" : "$$", after);
  if (end < 0) return found(out, { kind: "unclosed", start: at, end: after, mark: sign });
  out.push({ kind: "formula", start: after, end, outer: { start: at, end: end + 2 }, display: sign !== "\\(" });
  return end + 2;
}

function dollar({ text, format, out }: Scan, { at, after }: Mark): number {
  const end = closingDollar(text, after, format);
  // Where one may be money, a formula that never ends is not known.
  if (end < 0) return format === "latex" ? found(out, { kind: "unclosed", start: at, end: after, mark: "$" }) : after;
  // $`…`$ is the same on some sites.
  const ticks = format === "markdown" && text[after] === "`" && text[end - 1] === "`" && end - after > 2 ? 1 : 0;
  out.push({ kind: "formula", start: after + ticks, end: end - ticks, outer: { start: at, end: end + 1 }, display: false });
  return end + 1;
}

function comment({ text, out, closing }: Scan, { after }: Mark): number {
  const end = closing("-->", after);
  directive(out, text, after, end < 0 ? text.length : end);
  return behind(end, 3) ?? after;
}

function environment({ text, out, closing }: Scan, { at, sign, after }: Mark): number {
  const name = sign.slice(7, -1);
  const close = `\\end{${name}}`;
  if (VERBATIM.test(name)) {
    const end = closing(close, after);
    return end < 0 ? text.length : end;
  }
  if (!ENVIRONMENTS.test(name)) return after;
  const end = behind(closing(close, after), close.length);
  if (end === undefined) return found(out, { kind: "unclosed", start: at, end: after, mark: sign });
  return found(out, { kind: "formula", start: at, end, outer: { start: at, end }, display: true });
}

function verbatim({ text }: Scan, { sign, after }: Mark): number {
  const end = text.indexOf(sign.slice(-1), after);
  return end >= 0 && end - after < 200 ? end + 1 : after;
}

function macro({ text, out }: Scan, { at, after }: Mark): number {
  return found(out, { kind: "macro", start: at, end: endOfDefinition(text, after) });
}

function directive(out: Item[], text: string, from: number, to: number): number {
  const m = DIRECTIVE.exec(text.slice(from, Math.min(to, from + 100)));
  return m === null ? to : found(out, { kind: "directive", start: from + m[0].length, end: to });
}

// $…$ ends in its paragraph; in Markdown a dollar before a digit or behind a space is money.
function closingDollar(text: string, from: number, format: DocumentFormat): number {
  if (format === "markdown" && /[\s$]/.test(text[from] ?? " ")) return -1;
  const to = Math.min(text.length, from + LONGEST_INLINE);
  for (let i = from; i < to; i++) {
    const c = text[i];
    if (c === "\\") i++;
    else if (c === "\n" && /^[ \t]*\n/.test(text.slice(i + 1, i + 40))) return -1;
    else if (c === "$") {
      // One that opens shows that the first was money.
      if (format === "markdown" && /\s/.test(text[i - 1] ?? "")) return -1;
      if (format === "markdown" && /[0-9]/.test(text[i + 1] ?? "")) continue;
      return i > from ? i : -1;
    }
  }
  return -1;
}

// A fenced block is code, unless it says math. Gives the place behind it.
function fence(out: Item[], text: string, at: number, opening: string): number {
  const [, marks = "", language = ""] = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)/.exec(opening) ?? [];
  const begin = at + opening.length;
  const close = new RegExp(`^ {0,3}${marks[0] === "~" ? "~" : "`"}{${marks.length},}[ \\t]*$`, "gm");
  close.lastIndex = begin;
  const end = close.exec(text);
  if (end === null) {
    if (language === "math") out.push({ kind: "unclosed", start: at, end: begin, mark: opening.trim() });
    return language === "math" ? begin : text.length;
  }
  const after = end.index + end[0].length;
  if (language === "math" || language === "latex-math")
    out.push({ kind: "formula", start: begin, end: end.index, outer: { start: at, end: after }, display: true });
  return after;
}

/** Longest definition of a macro. */
const LONGEST_DEFINITION = 2000;

// \newcommand{\w}[1]{…}: to the brace that closes its last group on the line.
function endOfDefinition(text: string, from: number): number {
  let depth = 0;
  let end = from;
  for (let i = from; i < Math.min(text.length, from + LONGEST_DEFINITION); i++) {
    const c = text[i];
    if (c === "\\") i++;
    else if (c === "{") depth++;
    else if (c === "}") {
      depth--;
      end = i + 1;
      if (depth <= 0 && !/^\s*[[{]/.test(text.slice(i + 1, i + 10))) return i + 1;
    } else if (c === "\n" && depth === 0) return Math.max(end, from);
  }
  return end;
}

/** The format of a document, by its name or else by what stands in it. */
export function formatOf(name: string, text: string): DocumentFormat {
  if (/\.(?:tex|ltx|latex|sty)$/i.test(name)) return "latex";
  if (/\.(?:md|markdown|mdx|qmd|rmd|txt)$/i.test(name)) return "markdown";
  return /\\documentclass|\\begin\{document\}/.test(text.slice(0, 20_000)) ? "latex" : "markdown";
}
