// Neighbours that commute in a product of matrices, A and exp(t A) or A and I − t A, brought
// into other orders, in which the summands of a sum have more in common:
// exp(t A) exp(t B) B + A exp(t A) exp(t B) = exp(t A) (A + B) exp(t B).
//
// Invariant: each tensor is the same value; two matrices count as commuting only where both
// are functions or polynomials of one matrix [H08 thm 1.13], transposed or not where that is skew.

import { compareTexts } from "../../base/order.ts";
import { negate } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors, orientation } from "../form/algebra.ts";
import { canonicalTerm } from "../form/canonical.ts";
import { isTurnedSkew } from "../form/skew.ts";
import { type Base, type Factor, internTensor, type Slot, type Tensor, type Term } from "../form/tensor.ts";
import { expand } from "../simplify/expand.ts";
import { folded, generatorOf, unfolded } from "./generator.ts";

/** A sum of matrices or vectors with its commuting factors in other orders: the plain ones first, and functions outermost. */
export function commuted(tensor: Tensor): Tensor[] {
  if (tensor.axes.length === 0 || tensor.axes.length > 2 || tensor.terms.length < 2) return [];
  return [...new Set([plainestFirst(tensor), withRuns(tensor, true)])].filter((t) => t !== tensor);
}

/** The tensor with its commuting factors in one order: the plainest first, and functions by their names. */
export const plainestFirst = (tensor: Tensor): Tensor => withRuns(tensor, false);

/** Whether the tensor is zero in normal form with its commuting factors in one order, as it stands or multiplied out. */
export const vanishes = (tensor: Tensor): boolean => [tensor, expand(tensor) ?? tensor].some((t) => plainestFirst(t).terms.length === 0);

function withRuns(tensor: Tensor, outwards: boolean): Tensor {
  const rank = tensor.axes.length;
  const terms = tensor.terms.map((term) => folded(term, tensor.axes));
  const runs = terms.map((term) => runsOf(term, rank));
  if (runs.every((own) => own.length === 0)) return tensor;
  const parts = terms.map((term, i) => {
    const own = runs[i] as Run[];
    return internTensor(tensor.axes, [own.length === 0 ? (tensor.terms[i] as Term) : reordered(term, rank, own, outwards)]);
  });
  return unfolded(addTensors(tensor.axes, parts));
}

/** Neighbouring factors that commute, and the labels from end to end: factor i stands between labels i and i + 1. */
interface Run {
  readonly factors: readonly Factor[];
  readonly labels: readonly Slot[];
}

function runsOf(term: Term, rank: number): Run[] {
  // What stands on its diagonal, f(A)[k,k], is a vector there and no matrix of a product.
  const matrices = term.factors.filter((f) => f.slots.length === 2 && f.slots[0] !== f.slots[1] && generatorOf(f) !== undefined);
  if (matrices.length < 2) return [];
  const left = new Set(matrices);
  const runs: Run[] = [];
  for (const f of matrices) {
    if (!left.delete(f)) continue;
    const factors = [f];
    const labels = [...f.slots];
    for (const grow of ["push", "unshift"] as const)
      for (;;) {
        const end = (grow === "push" ? labels[labels.length - 1] : labels[0]) as Slot;
        const g = neighbour(term, rank, left, factors[grow === "push" ? factors.length - 1 : 0] as Factor, end);
        if (g === undefined) break;
        left.delete(g);
        factors[grow](g);
        labels[grow](g.slots[g.slots[0] === end ? 1 : 0] as Slot);
      }
    if (new Set(factors.map((g) => g.base)).size > 1 && labels[0] !== labels[labels.length - 1]) runs.push({ factors, labels });
  }
  return runs;
}

/** The factor that meets another along a label that both alone carry, where the two commute as they stand. */
function neighbour(term: Term, rank: number, among: ReadonlySet<Factor>, f: Factor, label: Slot): Factor | undefined {
  // At a fixed position, f(A)[j,i] beside g(A)[k,j], nothing is summed.
  if (typeof label !== "number" || label < rank) return undefined;
  const [g, ...more] = term.factors.filter((h) => h !== f && h.slots.includes(label));
  if (g === undefined || more.length > 0 || !among.has(g) || generatorOf(g) !== generatorOf(f)) return undefined;
  if (isOfSkew(f)) return g;
  return f.base.symmetric === g.base.symmetric && (f.base.symmetric || f.slots.indexOf(label) !== g.slots.indexOf(label)) ? g : undefined;
}

/** Whether a factor is a function of a skew matrix: so is its transpose, f(A)ᵀ = f(−A). */
function isOfSkew(f: Factor): boolean {
  const generator = generatorOf(f);
  return generator !== undefined && ("kind" in generator ? generator.skew : orientation([generator]) === "skew");
}

/** The term with the factors of its runs sorted: the plainest first, or functions at the ends of the product. */
function reordered(term: Term, rank: number, runs: readonly Run[], outwards: boolean): Term {
  const slots = new Map<Factor, readonly Slot[]>();
  for (const { factors, labels } of runs) {
    // From row to column; of symmetric and skew matrices as the product runs from its first free label.
    const [first] = factors as [Factor];
    const isEitherWay = first.base.symmetric || isOfSkew(first);
    const backwards = isEitherWay ? labels[labels.length - 1] === 0 : first.slots[0] !== labels[0];
    const along = backwards ? [...labels].reverse() : labels;
    const last = along[along.length - 1] as Slot;
    const directed = factors.map((f, i) => ({ f, isTransposed: (f.slots[0] !== labels[i]) !== backwards }));
    const sorted = directed.sort((a, b) => inOrder(a.f.base, b.f.base) || Number(a.isTransposed) - Number(b.isTransposed));
    const order = outwards && along[0] === 0 && typeof last === "number" && last >= rank ? sorted.reverse() : sorted;
    for (const [i, { f, isTransposed }] of order.entries()) {
      const ends = [along[i] as Slot, along[i + 1] as Slot];
      slots.set(f, isTransposed ? ends.reverse() : ends);
    }
  }
  const placed = term.factors.map((f) => ({ ...f, slots: slots.get(f) ?? f.slots }));
  const skew = placed.filter((f) => isTurnedSkew(f, rank));
  return canonicalTerm(
    skew.length % 2 === 0 ? term.coefficient : negate(term.coefficient),
    placed.map((f) => (skew.includes(f) ? { ...f, slots: [...f.slots].reverse() } : f)),
    rank,
    (l) => term.summed[l - rank] as Dim,
  );
}

/** The plainest first, functions by their names: the same functions of another matrix stand in the same order. */
const inOrder = (a: Base, b: Base): number => plainness(a) - plainness(b) || compareTexts(nameOf(a), nameOf(b)) || a.hash - b.hash;

const plainness = ({ kind }: Base): number => (kind === "var" ? 0 : kind === "sum" ? 1 : 2);
const nameOf = (base: Base): string => (base.kind === "function" ? base.rules.info.name : "");
