// Sums over the parts of one vector as a stack times that vector: A b₁ + c b₂ + d as [A, c] b + d, and [A v; c′ v] as [A; c′] v.
//
// Invariant: the same value. Not here: how a stack reads (src/tensor/read/sum/stacked.ts).

import { flatMap } from "../../../base/list.ts";
import { multiply, ONE } from "../../../base/rational.ts";
import type { Dim } from "../../../expr/dim.ts";
import { addTensors } from "../../form/algebra.ts";
import { canonicalTerm } from "../../form/canonical.ts";
import { attachAxes, createDraft, pushRelabelled } from "../../form/draft.ts";
import {
  type Base,
  EXPONENT_ONE,
  type Factor,
  internTensor,
  isUnitExponent,
  type RawTerm,
  type Tensor,
  type Term,
} from "../../form/tensor.ts";
import { product } from "../../product/product.ts";

/** A matrix, its last axis that of the vector, the vector behind it, and what is added. */
interface StackTimes {
  readonly matrix: Tensor;
  readonly vector: Tensor;
  readonly rest: Tensor;
}

/** Sums of more terms are left alone. */
const MOST_TERMS = 12;

/** A number or vector made of parts as stacks times the vectors that at least two of its terms have. */
export function stackTimes({ axes, terms }: Tensor): StackTimes[] {
  // Entries in a number stay as they were written.
  const inParts = terms.filter(axes.length === 0 ? hasBlock : hasPart);
  if (inParts.length === 0 || terms.length < 2 || terms.length > MOST_TERMS || axes.length > 1) return [];
  return flatMap([...new Set(flatMap(inParts, vectorsOf))], (base) => {
    const dim = base.axes[0] as Dim;
    const split = terms.map((term) => ({ term, parts: without(axes, term, base) }));
    const own = split.filter(({ parts }) => parts.length > 0);
    if (own.length < 2) return [];
    const vector = internTensor([dim], [canonicalTerm(ONE, [{ base, slots: [0], exponent: EXPONENT_ONE }], 1, () => dim)]);
    const others = split.filter((s) => !own.includes(s)).map(({ term }) => term);
    const matrix = addTensors(
      [...axes, dim],
      flatMap(own, ({ parts }) => parts),
    );
    return [{ matrix, vector, rest: internTensor(axes, others) }];
  });
}

/** Whether a term is about a part of an axis: a block of it, or a fixed position. */
const hasPart = (term: Term): boolean => hasBlock(term) || term.factors.some((f) => f.slots.some((s) => typeof s !== "number"));
const hasBlock = ({ factors }: Term): boolean => factors.some((f) => f.base.kind === "block");

/** The only term of a number such as Σ_i v_i. */
function numberOf({ base, slots, exponent }: Factor): Term | undefined {
  if (base.kind !== "group" || slots.length > 0 || base.tensor.terms.length > 1 || !isUnitExponent(exponent)) return undefined;
  return base.tensor.terms[0];
}

const isVector = ({ base, exponent }: Factor): boolean => base.axes.length === 1 && isUnitExponent(exponent);

function vectorsOf({ factors }: RawTerm): Base[] {
  const all = flatMap(factors, (f) => [f, ...(numberOf(f)?.factors ?? [])]);
  return all.filter(isVector).map((f) => f.base);
}

/** The term without a vector, its axis behind the others; none where it does not have the vector. */
function without(axes: readonly Dim[], term: Term, base: Base): Tensor[] {
  const rank = axes.length;
  const isIt = (f: Factor): boolean => f.base === base && isVector(f);
  const host = term.factors.find((f) => isIt(f) || numberOf(f)?.factors.some(isIt));
  if (host === undefined) return [];
  const draft = createDraft([...axes, base.axes[0] as Dim], term.coefficient);
  const known = new Map(axes.map((_, i) => [i, i]));
  const inner = isIt(host) ? undefined : numberOf(host);
  if (inner === undefined) attachAxes(draft, host.slots, rank, known);
  else {
    const own = inner.factors.find(isIt) as Factor;
    const within = new Map<number, number>();
    attachAxes(draft, own.slots, rank, within);
    draft.coefficient = multiply(draft.coefficient, inner.coefficient);
    pushRelabelled(
      draft,
      inner.factors.filter((f) => f !== own),
      within,
      (l) => inner.summed[l] as Dim,
    );
  }
  pushRelabelled(
    draft,
    term.factors.filter((f) => f !== host),
    known,
    (l) => term.summed[l - rank] as Dim,
  );
  return [product(draft)];
}
