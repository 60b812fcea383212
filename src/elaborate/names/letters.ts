// The convention for names that nothing settles, the letters of inferred dimensions, and
// the sentences that tell a person what was assumed.
//
// Invariant: what is assumed is always stated; a declared name is never mentioned here.

import { GREEK_NAMES } from "../../../grammar/glyphs.ts";
import { isColumnShape, isRowShape, isScalarShape, type Shape, shapeText } from "../../expr/shape.ts";

/** What an undeclared letter stands for. */
export type Kind = "scalar" | "vector" | "matrix";

/** Greek letters as code has them, where lambda is a word of its own. */
export const ABBREVIATED: ReadonlySet<string> = new Set(["lam", "lamb", "lamda", "lmbda", "sig", "alph", "eps"]);

/** a–g, l and Greek letters are scalars, the other small letters vectors, A–Z matrices; a longer name follows its first letter, as h–z one that begins with l. */
export function kindByLetter(name: string): Kind {
  const base = name.replace(/[_\d].*$/u, "").normalize("NFKD");
  if (GREEK_NAMES.includes(base) || ABBREVIATED.has(base)) return "scalar";
  const letter = /^[A-Za-z]/.exec(name)?.[0] ?? /\p{L}/u.exec(name.normalize("NFKD"))?.[0] ?? "";
  if (letter >= "a" && letter <= "z") return letter <= "g" || base === "l" ? "scalar" : "vector";
  if (/^[A-Z]|\p{Lu}/u.test(letter)) return "matrix";
  return /\p{Script=Greek}/u.test(letter) ? "scalar" : "vector";
}

// What a letter means in its place, with or without an index.
const FUNCTION = /^(?:[fghFGH]|phi|psi|Phi|Psi|[φϕψΦΨ])(?:_.*)?$/u;
const VECTOR = /^[pqu-z](?:_.*)?$/;
const INTERCEPT = /^b_?0?$/;
const TIME = /^[tτ]$/;
const PROBABILITY = /^(?:[Pp]|Pr|Prob)$/;

/** Letters that stand for functions in front of brackets. */
export const isFunctionLetter = (name: string): boolean => FUNCTION.test(name);
/** Letters of vectors that are hardly ever numbers beside another vector. */
export const isVectorLetter = (name: string): boolean => VECTOR.test(name);
/** The number of a model that is the same for all samples: b of X*w + b, where the rows of X are the samples. */
export const isIntercept = (name: string): boolean => INTERCEPT.test(name);
/** What x(t) depends on. */
export const isTime = (name: string): boolean => TIME.test(name);
/** P of P(X > x). */
export const isProbability = (name: string): boolean => PROBABILITY.test(name);

const LENGTHS = [..."nmkpqrsthlNMKPQR"];

/** Letters for inferred dimensions, skipping names in use. */
export function dimensionLetters(isUsed: (name: string) => boolean): { next: () => string; take: (name: string) => boolean } {
  const taken = new Set<string>();
  const take = (name: string): boolean => {
    if (isUsed(name) || taken.has(name)) return false;
    taken.add(name);
    return true;
  };
  const next = (): string => {
    for (const l of LENGTHS) if (take(l)) return l;
    for (let i = 1; ; i++) if (take(`n${i}`)) return `n${i}`;
  };
  return { next, take };
}

/** A name whose shape was inferred. */
export interface Assumed {
  readonly name: string;
  readonly shape: Shape;
}

/** One sentence for each group of names with one shape: "w and x are vectors of length n". */
export function assumptionSentences(assumed: readonly Assumed[]): string[] {
  const groups = new Map<string, { names: string[]; shape: Shape }>();
  for (const a of assumed) {
    const key = `${a.shape.rows.key}×${a.shape.cols.key}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { names: [a.name], shape: a.shape });
    else group.names.push(a.name);
  }
  return [...groups.values()].map(({ names, shape }) => sentence(names, shape));
}

const sentence = (names: readonly string[], shape: Shape): string => whatNamesAre(names, ...nouns(shape));

/** x is a scalar; x, y and z are scalars. */
export const whatNamesAre = (names: readonly string[], one: string, many: string): string =>
  names.length === 1 ? `${names[0]} is ${one}` : `${listed(names)} are ${many}`;

/** Most names a sentence lists. */
const MOST_LISTED = 12;

const listed = (names: readonly string[]): string =>
  names.length > MOST_LISTED
    ? `${names.slice(0, MOST_LISTED - 1).join(", ")} and ${names.length - MOST_LISTED + 1} more`
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

function nouns(shape: Shape): [one: string, many: string] {
  if (isScalarShape(shape)) return ["a scalar", "scalars"];
  const [rows, cols] = [shape.rows.key, shape.cols.key];
  if (isColumnShape(shape)) return [`a vector of length ${rows}`, `vectors of length ${rows}`];
  if (isRowShape(shape)) return [`a row of length ${cols}`, `rows of length ${cols}`];
  const size = shapeText(shape);
  return [`${/^[aefhilmnorsx8]/i.test(size) ? "an" : "a"} ${size} matrix`, `${size} matrices`];
}
