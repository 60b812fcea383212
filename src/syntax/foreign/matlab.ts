// Indices in round brackets, as MATLAB has them: X(:) is vec(X), A(1, 2) an entry, X(:, 1) a column.
//
// Invariant: only colons and positions are taken for indices, and only behind a name that is no function; every token
// lies at its place. x(1) is an entry beside such; elsewhere it may be a product, and is left for a message to say so.

import type { Token } from "../tokens/lexer.ts";

/** Tokens with such indices as the language has them. */
export function withIndices(tokens: readonly Token[], isFunction: (name: string) => boolean): readonly Token[] {
  const isNamed = (at: number): boolean => isOpening(tokens, at) && !isFunction(tokens[at - 1]?.value ?? "");
  if (!tokens.some((_, i) => isNamed(i) && endOfIndices(tokens, i) !== undefined)) return tokens;
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    const end = isNamed(i) ? (endOfIndices(tokens, i) ?? endOfIndex(tokens, i)) : undefined;
    if (end === undefined) {
      out.push(t);
      continue;
    }
    const close = tokens[end] as Token;
    if (tokens[i + 1]?.type === "colon" && end === i + 2) {
      // Both names of vec(X) lie at that of X(:).
      const name = out.pop() as Token;
      out.push({ ...name, text: "vec", value: "vec" }, t, { ...name, spaced: false }, close);
    } else out.push(bracket(t, "["), ...tokens.slice(i + 1, end), bracket(close, "]"));
    i = end;
  }
  return out;
}

const isOpening = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.type === "lparen" && tokens[at]?.spaced === false && tokens[at - 1]?.type === "name";

const isIndex = (t: Token | undefined): boolean => t?.type === "colon" || (t?.type === "number" && /^[1-9]\d*$/.test(t.text));

/** The bracket that closes (:) or two indices; undefined for others. */
function endOfIndices(tokens: readonly Token[], at: number): number | undefined {
  const [first, sign, second, last] = tokens.slice(at + 1, at + 5);
  if (first?.type === "colon" && sign?.type === "rparen") return at + 2;
  return isIndex(first) && sign?.type === "comma" && isIndex(second) && last?.type === "rparen" ? at + 4 : undefined;
}

/** The bracket that closes (2). */
const endOfIndex = (tokens: readonly Token[], at: number): number | undefined =>
  isIndex(tokens[at + 1]) && tokens[at + 2]?.type === "rparen" ? at + 2 : undefined;

const bracket = (t: Token, text: "[" | "]"): Token => ({ ...t, type: text === "[" ? "lbracket" : "rbracket", text, value: text });
