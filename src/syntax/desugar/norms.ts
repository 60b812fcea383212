// Norms by the name of the function: norm_F(X), norm_2(x), norm(x, inf), norm(X, fro), norm(X, nuc), norm(X, 2).
//
// Not here: bars (bars.ts), and the second argument as a number, which is a function's (rules/norms.rules).

import { NORMS } from "../../../grammar/glyphs.ts";
import type { Token } from "../tokens/lexer.ts";
import { readsAsMatrix } from "../tokens/matrixLike.ts";
import { closingAt, directlyInside } from "../tokens/statements.ts";
import { calledBy } from "./bars.ts";

const BELOW = /^norm_(\S+)$/;
const INFINITE = /^[iI]nf(?:ty|inity)?$/;

/** Tokens with the functions of the language in the place of such names. */
export function withoutNamedNorms(tokens: readonly Token[], isKnown: (name: string) => boolean): readonly Token[] {
  const isNamed = (t: Token, i: number): boolean =>
    t.type === "name" && /^norm(?:_|$)/.test(t.value) && !(BELOW.test(t.value) && isKnown(t.value)) && isOpening(tokens[i + 1]);
  if (!tokens.some(isNamed)) return tokens;
  const dropped = new Set<number>();
  // Written in front of a position.
  const added = new Map<number, Token[]>();
  const called = new Map<number, string>();
  tokens.forEach((t, i) => {
    if (!isNamed(t, i)) return;
    const close = closingAt(tokens, i + 1);
    const comma = directlyInside(tokens, i + 1).find((k) => tokens[k]?.type === "comma");
    const below = BELOW.exec(t.value)?.[1];
    if (below !== undefined) {
      const { name, second } = calledBy({ ...t, type: "norm" }, tokens.slice(i + 2, close), below);
      called.set(i, name);
      if (second !== undefined) added.set(close, secondArgument(tokens[close] as Token, second));
    } else if (comma !== undefined && close === comma + 2) {
      const { text } = tokens[comma + 1] as Token;
      const norm = INFINITE.test(text) ? "norminf" : isKnown(text) ? undefined : ofOrder(text, tokens.slice(i + 2, comma));
      if (norm === undefined) return;
      called.set(i, norm);
      dropped.add(comma).add(comma + 1);
    }
  });
  return tokens.flatMap((t, i) => {
    const name = called.get(i);
    const here = name === undefined ? t : { ...t, value: name };
    return [...(added.get(i) ?? []), ...(dropped.has(i) ? [] : [here])];
  });
}

const ofOrder = (order: string, inside: readonly Token[]): string | undefined =>
  order === "2" && readsAsMatrix(inside) ? "spectral" : /^\p{L}{2,}$/u.test(order) ? NORMS[order] : undefined;

const isOpening = (t: Token | undefined): boolean => t?.type === "lparen" && !t.spaced;

function secondArgument({ start, end }: Token, second: string): Token[] {
  const at = { start, end, spaced: false };
  return [
    { ...at, type: "comma", text: ",", value: "," },
    { ...at, type: /^\d/.test(second) ? "number" : "name", text: second, value: second },
  ];
}
