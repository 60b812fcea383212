// Skew matrices among the factors of a product, differences x_i − x_j among them: A and Aᵀ = −A are one factor, in one direction.
//
// Invariant: which direction that is depends on the slots alone. Not here: how the factors of a draft are turned so
// (src/tensor/product/attributes.ts).

import { type Factor, isOdd } from "./tensor.ts";

/** Whether a factor is a skew matrix. */
export const isSkew = ({ base, slots }: Factor): boolean => base.skew && slots.length === 2;

/** Whether an odd power of a skew matrix stands the wrong way round: of two free axes the first comes first, of one the free one. */
export function isTurnedSkew(f: Factor, rank: number): boolean {
  const [a, b] = f.slots;
  return isSkew(f) && isOdd(f.exponent) && typeof a === "number" && typeof b === "number" && b < rank && b < a;
}

/** The factors with one skew variable turned round, whose product is the negative one, in all ways. */
export function skewTurned(factors: readonly Factor[]): Factor[][] {
  const places = factors.flatMap((f, i) => (f.base.kind === "var" && isSkew(f) && isOdd(f.exponent) ? [i] : []));
  return places.map((place) => factors.map((f, i) => (i === place ? { ...f, slots: [...f.slots].reverse() } : f)));
}

/** Of more skew matrices than these only all together are turned round. */
const MOST_SKEW = 4;

/** The factors with an odd number of skew matrices turned round, whose product is the negative one, in all ways. */
export function skewsTurned(factors: readonly Factor[]): Factor[][] {
  const skew = factors.filter((f) => isSkew(f) && isOdd(f.exponent));
  const ways = skew.length > MOST_SKEW ? (skew.length % 2 === 0 ? [] : [skew]) : oddSubsets(skew);
  return ways.map((way) => factors.map((f) => (way.includes(f) ? { ...f, slots: [...f.slots].reverse() } : f)));
}

const oddSubsets = (list: readonly Factor[]): Factor[][] =>
  Array.from({ length: 2 ** list.length }, (_, bits) => list.filter((_f, i) => (bits >> i) % 2 === 1)).filter(
    (way) => way.length % 2 === 1,
  );
