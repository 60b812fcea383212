// Letters written together, as in AXB: one name of the language, and a product on paper. Where
// nothing declares them that is said, and refused where the answer would be that nothing, or only the rest, depends on X.
//
// Invariant: what is declared, and words, keep their meaning without a remark.

import { CONSTANTS, operatorFunction } from "../../grammar/glyphs.ts";
import { isLatex } from "../syntax/latex/scan.ts";
import { isGreek } from "../syntax/spelling.ts";
import { ABBREVIATED } from "./letters.ts";
import type { Request } from "./request.ts";
import type { Scope, VariableInfo } from "./scope.ts";

const RUN = /^\p{L}{2,4}$/u;
const CAPITAL = /\p{Lu}/u;
const CAPITALS = /^\p{Lu}+$/u;
const spaced = (name: string): string => [...name].join(" ");

/**
 * An undeclared name that a letter is part of, written as the product that may be meant; undefined where there is none.
 * Where the letter `occurs` by itself, names of small letters alone are words, as xs and dx.
 */
export function runWith(
  { variables }: Scope,
  letter: string,
  occurs: boolean,
): { readonly name: string; readonly product: string } | undefined {
  if ([...letter].length !== 1) return undefined;
  const run = [...variables.values()].find((v) => isUsedRun(v) && v.name.includes(letter) && (!occurs || CAPITAL.test(v.name)));
  return run === undefined ? undefined : { name: run.name, product: spaced(run.name) };
}

/** Undeclared names that may be products, by the products: of letters that stand alone as well, or of capitals. */
export function runsIn({ variables }: Scope): ReadonlyMap<string, string> {
  const all = [...variables.values()];
  const alone = new Set(all.map((v) => v.name));
  const runs = all.filter((v) => isUsedRun(v) && (CAPITALS.test(v.name) || [...v.name].every((letter) => alone.has(letter))));
  return new Map(runs.map(({ name }) => [name, spaced(name)]));
}

const isUsedRun = ({ name, declared, defined, uses }: VariableInfo): boolean =>
  !declared && !defined && uses > 0 && RUN.test(name) && !isWord(name);

/** λ and ε by their names, whole or in short. */
const isWord = (name: string): boolean => isGreek(name) || ABBREVIATED.has(name);

/** Names with what may be products of capitals in them: Ax, AXB. */
const WITH_CAPITALS = /^[a-zα-ω]?[A-ZΑ-Ω]+[a-zα-ω]?$/;
const WRITTEN = /[A-Za-zΑ-Ωα-ω]+(?:[\d_][A-Za-z\d_]*)?(?=\s*(.?))/g;

/** The letters together that a request may mean as products: those with a letter that it differentiates by in them, and those of capitals beside. */
export function runsAsked({
  text,
  wrt = [],
  functions,
  vars,
  attrs,
  definitions,
  declarations,
  strict,
  notation,
}: Request): ReadonlySet<string> {
  const none: ReadonlySet<string> = new Set();
  const letters = wrt.filter((name) => [...name].length === 1);
  if (strict === true || letters.length === 0 || notation === "latex" || isLatex(text)) return none;
  const known = new Set([...wrt, ...Object.keys(vars ?? {}), ...Object.keys(attrs ?? {}), ...(definitions ?? []).map(([name]) => name)]);
  for (const [name] of `${declarations ?? ""};${text}`.matchAll(/[\p{L}\p{N}_, ]+(?=\s*(?::|∈|=))/gu))
    for (const n of name.split(",")) known.add(n.trim());
  const runs = [...text.matchAll(WRITTEN)].flatMap(([name, next]) => {
    const isRun = name.length >= 2 && name.length <= 4 && /^\D+$/.test(name) && !name.includes("_") && !isWord(name) && !known.has(name);
    const isFunction = next === "(" || operatorFunction(name) !== undefined || functions.find(name) !== undefined || name in CONSTANTS;
    return isRun && !isFunction && name !== "if" ? [name] : [];
  });
  const asked = runs.filter((name) => letters.some((letter) => name.includes(letter)));
  return asked.length === 0 ? none : new Set([...asked, ...runs.filter((name) => WITH_CAPITALS.test(name))]);
}

/** Whether a text writes products with a sign. */
export const hasSigns = (text: string): boolean => text.includes("*");

/** Whether products are likelier than names where both can be read: Ax beside x, not dx, and none where * stands between factors. */
export const areProducts = (text: string, runs: ReadonlySet<string>): boolean =>
  !hasSigns(text) && [...runs].every((name) => WITH_CAPITALS.test(name));

/** Letters together behind a mark of a transpose: TAx of x^TAx. */
export const runsRaised = ({ text, notation, strict }: Request): ReadonlySet<string> =>
  strict === true || notation === "latex"
    ? new Set()
    : new Set([...text.matchAll(/\^(T[A-Za-zα-ω]{1,3})(?![A-Za-z\d_(])/g)].map(([, name]) => name as string));
