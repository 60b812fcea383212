// Places in a source text. Offsets count UTF-16 units; lines and columns are only
// computed for people, in the renderer of diagnostics.

export interface Span {
  readonly start: number;
  /** First offset behind the span. */
  readonly end: number;
}

export const span = (start: number, end: number): Span => ({ start, end });
export const join = (a: Span, b: Span): Span => ({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) });
