// Expressions of R: t(X) %*% (X %*% b - y), solve(A, b), crossprod(X). Where %*% says that a text is one, * / and ^ act
// entry by entry, and %*% binds before * and /.
//
// Invariant: a text without %*% keeps its tokens, and each written token lies at a place of the text.

import { R_CALLS } from "../../../grammar/foreign.ts";
import { optional } from "../../base/optional.ts";
import type { Token } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS, pairBrackets } from "../tokens/statements.ts";
import { written } from "./calls.ts";

const PRODUCT = "%*%";

/** What is said of such a text. */
const REMARK = "read as R: * / and ^ act entry by entry, %*% is the product";

/** A bracket that is open among the tokens written, of a call with the places where its arguments begin. */
interface Open {
  readonly at: number;
  readonly name?: Token;
  readonly starts: number[];
}

/** Tokens of the language for such a text, and what is to be said of it; undefined for any other. */
export function fromR(tokens: readonly Token[]): { readonly tokens: readonly Token[]; readonly remark: string } | undefined {
  if (!tokens.some(isProduct)) return undefined;
  const out: Token[] = [];
  const open: Open[] = [];
  let before: Token | undefined;
  for (const t of productsFirst(tokens)) {
    if (t.type === "comma") open.at(-1)?.starts.push(out.length + 1);
    if (CLOSERS.has(t.type)) close(out, open.pop(), t);
    else out.push(isProduct(t) ? { ...t, text: "@", value: "@" } : { ...t, entrywise: true });
    const name = t.type === "lparen" && !t.spaced && before?.type === "name" ? before : undefined;
    if (CLOSER[t.type] !== undefined) open.push({ at: out.length - 1, starts: [out.length], ...optional({ name }) });
    before = t;
  }
  return { tokens: out, remark: REMARK };
}

const isProduct = (t: Token | undefined): boolean => t?.text === PRODUCT;

function close(out: Token[], open: Open | undefined, end: Token): void {
  const { name, at = 0, starts = [] } = open ?? {};
  const template = name === undefined ? undefined : R_CALLS[name.text]?.[starts.length];
  if (name === undefined || template === undefined) {
    out.push(end);
    return;
  }
  const args = starts.map((start, k) => out.slice(start, (starts[k + 1] ?? out.length + 1) - 1));
  out.splice(at - 1);
  out.push(...written({ name, end }, template, args));
}

/** What an operand of * or / ends before. */
const BEHIND: ReadonlySet<string> = new Set(["plus", "minus", "divide", "comma", "newline", "semicolon", "equals"]);

/** The tokens with brackets around the products behind * and /. */
function productsFirst(tokens: readonly Token[]): readonly Token[] {
  const partner = pairBrackets(tokens);
  const closing = new Map<number, number>();
  const closed = (at: number): Token[] => Array.from({ length: closing.get(at) ?? 0 }, () => bracket(")", tokens[at - 1]?.end ?? 0));
  const out = tokens.flatMap((t, i) => {
    const isSign = t.type === "divide" || (t.type === "times" && !isProduct(t));
    const end = isSign ? productEnd(tokens, partner, i + 1) : undefined;
    if (end === undefined) return [...closed(i), t];
    closing.set(end, (closing.get(end) ?? 0) + 1);
    return [...closed(i), t, bracket("(", t.end)];
  });
  return [...out, ...closed(tokens.length)];
}

/** Where the operand that begins at a place ends, if it is a product. */
function productEnd(tokens: readonly Token[], partner: Int32Array, from: number): number | undefined {
  let hasProduct = false;
  for (let i = tokens[from]?.type === "minus" ? from + 1 : from; ; i++) {
    const t = tokens[i];
    if (t === undefined || BEHIND.has(t.type) || CLOSERS.has(t.type) || (t.type === "times" && !isProduct(t)))
      return hasProduct ? i : undefined;
    hasProduct ||= isProduct(t);
    if (CLOSER[t.type] !== undefined) i = Math.max(i, partner[i] as number);
  }
}

const bracket = (text: "(" | ")", at: number): Token => ({
  type: text === "(" ? "lparen" : "rparen",
  text,
  value: text,
  start: at,
  end: at,
  spaced: false,
});
