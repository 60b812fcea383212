// 1⃗ 1⃗ᵀ/n, the projection onto the vector of ones: n is the length of the vector there.
//
// Invariant: only a letter of counts that stands for no variable is taken so.

import type { Token } from "../tokens/lexer.ts";

const COUNT = /^[nmkNMKT]$/;

/** Tokens with `ones(n)` for both vectors of ones that are divided by n. */
export function withCentring(tokens: readonly Token[], isVariable: (name: string) => boolean): readonly Token[] {
  if (!tokens.some((t) => t.type === "arrow")) return tokens;
  const lengths = new Map<number, Token>();
  const typeAt = (i: number): string | undefined => tokens[i]?.type;
  for (let i = 0; i < tokens.length; i++) {
    const second = typeAt(i + 1) === "times" ? i + 2 : i + 1;
    const mark = typeAt(second + 1);
    if (!isOnes(tokens[i]) || !isOnes(tokens[second]) || (mark !== "transpose" && mark !== "prime")) continue;
    const n = divisorBefore(tokens, i) ?? divisorBehind(tokens, second + 2);
    if (n === undefined || !COUNT.test(n.value) || isVariable(n.value)) continue;
    lengths.set(i, n);
    lengths.set(second, n);
  }
  if (lengths.size === 0) return tokens;
  return tokens.flatMap((t, i) => {
    const n = lengths.get(i);
    const made = (type: string, text: string): Token => ({ ...t, type, text, value: text, spaced: false });
    return n === undefined
      ? [t]
      : [{ ...made("name", "ones"), spaced: t.spaced }, made("lparen", "("), made("name", n.value), made("rparen", ")")];
  });
}

const isOnes = (t: Token | undefined): boolean => t?.type === "arrow" && t.value.startsWith("1");

// The n of (1/n), 1/n and n⁻¹ in front of a place.
function divisorBefore(tokens: readonly Token[], at: number): Token | undefined {
  let i = tokens[at - 1]?.type === "times" ? at - 2 : at - 1;
  if (tokens[i]?.type === "superscript" && tokens[i]?.value === "⁻¹") return tokens[i - 1];
  if (tokens[i]?.type === "rparen") i--;
  return tokens[i - 1]?.type === "divide" ? tokens[i] : undefined;
}

// The n of /n behind a place and the brackets that end there.
function divisorBehind(tokens: readonly Token[], at: number): Token | undefined {
  let i = at;
  while (tokens[i]?.type === "rparen") i++;
  return tokens[i]?.type === "divide" && tokens[i + 1]?.type === "name" ? tokens[i + 1] : undefined;
}
