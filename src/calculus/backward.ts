// Differentiation from the value back to the variable: every tensor below gets its adjoint,
// the derivative of the value by it, from those above. Where the value has fewer axes than
// the variable, adjoints are small while derivatives of what lies below are not: of a deep
// network by a weight, adjoints are vectors and derivatives of layers have three axes.
//
// Invariant: the same value as differentiating forward (derivative.ts), axes of the value
// first. The product rule here is the same: one contribution for each factor.

import { fail } from "../base/diagnostic.ts";
import { MINUS_ONE } from "../base/rational.ts";
import { NOWHERE } from "../base/span.ts";
import type { Dim } from "../expr/dim.ts";
import type { Variable } from "../expr/expr.ts";
import type { FindFunction } from "../tensor/convert/convert.ts";
import { addTensors, zeroTensor } from "../tensor/form/algebra.ts";
import { createDraft, freshLabel, multiplyInto } from "../tensor/form/draft.ts";
import {
  addRationalToExponent,
  type Base,
  type Draft,
  deltaBase,
  dependsOn,
  EXPONENT_ONE,
  isUnitExponent,
  type Slot,
  shapeAxes,
  type Tensor,
} from "../tensor/form/tensor.ts";
import { applyElementwise, atom } from "../tensor/functions/apply.ts";
import { exponentTensor } from "../tensor/product/power.ts";
import { product } from "../tensor/product/product.ts";
import { kept, type Occurrence, occurrences, outline, type Place } from "./outline.ts";
import { areSeveral, throughFunction, throughUnknown } from "./through.ts";
import { throughTrace } from "./traces.ts";

interface Pass {
  readonly variable: Variable;
  readonly find: FindFunction;
  /** Axes of the value. */
  readonly out: readonly Dim[];
  /** Adds to the adjoint of a tensor. */
  readonly give: (to: Tensor, part: Tensor) => void;
  /** Adds to the result. */
  readonly arrive: (part: Tensor) => void;
}

/** ∂tensor/∂variable, as `derivative` of derivative.ts. Throws a diagnostic where a rule is missing. */
export function backward(tensor: Tensor, variable: Variable, find: FindFunction): Tensor {
  const out = tensor.axes;
  const extra = shapeAxes(variable.shape);
  const adjoints = new Map<Tensor, Tensor[]>([[tensor, [identity(out)]]]);
  const result: Tensor[] = [];
  const pass: Pass = {
    variable,
    find,
    out,
    give: (to, part) => {
      const known = adjoints.get(to);
      if (known === undefined) adjoints.set(to, [part]);
      else known.push(part);
    },
    arrive: (part) => result.push(part),
  };
  if (!dependsOn(tensor, variable.name)) return zeroTensor([...out, ...extra]);
  for (const place of outline(tensor, variable.name).reverse()) {
    const parts = adjoints.get(place.tensor);
    if (parts === undefined) continue;
    const adjoint = kept(addTensors([...out, ...place.tensor.axes], parts), place.leads);
    giveBelow(place, adjoint, pass);
  }
  return addTensors([...out, ...extra], result);
}

/** δ for every axis: the derivative of a tensor by itself. */
export function identity(axes: readonly Dim[]): Tensor {
  const draft = createDraft([...axes, ...axes]);
  pushIdentity(draft, axes, (i) => i, axes.length);
  return product(draft);
}

/** δ between the slot of each axis and the free label behind `start`. */
function pushIdentity(draft: Draft, axes: readonly Dim[], slotOf: (axis: number) => Slot, start: number): void {
  axes.forEach((dim, i) => {
    draft.factors.push({ base: deltaBase(dim), slots: [slotOf(i), start + i], exponent: EXPONENT_ONE });
  });
}

function giveBelow({ opened }: Place, adjoint: Tensor, pass: Pass): void {
  const { name } = pass.variable;
  for (const at of occurrences(opened)) {
    const { base, exponent } = at.factor;
    if (dependsOn(base, name)) giveBase(at, adjoint, pass);
    if (exponent.symbolic !== undefined && dependsOn(exponent.symbolic, name)) giveExponent(at, adjoint, pass);
  }
}

/** An adjoint met with all factors of a term but one. */
interface Remainder {
  readonly draft: Draft;
  /** What the labels of the term have become. */
  readonly slotOf: (s: Slot) => Slot;
  /** Labels of the axes that follow those of the value. */
  readonly behind: readonly number[];
}

/** The adjoint met with all factors of a term but the one that is asked about, on a draft with the axes of the value and `axes` behind them. */
function remainder({ tensor, term, index }: Occurrence, adjoint: Tensor, axes: readonly Dim[], { out }: Pass): Remainder {
  const rank = tensor.axes.length;
  const draft = createDraft([...out, ...axes], term.coefficient);
  const labels = [...tensor.axes, ...term.summed].map((dim) => freshLabel(draft, dim));
  const slotOf = (s: Slot): Slot => (typeof s === "number" ? (labels[s] as number) : s);
  multiplyInto(draft, adjoint, [...out.map((_, i) => i), ...labels.slice(0, rank)]);
  term.factors.forEach((f, i) => {
    if (i !== index) draft.factors.push({ ...f, slots: f.slots.map(slotOf) });
  });
  return { draft, slotOf, behind: axes.map((_, i) => out.length + i) };
}

/** The same with k bᵏ⁻¹ in place of the factor bᵏ: what d(bᵏ) has beside db. */
function remainderOfPower(at: Occurrence, adjoint: Tensor, axes: readonly Dim[], pass: Pass): Remainder {
  const { factor } = at;
  const rest = remainder(at, adjoint, axes, pass);
  if (isUnitExponent(factor.exponent)) return rest;
  multiplyInto(rest.draft, exponentTensor(factor.exponent), []);
  const exponent = addRationalToExponent(factor.exponent, MINUS_ONE);
  rest.draft.factors.push({ ...factor, slots: factor.slots.map(rest.slotOf), exponent });
  return rest;
}

/** Gives to what the base of a factor is made of. */
function giveBase(at: Occurrence, adjoint: Tensor, pass: Pass): void {
  const { base } = at.factor;
  switch (base.kind) {
    case "var":
      pass.arrive(adjointOfBase(at, adjoint, pass));
      return;
    case "sum":
    case "group":
    case "part":
      pass.give(base.tensor, adjointOfBase(at, adjoint, pass));
      return;
    case "function":
    case "unknown":
      base.args.forEach((arg, i) => {
        if (dependsOn(arg, pass.variable.name)) pass.give(arg, adjointOfArgument(at, base, i, adjoint, pass));
      });
      return;
    default:
      throw new Error(`a ${base.kind} depends on no variable`);
  }
}

/** What reaches the base of a factor itself. */
function adjointOfBase(at: Occurrence, adjoint: Tensor, pass: Pass): Tensor {
  const { base, slots } = at.factor;
  const { draft, slotOf } = remainderOfPower(at, adjoint, base.axes, pass);
  pushIdentity(draft, base.axes, (i) => slotOf(slots[i] as Slot), pass.out.length);
  return product(draft);
}

type Applied = Base & { kind: "function" | "unknown" };

/** What reaches an argument of the function that is the base of a factor. */
function adjointOfArgument(at: Occurrence, base: Applied, i: number, adjoint: Tensor, pass: Pass): Tensor {
  const { name } = pass.variable;
  const { slots } = at.factor;
  const arg = base.args[i] as Tensor;
  const { draft, slotOf, behind } = remainderOfPower(at, adjoint, arg.axes, pass);
  const traced = i > 0 ? undefined : throughTrace(at, name, (a) => identity(a.axes));
  if (traced !== undefined) {
    // The rule has summed over the label.
    draft.summed.delete(slotOf(slots[0] as Slot) as number);
    multiplyInto(draft, traced, behind);
    return product(draft);
  }
  const own = identity(arg.axes);
  const local = base.kind === "function" ? throughFunction(base, i, own, areSeveral(base.args, name)) : throughUnknown(base, i, own);
  multiplyInto(draft, local, [...slots.map(slotOf), ...behind]);
  return product(draft);
}

/** Gives to the exponent of a factor: d(bᵏ) = bᵏ log(b) dk. */
function giveExponent(at: Occurrence, adjoint: Tensor, pass: Pass): void {
  const { factor } = at;
  const logarithm = pass.find("log");
  if (logarithm === undefined) fail("unsupported", "a variable in an exponent needs the rules of log", NOWHERE);
  const { draft, slotOf } = remainder(at, adjoint, [], pass);
  const slots = factor.slots.map(slotOf);
  draft.factors.push({ ...factor, slots });
  multiplyInto(draft, applyElementwise(logarithm, [atom(factor.base)]), slots);
  pass.give(exponentTensor(factor.exponent), product(draft));
}
