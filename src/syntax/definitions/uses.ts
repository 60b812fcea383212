// How a function that a text defines is written where it is used: f(x) as its name, f(a + b) as its value, f'(x) and ∇f(x)
// as derivatives of its name, and f'(a + b) as one of a name for its value there.
//
// Invariant: what is written stands at the place of the use. Not here: which functions a text defines, and where it uses
// them (bodies.ts), and what their values are at other places (values.ts).

import { superscript } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { type Span, span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
import { hasIndex, writeValue } from "./values.ts";

/** What is known of names beside what a text defines, and how a derivative inside a term is written. */
export interface BodyOptions {
  /** Whether a name is a function anyway: alone, f(x) = … says nothing new of it. */
  readonly isFunction: (name: string) => boolean;
  /** Whether a name is declared or defined anyway. */
  readonly isKnown: (name: string) => boolean;
  /** Whether derivatives may stand inside the sides of the last statement, written df/dx. */
  readonly derivativesInside?: boolean;
}

/** A token with its place and what stands before it. */
export interface Item extends Span {
  readonly type: string;
  readonly text: string;
  readonly value: string;
  readonly gap: string;
}

/** A function: the names it is defined at, and its value there. */
export interface Body {
  readonly params: readonly string[];
  readonly items: readonly Item[];
}

/** A call of a defined function whose bracket is open. */
export interface Call extends Mention {
  /** The position of the bracket that opens it. */
  readonly open: number;
  /** Where its arguments begin among what is written. */
  readonly args: number[];
}

/** A defined function where it stands. */
export interface Mention {
  readonly name: string;
  readonly body: Body;
  /** Its name, or df before /dx. */
  readonly token: Token;
  /** How often it is marked as differentiated. */
  readonly marks: number;
  readonly gap: string;
  /** Its place among what is written. */
  readonly from: number;
}

/** A text while its functions are written out. */
export interface Writing {
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly partner: Int32Array;
  readonly bodies: Map<string, Body>;
  /** What names and functions are defined as. */
  readonly values: Map<string, readonly Item[]>;
  readonly options: BodyOptions;
  readonly out: Item[];
  /** Definitions of what the derivatives in a statement are taken of and by, which go before it. */
  prelude: Item[];
  /** Whether derivatives may stand inside a side. */
  derivativesInside: boolean;
  /** Whether the statement has a row [a, b]. */
  hasRow: boolean;
  /** Where the side that is being written begins. */
  side: number;
  /** The indices of the sums in the statement. */
  indices: ReadonlySet<string>;
  /** How many tokens have been written for values at other places. */
  copied: number;
  /** Whether anything is written otherwise than it stands. */
  changed: boolean;
}

/** Writes f as its gradient behind ∇, f' as its derivative where it is all of a side; otherwise it stands as it is. */
export function writeAlone(w: Writing, mention: Mention, ends: boolean): boolean {
  if (mention.marks === 0) return writeGradient(w, mention, ends);
  const isWhole = ends && mention.from === w.side;
  // One mark beside other things may be a transpose, two are none.
  if (!(isWhole || (w.derivativesInside && mention.marks > 1)) || mention.body.params.length > 1) return false;
  const { name, token, gap, body } = mention;
  writeDerivative(w, { name, by: body.params, place: span(token.start, token.end), gap }, mention.marks, ends);
  return true;
}

/** Writes a call whose bracket closes at a place; `ends` says whether the side does, too. */
export function writeCall(w: Writing, call: Call, close: number, ends: boolean): void {
  const { tokens, out } = w;
  const args = call.args.map((from, k) => out.slice(from, (call.args[k + 1] ?? out.length + 1) - 1));
  const { name, body, token, gap, marks } = call;
  const place = span(token.start, (tokens[close] as Token).end);
  out.length = call.from;
  w.changed = true;
  if (args.length !== body.params.length)
    fail("type", `${name} is defined at ${body.params.join(", ")}`, place, { fix: `${name}(${body.params.join(", ")})` });
  if (marks > 0 && body.params.length > 1)
    fail("unsupported", `${name} has several arguments, and its mark does not say by which`, place, {
      fix: `∂${name}/∂${body.params[0]}`,
    });
  const summed = args.flat().find((a) => a.type === "name" && hasIndex(a.value, w.indices));
  if (summed !== undefined && (marks > 0 || token.value !== name || nablaBefore(out) > 0))
    fail("unsupported", `the derivative of ${name} below a sum is not read at ${summed.text}, which the sum is over`, place, {
      fix: "its value in its place",
    });
  const isHere = args.every((a, k) => a.length === 1 && a[0]?.value === body.params[k]) && summed === undefined;
  if (!isHere) writeElsewhere(w, call, args, place, ends);
  else if (marks > 0) writeDerivative(w, { name, by: body.params, place, gap }, marks, ends);
  else if (token.value !== name || !writeGradient(w, call, ends)) writeHere(w, call, place, tokens[close + 1]);
}

/** Writes f(x), of an f that is defined at x, as f; before a bracket as a factor, in d f(x)/dx without the space. */
function writeHere({ out }: Writing, { token, gap }: Call, place: Span, next: Token | undefined): void {
  const differential = next?.type === "divide" && out.at(-1)?.text === "d" ? out.pop() : undefined;
  const isFactor = next?.type === "lparen" && !next.spaced;
  const text = `${differential?.text ?? ""}${token.text}${isFactor ? "*" : ""}`;
  out.push({ type: "name", text, value: token.value, gap: differential?.gap ?? gap, ...place });
}

/** Writes a call with other arguments than the function is defined at. */
function writeElsewhere(w: Writing, call: Call, args: readonly (readonly Item[])[], place: Span, ends: boolean): void {
  const { name, body, token, marks } = call;
  const isGradient = nablaBefore(w.out) > 0 && body.params.length === 1;
  if (marks === 0 && token.value === name && !isGradient) {
    writeValue(w, call, args, place);
    return;
  }
  if (!w.derivativesInside || token.value !== name)
    fail("unsupported", `the derivative of ${name} at another place is read only in claims`, place, {
      fix: `${name}${"'".repeat(Math.max(1, marks))}(${body.params.join(", ")})`,
    });
  const at = elsewhere(w, call, args[0] as readonly Item[], place);
  if (marks > 0) writeDerivative(w, at, marks, ends);
  else writeGradientAt(w, at, ends);
}

/** The name of a function or an argument at the place of that number. */
const atPlace = (name: string, place: number): string => `${name}_at${place}`;

/** Whether a name stands for a function or an argument at another place than the function is defined at. */
export const isAtPlace = (name: string): boolean => /_at\d+$/.test(name);

/** A function and its argument under names of their own, which are defined before the statement. */
function elsewhere(w: Writing, call: Call, arg: readonly Item[], place: Span): Derived {
  const [param = ""] = call.body.params;
  const count = w.prelude.filter((item) => item.type === "equals").length / 2 + 1;
  const [by, name] = [atPlace(param, count), atPlace(call.name, count)];
  const item = (type: string, text: string): Item => ({ type, text, value: text, gap: "", ...place });
  const { prelude, out } = w;
  prelude.push(item("name", by), item("equals", " = "), ...arg, item("semicolon", "; "), item("name", name), item("equals", " = "));
  const begin = out.length;
  writeValue(w, call, [[item("name", by)]], place);
  prelude.push(...out.splice(begin), item("semicolon", "; "));
  return { name, by: [by], place, gap: call.gap };
}

/** What is differentiated, and by what. */
interface Derived {
  readonly name: string;
  readonly by: readonly string[];
  readonly place: Span;
  readonly gap: string;
}

/** Writes ∂f/∂x, inside a side as a factor. */
function writeDerivative(w: Writing, { name, by: [by], place, gap }: Derived, order: number, ends: boolean): void {
  const raised = order === 1 ? "" : superscript(`${order}`);
  const isWhole = ends && w.out.length === w.side;
  if (!isWhole && !w.derivativesInside)
    fail("unsupported", `the derivative of ${name} is read only in the sides of a claim`, place, { fix: "its value in its place" });
  w.changed = true;
  const text = isWhole ? `∂${raised}${name}/∂${by}${raised}` : `(d${raised}${name}/d${by}${raised})`;
  w.out.push({ type: "derivative", text, value: text, gap, ...place });
}

/** Writes ∇f as ∇_x f and ∇²f as ∂²f/∂x², the gradient by several arguments entry by entry; says whether ∇ stands there. */
function writeGradient(w: Writing, { name, body, token, gap }: Mention, ends: boolean): boolean {
  const order = nablaBefore(w.out);
  if (order === 0 || (body.params.length > 1 && !w.derivativesInside)) return false;
  writeGradientAt(w, { name, by: body.params, place: span(token.start, token.end), gap }, ends);
  return true;
}

function writeGradientAt(w: Writing, at: Derived, ends: boolean): void {
  const { out } = w;
  const order = nablaBefore(out);
  const nabla = out.pop() as Item;
  const { gap } = nabla;
  w.changed = true;
  if (order > 1 && at.by.length === 1) writeDerivative(w, { ...at, gap }, 2, ends);
  else {
    const text = order > 1 ? hessianOf(at) : gradientOf(at, w, ends && out.length === w.side);
    out.push({ type: "derivative", text, value: text, gap, start: nabla.start, end: at.place.end });
  }
}

/** ∇²f by several arguments, block by block. */
const hessianOf = ({ name, by }: Derived): string =>
  `[${by.map((x) => by.map((y) => `(∂²${name}/∂${x === y ? `${x}²` : `${x}∂${y}`})`).join(", ")).join("; ")}]`;

/** ∇_x f, inside a side as a factor; by several arguments as a column, or as a row where the statement has one. */
function gradientOf({ name, by }: Derived, { derivativesInside, hasRow }: Writing, isWhole: boolean): string {
  const [only = "", ...more] = by;
  const slope = (x: string): string => `(d${name}/d${x})`;
  if (more.length > 0) return hasRow ? `[${by.map(slope).join(", ")}]` : `[${by.map((x) => `${slope(x)}'`).join("; ")}]`;
  return isWhole || !derivativesInside ? `∇_{${only}} ${name}` : `${slope(only)}'`;
}

/** The order of ∇ without a name, ∇² and ∇^2 where the last token is one; 0 where it is not. */
function nablaBefore(out: readonly Item[]): number {
  const last = out.at(-1);
  if (last?.type !== "gradient") return 0;
  return last.text === "∇" ? 1 : /^∇(?:²|\^2|\^\{2\})$/.test(last.text) ? 2 : 0;
}
