// What differentiation visits: the tensors inside a tensor in which the variable occurs, each
// once, inner ones first, and their factors; and which derivatives are kept whole on the way.
//
// Invariant: no recursion; the order depends on the content of the tensor alone.

import { flatMap } from "../base/list.ts";
import { extent, inHalves, keptWhole } from "../tensor/convert/part.ts";
import { dependsOn, type Factor, innerTensors, type RawTerm, type Tensor } from "../tensor/form/tensor.ts";
import { exponentTensor } from "../tensor/product/power.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";

/** A tensor on the way, and what lies in it. */
export interface Place {
  readonly tensor: Tensor;
  /** The same value, with traces of functions of the variable multiplied out, and long products in halves. */
  readonly opened: Tensor;
  /** How often tensors above refer to it. */
  readonly uses: number;
  /** How many factors in it lead on, to the variable or to tensors below. */
  readonly leads: number;
}

/** A factor where it stands, which is what the product rule goes through. */
export interface Occurrence {
  readonly tensor: Tensor;
  readonly term: RawTerm;
  readonly factor: Factor;
  /** Its place among the factors of the term. */
  readonly index: number;
}

/** All factors of a tensor, term by term. */
export const occurrences = (tensor: Tensor): Occurrence[] =>
  flatMap(tensor.terms, (term) => term.factors.map((factor, index) => ({ tensor, term, factor, index })));

/** The tensors in which a name occurs, inner ones before those around them; the tensor itself is last. */
export function outline(root: Tensor, name: string): Place[] {
  const varies = (f: { readonly base: { readonly names: Tensor["names"] } }): boolean => dependsOn(f.base, name);
  const open = new Map<Tensor, { opened: Tensor; below: Tensor[] }>();
  const uses = new Map<Tensor, number>();
  const done = new Set<Tensor>();
  const out: Place[] = [];
  const stack: Tensor[] = [root];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as Tensor;
    let state = open.get(top);
    if (state === undefined) {
      const opened = inHalves(top, varies);
      state = { opened, below: below(opened).filter((t) => dependsOn(t, name)) };
      open.set(top, state);
      for (const t of state.below) uses.set(t, (uses.get(t) ?? 0) + 1);
      const waiting = state.below.filter((t) => !open.has(t));
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
    }
    stack.pop();
    if (done.has(top)) continue;
    done.add(top);
    const leads = state.opened.terms.reduce((n, t) => n + t.factors.filter(varies).length, 0);
    out.push({ tensor: top, opened: state.opened, uses: 0, leads });
  }
  return out.map((p) => ({ ...p, uses: uses.get(p.tensor) ?? 0 }));
}

function below(tensor: Tensor): Tensor[] {
  return flatMap(tensor.terms, (t) =>
    flatMap(t.factors, (f) =>
      f.exponent.symbolic === undefined ? innerTensors(f.base) : [...innerTensors(f.base), exponentTensor(f.exponent)],
    ),
  );
}

/** Tensors nested deeper than this are differentiated with intermediate derivatives kept whole. */
const DEEP = 8;
/** Intermediate derivatives of more factors than this are kept whole even where they are used once. */
const LONG = 16;
/** Shorter ones are multiplied out wherever they are used. */
const SHORT = 3;

/** Whether intermediate derivatives are kept whole, so that the answer does not grow with every tensor on the way. */
export const isDeep = (tensor: Tensor): boolean => tensor.depth > DEEP;

/** An intermediate derivative, as one atom where it is long or used several times. */
export function kept(tensor: Tensor, uses: number): Tensor {
  const size = extent(tensor);
  return size > LONG || (uses > 1 && size >= SHORT) ? keptWhole(applyGuards(tensor)) : tensor;
}
