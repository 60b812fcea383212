// From forms to a plan: every form is translated once, after its parts. What a kind of form
// becomes is decided in a file each: sums and products of entries (arithmetic.ts), products of
// matrices (chains.ts), what is asked of factored matrices (factors.ts).
//
// Invariants: every form is computed once. Depth of forms costs no stack, except one call a
// nested loop.

import * as Q from "../../base/rational.ts";
import type { Variable } from "../../expr/expr.ts";
import { type Determinant, type Form, formsBelow, partsOf } from "../form/form.ts";
import { type Making, makeProduct } from "./arithmetic.ts";
import { arg, createBuilder } from "./builder.ts";
import { createChains, needsOfChain } from "./chains.ts";
import { makeFromFactors } from "./factors.ts";
import { maskedFactors } from "./masks.ts";
import type { Output, Plan, Ref } from "./plan.ts";
import { alive, sizesOf } from "./prune.ts";
import { denseInverses } from "./structure.ts";
import { makeSum } from "./sums.ts";

/** An output before it is planned. */
export interface Wanted {
  readonly name: string;
  readonly shape: readonly [string, string];
  readonly form: Form;
}

/** What a plan is made for. */
export interface Choice {
  readonly inputs: readonly Variable[];
  /** Sizes that are known while the plan is made. */
  readonly sizes?: ReadonlyMap<string, number>;
}

/** Plans the outputs in their order. */
export function schedule(wanted: readonly Wanted[], choice: Choice): Plan {
  const roots = wanted.map((w) => w.form);
  const dense = denseInverses(formsBelow(roots), roots);
  const builder = createBuilder();
  const refs = new Map<Form, Ref>();
  const refOf = (form: Form): Ref => refs.get(form) as Ref;
  const makeChain = createChains({ builder, refOf, dense, sizes: choice.sizes });
  const work: Work = { builder, refs, refOf, dense, makeChain };
  for (const root of roots) place(root, work);
  const outputs = wanted.map(({ name, shape, form }): Output => ({ name, shape, axes: form.axes, ref: refOf(form) }));
  const kept = alive(builder.steps, outputs);
  return { inputs: choice.inputs, steps: kept, outputs, sizes: sizesOf(kept) };
}

/** What forms are placed with. */
interface Work extends Making {
  /** The step of each form that has been placed. */
  readonly refs: Map<Form, Ref>;
  /** The inverses that are computed as matrices. */
  readonly dense: ReadonlySet<Form>;
  readonly makeChain: (form: Form & { kind: "chain" }) => Ref;
}

/** Translates a form and all that it needs, which comes first. */
function place(root: Form, work: Work): Ref {
  const { refs, refOf, dense } = work;
  const stack: Form[] = [root];
  for (let form = stack[stack.length - 1]; form !== undefined; form = stack[stack.length - 1]) {
    const missing = refs.has(form) ? [] : needsOf(form, dense).filter((f) => !refs.has(f));
    stack.push(...missing.reverse());
    if (missing.length > 0) continue;
    stack.pop();
    if (!refs.has(form)) refs.set(form, translate(form, work));
  }
  return refOf(root);
}

function translate(form: Form, work: Work): Ref {
  switch (form.kind) {
    case "product":
      return makeProduct(work, form);
    case "sum":
      return makeSum(work, form);
    case "chain":
      return work.makeChain(form);
    case "reduce":
      return makeReduction(work, form);
    case "inverse":
    case "det":
    case "logdet":
    case "logabsdet":
      return makeFromFactors(work, form);
    case "loop":
      return translateLoop(form, work);
    default:
      return makeStep(work, form);
  }
}

// What the body uses without the index is placed outside; its forms are placed once for this loop.
function translateLoop(form: Form & { kind: "loop" }, work: Work): Ref {
  const { builder, refs } = work;
  const { index, range, axes } = form;
  const kept = new Set(refs.keys());
  const inner = builder.inLoop(index, () => place(form.of, work));
  for (const f of refs.keys()) if (f.open.has(index) && !kept.has(f)) refs.delete(f);
  return builder.emit({ op: "loop", index, range, ...inner, args: [], axes }, form.open);
}

// The forms whose values a form is computed from; what a loop needs is placed inside it.
function needsOf(form: Form, dense: ReadonlySet<Form>): readonly Form[] {
  if (form.kind === "loop") return [];
  return form.kind === "chain" ? needsOfChain(form, dense) : partsOf(form);
}

type Plain = Exclude<Form["kind"], "product" | "sum" | "chain" | "reduce" | "inverse" | Determinant | "loop">;

// The forms that are one step each.
function makeStep({ builder, refOf }: Making, form: Form & { kind: Plain }): Ref {
  const { axes, open } = form;
  const args = partsOf(form).map((p) => arg(refOf(p)));
  switch (form.kind) {
    case "number":
      return builder.literal(form.value);
    case "constant":
      return builder.emit({ op: "constant", name: form.name, args, axes }, open);
    case "size":
      return builder.emit({ op: "size", dim: form.dim, args, axes }, open);
    case "input":
      return builder.emit({ op: "input", name: form.name, args, axes }, open);
    case "map": {
      const along = form.args.map((a) => arg(refOf(a.form), a.axis));
      return builder.map(form.fn, along, axes, open);
    }
    case "transpose":
    case "diag":
    case "diagonal":
    case "eye":
    case "kron":
    case "vec":
    case "unvec":
      return builder.emit({ op: form.kind, args, axes }, open);
    case "unit":
      return builder.emit({ op: "unit", at: form.at, args, axes }, open);
    case "lift":
      return builder.emit({ op: "lift", axis: form.axis, args, axes }, open);
    case "concat":
      return builder.emit({ op: "concat", axis: form.axis, args, axes }, open);
    case "shuffle":
      return builder.emit({ op: "shuffle", axis: form.axis, outer: form.outer, inner: form.inner, args, axes }, open);
    case "entry":
      return builder.emit({ op: "entry", at: form.at, args, axes }, open);
    case "call":
      return builder.emit({ op: "call", fn: form.fn, args, axes }, open);
  }
}

function makeReduction({ builder, refOf }: Making, form: Form & { kind: "reduce" }): Ref {
  const { of, axes, open, over, fn } = form;
  const pair = fn === "sum" && over === "all" ? factorsOfDot(of) : undefined;
  if (pair !== undefined) return builder.emit({ op: "dot", args: pair.map((f) => arg(refOf(f))), axes }, open);
  return builder.emit({ op: "reduce", fn, over, args: [arg(refOf(of))], axes }, open);
}

// A sum of squares, or of products of the entries of two vectors, is a dot product.
function factorsOfDot(of: Form): readonly [Form, Form] | undefined {
  if (of.kind !== "product" || !Q.isOne(of.coefficient) || of.factors.some((f) => f.form.axes.length < of.axes.length)) return undefined;
  const [x, y, ...more] = of.factors;
  if (x === undefined || more.length > 0 || maskedFactors(of.factors) !== undefined) return undefined;
  if (y === undefined) return Q.equals(x.exponent, Q.rational(2)) ? [x.form, x.form] : undefined;
  return Q.isOne(x.exponent) && Q.isOne(y.exponent) && of.axes.length === 1 ? [x.form, y.form] : undefined;
}
