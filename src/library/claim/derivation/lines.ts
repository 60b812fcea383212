// The lines of a derivation as text: declarations and definitions, which stand in front of all
// that follows, and chains of equations.
//
// Invariant: every statement is one of these, or nothing that can be judged. Not here: what an
// equation says, and whether it is right (derivation.ts).

import type { Diagnostic } from "../../../base/diagnostic.ts";
import { type Statement, statementIn, type WrittenSide } from "../text/statement.ts";

/** Where a line begins, 1-based, and what it says. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** One line as it stands in the text. */
export type WrittenLine =
  /** `nothing` is no declaration, no definition and no equation. */
  | { readonly kind: "declaration" | "definition" | "nothing"; readonly place: Place }
  | { readonly kind: "fault"; readonly place: Place; readonly fault: Diagnostic }
  | {
      readonly kind: "chain";
      /** The chain behind the declarations and definitions before it. */
      readonly statement: Statement;
      /** Where its members stand. */
      readonly places: readonly Place[];
      /** Whether a comment stands behind it. */
      readonly explained: boolean;
    };

/** Names that a derivation may use. */
export interface KnownNames {
  readonly declared: Iterable<string>;
  readonly defined: Iterable<string>;
}

/** A statement in the plain notation with the text that is shown for it, or what is wrong with it. */
export type PlainStatement = { readonly text: string; readonly shown: string } | { readonly fault: Diagnostic };

/**
 * The lines of a derivation, given the names that are known before it; a name that is known is not defined anew. `toPlain`
 * gives a statement in the plain notation.
 */
export function writtenLines(
  source: string,
  before: KnownNames,
  toPlain: (text: string, names: KnownNames) => PlainStatement,
): WrittenLine[] {
  const defined = new Set(before.defined);
  const taken: Taken = { head: "", known: new Set([...before.declared, ...defined]), defined };
  return statementsOf(source).flatMap((statement): WrittenLine[] => {
    const read = toPlain(statement.text, { declared: taken.known, defined });
    const places = statementIn(statement.text).sides;
    const placeOf: PlaceOf = (k, text) => ({ ...positionOf(source, statement.start + (places[k]?.start ?? 0)), text });
    if ("fault" in read) return [{ kind: "fault", place: placeOf(0, statement.text.trim()), fault: read.fault }];
    return linesOf(read, statement.explained, taken, placeOf);
  });
}

/** What the statements before have declared and defined; what a statement says is added. */
interface Taken {
  /** Their text. */
  head: string;
  readonly known: Set<string>;
  readonly defined: Set<string>;
}

/** Where the side of a number begins, with a text for it. */
type PlaceOf = (side: number, text: string) => Place;

function linesOf({ text, shown }: { text: string; shown: string }, explained: boolean, taken: Taken, placeOf: PlaceOf): WrittenLine[] {
  const { begin, sides } = statementIn(text);
  const [first] = sides;
  if (first === undefined) return [];
  if (sides.length === 1 && /^[^=]*:(?!=)/.test(first.text)) {
    taken.head += `${text.trim()}\n`;
    for (const name of namesDeclared(first.text)) taken.known.add(name);
    return [{ kind: "declaration", place: placeOf(0, text.trim()) }];
  }
  const shownSides = statementIn(shown).sides;
  const name = definedIn(sides, taken.known, taken.defined);
  const out: WrittenLine[] = [];
  if (name !== undefined) {
    taken.head += `${text.slice(first.start, sides[1]?.end ?? first.end).replace(/\n/g, " ")}\n`;
    taken.known.add(name);
    taken.defined.add(name);
    const definition = shown.slice(shownSides[0]?.start, (shownSides[1] ?? shownSides[0])?.end);
    out.push({ kind: "definition", place: placeOf(0, definition.replace(/\s*\n\s*/g, " ")) });
  }
  // u = a = b defines u, and a = b goes on from there.
  const from = name === undefined ? 0 : 1;
  const members = sides.slice(from);
  if (members.length > 1) {
    const at = members.map((p, k) => placeOf(from + k, (shownSides[from + k] ?? p).text));
    out.push({ kind: "chain", statement: behind(taken.head, text, members, begin), places: at, explained });
  } else if (name === undefined) out.push({ kind: "nothing", place: placeOf(0, text.trim()) });
  return out;
}

/** The new name that a statement defines; df is the differential of a name f that is defined. */
function definedIn(sides: readonly WrittenSide[], known: ReadonlySet<string>, defined: ReadonlySet<string>): string | undefined {
  const [first, ...others] = sides as [WrittenSide, ...WrittenSide[]];
  const name = /^(\p{L}[\p{L}\p{Nd}_]*)\s*:=/u.exec(first.text)?.[1] ?? (others.length > 0 && isName(first.text) ? first.text : undefined);
  const isDifferential = name?.startsWith("d") === true && defined.has(name.slice(1));
  return name === undefined || isDifferential || known.has(name) || others.some(({ text }) => mentionsName(text, name)) ? undefined : name;
}

/** Members of a statement, which begins at a place of a text, as one that stands behind others. */
function behind(head: string, statement: string, members: readonly WrittenSide[], begin: number): Statement {
  const source = head + statement.replace(/[^\S\n]*\n/g, (gap) => gap.replace("\n", " "));
  const moved = (p: WrittenSide): WrittenSide => ({ ...p, start: p.start + head.length, end: p.end + head.length });
  return { source, begin: head.length + begin, sides: members.map(moved) };
}

interface StatementText {
  /** The statement with numbering and comment blanked out. */
  readonly text: string;
  readonly start: number;
  /** Whether a comment stands behind it. */
  readonly explained: boolean;
}

const NUMBERING = /^(\s*)(\(?\d{1,3}[.)]|[-*•](?=\s))(\s+)/u;

/** What sets lines below each other in LaTeX. */
const ALIGNMENT = /&(?=\s*=)|(?<==\s*)&|\\\\(?:\[[^\]]*\])?\s*$|\\(?:begin|end)\{[a-z]+\*?\}|\\(?:notag|nonumber)(?![a-z])/g;

const blank = (text: string): string => " ".repeat(text.length);

/** Statements of a text: a line that begins with = belongs to the one before. */
function statementsOf(source: string): StatementText[] {
  const out: { text: string; start: number; explained: boolean }[] = [];
  let start = 0;
  for (const line of source.split("\n")) {
    const plain = line.replace(NUMBERING, blank).replace(ALIGNMENT, blank);
    const comment = plain.indexOf("#");
    const text = comment < 0 ? plain : plain.slice(0, comment).padEnd(plain.length);
    const last = out[out.length - 1];
    const explained = comment >= 0 && plain.slice(comment + 1).trim() !== "";
    if (text.trim() !== "") {
      if (/^\s*=(?!=)/.test(text) && last !== undefined) out[out.length - 1] = joined(source, last, text, start, explained);
      else out.push({ text, start, explained });
    }
    start += line.length + 1;
  }
  return out;
}

function joined(source: string, before: StatementText, text: string, start: number, explained: boolean): StatementText {
  const gap = source.slice(before.start + before.text.length, start).replace(/[^\n]/g, " ");
  return { text: before.text + gap + text, start: before.start, explained: before.explained || explained };
}

const mentionsName = (text: string, name: string): boolean => new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u").test(text);
const isName = (text: string): boolean => /^\p{L}[\p{L}\p{Nd}_]*$/u.test(text);

/** The names in front of the colon of each declaration. */
export function namesDeclared(text: string): string[] {
  return text.split(/[;\n]/).flatMap((d) => (/^([^:=]*):(?!=)/.exec(d)?.[1] ?? "").match(/\p{L}[\p{L}\p{N}_]*/gu) ?? []);
}

function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
