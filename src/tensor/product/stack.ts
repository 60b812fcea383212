// Stacked vectors and matrices: element-wise operations act on each block by itself.
// A stack is a sum whose terms each sit in a block, or at a fixed position, of one axis.

import { flatMap } from "../../base/list.ts";
import { ONE } from "../../base/rational.ts";
import { addDims, type Dim, dimOf, dimSign, sameDim, subtractDims } from "../../expr/dim.ts";
import { addTensors } from "../form/algebra.ts";
import { canonicalTerm } from "../form/canonical.ts";
import { blockBase, deltaBase, EXPONENT_ONE, internTensor, type Slot, type Tensor, type Term } from "../form/tensor.ts";
import { einsum } from "./einsum.ts";

/** A block of a stack along an axis. */
export interface Block {
  /** Entries before the block. */
  readonly offset: Dim;
  readonly size: Dim;
}

/**
 * Applies an element-wise operation block by block, where one of the tensors (all of equal
 * axes) is a stack along some axis; undefined where none is.
 */
export function mapStacked(tensors: readonly Tensor[], operation: (parts: readonly Tensor[]) => Tensor): Tensor | undefined {
  const axes = tensors[0]?.axes ?? [];
  for (let axis = 0; axis < axes.length; axis++) {
    for (const tensor of tensors) {
      const blocks = blocksAlong(tensor, axis);
      if (blocks === undefined) continue;
      const parts = blocks.map((block) => {
        const restricted = tensors.map((t) => restrict(t, axis, block));
        return embed(mapStacked(restricted, operation) ?? operation(restricted), axis, block, axes);
      });
      return addTensors(axes, parts);
    }
  }
  return undefined;
}

/** The blocks that the terms of a stack occupy along an axis, gaps included; undefined where it is no stack. */
export function blocksAlong(tensor: Tensor, axis: number): Block[] | undefined {
  if (tensor.terms.length === 0) return undefined;
  const found = new Map<string, Block>();
  for (const term of tensor.terms) {
    const block = blockOf(term, axis);
    if (block === undefined) return undefined;
    found.set(`${block.offset.key}|${block.size.key}`, block);
  }
  return fillGaps([...found.values()], tensor.axes[axis] as Dim);
}

/** The block of an axis in which a term sits. */
export function blockOf(term: Term, axis: number): Block | undefined {
  for (const f of term.factors) {
    if (f.base.kind === "block" && f.slots[0] === axis) return { offset: f.base.offset, size: f.base.axes[1] as Dim };
    if (f.base.kind === "delta" && f.slots[1] === axis && typeof f.slots[0] !== "number")
      return { offset: subtractDims(f.slots[0] as Dim, dimOf(1)), size: dimOf(1) };
  }
  return undefined;
}

/** Blocks in order, with the gaps between them as blocks; undefined where the order cannot be decided or blocks overlap. */
function fillGaps(blocks: Block[], total: Dim): Block[] | undefined {
  const after = (b: Block): Dim => addDims(b.offset, b.size);
  const reaches = (x: Dim, y: Dim): boolean => {
    const s = dimSign(subtractDims(x, y));
    return s === "positive" || s === "zero";
  };
  blocks.sort((a, b) => (sameDim(a.offset, b.offset) ? 0 : reaches(b.offset, after(a)) ? -1 : 1));
  const out: Block[] = [];
  let at = dimOf(0);
  for (const block of [...blocks, { offset: total, size: dimOf(0) }]) {
    if (!sameDim(at, block.offset)) {
      if (!reaches(block.offset, at)) return undefined;
      out.push({ offset: at, size: subtractDims(block.offset, at) });
    }
    if (block.size.key !== "0") out.push(block);
    at = after(block);
  }
  return out;
}

const isSingle = (block: Block): boolean => block.size.key === "1";

/** The part of a tensor inside a block of an axis; a block of length 1 loses the axis. */
export function restrict(tensor: Tensor, axis: number, block: Block): Tensor {
  const { axes } = tensor;
  if (isSingle(block)) {
    const slots = axes.map((_, i) => (i === axis ? addDims(block.offset, dimOf(1)) : i < axis ? i : i - 1));
    return einsumTerms(
      axes.filter((_, i) => i !== axis),
      tensor,
      slots,
    );
  }
  const inner = axes.map((d, i) => (i === axis ? block.size : d));
  const summed = axes.length;
  const slots = axes.map((_, i) => (i === axis ? summed : i));
  return einsumTerms(inner, tensor, slots, [blockTensor(axes[axis] as Dim, block), [summed, axis]]);
}

/** Puts a part back into its block. */
export function embed(part: Tensor, axis: number, block: Block, axes: readonly Dim[]): Tensor {
  if (isSingle(block)) {
    const slots = flatMap(axes, (_, i) => (i === axis ? [] : [i]));
    const position = addDims(block.offset, dimOf(1));
    const dim = axes[axis] as Dim;
    const unit = internTensor(
      [dim],
      [canonicalTerm(ONE, [{ base: deltaBase(dim), slots: [position, 0], exponent: EXPONENT_ONE }], 1, () => dim)],
    );
    return einsumTerms(axes, part, slots, [unit, [axis]]);
  }
  const summed = axes.length;
  const slots = axes.map((_, i) => (i === axis ? summed : i));
  return einsumTerms(axes, part, slots, [blockTensor(axes[axis] as Dim, block), [axis, summed]]);
}

function blockTensor(total: Dim, block: Block): Tensor {
  const base = blockBase(total, block.size, block.offset);
  return internTensor([total, block.size], [canonicalTerm(ONE, [{ base, slots: [0, 1], exponent: EXPONENT_ONE }], 2, () => total)]);
}

/** Each term on slots of its own, beside the same other tensors. */
function einsumTerms(
  axes: readonly Dim[],
  tensor: Tensor,
  slots: readonly Slot[],
  ...beside: readonly (readonly [Tensor, readonly Slot[]])[]
): Tensor {
  return addTensors(
    axes,
    tensor.terms.map((t) => einsum(axes, [[internTensor(tensor.axes, [t]), slots], ...beside])),
  );
}
