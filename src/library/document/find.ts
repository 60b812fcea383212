// Where the mathematics of a document stands: formulas, comments for nabla, macros and
// headings, in Markdown and LaTeX. What is code stays unread.
//
// Invariant: one pass, linear in the length of the document; a closing mark that is missing
// is looked for once. Nothing is judged here.

import type { Span } from "../../base/span.ts";

export type DocumentFormat = "markdown" | "latex";

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

const ENVIRONMENTS = "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math";
const VERBATIM = "verbatim|lstlisting|minted|Verbatim|comment";

const DIRECTIVE = /^\s*nabla:/;

/** Longest stretch between two dollar signs on the line. */
const LONGEST_INLINE = 4000;

// The marks at which the scan stops; everything between them is prose.
const MARKDOWN_MARK =
  /\\[\\$]|\\\(|\\\[|\$\$?|<!--|^ {0,3}(?:```+|~~~+)[^\n]*|`+|\\begin\{[A-Za-z]+\*?\}|\\(?:re)?newcommand\*?|\\def\b|\\DeclareMathOperator\*?|^#{1,6} [^\n]*|\n[ \t]*(?=\n)/gm;
const LATEX_MARK =
  /\\[\\$%]|\\\(|\\\[|\$\$?|%[^\n]*|\\begin\{[A-Za-z]+\*?\}|\\verb\*?[^A-Za-z\s]|\\(?:re|provide)?newcommand\*?|\\def\b|\\let\b|\\DeclareMathOperator\*?|\\(?:sub)*section\*?\{[^}\n]*\}|\\chapter\*?\{[^}\n]*\}|\n[ \t]*(?=\n)/g;

/** Everything of interest in a document, in order. */
export function findItems(text: string, format: DocumentFormat): Item[] {
  const out: Item[] = [];
  const mark = new RegExp(format === "markdown" ? MARKDOWN_MARK : LATEX_MARK);
  const missing = new Map<string, number>();
  // The place of a closing mark; where there is none, that is remembered.
  const closing = (sign: string, from: number): number => {
    if ((missing.get(sign) ?? Number.POSITIVE_INFINITY) <= from) return -1;
    const at = text.indexOf(sign, from);
    if (at < 0) missing.set(sign, from);
    return at;
  };
  const formula = (start: number, end: number, outer: Span, display: boolean): void => {
    out.push({ kind: "formula", start, end, outer, display });
  };
  for (let m = mark.exec(text); m !== null; m = mark.exec(text)) {
    const at = m.index;
    const [sign] = m;
    const after = at + sign.length;
    const skipTo = (to: number): void => {
      mark.lastIndex = Math.max(to, after);
    };
    if (/^\\[\\$%]$/.test(sign)) continue;
    if (sign === "\\(" || sign === "\\[" || sign === "$$") {
      const close = sign === "\\(" ? "\\)" : sign === "\\[" ? "\\]" : "$$";
      const end = closing(close, after);
      if (end < 0) out.push({ kind: "unclosed", start: at, end: after, mark: sign });
      else {
        formula(after, end, { start: at, end: end + 2 }, sign !== "\\(");
        skipTo(end + 2);
      }
    } else if (sign === "$") {
      const end = closingDollar(text, after, format);
      if (end < 0) continue;
      // $`…`$ is the same on some sites.
      const ticked = format === "markdown" && text[after] === "`" && text[end - 1] === "`" && end - after > 2;
      formula(ticked ? after + 1 : after, ticked ? end - 1 : end, { start: at, end: end + 1 }, false);
      skipTo(end + 1);
    } else if (sign === "<!--") {
      const end = closing("-->", after);
      const to = end < 0 ? text.length : end;
      directive(out, text, after, to);
      skipTo(end < 0 ? after : end + 3);
    } else if (sign.startsWith("%")) directive(out, text, at + 1, after);
    else if (/^ {0,3}[`~]{3}/.test(sign)) skipTo(fence(out, text, at, sign));
    else if (sign.startsWith("`")) {
      const end = closing(sign, after);
      if (end >= 0) skipTo(end + sign.length);
    } else if (sign.startsWith("\\begin")) {
      const name = sign.slice(7, -1);
      if (new RegExp(`^(?:${VERBATIM})$`).test(name)) {
        const end = closing(`\\end{${name}}`, after);
        skipTo(end < 0 ? text.length : end);
      } else if (new RegExp(`^(?:${ENVIRONMENTS})\\*?$`).test(name)) {
        const close = `\\end{${name}}`;
        const end = closing(close, after);
        if (end < 0) out.push({ kind: "unclosed", start: at, end: after, mark: sign });
        else {
          formula(at, end + close.length, { start: at, end: end + close.length }, true);
          skipTo(end + close.length);
        }
      }
    } else if (sign.startsWith("\\verb")) {
      const end = text.indexOf(sign.slice(-1), after);
      if (end >= 0 && end - after < 200) skipTo(end + 1);
    } else if (/^\\(?:(?:re|provide)?newcommand|def|let|Declare)/.test(sign)) {
      const end = endOfDefinition(text, after);
      out.push({ kind: "macro", start: at, end });
      skipTo(end);
    } else if (sign.startsWith("\n")) out.push({ kind: "paragraph", start: at, end: after });
    else out.push({ kind: "heading", start: at, end: after });
  }
  return out;
}

function directive(out: Item[], text: string, from: number, to: number): void {
  const m = DIRECTIVE.exec(text.slice(from, Math.min(to, from + 100)));
  if (m !== null) out.push({ kind: "directive", start: from + m[0].length, end: to });
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
