// Letters written together, as in AXB: one name of the language, and a product on paper. Where
// nothing declares them that is said, and refused where the answer would be that nothing, or only the rest, depends on X.
//
// Invariant: what is declared, and words, keep their meaning without a remark.

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

const isUsedRun = ({ name, declared, defined, uses }: VariableInfo): boolean => !declared && !defined && uses > 0 && RUN.test(name);
