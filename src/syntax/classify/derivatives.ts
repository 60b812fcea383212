// The written forms of a derivative, told apart from quotients before parsing: the quotient
// bar of ∂(…)/∂w becomes `over`, a leading d becomes ∂.
//
// Only at the outside of a side of a statement, where alone a derivative can stand. A name
// that is a variable is never taken for a differential; a variable d leaves d(…)/dx of a
// variable x its meaning where that is a whole side of an equation.

import { SUPERSCRIPTS } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import { GLUED } from "../desugar/differentials.ts";
import type { Token } from "../tokens/lexer.ts";
import { DERIVING } from "../tokens/spelling.ts";
import { CLOSER, CLOSERS, ENDS_OPERAND, type Marked, type Range } from "../tokens/statements.ts";

/** One side of a statement. */
interface Side extends Marked, Pick<Range, "from" | "to"> {
  /** Whether the statement is an equation. */
  readonly claim: boolean;
  readonly isVariable: (name: string) => boolean;
}

/** Marks ∂(…)/∂w, d(…)/dw, d f(w)/dw, d²(…)/dw², dy/dw, d/dw f(w), d²/dw² f(w), diff(…, w), grad(…, w) and hess(…, w) in one statement. */
export function markDerivatives(text: Marked, s: Range, isVariable: (name: string) => boolean): void {
  const { types, match } = text;
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
    if (from < i) markSide({ ...text, from, to: i, claim, isVariable });
    from = i + 1;
  }
}

/** Whether a token is a name that stands for no variable. */
const isFree = (s: Side, t: Token | undefined): boolean => t?.type === "name" && !s.isVariable(t.value);

function markSide(s: Side): void {
  const first = s.tokens[s.from];
  if (first === undefined || markCall(s, first)) return;
  if (first.type === "partial") markPartial(s);
  else if (isFree(s, first) || (s.claim && isWholeDerivative(s))) {
    if (first.value !== "d") markQuotient(s);
    else if (!markHigher(s)) markFirst(s);
  }
}

/** diff(…), grad(f, x): a word that takes a term and a variable; whether it stands there. */
function markCall({ types, match, from, to, isVariable }: Side, first: Token): boolean {
  if (first.type !== "name" || types[from + 1] !== "lparen" || isVariable(first.value)) return false;
  if (first.value === "diff") {
    types[from] = "derive";
    return true;
  }
  if (!DERIVING.has(first.value) || match[from + 1] !== to - 1) return false;
  for (let i = from + 2; i < to - 1; i++) {
    if (CLOSER[types[i] as string] !== undefined) i = match[i] as number;
    else if (types[i] === "comma") types[from] = "derive";
  }
  return true;
}

/** ∂(…)/∂w. */
function markPartial({ tokens, types, match, from, to }: Side): void {
  markOrder(tokens, types, from);
  for (let i = from + 1; i < to; i++) {
    if (CLOSER[types[i] as string] !== undefined) i = match[i] as number;
    else if (types[i] === "divide" && types[i + 1] === "partial") {
      types[i] = "over";
      for (let k = i + 2; k < to; k++) {
        if (types[k] === "power") markOrder(tokens, types, k - 1);
        markTranspose(tokens, types, k - 1);
      }
      return;
    }
  }
}

/** What d/dw may stand before: a bracket, or a product that begins with a name or a number. */
const BEGINS: ReadonlySet<string> = new Set(["lparen", "lbracket", "name", "number", "sigma"]);

/** d(…)/dw, d/dw(…), d/dw f(w) and d f(w)/dw. */
function markFirst(s: Side): void {
  const { tokens, types, match, from, to } = s;
  const inBrackets = types[from + 1] === "lparen" ? (match[from + 1] as number) + 1 : from + 1;
  const bar = types[inBrackets] === "divide" ? inBrackets : barOfProduct(s);
  const below = tokens[bar + 1];
  if (bar >= to || types[bar] !== "divide" || !isFree(s, below) || !GLUED.test(below?.value ?? "")) return;
  if (bar === from + 1 && !BEGINS.has(types[bar + 2] ?? "")) return;
  types[from] = "partial";
  types[bar] = "over";
  types[bar + 1] = "differential";
  markTranspose(tokens, types, bar + 1);
  if (bar === from + 1) refuseSum(s, bar + 2);
}

/** The bar of d f(w)/dw from end to end, of a product in which the w occurs; −1 where none is. */
function barOfProduct(s: Side): number {
  const { tokens, types, match, from, to } = s;
  if (!BEGINS.has(types[from + 1] as string)) return -1;
  const names = new Set<string>();
  for (let i = from + 1; i < to; i++) {
    if (types[i] === "divide" && endOfName(s, i + 1) === to) return names.has(GLUED.exec(tokens[i + 1]?.value ?? "")?.[1] ?? "") ? i : -1;
    const close = CLOSER[types[i] as string] === undefined ? i : (match[i] as number);
    for (; i < close; i++) names.add((tokens[i] as Token).value);
    if (types[i] === "plus" || types[i] === "minus") return -1;
    names.add((tokens[i] as Token).value);
  }
  return -1;
}

// d/dx x^2 + 1 may be of either.
function refuseSum({ tokens, types, match, to }: Side, from: number): void {
  for (let i = from; i < to; i++) {
    if (CLOSER[types[i] as string] !== undefined) i = match[i] as number;
    const sign = tokens[i + 1];
    if (i + 1 >= to || (types[i + 1] !== "plus" && types[i + 1] !== "minus") || !ENDS_OPERAND.has(types[i] as string)) continue;
    fail("syntax", "how far this derivative reaches is not clear", span((sign as Token).start, (sign as Token).end), {
      fix: "brackets around what it is of: d/dx (x^2 + 1)",
    });
  }
}

/** dy/dw in a claim, or of a variable y; elsewhere it may be a quotient. */
function markQuotient(s: Side): void {
  const { tokens, types, from, to } = s;
  const [above, below] = [tokens[from], tokens[from + 2]];
  if (types[from + 1] !== "divide" || endOfName(s, from + 2) !== to || !isFree(s, below)) return;
  const [, of] = GLUED.exec(above?.value ?? "") ?? [];
  if (of === undefined || !GLUED.test(below?.value ?? "") || !(s.claim || (s.isVariable(of) && isFree(s, above)))) return;
  types[from] = "differentiated";
  types[from + 1] = "over";
  types[from + 2] = "differential";
}

/** The place behind a name and the bracket with its arguments. */
const behindName = ({ types, match }: Marked, at: number): number => (types[at + 1] === "lparen" ? (match[at + 1] as number) + 1 : at + 1);

/** The place behind a name and the bracket with its indices. */
const endOfName = ({ types, match }: Marked, at: number): number => (types[at + 1] === "lbracket" ? (match[at + 1] as number) + 1 : at + 1);

/** d(…)/dw from end to end, and d/dw before a term, of a variable w and no variable dw. */
function isWholeDerivative(s: Side): boolean {
  const { tokens, types, match, from, to, isVariable } = s;
  if (tokens[from]?.value !== "d") return false;
  const bar = types[from + 1] === "lparen" ? (match[from + 1] as number) + 1 : from + 1;
  const below = tokens[bar + 1];
  if (types[bar] !== "divide" || below?.type !== "name" || isVariable(below.value)) return false;
  if (bar === from + 1 ? !BEGINS.has(types[bar + 2] ?? "") : endOfName(s, bar + 1) !== to) return false;
  const name = GLUED.exec(below.value)?.[1];
  return name !== undefined && isVariable(name);
}

/** The number that a token is, or a superscript. */
const orderOf = ({ value }: Token): number => Number([...value].map((c) => SUPERSCRIPTS[c] ?? c).join(""));

// The order written as ^2 behind the token at `at` becomes one superscript.
function markOrder(tokens: readonly Token[], types: string[], at: number): boolean {
  if (types[at + 1] === "superscript") return true;
  if (types[at + 1] !== "power" || types[at + 2] !== "number" || !/^[1-9]$/.test((tokens[at + 2] as Token).text)) return false;
  types[at + 1] = "skipped";
  types[at + 2] = "order";
  return true;
}

// The T of ∂x^T is a transpose.
function markTranspose(tokens: readonly Token[], types: string[], at: number): void {
  if (types[at + 1] !== "power" || (tokens[at + 2] as Token | undefined)?.value !== "T") return;
  types[at + 1] = "skipped";
  types[at + 2] = "transpose";
}

// d²(…)/dw², d²y/dw dx, d²f(w)/dw² and d²/dw² f(w): what stands under the bar is differentials alone.
function markHigher(s: Side): boolean {
  const { tokens, types, from, to } = s;
  const raised = types[from + 1] === "superscript" ? 1 : types[from + 1] === "power" && types[from + 2] === "number" ? 2 : 0;
  if (raised === 0) return false;
  const of = from + 1 + raised;
  const bar = barBehind(s, of);
  if (bar >= to || types[bar] !== "divide") return false;
  const { differentials, orders, end } = belowBar(s, bar + 1, orderOf(tokens[from + raised] as Token));
  if (differentials.length === 0 || (bar === of ? !BEGINS.has(types[end] ?? "") : end !== to)) return false;
  if (bar === of) refuseSum(s, end);
  if (!markOrder(tokens, types, from)) return false;
  for (const at of orders) if (!markOrder(tokens, types, at)) return false;
  types[from] = "partial";
  types[bar] = "over";
  for (const at of differentials) types[at] = "differential";
  return true;
}

/** Where the bar stands behind what is differentiated at a place: nothing, brackets or, in a claim, a name; −1 behind anything else. */
function barBehind(s: Side, of: number): number {
  const type = s.types[of];
  if (type === "divide") return of;
  if (type === "lparen") return (s.match[of] as number) + 1;
  return s.claim && type === "name" ? behindName(s, of) : -1;
}

/** What stands below a bar: as many differentials as d says, for digamma(x) behind them is none; those with an order behind them, and the place behind all. */
function belowBar(s: Side, start: number, order: number): { differentials: readonly number[]; orders: readonly number[]; end: number } {
  const { tokens, types, to } = s;
  const differentials: number[] = [];
  const orders: number[] = [];
  let left = order;
  let i = start;
  for (; i < to; i++) {
    const t = tokens[i];
    if (left <= 0 && types[i] === "name") break;
    markTranspose(tokens, types, i - 1);
    if (types[i] === "skipped") continue;
    if (isFree(s, t) && GLUED.test(t?.value ?? "")) {
      differentials.push(i);
      left--;
    } else if (types[i] === "power" && types[i + 1] === "number") {
      left -= orderOf(tokens[i + 1] as Token) - 1;
      orders.push(i - 1);
      i++;
    } else if (types[i] === "superscript") left -= orderOf(tokens[i] as Token) - 1;
    else if (differentials.length === 0 || !["superscript", "transpose", "prime"].includes(types[i] as string)) break;
  }
  return { differentials, orders, end: i };
}
