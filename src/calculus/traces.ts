// Functions of a square matrix below a trace, where the derivative is that of the function of a
// number: tr f(A), tr(f(A) g(A)), and c(x) M, which moves along itself.
//
// Not here: f(A) met with a matrix that need not commute with A (primary.ts).

import { ONE } from "../base/rational.ts";
import { addTensors, splitContent, transposeTensor } from "../tensor/algebra.ts";
import { atom } from "../tensor/apply.ts";
import { draftOf, isSummed } from "../tensor/draft.ts";
import { product } from "../tensor/product.ts";
import { expand, expandContractions } from "../tensor/simplify.ts";
import { alongCommuting, traceAlong } from "../tensor/slope.ts";
import { carriersOf, findPart } from "../tensor/subproduct.ts";
import {
  type Base,
  type Draft,
  dependsOn,
  type Factor,
  type FunctionBase,
  internTensor,
  isUnitExponent,
  type RawTerm,
  type Slot,
  type Tensor,
} from "../tensor/tensor.ts";
import type { Occurrence } from "./outline.ts";

/** The derivative of Σ_i f(A)_ii, where a rule states it and nothing else in the term carries i. */
export function throughTrace(
  { tensor, term, factor: { base, slots, exponent } }: Occurrence,
  name: string,
  innerOf: (argument: Tensor) => Tensor,
): Tensor | undefined {
  if (base.kind !== "function" || base.rules.trace === undefined || !isUnitExponent(exponent)) return undefined;
  const [label, other, ...more] = slots;
  if (typeof label !== "number" || label < tensor.axes.length || label !== other || more.length > 0) return undefined;
  const others = base.args.slice(1).some((a) => dependsOn(a, name));
  if (placesOf(term, label) > 2 || others) return undefined;
  return traceAlong(base, base.rules.trace, innerOf(base.args[0] as Tensor));
}

/** At how many places of a term a label stands. */
const placesOf = (term: RawTerm, label: number): number => term.factors.flatMap((f) => f.slots).filter((s) => s === label).length;

/**
 * The derivative of f(A) where only one is asked for that commutes with A: A = c(x) M, which
 * moves along M, or a trace around functions of one A, as tr(A log A). It is f′(A) dA there,
 * with the f′ that the rule for tr f(A) states [H08 thm 3.6].
 */
export function throughCommuting(at: Occurrence, name: string, innerOf: (argument: Tensor) => Tensor): Tensor | undefined {
  const { base, exponent } = at.factor;
  if (base.kind !== "function" || base.axes.length !== 2 || base.rules.trace === undefined) return undefined;
  const [argument, ...others] = base.args as [Tensor, ...Tensor[]];
  if (others.some((a) => dependsOn(a, name))) return undefined;
  if (!(isUnitExponent(exponent) && movesAlongItself(argument, name)) && !isCycleOf(at, argument, name)) return undefined;
  const inner = innerOf(argument);
  return alongCommuting(base, base.rules.trace, inner);
}

/** c(x) M with a constant M. */
const movesAlongItself = ({ terms: [term, ...more] }: Tensor, name: string): boolean =>
  term !== undefined &&
  more.length === 0 &&
  term.factors.every(({ base, exponent: { symbolic }, slots }) => {
    const moves = dependsOn(base, name) || (symbolic !== undefined && dependsOn(symbolic, name));
    return slots.length === 0 || !moves;
  });

/** Whether the factor stands in tr(f(A) g(A) …), every factor a function of the same A or A itself, as in tr(P′P log(P′P)). */
function isCycleOf({ tensor, term, factor, index }: Occurrence, argument: Tensor, name: string): boolean {
  if (!isUnitExponent(factor.exponent)) return false;
  const draft = draftOf(tensor.axes, term);
  let before = draft.factors[index] as Factor;
  const [first] = before.slots;
  let label = before.slots[1];
  for (let left = term.factors.length; left > 0; left--) {
    if (!isSummed(draft, label) || placesOf(term, label) > 2) return false;
    if (label === first) return true;
    const next = stepAlong(draft, before, label, argument, name);
    if (next === undefined) return false;
    before = next.factor;
    label = next.label;
  }
  return false;
}

/** What a function of A or A itself, met at a label, leads to: its last factor and the label behind it. */
function stepAlong(
  draft: Draft,
  before: Factor,
  label: number,
  argument: Tensor,
  name: string,
): { factor: Factor; label: Slot } | undefined {
  const g = carriersOf(draft, label).find((f) => f !== before);
  if (g === undefined || !isUnitExponent(g.exponent)) return undefined;
  const turned = g.slots[1] === label;
  if (g.slots.length === 2 && isFunctionOf(g.base, turned ? transposeTensor(argument) : argument, turned, name))
    return { factor: g, label: g.slots[turned ? 0 : 1] as Slot };
  const part = findPart(draft, before, coreOf(argument), 0, label);
  const last = part?.factors.find((f) => f.slots.includes(part.other));
  return part === undefined || last === undefined ? undefined : { factor: last, label: part.other };
}

/** Whether an atom, transposed or not, is a function of the matrix, not of its entries: itself, inv(A), I − A. */
function isFunctionOf(base: Base, matrix: Tensor, turned: boolean, name: string): boolean {
  if (base.kind === "var") return atom(base) === coreOf(matrix);
  if (base.kind === "sum") return coreOf(base.tensor) === coreOf(matrix);
  if (base.kind !== "function" || !base.rules.commutes || (turned && base.rules.transpose !== "turned")) return false;
  const [argument, ...others] = base.args;
  return argument !== undefined && coreOf(argument) === coreOf(matrix) && !others.some((a) => dependsOn(a, name));
}

/** A matrix without multiples of I among its terms and numbers among its factors: what has the same one commutes. */
function coreOf(matrix: Tensor): Tensor {
  const isNumber = (f: Factor): boolean => f.slots.length === 0;
  const isIdentity = ({ base, slots }: Factor): boolean => base.kind === "delta" && slots.includes(0) && slots.includes(1);
  const others = matrix.terms.filter(({ factors }) => !(factors.some(isIdentity) && factors.every((f) => isNumber(f) || isIdentity(f))));
  const [term, ...more] = others;
  if (term === undefined) return matrix;
  if (more.length > 0) return splitContent(internTensor(matrix.axes, others), false).primitive;
  return product(draftOf(matrix.axes, { ...term, coefficient: ONE, factors: term.factors.filter((f) => !isNumber(f)) }));
}

/**
 * Brackets multiplied out where all that they hold of functions of the variable then stands in
 * such traces, as in tr(A (log A − B)): the same value.
 */
export function withTracesOpened(tensor: Tensor, name: string): Tensor {
  const parts = tensor.terms.map((term) => {
    const whole = internTensor(tensor.axes, [term]);
    const holds = ({ base }: Factor): boolean =>
      base.kind === "sum" ? base.tensor.terms.some((t) => t.factors.some(holds)) : isFunctionBy(base, name);
    const once = term.factors.some(holds) ? expand(whole) : undefined;
    const flat = once && expandContractions(once);
    return flat !== undefined && standsInTraces(flat, name) ? flat : whole;
  });
  return parts.every((p, i) => p.terms.length === 1 && p.terms[0] === tensor.terms[i]) ? tensor : addTensors(tensor.axes, parts);
}

const standsInTraces = (tensor: Tensor, name: string): boolean =>
  tensor.terms.every((term) =>
    term.factors.every((factor, index) => {
      const { base } = factor;
      if (base.kind === "group") return standsInTraces(base.tensor, name);
      return !isFunctionBy(base, name) || isCycleOf({ tensor, term, factor, index }, base.args[0] as Tensor, name);
    }),
  );

/** Whether an atom is a function of a matrix, with a rule for its trace, by a variable. */
const isFunctionBy = (base: Base, name: string): base is FunctionBase =>
  base.kind === "function" && base.axes.length === 2 && base.rules.trace !== undefined && dependsOn(base, name);
