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

/** The factors with one skew variable or function turned round, whose product is the negative one, in all ways. */
export function skewTurned(factors: readonly Factor[]): Factor[][] {
  const places = factors.flatMap((f, i) => (isNamed(f) && isSkew(f) && isOdd(f.exponent) ? [i] : []));
  return places.map((place) => factors.map((f, i) => (i === place ? { ...f, slots: [...f.slots].reverse() } : f)));
}

/** Of more skew matrices than these only all together are turned round. */
const MOST_SKEW = 4;

/** The factors with an odd number of skew matrices turned round, whose product is the negative one, in all ways. */
export function skewsTurned(factors: readonly Factor[]): Factor[][] {
  const skew = factors.filter((f) => isSkew(f) && isOdd(f.exponent));
  const ways = skew.length > MOST_SKEW ? [skew] : subsets(skew);
  return ways.filter((way) => way.length % 2 === 1).map((way) => turned(factors, way));
}

/** A product with some of its skew variables and functions turned round, and whether it is the negative one. */
export function skewTurnings(factors: readonly Factor[]): { readonly factors: Factor[]; readonly negative: boolean }[] {
  const skew = factors.filter((f) => isNamed(f) && isSkew(f) && isOdd(f.exponent));
  const ways = skew.length > MOST_SKEW ? [skew] : subsets(skew).slice(1);
  return ways.map((way) => ({ factors: turned(factors, way), negative: way.length % 2 === 1 }));
}

const isNamed = ({ base }: Factor): boolean => base.kind === "var" || base.kind === "function";

const turned = (factors: readonly Factor[], way: readonly Factor[]): Factor[] =>
  factors.map((f) => (way.includes(f) ? { ...f, slots: [...f.slots].reverse() } : f));

const subsets = (list: readonly Factor[]): Factor[][] =>
  Array.from({ length: 2 ** list.length }, (_, bits) => list.filter((_f, i) => (bits >> i) % 2 === 1));
