// What is differentiated by: a variable, an entry of one, or a row or column of a matrix.
//
// Invariant: an entry has two indices; for a vector one of them is 1. What has everything along an axis is a row or a
// column of a matrix. Not here: entries inside an expression (names.ts).

import type { Diagnostic } from "../base/diagnostic.ts";
import { InputError } from "../base/diagnostic.ts";
import { isBinding } from "../expr/attributes.ts";
import { dimConstant, dimOf } from "../expr/dim.ts";
import type { Index, Variable } from "../expr/expr.ts";
import { isColumnShape, isMatrixShape, isScalarShape } from "../expr/shape.ts";
import { isPlainName, parse } from "../syntax/parse.ts";
import type { IndexTree, TargetTree } from "../syntax/tree.ts";
import type { Place } from "./constraint.ts";
import { refuse } from "./mismatch.ts";

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

/** As parseTarget, but throws an InputError. */
export function readTarget(text: string): TargetText {
  if (isPlainName(text)) return { name: text };
  const place: Place = { source: text, span: { start: 0, end: text.length } };
  const result = parse(text);
  if (!result.ok) throw new InputError(result.diagnostics[0] as Diagnostic);
  const value = result.document.final?.kind === "value" ? result.document.final.value : undefined;
  if (value?.kind === "name") return { name: value.name };
  if (value?.kind === "entry" && value.of.kind === "name") return { name: value.of.name, at: value.at.map((i) => indexText(i, text)) };
  return refuse(place, "type", `${text} is no variable`, "a name such as w, or an entry such as x[2]");
}

/** The parts of a target as they are written. */
export const targetText = (tree: TargetTree, source: string): TargetText =>
  tree.at === undefined ? { name: tree.name } : { name: tree.name, at: tree.at.map((i) => indexText(i, source)) };

const indexText = (i: IndexTree, source: string): string => (i.kind === "all" ? ":" : source.slice(i.span.start, i.span.end).trim());

const ENTRY_NAME = /^(.+)_(?:([1-9]\d{0,8}|[a-z])|([a-z\d]),?([a-z\d]))$/u;

/** x_1, x_i, X_ij, X_{1,j}: entries of x and X where these are known and they are not. */
export function entryName(name: string): { readonly name: string; readonly at: readonly [string, ...string[]] } | undefined {
  const [, base, only, row, col] = ENTRY_NAME.exec(name) ?? [];
  if (base === undefined) return undefined;
  return { name: base, at: only === undefined ? [row as string, col as string] : [only] };
}

/** The target among known variables; x_1 is an entry where only x is known, and X_ij where only X is. */
export function resolveTarget(target: TargetText, find: (name: string) => Variable | undefined, place: Place): Target {
  const variable = find(target.name);
  if (variable === undefined) {
    const part = entryName(target.name);
    const of = part === undefined ? undefined : find(part.name);
    if (part === undefined || of === undefined) return refuse(place, "name", `${target.name} is not known`);
    if (isScalarShape(of.shape) && !(part.at.length === 1 && part.at[0] === "1"))
      return refuse(place, "shape", `${part.name} is a number and has no entries`, `declare it: ${part.name} : vector(n)`);
    const [only, ...more] = part.at;
    // X_12 of a matrix is X[1,2].
    const at = more.length === 0 && /^\d\d$/.test(only) && isMatrixShape(of.shape) ? [...only] : part.at;
    return resolveTarget({ name: part.name, at }, find, place);
  }
  if (target.at === undefined) return { variable };
  const indices = target.at.map((text): Index => {
    if (text === ":") return { kind: "all" };
    if (/^\d{1,9}$/.test(text)) return { kind: "position", at: dimOf(Number(text)) };
    if (/^[\p{L}][\p{L}\p{N}]*$/u.test(text)) return { kind: "position", at: dimOf(text) };
    return refuse(place, "type", `${text} is no index`, "a number, a name, or a colon");
  });
  const [i, j, ...more] = indices;
  const wanted = isMatrixShape(variable.shape) ? 2 : 1;
  if (i === undefined || more.length > 0 || (j === undefined && wanted === 2))
    return refuse(
      place,
      "type",
      `an entry of ${variable.name} has ${wanted === 1 ? "one index" : "two indices"}`,
      wanted === 1 ? `${variable.name}[1]` : `${variable.name}[1,2]`,
    );
  for (const [k, index] of indices.entries()) {
    const size = variable.shape[k === 1 || (wanted === 1 && !isColumnShape(variable.shape)) ? "cols" : "rows"];
    const [at, last] = [index.kind === "position" ? dimConstant(index.at) : undefined, dimConstant(size)];
    if (at !== undefined && (at < 1 || (last !== undefined && at > last)))
      refuse(place, "type", `${variable.name} has no entry ${at}`, `indices run from 1 to ${last ?? size.key}`);
  }
  const { rows, cols } = variable.shape;
  const [down, across]: [Index, Index] = j !== undefined ? [i, j] : isColumnShape(variable.shape) ? [i, FIRST()] : [FIRST(), i];
  const isWhole = (down.kind === "all" || rows.key === "1") && (across.kind === "all" || cols.key === "1");
  if (isWhole && indices.some((index) => index.kind === "all")) return { variable };
  if (indices.some((index) => index.kind === "all") && variable.attributes.some(isBinding))
    return refuse(
      place,
      "unsupported",
      `a part of ${variable.name} does not vary by itself: its entries depend on each other`,
      variable.name,
    );
  return { variable, at: [down, across] };
}

// Not a constant: dimensions are interned.
const FIRST = (): Index => ({ kind: "position", at: dimOf(1) });
