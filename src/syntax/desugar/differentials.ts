// Differentials as terms: dX, d(A*X), d log(x), ∂X, d²f. Each becomes a call of d, a function that
// belongs to no library; dX^-1 is d(X^-1), since nobody inverts a differential.
//
// Invariant: what is divided by a differential, or divides, is a derivative and stays one
// (src/syntax/classify/derivatives.ts). Not here: what a differential is worth (src/library/claim/terms/differentials.ts).

import type { Token } from "../tokens/lexer.ts";
import { CLOSER, ENDS_OPERAND, pairBrackets, RAISED } from "../tokens/statements.ts";

/** The function whose calls are differentials. */
export const DIFFERENTIAL = "d";

/** What is known of the names of a text. */
export interface Names {
  /** Names whose differentials may stand in the text: those of variables and definitions. */
  readonly differentiable: (name: string) => boolean;
  /** Names that are declared or defined: of a variable dx or d no differential is made. */
  readonly isVariable: (name: string) => boolean;
  readonly isSize: (name: string) => boolean;
  readonly isFunction: (name: string) => boolean;
}

/** A differential by the places of its tokens. */
interface Site {
  /** Where its operand begins; the place of dX itself, where that is one token. */
  readonly from: number;
  /** The place behind its operand. */
  readonly to: number;
  /** 2 for d²f. */
  readonly order: number;
  /** What is varied, where that is a single name. */
  readonly name?: string;
}

/** A text with its brackets paired. */
interface Text {
  readonly tokens: readonly Token[];
  readonly partner: Int32Array;
  readonly names: Names;
}

/** The name x of a token dx. */
export const GLUED = /^d(.+)$/u;

/**
 * What the differentials of a statement are of, by the sides that have any: the names x and y of dx and d(x y). Undefined where
 * there is no dx, and no differential leads.
 */
export function differentialsIn(tokens: readonly Token[], names: Names): readonly ReadonlySet<string>[] | undefined {
  const sites = sitesIn(tokens, names);
  const first = tokens.findIndex((t) => t.type !== "newline");
  if (!sites.has(first) && ![...sites.values()].some(({ name }) => name !== undefined)) return undefined;
  const sides: Set<string>[] = [new Set()];
  // What stands inside of a differential is told with it.
  let told = 0;
  tokens.forEach((t, i) => {
    // An equality sign stands in no brackets.
    if (t.type === "equals") sides.push(new Set());
    const site = i < told ? undefined : sites.get(i);
    if (site === undefined) return;
    told = site.to;
    for (const name of namesOf(tokens.slice(Math.max(site.from, i + 1), site.to), site, names)) sides.at(-1)?.add(name);
  });
  return sides.filter((side) => side.size > 0);
}

/** The names that a differential is of. */
function namesOf(operand: readonly Token[], { name }: Site, { isFunction }: Names): readonly string[] {
  if (name !== undefined) return [name];
  return operand.flatMap((t) => (t.type === "name" && !isFunction(t.value) ? [t.value] : []));
}

/** Tokens with the d of df(x)/dx apart from the function. */
export function withCallsApart(tokens: readonly Token[], isFunction: (name: string) => boolean): readonly Token[] {
  const calledAt = (t: Token, i: number): string | undefined => {
    const next = tokens[i + 1];
    if (t.type !== "name" || next?.type !== "lparen" || next.spaced) return undefined;
    const name = GLUED.exec(t.value)?.[1];
    return name !== undefined && isFunction(name) && !isFunction(t.value) ? name : undefined;
  };
  if (tokens.every((t, i) => calledAt(t, i) === undefined)) return tokens;
  const partner = pairBrackets(tokens);
  return tokens.flatMap((t, i) => {
    const name = calledAt(t, i);
    const close = partner[i + 1] ?? -1;
    if (name === undefined || close < 0 || tokens[close + 1]?.type !== "divide") return [t];
    const at = t.start + 1;
    return [
      { ...t, text: DIFFERENTIAL, value: DIFFERENTIAL, end: at },
      { ...t, text: name, value: name, start: at, spaced: false },
    ];
  });
}

/** Tokens with calls in the place of differentials. */
export function withDifferentials(tokens: readonly Token[], names: Names): readonly Token[] {
  const out: Token[] = [];
  const sites = sitesIn(tokens, names);
  // Brackets that close in front of a token.
  const closing = new Map<number, number>();
  const close = (i: number): void => {
    for (let k = closing.get(i) ?? 0; k > 0; k--) out.push(bracket(")", (tokens[i - 1] as Token).end));
  };
  for (let i = 0; i < tokens.length; i++) {
    close(i);
    const t = tokens[i] as Token;
    const site = sites.get(i);
    if (site === undefined) {
      out.push(t);
      continue;
    }
    for (let k = 0; k < site.order; k++)
      out.push({ ...t, type: "name", value: DIFFERENTIAL, end: t.start + 1, applied: true }, bracket("(", t.start + 1));
    closing.set(site.to, (closing.get(site.to) ?? 0) + site.order);
    if (site.from === i) out.push({ ...t, text: t.text.slice(1), value: t.value.slice(1), start: t.start + 1, spaced: false });
    else i = site.from - 1;
  }
  close(tokens.length);
  return out;
}

const bracket = (text: "(" | ")", at: number): Token => ({
  type: text === "(" ? "lparen" : "rparen",
  text,
  value: text,
  start: at,
  end: at,
  spaced: false,
});

/** The differentials of a text by the places where they begin; none that is divided by another, or divides. */
function sitesIn(tokens: readonly Token[], names: Names): ReadonlyMap<number, Site> {
  const text: Text = { tokens, partner: pairBrackets(tokens), names };
  const sites = new Map<number, Site>();
  let below = 0;
  for (let i = 0; i < tokens.length; i++) {
    const site = gluedAt(text, i) ?? prefixedAt(text, i);
    const sign = site === undefined ? signAt(tokens, i) : undefined;
    const bar = site === undefined ? sign?.behind : barBehind(text, site.to);
    if (bar !== undefined && isBar(tokens, bar)) below = Math.max(below, behindTargets(text, bar + 1, site?.order ?? sign?.order ?? 1));
    else if (site !== undefined && i >= below && tokens[i - 1]?.type !== "divide") sites.set(i, site);
  }
  return sites;
}

const isBar = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.type === "divide" && (tokens[at + 1]?.type === "partial" || GLUED.test(tokens[at + 1]?.value ?? ""));

/** Where the bar of a quotient would stand behind what ends at a place: d(A*x)[i]/dx. */
function barBehind(text: Text, from: number): number {
  let bar = behindRaised(text, from);
  while (text.tokens[bar]?.type === "lbracket") bar = behindRaised(text, behindBracket(text, bar));
  return bar;
}

/** The place behind what a derivative is by: as many differentials as its order says, ∂x∂xᵀ or dx². */
function behindTargets(text: Text, from: number, order: number): number {
  const { tokens } = text;
  let at = from;
  for (let left = order; left > 0; left--) {
    const { type, value } = tokens[at] ?? {};
    if (type === "partial") at++;
    else if (type !== "name" || !GLUED.test(value ?? "")) return at;
    at = barBehind(text, at + 1);
  }
  return at;
}

/** The sign of a differential with its order, and the place behind it. */
function signAt(tokens: readonly Token[], at: number): { readonly order: number; readonly behind: number } | undefined {
  const t = tokens[at] as Token;
  if (t.type !== "partial" && !(t.type === "name" && t.value === DIFFERENTIAL)) return undefined;
  const next = tokens[at + 1];
  if (next?.type === "superscript") return next.text === "²" ? { order: 2, behind: at + 2 } : undefined;
  return next?.type === "power" && tokens[at + 2]?.text === "2" ? { order: 2, behind: at + 3 } : { order: 1, behind: at + 1 };
}

/** dX, dX^-1, dlog(x). */
function gluedAt(text: Text, at: number): Site | undefined {
  const { tokens, names } = text;
  const t = tokens[at] as Token;
  const name = t.type === "name" && !names.isVariable(t.value) ? GLUED.exec(t.value)?.[1] : undefined;
  if (name === undefined || names.isFunction(t.value)) return undefined;
  const isCall = names.isFunction(name) && tokens[at + 1]?.type === "lparen";
  if (isCall) return { from: at, to: behindRaised(text, behindBracket(text, at + 1)), order: 1 };
  return names.differentiable(name) ? { from: at, to: behindInverse(text, at + 1), order: 1, name } : undefined;
}

/** d(X), d X, ∂X, d f(x), d ||x||^2 and d² of these. */
function prefixedAt(text: Text, at: number): Site | undefined {
  const { tokens, names } = text;
  const t = tokens[at] as Token;
  const isLetter = t.type === "name";
  const sign = isLetter && names.isVariable(DIFFERENTIAL) ? undefined : signAt(tokens, at);
  const operand = sign === undefined ? undefined : operandAt(text, sign.behind);
  if (sign === undefined || operand === undefined) return undefined;
  const { order, behind: from } = sign;
  const stands = tokens[from]?.type;
  // The d of a d x is a factor, and a size d before a name.
  const isFactor = operand.name !== undefined && stands === "name" && ENDS_OPERAND.has(tokens[at - 1]?.type ?? "");
  if (isLetter && (isFactor || (names.isSize(DIFFERENTIAL) && stands !== "lparen"))) return undefined;
  return { from, order, ...operand };
}

/** What d stands before: a bracket, a name, a function with what it is of, or bars; each with what is raised behind it. */
function operandAt(text: Text, from: number): Pick<Site, "to" | "name"> | undefined {
  const { tokens, names } = text;
  // log det X is of X.
  let at = from;
  while (tokens[at]?.type === "name" && names.isFunction(tokens[at]?.value ?? "") && tokens[at + 1]?.type !== "lparen") at++;
  const t = tokens[at];
  if (t?.type === "lparen") return bracketAt(text, at);
  if (t?.type === "bar" || t?.type === "norm") {
    let close = at + 1;
    while (close < tokens.length && tokens[close]?.type !== t.type) close++;
    return { to: behindRaised(text, close + 1) };
  }
  if (t?.type !== "name") return undefined;
  const next = tokens[at + 1];
  const isCall = next?.type === "lparen" && !next.spaced;
  if (isCall) return { to: behindRaised(text, behindBracket(text, at + 1)) };
  return { to: behindRaised(text, at + 1), ...(at === from ? { name: t.value } : {}) };
}

/** A bracket, with the name in it where it holds a name or an entry alone. */
function bracketAt(text: Text, from: number): Pick<Site, "to" | "name"> {
  const behind = behindBracket(text, from);
  const [inner, next] = text.tokens.slice(from + 1, from + 3);
  const isEntry = next?.type === "lbracket" && behindBracket(text, from + 2) === behind - 1;
  const isName = inner?.type === "name" && (behind === from + 3 || isEntry);
  return { to: behindInverse(text, behind), ...(isName ? { name: inner.value } : {}) };
}

const isInverse = ({ type, text }: Token): boolean =>
  type === "inverseTranspose" || type === "pseudoinverse" || (type === "superscript" && text.startsWith("⁻"));

/** The place behind an inverse that stands at a place: ⁻¹, ⁻ᵀ, ⁺, ^-1, ^(-1), ^{-1}, ^{+}. */
function behindInverse(text: Text, at: number): number {
  const { tokens } = text;
  const t = tokens[at];
  if (t !== undefined && isInverse(t)) return at + 1;
  if (t?.type !== "power") return at;
  if (tokens[at + 1]?.type === "minus") return at + 3;
  if (tokens[at + 1]?.type === "plus" && tokens[at + 2]?.type !== "number") return at + 2;
  const sign = tokens[at + 2]?.type;
  return sign === "minus" || (sign === "plus" && tokens[at + 1]?.type === "lbrace") ? behindBracket(text, at + 1) : at;
}

/** The place behind a bracket that opens at a place, or behind what else stands there; behind the text where it is never closed. */
function behindBracket({ tokens, partner }: Text, at: number): number {
  const close = partner[at] as number;
  return close > at ? close + 1 : CLOSER[tokens[at]?.type ?? ""] === undefined ? at + 1 : tokens.length;
}

/** The place behind all that is raised at a place, or stands below there, as the F of a norm. */
function behindRaised(text: Text, from: number): number {
  for (let at = from; ; ) {
    const t = text.tokens[at];
    const next = behindInverse(text, at);
    if (next > at) at = next;
    else if (t !== undefined && (RAISED.has(t.type) || t.type === "prime" || t.type === "below")) at++;
    else if (t?.type === "power") at = behindBracket(text, at + 1);
    else return at;
  }
}
