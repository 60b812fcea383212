// What the chain rule needs of one function: its derivative along an inner derivative, from
// the differential that rules/ states.
//
// Invariant: `inner` has the axes of the argument, then further ones; the result has those of
// the function, then the same further ones. Handing over the identity gives the local Jacobian.

import { fail } from "../base/diagnostic.ts";
import { NOWHERE } from "../base/span.ts";
import { type Dim, dimOf, sameDim } from "../expr/dim.ts";
import { zeroTensor } from "../tensor/form/algebra.ts";
import { createDraft, freshLabel, multiplyInto } from "../tensor/form/draft.ts";
import { type Base, dependsOn, EXPONENT_ONE, type FunctionBase, shapeAxes, type Tensor, unknownBase } from "../tensor/form/tensor.ts";
import { substitute } from "../tensor/functions/apply.ts";
import { alongOne } from "../tensor/primary/along.ts";
import { einsum } from "../tensor/product/einsum.ts";
import { product } from "../tensor/product/product.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { isPrimary } from "./primary.ts";

/** A function without a body, applied. */
export type UnknownAtom = Base & { kind: "unknown" };

/** Whether several of the arguments of a function depend on a variable. */
export const areSeveral = (args: readonly Tensor[], name: string): boolean => args.filter((a) => dependsOn(a, name)).length > 1;

/** ∂f by its argument at a position, along the derivative of the argument, alone or beside those of others. Throws a diagnostic where no rule is known. */
export function throughFunction(base: FunctionBase, position: number, inner: Tensor, isJoint: boolean): Tensor {
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
      NOWHERE,
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
    fail("unsupported", `${info.name} has no derivative at 0, and entries of its argument are 0 by construction`, NOWHERE);
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
  const of = { ...base, derivatives: [...base.derivatives, position] };
  if (base.elementwise) {
    draft.factors.push({
      base: unknownBase(of, base.axes),
      slots: own,
      exponent: EXPONENT_ONE,
    });
    multiplyInto(draft, inner, [...own, ...extraSlots]);
    return product(draft);
  }
  const summed = arg.axes.map((dim) => freshLabel(draft, dim));
  draft.factors.push({
    base: unknownBase(of, [...base.axes, ...arg.axes]),
    slots: [...own, ...summed],
    exponent: EXPONENT_ONE,
  });
  multiplyInto(draft, inner, [...summed, ...extraSlots]);
  return product(draft);
}

const ordinal = (i: number): string => ["first", "second", "third"][i] ?? `${i + 1}th`;
