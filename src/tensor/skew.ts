// Skew matrices among the factors of a product, differences x_i − x_j among them: A and Aᵀ = −A are one factor, in one direction.
//
// Invariant: which direction that is depends on the slots alone. Not here: how the factors of a draft are turned so (attributes.ts).

import { type Factor, isOdd } from "./tensor.ts";

/** Whether a factor is a skew matrix. */
export const isSkew = ({ base, slots }: Factor): boolean => base.skew && slots.length === 2;

/** Whether an odd power of a skew matrix stands the wrong way round: of two free axes the first comes first, of one the free one. */
export function isTurnedSkew(f: Factor, rank: number): boolean {
  const [a, b] = f.slots;
  return isSkew(f) && isOdd(f.exponent) && typeof a === "number" && typeof b === "number" && b < rank && b < a;
}

/** The factors with a skew variable turned round, whose product is the negative one; undefined where there is none. */
export function skewTurned(factors: readonly Factor[]): Factor[] | undefined {
  const place = factors.findIndex((f) => f.base.kind === "var" && isSkew(f) && isOdd(f.exponent));
  return place < 0 ? undefined : factors.map((f, i) => (i === place ? { ...f, slots: [...f.slots].reverse() } : f));
}
