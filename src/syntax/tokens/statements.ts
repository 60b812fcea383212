// Brackets, lines and statements: the coarse shape of a text, found before parsing so that
// an unmatched bracket is named and a line break means one thing.
//
// Invariant: linear in the number of tokens, without recursion. Faults are InputErrors.

import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import { ATTRIBUTES } from "../../expr/attributes.ts";
import type { Token } from "./lexer.ts";

/** The type that closes what a type opens. */
export const CLOSER: Readonly<Record<string, string>> = { lparen: "rparen", lbracket: "rbracket", lindex: "rbracket", lbrace: "rbrace" };
/** Types that close. */
export const CLOSERS: ReadonlySet<string> = new Set(["rparen", "rbracket", "rbrace"]);

/** Tokens after which an operand is complete. */
// biome-ignore format: one row
export const ENDS_OPERAND: ReadonlySet<string> = new Set([
  "number", "name", "arrow", "superscript", "inverseTranspose", "pseudoinverse", "transpose", "prime", "rparen", "rbracket", "rbrace",
]);

/** Tokens after which a line may not end. */
// biome-ignore format: one family a row
const WANTS_MORE: ReadonlySet<string> = new Set([
  "plus", "minus", "times", "divide", "solve", "hadamard", "hdivide", "power", "hpower", "dot", "kron", "gt", "ge", "lt", "le", "eq", "ne",
  "equals", "colon", "element", "maps", "comma", "partial", "sigma", "gradient",
]);

/** Marks of a transpose or an inverse, and raised digits: what stands behind an operand. */
export const RAISED: ReadonlySet<string> = new Set(["transpose", "superscript", "inverseTranspose", "pseudoinverse"]);

/** Words that may begin the type of a declaration besides R^n. */
// biome-ignore format: kinds, then attributes
export const TYPE_WORDS: ReadonlySet<string> = new Set([
  "scalar", "number", "real", "vector", "column", "row", "matrix", "square", "elementwise", "dimension", "integer", "R", "ℝ", ...ATTRIBUTES,
]);

/** The position of the bracket that closes the one at a position, whatever kinds they are; behind the end where none does. */
export function closingAt(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const { type } = tokens[i] as Token;
    if (CLOSER[type] !== undefined) depth++;
    else if (CLOSERS.has(type) && --depth === 0) return i;
  }
  return tokens.length;
}

/** Positions of the tokens directly inside the bracket at a position: those in brackets of their own are left out. */
export const directlyInside = (tokens: readonly Token[], from: number): number[] =>
  outsideBrackets(tokens, from + 1, closingAt(tokens, from));

/** Positions between two places of the tokens that stand in no bracket there. */
export function outsideBrackets(tokens: readonly Token[], from: number, to: number): number[] {
  const out: number[] = [];
  for (let i = from; i < to; i++) {
    if (CLOSER[(tokens[i] as Token).type] === undefined) out.push(i);
    else i = closingAt(tokens, i);
  }
  return out;
}

/** What stands behind a name that a text declares or defines. */
const STATES: ReadonlySet<string> = new Set(["colon", "element", "equals"]);

/** What stands before a statement, where that is not the first one. */
const ENDS_STATEMENT: ReadonlySet<string> = new Set(["newline", "semicolon", "separator"]);

/** Names that a text itself declares or defines, as both of w, x : vector(n). */
export function namesStated(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  tokens.forEach(({ type }, at) => {
    // The x of ∂f/∂x = … and the f of ∇f = … are no names that are defined.
    if (!STATES.has(type) || (type === "equals" && !ENDS_STATEMENT.has(tokens[at - 2]?.type ?? "newline"))) return;
    for (let i = at - 1; tokens[i]?.type === "name"; i -= 2) {
      const { type: before = "newline" } = tokens[i - 1] ?? {};
      // The first name of b + Ax, A : symmetric ends an expression.
      const endsTerm = i < at - 1 && before !== "comma" && before !== "name" && !ENDS_STATEMENT.has(before);
      if (!endsTerm) names.add((tokens[i] as Token).value);
      if (before !== "comma") break;
    }
  });
  return names;
}

/** For every bracket the position of its partner, whatever kinds they are; −1 for what has none. */
export function pairBrackets(tokens: readonly Token[]): Int32Array {
  const partner = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  tokens.forEach(({ type }, i) => {
    if (CLOSER[type] !== undefined) open.push(i);
    const at = CLOSERS.has(type) ? open.pop() : undefined;
    if (at === undefined) return;
    partner[at] = i;
    partner[i] = at;
  });
  return partner;
}

/** The same where every bracket has a partner of its kind; another is the user's error. */
export function matchBrackets(tokens: readonly Token[]): Int32Array {
  const match = pairBrackets(tokens);
  tokens.forEach((t, i) => {
    if (!CLOSERS.has(t.type)) return;
    const opener = tokens[match[i] as number];
    if (opener === undefined)
      fail("syntax", `this ${t.text} closes no bracket`, span(t.start, t.end), { fix: `take it away, or open a bracket before it` });
    if (CLOSER[opener.type] !== t.type)
      fail("syntax", `this ${t.text} does not close the ${opener.text}`, span(t.start, t.end), {
        labels: [{ span: span(opener.start, opener.end), text: "opened here" }],
      });
  });
  const left = tokens.findLast((t, i) => CLOSER[t.type] !== undefined && match[i] === -1);
  if (left !== undefined) {
    const closing = left.type === "lparen" ? ")" : left.type === "lbracket" ? "]" : "}";
    fail("syntax", `this ${left.text} is never closed`, span(left.start, left.end), { fix: `add ${closing}` });
  }
  return match;
}

/**
 * Tokens with line breaks read: nothing inside parentheses and after an operator, a row
 * separator inside other brackets, the end of a statement outside.
 */
export function joinLines(raw: readonly Token[], match: Int32Array): Token[] {
  const out: Token[] = [];
  const open: Token[] = [];
  for (let i = 0; i < raw.length; i++) {
    const t = raw[i] as Token;
    if (match[i] !== -1) (match[i] as number) > i ? open.push(t) : open.pop();
    if (t.type !== "newline") {
      out.push(t);
      continue;
    }
    const before = out[out.length - 1];
    const after = raw[i + 1];
    if (before === undefined || WANTS_MORE.has(before.type) || before.type === "semicolon" || before.type === "newline") continue;
    const inside = open[open.length - 1];
    if (inside === undefined) out.push(t);
    else if (inside.type === "lparen" || CLOSER[before.type] !== undefined || after === undefined) continue;
    else if (after.type === "newline" || CLOSERS.has(after.type) || after.type === "semicolon" || after.type === "comma") continue;
    else out.push({ ...t, type: "semicolon" });
  }
  return out;
}

/** A text whose tokens are given their final types. */
export interface Marked {
  readonly tokens: readonly Token[];
  /** The type of each token, which a mark changes. */
  readonly types: string[];
  /** The partner of each bracket. */
  readonly match: Int32Array;
}

/** The tokens of one statement: from `from` up to `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
  declaration: boolean;
}

/** Statements end with a line break or a semicolon outside all brackets; empty ones are left out. */
export function splitStatements(tokens: readonly Token[]): Range[] {
  const out: Range[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= tokens.length; i++) {
    const t = tokens[i];
    if (t !== undefined && CLOSER[t.type] !== undefined) depth++;
    else if (t !== undefined && CLOSERS.has(t.type)) depth--;
    if (t === undefined || (depth === 0 && (t.type === "newline" || t.type === "semicolon"))) {
      if (i > from) out.push({ from, to: i, declaration: false });
      from = i + 1;
    }
  }
  return out;
}
