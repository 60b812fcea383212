// Special functions of numbers, and numbers out of arrays.
//
// Invariant: as of every kernel (kernels.ts).

/** log |Γ(x)| by Lanczos' series (g = 7, nine terms), reflected below 1/2; infinite at the poles. */
export function logGamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Number.POSITIVE_INFINITY;
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

/** Γ(x), exact for small whole numbers; infinite at the poles. */
export function gammaFunction(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return Number.POSITIVE_INFINITY;
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

/** exp(x²) erfc(x) for x ≥ 0, by the same continued fraction from 2 on. */
export function erfcx(x: number): number {
  if (x < 2) return Math.exp(x * x) * erfc(x);
  let f = 0;
  for (let k = 60; k >= 1; k--) f = k / 2 / (x + f);
  return 1 / (Math.sqrt(Math.PI) * (x + f));
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
