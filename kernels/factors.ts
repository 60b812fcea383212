// LU and Cholesky factors of square matrices, what is solved with them, and determinants.
//
// Invariant: as of every kernel (kernels.ts). A singular matrix has determinant 0; its inverse and what is solved with it are
// infinities or NaN, never an error.

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
    if (d === 0) {
      sign = 0;
      continue;
    }
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

/** A⁻¹ from the factors: U⁻¹ row by row, then X L = U⁻¹ column by column from the last (LAPACK's getri). */
export function luInverse(F: { lu: Float64Array; rows: Int32Array; sign: number }, n: number): Float64Array {
  const { lu, rows } = F;
  const X = new Float64Array(n * n);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      const f = lu[i * n + k]!;
      for (let j = k; j < n; j++) X[i * n + j] = X[i * n + j]! - f * X[k * n + j]!;
    }
    const d = lu[i * n + i]!;
    X[i * n + i] = 1;
    for (let j = i; j < n; j++) X[i * n + j] = X[i * n + j]! / d;
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = n - 1; k > 0; k--) {
      const x = X[i * n + k]!;
      if (x !== 0) for (let j = 0; j < k; j++) X[i * n + j] = X[i * n + j]! - x * lu[k * n + j]!;
    }
    for (let j = 0; j < n; j++) out[i * n + rows[j]!] = X[i * n + j]!;
  }
  return out;
}

/** The determinant from the factors. */
export function luDeterminant(F: { lu: Float64Array; rows: Int32Array; sign: number }, n: number): number {
  if (F.sign === 0) return 0;
  let d = F.sign;
  for (let i = 0; i < n; i++) d *= F.lu[i * n + i]!;
  return d;
}

/** log |det| from the factors. */
export function luLogAbsDeterminant(F: { lu: Float64Array; rows: Int32Array; sign: number }, n: number): number {
  let d = 0;
  for (let i = 0; i < n; i++) d += Math.log(Math.abs(F.lu[i * n + i]!));
  return d;
}

/** log det from the factors; NaN where the determinant is negative. */
export function luLogDeterminant(F: { lu: Float64Array; rows: Int32Array; sign: number }, n: number): number {
  let sign = F.sign;
  for (let i = 0; i < n; i++) sign *= Math.sign(F.lu[i * n + i]!);
  return Math.log(sign) + luLogAbsDeterminant(F, n);
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

/** A⁻¹ from the Cholesky factor of A: W = L⁻¹ row by row, then one triangle of W′ W (LAPACK's potri). */
export function choleskyInverse(L: Float64Array, n: number): Float64Array {
  const W = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    W[i * n + i] = 1;
    for (let k = 0; k < i; k++) {
      const f = L[i * n + k]!;
      for (let j = 0; j <= k; j++) W[i * n + j] = W[i * n + j]! - f * W[k * n + j]!;
    }
    for (let j = 0; j <= i; j++) W[i * n + j] = W[i * n + j]! / L[i * n + i]!;
  }
  const X = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const f = W[k * n + i]!;
      for (let j = i; j <= k; j++) X[i * n + j] = X[i * n + j]! + f * W[k * n + j]!;
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) X[i * n + j] = X[j * n + i]!;
  return X;
}

/** log det from the Cholesky factor. */
export function choleskyLogDeterminant(L: Float64Array, n: number): number {
  let d = 0;
  for (let i = 0; i < n; i++) d += 2 * Math.log(L[i * n + i]!);
  return d;
}

/** det from the Cholesky factor. */
export function choleskyDeterminant(L: Float64Array, n: number): number {
  let d = 1;
  for (let i = 0; i < n; i++) d *= L[i * n + i]! * L[i * n + i]!;
  return d;
}
