// Common factors of a sum, pulled out at tensor level, where they need not stand at an
// end of a product: A x + Aᵀ x = (A + Aᵀ) x, s u − s v = s (u − v).

import { flatMap } from "../../base/list.ts";
import { compare, isZero, sign, subtract } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../algebra.ts";
import { renameSlots } from "../canonical.ts";
import { createDraft, draftOf, freshLabel, multiplyInto, withPowerAt } from "../draft.ts";
import { product } from "../product.ts";
import {
  type Base,
  deltaBase,
  EXPONENT_ONE,
  type Exponent,
  exponentOf,
  type Factor,
  internTensor,
  isUnitExponent,
  type Slot,
  type Tensor,
  type Term,
} from "../tensor.ts";
import { commonBlocks } from "./blocks.ts";
import { divided } from "./quotient.ts";

interface Occurrence {
  /** The summand, its closed contractions opened. */
  readonly term: Term;
  /** The summand as it stands. */
  readonly of: Term;
  readonly index: number;
}

interface Candidate {
  readonly occurrences: readonly Occurrence[];
  readonly weight: number;
}

/** Puts factors found inside contractions behind all others. */
const CLOSED = 1000;

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
  return flatMap([...promising([...byPlace.values()], most), ...promising(mixed, 1)], (c) => pullOut(tensor, c));
}

/** The factors that stand in several summands, the most promising first. */
function promising(lists: readonly (readonly Occurrence[])[], most: number): Candidate[] {
  const candidates: Candidate[] = [];
  for (const occurrences of lists) {
    if (occurrences.length < 2) continue;
    const first = occurrences[0] as Occurrence;
    const f = first.term.factors[first.index] as Factor;
    // What stands inside a contraction, x of a·x, comes after what stands in the open.
    const closed = occurrences.some((o) => o.term !== o.of);
    candidates.push({ occurrences, weight: (occurrences.length - 1) * (1 + f.slots.length) - (closed ? CLOSED : 0) });
  }
  candidates.sort((a, b) => b.weight - a.weight);
  return candidates.slice(0, most);
}

/** The term with its closed contractions multiplied in, on labels of their own. */
function opened(term: Term, rank: number): Term {
  if (rank === 0 || !term.factors.some(isContraction)) return term;
  const summed = [...term.summed];
  const factors = flatMap(term.factors, (f) => {
    const inner = isContraction(f) ? f.base.tensor.terms[0] : undefined;
    if (inner === undefined) return [f];
    const first = rank + summed.length;
    summed.push(...inner.summed);
    return inner.factors.map((g) => renameSlots(g, (l) => first + l));
  });
  return { ...term, factors, summed };
}

const isContraction = (f: Factor): f is Factor & { base: { kind: "group" } } =>
  f.base.kind === "group" && f.slots.length === 0 && isUnitExponent(f.exponent);

/** The factors of a term, and behind them those inside its contractions that stand on labels. */
function placesIn(of: Term, rank: number): Occurrence[] {
  const term = opened(of, rank);
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

/** Two occurrences with equal place can be pulled out together: same atom, same free labels, same labels shared with the rest. */
function placeOf(f: Factor, term: Term, rank: number): string | undefined {
  if (f.base.kind === "delta" && f.slots.every((s) => typeof s === "number" && s < rank)) return undefined;
  const slots = f.slots.map((s) => {
    if (typeof s !== "number") return `=${s.key}`;
    if (s < rank) return `${s}`;
    return term.factors.some((g) => g !== f && g.slots.includes(s)) ? "shared" : "own";
  });
  return `${f.base.id}|${sideOf(f.exponent)}|${slots.join(",")}`;
}

/** Powers of one atom share their lower power; powers above and below a fraction line do not. */
const sideOf = ({ symbolic, rational }: Exponent): string => (symbolic === undefined ? `${sign(rational)}` : `${symbolic.id}`);

/** The exponent nearest to zero. */
function commonExponent(exponents: readonly Exponent[]): Exponent {
  const [first, ...rest] = exponents as [Exponent, ...Exponent[]];
  if (first.symbolic !== undefined) return rest.reduce((a, b) => (compare(b.rational, a.rational) < 0 ? b : a), first);
  const below = sign(first.rational) < 0;
  return rest.reduce((a, b) => (compare(b.rational, a.rational) < 0 !== below ? b : a), first);
}

function pullOut(tensor: Tensor, candidate: Candidate): Tensor[] {
  const rank = tensor.axes.length;
  const { occurrences } = candidate;
  const factors = occurrences.map((o) => o.term.factors[o.index] as Factor);
  const common = commonExponent(factors.map((f) => f.exponent));
  const [model] = factors as [Factor, ...Factor[]];
  const [modelTerm] = occurrences.map((o) => o.term) as [Term, ...Term[]];
  // The labels shared with the rest become axes of the quotient, in front of the free ones.
  const shared: Dim[] = [];
  const seen = new Set<number>();
  const meets = (f: Factor, term: Term, s: Slot): boolean =>
    typeof s === "number" && s >= rank && term.factors.some((g) => g !== f && g.slots.includes(s));
  const isOpen = model.slots.map((_, p) =>
    occurrences.some(({ term }, i) => meets(factors[i] as Factor, term, factors[i]?.slots[p] as Slot)),
  );
  const openLabels = (f: Factor): number[] => [
    ...new Set(f.slots.filter((s, p): s is number => isOpen[p] === true && typeof s === "number" && s >= rank)),
  ];
  for (const l of openLabels(model)) {
    if (seen.has(l)) continue;
    seen.add(l);
    shared.push(modelTerm.summed[l - rank] as Dim);
  }
  const axes = [...shared, ...tensor.axes];
  const quotients: Tensor[] = [];
  for (const [i, { term, index }] of occurrences.entries()) {
    const f = factors[i] as Factor;
    const open = openLabels(f);
    if (open.length !== shared.length || !samePattern(f, open, model, [...seen])) return [];
    const left = subtract(f.exponent.rational, common.rational);
    const quick =
      f.slots.length === 0 && term === occurrences[i]?.of ? divided(term, withPowerAt(term.factors, index, left), rank) : undefined;
    if (quick !== undefined) {
      quotients.push(internTensor(axes, [quick]));
      continue;
    }
    const draft = createDraft(axes, term.coefficient);
    const rename = new Map<number, number>(open.map((l, k) => [l, k]));
    const slotOf = (s: Slot): Slot => {
      if (typeof s !== "number") return s;
      if (s < rank) return s + shared.length;
      let to = rename.get(s);
      if (to === undefined) {
        to = freshLabel(draft, term.summed[s - rank] as Dim);
        rename.set(s, to);
      }
      return to;
    };
    term.factors.forEach((g, k) => {
      if (k !== index) draft.factors.push({ ...g, slots: g.slots.map(slotOf) });
    });
    // Σ_i y_i² is not Σ_i y_i times anything: a label of its own belongs to the whole power.
    if (!isZero(left) && f.slots.some((s) => typeof s === "number" && s >= rank && !open.includes(s))) return [];
    if (!isZero(left)) draft.factors.push({ ...f, slots: f.slots.map(slotOf), exponent: exponentOf(left) });
    quotients.push(product(draft));
  }
  const { numbers, inner } = withoutNumbers(addTensors(axes, quotients));
  const draft = createDraft(tensor.axes);
  draft.factors.push(...numbers);
  const fresh = new Map<number, number>([...seen].map((l) => [l, freshLabel(draft, modelTerm.summed[l - rank] as Dim)]));
  for (const s of model.slots) {
    if (typeof s === "number" && s >= rank && !fresh.has(s)) fresh.set(s, freshLabel(draft, modelTerm.summed[s - rank] as Dim));
  }
  draft.factors.push({ ...model, slots: model.slots.map((s) => (typeof s === "number" ? (fresh.get(s) ?? s) : s)), exponent: common });
  multiplyInto(draft, inner, [...[...seen].map((l) => fresh.get(l) as number), ...tensor.axes.map((_, i) => i)]);
  const rest = tensor.terms.filter((t) => !occurrences.some((o) => o.of === t));
  const pulled = addTensors(tensor.axes, [product(draft), internTensor(tensor.axes, rest)]);
  return pulled === tensor ? [] : [pulled];
}

/** The numbers that all summands have as factors, and what is left: they go out together, so that √a x − √a y over √b is √(a/b) (x − y). */
function withoutNumbers(tensor: Tensor): { readonly numbers: readonly Factor[]; readonly inner: Tensor } {
  const [first, ...others] = tensor.terms;
  if (first === undefined || others.length === 0) return { numbers: [], inner: tensor };
  const numbers = first.factors.flatMap((f) => commonNumber(f, others) ?? []);
  if (numbers.length === 0) return { numbers, inner: tensor };
  const parts = tensor.terms.map((t) => {
    const left = t.factors.flatMap((f) => dividedBy(f, numbers));
    const quick = divided(t, left, tensor.axes.length);
    if (quick !== undefined) return internTensor(tensor.axes, [quick]);
    return product(draftOf(tensor.axes, { ...t, factors: left }));
  });
  return { numbers, inner: addTensors(tensor.axes, parts) };
}

/** The power of a number that all the terms have as a factor. */
function commonNumber(f: Factor, terms: readonly Term[]): Factor | undefined {
  if (f.slots.length > 0) return undefined;
  const exponents = [f.exponent];
  for (const { factors } of terms) {
    const g = factors.find((other) => other.slots.length === 0 && other.base === f.base && sideOf(other.exponent) === sideOf(f.exponent));
    if (g === undefined) return undefined;
    exponents.push(g.exponent);
  }
  return { ...f, exponent: commonExponent(exponents) };
}

/** What is left of a factor once a power of it is taken away. */
function dividedBy(f: Factor, numbers: readonly Factor[]): Factor[] {
  const taken = numbers.find((n) => f.slots.length === 0 && n.base === f.base && sideOf(n.exponent) === sideOf(f.exponent));
  if (taken === undefined) return [f];
  const left = subtract(f.exponent.rational, taken.exponent.rational);
  return isZero(left) ? [] : [{ ...f, exponent: exponentOf(left) }];
}

/** Whether the factor meets its open labels at the same places as the model does. */
function samePattern(f: Factor, open: readonly number[], model: Factor, modelOpen: readonly number[]): boolean {
  const pattern = (g: Factor, labels: readonly number[]): string =>
    g.slots.map((s) => (typeof s === "number" ? labels.indexOf(s) : -2)).join(",");
  return pattern(f, open) === pattern(model, modelOpen);
}

/** A + A X as A (I + X): a matrix that is a whole term and an end of others. */
function commonEnds(tensor: Tensor): Tensor[] {
  if (tensor.axes.length !== 2 || tensor.terms.length < 2 || tensor.terms.length > 24) return [];
  for (const whole of tensor.terms) {
    const matrix = whole.factors.find((f) => isEnd(f, 0) && isEnd(f, 1));
    if (matrix === undefined) continue;
    for (const end of [0, 1]) {
      if (whole.factors.some((f) => f !== matrix && f.slots.includes(end))) continue;
      const pulled = pullEnd(tensor, whole, matrix, end);
      if (pulled !== undefined) return [pulled];
    }
  }
  return [];
}

const isEnd = (f: Factor, label: number): boolean =>
  f.slots.length === 2 && f.slots.includes(label) && isUnitExponent(f.exponent) && f.base.kind !== "delta";

/** Pulls the matrix out where it meets the free label `end` with the same axis; the whole term leaves an identity. */
function pullEnd(tensor: Tensor, whole: Term, matrix: Factor, end: number): Tensor | undefined {
  const axis = matrix.slots.indexOf(end);
  const fits = (f: Factor): boolean => isEnd(f, end) && f.base === matrix.base && (f.base.symmetric || f.slots.indexOf(end) === axis);
  const { axes } = tensor;
  const otherSlot = (g: Factor): Slot => g.slots[1 - g.slots.indexOf(end)] as Slot;
  // A term in which something else carries the end as well keeps its matrix.
  const endOf = (term: Term): Factor | undefined => {
    if (term === whole) return matrix;
    const f = term.factors.find((g) => fits(g) && typeof otherSlot(g) === "number" && (otherSlot(g) as number) > 1);
    return f === undefined || term.factors.some((g) => g !== f && g.slots.includes(end)) ? undefined : f;
  };
  const ends = new Map(tensor.terms.map((term) => [term, endOf(term)]));
  const rest = tensor.terms.filter((term) => ends.get(term) === undefined);
  if (tensor.terms.length - rest.length < 2) return undefined;
  // The axis `end` of the quotient is where the matrix was attached.
  const inner = axes.map((d, i) => (i === end ? (axes[1 - end] as Dim) : d));
  const quotients: Tensor[] = [];
  for (const [term, f] of ends) {
    if (f === undefined) continue;
    const draft = createDraft(inner, term.coefficient);
    const open = otherSlot(f) as number;
    const to = new Map<number, Slot>([[open, end]]);
    const slotOf = (s: Slot): Slot => {
      if (typeof s !== "number" || s < 2) return s;
      let t = to.get(s);
      if (t === undefined) {
        t = freshLabel(draft, term.summed[s - 2] as Dim);
        to.set(s, t);
      }
      return t;
    };
    for (const g of term.factors) if (g !== f) draft.factors.push({ ...g, slots: g.slots.map(slotOf) });
    if (term === whole) draft.factors.push({ base: deltaBase(axes[1 - end] as Dim), slots: [0, 1], exponent: EXPONENT_ONE });
    quotients.push(product(draft));
  }
  const draft = createDraft(axes);
  const middle = freshLabel(draft, axes[1 - end] as Dim);
  const slots = [middle, middle];
  slots[axis] = end;
  draft.factors.push({ ...matrix, slots });
  multiplyInto(draft, addTensors(inner, quotients), end === 0 ? [middle, 1] : [0, middle]);
  return addTensors(axes, [product(draft), internTensor(axes, rest)]);
}
