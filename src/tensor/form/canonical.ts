// Canonical names for summed labels: colour refinement over the graph whose vertices are
// labels and whose hyperedges are factors; ties are broken by trying the members of the
// first tied class and keeping the smallest text.
//
// Invariant: the order found depends on the content of the term alone, so x′Ay and y′A′x
// get the same text. Past a fixed number of trials the first labelling found is kept,
// which is still correct, only no longer guaranteed to be unique.

import { hashNumbers, hashText } from "../../base/hash.ts";
import type { Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { type Base, exponentHash, exponentKey, type Factor, type Slot, type Term, turnsFreely } from "./tensor.ts";

const MOST_TRIALS = 240;

interface Hashed {
  readonly factor: Factor;
  readonly hash: number;
}

/** A factor on its final labels. */
interface Written extends Hashed {
  readonly slots: string;
}

const hashed = (factor: Factor): Hashed => ({ factor, hash: hashNumbers([factor.base.hash, exponentHash(factor.exponent)]) });

function written({ factor, hash }: Hashed, rename: (label: number) => number): Written {
  const renamed = renameSlots(factor, rename);
  return { factor: renamed, hash, slots: slotsText(renamed.slots) };
}

const FREE_COLOURS: number[] = [];
const freeColour = (label: number): number => {
  FREE_COLOURS[label] ??= hashText(`free ${label}`);
  return FREE_COLOURS[label] as number;
};

/** Relabels the summed labels canonically, sorts the factors and forms the term. */
export function canonicalTerm(coefficient: Rational, factors: readonly Factor[], rank: number, dimOfLabel: (label: number) => Dim): Term {
  const all = factors.map(hashed);
  const labels = summedLabels(factors, rank);
  const order = labels.length < 2 ? labels : bestOrder(all, labels, rank);
  return termOf(coefficient, inOrder(all, order, rank), order.map(dimOfLabel), rank);
}

// Summed dimensions belong to the text only where no factor shows them; every summed label has a factor.
const termOf = (coefficient: Rational, parts: readonly Written[], summed: readonly Dim[], rank: number): Term => ({
  coefficient,
  factors: parts.map((p) => p.factor),
  summed,
  body: parts.map(({ factor, slots }) => `${factor.base.id}[${slots}]^${exponentKey(factor.exponent)}`).join("·"),
  hash: hashNumbers(hashesOf(parts, rank)),
});

/** A term with other numbers among its factors: what stands on labels is as it was, and so are the names of the labels. */
export function withNumbers({ coefficient, summed }: Term, factors: readonly Factor[], rank: number): Term {
  const parts = factors.map((f) => ({ ...hashed(f), slots: slotsText(f.slots) }));
  return termOf(coefficient, parts.sort(compareWritten), summed, rank);
}

function hashesOf(parts: readonly Written[], rank: number): number[] {
  const hashes = [rank];
  for (const p of parts) hashes.push(p.hash, hashText(p.slots));
  return hashes;
}

/** The factors with the summed labels named in an order, sorted. */
function inOrder(factors: readonly Hashed[], order: readonly number[], rank: number): Written[] {
  const place = (label: number): number => {
    const at = label < rank ? -1 : order.indexOf(label);
    return at < 0 ? label : rank + at;
  };
  return factors.map((f) => written(f, place)).sort(compareWritten);
}

function summedLabels(factors: readonly Factor[], rank: number): number[] {
  const found = new Set<number>();
  for (const f of factors) for (const s of f.slots) if (typeof s === "number" && s >= rank) found.add(s);
  return [...found];
}

/** The factor on other labels; slots that may be exchanged are sorted. */
export function renameSlots(factor: Factor, rename: (label: number) => Slot): Factor {
  let changed = false;
  let slots = factor.slots.map((s) => {
    if (typeof s !== "number") return s;
    const t = rename(s);
    if (t !== s) changed = true;
    return t;
  });
  if (turnsFreely(factor)) {
    const sorted = sortSlots(slots);
    if (sorted !== slots) {
      slots = sorted;
      changed = true;
    }
  }
  return changed ? { base: factor.base, slots, exponent: factor.exponent } : factor;
}

/** A factor of an inner tensor, where that tensor stands on some slots. */
export const onSlots = (factor: Factor, slots: readonly Slot[]): Factor => renameSlots(factor, (l) => slots[l] as Slot);

/** Positions first, then labels ascending. */
export function sortSlots(slots: Slot[]): Slot[] {
  const [a, b] = slots;
  if (slots.length !== 2 || a === undefined || b === undefined) return slots;
  return compareSlots(a, b) > 0 ? [b, a] : slots;
}

function compareSlots(a: Slot, b: Slot): number {
  if (typeof a === "number") return typeof b === "number" ? a - b : 1;
  return typeof b === "number" ? -1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** The labels of a factor as text: equal texts are equal labels in one order. */
export function slotsText(slots: readonly Slot[]): string {
  let text = "";
  for (const s of slots) text += `${text === "" ? "" : ","}${typeof s === "number" ? s : `=${s.key}`}`;
  return text;
}

const compareWritten = (a: Written, b: Written): number =>
  a.hash !== b.hash ? a.hash - b.hash : a.slots < b.slots ? -1 : a.slots > b.slots ? 1 : 0;

function bestOrder(factors: readonly Hashed[], labels: readonly number[], rank: number): number[] {
  const refined = (start: ReadonlyMap<number, number>) => {
    const colours = refine(factors, labels, rank, start);
    const sorted = [...labels].sort((a, b) => (colours.get(a) as number) - (colours.get(b) as number));
    return { colours, sorted, tied: firstTie(sorted, colours) };
  };
  const first = refined(new Map(labels.map((l) => [l, 1])));
  // The colours alone tell most labels apart.
  if (first.tied.length === 0) return first.sorted;
  let trials = 0;
  let best: { text: string; order: number[] } | undefined;
  const explore = ({ colours, sorted, tied }: ReturnType<typeof refined>): void => {
    if (tied.length === 0) {
      trials++;
      const text = labellingText(factors, sorted, rank);
      if (best === undefined || text < best.text) best = { text, order: sorted };
      return;
    }
    for (const label of tied) {
      if (trials >= MOST_TRIALS) return;
      const next = new Map(colours);
      next.set(label, hashNumbers([colours.get(label) as number, 1]));
      explore(refined(next));
    }
  };
  explore(first);
  return best === undefined ? [...labels] : (best as { order: number[] }).order;
}

function firstTie(sorted: readonly number[], colours: ReadonlyMap<number, number>): number[] {
  for (let i = 1; i < sorted.length; i++) {
    const colour = colours.get(sorted[i] as number);
    if (colours.get(sorted[i - 1] as number) !== colour) continue;
    return sorted.filter((l) => colours.get(l) === colour);
  }
  return [];
}

const labellingText = (factors: readonly Hashed[], order: readonly number[], rank: number): string =>
  inOrder(factors, order, rank)
    .map((w) => `${w.hash}[${w.slots}]`)
    .join("");

/** Refines colours of summed labels by the factors they meet until no class splits any more. */
function refine(
  factors: readonly Hashed[],
  labels: readonly number[],
  rank: number,
  start: ReadonlyMap<number, number>,
): Map<number, number> {
  let colours = new Map(start);
  let classes = new Set(colours.values()).size;
  for (;;) {
    const incidences = new Map<number, number[]>(labels.map((l) => [l, []]));
    const colourOf = (s: Slot): number => (typeof s !== "number" ? hashText(s.key) : s < rank ? freeColour(s) : (colours.get(s) as number));
    for (const { factor, hash } of factors) {
      const slotColours = factor.slots.map(colourOf);
      factor.slots.forEach((s, axis) => {
        if (typeof s !== "number" || s < rank) return;
        const rest = turnsFreely(factor) ? [slotColours[1 - axis] ?? 0] : [axis, ...slotColours];
        (incidences.get(s) as number[]).push(hashNumbers([hash, ...rest]));
      });
    }
    const next = new Map<number, number>();
    for (const [label, seen] of incidences) next.set(label, hashNumbers([colours.get(label) as number, ...seen.sort((a, b) => a - b)]));
    const count = new Set(next.values()).size;
    colours = next;
    if (count === classes) return colours;
    classes = count;
    if (count === labels.length) return colours;
  }
}

/** Text of a factor without its exponent, by which equal factors of one term are found. */
export const placeKey = (base: Base, slots: readonly Slot[]): string => `${base.id}[${slotsText(slots)}]`;
