// A document to its claims: formulas found, names declared and defined, everything else
// counted as skipped with its reason.
//
// Invariant: every formula of the document is a claim, a definition, a declaration, or is
// skipped with a reason; nothing is lost. Linear in the length of the document.

import { InputError } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import type { Span } from "../../base/span.ts";
import type { Attribute } from "../../expr/attributes.ts";
import type { Library } from "../../rewrite/library.ts";
import { expand, type Macro, readMacro } from "../../syntax/latex/macros.ts";
import { type Styles, stylesOf } from "../../syntax/latex/names.ts";
import { type LatexToken, matchBraces, scan } from "../../syntax/latex/scan.ts";
import type { Mention, Named } from "../claim/text/prose.ts";
import type { Names } from "./context.ts";
import { type Settings, takeDirective } from "./directive.ts";
import { type DocumentFormat, findItems, type Item } from "./find.ts";
import { NO_CLAIM, type ReadSide, type Skipped, sentenceTaker, type Taken } from "./formula.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { BOXES } from "./outline.ts";
import { openPassage, type Passage } from "./passage.ts";
import { type Sentence, type Side, sentencesOf } from "./sentences.ts";

/** A chain of equations that is to be judged. */
export interface Chain {
  readonly sides: readonly ReadSide[];
  readonly place: number;
  readonly section: number;
  /** Settings that a comment of the document made. */
  readonly settings: Settings;
}

/** What a document states, in the order in which it does. */
export interface ReadDocument {
  readonly format: DocumentFormat;
  readonly chains: readonly Chain[];
  readonly names: Names;
  readonly formulas: number;
  readonly declarations: number;
  readonly definitions: number;
  readonly skipped: readonly Skipped[];
  /** What cannot be read at all: environments without an end, comments for nabla that are not understood. */
  readonly problems: readonly Skipped[];
  /** Whether the document sets a letter in bold where it stands for a vector or a matrix. */
  readonly isBold: (letter: string) => boolean;
}

type Formula = Item & { kind: "formula" };

const isFormula = (item: Item): item is Formula => item.kind === "formula";

/** A document while it is read. */
interface Reading {
  readonly text: string;
  readonly ledger: Ledger;
  readonly passage: Passage;
  readonly take: (sentence: Sentence) => Taken;
  readonly chains: Chain[];
  readonly skipped: Skipped[];
  readonly problems: Skipped[];
  /** What comments have said so far: how to judge, and whether at all. */
  settings: Settings;
  off: boolean;
  skipNext: boolean;
}

/** Reads a document. */
export function readDocument(text: string, format: DocumentFormat, library: Library): ReadDocument {
  const items = findItems(text, format);
  const macros = macrosOf(text, items);
  const formulas = items.filter(isFormula);
  const styles = stylesOf(tokensOf(text, formulas, macros));
  const scalars = [...styles.both].filter((letter) => /^\p{Ll}$/u.test(letter));
  const reading = openReading(text, openLedger(library, scalars), { macros, styles });
  const { ledger, passage, chains, skipped, problems } = reading;
  let at = 0;
  for (const [i, item] of items.entries()) {
    passage.read(at, isFormula(item) ? item.outer.start : item.start);
    at = takeItem(reading, item, items[i + 1]);
  }
  passage.read(at, text.length);
  passage.endSentence(text.length);
  const isBold = boldLetters(text, styles);
  return { format, chains, names: ledger.names, formulas: formulas.length, ...ledger.counts(), skipped, problems, isBold };
}

function openReading(text: string, ledger: Ledger, written: { readonly macros: Map<string, Macro>; readonly styles: Styles }): Reading {
  const { isVariable, isFunction, isDefined, definedAt, isSize } = ledger;
  const problems: Skipped[] = [];
  const take = sentenceTaker(
    text,
    ledger,
    { ...written, isVariable, isFunction, isDefined, definedAt, isSize, hasDifferentials: true },
    (at) => {
      if (problems.at(-1)?.start !== at.start) problems.push(at);
    },
  );
  const said = { settings: {}, off: false, skipNext: false };
  return { text, ledger, passage: openPassage(text, ledger), take, chains: [], skipped: [], problems, ...said };
}

/** Takes an item; `next` is the one behind it. Answers with where it ends. */
function takeItem(reading: Reading, item: Item, next: Item | undefined): number {
  const { ledger, passage, problems } = reading;
  switch (item.kind) {
    case "formula":
      takeFormula(reading, item);
      return item.outer.end;
    case "directive":
      takeComment(reading, item);
      return item.end;
    case "heading":
      passage.endSentence(item.end);
      ledger.beginSection(item.start);
      return item.end;
    case "paragraph":
      passage.endSentence(item.end);
      // A display that follows belongs to what was said before it.
      if (next?.kind !== "formula" || !next.display) ledger.endConditions(item.end);
      return item.end;
    case "unclosed":
      problems.push({ start: item.start, end: item.end, reason: `${item.mark} is never closed` });
      return item.end;
    case "macro":
      return item.end;
  }
}

function takeFormula(reading: Reading, { start, end, outer, display }: Formula): void {
  const { text, ledger, passage, skipped } = reading;
  if (reading.off || reading.skipNext) {
    reading.skipNext = false;
    passage.mention({});
    skipped.push({ ...outer, reason: "a comment says so" });
    return;
  }
  const words = wordsIn(text, start, end);
  const hasWords = words.length > 0;
  // What its own words say is about a display as a whole.
  if (display) passage.endSentence(hasWords ? outer.start : outer.end);
  const sentences = sentencesOf(text, start, end);
  if (sentences.length === 0) skipped.push({ ...outer, reason: "it is empty" });
  let listed = nothingListed();
  for (const sentence of sentences) {
    // Words between the statements of a formula are prose, as in "= 2 A x for symmetric A".
    while (words[0] !== undefined && words[0].start < (sentence.sides[0] as Side).start) {
      passage.mention(mentionOf(listed));
      const { start: from, end: to } = words.shift() as Span;
      passage.read(from, to);
      listed = nothingListed();
    }
    const taken = takeSentence(reading, sentence);
    list(taken, listed);
    if (isMentionAlone(taken)) skipped.push({ start, end, reason: NO_CLAIM });
  }
  // A name may be a size: "of length $n$".
  if (listed.names.length === 1) listed.size ??= listed.names[0]?.name;
  passage.mention(mentionOf(listed));
  for (const { start: from, end: to } of words) passage.read(from, to);
  if (display && hasWords) passage.endSentence(outer.end);
  if (display) ledger.endConditions(outer.end);
}

/** What a formula lists for the sentence that it stands in. */
interface Listed {
  readonly names: Named[];
  readonly attributes: Attribute[];
  size?: string | undefined;
}

const nothingListed = (): Listed => ({ names: [], attributes: [] });

function list(taken: Taken, listed: Listed): void {
  if (taken.kind === "size") listed.size = taken.size;
  if (taken.kind !== "names") return;
  listed.names.push(...taken.names);
  listed.attributes.push(...(taken.attributes ?? []));
}

/** Whether a sentence of a formula mentions names, and says no more of them than the prose around it. */
const isMentionAlone = (taken: Taken): boolean =>
  taken.kind === "size" || (taken.kind === "names" && (taken.attributes ?? []).length === 0 && taken.names[0]?.space === undefined);

const mentionOf = ({ names, attributes, size }: Listed): Mention => ({
  ...(names.length > 0 ? { names } : {}),
  ...(attributes.length > 0 ? { attributes } : {}),
  ...optional({ size }),
});

const BOX = new RegExp(String.raw`\\(?:${BOXES.join("|")})\s*\{([^{}$\\]*)\}`, "g");

/** Where words stand in boxes of a formula. */
const wordsIn = (text: string, start: number, end: number): Span[] =>
  [...text.slice(start, end).matchAll(BOX)].map((m) => {
    const from = start + m.index + m[0].indexOf("{") + 1;
    return { start: from, end: from + (m[1] as string).length };
  });

function takeSentence({ ledger, take, chains, skipped, settings }: Reading, sentence: Sentence): Taken {
  const section = ledger.section();
  const taken = take(sentence);
  const [first, last] = [sentence.sides[0], sentence.sides.at(-1)] as [Side, Side];
  if (taken.kind === "skipped") skipped.push({ start: first.start, end: last.end, reason: taken.reason });
  if (taken.kind === "chain") {
    skipped.push(...taken.leftOut);
    chains.push({ sides: taken.sides, place: first.start, section, settings });
  }
  return taken;
}

function takeComment(reading: Reading, item: Item): void {
  const said = takeDirective(reading.text, item, reading.ledger);
  if (said.kind === "off" || said.kind === "on") reading.off = said.kind === "off";
  if (said.kind === "skip") reading.skipNext = true;
  if (said.kind === "settings") reading.settings = { ...reading.settings, ...said.settings };
  if (said.kind === "problem") reading.problems.push(said.problem);
}

function boldLetters(text: string, styles: Styles): (letter: string) => boolean {
  const setsBold = /\\(?:mathbf|boldsymbol|bm|vec)\b/.test(text);
  return (letter) => setsBold && !styles.plain.has(letter) && !styles.both.has(letter);
}

function macrosOf(text: string, items: readonly Item[]): Map<string, Macro> {
  const macros = new Map<string, Macro>();
  for (const item of items) {
    if (item.kind !== "macro") continue;
    const tokens = scan(text, item.start, item.end);
    const read = readMacro(tokens, 0, matchBraces(tokens));
    if (read !== undefined) macros.set(read.name, read.macro);
  }
  return macros;
}

// The tokens of every formula, macros put in; what is not understood counts as it stands.
function* tokensOf(text: string, formulas: readonly Formula[], macros: ReadonlyMap<string, Macro>): Generator<readonly LatexToken[]> {
  for (const f of formulas) {
    const tokens = scan(text, f.start, f.end);
    try {
      yield expand(tokens, matchBraces(tokens), macros);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      yield tokens;
    }
  }
}
