// What prose says of the names beside it: "Let $A \in \mathbb{R}^{m \times n}$ be
// symmetric", "an $m \times n$ matrix $A$", "$b$ is a scalar".
//
// Invariant: only what stands beside a formula in the same sentence is taken up; a negated
// or unknown word says nothing. A list ends at a name that states another space of its own: in
// "$x \in \mathbb{R}^n$ and $A$ is symmetric" the words are about A alone.

import { optional } from "../../../base/optional.ts";
import type { Attribute } from "../../../expr/attributes.ts";
import { ATTRIBUTE_WORDS } from "../../../syntax/stated/words.ts";

/** What is said of names. */
export interface Said {
  readonly names: readonly string[];
  /** The type as a declaration writes it: `matrix(m, n)`; absent where only attributes are named. */
  readonly type?: string;
  readonly attributes: readonly Attribute[];
  /** Said under a condition: "if A is symmetric". */
  readonly conditional: boolean;
}

/** A name in a formula, with the space that the formula states of it. */
export interface Named {
  readonly name: string;
  readonly space?: string;
}

/** A formula in a sentence, as far as prose can speak of it. */
export interface Mention {
  /** The names it lists, or whose space it states. */
  readonly names?: readonly Named[];
  /** What the formula itself states of them, as A = Aᵀ does. */
  readonly attributes?: readonly Attribute[];
  /** A size: n, or m × n. */
  readonly size?: string;
}

const ATTRIBUTE = `(?<![\\p{L}-])(?:${ATTRIBUTE_WORDS.map(([words]) => words).join("|")})`;
const KIND = "(?:scalars?|numbers?|(?:column )?vectors?|matri(?:x|ces))";
const MARK = "⟦\\d+⟧";
const LIST = `${MARK}(?:\\s*(?:,|and|, and|or)\\s*${MARK})*`;
const FILLER =
  "(?:(?:an?|the|all|both|real|real-valued|some|given|fixed|known|also|any|square|column|assumed(?: to be)?|taken(?: to be)?|always|prior|posterior|sample|noise),?\\s+)*";
const OF_SIZE = `(?:\\s+(?:of|with|in)\\s+(?:length|size|dimensions?|shape|order)\\s+(?<size2>${MARK}))?`;
const LISTED = `${ATTRIBUTE}(?:(?:,|\\s+and)?\\s+${ATTRIBUTE})*`;
// What follows the noun of an apposition: it is about no other formula.
const APPOSED =
  "(?![\\p{L}-])(?!\\s+parts?\\b)(?:\\s+(?!(?:and|with|where|for|from|such|is|are|has|we|of)\\b)[\\p{L}-]+){0,3}\\s*(?=[,.;:)]|$|(?:and|with|where|for|from|such)\\b)";
// What a name is called before the apposition: "be the sample covariance,".
const CALLED = "(?:\\s+(?:is|are|be|being|denotes?)(?:\\s+(?!(?:not|no|never)\\b)[\\p{L}-]+){1,4},)?";
const DESCRIPTION = `\\(?(?<attributes>${LISTED})?\\)?\\s*(?:(?<size>${MARK})(?:\\s+|-))?(?<more>(?:${ATTRIBUTE}\\s+)*)(?:real\\s+|square\\s+)?(?<kind>${KIND})?`;

/** Each with the side of the description on which the names stand. */
const PATTERNS: readonly (readonly [names: "before" | "behind", RegExp])[] = [
  // $A$ is a symmetric m×n matrix
  ["before", new RegExp(`(?<list>${LIST})\\s*,?\\s*(?:is|are|be|being|denotes?)\\s+${FILLER}${DESCRIPTION}${OF_SIZE}`, "giu")],
  // a symmetric m×n matrix $A$
  ["behind", new RegExp(`${FILLER}${DESCRIPTION.replace(/\?$/, "")}\\s+(?<list>${LIST})${OF_SIZE}`, "giu")],
  // $A$ symmetric
  ["before", new RegExp(`(?<list>${LIST})\\s+(?<attributes>${ATTRIBUTE}(?:\\s+${ATTRIBUTE})*)(?![\\p{L}-])`, "giu")],
  // $A$, a symmetric kernel, …, and $A$ of some space (symmetric)
  ["before", new RegExp(`(?<list>${LIST})${CALLED}\\s*,?\\s+(?:an?|the|some|its)\\s+${FILLER}(?<attributes>${LISTED})${APPOSED}`, "giu")],
  [
    "before",
    new RegExp(
      `(?<list>${LIST})(?:\\s+(?!(?:not|non|no|need)\\b)[\\p{L}-]+){0,5}\\s*\\((?:an?\\s+)?(?:real\\s+)?(?<attributes>${LISTED})[^⟦⟧()]*\\)`,
      "giu",
    ),
  ],
  // symmetric $A$
  ["behind", new RegExp(`(?<attributes>${ATTRIBUTE}(?:(?:,|\\s+and)?\\s+${ATTRIBUTE})*)\\s+(?<list>${LIST})`, "giu")],
];

const NEGATED = /\b(?:not|non|never|no longer|neither|need not be|without|lack of)\s+(?:\w+\s+)?$/iu;
const ONLY = /\bonly\b[^,.]*$/iu;
const CONDITIONAL = /\b(?:if|when|whenever|unless|in case)\b[^,.]*$/iu;

/** What a sentence says; `⟦k⟧` stands in it for its k-th formula. */
export function readSentence(sentence: string, mentions: readonly Mention[]): Said[] {
  if (!/⟦/.test(sentence)) return [];
  const out = mentions.flatMap((mention, k) => saidIn(mention, sentence.slice(0, sentence.indexOf(`⟦${k}⟧`))));
  for (const [side, pattern] of PATTERNS)
    for (const m of sentence.matchAll(pattern)) {
      const { list = "", attributes = "", more = "", kind, size, size2 } = m.groups ?? {};
      const listed = marks(list).flatMap((k) => mentions[k]?.names ?? []);
      const names = together(side === "before" ? listed.reverse() : listed);
      const before = sentence.slice(0, m.index);
      const said = attributesIn(`${attributes} ${more}`);
      if (names.length === 0 || NEGATED.test(before) || ONLY.test(before) || (said.length === 0 && kind === undefined)) continue;
      const sizes = [size, size2].flatMap((s) => (s === undefined ? [] : marks(s).map((k) => mentions[k]?.size)));
      const type = typeOf(kind, sizes[0]);
      out.push({
        names,
        ...optional({ type }),
        attributes: said,
        conditional: CONDITIONAL.test(before) || (kind === undefined && /\bfor(?:\s+(?:all|any|every))?\s*$/iu.test(before)),
      });
    }
  return out;
}

/** What a formula states itself of its names, given the sentence before it. */
function saidIn({ names = [], attributes = [] }: Mention, before: string): Said[] {
  if (attributes.length === 0 || NEGATED.test(before)) return [];
  return [{ names: names.map(({ name }) => name), attributes, conditional: CONDITIONAL.test(before) }];
}

/** The names of a list that are meant together, the one next to the description first. */
function together(listed: readonly Named[]): string[] {
  const end = listed.findIndex(({ space }) => space !== undefined && space !== listed[0]?.space);
  return listed.slice(0, end < 0 ? listed.length : end).map(({ name }) => name);
}

const marks = (text: string): number[] => [...text.matchAll(/⟦(\d+)⟧/gu)].map((m) => Number(m[1]));

function attributesIn(text: string): Attribute[] {
  const out: Attribute[] = [];
  let rest = text;
  for (const [words, attributes] of ATTRIBUTE_WORDS) {
    const pattern = new RegExp(`(?<![\\p{L}-])(?:${words})(?![\\p{L}-])`, "giu");
    if (!pattern.test(rest)) continue;
    out.push(...attributes);
    rest = rest.replace(pattern, " ");
  }
  return [...new Set(out)];
}

function typeOf(kind: string | undefined, size: string | undefined): string | undefined {
  if (kind === undefined) return undefined;
  if (/^(?:scalar|number)/i.test(kind)) return "scalar";
  if (/vector/i.test(kind)) return size === undefined || size.includes("×") ? "vector" : `vector(${size})`;
  if (size === undefined) return "matrix";
  return size.includes("×")
    ? `matrix(${size
        .split("×")
        .map((s) => s.trim())
        .join(", ")})`
    : `matrix(${size}, ${size})`;
}
