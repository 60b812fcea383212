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

/** A logarithmic factorial by Lanczos' series (g = 7, nine terms), reflected below 1/2. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.abs(Math.PI / Math.sin(Math.PI * x))) - logGamma(1 - x);
  const c = [
    0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  let s = c[0]!;
  for (let i = 1; i < 9; i++) s += c[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(s);
}

/** Γ(x), exact for small whole numbers. */
export function gammaFunction(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return Number.NaN;
    if (x < 20) {
      let p = 1;
      for (let i = 2; i < x; i++) p *= i;
      return p;
    }
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gammaFunction(1 - x));
  return Math.exp(logGamma(x));
}

/** Recurrence up to 12, then the asymptotic series (DLMF 5.11.2); reflected below 0. */
export function digamma(x: number): number {
  if (x <= 0) return x === Math.floor(x) ? Number.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let s = 0;
  let t = x;
  for (; t < 12; t++) s -= 1 / t;
  const r = 1 / (t * t);
  return s + Math.log(t) - 1 / (2 * t) - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760))))));
}

/** Recurrence up to 12, then the asymptotic series (DLMF 5.15.8); reflected below 0. */
export function trigamma(x: number): number {
  if (x <= 0) return x === Math.floor(x) ? Number.NaN : (Math.PI / Math.sin(Math.PI * x)) ** 2 - trigamma(1 - x);
  let s = 0;
  let t = x;
  for (; t < 12; t++) s += 1 / (t * t);
  const r = 1 / (t * t);
  return s + 1 / t + r / 2 + (r / t) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66)))));
}

/** 1 − erf(x): a series near 0, a continued fraction further out (DLMF 7.6.2, 7.9.2). */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) return 1 - erf(x);
  if (x > 27.3) return 0;
  let f = 0;
  for (let k = 60; k >= 1; k--) f = k / 2 / (x + f);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + f));
}

/** erf(x) by the series 2x/√π e^(−x²) Σ (2x²)^k/(2k+1)!!. */
export function erf(x: number): number {
  if (Math.abs(x) >= 2) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  let term = x;
  let total = x;
  for (let k = 1; k < 80 && Math.abs(term) > 1e-18 * Math.abs(total); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** log(1 + exp(x)) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Largest column sum of magnitudes. */
export function columnNorm(A: Float64Array, n: number): number {
  let most = 0;
  for (let j = 0; j < n; j++) {
    let s = 0;
    for (let i = 0; i < n; i++) s += Math.abs(A[i * n + j]!);
    most = Math.max(most, s);
  }
  return most;
}

/** exp of a matrix: scaling and squaring with a Taylor series of degree 18. */
export function matrixExp(A: Float64Array, n: number): Float64Array {
  const steps = Math.max(0, Math.ceil(Math.log2(Math.max(columnNorm(A, n), 1e-300))) + 3);
  const a = A.map((v) => v / 2 ** steps);
  let term: Float64Array = identityMatrix(n);
  let out: Float64Array = identityMatrix(n);
  for (let k = 1; k < 19; k++) {
    term = matrixMatrix(term, a, n, n, n).map((v) => v / k);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + term[i]!;
  }
  for (let s = 0; s < steps; s++) out = matrixMatrix(out, out, n, n, n);
  return out;
}

/** The principal square root, by the product form of the Denman–Beavers iteration. */
export function matrixRoot(A: Float64Array, n: number): Float64Array {
  const I = identityMatrix(n);
  let x: Float64Array = A.slice();
  let m: Float64Array = A.slice();
  for (let step = 0; step < 60; step++) {
    const w = luSolve(luFactors(m, n), I, n, n, false);
    x = matrixMatrix(
      x,
      w.map((v, i) => (v + I[i]!) / 2),
      n,
      n,
      n,
    );
    m = m.map((v, i) => I[i]! / 2 + (v + w[i]!) / 4);
    let off = 0;
    for (let i = 0; i < m.length; i++) off = Math.max(off, Math.abs(m[i]! - I[i]!));
    if (!(off >= 1e-15)) break;
  }
  return x;
}

/** The principal logarithm: roots until the matrix is near the identity, then the series of artanh. */
export function matrixLog(A: Float64Array, n: number): Float64Array {
  const I = identityMatrix(n);
  let a: Float64Array = A.slice();
  let steps = 0;
  while (
    steps < 60 &&
    columnNorm(
      a.map((v, i) => v - I[i]!),
      n,
    ) > 0.05
  ) {
    a = matrixRoot(a, n);
    steps++;
  }
  const z = luSolve(
    luFactors(
      a.map((v, i) => v + I[i]!),
      n,
    ),
    a.map((v, i) => v - I[i]!),
    n,
    n,
    false,
  );
  const square = matrixMatrix(z, z, n, n, n);
  let term: Float64Array = z;
  const out = z.slice();
  for (let k = 3; k < 40; k += 2) {
    term = matrixMatrix(term, square, n, n, n);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + term[i]! / k;
  }
  return out.map((v) => v * 2 ** (steps + 1));
}

/** A^k: a whole power by squaring, another through exp(k log A). */
export function matrixPower(A: Float64Array, k: number, n: number): Float64Array {
  if (!Number.isInteger(k))
    return matrixExp(
      matrixLog(A, n).map((v) => v * k),
      n,
    );
  let base: Float64Array = k < 0 ? luSolve(luFactors(A, n), identityMatrix(n), n, n, false) : A;
  let out: Float64Array = identityMatrix(n);
  for (let rest = Math.abs(k); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) out = matrixMatrix(out, base, n, n, n);
    if (rest > 1) base = matrixMatrix(base, base, n, n, n);
  }
  return out;
}

/** cos (block 0) or sin (block 1) of a matrix, out of exp([0 −A; A 0]). */
export function matrixQuadrant(A: Float64Array, n: number, block: number): Float64Array {
  const w = 2 * n;
  const big = new Float64Array(w * w);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      big[i * w + n + j] = -A[i * n + j]!;
      big[(n + i) * w + j] = A[i * n + j]!;
    }
  const e = matrixExp(big, w);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = e[(block * n + i) * w + j]!;
  return out;
}

/** Singular values of an m×n matrix: one-sided Jacobi rotations of its columns. */
export function singularValues(A: Float64Array, m: number, n: number): Float64Array {
  const U = m < n ? transposed(A, m, n) : A.slice();
  const [rows, cols] = m < n ? [n, m] : [m, n];
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < cols; p++)
      for (let q = p + 1; q < cols; q++) {
        let a = 0;
        let b = 0;
        let c = 0;
        for (let i = 0; i < rows; i++) {
          const x = U[i * cols + p]!;
          const y = U[i * cols + q]!;
          a += x * x;
          b += y * y;
          c += x * y;
        }
        if (Math.abs(c) <= 1e-16 * Math.sqrt(a * b)) continue;
        off = Math.max(off, Math.abs(c));
        const zeta = (b - a) / (2 * c);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const cos = 1 / Math.sqrt(1 + t * t);
        const sin = cos * t;
        for (let i = 0; i < rows; i++) {
          const x = U[i * cols + p]!;
          const y = U[i * cols + q]!;
          U[i * cols + p] = cos * x - sin * y;
          U[i * cols + q] = sin * x + cos * y;
        }
      }
    if (off === 0) break;
  }
  const out = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    let s = 0;
    for (let i = 0; i < rows; i++) s += U[i * cols + j]! * U[i * cols + j]!;
    out[j] = Math.sqrt(s);
  }
  return out;
}

/** The pseudoinverse of an m×n matrix of full rank; by shrinking ridges where the rank is lower. */
export function pseudoInverse(A: Float64Array, m: number, n: number): Float64Array {
  const tall = m >= n;
  const T = transposed(A, m, n);
  const G = tall ? gramian(A, m, n) : gramian(T, n, m);
  const k = tall ? n : m;
  const s = singularValues(A, m, n);
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const v of s) {
    most = Math.max(most, v);
    least = Math.min(least, v);
  }
  if (least > 1e-12 * most) {
    const W = luSolve(luFactors(G, k), identityMatrix(k), k, k, false);
    return tall ? matrixMatrix(W, T, n, n, m) : matrixMatrix(T, W, n, m, m);
  }
  // Newton–Schulz from a multiple of the transpose converges on the range.
  let X: Float64Array = T.map((v) => v / (most * most));
  for (let step = 0; step < 120; step++) {
    const AX = matrixMatrix(A, X, m, n, m);
    const XAX = matrixMatrix(X, AX, n, m, m);
    X = X.map((v, i) => 2 * v - XAX[i]!);
  }
  return X;
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
