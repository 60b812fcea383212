// The written forms of a derivative, told apart from quotients before parsing: the quotient
// bar of ∂(…)/∂w becomes `over`, a leading d becomes ∂.
//
// Only at the outside of a side of a statement, where alone a derivative can stand. A name
// that is a variable is never taken for a differential.

import type { Token } from "./lexer.ts";
import { CLOSER, CLOSERS, type Range } from "./statements.ts";

/** Marks ∂(…)/∂w, d(…)/dw, dy/dw, d/dw(…) and diff(…, w) in one statement. */
export function markDerivatives(
  tokens: readonly Token[],
  types: string[],
  s: Range,
  match: Int32Array,
  isVariable: (name: string) => boolean,
): void {
  let from = s.from;
  let depth = 0;
  let claim = false;
  for (let i = s.from; i < s.to; i++) {
    const type = types[i] as string;
    if (CLOSER[type] !== undefined) depth++;
    else if (CLOSERS.has(type)) depth--;
    claim ||= depth === 0 && type === "equals";
  }
  for (let i = s.from; i <= s.to; i++) {
    if (i < s.to && CLOSER[types[i] as string] !== undefined) i = match[i] as number;
    if (i !== s.to && types[i] !== "equals") continue;
    markSide(tokens, types, from, i, match, isVariable, claim);
    from = i + 1;
  }
}

const DIFFERENTIAL = /^d(.+)$/u;

function markSide(
  tokens: readonly Token[],
  types: string[],
  from: number,
  to: number,
  match: Int32Array,
  isVariable: (name: string) => boolean,
  claim: boolean,
): void {
  const first = tokens[from];
  if (first === undefined || from >= to) return;
  if (first.type === "name" && first.value === "diff" && types[from + 1] === "lparen" && !isVariable("diff")) {
    types[from] = "derive";
    return;
  }
  const free = (t: Token | undefined): boolean => t?.type === "name" && !isVariable(t.value);
  if (first.type === "partial") {
    for (let i = from + 1; i < to; i++) {
      if (CLOSER[types[i] as string] !== undefined) i = match[i] as number;
      else if (types[i] === "divide" && types[i + 1] === "partial") types[i] = "over";
    }
    return;
  }
  if (!free(first)) return;
  // d(…)/dw and d/dw(…)
  if (first.value === "d") {
    const bar = types[from + 1] === "lparen" ? (match[from + 1] as number) + 1 : from + 1;
    const below = tokens[bar + 1];
    if (bar >= to || types[bar] !== "divide" || !free(below) || !DIFFERENTIAL.test(below?.value ?? "")) return;
    if (bar === from + 1 && types[bar + 2] !== "lparen") return;
    types[from] = "partial";
    types[bar] = "over";
    types[bar + 1] = "differential";
    return;
  }
  // dy/dw, only in a claim: elsewhere it may be a quotient.
  if (claim && to - from === 3 && types[from + 1] === "divide" && free(tokens[from + 2])) {
    if (!DIFFERENTIAL.test(first.value) || !DIFFERENTIAL.test((tokens[from + 2] as Token).value)) return;
    types[from] = "differentiated";
    types[from + 1] = "over";
    types[from + 2] = "differential";
  }
}
