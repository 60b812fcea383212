// Special functions that mathjs has not, or has with too few digits.
//
// Invariant: each is total, and NaN at its poles.

/** 1 − erf(x); in the right tail by a continued fraction, where the difference has no digits (DLMF 7.9.2). */
export const complementary =
  (erf: (x: number) => number) =>
  (x: number): number => {
    if (x < 2) return 1 - erf(x);
    let below = 0;
    for (let k = 80; k >= 1; k--) below = k / 2 / (x + below);
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + below));
  };

/** ψ(x), by recurrence up to a large argument, then by the asymptotic series (Abramowitz & Stegun 6.3.18). */
export function digamma(x: number): number {
  if (x <= 0) return x === Math.floor(x) ? Number.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let shift = 0;
  let t = x;
  for (; t < 12; t++) shift -= 1 / t;
  const r = 1 / (t * t);
  return (
    shift + Math.log(t) - 1 / (2 * t) - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760))))))
  );
}

/** ψ′(x), in the same way (Abramowitz & Stegun 6.4.12). */
export function trigamma(x: number): number {
  if (x <= 0) return x === Math.floor(x) ? Number.NaN : (Math.PI / Math.sin(Math.PI * x)) ** 2 - trigamma(1 - x);
  let shift = 0;
  let t = x;
  for (; t < 12; t++) shift += 1 / (t * t);
  const r = 1 / (t * t);
  return shift + 1 / t + r / 2 + (r / t) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66)))));
}
