// What a square matrix is a function of: A of exp(t A) and of I − A, X Xᵀ of log(X Xᵀ). Two
// functions of one matrix commute [H08 thm 1.13]. All diagonal matrices are polynomials of one
// with different entries, for which I stands.
//
// Invariant: a folded term is the same value; unfolding takes it back.

import { ONE } from "../../base/rational.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import type { Dim } from "../../expr/dim.ts";
import { orientation, splitContent } from "../form/algebra.ts";
import { canonicalTerm } from "../form/canonical.ts";
import { draftOf, isSummed } from "../form/draft.ts";
import {
  type Base,
  deltaBase,
  EXPONENT_ONE,
  type Factor,
  groupBase,
  internTensor,
  isUnitExponent,
  type Slot,
  type Tensor,
  type Term,
} from "../form/tensor.ts";
import { product } from "../product/product.ts";
import { findPart } from "../product/subproduct.ts";
import { replaceFactors } from "../simplify/replace.ts";

/** What a matrix is made of: a variable, or a tensor that is no polynomial of one. */
type Generator = Base | Tensor;

/** What a square matrix is a function or polynomial of; undefined for an atom that is no such thing. */
export const generatorOf = ({ base, exponent }: Factor): Generator | undefined =>
  isUnitExponent(exponent) && base.axes.length === 2 && base.axes[0] === base.axes[1] ? generatorOfBase(base) : undefined;

// Null where there is none.
const generators = new WeakMap<Base, Generator | null>();

function generatorOfBase(base: Base): Generator | undefined {
  let known = generators.get(base);
  if (known === undefined) {
    known = findGenerator(base) ?? null;
    generators.set(base, known);
  }
  return known ?? undefined;
}

function findGenerator(base: Base): Generator | undefined {
  if (base.kind === "var") return hasAttribute(base.variable, "diagonal") ? deltaBase(base.axes[0] as Dim) : base;
  if (base.kind === "sum" || base.kind === "group") return generatorOfTensor(base.tensor) ?? coreOf(base.tensor);
  if (base.kind !== "function" || !base.rules.commutes) return undefined;
  const argument = base.args[0] as Tensor;
  return generatorOfTensor(argument) ?? coreOf(argument);
}

/** In terms nested deeper than this nothing is found. */
const MOST_NESTED = 32;

/** The one matrix that a matrix is a polynomial of, functions of that matrix among its factors. */
function generatorOfTensor(tensor: Tensor): Generator | undefined {
  if (tensor.axes.length !== 2) return undefined;
  const found = new Set<Generator | undefined>();
  for (const term of tensor.terms) {
    let label = 0;
    const passed = new Set<number>();
    const left = new Set(term.factors.filter((f) => f.slots.length > 0));
    while (left.size > 0) {
      const next = [...left].find((f) => f.slots[0] === label || (f.base.symmetric && f.slots[1] === label));
      // A label that is met again, that of A[i,i] or of a diagonal within, joins no product of matrices.
      if (next === undefined || next.slots.length !== 2 || passed.has(label)) return undefined;
      passed.add(label);
      left.delete(next);
      label = next.slots[next.slots[0] === label ? 1 : 0] as number;
      if (next.base.kind !== "delta") found.add(tensor.depth > MOST_NESTED ? undefined : generatorOf(next));
    }
    if (label !== 1) return undefined;
  }
  const [only, ...more] = found;
  return more.length === 0 ? only : undefined;
}

/** A matrix without multiples of I among its terms and numbers among its factors: what has the same one commutes. */
function coreOf(matrix: Tensor): Tensor {
  const isNumber = (f: Factor): boolean => f.slots.length === 0;
  const isIdentity = ({ base, slots }: Factor): boolean => base.kind === "delta" && slots.includes(0) && slots.includes(1);
  const others = matrix.terms.filter(({ factors }) => !(factors.some(isIdentity) && factors.every((f) => isNumber(f) || isIdentity(f))));
  const [term, ...more] = others;
  if (term === undefined) return matrix;
  if (more.length > 0) return splitContent(internTensor(matrix.axes, others), false).primitive;
  return product(draftOf(matrix.axes, { ...term, coefficient: ONE, factors: term.factors.filter((f) => !isNumber(f)) }));
}

/** The term with products that stand beside a function of them as one factor each: X Xᵀ beside log(X Xᵀ). */
export function folded(term: Term, axes: readonly Dim[]): Term {
  if (!term.factors.some((f) => productOf(f) !== undefined)) return term;
  const draft = draftOf(axes, term);
  const open = [...draft.factors];
  const count = draft.factors.length;
  for (let f = open.pop(); f !== undefined; f = open.pop()) {
    const matrix = draft.factors.includes(f) ? productOf(f) : undefined;
    if (matrix === undefined) continue;
    for (const label of f.slots)
      for (const axis of [0, 1]) {
        const part = isSummed(draft, label) ? findPart(draft, f, matrix, axis, label) : undefined;
        if (part === undefined) continue;
        const way = orientation([matrix]);
        const slots: readonly Slot[] = axis === 0 ? [label, part.other] : [part.other, label];
        const whole = { base: groupBase(matrix, way === "symmetric" ? way : "none"), slots, exponent: EXPONENT_ONE };
        draft.factors = [...draft.factors.filter((g) => !part.factors.includes(g)), whole];
        for (const inner of part.inner) draft.summed.delete(inner);
        open.push(whole);
      }
  }
  if (draft.factors.length === count) return term;
  return canonicalTerm(draft.coefficient, draft.factors, axes.length, (l) => draft.summed.get(l) as Dim);
}

/** The product that a factor is a function of. */
function productOf(f: Factor): Tensor | undefined {
  const generator = f.slots.length === 2 ? generatorOf(f) : undefined;
  if (generator === undefined || "kind" in generator) return undefined;
  const [term, ...more] = generator.terms;
  return term !== undefined && more.length === 0 && term.factors.length > 1 ? generator : undefined;
}

/** The tensor with folded products multiplied in again. */
export const unfolded = (tensor: Tensor): Tensor =>
  replaceFactors(tensor, ({ base, exponent }) =>
    base.kind === "group" && base.axes.length === 2 && isUnitExponent(exponent) ? base.tensor : undefined,
  ) ?? tensor;
