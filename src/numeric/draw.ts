// Random values for a variable: its declared attributes are met exactly, and a manner
// says what the entries look like otherwise, so that a sampler can work its way into
// the domain of a function it knows nothing about.
//
// Invariant: entries keep away from 0 and stay of order 1, where difference quotients
// are most accurate.

import type { Attribute } from "../expr/attributes.ts";
import { inverse, regularity } from "./linear.ts";
import { at, generate, identity, largest, length, type Matrix, minus, multiply, plus, scale, transpose } from "./matrix.ts";
import type { Random } from "./random.ts";

/** What the entries of a value look like where its attributes leave that open. */
export const MANNERS = [
  "general", // both signs, of order 1
  "positive",
  "small", // both signs, well inside (−1, 1)
  "fraction", // inside (0, 1)
  "large", // above 1
  "wide", // both signs, up to an order above 1
  "regular", // a square matrix near a multiple of the identity, not symmetric; otherwise general
  "posdef", // a square matrix symmetric positive definite; otherwise positive
] as const;
/** How values are drawn. */
export type Manner = (typeof MANNERS)[number];

/** A random rows × cols value with the given attributes. */
export function draw(rows: number, cols: number, attributes: readonly Attribute[], manner: Manner, random: Random): Matrix {
  const has = (attribute: Attribute): boolean => attributes.includes(attribute);
  const drawn = structured(rows, cols, has, manner, random);
  // A positive factor takes no attribute away but these two.
  const peak = largest(drawn);
  return has("unit") && peak >= 1 && !has("orthogonal") && !has("idempotent") ? scale(drawn, 0.9 / peak) : drawn;
}

type Has = (attribute: Attribute) => boolean;

function structured(rows: number, cols: number, has: Has, manner: Manner, random: Random): Matrix {
  const entry = entriesOf(has, manner, random);
  const square = rows === cols;
  const free = (): Matrix => generate(rows, cols, entry);
  // The structure of a 1×1 value is a statement about a number.
  if (rows === 1 && cols === 1) return has("posdef") ? generate(1, 1, () => Math.abs(entry())) : free();
  if (has("orthogonal")) return has("symmetric") && square ? reflection(rows, random) : orthonormal(rows, cols, random);
  if (has("unitnorm")) return unitLength(free());
  if (has("idempotent") && square) return projection(rows, has("symmetric"), random);
  if (has("diagonal")) return generate(rows, cols, (i, j) => (i === j ? (has("posdef") ? Math.abs(entry()) : entry()) : 0));
  if (has("posdef") && square) return definite(free());
  if (has("skew") && square) return mirrored(rows, entry, -1);
  if (has("symmetric") && square) {
    if (manner === "posdef") return definite(free());
    return manner === "regular" && !has("positive") ? lifted(mirrored(rows, entry, 1), random) : mirrored(rows, entry, 1);
  }
  const lower = has("lower");
  const upper = has("upper");
  if (lower || upper) return generate(rows, cols, (i, j) => ((lower && j > i) || (upper && j < i) ? 0 : entry()));
  if (square && rows > 1) {
    if (manner === "posdef") return definite(free());
    if (manner === "regular") return lifted(free(), random);
    if (has("invertible")) return invertible(free, random);
  }
  return free();
}

function entriesOf(has: Has, manner: Manner, random: Random): () => number {
  const positive = has("positive") || manner === "positive" || manner === "fraction" || manner === "large" || manner === "posdef";
  const unit = has("unit") || manner === "fraction" || manner === "small";
  const [low, high] = unit
    ? manner === "small"
      ? [0.05, 0.4]
      : [0.1, 0.9]
    : manner === "large"
      ? [1.2, 2.5]
      : manner === "wide"
        ? [0.3, 9]
        : [0.3, 1.6];
  return positive ? () => random.between(low, high) : () => random.signed(low, high);
}

// Equal or opposite entries across the diagonal.
function mirrored(n: number, entry: () => number, sign: 1 | -1): Matrix {
  const free = generate(n, n, entry);
  return generate(n, n, (i, j) => (i > j ? at(free, i, j) : i < j ? sign * at(free, j, i) : sign === 1 ? at(free, i, i) : 0));
}

// Moderate entries next to a dominant diagonal: positive determinant, eigenvalues in the right half plane.
const lifted = (a: Matrix, random: Random): Matrix => plus(scale(a, 0.7 / a.rows), scale(identity(a.rows), random.between(0.9, 1.5)));

const definite = (a: Matrix): Matrix => plus(scale(multiply(a, transpose(a)), 1 / a.rows), scale(identity(a.rows), 0.4));

const MOST_TRIALS = 40;
function invertible(free: () => Matrix, random: Random): Matrix {
  for (let k = 0; k < MOST_TRIALS; k++) {
    const a = free();
    if (regularity(a) > 0.1) return a;
  }
  return lifted(free(), random);
}

const unitLength = (a: Matrix): Matrix => scale(a, 1 / length(a));

// Gram–Schmidt on random columns; a wide matrix gets orthonormal rows.
function orthonormal(rows: number, cols: number, random: Random): Matrix {
  if (cols > rows) return transpose(orthonormal(cols, rows, random));
  const columns: Matrix[] = [];
  while (columns.length < cols) {
    let v = generate(rows, 1, () => random.signed(0.3, 1.6));
    for (let pass = 0; pass < 2; pass++) for (const q of columns) v = minus(v, scale(q, multiply(transpose(q), v).data[0] as number));
    const size = length(v);
    if (size > 0.1) columns.push(scale(v, 1 / size));
  }
  return generate(rows, cols, (i, j) => (columns[j] as Matrix).data[i] as number);
}

// I − 2vvᵀ for a unit vector v.
function reflection(n: number, random: Random): Matrix {
  const v = orthonormal(n, 1, random);
  return minus(identity(n), scale(multiply(v, transpose(v)), 2));
}

// A projection onto a proper subspace, orthogonal where it has to be symmetric.
function projection(n: number, symmetric: boolean, random: Random): Matrix {
  const rank = Math.max(1, Math.floor(n / 2));
  const basis = symmetric ? orthonormal(n, n, random) : invertible(() => generate(n, n, () => random.signed(0.3, 1.6)), random);
  const kept = generate(n, n, (i, j) => (i === j && i < rank ? 1 : 0));
  return multiply(multiply(basis, kept), inverse(basis));
}
