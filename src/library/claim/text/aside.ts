// What a claim says behind it of the names in it: "…, where y = A x and B = A'", "…, S = S'",
// "… for symmetric S", "…, X ∈ R^(n × n)". The same may stand before the claim as definitions
// and declarations; functions are put there: "f'(x) = 3x^2 where f(x) = x^3".
//
// Invariant: places in the claim stay what they are where no function is put in front, because only its end is taken away; a
// text stays whole where nothing behind the word is understood. A comma behind an equation begins no further side of it.
// Plain text and LaTeX are asked by the same patterns: the claim is read once its aside has been taken away.
// Not here: how definitions and declarations are read.

import type { Attribute } from "../../../expr/attributes.ts";
import { withStated } from "../../../syntax/stated/declarations.ts";
import { attributeReader } from "../../../syntax/stated/equations.ts";
import { LEADING_WORDS } from "../../../syntax/stated/words.ts";
import { plainName } from "../../../syntax/tokens/lexer.ts";
import { readSentence } from "./prose.ts";
import { nesting } from "./statement.ts";

/** A claim without what is said behind it, and what this gives. */
export interface Aside {
  readonly claim: string;
  readonly definitions: readonly (readonly [name: string, text: string])[];
  /** Attributes by name, and declarations, in the plain notation. */
  readonly attributes: Readonly<Record<string, readonly Attribute[]>>;
  readonly declarations: readonly string[];
  /** What stands among them and is none, as in "where y = A x and x > 0", and what it stands behind. */
  readonly strange?: { readonly text: string; readonly behind: string };
}

const SPACE = String.raw`(?:\s|\\[,;:! ]|~|\\q?quad\b)*`;
const BOX = String.raw`\\(?:text|textrm|mathrm|mbox)`;
const WORDS = [...LEADING_WORDS, "if"].join("|");
/** What begins an aside: a word, or a comma alone. */
const BEGINNING = new RegExp(
  String.raw`[,;]?${SPACE}(?:${BOX}\s*\{\s*,?\s*(?<boxed>${WORDS}):?\s*(?=[}\s])|(?<![\p{L}\p{N}_\\{])(?<bare>${WORDS})(?![\p{L}\p{N}_(]))|(?:(?<!\\),|\\q?quad\b)${SPACE}`,
  "uy",
);
const BETWEEN = new RegExp(String.raw`^(?:(?<!\\)[,;]|\s+and\s|${SPACE}${BOX}\s*\{\s*,?\s*and\s*\})`);
const NAME = String.raw`\p{L}[\p{L}\p{N}_]*`;
/** u = x, p_{ij} = x and \alpha = x, with a letter in whatever font. */
const DEFINITION = new RegExp(String.raw`^${SPACE}(${NAME}(?:\{\w+\})?|\\[a-zA-Z]+[^=;]*?)\s*:?=(?!=)([\s\S]+)$`, "u");
const WHOLE_NAME = /^\p{L}[\p{L}\p{M}\p{N}_]*$/u;
/** f(x) = x^3, and its name. */
const FUNCTION = new RegExp(String.raw`^${SPACE}(\\?${NAME})\s*\([^()=]+\)\s*:?=(?!=)[\s\S]+$`, "u");
/** For all x, any x: that a claim is about every value of a name. */
const ALL = String.raw`^${SPACE}(?:\\forall|∀|(?:all|any|every|each)(?![\p{L}\p{N}_]))${SPACE}`;
const QUANTIFIED = new RegExp(`${ALL}${NAME}$`, "u");
/** How far an index goes, which its use tells. */
const RANGE = /^(?:\\forall\s*\w|\w\s*=\s*\d+|\\[lc]?dots[a-z]*|\.\.\.|…|\w)$/;

/** One thing that is said. */
type Said =
  | { readonly kind: "definition"; readonly name: string; readonly text: string }
  | { readonly kind: "function"; readonly text: string }
  | { readonly kind: "attributes"; readonly names: readonly string[]; readonly attributes: readonly Attribute[] }
  | { readonly kind: "declaration"; readonly text: string }
  | { readonly kind: "range" };

/** Takes away what stands behind a claim; `toPlain` reads LaTeX in the plain notation, if it can. */
export function withoutAside(written: string, toPlain: (text: string) => string | undefined): Aside {
  const text = withStatementsApart(written);
  const whole: Aside = { claim: text, definitions: [], attributes: {}, declarations: [] };
  const found = beginningOf(text);
  if (found === undefined) return whole;
  const before = text.slice(0, found.start);
  if (found.word === undefined && defines(before, text.slice(found.end)))
    return withoutAside(`${before}; ${text.slice(found.end)}`, toPlain);
  // Of a word in a box the rest of the box is still there.
  const rest = text.slice(found.end).replace(/[\s.]+$/, "");
  const pieces = parted(found.boxed ? rest.replace("}", " ") : rest);
  const all = withLists(pieces.map(unboxed), toPlain);
  const isOfRanges = all.every((said) => said?.kind === "range");
  const isClear = (found.word === undefined || isOfRanges) && pieces.some((piece) => piece.includes("="));
  const isOfAll = pieces.some((piece) => QUANTIFIED.test(unboxed(piece).trim()));
  if (!isClear && !isOfAll && !all.some((said) => said !== undefined && said.kind !== "range")) return whole;
  const strange = pieces.find((_, i) => all[i] === undefined)?.trim();
  const attributes: Record<string, Attribute[]> = {};
  for (const said of all)
    if (said?.kind === "attributes") for (const name of said.names) attributes[name] = [...(attributes[name] ?? []), ...said.attributes];
  return {
    claim: all.flatMap((said) => (said?.kind === "function" ? [`${said.text}; `] : [])).join("") + before,
    definitions: all.flatMap((said) => (said?.kind === "definition" ? [[said.name, said.text] as const] : [])),
    attributes,
    declarations: all.flatMap((said) => (said?.kind === "declaration" ? [said.text] : [])),
    ...(strange === undefined ? {} : { strange: { text: strange, behind: found.word ?? text.slice(found.start, found.end).trim() } }),
  };
}

/** The text with ; between the definitions that commas part before its last statement: y = A x, z = x'y; … */
function withStatementsApart(text: string): string {
  const isDefinition = (piece: string): boolean => DEFINITION.test(piece) || FUNCTION.test(piece);
  const statements = text.split(/(?<!\\);/);
  const apart = statements.slice(0, -1).map((statement) => {
    const pieces = parted(statement);
    const isList = pieces.every(isDefinition) && pieces.join(",").length === statement.length;
    return isList ? pieces.join(";") : statement;
  });
  return [...apart, statements.at(-1)].join(";");
}

/** Whether a text ends with the definition of a function that what stands behind it is about: f(x) = x^3, f'(x) = 3x^2. */
function defines(before: string, behind: string): boolean {
  const [, name] = FUNCTION.exec(before.slice(before.lastIndexOf(";") + 1)) ?? [];
  return name !== undefined && behind.includes("=") && behind.includes(name);
}

interface Beginning {
  readonly start: number;
  readonly end: number;
  /** No word where a comma or a wide space stands alone. */
  readonly word: string | undefined;
  readonly boxed: boolean;
}

/** Where the aside of the last statement begins: at a word outside brackets, or at a comma behind its equality sign. */
function beginningOf(text: string): Beginning | undefined {
  let depth = 0;
  let equals = false;
  let found: Beginning | undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    depth += nesting(c);
    if (depth > 0) continue;
    if (c === ";" && text[i - 1] !== "\\") {
      equals = false;
      found = undefined;
    }
    equals ||= c === "=";
    BEGINNING.lastIndex = i;
    const m = found === undefined && equals ? BEGINNING.exec(text) : null;
    if (m === null) continue;
    const { boxed, bare } = m.groups ?? {};
    found = { start: i, end: i + m[0].length, word: boxed ?? bare, boxed: boxed !== undefined };
  }
  return found;
}

/** A piece with the words of its boxes bare, but for those of cases. */
const unboxed = (piece: string): string =>
  piece
    .replace(new RegExp(String.raw`\\begin\{cases\}.*?\\end\{cases\}|${BOX}\s*\{([^{}]*)\}`, "gs"), (whole, words?: string) =>
      words === undefined ? whole : ` ${words} `,
    )
    .replace(/(?:(?<!\\)\\[,;:! ]|~|\\q?quad\b)/g, " ")
    .trim();

/** Marks of a transpose. */
const TURNED = String.raw`(?:'|ᵀ|\^T|\^\{?\s*(?:\\top|\\intercal|T)\s*\}?)`;
const LETTER = String.raw`\\?[\p{L}]+(?:_\w|_\{\w+\})?`;
const attributeIn = attributeReader(LETTER, TURNED);

/** Words in front of a name: symmetric A. */
const IN_FRONT = /^[a-z][a-z\s-]*\s\p{Lu}$/u;

/** What each piece says; names alone belong to what is said behind them, or in front of them: x, y > 0; symmetric A, B. */
function withLists(pieces: readonly string[], toPlain: (text: string) => string | undefined): (Said | undefined)[] {
  const out: (Said | undefined)[] = [];
  let names: string[] = [];
  let inFront: Said | undefined;
  for (const [i, piece] of pieces.entries()) {
    const isName = IS_NAME.test(piece);
    const name = isName ? (toPlain(piece) ?? piece) : "";
    if (isName && inFront?.kind === "attributes" && /^\p{Lu}/u.test(piece)) out.push({ ...inFront, names: [name] });
    else out.push(withNames(names, readPiece(piece, toPlain) ?? (isName && i + 1 < pieces.length ? { kind: "range" } : undefined)));
    names = isName ? [...names, name] : [];
    if (!isName) inFront = IN_FRONT.test(piece) ? out.at(-1) : undefined;
  }
  return out;
}

/** What is said of a name, said of others before it as well. */
function withNames(before: readonly string[], said: Said | undefined): Said | undefined {
  if (said?.kind === "attributes") return { ...said, names: [...before, ...said.names] };
  return said?.kind === "declaration" ? { ...said, text: [...before, said.text].join(", ") } : said;
}

/** What a piece says: in which range an index is, an attribute, a definition, a declaration; undefined where it is not understood. */
function readPiece(piece: string, toPlain: (text: string) => string | undefined): Said | undefined {
  if (RANGE.test(piece) || QUANTIFIED.test(piece)) return { kind: "range" };
  const stated = attributeIn(piece);
  if (stated !== undefined) return { kind: "attributes", names: [toPlain(stated.name) ?? stated.name], attributes: [stated.attribute] };
  if (FUNCTION.test(piece)) return { kind: "function", text: piece };
  const [, written = "", value = ""] = DEFINITION.exec(piece) ?? [];
  const name = written.startsWith("\\") ? (toPlain(written)?.trim() ?? "") : plainName(written.replace(/[{}]/g, ""));
  if (WHOLE_NAME.test(name) && value.trim() !== "") return { kind: "definition", name, text: value.trim() };
  return readSpace(piece.replace(new RegExp(ALL, "u"), ""), toPlain) ?? readWords(piece, toPlain) ?? readStated(piece);
}

/** A declaration in words: "b is a vector", "x in R^n". */
function readStated(piece: string): Said | undefined {
  const text = /\\|[<>=]/.test(piece) ? undefined : withStated(piece)?.text;
  return text?.includes(" : ") === true ? { kind: "declaration", text } : undefined;
}

/** X ∈ R^(n × n) and x : vector(n). */
function readSpace(piece: string, toPlain: (text: string) => string | undefined): Said | undefined {
  const plain = /\\in\b|∈|:(?!=)/.test(piece) ? toPlain(piece) : undefined;
  return plain === undefined ? undefined : { kind: "declaration", text: plain.replace(/\s*∈\s*/u, " : ") };
}

const WORD = /\\?[\p{L}][\p{L}_-]*/gu;
const IS_NAME = /^(?:\p{L}|\\[a-zA-Z]+)(?:_\w)?$/u;

/** Attributes in words: "symmetric A", "A is symmetric". */
function readWords(piece: string, toPlain: (text: string) => string | undefined): Said | undefined {
  const names: string[] = [];
  const sentence = piece.replace(WORD, (word) => {
    if (!IS_NAME.test(word) || word === "a") return word;
    names.push(toPlain(word) ?? word);
    return `⟦${names.length - 1}⟧`;
  });
  const all = readSentence(
    sentence,
    names.map((name) => ({ names: [{ name }] })),
  );
  const said = all.find(({ attributes }) => attributes.length > 0);
  return said === undefined || said.type?.includes("(") === true
    ? undefined
    : { kind: "attributes", names: said.names, attributes: said.attributes };
}

// At commas and "and" outside brackets.
function parted(text: string): string[] {
  const out = [""];
  let depth = 0;
  for (let i = 0; i < text.length; ) {
    const sign = depth === 0 && text[i - 1] !== "\\" ? BETWEEN.exec(text.slice(i))?.[0] : undefined;
    if (sign !== undefined && sign !== "") {
      out.push("");
      i += sign.length;
      continue;
    }
    const c = text[i] as string;
    depth += nesting(c);
    out[out.length - 1] += c;
    i++;
  }
  return out.filter((piece) => piece.trim() !== "");
}
