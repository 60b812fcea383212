// What is written for a text in LaTeX, or for one that defines functions: pieces of the plain
// language, each with the place in the source that it stands for.
//
// Invariant: a place in the plain text leads back to the piece it lies in, so every span
// can be given in the source.

import { InputError } from "../../base/diagnostic.ts";
import { type Span, span } from "../../base/span.ts";

/** A piece of plain text and its place in the source. */
export interface Piece {
  text: string;
  readonly start: number;
  readonly end: number;
  /** Nothing stands between it and the piece before. */
  readonly glued: boolean;
}

/** Text of the plain language for a source. */
export interface Translation {
  readonly text: string;
  /** The place in the source that a place in the text stands for. */
  readonly toSource: (from: number, to: number) => Span;
}

/** Joins pieces with single spaces, none behind what opens. */
export function assemble(pieces: readonly Piece[], sourceLength: number): Translation {
  const starts = new Int32Array(pieces.length);
  const parts: string[] = [];
  let length = 0;
  pieces.forEach((p, i) => {
    if (!p.glued && length > 0 && !/[([∂]$/u.test(pieces[i - 1]?.text ?? "")) {
      parts.push(" ");
      length++;
    }
    starts[i] = length;
    parts.push(p.text);
    length += p.text.length;
  });
  const pieceAt = (offset: number): Piece | undefined => {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return pieces[low];
  };
  const toSource = (from: number, to: number): Span => {
    const first = pieceAt(from);
    if (first === undefined) return span(0, sourceLength);
    const last = to > from ? (pieceAt(to - 1) as Piece) : first;
    if (to <= from) return from >= length ? span(first.end, first.end) : span(first.start, first.start);
    return span(Math.min(first.start, last.start), Math.max(first.end, last.end));
  };
  return { text: parts.join(""), toSource };
}

/** What is written for a text, written once more; a fault of that has its place in the source, too. */
export function rewritten(first: Translation, write: (text: string) => Translation | undefined): Translation {
  try {
    const second = write(first.text);
    if (second === undefined) return first;
    const toSource = (from: number, to: number): Span => {
      const { start, end } = second.toSource(from, to);
      return first.toSource(start, end);
    };
    return { text: second.text, toSource };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { span: place } = error.diagnostic;
    throw new InputError({ ...error.diagnostic, span: first.toSource(place.start, place.end) });
  }
}

/** Pieces after which an operand is complete; behind the sign of a sum with its bounds it begins. */
export const endsOperand = (text: string | undefined): boolean =>
  text !== undefined && !/^(?:sum|prod)_/.test(text) && /[\p{L}\p{M}\p{N}_)\]}ᵀ'⁻¹⁺]$/u.test(text);
