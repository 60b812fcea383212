// Marks where transposes would say nothing, because all are numbers: (x^3)' = 3x^2, y = x^3; y' = 3x^2,
// (f(x) g(x))' = f'(x) g(x) + f(x) g'(x), sin(x)' = cos(x). What is marked is written as a derivative; a dot is a mark, too.
//
// Invariant: only a text of small letters that nothing declares otherwise, of which every mark stands at a bracket, at a
// defined name or at a function, is read so. Not here: functions without their arguments (bareFunctions.ts), and marks at
// functions themselves, f'(x) (src/library/question/marked.ts, src/syntax/definitions/bodies.ts).

import { superscript } from "../../../../grammar/glyphs.ts";
import { type Token, tokenize } from "../../../syntax/tokens/lexer.ts";
import { CLOSER, CLOSERS, closingAt, directlyInside, namesStated } from "../../../syntax/tokens/statements.ts";
import { closing, statementIn } from "../text/statement.ts";
import { type NamesOfText, numbersAlone } from "./numbersAlone.ts";

/** A text with derivatives in the place of what is marked. */
export interface Unmarked {
  readonly text: string;
  /** What they are by. */
  readonly by: string;
  /** The names that are numbers then. */
  readonly numbers: readonly string[];
  /** Whether a mark stands at a vector or a matrix, [x; y]', and may turn it. */
  readonly mayTurn: boolean;
}

/** Letters that a derivative is by where there are others. */
const USUAL = ["x", "t"];
/** The letter that dots above others are by. */
const TIME = ["t"];
const DOTS = ["\u0307", "\u0308"];
const DOTTED = /(?<![\p{L}\p{N}_])(\p{Ll})([\u0307\u0308])(?![\p{L}\p{M}\p{N}_])/gu;
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
export function withoutPrimes(source: string, names: NamesOfText): Unmarked | undefined {
  const text = withoutDots(source);
  const usual = text === source ? USUAL : TIME;
  const numbers = numbersAlone(text, names, text === source ? [] : TIME);
  if (numbers === undefined) return undefined;
  const by = numbers.size === 1 ? [...numbers][0] : usual.find((name) => numbers.has(name));
  if (by === undefined) return undefined;
  const { begin } = statementIn(text);
  const tokens = tokenize(text);
  const isFunction = (name: string): boolean => names.actsOn(name) !== undefined || names.kindOf(name) === "function";
  const statement = { tokens: tokens.filter(({ start }) => start >= begin), begin, stated: namesStated(tokens) };
  const written = derivatives(text, { ...statement, by, isFunction, isUndefined: (name) => names.kindOf(name) === "function" });
  if (written === undefined) return undefined;
  return { text: `${text.slice(0, begin)}${written}`, by, numbers: [...numbers], mayTurn: marksBlocks(statement.tokens) };
}

/** Whether a mark stands behind a bracket with several entries. */
const marksBlocks = (tokens: readonly Token[]): boolean =>
  tokens.some(({ type }, at) => {
    const behind = type === "lbracket" ? closingAt(tokens, at) + 1 : at;
    const isMarked = behind > at && PRIMES.test(tokens[behind]?.text ?? "");
    return isMarked && directlyInside(tokens, at).some((i) => ["comma", "semicolon"].includes(tokens[i]?.type as string));
  });

/** The text with marks for the dots above names that it defines: ẍ as x''. */
function withoutDots(text: string): string {
  const stated = namesStated(tokenize(text));
  const plain = text.normalize("NFD");
  const marked = plain.replace(DOTTED, (whole, stem: string, dots: string) =>
    stated.has(stem) ? stem + "'".repeat(DOTS.indexOf(dots) + 1) : whole,
  );
  return marked === plain ? text : marked.normalize("NFC");
}

interface Marked {
  readonly tokens: readonly Token[];
  /** Where they begin in the text. */
  readonly begin: number;
  readonly stated: ReadonlySet<string>;
  readonly by: string;
  readonly isFunction: (name: string) => boolean;
  /** Whether a name is a function whose marks are terms. */
  readonly isUndefined: (name: string) => boolean;
}

/** The statement of the tokens with derivatives for its marks; undefined where it has none, or has other marks. */
function derivatives(text: string, { tokens, begin, by, stated, isFunction, isUndefined }: Marked): string | undefined {
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
    if (isUndefined(value) && next?.type === "lparen") out.push(text.slice(end, last.end));
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
  // [x; y] is a vector, [x] only a bracket.
  const isBracket = /^(?:\(|\[[^,;]*$)/.test(term) && closing(term, 1) === term.length - 1;
  const of = isBracket ? `(${term.slice(1, -1)})` : /^[\p{L}\p{N}_]+$/u.test(term) ? term : `(${term})`;
  const written = `∂${raised}${of}/∂${by}${raised}`;
  return gap + (alone ? written : `(${written})`);
}
