// A matrix that is a whole summand and stands at an end of others, pulled out of a sum:
// A + A X as A (I + X).
//
// Invariant: the same value; a summand in which something else carries the end as well keeps its
// matrix. Not here: factors that stand in every summand alike (factor.ts), and ends of what has
// been read (src/tensor/read/reading/ends.ts).

import type { Dim } from "../../../expr/dim.ts";
import { addTensors } from "../../form/algebra.ts";
import { createDraft, freshLabel, multiplyInto, pushRelabelled } from "../../form/draft.ts";
import {
  deltaBase,
  EXPONENT_ONE,
  type Factor,
  internTensor,
  isUnitExponent,
  type Slot,
  type Tensor,
  type Term,
} from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

/** A + A X as A (I + X): a matrix that is a whole term and an end of others. */
export function commonEnds(tensor: Tensor): Tensor[] {
  if (tensor.axes.length !== 2 || tensor.terms.length < 2 || tensor.terms.length > 24) return [];
  for (const whole of tensor.terms) {
    const matrix = whole.factors.find((f) => isEnd(f, 0) && isEnd(f, 1));
    if (matrix === undefined) continue;
    for (const end of [0, 1]) {
      if (whole.factors.some((f) => f !== matrix && f.slots.includes(end))) continue;
      const pulled = pullEnd(tensor, whole, matrix, end);
      if (pulled !== undefined) return [pulled];
    }
  }
  return [];
}

const isEnd = (f: Factor, label: number): boolean =>
  f.slots.length === 2 && f.slots.includes(label) && isUnitExponent(f.exponent) && f.base.kind !== "delta";

/** Pulls the matrix out where it meets the free label `end` with the same axis; the whole term leaves an identity. */
function pullEnd(tensor: Tensor, whole: Term, matrix: Factor, end: number): Tensor | undefined {
  const axis = matrix.slots.indexOf(end);
  const fits = (f: Factor): boolean => isEnd(f, end) && f.base === matrix.base && (f.base.symmetric || f.slots.indexOf(end) === axis);
  const { axes } = tensor;
  const otherSlot = (g: Factor): Slot => g.slots[1 - g.slots.indexOf(end)] as Slot;
  // A term in which something else carries the end as well keeps its matrix.
  const endOf = (term: Term): Factor | undefined => {
    if (term === whole) return matrix;
    const f = term.factors.find((g) => fits(g) && typeof otherSlot(g) === "number" && (otherSlot(g) as number) > 1);
    return f === undefined || term.factors.some((g) => g !== f && g.slots.includes(end)) ? undefined : f;
  };
  const ends = new Map(tensor.terms.map((term) => [term, endOf(term)]));
  const rest = tensor.terms.filter((term) => ends.get(term) === undefined);
  if (tensor.terms.length - rest.length < 2) return undefined;
  // The axis `end` of the quotient is where the matrix was attached.
  const inner = axes.map((d, i) => (i === end ? (axes[1 - end] as Dim) : d));
  const quotients: Tensor[] = [];
  for (const [term, f] of ends) {
    if (f === undefined) continue;
    const draft = createDraft(inner, term.coefficient);
    const known = new Map([
      [otherSlot(f) as number, end],
      [0, 0],
      [1, 1],
    ]);
    const others = term.factors.filter((g) => g !== f);
    pushRelabelled(draft, others, known, (l) => term.summed[l - 2] as Dim);
    if (term === whole) draft.factors.push({ base: deltaBase(axes[1 - end] as Dim), slots: [0, 1], exponent: EXPONENT_ONE });
    quotients.push(product(draft));
  }
  const draft = createDraft(axes);
  const middle = freshLabel(draft, axes[1 - end] as Dim);
  const slots = [middle, middle];
  slots[axis] = end;
  draft.factors.push({ ...matrix, slots });
  multiplyInto(draft, addTensors(inner, quotients), end === 0 ? [middle, 1] : [0, middle]);
  return addTensors(axes, [product(draft), internTensor(axes, rest)]);
}
