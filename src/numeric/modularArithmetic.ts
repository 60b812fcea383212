// The integers modulo a prime (field.ts) as an arithmetic for programs. Operators,
// determinants, inverses, roots, comparisons, max, abs and norms are exact here; every
// other function is opaque, a random value that depends on its name and on its arguments
// and on nothing else.
//
// Invariant: where arguments have no value, neither has a function of them.

import { hashNumbers, hashText } from "../base/hash.ts";
import type { Rational } from "../base/rational.ts";
import type { OperatorName } from "../expr/operators.ts";
import type { Arithmetic } from "./arithmetic.ts";
import {
  added,
  determinant,
  fractionOf,
  inverse,
  isPositive,
  matrixPower,
  minus,
  negative,
  over,
  PRIME,
  power,
  product,
  reciprocal,
  residueOf,
  root,
  scaled,
  sum,
  times,
} from "./field.ts";
import { type Kernel, type KernelTable, ofPairs, whole } from "./kernel.ts";
import { allFinite, at, filled, generate, isScalar, kron, type Matrix, map, matrix, scalar, transpose, zip } from "./matrix.ts";
import { OPERATOR_KERNELS, type OperatorKernel } from "./operators.ts";
import { symmetrised } from "./unknown.ts";

const first = (args: readonly Matrix[]): Matrix => args[0] as Matrix;
const second = (args: readonly Matrix[]): Matrix => args[1] as Matrix;
const holds = (yes: boolean): number => (yes ? 1 : 0);
const each = (f: (x: number) => number): Kernel => whole((a) => map(a, f));
const number = (f: (a: Matrix) => number): Kernel => whole((a) => scalar(f(a)));

// Operators that only move entries about are those of the real numbers.
const OPERATORS: Readonly<Record<OperatorName, OperatorKernel>> = {
  ...OPERATOR_KERNELS,
  add: { value: (args) => args.reduce(added) },
  neg: { value: (args) => map(first(args), negative) },
  mul: {
    value: (args) =>
      isScalar(first(args)) || isScalar(second(args)) ? zip(first(args), second(args), times) : product(first(args), second(args)),
  },
  div: ofPairs(over),
  pow: { value: (args) => raise(first(args), second(args).data[0] as number) },
  hadamard: ofPairs(times),
  hdiv: ofPairs(over),
  hpow: ofPairs(power),
  sum: { value: (args) => scalar(sum(first(args))) },
  tr: { value: (args) => scalar(sum(generate(first(args).rows, 1, (i) => at(first(args), i, i)))) },
  dot: {
    value: (args) =>
      scalar(
        sum(
          matrix(
            first(args).data.length,
            1,
            first(args).data.map((x, k) => times(x, second(args).data[k] as number)),
          ),
        ),
      ),
  },
  kron: { value: (args) => map(kron(first(args), second(args)), (x) => x % PRIME) },
  gt: ofPairs((x, y) => holds(isPositive(minus(x, y)))),
  ge: ofPairs((x, y) => holds(x === y || isPositive(minus(x, y)))),
  lt: ofPairs((x, y) => holds(isPositive(minus(y, x)))),
  le: ofPairs((x, y) => holds(x === y || isPositive(minus(y, x)))),
};

function raise(a: Matrix, exponent: number): Matrix {
  if (isScalar(a)) return map(a, (x) => power(x, exponent));
  const k = fractionOf(exponent);
  return k === undefined || k.d !== 1 ? filled(a.rows, a.cols, Number.NaN) : matrixPower(a, k.n);
}

const magnitude = (x: number): number => (x === 0 || isPositive(x) ? x : negative(x));
const larger = (x: number, y: number): number => (isPositive(minus(x, y)) ? x : y);
const smaller = (x: number, y: number): number => (isPositive(minus(x, y)) ? y : x);
const positivePart = (x: number): number => (isPositive(x) ? x : 0);
const length = number((a) => root(sum(map(a, (x) => times(x, x)))));
const rowSum = (a: Matrix): Matrix => product(a, filled(a.cols, 1, 1));
const columnSum = (a: Matrix): Matrix => product(filled(1, a.rows, 1), a);

/** Functions that are quotients of polynomials in the entries. */
const RATIONAL: Readonly<Record<string, Kernel>> = {
  square: each((x) => times(x, x)),
  det: number(determinant),
  inv: whole(inverse),
  adj: whole((a) => scaled(inverse(a), determinant(a))),
  mean: number((a) => over(sum(a), a.data.length)),
  prod: number((a) => a.data.reduce(times, 1)),
  rowsum: whole(rowSum),
  colsum: whole(columnSum),
  rowmean: whole((a) => scaled(rowSum(a), reciprocal(a.cols))),
  colmean: whole((a) => scaled(columnSum(a), reciprocal(a.rows))),
};

/** Functions that have an exact counterpart by roots and by what counts as positive. */
const BY_SIGNS: Readonly<Record<string, Kernel>> = {
  sqrt: each(root),
  abs: each(magnitude),
  sign: each((x) => (x === 0 ? 0 : isPositive(x) ? 1 : PRIME - 1)),
  relu: each(positivePart),
  step: each((x) => holds(isPositive(x))),
  hinge: each((x) => positivePart(minus(1, x))),
  max: { value: (args) => args.reduce((a, b) => zip(a, b, larger)) },
  min: { value: (args) => args.reduce((a, b) => zip(a, b, smaller)) },
  norm: length,
  norm2: length,
  normF: length,
  norm1: number((a) => sum(map(a, magnitude))),
};

const EXACT: KernelTable = new Map(Object.entries({ ...RATIONAL, ...BY_SIGNS }));

/** Whether a function has an exact counterpart here; all others are opaque. */
export const isExactFunction = (name: string): boolean => EXACT.has(name);

/** Whether it is a quotient of polynomials in the entries as well. */
export const isRationalFunction = (name: string): boolean => Object.hasOwn(RATIONAL, name);

const random = (name: string, seed: number, parts: readonly number[]): number => hashNumbers([hashText(name), seed, ...parts]) % PRIME;

// A value that depends on all entries of all arguments and on its own position.
function opaqueWhole(name: string, rows: number, cols: number, args: readonly Matrix[], seed: number): Matrix {
  if (!args.every(allFinite)) return filled(rows, cols, Number.NaN);
  const content = args.flatMap((a) => [a.rows, a.cols, ...a.data]);
  return generate(rows, cols, (i, j) => random(name, seed, [...content, i, j]));
}

// The same with f(Aᵀ) = f(A)ᵀ: of A and Aᵀ one has a value of its own, and that of a symmetric matrix is symmetric.
function opaqueTurned(name: string, rows: number, cols: number, args: readonly Matrix[], seed: number): Matrix {
  const [a, ...more] = args as readonly [Matrix, ...Matrix[]];
  const other = transpose(a);
  const at = a.data.findIndex((x, k) => x !== other.data[k]);
  if (at < 0 && a.rows === a.cols) {
    const value = opaqueWhole(name, rows, cols, args, seed);
    return added(value, transpose(value));
  }
  const straight = at < 0 ? a.rows < a.cols : (a.data[at] as number) < (other.data[at] as number);
  return straight ? opaqueWhole(name, rows, cols, args, seed) : transpose(opaqueWhole(name, cols, rows, [other, ...more], seed));
}

// The same function of the entries at every position.
function opaqueEntries(name: string, args: readonly Matrix[], seed: number): Matrix {
  const shape = args.find((a) => !isScalar(a)) ?? first(args);
  return map(
    generate(shape.rows, shape.cols, (i, j) => i + shape.rows * j),
    (k) => {
      const entries = args.map((a) => a.data[isScalar(a) ? 0 : k] as number);
      return entries.some(Number.isNaN) ? Number.NaN : random(name, seed, entries);
    },
  );
}

/** What is known of opaque functions. */
export interface OpaqueFunctions {
  /** Which functions act on every entry by itself. */
  readonly elementwise: (name: string) => boolean;
  /** Which functions of a matrix A have f(Aᵀ) = f(A)ᵀ; none unless stated. */
  readonly turned?: (name: string) => boolean;
}

/** The integers modulo a prime. */
export const modularArithmetic = ({ elementwise, turned }: OpaqueFunctions): Arithmetic => ({
  number: (value: Rational) => over(residueOf(value.n), residueOf(value.d)),
  constant: (name) => random(name, 0, []),
  operators: OPERATORS,
  functions: EXACT,
  opaque: (name, rows, cols) => (args, seed) =>
    elementwise(name)
      ? opaqueEntries(name, args, seed)
      : (turned?.(name) === true ? opaqueTurned : opaqueWhole)(name, rows, cols, args, seed),
  unknown: (name, seed, args, { elementwise: single, symmetric, derivatives, rows, cols }) => {
    const own = `${name}/${derivatives.join(",")}`;
    if (single) return opaqueEntries(own, args, seed);
    const value = opaqueWhole(own, rows, cols, args, seed);
    return symmetric ? symmetrised(value, args, { derivatives }) : value;
  },
  plus: added,
});
