// Names of which a claim has derivatives as terms and factors, and of which nothing else is said: in
// d(u v)/dx = u dv/dx + v du/dx the names u and v depend on x, in dy/dx = dy/du du/dx y depends on x through u.
//
// Invariant: a name that is declared or defined is left as it is, and so is every claim in which names would depend on
// each other. Not here: what such derivatives are worth (chained.ts).

import { isVectorLetter, whatNamesAre } from "../../elaborate/names/letters.ts";
import { tokenize } from "../../syntax/tokens/lexer.ts";
import { namesKnown } from "../question/notation.ts";
import type { Context } from "../question/question.ts";
import { LINK } from "./chained.ts";
import { cut } from "./statement.ts";

/** Declarations that make a claim readable, and the same in words. */
export interface Dependence {
  readonly declarations: string;
  readonly assumed: readonly string[];
}

/** What the derivatives in the last statement of a text say of its names, first with vectors by their letters, then with numbers alone. */
export function dependencesIn(text: string, question: Context): readonly Dependence[] {
  const { begin, sides } = cut(text);
  const links = sides.flatMap((side) => [...side.text.matchAll(LINK)].map(([, of = "", by = ""]) => ({ of, by })));
  const known = namesKnown(question, tokenize(text.slice(0, begin)));
  const below = new Map<string, ReadonlySet<string>>();
  for (const { of, by } of links) if (!known.has(of) && of !== by) below.set(of, new Set([...(below.get(of) ?? []), by]));
  const dependent = [...below.keys()];
  if (dependent.length === 0 || dependent.some((name) => reaches(name, name, below))) return [];
  const free = [...new Set(links.map((link) => link.by))].filter((name) => !below.has(name) && !known.has(name));
  const under = (name: string): string => directly(name, below).join(", ");
  const dependence = (isVector: (name: string) => boolean): Dependence => {
    const type = (name: string): string => (isVector(name) ? `vector(n_${name})` : "scalar");
    const declared = [
      ...free.map((name) => `${name} : ${type(name)}`),
      ...dependent.map((name) => `${name}(${under(name)}) : ${type(name)}`),
    ];
    const [vectors, numbers] = [true, false].map((is) => [...free, ...dependent].filter((name) => isVector(name) === is)) as [
      string[],
      string[],
    ];
    const kinds = [
      ...(vectors.length === 0 ? [] : [whatNamesAre(vectors, "a vector", "vectors")]),
      ...(numbers.length === 0 ? [] : [whatNamesAre(numbers, "a scalar", "scalars")]),
    ];
    return { declarations: declared.join("\n"), assumed: [...dependent.map((name) => `${name} depends on ${under(name)}`), ...kinds] };
  };
  const inNumbers = dependence(() => false);
  return [...free, ...dependent].some(isVectorLetter) ? [dependence(isVectorLetter), inNumbers] : [inNumbers];
}

/** What a name depends on otherwise than through others that it depends on. */
function directly(name: string, below: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const own = [...(below.get(name) ?? [])];
  return own.filter((by) => !own.some((other) => reaches(other, by, below)));
}

/** Whether a name depends on another, given what each depends on at once. */
export function reaches(from: string, to: string, below: ReadonlyMap<string, Iterable<string>>): boolean {
  const open = [...(below.get(from) ?? [])];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    for (const next of below.get(name) ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  }
  return false;
}
