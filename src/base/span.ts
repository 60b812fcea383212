// Places in a source text. Offsets count UTF-16 units; lines and columns are only
// computed for people, in the renderer of diagnostics.

/** From `start` up to `end`, exclusive, in UTF-16 units. */
export interface Span {
  readonly start: number;
  /** First offset behind the span. */
  readonly end: number;
}

export const span = (start: number, end: number): Span => ({ start, end });
/** The shortest span that holds both. */
export const join = (a: Span, b: Span): Span => ({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) });
/** The span of a whole text. */
export const wholeOf = (text: string): Span => span(0, text.length);
/** The span of a fault that stands in no text. */
export const NOWHERE: Span = span(0, 0);
