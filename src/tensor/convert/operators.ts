// The index form of each structural operator, one row an operator: (A x)_i = Σ_j A_ij x_j,
// tr A = Σ_i A_ii. An operator is defined here and so has no rules of its own.
//
// Invariant: a value keeps one axis for every side of its shape that is not 1 (value.ts), and
// so does what a row makes of it. Not here: functions, entries and sums over an index
// (convert.ts), comparisons and cases (piecewise.ts).

import { fail } from "../../base/diagnostic.ts";
import { isInteger, MINUS_ONE, ONE } from "../../base/rational.ts";
import { NOWHERE } from "../../base/span.ts";
import { addDims, type Dim, dimOf, isOneDim } from "../../expr/dim.ts";
import type { Apply } from "../../expr/expr.ts";
import type { Comparison, OperatorName } from "../../expr/operators.ts";
import { isMatrixShape, isScalarShape, type Shape } from "../../expr/shape.ts";
import { addTensors, negateTensor, onesTensor, scalarTensor, zeroTensor } from "../form/algebra.ts";
import { deltaBase, exponentOf, fuseBase, shapeAxes, type Tensor } from "../form/tensor.ts";
import { atom } from "../functions/apply.ts";
import { exponentFromTensor, powerTensor } from "../product/power.ts";
import { embed } from "../product/stack.ts";
import { convertCases, convertComparison } from "./piecewise.ts";
import { alignOpen, closed, combine, type Labels, naturalLabels, type Value } from "./value.ts";

type Row = (shape: Shape, args: readonly Value[], params: readonly Dim[]) => Value;

const first = (args: readonly Value[]): Value => args[0] as Value;
const second = (args: readonly Value[]): Value => args[1] as Value;

/** A value on the labels of its own shape. */
const natural = (value: Value): readonly [Value, Labels] => [value, naturalLabels(value.shape)];

/** Operators without operands of their own: a value known by its shape alone. */
const constant =
  (make: (axes: readonly Dim[], shape: Shape) => Tensor): Row =>
  (shape) =>
    closed(make(shapeAxes(shape), shape), shape);

const comparison =
  (op: Comparison): Row =>
  (shape, args) =>
    convertComparison(shape, op, args);

// biome-ignore format: a table is read by columns
const ROWS: Readonly<Record<OperatorName, Row>> = {
  add:         addition,
  neg:         (_, args) => ({ ...first(args), tensor: negateTensor(first(args).tensor) }),
  mul:         matrixProduct,
  div:         (shape, args) => combine(shape, naturalLabels(first(args).shape), [natural(first(args)), [reciprocal(second(args)), []]]),
  pow:         (shape, args) => (isScalarShape(shape) ? entryPower(shape, args) : matrixPower(shape, args)),
  hadamard:    (shape, args) => entryProduct(shape, first(args), second(args)),
  hdiv:        (shape, args) => entryProduct(shape, first(args), reciprocal(second(args))),
  hpow:        entryPower,
  expand:      (shape, args) => combine(shape, naturalLabels(shape), [[first(args), []]], [[onesTensor(shapeAxes(shape)), naturalLabels(shape)]]),
  transpose:   (shape, args) => (isMatrixShape(first(args).shape) ? combine(shape, ["j", "i"], [natural(first(args))]) : { ...first(args), shape }),
  sum:         (shape, args) => combine(shape, [], [natural(first(args))]),
  tr:          (shape, args) => combine(shape, [], [[first(args), isScalarShape(first(args).shape) ? [] : ["i", "i"]]]),
  diag:        diagonal,
  dot:         innerProduct,
  kron:        kroneckerProduct,
  vec:         vectorised,
  reshape:     reshaped,
  vcat:        (shape, args) => stacked(shape, args, "rows"),
  hcat:        (shape, args) => stacked(shape, args, "cols"),
  ones:        constant(onesTensor),
  zeros:       constant(zeroTensor),
  eye:         constant((_, shape) => (isScalarShape(shape) ? scalarTensor(ONE) : atom(deltaBase(shape.rows)))),
  unit:        unitVector,
  commutation: (shape, _, params) => commutation(shape, params[0] as Dim, params[1] as Dim),
  gt:          comparison("gt"),
  lt:          comparison("lt"),
  ge:          comparison("ge"),
  le:          comparison("le"),
  eq:          comparison("eq"),
  ne:          comparison("ne"),
  cases:       convertCases,
};

/** An operator applied to values, as a value of the node's shape. Throws a diagnostic for powers that have no index form. */
export const applyOperator = (op: OperatorName, { shape, params }: Apply, args: readonly Value[]): Value => ROWS[op](shape, args, params);

function addition(shape: Shape, args: readonly Value[]): Value {
  const { tensors, open } = alignOpen(args);
  return { tensor: addTensors((tensors[0] as Tensor).axes, tensors), shape, open };
}

function entryProduct(shape: Shape, a: Value, b: Value): Value {
  const own = naturalLabels(a.shape);
  return combine(shape, own, [
    [a, own],
    [b, own],
  ]);
}

/** One over every entry. */
const reciprocal = (a: Value): Value => ({ ...a, tensor: powerTensor(a.tensor, exponentOf(MINUS_ONE)) });

/** The diagonal of a matrix, or the matrix with a vector on its diagonal. */
function diagonal(shape: Shape, args: readonly Value[]): Value {
  const a = first(args);
  if (isScalarShape(a.shape)) return a;
  if (isMatrixShape(a.shape)) return combine(shape, ["i"], [[a, ["i", "i"]]]);
  return combine(shape, ["i", "j"], [[a, ["i"]]], [[atom(deltaBase(shape.rows)), ["i", "j"]]]);
}

/** Two vectors may differ in orientation; two matrices agree axis by axis. */
function innerProduct(shape: Shape, args: readonly Value[]): Value {
  if (isMatrixShape(first(args).shape)) return combine(shape, [], [natural(first(args)), natural(second(args))]);
  const along = (a: Value): readonly [Value, Labels] => [a, naturalLabels(a.shape).map(() => "i")];
  return combine(shape, [], [along(first(args)), along(second(args))]);
}

/** vec(A)_k = A_ij for k = i + (j−1)·rows. */
function vectorised(shape: Shape, args: readonly Value[]): Value {
  const a = first(args);
  if (!isMatrixShape(a.shape)) return { ...a, shape };
  return combine(shape, ["k"], [[a, ["i", "j"]]], [[atom(fuseBase(shape.rows, a.shape.cols, a.shape.rows)), ["k", "j", "i"]]]);
}

/** The matrix of which a vector is the vec. */
function reshaped(shape: Shape, args: readonly Value[]): Value {
  const a = first(args);
  if (!isMatrixShape(shape)) return { ...a, shape };
  return combine(shape, ["i", "j"], [[a, ["k"]]], [[atom(fuseBase(a.shape.rows, shape.cols, shape.rows)), ["k", "j", "i"]]]);
}

/** e_k: a 1 in the block of length 1 at place k. */
function unitVector(shape: Shape, _: readonly Value[], params: readonly Dim[]): Value {
  const block = { offset: addDims(params[1] as Dim, dimOf(-1)), size: dimOf(1) };
  return closed(embed(scalarTensor(ONE), 0, block, shapeAxes(shape)), shape);
}

function matrixProduct(shape: Shape, args: readonly Value[]): Value {
  const [a, b] = [first(args), second(args)];
  if (isScalarShape(a.shape)) return combine(shape, naturalLabels(b.shape), [[a, []], natural(b)]);
  if (isScalarShape(b.shape)) return combine(shape, naturalLabels(a.shape), [natural(a), [b, []]]);
  const left = [...(isOneDim(a.shape.rows) ? [] : ["i"]), ...(isOneDim(a.shape.cols) ? [] : ["k"])];
  const right = [...(isOneDim(b.shape.rows) ? [] : ["k"]), ...(isOneDim(b.shape.cols) ? [] : ["j"])];
  return combine(shape, naturalLabels(shape), [
    [a, left],
    [b, right],
  ]);
}

function entryPower(shape: Shape, args: readonly Value[]): Value {
  const [a, b] = [first(args), second(args)];
  if (b.tensor.axes.length > 0) {
    // u .^ v with a vector exponent: exp(v ⊙ log(u)) has no better normal form than its own.
    fail("unsupported", "an element-wise power whose exponent is not a number: write exp(v ⊙ log(u))", NOWHERE);
  }
  const exponent = exponentFromTensor(b.tensor);
  return { tensor: powerTensor(a.tensor, exponent), shape, open: a.open };
}

/** A^k for an integer k ≥ 0 by repeated multiplication of the symbol; other exponents belong to rules. */
function matrixPower(shape: Shape, args: readonly Value[]): Value {
  const a = first(args);
  const exponent = exponentFromTensor(second(args).tensor);
  if (exponent.symbolic !== undefined || !isInteger(exponent.rational) || exponent.rational.n < 0n || exponent.rational.n > 64n)
    fail("unsupported", "a matrix to a power that is not a whole number between 0 and 64", NOWHERE);
  const k = Number(exponent.rational.n);
  if (k === 0) return closed(atom(deltaBase(shape.rows)), shape);
  const labels = Array.from({ length: k + 1 }, (_, i) => (i === 0 ? "i" : i === k ? "j" : `k${i}`));
  return combine(
    shape,
    ["i", "j"],
    Array.from({ length: k }, (_, i) => [a, [labels[i] as string, labels[i + 1] as string]] as const),
  );
}

/** kron(A, B) has rows (p, q) and columns (s, t) as pairs of labels, those of B running fastest. */
function kroneckerProduct(shape: Shape, args: readonly Value[]): Value {
  const [a, b] = [first(args), second(args)];
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
function commutation(shape: Shape, m: Dim, n: Dim): Value {
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

/** Blocks one behind the other along one axis; along a side of length 1 there is one block. */
function stacked(shape: Shape, args: readonly Value[], along: "rows" | "cols"): Value {
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
