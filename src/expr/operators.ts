// The structural operators of matrix notation: the fixed small set that the normal form
// is made of. Functions with a meaning of their own (exp, inv, softmax, …) are data in
// rules/ and reach a term as FunctionInfo.
//
// A row states how many arguments an operator takes and the shape of its result from
// theirs. The shapes are known to fit here: finding out is the work of src/elaborate.

import { addDims, type Dim, dimOf, multiplyDims } from "./dim.ts";
import { isColumnShape, isScalarShape, isVectorShape, type Shape, scalarShape, shapeOf, transposeShape } from "./shape.ts";

interface OperatorRow {
  /** Number of arguments; "many" is one or more. */
  readonly arity: number | "many";
  readonly shape: (args: readonly Shape[], params: readonly Dim[]) => Shape;
  /** Whether the value is linear in all arguments together, or in each of them while the others are held. */
  readonly linear?: "together" | "each";
}

const first = (args: readonly Shape[]): Shape => args[0] as Shape;
const second = (args: readonly Shape[]): Shape => args[1] as Shape;
const same = (args: readonly Shape[]): Shape => first(args);
const number = (): Shape => scalarShape();
const scaled = (args: readonly Shape[]): Shape => (isScalarShape(first(args)) ? second(args) : first(args));
const square = (rows: Dim): Shape => shapeOf(rows, rows);

// biome-ignore format: a table is read by columns
export const OPERATORS = {
  add:         { arity: "many", linear: "together", shape: same },             // a + b + …, equal shapes
  neg:         { arity: 1,      linear: "together", shape: same },             // −a
  mul:         { arity: 2,      linear: "each",     shape: productShape },     // matrix product, or a scalar times anything
  div:         { arity: 2,                          shape: same },             // a / s, s a scalar
  pow:         { arity: 2,                          shape: same },             // s^t for scalars, A^k for a square matrix and a number k
  hadamard:    { arity: 2,      linear: "each",     shape: same },             // a ⊙ b, equal shapes
  hdiv:        { arity: 2,                          shape: same },             // a ⊘ b, equal shapes
  hpow:        { arity: 2,                          shape: same },             // a .^ k, k a scalar or of equal shape
  expand:      { arity: 1,      linear: "together", shape: (_, p) => shapeOf(p[0] as Dim, p[1] as Dim) }, // a scalar widened to params rows × cols
  transpose:   { arity: 1,      linear: "together", shape: (a) => transposeShape(first(a)) },
  sum:         { arity: 1,      linear: "together", shape: number },           // of all entries
  tr:          { arity: 1,      linear: "together", shape: number },
  diag:        { arity: 1,      linear: "together", shape: diagShape },        // vector → diagonal matrix, square matrix → its diagonal as a column
  dot:         { arity: 2,      linear: "each",     shape: number },           // w·x; of two matrices the Frobenius product A : B
  kron:        { arity: 2,      linear: "each",     shape: (a) => shapeOf(multiplyDims(first(a).rows, second(a).rows), multiplyDims(first(a).cols, second(a).cols)) },
  vec:         { arity: 1,      linear: "together", shape: (a) => shapeOf(multiplyDims(first(a).rows, first(a).cols), 1) }, // column-major
  reshape:     { arity: 1,      linear: "together", shape: (_, p) => shapeOf(p[0] as Dim, p[1] as Dim) }, // the matrix of params rows × cols whose vec is the argument
  vcat:        { arity: "many", linear: "together", shape: (a) => ({ rows: a.map((s) => s.rows).reduce(addDims), cols: first(a).cols }) },
  hcat:        { arity: "many", linear: "together", shape: (a) => ({ rows: first(a).rows, cols: a.map((s) => s.cols).reduce(addDims) }) },
  ones:        { arity: 0,                          shape: (_, p) => shapeOf(p[0] as Dim, p[1] as Dim) },
  zeros:       { arity: 0,                          shape: (_, p) => shapeOf(p[0] as Dim, p[1] as Dim) },
  eye:         { arity: 0,                          shape: (_, p) => square(p[0] as Dim) },
  unit:        { arity: 0,                          shape: (_, p) => shapeOf(p[0] as Dim, 1) }, // params [n, k]: the k-th standard basis vector of ℝⁿ
  commutation: { arity: 0,                          shape: (_, p) => square(multiplyDims(p[0] as Dim, p[1] as Dim)) }, // K(m,n) vec(A) = vec(Aᵀ) for A m×n
  gt:          { arity: 2,                          shape: same },             // comparisons give zeros and ones, element-wise
  ge:          { arity: 2,                          shape: same },
  lt:          { arity: 2,                          shape: same },
  le:          { arity: 2,                          shape: same },
  eq:          { arity: 2,                          shape: same },
  ne:          { arity: 2,                          shape: same },
  cases:       { arity: "many",                     shape: same },             // value, condition, value, condition, …, value otherwise; conditions are scalars
} as const satisfies Record<string, OperatorRow>;

/** A structural operator of matrix notation. */
export type OperatorName = keyof typeof OPERATORS;
export const isOperator = (name: string): name is OperatorName => Object.hasOwn(OPERATORS, name);
export const OPERATOR_NAMES = Object.keys(OPERATORS) as readonly OperatorName[];
export const operatorRow = (name: OperatorName): OperatorRow => OPERATORS[name];

/** In what an operator is linear; undefined for one that is not, and for a function. */
export const linearity = (name: string): OperatorRow["linear"] => (isOperator(name) ? operatorRow(name).linear : undefined);
/** Whether a name is an operator without arguments: a constant made of sizes. */
export const isConstantOperator = (name: string): boolean => isOperator(name) && operatorRow(name).arity === 0;

/** Comparison operators. */
export const COMPARISONS = ["gt", "ge", "lt", "le", "eq", "ne"] as const;
/** A comparison operator. */
export type Comparison = (typeof COMPARISONS)[number];
export const isComparison = (name: string): name is Comparison => (COMPARISONS as readonly string[]).includes(name);

function productShape(args: readonly Shape[]): Shape {
  const [a, b] = [first(args), second(args)];
  return isScalarShape(a) || isScalarShape(b) ? scaled(args) : { rows: a.rows, cols: b.cols };
}

function diagShape(args: readonly Shape[]): Shape {
  const a = first(args);
  if (isScalarShape(a)) return a;
  if (isVectorShape(a)) return square(isColumnShape(a) ? a.rows : a.cols);
  return shapeOf(a.rows, dimOf(1));
}
