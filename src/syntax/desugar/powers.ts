// Functions with their exponent at the name: sin^2(x) and log²(x) are powers of what the function gives.
//
// Not here: the same in LaTeX (latex/constructs/functions.ts).

import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
import { isFunctionWord } from "../tokens/spelling.ts";
import { closingAt } from "../tokens/statements.ts";

/** Tokens with such exponents behind the brackets. Refuses sin^-1(x), which may be either inverse. */
export function withRaisedFunctions(tokens: readonly Token[], isFunction: (name: string) => boolean): readonly Token[] {
  const isCall = (t: Token, i: number): boolean => {
    const type = tokens[i + 1]?.type;
    if (t.type !== "name" || (type !== "power" && type !== "superscript")) return false;
    // σ²(x − μ) is a product.
    return isFunctionWord(t.value, isFunction);
  };
  if (!tokens.some(isCall)) return tokens;
  const out: Token[] = [];
  // Exponents that wait for a bracket, by where it closes.
  const waiting = new Map<number, readonly Token[]>();
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    out.push(t);
    const behind = waiting.get(i);
    if (behind !== undefined) for (const e of behind) out.push({ ...e, start: t.end, end: t.end });
    if (!isCall(t, i)) continue;
    const sign = tokens[i + 1] as Token;
    if (/^⁻/.test(sign.text) || (sign.type === "power" && tokens[i + 2]?.type === "minus"))
      fail("syntax", `−1 at ${t.text} may be either inverse`, span(sign.start, sign.end), { fix: `a${t.text}(x), or 1/${t.text}(x)` });
    const exponent = sign.type === "superscript" ? [sign] : tokens.slice(i + 1, i + 3);
    const from = i + 1 + exponent.length;
    if (exponent.length === 2 && exponent[1]?.type !== "number") continue;
    if (tokens[from]?.type !== "lparen" || tokens[from]?.spaced === true) continue;
    waiting.set(closingAt(tokens, from), exponent);
    i += exponent.length;
  }
  return out;
}
