// Blocks of a primary function of a block triangular matrix [H08 thm 1.13, thm 3.6]:
//
//   f([A E; 0 D])  has the blocks f(A) and f(D) on its diagonal and zero where the matrix has it;
//   f([A E; 0 A])  has the block L(A, E) beside them, which is f′(A) E where E commutes with A, and
//                  its own transpose where A and E are.
//
// Invariant: applied only where the block below the diagonal is zero in normal form; an
// equation that is not seen leaves the product as it is.

import { addDims, type Dim, dimOf, sameDim, subtractDims } from "../../expr/dim.ts";
import { addTensors, negateTensor, transposeTensor, zeroTensor } from "../form/algebra.ts";
import { isSummed, multiplyInto } from "../form/draft.ts";
import { type Draft, type Factor, type FunctionBase, isUnitExponent, type Slot, type Tensor } from "../form/tensor.ts";
import { applyTyped } from "../functions/apply.ts";
import { turnSymmetric } from "../functions/chain.ts";
import type { Contraction } from "../functions/functionRules.ts";
import { einsum } from "../product/einsum.ts";
import { type Block, restrict } from "../product/stack.ts";
import { carriersOf } from "../product/subproduct.ts";
import { vanishes } from "./commuting.ts";
import { alongCommuting } from "./slope.ts";

/** The law of a primary function as a factor of which only one block is met. */
export const cornerLaw: Contraction = {
  name: "corner",
  apply(draft, f) {
    const corner = cornerOf(draft, f);
    const value = corner && blockOf(corner);
    if (value === undefined) return turnSymmetric(draft, corner && turnedRound(draft, corner));
    const { ends } = corner as Corner;
    const gone = [f, ...ends.map((e) => e.factor)];
    draft.factors = draft.factors.filter((g) => !gone.includes(g));
    for (const label of f.slots) draft.summed.delete(label as number);
    multiplyInto(
      draft,
      value,
      ends.map((e) => e.inner),
    );
    return true;
  },
  turned(draft, f) {
    const corner = cornerOf(draft, f);
    return corner && turnedRound(draft, corner);
  },
};

/** A block of f(M), for an M in four blocks of which one beside the diagonal is zero. */
export interface Corner {
  readonly base: FunctionBase;
  readonly ends: readonly [Selection, Selection];
  /** The block of M at the same place as that of f(M). */
  readonly own: Tensor;
  /** The blocks of M on the diagonal, first that in the rows of the corner. */
  readonly diagonal: readonly [Tensor, Tensor];
}

interface Selection {
  readonly factor: Factor;
  readonly block: Block;
  readonly inner: Slot;
}

/** The block of f(M) that a factor of the draft is, with what stands at its ends. */
export function cornerOf(draft: Draft, f: Factor): Corner | undefined {
  const { base, exponent, slots } = f;
  if (base.kind !== "function" || slots.length !== 2 || !isUnitExponent(exponent)) return undefined;
  const ends = slots.flatMap((label) => selection(draft, f, label) ?? []);
  const [row, col] = ends;
  if (row === undefined || col === undefined) return undefined;
  const rest = complement(row.block, base.axes[0] as Dim);
  if (rest === undefined || !(isSame(row.block, col.block) || isSame(rest, col.block))) return undefined;
  // The columns first: a block of one row or column has an axis less.
  const at = (r: Block, c: Block): Tensor => restrict(restrict(base.args[0] as Tensor, 1, c), 0, r);
  const [above, below] = [at(row.block, rest), at(rest, row.block)];
  if (above.terms.length > 0 && below.terms.length > 0) return undefined;
  return { base, ends: [row, col], own: at(row.block, col.block), diagonal: [at(row.block, row.block), at(rest, rest)] };
}

/** The factor that takes one block out of an axis, where nothing else is at the label. */
function selection(draft: Draft, f: Factor, label: Slot): Selection | undefined {
  if (!isSummed(draft, label)) return undefined;
  const [factor, ...more] = carriersOf(draft, label).filter((g) => g !== f);
  if (factor === undefined || more.length > 0 || factor.base.kind !== "block" || factor.slots[0] !== label) return undefined;
  return { factor, block: { offset: factor.base.offset, size: factor.base.axes[1] as Dim }, inner: factor.slots[1] as Slot };
}

/** A block of f(M) as a function of the blocks of M. */
function blockOf({ base: { args, rules }, ends: [row, col], own, diagonal: [first, second] }: Corner): Tensor | undefined {
  const given = [first, ...args.slice(1)];
  if (isSame(row.block, col.block)) return applyTyped(rules, given, given.map(shapeOf));
  if (own.terms.length === 0) return zeroTensor(own.axes);
  if (rules.trace === undefined || first !== second || !commute(first, own)) return undefined;
  return alongCommuting({ axes: first.axes, args: given, rules }, rules.trace, own);
}

/** The factors of the draft with L(A, E) turned round, where A and E are symmetric. */
function turnedRound(draft: Draft, { base, ends: [row, col], own, diagonal: [first, second] }: Corner): Factor[] | undefined {
  const isSymmetric = first === second && [first, own].every((t) => transposeTensor(t) === t);
  if (!isSymmetric || base.rules.transpose !== "turned") return undefined;
  const turned = new Map([
    [row.factor, col.inner],
    [col.factor, row.inner],
  ]);
  return draft.factors.map((g) => (turned.has(g) ? { ...g, slots: [g.slots[0] as Slot, turned.get(g) as Slot] } : g));
}

/** The shape of a matrix, a vector or a number. */
export const shapeOf = ({ axes: [rows, cols] }: Tensor): { rows: Dim; cols: Dim } => ({ rows: rows ?? dimOf(1), cols: cols ?? dimOf(1) });

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
