// The derivative of a primary function f of a square matrix along one matrix E: a block of
// its value at a block matrix, f([A E; 0 A]) = [f(A) L(A, E); 0 f(A)] [H08 thm 3.6].
// That is a value of f again, so it has derivatives of every order.
//
// What f(A) is contracted with, C, is such a matrix too: ⟨C, L(A, E)⟩ = ⟨L(Aᵀ, C), E⟩ [H08 §3.2],
// which is the gradient of ⟨C, f(X)⟩. Not here: the derivative along all matrices at once,
// which is a rule of its own with a Kronecker product.

import { type Dim, dimOf, multiplyDims } from "../expr/dim.ts";
import { addTensors, transposeTensor } from "../tensor/algebra.ts";
import { applyTyped } from "../tensor/apply.ts";
import { createDraft, freshLabel, multiplyInto } from "../tensor/draft.ts";
import { product } from "../tensor/product.ts";
import { type Block, embed, restrict } from "../tensor/stack.ts";
import {
  deltaBase,
  dependsOn,
  EXPONENT_ONE,
  type Factor,
  type FunctionBase,
  isUnitExponent,
  type RawTerm,
  type Slot,
  type Tensor,
} from "../tensor/tensor.ts";
import type { Occurrence } from "./outline.ts";

/** Whether the argument at the position is the matrix of a primary function; of a number it is an ordinary one. */
export const isPrimary = (base: FunctionBase, position: number): boolean =>
  position === 0 && base.rules.info.primary === true && base.axes.length === 2;

/** L(A, E), the derivative of the function at A along E, a matrix of the same axes. */
export function alongOne(base: FunctionBase, matrix: Tensor, along: Tensor): Tensor {
  const { axes, rules, args } = base;
  const [n] = axes as [Dim];
  const [upper, lower]: Block[] = [
    { offset: dimOf(0), size: n },
    { offset: n, size: n },
  ] as [Block, Block];
  const both = multiplyDims(dimOf(2), n);
  const at = (part: Tensor, row: Block, col: Block): Tensor => embed(embed(part, 0, row, [both, n]), 1, col, [both, both]);
  const whole = addTensors([both, both], [at(matrix, upper, upper), at(along, upper, lower), at(matrix, lower, lower)]);
  const given = [whole, ...args.slice(1)];
  const shapes = given.map((a) => ({ rows: a.axes[0] ?? dimOf(1), cols: a.axes[1] ?? dimOf(1) }));
  return restrict(restrict(applyTyped(rules, given, shapes), 0, upper), 1, lower);
}

/**
 * The summand of the product rule that comes from a factor f(A), where what it is contracted
 * with is no axis of the value; undefined for other factors, and where the variable is a number.
 */
export function throughAdjoint(
  { tensor, term, factor }: Occurrence,
  name: string,
  innerOf: (argument: Tensor) => Tensor,
): Tensor | undefined {
  const { base, exponent, slots } = factor;
  if (base.kind !== "function" || !isPrimary(base, 0) || !isUnitExponent(exponent)) return undefined;
  const [matrix, ...others] = base.args as [Tensor, ...Tensor[]];
  if (!dependsOn(matrix, name) || others.some((a) => dependsOn(a, name))) return undefined;
  const inner = innerOf(matrix);
  const extra = inner.axes.slice(2);
  if (extra.length === 0) return undefined;
  const around = surroundings(tensor.axes.length, term, factor);
  if (around === undefined) return undefined;
  const { labels, factors } = around;
  const gradient = alongOne(base, transposeTensor(matrix), contracted(tensor.axes.length, term, slots, factors, base.axes));
  const rank = tensor.axes.length;
  const draft = createDraft([...tensor.axes, ...extra], term.coefficient);
  const fresh = term.summed.map((dim, i) => (labels.has(rank + i) ? -1 : freshLabel(draft, dim)));
  term.factors.forEach((f) => {
    if (f === factor || factors.includes(f)) return;
    draft.factors.push({ ...f, slots: f.slots.map((s): Slot => (typeof s === "number" && s >= rank ? (fresh[s - rank] as number) : s)) });
  });
  const ends = base.axes.map((dim) => freshLabel(draft, dim));
  multiplyInto(draft, gradient, ends);
  multiplyInto(draft, inner, [...ends, ...extra.map((_, i) => rank + i)]);
  return product(draft);
}

/** The other factors that summed labels link to one, and these labels; undefined where they reach an axis of the value. */
export function surroundings(
  rank: number,
  term: RawTerm,
  factor: Factor,
): { readonly labels: Set<number>; readonly factors: Factor[] } | undefined {
  const numbers = (f: Factor): number[] => f.slots.filter((s): s is number => typeof s === "number");
  const labels = new Set(numbers(factor));
  let left = term.factors.filter((f) => f !== factor);
  const factors: Factor[] = [];
  for (;;) {
    const linked = left.filter((f) => numbers(f).some((s) => labels.has(s)));
    if (linked.length === 0) break;
    factors.push(...linked);
    left = left.filter((f) => !linked.includes(f));
    for (const s of linked.flatMap(numbers)) labels.add(s);
  }
  return [...labels].some((s) => s < rank) ? undefined : { labels, factors };
}

/** The matrix C of ⟨C, f(A)⟩ with f(A) at the slots. */
function contracted(rank: number, term: RawTerm, slots: readonly Slot[], factors: readonly Factor[], axes: readonly Dim[]): Tensor {
  const draft = createDraft(axes);
  const by = new Map<number, number>();
  slots.forEach((s, axis) => {
    const known = typeof s === "number" ? by.get(s) : s;
    // An entry, or a diagonal.
    if (known !== undefined) draft.factors.push({ base: deltaBase(axes[axis] as Dim), slots: [known, axis], exponent: EXPONENT_ONE });
    else by.set(s as number, axis);
  });
  const labelOf = (s: Slot): Slot => {
    if (typeof s !== "number") return s;
    if (!by.has(s)) by.set(s, freshLabel(draft, term.summed[s - rank] as Dim));
    return by.get(s) as number;
  };
  for (const f of factors) draft.factors.push({ ...f, slots: f.slots.map(labelOf) });
  return product(draft);
}
