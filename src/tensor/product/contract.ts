// Contraction of the structural atoms: Kronecker δ, blocks of stacked vectors and fused
// axes of vec and kron. Each law removes an atom or a label, so the passes end.

import { flatMap } from "../../base/list.ts";
import { addDims, type Dim, dimConstant, dimOf, dimSign, multiplyDims, subtractDims } from "../../expr/dim.ts";
import { renameSlots, sortSlots } from "../form/canonical.ts";
import { isLone } from "../form/draft.ts";
import type { Draft } from "../form/tensor.ts";
import { deltaBase, EXPONENT_ONE, type Factor, fuseBase, labelsOf, type Slot } from "../form/tensor.ts";

/** Applies x_i δ_ij = x_j δ_ij throughout. False where two fixed positions disagree: the product is zero. */
export function applyDeltas(draft: Draft): boolean {
  if (!draft.factors.some((f) => f.base.kind === "delta")) return true;
  const renamed = new Map<number, Slot>();
  const kept: Factor[] = [];
  for (const joined of joinedSlots(draft.factors)) if (!mergeInto(draft, joined, renamed, kept)) return false;
  const rest = draft.factors.filter((f) => f.base.kind !== "delta");
  draft.factors = [...rest.map((f) => renameSlots(f, (l) => renamed.get(l) ?? l)), ...kept];
  return true;
}

/** Labels and positions that δ join, and the size of their axis. */
interface Joined {
  readonly slots: ReadonlySet<Slot>;
  readonly size: Dim;
}

function joinedSlots(factors: readonly Factor[]): Joined[] {
  const classes = new Map<Slot, Set<Slot>>();
  const sizes = new Map<Set<Slot>, Dim>();
  const classOf = (s: Slot): Set<Slot> => {
    let c = classes.get(s);
    if (c === undefined) {
      c = new Set([s]);
      classes.set(s, c);
    }
    return c;
  };
  for (const f of factors) {
    if (f.base.kind !== "delta") continue;
    const [a, b] = f.slots as [Slot, Slot];
    const [p, q] = [classOf(a), classOf(b)];
    sizes.set(p, f.base.axes[0] as Dim);
    if (p === q) continue;
    for (const s of q) {
      p.add(s);
      classes.set(s, p);
    }
  }
  return [...new Set(classes.values())].map((slots) => ({ slots, size: sizes.get(slots) as Dim }));
}

// One of the slots stands for all, a position before a free label before a summed one; what else is free is kept
// equal to it. False where two positions disagree.
function mergeInto(draft: Draft, { slots, size }: Joined, renamed: Map<number, Slot>, kept: Factor[]): boolean {
  const rank = draft.axes.length;
  const [position, ...others] = [...slots].filter((s): s is Dim => typeof s !== "number");
  const labels = labelsOf([...slots]);
  const free = labels.filter((l) => l < rank).sort((a, b) => a - b);
  const summed = labels.filter((l) => l >= rank);
  for (const other of others) {
    const same = comparePositions(position as Dim, other);
    if (same === "different") return false;
    if (same === "unknown") kept.push(deltaFactor([position as Dim, other], size));
  }
  const representative: Slot | undefined = position ?? free[0] ?? summed[0];
  if (representative === undefined) return true;
  for (const s of [...free, ...summed]) if (s !== representative) renamed.set(s, representative);
  for (const s of free) if (s !== representative) kept.push(deltaFactor([representative, s], draft.axes[s] as Dim));
  for (const s of summed) if (s !== representative) draft.summed.delete(s);
  return true;
}

const deltaFactor = (slots: Slot[], dim: Dim): Factor => ({ base: deltaBase(dim), slots: sortSlots(slots), exponent: EXPONENT_ONE });

function comparePositions(a: Dim, b: Dim): "same" | "different" | "unknown" {
  if (a.key === b.key) return "same";
  const [p, q] = [dimSign(subtractDims(a, b)), dimSign(subtractDims(b, a))];
  return p === "positive" || q === "positive" ? "different" : "unknown";
}

/** Contracts blocks and fused axes. "changed" where new δ may have to be applied. */
export function applyStructure(draft: Draft): "zero" | "changed" | "same" {
  const structural = draft.factors.filter((f) => f.base.kind === "block" || f.base.kind === "fuse");
  for (const f of structural) {
    const done = meetOnWhole(draft, structural, f) ?? meetTwin(draft, structural, f) ?? dropLone(draft, f) ?? resolve(draft, f);
    if (done !== undefined) return done;
  }
  return "same";
}

/** What has become of a product by one law; undefined where the law does not apply. */
type Contracted = "zero" | "changed" | undefined;

/** Another block or pair of the same axis: block[k,i] block[k,j] = block[k,i] δ_ij, or 0 where the blocks lie apart. */
function meetOnWhole(draft: Draft, structural: readonly Factor[], f: Factor): Contracted {
  const [whole] = f.slots;
  if (typeof whole !== "number") return undefined;
  for (const g of structural) {
    if (f === g || g.slots[0] !== whole || g.base.kind !== f.base.kind) continue;
    const by = besideOnWhole(structural, f, g);
    if (by === "zero") return "zero";
    if (by === undefined) continue;
    replace(draft, g, by);
    return "changed";
  }
  return undefined;
}

/** What g becomes beside f, which divides the same axis. */
function besideOnWhole(structural: readonly Factor[], f: Factor, g: Factor): readonly Factor[] | "zero" | undefined {
  if (f.base.kind === "block") {
    const relation = compareBlocks(f, g);
    if (relation !== "same") return relation === "apart" ? "zero" : undefined;
  } else if (f.base.axes.some((d, i) => d.key !== g.base.axes[i]?.key)) return associate(structural, f, g);
  return f.slots.slice(1).map((s, i) => deltaFactor([s, g.slots[i + 1] as Slot], f.base.axes[i + 1] as Dim));
}

/** Another pair of the same two labels: Σ_ij fuse[k;j,i] fuse[l;j,i] = δ_kl. */
function meetTwin(draft: Draft, structural: readonly Factor[], f: Factor): Contracted {
  const twin = structural.find((g) => g !== f && isTwin(draft, f, g));
  if (twin === undefined) return undefined;
  const [whole, ...parts] = f.slots;
  for (const s of parts) draft.summed.delete(s as number);
  replace(draft, twin, []);
  replace(draft, f, [deltaFactor([whole as Slot, twin.slots[0] as Slot], f.base.axes[0] as Dim)]);
  return "changed";
}

/** Labels that nothing else carries: Σ_ij fuse[k;j,i] = 1, Σ_k block[k,i] = 1 and Σ_k fuse[k;j,i] = 1. */
function dropLone(draft: Draft, f: Factor): Contracted {
  const [whole, ...parts] = f.slots;
  const arePartsLone = f.base.kind === "fuse" && parts.every((s) => isLone(draft, f, s));
  const dropped = arePartsLone ? parts : isLone(draft, f, whole) ? [whole] : [];
  if (dropped.length === 0) return undefined;
  for (const s of dropped) draft.summed.delete(s as number);
  replace(draft, f, []);
  return "changed";
}

/** Fixed positions on its axes. */
function resolve(draft: Draft, f: Factor): Contracted {
  const resolved = f.base.kind === "block" ? resolveBlock(f) : resolveFuse(f);
  if (resolved === "zero" || resolved === undefined) return resolved;
  replace(draft, f, resolved);
  return "changed";
}

/** Two labels whose pairs are the same pair are the same label: what a diagonal over a fused axis looks like. */
export function joinEqualPairs(draft: Draft): boolean {
  const fuses = draft.factors.filter((f) => f.base.kind === "fuse");
  for (const [at, f] of fuses.entries()) {
    const g = fuses.slice(at + 1).find((h) => h.base === f.base && h.slots[1] === f.slots[1] && h.slots[2] === f.slots[2]);
    if (g === undefined) continue;
    replace(draft, g, [deltaFactor([f.slots[0] as Slot, g.slots[0] as Slot], f.base.axes[0] as Dim)]);
    return true;
  }
  return false;
}

/**
 * A whole axis in two divisions, one of which is divided again: as ((p, q), s) and (r, t) it is
 * p = r and t the pair (q, s), and likewise from the other end. What g is replaced by.
 */
function associate(structural: readonly Factor[], f: Factor, g: Factor): readonly Factor[] | undefined {
  const [, fOuter, fInner] = f.slots as [Slot, Slot, Slot];
  const [, gOuter, gInner] = g.slots as [Slot, Slot, Slot];
  const [, fOuterSize, fInnerSize] = f.base.axes as readonly [Dim, Dim, Dim];
  const [, gOuterSize, gInnerSize] = g.base.axes as readonly [Dim, Dim, Dim];
  for (const h of structural) {
    if (h.base.kind !== "fuse" || typeof h.slots[0] !== "number") continue;
    const [whole, outer, inner] = h.slots as [Slot, Slot, Slot];
    const [, outerSize, innerSize] = h.base.axes as readonly [Dim, Dim, Dim];
    if (whole === fOuter && outerSize.key === gOuterSize.key && multiplyDims(innerSize, fInnerSize).key === gInnerSize.key)
      return [deltaFactor([outer, gOuter], outerSize), fuseFactor(gInnerSize, innerSize, fInnerSize, [gInner, inner, fInner])];
    if (whole === fInner && innerSize.key === gInnerSize.key && multiplyDims(fOuterSize, outerSize).key === gOuterSize.key)
      return [deltaFactor([inner, gInner], innerSize), fuseFactor(gOuterSize, fOuterSize, outerSize, [gOuter, fOuter, outer])];
  }
  return undefined;
}

const fuseFactor = (whole: Dim, outer: Dim, inner: Dim, slots: readonly Slot[]): Factor => ({
  base: fuseBase(whole, outer, inner),
  slots,
  exponent: EXPONENT_ONE,
});

function replace(draft: Draft, old: Factor, by: readonly Factor[]): void {
  draft.factors = flatMap(draft.factors, (f) => (f === old ? by : [f]));
}

/** Σ_ij fuse[k;j,i] fuse[l;j,i] = δ_kl where nothing else carries i and j. */
function isTwin(draft: Draft, f: Factor, g: Factor): boolean {
  if (f.base !== g.base || f.base.kind !== "fuse" || f.slots[1] === f.slots[2]) return false;
  return [1, 2].every((axis) => {
    const s = f.slots[axis] as Slot;
    if (typeof s !== "number" || s < draft.axes.length || g.slots[axis] !== s) return false;
    return draft.factors.every((h) => h === f || h === g || !h.slots.includes(s));
  });
}

const offsetOf = (f: Factor): Dim => (f.base.kind === "block" ? f.base.offset : dimOf(0));

function compareBlocks(f: Factor, g: Factor): "same" | "apart" | "unknown" {
  const [a, b] = [offsetOf(f), offsetOf(g)];
  const [sizeA, sizeB] = [f.base.axes[1] as Dim, g.base.axes[1] as Dim];
  if (a.key === b.key && sizeA.key === sizeB.key) return "same";
  const atLeast = (x: Dim, y: Dim): boolean => {
    const s = dimSign(subtractDims(x, y));
    return s === "positive" || s === "zero";
  };
  return atLeast(b, addDims(a, sizeA)) || atLeast(a, addDims(b, sizeB)) ? "apart" : "unknown";
}

/** A block with a fixed position on either axis. */
function resolveBlock(f: Factor): readonly Factor[] | "zero" | undefined {
  const [whole, part] = f.slots as [Slot, Slot];
  const offset = offsetOf(f);
  if (typeof part !== "number") return [deltaFactor([addDims(offset, part), whole], f.base.axes[0] as Dim)];
  if (typeof whole === "number") return undefined;
  const inside = subtractDims(whole, offset);
  if (dimSign(inside) !== "positive") return dimSign(inside) === undefined ? undefined : "zero";
  const room = dimSign(subtractDims(f.base.axes[1] as Dim, inside));
  if (room === "positive" || room === "zero") return [deltaFactor([inside, part], f.base.axes[1] as Dim)];
  if (room === "nonpositive") return "zero";
  // A literal position lies in a block of symbolic length: the length is taken to reach it.
  return dimConstant(inside) === undefined ? undefined : [deltaFactor([inside, part], f.base.axes[1] as Dim)];
}

/** A fused axis whose parts, or whose whole, are fixed: k = i + (j−1)·(length of i). */
function resolveFuse(f: Factor): readonly Factor[] | undefined {
  const [whole, outer, inner] = f.slots as [Slot, Slot, Slot];
  const length = f.base.axes[2] as Dim;
  if (typeof outer !== "number" && typeof inner !== "number") {
    const k = addDims(inner, multiplyDims(subtractDims(outer, dimOf(1)), length));
    return [deltaFactor([k, whole], f.base.axes[0] as Dim)];
  }
  const [k, n] = [typeof whole === "number" ? undefined : dimConstant(whole), dimConstant(length)];
  if (k === undefined || n === undefined) return undefined;
  return [
    deltaFactor([dimOf(Math.floor((k - 1) / n) + 1), outer], f.base.axes[1] as Dim),
    deltaFactor([dimOf(((k - 1) % n) + 1), inner], length),
  ];
}
