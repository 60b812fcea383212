// Passes over whole tensors that need more than one term or one factor to see: what an
// indicator says about its neighbours, and multiplying out.
//
// Invariant: each pass returns an equal tensor; a pass that changes nothing returns its
// argument itself.

import { flatMap } from "../../base/list.ts";
import { ONE, sign, subtract } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors, constantTensor, splitContent } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import { draftOf, multiplyInto, withPowerAt } from "../form/draft.ts";
import { type Base, type Factor, internTensor, isUnitExponent, type Slot, type Tensor, type Term } from "../form/tensor.ts";
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
  if (known.length === 0) return undefined;
  const { rational, symbolic } = f.exponent;
  if (symbolic !== undefined || rational.d !== 1n || rational.n < 1n || rational.n > 4n) return undefined;
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

/** Terms beyond which multiplying out is given up. */
const MOST_EXPANDED = 48;

/** All bracketed sums multiplied out, down to single products; undefined where that grows beyond bounds. */
export const expand = (tensor: Tensor): Tensor | undefined => expandAll(tensor, firstSum);

/** Only the brackets on some bases multiplied out, wherever they stand above; undefined where that grows beyond bounds. */
export const expandBases = (tensor: Tensor, bases: ReadonlySet<Base>): Tensor | undefined =>
  expandAll(tensor, (term) => term.factors.findIndex((f) => bases.has(f.base) && isExpandable(f)));

function expandAll(tensor: Tensor, place: (term: Term) => number): Tensor | undefined {
  let current = tensor;
  for (let pass = 0; pass < 16; pass++) {
    const next = expandOnce(current, place);
    if (next === undefined || next.terms.length > MOST_EXPANDED) return undefined;
    if (next === current) return current;
    current = next;
  }
  return undefined;
}

const firstSum = (term: Term): number => term.factors.findIndex(isExpandable);

/** Only the brackets multiplied out in which what stands below the term's fraction line cancels; undefined where none is. */
export function expandCancelling(tensor: Tensor): Tensor | undefined {
  const next = expandOnce(tensor, cancellingSum);
  return next === tensor ? undefined : next;
}

/** The place of a bracket, to the power 1, each summand of which has a factor that stands beside it to a power of the other sign. */
const cancellingSum = (term: Term): number =>
  term.factors.findIndex((f) => {
    if (f.base.kind !== "sum" || !isUnitExponent(f.exponent)) return false;
    const { tensor } = f.base;
    return term.factors.some((g) => {
      const slots = slotsText(g.slots.map((s) => (typeof s === "number" ? f.slots.indexOf(s) : s)));
      const cancels = (h: Factor): boolean =>
        h.base === g.base && slotsText(h.slots) === slots && sign(h.exponent.rational) === -sign(g.exponent.rational);
      return g !== f && g.base.kind !== "sum" && tensor.terms.every((t) => t.factors.some(cancels));
    });
  });

/** The tensor with the factor at the place of each term opened into parts; undefined where one of them is not opened. */
function openedAt(
  tensor: Tensor,
  place: (term: Term) => number,
  open: (term: Term, index: number, parts: Tensor[]) => boolean,
): Tensor | undefined {
  const places = tensor.terms.map(place);
  if (places.every((at) => at < 0)) return tensor;
  const parts: Tensor[] = [];
  for (const [at, term] of tensor.terms.entries()) {
    const index = places[at] as number;
    if (index < 0) parts.push(internTensor(tensor.axes, [term]));
    else if (!open(term, index, parts)) return undefined;
  }
  return addTensors(tensor.axes, parts);
}

const expandOnce = (tensor: Tensor, place: (term: Term) => number): Tensor | undefined =>
  openedAt(tensor, place, (term, index, parts) => {
    const f = term.factors[index] as Factor;
    const inner = f.base.kind === "sum" || f.base.kind === "group" ? f.base.tensor : constantTensor([], ONE);
    const left = subtract(f.exponent.rational, ONE);
    const rest = { ...term, factors: withPowerAt(term.factors, index, left) };
    for (const part of inner.terms) {
      const draft = draftOf(tensor.axes, rest);
      multiplyInto(draft, product(draftOf(inner.axes, part)), f.slots);
      parts.push(product(draft));
    }
    return parts.length <= 4 * MOST_EXPANDED;
  });

/** A sum to a small positive whole power, or a closed contraction with such a sum inside. */
function isExpandable(f: Factor): boolean {
  const { rational, symbolic } = f.exponent;
  if (symbolic !== undefined || rational.d !== 1n || rational.n < 1n || rational.n > 4n) return false;
  return f.base.kind === "sum";
}

/** A closed contraction with bracketed sums inside. */
const holdsBrackets = (f: Factor): boolean =>
  f.base.kind === "group" && isUnitExponent(f.exponent) && f.base.tensor.terms.some((t) => t.factors.some(isExpandable));

/** Expands the closed contractions that hold bracketed sums: (x − y)·z becomes x·z − y·z. */
export const expandContractions = (tensor: Tensor): Tensor | undefined =>
  openedAt(
    tensor,
    ({ factors }) => factors.findIndex(holdsBrackets),
    (term, index, parts) => {
      const f = term.factors[index] as Factor;
      const group = f.base as Factor["base"] & { kind: "group" };
      const opened = expand(group.tensor);
      if (opened === undefined) return false;
      const draft = draftOf(tensor.axes, { ...term, factors: term.factors.filter((_, i) => i !== index) });
      multiplyInto(draft, opened, f.slots);
      parts.push(product(draft));
      return true;
    },
  );
