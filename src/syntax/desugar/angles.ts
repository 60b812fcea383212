// ⟨a, b⟩ and <a, b>, the inner product dot(a, b), and that of matrices, ⟨A, B⟩_F.
//
// Invariant: < opens only where no operand has ended, and with a comma before the > that closes it; elsewhere it compares.

import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS, ENDS_OPERAND } from "../tokens/statements.ts";

const OPENS: ReadonlySet<string> = new Set(["langle", "lt"]);

interface Open {
  readonly at: number;
  commas: number;
}

/** Tokens with calls of dot in the place of angles. Throws an InputError where one stays open, or has not two parts. */
export function withoutAngles(tokens: readonly Token[]): readonly Token[] {
  if (tokens.at(-1)?.type === "bad" || !tokens.some(({ type }) => OPENS.has(type) || type === "rangle")) return tokens;
  const partner = pairAngles(tokens);
  return tokens.flatMap((t, i) => {
    const other = partner.get(i);
    if (t.type === "below" && partner.has(i - 1)) return [];
    if (other === undefined) return [t];
    const sign = (type: string, value: string): Token => ({ ...t, type, value, spaced: false });
    return other < i ? [sign("rparen", ")")] : [{ ...sign("name", "dot"), spaced: t.spaced, applied: true }, sign("lparen", "(")];
  });
}

/** The place of the partner of each angle that is a bracket. */
function pairAngles(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const partner = new Map<number, number>();
  const open: Open[] = [];
  tokens.forEach(({ type, text, start, end }, at) => {
    const before = tokens[at - 1];
    const isFirst = !ENDS_OPERAND.has(before?.type ?? "") || (before?.type === "name" && before.value === "if");
    if (CLOSER[type] !== undefined || type === "langle" || (type === "lt" && isFirst)) open.push({ at, commas: 0 });
    const innermost = open.at(-1);
    if (type === "comma" && innermost !== undefined) innermost.commas++;
    const opener = tokens[innermost?.at ?? -1];
    if (type === "rangle" && opener?.type !== "langle") fail("syntax", `this ${text} closes nothing`, span(start, end), { fix: "⟨x, y⟩" });
    const closes = type === "rangle" || (type === "gt" && !isFirst && opener?.type === "lt");
    if (closes && innermost?.commas === 1) {
      partner.set(at, innermost.at);
      partner.set(innermost.at, at);
    } else if (type === "rangle") fail("syntax", "an inner product has two parts", span(opener?.start ?? start, end), { fix: "⟨x, y⟩" });
    if (closes || CLOSERS.has(type)) open.pop();
  });
  const left = open.map(({ at }) => tokens[at] as Token).find(({ type }) => type === "langle");
  if (left !== undefined) fail("syntax", `this ${left.text} is never closed`, span(left.start, left.end), { fix: "add ⟩" });
  return partner;
}
