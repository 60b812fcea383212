// What the structural operators of src/expr/operators.ts are worth on numbers: one
// kernel an operator, and the compiler names a forgotten one.
//
// Invariant: shapes fit, src/elaborate has checked them; a mismatch is a defect and throws.

import { invariant } from "../base/assert.ts";
import type { OperatorName } from "../expr/operators.ts";
import { type Kernel, nearest, nearestOfAll, pairDistance } from "./kernel.ts";
import { integerPower, squareRoot } from "./linear.ts";
import {
  at,
  filled,
  generate,
  identity,
  isScalar,
  isVector,
  kron,
  type Matrix,
  map,
  matrix,
  multiply,
  plus,
  scalar,
  sizes,
  sum,
  times,
  trace,
  transpose,
  zip,
} from "./matrix.ts";

/** A kernel whose value also depends on sizes and positions that are part of the operator. */
export interface OperatorKernel {
  readonly value: (args: readonly Matrix[], params: readonly number[]) => Matrix;
  readonly margin?: Kernel["margin"];
}

const a0 = (args: readonly Matrix[]): Matrix => args[0] as Matrix;
const a1 = (args: readonly Matrix[]): Matrix => args[1] as Matrix;
const p0 = (params: readonly number[]): number => params[0] as number;
const p1 = (params: readonly number[]): number => params[1] as number;

const over = (x: number, y: number): number => x / y;

/** Numbers that differ by rounding are equal: an answer may compare v with max(v), each computed in its own way. */
const isSame = (x: number, y: number): boolean => x === y || Math.abs(x - y) < 8 * Number.EPSILON * Math.min(Math.abs(x), Math.abs(y));

// Of what has no value neither a comparison nor its opposite holds.
const comparison = (holds: (x: number, y: number) => boolean): OperatorKernel => ({
  value: (args) => zip(a0(args), a1(args), (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : holds(x, y) ? 1 : 0)),
  margin: (args) => pairDistance(a0(args), a1(args)),
});

// Entries that are equal are at the jump: a tie by symmetry ends as soon as one of them moves.
const equality = (holds: (x: number, y: number) => boolean): OperatorKernel => ({
  ...comparison(holds),
  margin: (args) => nearestOfAll(zip(a0(args), a1(args), (x, y) => x - y).data, Math.abs),
});

// 0 to a power has derivatives where the power is a whole number only.
const powerMargin = (args: readonly Matrix[]): number => {
  const isWhole = a1(args).data.every((k) => Number.isInteger(k) && k >= 0);
  return !isWhole && a0(args).data.some((x) => x === 0) ? 0 : Number.POSITIVE_INFINITY;
};

/** The kernel of every structural operator. */
export const OPERATOR_KERNELS = {
  add: { value: (args) => (args.length === 2 ? plus(a0(args), a1(args)) : addAll(args)) },
  neg: { value: (args) => map(a0(args), (x) => -x) },
  mul: { value: (args) => (isScalar(a0(args)) || isScalar(a1(args)) ? times(a0(args), a1(args)) : multiply(a0(args), a1(args))) },
  div: { value: (args) => zip(a0(args), a1(args), over) },
  pow: { value: (args) => power(a0(args), a1(args).data[0] as number), margin: powerMargin },
  hadamard: { value: (args) => times(a0(args), a1(args)) },
  hdiv: { value: (args) => zip(a0(args), a1(args), over) },
  hpow: { value: (args) => zip(a0(args), a1(args), Math.pow), margin: powerMargin },
  expand: { value: (args, params) => filled(p0(params), p1(params), a0(args).data[0] as number) },
  transpose: { value: (args) => transpose(a0(args)) },
  sum: { value: (args) => scalar(sum(a0(args))) },
  tr: { value: (args) => scalar(trace(a0(args))) },
  diag: { value: (args) => diagonal(a0(args)) },
  dot: { value: (args) => scalar(dot(a0(args), a1(args))) },
  kron: { value: (args) => kron(a0(args), a1(args)) },
  vec: { value: (args) => matrix(a0(args).data.length, 1, a0(args).data) },
  reshape: { value: (args, params) => matrix(p0(params), p1(params), a0(args).data) },
  vcat: { value: stackRows },
  hcat: { value: stackColumns },
  ones: { value: (_, params) => filled(p0(params), p1(params), 1) },
  zeros: { value: (_, params) => filled(p0(params), p1(params), 0) },
  eye: { value: (_, params) => identity(p0(params)) },
  unit: { value: (_, params) => generate(p0(params), 1, (i) => (i === p1(params) - 1 ? 1 : 0)) },
  commutation: { value: (_, params) => commutation(p0(params), p1(params)) },
  gt: comparison((x, y) => x > y && !isSame(x, y)),
  ge: comparison((x, y) => x >= y || isSame(x, y)),
  lt: comparison((x, y) => x < y && !isSame(x, y)),
  le: comparison((x, y) => x <= y || isSame(x, y)),
  eq: equality(isSame),
  ne: equality((x, y) => !isSame(x, y)),
  cases: {
    value: choose,
    margin: (args) =>
      nearest(
        Float64Array.from(conditions(args), (c) => c.data[0] as number),
        Math.abs,
      ),
  },
} as const satisfies Record<OperatorName, OperatorKernel>;

function addAll(args: readonly Matrix[]): Matrix {
  const data = Float64Array.from(a0(args).data);
  for (let t = 1; t < args.length; t++) {
    const term = args[t] as Matrix;
    invariant(term.rows === a0(args).rows && term.cols === a0(args).cols, `no sum of ${sizes(a0(args))} and ${sizes(term)}`);
    for (let k = 0; k < data.length; k++) data[k] = (data[k] as number) + (term.data[k] as number);
  }
  return matrix(a0(args).rows, a0(args).cols, data);
}

// Of a matrix, whole powers and the principal square root; other powers have no value here.
function power(a: Matrix, k: number): Matrix {
  if (isScalar(a)) return scalar((a.data[0] as number) ** k);
  if (Number.isInteger(k)) return integerPower(a, k);
  if (Number.isInteger(2 * k)) return integerPower(squareRoot(a), 2 * k);
  return filled(a.rows, a.cols, Number.NaN);
}

const diagonalOf = (a: Matrix): Matrix => generate(Math.min(a.rows, a.cols), 1, (i) => at(a, i, i));

function diagonal(a: Matrix): Matrix {
  if (!isVector(a)) return diagonalOf(a);
  const n = a.data.length;
  return generate(n, n, (i, j) => (i === j ? (a.data[i] as number) : 0));
}

function dot(a: Matrix, b: Matrix): number {
  invariant(a.data.length === b.data.length, `no dot product of ${sizes(a)} and ${sizes(b)}`);
  let total = 0;
  for (let k = 0; k < a.data.length; k++) total += (a.data[k] as number) * (b.data[k] as number);
  return total;
}

function stackColumns(args: readonly Matrix[]): Matrix {
  const cols = args.reduce((n, a) => n + a.cols, 0);
  const data = new Float64Array(a0(args).rows * cols);
  let offset = 0;
  for (const a of args) {
    invariant(a.rows === a0(args).rows, `no row of ${sizes(a0(args))} and ${sizes(a)}`);
    data.set(a.data, offset);
    offset += a.data.length;
  }
  return matrix(a0(args).rows, cols, data);
}

function stackRows(args: readonly Matrix[]): Matrix {
  const rows = args.reduce((n, a) => n + a.rows, 0);
  const data = new Float64Array(rows * a0(args).cols);
  let offset = 0;
  for (const a of args) {
    invariant(a.cols === a0(args).cols, `no stack of ${sizes(a0(args))} and ${sizes(a)}`);
    for (let j = 0; j < a.cols; j++) for (let i = 0; i < a.rows; i++) data[offset + i + rows * j] = at(a, i, j);
    offset += a.rows;
  }
  return matrix(rows, a0(args).cols, data);
}

// K(m,n) vec(A) = vec(Aᵀ) for A m×n: row j + n·i has its one at column i + m·j.
const commutation = (m: number, n: number): Matrix =>
  generate(m * n, m * n, (row, col) => (Math.floor(row / n) === col % m && row % n === Math.floor(col / m) ? 1 : 0));

const conditions = (args: readonly Matrix[]): Matrix[] => args.filter((_, i) => i % 2 === 1);

// value, condition, value, condition, …, value otherwise; without a last value NaN.
function choose(args: readonly Matrix[]): Matrix {
  const none = filled(a0(args).rows, a0(args).cols, Number.NaN);
  for (let i = 0; i + 1 < args.length; i += 2) {
    const holds = (args[i + 1] as Matrix).data[0] as number;
    if (Number.isNaN(holds)) return none;
    if (holds !== 0) return args[i] as Matrix;
  }
  return args.length % 2 === 1 ? (args[args.length - 1] as Matrix) : none;
}
