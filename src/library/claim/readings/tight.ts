// Products without a sign beside ⊙, ⊗ and ·. In nabla all products are taken from left to right; most books take AC ⊗ BD
// as (AC) ⊗ (BD) and u·Av as u·(Av), and a claim may be meant so.
//
// Invariant: only brackets are added. Not here: how the claim is judged then (verdict/otherwise.ts).

import { type Token, tokenize } from "../../../syntax/tokens/lexer.ts";
import { CLOSER, pairBrackets, RAISED } from "../../../syntax/tokens/statements.ts";

const PRODUCTS: ReadonlySet<string> = new Set(["hadamard", "kron", "dot"]);
/** What begins an operand by itself. */
const BEGINS: ReadonlySet<string> = new Set(["name", "number"]);

/** The text with brackets around the products without a sign that stand beside ⊙, ⊗ and ·; undefined where there are none. */
export function withTightProducts(text: string): string | undefined {
  const tokens = tokenize(text);
  if (!tokens.some(({ type }) => PRODUCTS.has(type))) return undefined;
  const match = pairBrackets(tokens);
  const runs: { readonly from: number; readonly to: number }[] = [];
  const ranges: [number, number][] = [[0, tokens.length]];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [begin, end] = range;
    for (let at = begin; at < end; ) {
      const from = at;
      let operands = 0;
      for (let to = operandEnd(tokens, match, at); to > at && at < end; to = operandEnd(tokens, match, at)) {
        for (let i = at; i < to; i++) {
          if (CLOSER[(tokens[i] as Token).type] === undefined) continue;
          const close = closeOf(match, i);
          ranges.push([i + 1, Math.min(close, end)]);
          i = close;
        }
        at = to;
        operands++;
      }
      const isBeside = [tokens[from - 1], tokens[at]].some((t) => t !== undefined && PRODUCTS.has(t.type));
      if (isBeside && (operands > 1 || isRun(tokens[from]))) runs.push({ from, to: at - 1 });
      if (at === from) at++;
    }
  }
  return runs.length === 0 ? undefined : bracketed(text, tokens, runs);
}

/** Where a bracket closes; behind the end where it does not. */
const closeOf = (match: Int32Array, at: number): number => ((match[at] as number) < 0 ? match.length : (match[at] as number));

/** Letters that stand together, which may be a product. */
const isRun = (token: Token | undefined): boolean => token?.type === "name" && /^\p{L}{2,4}$/u.test(token.value);

/** The place behind the operand at a position, with its marks and powers; the position itself where none begins. */
function operandEnd(tokens: readonly Token[], match: Int32Array, from: number): number {
  const type = tokens[from]?.type ?? "";
  if (!BEGINS.has(type) && CLOSER[type] === undefined) return from;
  let at = CLOSER[type] === undefined ? from + 1 : closeOf(match, from) + 1;
  for (; at < tokens.length; at++) {
    const { type: next, spaced } = tokens[at] as Token;
    if (next === "power") {
      if (tokens[at + 1]?.type === "minus") at++;
      at = Math.max(at, operandEnd(tokens, match, at + 1) - 1);
    } else if (next === "lindex" || (next === "lparen" && type === "name" && at === from + 1 && !spaced)) at = closeOf(match, at);
    else if (!RAISED.has(next) && next !== "prime") break;
  }
  return at;
}

function bracketed(text: string, tokens: readonly Token[], runs: readonly { readonly from: number; readonly to: number }[]): string {
  const marks = runs.flatMap(({ from, to }) => [
    { at: (tokens[from] as Token).start, sign: "(" },
    { at: (tokens[to] as Token).end, sign: ")" },
  ]);
  let out = "";
  let end = 0;
  for (const { at, sign } of marks.sort((a, b) => a.at - b.at)) {
    out += text.slice(end, at) + sign;
    end = at;
  }
  return out + text.slice(end);
}
