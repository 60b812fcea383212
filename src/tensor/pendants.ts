// Equal vectors that meet on one label: (A x)_i (A x)_i is (A x)_i², although the two
// inner sums have labels of their own. A pendant of a label is a part of the product that
// hangs on this label alone; two pendants of equal content merge into one power. So does a
// product of matrices beside a power of itself: (A B)_ij / (A B)_ij is 1.

import { flatMap } from "../base/list.ts";
import { add, ONE } from "../base/rational.ts";
import type { Dim } from "../expr/dim.ts";
import { canonicalTerm, renameSlots } from "./canonical.ts";
import { takeOut } from "./subproduct.ts";
import type { Draft } from "./tensor.ts";
import { addRationalToExponent, type Base, exponentOf, type Factor, groupBase, internTensor } from "./tensor.ts";

/** Merges one set of equal pendants; whether it did. */
export function mergePendants(draft: Draft): boolean {
  // A part that hangs on one label has a summed label of its own.
  if (draft.summed.size === 0 || draft.factors.length < 2) return false;
  const rank = draft.axes.length;
  const summedCount = new Map<number, number>();
  for (const f of draft.factors)
    for (const s of new Set(f.slots)) if (typeof s === "number") summedCount.set(s, (summedCount.get(s) ?? 0) + 1);
  for (const [label, count] of summedCount) {
    if (count < 2) continue;
    const grouped = draft.factors.filter((f) => f.base.kind === "group" && f.slots.length === 1 && f.slots[0] === label);
    const most = draft.factors.filter((f) => mayHang(f, label, rank)).length;
    if (most === 0 || most + grouped.length < 2) continue;
    const pendants = pendantsOf(draft, label, rank);
    if (pendants.length + grouped.length < 2 || pendants.length === 0) continue;
    const byBase = new Map<Base, Factor[][]>();
    for (const factors of pendants) {
      const base = pendantBase(draft, factors, label);
      const known = byBase.get(base);
      if (known === undefined) byBase.set(base, [factors]);
      else known.push(factors);
    }
    for (const [base, members] of byBase) {
      const existing = grouped.find((f) => f.base === base);
      if (members.length < 2 && existing === undefined) continue;
      const gone = new Set<Factor>(members.flat());
      let exponent = exponentOf({ n: BigInt(members.length), d: 1n });
      if (existing !== undefined) {
        gone.add(existing);
        exponent = { ...existing.exponent, rational: add(existing.exponent.rational, exponent.rational) };
      }
      for (const f of members.flat()) for (const s of f.slots) if (typeof s === "number" && s !== label) draft.summed.delete(s);
      draft.factors = [...draft.factors.filter((f) => !gone.has(f)), { base, slots: [label], exponent }];
      return true;
    }
  }
  return false;
}

/** Takes one product of matrices into a power of itself on the same labels; whether it did. */
export function mergeProducts(draft: Draft): boolean {
  if (draft.summed.size === 0) return false;
  return draft.factors.some((f) => {
    if (f.base.kind !== "group" || f.slots.length < 2 || f.base.tensor.terms.some((t) => t.summed.length === 0)) return false;
    const others: Draft = { ...draft, factors: draft.factors.filter((g) => g !== f) };
    if (!takeOut(others, f.base.tensor, f.slots)) return false;
    draft.coefficient = others.coefficient;
    draft.factors = [...others.factors, { ...f, exponent: addRationalToExponent(f.exponent, ONE) }];
    return true;
  });
}

/** Whether a factor on the label has other labels, all of them summed: each pendant has such a factor. */
const mayHang = ({ slots }: Factor, label: number, rank: number): boolean =>
  slots.includes(label) &&
  slots.some((s) => typeof s === "number" && s !== label) &&
  slots.every((s) => typeof s !== "number" || s === label || s >= rank);

/** The parts hanging on this label alone that have summed labels of their own. */
function pendantsOf(draft: Draft, label: number, rank: number): Factor[][] {
  const parts: Factor[][] = [];
  const visited = new Set<Factor>();
  const carriers = new Map<number, Factor[]>();
  for (const f of draft.factors) {
    for (const s of f.slots) {
      if (typeof s !== "number" || s === label) continue;
      const list = carriers.get(s);
      if (list === undefined) carriers.set(s, [f]);
      else list.push(f);
    }
  }
  for (const start of carriers.size === 0 ? [] : draft.factors) {
    if (visited.has(start) || !start.slots.includes(label)) continue;
    const part: Factor[] = [];
    const queue: Factor[] = [start];
    visited.add(start);
    let hangs = true;
    let inner = false;
    while (queue.length > 0) {
      const f = queue.pop() as Factor;
      part.push(f);
      for (const s of f.slots) {
        if (typeof s !== "number" || s === label) continue;
        if (s < rank) hangs = false;
        inner = true;
        for (const g of carriers.get(s) ?? []) {
          if (visited.has(g)) continue;
          visited.add(g);
          queue.push(g);
        }
      }
    }
    if (hangs && inner) parts.push(part);
  }
  return parts;
}

function pendantBase(draft: Draft, factors: readonly Factor[], label: number): Base {
  // The label becomes axis 0; the other labels keep their numbers, shifted past it.
  const moved = factors.map((f) => renameSlots(f, (l) => (l === label ? 0 : l + 1)));
  const dim = flatMap(factors, (f) => f.slots.map((s, i) => (s === label ? f.base.axes[i] : undefined))).find(
    (d) => d !== undefined,
  ) as Dim;
  const term = canonicalTerm(ONE, moved, 1, (l) => draft.summed.get(l - 1) as Dim);
  return groupBase(internTensor([dim], [term]));
}
