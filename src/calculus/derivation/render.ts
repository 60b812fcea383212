// A derivation in the formats people and programs read: text (Unicode or ASCII),
// Markdown, LaTeX and JSON.
//
// Invariant: every format says the same; the text formats lay out one outline (outline.ts).

import { assertNever } from "../../base/assert.ts";
import type { Library } from "../../rewrite/library.ts";
import type { Backpropagation } from "./backpropagation.ts";
import { backpropagationOutline } from "./backward.ts";
import { backpropagationToJSON, derivationToJSON } from "./json.ts";
import { outlineLatex } from "./latex.ts";
import { outlineMarkdown } from "./markdown.ts";
import type { Derivation } from "./model.ts";
import { createSpeller, type Outline, outline, type Speller } from "./outline.ts";
import { outlineText } from "./text.ts";

/** The formats that a derivation is rendered in. */
export const DERIVATION_FORMATS = ["unicode", "ascii", "markdown", "latex", "json"] as const;
/** How a derivation is rendered. */
export type DerivationFormat = (typeof DERIVATION_FORMATS)[number];

/** The derivation as text of a format; `library` is the one it was derived with. */
export function renderDerivation(derivation: Derivation, format: DerivationFormat, library: Library): string {
  if (format === "json") return JSON.stringify(derivationToJSON(derivation, library), undefined, 2);
  return layOut(format, library, (speller) => outline(derivation, speller));
}

/** Forward and backward pass as text of a format. */
export function renderBackpropagation(passes: Backpropagation, format: DerivationFormat, library: Library): string {
  if (format === "json") return JSON.stringify(backpropagationToJSON(passes, library), undefined, 2);
  return layOut(format, library, (speller) => backpropagationOutline(passes, speller));
}

function layOut(format: Exclude<DerivationFormat, "json">, library: Library, make: (speller: Speller) => Outline): string {
  switch (format) {
    case "unicode":
    case "ascii":
      return outlineText(make(createSpeller(format, library)));
    case "markdown":
      return outlineMarkdown(make(createSpeller("latex", library)), library);
    case "latex":
      return outlineLatex(make(createSpeller("latex", library)));
    default:
      return assertNever(format);
  }
}
