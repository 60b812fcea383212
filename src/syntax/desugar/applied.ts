// Functions before a call without brackets of their own: log det(X) and log|X| are log(det(X)), sum log(x) is sum(log(x)).
//
// Invariant: a call that is raised or transposed is left alone, since log det(X)² may be either power; so is a name that
// the text itself declares or defines. Not here: the same in LaTeX (latex/constructs/functions.ts), which needs no brackets at all.

import type { Token } from "../tokens/lexer.ts";
import { isFunctionWord } from "../tokens/spelling.ts";
import { namesStated, pairBrackets, RAISED, TYPE_WORDS } from "../tokens/statements.ts";

/** What makes another term of the call it stands behind. */
const BEHIND: ReadonlySet<string> = new Set([...RAISED, "power", "hpower", "prime", "lbracket"]);

/** Tokens with brackets around such calls. */
export function withApplied(tokens: readonly Token[], isFunction: (name: string) => boolean): readonly Token[] {
  const isCallable = (t: Token | undefined): t is Token => t?.type === "name" && isFunctionWord(t.value, isFunction);
  if (!tokens.some((t, i) => isCallable(t) && isCallable(tokens[i + 1]))) return tokens;
  const own = namesStated(tokens);
  // The words of a type, as in unit vector(n), are told of one another.
  const isOfType = (at: number): boolean => [at, at + 1].every((i) => TYPE_WORDS.has(tokens[i]?.value ?? ""));
  const isWord = (t: Token | undefined): boolean => isCallable(t) && !own.has(t.value);
  const isCall = (at: number): boolean => isWord(tokens[at]) && tokens[at + 1]?.type === "lparen" && tokens[at + 1]?.spaced === false;
  const partner = pairBrackets(tokens);
  // The last token of each term that a function is applied to, by the place of the function.
  const ends = new Map<number, number>();
  for (let i = tokens.length - 2; i >= 0; i--) {
    if (!isWord(tokens[i]) || isOfType(i)) continue;
    const end = isCall(i + 1) ? partner[i + 2] : ends.get(i + 1);
    if (end !== undefined && end >= 0 && !BEHIND.has(tokens[end + 1]?.type ?? "")) ends.set(i, end);
  }
  if (ends.size === 0) return tokens;
  const closing = new Map<number, number>();
  for (const end of ends.values()) closing.set(end, (closing.get(end) ?? 0) + 1);
  return tokens.flatMap((t, i) => {
    const bracket = (type: string, text: string): Token => ({ ...t, type, text, value: text, start: t.end, spaced: false });
    const open = ends.has(i) ? [bracket("lparen", "(")] : [];
    return [t, ...open, ...Array.from({ length: closing.get(i) ?? 0 }, () => bracket("rparen", ")"))];
  });
}
