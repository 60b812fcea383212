// How a name is printed. In text formats a name is what the user wrote; in LaTeX it is
// typeset: Greek letters, subscripts, bold for vectors and matrices.
//
// Invariant: the text form lexes as the one name it is. Which letters are Greek is said
// in grammar/glyphs.ts.

import { GREEK_LETTERS } from "../../grammar/glyphs.ts";
import { dictionary } from "../base/dictionary.ts";

const NAMES_OF_SIGNS: ReadonlyMap<string, string> = new Map([...GREEK_LETTERS].map(([name, sign]) => [sign, name]));

// biome-ignore format: one row
/** Greek capitals that look like Latin ones; LaTeX has no commands for them. */
const LATIN_CAPITALS = dictionary<string>({
  Alpha: "A", Beta: "B", Epsilon: "E", Zeta: "Z", Eta: "H", Iota: "I", Kappa: "K", Mu: "M", Nu: "N", Rho: "P", Tau: "T", Chi: "X",
});

/** A name as text: `x_1` as it stands, subscripts that are no plain word in braces. */
export function textName(name: string): string {
  const parts = /^(.*?)_(.*)$/su.exec(name);
  return parts === null || /^[\p{Lu}\p{Ll}\p{Nd}\p{M}_]+$/u.test(parts[2] as string) ? name : `${parts[1]}_{${parts[2]}}`;
}

/** A name in LaTeX; bold where it names no number. */
export function latexName(name: string, bold: boolean): string {
  const parts = /^([^_\d]+)_?(.*)$/su.exec(name);
  const written = parts?.[1] ?? name;
  const below = parts?.[2] ?? "";
  const stem = NAMES_OF_SIGNS.get(written) ?? written;
  const command = GREEK_LETTERS.has(stem);
  const base = command ? `\\${stem}` : (LATIN_CAPITALS[stem] ?? stem.replace(/[\\{}$&#^%~]/g, "\\$&"));
  const font = bold ? (command ? "\\boldsymbol" : "\\mathbf") : !command && [...base].length > 1 ? "\\mathit" : "";
  const set = font === "" ? base : `${font}{${base}}`;
  return below === "" ? set : `${set}_{${below.replaceAll("_", ",")}}`;
}
