// Products of matrices and vectors: rows are taken four at a time, so that a pass over a matrix
// does several things with what it reads.
//
// Invariant: as of every kernel (kernels.ts).

/** A x for an m×n matrix, four rows at a time, into y where it is given. */
export function matrixVector(A: Float64Array, x: Float64Array, m: number, n: number, y = new Float64Array(m)): Float64Array {
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

/** A′ x for an m×n matrix, four rows at a time, into y where it is given. */
export function turnedVector(A: Float64Array, x: Float64Array, m: number, n: number, y = new Float64Array(n)): Float64Array {
  for (let j = 0; j < n; j++) y[j] = 0;
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
