// Derivatives of expressions in brackets as terms and factors of a side: ∂(u + v)/∂x − ∂v/∂x.
// What is differentiated is given a name, so that they are derivatives of names (chained.ts).
//
// Invariant: a side that is one derivative by itself stays what it is.

import { cut, nesting, type Part } from "./statement.ts";

const DERIVATIVE = /(?<![\p{L}\p{N}_])([d∂])\(/gu;
const BEHIND = /^\s*\/\s*[d∂]\p{L}[\p{L}\p{N}_]*/u;
/** Letters for what is differentiated. */
const LETTERS = [..."fghwzpqrFGHWZ"];

/** The text with names for what is differentiated in brackets, each defined before the claim; undefined where there is nothing to name. */
export function withNames(text: string): string | undefined {
  const { begin, sides } = cut(text);
  if (sides.length < 2) return undefined;
  const free = LETTERS.filter((letter) => !new RegExp(`(?<![\\p{L}\\p{N}])d?${letter}(?![\\p{L}\\p{N}])`, "u").test(text));
  const given = new Map<string, string>();
  const nameOf = (inner: string): string | undefined => {
    const name = given.get(inner) ?? free[given.size];
    if (name !== undefined) given.set(inner, name);
    return name;
  };
  const named = sides.map((side) => nameIn(side, nameOf));
  if (given.size === 0) return undefined;
  const definitions = [...given].map(([inner, name]) => `${name} = ${inner}; `).join("");
  return `${text.slice(0, begin)} ${definitions}${named.join(" = ")}`;
}

function nameIn({ text }: Part, nameOf: (inner: string) => string | undefined): string {
  let out = "";
  let at = 0;
  for (const found of text.matchAll(DERIVATIVE)) {
    const from = found.index + found[0].length;
    const to = closing(text, from);
    const behind = to === undefined || found.index < at ? undefined : BEHIND.exec(text.slice(to + 1))?.[0];
    if (to === undefined || behind === undefined || (found.index === 0 && to + 1 + behind.length === text.length)) continue;
    const name = nameOf(text.slice(from, to).trim());
    if (name === undefined) continue;
    out += `${text.slice(at, found.index)}${found[1]}${name}${behind}`;
    at = to + 1 + behind.length;
  }
  return out + text.slice(at);
}

/** Where the bracket closes that a text is inside of from a place on. */
function closing(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    depth += nesting(text[i] as string);
    if (depth === 0) return i;
  }
  return undefined;
}
