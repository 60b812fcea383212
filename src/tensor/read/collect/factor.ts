// Common factors of a sum, at tensor level, where they need not stand at an end of a product:
// A x + Aᵀ x = (A + Aᵀ) x, s u − s v = s (u − v). Which factors stand in several summands alike,
// and which of them promise most.
//
// Invariant: every sum is the same value. Not here: how a factor is pulled out (pulled.ts), a
// matrix that is a summand (commonEnds.ts), parts on axes of their own (commonParts.ts).

import { flatMap } from "../../../base/list.ts";
import type { Base, Factor, Tensor, Term } from "../../form/tensor.ts";
import { opened } from "../../simplify/contraction.ts";
import { commonEnds } from "./commonEnds.ts";
import { commonBlocks } from "./commonParts.ts";
import { type Occurrence, pullOut, sideOf } from "./pulled.ts";

/** A factor that several summands share, by where it stands in each. */
export interface Candidate {
  readonly occurrences: readonly Occurrence[];
  readonly weight: number;
}

/** Puts factors found inside contractions behind all others. */
const CLOSED = 1000;
/** Puts factors of every summand before all others. */
const WHOLE = 1000;

/** The sum with one common factor pulled out, for the most promising few factors, best first. */
export function factorings(tensor: Tensor, most: number): Tensor[] {
  return [...commonFactors(tensor, most), ...commonEnds(tensor), ...commonBlocks(tensor)];
}

function commonFactors(tensor: Tensor, most: number): Tensor[] {
  if (tensor.terms.length < 2 || tensor.terms.length > 24) return [];
  const rank = tensor.axes.length;
  const places = shared(tensor.terms.map((of) => placesIn(of, rank)));
  if (places.every((own) => own.length === 0)) return [];
  const byPlace = groupedBy(places, (f, term) => placeOf(f, term, rank));
  // X′1 − X′v is X′(1 − v): what is summed alone in one term meets others in another.
  const wider = groupedBy(places, (f, term) =>
    f.slots.length < 2 ? undefined : placeOf(f, term, rank)?.replaceAll(/own|shared/gu, "inner"),
  );
  const mixed = [...wider.values()].filter((o) => isMixed(o, rank));
  const isWhole = (o: readonly Occurrence[]): boolean => o.length === tensor.terms.length;
  return flatMap([...promising([...byPlace.values()], most, isWhole), ...promising(mixed, 1, () => false)], (c) =>
    pullOut(tensor, c.occurrences),
  );
}

/** The factors that stand in several summands, the most promising first, and first of all those of every summand. */
function promising(lists: readonly (readonly Occurrence[])[], most: number, isWhole: (o: readonly Occurrence[]) => boolean): Candidate[] {
  const candidates: Candidate[] = [];
  for (const occurrences of lists) {
    if (occurrences.length < 2) continue;
    const first = occurrences[0] as Occurrence;
    const f = first.term.factors[first.index] as Factor;
    // What stands inside a contraction, x of a·x, comes after what stands in the open.
    const closed = occurrences.some((o) => o.term !== o.of);
    candidates.push({
      occurrences,
      weight: (occurrences.length - 1) * (1 + f.slots.length) - (closed ? CLOSED : 0) + (!closed && isWhole(occurrences) ? WHOLE : 0),
    });
  }
  candidates.sort((a, b) => b.weight - a.weight);
  return candidates.slice(0, most);
}

/** The factors of a term, and behind them those inside its contractions that stand on labels. */
function placesIn(of: Term, rank: number): Occurrence[] {
  const term = rank === 0 ? of : opened(of, rank);
  const plain = of.factors.map((_, index) => ({ term: of, of, index }));
  if (term === of) return plain;
  const inside = flatMap(term.factors, (f, index) => (f.slots.length > 0 && !of.factors.includes(f) ? [{ term, of, index }] : []));
  return [...plain, ...inside];
}

/** The places of atoms that stand in several terms. */
function shared(places: readonly (readonly Occurrence[])[]): Occurrence[][] {
  const baseOf = ({ term, index }: Occurrence): Base => (term.factors[index] as Factor).base;
  const first = new Map<Base, number>();
  const several = new Set<Base>();
  for (const [at, own] of places.entries())
    for (const place of own) {
      const base = baseOf(place);
      const known = first.get(base);
      if (known === undefined) first.set(base, at);
      else if (known !== at) several.add(base);
    }
  return places.map((own) => own.filter((place) => several.has(baseOf(place))));
}

/** The factors of all terms by a key, each key once a term. */
function groupedBy(
  places: readonly (readonly Occurrence[])[],
  keyOf: (f: Factor, term: Term) => string | undefined,
): Map<string, Occurrence[]> {
  const groups = new Map<string, Occurrence[]>();
  for (const own of places) {
    const seen = new Set<string>();
    for (const place of own) {
      const key = keyOf(place.term.factors[place.index] as Factor, place.term);
      if (key === undefined || seen.has(key)) continue;
      seen.add(key);
      const list = groups.get(key);
      if (list === undefined) groups.set(key, [place]);
      else list.push(place);
    }
  }
  return groups;
}

/** Whether the places of the occurrences differ. */
const isMixed = (occurrences: readonly Occurrence[], rank: number): boolean =>
  new Set(occurrences.map(({ term, index }) => placeOf(term.factors[index] as Factor, term, rank))).size > 1;

/** Two occurrences with equal place can be pulled out together: same atom, same free labels, same labels shared with the rest, labels repeated alike. */
function placeOf(f: Factor, term: Term, rank: number): string | undefined {
  if (f.base.kind === "delta" && f.slots.every((s) => typeof s === "number" && s < rank)) return undefined;
  // tr A is not sum(A): where a label stands first tells two axes on it from two labels.
  const slots = f.slots.map((s) => {
    if (typeof s !== "number") return `=${s.key}`;
    if (s < rank) return `${s}`;
    return `${term.factors.some((g) => g !== f && g.slots.includes(s)) ? "shared" : "own"}${f.slots.indexOf(s)}`;
  });
  return `${f.base.id}|${sideOf(f.exponent)}|${slots.join(",")}`;
}
