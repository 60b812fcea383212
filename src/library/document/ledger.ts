// The names of a document while it is read: what it declares, defines and says of each, in
// which section, and what a word means at the place reached.
//
// Invariant: a name is a variable or defined, by the last word said of it; a condition ends
// where its paragraph ends, or the display that follows it.

import { isFunctionIn } from "../../elaborate/names/scope.ts";
import type { Attribute } from "../../expr/attributes.ts";
import type { Library } from "../../rewrite/library.ts";
import { type Defined, type Names, namesInText, noNames, note, noteLasting } from "./context.ts";

/** What has been said of names up to the place reached, and how more is noted. */
export interface Ledger {
  readonly names: Names;
  readonly isVariable: (name: string) => boolean;
  readonly isFunction: (name: string) => boolean;
  readonly isDefined: (name: string) => boolean;
  /** What a name is defined at in the section reached, as the x of f(x). */
  readonly definedAt: (name: string) => string | undefined;
  /** Whether a declared type has it for a size. */
  readonly isSize: (name: string) => boolean;
  /** Notes the type of names, or attributes alone. A condition holds until `endConditions`. */
  readonly declare: (names: readonly string[], said: Said) => void;
  /** Notes what a name stands for. */
  readonly define: (name: string, said: Definition) => void;
  /** What the name stood for counts no more: what it stands for from a place on is not understood. */
  readonly forget: (name: string, place: number) => void;
  /** Ends the conditions that hold: they are about nothing behind the place. */
  readonly endConditions: (at: number) => void;
  /** Ordinal of the section reached. */
  readonly section: () => number;
  /** Begins a section, before which conditions end. */
  readonly beginSection: (at: number) => void;
  readonly counts: () => { readonly declarations: number; readonly definitions: number };
}

/** A definition as it is stated: its text in the plain notation, and whether it was entry by entry. */
type Definition = Pick<Defined, "place" | "text" | "span" | "byEntries" | "doubtful" | "at">;

interface Said {
  readonly place: number;
  readonly type?: string | undefined;
  readonly attributes?: readonly Attribute[];
  readonly conditional?: boolean;
}

/** A ledger without entries but for `scalars`, letters that stand for numbers wherever nothing else is said. */
export function openLedger(library: Library, scalars: Iterable<string>): Ledger {
  const book = emptyBook();
  for (const name of scalars) note(book.names.declared, name, { place: -1, section: -1, type: "scalar", attributes: [] });
  const isVariable = (name: string): boolean => book.variables.has(name) || book.defined.has(name);
  return {
    names: book.names,
    isVariable,
    isFunction: (name) => !isVariable(name) && isFunctionIn(library, name),
    isDefined: (name) => book.defined.has(name),
    isSize: (name) => book.sizes.has(name),
    declare: (names, said) => {
      for (const name of names) declareName(book, name, said);
      book.declarations++;
    },
    definedAt: (name) => {
      const last = book.names.defined.get(name)?.at(-1);
      return last?.section === book.section ? last.at : undefined;
    },
    define: (name, { place, ...said }) => {
      const names = namesInText(said.text).filter((n) => n !== name);
      book.defined.add(name);
      note(book.names.defined, name, { place, section: book.section, names, ...said });
      book.definitions++;
    },
    forget: (name, place) => {
      book.defined.delete(name);
      note(book.names.unread, name, { place, section: book.section });
    },
    endConditions: (at) => endConditions(book, at),
    section: () => book.section,
    beginSection: (at) => {
      book.section++;
      endConditions(book, at);
    },
    counts: () => ({ declarations: book.declarations, definitions: book.definitions }),
  };
}

/** What a ledger keeps. */
interface Book {
  readonly names: Names;
  readonly variables: Set<string>;
  readonly defined: Set<string>;
  /** Names in declared types. */
  readonly sizes: Set<string>;
  /** The conditions that hold at the place reached. */
  readonly conditions: { until: number }[];
  section: number;
  declarations: number;
  definitions: number;
}

const emptyBook = (): Book => ({
  names: noNames(),
  variables: new Set(),
  defined: new Set(),
  sizes: new Set(),
  conditions: [],
  section: 0,
  declarations: 0,
  definitions: 0,
});

/** Notes what is said of a name: its type, or attributes for good, or attributes on a condition. */
function declareName(book: Book, name: string, { place, type, attributes = [], conditional = false }: Said): void {
  const { names, section } = book;
  if (type !== undefined) {
    for (const size of namesInText(type)) book.sizes.add(size);
    note(names.declared, name, { place, section, attributes, type });
    book.variables.add(name);
    book.defined.delete(name);
  } else if (conditional) {
    const condition = { place, section, attributes, until: Number.POSITIVE_INFINITY };
    book.conditions.push(condition);
    note(names.conditions, name, condition);
  } else noteLasting(names, name, { section }, attributes);
}

function endConditions(book: Book, at: number): void {
  for (const condition of book.conditions.splice(0)) condition.until = at;
}
