// Functions of the Kronecker matrices in derivatives of f(A), met with vec(M) of an M that
// commutes with A: F(Aᵀ⊗I − I⊗A) vec(M) = F(0) vec(M), for (Aᵀ⊗I − I⊗A) vec(M) is
// vec(M A − A M) = 0; and (I⊗S + Sᵀ⊗I)⁻¹ vec(M) = vec(S⁻¹ M)/2 [H08 thm 1.13].
//
// Invariant: applied only where what shall be zero is zero in normal form; an equation that
// is not seen leaves the product as it is.

import { rational } from "../base/rational.ts";
import type { Dim } from "../expr/dim.ts";
import { addTensors, negateTensor, scaleTensor, zeroTensor } from "./algebra.ts";
import { applyTyped, atom } from "./apply.ts";
import { createDraft, isSummed, multiplyInto, pushRelabelled } from "./draft.ts";
import { einsum } from "./einsum.ts";
import type { Contraction, FunctionRules } from "./functionRules.ts";
import { product } from "./product.ts";
import { vanishes } from "./read/commuting.ts";
import { carriersOf } from "./subproduct.ts";
import {
  type Draft,
  deltaBase,
  EXPONENT_ONE,
  type Factor,
  type FunctionBase,
  internTensor,
  isUnitExponent,
  type Slot,
  type Tensor,
} from "./tensor.ts";

/** vec(M) beside a matrix: M, its rows first, and the factor that fuses its axes. */
interface Operand {
  readonly matrix: Tensor;
  readonly fuse: Factor;
}

/** The law of a primary function, or of the inverse, as a factor. */
export const kernelLaw: Contraction = {
  name: "kernel",
  apply: (draft, f) =>
    isUnitExponent(f.exponent) &&
    f.slots.some((label, axis) => {
      const operand = operandAt(draft, f, label, f.slots[1 - axis]);
      const value = operand && valueOn(f, axis, operand);
      if (value === undefined) return false;
      draft.factors = draft.factors.filter((g) => g !== f);
      multiplyInto(draft, value, f.slots);
      return true;
    }),
};

/** The vec(M) that a matrix meets at a label: a part of the draft that leads to no axis and not to the other end of the matrix. */
function operandAt(draft: Draft, f: Factor, label: Slot | undefined, end: Slot | undefined): Operand | undefined {
  if (!isSummed(draft, label) || label === end) return undefined;
  const [fuse, ...more] = carriersOf(draft, label).filter((g) => g !== f);
  if (fuse === undefined || more.length > 0 || fuse.base.kind !== "fuse" || fuse.slots[0] !== label) return undefined;
  const [, col, row] = fuse.slots;
  if (!isSummed(draft, col) || !isSummed(draft, row)) return undefined;
  const factors = new Set([fuse]);
  for (const g of factors)
    for (const s of g.slots) {
      if (typeof s !== "number" || s === label) continue;
      if (s === end || !isSummed(draft, s)) return undefined;
      for (const h of carriersOf(draft, s)) factors.add(h);
    }
  factors.delete(fuse);
  const [, cols, rows] = fuse.base.axes as [Dim, Dim, Dim];
  const own = createDraft([rows, cols]);
  const known = new Map([
    [col, 1],
    [row, 0],
  ]);
  pushRelabelled(own, [...factors], known, (l) => draft.summed.get(l) as Dim);
  if (col === row) own.factors.push({ base: deltaBase(rows), slots: [0, 1], exponent: EXPONENT_ONE });
  return { matrix: product(own), fuse };
}

/** What a matrix is on the operand, where that is simpler than the matrix. */
function valueOn({ base }: Factor, axis: number, operand: Operand): Tensor | undefined {
  if (base.kind !== "function" || base.axes.length !== 2) return undefined;
  const [argument] = base.args as [Tensor, ...Tensor[]];
  if (base.rules.info.primary === true) return atZero(base, axis, operand);
  const inner = functionOn(argument, axis, operand) ?? doubled(base.rules, argument, axis, operand);
  return inner && applied(base.rules, inner);
}

/** F(0) for F(K) with K vec(M) = 0, where a rule says what it is. */
function atZero({ rules, args: [argument, ...others] }: FunctionBase, axis: number, operand: Operand): Tensor | undefined {
  if (argument === undefined || others.length > 0 || !isZeroOn(argument, axis, operand)) return undefined;
  const value = applied(rules, zeroTensor(argument.axes));
  return value.terms.every((t) => t.factors.every((g) => g.base.kind === "delta")) ? value : undefined;
}

/** A number times F(K) as what it is on the operand. */
function functionOn({ terms }: Tensor, axis: number, operand: Operand): Tensor | undefined {
  const [term, ...more] = terms;
  const [f, ...others] = term?.factors ?? [];
  if (term === undefined || f === undefined || more.length > 0 || others.length > 0 || !isUnitExponent(f.exponent)) return undefined;
  if (f.base.kind !== "function" || f.base.rules.info.primary !== true) return undefined;
  const value = atZero(f.base, f.slots[axis] === axis ? axis : 1 - axis, operand);
  return value && scaleTensor(value, term.coefficient);
}

/** 2B for B + C, where B − C takes y = B⁻¹ vec(M) to zero: (B + C) y = 2B y then. */
function doubled(inverse: FunctionRules, { axes, terms }: Tensor, axis: number, operand: Operand): Tensor | undefined {
  const [b, c, ...more] = terms.map((t) => internTensor(axes, [t]));
  if (b === undefined || c === undefined || more.length > 0) return undefined;
  const difference = addTensors(axes, [b, negateTensor(c)]);
  if (!isZeroOn(difference, axis, operand)) return undefined;
  const matrix = image(applied(inverse, b), axis, operand);
  return isZeroOn(difference, axis, { ...operand, matrix }) ? scaleTensor(b, rational(2)) : undefined;
}

/** The matrix whose vec is K vec(M), or Kᵀ vec(M). */
function image(matrix: Tensor, axis: number, { matrix: operand, fuse: { base } }: Operand): Tensor {
  const [, cols, rows] = base.axes as [Dim, Dim, Dim];
  const [from, to, row, col] = [2, 3, 4, 5];
  const [there, here] = axis === 0 ? [from, to] : [to, from];
  const fuse = atom(base);
  return einsum(
    [rows, cols],
    [
      [matrix, [from, to]],
      [fuse, [there, col, row]],
      [fuse, [here, 1, 0]],
      [operand, [row, col]],
    ],
  );
}

/** Whether K vec(M), or Kᵀ vec(M), is zero. */
const isZeroOn = (matrix: Tensor, axis: number, operand: Operand): boolean => vanishes(image(matrix, axis, operand));

const applied = (rules: FunctionRules, matrix: Tensor): Tensor =>
  applyTyped(rules, [matrix], [{ rows: matrix.axes[0] as Dim, cols: matrix.axes[1] as Dim }]);
