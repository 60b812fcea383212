// Marks where transposes would say nothing, because all are numbers: (x^3)' = 3x^2, y = x^3; y' = 3x^2,
// (f(x) g(x))' = f'(x) g(x) + f(x) g'(x), sin(x)' = cos(x). What is marked is written as a derivative.
//
// Invariant: only a text of small letters that nothing declares otherwise, of which every mark stands at a bracket, at a
// defined name or at a function, is read so. Not here: functions without their arguments (bareFunctions.ts), and marks at
// functions themselves, f'(x) (src/library/question/marked.ts, src/syntax/definitions/bodies.ts).

import { superscript } from "../../../grammar/glyphs.ts";
import { type Token, tokenize } from "../../syntax/tokens/lexer.ts";
import { CLOSER, CLOSERS, namesStated } from "../../syntax/tokens/statements.ts";
import { closing, cut } from "./statement.ts";

/** A text with derivatives in the place of what is marked. */
export interface Unmarked {
  readonly text: string;
  /** What they are by. */
  readonly by: string;
  /** The names that are numbers then. */
  readonly numbers: readonly string[];
}

/** What is known of the names of a text. */
export interface NamesOfText {
  /** What a function of the rule library acts on: every entry, or vectors and matrices; undefined for other names. */
  readonly actsOn: (name: string) => "entries" | "wholes" | undefined;
  /** Whether a name is declared or defined elsewhere, and is neither a number nor one of `functions`. */
  readonly isKnown: (name: string) => boolean;
  /** Functions of one number that nothing defines. */
  readonly functions: ReadonlySet<string>;
}

/** Letters that a derivative is by where there are others. */
const USUAL = ["x", "t"];
/** Signs of texts about vectors and matrices. */
const OF_VECTORS: ReadonlySet<string> = new Set(["hadamard", "hdivide", "hpower", "kron", "gradient", "solve", "dot"]);
const PRIMES = /^['′]+$/;

/** How many marks of derivatives stand at a place; undefined where one is a transpose by its look. */
export function marksAt(tokens: readonly Token[], from: number): number | undefined {
  let to = from;
  while (tokens[to]?.type === "transpose" || tokens[to]?.type === "prime") to++;
  return tokens.slice(from, to).every(({ text }) => PRIMES.test(text)) ? to - from : undefined;
}

/** Whether a token opens the bracket of a call, as behind (x^2)' in (x^2)'(3). */
const isCall = (token: Token | undefined): boolean => token?.type === "lparen" && !token.spaced;

/** The text with what it marks as derivatives; undefined where nothing is marked so, or by what is not told. */
export function withoutPrimes(text: string, names: NamesOfText): Unmarked | undefined {
  const tokens = tokenize(text);
  const stated = namesStated(tokens);
  const isFunction = (name: string): boolean => names.actsOn(name) !== undefined || names.functions.has(name);
  const numbers = new Set(tokens.flatMap((t) => (t.type === "name" && !isFunction(t.value) && !stated.has(t.value) ? [t.value] : [])));
  const by = numbers.size === 1 ? [...numbers][0] : USUAL.find((name) => numbers.has(name));
  const isOther = (name: string): boolean => names.isKnown(name) || !/^\p{Ll}/u.test(name) || isDifferential(name, numbers);
  if (by === undefined || tokens.some((t) => OF_VECTORS.has(t.type) || names.actsOn(t.value) === "wholes")) return undefined;
  if ([...numbers].some(isOther)) return undefined;
  const { begin } = cut(text);
  const written = derivatives(text, { tokens: tokens.filter(({ start }) => start >= begin), begin, by, stated, isFunction, ...names });
  return written === undefined
    ? undefined
    : { text: `${text.slice(0, begin)}${written}`, by, numbers: [...numbers].filter((name) => name !== "e") };
}

/** d, and dx beside x. */
const isDifferential = (name: string, others: ReadonlySet<string>): boolean =>
  name.startsWith("d") && (name === "d" || others.has(name.slice(1)));

interface Marked extends Pick<NamesOfText, "functions"> {
  readonly tokens: readonly Token[];
  /** Where they begin in the text. */
  readonly begin: number;
  readonly by: string;
  readonly stated: ReadonlySet<string>;
  readonly isFunction: (name: string) => boolean;
}

/** The statement of the tokens with derivatives for its marks; undefined where it has none, or has other marks. */
function derivatives(text: string, { tokens, begin, by, stated, isFunction, functions }: Marked): string | undefined {
  const out: string[] = [];
  const openings: number[] = [];
  let isMarked = false;
  let end = begin;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const { type, value } = token;
    const isClosing = CLOSERS.has(type);
    out.push(text.slice(end, token.end));
    end = token.end;
    if (CLOSER[type] !== undefined) openings.push(beginsCall(tokens, at, isFunction) ? out.length - 2 : out.length - 1);
    const from = isClosing ? openings.pop() : out.length - 1;
    const marks = marksAt(tokens, at + 1);
    if (from === undefined || marks === undefined) return undefined;
    if (marks === 0) continue;
    const next = tokens[at + marks + 1];
    const last = tokens[at + marks] as Token;
    if (functions.has(value) && next?.type === "lparen") out.push(text.slice(end, last.end));
    else if ((isClosing || stated.has(value)) && !isCall(next)) {
      isMarked = true;
      const isSide = (from === 0 || out[from - 1]?.endsWith("=") === true) && (next?.type ?? "equals") === "equals";
      out.push(derivative(out.splice(from).join(""), marks, by, isSide));
    } else return undefined;
    at += marks;
    end = last.end;
  }
  return isMarked ? out.join("") + text.slice(end) : undefined;
}

/** Whether the bracket at a position holds what a function takes. */
function beginsCall(tokens: readonly Token[], at: number, isFunction: (name: string) => boolean): boolean {
  const before = tokens[at - 1];
  return before?.type === "name" && isFunction(before.value) && isCall(tokens[at]);
}

/** The derivative of a piece of text, in brackets where it stands beside others. */
function derivative(piece: string, marks: number, by: string, alone: boolean): string {
  const term = piece.trimStart();
  const gap = piece.slice(0, piece.length - term.length);
  const raised = marks === 1 ? "" : superscript(`${marks}`);
  const isBracket = /^[([]/.test(term) && closing(term, 1) === term.length - 1;
  const written = `∂${raised}(${isBracket ? term.slice(1, -1) : term})/∂${by}${raised}`;
  return gap + (alone ? written : `(${written})`);
}
