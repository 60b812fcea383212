// Points of small whole numbers that meet the attributes of the variables: places that a person
// can compute by hand, and on which kinks and jumps often lie.
//
// Invariant: everything follows from the random numbers given. Not here: points for difference
// quotients, which keep away from kinks (src/numeric/sample.ts).

import type { Attribute } from "../expr/attributes.ts";
import { evaluateDim } from "../expr/dim.ts";
import type { Variable } from "../expr/expr.ts";
import { determinant } from "../numeric/linear.ts";
import { at, generate, identity, type Matrix, multiply, plus, scalar, transpose } from "../numeric/matrix.ts";
import type { Point } from "../numeric/point.ts";
import type { Random } from "../numeric/random.ts";

/** Whole numbers up to `bound` for all variables; undefined where some attribute is not met by them. */
export function wholePoint(all: readonly Variable[], sizes: ReadonlyMap<string, number>, bound: number, random: Random): Point | undefined {
  const values = new Map<string, Matrix>();
  for (const v of all) {
    const [rows, cols] = [evaluateDim(v.shape.rows, sizes), evaluateDim(v.shape.cols, sizes)];
    if (rows < 1 || cols < 1) return undefined;
    const value = drawWhole(rows, cols, v.attributes, bound, random);
    if (value === undefined) return undefined;
    values.set(v.name, value);
  }
  return { sizes, values, seed: 1 };
}

type Has = (attribute: Attribute) => boolean;

/** A value of small whole numbers with the given attributes; undefined where none was found. */
function drawWhole(rows: number, cols: number, attributes: readonly Attribute[], bound: number, random: Random): Matrix | undefined {
  const has: Has = (a) => attributes.includes(a);
  const unit = has("unit") ? 1 / (bound + 1) : 1;
  const entry = (): number => {
    if (has("positive")) return unit * (1 + random.index(bound));
    const x = random.index(2 * bound + 1) - bound;
    return unit * (has("nonzero") && x === 0 ? 1 : x);
  };
  const free = generate(rows, cols, entry);
  if (rows === cols && rows > 1) return squareOf(free, has, random);
  if (has("unitnorm")) return generate(rows, cols, (i, j) => (i + j === 0 ? 1 : 0));
  if (has("orthogonal")) return generate(rows, cols, (i, j) => (i === j ? 1 : 0));
  if (has("posdef") || (has("invertible") && rows === cols)) return generate(rows, cols, () => 1 + random.index(bound));
  if (has("idempotent") && rows === 1) return scalar(random.index(2));
  return has("skew") && rows === cols ? scalar(0) : free;
}

/** A square matrix with some attributes, made of one without; undefined where it has no inverse though it should. */
function squareOf(free: Matrix, has: Has, random: Random): Matrix | undefined {
  const n = free.rows;
  if (has("orthogonal")) return signedPermutation(n, has("symmetric"), random);
  if (has("idempotent")) return generate(n, n, (i, j) => (i === j && i === 0 ? 1 : 0));
  if (has("diagonal")) return generate(n, n, (i, j) => (i === j ? nonzero(at(free, i, i), has("posdef") || has("invertible")) : 0));
  if (has("posdef")) return plus(multiply(free, transpose(free)), identity(n));
  if (has("skew")) return generate(n, n, (i, j) => (i === j ? 0 : i > j ? at(free, i, j) : -at(free, j, i)));
  const isZero = (i: number, j: number): boolean => (has("lower") && j > i) || (has("upper") && j < i);
  const structured = has("symmetric")
    ? generate(n, n, (i, j) => at(free, Math.max(i, j), Math.min(i, j)))
    : generate(n, n, (i, j) => (isZero(i, j) ? 0 : at(free, i, j)));
  return has("invertible") && Math.abs(determinant(structured)) < 0.5 ? undefined : structured;
}

const nonzero = (x: number, wanted: boolean): number => (wanted ? Math.abs(x) || 1 : x);

function signedPermutation(n: number, symmetric: boolean, random: Random): Matrix {
  const turn = symmetric ? 0 : random.index(n);
  const signs = Array.from({ length: n }, () => (random.index(2) === 0 ? 1 : -1));
  return generate(n, n, (i, j) => (j === (i + turn) % n ? (signs[i] as number) : 0));
}
