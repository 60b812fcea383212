// Products in normal form. A draft is a bag of factors on arbitrary labels; `product`
// applies the laws that make a term unique:
//   δ renames and disappears unless it joins free labels (x_i δ_ij = x_j δ_ij);
//   equal atoms on equal labels add their exponents;
//   a part without free label is one scalar atom (x·x), whatever it stands next to;
//   a summed label that nothing carries is its dimension;
//   blocks and fused labels contract with their like;
//   a sum alone in its term dissolves into the sum around it;
//   a label that one bracket alone carries is summed inside that bracket;
//   what is constant along a label is nothing beside a bracket that sums to zero over it;
//   a bracket of more than two axes takes in what is contracted with it alone.
// Sums are otherwise kept as bracketed factors and never multiplied out here.

import { invariant } from "../base/assert.ts";
import { add, isInteger, isZero, multiply, ONE, power, type Rational, subtract } from "../base/rational.ts";
import { type Dim, dimConstant } from "../expr/dim.ts";
import { addTensors, constantTensor, zeroTensor } from "./algebra.ts";
import { applyAttributes } from "./attributes.ts";
import { canonicalTerm, placeKey } from "./canonical.ts";
import { applyDeltas, applyStructure } from "./contract.ts";
import { createDraft, freshLabel, multiplyInto, pushInner, withPowerAt } from "./draft.ts";
import { applyIsometry } from "./isometry.ts";
import { mergePendants } from "./pendants.ts";
import { openPower, underRoots } from "./roots.ts";
import {
  type Base,
  carries,
  type Draft,
  dimBase,
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
} from "./tensor.ts";

/** The draft in normal form. Consumes the draft. */
export function product(draft: Draft): Tensor {
  const { axes } = draft;
  for (let contracted = false; ; contracted = true) {
    if (isZero(draft.coefficient)) return zeroTensor(axes);
    tidy(draft);
    const count = draft.factors.length;
    if (!applyDeltas(draft)) return zeroTensor(axes);
    // The δ that a law leaves may bring equal atoms together.
    if (contracted && draft.factors.length < count) tidy(draft);
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
      sumInside(draft) ||
      dropConstants(draft) ||
      absorb(draft) ||
      mergePendants(draft)
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

const isBracket = (f: Factor): boolean => f.base.kind === "sum" && isUnitExponent(f.exponent);

/** Sums inside a bracket over the labels that nothing else carries. */
function sumInside(draft: Draft): boolean {
  if (draft.summed.size === 0 || !draft.factors.some(isBracket)) return false;
  const uses = new Map<Slot, number>();
  for (const f of draft.factors) for (const s of f.slots) uses.set(s, (uses.get(s) ?? 0) + 1);
  const isOwn = (s: Slot): boolean => typeof s === "number" && s >= draft.axes.length && uses.get(s) === 1;
  const at = draft.factors.findIndex((f) => isBracket(f) && f.slots.some(isOwn));
  const bracket = draft.factors[at];
  if (bracket === undefined) return false;
  const outer = bracket.slots.filter((s) => !isOwn(s));
  const inner = createDraft(outer.map((s) => bracket.base.axes[bracket.slots.indexOf(s)] as Dim));
  const slots = bracket.slots.map((s, i) => {
    if (!isOwn(s)) return outer.indexOf(s);
    draft.summed.delete(s as number);
    return freshLabel(inner, bracket.base.axes[i] as Dim);
  });
  inner.factors.push({ ...bracket, slots });
  draft.factors.splice(at, 1);
  multiplyInto(draft, product(inner), outer);
  return true;
}

/** Σ_i c_i (x_i + y) is Σ_i c_i x_i where Σ_i c_i = 0: a mean of centred values. */
function dropConstants(draft: Draft): boolean {
  if (draft.summed.size === 0) return false;
  const brackets = draft.factors.filter(isBracket);
  if (brackets.length < 2) return false;
  for (const c of brackets)
    for (const [axis, label] of c.slots.entries()) {
      if (typeof label !== "number" || label < draft.axes.length || c.slots.indexOf(label, axis + 1) >= 0 || c.slots.indexOf(label) < axis)
        continue;
      const [other, ...more] = draft.factors.filter((f) => f !== c && f.slots.includes(label));
      if (other === undefined || more.length > 0 || !brackets.includes(other) || other.base.kind !== "sum") continue;
      const at = other.slots.indexOf(label);
      const { tensor } = other.base;
      const varying = tensor.terms.filter((t) => carries(t, at));
      if (varying.length === tensor.terms.length || other.slots.indexOf(label, at + 1) >= 0 || !sumsToZero(c.base, axis)) continue;
      draft.factors = draft.factors.filter((f) => f !== other);
      multiplyInto(draft, internTensor(tensor.axes, varying), other.slots);
      return true;
    }
  return false;
}

const zeroSums = new WeakMap<Base, Map<number, boolean>>();

/** Whether a bracket sums to zero over one of its axes. */
function sumsToZero(base: Base, axis: number): boolean {
  const known = zeroSums.get(base) ?? new Map<number, boolean>();
  zeroSums.set(base, known);
  let zero = known.get(axis);
  if (zero === undefined) {
    const outer = base.axes.filter((_, i) => i !== axis);
    const slots = base.axes.map((_, i) => (i === axis ? outer.length : i < axis ? i : i - 1));
    zero = einsum(outer, [[(base as Base & { kind: "sum" }).tensor, slots]]).terms.length === 0;
    known.set(axis, zero);
  }
  return zero;
}

/**
 * Multiplies a factor into a bracket of more than two axes that alone carries all its labels:
 * what has no matrix notation gets fewer axes.
 */
function absorb(draft: Draft): boolean {
  const isLarge = (f: Factor): boolean => f.slots.length > 2 && isBracket(f);
  if (!draft.factors.some(isLarge)) return false;
  const carriers = (s: Slot): Factor[] => draft.factors.filter((f) => f.slots.includes(s));
  for (const f of draft.factors) {
    if (f.base.kind === "sum" || f.slots.length === 0) continue;
    const isInner = (s: Slot): boolean => typeof s === "number" && s >= draft.axes.length && carriers(s).length === 2;
    const bracket = draft.factors.find((g) => isLarge(g) && f.slots.every((s) => isInner(s) && g.slots.includes(s)));
    if (bracket === undefined) continue;
    const outer = [...new Set(bracket.slots.filter((s) => !f.slots.includes(s)))];
    const inner = createDraft(outer.map((s) => bracket.base.axes[bracket.slots.indexOf(s)] as Dim));
    const labels = new Map<Slot, Slot>(outer.map((s, i) => [s, i]));
    for (const s of new Set(f.slots)) {
      labels.set(s, freshLabel(inner, f.base.axes[f.slots.indexOf(s)] as Dim));
      draft.summed.delete(s as number);
    }
    for (const g of [bracket, f]) inner.factors.push({ ...g, slots: g.slots.map((s) => labels.get(s) as Slot) });
    draft.factors = draft.factors.filter((g) => g !== bracket && g !== f);
    multiplyInto(draft, distribute(inner, 0), outer);
    return true;
  }
  return false;
}

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

/** Multiplies one bracketed sum out over the rest of the draft. */
function distribute(draft: Draft, index: number): Tensor {
  const bracket = draft.factors[index] as Factor;
  invariant(bracket.base.kind === "sum", "only sums are distributed");
  const left = subtract(bracket.exponent.rational, ONE);
  const rest = withPowerAt(draft.factors, index, left);
  const parts = bracket.base.tensor.terms.map((term) => {
    const part: Draft = {
      ...draft,
      coefficient: multiply(draft.coefficient, term.coefficient),
      factors: [...rest],
      summed: new Map(draft.summed),
    };
    pushInner(part, term.factors, term.summed, bracket.slots);
    return product(part);
  });
  return addTensors(draft.axes, parts);
}

const MOST_BLOCKS = 256;
/** Stacks are multiplied out block by block up to this power. */
const MOST_POWER = 4n;

/** A sum whose every term sits in a block or at a fixed position: a stacked vector or matrix. */
function isBlockSum(f: Factor): boolean {
  if (f.base.kind !== "sum" || f.base.tensor.terms.length > MOST_BLOCKS) return false;
  const { rational, symbolic } = f.exponent;
  if (symbolic !== undefined || rational.d !== 1n || rational.n < 1n || rational.n > MOST_POWER) return false;
  return isStacked(f.base.tensor);
}

const isStacked = (t: Tensor): boolean =>
  t.terms.every((term) =>
    term.factors.some((g) => g.base.kind === "block" || (g.base.kind === "delta" && g.slots.some((s) => typeof s !== "number"))),
  );

/** Turns every part without free label into scalar factors and accounts for labels that nothing carries. */
function closeComponents(draft: Draft): "zero" | "again" | "done" {
  if (draft.summed.size === 0) return "done";
  const rank = draft.axes.length;
  const carried = new Set<number>();
  for (const f of draft.factors) for (const s of f.slots) if (typeof s === "number") carried.add(s);
  const extras: Tensor[] = [];
  for (const [label, dim] of [...draft.summed]) {
    if (carried.has(label)) continue;
    draft.summed.delete(label);
    extras.push(dimTensor(dim));
  }
  const kept: Factor[] = [];
  for (const part of components(draft.factors, rank)) {
    const labels = new Set<number>();
    let isOpen = false;
    for (const f of part)
      for (const s of f.slots) {
        if (typeof s !== "number") continue;
        labels.add(s);
        if (s < rank) isOpen = true;
      }
    if (labels.size === 0 || isOpen) {
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
      const term = canonicalTerm(ONE, part, 0, (l) => draft.summed.get(l) as Dim);
      kept.push({ base: groupBase(internTensor([], [term])), slots: [], exponent: EXPONENT_ONE });
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

/** The factors grouped by the summed labels they share. */
export function components(factors: readonly Factor[], rank: number): Factor[][] {
  const parent = factors.map((_, i) => i);
  const find = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r] as number;
    for (let j = i; parent[j] !== r; ) [parent[j], j] = [r, parent[j] as number];
    return r;
  };
  const owner = new Map<number, number>();
  factors.forEach((f, i) => {
    for (const s of f.slots) {
      if (typeof s !== "number" || s < rank) continue;
      const other = owner.get(s);
      if (other === undefined) owner.set(s, i);
      else parent[find(i)] = find(other);
    }
  });
  const parts = new Map<number, Factor[]>();
  factors.forEach((f, i) => {
    const root = find(i);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [f]);
    else part.push(f);
  });
  return [...parts.values()];
}

/** A dimension as a number: a polynomial in its names. */
export function dimTensor(dim: Dim): Tensor {
  const value = dimConstant(dim);
  if (value !== undefined) return constantTensor([], { n: BigInt(value), d: 1n });
  return addTensors(
    [],
    dim.monomials.map((m) => {
      const draft = createDraft([], { n: BigInt(m.coefficient), d: 1n });
      for (const name of m.names) draft.factors.push({ base: dimBase(name), slots: [], exponent: EXPONENT_ONE });
      return product(draft);
    }),
  );
}

/** Product of tensors on shared labels: label l is axis l of the result for l < axes.length and summed otherwise. */
export function einsum(
  axes: readonly Dim[],
  operands: readonly (readonly [Tensor, readonly Slot[]])[],
  coefficient: Rational = ONE,
): Tensor {
  const draft = createDraft(axes, coefficient);
  // Labels of the caller beyond the axes are summed; reserve them before fresh ones are made.
  for (const [tensor, slots] of operands) {
    slots.forEach((s, i) => {
      if (typeof s === "number" && s >= axes.length) {
        draft.summed.set(s, tensor.axes[i] as Dim);
        draft.nextLabel = Math.max(draft.nextLabel, s + 1);
      }
    });
  }
  for (const [tensor, slots] of operands) multiplyInto(draft, tensor, slots);
  return product(draft);
}

/** The tensor with its axes permuted: axis i of the result is axis order[i]. */
export function permuteAxes(tensor: Tensor, order: readonly number[]): Tensor {
  if (order.every((o, i) => o === i)) return tensor;
  const slots: number[] = [];
  order.forEach((from, to) => {
    slots[from] = to;
  });
  return relabel(
    tensor,
    order.map((o) => tensor.axes[o] as Dim),
    slots,
  );
}

/** The tensor with its axes put on other slots of a new set of axes; sums stay sums. */
export function relabel(tensor: Tensor, axes: readonly Dim[], slots: readonly Slot[]): Tensor {
  return addTensors(
    axes,
    tensor.terms.map((term) => {
      const draft = createDraft(axes, term.coefficient);
      slots.forEach((s, i) => {
        if (typeof s === "number" && s >= axes.length) {
          draft.summed.set(s, tensor.axes[i] as Dim);
          draft.nextLabel = Math.max(draft.nextLabel, s + 1);
        }
      });
      pushInner(draft, term.factors, term.summed, slots);
      return product(draft);
    }),
  );
}

export const scalarTensor = (value: Rational): Tensor => constantTensor([], value);
