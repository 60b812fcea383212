// Brackets, bars and norms, and the end of an argument that has no brackets.
//
// Invariant: what is open is on the stack of the range that opened it, innermost last, so a
// bar closes where one is open and opens elsewhere.

import { NORMS } from "../../../../grammar/glyphs.ts";
import { fail } from "../../../base/diagnostic.ts";
import { join, span } from "../../../base/span.ts";
import { tokenize } from "../../tokens/lexer.ts";
import { readsAsMatrix } from "../../tokens/matrixLike.ts";
import { isFunctionWord, knownSpelling } from "../../tokens/spelling.ts";
import { endsOperand, type Piece } from "../../tokens/writer.ts";
import { DELIMITERS, FUNCTIONS, INDEXED, OPERATORS } from "../commands.ts";
import { readBase } from "../names.ts";
import type { LatexToken } from "../scan.ts";
import { bare, closeOfNames, readBelow, writeRaised } from "../scripts.ts";
import { argumentAt, type Frame, placeOf, type RangeJob, spanOf, type Work, write } from "../work.ts";

const STOPS_TERM: ReadonlySet<string> = new Set(["+", "-", "−", "=", "<", ">", ",", ";", "&", "\\\\", "\\qquad", "\\quad", "\\pm"]);
const STOPS_PRODUCT: ReadonlySet<string> = new Set(["*", "/", ":", "·", "⊙", "∘", "⊗", "×", "\\cdot", "\\bullet"]);
/** Spaces that part the factor behind \cos t from it: \cos t\,u. */
const SPACES: ReadonlySet<string> = new Set(["\\,", "\\:", "\\;", "\\ ", "\\thinspace", "\\medspace", "\\thickspace"]);
const CLOSING: ReadonlySet<string> = new Set([")", "]", "\\}", "\\right", "\\rVert", "\\rvert", "\\rangle", "\\rbrace", "\\rbrack"]);

const isRelation = (t: LatexToken): boolean => t.kind === "command" && /^[=≥≤≠<>∈→]$/u.test(OPERATORS.get(t.text) ?? "");

/** Whether the token at a position ends the argument without brackets that is open. */
export function endsArgument(work: Work, job: RangeJob, t: LatexToken, at: number): boolean {
  const frame = job.open[job.open.length - 1];
  if (frame?.kind !== "argument" || at === frame.from) return false;
  if (STOPS_TERM.has(t.text) || CLOSING.has(t.text) || isRelation(t)) return true;
  if (closesBar(work, job, t)) return true;
  if (frame.takes === "term") return false;
  if (STOPS_PRODUCT.has(t.text) || (t.kind === "command" && OPERATORS.has(t.text)) || INDEXED.has(t.text)) return true;
  if (!endsOperand(work.pieces[work.pieces.length - 1]?.text)) return false;
  if (frame.takes === "factors" && SPACES.has(t.text) && holdsName(work, frame)) return true;
  if (beginsFunction(work, at, frame.takes === "product") || (frame.takes === "factors" && beginsDifferential(work, at))) return true;
  const opens = DELIMITERS.get(t.text)?.side === "open" || t.text === "\\left";
  return frame.takes === "factors" && opens && !isCall(work, frame, at);
}

const WORD = /^\\(?:operatorname\*?|text(?:rm)?)$/;
/** Functions whose values are numbers, which are no factors below a trace: tr A det B. */
const NUMBERS: ReadonlySet<string> = new Set(["tr", "Tr", "trace", "det", "logdet", "log", "ln"]);

// \det, \operatorname{tr}, and tr in an upright font; the diag(w) of tr Xᵀ diag(w) X is a factor.
function beginsFunction(work: Work, at: number, inTrace: boolean): boolean {
  const t = work.tokens[at] as LatexToken;
  if (t.kind !== "command") return false;
  if (FUNCTIONS.has(t.text)) return !inTrace || t.text !== "\\diag";
  const word = WORD.test(t.text) ? wordOf(work, at, t) : (readBase(work.tokens, at, work.styles.variants)?.letters ?? "");
  return inTrace ? NUMBERS.has(word) : isFunctionWord(word, work.isFunction);
}

function wordOf(work: Work, at: number, of: LatexToken): string {
  const { from, to } = argumentAt(work, at + 1, of);
  return bare(work, from, to);
}

// Whether more than numbers stands in an argument: x\, of \sin x\,u, and not 2\pi\, of \sin 2\pi\,x.
const holdsName = (work: Work, frame: Frame): boolean =>
  work.pieces.slice(frame.piece + 1).some((piece) => /\p{L}/u.test(piece.text.replace(/^pi$|π/, "")));

// The dx of \cos x\,dx is a factor behind the function, the dX of \operatorname{tr} A\,dX one below the trace.
function beginsDifferential(work: Work, at: number): boolean {
  const { tokens, hasDifferentials } = work;
  if (!hasDifferentials || work.isVariable("d") || work.isSize("d")) return false;
  if (tokens[at]?.text === "\\dd" || tokens[at]?.text === "\\diff") return true;
  const sign = readBase(tokens, at);
  if (sign?.letters !== "d" || sign.marks !== "" || sign.style === "bold" || readBase(tokens, sign.next) === undefined) return false;
  return sign.style === "upright" || tokens[sign.next]?.spaced === false;
}

// p(x) of \log p(x): the one letter of the argument with names alone in parentheses behind it.
function isCall(work: Work, frame: Frame, at: number): boolean {
  const t = work.tokens[at] as LatexToken;
  if (t.text !== "(" || t.spaced) return false;
  const base = readBase(work.tokens, frame.from, work.styles.variants);
  const end = base === undefined ? undefined : (readBelow(work, base.next)?.next ?? base.next);
  return end === at && closeOfNames(work, at, work.tokens.length) !== undefined;
}

/** Closes the innermost frame where it is an argument without brackets; whether it was one. */
export function closeArgument(work: Work, job: RangeJob): boolean {
  const frame = job.open[job.open.length - 1];
  if (frame === undefined) return false;
  job.open.pop();
  const last = work.pieces[work.pieces.length - 1];
  const end = span(last?.end ?? 0, last?.end ?? 0);
  if (frame.kind !== "argument") {
    if (frame.kind !== "none") fail("syntax", `this ${frame.token.text} is never closed`, spanOf(frame.token));
    return true;
  }
  write(work, frame.close, end, true);
  if (frame.power !== undefined) writeRaised(work, frame.power[0], frame.power[1], frame.token);
  return true;
}

/** The side that \left, \bigl, \right, \bigr give to the delimiter behind them. */
const sideOf = (text: string | undefined): "open" | "close" | undefined =>
  text === undefined
    ? undefined
    : /^\\(?:left|[bB]igg?l)$/.test(text)
      ? "open"
      : /^\\(?:right|[bB]igg?r)$/.test(text)
        ? "close"
        : undefined;

// Whether a bar closes the one that is open, through functions without brackets.
function closesBar(work: Work, job: RangeJob, t: LatexToken): boolean {
  const found = DELIMITERS.get(t.text);
  if (found === undefined || (found.kind !== "norm" && found.kind !== "bar") || found.side === "open") return false;
  const frame = job.open.findLast((f) => f.kind !== "argument");
  return frame?.kind === found.kind && endsOperand(work.pieces[work.pieces.length - 1]?.text);
}

/** What a name ends with: x, \phi, \operatorname{Var}. */
const NAMING: ReadonlySet<string> = new Set(["letter", "command", "close"]);

/** Writes an opening or closing bracket, bar or norm; gives the position behind. */
export function writeDelimiter(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const found = DELIMITERS.get(t.text) as NonNullable<ReturnType<typeof DELIMITERS.get>>;
  const place = spanOf(t);
  if (found.kind === "bar" && partsAngle(work, at, job)) return at + 1;
  const side = found.side === "either" ? (sideOf(work.tokens[at - 1]?.text) ?? (closesBar(work, job, t) ? "close" : "open")) : found.side;
  if (side === "close") return closeDelimiter(work, at, job);
  switch (found.kind) {
    case "(": {
      const row = (t.text === "[" || t.text === "\\lbrack") && work.holdsComma[at] === 1;
      // f( keeps together, so that an unknown function is recognised as one.
      const applied =
        !row &&
        !t.spaced &&
        NAMING.has(work.tokens[at - 1]?.kind ?? "") &&
        /[\p{Lu}\p{Ll}\p{M}]$/u.test(work.pieces[work.pieces.length - 1]?.text ?? "");
      write(work, row ? "[" : "(", place, applied);
      job.open.push({ kind: "(", token: t, from: at + 1, piece: work.pieces.length - 1, close: row ? "]" : ")" });
      return at + 1;
    }
    case "norm":
    case "bar":
      write(work, found.kind === "norm" ? "norm2(" : "abs(", place);
      job.open.push({ kind: found.kind, token: t, from: at + 1, piece: work.pieces.length - 1, close: ")" });
      return at + 1;
    case "angle":
      write(work, "sum((", place);
      job.open.push({ kind: "angle", token: t, from: at + 1, piece: work.pieces.length - 1, close: "))" });
      return at + 1;
    default:
      job.open.push({ kind: "none", token: t, from: at + 1, piece: -1, close: "" });
      return at + 1;
  }
}

// ⟨a|b⟩ is ⟨a, b⟩, and ⟨a|A|b⟩ is ⟨a, A b⟩; whether a bar is one of these.
function partsAngle(work: Work, at: number, job: RangeJob): boolean {
  const frame = job.open.findLast((f) => f.kind !== "argument");
  if (frame?.kind !== "angle" || !endsOperand(work.pieces[work.pieces.length - 1]?.text)) return false;
  while (job.open[job.open.length - 1] !== frame) closeArgument(work, job);
  const place = spanOf(work.tokens[at] as LatexToken);
  frame.bars = (frame.bars ?? 0) + 1;
  if (frame.bars > 2) fail("unsupported", "a third bar between angles has no meaning", place);
  if (frame.bars === 1) {
    const isSandwich = hasBar(work, at + 1, job.to);
    write(work, isSandwich ? ") .* ((" : ") .* (", place, true);
    if (isSandwich) frame.close += ")";
  } else write(work, ")(", place, true);
  return true;
}

// Whether another bar stands before the angle closes.
function hasBar(work: Work, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const found = DELIMITERS.get(work.tokens[i]?.text ?? "");
    if (found?.kind === "angle") return false;
    if (found?.kind === "bar") return true;
  }
  return false;
}

/** Closes what is open, arguments without brackets first; gives the position behind. Refuses what closes nothing, or something else. */
export function closeDelimiter(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const place = spanOf(t);
  const kind = DELIMITERS.get(t.text)?.kind;
  while (job.open[job.open.length - 1]?.kind === "argument") closeArgument(work, job);
  const frame = job.open.pop();
  if (frame === undefined) fail("syntax", `this ${t.text} closes nothing`, place, { fix: "take it away, or open a bracket before it" });
  if (frame.kind === "none" || kind === "none")
    fail("unsupported", "a value at a point is not understood", join(spanOf(frame.token), place), { fix: "the expression alone" });
  if (kind !== (frame.kind === "(" ? ")" : frame.kind))
    fail("syntax", `this ${t.text} does not close the ${frame.token.text}`, place, {
      labels: [{ span: spanOf(frame.token), text: "opened here" }],
    });
  if (frame.kind === "norm" || frame.kind === "bar") return closeNorm(work, at, frame);
  write(work, frame.close, place, true);
  const below = frame.close === ")" ? readBelow(work, at + 1) : undefined;
  if (below?.plain.trim() === "\\times") {
    // [x]_\times, the matrix of the cross product.
    work.pieces[frame.piece] = { ...(work.pieces[frame.piece] as Piece), text: "crossmatrix(", glued: false };
    return below.next;
  }
  if (frame.power !== undefined) writeRaised(work, frame.power[0], frame.power[1], frame.token);
  return at + 1;
}

// ‖x‖_1^2 and ‖x‖^2_1: what stands below says which norm.
function closeNorm(work: Work, at: number, frame: Frame): number {
  const { tokens } = work;
  const t = tokens[at] as LatexToken;
  const piece = work.pieces[frame.piece] as { text: string };
  const matrix = isMatrixSum(work, frame.piece);
  if (frame.kind === "bar") {
    if (matrix) piece.text = "det(";
    write(work, ")", spanOf(t), true);
    return at + 1;
  }
  let i = at + 1;
  if (tokens[i]?.kind === "super") i = argumentAt(work, i + 1, tokens[i] as LatexToken).next;
  const below = readBelow(work, i);
  const sign = below === undefined ? "" : below.plain.replace(/\\(?:mathrm|operatorname) /g, "").trim();
  let close = ")";
  if (sign === "2" && matrix) piece.text = "spectral(";
  else if (NORMS[sign] !== undefined) piece.text = `${NORMS[sign]}(`;
  else if (/^(?:\d+|\p{L})$/u.test(sign)) {
    piece.text = "pnorm(";
    close = `, ${sign})`;
  } else
    fail("unsupported", "this norm is not understood", placeOf(work, at, below?.next ?? at + 1), {
      fix: "\\|x\\|_2, \\|x\\|_1, \\|X\\|_F or \\|X\\|_*",
    });
  write(work, close, spanOf(t), true);
  if (below === undefined) return at + 1;
  if (i === at + 1) return below.next;
  for (let k = i; k < below.next; k++) work.taken.add(k);
  return at + 1;
}

/** Whether what is written behind a piece reads as a matrix; a declared name with a capital is one, whatever stands below it. */
export function isMatrixSum(work: Work, piece: number): boolean {
  const inside = work.pieces.slice(piece + 1).map((p) => (p.glued ? p.text : ` ${p.text}`));
  return readsAsMatrix(tokenize(inside.join("")), (name) => /^\p{Lu}/u.test(name) && work.isVariable(knownSpelling(name, work.isVariable)));
}
