// Functions without brackets of their own before a call, or a name or number that ends a term: log det(X) and log|X| are
// log(det(X)), tr X is tr(X), sin x cos x is sin(x) cos(x).
//
// Invariant: what is raised, transposed, multiplied or divided is left alone, since log det(X)² may be either power and
// log x/2 either quotient; so is a name that the text itself declares or defines. Not here: the same in LaTeX (latex/constructs/functions.ts), which needs no brackets at all.

import { GREEK_FUNCTIONS } from "../../../grammar/glyphs.ts";
import type { Token } from "../tokens/lexer.ts";
import { isFunctionWord } from "../tokens/spelling.ts";
import { namesStated, pairBrackets, RAISED, TYPE_WORDS } from "../tokens/statements.ts";

/** What makes another term of the call it stands behind. */
const BEHIND: ReadonlySet<string> = new Set([...RAISED, "power", "hpower", "prime", "lbracket"]);

/** What ends the term that a function is applied to. */
// biome-ignore format: one family a row
const ENDS_TERM: ReadonlySet<string | undefined> = new Set([
  undefined, "newline", "semicolon", "comma", "equals",
  "plus", "minus", "gt", "ge", "lt", "le", "eq", "ne",
  "rparen", "rbracket", "rbrace",
]);

/** Tokens with brackets around what such functions are applied to. */
export function withApplied(tokens: readonly Token[], isFunction: (name: string) => boolean): readonly Token[] {
  const isCallable = (t: Token | undefined): t is Token => t?.type === "name" && isFunctionWord(t.value, isFunction);
  if (!tokens.some((t, i) => isCallable(t) && isOperand(tokens[i + 1]))) return tokens;
  const own = namesStated(tokens);
  // The words of a type, as in unit vector(n), are told of one another.
  const isOfType = (at: number): boolean => [at, at + 1].every((i) => TYPE_WORDS.has(tokens[i]?.value ?? ""));
  const isWord = (t: Token | undefined): boolean => isCallable(t) && !own.has(t.value);
  const isSign = (t: Token | undefined): boolean => t?.type === "name" && Object.hasOwn(GREEK_FUNCTIONS, t.value) && !own.has(t.value);
  const isCall = (at: number): boolean =>
    (isWord(tokens[at]) || isSign(tokens[at])) && tokens[at + 1]?.type === "lparen" && tokens[at + 1]?.spaced === false;
  const partner = pairBrackets(tokens);
  // The last token of each term that a function is applied to, by the place of the function.
  const ends = new Map<number, number>();
  // Behind the X of ∂ log det X/∂X stands the bar of the derivative; `if` stands behind the value of a case.
  const endsTerm = (at: number): boolean =>
    ENDS_TERM.has(tokens[at]?.type) ||
    isWord(tokens[at]) ||
    tokens[at]?.text === "if" ||
    (tokens[at]?.type === "divide" && tokens[at + 1]?.type === "partial");
  const isAlone = (at: number): boolean => isOperand(tokens[at]) && !isWord(tokens[at]) && endsTerm(at + 1);
  for (let i = tokens.length - 2; i >= 0; i--) {
    if (!isWord(tokens[i]) || isOfType(i)) continue;
    const end = isCall(i + 1) ? partner[i + 2] : isAlone(i + 1) ? i + 1 : ends.get(i + 1);
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

const isOperand = (t: Token | undefined): boolean => t?.type === "name" || t?.type === "number";
