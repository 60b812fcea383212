// Signs that stand for something where nothing declares them: ẋ for dx/dt or x′(t), ψ beside log Γ for its derivative.
//
// Invariant: only what a claim would have undeclared is changed. Not here: whether that makes the claim right
// (verdict/otherwise.ts), and dots above names that a text defines (primes.ts).

import type { ClaimQuestion } from "../verdict/verdict.ts";
import { END, START } from "./names.ts";

/** ẋ and ẍ, in decomposed text. */
const DOTTED = new RegExp(`${START}((?!ᵀ)\\p{L})([\\u0307\\u0308])${END}`, "gu");
/** A letter that stands for itself. */
const BARE = new RegExp(`${START}(?!ᵀ)\\p{L}${END}`, "gu");
const GAMMA = /lgamma|gammaln|[Γγ]\s*\(|(?<!\p{L})gamma\s*\(/u;
const PSI = /(?<![\p{L}\p{N}_])(?:ψ|psi)(?=\s*\()/gu;

/** A text in which signs are written out, and what is taken for granted. */
export interface WrittenOut {
  readonly text: string;
  readonly assumed: string;
  /** What has to be declared for it. */
  readonly declarations?: string;
  /** The definitions beside it where they are changed as well. */
  readonly let?: readonly (readonly [name: string, text: string])[];
  /** Whether nothing else is meant where the claim can be read so. */
  readonly isFirm: boolean;
}

/** A claim as it was given, with its definitions in the plain notation. */
export type Claimed = Pick<ClaimQuestion, "claim" | "let" | "vars" | "declarations">;

const BY_TIME = /\/\s*[d∂]\s*t(?![\p{L}\p{N}_])/u;

/** The text with dx/dt for ẋ and d²x/dt² for ẍ, as is meant beside other derivatives by t; undefined where no name has a dot, or only known ones have. */
export function withoutDotsAbove(text: string, isKnown: (name: string) => boolean): WrittenOut | undefined {
  const plain = text.normalize("NFD");
  // Of ½ m ẋ² with ẍ beside it, and no x, the derivative is by way of ẋ.
  const bare = new Set([...plain.matchAll(BARE)].map(([name]) => name));
  const written = plain.replace(DOTTED, (whole, name: string, dots: string) => {
    if (isKnown(whole.normalize("NFC"))) return whole;
    if (!bare.has(name)) return dots === "\u0307" ? whole : `(d${name}\u0307/dt)`;
    return dots === "\u0307" ? `(d${name}/dt)` : `(d²${name}/dt²)`;
  });
  if (written === plain) return undefined;
  return { text: written.normalize("NFC"), assumed: "a dot above is the derivative by t", isFirm: BY_TIME.test(plain) };
}

/**
 * The text with x(t) for x and x′(t) for ẋ, so that derivatives of what has dots can be taken; undefined where no name has them
 * beside a derivative by t, or t stands in brackets behind one already.
 */
export function withFunctionsOfTime(text: string, isKnown: (name: string) => boolean): WrittenOut | undefined {
  const plain = text.normalize("NFD");
  const dotted = [...plain.matchAll(DOTTED)].filter(([whole]) => !isKnown(whole.normalize("NFC"))).map(([, name]) => name as string);
  const names = [...new Set(dotted)];
  if (names.length === 0 || !BY_TIME.test(plain) || /\(\s*t\s*\)/.test(plain)) return undefined;
  const written = plain
    .replace(BARE, (name) => (names.includes(name) ? `${name}(t)` : name))
    .replace(DOTTED, (whole, name: string, dots: string) => (names.includes(name) ? `${name}${dots === "\u0307" ? "'" : "''"}(t)` : whole));
  const isTurned = (name: string): boolean =>
    new RegExp(`(?<![\\p{L}\\p{N}_])${name}[\u0307\u0308]?\\s*(?:['′ᵀ⊤]|\\^\\s*[T⊤])`, "u").test(plain);
  const types = names.map((name) => `${name}(t) : ${isTurned(name) ? "vector" : "scalar"}`);
  const assumed = `${names.join(", ")} ${names.length === 1 ? "depends" : "depend"} on t; a dot above is the derivative by t`;
  return { text: written.normalize("NFC"), assumed, declarations: [...types, "t : scalar"].join("\n"), isFirm: true };
}

/** The text with the digamma function for ψ beside log Γ; undefined where these do not stand together. */
export function withDigamma(text: string, isKnown: (name: string) => boolean): WrittenOut | undefined {
  if (isKnown("ψ") || isKnown("psi") || !GAMMA.test(text) || text.search(PSI) < 0) return undefined;
  return { text: text.replace(PSI, "digamma"), assumed: "ψ is the derivative of log Γ", isFirm: false };
}
