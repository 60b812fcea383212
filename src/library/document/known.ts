// What is known of the names in an equation of a document: the definitions that it needs, and
// the types of all other names.
//
// Invariant: by a name that stands for something it is differentiated as by a variable of the
// shape of what it stands for. Not here: what the document says of one name (context.ts).

import type { Diagnostic } from "../../base/diagnostic.ts";
import type { Library } from "../../rewrite/library.ts";
import { parse } from "../../syntax/parse.ts";
import { isDerivative, namesInTrees, type SideTree, type Tree } from "../../syntax/tree.ts";
import type { Refusal } from "../question/call.ts";
import { type Parsed, parse as parseTerm } from "../question/parse.ts";
import {
  type Defined,
  declarationAt,
  definitionAt,
  isElsewhereIn,
  type Meaning,
  meaningOf,
  type Names,
  namesInText,
  type Spot,
} from "./context.ts";

/** What a claim is judged with, as in a question about it. */
export interface Known {
  readonly declarations?: string;
  readonly let?: Meaning["definitions"];
  /** The names in it that are defined by their entries. */
  readonly byEntries: ReadonlySet<string>;
}

/**
 * Finds what is known of the names in a claim at a place, or the reason why that is too little. `general` are declarations
 * for the whole document; `free` are names whose definitions are left aside. A claim that comes again is read once.
 */
export function knownOf(
  names: Names,
  library: Library,
  general: string | undefined,
): (claim: string, at: Spot, free?: ReadonlySet<string>) => Known | string {
  const read = new Map<string, Targets>();
  return (claim, at, free = new Set()) => {
    const targets = read.get(claim) ?? targetsOf(claim, library);
    read.set(claim, targets);
    const fixed = new Set([...free, ...targets.by.flatMap((n) => [n, stem(n)]).filter((n) => definitionAt(names, n, at) !== undefined)]);
    const meaning = meaningOf(names, namesInText(claim), at, fixed);
    const declared = declaredIn(meaning, (n) =>
      fixed.has(n) && !free.has(n) ? typeOfDefined(names, n, at, library) : declarationAt(names, n, at),
    );
    const isKnown = (n: string): boolean => isDefinedIn(meaning, n) || declarationAt(names, n, at) !== undefined;
    if (targets.by.length > 0 && targets.of.length > 0) {
      const reach = meaningOf(names, targets.of, at, fixed).mentioned;
      const unknown = targets.of.find((n) => !isKnown(n) && !isKnown(stem(n)) && !targets.by.includes(n) && !targets.by.includes(stem(n)));
      if (unknown !== undefined && !targets.by.some((b) => reach.has(b) || reach.has(stem(b))))
        return `nothing says how ${unknown} depends on ${targets.by.join(", ")}`;
    }
    const declarations = [...(general === undefined ? [] : [general]), ...declared.values()].join("\n");
    const defined = meaning.definitions.map(([name]) => name);
    return {
      byEntries: new Set(defined.filter((n) => definitionAt(names, n, at)?.byEntries === true)),
      ...(declarations === "" ? {} : { declarations }),
      ...(meaning.definitions.length === 0 ? {} : { let: meaning.definitions }),
    };
  };
}

/** What is wrong with the shapes of a definition; undefined where they fit, or where a name in it is not known. */
export function shapeFault(names: Names, name: string, d: Defined, library: Library): Diagnostic | undefined {
  const context = contextOf(names, name, d, d);
  const isKnown = (n: string): boolean => isDefinedIn(context, n) || context.declared.has(n) || n === "I";
  if (!d.names.every((n) => isKnown(n) || isKnown(stem(n)) || d.names.some((other) => stem(other) === n && isKnown(other))))
    return undefined;
  const parsed = parseIn(context, d.text, library);
  const fault = parsed.ok ? undefined : parsed.diagnostics[0];
  return fault?.code === "shape" && !isElsewhereIn(names, d.text, d) ? fault : undefined;
}

/** The declaration of a defined name, as its definition has it. */
function typeOfDefined(names: Names, name: string, at: Spot, library: Library): string | undefined {
  const definition = definitionAt(names, name, at);
  const parsed = definition === undefined ? undefined : parseIn(contextOf(names, name, definition, at), definition.text, library);
  if (parsed?.ok !== true) return undefined;
  const [rows, cols] = [parsed.expr.shape.rows.key, parsed.expr.shape.cols.key];
  if (cols !== "1") return `${name} : matrix(${rows}, ${cols})`;
  return rows === "1" ? `${name} : scalar` : `${name} : vector(${rows})`;
}

/** What names stand for, and the declarations of those that stand for themselves. */
interface Context extends Meaning {
  readonly declared: ReadonlyMap<string, string>;
}

/** What a definition is read with at a place, where its own name is not defined. */
function contextOf(names: Names, name: string, d: Defined, at: Spot): Context {
  const meaning = meaningOf(names, d.names, at, new Set([name]));
  return { ...meaning, declared: declaredIn(meaning, (n) => declarationAt(names, n, at)) };
}

const parseIn = ({ definitions, declared }: Context, text: string, library: Library): Parsed | Refusal =>
  parseTerm(text, { notation: "plain", let: definitions, declarations: [...declared.values()].join("\n"), library });

const isDefinedIn = ({ definitions }: Meaning, name: string): boolean => definitions.some(([defined]) => defined === name);

function declaredIn(meaning: Meaning, declaration: (name: string) => string | undefined): Map<string, string> {
  const out = new Map<string, string>();
  for (const n of meaning.mentioned) {
    const said = isDefinedIn(meaning, n) ? undefined : declaration(n);
    if (said !== undefined) out.set(n, said);
  }
  return out;
}

/** A name without what stands below it. */
const stem = (name: string): string => name.replace(/_.*/u, "");

/** The names in what a claim differentiates, and by which. */
interface Targets {
  readonly of: readonly string[];
  readonly by: readonly string[];
}

function targetsOf(claim: string, library: Library): Targets {
  const known = { isFunction: (n: string) => library.functions.find(n) !== undefined };
  const result = parse(claim, known);
  if (!result.ok) return { of: [], by: [] };
  const { final } = result.document;
  const sides: SideTree[] = final?.kind === "equation" ? [final.left, final.right] : [];
  const derivatives = sides.filter(isDerivative);
  return { of: derivatives.flatMap((d) => namesOf(d.of)), by: derivatives.flatMap((d) => d.by.map((t) => t.name)) };
}

const CONSTANTS: ReadonlySet<string> = new Set(["I", "e", "π", "pi"]);
const namesOf = (tree: Tree): string[] => [...new Set(namesInTrees([tree]))].filter((name) => !CONSTANTS.has(name));
