// Numbers read as one sum: sum(X w) − sum(y) + N b is sum(X w − y + b). The normal form
// keeps the sums apart, since each is one number; a reader prefers them together.

import { flatMap } from "../../../base/list.ts";
import { content, divide, isOne, multiply, ONE, type Rational } from "../../../base/rational.ts";
import { type Dim, dimName } from "../../../expr/dim.ts";
import { addTensors, scaleTensor, splitContent } from "../../form/algebra.ts";
import { createDraft, freshLabel } from "../../form/draft.ts";
import { type Factor, isUnitExponent, type Slot, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

/** size · dimension^power · Σ_i vector_i */
export interface Resummed {
  readonly size: Rational;
  readonly dim: Dim;
  readonly power: number;
  readonly vector: Tensor;
}

/** A number as multiples of one sum over an axis; only sums of several terms, of which at least one is such a sum. */
export function resum(tensor: Tensor): Resummed[] {
  if (tensor.axes.length > 0 || tensor.terms.length < 2 || tensor.terms.length > 12) return [];
  const dims = new Map<string, Dim>();
  for (const term of tensor.terms)
    for (const g of closedSums(term)) for (const d of innerDims(g)) if (dimName(d) !== undefined) dims.set(d.key, d);
  return [...dims.values()].flatMap((dim) => along(tensor, dim));
}

/** A vector as a multiple of the sums of the columns of a matrix, [dimension, axis]. */
export interface ColumnSums {
  readonly size: Rational;
  readonly dim: Dim;
  readonly matrix: Tensor;
}

/** Xᵀ1 − Yᵀ1 + N b as (X + 1 bᵀ − Y)ᵀ1: a vector of several such terms. */
export function columnSums(tensor: Tensor): ColumnSums[] {
  const [axis] = tensor.axes;
  if (axis === undefined || tensor.axes.length > 1 || tensor.terms.length < 2 || tensor.terms.length > 12) return [];
  const dims = new Map<string, Dim>();
  for (const term of tensor.terms) {
    const alone = loneLabels(term);
    for (const label of alone) dims.set((term.summed[label - 1] as Dim).key, term.summed[label - 1] as Dim);
  }
  return [...dims.values()].flatMap((dim) => {
    const parts = tensor.terms.map((t) => openedAlong(t, dim, axis));
    if (parts.some((p) => p === undefined)) return [];
    const whole = addTensors([dim, axis], parts as Tensor[]);
    if (whole.terms.length < 2) return [];
    const { content: size, primitive: matrix } = splitContent(whole, true);
    return [{ size, dim, matrix }];
  });
}

/** Summed labels that one factor alone carries. */
const loneLabels = (term: Term): number[] =>
  flatMap(term.summed, (_, i) => (term.factors.filter((f) => f.slots.includes(i + 1)).length === 1 ? [i + 1] : []));

function openedAlong(term: Term, dim: Dim, axis: Dim): Tensor | undefined {
  const label = loneLabels(term).find((l) => term.summed[l - 1] === dim);
  const isSize = (f: Factor): boolean => f.base.kind === "dim" && f.base.name === dimName(dim) && isUnitExponent(f.exponent);
  if (label === undefined && !term.factors.some(isSize)) return undefined;
  const draft = createDraft([dim, axis], term.coefficient);
  const labels = term.summed.map((d, i): Slot => (i + 1 === label ? 0 : freshLabel(draft, d)));
  for (const f of term.factors) {
    if (label === undefined && isSize(f)) continue;
    draft.factors.push({ ...f, slots: f.slots.map((s) => (typeof s !== "number" ? s : s === 0 ? 1 : (labels[s - 1] as Slot))) });
  }
  return product(draft);
}

const closedSums = (term: Term): (Factor & { base: Group })[] =>
  term.factors.filter((f): f is Factor & { base: Group } => f.base.kind === "group" && f.slots.length === 0 && isUnitExponent(f.exponent));

type Group = Factor["base"] & { kind: "group" };

const innerDims = (f: Factor & { base: Group }): readonly Dim[] => f.base.tensor.terms[0]?.summed ?? [];

function along(tensor: Tensor, dim: Dim): Resummed[] {
  const name = dimName(dim) as string;
  const powers = tensor.terms.map((t) => powerOf(t, name));
  const isSum = tensor.terms.map((t) => closedSums(t).some((g) => innerDims(g).includes(dim)));
  const of = powers.filter((_, i) => isSum[i]);
  const [power] = of;
  if (power === undefined || of.some((p) => p !== power) || powers.some((p, i) => !isSum[i] && p !== power + 1)) return [];
  const parts = tensor.terms.map((t, i) => opened(t, dim, isSum[i] === true));
  const whole = addTensors([dim], parts);
  if (whole.terms.length < 2) return [];
  const size = content(whole.terms.map((t) => t.coefficient));
  return [{ size, dim, power, vector: isOne(size) ? whole : scaleTensor(whole, divide(ONE, size)) }];
}

/** The whole power of a dimension in a term; not a number where it is none. */
function powerOf(term: Term, name: string): number {
  const f = term.factors.find((g) => g.base.kind === "dim" && g.base.name === name);
  if (f === undefined) return 0;
  return f.exponent.symbolic === undefined && f.exponent.rational.d === 1n ? Number(f.exponent.rational.n) : Number.NaN;
}

/** The term without its powers of the dimension, as the entries of a vector: those of its sum, or all alike. */
function opened(term: Term, dim: Dim, isSum: boolean): Tensor {
  const draft = createDraft([dim], term.coefficient);
  const group = isSum ? closedSums(term).find((g) => innerDims(g).includes(dim)) : undefined;
  for (const f of term.factors) {
    if (f === group || (f.base.kind === "dim" && f.base.name === dimName(dim))) continue;
    draft.factors.push(f);
  }
  const inner = group?.base.tensor.terms[0];
  if (inner !== undefined) {
    draft.coefficient = multiply(draft.coefficient, inner.coefficient);
    const open = inner.summed.indexOf(dim);
    const labels = inner.summed.map((d, i): Slot => (i === open ? 0 : freshLabel(draft, d)));
    for (const f of inner.factors)
      draft.factors.push({ ...f, slots: f.slots.map((s) => (typeof s === "number" ? (labels[s] as Slot) : s)) });
  }
  return product(draft);
}
