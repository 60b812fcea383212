// Numeric matrices of the evaluator: rows, columns and entries in column-major order,
// so that vec(A) is a view of the same entries and vec(A) of a Jacobian axis is its
// flat position.
//
// Invariant: every value keeps both sizes (a number is 1×1, a vector n×1, a row 1×n)
// and is never changed after it has been made. Only plain arithmetic lives here;
// factorisations are in linear.ts.

import { invariant } from "../base/assert.ts";

/** A dense matrix; entry (i, j), counted from 0, is `data[i + rows * j]`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** A matrix over the given column-major entries; zeros where none are given. */
export const matrix = (rows: number, cols: number, data: Float64Array = new Float64Array(rows * cols)): Matrix => ({ rows, cols, data });

/** A number as a 1×1 matrix. */
export const scalar = (value: number): Matrix => {
  const data = new Float64Array(1);
  data[0] = value;
  return { rows: 1, cols: 1, data };
};

/** A matrix from its rows, which have equal lengths. */
export function fromRows(rows: readonly (readonly number[])[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  return generate(rows.length, cols, (i, j) => (rows[i] as readonly number[])[j] as number);
}

/** The rows of a matrix as nested arrays. */
export const toRows = (a: Matrix): number[][] =>
  Array.from({ length: a.rows }, (_, i) => Array.from({ length: a.cols }, (_, j) => at(a, i, j)));

/** Entry (i, j), counted from 0. */
export const at = (a: Matrix, i: number, j: number): number => a.data[i + a.rows * j] as number;

/** The matrix whose entry (i, j), counted from 0, is of(i, j). */
export function generate(rows: number, cols: number, of: (i: number, j: number) => number): Matrix {
  const data = new Float64Array(rows * cols);
  for (let j = 0, k = 0; j < cols; j++) for (let i = 0; i < rows; i++) data[k++] = of(i, j);
  return { rows, cols, data };
}

export const isScalar = (a: Matrix): boolean => a.rows === 1 && a.cols === 1;
export const isVector = (a: Matrix): boolean => a.rows === 1 || a.cols === 1;
export const identity = (n: number): Matrix => generate(n, n, (i, j) => (i === j ? 1 : 0));
export const filled = (rows: number, cols: number, value: number): Matrix => matrix(rows, cols, new Float64Array(rows * cols).fill(value));

/** f at every entry. */
export function map(a: Matrix, f: (x: number) => number): Matrix {
  const data = new Float64Array(a.data.length);
  for (let k = 0; k < data.length; k++) data[k] = f(a.data[k] as number);
  return { rows: a.rows, cols: a.cols, data };
}

/** f at every pair of entries; equal shapes, or one of the two a number. */
export function zip(a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix {
  if (a.rows === b.rows && a.cols === b.cols) {
    const data = new Float64Array(a.data.length);
    for (let k = 0; k < data.length; k++) data[k] = f(a.data[k] as number, b.data[k] as number);
    return { rows: a.rows, cols: a.cols, data };
  }
  if (isScalar(b)) {
    const y = b.data[0] as number;
    return map(a, (x) => f(x, y));
  }
  invariant(isScalar(a), `entries of ${sizes(a)} and ${sizes(b)} do not pair up`);
  const x = a.data[0] as number;
  return map(b, (y) => f(x, y));
}

/** `2×3`, for messages. */
export const sizes = (a: Matrix): string => `${a.rows}×${a.cols}`;

// Sums, multiples and products are most of the work of an evaluation: their loops call nothing.

/** k times a matrix. */
export function scale({ rows, cols, data: of }: Matrix, k: number): Matrix {
  const data = new Float64Array(of.length);
  for (let i = 0; i < data.length; i++) data[i] = k * (of[i] as number);
  return { rows, cols, data };
}

/** The sum; equal shapes, or one of the two a number. */
export function plus(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows || a.cols !== b.cols) return zip(a, b, (x, y) => x + y);
  const data = new Float64Array(a.data.length);
  for (let k = 0; k < data.length; k++) data[k] = (a.data[k] as number) + (b.data[k] as number);
  return { rows: a.rows, cols: a.cols, data };
}

/** The element-wise product; equal shapes, or one of the two a number. */
export function times(a: Matrix, b: Matrix): Matrix {
  if (isScalar(b)) return scale(a, b.data[0] as number);
  if (isScalar(a)) return scale(b, a.data[0] as number);
  if (a.rows !== b.rows || a.cols !== b.cols) return zip(a, b, (x, y) => x * y);
  const data = new Float64Array(a.data.length);
  for (let k = 0; k < data.length; k++) data[k] = (a.data[k] as number) * (b.data[k] as number);
  return { rows: a.rows, cols: a.cols, data };
}

export const minus = (a: Matrix, b: Matrix): Matrix => zip(a, b, (x, y) => x - y);

/** The matrix product. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  invariant(a.cols === b.rows, `no product of ${sizes(a)} and ${sizes(b)}`);
  const data = new Float64Array(a.rows * b.cols);
  for (let j = 0; j < b.cols; j++) {
    for (let k = 0; k < a.cols; k++) {
      const factor = b.data[k + b.rows * j] as number;
      const from = a.rows * k;
      const to = a.rows * j;
      for (let i = 0; i < a.rows; i++) data[to + i] = (data[to + i] as number) + (a.data[from + i] as number) * factor;
    }
  }
  return { rows: a.rows, cols: b.cols, data };
}

/** The transpose. */
export function transpose(a: Matrix): Matrix {
  if (isVector(a)) return { rows: a.cols, cols: a.rows, data: a.data };
  return generate(a.cols, a.rows, (i, j) => at(a, j, i));
}

/** The Kronecker product. */
export function kron(a: Matrix, b: Matrix): Matrix {
  const [rows, cols] = [a.rows * b.rows, a.cols * b.cols];
  const data = new Float64Array(rows * cols);
  let k = 0;
  for (let j = 0; j < a.cols; j++)
    for (let l = 0; l < b.cols; l++)
      for (let i = 0; i < a.rows; i++) {
        const factor = a.data[i + a.rows * j] as number;
        for (let r = b.rows * l; r < b.rows * (l + 1); r++) data[k++] = factor * (b.data[r] as number);
      }
  return { rows, cols, data };
}

/** f folded over all entries from the left. */
export function reduce(a: Matrix, f: (total: number, x: number) => number, start: number): number {
  let total = start;
  for (let k = 0; k < a.data.length; k++) total = f(total, a.data[k] as number);
  return total;
}

export const sum = (a: Matrix): number => reduce(a, (t, x) => t + x, 0);
/** The sum of the entries on the diagonal. */
export const trace = (a: Matrix): number => sum(generate(Math.min(a.rows, a.cols), 1, (i) => at(a, i, i)));
/** The largest absolute value of an entry; NaN where an entry is NaN. */
export const largest = (a: Matrix): number => reduce(a, (t, x) => Math.max(t, Math.abs(x)), 0);
/** The Euclidean length of all entries. */
export const length = (a: Matrix): number => Math.sqrt(reduce(a, (t, x) => t + x * x, 0));
export const allFinite = (a: Matrix): boolean => a.data.every(Number.isFinite);
