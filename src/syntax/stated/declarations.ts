// Declarations in other words and signs than those of the language: A is symmetric, symmetric A, A = A', A ≻ 0, A : n×n,
// A ∈ S^n. Each is written as A : symmetric.
//
// Invariants: what is not understood to its end stays as it is written, and so does what the language has; every piece
// leads back to its place. Not here: what sentences say of formulas (src/library/claim/text/prose.ts).

import { fail } from "../../base/diagnostic.ts";
import { lazily } from "../../base/lazy.ts";
import { type Span, span } from "../../base/span.ts";
import { isAttribute } from "../../expr/attributes.ts";
import { type Token, tokenize } from "../tokens/lexer.ts";
import { joinLines, outsideBrackets, pairBrackets, splitStatements } from "../tokens/statements.ts";
import { assemble, type Piece, type Translation } from "../tokens/writer.ts";
import { attributeReader } from "./equations.ts";
import { isOfLanguage, typeOf } from "./types.ts";
import { LEADING_WORDS } from "./words.ts";

/** A text of declarations with those written out that are in other words; undefined where none is. */
export function withStated(source: string): Translation | undefined {
  const raw = tokenize(source);
  const tokens = joinLines(raw, pairBrackets(raw));
  const said = splitStatements(tokens).flatMap(({ from, to }) => saidIn(source, tokens, from, to));
  return writtenOut(source, [], said, ";");
}

/** A text with those written out that stand behind a word or a comma, at a place among its tokens, up to another. */
export function withStatedBehind(source: string, tokens: readonly Token[], at: number, to: number): Translation | undefined {
  const { end } = tokens[at] as Token;
  return writtenOut(source, [{ text: source.slice(0, end), start: 0, end, glued: true }], saidIn(source, tokens, at + 1, to), ",");
}

/** What is said in one place; without a type where that is no declaration. */
interface Said {
  readonly place: Span;
  readonly text: string;
  readonly names?: string;
  readonly type?: string;
  /** In other words than those of the language. */
  readonly isStated: boolean;
}

function saidIn(source: string, tokens: readonly Token[], from: number, to: number): Said[] {
  const whole = placeOf(tokens, from, to);
  // The commas of a function's type part its arguments.
  if (tokens.slice(from, to).some(({ type }) => type === "maps")) return [{ place: whole, text: textOf(source, whole), isStated: false }];
  return partsOf(source, tokens, from, to).map((place) => ({ place, text: textOf(source, place), ...declarationOf(place, source) }));
}

/** The text with declarations in the words of the language, attributes that are said apart among the others of their name. */
function writtenOut(source: string, before: readonly Piece[], said: readonly Said[], sign: "," | ";"): Translation | undefined {
  if (!said.some(({ isStated }) => isStated)) return undefined;
  const out: Said[] = [];
  for (const next of said) {
    const at = out.findIndex((s) => s.names !== undefined && s.names === next.names);
    const merged = at < 0 ? undefined : merge(out[at] as Said, next);
    if (merged === undefined) out.push(next);
    else out[at] = merged;
  }
  const pieces = out.map(({ place, text, names, type }, i): Piece => {
    const written = type === undefined ? text : `${names} : ${type}`;
    return { text: i < out.length - 1 ? `${written}${sign}` : written, start: place.start, end: place.end, glued: false };
  });
  return assemble([...before, ...pieces], source.length);
}

/** Two types of one name as one; undefined where both say more than attributes. */
function merge(one: Said, other: Said): Said | undefined {
  const [attributes, rest] = isOfAttributes(one) ? [one, other] : [other, one];
  if (!isOfAttributes(attributes)) return undefined;
  return { ...one, type: `${attributes.type} ${rest.type}`, isStated: true };
}

const isOfAttributes = ({ type = "" }: Said): boolean => type.split(" ").every(isAttribute);

const textOf = (source: string, { start, end }: Span): string => source.slice(start, end);
const placeOf = (tokens: readonly Token[], from: number, to: number): Span =>
  span((tokens[from] as Token).start, (tokens[to - 1] as Token).end);

const NAME = String.raw`\p{L}[\p{L}\p{M}\p{N}_]*`;
const AND = /\s*(?:,\s*and\b|,|\band\b)\s*/u;
const NAMES = String.raw`${NAME}(?:${AND.source}${NAME})*`;
/** A and B are symmetric; symmetric A. */
const patterns = lazily((): readonly RegExp[] => [
  new RegExp(String.raw`^(?<list>${NAMES})(?:\s*(?:[:∈]|\b(?:in|is|are|be)\b)|(?=\s))\s*(?<description>.+)$`, "su"),
  new RegExp(String.raw`^(?<description>.+?)\s+(?<list>${NAME})$`, "su"),
]);
const attributeIn = attributeReader(NAME, String.raw`(?:'|ᵀ|\^T|\^⊤|⊤|\.T)`);
/** A, B ≻ 0. */
const signed = lazily(() => new RegExp(String.raw`^(${NAMES})\s*([^\p{L}\p{N}\s]+\s*0)$`, "u"));
const SIGNED_MATRIX = /^(\p{Lu}[\p{M}\p{N}_]*)\s*>\s*0$/u;

/** Words before what is said. */
const LEADING: ReadonlySet<string> = new Set(["let", ...LEADING_WORDS]);

/** The parts of a statement that say something each: names alone belong to what is said behind them, and words without a name to what is before. */
function partsOf(source: string, tokens: readonly Token[], from: number, to: number): Span[] {
  const isAnd = (i: number): boolean => tokens[i]?.type === "name" && tokens[i]?.value === "and";
  const ends = outsideBrackets(tokens, from, to).filter((i) => tokens[i]?.type === "comma" || (isAnd(i) && i > from && i + 1 < to));
  const parts: Span[] = [];
  let begin = from;
  let open: number | undefined;
  for (const end of [...ends, to]) {
    if (end > begin + 1 && LEADING.has(tokens[begin]?.value ?? "")) begin++;
    if (end > begin) {
      const part = placeOf(tokens, begin, end);
      const text = textOf(source, part);
      const before = parts.at(-1);
      if (end === begin + 1 && end < to && tokens[begin]?.type === "name" && typeOf(text) === undefined) open ??= part.start;
      else if (open === undefined && before !== undefined && !/^an?\s/.test(text) && typeOf(text) !== undefined)
        parts[parts.length - 1] = span(before.start, part.end);
      else {
        parts.push(span(open ?? part.start, part.end));
        open = undefined;
      }
    }
    begin = end + 1;
  }
  return parts;
}

/** What a part says of names, as far as it is understood. */
function declarationOf(part: Span, source: string): Pick<Said, "names" | "type" | "isStated"> {
  const text = textOf(source, part);
  const [, matrix] = SIGNED_MATRIX.exec(text) ?? [];
  if (matrix !== undefined)
    fail("declaration", `${text} may be said of the entries of ${matrix} or of its eigenvalues`, part, {
      fix: `${matrix} : positive, or ${matrix} : posdef`,
    });
  const [, all = text, sign = ""] = signed().exec(text) ?? [];
  const stated = all.split(AND).map((name) => attributeIn(`${name}${sign}`));
  const [type, ...others] = new Set(stated.map((one) => one?.attribute));
  if (type !== undefined && others.length === 0) return { names: stated.map((one) => one?.name).join(", "), type, isStated: true };
  for (const pattern of patterns()) {
    const { list = "", description = "" } = pattern.exec(text)?.groups ?? {};
    const names = list.split(AND).join(", ");
    if (/[:∈]/u.test(text.slice(list.length)) && isOfLanguage(description)) return { names, type: description.trim(), isStated: false };
    const type = typeOf(description);
    if (type !== undefined) return { names, type, isStated: true };
  }
  return { isStated: false };
}
