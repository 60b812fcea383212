// What a formula of a document states: names, a size, a space, a definition, or a chain of
// equations that is to be judged.
//
// Invariant: every sentence of a formula is taken in one of these ways, or is skipped with its
// reason.

import { InputError } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import type { Span } from "../../base/span.ts";
import type { Attribute } from "../../expr/attributes.ts";
import { type LatexOptions, type LatexTranslation, translate } from "../../syntax/latex/translate.ts";
import { parse } from "../../syntax/parse.ts";
import { attributeReader } from "../../syntax/stated/equations.ts";
import type { Translation } from "../../syntax/tokens/writer.ts";
import { isDerivative } from "../../syntax/tree.ts";
import type { Named } from "../claim/text/prose.ts";
import { functionLettersIn } from "../question/functionLetters.ts";
import { namesInText } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import type { Sentence, Side } from "./sentences.ts";

/** One side of a chain in the plain notation, with its place in the document. */
export interface ReadSide extends Span {
  readonly source: string;
  /** Absent where it is not understood. */
  readonly plain?: Translation;
  /** Why it is not. */
  readonly reason?: string;
}

/** A formula, or a part of it, that is no claim. */
export interface Skipped extends Span {
  readonly reason: string;
}

/** What a sentence of a formula states. */
export type Taken =
  /** Names that are listed, whose space is stated, or of which an equation such as A = Aᵀ states attributes. */
  | { readonly kind: "names"; readonly names: readonly Named[]; readonly attributes?: readonly Attribute[] }
  | { readonly kind: "size"; readonly size: string }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "definition" }
  /** A chain; sides that are not understood are left out of it. */
  | { readonly kind: "chain"; readonly sides: readonly ReadSide[]; readonly leftOut: readonly Skipped[] };

/** Why a formula without a sign of equality is skipped. */
export const NO_CLAIM = "it is no equation";

const WORD = "[\\p{Lu}\\p{Ll}][\\p{Lu}\\p{Ll}\\p{M}\\p{Nd}]*(?:_\\{[^{}]*\\}|_[\\p{Lu}\\p{Ll}\\p{Nd}]+)?";
const ONE_NAME = new RegExp(`^${WORD}$`, "u");
const NAMES = new RegExp(`^${WORD}(?:\\s*,\\s*${WORD})*$`, "u");
const SIZE = /^[\p{L}\d_+\- ]+(?:× ?[\p{L}\d_+\- ]+)$/u;
const SPACE = /^(?:positive )?(?:R\^|scalar$|symmetric|posdef)/;

/** How the formulas of a document are read: each sentence is taken in turn, and what it says of names goes to the ledger. */
export function sentenceTaker(text: string, ledger: Ledger, latex: LatexOptions, onLimit: (at: Skipped) => void): (s: Sentence) => Taken {
  // Letters that a sentence takes for functions, as in f'(g(x)) g'(x).
  let functions: readonly string[] = [];
  const isFunction = (name: string): boolean => functions.includes(name) || latex.isFunction?.(name) === true;
  const reader: SideReader = {
    ledger,
    latex,
    read: (side) => {
      const base = { start: side.start, end: side.end, source: text.slice(side.start, side.end) };
      try {
        return { ...base, plain: translate(side.text, { ...latex, isFunction }) };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        const { code, message } = error.diagnostic;
        // Macros without end are no formula of another kind.
        if (code === "limit") onLimit({ start: side.start, end: side.end, reason: message });
        return { ...base, reason: message };
      }
    },
  };
  let mapped: Mapped | undefined;
  return (sentence) => {
    const { sides, relations } = sentence;
    const before = mapped;
    mapped = undefined;
    const [first, second] = sides as [Side, Side | undefined];
    const isKnown = (name: string): boolean => ledger.isVariable(name) || ledger.isDefined(name);
    functions = functionLettersIn(sides.map((side) => side.text).join(" = "), isKnown);
    if (second === undefined) return takeTerm(reader, first);
    if (relations[0] === "element" && sides.length === 2) return takeSpace(reader, first, second);
    if (relations[0] === "maps" && sides.length === 2) {
      const maps = takeMaps(reader, first);
      ({ mapped } = maps);
      return maps.taken;
    }
    if (relations[0] === "mapsto" && sides.length === 2) return takeMapping(reader, first, second, before);
    const stated = sides.length === 2 ? attributeIn(reader, first, second, text.slice(first.end, second.start)) : undefined;
    if (stated !== undefined) return stated;
    if (relations.some((r) => r !== "=")) return { kind: "skipped", reason: "it is no equation" };
    return takeEquation(reader, sentence);
  };
}

/** How one side is read, and where what it says of names goes. */
interface SideReader {
  readonly ledger: Ledger;
  readonly latex: LatexOptions;
  readonly read: (side: Side) => ReadSide;
}

/** A function of which a formula says what it maps: its name, and the space of its argument. */
interface Mapped {
  readonly name: string;
  readonly space: string;
}

function takeTerm({ read }: SideReader, side: Side): Taken {
  const { plain, reason = NO_CLAIM } = read(side);
  if (plain === undefined) return { kind: "skipped", reason };
  if (NAMES.test(plain.text)) return { kind: "names", names: listed(plain.text).map((name) => ({ name })) };
  const size = SIZE.exec(plain.text.replace(/\*/g, "×"));
  return size === null ? { kind: "skipped", reason: NO_CLAIM } : { kind: "size", size: size[0] };
}

const NAMED_MAP = new RegExp(`^(?<name>${WORD}) : (?<rest>.+)$`, "su");

/** f : R^n → R, which does not say what f is, but what it is taken of. */
function takeMaps({ ledger, read }: SideReader, first: Side): { readonly taken: Taken; readonly mapped?: Mapped } {
  const { name, rest = "" } = NAMED_MAP.exec(read(first).plain?.text ?? "")?.groups ?? {};
  if (name === undefined) return { taken: { kind: "skipped", reason: NO_CLAIM } };
  ledger.forget(name, first.start);
  return { taken: { kind: "skipped", reason: `it says what ${name} maps` }, mapped: { name, space: rest.trim() } };
}

/** f : x ↦ …, or x ↦ … behind f : R^n → R: a definition of f(x). */
function takeMapping({ ledger, read }: SideReader, first: Side, second: Side, mapped: Mapped | undefined): Taken {
  const [left = "", value = ""] = [first, second].map((side) => read(side).plain?.text);
  const { name = mapped?.name, rest: at = left } = NAMED_MAP.exec(left)?.groups ?? {};
  const isRead = parse(value, { isFunction: ledger.isFunction, isVariable: ledger.isVariable }).ok;
  if (name === undefined || !ONE_NAME.test(at) || !isRead) return { kind: "skipped", reason: NO_CLAIM };
  const space = mapped?.name === name ? mapped.space : "";
  if (SPACE.test(space) && parse(`${at} : ${space}`).ok) ledger.declare([at], { place: first.start, type: space });
  const span = { start: second.start, end: second.end };
  ledger.define(name, { text: value, place: first.start, span, at, byEntries: false, doubtful: false });
  return { kind: "definition" };
}

function takeSpace({ ledger, read }: SideReader, first: Side, second: Side): Taken {
  const names = listed(read(first).plain?.text ?? "");
  const type = read(second).plain?.text ?? "";
  if (!names.every((n) => NAMES.test(n)) || !SPACE.test(type))
    return { kind: "skipped", reason: "it states no space of numbers, vectors or matrices" };
  const known = parse(`${names[0]} : ${type}`);
  if (!known.ok) return { kind: "skipped", reason: known.diagnostics[0]?.message ?? "" };
  ledger.declare(names, { place: first.start, type });
  return { kind: "names", names: names.map((name) => ({ name, space: type })) };
}

const statedIn = attributeReader(WORD, "(?:ᵀ|')");
const ORDERS: Readonly<Record<string, string>> = { "=": "=", "\\succ": "≻", "≻": "≻", "\\succeq": "⪰", "⪰": "⪰" };

/** A = Aᵀ and A ≻ 0 of a name that is not defined: what is stated of it. */
function attributeIn({ ledger, read }: SideReader, first: Side, second: Side, between: string): Taken | undefined {
  const sign = ORDERS[between.replace(/[&\s]/g, "")];
  if (sign === undefined) return undefined;
  const [left, right] = [first, second].map((side) => read(side).plain?.text);
  const stated = statedIn(`${left}${sign}${right}`);
  // A constraint such as x'x = 1 is no property of x from there on.
  return stated === undefined || stated.attribute === "unitnorm" || ledger.isDefined(stated.name)
    ? undefined
    : { kind: "names", names: [{ name: stated.name }], attributes: [stated.attribute] };
}

function takeEquation(reader: SideReader, { sides, defining }: Sentence): Taken {
  const [first, second] = sides as [Side, Side];
  const definition = definitionIn(reader, first, second, defining);
  if (definition !== undefined && "reason" in definition) return { kind: "skipped", reason: definition.reason };
  if (definition !== undefined) {
    const { name, plain, at, byEntries = false, doubtful = false } = definition;
    const span = { start: second.start, end: second.end };
    reader.ledger.define(name, { text: plain, place: first.start, span, byEntries, doubtful, ...optional({ at }) });
    if (sides.length === 2) return { kind: "definition" };
  }
  const rest = (definition === undefined ? sides : sides.slice(1)).map(reader.read);
  const readable = rest.filter((s) => s.plain !== undefined);
  const leftOut = rest.flatMap(({ start, end, reason }) => (reason === undefined ? [] : [{ start, end, reason }]));
  if (readable.length < 2) return { kind: "skipped", reason: leftOut[0]?.reason ?? NO_CLAIM };
  return { kind: "chain", sides: readable, leftOut };
}

/** z = …, f(x) = …: a definition where the name is new in this section, or := says so; the reason where it defines what is no name. */
function definitionIn(
  { ledger, latex, read }: SideReader,
  first: Side,
  second: Side,
  defining: boolean,
): { name: string; plain: string; at?: string; byEntries?: boolean; doubtful?: boolean } | { reason: string } | undefined {
  let whole: LatexTranslation;
  try {
    whole = translate(`${first.text} = ${second.text}`, latex);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // A name whose definition is not understood is not the one it was before.
    const left = read(first).plain?.text ?? "";
    if (ONE_NAME.test(left)) ledger.forget(left, first.start);
    return undefined;
  }
  const [, name = "", plain = ""] = /^\s*([^=<>]*?)\s*=(?!=)\s*([\s\S]*)$/u.exec(whole.text) ?? [];
  if (!ONE_NAME.test(name) || /^∂|^∇/u.test(plain)) return undefined;
  const entry = /^(?<stem>.+)_(?<index>\p{L})$/u.exec(name)?.groups as { stem: string; index: string } | undefined;
  if (entry !== undefined) return entryDefinition(ledger, entry, plain) ?? { reason: "it defines an entry" };
  if (/^[ijklmnpqrst]$/.test(name) && /^[\d.]+$/.test(plain)) return { reason: "it sets an index" };
  if (namesInText(plain).includes(name)) return { reason: `${name} stands on both sides` };
  const before = ledger.names.defined.get(name)?.at(-1);
  if (before !== undefined && before.section === ledger.section() && !defining && ledger.isDefined(name)) return undefined;
  const value = parse(plain, { isFunction: ledger.isFunction, isVariable: ledger.isVariable });
  if (!value.ok) ledger.forget(name, first.start);
  if (!value.ok || value.document.final?.kind !== "value" || value.document.final.value.kind === "derivative") return undefined;
  return { name: name.replace(/[{}]/g, ""), plain, ...optional({ at: whole.defined.get(name) }) };
}

/** μ_i = … for every i: the vector of these numbers, where i stands in them. */
function entryDefinition(
  ledger: Ledger,
  { stem, index }: { readonly stem: string; readonly index: string },
  plain: string,
): { name: string; plain: string; byEntries: true; doubtful: boolean } | undefined {
  const stands = (indices: string): boolean => new RegExp(`(?:_|\\[|,\\s*)\\{?(?:${indices})(?![\\p{Lu}\\p{Ll}\\p{N}_])`, "u").test(plain);
  const doubtful = !stands(index);
  if ((doubtful && !stands(`${index}\\p{Ll}|\\p{Ll}${index}`)) || !ONE_NAME.test(stem) || namesInText(plain).includes(stem))
    return undefined;
  if (ledger.names.defined.get(stem)?.at(-1)?.section === ledger.section()) return undefined;
  const rest = parse(plain, { isFunction: ledger.isFunction, isVariable: ledger.isVariable });
  if (!rest.ok || rest.document.final?.kind !== "value" || isDerivative(rest.document.final.value)) return undefined;
  return { name: stem, plain: `sum_{${index}} (${plain}) I[:,${index}]`, byEntries: true, doubtful };
}

const listed = (names: string): string[] => names.split(",").map((n) => n.trim());
