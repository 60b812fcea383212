// What is differentiated by: a variable, an entry of one, or a row or column of a matrix.
//
// Invariant: an entry has two indices; for a vector one of them is 1. What has everything along an axis is a row or a
// column of a matrix. Not here: entries inside an expression (terms/entries.ts, terms/subscript.ts).

import { operatorFunction } from "../../../grammar/glyphs.ts";
import { type Diagnostic, InputError } from "../../base/diagnostic.ts";
import { wholeOf } from "../../base/span.ts";
import { isBinding } from "../../expr/attributes.ts";
import { type Dim, dimConstant, dimOf } from "../../expr/dim.ts";
import type { Index, Variable } from "../../expr/expr.ts";
import { isColumnShape, isMatrixShape, isScalarShape } from "../../expr/shape.ts";
import { isPlainName, parse } from "../../syntax/parse.ts";
import type { IndexTree, TargetTree, ValueTree } from "../../syntax/tree.ts";
import type { Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";

/** A name, with the texts of its indices where an entry is meant: numbers, names, or `:`. */
export interface TargetText {
  readonly name: string;
  readonly at?: readonly string[];
}

/** A variable of a problem, an entry of it, or a row or column of a matrix. */
export interface Target {
  readonly variable: Variable;
  readonly at?: readonly [Index, Index];
}

/** Reads `w`, `x[2]`, `X[i,j]`, `X[i,:]`. */
export function parseTarget(
  text: string,
): { ok: true; target: TargetText } | { ok: false; diagnostics: readonly Diagnostic[]; source: string } {
  try {
    return { ok: true, target: readTarget(text) };
  } catch (error) {
    if (error instanceof InputError) return { ok: false, diagnostics: [error.diagnostic], source: text };
    throw error;
  }
}

/** w^*, k_* and W^{(1)}, which are names in LaTeX alone. */
const STARRED = /[_^]\*+$|\^\{?\(\w+\)\}?$/;

const NAME = String.raw`(\p{L}[\p{L}\p{N}_]*)`;
const AT = String.raw`(?:\d+|[i-n])`;

/** What people write for a variable besides, and what they mean: x : vector(n), x y, x(1), ∂x. */
const MEANT: readonly (readonly [RegExp, (parts: readonly string[]) => string])[] = [
  [new RegExp(String.raw`^${NAME}\s*(?::|∈|\\in\b)\s*(.+)$`, "u"), ([name, type]) => `${name} alone; -t '${name} : ${type}' declares it`],
  [new RegExp(String.raw`^${NAME}\s*(?:\s|;|\band\b)\s*${NAME}$`, "u"), ([one, other]) => `${one},${other} for both`],
  [new RegExp(String.raw`^${NAME}\((${AT}(?:\s*,\s*${AT})?)\)$`, "u"), ([name, at]) => `${name}[${at}] for an entry`],
  [new RegExp(String.raw`^∂${NAME}$`, "u"), ([name]) => `${name}`],
];

/** As parseTarget, but throws an InputError. */
export function readTarget(text: string): TargetText {
  if (isPlainName(text)) return { name: text };
  const place: Place = { source: text, span: wholeOf(text) };
  for (const [pattern, advice] of MEANT) {
    const found = pattern.exec(text);
    if (found !== null) refuse(place, "type", `${text} is no variable`, advice(found.slice(1)));
  }
  const result = parse(text, STARRED.test(text) ? { notation: "latex" } : {});
  if (!result.ok) throw new InputError(result.diagnostics[0] as Diagnostic);
  const value = result.document.final?.kind === "value" ? result.document.final.value : undefined;
  if (value?.kind === "name") return { name: value.name };
  if (value?.kind === "entry" && value.of.kind === "name") return { name: value.of.name, at: value.at.map((i) => indexText(i, text)) };
  return refuse(place, "type", `${text} is no variable`, adviceFor(value));
}

/** What to differentiate by in place of vec(X), x' and s^2. */
function adviceFor(tree: ValueTree["value"] | undefined): string {
  const power = tree?.kind === "binary" && tree.op === "power" ? tree : undefined;
  const turned = power?.right.kind === "name" && power.right.name === "T" ? power.left : tree?.kind === "transpose" ? tree.arg : undefined;
  if (turned?.kind === "name")
    return `${turned.name}, or ${turned.name}_prime for a second point; a layout says whether the answer is a row or a column`;
  if (power?.left.kind === "name") return `a name for the power, as v for ${power.left.name}^2`;
  if (tree?.kind === "call" && operatorFunction(tree.name) === "vec" && tree.args[0]?.kind === "name")
    return `${tree.args[0].name} in vec layout: --layout vec`;
  return "a name such as w, or an entry such as x[2]";
}

/** The parts of a target as they are written. */
export const targetText = (tree: TargetTree, source: string): TargetText =>
  tree.at === undefined ? { name: tree.name } : { name: tree.name, at: tree.at.map((i) => indexText(i, source)) };

const indexText = (i: IndexTree, source: string): string => (i.kind === "all" ? ":" : source.slice(i.span.start, i.span.end).trim());

const ENTRY_NAME = /^(.+)_(?:([1-9]\d{0,8}|[a-z])|([a-z\d]),?([a-z\d]))$/u;

/** A letter or a number that an entry may stand at. */
export const PLACE = /^(?:[a-z]|[1-9]\d?)$/;

/** x_1, x_i, X_ij, X_{1,j}: entries of x and X where these are known and they are not. */
export function entryName(name: string): { readonly name: string; readonly at: readonly [string, ...string[]] } | undefined {
  const [, base, only, row, col] = ENTRY_NAME.exec(name) ?? [];
  if (base === undefined) return undefined;
  return { name: base, at: only === undefined ? [row as string, col as string] : [only] };
}

/** An entry by its name: a_i is an entry of the stem a. */
export interface DefinedEntry {
  readonly stem: string;
  readonly indices: readonly string[];
}

/** The entry that a definition is of, as a_i = Σ_j W_ij x_j: one for every value of an index that stands at names in the value. */
export function definedEntry(name: string, inValue: readonly string[]): DefinedEntry | undefined {
  const defined = entryName(name);
  if (defined === undefined || new Set(defined.at).size < defined.at.length || defined.at.some((index) => /^\d/.test(index)))
    return undefined;
  const isUsed = (index: string): boolean => inValue.some((other) => entryName(other)?.at.includes(index) === true);
  return defined.at.every(isUsed) ? { stem: defined.name, indices: defined.at } : undefined;
}

type Find = (name: string) => Variable | undefined;

/** The target among known variables; x_1 is an entry where only x is known, and X_ij where only X is. */
export function resolveTarget(target: TargetText, find: Find, place: Place): Target {
  const known = find(target.name);
  const { variable, at: texts } = known === undefined ? entryByName(target, find, place) : { variable: known, at: target.at };
  if (texts === undefined) return { variable };
  const indices = texts.map((text) => readIndex(text, place));
  checkCount(variable, indices, place);
  checkRange(variable, indices, place);
  if (!indices.some((index) => index.kind === "all")) return { variable, at: placed(variable, indices) };
  const [down, across] = placed(variable, indices);
  const isWhole = spans(down, variable.shape.rows) && spans(across, variable.shape.cols);
  if (isWhole) return { variable };
  if (variable.attributes.some(isBinding))
    return refuse(
      place,
      "unsupported",
      `a part of ${variable.name} does not vary by itself: its entries depend on each other`,
      variable.name,
    );
  return { variable, at: [down, across] };
}

// The variable that a name with indices is an entry of.
function entryByName({ name }: TargetText, find: Find, place: Place): { readonly variable: Variable; readonly at: readonly string[] } {
  const part = entryName(name);
  const variable = part === undefined ? undefined : find(part.name);
  if (part === undefined || variable === undefined) return refuse(place, "name", `${name} is not known`);
  if (isScalarShape(variable.shape) && !(part.at.length === 1 && part.at[0] === "1"))
    return refuse(place, "shape", `${part.name} is a number and has no entries`, `declare it: ${part.name} : vector(n)`);
  const [only, ...more] = part.at;
  // X_12 of a matrix is X[1,2].
  const at = more.length === 0 && /^\d\d$/.test(only) && isMatrixShape(variable.shape) ? [...only] : part.at;
  return { variable, at };
}

function readIndex(text: string, place: Place): Index {
  if (text === ":") return { kind: "all" };
  if (/^(?:\d{1,9}|\p{L}[\p{L}\p{N}]*)$/u.test(text)) return positionOf(text);
  return refuse(place, "type", `${text} is no index`, "a number, a name, or a colon");
}

/** The place that a number or a name is. */
export const positionOf = (text: string): Index => ({ kind: "position", at: dimOf(/^\d/.test(text) ? Number(text) : text) });

/** How many indices an entry is written with. */
const rankOf = ({ shape }: Variable): 1 | 2 => (isMatrixShape(shape) ? 2 : 1);

function checkCount(variable: Variable, { length }: readonly Index[], place: Place): void {
  const wanted = rankOf(variable);
  // A vector may be written with both.
  if (length === 2 || length === wanted) return;
  refuse(
    place,
    "type",
    `an entry of ${variable.name} has ${wanted === 1 ? "one index" : "two indices"}`,
    wanted === 1 ? `${variable.name}[1]` : `${variable.name}[1,2]`,
  );
}

function checkRange(variable: Variable, indices: readonly Index[], place: Place): void {
  const { shape, name } = variable;
  for (const [k, index] of indices.entries()) {
    const size = shape[k === 1 || (rankOf(variable) === 1 && !isColumnShape(shape)) ? "cols" : "rows"];
    const [at, last] = [index.kind === "position" ? dimConstant(index.at) : undefined, dimConstant(size)];
    if (at !== undefined && (at < 1 || (last !== undefined && at > last)))
      refuse(place, "type", `${name} has no entry ${at}`, `indices run from 1 to ${last ?? size.key}`);
  }
}

/** Row and column, of which the one that a vector does not have is the first. */
function placed({ shape }: Variable, [i, j]: readonly Index[]): [down: Index, across: Index] {
  const [only, first] = [i as Index, { kind: "position", at: dimOf(1) } as const];
  if (j !== undefined) return [only, j];
  return isColumnShape(shape) ? [only, first] : [first, only];
}

/** Whether an index takes everything along a side. */
const spans = (index: Index, side: Dim): boolean => index.kind === "all" || side.key === "1";
