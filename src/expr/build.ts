// The only way to make a term. Constructors intern and compute shapes; they never
// simplify, so a term says exactly what was written or read back.

import { hashNumbers, hashText } from "../base/hash.ts";
import { createHashTable, createTable } from "../base/intern.ts";
import { format, type Rational, rational } from "../base/rational.ts";
import type { Attribute } from "./attributes.ts";
import { type Dim, dimOf, sameDims, substituteDim } from "./dim.ts";
import {
  type Apply,
  type Constant,
  type DimNumber,
  type Entry,
  type Expr,
  fold,
  type Index,
  type IndexSum,
  indexKey,
  type Num,
  type Unknown,
  type Variable,
} from "./expr.ts";
import { bindDims, type FunctionDefinition, type FunctionInfo, type FunctionTable } from "./functions.ts";
import { type OperatorName, operatorRow } from "./operators.ts";
import { isScalarShape, type Shape, sameShape, scalarShape } from "./shape.ts";

const table = createTable<Expr>();
const applications = createHashTable<Apply>();
let nextId = 1;

type Unfinished<T extends Expr> = Omit<T, "hash" | "id">;

function intern<T extends Expr>(content: string, node: Unfinished<T>): T {
  const own = `${node.kind}|${content}|${node.shape.rows.key}×${node.shape.cols.key}`;
  const key = `${own}(${node.args.map((a) => a.id).join(",")})`;
  const known = table.get(key);
  if (known !== undefined) return known as T;
  const hash = hashNumbers([hashText(own), ...node.args.map((a) => a.hash)]);
  // What is spread comes last: members added behind it would be slow.
  return table.set(key, { hash, id: nextId++, ...node } as unknown as T) as T;
}

const sameArgs = (a: readonly Expr[], b: readonly Expr[]): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

/** Most terms are applications: they are found without a text being made of them. */
function internApply(op: string, params: readonly Dim[], shape: Shape, args: readonly Expr[]): Apply {
  const place = args.reduce((mixed, a) => Math.imul(mixed, 31) + a.id, op.length * 256 + op.charCodeAt(0));
  const known = applications.find(
    place,
    (e) => e.op === op && sameArgs(e.args, args) && sameDims(e.params, params) && sameShape(e.shape, shape),
  );
  if (known !== undefined) return known;
  const text = hashText(`apply|${op}|${params.map((p) => p.key).join(",")}|${shape.rows.key}×${shape.cols.key}`);
  const hash = hashNumbers([text, ...args.map((a) => a.hash)]);
  return applications.add(place, { kind: "apply", hash, id: nextId++, op, params, shape, args });
}

const none: readonly Expr[] = [];

export const num = (value: Rational | number): Num => {
  const exact = typeof value === "number" ? rational(value) : value;
  return intern<Num>(format(exact), { kind: "num", value: exact, shape: scalarShape(), args: none });
};

export const constant = (name: string): Constant => intern<Constant>(name, { kind: "constant", name, shape: scalarShape(), args: none });

export const variable = (name: string, shape: Shape, attributes: readonly Attribute[] = []): Variable => {
  const sorted = [...new Set(attributes)].sort();
  return intern<Variable>(`${name}|${sorted.join(",")}`, { kind: "var", name, attributes: sorted, shape, args: none });
};

export const dimNumber = (dim: Dim): DimNumber => intern<DimNumber>(dim.key, { kind: "dim", dim, shape: scalarShape(), args: none });

/** An operator applied; the argument shapes must fit (src/elaborate has checked, or the notation guarantees it). */
export function apply(op: OperatorName, args: readonly Expr[], params: readonly Dim[] = []): Apply {
  const shape = operatorRow(op).shape(
    args.map((a) => a.shape),
    params,
  );
  return internApply(op, params, shape, args);
}

/** A function of the rule library applied to arguments of fitting shapes. */
export function call(info: FunctionInfo, args: readonly Expr[]): Apply {
  const shapes = args.map((a) => a.shape);
  const shape = info.elementwise ? (shapes.find((s) => !isScalarShape(s)) ?? scalarShape()) : resultShape(info, shapes);
  return internApply(info.name, [], shape, args);
}

function resultShape(info: FunctionInfo, args: readonly Shape[]): Shape {
  const bound = bindDims(info, args);
  return { rows: substituteDim(info.result.rows, bound), cols: substituteDim(info.result.cols, bound) };
}

/** One entry, a row or a column of a matrix. */
export function entry(of: Expr, at: readonly [Index, Index]): Entry {
  const shape: Shape = {
    rows: at[0].kind === "all" ? of.shape.rows : dimOf(1),
    cols: at[1].kind === "all" ? of.shape.cols : dimOf(1),
  };
  return intern<Entry>(at.map(indexKey).join(";"), { kind: "entry", at, shape, args: [of] });
}

/** Σ of the body over an index that stands open in it. */
export const indexSum = (index: string, range: Dim, body: Expr): IndexSum =>
  intern<IndexSum>(`${index}∈${range.key}`, { kind: "indexSum", index, range, shape: body.shape, args: [body] });

/** A function without a body, applied; `derivatives` are the arguments, from 0, that it has been differentiated by. */
export const unknown = (
  name: string,
  args: readonly Expr[],
  shape: Shape,
  more: { elementwise?: boolean; symmetric?: boolean; derivatives?: readonly number[] } = {},
): Unknown => {
  const elementwise = more.elementwise ?? false;
  const symmetric = more.symmetric ?? false;
  const derivatives = more.derivatives ?? [];
  return intern<Unknown>(`${name}|${elementwise}${symmetric ? "|symmetric" : ""}|${derivatives.join(",")}`, {
    kind: "unknown",
    name,
    elementwise,
    symmetric,
    derivatives,
    shape,
    args,
  });
};

/** The same node over other arguments; shapes are computed anew where an operator states them. */
export function withArgs(node: Expr, args: readonly Expr[], find: (name: string) => FunctionInfo | undefined): Expr {
  if (args.length === node.args.length && args.every((a, i) => a === node.args[i])) return node;
  switch (node.kind) {
    case "apply": {
      const info = find(node.op);
      return info === undefined ? apply(node.op as OperatorName, args, node.params) : call(info, args);
    }
    case "entry":
      return entry(args[0] as Expr, node.at);
    case "indexSum":
      return indexSum(node.index, node.range, args[0] as Expr);
    case "unknown":
      return unknown(node.name, args, node.shape, node);
    default:
      return node;
  }
}

/** The same node over other arguments of the same shapes. */
export const over = (node: Expr, args: readonly Expr[]): Expr =>
  node.kind === "apply" ? internApply(node.op, node.params, node.shape, args) : withArgs(node, args, () => undefined);

/** The term with some of its parts replaced by others of the same shape. */
export function substitute(expr: Expr, by: ReadonlyMap<Expr, Expr>, functions: FunctionTable): Expr {
  if (by.size === 0) return expr;
  return fold<Expr>(expr, (node, args) => by.get(node) ?? withArgs(node, args, functions.find));
}

/**
 * What a definition says of terms: they stand for its parameters, their sizes for its own.
 * Indices of sums in it take names that nobody writes, so that they bind nothing in the terms.
 */
export function instantiate(
  info: FunctionInfo,
  { parameters, body }: FunctionDefinition,
  args: readonly Expr[],
  find: (name: string) => FunctionInfo | undefined,
): Expr {
  const shapes = args.map((a) => a.shape);
  const sizes = bindDims(info, shapes);
  const sized = (dim: Dim): Dim => substituteDim(dim, sizes);
  const own = (index: string): string => `${info.name}.${index}`;
  const place = (i: Index): Index => {
    if (i.kind === "all") return i;
    return i.kind === "position" ? { kind: "position", at: sized(i.at) } : { kind: "bound", name: own(i.name), range: sized(i.range) };
  };
  const given = new Map<Expr, Expr>(parameters.map((p, i) => [p, args[i] as Expr]));
  return fold<Expr>(body, (node, parts) => {
    switch (node.kind) {
      case "var":
        return given.get(node) ?? node;
      case "dim":
        return dimNumber(sized(node.dim));
      case "entry":
        return entry(parts[0] as Expr, [place(node.at[0]), place(node.at[1])]);
      case "indexSum":
        return indexSum(own(node.index), sized(node.range), parts[0] as Expr);
      case "apply":
        return withArgs(node.params.length === 0 ? node : apply(node.op as OperatorName, node.args, node.params.map(sized)), parts, find);
      default:
        return withArgs(node, parts, find);
    }
  });
}

// Short names for the operators that readers and rules meet most.
export const add = (...terms: Expr[]): Expr => (terms.length === 1 ? (terms[0] as Expr) : apply("add", terms));
export const neg = (a: Expr): Expr => apply("neg", [a]);
export const mul = (a: Expr, b: Expr): Expr => apply("mul", [a, b]);
export const transpose = (a: Expr): Expr => apply("transpose", [a]);
export const hadamard = (a: Expr, b: Expr): Expr => apply("hadamard", [a, b]);
export const ones = (rows: Dim, cols: Dim = dimOf(1)): Expr => apply("ones", [], [rows, cols]);
export const zeros = (rows: Dim, cols: Dim = dimOf(1)): Expr => apply("zeros", [], [rows, cols]);
export const eye = (n: Dim): Expr => apply("eye", [], [n]);
