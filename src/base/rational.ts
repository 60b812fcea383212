// Exact rational numbers: every coefficient and every exponent of the normal form.
//
// Invariant: the denominator is positive and coprime to the numerator, so two
// rationals are equal exactly when both fields are. Floating point never enters.

/** An exact fraction n/d in lowest terms, d above 0. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}

const SMALL: Rational[] = [];
for (let i = -64; i <= 64; i++) SMALL.push({ n: BigInt(i), d: 1n });

/** The quotient n/d in lowest terms. Throws a RangeError if d is zero. */
export function rational(n: bigint | number, d: bigint | number = 1n): Rational {
  let p = BigInt(n);
  let q = BigInt(d);
  if (q === 0n) throw new RangeError("rational with denominator zero");
  if (q === 1n) return p >= -64n && p <= 64n ? (SMALL[Number(p) + 64] as Rational) : { n: p, d: q };
  if (q < 0n) {
    p = -p;
    q = -q;
  }
  const g = gcd(p, q);
  if (g !== 1n) {
    p /= g;
    q /= g;
  }
  return q === 1n ? rational(p) : { n: p, d: q };
}

export const ZERO: Rational = rational(0);
export const ONE: Rational = rational(1);
export const MINUS_ONE: Rational = rational(-1);
export const HALF: Rational = rational(1, 2);

export const add = (a: Rational, b: Rational): Rational =>
  a.d === 1n && b.d === 1n ? rational(a.n + b.n) : rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const negate = (a: Rational): Rational => rational(-a.n, a.d);
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));
/** a b in lowest terms. */
export function multiply(a: Rational, b: Rational): Rational {
  if (a === ONE) return b;
  if (b === ONE) return a;
  return a.d === 1n && b.d === 1n ? rational(a.n * b.n) : rational(a.n * b.n, a.d * b.d);
}
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);
export const equals = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const sign = (a: Rational): -1 | 0 | 1 => (a.n > 0n ? 1 : a.n < 0n ? -1 : 0);
export const absolute = (a: Rational): Rational => (a.n < 0n ? negate(a) : a);
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const isZero = (a: Rational): boolean => a.n === 0n;
export const isOne = (a: Rational): boolean => a.n === 1n && a.d === 1n;
/** The sign of a − b. */
export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const [p, q] = [a.n * b.d, b.n * a.d];
  return p < q ? -1 : p > q ? 1 : 0;
}

/** Integer powers a^k stay exact while the result has fewer than this many bits. */
const POWER_BITS = 4096;

/** a^k for an integer k, or undefined where the result would be unreasonably long or is 0^negative. */
export function power(a: Rational, k: bigint): Rational | undefined {
  if (k === 0n) return ONE;
  if (isZero(a)) return k > 0n ? ZERO : undefined;
  const e = k < 0n ? -k : k;
  const bits = BigInt(Math.max(bitLength(a.n), bitLength(a.d)));
  if (bits * e > BigInt(POWER_BITS) && bits > 1n) return undefined;
  if (e > BigInt(POWER_BITS) && !(a.d === 1n && (a.n === 1n || a.n === -1n))) return undefined;
  const odd = e % 2n;
  const n = a.n === 1n || a.n === -1n ? (odd === 1n ? a.n : 1n) : a.n ** e;
  const d = a.d === 1n ? 1n : a.d ** e;
  return k < 0n ? rational(d, n) : rational(n, d);
}

function bitLength(x: bigint): number {
  return (x < 0n ? -x : x).toString(2).length;
}

/** Greatest common divisor of the numerators over the least common multiple of the denominators. */
export function content(values: readonly Rational[]): Rational {
  let n = 0n;
  let d = 1n;
  for (const v of values) {
    n = gcd(n, v.n);
    d = (d / gcd(d, v.d)) * v.d;
  }
  return n === 0n ? ONE : rational(n, d);
}

/** The rational root a^(1/k) where it is rational, otherwise undefined. */
export function root(a: Rational, k: bigint): Rational | undefined {
  if (a.n < 0n) return undefined;
  const n = integerRoot(a.n, k);
  const d = integerRoot(a.d, k);
  return n === undefined || d === undefined ? undefined : rational(n, d);
}

function integerRoot(x: bigint, k: bigint): bigint | undefined {
  if (x < 2n) return x;
  if (k > 64n) return undefined;
  let low = 1n;
  let high = 1n << (BigInt(bitLength(x)) / k + 1n);
  while (low < high) {
    const mid = (low + high) / 2n;
    if (mid ** k < x) low = mid + 1n;
    else high = mid;
  }
  return low ** k === x ? low : undefined;
}

/** As a floating-point number, also where numerator and denominator are too large for one. */
export const toNumber = (a: Rational): number => {
  if (a.d === 1n) return Number(a.n);
  const direct = Number(a.n) / Number(a.d);
  return Number.isFinite(direct) ? direct : Number((a.n << 64n) / a.d) / 2 ** 64;
};

/** `3`, `-1/2`: the text that `parseRational` reads back. */
export const format = (a: Rational): string => (a === ONE ? "1" : a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`);

/** Longest decimal exponent accepted in a number; larger ones would only exhaust memory. */
const MAX_DECIMAL_EXPONENT = 400;

/** Reads `12`, `0.5`, `1e-3`, `2/3` exactly; undefined where the text is no such number or its exponent is absurd. */
export function parseRational(text: string): Rational | undefined {
  const m = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?(?:\/(\d+))?$/.exec(text);
  if (!m || (m[2] === "" && !m[3])) return undefined;
  const fraction = m[3] ?? "";
  const exponent = Number(m[4] ?? 0) - fraction.length;
  if (Math.abs(exponent) > MAX_DECIMAL_EXPONENT + fraction.length) return undefined;
  const digits = BigInt(`${m[2]}${fraction}`) * (m[1] === "-" ? -1n : 1n);
  const divisor = BigInt(m[5] ?? 1);
  if (divisor === 0n) return undefined;
  return exponent >= 0 ? rational(digits * 10n ** BigInt(exponent), divisor) : rational(digits, 10n ** BigInt(-exponent) * divisor);
}
