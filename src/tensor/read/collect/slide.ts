// What stands at one end of a diagonal matrix stands at the other as well: u ⊙ (D v) = D (u ⊙ v), D 1 = diag(D).
//
// Invariant: the tensor is the same value, with all that meets a diagonal matrix at one of its ends.

import type { Dim } from "../../../expr/dim.ts";
import { addTensors } from "../../form/algebra.ts";
import { draftOf, freshLabel, isSummed } from "../../form/draft.ts";
import type { Draft, Factor, Slot, Tensor, Term } from "../../form/tensor.ts";
import { generatorOf } from "../../primary/generator.ts";
import { product } from "../../product/product.ts";

/** The tensor with what meets its diagonal matrices behind them, or before them where both ends are free; none where nothing changes. */
export function slid(tensor: Tensor): Tensor[] {
  const rank = tensor.axes.length;
  if (rank === 0 || rank > 2 || !tensor.terms.some((t) => t.factors.some(isDiagonal))) return [];
  const moved = addTensors(
    tensor.axes,
    tensor.terms.map((term) => slidTerm(tensor.axes, term)),
  );
  return moved === tensor ? [] : [moved];
}

function isDiagonal(f: Factor): boolean {
  const generator = generatorOf(f);
  return generator !== undefined && "kind" in generator && generator.kind === "delta" && f.base.kind !== "delta";
}

function slidTerm(axes: readonly Dim[], term: Term): Tensor {
  const draft = draftOf(axes, term);
  for (let i = 0; i < draft.factors.length; i++) {
    const f = draft.factors[i] as Factor;
    if (isDiagonal(f)) slide(draft, f);
  }
  return product(draft);
}

function slide(draft: Draft, f: Factor): void {
  const [a, b] = f.slots as [Slot, Slot];
  const [free, other] = isSummed(draft, a) ? [b, a] : [a, b];
  if (typeof free !== "number" || typeof other !== "number" || isSummed(draft, free)) return;
  if (free === other) spread(draft, f, free);
  else if (!isSummed(draft, other)) put(draft, f, f.slots, other, free);
  else if (draft.factors.some((g) => g !== f && (g.slots.includes(free) || g.slots.includes(other)))) put(draft, f, f.slots, free, other);
  else {
    draft.summed.delete(other);
    put(draft, f, [free, free], other, free);
  }
}

// δ_ij D_ii is D_ij, and D_ii v_i is D v.
function spread(draft: Draft, f: Factor, at: number): void {
  const identity = draft.factors.find((g) => g.base.kind === "delta" && g.slots.includes(0) && g.slots.includes(1));
  if (identity !== undefined) {
    draft.factors = draft.factors.filter((g) => g !== identity);
    put(draft, f, identity.slots, at, at);
  } else if (draft.axes.length === 1 && draft.factors.some((g) => g !== f && g.slots.includes(at))) {
    const behind = freshLabel(draft, f.base.axes[0] as Dim);
    put(draft, f, [at, behind], at, behind);
  }
}

/** The diagonal factor at `slots`, and all others that stand at one label at another. */
function put(draft: Draft, f: Factor, slots: readonly Slot[], from: number, to: number): void {
  draft.factors = draft.factors.map((g) => (g === f ? { ...f, slots } : { ...g, slots: g.slots.map((s) => (s === from ? to : s)) }));
}
