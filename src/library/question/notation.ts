// LaTeX as text of the plain language, for what works on the text itself: claims, chains of
// equations, documents.
//
// Invariant: places in what comes out lead back into the LaTeX, in diagnostics, too.

import { operatorFunction, POWER_OF_E } from "../../../grammar/glyphs.ts";
import type { Diagnostic } from "../../base/diagnostic.ts";
import type { Span } from "../../base/span.ts";
import type { Library } from "../../rewrite/library.ts";
import { isLatex } from "../../syntax/latex/scan.ts";
import { type LatexOptions, translate } from "../../syntax/latex/translate.ts";
import { type Token, tokenize } from "../../syntax/lexer.ts";
import { namesStated } from "../../syntax/statements.ts";
import type { Refusal } from "./call.ts";
import type { Expression } from "./question.ts";

/** A text of the plain language with the text that it stands for. */
export interface Plain {
  readonly text: string;
  readonly source: string;
  /** The place in the source that a place in the text stands for. */
  readonly toSource: (from: number, to: number) => Span;
}

/** What is known of names before a text is read. */
export type Known = Pick<Expression, "vars" | "let" | "declarations" | "notation">;

/** The text in the plain notation; a text that is plain already stays as it is. Throws an InputError for LaTeX that is not understood. */
export function plainText(source: string, known: Known, library: Library, more: LatexOptions = {}): Plain {
  const latex = known.notation === undefined ? isLatex(source) : known.notation === "latex";
  if (!latex) return { text: source, source, toSource: (start, end) => ({ start, end }) };
  const declared = namesIn(known);
  const defined = new Set((known.let ?? []).map(([name]) => name));
  const { text, toSource } = translate(source, {
    isVariable: (name) => declared.has(name) || defined.has(name),
    isFunction: (name) =>
      !declared.has(name) && !defined.has(name) && (operatorFunction(name) !== undefined || library.functions.find(name) !== undefined),
    isDefined: (name) => defined.has(name),
    hasDifferentials: true,
    ...more,
  });
  return { text, source, toSource };
}

/** A text of the plain language as it is shown: the e of a power as a letter. */
export const shownText = (plain: string): string => plain.replaceAll(POWER_OF_E, "e^");

/** The names that declarations declare. */
function namesIn({ vars, declarations }: Pick<Known, "vars" | "declarations">): Set<string> {
  const names = new Set(Object.keys(vars ?? {}));
  for (const statement of (declarations ?? "").split(/[;\n]/)) for (const name of namesStated(tokenize(statement))) names.add(name);
  return names;
}

/** The names that a context declares or defines, and those that the text before a statement does. */
export const namesKnown = (context: Pick<Known, "vars" | "let" | "declarations">, before: readonly Token[]): Set<string> =>
  new Set([...namesIn(context), ...(context.let ?? []).map(([name]) => name), ...namesStated(before)]);

/** A refusal with its places in the source. */
export function inSource(refusal: Refusal, plain: Plain): Refusal {
  if (refusal.source !== plain.text || plain.text === plain.source) return refusal;
  return { ...refusal, source: plain.source, diagnostics: refusal.diagnostics.map((d) => placed(d, plain)) };
}

const placed = (d: Diagnostic, { toSource }: Plain): Diagnostic => ({
  ...d,
  span: toSource(d.span.start, d.span.end),
  ...(d.labels === undefined ? {} : { labels: d.labels.map((l) => ({ ...l, span: toSource(l.span.start, l.span.end) })) }),
});
