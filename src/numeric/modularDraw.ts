// Random values modulo a prime (field.ts) that meet the algebraic part of a variable's
// attributes: what is symmetric, orthogonal, a projection, or positive as squares are.

import type { Attribute } from "../expr/attributes.ts";
import { added, inverse, minus, negative, PRIME, product, times } from "./field.ts";
import { at, generate, identity, type Matrix, transpose, zip } from "./matrix.ts";
import type { Random } from "./random.ts";

/** Residues with the algebraic part of the attributes. */
export function drawResidues(rows: number, cols: number, attributes: readonly Attribute[], source: Random): Matrix {
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
