// Data for an evaluation: plain numbers and nested lists as values of variables, and the
// sizes that follow from them.
//
// Invariant: a list of numbers is a column; sizes that contradict each other or the
// declarations are an InputError that names both.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { createScope, isFunctionName } from "../../elaborate/names/scope.ts";
import { noteSizes } from "../../elaborate/names/size.ts";
import { dimName, dimNames, evaluateDim } from "../../expr/dim.ts";
import { type Expr, nodes, type Variable, variables } from "../../expr/expr.ts";
import type { FunctionTable } from "../../expr/functions.ts";
import { shapeText } from "../../expr/shape.ts";
import { fromRows, type Matrix, matrix, scalar, sizes as sizesText, toRows } from "../../numeric/matrix.ts";
import type { Point } from "../../numeric/point.ts";
import { parse } from "../../syntax/parse.ts";
import { type DeclarationTree, isDerivative, namesInTrees, type Tree } from "../../syntax/tree.ts";
import type { Expression } from "../question/question.ts";

/** A number, a column as a list, or a list of rows. */
export type DataValue = number | readonly number[] | readonly (readonly number[])[];
/** Values by name. */
export type Data = Readonly<Record<string, DataValue>>;

function refuse(message: string): never {
  fail("type", message, NOWHERE);
}

/** Shapes of the variables that are only known from the data: not declared, and not a size. */
export function shapesOfData(request: Expression & { readonly at: Data }, functions: FunctionTable): Record<string, (string | number)[]> {
  const settled = new Set([...Object.keys(request.vars ?? {}), ...(request.dims ?? []), ...(request.let ?? []).map(([name]) => name)]);
  for (const sizes of Object.values(request.vars ?? {}))
    for (const size of sizes) for (const name of `${size}`.match(/[\p{L}][\p{L}\p{N}_]*/gu) ?? []) settled.add(name);
  const texts = [
    request.declarations ?? "",
    typeof request.expr === "string" ? request.expr : "",
    ...(request.let ?? []).map(([, text]) => text),
  ];
  for (const text of texts) for (const name of settledBy(text, functions)) settled.add(name);
  return Object.fromEntries(
    Object.entries(request.at)
      .filter(([name]) => !settled.has(name))
      .map(([name, value]) => {
        const m = toMatrix(name, value);
        return [name, m.cols > 1 ? [m.rows, m.cols] : m.rows > 1 ? [m.rows] : []];
      }),
  );
}

// Names that a text declares, defines, or uses as sizes. A text at fault is left to the pass that reads it in earnest.
function settledBy(text: string, functions: FunctionTable): Set<string> {
  const scope = createScope(functions, false, new Map());
  const parsed = parse(text, { isFunction: (name) => isFunctionName(scope, name) });
  if (!parsed.ok) return new Set();
  const { declarations, definitions, final } = parsed.document;
  const names = new Set([...declarations.flatMap((d) => d.names.map((n) => n.name)), ...definitions.map((d) => d.name)]);
  const sides = final === undefined ? [] : final.kind === "equation" ? [final.left, final.right] : [final.value];
  for (const tree of [...definitions.map((d) => d.value), ...sides.map((s) => (isDerivative(s) ? s.of : s))]) noteSizes(scope, tree);
  for (const name of namesInTrees(declarations.flatMap((d) => sizesOf(d.type)))) scope.dims.add(name);
  return new Set([...names, ...scope.dims]);
}

const sizesOf = (type: DeclarationTree["type"]): readonly Tree[] =>
  type.kind === "function"
    ? [...type.from, type.to].flatMap(sizesOf)
    : [...(type.sizes ?? []), ...(type.power === undefined ? [] : [type.power])];

/** The point at which a term is evaluated; what is given for other variables of the question settles sizes alone. */
export function pointAt(data: Data, term: Expr, others: readonly Variable[] = []): Point {
  const values = valuesOf(data, term, others);
  const sizes = sizesBy(values);
  for (const [name, value] of Object.entries(data))
    if (typeof value === "number" && !sizes.has(name) && !values.some(({ of }) => of.name === name)) sizes.set(name, value);
  const sides = [...nodes(term), ...values.map(({ of }) => of)].flatMap(({ shape }) => [shape.rows, shape.cols]);
  const dims = nodes(term).flatMap((node) => (node.kind === "dim" ? [node.dim] : []));
  for (const name of [...sides, ...dims].flatMap(dimNames))
    if (!sizes.has(name)) refuse(`the size ${name} follows from no value: give ${name} a number`);
  for (const { of, value } of values) checkSizes(of, value, sizes);
  return { sizes, values: new Map(values.map(({ of, value }) => [of.name, value])) };
}

/** A variable with the value that is given for it. */
interface Given {
  readonly of: Variable;
  readonly value: Matrix;
}

/** The values that are given for variables; those in the term have to have one. */
function valuesOf(data: Data, term: Expr, others: readonly Variable[]): Given[] {
  const needed = new Set(variables(term));
  return [...new Set([...needed, ...others])].flatMap((of): Given[] => {
    const given = Object.hasOwn(data, of.name) ? data[of.name] : undefined;
    if (given === undefined && needed.has(of)) refuse(`${of.name} has no value: ${of.name} is ${shapeText(of.shape)}`);
    if (given === undefined) return [];
    const value = toMatrix(of.name, given);
    // A list may stand for a row.
    const isRow = value.cols === 1 && value.rows > 1 && of.shape.rows.key === "1";
    return [{ of, value: isRow ? { rows: 1, cols: value.rows, data: value.data } : value }];
  });
}

/** The sizes that are told by a side of a value. */
function sizesBy(values: readonly Given[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { of, value } of values)
    for (const side of ["rows", "cols"] as const) {
      const name = dimName(of.shape[side]);
      if (name === undefined) continue;
      const known = sizes.get(name) ?? value[side];
      if (known !== value[side]) refuse(`${name} is ${known}, but the value of ${of.name} makes it ${value[side]}`);
      sizes.set(name, known);
    }
  return sizes;
}

/** Refuses a value of another size than its variable has. */
function checkSizes({ name, shape }: Variable, value: Matrix, sizes: ReadonlyMap<string, number>): void {
  const [rows, cols] = [shape.rows, shape.cols].map((dim) => evaluateDim(dim, sizes));
  if (value.rows !== rows || value.cols !== cols) refuse(`the value of ${name} is ${sizesText(value)}, and ${name} is ${rows}×${cols}`);
}

/** A plain value as a matrix: a list of numbers is a column, a list of lists its rows. */
export function toMatrix(name: string, value: unknown): Matrix {
  const isNumber = (x: unknown): x is number => typeof x === "number";
  if (isNumber(value)) return scalar(value);
  if (!Array.isArray(value) || value.length === 0) return refuse(`the value of ${name} is a number, a list of numbers or a list of rows`);
  if (value.every(isNumber)) return matrix(value.length, 1, Float64Array.from(value));
  const width = Array.isArray(value[0]) ? value[0].length : 0;
  if (width === 0 || !value.every((row) => Array.isArray(row) && row.length === width && row.every(isNumber)))
    return refuse(`the rows of ${name} are lists of numbers of one length`);
  return fromRows(value as number[][]);
}

/** A number, a column as a list, anything else as a list of rows. */
export const plain = (m: Matrix): DataValue =>
  m.rows === 1 && m.cols === 1 ? (m.data[0] as number) : m.cols === 1 ? [...m.data] : toRows(m);
