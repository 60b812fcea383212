// Blocks beside other factors: terms that are alike but for a part in some block of the same
// axes as one term with the stacked matrix, so that kron([X A; 0 X], I) reads as itself and not
// as three products.
//
// Invariant: the same value. Not here: a sum that is a stack as a whole (notation.ts).

import type { Dim } from "../../expr/dim.ts";
import { addTensors, splitContent } from "../algebra.ts";
import { components } from "../components.ts";
import { createDraft, multiplyInto, pushRelabelled } from "../draft.ts";
import { product } from "../product.ts";
import { EXPONENT_ONE, type Factor, internTensor, partBase, type Tensor, type Term } from "../tensor.ts";

/** The sum with the parts of its terms in blocks put together beside what they have in common; none where no terms are alike. */
export function commonBlocks(tensor: Tensor): Tensor[] {
  if (tensor.terms.length < 2 || !tensor.terms.some((t) => t.factors.some(isBlock))) return [];
  const groups = new Map<string, Part[]>();
  for (const term of tensor.terms) {
    const part = partOf(tensor.axes, term);
    const key = part === undefined ? "" : `${part.rest.id}|${part.labels.join(",")}`;
    groups.set(key, [...(groups.get(key) ?? []), ...(part === undefined ? [] : [part])]);
  }
  const alike = [...groups.values()].filter((g) => g.length > 1);
  if (alike.length === 0) return [];
  const joined = new Set(alike.flat().map((p) => p.of));
  const left = tensor.terms.filter((t) => !joined.has(t));
  return [addTensors(tensor.axes, [...alike.map((g) => together(tensor.axes, g)), internTensor(tensor.axes, left)])];
}

const isBlock = (f: Factor): boolean => f.base.kind === "block";

interface Part {
  readonly of: Term;
  /** The free labels of the part in blocks. */
  readonly labels: readonly number[];
  /** The part on axes of its own, with the number of the term. */
  readonly inside: Tensor;
  /** The other factors. */
  readonly rest: Tensor;
}

// What a term has in blocks on at most two axes; undefined where there is nothing, or nothing beside it.
function partOf(axes: readonly Dim[], term: Term): Part | undefined {
  const rank = axes.length;
  const freeOf = (factors: readonly Factor[]): number[] =>
    [...new Set(factors.flatMap((f) => f.slots.filter((s): s is number => typeof s === "number" && s < rank)))].sort();
  const inBlocks = components(term.factors, rank).filter((c) => c.some(isBlock));
  const factors = freeOf(inBlocks.flat()).length > 2 ? inBlocks[0] : inBlocks.flat();
  const others = term.factors.filter((f) => factors?.includes(f) !== true);
  const labels = freeOf(factors ?? []);
  if (factors === undefined || factors.length === 0 || others.length === 0 || labels.length > 2) return undefined;
  const own = labels.map((l) => axes[l] as Dim);
  const inside = createDraft(own, term.coefficient);
  const known = new Map(labels.map((l, i) => [l, i]));
  pushRelabelled(inside, factors, known, (l) => term.summed[l - rank] as Dim);
  const rest = createDraft(axes);
  const all = new Map(axes.map((_, i) => [i, i]));
  pushRelabelled(rest, others, all, (l) => term.summed[l - rank] as Dim);
  return { of: term, labels, inside: product(inside), rest: product(rest) };
}

// A part is multiplied into nothing, so it stays a stack.
function together(axes: readonly Dim[], parts: readonly Part[]): Tensor {
  const [{ labels, rest, inside }] = parts as [Part, ...Part[]];
  const { content, primitive } = splitContent(addTensors(inside.axes, parts.map(insideOf)), false);
  const draft = createDraft(axes, content);
  multiplyInto(
    draft,
    rest,
    axes.map((_, i) => i),
  );
  draft.factors.push({ base: partBase(primitive), slots: labels, exponent: EXPONENT_ONE });
  return product(draft);
}

const insideOf = (part: Part): Tensor => part.inside;
