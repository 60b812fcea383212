// x'*H*x where H = A*A' and A : matrix(n, m), and x'*H*x, H = A*A': what stands behind the word or the comma is written in front.
//
// Invariant: every token leads back to its place. Without a definition or a declaration at once behind it, such a word is a name
// as any other. Not here: what a claim says behind it in words.

import { withStatedBehind } from "../stated/declarations.ts";
import { LEADING_WORDS } from "../stated/words.ts";
import { type Token, tokenize } from "../tokens/lexer.ts";
import {
  CLOSER,
  closingAt,
  joinLines,
  namesStated,
  outsideBrackets,
  pairBrackets,
  type Range,
  splitStatements,
} from "../tokens/statements.ts";
import { assemble, rewritten, type Translation } from "../tokens/writer.ts";

/** What ends the head of a statement. */
const STATES: ReadonlySet<string> = new Set(["equals", "colon", "element"]);

/** What leads to definitions and declarations behind an expression. */
const WORDS: ReadonlySet<string> = new Set(LEADING_WORDS);
/** Texts without it have nothing behind their expression. */
const LEADING = new RegExp(String.raw`\b(?:${LEADING_WORDS.join("|")})\b|,\s*[^\s()[\],;]+(?:\s*[=:∈≻⪰>≠]|\s+[^\s()[\],;])`, "u");

/** A text with the definitions and declarations behind its last expression in front of it; undefined where it has none. */
export function definitionsInFront(source: string): Translation | undefined {
  if (!LEADING.test(source)) return undefined;
  const raw = tokenize(source);
  const tokens = joinLines(raw, pairBrackets(raw));
  const last = splitStatements(tokens).at(-1);
  if (last === undefined) return undefined;
  const outside = outsideBrackets(tokens, last.from, last.to);
  for (const at of leading(tokens, outside)) {
    const inWords = withStatedBehind(source, tokens, at, last.to);
    if (inWords !== undefined) return rewritten(inWords, definitionsInFront);
    if (begins(tokens, at + 1)) return inFront(source, tokens, last, outside, at);
  }
  return undefined;
}

/** Positions of words that may lead to what is said of names, and of commas behind what is neither a claim nor a list of names. */
function leading(tokens: readonly Token[], outside: readonly number[]): readonly number[] {
  const named = namesStated(tokens);
  const type = (i: number): string => tokens[i]?.type ?? "";
  // The sign of f(x) = … is its own.
  const defines = type(outside[0] ?? -1) === "name" && type(outside[1] ?? -1) === "equals";
  const states = outside.slice(defines ? 2 : 0).find((i) => STATES.has(type(i))) ?? tokens.length;
  const isList = (end: number): boolean => tokens.slice(outside[0], end).every((t, k) => t.type === (k % 2 === 0 ? "name" : "comma"));
  return outside.slice(1).filter((i) => {
    if (type(i) === "comma") return i < states && !isList(i);
    const { value } = tokens[i] as Token;
    return type(i) === "name" && WORDS.has(value) && !named.has(value);
  });
}

/** The text with what stands behind a position in front of its last statement. */
function inFront(source: string, tokens: readonly Token[], last: Range, outside: readonly number[], word: number): Translation {
  const parts = partsOf(
    tokens,
    outside.filter((i) => i > word),
  );
  const end = { ...(tokens[word] as Token), text: ";", spaced: false };
  const stated = [word, ...parts].flatMap((from, k) => [...tokens.slice(behind(tokens, from), parts[k] ?? last.to), end]);
  const value = tokens.slice(last.from, tokens[word - 1]?.type === "comma" ? word - 1 : word);
  const all = [...tokens.slice(0, last.from), ...stated, ...value];
  return assemble(
    all.map(({ text, start, end, spaced }) => ({ text, start, end, glued: !spaced })),
    source.length,
  );
}

const isWord = (t: Token | undefined, word: string): boolean => t?.type === "name" && t.value === word;

/** The position behind a comma, an "and" or both. */
const behind = (tokens: readonly Token[], at: number): number =>
  tokens[at]?.type === "comma" && isWord(tokens[at + 1], "and") ? at + 2 : at + 1;

// Where a comma or an "and" parts one statement from the next; commas before its sign are those of A, B : matrix(n, n).
function partsOf(tokens: readonly Token[], positions: readonly number[]): readonly number[] {
  let stated = false;
  return positions.filter((at) => {
    const { type } = tokens[at] as Token;
    const isAnd = isWord(tokens[at], "and") && tokens[at - 1]?.type !== "comma";
    const parts = stated && (type === "comma" || isAnd) && begins(tokens, behind(tokens, at));
    stated = !parts && (stated || STATES.has(type));
    return parts;
  });
}

// Whether names, or f(x, y), and the sign of a definition or a declaration stand at a position.
function begins(tokens: readonly Token[], from: number): boolean {
  let i = from;
  while (tokens[i]?.type === "name" && tokens[i + 1]?.type === "comma") i += 2;
  if (tokens[i]?.type !== "name") return false;
  const opens = CLOSER[tokens[i + 1]?.type ?? ""] !== undefined;
  const sign = tokens[opens ? closingAt(tokens, i + 1) + 1 : i + 1]?.type ?? "";
  return STATES.has(sign) && (sign === "equals" || STATES.has(tokens[i + 1]?.type ?? ""));
}
