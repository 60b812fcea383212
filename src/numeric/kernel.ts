// A function in numbers, and ways to make one of functions of numbers and matrices.
//
// Invariants: a kernel is total, and NaN or an infinity says "undefined here"; a kernel that is not smooth states the distance of its
// arguments from the nearest kink.

import { invariant } from "../base/assert.ts";
import { type Matrix, reduce, scalar, sizes, zip } from "./matrix.ts";

/** A function in numbers. */
export interface Kernel {
  readonly value: (args: readonly Matrix[]) => Matrix;
  /** Distance from the nearest kink or jump; what is exactly at one counts as settled there, x_i − x_i for instance. */
  readonly margin?: (args: readonly Matrix[]) => number;
  /** Whether its arguments are those that rules are stated for, where the function has a value at others as well; asked of constants too. */
  readonly holds?: (args: readonly Matrix[]) => boolean;
}

/** Kernels by the names of their functions. */
export type KernelTable = ReadonlyMap<string, Kernel>;

export const first = (args: readonly Matrix[]): Matrix => args[0] as Matrix;
export const second = (args: readonly Matrix[]): Matrix => args[1] as Matrix;

/** Least distance over entries; those that are exactly zero are settled and do not count. */
export function nearest(entries: Float64Array, distance: (x: number) => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const x of entries) {
    const d = distance(x);
    if (d !== 0 && d < least) least = d;
  }
  return least;
}

/** Least distance over all entries. */
export const nearestOfAll = (entries: Float64Array, distance: (x: number) => number): number =>
  entries.reduce((least, x) => Math.min(least, distance(x)), Number.POSITIVE_INFINITY);

/** Smallest difference between the entries of two matrices of equal shape, or of a matrix and a number. */
export const pairDistance = (a: Matrix, b: Matrix): number => nearest(zip(a, b, (x, y) => x - y).data, Math.abs);

/** Distance between the largest entry and the runner-up. */
export function leadOf(values: Float64Array): number {
  const sorted = [...values].sort((x, y) => y - x);
  return sorted.length < 2 ? Number.POSITIVE_INFINITY : (sorted[0] as number) - (sorted[1] as number);
}

/** A function of two arguments, entry by entry. */
export const ofPairs = (f: (x: number, y: number) => number): Kernel => ({ value: (args) => zip(first(args), second(args), f) });

/** A number made of one argument as a whole. */
export const number = (f: (a: Matrix) => number): Kernel => ({ value: (args) => scalar(f(first(args))) });
/** A function of one argument as a whole. */
export const whole = (f: (a: Matrix) => Matrix): Kernel => ({ value: (args) => f(first(args)) });
/** A function of a square matrix. */
export const ofSquare = (f: (a: Matrix) => Matrix): Kernel =>
  whole((a) => {
    invariant(a.rows === a.cols, `a square matrix is needed, not ${sizes(a)}`);
    return f(a);
  });

/** The largest entry. */
export const top = (a: Matrix): number => reduce(a, Math.max, Number.NEGATIVE_INFINITY);
