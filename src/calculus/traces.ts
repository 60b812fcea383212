// Functions of a square matrix whose derivative is that of the function of a number: tr f(A),
// and f(c(x) M), whose argument moves along itself.
//
// Not here: f(A) met with a matrix that need not commute with A (primary.ts).

import { alongCommuting, traceAlong } from "../tensor/slope.ts";
import { dependsOn, isUnitExponent, type RawTerm, type Tensor } from "../tensor/tensor.ts";
import type { Occurrence } from "./outline.ts";

/** The derivative of Σ_i f(A)_ii, where a rule states it and nothing else in the term carries i. */
export function throughTrace(
  { tensor, term, factor: { base, slots, exponent } }: Occurrence,
  name: string,
  innerOf: (argument: Tensor) => Tensor,
): Tensor | undefined {
  if (base.kind !== "function" || base.rules.trace === undefined || !isUnitExponent(exponent)) return undefined;
  const [label, other, ...more] = slots;
  if (typeof label !== "number" || label < tensor.axes.length || label !== other || more.length > 0) return undefined;
  const others = base.args.slice(1).some((a) => dependsOn(a, name));
  if (placesOf(term, label) > 2 || others) return undefined;
  return traceAlong(base, base.rules.trace, innerOf(base.args[0] as Tensor));
}

/** At how many places of a term a label stands. */
const placesOf = (term: RawTerm, label: number): number => term.factors.flatMap((f) => f.slots).filter((s) => s === label).length;

/**
 * The derivative of f(A) with A = c(x) M, which moves along M, and that commutes with A: f′(A) dA,
 * with the f′ that the rule for tr f(A) states [H08 thm 3.6].
 */
export function throughCommuting(
  { factor: { base, exponent } }: Occurrence,
  name: string,
  innerOf: (argument: Tensor) => Tensor,
): Tensor | undefined {
  if (base.kind !== "function" || base.axes.length !== 2 || base.rules.trace === undefined) return undefined;
  const [argument, ...others] = base.args as [Tensor, ...Tensor[]];
  if (others.some((a) => dependsOn(a, name))) return undefined;
  if (!isUnitExponent(exponent) || !movesAlongItself(argument, name)) return undefined;
  return alongCommuting(base, base.rules.trace, innerOf(argument));
}

/** c(x) M with a constant M. */
const movesAlongItself = ({ terms: [term, ...more] }: Tensor, name: string): boolean =>
  term !== undefined &&
  more.length === 0 &&
  term.factors.every(({ base, exponent: { symbolic }, slots }) => {
    const moves = dependsOn(base, name) || (symbolic !== undefined && dependsOn(symbolic, name));
    return slots.length === 0 || !moves;
  });
