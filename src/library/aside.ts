// What a claim says behind it of the names in it: "…, where y = A x and B = A'". The same may
// stand before the claim as definitions.
//
// Invariant: places in the claim stay what they are, because only its end is taken away; a text
// stays whole where nothing behind the word is a definition. Not here: how definitions are read.

import { nesting } from "./statement.ts";

/** A claim without what is said behind it, and the definitions that this gives. */
export interface Aside {
  readonly claim: string;
  readonly definitions: readonly (readonly [name: string, text: string])[];
  /** What stands among the definitions and is none, as in "where y = A x and x > 0". */
  readonly strange?: string;
}

const WORD =
  /[,;]?(?:\s|\\[,;:!]|\\q?quad\b)*(?:\\(?:text|textrm|mathrm|mbox)\s*\{\s*,?\s*where:?\s*\}|(?<![\p{L}\p{N}_\\{])where(?![\p{L}\p{N}_(]))/u;
const BETWEEN = /^(?:[,;]|\s+and\s|(?:\s|\\[,;:!]|\\q?quad\b)*\\(?:text|textrm|mathrm|mbox)\s*\{\s*,?\s*and\s*\})/;
const DEFINITION = /^(?:\s|\\[,;:!]|\\q?quad\b)*(\p{L}[\p{L}\p{N}_]*)\s*:?=(?!=)([\s\S]+)$/u;

/** Takes the definitions away that stand behind a claim. */
export function withoutAside(text: string): Aside {
  const whole: Aside = { claim: text, definitions: [] };
  const found = WORD.exec(text);
  if (found === null) return whole;
  const pieces = parted(text.slice(found.index + found[0].length).replace(/[\s.]+$/, ""));
  const definitions = pieces.map((piece) => {
    const [, name = "", value = ""] = DEFINITION.exec(piece) ?? [];
    return [name, value.trim()] as const;
  });
  const strange = pieces.find((_, i) => isEmpty(definitions[i]));
  if (definitions.every(isEmpty)) return whole;
  const aside = { claim: text.slice(0, found.index), definitions: inOrder(definitions.filter((d) => !isEmpty(d))) };
  return strange === undefined ? aside : { ...aside, strange: strange.trim() };
}

const isEmpty = (definition: readonly [name: string, text: string] | undefined): boolean =>
  definition === undefined || definition[0] === "" || definition[1] === "";

// A name stands behind those that its definition mentions.
function inOrder(given: Aside["definitions"]): Aside["definitions"] {
  const left = [...given];
  const out: (readonly [string, string])[] = [];
  while (left.length > 0) {
    const names = new Set(left.map(([name]) => name));
    const at = left.findIndex(([, text]) => !(text.match(/\p{L}[\p{L}\p{N}_]*/gu) ?? []).some((word) => names.has(word)));
    out.push(...left.splice(Math.max(at, 0), 1));
  }
  return out;
}

// At commas and "and" outside brackets.
function parted(text: string): string[] {
  const out = [""];
  let depth = 0;
  for (let i = 0; i < text.length; ) {
    const sign = depth === 0 ? BETWEEN.exec(text.slice(i))?.[0] : undefined;
    if (sign !== undefined) {
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
