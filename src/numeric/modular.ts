// Exact identity testing: terms evaluated in the integers modulo a prime (field.ts).
// Operators, determinants, inverses, roots, comparisons, max, abs and norms are exact
// there; every other function is opaque, a random value that depends on its name and on
// its arguments and on nothing else.
//
// So unequal values prove that two terms differ, unless an identity of an opaque
// function (exp(a)exp(b) = exp(a+b)) would be needed; equal values at a few points prove
// them equal but for a chance of about one in a million; where pieces are chosen by a
// sign, a difference in one piece goes unseen with a chance of 2 to the minus POINTS.

import { hashNumbers, hashText } from "../base/hash.ts";
import type { Rational } from "../base/rational.ts";
import type { Attribute } from "../expr/attributes.ts";
import type { Expr } from "../expr/expr.ts";
import type { OperatorName } from "../expr/operators.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { type Context, type Definitions, NumericError } from "./context.ts";
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
import type { Kernel, KernelTable } from "./kernels.ts";
import { allFinite, at, filled, generate, identity, isScalar, kron, type Matrix, map, matrix, scalar, transpose, zip } from "./matrix.ts";
import { OPERATOR_KERNELS, type OperatorKernel } from "./operators.ts";
import { load, type Point } from "./point.ts";
import { compile, type Program } from "./program.ts";
import { createRandom, deriveSeed, type Random } from "./random.ts";
import { assignSizes, inventory } from "./sample.ts";

const first = (args: readonly Matrix[]): Matrix => args[0] as Matrix;
const second = (args: readonly Matrix[]): Matrix => args[1] as Matrix;
const entrywise = (f: (x: number, y: number) => number): OperatorKernel => ({ value: (args) => zip(first(args), second(args), f) });
const holds = (yes: boolean): number => (yes ? 1 : 0);
const whole = (f: (a: Matrix) => Matrix): Kernel => ({ value: (args) => f(first(args)) });
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
  div: entrywise(over),
  pow: { value: (args) => raise(first(args), second(args).data[0] as number) },
  hadamard: entrywise(times),
  hdiv: entrywise(over),
  hpow: entrywise(power),
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
  gt: entrywise((x, y) => holds(isPositive(minus(x, y)))),
  ge: entrywise((x, y) => holds(x === y || isPositive(minus(x, y)))),
  lt: entrywise((x, y) => holds(isPositive(minus(y, x)))),
  le: entrywise((x, y) => holds(x === y || isPositive(minus(y, x)))),
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

/** The integers modulo a prime; `elementwise` tells which opaque functions act on every entry by itself. */
const modularArithmetic = ({ elementwise, turned }: ModularOptions): Arithmetic => ({
  number: (value: Rational) => over(residueOf(value.n), residueOf(value.d)),
  constant: (name) => random(name, 0, []),
  operators: OPERATORS,
  functions: EXACT,
  opaque: (name, rows, cols) => (args, seed) =>
    elementwise(name)
      ? opaqueEntries(name, args, seed)
      : (turned?.(name) === true ? opaqueTurned : opaqueWhole)(name, rows, cols, args, seed),
  unknown: (name, seed, args, { elementwise: single, derivatives, rows, cols }) => {
    const own = `${name}/${derivatives.join(",")}`;
    return single ? opaqueEntries(own, args, seed) : opaqueWhole(own, rows, cols, args, seed);
  },
  plus: added,
});

export interface ModularOptions {
  readonly definitions?: Definitions;
  /** Which functions act on every entry by itself. */
  readonly elementwise: (name: string) => boolean;
  /** Which functions of a matrix A have f(Aᵀ) = f(A)ᵀ; none unless stated. */
  readonly turned?: (name: string) => boolean;
  readonly seed?: number;
  /** At how many points; 16 unless stated. */
  readonly points?: number;
  /** How many are tried to find them. */
  readonly attempts?: number;
}

const POINTS = 16;
/** Attempts to find a point where the first term has a value, in all, unless stated. */
const ATTEMPTS = 400;
/** Attempts after which positive values are mixed in. */
const GENERAL_ATTEMPTS = 60;
/** How far sizes grow while none fit. */
const MOST_GROWTH = 10;

/**
 * Whether two terms agree modulo a prime at random points where the first has a value;
 * undefined where no such point is found.
 */
export function agreeModulo(a: Expr, b: Expr, options: ModularOptions): boolean | undefined {
  const arithmetic = modularArithmetic(options);
  const context: Context = options.definitions === undefined ? { arithmetic } : { arithmetic, definitions: options.definitions };
  const used = inventory([a, b]);
  const whole = variablesInExponents([...used.nodes]);
  let found = 0;
  let misfits = 0;
  const { points = POINTS, attempts = ATTEMPTS } = options;
  for (let attempt = 0; found < points && attempt < attempts; attempt++) {
    const source = createRandom(deriveSeed(options.seed ?? 1, attempt));
    const sizes = assignSizes(used, found % 3, Math.min(misfits, MOST_GROWTH), source);
    const programs = fitting(() => [compile(a, sizes, context), compile(b, sizes, context)] as const);
    if (programs === undefined) {
      misfits++;
      continue;
    }
    const [left, right] = programs;
    const inputs = new Map([...left.inputs, ...right.inputs]);
    const values = new Map<string, Matrix>();
    for (const [name, { rows, cols }] of inputs) {
      const attributes = used.variables.get(name)?.attributes ?? [];
      // Where many roots are taken, squares serve better than anything.
      const extra: Attribute[] = attempt >= GENERAL_ATTEMPTS && attempt % 2 === 1 ? [...attributes, "positive"] : [...attributes];
      values.set(name, whole.has(name) ? filled(rows, cols, 2 + source.index(5)) : drawResidues(rows, cols, extra, source));
    }
    const point: Point = { sizes, values, seed: 1 + source.index(2 ** 30) };
    const expected = fitting(() => runAt(left, point));
    const claimed = expected === undefined || !allFinite(expected) ? expected : fitting(() => runAt(right, point));
    if (expected === undefined || claimed === undefined) {
      misfits++;
      continue;
    }
    if (!allFinite(expected)) continue;
    found++;
    if (claimed.rows !== expected.rows || claimed.cols !== expected.cols) return false;
    if (expected.data.some((x, k) => x !== claimed.data[k])) return false;
  }
  return found === 0 ? undefined : true;
}

function runAt(program: Program, point: Point): Matrix {
  load(program, point);
  return program.run();
}

// What is made; undefined where the sizes do not fit.
function fitting<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NumericError && (error.code === "size" || error.code === "index")) return undefined;
    throw error;
  }
}

/** Names of the variables in exponents; modulo a prime they stand for small whole numbers. */
export function variablesInExponents(all: readonly Expr[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of all) {
    if (node.kind !== "apply" || (node.op !== "pow" && node.op !== "hpow")) continue;
    for (const variable of inventory([node.args[1] as Expr]).variables.keys()) names.add(variable);
  }
  return names;
}

// Residues with the algebraic part of the attributes.
function drawResidues(rows: number, cols: number, attributes: readonly Attribute[], source: Random): Matrix {
  const has = (attribute: Attribute): boolean => attributes.includes(attribute);
  const positive = has("positive");
  const entry = (): number => {
    const x = 1 + source.index(PRIME - 1);
    return positive ? times(x, x) : x;
  };
  const free = generate(rows, cols, entry);
  // A column of an orthogonal matrix has length 1.
  if (has("unitnorm") && rows !== cols) {
    const n = Math.max(rows, cols);
    const q = cayley(generate(n, n, entry));
    return generate(rows, cols, (i, j) => at(q, Math.max(i, j), 0));
  }
  if (rows !== cols || rows === 1) return free;
  const mirrored = generate(rows, cols, (i, j) => at(free, Math.max(i, j), Math.min(i, j)));
  if (has("orthogonal")) return cayley(free);
  if (has("idempotent")) return projected(free, has("symmetric"));
  if (has("diagonal")) return generate(rows, cols, (i, j) => (i === j ? at(free, i, j) : 0));
  if (has("skew")) return generate(rows, cols, (i, j) => (i === j ? 0 : i > j ? at(free, i, j) : negative(at(free, j, i))));
  if (has("symmetric") || has("posdef")) return mirrored;
  if (has("lower") || has("upper"))
    return generate(rows, cols, (i, j) => ((has("lower") && j > i) || (has("upper") && j < i) ? 0 : at(free, i, j)));
  return free;
}

// (I − K)(I + K)⁻¹ is orthogonal for a skew K.
function cayley(a: Matrix): Matrix {
  const skew = zip(a, transpose(a), minus);
  return product(zip(identity(a.rows), skew, minus), inverse(added(identity(a.rows), skew)));
}

// A projection onto half of the dimensions: B(BᵀB)⁻¹Bᵀ where it has to be symmetric, otherwise B(CᵀB)⁻¹Cᵀ.
function projected(a: Matrix, symmetric: boolean): Matrix {
  const rank = Math.max(1, Math.floor(a.rows / 2));
  const b = generate(a.rows, rank, (i, j) => at(a, i, j));
  const c = symmetric ? b : generate(a.rows, rank, (i, j) => at(a, i, a.cols - 1 - j));
  return product(product(b, inverse(product(transpose(c), b))), transpose(c));
}
