// Differentiation of normal forms. The product rule and the chain rule are applied here
// and nowhere else; what is known of a function comes from its differential in rules/.
//
// Invariants: the derivative has the axes of the tensor, then the axes of the variable.
// Every tensor below is visited once, so a shared part costs once. Only a tensor in which
// the variable does not occur has derivative zero; a function without rule is an error.

import { fail } from "../base/diagnostic.ts";
import { MINUS_ONE } from "../base/rational.ts";
import { type Dim, dimOf } from "../expr/dim.ts";
import type { Variable } from "../expr/expr.ts";
import { addTensors, zeroTensor } from "../tensor/algebra.ts";
import { applyElementwise, atom, substitute } from "../tensor/apply.ts";
import { createDraft, freshLabel, multiplyInto } from "../tensor/draft.ts";
import { exponentTensor } from "../tensor/power.ts";
import { product } from "../tensor/product.ts";
import {
  type Draft, addRationalToExponent,
  type Base,
  deltaBase,
  dependsOn,
  EXPONENT_ONE,
  type Factor,
  type FunctionRules,
  innerTensors,
  isUnitExponent,
  type Slot,
  shapeAxes,
  type Tensor,
  type Term,
  unknownBase,
} from "../tensor/tensor.ts";

/** ∂tensor/∂variable; `logarithm` is needed where the variable stands in an exponent. Throws a diagnostic where a rule is missing. */
export function derivative(tensor: Tensor, variable: Variable, logarithm: FunctionRules | undefined): Tensor {
  const extra = shapeAxes(variable.shape);
  const memo = new Map<Tensor, Tensor>();
  const pass: Pass = { variable, extra, memo, logarithm };
  const stack: Tensor[] = [tensor];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as Tensor;
    if (memo.has(top)) {
      stack.pop();
      continue;
    }
    const waiting = below(top).filter((t) => dependsOn(t, variable.name) && !memo.has(t));
    if (waiting.length > 0) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    memo.set(top, differentiateTensor(top, pass));
  }
  return memo.get(tensor) as Tensor;
}

interface Pass {
  readonly variable: Variable;
  readonly extra: readonly Dim[];
  readonly memo: ReadonlyMap<Tensor, Tensor>;
  readonly logarithm: FunctionRules | undefined;
}

function below(tensor: Tensor): Tensor[] {
  return tensor.terms.flatMap((t) =>
    t.factors.flatMap((f) =>
      f.exponent.symbolic === undefined ? innerTensors(f.base) : [...innerTensors(f.base), exponentTensor(f.exponent)],
    ),
  );
}

function differentiateTensor(tensor: Tensor, pass: Pass): Tensor {
  const axes = [...tensor.axes, ...pass.extra];
  if (!dependsOn(tensor, pass.variable.name)) return zeroTensor(axes);
  const parts = tensor.terms.flatMap((term) => term.factors.flatMap((f, i) => differentiateFactor(tensor, term, f, i, pass)));
  return addTensors(axes, parts);
}

/** The summands of the product rule that come from one factor: of its base and of its exponent. */
function differentiateFactor(tensor: Tensor, term: Term, factor: Factor, index: number, pass: Pass): Tensor[] {
  const rank = tensor.axes.length;
  const axes = [...tensor.axes, ...pass.extra];
  const extraSlots = pass.extra.map((_, i) => rank + i);
  const { symbolic } = factor.exponent;
  // Free labels stay, summed ones move behind the variable's axes.
  const start = (): { draft: Draft; slotOf: (s: Slot) => Slot } => {
    const draft = createDraft(axes, term.coefficient);
    const fresh = term.summed.map((dim) => freshLabel(draft, dim));
    const slotOf = (s: Slot): Slot => (typeof s === "number" && s >= rank ? (fresh[s - rank] as number) : s);
    term.factors.forEach((f, i) => {
      if (i !== index) draft.factors.push({ ...f, slots: f.slots.map(slotOf) });
    });
    return { draft, slotOf };
  };
  const out: Tensor[] = [];
  if (dependsOn(factor.base, pass.variable.name)) {
    const { draft, slotOf } = start();
    const slots = factor.slots.map(slotOf);
    if (!isUnitExponent(factor.exponent)) {
      multiplyInto(draft, exponentTensor(factor.exponent), []);
      draft.factors.push({ ...factor, slots, exponent: addRationalToExponent(factor.exponent, MINUS_ONE) });
    }
    const traced = traceOf(tensor, term, factor, pass);
    if (traced !== undefined) {
      // The rule has summed over the label.
      draft.summed.delete(slots[0] as number);
      multiplyInto(draft, traced, extraSlots);
    } else multiplyInto(draft, differentiateBase(factor.base, pass), [...slots, ...extraSlots]);
    out.push(product(draft));
  }
  if (symbolic !== undefined && dependsOn(symbolic, pass.variable.name)) {
    if (pass.logarithm === undefined) fail("unsupported", "a variable in an exponent needs the rules of log", { start: 0, end: 0 });
    const { draft, slotOf } = start();
    const slots = factor.slots.map(slotOf);
    draft.factors.push({ ...factor, slots });
    multiplyInto(draft, applyElementwise(pass.logarithm, [atom(factor.base)]), slots);
    multiplyInto(draft, pass.memo.get(exponentTensor(factor.exponent)) as Tensor, extraSlots);
    out.push(product(draft));
  }
  return out;
}

/** The derivative of Σ_i f(A)_ii, where a rule states it and nothing else in the term carries i. */
function traceOf(tensor: Tensor, term: Term, { base, slots, exponent }: Factor, pass: Pass): Tensor | undefined {
  if (base.kind !== "function" || base.rules.trace === undefined || !isUnitExponent(exponent)) return undefined;
  const [label, other, ...more] = slots;
  if (typeof label !== "number" || label < tensor.axes.length || label !== other || more.length > 0) return undefined;
  const carried = term.factors.flatMap((f) => f.slots).filter((s) => s === label).length;
  const others = base.args.slice(1).some((a) => dependsOn(a, pass.variable.name));
  if (carried > 2 || others) return undefined;
  const rule = base.rules.trace;
  const by = new Map(rule.parameters.map((p, i) => [p.name, base.args[i] as Tensor]));
  by.set(rule.differential, pass.memo.get(base.args[0] as Tensor) as Tensor);
  const [size] = base.axes;
  const [own] = shapeAxes(base.rules.info.params[0] as { rows: Dim; cols: Dim });
  return substitute(rule.value, by, { extra: pass.extra, dims: new Map(own === undefined || size === undefined ? [] : [[own.key, size]]) });
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
      return pass.memo.get(base.tensor) as Tensor;
    case "function":
      return addTensors(
        axes,
        base.args.flatMap((arg, i) => (dependsOn(arg, pass.variable.name) ? [differentiateArgument(base, i, pass)] : [])),
      );
    case "unknown":
      return addTensors(
        axes,
        base.args.flatMap((arg, i) => (dependsOn(arg, pass.variable.name) ? [differentiateUnknown(base, i, pass)] : [])),
      );
    default:
      throw new Error(`a ${base.kind} depends on no variable`);
  }
}

type FunctionAtom = Base & { kind: "function" };
type UnknownAtom = Base & { kind: "unknown" };

function differentiateArgument(base: FunctionAtom, position: number, pass: Pass): Tensor {
  const { info, differentials } = base.rules;
  const rule = differentials[position];
  const axes = [...base.axes, ...pass.extra];
  if (rule === "zero") return zeroTensor(axes);
  if (rule === undefined)
    fail(
      "unsupported",
      `no rule for the derivative of ${info.name} by its ${ordinal(position)} argument${info.refusal === undefined ? "" : `: ${info.refusal}`}`,
      { start: 0, end: 0 },
    );
  const by = new Map(rule.parameters.map((p, i) => [p.name, base.args[i] as Tensor]));
  by.set(rule.differential, pass.memo.get(base.args[position] as Tensor) as Tensor);
  if (info.elementwise) return substitute(rule.value, by, { broadcast: base.axes, extra: pass.extra });
  const dims = new Map<string, Dim>();
  info.params.forEach((param, i) => {
    shapeAxes(param).forEach((d, axis) => {
      // A side of length 1 has no axis; which of two it was makes no difference to a value.
      const actual = base.args[i]?.axes[axis] ?? dimOf(1);
      if (!dims.has(d.key)) dims.set(d.key, actual);
    });
  });
  return substitute(rule.value, by, { extra: pass.extra, dims });
}

function differentiateUnknown(base: UnknownAtom, position: number, pass: Pass): Tensor {
  const arg = base.args[position] as Tensor;
  const inner = pass.memo.get(arg) as Tensor;
  const draft = createDraft([...base.axes, ...pass.extra]);
  const own = base.axes.map((_, i) => i);
  const extraSlots = pass.extra.map((_, i) => base.axes.length + i);
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
