// A document to its claims: formulas found, names declared and defined, everything else
// counted as skipped with its reason.
//
// Invariant: every formula of the document is a claim, a definition, a declaration, or is
// skipped with a reason; nothing is lost. Linear in the length of the document.

import { operatorFunction } from "../../../grammar/glyphs.ts";
import { InputError } from "../../base/diagnostic.ts";
import type { Span } from "../../base/span.ts";
import type { Library } from "../../rewrite/library.ts";
import { expand, type Macro, readMacro } from "../../syntax/latex/macros.ts";
import { stylesOf } from "../../syntax/latex/names.ts";
import { type LatexToken, matchBraces, scan } from "../../syntax/latex/scan.ts";
import { translate } from "../../syntax/latex/translate.ts";
import type { Translation } from "../../syntax/latex/writer.ts";
import { parse } from "../../syntax/parse.ts";
import { type Names, namesInText, noNames, note } from "./context.ts";
import { type DocumentFormat, findItems, type Item } from "./find.ts";
import { type Mention, readSentence } from "./prose.ts";
import { type Sentence, type Side, sentencesOf } from "./sentences.ts";

/** One side of a chain in the plain notation, with its place in the document. */
export interface ReadSide extends Span {
  readonly source: string;
  /** Absent where it is not understood. */
  readonly plain?: Translation;
  /** Why it is not. */
  readonly reason?: string;
}

/** A chain of equations that is to be judged. */
export interface Chain {
  readonly sides: readonly ReadSide[];
  readonly place: number;
  readonly section: number;
  /** Settings that a comment of the document made. */
  readonly settings: Settings;
}

export interface Settings {
  readonly layout?: "numerator" | "denominator" | "mixed" | "vec";
  readonly dialect?: "standard" | "paper";
}

/** A formula that is no claim. */
export interface Skipped extends Span {
  readonly reason: string;
}

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

/** Reads a document. */
export function readDocument(text: string, format: DocumentFormat, library: Library): ReadDocument {
  const items = findItems(text, format);
  const reader = createReader(text, items, library);
  let previous = 0;
  for (let i = 0; i < items.length; i++) previous = reader.take(items, i, previous);
  reader.end(previous);
  return { format, ...reader.result() };
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

const isFormula = (item: Item): item is Formula => item.kind === "formula";

function createReader(text: string, items: readonly Item[], library: Library) {
  const macros = macrosOf(text, items);
  const formulas = items.filter(isFormula);
  const styles = stylesOf(tokensOf(text, formulas, macros));
  const setsBold = /\\(?:mathbf|boldsymbol|bm|vec)\b/.test(text);
  const names = noNames();
  const chains: Chain[] = [];
  const skipped: Skipped[] = [];
  const problems: Skipped[] = [];
  const variables = new Set<string>();
  const defined = new Set<string>();
  let section = 0;
  let declarations = 0;
  let definitions = 0;
  let settings: Settings = {};
  let off = false;
  let skipNext = false;
  // The sentence that is being read: its prose, with marks for its formulas.
  let prose = "";
  let mentions: Mention[] = [];
  let begun = 0;
  const conditions: { until?: number }[] = [];

  for (const l of styles.both) if (/^\p{Ll}$/u.test(l)) note(names.declared, l, { place: -1, section: -1, type: "scalar", attributes: [] });

  const isVariable = (name: string): boolean => variables.has(name) || defined.has(name);
  const isFunction = (name: string): boolean =>
    !isVariable(name) && (operatorFunction(name) !== undefined || library.functions.find(name) !== undefined);
  const options = { macros, styles, isVariable, isFunction, isDefined: (name: string) => defined.has(name) };

  const read = (side: Pick<Side, "start" | "end" | "text">): ReadSide => {
    const base = { start: side.start, end: side.end, source: text.slice(side.start, side.end) };
    try {
      return { ...base, plain: translate(side.text, options) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { code, message } = error.diagnostic;
      // Macros without end are no formula of another kind.
      if (code === "limit" && problems.at(-1)?.start !== side.start) problems.push({ start: side.start, end: side.end, reason: message });
      return { ...base, reason: message };
    }
  };

  const declare = (
    list: readonly string[],
    type: string | undefined,
    attributes: readonly string[],
    place: number,
    condition = false,
  ): void => {
    for (const name of list) {
      if (type !== undefined) {
        note(names.declared, name, { place, section, attributes, type });
        variables.add(name);
        defined.delete(name);
        continue;
      }
      const said = { place, section, attributes, ...(condition ? { until: Number.POSITIVE_INFINITY } : {}) };
      if (condition) conditions.push(said);
      note(names.conditions, name, said);
    }
    declarations++;
  };

  const endSentence = (at: number): void => {
    if (mentions.length > 0 && prose.length < LONGEST_SENTENCE)
      for (const said of readSentence(prose, mentions)) declare(said.names, said.type, said.attributes, begun, said.conditional);
    prose = "";
    mentions = [];
    begun = at;
  };

  /** Prose between two items: sentences end in it. */
  const readProse = (from: number, to: number): void => {
    let start = from;
    const piece = text.slice(from, Math.min(to, from + 100_000));
    for (const m of piece.matchAll(/[.!?;](?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)/g)) {
      prose += text.slice(start, from + m.index);
      endSentence(from + m.index + 1);
      start = from + m.index + m[0].length;
    }
    prose += text
      .slice(start, to)
      .replace(/[*_]{1,2}/g, "")
      .replace(/\s+/g, " ");
  };

  const mention = (said: Mention): void => {
    prose += `⟦${mentions.length}⟧`;
    mentions.push(said);
  };

  const takeFormula = (item: Formula): void => {
    const skip = (reason: string): void => {
      skipped.push({ start: item.outer.start, end: item.outer.end, reason });
    };
    if (off || skipNext) {
      skipNext = false;
      mention({});
      skip("a comment says so");
      return;
    }
    if (item.display) endSentence(item.outer.end);
    const sentences = sentencesOf(text, item.start, item.end);
    if (sentences.length === 0) skip("it is empty");
    const listed: string[] = [];
    let size: string | undefined;
    for (const sentence of sentences) {
      const what = takeSentence(sentence);
      if (what.kind === "names") listed.push(...what.names);
      if (what.kind === "size") size = what.size;
      if (what.kind === "skipped")
        skipped.push({ start: (sentence.sides[0] as Side).start, end: (sentence.sides.at(-1) as Side).end, reason: what.reason });
      if ((what.kind === "names" && !what.declared) || what.kind === "size")
        skipped.push({ start: item.start, end: item.end, reason: NO_CLAIM });
    }
    // A name may be a size: "of length $n$".
    if (listed.length === 1) size ??= listed[0];
    mention({ ...(listed.length > 0 ? { names: listed } : {}), ...(size === undefined ? {} : { size }) });
    if (item.display) for (const c of conditions.splice(0)) c.until = item.outer.end;
  };

  type Taken =
    | { kind: "names"; names: string[]; declared: boolean }
    | { kind: "size"; size: string }
    | { kind: "skipped"; reason: string }
    | { kind: "taken" };

  const takeSentence = (sentence: Sentence): Taken => {
    const { sides, relations } = sentence;
    const [first, second] = sides as [Side, Side | undefined];
    if (second === undefined) {
      const one = read(first);
      const plain = one.plain?.text ?? "";
      if (NAMES.test(plain)) return { kind: "names", names: plain.split(",").map((n) => n.trim()), declared: false };
      const size = SIZE.exec(plain.replace(/\*/g, "×"));
      if (size !== null) return { kind: "size", size: size[0] };
      return { kind: "skipped", reason: one.plain === undefined && sides.length > 0 ? (one.reason ?? NO_CLAIM) : NO_CLAIM };
    }
    if (relations[0] === "element" && sides.length === 2) return takeSpace(first, second);
    if (relations.some((r) => r !== "=")) return { kind: "skipped", reason: "it is no equation" };
    return takeEquation(sentence);
  };

  const takeSpace = (first: Side, second: Side): Taken => {
    const left = read(first);
    const right = read(second);
    const list = (left.plain?.text ?? "").split(",").map((n) => n.trim());
    const type = right.plain?.text ?? "";
    if (!list.every((n) => NAMES.test(n)) || !/^(?:positive )?(?:R\^|scalar$|symmetric|posdef)/.test(type))
      return { kind: "skipped", reason: "it states no space of numbers, vectors or matrices" };
    const known = parse(`${list[0]} : ${type}`);
    if (!known.ok) return { kind: "skipped", reason: known.diagnostics[0]?.message ?? "" };
    declare(list, type, [], first.start);
    return { kind: "names", names: list, declared: true };
  };

  const takeEquation = (sentence: Sentence): Taken => {
    const { sides, defining } = sentence;
    const [first, second] = sides as [Side, Side];
    const definition = definitionIn(first, second, defining);
    if (definition !== undefined && "reason" in definition) return { kind: "skipped", reason: definition.reason };
    if (definition !== undefined) {
      const { name, plain } = definition;
      defined.add(name);
      note(names.defined, name, {
        place: first.start,
        section,
        text: plain,
        names: namesInText(plain).filter((n) => n !== name),
        span: { start: second.start, end: second.end },
      });
      definitions++;
      if (sides.length === 2) return { kind: "taken" };
    }
    const rest = (definition === undefined ? sides : sides.slice(1)).map(read);
    const readable = rest.filter((s) => s.plain !== undefined);
    if (readable.length < 2) return { kind: "skipped", reason: rest.find((s) => s.reason !== undefined)?.reason ?? NO_CLAIM };
    for (const s of rest) if (s.reason !== undefined) skipped.push({ start: s.start, end: s.end, reason: s.reason });
    chains.push({ sides: readable, place: first.start, section, settings });
    return { kind: "taken" };
  };

  /** z = …, f(x) = …: a definition where the name is new in this section, or := says so. */
  const definitionIn = (first: Side, second: Side, defining: boolean): { name: string; plain: string } | { reason: string } | undefined => {
    let whole: string;
    try {
      whole = translate(`${first.text} = ${second.text}`, options).text;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // A name whose definition is not understood is not the one it was before.
      const left = read(first).plain?.text ?? "";
      if (NAMES.test(left) && !left.includes(",")) defined.delete(left);
      return undefined;
    }
    const m = /^\s*([^=<>]*?)\s*=(?!=)\s*([\s\S]*)$/u.exec(whole);
    const [, name = "", plain = ""] = m ?? [];
    if (!ONE_NAME.test(name) || /^∂|^∇/u.test(plain)) return undefined;
    if (/_\p{L}$/u.test(name)) return { reason: "it defines an entry" };
    if (/^[ijklmnpqrst]$/.test(name) && /^[\d.]+$/.test(plain)) return { reason: "it sets an index" };
    if (namesInText(plain).includes(name)) return { reason: `${name} stands on both sides` };
    const before = names.defined.get(name)?.at(-1);
    if (before !== undefined && before.section === section && !defining && defined.has(name)) return undefined;
    const value = parse(plain, { isFunction, isVariable });
    if (!value.ok || value.document.final?.kind !== "value" || value.document.final.value.kind === "derivative") return undefined;
    return { name: name.replace(/[{}]/g, ""), plain };
  };

  const takeDirective = (from: number, to: number): void => {
    const said = text.slice(from, to).trim();
    if (said === "off" || said === "on") off = said === "off";
    else if (said === "skip") skipNext = true;
    else if (/^layout[ :]\s*(?:numerator|denominator|mixed|vec)$/.test(said))
      settings = { ...settings, layout: said.split(/[ :]+/)[1] as NonNullable<Settings["layout"]> };
    else if (/^dialect[ :]\s*(?:paper|standard)$/.test(said))
      settings = { ...settings, dialect: said.split(/[ :]+/)[1] as NonNullable<Settings["dialect"]> };
    else takeStatements(said, from + text.slice(from, to).indexOf(said));
  };

  const takeStatements = (said: string, at: number): void => {
    const result = parse(said, { isFunction, isVariable });
    if (!result.ok || result.document.final !== undefined) {
      const d = result.ok ? undefined : result.diagnostics[0];
      const start = at + (d?.span.start ?? 0);
      problems.push({ start, end: Math.max(start + 1, at + (d?.span.end ?? said.length)), reason: d?.message ?? DIRECTIVES });
      return;
    }
    for (const d of result.document.declarations)
      declare(
        d.names.map((n) => n.name),
        said.slice(d.type.span.start, d.type.span.end),
        [],
        at,
      );
    for (const d of result.document.definitions) {
      const plain = said.slice(d.value.span.start, d.value.span.end);
      defined.add(d.name);
      note(names.defined, d.name, {
        place: at,
        section,
        text: plain,
        names: namesInText(plain).filter((n) => n !== d.name),
        span: { start: at + d.value.span.start, end: at + d.value.span.end },
      });
      definitions++;
    }
  };

  /** Takes the item at a position; `previous` is where the one before ended. */
  const take = (all: readonly Item[], i: number, previous: number): number => {
    const item = all[i] as Item;
    const begin = item.kind === "formula" ? item.outer.start : item.start;
    readProse(previous, begin);
    switch (item.kind) {
      case "formula":
        takeFormula(item);
        return item.outer.end;
      case "directive":
        takeDirective(item.start, item.end);
        return item.end;
      case "heading":
        endSentence(item.end);
        section++;
        for (const c of conditions.splice(0)) c.until = item.start;
        return item.end;
      case "paragraph": {
        endSentence(item.end);
        // A display that follows belongs to what was said before it.
        const next = all[i + 1];
        if (next?.kind !== "formula" || !next.display) for (const c of conditions.splice(0)) c.until = item.end;
        return item.end;
      }
      case "unclosed":
        problems.push({ start: item.start, end: item.end, reason: `${item.mark} is never closed` });
        return item.end;
      case "macro":
        return item.end;
    }
  };

  return {
    take,
    /** Reads what stands behind the last item. */
    end: (previous: number): void => {
      readProse(previous, text.length);
      endSentence(text.length);
    },
    result: () => ({
      chains,
      names,
      formulas: formulas.length,
      declarations,
      definitions,
      skipped,
      problems,
      isBold: (letter: string) => setsBold && !styles.plain.has(letter) && !styles.both.has(letter),
    }),
  };
}

/** Longest sentence whose prose is read. */
const LONGEST_SENTENCE = 3000;

const NO_CLAIM = "it is no equation";
const DIRECTIVES = "after nabla: stand declarations, definitions, layout, dialect, skip, off or on";
const WORD = "[\\p{Lu}\\p{Ll}][\\p{Lu}\\p{Ll}\\p{M}\\p{Nd}]*(?:_\\{[^{}]*\\}|_[\\p{Lu}\\p{Ll}\\p{Nd}]+)?";
const ONE_NAME = new RegExp(`^${WORD}$`, "u");
const NAMES = new RegExp(`^${WORD}(?:\\s*,\\s*${WORD})*$`, "u");
const SIZE = /^[\p{L}\d_+\- ]+(?:× ?[\p{L}\d_+\- ]+)$/u;

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
