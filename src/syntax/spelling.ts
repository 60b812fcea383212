// Greek letters and their names: where beta_1 is known, β_1 is another spelling of it, and the other way round.
//
// Invariant: a name that is known itself keeps its spelling, and so does one of which neither spelling is known.

import { GREEK_LETTERS } from "../../grammar/glyphs.ts";

const NAMES: ReadonlyMap<string, string> = new Map([...GREEK_LETTERS].map(([name, letter]) => [letter, name]));

/** The spelling of a name that is known, or else the one it has. */
export function knownSpelling(name: string, isKnown: (name: string) => boolean): string {
  const stem = /^\p{L}+/u.exec(name)?.[0] ?? "";
  const other = NAMES.get(stem) ?? GREEK_LETTERS.get(stem);
  if (other === undefined || isKnown(name)) return name;
  const spelled = other + name.slice(stem.length);
  return isKnown(spelled) ? spelled : name;
}
