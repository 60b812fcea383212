// Contractions beside what they are divided by: Σ_i y_i exp(x_i)/Σ_i exp(x_i) opened, so that the
// function in both meets its total and is softmax(x).
//
// Invariant: an equal tensor; one without such a pair is returned itself. A candidate for reading
// only: in the normal form a closed contraction is one atom. Not here: what the two are (the rules).

import { isInteger, ONE, sign, subtract } from "../../base/rational.ts";
import { addTensors } from "../form/algebra.ts";
import { draftOf, multiplyInto, withPowerAt } from "../form/draft.ts";
import { type Base, type Factor, internTensor, type Tensor } from "../form/tensor.ts";
import { product } from "../product/product.ts";

/** The tensor with closed contractions opened beside a total below the fraction line of a function that they have. */
export function openOverTotals(tensor: Tensor): Tensor {
  let current = tensor;
  for (let pass = 0; pass < MOST_OPENED; pass++) {
    const next = openOnce(current);
    if (next === current) break;
    current = next;
  }
  return current;
}

/** How often a term is opened: once for each contraction, and for each time that it is a factor. */
const MOST_OPENED = 4;

function openOnce(tensor: Tensor): Tensor {
  const places = tensor.terms.map(({ factors }) => factors.findIndex((f) => isAbove(f) && factors.some((g) => isTotalBelow(g, f))));
  if (places.every((at) => at < 0)) return tensor;
  const parts = tensor.terms.map((term, i) => {
    const at = places[i] as number;
    const f = term.factors[at];
    if (f?.base.kind !== "group") return internTensor(tensor.axes, [term]);
    const draft = draftOf(tensor.axes, { ...term, factors: withPowerAt(term.factors, at, subtract(f.exponent.rational, ONE)) });
    multiplyInto(draft, f.base.tensor, f.slots);
    return product(draft);
  });
  return addTensors(tensor.axes, parts);
}

/** A closed contraction to a whole power above the fraction line. */
const isAbove = ({ base, exponent, slots }: Factor): boolean =>
  base.kind === "group" &&
  slots.length === 0 &&
  exponent.symbolic === undefined &&
  isInteger(exponent.rational) &&
  sign(exponent.rational) > 0;

/** Whether a factor is a total below the fraction line of a function that the contraction has, too. */
function isTotalBelow({ base, exponent }: Factor, contraction: Factor): boolean {
  const [total, ...more] = base.kind === "group" ? (base.tensor.terms[0]?.factors ?? []) : [];
  if (total?.base.kind !== "function" || more.length > 0 || exponent.symbolic !== undefined || sign(exponent.rational) >= 0) return false;
  return (contraction.base as Base & { kind: "group" }).tensor.terms.some((t) => t.factors.some((f) => f.base === total.base));
}
