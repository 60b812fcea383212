// From matrix notation to index notation. Every structural operator is defined here by
// its index form, and so has no rules of its own: (A x)_i = Σ_j A_ij x_j, tr A = Σ_i A_ii.
//
// A value keeps one axis for every side of its shape that is not 1, rows before columns,
// and behind them one axis for every summation index still open around it.

import { assertNever, invariant } from "../base/assert.ts";
import { fail } from "../base/diagnostic.ts";
import { flatMap } from "../base/list.ts";
import { isInteger, MINUS_ONE, ONE } from "../base/rational.ts";
import { addDims, type Dim, dimOf, isOneDim } from "../expr/dim.ts";
import type { Apply, Entry, Expr, Index, IndexSum } from "../expr/expr.ts";
import { fold, nodes } from "../expr/expr.ts";
import { bindDims, type FunctionInfo } from "../expr/functions.ts";
import { isOperator, type OperatorName } from "../expr/operators.ts";
import { isMatrixShape, isScalarShape, type Shape } from "../expr/shape.ts";
import { addTensors, negateTensor, zeroTensor } from "./algebra.ts";
import { applyElementwise, applyIdentities, applyTyped, atom, onesTensor, substitute } from "./apply.ts";
import { extent, keptWhole } from "./part.ts";
import { convertCases, convertComparison } from "./piecewise.ts";
import { exponentFromTensor, powerTensor } from "./power.ts";
import { dimTensor, einsum, relabel, scalarTensor } from "./product.ts";
import { embed } from "./stack.ts";
import {
  constantBase,
  deltaBase,
  exponentOf,
  type FunctionRules,
  fuseBase,
  type Slot,
  shapeAxes,
  type Tensor,
  unknownBase,
  variableBase,
} from "./tensor.ts";

import { alignOpen, closed, combine, type Labels, naturalLabels, type Value, widen } from "./value.ts";

/** Finds the rules of a function by name. */
export type FindFunction = (name: string) => FunctionRules | undefined;

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
        fail("unsupported", `${node.name} of a term with an open summation index`, { start: 0, end: 0 });
      const base = unknownBase(
        node.name,
        node.elementwise,
        args.map((a) => a.tensor),
        node.derivatives,
        axes,
      );
      return { tensor: atom(base), shape, open: args[0]?.open ?? [] };
    }
    case "apply":
      return isOperator(node.op) ? convertOperator(node, node.op, args) : convertFunction(node, args, converter);
    default:
      return assertNever(node);
  }
}

function convertEntry(node: Entry, of: Value): Value {
  const names = flatMap(node.at, (i) => (i.kind === "bound" ? [i.name] : []));
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

function convertOperator(node: Apply, op: OperatorName, args: readonly Value[]): Value {
  const { shape } = node;
  const [a, b] = args as [Value, Value];
  const own = a === undefined ? [] : naturalLabels(a.shape);
  const params = node.params;
  switch (op) {
    case "add": {
      const { tensors, open } = alignOpen(args);
      return { tensor: addTensors((tensors[0] as Tensor).axes, tensors), shape, open };
    }
    case "neg":
      return { ...a, tensor: negateTensor(a.tensor) };
    case "mul":
      return convertProduct(shape, a, b);
    case "hadamard":
      return combine(shape, own, [
        [a, own],
        [b, own],
      ]);
    case "div":
      return combine(shape, own, [
        [a, own],
        [{ ...b, tensor: powerTensor(b.tensor, exponentOf(MINUS_ONE)) }, []],
      ]);
    case "hdiv":
      return combine(shape, own, [
        [a, own],
        [{ ...b, tensor: powerTensor(b.tensor, exponentOf(MINUS_ONE)) }, own],
      ]);
    case "pow":
      return isScalarShape(shape) ? convertPower(shape, a, b) : convertMatrixPower(shape, a, b);
    case "hpow":
      return convertPower(shape, a, b);
    case "expand": {
      const natural = naturalLabels(shape);
      return combine(shape, natural, [[a, []]], [[onesTensor(shapeAxes(shape)), natural]]);
    }
    case "transpose":
      return isMatrixShape(a.shape) ? combine(shape, ["j", "i"], [[a, own]]) : { ...a, shape };
    case "sum":
      return combine(shape, [], [[a, own]]);
    case "tr":
      return combine(shape, [], [[a, isScalarShape(a.shape) ? [] : ["i", "i"]]]);
    case "diag":
      if (isScalarShape(a.shape)) return a;
      if (isMatrixShape(a.shape)) return combine(shape, ["i"], [[a, ["i", "i"]]]);
      return combine(shape, ["i", "j"], [[a, ["i"]]], [[atom(deltaBase(shape.rows)), ["i", "j"]]]);
    case "dot":
      // Two vectors may differ in orientation; two matrices agree axis by axis.
      return isMatrixShape(a.shape)
        ? combine(
            shape,
            [],
            [
              [a, own],
              [b, own],
            ],
          )
        : combine(
            shape,
            [],
            [
              [a, own.map(() => "i")],
              [b, naturalLabels(b.shape).map(() => "i")],
            ],
          );
    case "kron":
      return convertKron(shape, a, b);
    case "vec":
      if (!isMatrixShape(a.shape)) return { ...a, shape };
      return combine(shape, ["k"], [[a, ["i", "j"]]], [[atom(fuseBase(shape.rows, a.shape.cols, a.shape.rows)), ["k", "j", "i"]]]);
    case "reshape":
      if (!isMatrixShape(shape)) return { ...a, shape };
      return combine(shape, ["i", "j"], [[a, ["k"]]], [[atom(fuseBase(a.shape.rows, shape.cols, shape.rows)), ["k", "j", "i"]]]);
    case "vcat":
      return convertStack(shape, args, "rows");
    case "hcat":
      return convertStack(shape, args, "cols");
    case "ones":
      return closed(onesTensor(shapeAxes(shape)), shape);
    case "zeros":
      return closed(zeroTensor(shapeAxes(shape)), shape);
    case "eye":
      return closed(isScalarShape(shape) ? scalarTensor(ONE) : atom(deltaBase(shape.rows)), shape);
    case "unit":
      return closed(embed(scalarTensor(ONE), 0, { offset: addDims(params[1] as Dim, dimOf(-1)), size: dimOf(1) }, shapeAxes(shape)), shape);
    case "commutation":
      return convertCommutation(shape, params[0] as Dim, params[1] as Dim);
    case "gt":
    case "lt":
    case "ge":
    case "le":
    case "eq":
    case "ne":
      return convertComparison(shape, op, args);
    case "cases":
      return convertCases(shape, args);
    default:
      return assertNever(op);
  }
}

function convertProduct(shape: Shape, a: Value, b: Value): Value {
  if (isScalarShape(a.shape))
    return combine(shape, naturalLabels(b.shape), [
      [a, []],
      [b, naturalLabels(b.shape)],
    ]);
  if (isScalarShape(b.shape))
    return combine(shape, naturalLabels(a.shape), [
      [a, naturalLabels(a.shape)],
      [b, []],
    ]);
  const left = [...(isOneDim(a.shape.rows) ? [] : ["i"]), ...(isOneDim(a.shape.cols) ? [] : ["k"])];
  const right = [...(isOneDim(b.shape.rows) ? [] : ["k"]), ...(isOneDim(b.shape.cols) ? [] : ["j"])];
  return combine(shape, naturalLabels(shape), [
    [a, left],
    [b, right],
  ]);
}

function convertPower(shape: Shape, a: Value, b: Value): Value {
  if (b.tensor.axes.length > 0) {
    // u .^ v with a vector exponent: exp(v ⊙ log(u)) has no better normal form than its own.
    fail("unsupported", "an element-wise power whose exponent is not a number: write exp(v ⊙ log(u))", { start: 0, end: 0 });
  }
  const exponent = exponentFromTensor(b.tensor);
  return { tensor: powerTensor(a.tensor, exponent), shape, open: a.open };
}

/** A^k for an integer k ≥ 0 by repeated multiplication of the symbol; other exponents belong to rules. */
function convertMatrixPower(shape: Shape, a: Value, b: Value): Value {
  const exponent = exponentFromTensor(b.tensor);
  if (exponent.symbolic !== undefined || !isInteger(exponent.rational) || exponent.rational.n < 0n || exponent.rational.n > 64n)
    fail("unsupported", "a matrix to a power that is not a whole number between 0 and 64", { start: 0, end: 0 });
  const k = Number(exponent.rational.n);
  if (k === 0) return closed(atom(deltaBase(shape.rows)), shape);
  const labels = Array.from({ length: k + 1 }, (_, i) => (i === 0 ? "i" : i === k ? "j" : `k${i}`));
  return combine(
    shape,
    ["i", "j"],
    Array.from({ length: k }, (_, i) => [a, [labels[i] as string, labels[i + 1] as string]] as const),
  );
}

function convertKron(shape: Shape, a: Value, b: Value): Value {
  const extra: (readonly [Tensor, Labels])[] = [];
  const side = (axis: "rows" | "cols", outer: string, inner: string, fused: string): [string[], string[], string[]] => {
    const [p, q] = [a.shape[axis], b.shape[axis]];
    if (isOneDim(p)) return isOneDim(q) ? [[], [], []] : [[], [inner], [inner]];
    if (isOneDim(q)) return [[outer], [], [outer]];
    extra.push([atom(fuseBase(shape[axis], p, q)), [fused, outer, inner]]);
    return [[outer], [inner], [fused]];
  };
  const [ar, br, r] = side("rows", "p", "q", "r");
  const [ac, bc, c] = side("cols", "s", "t", "c");
  return combine(
    shape,
    [...r, ...c],
    [
      [a, [...ar, ...ac]],
      [b, [...br, ...bc]],
    ],
    extra,
  );
}

/** K(m,n) vec(A) = vec(Aᵀ), A m×n: K[(i,j),(j,i)] pairs vec(Aᵀ)_(i−1)n+j with vec(A)_(j−1)m+i. */
function convertCommutation(shape: Shape, m: Dim, n: Dim): Value {
  if (isOneDim(m) || isOneDim(n)) return closed(isScalarShape(shape) ? scalarTensor(ONE) : atom(deltaBase(shape.rows)), shape);
  return combine(
    shape,
    ["r", "c"],
    [],
    [
      [atom(fuseBase(shape.rows, m, n)), ["r", "i", "j"]],
      [atom(fuseBase(shape.rows, n, m)), ["c", "j", "i"]],
    ],
  );
}

function convertStack(shape: Shape, args: readonly Value[], along: "rows" | "cols"): Value {
  const { tensors, open } = alignOpen(args);
  if (isOneDim(shape[along])) return { tensor: tensors[0] as Tensor, shape, open };
  const axis = along === "rows" ? 0 : isOneDim(shape.rows) ? 0 : 1;
  const openAxes = (tensors[0] as Tensor).axes.slice((tensors[0] as Tensor).axes.length - open.length);
  const axes = [...shapeAxes(shape), ...openAxes];
  let offset = dimOf(0);
  const parts = args.map((v, i) => {
    const size = v.shape[along];
    const part = embed(tensors[i] as Tensor, axis, { offset, size }, axes);
    offset = addDims(offset, size);
    return part;
  });
  return { tensor: addTensors(axes, parts), shape, open };
}

function convertFunction(node: Apply, args: readonly Value[], converter: Converter): Value {
  const rules = converter.find(node.op);
  if (rules === undefined) fail("unsupported", `nabla has no rules for ${node.op}`, { start: 0, end: 0 });
  const { shape } = node;
  const widened = rules.info.elementwise ? args.map((a) => widen(a, shape)) : args;
  const { tensors, open } = alignOpen(widened);
  const degenerate = isDegenerate(rules.info, args);
  // Of numbers an open index makes one for each of its places.
  const places = args.every((a) => isScalarShape(a.shape)) ? (tensors[0]?.axes ?? []) : [];
  const identical = rules.info.elementwise || open.length > places.length ? undefined : applyIdentities(rules, tensors, places);
  if (identical !== undefined) return { tensor: identical, shape, open };
  if (rules.definition !== undefined && (!rules.hasDifferential || degenerate)) {
    return { tensor: expandDefinition(rules, node, widened, tensors, converter), shape, open };
  }
  if (rules.info.elementwise) return { tensor: applyElementwise(rules, tensors), shape, open };
  if (open.length > 0) fail("unsupported", `${node.op} of a term with an open summation index`, { start: 0, end: 0 });
  if (degenerate)
    fail(
      "unsupported",
      `${node.op} is differentiated for matrices with more than one row and column`,
      { start: 0, end: 0 },
      {
        fix: "write it out for a vector or a number",
      },
    );
  return closed(
    applyTyped(
      rules,
      tensors,
      args.map((a) => a.shape),
    ),
    shape,
  );
}

/** Whether a side that the declaration of a function leaves open is 1 here: an axis that its rules speak of is missing. */
const isDegenerate = (info: FunctionInfo, args: readonly Value[]): boolean =>
  !info.elementwise &&
  info.params.some((p, i) => {
    const actual = (args[i] as Value).shape;
    return (!isOneDim(p.rows) && isOneDim(actual.rows)) || (!isOneDim(p.cols) && isOneDim(actual.cols));
  });

/** A function given by a definition is what its body says. */
function expandDefinition(
  rules: FunctionRules,
  node: Apply,
  args: readonly Value[],
  tensors: readonly Tensor[],
  converter: Converter,
): Tensor {
  const { parameters, body } = rules.definition as NonNullable<typeof rules.definition>;
  invariant(node.args.length === parameters.length, "a definition has all its arguments");
  const inner = toTensor(body, { find: converter.find });
  const by = new Map(parameters.map((p, i) => [p.name, tensors[i] as Tensor]));
  const [first] = tensors as readonly [Tensor];
  if (rules.info.elementwise) return substitute(inner, by, { broadcast: first.axes });
  const open = Math.max(...args.map((a) => a.open.length));
  if (open > 0 && nodes(body).some((n) => n.kind === "apply" && converter.find(n.op)?.info.elementwise === false))
    fail("unsupported", `${node.op} of a term with an open summation index`, { start: 0, end: 0 });
  const dims = bindDims(
    rules.info,
    args.map((a) => a.shape),
  );
  return substitute(inner, by, { dims, broadcast: first.axes.slice(first.axes.length - open) });
}
