// Differentiation of normal forms. The product rule and the chain rule are applied here, in
// reverse in backward.ts and single.ts, and nowhere else; what is known of a function comes from
// its differential in rules/.
//
// Invariants: the derivative has the axes of the tensor, then the axes of the variable.
// Every tensor below is visited once, so a shared part costs once. Only a tensor in which
// the variable does not occur has derivative zero; a function without rule is an error.

import { fail } from "../base/diagnostic.ts";
import { flatMap } from "../base/list.ts";
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
import { backward } from "./backward.ts";
import { isDeep, kept, type Occurrence, occurrences, outline } from "./outline.ts";
import { throughAdjoint } from "./primary.ts";
import { singled } from "./single.ts";
import { areSeveral, throughFunction, throughUnknown } from "./through.ts";
import { throughTrace } from "./traces.ts";

/** ∂tensor/∂variable; log is looked up where the variable stands in an exponent. Throws a diagnostic where a rule is missing. */
export function derivative(tensor: Tensor, variable: Variable, find: FindFunction): Tensor {
  const extra = shapeAxes(variable.shape);
  const deep = isDeep(tensor);
  if (!dependsOn(tensor, variable.name)) return zeroTensor([...tensor.axes, ...extra]);
  if (deep && tensor.axes.length < extra.length) return backward(tensor, variable, find);
  const memo = new Map<Tensor, Tensor>();
  const places = outline(tensor, variable.name);
  const pass: Pass = { variable, extra, memo, opened: new Map(places.map((p) => [p.tensor, p.opened])), find };
  for (const { tensor: inner, opened, uses } of places) {
    const full = differentiateTensor(opened, pass);
    memo.set(inner, deep && inner !== tensor ? kept(full, uses) : full);
  }
  return memo.get(tensor) as Tensor;
}

interface Pass {
  readonly variable: Variable;
  readonly extra: readonly Dim[];
  readonly memo: ReadonlyMap<Tensor, Tensor>;
  /** The tensors inside as they are gone through. */
  readonly opened: ReadonlyMap<Tensor, Tensor>;
  readonly find: FindFunction;
}

function differentiateTensor(tensor: Tensor, pass: Pass): Tensor {
  const axes = [...tensor.axes, ...pass.extra];
  const parts = flatMap(occurrences(tensor), (at) => differentiateAlone(at, pass));
  return addTensors(axes, parts);
}

/** The summands of the product rule that come from one factor, by way of its parts where a function of a matrix stands alone then. */
function differentiateAlone(at: Occurrence, pass: Pass): Tensor[] {
  const parts = singled(at, pass.variable.name, (inner) => pass.opened.get(inner) as Tensor);
  return parts[0] === at ? differentiateFactor(at, pass) : flatMap(parts, (o) => differentiateAlone(o, pass));
}

/** The summands of the product rule that come from one factor: of its base and of its exponent. */
function differentiateFactor(at: Occurrence, pass: Pass): Tensor[] {
  const { base, exponent } = at.factor;
  const { name } = pass.variable;
  const out: Tensor[] = [];
  if (dependsOn(base, name)) out.push(baseSummand(at, pass));
  if (exponent.symbolic !== undefined && dependsOn(exponent.symbolic, name)) out.push(exponentSummand(at, pass));
  return out;
}

/** A term with one factor taken out, and what its labels have become. */
interface Remainder {
  readonly draft: Draft;
  /** Slots of the factor that is missing. */
  readonly slots: readonly Slot[];
  /** Labels of the variable's axes. */
  readonly extraSlots: readonly number[];
}

/** All factors of a term but the one that is differentiated, on a draft with the axes of the derivative. */
function remainder({ tensor, term, factor, index }: Occurrence, { extra }: Pass): Remainder {
  const rank = tensor.axes.length;
  const draft = createDraft([...tensor.axes, ...extra], term.coefficient);
  // Free labels stay, summed ones move behind the variable's axes.
  const fresh = term.summed.map((dim) => freshLabel(draft, dim));
  const slotOf = (s: Slot): Slot => (typeof s === "number" && s >= rank ? (fresh[s - rank] as number) : s);
  term.factors.forEach((f, i) => {
    if (i !== index) draft.factors.push({ ...f, slots: f.slots.map(slotOf) });
  });
  return { draft, slots: factor.slots.map(slotOf), extraSlots: extra.map((_, i) => rank + i) };
}

/** d(bᵏ) = k bᵏ⁻¹ db beside the other factors. */
function baseSummand(at: Occurrence, pass: Pass): Tensor {
  const { factor } = at;
  const { name } = pass.variable;
  const { draft, slots, extraSlots } = remainder(at, pass);
  if (!isUnitExponent(factor.exponent)) {
    multiplyInto(draft, exponentTensor(factor.exponent), []);
    draft.factors.push({ ...factor, slots, exponent: addRationalToExponent(factor.exponent, MINUS_ONE) });
  }
  const innerOf = (a: Tensor): Tensor => pass.memo.get(a) as Tensor;
  const traced = throughTrace(at, name, innerOf);
  if (traced !== undefined) {
    // The rule has summed over the label.
    draft.summed.delete(slots[0] as number);
    multiplyInto(draft, traced, extraSlots);
    return product(draft);
  }
  const whole = throughAdjoint(at, name, innerOf);
  if (whole !== undefined) return whole;
  multiplyInto(draft, differentiateBase(factor.base, pass), [...slots, ...extraSlots]);
  return product(draft);
}

/** d(bᵏ) = bᵏ log(b) dk beside the other factors. */
function exponentSummand(at: Occurrence, pass: Pass): Tensor {
  const { factor } = at;
  const logarithm = pass.find("log");
  if (logarithm === undefined) fail("unsupported", "a variable in an exponent needs the rules of log", NOWHERE);
  const { draft, slots, extraSlots } = remainder(at, pass);
  draft.factors.push({ ...factor, slots });
  multiplyInto(draft, applyElementwise(logarithm, [atom(factor.base)]), slots);
  multiplyInto(draft, pass.memo.get(exponentTensor(factor.exponent)) as Tensor, extraSlots);
  return product(draft);
}

/** Derivative of one atom: its axes, then the variable's. */
function differentiateBase(base: Base, pass: Pass): Tensor {
  const axes = [...base.axes, ...pass.extra];
  switch (base.kind) {
    case "var": {
      // ∂X_ij/∂X_kl = δ_ik δ_jl
      const draft = createDraft(axes);
      base.axes.forEach((dim, i) => {
        draft.factors.push({ base: deltaBase(dim), slots: [i, base.axes.length + i], exponent: EXPONENT_ONE });
      });
      return product(draft);
    }
    case "sum":
    case "group":
    case "part":
      return pass.memo.get(base.tensor) as Tensor;
    case "function": {
      const isJoint = areSeveral(base.args, pass.variable.name);
      return addTensors(
        axes,
        flatMap(base.args, (arg, i) =>
          dependsOn(arg, pass.variable.name) ? [throughFunction(base, i, pass.memo.get(arg) as Tensor, isJoint)] : [],
        ),
      );
    }
    case "unknown":
      return addTensors(
        axes,
        flatMap(base.args, (arg, i) => (dependsOn(arg, pass.variable.name) ? [throughUnknown(base, i, pass.memo.get(arg) as Tensor)] : [])),
      );
    default:
      throw new Error(`a ${base.kind} depends on no variable`);
  }
}
