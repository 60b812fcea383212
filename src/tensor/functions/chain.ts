// Laws of products of three and more: A A⁺ A = A, det(P) P⁻¹ u for P = A + u vᵀ. The
// factors of a pattern are found one by one among those of a draft, each by the labels that
// it shares with those found before. And products that are their own transposes, A A⁺.
//
// Invariant: an inner label of the pattern is summed in the draft and carried by nothing
// else there. Not here: laws of one function and one neighbour (laws.ts).

import { divide, multiply, ONE, type Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { canonicalTerm } from "../form/canonical.ts";
import { bracketed, multiplyInto } from "../form/draft.ts";
import { type Base, type Draft, EXPONENT_ONE, type Factor, isUnitExponent, type Slot, sameExponent, type Tensor } from "../form/tensor.ts";
import { substitute } from "./apply.ts";
import { type Bindings, conditionsHold } from "./bindings.ts";
import type { Condition } from "./functionRules.ts";
import { matchFactor, matchTensor, matchTurned } from "./match.ts";

/** A rule whose left side is one product, in normal form. */
export interface ChainLaw {
  readonly pattern: Tensor;
  readonly result: Tensor;
  readonly conditions: readonly Condition[];
}

/** Where the labels of a pattern are in a draft, and which factors have been found. */
interface Place {
  readonly at: Map<number, Slot>;
  readonly used: Set<Factor>;
  readonly bound: Bindings;
  readonly dims: Map<string, Dim>;
}

/** A factor that is looked for: this atom, or a function whose arguments fit a pattern. */
interface Wanted {
  readonly factor: Factor;
  readonly pattern: boolean;
}

/** Replaces a product in the draft that begins with f; whether there was one. */
export function applyChain(draft: Draft, f: Factor, law: ChainLaw, main: Factor, others: readonly Factor[]): boolean {
  if (draft.factors.length <= others.length || !sameExponent(f.exponent, main.exponent)) return false;
  const found = findChain(draft, f, law, main, others);
  if (found === undefined) return false;
  const { used, bound, dims, at, size } = found;
  const rank = law.pattern.axes.length;
  draft.factors = draft.factors.filter((g) => !used.has(g));
  for (const [label, slot] of at) if (label >= rank) draft.summed.delete(slot as number);
  draft.coefficient = divide(draft.coefficient, size);
  const slots = law.pattern.axes.map((_, i) => at.get(i) as Slot);
  multiplyInto(draft, substitute(law.result, bound, { dims }), slots);
  return true;
}

/** The factors of the draft with a product that is its own transpose, beginning with f, turned round; undefined where there is none. */
export function turnedRound(draft: Draft, f: Factor, law: ChainLaw, main: Factor, others: readonly Factor[]): Factor[] | undefined {
  if (draft.factors.length <= others.length || !isUnitExponent(f.exponent)) return undefined;
  const found = findChain(draft, f, law, main, others);
  const [a, b] = [found?.at.get(0), found?.at.get(1)];
  if (found === undefined || a === b || a === undefined || b === undefined) return undefined;
  // A δ puts a fixed position back where it was.
  if ((typeof a !== "number" || typeof b !== "number") && [...found.used].some((g) => g.base.kind === "delta")) return undefined;
  return draft.factors.map((g) => (found.used.has(g) ? { ...g, slots: g.slots.map((s) => (s === a ? b : s === b ? a : s)) } : g));
}

/** Of two directions of such a product the draft gets the one that is first by the term as a whole; whether it was turned. */
export function turnSymmetric(draft: Draft, turned: Factor[] | undefined): boolean {
  if (turned === undefined) return false;
  const rank = draft.axes.length;
  const hashOf = (factors: readonly Factor[]): number => canonicalTerm(ONE, factors, rank, (l) => draft.summed.get(l) as Dim).hash;
  if (hashOf(turned) >= hashOf(draft.factors)) return false;
  draft.factors = turned;
  return true;
}

function findChain(
  draft: Draft,
  f: Factor,
  law: ChainLaw,
  main: Factor,
  others: readonly Factor[],
): (Place & { readonly size: Rational }) | undefined {
  const bound = bindArguments(law, main, f);
  if (bound === undefined) return undefined;
  const wanted: Wanted[] = [];
  let size = ONE;
  let inner = INNER;
  for (const p of others) {
    if (p.base.kind === "function") {
      wanted.push({ factor: p, pattern: true });
      continue;
    }
    const value = p.base.kind === "var" ? bound.get(p.base.variable.name) : undefined;
    const atoms = value === undefined || !isUnitExponent(p.exponent) ? undefined : atomsOf(value);
    if (value === undefined || atoms === undefined) return undefined;
    const first = inner;
    for (const g of atoms.factors) {
      const slots = g.slots.map((s): Slot => (typeof s !== "number" ? s : s < value.axes.length ? (p.slots[s] as Slot) : first + s));
      wanted.push({ factor: { ...g, slots }, pattern: false });
    }
    inner += 1 + value.axes.length + atoms.summed;
    size = multiply(size, atoms.size);
  }
  // A label that nothing carries, as the inner one of (y 1ᵀ)(y 1ᵀ)ᵀ, would count for one instead of for its size.
  const carried = new Set([main, ...wanted.map((w) => w.factor)].flatMap((g) => g.slots));
  if (others.some((p) => p.slots.some((s) => !carried.has(s)))) return undefined;
  for (const slots of orders(f)) {
    const place: Place = { at: new Map(), used: new Set([f]), bound: new Map(bound), dims: new Map() };
    if (!meets(draft, law, place, main, slots)) continue;
    noteDims(place, main.base, f.base);
    const whole = find(draft, law, wanted, place);
    if (whole !== undefined) return { ...whole, size };
  }
  return undefined;
}

/** Labels within what a parameter stands for are numbered from here. */
const INNER = 1000;

/** The factors that make up a value, and its number. */
function atomsOf(value: Tensor): { factors: readonly Factor[]; size: Rational; summed: number } | undefined {
  const [term, ...more] = value.terms;
  if (term === undefined) return undefined;
  if (more.length === 0) return { factors: term.factors, size: term.coefficient, summed: term.summed.length };
  const { coefficient, factors } = bracketed(value, EXPONENT_ONE);
  return { factors, size: coefficient, summed: 0 };
}

/** The arguments of an atom against those of the pattern. */
function bindArguments(law: ChainLaw, model: Factor, f: Factor): Bindings | undefined {
  if (model.base.kind !== "function" || f.base.kind !== "function" || model.slots.length !== f.slots.length) return undefined;
  const { args } = f.base;
  const bound: Bindings = new Map();
  return model.base.args.every((p, i) => matchTensor(p, args[i] as Tensor, bound)) && conditionsHold(law.conditions, bound)
    ? bound
    : undefined;
}

const orders = (f: Factor): (readonly Slot[])[] =>
  f.base.symmetric && f.slots.length === 2 ? [f.slots, [...f.slots].reverse()] : [f.slots];

/** Backtracking search for the factors that are left. */
function find(draft: Draft, law: ChainLaw, left: readonly Wanted[], place: Place): Place | undefined {
  if (left.length === 0) return isClosed(draft, law, place) ? place : undefined;
  const known = (w: Wanted): boolean => w.factor.slots.some((s) => typeof s === "number" && place.at.has(s));
  const next = left.find(known) ?? (left[0] as Wanted);
  const rest = left.filter((w) => w !== next);
  for (const g of draft.factors) {
    if (place.used.has(g) || g.slots.length !== next.factor.slots.length || !sameExponent(g.exponent, next.factor.exponent)) continue;
    if (!next.pattern && g.base !== next.factor.base) continue;
    for (const slots of next.pattern && g.slots.length === 2 ? [g.slots, [...g.slots].reverse()] : orders(g)) {
      const trial: Place = {
        at: new Map(place.at),
        used: new Set([...place.used, g]),
        bound: new Map(place.bound),
        dims: new Map(place.dims),
      };
      if (!meets(draft, law, trial, next.factor, slots)) continue;
      if (next.pattern && !fits(next.factor, g, slots === g.slots, trial)) continue;
      const whole = find(draft, law, rest, trial);
      if (whole !== undefined) return whole;
    }
  }
  return undefined;
}

function fits(pattern: Factor, g: Factor, straight: boolean, place: Place): boolean {
  noteDims(place, pattern.base, straight ? g.base : { axes: [...g.base.axes].reverse() });
  return straight || g.base.symmetric ? matchFactor(pattern, g, place.bound) : matchTurned(pattern, g, place.bound);
}

function noteDims(place: Place, model: Base, actual: { readonly axes: readonly Dim[] }): void {
  model.axes.forEach((d, i) => {
    const is = actual.axes[i];
    if (is !== undefined) place.dims.set(d.key, is);
  });
}

/** Notes where the labels of a pattern's factor are; whether that agrees with what is known. */
function meets(draft: Draft, law: ChainLaw, place: Place, model: Factor, slots: readonly Slot[]): boolean {
  const rank = law.pattern.axes.length;
  return model.slots.every((s, i) => {
    const t = slots[i] as Slot;
    if (typeof s !== "number") return typeof t !== "number" && t.key === s.key;
    const known = place.at.get(s);
    if (known !== undefined) return known === t;
    if (s >= rank && !(typeof t === "number" && t >= draft.axes.length && ![...place.at.values()].includes(t))) return false;
    place.at.set(s, t);
    return true;
  });
}

/** Whether the inner labels are carried by the factors found and by nothing else. */
function isClosed(draft: Draft, law: ChainLaw, { at, used }: Place): boolean {
  const rank = law.pattern.axes.length;
  const inner = [...at].flatMap(([label, slot]) => (label >= rank ? [slot] : []));
  const ends = [...at].flatMap(([label, slot]) => (label < rank ? [slot] : []));
  if (ends.length < rank || inner.some((s) => ends.includes(s))) return false;
  return draft.factors.every((g) => used.has(g) || !g.slots.some((s) => inner.includes(s)));
}
