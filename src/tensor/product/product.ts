// Products in normal form. A draft is a bag of factors on arbitrary labels; `product`
// applies the laws that make a term unique:
//   δ renames and disappears unless it joins free labels (x_i δ_ij = x_j δ_ij);
//   equal atoms on equal labels add their exponents;
//   a part without free label is one scalar atom (x·x), whatever it stands next to;
//   a summed label that nothing carries is its dimension;
//   blocks and fused labels contract with their like;
//   a sum alone in its term dissolves into the sum around it, and a stack block by block.
// Sums are otherwise kept as bracketed factors and never multiplied out here.
//
// Invariant: equal products give one term. Not here: the laws of δ, blocks and fused labels
// (contract.ts), of brackets (brackets.ts), of variables (attributes.ts, isometry.ts), of roots
// (roots.ts), of functions (src/tensor/functions/laws.ts, src/tensor/functions/chain.ts), and equal vectors on one label (pendants.ts).

import { add, isInteger, isZero, multiply, ONE, power } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors, dimTensor, zeroTensor } from "../form/algebra.ts";
import { canonicalTerm, placeKey } from "../form/canonical.ts";
import { components } from "../form/components.ts";
import { createDraft, multiplyInto, pushInner } from "../form/draft.ts";
import { skewsTurned } from "../form/skew.ts";
import {
  type Draft,
  EXPONENT_ONE,
  type Exponent,
  exponentOf,
  type Factor,
  groupBase,
  internTensor,
  isUnitExponent,
  isZeroExponent,
  type Slot,
  type Tensor,
} from "../form/tensor.ts";
import { applyAttributes } from "./attributes.ts";
import { absorb, dropConstants, isBlockSum, multipliedOut, sumInside } from "./brackets.ts";
import { applyDeltas, applyStructure } from "./contract.ts";
import { applyIsometry } from "./isometry.ts";
import { mergePendants, mergeProducts } from "./pendants.ts";
import { openPower, underRoots } from "./roots.ts";

/** The draft in normal form. Consumes the draft. */
export function product(draft: Draft): Tensor {
  const { axes } = draft;
  for (;;) {
    if (isZero(draft.coefficient)) return zeroTensor(axes);
    tidy(draft);
    const count = draft.factors.length;
    if (!applyDeltas(draft)) return zeroTensor(axes);
    // A δ that is gone may have brought equal atoms together, x_i δ_ij x_j.
    if (draft.factors.length < count) tidy(draft);
    const structure = applyStructure(draft);
    if (structure === "zero") return zeroTensor(axes);
    if (structure === "changed") continue;
    const block = isSingle(draft) ? -1 : draft.factors.findIndex(isBlockSum);
    if (block >= 0) return distribute(draft, block);
    const [only, ...others] = draft.factors;
    if (only !== undefined && others.length === 0 && only.base.kind === "sum" && isUnitExponent(only.exponent)) return distribute(draft, 0);
    if (
      applyAttributes(draft) ||
      applyIsometry(draft) ||
      applyContractions(draft) ||
      sumInside(draft, product) ||
      dropConstants(draft, product) ||
      absorb(draft, product) ||
      mergePendants(draft) ||
      mergeProducts(draft)
    )
      continue;
    break;
  }
  const scalars = closeComponents(draft);
  if (scalars === "zero") return zeroTensor(axes);
  if (scalars === "again") return product(draft);
  const term = canonicalTerm(draft.coefficient, draft.factors, axes.length, (l) => draft.summed.get(l) as Dim);
  return internTensor(axes, [term]);
}

const isSingle = ({ factors: [only, ...more] }: Draft): boolean =>
  only === undefined || (more.length === 0 && isUnitExponent(only.exponent));

/** Tries the laws of the functions among the factors. */
const applyContractions = (draft: Draft): boolean => contracts(draft, undefined) || contracts(draft, true);

const contracts = (draft: Draft, last: true | undefined): boolean =>
  draft.factors.some(
    (f) => f.base.kind === "function" && f.base.rules.contractions.some((law) => law.last === last && law.apply(draft, f)),
  );

/** Inlines groups, drops powers zero, evaluates numbers and merges equal atoms. */
function tidy(draft: Draft): void {
  for (let again = true; again; ) {
    again = false;
    const merged = mergeEqual(draft.factors);
    draft.factors = [];
    for (const f of underRoots(draft, merged)) {
      if (isZeroExponent(f.exponent)) continue;
      const inner = f.base.kind === "group" && isUnitExponent(f.exponent) ? f.base.tensor.terms[0] : undefined;
      if (inner !== undefined && (f.base.axes.length > 0 || inner.summed.length === 0)) {
        draft.coefficient = multiply(draft.coefficient, inner.coefficient);
        pushInner(draft, inner.factors, inner.summed, f.slots);
        again = true;
      } else if (openPower(draft, f)) {
        again = true;
      } else if (f.base.kind === "number" && f.exponent.symbolic === undefined && isInteger(f.exponent.rational)) {
        const value = power(f.base.value, f.exponent.rational.n);
        if (value === undefined) draft.factors.push(f);
        else draft.coefficient = multiply(draft.coefficient, value);
      } else draft.factors.push(f);
    }
  }
}

/** Equal atoms on equal labels as one factor. */
function mergeEqual(factors: readonly Factor[]): readonly Factor[] {
  if (new Set(factors.map((f) => f.base)).size === factors.length) return factors;
  const merged = new Map<string, Factor>();
  for (const f of factors) {
    if (isZeroExponent(f.exponent)) continue;
    const key = placeKey(f.base, f.slots);
    const known = merged.get(key);
    merged.set(key, known === undefined ? f : { ...f, exponent: addExponents(known.exponent, f.exponent, f) });
  }
  return [...merged.values()];
}

function addExponents(a: Exponent, b: Exponent, of: Factor): Exponent {
  if (of.base.kind === "delta" || of.base.kind === "block" || of.base.kind === "fuse") return EXPONENT_ONE;
  if (of.base.kind === "function" && of.base.rules.info.range === "indicator") return EXPONENT_ONE;
  const rational = exponentOf(add(a.rational, b.rational)).rational;
  if (a.symbolic === undefined && b.symbolic === undefined) return exponentOf(rational);
  const symbolic = addTensors(
    [],
    [a.symbolic, b.symbolic].filter((t): t is Tensor => t !== undefined),
  );
  return symbolic.terms.length === 0 ? exponentOf(rational) : { rational, symbolic };
}

/** One bracketed sum multiplied out over the rest of the draft. */
const distribute = (draft: Draft, index: number): Tensor => addTensors(draft.axes, multipliedOut(draft, index).map(product));

/** The dimensions of the summed labels that nothing carries; the draft loses these labels. */
function takeLoneLabels(draft: Draft): Dim[] {
  const carried = new Set<Slot>();
  for (const f of draft.factors) for (const s of f.slots) carried.add(s);
  const lone = [...draft.summed].filter(([label]) => !carried.has(label));
  for (const [label] of lone) draft.summed.delete(label);
  return lone.map(([, dim]) => dim);
}

/** The labels of a part of which none is free; undefined for a part with a free label, or with none at all. */
function closedLabels(part: readonly Factor[], rank: number): ReadonlySet<number> | undefined {
  const labels = new Set<number>();
  for (const f of part)
    for (const s of f.slots) {
      if (typeof s !== "number") continue;
      if (s < rank) return undefined;
      labels.add(s);
    }
  return labels.size === 0 ? undefined : labels;
}

/** Turns every part without free label into scalar factors and accounts for labels that nothing carries. */
function closeComponents(draft: Draft): "zero" | "again" | "done" {
  if (draft.summed.size === 0) return "done";
  const rank = draft.axes.length;
  const extras = takeLoneLabels(draft).map(dimTensor);
  const kept: Factor[] = [];
  for (const part of components(draft.factors, rank)) {
    const labels = closedLabels(part, rank);
    if (labels === undefined) {
      kept.push(...part);
      continue;
    }
    const [single] = part;
    if (part.length === 1 && single?.base.kind === "sum" && isUnitExponent(single.exponent)) {
      const inner = createDraft([]);
      inner.factors = [single];
      for (const l of labels) inner.summed.set(l, draft.summed.get(l) as Dim);
      inner.nextLabel = draft.nextLabel;
      extras.push(product(inner));
    } else {
      const closed = (factors: readonly Factor[]): Tensor =>
        internTensor([], [canonicalTerm(ONE, factors, 0, (l) => draft.summed.get(l) as Dim)]);
      const number = closed(part);
      // A number that is its own negative: xᵀ K x of a skew K.
      if (skewsTurned(part).some((turned) => closed(turned) === number)) return "zero";
      kept.push({ base: groupBase(number), slots: [], exponent: EXPONENT_ONE });
    }
    for (const l of labels) draft.summed.delete(l);
  }
  const grouped = kept.length !== draft.factors.length || kept.some((f, i) => f !== draft.factors[i]);
  draft.factors = kept;
  for (const extra of extras) multiplyInto(draft, extra, []);
  if (isZero(draft.coefficient)) return "zero";
  if (!grouped && extras.length === 0) return "done";
  // New scalars may meet equal ones; a closed group never opens again, so this ends.
  const before = draft.factors.length;
  tidy(draft);
  return extras.length > 0 || draft.factors.length !== before ? "again" : "done";
}
