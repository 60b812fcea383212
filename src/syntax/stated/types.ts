// A type in other words and signs than those of the language: n×n symmetric matrix, positive definite, S^n_++, ℝⁿˣⁿ.
//
// Invariant: a description of which a word is not understood is none. Not here: types of the language
// (src/elaborate/names/declare.ts).

import { SUPERSCRIPT_LETTERS, SUPERSCRIPTS } from "../../../grammar/glyphs.ts";
import { lazily } from "../../base/lazy.ts";
import { type Attribute, isAttribute, isOfSquares } from "../../expr/attributes.ts";
import { TYPE_WORDS } from "../tokens/statements.ts";
import { ATTRIBUTE_WORDS } from "./words.ts";

/** What has been said so far. */
interface Description {
  readonly attributes: Attribute[];
  kind?: string;
  sizes?: readonly string[];
}

/** A sign, a word or a size, and what it adds; false where that contradicts what was said before. */
type Reading = readonly [pattern: RegExp, add: (said: Description, found: RegExpExecArray) => boolean];

const SIZE = String.raw`(?:\d+\p{L}?|\p{L}\d*)(?:\s*[+-]\s*\d+)?`;
const TIMES = /\s*(?:×|x|by\b)\s*/u;
const RAISED = `[${[...Object.keys(SUPERSCRIPTS), ...Object.keys(SUPERSCRIPT_LETTERS)].join("")}]+`;
const SIGNED = String.raw`(?:_?\{?(\+\+?)\}?)?`;

/** Sets that matrices and vectors lie in, with the signs below them. */
const SETS: Readonly<Record<string, readonly Attribute[]>> = {
  R: [],
  "R+": [],
  "R++": ["positive"],
  S: ["symmetric"],
  "S+": ["symmetric"],
  "S++": ["posdef"],
};

/** Kinds in other forms than the language has. */
const KINDS: Readonly<Record<string, string>> = { number: "scalar", rowvector: "row", matrices: "matrix", col: "column" };

/** Adds sizes; false where there are some already. */
function sized(said: Description, sizes: readonly (string | undefined)[]): boolean {
  if (said.sizes !== undefined) return false;
  said.sizes = sizes.flatMap((size) => (size === undefined ? [] : [size.trim()]));
  return true;
}

/** What stands above ℝ: n, (m × n), or raised letters. */
function sizesAbove(text: string): string[] {
  const plain = [...text].map((c) => SUPERSCRIPTS[c] ?? SUPERSCRIPT_LETTERS[c] ?? c).join("");
  return plain
    .replace(/^[({]|[)}]$/g, "")
    .split(TIMES)
    .map((size) => size.trim());
}

/** Readings in the order in which they are tried. */
const readings = lazily((): readonly Reading[] => [
  // What parts attributes, and a size in words.
  [/^(?:,|and\b)/u, () => true],
  [
    new RegExp(String.raw`^(?:of|with)\s+(?:length|size|dimension)\s+(${SIZE})(?!${TIMES.source}|[\p{L}\p{N}])`, "u"),
    (said, [, size]) => sized(said, [size]),
  ],
  // An article, or a word between a name and its size.
  [/^(?:an?|the|of|with|size|shape|length|dimensions?|order|given|fixed|real)(?![\p{L}\p{N}])/u, () => true],
  // ℝⁿˣⁿ, R^{m x n}, S_++^n.
  [
    new RegExp(
      String.raw`^([RSℝ𝕊])${SIGNED}(?:\^?(${RAISED}(?:[ˣ×]${RAISED})?|\{[^{}]*\}|\([^()]*\)|[\p{L}\p{N}]))?${SIGNED}(?![\p{L}\p{N}])`,
      "u",
    ),
    (said, [, set = "", below, above, behind]) => {
      const letter = set === "ℝ" ? "R" : set === "𝕊" ? "S" : set;
      said.attributes.push(...(SETS[`${letter}${below ?? behind ?? ""}`] ?? []));
      const sizes = above === undefined ? [] : sizesAbove(above);
      if (sizes.length === 0) said.kind = "scalar";
      return sizes.length === 0 || sized(said, letter === "S" ? [sizes[0], sizes[0]] : sizes);
    },
  ],
  // n×n, 3x3, n by n, with or without brackets.
  [new RegExp(String.raw`^(${SIZE})${TIMES.source}(${SIZE})(?![\p{L}\p{N}])`, "u"), (said, [, rows, cols]) => sized(said, [rows, cols])],
  [/^[([]\s*([^()[\],]+?)\s*(?:(?:,|×|\bx\b|\bby\b)\s*([^()[\],]+?)?\s*)?[)\]]/u, (said, [, rows, cols]) => sized(said, [rows, cols])],
  ...ATTRIBUTE_WORDS.map(
    ([words, attributes]): Reading => [
      new RegExp(String.raw`^(?:${words})(?![\p{L}\p{N}-])`, "iu"),
      (said) => said.attributes.push(...attributes) > 0,
    ],
  ),
  [
    /^(\p{L}+)(?![\p{L}\p{N}_])/u,
    (said, [, word = ""]) => {
      const kind = KINDS[word] ?? word.replace(/s$/, "");
      if (isAttribute(kind)) return said.attributes.push(kind) > 0;
      if (!TYPE_WORDS.has(kind) || (said.kind !== undefined && !(kind === "vector" || kind === "matrix"))) return false;
      said.kind = said.kind === "row" || said.kind === "square" ? said.kind : kind;
      return true;
    },
  ],
]);

/** The type that a description says, as the language writes it; undefined where that is not understood. */
export function typeOf(description: string): string | undefined {
  const said: Description = { attributes: [] };
  let rest = description.trim();
  while (rest !== "") {
    const before = rest;
    for (const [pattern, add] of readings()) {
      const found = pattern.exec(rest);
      if (found === null) continue;
      if (!add(said, found)) return undefined;
      rest = rest.slice(found[0].length).trim();
      break;
    }
    if (rest === before) return undefined;
  }
  return written(said);
}

function written(said: Description): string | undefined {
  const type = sizedKind(said);
  const words = [...new Set(said.attributes), ...(type === undefined ? [] : [type])];
  return words.length === 0 || (said.kind === "scalar" && said.sizes !== undefined) ? undefined : words.join(" ");
}

function sizedKind({ attributes, kind, sizes: [rows, cols] = [] }: Description): string | undefined {
  if (rows === undefined) return kind;
  if (kind === "row" && cols === undefined) return `row(${rows})`;
  const isSquare = attributes.some(isOfSquares) || kind === "matrix" || kind === "square";
  return cols === undefined && !isSquare ? `vector(${rows})` : `matrix(${rows}, ${cols ?? rows})`;
}

/** Whether a type is written as the language writes it. */
export const isOfLanguage = (type: string): boolean => {
  const [, words = "", above = ""] = /^((?:[\p{L}_]+\s*)+)(.*)$/su.exec(type) ?? [];
  return (
    words !== "" &&
    words
      .trim()
      .split(/\s+/)
      .every((word) => TYPE_WORDS.has(word)) &&
    !/[xˣ]/.test(above)
  );
};
