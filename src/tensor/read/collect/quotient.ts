// Terms divided by numbers that stand among their factors, without forming a product anew.
//
// Invariant: the term that `product` makes of the same factors, or none.

import { withNumbers } from "../../form/canonical.ts";
import { type Base, type Factor, isUnitExponent, type Term } from "../../form/tensor.ts";

/** Atoms of which every power stays as it is. */
const ATOMS: ReadonlySet<Base["kind"]> = new Set(["var", "dim", "constant"]);

/**
 * A term divided by numbers among its factors, `factors` being those left: no law applies to what is
 * left of a normal form. Undefined where it has to be brought to normal form nevertheless: a sum that
 * is left alone dissolves, what is no atom may come apart under another power, and of several labels
 * the order may hang on all factors.
 */
export function divided(term: Term, factors: readonly Factor[], rank: number): Term | undefined {
  const [only, ...more] = factors;
  if (term.summed.length > 1 || (only?.base.kind === "sum" && more.length === 0 && isUnitExponent(only.exponent))) return undefined;
  return factors.every((f) => ATOMS.has(f.base.kind) || term.factors.includes(f)) ? withNumbers(term, factors, rank) : undefined;
}
