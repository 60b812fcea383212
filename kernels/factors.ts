// LU and Cholesky factors of square matrices, what is solved with them, and determinants.
//
// Invariant: as of every kernel (kernels.ts). A singular matrix gives infinities or NaN, never an error.

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

/** det from the Cholesky factor. */
export function choleskyDeterminant(L: Float64Array, n: number): number {
  let d = 1;
  for (let i = 0; i < n; i++) d *= L[i * n + i]! * L[i * n + i]!;
  return d;
}
