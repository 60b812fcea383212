// What stands above and below: exponents, transposes, inverses, subscripts of names and
// entries.
//
// Invariant: a script is written glued to its operand, so an index is never taken for a
// bracket of its own.

import { SIGNS, superscript } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { join, type Span } from "../../base/span.ts";
import type { Piece } from "../tokens/writer.ts";
import { FONTS, IGNORED, LOWERED_STAR, OPERATORS, RAISED_MARKS } from "./commands.ts";
import { letterOf, readBase } from "./names.ts";
import type { LatexToken } from "./scan.ts";
import { argumentAt, first, placeOf, plainText, range, spanOf, text, type Work, write } from "./work.ts";

/** Signs that make a transpose, each alone above. */
const TRANSPOSES: ReadonlySet<string> = new Set(["\\top", "\\intercal", "\\tran", "\\transpose", "\\trans", "\\prime", "'", "T", "⊤", "ᵀ"]);
const FONT_ONLY: ReadonlySet<string> = new Set([
  ...FONTS,
  "\\text",
  "\\textsf",
  "\\textrm",
  "\\textup",
  "\\mathop",
  "\\!",
  "\\,",
  "\\scriptscriptstyle",
  "\\scriptstyle",
]);

/** The text of a range without fonts. */
export function bare(work: Work, from: number, to: number): string {
  return plainText(work, from, to, (t) => (FONT_ONLY.has(t.text) ? "" : letterOf(t, work.styles.variants)));
}

/** Writes what stands above the operand before; gives the position behind. */
export function writeSuperscript(work: Work, at: number): number {
  const sign = work.tokens[at] as LatexToken;
  const { from, to, next } = argumentAt(work, at + 1, sign);
  const before = work.pieces[work.pieces.length - 1];
  if (before === undefined) fail("syntax", "this ^ stands above nothing", spanOf(sign));
  writeRaised(work, from, to, sign);
  return next;
}

/** Writes an exponent that stands in a range of tokens. */
export function writeRaised(work: Work, from: number, to: number, sign: LatexToken): void {
  const isBraced = work.tokens[from - 1]?.kind === "open" && work.tokens[to]?.kind === "close";
  const place = join(spanOf(sign), placeOf(work, from, isBraced ? to + 1 : to));
  const parts = scriptParts(work, from, to);
  if (parts !== undefined) {
    // A mark that may be more than a transpose stays one: x^\prime.
    const isMark = to === from + 1 && /^(?:\\prime|')$/.test(work.tokens[from]?.text ?? "");
    for (const part of parts) write(work, isMark ? "'" : part, place, true);
    return;
  }
  const plain = bare(work, from, to);
  const turned = PSEUDOINVERSE.exec(plain.replace(/\s/g, ""));
  if (turned !== null) {
    write(work, SIGNS.pseudoinverse.unicode, place, true);
    if (turned[0].length > (turned[1] ?? turned[2] ?? "").length) write(work, "ᵀ", place, true);
    return;
  }
  if (CROSSES.has(plain.trim())) {
    enclose(work, "hat(", ")", place);
    return;
  }
  if (plain === "H" || plain === "*" || plain === "\\ast")
    fail("unsupported", `${plain} above has no meaning here`, place, { fix: "^\\top for the transpose" });
  const [head] = [work.tokens[from]];
  const entrywise = head?.text === "\\odot" || head?.text === "\\circ";
  first(work, text(entrywise ? ".^(" : "^(", place, true), range(entrywise ? from + 1 : from, to), text(")", place, true));
}

/** What above a vector in space makes the matrix of its cross product. */
const CROSSES: ReadonlySet<string> = new Set(["\\wedge", "∧", "\\times", "×"]);

/** +, +⊤ and ⊤+. */
const PSEUDOINVERSE = /^(?:(\+|\\dag(?:ger)?|†)(?:\\top|\\intercal|T|⊤|ᵀ)?|(?:\\top|\\intercal|T|⊤|ᵀ)(\+|\\dag(?:ger)?|†))$/u;

// Puts a function around the operand before: A^+ is pinv(A).
function enclose(work: Work, open: string, close: string, place: Span): void {
  let i = work.pieces.length - 1;
  for (let depth = 0; i >= 0; i--) {
    const { text, glued } = work.pieces[i] as Piece;
    depth += (text.match(/[)\]]/g)?.length ?? 0) - (text.match(/[([]/g)?.length ?? 0);
    if (depth <= 0 && (!glued || /\($/.test(text))) break;
  }
  const start = work.pieces[Math.max(i, 0)] as Piece;
  start.text = `${open}${start.text}`;
  write(work, close, place, true);
}

// ⊤, −1, −⊤, 2, 2⊤: what has a sign of its own.
function scriptParts(work: Work, from: number, to: number): string[] | undefined {
  const out: string[] = [];
  let minus = false;
  for (let i = from; i < to; i++) {
    const t = work.tokens[i] as LatexToken;
    if (FONT_ONLY.has(t.text) || t.kind === "open" || t.kind === "close" || (t.text === "*" && to === from)) continue;
    if (TRANSPOSES.has(t.text)) out.push(minus ? "⁻ᵀ" : "ᵀ");
    else if (t.kind === "number" && /^\d+$/.test(t.text)) out.push(superscript(minus ? `-${t.text}` : t.text) as string);
    else if (t.text === "-" && !minus) {
      minus = true;
      continue;
    } else return undefined;
    minus = false;
  }
  return out.length === 0 || minus || out.filter((p) => !p.endsWith("ᵀ")).length > 1 ? undefined : out;
}

/** Where a range of tokens ends without the sign of a transpose at its end. */
export function withoutTranspose(work: Work, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const sign = work.tokens[i] as LatexToken;
    if (sign.kind === "open") i = work.match[i] as number;
    else if (sign.kind === "super") {
      const above = argumentAt(work, i + 1, sign);
      if (above.next === to && scriptParts(work, above.from, above.to)?.join("") === "ᵀ") return i;
    }
  }
  return to;
}

/** A mark above that belongs to the name: w^*, W^{(1)}. */
export function raisedMark(
  work: Work,
  at: number,
  limit: number,
): { readonly mark: string; readonly layer?: string; readonly next: number } | undefined {
  const sign = at < limit ? work.tokens[at] : undefined;
  if (sign?.kind !== "super") return undefined;
  const { from, to, next } = argumentAt(work, at + 1, sign);
  const only = to - from === 1 ? RAISED_MARKS.get(work.tokens[from]?.text ?? "") : undefined;
  if (only !== undefined) return { mark: only, next };
  const open = work.tokens[from]?.text;
  const close = work.tokens[to - 1]?.text;
  if ((open === "(" && close === ")") || (open === "[" && close === "]")) {
    const layer = bare(work, from + 1, to - 1);
    if (/^(?:\d+|\p{L})$/u.test(layer)) return { mark: "", layer, next };
  }
  return undefined;
}

/** The mark of a star below, for a name such as f_* and k_{**}; undefined of anything else below. */
export const loweredMark = (below: Below | undefined): string | undefined =>
  /^\*{1,2}$/.test(below?.plain ?? "") ? LOWERED_STAR.repeat((below as Below).plain.length) : undefined;

/** What stands below a name or an operand. */
export interface Below {
  readonly plain: string;
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

/** Reads the subscript at a position; undefined where none stands there. */
export function readBelow(work: Work, at: number, limit = work.tokens.length): Below | undefined {
  const sign = at < limit ? work.tokens[at] : undefined;
  if (sign?.kind !== "sub") return undefined;
  const { from, to, next } = argumentAt(work, at + 1, sign);
  const plain = bare(work, from, to)
    .replace(/\\cdot ?/g, ":")
    .replace(/\\(max|min) ?/g, "$1")
    .replace(/\\(?:ast|star) ?|\*/g, "*");
  return { plain, from, to, next };
}

/** The parts of an index: "ij" and "i,j" are two. */
export const indexParts = (plain: string): string[] =>
  plain.includes(",") ? plain.split(",").map((p) => p.trim()) : /^[\p{L}:]{2}$/u.test(plain) ? [...plain] : [plain];

/** A size with the signs of its products written: m*n of mn, 2*m of 2m. */
export const sizeProduct = (plain: string): string => plain.replace(/\s+/g, "").replace(/([\p{L}\p{N})])(?=[\p{L}(])/gu, "$1*");

/** Writes the index below an operand that is no name: (Xw)_i. */
export function writeIndex(work: Work, at: number): number {
  const sign = work.tokens[at] as LatexToken;
  const below = readBelow(work, at);
  if (below === undefined) return at + 1;
  const parts = indexParts(below.plain);
  const place = placeOf(work, at, below.next);
  if (work.pieces.length === 0 || !parts.every((p) => /^(?:[\p{L}]|\d+|:)$/u.test(p)))
    fail("unsupported", "what stands below is no index", spanOf(sign), { fix: "x_i or X_{ij}" });
  write(work, `[${parts.join(",")}]`, place, true);
  return below.next;
}

/** Most tokens in the brackets of f(w, b). */
const LONGEST_ARGUMENTS = 80;

/** The 2 of σ². */
const SQUARE = /^2$/;
const GREEK = /^\p{Script=Greek}$/u;

/**
 * The position of the closing bracket where names alone stand in it, parted by signs: e (A x) is no call of e. A variance may
 * stand there for a name where squares are asked for.
 */
export function closeOfNames(work: Work, open: number, to: number, squares = false): number | undefined {
  let isParted = true;
  for (let i = open + 1; i < Math.min(to, open + LONGEST_ARGUMENTS); ) {
    const t = work.tokens[i] as LatexToken;
    if (t.text === ")") return i > open + 1 ? i : undefined;
    const base = readBase(work.tokens, i);
    if (base !== undefined) {
      if (!isParted) return undefined;
      isParted = false;
      i = readBelow(work, base.next)?.next ?? base.next;
      const above = work.tokens[i];
      if (squares && above?.kind === "super" && GREEK.test(base.letters)) {
        const { from, to: end, next } = argumentAt(work, i + 1, above);
        if (SQUARE.test(bare(work, from, end))) i = next;
      }
      continue;
    }
    if (t.text === "," || t.text === ";" || t.text === "\\mid") isParted = true;
    else if (!IGNORED.has(t.text)) return undefined;
    i++;
  }
  return undefined;
}

/** Whether a token is a sign of equality. */
export const isEquals = (t: LatexToken | undefined): boolean =>
  t?.text === "=" || t?.text === "≔" || (t !== undefined && OPERATORS.get(t.text) === "=");
