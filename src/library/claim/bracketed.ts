// Derivatives of expressions in brackets as terms and factors of a side, ∂(u + v)/∂x − ∂v/∂x, and gradients, ∇_w L + λ w.
// What is differentiated is given a name, so that they are derivatives of names (chained.ts).
//
// Invariant: a side that is one derivative by itself stays what it is.

import { cut, nesting, type Part } from "./statement.ts";

const NAME = "\\p{L}[\\p{L}\\p{N}]*(?:_[\\p{L}\\p{N}]+)?";
/** d( and ∂(; ∇_w( and ∇_w L. */
const DERIVATIVE = new RegExp(`(?<![\\p{L}\\p{N}_])([d∂])\\(|∇_(?:\\{(${NAME})\\}|(${NAME}))\\s*(?:\\(|(${NAME})(?!\\s*\\())`, "gu");
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
  if (sides.every((side, i) => side.text === named[i])) return undefined;
  const definitions = [...given].map(([inner, name]) => `${name} = ${inner}; `).join("");
  return `${text.slice(0, begin)} ${definitions}${named.join(" = ")}`;
}

function nameIn({ text }: Part, nameOf: Naming): string {
  let out = "";
  let at = 0;
  for (const found of text.matchAll(DERIVATIVE)) {
    const { index } = found;
    const link = index < at ? undefined : (quotientAt(text, found, nameOf) ?? gradientAt(text, found, nameOf));
    if (link === undefined || (index === 0 && link.to === text.length)) continue;
    out += text.slice(at, index) + link.text;
    at = link.to;
  }
  return out + text.slice(at);
}

/** A derivative of a name, and the place behind what it stands for. */
interface Link {
  readonly text: string;
  readonly to: number;
}

type Naming = (inner: string) => string | undefined;

/** d(u + v)/dx. */
function quotientAt(text: string, found: RegExpMatchArray, nameOf: Naming): Link | undefined {
  const from = (found.index as number) + found[0].length;
  const to = found[1] === undefined ? undefined : closing(text, from);
  const behind = to === undefined ? undefined : BEHIND.exec(text.slice(to + 1))?.[0];
  const name = to === undefined || behind === undefined ? undefined : nameOf(text.slice(from, to).trim());
  return name === undefined ? undefined : { text: `${found[1]}${name}${behind}`, to: (to as number) + 1 + (behind as string).length };
}

/** ∇_w L and ∇_w (L + R), the transposed derivative of a number. */
function gradientAt(text: string, found: RegExpMatchArray, nameOf: Naming): Link | undefined {
  const by = found[2] ?? found[3];
  if (by === undefined) return undefined;
  const from = (found.index as number) + found[0].length;
  if (found[4] !== undefined) return { text: `(d${found[4]}/d${by})'`, to: from };
  const to = closing(text, from);
  const name = to === undefined ? undefined : nameOf(text.slice(from, to).trim());
  return name === undefined ? undefined : { text: `(d${name}/d${by})'`, to: (to as number) + 1 };
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
