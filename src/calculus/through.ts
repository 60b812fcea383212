// What the chain rule needs of one function: its derivative along an inner derivative, from
// the differential that rules/ states.
//
// Invariant: `inner` has the axes of the argument, then further ones; the result has those of
// the function, then the same further ones. Handing over the identity gives the local Jacobian.

import { fail } from "../base/diagnostic.ts";
import { type Dim, dimOf, sameDim } from "../expr/dim.ts";
import { transposeTensor, zeroTensor } from "../tensor/algebra.ts";
import { atom, substitute } from "../tensor/apply.ts";
import { createDraft, freshLabel, multiplyInto } from "../tensor/draft.ts";
import { einsum } from "../tensor/einsum.ts";
import type { Differential } from "../tensor/functionRules.ts";
import { product } from "../tensor/product.ts";
import { expand } from "../tensor/simplify.ts";
import {
  type Base,
  deltaBase,
  dependsOn,
  EXPONENT_ONE,
  isUnitExponent,
  shapeAxes,
  type Tensor,
  type Term,
  unknownBase,
} from "../tensor/tensor.ts";
import type { Occurrence } from "./outline.ts";
import { alongOne, type FunctionAtom, isPrimary } from "./primary.ts";

/** A function without a body, applied. */
export type UnknownAtom = Base & { kind: "unknown" };

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
const placesOf = (term: Term, label: number): number => term.factors.flatMap((f) => f.slots).filter((s) => s === label).length;

/** d tr f(A) along dA, which has the axes of A and further ones: over the further ones. */
function traceAlong(base: FunctionAtom, rule: Differential, along: Tensor): Tensor {
  const by = new Map(rule.parameters.map((p, i) => [p.name, base.args[i] as Tensor]));
  by.set(rule.differential, along);
  const [size] = base.axes;
  const [own] = shapeAxes(base.rules.info.params[0] as { rows: Dim; cols: Dim });
  return substitute(rule.value, by, {
    extra: along.axes.slice((base.args[0] as Tensor).axes.length),
    dims: new Map(own === undefined || size === undefined ? [] : [[own.key, size]]),
  });
}

/**
 * The derivative of f(A) where only one is asked for that commutes with A: A = c(x) M, which
 * moves along M, or a trace around functions of one A, as tr(A log A). It is f′(A) dA there,
 * with the f′ that the rule for tr f(A) states [H08 thm 3.6].
 */
export function throughCommuting(at: Occurrence, name: string, innerOf: (argument: Tensor) => Tensor): Tensor | undefined {
  const { base, exponent } = at.factor;
  if (base.kind !== "function" || base.axes.length !== 2 || base.rules.trace === undefined) return undefined;
  const [argument, ...others] = base.args as [Tensor, ...Tensor[]];
  if (!isUnitExponent(exponent) || others.some((a) => dependsOn(a, name))) return undefined;
  if (!movesAlongItself(argument, name) && !isCycleOf(at, argument, name)) return undefined;
  const inner = innerOf(argument);
  const [n] = base.axes as [Dim];
  const extra = inner.axes.slice(2);
  // tr(f′(A) dA) along the unit matrices is f′(A)ᵀ.
  const turned = traceAlong(base, base.rules.trace, unitMatrices(n));
  const draft = createDraft([...base.axes, ...extra]);
  const k = freshLabel(draft, n);
  multiplyInto(draft, turned, [k, 0]);
  multiplyInto(draft, inner, [k, 1, ...extra.map((_, i) => 2 + i)]);
  return product(draft);
}

/** dA along every entry of A: δ_ik δ_jl. */
function unitMatrices(n: Dim): Tensor {
  const draft = createDraft([n, n, n, n]);
  for (const slots of [
    [0, 2],
    [1, 3],
  ])
    draft.factors.push({ base: deltaBase(n), slots, exponent: EXPONENT_ONE });
  return product(draft);
}

/** c(x) M with a constant M. */
const movesAlongItself = ({ terms: [term, ...more] }: Tensor, name: string): boolean =>
  term !== undefined &&
  more.length === 0 &&
  term.factors.every(({ base, exponent: { symbolic }, slots }) => {
    const moves = dependsOn(base, name) || (symbolic !== undefined && dependsOn(symbolic, name));
    return slots.length === 0 || !moves;
  });

/** Whether the factor stands in tr(f(A) g(A) …), every factor a function of the same A. */
function isCycleOf({ tensor, term, factor }: Occurrence, argument: Tensor, name: string): boolean {
  const rank = tensor.axes.length;
  const [first] = factor.slots;
  let [, label] = factor.slots;
  let before = factor;
  for (let left = term.factors.length; left > 0; left--) {
    if (typeof label !== "number" || label < rank) return false;
    if (placesOf(term, label) > 2) return false;
    if (label === first) return true;
    const g = term.factors.find((f) => f !== before && f.slots.includes(label as number));
    if (g === undefined || g.slots.length !== 2 || !isUnitExponent(g.exponent)) return false;
    const turned = g.slots[1] === label;
    if (!isFunctionOf(g.base, turned ? transposeTensor(argument) : argument, turned, name)) return false;
    label = g.slots[turned ? 0 : 1];
    before = g;
  }
  return false;
}

/** Whether an atom, transposed or not, is the matrix itself or a function of it. */
function isFunctionOf(base: Base, matrix: Tensor, turned: boolean, name: string): boolean {
  if (base.kind === "var") return atom(base) === matrix;
  if (base.kind !== "function" || (turned && base.rules.transpose !== "turned")) return false;
  return base.args[0] === matrix && !base.args.slice(1).some((a) => dependsOn(a, name));
}

/** Whether several of the arguments of a function depend on a variable. */
export const areSeveral = (args: readonly Tensor[], name: string): boolean => args.filter((a) => dependsOn(a, name)).length > 1;

/** ∂f by its argument at a position, along the derivative of the argument, alone or beside those of others. Throws a diagnostic where no rule is known. */
export function throughFunction(base: FunctionAtom, position: number, inner: Tensor, isJoint: boolean): Tensor {
  const { info, differentials, jointDifferentials } = base.rules;
  const rule = (isJoint ? jointDifferentials : differentials)[position];
  const extra = inner.axes.slice((base.args[position] as Tensor).axes.length);
  const axes = [...base.axes, ...extra];
  if (extra.length === 0 && isPrimary(base, position)) return alongOne(base, base.args[0] as Tensor, inner);
  if (rule === "zero") return zeroTensor(axes);
  if (rule === undefined)
    fail(
      "unsupported",
      `no rule for the derivative of ${info.name} by its ${ordinal(position)} argument${info.refusal === undefined ? "" : `: ${info.refusal}`}`,
      { start: 0, end: 0 },
    );
  const excludesZero = (i: number): boolean => info.domains[i] === "nonzero" || info.domains[i] === "positive";
  // 0^y is 0 for positive y and has no value for others.
  const zero = base.args.findIndex((arg, i) => excludesZero(i) && arg.terms.length === 0);
  if (zero >= 0)
    fail("unsupported", `${info.name} has no derivative by its ${ordinal(position)} argument where its ${ordinal(zero)} is 0`, {
      start: 0,
      end: 0,
    });
  if (excludesZero(position) && isZeroWhereEqual(base.args[position] as Tensor))
    fail("unsupported", `${info.name} has no derivative at 0, and entries of its argument are 0 by construction`, { start: 0, end: 0 });
  const by = new Map(rule.parameters.map((p, i) => [p.name, base.args[i] as Tensor]));
  by.set(rule.differential, inner);
  if (info.elementwise) return substitute(rule.value, by, { broadcast: base.axes, extra });
  const dims = new Map<string, Dim>();
  info.params.forEach((param, i) => {
    shapeAxes(param).forEach((d, axis) => {
      // A side of length 1 has no axis; which of two it was makes no difference to a value.
      const actual = base.args[i]?.axes[axis] ?? dimOf(1);
      if (!dims.has(d.key)) dims.set(d.key, actual);
    });
  });
  return substitute(rule.value, by, { extra, dims });
}

/** Whether a sum vanishes on a diagonal, as (1 − I) ⊙ X does. */
function isZeroWhereEqual(tensor: Tensor): boolean {
  const [row, col] = tensor.axes;
  if (row === undefined || col === undefined || tensor.axes.length > 2 || !sameDim(row, col) || tensor.terms.length === 0) return false;
  const diagonal = einsum([row], [[tensor, [0, 0]]]);
  return (expand(diagonal) ?? diagonal).terms.length === 0;
}

/** The same for a function without body: f′(x) with the inner derivative. */
export function throughUnknown(base: UnknownAtom, position: number, inner: Tensor): Tensor {
  const arg = base.args[position] as Tensor;
  const extra = inner.axes.slice(arg.axes.length);
  const draft = createDraft([...base.axes, ...extra]);
  const own = base.axes.map((_, i) => i);
  const extraSlots = extra.map((_, i) => base.axes.length + i);
  if (base.elementwise) {
    draft.factors.push({
      base: unknownBase(base.name, true, base.args, [...base.derivatives, position], base.axes),
      slots: own,
      exponent: EXPONENT_ONE,
    });
    multiplyInto(draft, inner, [...own, ...extraSlots]);
    return product(draft);
  }
  const summed = arg.axes.map((dim) => freshLabel(draft, dim));
  draft.factors.push({
    base: unknownBase(base.name, false, base.args, [...base.derivatives, position], [...base.axes, ...arg.axes]),
    slots: [...own, ...summed],
    exponent: EXPONENT_ONE,
  });
  multiplyInto(draft, inner, [...summed, ...extraSlots]);
  return product(draft);
}

const ordinal = (i: number): string => ["first", "second", "third"][i] ?? `${i + 1}th`;
