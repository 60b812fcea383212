// What an indicator says about its neighbours: next to [z > 0], max(0, z) is z.
//
// Invariant: an equal tensor; one in which nothing is known returns itself.

import { flatMap } from "../../base/list.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors, splitContent } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import { draftOf, multiplyInto } from "../form/draft.ts";
import { type Factor, internTensor, isSmallPower, isUnitExponent, type Slot, type Tensor, type Term } from "../form/tensor.ts";
import { applyElementwise, substitute } from "../functions/apply.ts";
import { positiveArgument } from "../functions/indicator.ts";
import { product } from "../product/product.ts";

/** A comparison t > 0 known to hold on some labels. */
interface Known {
  readonly positive: Tensor;
  readonly slots: readonly Slot[];
}

/** Next to [z > 0], max(0, z) is z: applies guarded identities, also inside brackets on the same labels. */
export function applyGuards(tensor: Tensor, depth = 0): Tensor {
  const rewritten = tensor.terms.map((term) => {
    const known = flatMap(term.factors, (f) => {
      const positive = positiveArgument(f);
      return positive === undefined ? [] : [{ positive, slots: f.slots }];
    });
    return rewriteTerm(tensor.axes, term, known, depth);
  });
  if (rewritten.every((t) => t === undefined)) return tensor;
  const parts = rewritten.map((t, i) => t ?? internTensor(tensor.axes, [tensor.terms[i] as Term]));
  const made = addTensors(tensor.axes, parts);
  return depth < MOST_NESTED ? applyGuards(made, depth + 1) : made;
}

/** The term with guarded functions replaced; undefined where none applies. */
function rewriteTerm(axes: readonly Dim[], term: Term, known: readonly Known[], depth: number): Tensor | undefined {
  // Two comparisons that are rewritten by what each other says might both come to hold where neither did.
  let isCompared = false;
  const replaced = term.factors.map((f) => {
    const positive = positiveArgument(f);
    if (positive === undefined) return insideGroup(f, depth) ?? replaceFactor(f, known, depth);
    const others = known.filter((k) => k.positive !== positive || slotsText(k.slots) !== slotsText(f.slots));
    const made = isCompared ? undefined : replaceFactor(f, others, depth);
    isCompared ||= made !== undefined;
    return made;
  });
  if (replaced.every((r) => r === undefined)) return undefined;
  const draft = draftOf(axes, { ...term, factors: term.factors.filter((_, i) => replaced[i] === undefined) });
  for (const [i, f] of term.factors.entries()) {
    const by = replaced[i];
    const times = by === undefined ? 0 : Number(f.exponent.rational.n);
    for (let k = 0; k < times; k++) multiplyInto(draft, by as Tensor, f.slots);
  }
  return product(draft);
}

/** Closed contractions nested deeper than this keep their indicators as they are. */
const MOST_NESTED = 8;

/** A contraction taken as one atom, its own comparisons applied. */
function insideGroup(f: Factor, depth: number): Tensor | undefined {
  if (f.base.kind !== "group" || !isUnitExponent(f.exponent) || depth >= MOST_NESTED) return undefined;
  const inner = applyGuards(f.base.tensor, depth + 1);
  return inner === f.base.tensor ? undefined : inner;
}

/** What a factor becomes under the known comparisons, on the factor's own axes. */
function replaceFactor(f: Factor, known: readonly Known[], depth: number): Tensor | undefined {
  if (known.length === 0 || !isSmallPower(f.exponent)) return undefined;
  if (f.base.kind === "function") {
    const { rules, args, axes } = f.base;
    if (!rules.info.elementwise) return undefined;
    for (const identity of rules.guarded) {
      const by = new Map(identity.parameters.map((p, i) => [p.name, args[i] as Tensor]));
      const positive = splitContent(substitute(identity.positive, by, { broadcast: axes }), true).primitive;
      if (known.some((k) => k.positive === positive && slotsText(k.slots) === slotsText(f.slots)))
        return substitute(identity.result, by, { broadcast: axes });
    }
    const made = args.map((a) => replaceInside(f, a, known, depth));
    return made.every((a, i) => a === args[i]) ? undefined : (rules.make?.(made) ?? applyElementwise(rules, made));
  }
  if (f.base.kind !== "sum") return undefined;
  const made = replaceInside(f, f.base.tensor, known, depth);
  return made === f.base.tensor ? undefined : made;
}

/** A tensor on the labels of a factor, under the comparisons that are known on these. */
function replaceInside(f: Factor, tensor: Tensor, known: readonly Known[], depth: number): Tensor {
  const inner = flatMap(known, (k) => {
    const slots = k.slots.map((s) => (typeof s === "number" ? f.slots.indexOf(s) : s));
    return slots.some((s) => s === -1) ? [] : [{ positive: k.positive, slots }];
  });
  if (inner.length === 0 || depth >= MOST_NESTED) return tensor;
  let changed = false;
  const parts = tensor.terms.map((t) => {
    const rewritten = rewriteTerm(tensor.axes, t, inner, depth + 1);
    if (rewritten !== undefined) changed = true;
    return rewritten ?? internTensor(tensor.axes, [t]);
  });
  return changed ? addTensors(tensor.axes, parts) : tensor;
}
