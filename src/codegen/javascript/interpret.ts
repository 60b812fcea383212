// A plan run as it stands, for places that forbid generated code: every step in turn, over
// the kernels that generated code calls.
//
// Invariant: the same values as the generated code, up to the order of additions.

import * as kernels from "../../../kernels/kernels.ts";
import { invariant } from "../../base/assert.ts";
import { toNumber } from "../../base/rational.ts";
import { type Dim, evaluateDim } from "../../expr/dim.ts";
import type { Arg, Plan, Ref, Step, StepOf } from "../plan/plan.ts";
import { type CallArg, callOf } from "./calls.ts";
import { ENTRIES } from "./entries.ts";

export type Value = number | Float64Array;

/** Values of the outputs, in their order; matrices are row-major. */
export function interpret(plan: Plan, inputs: ReadonlyMap<string, Value>, sizes: ReadonlyMap<string, number>): Value[] {
  const values: unknown[] = [];
  const steps = new Map<Ref, Step>();
  const indices = new Map<string, number>();
  const axesOf = (a: Arg): readonly Dim[] => steps.get(a.ref)?.axes ?? [];
  const size = (dim: Dim): number => evaluateDim(dim, sizes);
  const count = (axes: readonly Dim[]): number => axes.reduce((n, d) => n * size(d), 1);

  // The entry of an argument at a place of the step that uses it.
  function reader(a: Arg, step: Step): (k: number, i: number, j: number) => number {
    const v = values[a.ref] as Value;
    if (typeof v === "number") return () => v;
    if (a.axis === undefined || axesOf(a).length === step.axes.length) return (k) => v[k] as number;
    return a.axis === 0 ? (_, i) => v[i] as number : (_, __, j) => v[j] as number;
  }

  function mapped(step: Step, args: readonly Arg[], f: (a: number, b: number, c: number) => number): Value {
    const [a, b, c] = args.map((x) => reader(x, step));
    const at = (k: number, i: number, j: number): number =>
      f(a?.(k, i, j) ?? Number.NaN, b?.(k, i, j) ?? Number.NaN, c?.(k, i, j) ?? Number.NaN);
    if (step.axes.length === 0) return at(0, 0, 0);
    const out = new Float64Array(count(step.axes));
    const width = step.axes.length === 2 ? size(step.axes[1] as Dim) : 1;
    for (let k = 0; k < out.length; k++) out[k] = at(k, Math.floor(k / width), k % width);
    return out;
  }

  function resolve(a: CallArg): unknown {
    switch (a.kind) {
      case "value":
        return values[a.ref];
      case "size":
        return size(a.dim);
      case "literal":
        return a.value;
      case "position":
        return a.at.kind === "position" ? size(a.at.at) - 1 : a.at.kind === "bound" ? (indices.get(a.at.name) as number) : 0;
      case "list":
        return a.items.map(resolve);
      case "entry": {
        const [row, col, width] = [
          resolve(a.row) as number,
          a.col === undefined ? 0 : (resolve(a.col) as number),
          resolve(a.width) as number,
        ];
        return (values[a.ref] as Float64Array)[row * width + col];
      }
      case "call":
        // biome-ignore lint/performance/noDynamicNamespaceImportAccess: kernels are called by name
        return (kernels[a.kernel] as (...args: unknown[]) => unknown)(...a.args.map(resolve));
    }
  }

  function run(list: readonly Step[]): void {
    for (const step of list) {
      steps.set(step.ref, step);
      values[step.ref] = computed(step);
    }
  }

  function computed(step: Step): unknown {
    switch (step.op) {
      case "number":
        return toNumber(step.value);
      case "constant":
        return { pi: Math.PI, e: Math.E, nan: Number.NaN }[step.name];
      case "size":
        return size(step.dim);
      case "input":
        return inputs.get(step.name);
      case "map":
        return mapped(step, step.args, (ENTRIES[step.fn] as (typeof ENTRIES)[string]).value);
      case "widen":
        return mapped(step, step.args, (a) => a);
      case "lift":
        return typeof values[step.args[0]?.ref as Ref] === "number"
          ? Float64Array.of(values[step.args[0]?.ref as Ref] as number)
          : values[step.args[0]?.ref as Ref];
      case "reduce":
        return reduced(step);
      case "dot": {
        const [a, b] = step.args.map((x) => values[x.ref] as Float64Array) as [Float64Array, Float64Array];
        let total = 0;
        for (let k = 0; k < a.length; k++) total += (a[k] as number) * (b[k] as number);
        return total;
      }
      case "loop":
        return looped(step);
      default: {
        const found = callOf(step, axesOf);
        invariant(found !== undefined, `no kernel for ${step.op}`);
        return resolve(found);
      }
    }
  }

  function looped(step: StepOf<"loop">): Value {
    let total: Value | undefined;
    for (let i = 0, n = size(step.range); i < n; i++) {
      indices.set(step.index, i);
      run(step.body);
      const v = values[step.result] as Value;
      if (total === undefined) total = typeof v === "number" ? v : v.slice();
      else if (typeof total === "number") total += v as number;
      else for (let k = 0; k < total.length; k++) total[k] = (total[k] as number) + ((v as Float64Array)[k] as number);
    }
    return total ?? 0;
  }

  function reduced(step: StepOf<"reduce">): Value {
    const [a] = step.args as [Arg];
    const v = values[a.ref] as Float64Array;
    const { start, join } = REDUCTIONS[step.fn];
    if (step.over === "all") {
      let total = start;
      for (const x of v) total = join(total, x);
      return total;
    }
    const [m, n] = axesOf(a).map(size) as [number, number];
    const out = new Float64Array(step.over === 1 ? m : n).fill(start);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        const k = step.over === 1 ? i : j;
        out[k] = join(out[k] as number, v[i * n + j] as number);
      }
    return out;
  }

  run(plan.steps);
  return plan.outputs.map((o) => values[o.ref] as Value);
}

/** Where a reduction starts and how it goes on. */
const REDUCTIONS: Readonly<Record<StepOf<"reduce">["fn"], { start: number; join: (a: number, b: number) => number }>> = {
  sum: { start: 0, join: (a, b) => a + b },
  prod: { start: 1, join: (a, b) => a * b },
  max: { start: Number.NEGATIVE_INFINITY, join: Math.max },
  min: { start: Number.POSITIVE_INFINITY, join: Math.min },
};
