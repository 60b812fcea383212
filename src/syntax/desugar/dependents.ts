// Several variables that depend on others, declared together: u(x), v(x) : vector(m) is
// u(x) : vector(m), v(x) : vector(m).
//
// Invariant: only tokens are repeated, with the places where they stand; every other text
// passes as it is.

import type { Token } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS } from "../tokens/statements.ts";

const ENDS: ReadonlySet<string> = new Set(["semicolon", "newline"]);

/** The tokens with lists of dependent names written out. */
export function writeOutDependents(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((t) => t.type === "colon" || t.type === "element")) return tokens;
  const out: Token[] = [];
  let changed = false;
  for (let i = 0; i < tokens.length; ) {
    const list = startsStatement(tokens, i) ? listAt(tokens, i) : undefined;
    if (list === undefined) {
      out.push(tokens[i] as Token);
      i++;
      continue;
    }
    changed = true;
    const type = tokens.slice(list.colon, list.end);
    list.heads.forEach((head, k) => {
      const comma = list.commas[k - 1];
      out.push(...(comma === undefined ? [] : [comma]), ...head, ...type);
    });
    i = list.end;
  }
  return changed ? out : tokens;
}

const startsStatement = (tokens: readonly Token[], i: number): boolean =>
  i === 0 || ENDS.has(tokens[i - 1]?.type ?? "") || tokens[i - 1]?.type === "comma";

interface List {
  readonly heads: readonly (readonly Token[])[];
  readonly commas: readonly Token[];
  readonly colon: number;
  readonly end: number;
}

/** name(names), name(names), … : type, at least two names and one of them dependent. */
function listAt(tokens: readonly Token[], from: number): List | undefined {
  const heads: Token[][] = [];
  const commas: Token[] = [];
  let i = from;
  for (;;) {
    const begin = i;
    if (tokens[i++]?.type !== "name") return undefined;
    if (tokens[i]?.type === "lparen") {
      for (i++; tokens[i]?.type === "name" && tokens[i + 1]?.type === "comma"; ) i += 2;
      if (tokens[i]?.type !== "name" || tokens[i + 1]?.type !== "rparen") return undefined;
      i += 2;
    }
    heads.push(tokens.slice(begin, i));
    if (tokens[i]?.type !== "comma") break;
    commas.push(tokens[i++] as Token);
  }
  const sign = tokens[i]?.type;
  if ((sign !== "colon" && sign !== "element") || heads.length < 2 || heads.every((h) => h.length === 1)) return undefined;
  let depth = 0;
  let end = i + 1;
  for (; end < tokens.length; end++) {
    const { type } = tokens[end] as Token;
    if (CLOSER[type] !== undefined) depth++;
    else if (CLOSERS.has(type)) depth--;
    else if (depth === 0 && (type === "comma" || ENDS.has(type))) break;
  }
  return { heads, commas, colon: i, end };
}
