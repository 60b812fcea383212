// Equal tensors, differently multiplied out, of which any may read shortest.
//
// Invariant: each has the value of the tensor, and they come in the order in which ties are decided. Not here: how one is
// multiplied out (src/tensor/simplify).

import type { Library } from "../rewrite/library.ts";
import type { Tensor } from "../tensor/form/tensor.ts";
import type { Manner } from "../tensor/read/reading/reader.ts";
import { expand, expandCancelling, expandContractions } from "../tensor/simplify/expand.ts";
import { fractions } from "../tensor/simplify/fraction.ts";
import { mayGain } from "../tensor/simplify/gain.ts";
import { withRamps } from "../tensor/simplify/ramp.ts";
import { openOverTotals } from "../tensor/simplify/totals.ts";

/** Tensors with more atoms than this, written out, are not multiplied out; nor are such products of it read. */
const MOST_MULTIPLIED = 600;

/** A form that a tensor may be read in. */
export interface Candidate {
  readonly candidate: Tensor;
  /** Whether it is read only where no other has a matrix notation: it is multiplied out and gains nothing by it. */
  readonly isLast: boolean;
}

/** Equal tensors, differently multiplied out, that may read shorter; the tensor itself comes first. */
export function candidates(tensor: Tensor, library: Library, { functions }: Manner): Candidate[] {
  if (tensor.weight > MOST_MULTIPLIED) return [{ candidate: tensor, isLast: false }];
  const out = new Set<Tensor>([tensor]);
  const add = (t: Tensor | undefined): void => {
    if (t !== undefined && t.weight <= MOST_MULTIPLIED) out.add(t);
  };
  const flat = expand(tensor);
  add(flat);
  for (const t of new Set([flat, tensor])) {
    const opened = t === undefined ? undefined : expandContractions(t);
    add(opened);
    // A number that a contraction opens into is a bracket again.
    if (opened !== undefined) add(expand(opened));
  }
  add(expandCancelling(tensor));
  for (const t of [...out]) for (const f of fractions(t)) add(f);
  for (const t of [...out]) add(openOverTotals(t));
  const ramp = library.ramp(functions);
  for (const t of [...out]) add(withRamps(t, ramp));
  const isLast = (t: Tensor): boolean => t === flat && t !== tensor && !mayGain(tensor, t) && library.join(t).length === 0;
  return [...out].map((candidate) => ({ candidate, isLast: isLast(candidate) }));
}
