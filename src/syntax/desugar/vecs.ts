// ∂vec(Y)/∂vec(X)ᵀ, the Jacobian of Magnus and Neudecker, is ∂vec(Y)/∂X: the derivative of a vector by a matrix is that
// by its vec. So is their Hessian, ∂²f/∂vec(X)∂vec(X)ᵀ, and ∂f/∂vec(X) of a number is ∂vec(f)/∂X.
//
// d stands for ∂ there: d vec(Y)/d vec(X)'.
//
// Invariant: only a quotient of differentials with a vec below is changed.

import type { Token } from "../tokens/lexer.ts";
import { pairBrackets } from "../tokens/statements.ts";

/** The tokens with the vec of a variable left out where something is differentiated by it. */
export function withoutVecs(plain: readonly Token[]): readonly Token[] {
  const tokens = withPartials(plain);
  const isBar = (at: number): boolean => tokens[at]?.type === "divide" && tokens[at + 1]?.type === "partial";
  const bars = tokens.flatMap((_, i) => (isBar(i) && vecAt(tokens, i + 2) !== undefined ? [i] : []));
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

/** The vec of a name below a bar. */
interface Below {
  /** The place of the name. */
  readonly name: number;
  /** The place behind it all, marks of transposes among it. */
  readonly end: number;
}

/** vec(X), (vec(X)) and their transposes where they stand at a place. */
function vecAt(tokens: readonly Token[], at: number): Below | undefined {
  const isWrapped = tokens[at]?.type === "lparen";
  const vec = at + (isWrapped ? 1 : 0);
  const behindMark = (end: number): number => (["transpose", "prime"].includes(tokens[end]?.type ?? "") ? end + 1 : end);
  const types = ["name", "lparen", "name", "rparen"];
  if (tokens[vec]?.value !== "vec" || !types.every((type, k) => tokens[vec + k]?.type === type)) return undefined;
  const end = behindMark(vec + types.length);
  if (!isWrapped) return { name: vec + 2, end };
  return tokens[end]?.type === "rparen" ? { name: vec + 2, end: behindMark(end + 1) } : undefined;
}

// The places of all but X in ∂vec(X), ∂(vec(X)) and their transposes, one behind the other.
function belowBar(tokens: readonly Token[], from: number): readonly number[] {
  const out: number[] = [];
  for (let i = from; tokens[i]?.type === "partial"; ) {
    const below = vecAt(tokens, i + 1);
    if (below === undefined) break;
    for (let k = i + 1; k < below.end; k++) if (k !== below.name) out.push(k);
    i = below.end;
  }
  return out;
}

/** The tokens with ∂ for d on both sides of a bar with a vec below; dvec is d of a vec. */
function withPartials(plain: readonly Token[]): readonly Token[] {
  const isOfD = (t: Token | undefined): boolean => t?.type === "name" && (t.value === "d" || t.value === "dvec");
  if (!plain.some((t, i) => t.type === "divide" && isOfD(plain[i + 1]))) return plain;
  const tokens = plain.flatMap((t) =>
    t.value === "dvec" && t.type === "name"
      ? [
          { ...t, ...D },
          { ...t, ...VEC },
        ]
      : [t],
  );
  const partner = pairBrackets(tokens);
  const partials = new Set<number>();
  for (const [bar, { type }] of tokens.entries()) {
    if (type !== "divide" || tokens[bar + 1]?.value !== "d" || vecAt(tokens, bar + 2) === undefined) continue;
    let at = bar;
    while (at > 0 && !STOPS.has(tokens[at - 1]?.type as string))
      at = (partner[at - 1] as number) < 0 ? at - 1 : (partner[at - 1] as number);
    if (tokens[at]?.value === "d" && at < bar) partials.add(at).add(bar + 1);
  }
  return partials.size === 0 ? plain : tokens.map((t, i) => (partials.has(i) ? { ...t, type: "partial", value: "∂" } : t));
}

const D = { text: "d", value: "d", applied: false };
const VEC = { text: "vec", value: "vec", spaced: false };
