// How far a sum without brackets reaches: in Σ_i y_i log p_i + (1 − y_i) log(1 − p_i) over both terms, because an
// index that nothing runs over would have no meaning there. Brackets are written where they were meant.
//
// Invariant: a sum reaches over later terms of its own chain of + and − alone, and only as far as one holds an index
// of it below a name that is nothing else. A sum whose summand is one bracket ends with it.

import { PRODUCT_SIGNS } from "../../grammar/glyphs.ts";
import { plainName, type Token } from "./lexer.ts";
import { CLOSERS, ENDS_OPERAND, matchBrackets } from "./statements.ts";

/** Tokens that a chain of + and − does not go beyond. */
// biome-ignore format: one family a row
const ENDS_CHAIN: ReadonlySet<string> = new Set([
  "newline", "semicolon", "comma", "equals", "colon", "element", "maps", "gt", "ge", "lt", "le", "eq", "ne",
]);

/** Tokens with brackets around what the sums run over, those sums marked as widened. */
export function withReach(tokens: readonly Token[], isVariable: (name: string) => boolean): readonly Token[] {
  const sums = tokens.flatMap((t, i) => (t.type === "sigma" && !PRODUCT_SIGNS.some((s) => t.text.startsWith(s)) ? [i] : []));
  if (sums.length === 0 || !tokens.some((t) => t.type === "plus" || t.type === "minus")) return tokens;
  const match = matchBrackets(tokens);
  const declared = declaredIn(tokens);
  const isOwn = (name: string): boolean => isVariable(name) || declared.has(name);
  // The end of what each widened sum runs over; one inside another reaches no further than that.
  const ends = new Map<number, number>();
  for (const at of sums.toReversed()) {
    const own = reachOf(tokens, match, at, isOwn);
    if (own === undefined) continue;
    const inner = sums.flatMap((s) => (s > at && s < own ? [ends.get(s) ?? s] : []));
    ends.set(at, Math.max(own, ...inner));
  }
  if (ends.size === 0) return tokens;
  const closing = new Map<number, number>();
  for (const end of ends.values()) closing.set(end, (closing.get(end) ?? 0) + 1);
  return tokens.flatMap((t, i) => {
    const out = ends.has(i) ? [{ ...t, widened: true }, bracket(t, "lparen", "(")] : [t];
    for (let k = closing.get(i) ?? 0; k > 0; k--) out.push(bracket(t, "rparen", ")"));
    return out;
  });
}

const bracket = ({ end }: Token, type: string, text: string): Token => ({ type, text, value: text, start: end, end, spaced: false });

/** The last token of the last term that holds an index of the sum, where that is not its first term. */
function reachOf(tokens: readonly Token[], match: Int32Array, at: number, isOwn: (name: string) => boolean): number | undefined {
  const indices = indicesOf(tokens[at] as Token);
  let from = at + 1;
  let found: number | undefined;
  let isFirst = true;
  const take = (to: number): void => {
    if (!isFirst && holds(tokens, from, to, indices, isOwn)) found = to - 1;
    isFirst = false;
    from = to + 1;
  };
  let i = at + 1;
  for (; i < tokens.length; i = (match[i] as number) > i ? (match[i] as number) + 1 : i + 1) {
    const { type, value } = tokens[i] as Token;
    if (CLOSERS.has(type) || ENDS_CHAIN.has(type) || (type === "name" && (value === "if" || value === "otherwise"))) break;
    const isSign = (type === "plus" || type === "minus") && ENDS_OPERAND.has(tokens[i - 1]?.type ?? "");
    if (!isSign) continue;
    if (isFirst && tokens[at + 1]?.type === "lparen" && match[at + 1] === i - 1) return undefined;
    take(i);
  }
  take(i);
  return found;
}

const indicesOf = ({ text }: Token): ReadonlySet<string> => {
  const below = /_\{?([^{}^]*)/.exec(text)?.[1] ?? plainName(`x${text.replace(/^\P{Lm}+/u, "")}`).slice(2);
  const names = below.replace(/=.*$/, "").match(/[a-z]/g) ?? [];
  return new Set(names);
};

// x_i, x_{i+1} or x[i], where no sum inside runs over i.
function holds(
  tokens: readonly Token[],
  from: number,
  to: number,
  indices: ReadonlySet<string>,
  isOwn: (name: string) => boolean,
): boolean {
  const left = new Set(indices);
  for (let i = from; i < to; i++) if (tokens[i]?.type === "sigma") for (const name of indicesOf(tokens[i] as Token)) left.delete(name);
  for (let i = from; i < to; i++) {
    const { type, value } = tokens[i] as Token;
    if (type !== "name" || isOwn(value)) continue;
    const below = /_\{?([^{}]*)\}?$/.exec(value)?.[1];
    if (below !== undefined && [...left].some((index) => isBelow(below, index))) return true;
    const before = tokens[i - 1]?.type;
    if (left.has(value) && (before === "lbracket" || before === "comma") && i > from) return true;
  }
  return false;
}

// i of x_i, X_ij, X_{i,j}, x_{i+1}; a longer word below a name is no list of indices.
const isBelow = (below: string, index: string): boolean =>
  /^[a-z]{1,2}$/.test(below) ? below.includes(index) : below.split(/[,+-]/).some((part) => part.trim() === index);

/** Names in a list that ends with a colon or ∈: x_i, y_i : scalar. */
function declaredIn(tokens: readonly Token[]): ReadonlySet<string> {
  const declared = new Set<string>();
  tokens.forEach((t, at) => {
    if (t.type !== "colon" && t.type !== "element") return;
    for (let i = at - 1; i >= 0 && (tokens[i]?.type === "name" || tokens[i]?.type === "comma"); i--)
      declared.add((tokens[i] as Token).value);
  });
  return declared;
}
