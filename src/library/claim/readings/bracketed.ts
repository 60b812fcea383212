// Derivatives of expressions in brackets as terms and factors of a side, ∂(u + v)/∂x − ∂v/∂x, and gradients, ∇_w L + λ w.
// What is differentiated is given a name, so that they are derivatives of names (terms/chained.ts).
//
// Invariant: a side that is one derivative by itself stays what it is.

import { closing, statementIn, type WrittenSide } from "../text/statement.ts";

const NAME = "\\p{L}[\\p{L}\\p{N}]*(?:_[\\p{L}\\p{N}]+)?";
/** d( and ∂(; ∇_w( and ∇_w L. */
const DERIVATIVE = new RegExp(`(?<![\\p{L}\\p{N}_])([d∂])\\(|∇_(?:\\{(${NAME})\\}|(${NAME}))\\s*(?:\\(|(${NAME})(?!\\s*\\())`, "gu");
/** What it is by: the /dx of d(u)/dx. */
const BELOW = /^\s*\/\s*[d∂]\p{L}[\p{L}\p{N}_]*/u;
/** Letters for what is differentiated. */
const LETTERS = [..."fghwzpqrFGHWZ"];

/** The text with names for what is differentiated in brackets, each defined before the claim; undefined where there is nothing to name. */
export function withNames(text: string): string | undefined {
  const { begin, sides } = statementIn(text);
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

function nameIn({ text }: WrittenSide, nameOf: Naming): string {
  let out = "";
  let at = 0;
  for (const found of text.matchAll(DERIVATIVE)) {
    const { index } = found;
    const renamed = index < at ? undefined : renamedAt(text, found, nameOf);
    if (renamed === undefined || (index === 0 && renamed.to === text.length)) continue;
    out += text.slice(at, index) + renamed.text;
    at = renamed.to;
  }
  return out + text.slice(at);
}

/** A derivative of a name, and the place behind what it stands for. */
interface Renamed {
  readonly text: string;
  readonly to: number;
}

type Naming = (inner: string) => string | undefined;

/** d(u + v)/dx, or ∇_w L and ∇_w (L + R), the transposed derivative of a number. */
function renamedAt(text: string, found: RegExpMatchArray, nameOf: Naming): Renamed | undefined {
  const [whole, sign, braced, bare = braced, of] = found;
  const from = (found.index as number) + whole.length;
  const gradient = (name: string): string => `(d${name}/d${bare})'`;
  if (of !== undefined) return { text: gradient(of), to: from };
  const close = closing(text, from);
  if (close === undefined) return undefined;
  const below = sign === undefined ? "" : BELOW.exec(text.slice(close + 1))?.[0];
  const name = below === undefined ? undefined : nameOf(text.slice(from, close).trim());
  if (below === undefined || name === undefined) return undefined;
  return { text: sign === undefined ? gradient(name) : `${sign}${name}${below}`, to: close + 1 + below.length };
}
