// Laws of functions next to other factors: inv(A) beside A, softmax(x) summed, sinh(x) over
// cosh(x), 1 + exp(x) below a fraction line. They are rules whose left side is a product or
// a sum; the rule library hands them to src/tensor/product/product.ts and src/tensor/product/power.ts with the function.
//
// Invariant: a law removes a factor or lowers an exponent, so trying ends.

import { flatMap } from "../../base/list.ts";
import { divide, negate, rational, sign } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { negateTensor } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import { isSummed, multiplyInto } from "../form/draft.ts";
import {
  type Base,
  constantValue,
  type Draft,
  dependsOn,
  exponentOf,
  type Factor,
  type FunctionBase,
  isUnitExponent,
  isZeroExponent,
  type Slot,
  type Tensor,
  type Term,
} from "../form/tensor.ts";
import { powerTensor } from "../product/power.ts";
import { carriersOf, findPart, lower, takeOut, wholeTimes } from "../product/subproduct.ts";
import { substitute } from "./apply.ts";
import { type Bindings, conditionsHold } from "./bindings.ts";
import { applyChain, turnedRound, turnSymmetric } from "./chain.ts";
import type { Condition, Contraction, SumLaw } from "./functionRules.ts";
import { matchFactor, matchTensor, matchTurned } from "./match.ts";
import { timesVector } from "./timesVector.ts";

/** A rule whose left side is a product or a sum, in normal form. */
export interface Law {
  readonly pattern: Tensor;
  readonly result: Tensor;
  readonly conditions: readonly Condition[];
  /** Whether the right side is the left one transposed. */
  readonly symmetric: boolean;
}

/**
 * The law of a left side that is one product: f(A) A or f(A) g(A) along a label, f(x)^a g(x)^b
 * on the same entries, Σ f(x), diag(f(A)), a longer product. Nothing for other left sides.
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
  if (other === undefined && isDiagonal(main)) return [{ name, apply: (draft, f) => onDiagonal(draft, f, law, main) }];
  if (other === undefined) return [{ name, apply: (draft, f) => total(draft, f, law, main) }];
  if (other.base.kind === "var" && slotsText(main.slots) === slotsText(other.slots))
    return [{ name, apply: (draft, f) => beside(draft, f, law, main, other) }];
  if (other.base.kind === "var" && !dependsOn(main.base, other.base.variable.name))
    return [{ name, apply: (draft, f) => timesVector(draft, f, law, main, other, bindArguments(law, main, f)) }];
  if (other.base.kind === "var") return [{ name, apply: (draft, f) => cancel(draft, f, law, main, other) }];
  const alongLabel = other.base.kind === "function" && term.summed.length > 0 && slotsText(main.slots) !== slotsText(other.slots);
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
  // What a second function binds is looked at when it is found.
  const known = law.conditions.filter((c) => bound.has(c.parameter));
  return fits && conditionsHold(known, bound) ? bound : undefined;
}

/** Whether a factor has the entries of a diagonal. */
const isDiagonal = ({ slots: [row, column] }: Factor): boolean => typeof row === "number" && row === column;

/** f(A)[i,i], of which diag(f(A)) and tr(f(A)) are made. */
function onDiagonal(draft: Draft, f: Factor, law: Law, model: Factor): boolean {
  const bound = isDiagonal(f) ? bindArguments(law, model, f) : undefined;
  if (bound === undefined) return false;
  draft.factors = draft.factors.filter((g) => g !== f);
  const value = substitute(law.result, bound, { dims: dimsOf(model, f) });
  multiplyInto(draft, powerTensor(value, f.exponent), [f.slots[0] as Slot]);
  return true;
}

/** Σ_k f(…)[k] where nothing else carries k. */
function total(draft: Draft, f: Factor, law: Law, model: Factor): boolean {
  if (!isUnitExponent(f.exponent)) return false;
  const rank = law.pattern.axes.length;
  const summed = flatMap(model.slots, (s, axis) => (typeof s === "number" && s >= rank ? [axis] : []));
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
  draft.factors = flatMap(draft.factors, (g) => (g !== f ? [g] : isZeroExponent(left.exponent) ? [] : [left]));
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
  draft.factors = flatMap(draft.factors, (g) => (g !== f ? [g] : isZeroExponent(left.exponent) ? [] : [left]));
  multiplyInto(draft, substitute(law.result, bound, { broadcast: f.base.axes }), f.slots);
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
    if (!conditionsHold(law.conditions, bound)) continue;
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

/** f(x)^a g(x)^b on the same entries, or on those of the transpose. */
function pair(draft: Draft, f: Factor, law: Law, model: Factor, second: Factor): boolean {
  const { rules } = f.base as FunctionBase;
  if (draft.factors.length < 2 || rules.info.name !== (model.base as FunctionBase).rules.info.name) return false;
  const times = wholeTimes(f.exponent, model.exponent);
  if (times === 0) return false;
  const typed = law.pattern.axes.length > 0;
  if (typed && f.slots.length !== law.pattern.axes.length) return false;
  const ofFirst = bindArguments(law, model, f);
  if (ofFirst === undefined) return false;
  const besides = typed || second.base.kind === "group" ? second.slots.map((s) => f.slots[model.slots.indexOf(s)] as Slot) : f.slots;
  for (const g of draft.factors) {
    const bound: Bindings = new Map(ofFirst);
    if (g === f || (second.base.kind !== "sum" && slotsText(besides) !== slotsText(g.slots))) continue;
    const both = Math.min(times, wholeTimes(g.exponent, second.exponent));
    const sense = both === 0 ? 0 : second.base.kind === "sum" ? matchBracket(second, f, g, bound) : Number(matchFactor(second, g, bound));
    if (sense === 0 || !conditionsHold(law.conditions, bound)) continue;
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
