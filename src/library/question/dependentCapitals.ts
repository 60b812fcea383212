// Capitals that stand for matrices which depend on a number though nothing declares them: A of d(inv(A(t)))/dt, K of
// log|K(θ)|. A product of the two would be written A t or t A.
//
// Invariant: only a letter of numbers in brackets right behind, t, s or a Greek one, makes a capital such a name, always the
// same one, and only in a text that has what only matrices have and does not declare it. Not here: small letters (functionLetters.ts), and names
// that a claim has derivatives of (src/library/claim/readings/dependents.ts).

import { GREEK_NAMES } from "../../../grammar/glyphs.ts";
import { lazily } from "../../base/lazy.ts";

/** What only matrices have: inverses, transposes, traces and determinants of capitals, and capitals in bold. */
export const OF_MATRICES =
  /\p{Lu}(?:\([^()]*\))?\s*(?:⁻|[′ᵀ']|\^\{?\s*(?:-|T|\\top|\\intercal|⊤))|\b(?:inv|tr|trace|det|logdet|expm)\b|\\(?:mathbf|boldsymbol|bm|bold)\s*\{?\s*\p{Lu}/u;

/** The logarithm of bars is that of a determinant. */
const OF_DETERMINANTS = /\b(?:log|ln)\s*(?:\\left)?\s*(?:\||\\[lv]ert)\s*\p{Lu}/u;

// E(t) and P(t) with anything else in the brackets are none of these; I is the identity.
const CAPITAL = String.raw`(?<![\p{L}_\\])(?:\\(?:mathbf|boldsymbol|bm|bold)\s*\{\s*)?([A-DF-HJ-NP-Z](?:_?\d)?)\s*\}?`;
const occurrences = lazily(() => {
  const letter = String.raw`[ts]|[α-ρτ-ω]|\\?(?:${GREEK_NAMES.filter((name) => /^[a-z]/.test(name)).join("|")})`;
  return new RegExp(
    String.raw`${CAPITAL}(?![\p{L}\p{N}_])(?:(?:\\left)?\(\s*(${letter})\s*(?:\\right)?\)(?<said>\s*(?::(?!=)|∈|\\in(?![a-z])))?|(?<other>(?:\\left)?\())?`,
    "gu",
  );
});

/** A matrix and the number that it depends on. */
export interface DependentCapital {
  readonly name: string;
  readonly on: string;
}

/** The capitals of a text that depend on a number. */
export function dependentCapitals(text: string, isKnown: (name: string) => boolean): readonly DependentCapital[] {
  if (!(OF_MATRICES.test(text) || OF_DETERMINANTS.test(text))) return [];
  const on = new Map<string, string | undefined>();
  for (const m of text.matchAll(occurrences())) {
    const name = m[1] as string;
    const by = m[2]?.replace("\\", "");
    if (by === undefined && m.groups?.other === undefined) continue;
    const isMeant = m.groups?.said === undefined && (!on.has(name) || on.get(name) === by);
    on.set(name, isMeant ? by : undefined);
  }
  return [...on].flatMap(([name, by]) => (by === undefined || isKnown(name) ? [] : [{ name, on: by }]));
}
