// The names of a document while it is read: what it declares, defines and says of each, in
// which section, and what a word means at the place reached.
//
// Invariant: a name is a variable or defined, by the last word said of it; a condition ends
// where its paragraph ends, or the display that follows it.

import { operatorFunction } from "../../../grammar/glyphs.ts";
import type { Span } from "../../base/span.ts";
import type { Attribute } from "../../expr/attributes.ts";
import type { Library } from "../../rewrite/library.ts";
import { type Names, namesInText, noNames, note, noteLasting } from "./context.ts";

/** What has been said of names up to the place reached, and how more is noted. */
export interface Ledger {
  readonly names: Names;
  readonly isVariable: (name: string) => boolean;
  readonly isFunction: (name: string) => boolean;
  readonly isDefined: (name: string) => boolean;
  /** Whether a declared type has it for a size. */
  readonly isSize: (name: string) => boolean;
  /** Notes the type of names, or attributes alone. A condition holds until `endConditions`. */
  readonly declare: (names: readonly string[], said: Said) => void;
  /** Notes what a name stands for: its text in the plain notation, where it is stated, and whether it was entry by entry. */
  readonly define: (name: string, plain: string, place: number, span: Span, byEntries: boolean) => void;
  /** What the name stood for counts no more. */
  readonly forget: (name: string) => void;
  /** Ends the conditions that hold: they are about nothing behind the place. */
  readonly endConditions: (at: number) => void;
  /** Ordinal of the section reached. */
  readonly section: () => number;
  /** Begins a section, before which conditions end. */
  readonly beginSection: (at: number) => void;
  readonly counts: () => { readonly declarations: number; readonly definitions: number };
}

interface Said {
  readonly place: number;
  readonly type?: string | undefined;
  readonly attributes?: readonly Attribute[];
  readonly conditional?: boolean;
}

/** A ledger without entries but for `scalars`, letters that stand for numbers wherever nothing else is said. */
export function openLedger(library: Library, scalars: Iterable<string>): Ledger {
  const names = noNames();
  const variables = new Set<string>();
  const defined = new Set<string>();
  const sizes = new Set<string>();
  const conditions: { until: number }[] = [];
  let section = 0;
  let declarations = 0;
  let definitions = 0;
  for (const name of scalars) note(names.declared, name, { place: -1, section: -1, type: "scalar", attributes: [] });

  const isVariable = (name: string): boolean => variables.has(name) || defined.has(name);
  const endConditions = (at: number): void => {
    for (const c of conditions.splice(0)) c.until = at;
  };
  return {
    names,
    isVariable,
    isFunction: (name) => !isVariable(name) && (operatorFunction(name) !== undefined || library.functions.find(name) !== undefined),
    isDefined: (name) => defined.has(name),
    isSize: (name) => sizes.has(name),
    declare: (list, { place, type, attributes = [], conditional = false }) => {
      for (const name of list) {
        if (type !== undefined) {
          for (const size of namesInText(type)) sizes.add(size);
          note(names.declared, name, { place, section, attributes, type });
          variables.add(name);
          defined.delete(name);
          continue;
        }
        if (!conditional) {
          noteLasting(names, name, { section }, attributes);
          continue;
        }
        const said = { place, section, attributes, until: Number.POSITIVE_INFINITY };
        conditions.push(said);
        note(names.conditions, name, said);
      }
      declarations++;
    },
    define: (name, plain, place, span, byEntries) => {
      defined.add(name);
      note(names.defined, name, { place, section, text: plain, names: namesInText(plain).filter((n) => n !== name), span, byEntries });
      definitions++;
    },
    forget: (name) => {
      defined.delete(name);
    },
    endConditions,
    section: () => section,
    beginSection: (at) => {
      section++;
      endConditions(at);
    },
    counts: () => ({ declarations, definitions }),
  };
}
