// Names in a text, as parts of patterns, and what the text says of them.
//
// Invariant: ᵀ is a sign, though Unicode counts it among the letters, and a number in front of a name is a factor.

import { numbersDeclared } from "../../question/notation.ts";
import type { Context } from "../../question/question.ts";

/** Where a name may begin: 2x is twice x, but a2x is a name. */
export const START = "(?<!(?!ᵀ)[\\p{L}_][\\p{Nd}₀-₉]*)";

export const NAME = "(?!ᵀ)\\p{L}(?:(?!ᵀ)[\\p{L}\\p{M}\\p{Nd}_])*";

/** Behind a name. */
export const END = "(?!(?!ᵀ)[\\p{L}\\p{M}\\p{Nd}_₀-₉])";

/** Whether a text, or what is said of it, declares a name as a number. */
export const declaresNumber = (name: string, text: string, context: Pick<Context, "vars" | "declarations">): boolean =>
  numbersDeclared(context).has(name) || new RegExp(`${START}${name}${END}[^:;=]*:[^;=]*\\bscalar\\b`, "u").test(text);
