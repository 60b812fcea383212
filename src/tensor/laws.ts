// Laws of functions next to other factors: inv(A) beside A, softmax(x) summed, sinh(x) over
// cosh(x), 1 + exp(x) below a fraction line. They are rules whose left side is a product or
// a sum; the rule library hands them to product.ts and power.ts with the function.
//
// Invariant: a law removes a factor or lowers an exponent, so trying ends.

import { compare, divide, multiply, negate, ONE, type Rational, rational, sign, subtract } from "../base/rational.ts";
import type { Dim } from "../expr/dim.ts";
import { negateTensor } from "./algebra.ts";
import { substitute } from "./apply.ts";
import { slotsText } from "./canonical.ts";
import { applyChain, turnedRound, turnSymmetric } from "./chain.ts";
import { bracketed, multiplyInto } from "./draft.ts";
import { type Bindings, conditionsHold, matchFactor, matchTensor, matchTurned } from "./match.ts";
import { powerTensor } from "./power.ts";
import {
  type Base,
  type Condition,
  type Contraction,
  constantValue,
  type Draft,
  EXPONENT_ONE,
  type Exponent,
  exponentOf,
  type Factor,
  isUnitExponent,
  isZeroExponent,
  type Slot,
  type SumLaw,
  sameExponent,
  type Tensor,
  type Term,
} from "./tensor.ts";

/** A rule whose left side is a product or a sum, in normal form. */
interface Law {
  readonly pattern: Tensor;
  readonly result: Tensor;
  readonly conditions: readonly Condition[];
  /** Whether the right side is the left one transposed. */
  readonly symmetric: boolean;
}

/**
 * The law of a left side that is one product: f(A) A or f(A) g(A) along a label, f(x)^a g(x)^b
 * on the same entries, Σ f(x), a longer product. Nothing for other left sides.
 */
export function contractionOf(name: string, fn: string, law: Law): Contraction[] {
  const [whole, ...more] = law.pattern.terms;
  if (whole === undefined || more.length > 0) return [];
  // A closed sum such as sum(softmax(x)) is one atom; the law is about what is summed.
  const [alone] = whole.factors.length === 1 ? whole.factors : [];
  const term = alone?.base.kind === "group" ? (alone.base.tensor.terms[0] as Term) : whole;
  const isOwn = (f: Factor): boolean => f.base.kind === "function" && f.base.rules.info.name === fn;
  const [main, other, ...others] = [...term.factors].sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  if (main === undefined || main.base.kind !== "function") return [];
  if (other !== undefined && law.symmetric) {
    const turned = (draft: Draft, f: Factor): Factor[] | undefined => turnedRound(draft, f, law, main, [other, ...others]);
    return [{ name, apply: (draft, f) => turnSymmetric(draft, turned(draft, f)), turned }];
  }
  if (other !== undefined && others.length > 0) return [{ name, apply: (draft, f) => applyChain(draft, f, law, main, [other, ...others]) }];
  if (other === undefined && !isUnitExponent(main.exponent))
    return [{ name, last: true, apply: (draft, f) => lowerPower(draft, f, law, main) }];
  if (other === undefined) return [{ name, apply: (draft, f) => total(draft, f, law, main) }];
  if (other.base.kind === "var" && slotsText(main.slots) === slotsText(other.slots))
    return [{ name, apply: (draft, f) => beside(draft, f, law, main, other) }];
  if (other.base.kind === "var") return [{ name, apply: (draft, f) => cancel(draft, f, law, main, other) }];
  const alongLabel = other.base.kind === "function" && slotsText(main.slots) !== slotsText(other.slots);
  return [{ name, apply: (draft, f) => (alongLabel ? meet : pair)(draft, f, law, main, other) }];
}

/** The law of a left side that is a sum, as 1 + exp(x). Nothing for other left sides. */
export function sumLawOf(law: Law): SumLaw[] {
  if (law.pattern.terms.length !== 2) return [];
  return [
    (tensor) => {
      const bound: Bindings = new Map();
      if (!matchTensor(law.pattern, tensor, bound) || !conditionsHold(law.conditions, bound)) return undefined;
      return substitute(law.result, bound, { broadcast: tensor.axes });
    },
  ];
}

type FunctionBase = Base & { kind: "function" };

const carriersOf = (draft: Draft, label: number): Factor[] => draft.factors.filter((f) => f.slots.includes(label));

const isSummed = (draft: Draft, s: Slot | undefined): s is number => typeof s === "number" && s >= draft.axes.length;

/** What the dimension names of a law stand for, given the atom it is used on. */
function dimsOf(model: Factor, f: Factor): Map<string, Dim> {
  const dims = new Map<string, Dim>();
  model.base.axes.forEach((d, i) => {
    const actual = f.base.axes[i];
    if (actual !== undefined) dims.set(d.key, actual);
  });
  return dims;
}

function bindArguments(law: Law, model: Factor, f: Factor): Bindings | undefined {
  const bound: Bindings = new Map();
  const [patterns, args] = [(model.base as FunctionBase).args, (f.base as FunctionBase).args];
  if (model.base.axes.length !== f.base.axes.length && !(f.base as FunctionBase).rules.info.elementwise) return undefined;
  const fits = patterns.every((p, i) => matchTensor(p, args[i] as Tensor, bound));
  return fits && conditionsHold(law.conditions, bound) ? bound : undefined;
}

/** Σ_k f(…)[k] where nothing else carries k. */
function total(draft: Draft, f: Factor, law: Law, model: Factor): boolean {
  if (!isUnitExponent(f.exponent)) return false;
  const rank = law.pattern.axes.length;
  const summed = model.slots.flatMap((s, axis) => (typeof s === "number" && s >= rank ? [axis] : []));
  if (summed.length === 0 || summed.some((axis) => !isSummed(draft, f.slots[axis]))) return false;
  if (summed.some((axis) => carriersOf(draft, f.slots[axis] as number).length > 1)) return false;
  if (new Set(f.slots.map((s) => slotsText([s]))).size < f.slots.length) return false;
  const bound = bindArguments(law, model, f);
  if (bound === undefined) return false;
  draft.factors = draft.factors.filter((g) => g !== f);
  for (const axis of summed) draft.summed.delete(f.slots[axis] as number);
  const slots = law.pattern.axes.map((_, i) => f.slots[model.slots.indexOf(i)] as Slot);
  multiplyInto(draft, substitute(law.result, bound, { dims: dimsOf(model, f) }), slots);
  return true;
}

/** f(…)^k: the whole power, or what a power with a constant result leaves of it. */
function lowerPower(draft: Draft, f: Factor, law: Law, model: Factor): boolean {
  const times = wholeTimes(f.exponent, model.exponent);
  const constant = constantValue(law.result) !== undefined;
  if (times === 0 || !(constant || isZeroExponent(lower(f, model, times).exponent))) return false;
  const bound = bindArguments(law, model, f);
  if (bound === undefined) return false;
  const left = lower(f, model, times);
  draft.factors = draft.factors.flatMap((g) => (g !== f ? [g] : isZeroExponent(left.exponent) ? [] : [left]));
  const value = substitute(law.result, bound, { broadcast: f.base.axes });
  multiplyInto(draft, powerTensor(value, exponentOf(rational(times))), f.slots);
  return true;
}

/** f(x) next to x on the same entries, as sign(x) x. */
function beside(draft: Draft, f: Factor, law: Law, model: Factor, other: Factor): boolean {
  if (wholeTimes(f.exponent, model.exponent) === 0 || !isUnitExponent(other.exponent)) return false;
  const bound = bindArguments(law, model, f);
  const value = bound?.get((other.base as Base & { kind: "var" }).variable.name);
  if (bound === undefined || value === undefined || value.axes.length !== f.slots.length) return false;
  if (!takeOut(draft, value, f.slots)) return false;
  const left = lower(f, model, 1);
  draft.factors = draft.factors.flatMap((g) => (g !== f ? [g] : isZeroExponent(left.exponent) ? [] : [left]));
  multiplyInto(draft, substitute(law.result, bound, { broadcast: f.base.axes }), f.slots);
  return true;
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
  draft.factors = draft.factors.flatMap((g) => {
    const left = lowered.get(g) ?? g;
    return isZeroExponent(left.exponent) ? [] : [left];
  });
  draft.coefficient = divide(draft.coefficient, wanted.coefficient);
  return true;
}

/** f(A) next to A along one label, as inv(A) A. */
function cancel(draft: Draft, f: Factor, law: Law, model: Factor, matrix: Factor): boolean {
  if (!isUnitExponent(f.exponent)) return false;
  const rank = law.pattern.axes.length;
  const shared = model.slots.find((s) => typeof s === "number" && s >= rank) as number;
  const meeting = f.slots[model.slots.indexOf(shared)];
  if (!isSummed(draft, meeting)) return false;
  const bound = bindArguments(law, model, f);
  const value = bound?.get((matrix.base as Base & { kind: "var" }).variable.name);
  if (bound === undefined || value === undefined) return false;
  const part = findPart(draft, f, value, matrix.slots.indexOf(shared), meeting);
  if (part === undefined) return false;
  const gone = new Set<Factor>([f, ...part.factors]);
  draft.factors = draft.factors.filter((g) => !gone.has(g));
  for (const label of [meeting, ...part.inner]) draft.summed.delete(label);
  draft.coefficient = divide(draft.coefficient, part.size);
  const slots = law.pattern.axes.map((_, i) => (model.slots.includes(i) ? (f.slots[model.slots.indexOf(i)] as Slot) : part.other));
  multiplyInto(draft, substitute(law.result, bound, { dims: dimsOf(model, f) }), slots);
  return true;
}

/** f(A) next to g(A) along one label, as sqrtm(A) sqrtm(A). */
function meet(draft: Draft, f: Factor, law: Law, model: Factor, second: Factor): boolean {
  const rank = law.pattern.axes.length;
  const shared = model.slots.find((s) => typeof s === "number" && s >= rank) as number;
  const [at, to] = [model.slots.indexOf(shared), second.slots.indexOf(shared)];
  if (rank !== 2 || f.slots.length !== 2 || !isUnitExponent(f.exponent)) return false;
  for (const end of f.base.symmetric ? [at, 1 - at] : [at]) {
    const meeting = f.slots[end];
    if (!isSummed(draft, meeting) || f.slots[1 - end] === meeting) continue;
    const [g, ...more] = carriersOf(draft, meeting).filter((h) => h !== f);
    if (g === undefined || more.length > 0 || g.slots.length !== 2 || !isUnitExponent(g.exponent)) continue;
    const bound = bindArguments(law, model, f);
    const turned = g.slots[to] !== meeting;
    if (bound === undefined || g.slots[turned ? to : 1 - to] === meeting) continue;
    if (!(turned && !g.base.symmetric ? matchTurned(second, g, bound) : matchFactor(second, g, bound))) continue;
    draft.factors = draft.factors.filter((h) => h !== f && h !== g);
    draft.summed.delete(meeting);
    const ends: Slot[] = [];
    ends[model.slots[1 - at] as number] = f.slots[1 - end] as Slot;
    ends[second.slots[1 - to] as number] = g.slots[turned ? to : 1 - to] as Slot;
    multiplyInto(draft, substitute(law.result, bound, { dims: dimsOf(model, f) }), ends);
    return true;
  }
  return false;
}

interface Part {
  readonly factors: readonly Factor[];
  /** Labels summed inside. */
  readonly inner: readonly number[];
  /** Where the axis of the matrix that does not meet f is attached. */
  readonly other: Slot;
  /** The coefficient that the matrix has and the part has not. */
  readonly size: Rational;
}

/** Factors of the draft that make up a matrix whose `axis` is attached to the label where f meets it. */
function findPart(draft: Draft, f: Factor, matrix: Tensor, axis: number, meeting: number): Part | undefined {
  if (matrix.axes.length !== 2) return undefined;
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

/** f(x)^a g(x)^b on the same entries. */
function pair(draft: Draft, f: Factor, law: Law, model: Factor, second: Factor): boolean {
  const times = wholeTimes(f.exponent, model.exponent);
  if (times === 0) return false;
  const { rules } = f.base as FunctionBase;
  if (rules.info.name !== (model.base as FunctionBase).rules.info.name) return false;
  const typed = law.pattern.axes.length > 0;
  if (typed && f.slots.length !== law.pattern.axes.length) return false;
  const bound = bindArguments(law, model, f);
  if (bound === undefined) return false;
  for (const g of draft.factors) {
    if (g === f || (second.base.kind === "function" && slotsText(g.slots) !== slotsText(f.slots))) continue;
    if (second.base.kind === "group" && slotsText(second.slots.map((s) => f.slots[model.slots.indexOf(s)] as Slot)) !== slotsText(g.slots))
      continue;
    const both = Math.min(times, wholeTimes(g.exponent, second.exponent));
    const sense = both === 0 ? 0 : second.base.kind === "sum" ? matchBracket(second, f, g, bound) : Number(matchFactor(second, g, bound));
    if (sense === 0) continue;
    // Signs: of the bracket as it stands in the draft, and of the pattern's own coefficient.
    const turned = sense < 0 !== sign((law.pattern.terms[0] as Term).coefficient) < 0;
    if (turned && (BigInt(both) * second.exponent.rational.n) % 2n !== 0n) draft.coefficient = negate(draft.coefficient);
    const lowered = [lower(f, model, both), lower(g, second, both)].filter((h) => !isZeroExponent(h.exponent));
    draft.factors = [...draft.factors.filter((h) => h !== f && h !== g), ...lowered];
    const value = substitute(law.result, bound, typed ? { dims: dimsOf(model, f) } : { broadcast: f.base.axes });
    multiplyInto(draft, powerTensor(value, exponentOf(rational(both))), f.slots);
    return true;
  }
  return false;
}

/** Whether a bracketed sum is the pattern's (1) or its negative (−1), on the same entries; 0 where neither. */
function matchBracket(pattern: Factor, f: Factor, g: Factor, bound: Bindings): number {
  if (pattern.base.kind !== "sum" || g.base.kind !== "sum" || slotsText(g.slots) !== slotsText(f.slots)) return 0;
  if (matchTensor(pattern.base.tensor, g.base.tensor, bound)) return 1;
  return matchTensor(pattern.base.tensor, negateTensor(g.base.tensor), bound) ? -1 : 0;
}

/** How often the exponent of a pattern goes into an exponent; 0 where not at all. */
function wholeTimes(e: Exponent, pattern: Exponent): number {
  if (e.symbolic !== undefined || sign(e.rational) !== sign(pattern.rational)) return 0;
  const ratio = divide(e.rational, pattern.rational);
  const whole = ratio.n / ratio.d;
  return compare(ratio, ONE) < 0 ? 0 : Number(whole);
}

const lower = (f: Factor, pattern: Factor, times: number): Factor => ({
  ...f,
  exponent: exponentOf(subtract(f.exponent.rational, multiply(pattern.exponent.rational, rational(times)))),
});
