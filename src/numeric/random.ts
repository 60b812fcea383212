// Reproducible random numbers: the same seed gives the same sequence on every machine.
//
// Invariant: a generator depends on its seed alone; nothing here reads a clock.

/** A sequence of random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A magnitude in [low, high) with a random sign. */
  signed(low: number, high: number): number;
  /** Uniform in 0 … count − 1. */
  index(count: number): number;
}

/** The seed of a sequence that belongs to `part` of the whole started with `seed`. */
export const deriveSeed = (seed: number, part: number): number => scramble((scramble(seed) + part) | 0);

// A bijective mix of 32 bits: multiplications and shifts that let every bit reach every other.
function scramble(seed: number): number {
  let x = (seed ^ 0x6a09e667) | 0;
  for (const factor of [0x2c1b3c6d, 0x297a2d39, 0x1b56c4e9]) {
    x ^= x >>> 15;
    x = Math.imul(x, factor);
    x ^= x >>> 12;
  }
  return x >>> 0;
}

/** Random numbers from a 32-bit seed: a counter in steps of the golden ratio, each value mixed. */
export function createRandom(seed: number): Random {
  let counter = scramble(seed);
  const next = (): number => {
    counter = (counter + 0x9e3779b9) | 0;
    const high = scramble(counter);
    counter = (counter + 0x9e3779b9) | 0;
    return (high + (scramble(counter) >>> 11) / 2 ** 21) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + (high - low) * next();
  return {
    next,
    between,
    signed: (low, high) => (next() < 0.5 ? -1 : 1) * between(low, high),
    index: (count) => Math.floor(next() * count),
  };
}
