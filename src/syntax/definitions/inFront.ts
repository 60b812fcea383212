// x'*H*x where H = A*A' and A : matrix(n, m): what stands behind the word is written in front.
//
// Invariant: every token leads back to its place. Without a definition or a declaration at once behind it, `where` is a name as
// any other. Not here: what a claim says behind it in words.

import { withStatedBehind } from "../stated/declarations.ts";
import { type Token, tokenize } from "../tokens/lexer.ts";
import { CLOSER, closingAt, joinLines, namesStated, outsideBrackets, pairBrackets, splitStatements } from "../tokens/statements.ts";
import { assemble, rewritten, type Translation } from "../tokens/writer.ts";

/** What ends the head of a statement. */
const STATES: ReadonlySet<string> = new Set(["equals", "colon", "element"]);

/** A text with the definitions and declarations behind `where` in front of its last statement; undefined where it has none. */
export function definitionsInFront(source: string): Translation | undefined {
  if (!source.includes("where")) return undefined;
  const raw = tokenize(source);
  const tokens = joinLines(raw, pairBrackets(raw));
  const last = splitStatements(tokens).at(-1);
  if (last === undefined || namesStated(tokens).has("where")) return undefined;
  const outside = outsideBrackets(tokens, last.from, last.to);
  const where = outside.find((i) => i > last.from && isWord(tokens[i], "where"));
  const inWords = where === undefined ? undefined : withStatedBehind(source, tokens, where, last.to);
  if (inWords !== undefined) return rewritten(inWords, definitionsInFront);
  const word = outside.find((i) => i > last.from && isWord(tokens[i], "where") && begins(tokens, i + 1));
  if (word === undefined) return undefined;
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
