// Skew matrices among the factors of a product: A and Aᵀ = −A are one factor, in one direction.
//
// Not here: how the factors of a draft are turned so (attributes.ts).

import { type Factor, isUnitExponent } from "./tensor.ts";

/** Whether a factor is a skew matrix. */
export const isSkew = ({ base, slots }: Factor): boolean =>
  base.kind === "var" && slots.length === 2 && base.variable.attributes.includes("skew");

/** Whether a skew matrix stands the wrong way round: of two free axes the first comes first, of one the free one. */
export function isTurnedSkew(f: Factor, rank: number): boolean {
  const [a, b] = f.slots;
  return isSkew(f) && isUnitExponent(f.exponent) && typeof a === "number" && typeof b === "number" && b < rank && b < a;
}
