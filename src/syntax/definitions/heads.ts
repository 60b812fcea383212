// Functions written as what they map: x ↦ x'*A*x and x -> x'*A*x, lambda x: x@A@x of Python, @(x) x'*A*x of MATLAB.
// Behind f = each is written as f(x) = …; without a name it is the value that is asked about. What a function maps is a
// statement of its own before its definition: f : R^n → R, f(x) = …
//
// Invariant: every token that is written leads back to its place.

import type { Token } from "../tokens/lexer.ts";
import { tokenize } from "../tokens/lexer.ts";
import { joinLines, outsideBrackets, pairBrackets, splitStatements } from "../tokens/statements.ts";
import { assemble, type Piece, type Translation } from "../tokens/writer.ts";
import { arrowOf, type Statement } from "./statements.ts";

/** What stands before the value of a function: its name, if it has one, its arguments, and where the value begins. */
interface Head {
  readonly name?: string;
  readonly params: readonly string[];
  readonly end: number;
}

/** What such a text has: most have none. */
const MAPPING = /->|[→↦]|\blambda\b|@\s*\(/;

/** The text with such functions written as definitions, or as their values; undefined where it has none. */
export function withMappings(source: string): Translation | undefined {
  if (!MAPPING.test(source)) return undefined;
  const tokens = tokensOf(source);
  const statements = splitStatements(tokens);
  const heads = new Map<number, Head>();
  const commas = new Set<number>();
  for (const [k, s] of statements.entries()) {
    const comma = commaIn(tokens, s);
    if (comma !== undefined) commas.add(comma);
    const head = mappingIn(tokens, partBehind(s, comma));
    // x ↦ … behind f : R^n → R is of f.
    const named = comma === undefined || head === undefined ? head : { ...head, name: (tokens[s.from] as Token).text };
    if (named !== undefined && (named.name !== undefined || k === statements.length - 1)) heads.set(partBehind(s, comma).from, named);
  }
  if (heads.size + commas.size === 0) return undefined;
  const pieces: Piece[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const head = heads.get(i);
    const { text, start, end, spaced } = tokens[head === undefined ? i : head.end - 1] as Token;
    if (head === undefined) pieces.push({ text: commas.has(i) ? ";" : text, start, end, glued: !spaced });
    else if (head.name !== undefined)
      pieces.push({ text: `${head.name}(${head.params.join(", ")}) = `, start: (tokens[i] as Token).start, end, glued: false });
    if (head !== undefined) i = head.end - 1;
  }
  return assemble(pieces, source.length);
}

/** The comma of f : R^n → R, f(x) = … and of f : R^n → R, x ↦ … */
function commaIn(tokens: readonly Token[], { from, to }: Statement): number | undefined {
  if (arrowOf(tokens, { from, to }) === undefined) return undefined;
  const isDefined = (at: number): boolean => tokens[at]?.text === tokens[from]?.text && definedIn(tokens, { from: at, to }) !== undefined;
  const isMapped = (at: number): boolean => mappingIn(tokens, { from: at, to }) !== undefined;
  return outsideBrackets(tokens, from, to).find((i) => tokens[i]?.type === "comma" && (isDefined(i + 1) || isMapped(i + 1)));
}

const partBehind = (statement: Statement, comma: number | undefined): Statement =>
  comma === undefined ? statement : { ...statement, from: comma + 1 };

/** What the last statement of a text is a function of: x of f(x) = x'*A*x and of x ↦ x'*A*x. Nothing for others. */
export function argumentsOf(source: string): readonly string[] {
  const tokens = tokensOf(source);
  const last = splitStatements(tokens).at(-1);
  if (last === undefined) return [];
  const statement = partBehind(last, commaIn(tokens, last));
  return (mappingIn(tokens, statement) ?? definedIn(tokens, statement))?.params ?? [];
}

function tokensOf(source: string): readonly Token[] {
  const raw = tokenize(source);
  return joinLines(raw, pairBrackets(raw));
}

/** f(x, y) = … */
function definedIn(tokens: readonly Token[], { from }: Statement): Head | undefined {
  const names = tokens[from]?.type === "name" && tokens[from + 1]?.spaced === false ? bracketed(tokens, from + 1) : undefined;
  return names !== undefined && tokens[names.end]?.type === "equals" ? names : undefined;
}

/** x ↦ …, (x, y) ↦ …, lambda x, y: … and @(x, y) …, behind f = or not; f : x ↦ … has a name, too. */
function mappingIn(tokens: readonly Token[], { from, to }: Statement): Head | undefined {
  const [first, second] = [tokens[from], tokens[from + 1]];
  const isNamed = first?.type === "name" && (second?.type === "equals" || second?.type === "colon");
  const begin = isNamed ? from + 2 : from;
  const found = ofPython(tokens, begin) ?? ofMatlab(tokens, begin) ?? ofArrow(tokens, begin);
  if (found === undefined || found.end >= to) return undefined;
  // f : x -> y may be a type.
  if (isNamed && second.type === "colon" && tokens[found.end - 1]?.text !== "↦") return undefined;
  return isNamed ? { ...found, name: first.text } : found;
}

function ofPython(tokens: readonly Token[], at: number): Head | undefined {
  const names = tokens[at]?.text === "lambda" ? listed(tokens, at + 1) : undefined;
  return names !== undefined && tokens[names.end]?.type === "colon" ? { ...names, end: names.end + 1 } : undefined;
}

const ofMatlab = (tokens: readonly Token[], at: number): Head | undefined =>
  tokens[at]?.text === "@" ? bracketed(tokens, at + 1) : undefined;

function ofArrow(tokens: readonly Token[], at: number): Head | undefined {
  const one = tokens[at]?.type === "name" ? { params: [(tokens[at] as Token).text], end: at + 1 } : bracketed(tokens, at);
  return one !== undefined && tokens[one.end]?.type === "maps" ? { ...one, end: one.end + 1 } : undefined;
}

/** (x, y) */
function bracketed(tokens: readonly Token[], at: number): Head | undefined {
  const names = tokens[at]?.type === "lparen" ? listed(tokens, at + 1) : undefined;
  return names !== undefined && tokens[names.end]?.type === "rparen" ? { ...names, end: names.end + 1 } : undefined;
}

/** x, y */
function listed(tokens: readonly Token[], at: number): Head | undefined {
  const params: string[] = [];
  for (let i = at; tokens[i]?.type === "name"; i += 2) {
    params.push((tokens[i] as Token).value);
    if (tokens[i + 1]?.type !== "comma") return { params, end: i + 1 };
  }
  return undefined;
}
