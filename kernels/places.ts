// Arrays made by putting entries where they belong: identities and diagonals, arrays beside each
// other, Kronecker products, blocks, rows and columns.
//
// Invariant: as of every kernel (kernels.ts).

/** The identity of size n. */
export function identityMatrix(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

/** A vector as a diagonal matrix. */
export function diagonalMatrix(v: Float64Array): Float64Array {
  const n = v.length;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = v[i]!;
  return out;
}

/** The diagonal of an n×n matrix. */
export function diagonalOf(A: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = A[i * n + i]!;
  return out;
}

/** The standard basis vector with its one at position k, counted from 0. */
export function unitVector(n: number, k: number): Float64Array {
  const out = new Float64Array(n);
  out[k] = 1;
  return out;
}

/** The same number everywhere. */
export function filled(count: number, value: number): Float64Array {
  return new Float64Array(count).fill(value);
}

/** An array of n entries to write to: the one kept at a place from call to call, or a new one where it is long. */
export function kept(arrays: Float64Array[], place: number, n: number): Float64Array {
  const there = arrays[place];
  if (there !== undefined && there.length === n) return there;
  const made = new Float64Array(n);
  if (n <= 4096) arrays[place] = made;
  return made;
}

/** Arrays one after the other: numbers, vectors, or matrices of equally many columns. */
export function joined(parts: readonly (Float64Array | number)[]): Float64Array {
  return Float64Array.from(parts.flatMap((p) => (typeof p === "number" ? [p] : Array.from(p))));
}

/** Matrices of m rows side by side; `widths` are their numbers of columns. */
export function joinedColumns(parts: readonly Float64Array[], widths: readonly number[], m: number): Float64Array {
  let n = 0;
  for (const w of widths) n += w;
  const out = new Float64Array(m * n);
  let at = 0;
  parts.forEach((p, k) => {
    const w = widths[k]!;
    for (let i = 0; i < m; i++) for (let j = 0; j < w; j++) out[i * n + at + j] = p[i * w + j]!;
    at += w;
  });
  return out;
}

/** A ⊗ B for m×n and p×q. */
export function kronecker(A: Float64Array, B: Float64Array, m: number, n: number, p: number, q: number): Float64Array {
  const out = new Float64Array(m * n * p * q);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      const a = A[i * n + j]!;
      if (a !== 0) for (let k = 0; k < p; k++) for (let l = 0; l < q; l++) out[(i * p + k) * n * q + j * q + l] = a * B[k * q + l]!;
    }
  return out;
}

/** Row by row the Kronecker product of m×p and m×q. */
export function rowKronecker(A: Float64Array, B: Float64Array, m: number, p: number, q: number): Float64Array {
  const out = new Float64Array(m * p * q);
  for (let i = 0, at = 0; i < m; i++)
    for (let j = 0; j < p; j++) {
      const a = A[i * p + j]!;
      for (let l = 0; l < q; l++, at++) out[at] = a * B[i * q + l]!;
    }
  return out;
}

/** Blocks of a outer × b inner entries, each c long, with outer and inner exchanged; `before` such arrays follow each other. */
export function shuffled(A: Float64Array, before: number, a: number, b: number, c: number): Float64Array {
  const out = new Float64Array(A.length);
  for (let h = 0; h < before; h++)
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) out[((h * b + j) * a + i) * c + k] = A[((h * a + i) * b + j) * c + k]!;
  return out;
}

/** Σ block i ⊗ e_i e_i′ over m blocks of k rows, block i being row i of C. */
export function blocksRight(C: Float64Array, k: number, m: number): Float64Array {
  const q = C.length / (m * k);
  const out = new Float64Array(C.length * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < k; j++) for (let l = 0; l < q; l++) out[(j * m + i) * q * m + l * m + i] = C[(i * k + j) * q + l]!;
  return out;
}

/** Σ e_i e_i′ ⊗ block i over m blocks of k rows, block i being row i of C. */
export function blocksLeft(C: Float64Array, k: number, m: number): Float64Array {
  const q = C.length / (m * k);
  const out = new Float64Array(C.length * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < k; j++) for (let l = 0; l < q; l++) out[(i * k + j) * q * m + i * q + l] = C[(i * k + j) * q + l]!;
  return out;
}

/** Row i of a matrix of n columns. */
export function rowOf(A: Float64Array, i: number, n: number): Float64Array {
  return A.slice(i * n, i * n + n);
}

/** Column j of an m×n matrix. */
export function columnOf(A: Float64Array, j: number, m: number, n: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) out[i] = A[i * n + j]!;
  return out;
}
