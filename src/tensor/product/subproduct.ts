// What of a product makes up a given value: the factors of a draft that are a matrix where
// another factor meets it, or a vector or a number on some slots. Laws take these away.
//
// Invariant: a part that is found is closed: nothing outside of it carries its inner labels.

import { flatMap } from "../../base/list.ts";
import { compare, divide, equals, multiply, ONE, type Rational, rational, sign, subtract } from "../../base/rational.ts";
import { slotsText } from "../form/canonical.ts";
import { bracketed, isSummed } from "../form/draft.ts";
import {
  type Draft,
  EXPONENT_ONE,
  type Exponent,
  exponentOf,
  type Factor,
  isUnitExponent,
  isZeroExponent,
  type Slot,
  sameExponent,
  type Tensor,
  type Term,
} from "../form/tensor.ts";

/** The factors of the draft that carry a label. */
export const carriersOf = (draft: Draft, label: number): Factor[] => draft.factors.filter((f) => f.slots.includes(label));

/** Factors that make up a matrix. */
export interface Part {
  readonly factors: readonly Factor[];
  /** Labels summed inside. */
  readonly inner: readonly number[];
  /** Where the axis of the matrix that does not meet f is attached. */
  readonly other: Slot;
  /** The coefficient that the matrix has and the part has not. */
  readonly size: Rational;
}

/** Factors of the draft that make up a matrix whose `axis` is attached to the label where f meets it. */
export function findPart(draft: Draft, f: Factor, matrix: Tensor, axis: number, meeting: number): Part | undefined {
  // On its diagonal f(A)[k,k] meets A[i,k] in no product of matrices.
  if (matrix.axes.length !== 2 || f.slots.filter((s) => s === meeting).length > 1) return undefined;
  const around = carriersOf(draft, meeting);
  const [term, ...more] = matrix.terms;
  if (term === undefined) return undefined;
  if (more.length > 0) {
    const { coefficient, factors } = bracketed(matrix, EXPONENT_ONE);
    const [wanted] = factors as [Factor];
    const [g, ...others] = around.filter((h) => h !== f);
    if (g === undefined || others.length > 0 || g.base !== wanted.base || !isUnitExponent(g.exponent) || wanted.slots.length !== 2)
      return undefined;
    const place = g.base.symmetric ? g.slots.indexOf(meeting) : wanted.slots.indexOf(axis);
    if (g.slots[place] !== meeting || g.slots[1 - place] === meeting) return undefined;
    return { factors: [g], inner: [], other: g.slots[1 - place] as Slot, size: coefficient };
  }
  return unify(draft, f, term, axis, meeting);
}

/** The factors of the draft that a matrix is made of, from where it meets f. */
function unify(draft: Draft, f: Factor, term: Term, axis: number, meeting: number): Part | undefined {
  const found = matchParts(draft, new Set([f]), term, new Map([[axis, meeting]]));
  if (found === undefined) return undefined;
  const { used, at } = found;
  const other = at.get(1 - axis);
  const inner = [...at].flatMap(([label, slot]) => (label > 1 ? [slot] : []));
  if (other === undefined || other === meeting || !inner.every((s) => isSummed(draft, s))) return undefined;
  const closed = [meeting, ...(inner as number[])];
  if (closed.some((label) => carriersOf(draft, label).some((g) => g !== f && !used.has(g)))) return undefined;
  return { factors: [...used], inner: inner as number[], other, size: term.coefficient };
}

/** Backtracking match of the factors of a term against those of the draft but some; labels correspond one to one. */
function matchParts(
  draft: Draft,
  others: ReadonlySet<Factor>,
  term: Term,
  known: ReadonlyMap<number, Slot>,
): { readonly used: ReadonlySet<Factor>; readonly at: ReadonlyMap<number, Slot> } | undefined {
  const used = new Set<Factor>();
  const at = new Map<number, Slot>(known);
  const step = (left: readonly Factor[]): boolean => {
    if (left.length === 0) return true;
    const next = left.find((p) => p.slots.some((s) => typeof s === "number" && at.has(s))) ?? (left[0] as Factor);
    for (const g of draft.factors) {
      if (others.has(g) || used.has(g) || g.base !== next.base || !sameExponent(g.exponent, next.exponent)) continue;
      for (const slots of g.base.symmetric && g.slots.length === 2 ? [g.slots, [...g.slots].reverse()] : [g.slots]) {
        const added: number[] = [];
        const fits = next.slots.every((s, i) => {
          const t = slots[i] as Slot;
          if (typeof s !== "number") return typeof t !== "number" && t.key === s.key;
          const known = at.get(s);
          if (known !== undefined) return known === t;
          if ([...at.values()].includes(t)) return false;
          at.set(s, t);
          added.push(s);
          return true;
        });
        if (fits) {
          used.add(g);
          if (step(left.filter((p) => p !== next))) return true;
          used.delete(g);
        }
        for (const s of added) at.delete(s);
      }
    }
    return false;
  };
  return step(term.factors) ? { used, at } : undefined;
}

/** Divides the draft by a value on some of its slots, where its factors stand there; whether they do. */
export function takeOut(draft: Draft, value: Tensor, slots: readonly Slot[]): boolean {
  const [term, ...more] = value.terms;
  if (term === undefined || (more.length === 0 && term.factors.length === 0)) return false;
  const wanted = more.length > 0 ? bracketed(value, EXPONENT_ONE) : term;
  if (more.length === 0 && term.summed.length > 0) {
    const found = matchParts(draft, new Set(), term, new Map(slots.map((s, axis) => [axis, s])));
    const inner = found === undefined ? [] : [...found.at].flatMap(([label, s]) => (label >= slots.length ? [s] : []));
    if (found === undefined || !inner.every((s) => isSummed(draft, s) && carriersOf(draft, s).every((g) => found.used.has(g))))
      return false;
    draft.factors = draft.factors.filter((g) => !found.used.has(g));
    for (const s of inner) draft.summed.delete(s as number);
    draft.coefficient = divide(draft.coefficient, wanted.coefficient);
    return true;
  }
  const lowered = new Map<Factor, Factor>();
  for (const w of wanted.factors) {
    const at = slotsText(w.slots.map((s) => (typeof s === "number" ? (slots[s] as Slot) : s)));
    const g = draft.factors.find(
      (h) => h.base === w.base && (slotsText(h.slots) === at || (h.base.symmetric && slotsText([...h.slots].reverse()) === at)),
    );
    if (g === undefined || wholeTimes(g.exponent, w.exponent) === 0) return false;
    lowered.set(g, lower(g, w, 1));
  }
  draft.factors = flatMap(draft.factors, (g) => {
    const left = lowered.get(g) ?? g;
    return isZeroExponent(left.exponent) ? [] : [left];
  });
  draft.coefficient = divide(draft.coefficient, wanted.coefficient);
  return true;
}

/** How often the exponent of a pattern goes into an exponent; 0 where not at all. */
export function wholeTimes(e: Exponent, pattern: Exponent): number {
  if (e.symbolic !== undefined || sign(e.rational) !== sign(pattern.rational)) return 0;
  if (equals(e.rational, pattern.rational)) return 1;
  const ratio = divide(e.rational, pattern.rational);
  const whole = ratio.n / ratio.d;
  return compare(ratio, ONE) < 0 ? 0 : Number(whole);
}

/** The factor with its exponent lowered by so many times that of the pattern. */
export const lower = (f: Factor, pattern: Factor, times: number): Factor => ({
  ...f,
  exponent: exponentOf(subtract(f.exponent.rational, multiply(pattern.exponent.rational, rational(times)))),
});
