// Places, names and lists of what productions build.
//
// Not here: what a production builds (actions.ts, derivatives.ts).

import { join, type Span, span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
import type { NamedSpan } from "../tree.ts";

/** Where a token stands. */
export const at = (t: Token): Span => span(t.start, t.end);
/** The name that a token is. */
export const named = (t: Token): NamedSpan => ({ name: t.value, span: at(t) });

/** A list that grows at its end without copying: every prefix of an input completes a production, so sharing must be safe. */
export interface Chain<T> {
  readonly before?: Chain<T>;
  readonly item: T;
}

/** The items of a chain in order. */
export function items<T>(chain: Chain<T>): T[] {
  const out: T[] = [];
  for (let c: Chain<T> | undefined = chain; c !== undefined; c = c.before) out.push(c.item);
  return out.reverse();
}

/** From the first to the last of several. */
export const spanOf = (parts: readonly { readonly span: Span }[]): Span =>
  join((parts[0] as NamedSpan).span, (parts[parts.length - 1] as NamedSpan).span);
