// ∂vec(Y)/∂vec(X)ᵀ, the Jacobian of Magnus and Neudecker, is ∂vec(Y)/∂X: the derivative of a vector by a matrix is that
// by its vec. So is their Hessian, ∂²f/∂vec(X)∂vec(X)ᵀ, and ∂f/∂vec(X) of a number is ∂vec(f)/∂X.
//
// Invariant: only a quotient of differentials with a vec below is changed.

import type { Token } from "../tokens/lexer.ts";
import { pairBrackets } from "../tokens/statements.ts";

/** The tokens with the vec of a variable left out where something is differentiated by it. */
export function withoutVecs(tokens: readonly Token[]): readonly Token[] {
  const isBar = (at: number): boolean => tokens[at]?.type === "divide" && tokens[at + 1]?.type === "partial";
  const bars = tokens.flatMap((_, i) => (isBar(i) && isVec(tokens, i + 2) ? [i] : []));
  if (bars.length === 0) return tokens;
  const partner = pairBrackets(tokens);
  const left = new Set<number>();
  // Where what is differentiated begins and ends whose vec is meant.
  const wrapped = new Map<number, number>();
  for (const bar of bars) {
    const above = aboveBar(tokens, partner, bar);
    if (above === undefined) continue;
    for (const at of belowBar(tokens, bar + 1)) left.add(at);
    if (above.isFirst && !above.isVec) wrapped.set(above.from, bar - 1);
  }
  const ends = new Set(wrapped.values());
  return tokens.flatMap((t, i) => {
    if (left.has(i)) return [];
    return [...(wrapped.has(i) ? written(t, "vec", "(") : []), t, ...(ends.has(i) ? written(t, ")") : [])];
  });
}

/** Where what stands before a bar begins, or that there is nothing to find. */
const STOPS: ReadonlySet<string> = new Set(["partial", "equals", "plus", "minus", "semicolon", "newline", "lparen", "lbracket"]);

const TYPES: Readonly<Record<string, string>> = { vec: "name", "(": "lparen", ")": "rparen" };

/** Signs at the place of a token. */
const written = (at: Token, ...texts: readonly string[]): Token[] =>
  texts.map((text) => ({ ...at, type: TYPES[text] as string, text, value: text, spaced: false, applied: text === "vec" }));

/** What stands before a bar, behind ∂ or ∂². */
interface Above {
  readonly from: number;
  /** Whether no order stands at ∂. */
  readonly isFirst: boolean;
  /** Whether it is the vec of something, vec(…) or (vec(…)). */
  readonly isVec: boolean;
}

function aboveBar(tokens: readonly Token[], partner: Int32Array, bar: number): Above | undefined {
  let at = bar - 1;
  while (at >= 0 && !STOPS.has(tokens[at]?.type as string)) at = ((partner[at] as number) < 0 ? at : (partner[at] as number)) - 1;
  if (tokens[at]?.type !== "partial") return undefined;
  const from = at + 1 + ({ superscript: 1, power: 2 }[tokens[at + 1]?.type as string] ?? 0);
  const isWhole = (vec: number, end: number): boolean => tokens[vec]?.value === "vec" && partner[vec + 1] === end;
  return { from, isFirst: from === at + 1, isVec: isWhole(from, bar - 1) || (partner[from] === bar - 1 && isWhole(from + 1, bar - 2)) };
}

/** Whether vec(X) or (vec(X)) stands at a place. */
function isVec(tokens: readonly Token[], at: number): boolean {
  const isWrapped = tokens[at]?.type === "lparen";
  const name = at + (isWrapped ? 3 : 2);
  const types = [...(isWrapped ? ["lparen"] : []), "name", "lparen", "name", "rparen", ...(isWrapped ? ["rparen"] : [])];
  return tokens[name - 2]?.value === "vec" && types.every((type, k) => tokens[at + k]?.type === type);
}

// The places of all but X in ∂vec(X), ∂(vec(X)) and their transposes, one behind the other.
function belowBar(tokens: readonly Token[], from: number): readonly number[] {
  const out: number[] = [];
  for (let i = from; tokens[i]?.type === "partial" && isVec(tokens, i + 1); ) {
    const isWrapped = tokens[i + 1]?.type === "lparen";
    const [name, behind] = isWrapped ? [i + 4, i + 7] : [i + 3, i + 5];
    const end = ["transpose", "prime"].includes(tokens[behind]?.type ?? "") ? behind + 1 : behind;
    for (let k = i + 1; k < end; k++) if (k !== name) out.push(k);
    i = end;
  }
  return out;
}
