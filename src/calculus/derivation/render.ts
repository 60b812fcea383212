// A derivation in the formats people and programs read: text (Unicode or ASCII),
// Markdown, LaTeX and JSON.

import { assertNever } from "../../base/assert.ts";
import type { Library } from "../../rewrite/library.ts";
import { derivationToJSON } from "./json.ts";
import { outlineLatex } from "./latex.ts";
import { outlineMarkdown } from "./markdown.ts";
import type { Derivation } from "./model.ts";
import { createSpeller, outline } from "./outline.ts";
import { outlineText } from "./text.ts";

export const DERIVATION_FORMATS = ["unicode", "ascii", "markdown", "latex", "json"] as const;
export type DerivationFormat = (typeof DERIVATION_FORMATS)[number];

/** The derivation as text of a format; `library` is the one it was derived with. */
export function renderDerivation(derivation: Derivation, format: DerivationFormat, library: Library): string {
  switch (format) {
    case "unicode":
    case "ascii":
      return outlineText(outline(derivation, createSpeller(format, library), library));
    case "markdown":
      return outlineMarkdown(outline(derivation, createSpeller("latex", library), library), library);
    case "latex":
      return outlineLatex(outline(derivation, createSpeller("latex", library), library));
    case "json":
      return JSON.stringify(derivationToJSON(derivation, library), undefined, 2);
    default:
      return assertNever(format);
  }
}
