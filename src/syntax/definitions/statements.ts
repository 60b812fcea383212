// The statements of a text that defines functions: which define one, which say what it maps, and what each needs.
//
// Invariant: what is asked of a statement is told by its tokens alone. Not here: what is written for them (bodies.ts).

import { GLUED } from "../desugar/differentials.ts";
import type { Token } from "../tokens/lexer.ts";
import { DERIVING } from "../tokens/spelling.ts";
import { directlyInside, pairBrackets, RAISED, type Range, splitStatements } from "../tokens/statements.ts";
import type { Writing } from "./uses.ts";

/** The tokens of one statement: from `from` up to `to`. */
export type Statement = Pick<Range, "from" | "to">;

/** What stands between a name and its type. */
const DECLARES: ReadonlySet<string> = new Set(["colon", "element"]);
/** The statements of a text; a line that begins with = goes on with the one before. */
export function statementsIn(tokens: readonly Token[]): readonly Statement[] {
  const out: { from: number; to: number }[] = [];
  for (const { from, to } of splitStatements(tokens)) {
    const last = tokens[from]?.type === "equals" ? out.at(-1) : undefined;
    if (last === undefined) out.push({ from, to });
    else last.to = to;
  }
  return out;
}

/** The place of the arrow of f : R^n → R; undefined where a statement is something else. */
export function arrowOf(tokens: readonly Token[], { from, to }: Statement): number | undefined {
  if (tokens[from]?.type !== "name" || !DECLARES.has(tokens[from + 1]?.type ?? "")) return undefined;
  const arrow = tokens.findIndex((t, i) => i > from && i < to && t.type === "maps");
  return arrow < 0 ? undefined : arrow;
}

/** The names at which a function is defined behind the statement that says what it maps; undefined where none is. */
export function paramsOf(
  w: Writing,
  statements: readonly Statement[],
  k: number,
  stated: ReadonlySet<string>,
): readonly string[] | undefined {
  const s = statements[k] as Statement;
  if (arrowOf(w.tokens, s) === undefined) return undefined;
  const name = w.tokens[s.from]?.value;
  const definition = statements.slice(k + 1).find(({ from }) => w.tokens[from]?.value === name);
  return definition === undefined ? undefined : headOf(w, definition, stated, false)?.params;
}

/** The places of the definitions whose names each statement mentions. */
export function needsOf({ tokens, partner }: Writing, statements: readonly Statement[]): number[][] {
  const signs = statements.map((s) => signOf(tokens, partner, s));
  const places = new Map<string, number>();
  for (const [k, { from }] of statements.slice(0, -1).entries()) if (signs[k] !== undefined) places.set((tokens[from] as Token).value, k);
  return statements.map(({ from, to }, k) => {
    const sign = signs[k] ?? from + 1;
    const own = new Set(tokens.slice(from, sign).map((t) => t.value));
    const mentioned = tokens.slice(sign, to).filter(({ type, value }) => type === "name" && !own.has(value));
    return [...new Set(mentioned.flatMap(({ value }) => places.get(value) ?? []))];
  });
}

/** The place of the sign of y = … and f(x) = …; undefined where a statement is something else. */
export function signOf(tokens: readonly Token[], partner: Int32Array, { from, to }: Statement): number | undefined {
  const at = tokens[from + 1]?.type === "lparen" ? (partner[from + 1] as number) + 1 : from + 1;
  return tokens[from]?.type === "name" && at < to && tokens[at]?.type === "equals" ? at : undefined;
}

/** The definitions y = … and f(x) = … in a text: the name of each, and the tokens of its value. */
export function definitionsIn(tokens: readonly Token[]): readonly { readonly name: string; readonly value: readonly Token[] }[] {
  const partner = pairBrackets(tokens);
  return statementsIn(tokens).flatMap((s) => {
    const sign = signOf(tokens, partner, s);
    return sign === undefined ? [] : [{ name: (tokens[s.from] as Token).value, value: tokens.slice(sign + 1, s.to) }];
  });
}

/** f(x, y) = … : the names in the brackets and the place of the sign; undefined where a statement is something else. */
export function headOf(
  { tokens, partner, bodies, options }: Writing,
  { from, to }: Statement,
  stated: ReadonlySet<string>,
  isLast: boolean,
): { params: string[]; equals: number } | undefined {
  const [name, open] = [tokens[from], tokens[from + 1]];
  const equals = (partner[from + 1] ?? -1) + 1;
  if (name?.type !== "name" || open?.type !== "lparen" || open.spaced || equals <= from + 2 || equals >= to) return undefined;
  if (tokens[equals]?.type !== "equals" || stated.has(name.value) || options.isKnown(name.value)) return undefined;
  const isLetter = [...name.value].length === 1;
  if (isLast && ((options.isFunction(name.value) && !isLetter) || DERIVING.has(name.value))) return undefined;
  const inside = tokens.slice(from + 2, equals - 1);
  if (inside.length % 2 === 0 || inside.some((t, i) => t.type !== (i % 2 === 0 ? "name" : "comma"))) return undefined;
  const params = inside.flatMap((t) => (t.type === "name" ? [t.value] : []));
  // df(x) = … is about a differential.
  const [, of = ""] = GLUED.exec(name.value) ?? [];
  if (name.value === "d" || bodies.has(name.value) || bodies.has(of) || options.isKnown(of) || options.isFunction(of)) return undefined;
  const value = tokens.slice(equals + 1, to);
  const isPlain = !value.some((t) => t.type === "equals" || t.value === name.value);
  // log(L) = … says what L is, and no more of the logarithm.
  if (options.isFunction(name.value) && !value.some((t) => params.includes(t.value))) return undefined;
  return isPlain && new Set(params).size === params.length ? { params, equals } : undefined;
}

/** Whether a statement has a row [a, b]; [a, b]' is none. */
export const hasRow = ({ tokens, partner }: Writing, { from, to }: Statement): boolean =>
  tokens.slice(from, to).some(({ type }, i) => {
    if (type !== "lbracket") return false;
    const inside = directlyInside(tokens, from + i).map((at) => tokens[at]?.type);
    const behind = tokens[(partner[from + i] as number) + 1]?.type ?? "";
    return inside.includes("comma") && !inside.includes("semicolon") && !RAISED.has(behind);
  });
