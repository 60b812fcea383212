// Letters written together that stand for a product: a token for each letter, at its place.
//
// Not here: which names are products (src/elaborate/names/runs.ts).

import type { Token } from "../tokens/lexer.ts";
import { lettersOf } from "../tokens/spelling.ts";
import { RAISED } from "../tokens/statements.ts";

/** Tokens with products for the names that are read so; what is read is remarked on. */
export function lettersApart(tokens: readonly Token[], apart: ReadonlySet<string> | undefined, remarks: string[]): readonly Token[] {
  if (apart === undefined || apart.size === 0) return tokens;
  const closing = new Set<number>();
  return tokens.flatMap((t, i): readonly Token[] => {
    if (t.type !== "name" || !apart.has(t.value)) return closing.has(i) ? [t, bracket(t, ")", t.end)] : [t];
    const letters = lettersOf(t.value);
    const remark = `${t.value} is the product ${letters.join(" ")}; declare ${t.value} for a name`;
    // The T of x^TAx is no factor.
    if (tokens[i - 1]?.type !== "power" && !remarks.includes(remark)) remarks.push(remark);
    let at = t.start;
    const factors = letters.map((letter, k): Token => {
      const start = at;
      at += letter.length;
      return { ...t, text: letter, value: letter, start, end: at, spaced: k > 0 || t.spaced };
    });
    const end = endOfRaised(tokens, i + 1);
    // AC ⊗ BD' is the product of the two, each with what is raised behind its last letter.
    if (tokens[i - 1]?.type !== "kron" && tokens[end]?.type !== "kron") return factors;
    closing.add(end - 1);
    const opened = [bracket(t, "(", t.start), ...factors];
    return end === i + 1 ? [...opened, bracket(t, ")", t.end)] : opened;
  });
}

const bracket = (t: Token, text: "(" | ")", at: number): Token => ({
  ...t,
  type: text === "(" ? "lparen" : "rparen",
  text,
  value: text,
  start: at,
  end: at,
});

/** The place behind the marks and the exponent that stand at a place. */
function endOfRaised(tokens: readonly Token[], at: number): number {
  for (let i = at; ; i++) {
    const { type } = tokens[i] ?? {};
    if (type === "power" && tokens[i + 1]?.type !== "lparen") i++;
    else if (type === undefined || (type !== "prime" && !RAISED.has(type))) return i;
  }
}
