// Terms as JSON: a list of nodes, arguments before the nodes that use them and named by
// their place in the list. So a shared term is stated once and depth costs nothing.
//
// Invariant: exprFromJSON(exprToJSON(e)) is e itself. What is read is checked first:
// data that no term could have written ends in an InputError, never in a broken term.

import { fail } from "../base/diagnostic.ts";
import { format, parseRational } from "../base/rational.ts";
import { NOWHERE } from "../base/span.ts";
import { type Attribute, isAttribute } from "./attributes.ts";
import { apply, call, constant, dimNumber, entry, indexSum, num, unknown, variable } from "./build.ts";
import { type Dim, dimFromKey, multiplyDims, sameDim } from "./dim.ts";
import { type Expr, type Index, nodes } from "./expr.ts";
import { isComparison, isOperator, OPERATORS, type OperatorName } from "./operators.ts";
import { isScalarShape, isSquareShape, isVectorShape, type Shape, sameShape, shapeOf, shapeText, transposeShape } from "./shape.ts";

/** Rows and columns, as the text of a dimension: `n`, `m*n`, `n+1`, `1`. */
export type ShapeJSON = readonly [rows: string, cols: string];
/** `:`, a position, or a summation index with its range. */
export type IndexJSON = ":" | { readonly at: string } | { readonly index: string; readonly range: string };

/** One node; `args` are places of earlier nodes. */
export type NodeJSON =
  | { readonly kind: "num"; readonly value: string }
  | { readonly kind: "constant"; readonly name: string }
  | { readonly kind: "var"; readonly name: string; readonly shape: ShapeJSON; readonly attributes?: readonly Attribute[] }
  | { readonly kind: "dim"; readonly dim: string }
  | {
      readonly kind: "apply";
      readonly op: string;
      readonly shape: ShapeJSON;
      readonly params?: readonly string[];
      readonly args: readonly number[];
    }
  | { readonly kind: "entry"; readonly at: readonly [IndexJSON, IndexJSON]; readonly args: readonly number[] }
  | { readonly kind: "indexSum"; readonly index: string; readonly range: string; readonly args: readonly number[] }
  | {
      readonly kind: "unknown";
      readonly name: string;
      readonly shape: ShapeJSON;
      readonly elementwise?: boolean;
      readonly symmetric?: boolean;
      readonly derivatives?: readonly number[];
      readonly args: readonly number[];
    };

/** A term as plain data: its nodes, arguments before what uses them. */
export interface ExprJSON {
  /** The last node is the term. */
  readonly nodes: readonly NodeJSON[];
}

/** A term as plain data, every node once. */
export function exprToJSON(expr: Expr): ExprJSON {
  const all = nodes(expr);
  const place = new Map(all.map((node, i) => [node, i]));
  return {
    nodes: all.map((node) =>
      nodeToJSON(
        node,
        node.args.map((a) => place.get(a) as number),
      ),
    ),
  };
}

const shapeToJSON = (s: Shape): ShapeJSON => [s.rows.key, s.cols.key];
const indexToJSON = (i: Index): IndexJSON =>
  i.kind === "all" ? ":" : i.kind === "position" ? { at: i.at.key } : { index: i.name, range: i.range.key };

function nodeToJSON(node: Expr, args: readonly number[]): NodeJSON {
  switch (node.kind) {
    case "num":
      return { kind: "num", value: format(node.value) };
    case "constant":
      return { kind: "constant", name: node.name };
    case "var":
      return {
        kind: "var",
        name: node.name,
        shape: shapeToJSON(node.shape),
        ...(node.attributes.length > 0 ? { attributes: node.attributes } : {}),
      };
    case "dim":
      return { kind: "dim", dim: node.dim.key };
    case "apply":
      return {
        kind: "apply",
        op: node.op,
        shape: shapeToJSON(node.shape),
        ...(node.params.length > 0 ? { params: node.params.map((p) => p.key) } : {}),
        args,
      };
    case "entry":
      return { kind: "entry", at: [indexToJSON(node.at[0]), indexToJSON(node.at[1])], args };
    case "indexSum":
      return { kind: "indexSum", index: node.index, range: node.range.key, args };
    case "unknown":
      return {
        kind: "unknown",
        name: node.name,
        shape: shapeToJSON(node.shape),
        ...(node.elementwise ? { elementwise: true } : {}),
        ...(node.symmetric ? { symmetric: true } : {}),
        ...(node.derivatives.length > 0 ? { derivatives: node.derivatives } : {}),
        args,
      };
  }
}

/** The term that the data states. Throws InputError with code "type" where it states none. */
export function exprFromJSON(json: unknown): Expr {
  const given = list(json, "nodes");
  if (given.length === 0) refuse("a term is { nodes: [ … ] } with at least one node");
  const made: Expr[] = [];
  for (const data of given) made.push(nodeFromJSON(data, made));
  return made[made.length - 1] as Expr;
}

function refuse(message: string): never {
  fail("type", `no term in this JSON: ${message}`, NOWHERE);
}

const field = (data: unknown, name: string): unknown =>
  typeof data === "object" && data !== null && Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : undefined;

function text(data: unknown, name: string): string {
  const value = field(data, name);
  return typeof value === "string" && value !== "" ? value : refuse(`${name} is no text`);
}

function list(data: unknown, name: string): readonly unknown[] {
  const value = field(data, name) ?? [];
  return Array.isArray(value) ? value : refuse(`${name} is no list`);
}

function nodeFromJSON(data: unknown, made: readonly Expr[]): Expr {
  const args = list(data, "args").map(
    (place) =>
      (typeof place === "number" ? made[place] : undefined) ?? refuse(`args names the node ${String(place)}, which is not an earlier one`),
  );
  const only = (): Expr => (args.length === 1 ? (args[0] as Expr) : refuse(`a node of kind ${text(data, "kind")} has one argument`));
  switch (text(data, "kind")) {
    case "num": {
      const value = parseRational(text(data, "value"));
      return value === undefined ? refuse(`${text(data, "value")} is no number`) : num(value);
    }
    case "constant":
      return constant(text(data, "name"));
    case "var":
      return variable(text(data, "name"), shape(field(data, "shape")), list(data, "attributes").map(attribute));
    case "dim":
      return dimNumber(dim(text(data, "dim")));
    case "apply":
      return applyFromJSON(data, args);
    case "entry": {
      const at = list(data, "at").map(index);
      return at.length === 2 ? entry(only(), at as [Index, Index]) : refuse("an entry has two indices");
    }
    case "indexSum":
      return indexSum(text(data, "index"), dim(text(data, "range")), only());
    case "unknown": {
      const derivatives = list(data, "derivatives").map((i) =>
        typeof i === "number" && args[i] !== undefined ? i : refuse("derivatives name positions of arguments"),
      );
      return unknown(text(data, "name"), args, shape(field(data, "shape")), {
        elementwise: field(data, "elementwise") === true,
        symmetric: field(data, "symmetric") === true,
        derivatives,
      });
    }
    default:
      return refuse(`there is no kind ${text(data, "kind")}`);
  }
}

function applyFromJSON(data: unknown, args: readonly Expr[]): Expr {
  const op = text(data, "op");
  const stated = shape(field(data, "shape"));
  // A function's shape is what the data says; its rules are not at hand here.
  if (!isOperator(op)) return call({ name: op, aliases: [], elementwise: false, params: [], result: stated, domains: [] }, args);
  const { arity } = OPERATORS[op];
  const params = list(data, "params").map((p) => (typeof p === "string" ? dim(p) : refuse("params are sizes")));
  if (arity === "many" ? args.length === 0 : args.length !== arity) refuse(`${op} does not take ${args.length} arguments`);
  if (params.length !== (PARAMETERS[op] ?? 0)) refuse(`${op} does not take ${params.length} sizes`);
  const shapes = args.map((a) => a.shape);
  if (!fits(op, shapes)) refuse(`${op} does not take arguments of these shapes: ${shapes.map(shapeText).join(", ")}`);
  if (op === "reshape" && !sameShape(shapes[0] as Shape, shapeOf(params.reduce(multiplyDims), 1)))
    refuse("reshape takes a vector of its entries");
  const node = apply(op, args, params);
  return sameShape(node.shape, stated) ? node : refuse(`${op} does not have the shape ${stated.rows.key}×${stated.cols.key}`);
}

const PARAMETERS: Readonly<Record<string, number>> = { expand: 2, ones: 2, zeros: 2, eye: 1, unit: 2, commutation: 2, reshape: 2 };

/** Whether an operator takes arguments of these shapes, as src/elaborate lets them pass. */
export function fits(op: OperatorName, shapes: readonly Shape[]): boolean {
  const [a, b] = shapes as [Shape, Shape];
  if (isComparison(op)) return sameShape(a, b);
  switch (op) {
    case "add":
    case "hadamard":
    case "hdiv":
      return shapes.every((s) => sameShape(s, a));
    case "hpow":
      return sameShape(a, b) || isScalarShape(b);
    case "dot":
      return sameShape(a, b) || sameShape(a, transposeShape(b));
    case "mul":
      return isScalarShape(a) || isScalarShape(b) || sameDim(a.cols, b.rows);
    case "div":
      return isScalarShape(b);
    case "pow":
      return isSquareShape(a) && isScalarShape(b);
    case "expand":
      return isScalarShape(a);
    case "tr":
      return isSquareShape(a);
    case "diag":
      return isVectorShape(a) || isSquareShape(a);
    case "vcat":
      return shapes.every((s) => sameDim(s.cols, a.cols));
    case "hcat":
      return shapes.every((s) => sameDim(s.rows, a.rows));
    case "cases":
      return shapes.every((s, i) => (i % 2 === 1 ? isScalarShape(s) : sameShape(s, a)));
    default:
      return true;
  }
}

const attribute = (value: unknown): Attribute =>
  typeof value === "string" && isAttribute(value) ? value : refuse(`there is no attribute ${String(value)}`);

function shape(value: unknown): Shape {
  if (!Array.isArray(value) || value.length !== 2 || !value.every((d) => typeof d === "string"))
    return refuse("a shape is [rows, columns]");
  return { rows: dim(value[0] as string), cols: dim(value[1] as string) };
}

function index(value: unknown): Index {
  if (value === ":") return { kind: "all" };
  if (field(value, "at") !== undefined) return { kind: "position", at: dim(text(value, "at")) };
  return { kind: "bound", name: text(value, "index"), range: dim(text(value, "range")) };
}

function dim(key: string): Dim {
  return /^-?[^\s+*-]+(?:[+*-][^\s+*-]+)*$/u.test(key) ? dimFromKey(key) : refuse(`${key} is no size`);
}
