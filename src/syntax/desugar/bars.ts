// Bars as brackets: ||x|| and ‖x‖ are norms, |x| is the absolute value of a number or the determinant of a
// matrix by its letters. A bar closes where an operand has ended and a bar of its kind is the innermost open
// bracket, and opens everywhere else.
//
// Invariant: every token that is written for a bar lies within what was written. Not here: bars in LaTeX,
// which say themselves more of what they are (latex/constructs/delimiters.ts).

import { NORMS } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import { plainName, type Token } from "../tokens/lexer.ts";
import { readsAsMatrix } from "../tokens/matrixLike.ts";
import { CLOSER, CLOSERS, ENDS_OPERAND } from "../tokens/statements.ts";

interface Open {
  readonly token: Token;
  /** Where the name of what it calls stands among the tokens written. */
  readonly at: number;
}

/** Tokens with calls in the place of bars, and what is open at their end. */
interface Rewriting {
  readonly out: Token[];
  readonly open: Open[];
}

/** Tokens with calls in the place of bars. Throws an InputError where a bar stays open or what is below a norm says nothing. */
export function withoutBars(tokens: readonly Token[]): readonly Token[] {
  // What cannot be read is said first.
  if (tokens.at(-1)?.type === "bad" || !tokens.some(isBar)) return tokens;
  const rewriting: Rewriting = { out: [], open: [] };
  tokens.forEach((token, i) => {
    isBar(token) ? takeBar(rewriting, tokens, i) : takeOther(rewriting, token);
  });
  const left = rewriting.open.find(({ token }) => isBar(token));
  if (left !== undefined) refuseOpen(left);
  return rewriting.out;
}

function takeOther({ out, open }: Rewriting, token: Token): void {
  if (CLOSER[token.type] !== undefined) open.push({ token, at: -1 });
  else if (CLOSERS.has(token.type)) {
    const innermost = open.pop();
    if (innermost !== undefined && isBar(innermost.token)) refuseOpen(innermost);
  }
  if (token.type !== "below") out.push(token);
}

function takeBar(rewriting: Rewriting, tokens: readonly Token[], at: number): void {
  const { out, open } = rewriting;
  const [token, next] = [tokens[at] as Token, tokens[at + 1]];
  const innermost = open.at(-1)?.token.type;
  const isEnd = ENDS_OPERAND.has(out.at(-1)?.type ?? "") || endsRaised(out);
  // |x||y|: two bars side by side.
  if (isEnd && innermost === "bar" && token.type === "norm" && token.text.length === 2) {
    closeCall(out, token, open.pop() as Open, "");
    beginCall(rewriting, token, "bar", next);
  } else if (isEnd && innermost === token.type) closeCall(out, token, open.pop() as Open, belowOf(tokens, at));
  else beginCall(rewriting, token, token.type, next);
}

/** A^+ before a bar. */
const endsRaised = (out: readonly Token[]): boolean => out.at(-1)?.type === "plus" && out.at(-2)?.type === "power";

function beginCall({ out, open }: Rewriting, from: Token, type: string, next: Token | undefined): void {
  if (next?.type === "below") fail("syntax", "this stands below an opening bar", span(next.start, next.end), { fix: "||x||_2" });
  open.push({ token: { ...from, type }, at: out.length });
  out.push(written(from, "name", "", { applied: true, spaced: from.spaced }), written(from, "lparen", "("));
}

function closeCall(out: Token[], from: Token, { at, token }: Open, below: string): void {
  const { name, second } = calledBy(token, out.slice(at + 2), below);
  out[at] = { ...(out[at] as Token), value: name };
  if (second !== undefined)
    out.push(written(from, "comma", ","), written(from, /^\d/.test(second) ? "number" : "name", second, { text: second }));
  out.push(written(from, "rparen", ")"));
}

/** A token that stands for a bar, in its place. */
const written = (from: Token, type: string, value: string, more: Partial<Token> = {}): Token => ({
  type,
  text: from.text,
  value,
  start: from.start,
  end: from.end,
  spaced: false,
  ...more,
});

// What stands below the closing bar, before or behind a power: ‖x‖₁², ‖x‖²₂, ||x||^2_2.
function belowOf(tokens: readonly Token[], at: number): string {
  const [next, exponent] = [tokens[at + 1], tokens[at + 2]];
  const raised = next?.type === "superscript" ? 1 : next?.type === "power" && exponent?.type === "number" ? 2 : 0;
  const below = tokens[at + 1 + raised];
  return below?.type === "below" ? plainName(`x${below.text}`).slice(2) : "";
}

function refuseOpen({ token }: Open): never {
  fail("syntax", `this ${token.text} is not closed`, span(token.start, token.end), {
    fix: "norm2(x) for the length of a vector, abs(x) for a number",
  });
}

const isBar = ({ type }: Token): boolean => type === "norm" || type === "bar";

/** The function that a pair of bars stands for, and its second argument. */
export function calledBy(
  bar: Pick<Token, "type" | "start" | "end">,
  inside: readonly Token[],
  below: string,
): { readonly name: string; readonly second?: string } {
  if (bar.type === "bar") return { name: readsAsMatrix(inside) ? "det" : "abs" };
  if (below === "2" && readsAsMatrix(inside)) return { name: "spectral" };
  const known = NORMS[below];
  if (known !== undefined) return { name: known };
  if (/^(?:\d+|\p{L})$/u.test(below)) return { name: "pnorm", second: below };
  return fail("unsupported", `there is no norm ${below}`, span(bar.start, bar.end), {
    fix: "||x||_2, ||x||_1, ||x||_inf, ||X||_F, ||X||_op or ||X||_*",
  });
}
