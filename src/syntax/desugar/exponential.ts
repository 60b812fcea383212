// The letter e as the base of the natural exponential: where every e of a text stands below an exponent, one of them
// no number, and nothing says that e is a variable, e^x is exp(x). Of what has a capital letter it may be the
// matrix exponential, which only its shape tells.
//
// Not here: e in LaTeX (latex/constructs/letters.ts).

import { POWER_OF_E } from "../../../grammar/glyphs.ts";
import type { Token } from "../tokens/lexer.ts";
import { CLOSER, closingAt, RAISED } from "../tokens/statements.ts";

interface Power {
  /** Positions of the first token of the exponent and of the one behind it. */
  readonly from: number;
  readonly to: number;
}

/** What is said where e is read so. */
export const E_REMARK = "e is the base of the exponential; declare e : scalar for a variable";

/** Tokens with calls in the place of powers of e; undefined where e is a variable, or there is none. */
export function withPowersOfE(tokens: readonly Token[], isFunction: (name: string) => boolean): readonly Token[] | undefined {
  const powers = new Map<number, Power>();
  for (const [i, t] of tokens.entries()) {
    if (t.type !== "name" || t.value !== "e") continue;
    const from = i + 2;
    const to = tokens[i + 1]?.type === "power" ? endOfExponent(tokens, from, isFunction) : undefined;
    if (to === undefined) return undefined;
    powers.set(i, { from, to });
  }
  const isOpen = ({ from, to }: Power): boolean => tokens.slice(from, to).some((t) => t.type === "name" || t.type === "norm");
  if (![...powers.values()].some(isOpen)) return undefined;
  const ends = new Map<number, number>();
  const braces = new Map<number, string>();
  const out: Token[] = [];
  tokens.forEach((t, i) => {
    const power = powers.get(i);
    const brace = braces.get(i);
    if (power !== undefined) {
      out.push({ ...t, text: POWER_OF_E, value: "exp" });
      ends.set(power.to, (ends.get(power.to) ?? 0) + 1);
      if (tokens[power.from]?.type === "lbrace") {
        braces.set(power.from, "lparen");
        braces.set(endOfBracket(tokens, power.from) - 1, "rparen");
      }
    } else if (powers.has(i - 1)) out.push({ ...t, type: "lparen", text: "(", value: "(", spaced: false });
    else out.push(brace === undefined ? t : { ...t, type: brace });
    for (let k = ends.get(i + 1) ?? 0; k > 0; k--)
      out.push({ type: "rparen", text: ")", value: ")", start: t.end, end: t.end, spaced: false });
  });
  return out;
}

// As the grammar has it: signs, an operand with what stands behind it, and a power of that.
function endOfExponent(tokens: readonly Token[], from: number, isFunction: (name: string) => boolean): number | undefined {
  let i = from;
  for (;;) {
    while (tokens[i]?.type === "minus" || tokens[i]?.type === "plus") i++;
    const t = tokens[i];
    if (t === undefined) return undefined;
    if (CLOSER[t.type] !== undefined) i = endOfBracket(tokens, i);
    else if (t.type === "name") i = tokens[i + 1]?.type === "lparen" && isFunction(t.value) ? endOfBracket(tokens, i + 1) : i + 1;
    else if (t.type === "number") i++;
    else return undefined;
    for (let next = tokens[i]; next !== undefined; next = tokens[i])
      if (RAISED.has(next.type)) i++;
      else if (next.type === "lbracket" && !next.spaced) i = endOfBracket(tokens, i);
      else break;
    if (tokens[i]?.type !== "power" && tokens[i]?.type !== "hpower") return i;
    i++;
  }
}

/** The position behind the bracket that opens at a position. */
const endOfBracket = (tokens: readonly Token[], at: number): number => Math.min(closingAt(tokens, at) + 1, tokens.length);
