// Numeric kernels over row-major Float64Arrays: what generated JavaScript and the interpreter
// call. Each is a plain function of arrays and sizes that uses nothing but Math and other
// kernels, so that its text can stand beside generated code
// (generated/kernels.ts is made of this file).
//
// Invariant: results are new arrays; arguments are not written to.

/** A x for an m×n matrix, four rows at a time. */
export function matrixVector(A: Float64Array, x: Float64Array, m: number, n: number): Float64Array {
  const y = new Float64Array(m);
  let i = 0;
  for (; i + 3 < m; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0; j < n; j++) {
      const v = x[j]!;
      a += A[p + j]! * v;
      b += A[q + j]! * v;
      c += A[r + j]! * v;
      d += A[s + j]! * v;
    }
    y[i] = a;
    y[i + 1] = b;
    y[i + 2] = c;
    y[i + 3] = d;
  }
  for (; i < m; i++) {
    let a = 0;
    for (let j = 0, p = i * n; j < n; j++, p++) a += A[p]! * x[j]!;
    y[i] = a;
  }
  return y;
}

/** A′ x for an m×n matrix, four rows at a time. */
export function turnedVector(A: Float64Array, x: Float64Array, m: number, n: number): Float64Array {
  const y = new Float64Array(n);
  let i = 0;
  for (; i + 3 < m; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    const a = x[i]!;
    const b = x[i + 1]!;
    const c = x[i + 2]!;
    const d = x[i + 3]!;
    for (let j = 0; j < n; j++) y[j] = y[j]! + (A[p + j]! * a + A[q + j]! * b + (A[r + j]! * c + A[s + j]! * d));
  }
  for (; i < m; i++) {
    const a = x[i]!;
    for (let j = 0, p = i * n; j < n; j++, p++) y[j] = y[j]! + A[p]! * a;
  }
  return y;
}

/** A x and A′ u in one pass over an m×n matrix. */
export function bothVectors(A: Float64Array, x: Float64Array, u: Float64Array, m: number, n: number): [Float64Array, Float64Array] {
  const y = new Float64Array(m);
  const z = new Float64Array(n);
  let i = 0;
  for (; i + 3 < m; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    const e = u[i]!;
    const f = u[i + 1]!;
    const g = u[i + 2]!;
    const h = u[i + 3]!;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0; j < n; j++) {
      const v = x[j]!;
      const P = A[p + j]!;
      const Q = A[q + j]!;
      const R = A[r + j]!;
      const S = A[s + j]!;
      a += P * v;
      b += Q * v;
      c += R * v;
      d += S * v;
      z[j] = z[j]! + (P * e + Q * f + (R * g + S * h));
    }
    y[i] = a;
    y[i + 1] = b;
    y[i + 2] = c;
    y[i + 3] = d;
  }
  for (; i < m; i++) {
    const e = u[i]!;
    let a = 0;
    for (let j = 0, p = i * n; j < n; j++, p++) {
      a += A[p]! * x[j]!;
      z[j] = z[j]! + A[p]! * e;
    }
    y[i] = a;
  }
  return [y, z];
}

/** The transpose of an m×n matrix. */
export function transposed(A: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(A.length);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = A[i * n + j]!;
  return out;
}

/** A B for m×k and k×n, four rows of B at a time. */
export function matrixMatrix(A: Float64Array, B: Float64Array, m: number, k: number, n: number): Float64Array {
  const C = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    const o = i * n;
    let l = 0;
    for (; l + 3 < k; l += 4) {
      const a = A[i * k + l]!;
      const b = A[i * k + l + 1]!;
      const c = A[i * k + l + 2]!;
      const d = A[i * k + l + 3]!;
      const p = l * n;
      const q = p + n;
      const r = q + n;
      const s = r + n;
      for (let j = 0; j < n; j++) C[o + j] = C[o + j]! + (a * B[p + j]! + b * B[q + j]! + (c * B[r + j]! + d * B[s + j]!));
    }
    for (; l < k; l++) {
      const a = A[i * k + l]!;
      for (let j = 0, p = l * n; j < n; j++, p++) C[o + j] = C[o + j]! + a * B[p]!;
    }
  }
  return C;
}

/** Z′ Z for an m×n matrix: one triangle is computed. */
export function gramian(Z: Float64Array, m: number, n: number): Float64Array {
  const C = new Float64Array(n * n);
  let l = 0;
  for (; l + 3 < m; l += 4) {
    const p = l * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    for (let i = 0; i < n; i++) {
      const a = Z[p + i]!;
      const b = Z[q + i]!;
      const c = Z[r + i]!;
      const d = Z[s + i]!;
      const o = i * n;
      for (let j = i; j < n; j++) C[o + j] = C[o + j]! + (a * Z[p + j]! + b * Z[q + j]! + (c * Z[r + j]! + d * Z[s + j]!));
    }
  }
  for (; l < m; l++)
    for (let i = 0; i < n; i++) {
      const a = Z[l * n + i]!;
      for (let j = i; j < n; j++) C[i * n + j] = C[i * n + j]! + a * Z[l * n + j]!;
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) C[i * n + j] = C[j * n + i]!;
  return C;
}

/** The identity of size n. */
export function identityMatrix(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

/** LU with row exchanges, L below the diagonal; `sign` is 0 for a singular matrix. */
export function luFactors(A: Float64Array, n: number): { lu: Float64Array; rows: Int32Array; sign: number } {
  const lu = A.slice();
  const rows = new Int32Array(n);
  let sign = 1;
  for (let i = 0; i < n; i++) rows[i] = i;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[pivot * n + k]!)) pivot = i;
    if (pivot !== k) {
      sign = -sign;
      const r = rows[k]!;
      rows[k] = rows[pivot]!;
      rows[pivot] = r;
      for (let j = 0; j < n; j++) {
        const v = lu[k * n + j]!;
        lu[k * n + j] = lu[pivot * n + j]!;
        lu[pivot * n + j] = v;
      }
    }
    const d = lu[k * n + k]!;
    if (d === 0) sign = 0;
    for (let i = k + 1; i < n; i++) {
      const f = lu[i * n + k]! / d;
      lu[i * n + k] = f;
      if (f !== 0) for (let j = k + 1; j < n; j++) lu[i * n + j] = lu[i * n + j]! - f * lu[k * n + j]!;
    }
  }
  return { lu, rows, sign };
}

/** A⁻¹ B for n×c values, or A′⁻¹ B where turned, from the factors of A. */
export function luSolve(
  F: { lu: Float64Array; rows: Int32Array; sign: number },
  B: Float64Array,
  n: number,
  c: number,
  turned: boolean,
): Float64Array {
  const { lu, rows } = F;
  const X = new Float64Array(n * c);
  if (!turned) {
    for (let i = 0; i < n; i++) for (let k = 0; k < c; k++) X[i * c + k] = B[rows[i]! * c + k]!;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const f = lu[i * n + j]!;
        for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! - f * X[j * c + k]!;
      }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) {
        const f = lu[i * n + j]!;
        for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! - f * X[j * c + k]!;
      }
      const d = lu[i * n + i]!;
      for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! / d;
    }
    return X;
  }
  const Y = B.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const f = lu[j * n + i]!;
      for (let k = 0; k < c; k++) Y[i * c + k] = Y[i * c + k]! - f * Y[j * c + k]!;
    }
    const d = lu[i * n + i]!;
    for (let k = 0; k < c; k++) Y[i * c + k] = Y[i * c + k]! / d;
  }
  for (let i = n - 1; i >= 0; i--)
    for (let j = i + 1; j < n; j++) {
      const f = lu[j * n + i]!;
      for (let k = 0; k < c; k++) Y[i * c + k] = Y[i * c + k]! - f * Y[j * c + k]!;
    }
  for (let i = 0; i < n; i++) for (let k = 0; k < c; k++) X[rows[i]! * c + k] = Y[i * c + k]!;
  return X;
}

/** The determinant from the factors. */
export function luDeterminant(F: { lu: Float64Array; rows: Int32Array; sign: number }, n: number): number {
  let d = F.sign;
  for (let i = 0; i < n; i++) d *= F.lu[i * n + i]!;
  return d;
}

/** log |det| from the factors. */
export function luLogDeterminant(F: { lu: Float64Array; rows: Int32Array; sign: number }, n: number): number {
  let d = 0;
  for (let i = 0; i < n; i++) d += Math.log(Math.abs(F.lu[i * n + i]!));
  return d;
}

/** The lower Cholesky factor; NaN where the matrix is not positive definite. */
export function choleskyFactor(A: Float64Array, n: number): Float64Array {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let v = A[i * n + j]!;
      for (let k = 0; k < j; k++) v -= L[i * n + k]! * L[j * n + k]!;
      L[i * n + j] = i === j ? Math.sqrt(v) : v / L[j * n + j]!;
    }
  return L;
}

/** A⁻¹ B for n×c values from the Cholesky factor of A. */
export function choleskySolve(L: Float64Array, B: Float64Array, n: number, c: number): Float64Array {
  const X = B.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! - L[i * n + j]! * X[j * c + k]!;
    for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! / L[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! - L[j * n + i]! * X[j * c + k]!;
    for (let k = 0; k < c; k++) X[i * c + k] = X[i * c + k]! / L[i * n + i]!;
  }
  return X;
}

/** log det from the Cholesky factor. */
export function choleskyLogDeterminant(L: Float64Array, n: number): number {
  let d = 0;
  for (let i = 0; i < n; i++) d += 2 * Math.log(L[i * n + i]!);
  return d;
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

/** Blocks of a outer × b inner entries, each c long, with outer and inner exchanged; `before` such arrays follow each other. */
export function shuffled(A: Float64Array, before: number, a: number, b: number, c: number): Float64Array {
  const out = new Float64Array(A.length);
  for (let h = 0; h < before; h++)
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) out[((h * b + j) * a + i) * c + k] = A[((h * a + i) * b + j) * c + k]!;
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

/** det from the Cholesky factor. */
export function choleskyDeterminant(L: Float64Array, n: number): number {
  let d = 1;
  for (let i = 0; i < n; i++) d *= L[i * n + i]! * L[i * n + i]!;
  return d;
}

/** The sum of the entries. */
export function sumOf(v: Float64Array): number {
  let s = 0;
  for (let i = 0; i < v.length; i++) s += v[i]!;
  return s;
}

/** The largest entry. */
export function largestOf(v: Float64Array): number {
  let s = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < v.length; i++) s = Math.max(s, v[i]!);
  return s;
}
