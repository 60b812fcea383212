// Greek letters and their names: where beta_1 is known, β_1 is another spelling of it, and the other way round.
//
// Invariant: a name that is known itself keeps its spelling, and so does one of which no spelling is known.

import { GREEK_LETTERS, GREEK_VARIANTS, operatorFunction } from "../../../grammar/glyphs.ts";

/** All spellings of a letter, by each of them. */
const SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(
  [...GREEK_LETTERS].flatMap(([name, letter]) => {
    const variant = GREEK_VARIANTS.get(name);
    const all = variant === undefined ? [name, letter] : [name, letter, variant];
    return all.map((spelling) => [spelling, all] as const);
  }),
);

/** The name in front of an index: β of β_1. */
export const stemOf = (name: string): string => /^\p{L}+/u.exec(name)?.[0] ?? "";

/** Whether a name begins with the name of a Greek letter, or is one. */
export const isGreek = (name: string): boolean => SPELLINGS.has(stemOf(name));

/** Whether two names are one letter, however it is spelled. */
export const isSameLetter = (a: string, b: string): boolean => a === b || SPELLINGS.get(a)?.includes(b) === true;

/** The letters of a name, a Greek one by its name being one and the last with its index: X and beta of Xbeta, T and x_i of Tx_i. */
export function lettersOf(name: string): readonly string[] {
  if (SPELLINGS.has(name)) return [name];
  const [, stem, index] = /^(\p{L}+)(_.+)$/u.exec(name) ?? [];
  if (stem !== undefined) return lettersOf(stem).map((l, i, all) => (i === all.length - 1 ? l + index : l));
  const [, capitals, word] = /^(\p{Lu}+)([a-z]{2,})$/u.exec(name) ?? [];
  return capitals !== undefined && SPELLINGS.has(word as string) ? [...capitals, word as string] : [...name];
}

/** Words that take a term and a variable: grad(f, x). */
// biome-ignore format: one family a row
export const DERIVING: ReadonlySet<string> = new Set([
  "diff", "D", "differentiate", "derivative", "Derivative",
  "grad", "gradient", "Gradient", "hess", "hessian", "Hessian", "jacobian", "Jacobian",
]);

/** Whether a name is that of a function and a word: σ before a bracket may be a factor. */
export const isFunctionWord = (name: string, isFunction: (name: string) => boolean): boolean =>
  [...name].length > 1 && !SPELLINGS.has(name) && (isFunction(name) || operatorFunction(name) !== undefined);

const LOWERED_NUMBER = /^([^_]+)_(\d+)$/;

/**
 * The spelling of a name that is known, or under which its stem is known; else the one it has. Two signs for a letter
 * are two names, ε and ϵ. K_0 and K₀ are K0 where that is known and they are not. Sigma_k stays as it is, since Σ_k is the sign of a sum.
 */
export function knownSpelling(name: string, isKnown: (name: string) => boolean): string {
  if (isKnown(name)) return name;
  const joined = name.replace(LOWERED_NUMBER, "$1$2");
  if (joined !== name && isKnown(joined)) return joined;
  const stem = stemOf(name);
  const all = SPELLINGS.get(stem);
  if (all === undefined) return name;
  const rest = name.slice(stem.length);
  const isOfStem = rest.startsWith("_") && stem !== "Sigma" && !isKnown(stem);
  const other = all.find((s) => isWord(s) !== isWord(stem) && (isKnown(s + rest) || (isOfStem && isKnown(s))));
  return other === undefined ? name : other + rest;
}

const isWord = (spelling: string): boolean => /^[A-Za-z]+$/.test(spelling);
