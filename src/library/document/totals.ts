// What a document says of the entries of a name together: Σ_k t_k = 1, as of a target of a cross entropy.
//
// Invariant: a claim is judged with t/Σ t in the place of t, so that it is right where it is right for every such t; never
// where it differentiates by t.

import type { CheckedClaim } from "../claim/verdict/verdict.ts";
import type { Known } from "./known.ts";
import type { Chain } from "./read.ts";

const NAME = "([\\p{Lu}\\p{Ll}][\\p{M}\\p{Nd}]*)";
/** Σ_k t_k, 1ᵀ t and tᵀ 1. */
const TOTAL = new RegExp(`^(?:sum_\\{(\\p{L})(?:=[^{}]*)?\\}(?:\\^\\{[^{}]*\\})?\\s*${NAME}_\\1|1⃗ᵀ\\s*${NAME}|${NAME}ᵀ\\s*1⃗)$`, "u");

/** The names of which other equations in the section of a chain say that their entries have the sum 1. */
export function normalisedIn(chains: readonly Chain[], at: Chain): readonly string[] {
  return chains.flatMap((chain) => {
    const texts =
      chain !== at && chain.section === at.section && chain.sides.length === 2 ? chain.sides.map((s) => s.plain?.text.trim() ?? "") : [];
    const total = texts.find((_, i) => texts[1 - i] === "1");
    const [, , a, b, c] = TOTAL.exec(total ?? "") ?? [];
    return [a ?? b ?? c ?? []].flat();
  });
}

/** What is known with a name in whose place its entries over their sum stand. */
export function withNormalised(known: Known, name: string): Known {
  const declarations = known.declarations?.replace(new RegExp(`^${name}(?= :)`, "mu"), freeName(name));
  const own = [name, `${freeName(name)}/sum(${freeName(name)})`] as const;
  return { ...known, ...(declarations === undefined ? {} : { declarations }), let: [own, ...(known.let ?? [])] };
}

/** A verdict on a claim that was judged so. */
export const saidOfNormalised = (checked: CheckedClaim, name: string): CheckedClaim => ({
  ...checked,
  assumptions: [`the entries of ${name} have the sum 1`, ...checked.assumptions.filter((a) => !a.includes(freeName(name)))],
});

const freeName = (name: string): string => `${name}00`;
