// The loops that a person writes by hand where speed matters: four rows of the matrix at a
// time, everything that a row is needed for in one pass. Generated JavaScript is compared with them.

/** Σ log(1 + exp(−y·Xw)) by w. */
export function logisticGradient(X: Float64Array, w: Float64Array, y: Float64Array): Float64Array {
  const [m, n] = [y.length, w.length];
  const g = new Float64Array(n);
  const slope = (i: number, z: number): number => -(y[i] as number) / (1 + Math.exp((y[i] as number) * z));
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
      const v = w[j] as number;
      a += (X[p + j] as number) * v;
      b += (X[q + j] as number) * v;
      c += (X[r + j] as number) * v;
      d += (X[s + j] as number) * v;
    }
    a = slope(i, a);
    b = slope(i + 1, b);
    c = slope(i + 2, c);
    d = slope(i + 3, d);
    for (let j = 0; j < n; j++)
      g[j] =
        (g[j] as number) + (a * (X[p + j] as number) + b * (X[q + j] as number) + (c * (X[r + j] as number) + d * (X[s + j] as number)));
  }
  for (; i < m; i++) {
    let z = 0;
    for (let j = 0; j < n; j++) z += (X[i * n + j] as number) * (w[j] as number);
    z = slope(i, z);
    for (let j = 0; j < n; j++) g[j] = (g[j] as number) + z * (X[i * n + j] as number);
  }
  return g;
}

/** (A + A′) x for a matrix whose order is divided by four. */
export function quadraticGradient(A: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  const g = new Float64Array(n);
  for (let i = 0; i < n; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    const e = x[i] as number;
    const f = x[i + 1] as number;
    const h = x[i + 2] as number;
    const k = x[i + 3] as number;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0; j < n; j++) {
      const v = x[j] as number;
      const P = A[p + j] as number;
      const Q = A[q + j] as number;
      const R = A[r + j] as number;
      const S = A[s + j] as number;
      a += P * v;
      b += Q * v;
      c += R * v;
      d += S * v;
      g[j] = (g[j] as number) + (P * e + Q * f + (R * h + S * k));
    }
    g[i] = (g[i] as number) + a;
    g[i + 1] = (g[i + 1] as number) + b;
    g[i + 2] = (g[i + 2] as number) + c;
    g[i + 3] = (g[i + 3] as number) + d;
  }
  return g;
}

/** x′ A x for a matrix whose order is divided by four. */
export function quadraticForm(A: Float64Array, x: Float64Array): number {
  const n = x.length;
  let total = 0;
  for (let i = 0; i < n; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0; j < n; j++) {
      const v = x[j] as number;
      a += (A[p + j] as number) * v;
      b += (A[q + j] as number) * v;
      c += (A[r + j] as number) * v;
      d += (A[s + j] as number) * v;
    }
    total += a * (x[i] as number) + b * (x[i + 1] as number) + (c * (x[i + 2] as number) + d * (x[i + 3] as number));
  }
  return total;
}
