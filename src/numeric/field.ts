// The integers modulo a prime p: exact arithmetic, in which two polynomial or rational
// terms agree at a random point only if they are equal, but for a chance of about
// degree/p (Schwartz 1980).
//
// p = 2q + 1 with q prime, just below 2²⁶, so that products are exact in doubles. Then
// −1 is no square, exactly one of d and −d is a square for every d ≠ 0, and the squares
// take the part of the positive numbers: they have roots of every order that multiply
// as roots do.
//
// Invariant: a residue is an integer in 0 … p − 1; NaN says "undefined", and stays NaN.

import { filled, generate, identity, type Matrix, map, zip } from "./matrix.ts";
import { bySquaring } from "./squaring.ts";

export const PRIME = 67108187;
/** Order of the group of squares. */
const HALF = (PRIME - 1) / 2;
const RECIPROCAL = 1 / PRIME;

/** The residue of an integer of any size. */
export const residueOf = (x: bigint): number => Number(((x % BigInt(PRIME)) + BigInt(PRIME)) % BigInt(PRIME));

function plus(a: number, b: number): number {
  const r = a + b;
  return r >= PRIME ? r - PRIME : r;
}

/** The difference of two residues. */
export function minus(a: number, b: number): number {
  const r = a - b;
  return r < 0 ? r + PRIME : r;
}

/** The quotient may be one off where it is rounded; the product itself is exact. */
export function times(a: number, b: number): number {
  const x = a * b;
  const r = x - Math.floor(x * RECIPROCAL) * PRIME;
  return r < 0 ? r + PRIME : r >= PRIME ? r - PRIME : r;
}

export const negative = (a: number): number => (a === 0 ? 0 : PRIME - a);

/** a^k for a whole k ≥ 0. */
const wholePower = (a: number, k: number): number => (Number.isNaN(a) ? a : bySquaring(a, k, 1, times));

export const reciprocal = (a: number): number => (a === 0 ? Number.NaN : wholePower(a, PRIME - 2));
export const over = (a: number, b: number): number => times(a, reciprocal(b));

/** Whether a is a square other than 0: the counterpart of "positive". */
export const isPositive = (a: number): boolean => a !== 0 && wholePower(a, HALF) === 1;
/** The root that is itself a square; NaN where a is none. */
export const root = (a: number): number => (a === 0 ? 0 : isPositive(a) ? wholePower(a, (PRIME + 1) / 4) : Number.NaN);

/** Numerators and denominators of exponents are recognised up to this size. */
const WIDEST_FRACTION = 5000;

/** The fraction n/d with small n and d that a residue stands for. */
export function fractionOf(r: number): { n: number; d: number } | undefined {
  let [a, b] = [PRIME, r];
  let [s, t] = [0, 1];
  while (b > WIDEST_FRACTION) {
    const quotient = Math.floor(a / b);
    [a, b] = [b, a - quotient * b];
    [s, t] = [t, s - quotient * t];
  }
  if (Math.abs(t) > WIDEST_FRACTION) return undefined;
  return t < 0 ? { n: -b, d: -t } : { n: b, d: t };
}

/** a to a power given as a residue: a whole number, or a fraction where a is a square; otherwise NaN. */
export function power(a: number, exponent: number): number {
  const k = fractionOf(exponent);
  if (k === undefined || Number.isNaN(a)) return Number.NaN;
  if (k.n < 0 && a === 0) return Number.NaN;
  if (k.d === 1) return k.n < 0 ? reciprocal(wholePower(a, -k.n)) : wholePower(a, k.n);
  if (a === 0) return 0;
  if (!isPositive(a)) return Number.NaN;
  // In the group of squares, of prime order q, every denominator has an inverse modulo q.
  const inverse = inverseModulo(k.d, HALF);
  const whole = Number((BigInt(k.n) * BigInt(inverse)) % BigInt(HALF));
  return wholePower(a, whole < 0 ? whole + HALF : whole);
}

function inverseModulo(x: number, modulus: number): number {
  let [a, b] = [modulus, x];
  let [s, t] = [0, 1];
  while (b !== 0) {
    const quotient = Math.floor(a / b);
    [a, b] = [b, a - quotient * b];
    [s, t] = [t, s - quotient * t];
  }
  return s < 0 ? s + modulus : s;
}

/** The product of two matrices of residues. */
export function product(a: Matrix, b: Matrix): Matrix {
  return generate(a.rows, b.cols, (i, j) => {
    let total = 0;
    for (let k = 0; k < a.cols; k++) total = plus(total, times(a.data[i + a.rows * k] as number, b.data[k + b.rows * j] as number));
    return total;
  });
}

export const sum = (a: Matrix): number => a.data.reduce((total, x) => plus(total, x), 0);
export const scaled = (a: Matrix, k: number): Matrix => map(a, (x) => times(k, x));
export const added = (a: Matrix, b: Matrix): Matrix => zip(a, b, plus);

// Gauss–Jordan elimination of [A I]: the inverse and the determinant.
function eliminate(a: Matrix): { inverse: Matrix; determinant: number } {
  const n = a.rows;
  const undefinedMatrix = filled(n, n, Number.NaN);
  if (a.data.some(Number.isNaN)) return { inverse: undefinedMatrix, determinant: Number.NaN };
  const left = Float64Array.from(a.data);
  const right = identity(n).data;
  let determinant = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    while (pivot < n && left[pivot + n * k] === 0) pivot++;
    if (pivot === n) return { inverse: undefinedMatrix, determinant: 0 };
    if (pivot !== k) {
      determinant = negative(determinant);
      for (const m of [left, right]) {
        for (let j = 0; j < n; j++) [m[k + n * j], m[pivot + n * j]] = [m[pivot + n * j] as number, m[k + n * j] as number];
      }
    }
    const value = left[k + n * k] as number;
    determinant = times(determinant, value);
    const factor = reciprocal(value);
    for (const m of [left, right]) for (let j = 0; j < n; j++) m[k + n * j] = times(m[k + n * j] as number, factor);
    for (let i = 0; i < n; i++) {
      const lead = left[i + n * k] as number;
      if (i === k || lead === 0) continue;
      for (const m of [left, right]) {
        for (let j = 0; j < n; j++) m[i + n * j] = minus(m[i + n * j] as number, times(lead, m[k + n * j] as number));
      }
    }
  }
  return { inverse: { rows: n, cols: n, data: right }, determinant };
}

/** The inverse; NaN throughout for a singular matrix. */
export const inverse = (a: Matrix): Matrix => eliminate(a).inverse;
export const determinant = (a: Matrix): number => eliminate(a).determinant;

/** A^k for a whole k; NaN throughout where A has no inverse and k is negative. */
export const matrixPower = (a: Matrix, k: number): Matrix => bySquaring(k < 0 ? inverse(a) : a, Math.abs(k), identity(a.rows), product);
