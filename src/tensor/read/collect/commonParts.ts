// Parts beside other factors: terms that are alike but for a part on some axes as one term with
// the sum of the parts, so that kron([X A; 0 X], I) reads as itself and not as three products,
// and kron(x xᵀ, diag(a)) − kron(x xᵀ, diag(b)) as kron(x xᵀ, diag(a − b)).
//
// Invariant: the same value. Not here: a sum that is a stack as a whole (src/tensor/read/sum/stacked.ts).

import type { Dim } from "../../../expr/dim.ts";
import { addTensors, splitContent } from "../../form/algebra.ts";
import { components } from "../../form/components.ts";
import { createDraft, multiplyInto, pushRelabelled } from "../../form/draft.ts";
import { EXPONENT_ONE, type Factor, internTensor, labelsOf, partBase, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

/** The sum with the parts of its terms in blocks put together beside what they have in common; none where no terms are alike. */
export function commonBlocks(tensor: Tensor): Tensor[] {
  if (!tensor.terms.some((t) => t.factors.some(isBlock))) return [];
  return commonParts(tensor, (parts) => {
    const inBlocks = parts.filter((part) => part.factors.some(isBlock));
    const chosen = axesOf(inBlocks).length > 2 ? inBlocks.slice(0, 1) : inBlocks;
    return { parts: chosen, axes: axesOf(chosen) };
  });
}

/**
 * The sum with what its terms have on these two axes alone put together beside what they have in common, numbers that differ
 * included; none where no terms are alike.
 */
export function commonOnAxes(tensor: Tensor, axes: readonly [number, number]): Tensor[] {
  const within = (least: number): Tensor[] =>
    commonParts(tensor, (parts) => {
      const own = parts.filter((part) => part.axes.length >= least && part.axes.every((axis) => axes.includes(axis)));
      return { parts: own, axes };
    });
  const plain = within(1);
  return plain.length > 0 ? plain : within(0);
}

const isBlock = (f: Factor): boolean => f.base.kind === "block";

/** Factors that summed labels join, and the free axes they stand on. */
interface Component {
  readonly factors: readonly Factor[];
  readonly axes: readonly number[];
}

const axesOf = (parts: readonly Component[]): number[] => [...new Set(parts.flatMap((p) => p.axes))].sort((a, b) => a - b);

/** Components of a term, and the axes on which they are one part. */
type Choice = (parts: readonly Component[]) => { readonly parts: readonly Component[]; readonly axes: readonly number[] };

function commonParts(tensor: Tensor, choose: Choice): Tensor[] {
  if (tensor.terms.length < 2) return [];
  const groups = new Map<string, Part[]>();
  for (const term of tensor.terms) {
    const part = partOf(tensor.axes, term, choose);
    const key = part === undefined ? "" : `${part.rest.id}|${part.labels.join(",")}`;
    groups.set(key, [...(groups.get(key) ?? []), ...(part === undefined ? [] : [part])]);
  }
  const alike = [...groups.values()].filter((g) => g.length > 1);
  if (alike.length === 0) return [];
  const joined = new Set(alike.flat().map((p) => p.of));
  const left = tensor.terms.filter((t) => !joined.has(t));
  return [addTensors(tensor.axes, [...alike.map((g) => together(tensor.axes, g)), internTensor(tensor.axes, left)])];
}

interface Part {
  readonly of: Term;
  /** The free labels of the part. */
  readonly labels: readonly number[];
  /** The part on axes of its own, with the number of the term. */
  readonly inside: Tensor;
  /** The other factors. */
  readonly rest: Tensor;
}

// The chosen part of a term on at most two axes; undefined where there is nothing, or nothing beside it.
function partOf(axes: readonly Dim[], term: Term, choose: Choice): Part | undefined {
  const rank = axes.length;
  const all = components(term.factors, rank).map((factors) => ({ factors, axes: freeAxes(factors, rank) }));
  const { parts, axes: labels } = choose(all);
  const factors = parts.flatMap((part) => part.factors);
  const others = term.factors.filter((f) => !factors.includes(f));
  if (factors.length === 0 || others.length === 0 || labels.length > 2) return undefined;
  const own = labels.map((l) => axes[l] as Dim);
  const inside = createDraft(own, term.coefficient);
  const known = new Map(labels.map((l, i) => [l, i]));
  pushRelabelled(inside, factors, known, (l) => term.summed[l - rank] as Dim);
  const rest = createDraft(axes);
  const same = new Map(axes.map((_, i) => [i, i]));
  pushRelabelled(rest, others, same, (l) => term.summed[l - rank] as Dim);
  return { of: term, labels, inside: product(inside), rest: product(rest) };
}

const freeAxes = (factors: readonly Factor[], rank: number): number[] => [
  ...new Set(factors.flatMap((f) => labelsOf(f.slots).filter((l) => l < rank))),
];

// A part is multiplied into nothing, so it stays a stack.
function together(axes: readonly Dim[], parts: readonly Part[]): Tensor {
  const [{ labels, rest, inside }] = parts as [Part, ...Part[]];
  const sum = addTensors(
    inside.axes,
    parts.map((part) => part.inside),
  );
  const { content, primitive } = splitContent(sum, false);
  const draft = createDraft(axes, content);
  multiplyInto(
    draft,
    rest,
    axes.map((_, i) => i),
  );
  draft.factors.push({ base: partBase(primitive), slots: labels, exponent: EXPONENT_ONE });
  return product(draft);
}
