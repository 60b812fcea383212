// LaTeX, and a text that defines functions, as text of the plain language without them, for what works on the text
// itself: claims, chains of equations, documents.
//
// Invariant: places in what comes out lead back into the source, in diagnostics, too.

import { POWER_OF_E } from "../../../grammar/glyphs.ts";
import type { Diagnostic } from "../../base/diagnostic.ts";
import { lazily } from "../../base/lazy.ts";
import type { Span } from "../../base/span.ts";
import { parseDeclarations } from "../../elaborate/elaborate.ts";
import { isFunctionIn } from "../../elaborate/names/scope.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { createBodies } from "../../syntax/definitions/bodies.ts";
import type { BodyOptions } from "../../syntax/definitions/uses.ts";
import { isLatex } from "../../syntax/latex/scan.ts";
import { type LatexOptions, translate } from "../../syntax/latex/translate.ts";
import { type Token, tokenize } from "../../syntax/tokens/lexer.ts";
import { namesStated } from "../../syntax/tokens/statements.ts";
import { rewritten } from "../../syntax/tokens/writer.ts";
import type { Refusal } from "./call.ts";
import type { Expression } from "./question.ts";

/** A text of the plain language with the text that it stands for. */
export interface Plain {
  readonly text: string;
  readonly source: string;
  /** What is shown of it: a plain source as it is, LaTeX in the plain notation. */
  readonly shown: string;
  readonly isLatex: boolean;
  /** The place in the source that a place in the text stands for. */
  readonly toSource: (from: number, to: number) => Span;
}

/** What is known of names before a text is read. */
export type Known = Pick<Expression, "vars" | "let" | "declarations" | "notation">;

/**
 * The text in the plain notation, without the functions that it defines; a text that is so already stays as it is. Throws
 * an InputError for LaTeX that is not understood, and where a function cannot be written out.
 */
export function plainText(source: string, known: Known, library: Library, more: LatexOptions = {}): Plain {
  if (!isInLatex(source, known)) {
    const written = createBodies(bodyOptions(known, library)).written(source);
    const { text, toSource } = written ?? { text: source, toSource: (start, end) => ({ start, end }) };
    return { text, source, shown: source, isLatex: false, toSource };
  }
  const options = bodyOptions(known, library);
  const { isKnown: isVariable, isFunction } = options;
  const defined = new Set((known.let ?? []).map(([name]) => name));
  const isDefined = (name: string): boolean => defined.has(name);
  const plain = translate(source, { isVariable, isFunction, isDefined, keepsCalls: true, hasDifferentials: true, ...more });
  return { ...rewritten(plain, createBodies(options).written), source, shown: plain.text, isLatex: true };
}

/** Whether a text is LaTeX, by what is said of it or by its commands. */
export const isInLatex = (source: string, { notation }: Pick<Known, "notation">): boolean =>
  notation === undefined ? isLatex(source) : notation === "latex";

/** Reads plain statements one after the other, each without the functions that those before define. */
export function statementReader(library: Library): (statement: string, known: Known) => string {
  let options = bodyOptions({}, library);
  const bodies = createBodies({
    isFunction: (name) => options.isFunction(name),
    isKnown: (name) => options.isKnown(name),
    derivativesInside: true,
  });
  return (statement, known) => {
    options = bodyOptions(known, library);
    return bodies.written(statement)?.text ?? statement;
  };
}

function bodyOptions(known: Known, library: Library): BodyOptions {
  const names = lazily(() => namesKnown(known, []));
  const isKnown = (name: string): boolean => names().has(name);
  const isFunction = (name: string): boolean => !isKnown(name) && isFunctionIn(library, name);
  return { isFunction, isKnown, derivativesInside: true };
}

/** A text of the plain language as it is shown: the e of a power as a letter. */
export const shownText = (plain: string): string => plain.replaceAll(POWER_OF_E, "e^");

/** The names that a context declares as numbers. */
export function numbersDeclared({ vars, declarations }: Pick<Known, "vars" | "declarations">): ReadonlySet<string> {
  const given = Object.entries(vars ?? {}).flatMap(([name, sizes]) => (sizes.length === 0 ? [name] : []));
  const read = declarations === undefined ? undefined : parseDeclarations(declarations);
  const said = read?.ok === true ? read.variables.filter(({ shape }) => isScalarShape(shape)) : [];
  return new Set([...given, ...said.map(({ name }) => name)]);
}

/** The names that a context declares or defines, r(t) and f : R^n → R^m among them, and those that the text before a statement does. */
export function namesKnown(context: Pick<Known, "vars" | "let" | "declarations">, before: readonly Token[]): Set<string> {
  const { vars = {}, let: defined = [], declarations = "" } = context;
  const read = declarations === "" ? undefined : parseDeclarations(declarations);
  const unknowns = read?.ok === true ? read.unknowns.map(({ name }) => name) : [];
  const stated = [...namesStated(tokenize(declarations)), ...namesStated(before)];
  return new Set([...Object.keys(vars), ...stated, ...unknowns, ...defined.map(([name]) => name)]);
}

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
