// Values kept whole. In a deep term the same value stands in many places; multiplied out
// into each of them, a chain of n functions would cost n² factors and n residual layers 2ⁿ
// terms. A part is one atom for such a value, opened by nothing.
//
// Invariant: a part is its tensor. Equal tensors give equal parts, but a part is not equal
// to its tensor as an object; so parts are made only where a term is deep.

import { isZero, ONE } from "../../base/rational.ts";
import { dropUnusedAxes, splitContent } from "../form/algebra.ts";
import { canonicalTerm, slotsText } from "../form/canonical.ts";
import { createDraft } from "../form/draft.ts";
import {
  constantValue,
  EXPONENT_ONE,
  type Factor,
  internTensor,
  isUnitExponent,
  partBase,
  type Slot,
  sameExponent,
  type Tensor,
  type Term,
} from "../form/tensor.ts";
import { product } from "../product/product.ts";

/** Factors and terms at the top, those inside of atoms not counted. */
export const extent = (t: Tensor): number => t.terms.reduce((n, term) => n + Math.max(1, term.factors.length), 0);

/**
 * The tensor as one atom, its number and what all its terms have apart from the rest in front:
 * outer δ, and where there are more than two axes, factors on axes of their own. What is one atom
 * already stays, and so does what has blocks, fused axes or more than two axes even so, which
 * other laws must see.
 */
export function keptWhole(tensor: Tensor): Tensor {
  if (extent(tensor) < 2 || constantValue(tensor) !== undefined) return tensor;
  if (tensor.terms.some((t) => t.factors.some((f) => f.base.kind === "block" || f.base.kind === "fuse"))) return tensor;
  const rank = tensor.axes.length;
  const outer = commonFactors(tensor, rank);
  const inner = outer.length === 0 ? tensor : without(tensor, outer);
  const { tensor: used, kept } = dropUnusedAxes(inner);
  if (used.axes.length > 2 || extent(used) < 2) return tensor;
  const { content, primitive } = splitContent(used, false);
  if (isZero(content)) return tensor;
  const part: Factor = { base: partBase(primitive), slots: kept, exponent: EXPONENT_ONE };
  return internTensor(tensor.axes, [canonicalTerm(content, [part, ...outer], rank, noLabel)]);
}

const noLabel = (): never => {
  throw new Error("a part has no summed label");
};

const keyOf = (f: Factor): string => `${f.base.id}[${slotsText(f.slots)}]`;

/** The δ between free labels that every term has; of more than two axes also the vectors and matrices on axes that nothing else is on. */
function commonFactors(tensor: Tensor, rank: number): Factor[] {
  const [first, ...others] = tensor.terms as [Term, ...Term[]];
  const common = first.factors.filter(
    (f) =>
      f.slots.length > 0 &&
      f.slots.every((s) => typeof s === "number" && s < rank) &&
      others.every((t) => t.factors.some((g) => isSame(f, g))),
  );
  const isApart = (f: Factor): boolean =>
    tensor.terms.every((t) => t.factors.every((g) => isSame(f, g) || g.slots.every((s) => !f.slots.includes(s))));
  return common.filter((f) => f.base.kind === "delta" || (rank > 2 && isApart(f)));
}

const isSame = (f: Factor, g: Factor): boolean => keyOf(f) === keyOf(g) && sameExponent(f.exponent, g.exponent);

function without(tensor: Tensor, outer: readonly Factor[]): Tensor {
  const gone = new Set(outer.map(keyOf));
  const rank = tensor.axes.length;
  return internTensor(
    tensor.axes,
    tensor.terms.map((t) =>
      canonicalTerm(
        t.coefficient,
        t.factors.filter((f) => !gone.has(keyOf(f))),
        rank,
        (l) => t.summed[l - rank] as (typeof t.summed)[number],
      ),
    ),
  );
}

/** More factors than this on the same labels are multiplied in pairs of halves. */
const MOST_FACTORS = 8;
/** The same where a part is among them, so that the value is deep anyway; and the size of the smallest product made. */
const LEAF = 2;

/**
 * A product of many factors on the same labels as a product of products, so that its
 * derivative has a number of terms that grows like the number of factors, not like its square.
 * The tensor itself where there is none.
 */
export function inHalves(tensor: Tensor, varies: (f: Factor) => boolean): Tensor {
  if (tensor.terms.every((t) => t.factors.length <= LEAF)) return tensor;
  let changed = false;
  const rank = tensor.axes.length;
  const terms = tensor.terms.map((term) => {
    const classes = new Map<string, Factor[]>();
    for (const f of term.factors) {
      if (!varies(f) || f.slots.some((s) => typeof s !== "number") || new Set(f.slots).size < f.slots.length) continue;
      const key = slotsText(f.slots);
      const known = classes.get(key);
      if (known === undefined) classes.set(key, [f]);
      else known.push(f);
    }
    const most = term.factors.some((f) => f.base.kind === "part") ? LEAF : MOST_FACTORS;
    const large = [...classes.values()].filter((c) => c.length > most);
    if (large.length === 0) return term;
    changed = true;
    const gone = new Set(large.flat());
    const factors = [...term.factors.filter((f) => !gone.has(f)), ...large.flatMap((c) => halves(c))];
    return canonicalTerm(term.coefficient, factors, rank, (l) => term.summed[l - rank] as (typeof term.summed)[number]);
  });
  return changed ? internTensor(tensor.axes, terms) : tensor;
}

/** Two factors whose product is that of the list. */
function halves(list: readonly Factor[]): Factor[] {
  if (list.length <= LEAF) return [...list];
  const middle = list.length >> 1;
  return [list.slice(0, middle), list.slice(middle)].flatMap((half) => {
    const inner = halves(half);
    const [first, ...more] = inner as [Factor, ...Factor[]];
    if (more.length === 0 && isUnitExponent(first.exponent)) return [first];
    const { slots } = first;
    const draft = createDraft(first.base.axes);
    for (const f of inner) draft.factors.push({ ...f, slots: f.slots.map((s) => slots.indexOf(s as number)) });
    const whole = keptWhole(product(draft));
    const [term, ...others] = whole.terms;
    if (term === undefined || others.length > 0 || term.summed.length > 0 || term.coefficient.n !== ONE.n || term.coefficient.d !== ONE.d)
      return half;
    return term.factors.map((f) => ({ ...f, slots: f.slots.map((s): Slot => (typeof s === "number" ? (slots[s] as Slot) : s)) }));
  });
}
