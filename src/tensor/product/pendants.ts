// Equal vectors that meet on one label: (A x)_i (A x)_i is (A x)_i², although the two
// inner sums have labels of their own. A pendant of a label is a part of the product that
// hangs on this label alone; two pendants of equal content merge into one power. So does a
// product of matrices beside a power of itself: (A B)_ij / (A B)_ij is 1.

import { add, ONE } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { canonicalTerm, renameSlots } from "../form/canonical.ts";
import { createDraft } from "../form/draft.ts";
import type { Draft } from "../form/tensor.ts";
import {
  addRationalToExponent,
  type Base,
  dimOfLabel,
  exponentOf,
  type Factor,
  groupBase,
  internTensor,
  labelsOf,
} from "../form/tensor.ts";
import { takeOut } from "./subproduct.ts";

/** Merges one set of equal pendants; whether it did. */
export function mergePendants(draft: Draft): boolean {
  // A part that hangs on one label has a summed label of its own.
  if (draft.summed.size === 0 || draft.factors.length < 2) return false;
  return sharedLabels(draft.factors).some((label) => mergeOn(draft, label));
}

/** Labels that several factors carry. */
function sharedLabels(factors: readonly Factor[]): number[] {
  const carriers = new Map<number, number>();
  for (const f of factors) for (const s of new Set(f.slots)) if (typeof s === "number") carriers.set(s, (carriers.get(s) ?? 0) + 1);
  return [...carriers].flatMap(([label, count]) => (count < 2 ? [] : [label]));
}

/** Merges equal pendants of one label, or one into a power of itself that stands there already. */
function mergeOn(draft: Draft, label: number): boolean {
  const powers = draft.factors.filter((f) => f.base.kind === "group" && f.slots.length === 1 && f.slots[0] === label);
  const most = draft.factors.filter((f) => mayHang(f, label, draft.axes.length)).length;
  if (most === 0 || most + powers.length < 2) return false;
  const pendants = pendantsOf(draft, label);
  if (pendants.length === 0 || pendants.length + powers.length < 2) return false;
  const equals = new Map<Base, Factor[][]>();
  for (const pendant of pendants) {
    const base = pendantBase(draft, pendant, label);
    equals.set(base, [...(equals.get(base) ?? []), pendant]);
  }
  for (const [base, members] of equals) {
    const power = powers.find((f) => f.base === base);
    if (members.length < 2 && power === undefined) continue;
    const merged = new Set(members.flat());
    const count = exponentOf({ n: BigInt(members.length), d: 1n });
    const exponent = power === undefined ? count : { ...power.exponent, rational: add(power.exponent.rational, count.rational) };
    for (const f of merged) for (const s of f.slots) if (typeof s === "number" && s !== label) draft.summed.delete(s);
    const others = draft.factors.filter((f) => f !== power && !merged.has(f));
    draft.factors = [...others, { base, slots: [label], exponent }];
    return true;
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
function pendantsOf(draft: Draft, label: number): Factor[][] {
  const carriers = new Map<number, Factor[]>();
  for (const f of draft.factors) {
    for (const s of otherLabels(f, label)) {
      const list = carriers.get(s);
      if (list === undefined) carriers.set(s, [f]);
      else list.push(f);
    }
  }
  if (carriers.size === 0) return [];
  const parts: Factor[][] = [];
  const visited = new Set<Factor>();
  for (const start of draft.factors) {
    if (visited.has(start) || !start.slots.includes(label)) continue;
    const part = partFrom([start], (f) => otherLabels(f, label).flatMap((s) => carriers.get(s) ?? []), visited);
    const inner = part.flatMap((f) => otherLabels(f, label));
    if (inner.length > 0 && inner.every((s) => s >= draft.axes.length)) parts.push(part);
  }
  return parts;
}

/** A part of a product that hangs on one label. */
export interface Pendant {
  readonly factors: readonly Factor[];
  /** The labels summed inside. */
  readonly inner: readonly number[];
  /** The part alone, the label its axis. */
  readonly vector: Draft;
}

/** What meets a factor on a summed label and nowhere else; undefined where nothing does, or where it has a free label. */
export function pendantOn(draft: Draft, f: Factor, label: number): Pendant | undefined {
  const others = draft.factors.filter((g) => g !== f);
  const meeting = others.filter((g) => g.slots.includes(label));
  const factors = partFrom(meeting, (g) => others.filter((h) => otherLabels(g, label).some((s) => h.slots.includes(s))), new Set());
  const inner = [...new Set(factors.flatMap((g) => otherLabels(g, label)))];
  if (factors.length === 0 || inner.some((s) => s < draft.axes.length || f.slots.includes(s))) return undefined;
  const vector = createDraft([dimOfLabel([f], label)]);
  vector.factors = factors.map((g) => renameSlots(g, (l) => (l === label ? 0 : l + 1)));
  for (const s of inner) vector.summed.set(s + 1, draft.summed.get(s) as Dim);
  vector.nextLabel = draft.nextLabel + 1;
  return { factors, inner, vector };
}

const otherLabels = ({ slots }: Factor, label: number): number[] => labelsOf(slots).filter((l) => l !== label);

/** The factors that are reached from some, in the order of the search. */
function partFrom(starts: readonly Factor[], neighbours: (f: Factor) => readonly Factor[], visited: Set<Factor>): Factor[] {
  const part: Factor[] = [];
  const queue = [...starts];
  for (const start of starts) visited.add(start);
  for (let f = queue.pop(); f !== undefined; f = queue.pop()) {
    part.push(f);
    for (const g of neighbours(f)) {
      if (visited.has(g)) continue;
      visited.add(g);
      queue.push(g);
    }
  }
  return part;
}

function pendantBase(draft: Draft, factors: readonly Factor[], label: number): Base {
  // The label becomes axis 0; the other labels keep their numbers, shifted past it.
  const moved = factors.map((f) => renameSlots(f, (l) => (l === label ? 0 : l + 1)));
  const dim = dimOfLabel(factors, label);
  const term = canonicalTerm(ONE, moved, 1, (l) => draft.summed.get(l - 1) as Dim);
  return groupBase(internTensor([dim], [term]));
}
