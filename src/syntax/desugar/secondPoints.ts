// x' of ‖x − x'‖ and of (x − x')²: a second point beside x, and no transpose, whose difference from x has no meaning, or is 0
// for a number.
//
// Invariant: only a small letter that is neither declared as a matrix nor defined has a second point, and only where the
// difference stands as such in the text; every x' of the text is that point then, but none is differentiated by.

import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
import { namesStated } from "../tokens/statements.ts";

/** Marks that are no letter T. */
const MARKS: ReadonlySet<string> = new Set(["'", "’", "′"]);

/** Tokens beside which a difference is no part of a product. */
const OUTSIDE: ReadonlySet<string | undefined> = new Set([
  undefined,
  "lparen",
  "rparen",
  "lbracket",
  "rbracket",
  "norm",
  "bar",
  "comma",
  "equals",
  "semicolon",
  "newline",
  "langle",
  "rangle",
]);

/** The name of the second point. */
export const secondName = (name: string): string => `${name}_prime`;

/** What is known of the marks of names. */
export interface Marks {
  /** Whether a name is declared as a matrix, defined or a function: x' is its transpose or its derivative. */
  readonly hasMark: (name: string) => boolean;
  /** Whether a name has a second point in a text read before. */
  readonly hasPoint: (name: string) => boolean;
}

/** Tokens with names for second points, and what has one. */
export function withSecondPoints(
  tokens: readonly Token[],
  { hasMark, hasPoint }: Marks,
): { readonly tokens: readonly Token[]; readonly points: ReadonlySet<string> } {
  const points = new Set<string>();
  const stated = namesStated(tokens);
  tokens.forEach((t, i) => {
    const name = t.type === "minus" ? differenceAt(tokens, i) : undefined;
    if (name !== undefined && /^\p{Ll}/u.test(name) && !hasMark(name) && !stated.has(name)) points.add(name);
    if (t.type === "name" && isMark(tokens[i + 1]) && hasPoint(t.value)) points.add(t.value);
  });
  if (points.size === 0) return { tokens, points };
  refuseDerivativeBy(tokens, points);
  const isPoint = (t: Token | undefined): boolean => t?.type === "name" && points.has(t.value);
  const named = tokens.flatMap((t, i) => {
    if (isMark(t) && isPoint(tokens[i - 1])) return [];
    if (!isPoint(t) || !isMark(tokens[i + 1])) return [t];
    return [{ ...t, value: secondName(t.value), end: (tokens[i + 1] as Token).end }];
  });
  return { tokens: named, points };
}

/** What a reader is told of a second point. */
export const remarkOfPoint = (name: string): string =>
  `${name}' is a second point, ${secondName(name)}, and no transpose; that is ${name}^T`;

// Below d and ∂ a mark may be that of the transpose.
function refuseDerivativeBy(tokens: readonly Token[], points: ReadonlySet<string>): void {
  tokens.forEach((t, i) => {
    if (t.type !== "name" || !isMark(tokens[i + 1])) return;
    const name = tokens[i - 1]?.type === "partial" ? t.value : t.value.startsWith("d") ? t.value.slice(1) : "";
    if (points.has(name))
      fail("unsupported", `${name}' is a second point here, and below a derivative it may be a transpose`, span(t.start, t.end + 1), {
        fix: `another name for the point, as ${secondName(name)}`,
      });
  });
}

const isMark = (t: Token | undefined): boolean => t !== undefined && MARKS.has(t.text);

// The x of x − x' and of x' − x around a sign.
function differenceAt(tokens: readonly Token[], at: number): string | undefined {
  const left = isMark(tokens[at - 1]) ? at - 2 : at - 1;
  const right = isMark(tokens[at + 2]) ? at + 2 : at + 1;
  const name = tokens[left]?.value;
  const isOfOne = tokens[left]?.type === "name" && tokens[at + 1]?.type === "name" && name === tokens[at + 1]?.value;
  const hasOneMark = (left === at - 2) !== (right === at + 2);
  return isOfOne && hasOneMark && OUTSIDE.has(tokens[left - 1]?.type) && OUTSIDE.has(tokens[right + 1]?.type) ? name : undefined;
}
