// From matrix notation to index notation: the normal form of a term, made from the leaves up.
//
// Invariant: a value keeps one axis for every side of its shape that is not 1, rows before
// columns, and behind them one axis for every summation index still open around it. Not here:
// the index forms of the structural operators (operators.ts), laws of functions (src/tensor/functions/apply.ts).

import { assertNever, invariant } from "../../base/assert.ts";
import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { instantiate } from "../../expr/build.ts";
import { type Dim, isOneDim } from "../../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index, type IndexSum, nodes } from "../../expr/expr.ts";
import { bindDims, type FunctionDefinition, type FunctionInfo } from "../../expr/functions.ts";
import { boundAt } from "../../expr/indices.ts";
import { isOperator } from "../../expr/operators.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { dimTensor, scalarTensor } from "../form/algebra.ts";
import { constantBase, type Slot, shapeAxes, type Tensor, unknownBase, variableBase } from "../form/tensor.ts";
import { applyElementwise, applyIdentities, applyTyped, atom, substitute } from "../functions/apply.ts";
import type { FunctionRules } from "../functions/functionRules.ts";
import { einsum, relabel } from "../product/einsum.ts";
import { applyOperator } from "./operators.ts";
import { extent, keptWhole } from "./part.ts";
import { alignOpen, closed, type Value, widen } from "./value.ts";

/** Finds the rules of a function by name. */
export type FindFunction = (name: string) => FunctionRules | undefined;

/** What a term is read with. */
export interface Converter {
  readonly find: FindFunction;
  /** Replaces the definition of a name: a variable to be read as another tensor. */
  readonly names?: ReadonlyMap<string, Tensor> | undefined;
}

/** The normal form of a term. Throws a diagnostic for what has none. */
export function toTensor(expr: Expr, converter: Converter): Tensor {
  const uses = usesOfDeep(expr);
  const value = fold<Value>(expr, (node, args) => {
    const made = convert(node, args, converter);
    if (uses === undefined || node === expr) return made;
    const most = (uses.get(node) ?? 0) > 1 ? 1 : MOST_FLAT;
    return extent(made.tensor) > most ? { ...made, tensor: keptWhole(made.tensor) } : made;
  });
  invariant(value.open.length === 0, "no summation index is left open");
  return value.tensor;
}

/** In terms nested deeper than this what is used several times is kept whole. */
const DEEP = 24;
/** Longer sums and products inside of deep terms are kept whole even where they are used once. */
const MOST_FLAT = 16;

/** How often each part of a deep term is used; undefined for a term that is not deep. */
function usesOfDeep(expr: Expr): Map<Expr, number> | undefined {
  const depth = fold<number>(expr, (_, args) => 1 + args.reduce((a, b) => Math.max(a, b), 0));
  if (depth <= DEEP) return undefined;
  const uses = new Map<Expr, number>();
  for (const node of nodes(expr)) for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  return uses;
}

function convert(node: Expr, args: readonly Value[], converter: Converter): Value {
  const { shape } = node;
  switch (node.kind) {
    case "num":
      return closed(scalarTensor(node.value), shape);
    case "constant":
      return closed(atom(constantBase(node.name)), shape);
    case "var":
      return closed(converter.names?.get(node.name) ?? atom(variableBase(node)), shape);
    case "dim":
      return closed(dimTensor(node.dim), shape);
    case "entry":
      return convertEntry(node, args[0] as Value);
    case "indexSum":
      return convertSum(node, args[0] as Value);
    case "unknown": {
      const axes = node.elementwise ? (args[0] as Value).tensor.axes : shapeAxes(shape);
      if (!node.elementwise && args.some((a) => a.open.length > 0))
        fail("unsupported", `${node.name} of a term with an open summation index`, NOWHERE);
      const { name, elementwise, symmetric, derivatives } = node;
      const base = unknownBase({ name, elementwise, isSymmetricValue: symmetric, args: args.map((a) => a.tensor), derivatives }, axes);
      return { tensor: atom(base), shape, open: args[0]?.open ?? [] };
    }
    case "apply":
      return isOperator(node.op) ? applyOperator(node.op, node, args) : convertFunction(node, args, converter);
    default:
      return assertNever(node);
  }
}

function convertEntry(node: Entry, of: Value): Value {
  const names = boundAt(node).map((i) => i.name);
  const open = [...new Set([...of.open, ...names])].sort();
  const natural: Dim[] = [];
  const slotOf = (i: Index, dim: Dim): Slot | undefined => {
    if (isOneDim(dim)) return undefined;
    if (i.kind === "position") return i.at;
    if (i.kind === "all") return natural.push(dim) - 1;
    return -1 - open.indexOf(i.name);
  };
  const own = [slotOf(node.at[0], of.shape.rows), slotOf(node.at[1], of.shape.cols)].filter((s): s is Slot => s !== undefined);
  const openDims = open.map((name) => rangeOf(name, node, of));
  const finish = (s: Slot): Slot => (typeof s === "number" && s < 0 ? natural.length + (-1 - s) : s);
  const slots = [...own.map(finish), ...of.open.map((name) => natural.length + open.indexOf(name))];
  return { tensor: relabel(of.tensor, [...natural, ...openDims], slots), shape: node.shape, open };
}

function rangeOf(name: string, node: Entry, of: Value): Dim {
  for (const i of node.at) if (i.kind === "bound" && i.name === name) return i.range;
  const at = of.open.indexOf(name);
  return of.tensor.axes[of.tensor.axes.length - of.open.length + at] as Dim;
}

function convertSum(node: IndexSum, body: Value): Value {
  const natural = body.tensor.axes.length - body.open.length;
  const open = body.open.filter((n) => n !== node.index);
  const axes = [...body.tensor.axes.slice(0, natural), ...open.map((n) => body.tensor.axes[natural + body.open.indexOf(n)] as Dim)];
  if (!body.open.includes(node.index)) {
    return {
      tensor: einsum(axes, [
        [body.tensor, axes.map((_, i) => i)],
        [dimTensor(node.range), []],
      ]),
      shape: node.shape,
      open,
    };
  }
  const slots = body.tensor.axes.map((_, i) => {
    if (i < natural) return i;
    const name = body.open[i - natural] as string;
    return name === node.index ? axes.length : natural + open.indexOf(name);
  });
  return { tensor: relabel(body.tensor, axes, slots), shape: node.shape, open };
}

function convertFunction(node: Apply, args: readonly Value[], converter: Converter): Value {
  const rules = converter.find(node.op);
  if (rules === undefined) fail("unsupported", `nabla has no rules for ${node.op}`, NOWHERE);
  const { shape } = node;
  const widened = rules.info.elementwise ? args.map((a) => widen(a, shape)) : args;
  const { tensors, open } = alignOpen(widened);
  const degenerate = isDegenerate(rules.info, args);
  // Of numbers an open index makes one for each of its places.
  const places = args.every((a) => isScalarShape(a.shape)) ? (tensors[0]?.axes ?? []) : [];
  const identical = rules.info.elementwise || open.length > places.length ? undefined : applyIdentities(rules, tensors, places);
  if (identical !== undefined) return { tensor: identical, shape, open };
  const byRows = open.length === 1 && rules.info.rows !== undefined && !degenerate ? converter.find(rules.info.rows) : undefined;
  if (byRows !== undefined) return convertRows(byRows, tensors[0] as Tensor, node, open);
  const { definition } = rules;
  const isBeyondRules = !rules.info.elementwise && (open.length > 0 || degenerate);
  if (definition !== undefined && isBeyondRules) return convertDefinition(rules.info, definition, node, args, converter);
  if (definition !== undefined && !rules.hasDifferential)
    return { tensor: expandDefinition(rules, definition, tensors, args, converter), shape, open };
  if (rules.info.elementwise) return { tensor: applyElementwise(rules, tensors), shape, open };
  if (open.length > 0) fail("unsupported", `${node.op} of a term with an open summation index`, NOWHERE);
  if (degenerate) {
    const fix = "write it out for a vector or a number";
    fail("unsupported", `${node.op} is differentiated for matrices with more than one row and column`, NOWHERE, { fix });
  }
  const shapes = args.map((a) => a.shape);
  return closed(applyTyped(rules, tensors, shapes), shape);
}

/** Whether a side that the declaration of a function leaves open is 1 here: an axis that its rules speak of is missing. */
const isDegenerate = (info: FunctionInfo, args: readonly Value[]): boolean =>
  !info.elementwise &&
  info.params.some((p, i) => {
    const actual = (args[i] as Value).shape;
    return (!isOneDim(p.rows) && isOneDim(actual.rows)) || (!isOneDim(p.cols) && isOneDim(actual.cols));
  });

/** A function of a vector with an open index is another function of the matrix that has a row for each place of the index. */
function convertRows(byRows: FunctionRules, columns: Tensor, node: Apply, open: readonly string[]): Value {
  const [length, places] = columns.axes as readonly [Dim, Dim];
  const rows = relabel(columns, [places, length], [1, 0]);
  const applied = applyTyped(byRows, [rows], [{ rows: places, cols: length }]);
  // The places come first, as rows do, and open indices last.
  const tensor = applied.axes.length === 1 ? applied : relabel(applied, [length, places], [1, 0]);
  return { tensor, shape: node.shape, open };
}

/**
 * A function of a term with open indices, or with a side of 1, is what its body says of that term: rules
 * speak of one vector or matrix with all its axes, and not of one for each place of an index.
 */
function convertDefinition(
  info: FunctionInfo,
  definition: FunctionDefinition,
  node: Apply,
  args: readonly Value[],
  converter: Converter,
): Value {
  const known = new Map(node.args.map((arg, i) => [arg, args[i] as Value]));
  return fold(
    instantiate(info, definition, node.args, (name) => converter.find(name)?.info),
    (part, parts) => convert(part, parts, converter),
    known,
  );
}

/** A function given by a definition is what its body says. */
function expandDefinition(
  { info }: FunctionRules,
  { parameters, body }: FunctionDefinition,
  tensors: readonly Tensor[],
  args: readonly Value[],
  converter: Converter,
): Tensor {
  invariant(args.length === parameters.length, "a definition has all its arguments");
  const inner = toTensor(body, { find: converter.find });
  const by = new Map(parameters.map((p, i) => [p.name, tensors[i] as Tensor]));
  const shapes = args.map((a) => a.shape);
  return substitute(inner, by, info.elementwise ? { broadcast: (tensors[0] as Tensor).axes } : { dims: bindDims(info, shapes) });
}
