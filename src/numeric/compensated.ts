// Dual numbers of twice the digits for sums, products, quotients and whole powers of entries:
// what rounding takes from a value or a slope is kept beside it. For derivatives in which terms
// cancel, such as 3x² − 3 next to its zero.
//
// Invariant: sums and products of two numbers lose nothing (T. Dekker, A floating-point technique
// for extending the available precision, Numer. Math. 18, 1971). Not here: other operators, which
// are as exact as in dual.ts.

import { isScalar, type Matrix, matrix } from "./matrix.ts";

/** A value and how fast it changes; tails are what rounding has taken from them. */
export interface LongDual {
  readonly value: Matrix;
  readonly tail?: Matrix | undefined;
  readonly slope?: Matrix | undefined;
  readonly slopeTail?: Matrix | undefined;
}

/** A number and what rounding has taken from it. */
type Long = readonly [head: number, tail: number];
/** An entry and its slope. */
type Entry = readonly [value: Long, slope: Long];

/** Powers up to this are products of their factors. */
const LARGEST_POWER = 16;

/** An operator on entries, for arguments of the shape of the result and numbers; undefined for other operators. */
export function applyLong(op: string, args: readonly LongDual[], rows: number, cols: number): LongDual | undefined {
  const make = entryOperator(op, args);
  if (make === undefined || !args.every((a) => isScalar(a.value) || (a.value.rows === rows && a.value.cols === cols))) return undefined;
  const entries = Array.from({ length: rows * cols }, (_, k) => make(args.map((a) => entryAt(a, k))));
  const all = (of: (e: Entry) => number): Matrix => matrix(rows, cols, Float64Array.from(entries, of));
  const value = { value: all(([v]) => v[0]), tail: all(([v]) => v[1]) };
  if (args.every((a) => a.slope === undefined)) return value;
  return { ...value, slope: all(([, s]) => s[0]), slopeTail: all(([, s]) => s[1]) };
}

function entryAt(a: LongDual, k: number): Entry {
  const at = isScalar(a.value) ? 0 : k;
  return [
    [a.value.data[at] as number, a.tail?.data[at] ?? 0],
    [a.slope?.data[at] ?? 0, a.slopeTail?.data[at] ?? 0],
  ];
}

type EntryOperator = (args: readonly Entry[]) => Entry;

function entryOperator(op: string, args: readonly LongDual[]): EntryOperator | undefined {
  const products = args.filter((a) => !isScalar(a.value)).length < 2;
  switch (op) {
    case "add":
      return (list) => list.reduce(([v, s], [w, t]): Entry => [plus(v, w), plus(s, t)]);
    case "neg":
      return ([a]) => [negative((a as Entry)[0]), negative((a as Entry)[1])];
    case "mul":
      return products ? product : undefined;
    case "hadamard":
      return product;
    case "square":
      return ([a]) => product([a as Entry, a as Entry]);
    case "div":
    case "hdiv":
      return quotient;
    case "pow":
    case "hpow":
      return op === "hpow" || args.every((a) => isScalar(a.value)) ? wholePower(args[1] as LongDual) : undefined;
    default:
      return undefined;
  }
}

const product: EntryOperator = ([a, b]) => {
  const [[v, s], [w, t]] = [a, b] as [Entry, Entry];
  return [times(v, w), plus(times(v, t), times(s, w))];
};

const quotient: EntryOperator = ([a, b]) => {
  const [[v, s], [w, t]] = [a, b] as [Entry, Entry];
  const q = over(v, w);
  return [q, over(plus(s, negative(times(q, t))), w)];
};

function wholePower({ value, slope }: LongDual): EntryOperator | undefined {
  const k = value.data[0] as number;
  if (!isScalar(value) || slope !== undefined || !Number.isInteger(k) || k < 1 || k > LARGEST_POWER) return undefined;
  return ([a]) =>
    Array<Entry>(k - 1)
      .fill(a as Entry)
      .reduce((x, y) => product([x, y]), a as Entry);
}

const negative = ([a, e]: Long): Long => [-a, -e];

/** a + e for |a| ≥ |e|, the head rounded; a alone where numbers are too large to be split. */
function renewed(a: number, e: number): Long {
  if (!Number.isFinite(e)) return [a, 0];
  const head = a + e;
  return [head, e - (head - a)];
}

function plus([a, e]: Long, [b, f]: Long): Long {
  const s = a + b;
  const from = s - a;
  return renewed(s, a - (s - from) + (b - from) + (e + f));
}

/** 2²⁷ + 1 splits the 53 digits of a double into halves. */
const SPLITTER = 134217729;

function halves(a: number): Long {
  const c = SPLITTER * a;
  const high = c - (c - a);
  return [high, a - high];
}

function times([a, e]: Long, [b, f]: Long): Long {
  const p = a * b;
  const [[ah, al], [bh, bl]] = [halves(a), halves(b)];
  return renewed(p, al * bl - (p - ah * bh - al * bh - ah * bl) + (a * f + e * b));
}

function over(a: Long, b: Long): Long {
  const q = a[0] / b[0];
  const [rest] = plus(a, negative(times([q, 0], b)));
  return renewed(q, rest / b[0]);
}
