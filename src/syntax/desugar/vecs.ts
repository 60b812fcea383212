// ∂vec(Y)/∂vec(X)ᵀ, the Jacobian of Magnus and Neudecker, is ∂vec(Y)/∂X: the derivative of a vector by a matrix is that
// by its vec.
//
// Invariant: only a quotient of two differentials of vec is changed, and tokens are only left out.

import type { Token } from "../tokens/lexer.ts";

/** The tokens with the vec of a variable left out where the vec of something is differentiated by it. */
export function withoutVecs(tokens: readonly Token[]): readonly Token[] {
  const bars = tokens.flatMap((t, i) => (t.type === "divide" && endsWithVec(tokens, i) && tokens[i + 1]?.type === "partial" ? [i] : []));
  const left = new Set(bars.flatMap((bar) => aroundVariable(tokens, bar + 2)));
  return left.size === 0 ? tokens : tokens.filter((_, i) => !left.has(i));
}

// Whether ∂vec(…) or ∂(vec(…)) stands before a bar.
function endsWithVec(tokens: readonly Token[], bar: number): boolean {
  let depth = 0;
  let open = bar;
  do {
    open--;
    depth += tokens[open]?.type === "rparen" ? 1 : tokens[open]?.type === "lparen" ? -1 : 0;
  } while (open > 0 && depth > 0);
  const inner = tokens[open - 1]?.type === "partial" && tokens[open + 1]?.value === "vec";
  return depth === 0 && (inner || (tokens[open - 1]?.value === "vec" && tokens[open - 2]?.type === "partial"));
}

// The places of all but X in vec(X), (vec(X)) and their transposes; none where something else stands.
function aroundVariable(tokens: readonly Token[], from: number): readonly number[] {
  const isWrapped = tokens[from]?.type === "lparen";
  const types = [...(isWrapped ? ["lparen"] : []), "name", "lparen", "name", "rparen", ...(isWrapped ? ["rparen"] : [])];
  const name = from + (isWrapped ? 3 : 2);
  if (tokens[name - 2]?.value !== "vec" || types.some((type, k) => tokens[from + k]?.type !== type)) return [];
  const behind = tokens[from + types.length]?.type;
  const end = from + types.length + (behind === "transpose" || behind === "prime" ? 1 : 0);
  return Array.from({ length: end - from }, (_, k) => from + k).filter((i) => i !== name);
}
