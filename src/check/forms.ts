// The other forms of an answer, evaluated: by entries, each index at every position, and as
// a sum of einsums.
//
// Invariant: nothing is known here of derivatives, nor of how a form was found.

import type { EinsumArray, Product } from "../calculus/einsum.ts";
import type { Label } from "../calculus/entries.ts";
import * as build from "../expr/build.ts";
import { type Dim, dimOf, evaluateDim } from "../expr/dim.ts";
import type { Expr, Index } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { type NamedIndex, reindexed } from "../expr/indices.ts";
import { scalarShape, shapeOf } from "../expr/shape.ts";
import type { Definitions } from "../numeric/context.ts";
import { contract } from "../numeric/einsum.ts";
import { matrix } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import type { ClaimedEntries } from "./higher.ts";

/** What forms are evaluated with. */
export interface FormOptions {
  readonly definitions?: Definitions;
  readonly find: (name: string) => FunctionInfo | undefined;
  /** What is put in the place of a term before it is evaluated. */
  readonly at?: (e: Expr) => Expr;
}

/** The entries of a form by entries: its body at every position of its labels, the first running fastest. */
export function entriesOfIndexForm(form: { readonly labels: readonly Label[]; readonly body: Expr }, options: FormOptions): ClaimedEntries {
  const { labels, body } = form;
  // Sizes belong to a point also where the body does not mention them.
  const covered = [closed(body, new Map(labels.map((l) => [l.name, 1])), options), ...labels.map((l) => build.zeros(l.range))];
  return {
    covered,
    entries: (by, point) => by.tabulate(body, labels, point, options.definitions),
  };
}

/** The body with its labels at fixed positions. */
function closed(body: Expr, at: ReadonlyMap<string, number>, { find }: FormOptions): Expr {
  const settle = (i: NamedIndex): Index => {
    const position = at.get(i.name);
    return position === undefined ? i : { kind: "position", at: dimOf(position) };
  };
  return reindexed(body, settle, find);
}

/** The entries of a sum of einsums. */
export function entriesOfEinsum(array: EinsumArray, options: FormOptions): ClaimedEntries {
  const covered: Expr[] = [...array.axes.map((d) => build.zeros(d))];
  const stack: EinsumArray[] = [array];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.kind === "term") covered.push(top.expr);
    else if (top.kind === "call") stack.push(...top.args);
    else if (top.kind === "sum")
      for (const p of top.terms) {
        covered.push(p.scale);
        stack.push(...p.operands.map((o) => o.array));
      }
  }
  const { at = (e: Expr) => e } = options;
  return { covered: covered.map(at), entries: (numeric, point) => evaluate(array, { ...options, at, numeric, point }) };
}

/** By what and where the arrays of an einsum are evaluated. */
interface Evaluation extends FormOptions {
  readonly at: (e: Expr) => Expr;
  readonly numeric: Numeric;
  readonly point: Point;
}

const valuesOf = (e: Expr, { numeric, point, definitions }: Evaluation): Float64Array => numeric.evaluate(e, point, definitions).data;

// Recursion follows the nesting of the form, which its writer bounds.
function evaluate(array: EinsumArray, by: Evaluation): Float64Array {
  const { sizes: named } = by.point;
  switch (array.kind) {
    case "term":
      return valuesOf(by.at(array.expr), by);
    case "fuse": {
      const [fused, outer, inner] = array.axes.map((d) => evaluateDim(d, named)) as [number, number, number];
      const out = new Float64Array(fused * outer * inner);
      for (let j = 0; j < outer; j++) for (let i = 0; i < inner; i++) out[j * inner + i + fused * (j + outer * i)] = 1;
      return out;
    }
    case "call":
      return applied(array, by);
    case "sum": {
      const sizes = array.axes.map((d) => evaluateDim(d, named));
      const out = new Float64Array(sizes.reduce((a, b) => a * b, 1));
      for (const product of array.terms) accumulate(product, out, sizes, by);
      return out;
    }
  }
}

// Adds a product to an array of these sizes.
function accumulate({ scale, operands }: Product, out: Float64Array, sizes: readonly number[], by: Evaluation): void {
  const all: number[] = [...sizes];
  for (const { array, labels } of operands)
    labels.forEach((l, i) => {
      all[l] = evaluateDim(array.axes[i] as Dim, by.point.sizes);
    });
  const factors = operands.map(({ array, labels }) => ({ labels, data: evaluate(array, by) }));
  const scaling = { labels: [], data: valuesOf(by.at(scale), by) };
  const kept = sizes.map((_, i) => i);
  contract([scaling, ...factors], kept, all).forEach((value, k) => {
    out[k] = (out[k] as number) + value;
  });
}

/** A function or a power, entry by entry. */
function applied(array: EinsumArray & { kind: "call" }, by: Evaluation): Float64Array {
  const args = array.args.map((a) => evaluate(a, by));
  const size = args[0]?.length ?? 0;
  if (array.power !== undefined) {
    const exponent = Number(array.power.n) / Number(array.power.d);
    return (args[0] as Float64Array).map((x) => x ** exponent);
  }
  if (array.name === "positive" || array.name === "zero")
    return (args[0] as Float64Array).map((x) => ((array.name === "positive" ? x > 0 : x === 0) ? 1 : 0));
  const info = by.find(array.name);
  if (info === undefined) return new Float64Array(size).fill(Number.NaN);
  const column = shapeOf(dimOf(size), 1);
  const names = args.map((_, i) => `argument ${i + 1}`);
  const term = build.call(
    info,
    names.map((name) => build.variable(name, size === 1 ? scalarShape() : column)),
  );
  const values = new Map(names.map((name, i) => [name, matrix(size, 1, args[i] as Float64Array)]));
  return valuesOf(term, { ...by, point: { ...by.point, values } });
}
