// Blocks of a primary function of a block triangular matrix [H08 thm 1.13, thm 3.6]:
//
//   f([A E; 0 D])  has the blocks f(A) and f(D) on its diagonal and zero where the matrix has it;
//   f([A E; 0 A])  has the block f′(A) E beside them where E commutes with A.
//
// Invariant: applied only where the block below the diagonal is zero in normal form; an
// equation that is not seen leaves the product as it is.

import { addDims, type Dim, dimOf, sameDim, subtractDims } from "../expr/dim.ts";
import { addTensors, negateTensor, zeroTensor } from "./algebra.ts";
import { applyTyped } from "./apply.ts";
import { isSummed, multiplyInto } from "./draft.ts";
import { einsum } from "./einsum.ts";
import type { Contraction } from "./functionRules.ts";
import { vanishes } from "./read/commuting.ts";
import { alongCommuting } from "./slope.ts";
import { type Block, restrict } from "./stack.ts";
import { carriersOf } from "./subproduct.ts";
import { type Draft, type Factor, type FunctionBase, isUnitExponent, type Slot, type Tensor } from "./tensor.ts";

/** The law of a primary function as a factor of which only one block is met. */
export const cornerLaw: Contraction = {
  name: "corner",
  apply(draft, f) {
    if (f.base.kind !== "function" || f.slots.length !== 2 || !isUnitExponent(f.exponent)) return false;
    const [row, col] = f.slots.map((label) => selection(draft, f, label));
    const value = row && col && blockOf(f.base, row.block, col.block);
    if (value === undefined) return false;
    const gone = [f, row?.factor, col?.factor];
    draft.factors = draft.factors.filter((g) => !gone.includes(g));
    for (const label of f.slots) draft.summed.delete(label as number);
    multiplyInto(draft, value, [row?.inner as Slot, col?.inner as Slot]);
    return true;
  },
};

/** The factor that takes one block out of an axis, where nothing else is at the label. */
function selection(draft: Draft, f: Factor, label: Slot): { factor: Factor; block: Block; inner: Slot } | undefined {
  if (!isSummed(draft, label)) return undefined;
  const [factor, ...more] = carriersOf(draft, label).filter((g) => g !== f);
  if (factor === undefined || more.length > 0 || factor.base.kind !== "block" || factor.slots[0] !== label) return undefined;
  return { factor, block: { offset: factor.base.offset, size: factor.base.axes[1] as Dim }, inner: factor.slots[1] as Slot };
}

/** A block of f of a block triangular matrix, where it is a function of the blocks on the diagonal. */
function blockOf({ axes, args, rules }: FunctionBase, row: Block, col: Block): Tensor | undefined {
  const [matrix, ...others] = args as [Tensor, ...Tensor[]];
  const onDiagonal = isSame(row, col);
  const other = onDiagonal ? complement(row, axes[0] as Dim) : col;
  if (other === undefined || !isSame(complement(row, axes[0] as Dim), other)) return undefined;
  const at = (r: Block, c: Block): Tensor => restrict(restrict(matrix, 0, r), 1, c);
  const beside = at(row, other);
  const isTriangular = beside.terms.length === 0 || at(other, row).terms.length === 0;
  if (!isTriangular) return undefined;
  const first = at(row, row);
  const applied = (): Tensor => applyTyped(rules, [first, ...others], [first, ...others].map(shapeOf));
  if (onDiagonal) return applied();
  if (beside.terms.length === 0) return zeroTensor([row.size, col.size]);
  if (rules.trace === undefined || first !== at(other, other) || !commute(first, beside)) return undefined;
  return alongCommuting({ axes: first.axes, args: [first, ...others], rules }, rules.trace, beside);
}

const shapeOf = ({ axes: [rows, cols] }: Tensor): { rows: Dim; cols: Dim } => ({ rows: rows ?? dimOf(1), cols: cols ?? dimOf(1) });

const isSame = (a: Block | undefined, b: Block | undefined): boolean =>
  a !== undefined && b !== undefined && sameDim(a.offset, b.offset) && sameDim(a.size, b.size);

/** The rest of an axis of which a block is the beginning or the end. */
function complement({ offset, size }: Block, whole: Dim): Block | undefined {
  if (sameDim(offset, dimOf(0))) return { offset: size, size: subtractDims(whole, size) };
  return sameDim(addDims(offset, size), whole) ? { offset: dimOf(0), size: offset } : undefined;
}

/** Whether A B − B A is zero in normal form. */
function commute(a: Tensor, b: Tensor): boolean {
  const times = (left: Tensor, right: Tensor): Tensor =>
    einsum(left.axes, [
      [left, [0, 2]],
      [right, [2, 1]],
    ]);
  return vanishes(addTensors(a.axes, [times(a, b), negateTensor(times(b, a))]));
}
