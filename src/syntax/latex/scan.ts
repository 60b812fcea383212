// LaTeX mathematics to its own tokens: commands, letters, numbers, braces. White space
// and comments end here.
//
// Invariant: tokens carry offsets into the text as given, in increasing order; the scan is
// linear and never fails. What a command means is not said here.

/** One token of LaTeX. `text` is what it says: a command with its backslash, a letter, a number, a sign. */
export interface LatexToken {
  readonly kind: "command" | "letter" | "number" | "open" | "close" | "super" | "sub" | "sign" | "parameter";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** White space stands before it. */
  readonly spaced: boolean;
  /** How many macros it came out of. */
  readonly depth?: number;
}

/** Kinds in the order of the groups below. */
// biome-ignore format: one row
const KINDS = ["comment", "space", "command", "parameter", "number", "letter", "open", "close", "super", "sub", "sign"] as const;

/** A backslash and what belongs to it; a comment to the end of its line is no part of the mathematics. */
// biome-ignore format: one kind a row
const TOKEN = new RegExp(
  [
    "(%[^\\n]*)",
    "(\\s+|~)",
    "(\\\\(?:[A-Za-z]+\\*?|[^A-Za-z]|$))",
    "(#[0-9])",
    "([0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)",
    "(\\p{L}\\p{M}*)",
    "(\\{)",
    "(\\})",
    "(\\^)",
    "(_)",
    "(.)",
  ].join("|"),
  "suy",
);

/** Every token of a text from `from` up to `to`. */
export function scan(text: string, from = 0, to = text.length): LatexToken[] {
  const out: LatexToken[] = [];
  let spaced = false;
  const source = from === 0 && to === text.length ? text : text.slice(from, to);
  TOKEN.lastIndex = 0;
  for (let m = TOKEN.exec(source); m !== null; m = TOKEN.exec(source)) {
    let k = 1;
    while (m[k] === undefined) k++;
    const kind = KINDS[k - 1] as (typeof KINDS)[number];
    if (kind === "comment" || kind === "space") spaced = true;
    else {
      const [found] = m;
      // A star belongs to a few commands only: \\alpha*x is a product.
      const said = kind === "command" && found.length > 2 && found.endsWith("*") && !STARRED.has(found) ? found.slice(0, -1) : found;
      TOKEN.lastIndex = m.index + said.length;
      const start = from + m.index;
      out.push({ kind, text: said, start, end: start + said.length, spaced });
      spaced = false;
    }
    if (TOKEN.lastIndex >= source.length) break;
  }
  return out;
}

const STARRED: ReadonlySet<string> = new Set(["\\operatorname*", "\\DeclareMathOperator*", "\\newcommand*", "\\renewcommand*", "\\tag*"]);

/** For every brace the position of its partner, −1 where it has none. */
export function matchBraces(tokens: readonly LatexToken[]): Int32Array {
  const match = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const kind = tokens[i]?.kind;
    if (kind === "open") open.push(i);
    else if (kind === "close") {
      const at = open.pop();
      if (at === undefined) continue;
      match[at] = i;
      match[i] = at;
    }
  }
  return match;
}

// A backslash behind a factor and before a letter that stands alone, a space or a bracket solves: A \ b, (A + B)\(x + y).
const BACKSLASH = /\\(?:[A-Za-z]{2}|[,;:!{}|\\])|(?<![\p{L}\p{N}\p{M})\]'’′″‴⊤]\s*)\\[A-Za-z ([]/u;

/** Whether a text is LaTeX: it holds a command, and comments of the plain language do not count. */
export const isLatex = (text: string): boolean => text.includes("\\") && BACKSLASH.test(text.replace(/#(?![0-9])[^\n]*/g, ""));
