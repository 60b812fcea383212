// Traces of functions of a square matrix, whose derivative is that of the function of a number.
//
// Not here: f(A) met with a matrix that need not commute with A (primary.ts).

import { dependsOn, isUnitExponent, type RawTerm, type Tensor } from "../tensor/form/tensor.ts";
import { traceAlong } from "../tensor/primary/slope.ts";
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
