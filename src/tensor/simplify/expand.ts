// Sums multiplied out: all of them, those on some bases, those in which something cancels, those inside of contractions.
//
// Invariant: an equal tensor; one without such a sum returns itself. What would grow beyond bounds is not multiplied out. Not here:
// whether that makes a sum shorter (gain.ts).

import { ONE, sign, subtract } from "../../base/rational.ts";
import { addTensors } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import { draftOf, multiplyInto, withPowerAt } from "../form/draft.ts";
import { type Base, type Factor, internTensor, isSmallPower, isUnitExponent, type Tensor, type Term } from "../form/tensor.ts";
import { product } from "../product/product.ts";

/** Terms beyond which multiplying out is given up. */
const MOST_EXPANDED = 48;

/** All bracketed sums multiplied out, down to single products; undefined where that grows beyond bounds. */
export const expand = (tensor: Tensor): Tensor | undefined => expandAll(tensor, firstSum);

/** Only the brackets on some bases multiplied out, wherever they stand above; undefined where that grows beyond bounds. */
export const expandBases = (tensor: Tensor, bases: ReadonlySet<Base>): Tensor | undefined =>
  expandAll(tensor, (term) => term.factors.findIndex((f) => bases.has(f.base) && isExpandable(f)));

function expandAll(tensor: Tensor, place: (term: Term) => number): Tensor | undefined {
  let current = tensor;
  for (let pass = 0; pass < 16; pass++) {
    const next = expandOnce(current, place);
    if (next === undefined || next.terms.length > MOST_EXPANDED) return undefined;
    if (next === current) return current;
    current = next;
  }
  return undefined;
}

const firstSum = (term: Term): number => term.factors.findIndex(isExpandable);

/** Only the brackets multiplied out in which what stands below the term's fraction line cancels; undefined where none is. */
export function expandCancelling(tensor: Tensor): Tensor | undefined {
  const next = expandOnce(tensor, cancellingSum);
  return next === tensor ? undefined : next;
}

/** The place of a bracket, to the power 1, each summand of which has a factor that stands beside it to a power of the other sign. */
const cancellingSum = (term: Term): number =>
  term.factors.findIndex((f) => {
    if (f.base.kind !== "sum" || !isUnitExponent(f.exponent)) return false;
    const { tensor } = f.base;
    return term.factors.some((g) => {
      const slots = slotsText(g.slots.map((s) => (typeof s === "number" ? f.slots.indexOf(s) : s)));
      const cancels = (h: Factor): boolean =>
        h.base === g.base && slotsText(h.slots) === slots && sign(h.exponent.rational) === -sign(g.exponent.rational);
      return g !== f && g.base.kind !== "sum" && tensor.terms.every((t) => t.factors.some(cancels));
    });
  });

/** The tensor with the factor at the place of each term opened into parts; undefined where one of them is not opened. */
function openedAt(
  tensor: Tensor,
  place: (term: Term) => number,
  open: (term: Term, index: number, parts: Tensor[]) => boolean,
): Tensor | undefined {
  const places = tensor.terms.map(place);
  if (places.every((at) => at < 0)) return tensor;
  const parts: Tensor[] = [];
  for (const [at, term] of tensor.terms.entries()) {
    const index = places[at] as number;
    if (index < 0) parts.push(internTensor(tensor.axes, [term]));
    else if (!open(term, index, parts)) return undefined;
  }
  return addTensors(tensor.axes, parts);
}

const expandOnce = (tensor: Tensor, place: (term: Term) => number): Tensor | undefined =>
  openedAt(tensor, place, (term, index, parts) => {
    const f = term.factors[index] as Factor;
    const inner = (f.base as Base & { readonly kind: "sum" }).tensor;
    const left = subtract(f.exponent.rational, ONE);
    const rest = { ...term, factors: withPowerAt(term.factors, index, left) };
    for (const part of inner.terms) {
      const draft = draftOf(tensor.axes, rest);
      multiplyInto(draft, product(draftOf(inner.axes, part)), f.slots);
      parts.push(product(draft));
    }
    return parts.length <= 4 * MOST_EXPANDED;
  });

/** A sum to a small positive whole power. */
const isExpandable = (f: Factor): boolean => f.base.kind === "sum" && isSmallPower(f.exponent);

/** A closed contraction with bracketed sums inside. */
const holdsBrackets = (f: Factor): boolean =>
  f.base.kind === "group" && isUnitExponent(f.exponent) && f.base.tensor.terms.some((t) => t.factors.some(isExpandable));

/** Expands the closed contractions that hold bracketed sums: (x − y)·z becomes x·z − y·z. */
export const expandContractions = (tensor: Tensor): Tensor | undefined =>
  openedAt(
    tensor,
    ({ factors }) => factors.findIndex(holdsBrackets),
    (term, index, parts) => {
      const f = term.factors[index] as Factor;
      const group = f.base as Factor["base"] & { kind: "group" };
      const opened = expand(group.tensor);
      if (opened === undefined) return false;
      const draft = draftOf(tensor.axes, { ...term, factors: term.factors.filter((_, i) => i !== index) });
      multiplyInto(draft, opened, f.slots);
      parts.push(product(draft));
      return true;
    },
  );
