// What a document has said of a name up to a place: its type, its attributes, its
// definition.
//
// Invariant: the last word before a place counts; where there is none, the first one after
// it in the same section, as in "where $x \in \mathbb{R}^n$". A condition holds to the end of
// its paragraph and for the display that follows. Prose that gives a vector what only square
// matrices have was about another name.

import type { Span } from "../../base/span.ts";
import { parseDeclarations } from "../../elaborate/elaborate.ts";
import { type Attribute, isOfSquares } from "../../expr/attributes.ts";
import { isOneDim } from "../../expr/dim.ts";

/** Where something is said, or asked for. */
export interface Spot {
  readonly place: number;
  /** Ordinal of the section that it stands in. */
  readonly section: number;
}

/** A declaration of a name. */
export interface Declared extends Spot {
  readonly type: string;
  readonly attributes: readonly Attribute[];
}

/** Attributes said of a name apart from its type that hold for a while, as in "where S is symmetric". */
export interface Condition extends Spot {
  readonly attributes: readonly Attribute[];
  /** Where it ends; not before those that were said earlier. */
  readonly until: number;
}

/** A definition of a name. */
export interface Defined extends Spot {
  /** In the plain notation. */
  readonly text: string;
  /** The names in it. */
  readonly names: readonly string[];
  /** Where the defining term stands. */
  readonly span: Span;
  /** What it is defined at, as the x of f(x). */
  readonly at?: string;
  /** Whether its entries are stated; what they are together may then not be what is said of the name elsewhere. */
  readonly byEntries: boolean;
  /** Whether it may be no vector of numbers: m_k = Σ_i r_ik x_i of samples x_i. It makes claims right and refutes none. */
  readonly doubtful?: boolean;
}

/** Everything that a document says of its names. */
export interface Names {
  readonly declared: Map<string, Declared[]>;
  readonly conditions: Map<string, Condition[]>;
  /** Attributes of names that hold without end, each with the sections in which it is said. */
  readonly lasting: Map<string, Map<Attribute, number[]>>;
  readonly defined: Map<string, Defined[]>;
  /** Definitions that are not understood. */
  readonly unread: Map<string, Spot[]>;
}

/** Nothing said of any name. */
export const noNames = (): Names => ({
  declared: new Map(),
  conditions: new Map(),
  lasting: new Map(),
  defined: new Map(),
  unread: new Map(),
});

/** Adds to the statements about a name; they come in order. */
export function note<T extends Spot>(to: Map<string, T[]>, name: string, statement: T): void {
  const before = to.get(name);
  if (before === undefined) to.set(name, [statement]);
  else before.push(statement);
}

/** Adds attributes of a name that hold without end. */
export function noteLasting({ lasting }: Names, name: string, { section }: Pick<Spot, "section">, attributes: readonly Attribute[]): void {
  const own = lasting.get(name) ?? new Map<Attribute, number[]>();
  lasting.set(name, own);
  for (const a of attributes) {
    const sections = own.get(a);
    if (sections === undefined) own.set(a, [section]);
    else if (sections[sections.length - 1] !== section) sections.push(section);
  }
}

/** The definition that counts at a place. */
export function definitionAt(names: Names, name: string, { place, section }: Spot): Defined | undefined {
  const all = names.defined.get(name) ?? [];
  const last = all[countBefore(all, place) - 1];
  const typed = names.declared.get(name) ?? [];
  const declared = typed[countBefore(typed, place) - 1];
  // A declaration in a later section takes the name for something else.
  if (last !== undefined)
    return declared !== undefined && declared.place > last.place && declared.section > last.section ? undefined : last;
  return declared === undefined ? inSection(all[0], section) : undefined;
}

/** Whether the last definition of a name in the section before a place is not understood. */
export function isUnreadAt(names: Names, name: string, at: Spot): boolean {
  const all = names.unread.get(name) ?? [];
  const last = all[countBefore(all, at.place) - 1];
  return last?.section === at.section && last.place > (definitionAt(names, name, at)?.place ?? -1);
}

/** A name before a bracket. */
const BEFORE_BRACKET = /([\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\p{M}\p{Nd}_]*)\s*(?=\()/gu;

/** Whether a function of the document stands in a text at another place than it is defined at, as f(g(x)) beside f(u) = … does. */
export const isElsewhereIn = (names: Names, text: string, at: Spot): boolean =>
  [...text.matchAll(BEFORE_BRACKET)].some(([, name = ""]) => definitionAt(names, name, at)?.at !== undefined);

/** The declaration of a name that counts at a place, as text; undefined where nothing is said. */
export function declarationAt(names: Names, name: string, { place, section }: Spot): string | undefined {
  const typed = names.declared.get(name) ?? [];
  const next = countBefore(typed, place);
  const type = typed[next - 1] ?? inSection(typed[next], section);
  const attributes = new Set<Attribute>(type?.attributes ?? []);
  // What was said before the section in which the name was declared anew is about another thing.
  const since = type?.section ?? -1;
  for (const [a, sections] of names.lasting.get(name) ?? [])
    if ((sections[countBelow(sections, (s) => s, since)] ?? Number.POSITIVE_INFINITY) <= section) attributes.add(a);
  const conditions = names.conditions.get(name) ?? [];
  for (let k = countBefore(conditions, place + 1) - 1; k >= 0; k--) {
    const c = conditions[k] as Condition;
    if (c.until < place || c.section < since) break;
    for (const a of c.attributes) attributes.add(a);
  }
  if (type === undefined && attributes.size === 0) return undefined;
  if (type !== undefined && [...attributes].some(isOfSquares) && statesVector(type.type))
    for (const a of attributes) if (isOfSquares(a)) attributes.delete(a);
  return `${name} : ${[...attributes, type?.type].filter((w) => w !== undefined).join(" ")}`;
}

function statesVector(type: string): boolean {
  const parsed = parseDeclarations(`x : ${type}`);
  const shape = parsed.ok ? parsed.variables[0]?.shape : undefined;
  return shape !== undefined && isOneDim(shape.cols) && !isOneDim(shape.rows);
}

const inSection = <T extends Spot>(s: T | undefined, section: number): T | undefined => (s?.section === section ? s : undefined);

// Statements come in order, and so do sections.
const countBefore = (all: readonly Spot[], place: number): number => countBelow(all, (s) => s.place, place);

/** How many of a list, ascending by a value, lie below a bound. */
function countBelow<T>(all: readonly T[], value: (item: T) => number, bound: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value(all[middle] as T) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

const NAME = /[\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\p{M}\p{Nd}]*(?:_\{[^{}]*\}|_[\p{Lu}\p{Ll}\p{Nd}]+)?/gu;

/** The names in a plain text; of a name with something below, also the name alone. */
export function namesInText(text: string): string[] {
  const out = new Set<string>();
  for (const [found] of text.matchAll(NAME)) {
    out.add(found.replace(/[{}]/g, ""));
    const at = found.indexOf("_");
    if (at > 0) out.add(found.slice(0, at));
  }
  return [...out];
}

/** What names stand for at a place. */
export interface Meaning {
  /** Name and text of the definitions that are needed, each behind what it needs. */
  readonly definitions: readonly (readonly [string, string])[];
  /** The names, and those in the definitions. */
  readonly mentioned: ReadonlySet<string>;
}

/** What names stand for at a place, with what that needs in turn; those in `without` stand for themselves. */
export function meaningOf(names: Names, wanted: readonly string[], at: Spot, without: ReadonlySet<string> = new Set()): Meaning {
  const found = new Map<string, Defined>();
  const mentioned = new Set(wanted);
  const todo = [...wanted];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const definition = found.has(name) || without.has(name) ? undefined : definitionAt(names, name, at);
    if (definition === undefined) continue;
    found.set(name, definition);
    for (const n of definition.names)
      if (!mentioned.has(n)) {
        mentioned.add(n);
        todo.push(n);
      }
  }
  return { definitions: inOrder(found), mentioned };
}

// Each behind what it needs; names that need each other are left out.
function inOrder(found: ReadonlyMap<string, Defined>): (readonly [string, string])[] {
  const out: (readonly [string, string])[] = [];
  const done = new Set<string>();
  let left = [...found];
  while (left.length > 0) {
    const ready = left.filter(([, d]) => d.names.every((n) => !found.has(n) || done.has(n)));
    if (ready.length === 0) break;
    for (const [name, d] of ready) {
      out.push([name, d.text]);
      done.add(name);
    }
    left = left.filter(([name]) => !done.has(name));
  }
  return out;
}
