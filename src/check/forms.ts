// The other forms of an answer, evaluated: by entries, each index at every position, and as
// a sum of einsums, by loops over all labels. Both without any knowledge of derivatives.

import type { EinsumArray, Product } from "../calculus/einsum.ts";
import type { Label } from "../calculus/entries.ts";
import * as build from "../expr/build.ts";
import { type Dim, dimOf, evaluateDim } from "../expr/dim.ts";
import { type Expr, fold, type Index } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { scalarShape, shapeOf } from "../expr/shape.ts";
import type { Definitions } from "../numeric/context.ts";
import { matrix } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import type { ClaimedEntries } from "./higher.ts";

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

function advance(at: number[], sizes: readonly number[]): void {
  for (let i = 0; i < at.length; i++) {
    at[i] = (at[i] as number) + 1;
    if ((at[i] as number) <= (sizes[i] as number)) return;
    at[i] = 1;
  }
}

/** The body with its labels at fixed positions. */
function closed(body: Expr, at: ReadonlyMap<string, number>, { find }: FormOptions): Expr {
  const settle = (i: Index): Index => {
    const position = i.kind === "bound" ? at.get(i.name) : undefined;
    return position === undefined ? i : { kind: "position", at: dimOf(position) };
  };
  return fold<Expr>(body, (node, args) =>
    node.kind === "entry" ? build.entry(args[0] as Expr, [settle(node.at[0]), settle(node.at[1])]) : build.withArgs(node, args, find),
  );
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
  return { covered: covered.map(at), entries: (by, point) => evaluate(by, array, point, { ...options, at }) };
}

type Settled = FormOptions & Required<Pick<FormOptions, "at">>;

// Recursion follows the nesting of the form, which its writer bounds.
function evaluate(numeric: Numeric, array: EinsumArray, point: Point, options: Settled): Float64Array {
  switch (array.kind) {
    case "term":
      return numeric.evaluate(options.at(array.expr), point, options.definitions).data;
    case "fuse": {
      const [fused, outer, inner] = array.axes.map((d) => evaluateDim(d, point.sizes)) as [number, number, number];
      const out = new Float64Array(fused * outer * inner);
      for (let j = 0; j < outer; j++) for (let i = 0; i < inner; i++) out[j * inner + i + fused * (j + outer * i)] = 1;
      return out;
    }
    case "call":
      return applied(numeric, array, point, options);
    case "sum": {
      const sizes = array.axes.map((d) => evaluateDim(d, point.sizes));
      const out = new Float64Array(sizes.reduce((a, b) => a * b, 1));
      for (const product of array.terms) accumulate(numeric, product, sizes, out, point, options);
      return out;
    }
  }
}

function accumulate(
  numeric: Numeric,
  { scale, operands }: Product,
  sizes: readonly number[],
  out: Float64Array,
  point: Point,
  options: Settled,
): void {
  const factor = numeric.evaluate(options.at(scale), point, options.definitions).data[0] as number;
  const values = operands.map((o) => evaluate(numeric, o.array, point, options));
  const all: number[] = [...sizes];
  operands.forEach((o) => {
    o.labels.forEach((l, i) => {
      all[l] = evaluateDim(o.array.axes[i] as Dim, point.sizes);
    });
  });
  // Labels need not be numbered without gaps.
  const labels = all.flatMap((n, l) => (n === undefined ? [] : [l]));
  const counts = labels.map((l) => all[l] as number);
  const total = counts.reduce((a, b) => a * b, 1);
  const strides = operands.map((o) => {
    let step = 1;
    return o.labels.map((l, i) => {
      const here = step;
      step *= evaluateDim(o.array.axes[i] as Dim, point.sizes);
      return [labels.indexOf(l), here] as const;
    });
  });
  const at = labels.map(() => 1);
  for (let k = 0; k < total; k++) {
    let value = factor;
    for (let o = 0; o < operands.length; o++) {
      let place = 0;
      for (const [label, step] of strides[o] as (readonly [number, number])[]) place += ((at[label] as number) - 1) * step;
      value *= (values[o] as Float64Array)[place] as number;
    }
    let target = 0;
    let step = 1;
    for (let i = 0; i < sizes.length; i++) {
      target += ((at[labels.indexOf(i)] as number) - 1) * step;
      step *= sizes[i] as number;
    }
    out[target] = (out[target] as number) + value;
    advance(at, counts);
  }
}

/** A function or a power, entry by entry. */
function applied(numeric: Numeric, array: EinsumArray & { kind: "call" }, point: Point, options: Settled): Float64Array {
  const args = array.args.map((a) => evaluate(numeric, a, point, options));
  const size = args[0]?.length ?? 0;
  if (array.power !== undefined) {
    const exponent = Number(array.power.n) / Number(array.power.d);
    return (args[0] as Float64Array).map((x) => x ** exponent);
  }
  if (array.name === "positive" || array.name === "zero")
    return (args[0] as Float64Array).map((x) => ((array.name === "positive" ? x > 0 : x === 0) ? 1 : 0));
  const info = options.find(array.name);
  if (info === undefined) return new Float64Array(size).fill(Number.NaN);
  const column = shapeOf(dimOf(size), 1);
  const names = args.map((_, i) => `argument ${i + 1}`);
  const term = build.call(
    info,
    names.map((name) => build.variable(name, size === 1 ? scalarShape() : column)),
  );
  const values = new Map(names.map((name, i) => [name, matrix(size, 1, args[i] as Float64Array)]));
  return numeric.evaluate(term, { ...point, values }, options.definitions).data;
}
