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

/** A number, or the entries of an array, row by row. */
export type Value = number | Float64Array;

/** A plan that is being run. */
interface Run {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly sizes: ReadonlyMap<string, number>;
  /** The steps that have been run, and what they have given: a value, or the factors of a matrix. */
  readonly steps: Map<Ref, Step>;
  readonly values: unknown[];
  /** Where the loops stand, counted from 0. */
  readonly indices: Map<string, number>;
}

/** Values of the outputs, in their order; matrices are row-major. */
export function interpret(plan: Plan, inputs: ReadonlyMap<string, Value>, sizes: ReadonlyMap<string, number>): Value[] {
  const run: Run = { inputs, sizes, steps: new Map(), values: [], indices: new Map() };
  runSteps(run, plan.steps);
  return plan.outputs.map((o) => run.values[o.ref] as Value);
}

function runSteps(run: Run, list: readonly Step[]): void {
  for (const step of list) {
    run.steps.set(step.ref, step);
    run.values[step.ref] = computed(run, step);
  }
}

const sizeOf = ({ sizes }: Run, dim: Dim): number => evaluateDim(dim, sizes);
const axesOf = ({ steps }: Run, a: Arg): readonly Dim[] => steps.get(a.ref)?.axes ?? [];
const valueAt = ({ values }: Run, a: Arg): Value => values[a.ref] as Value;
const arrayOf = (run: Run, a: Arg): Float64Array => valueAt(run, a) as Float64Array;

function computed(run: Run, step: Step): unknown {
  const [a, b] = step.args as [Arg, Arg];
  switch (step.op) {
    case "number":
      return toNumber(step.value);
    case "constant":
      return { pi: Math.PI, nan: Number.NaN }[step.name];
    case "size":
      return sizeOf(run, step.dim);
    case "input":
      return run.inputs.get(step.name);
    case "map":
      return mapped(run, step, (ENTRIES[step.fn] as (typeof ENTRIES)[string]).value);
    case "widen":
      return mapped(run, step, (x) => x);
    case "lift": {
      const value = valueAt(run, a);
      return typeof value === "number" ? Float64Array.of(value) : value;
    }
    case "reduce":
      return reduced(run, step);
    case "dot":
      return dot(arrayOf(run, a), arrayOf(run, b));
    case "loop":
      return looped(run, step);
    default:
      return called(run, step);
  }
}

function mapped(run: Run, step: Step, f: (a: number, b: number, c: number) => number): Value {
  const [a, b, c] = step.args.map((arg) => reader(run, arg, step));
  const at = (k: number, i: number, j: number): number =>
    f(a?.(k, i, j) ?? Number.NaN, b?.(k, i, j) ?? Number.NaN, c?.(k, i, j) ?? Number.NaN);
  if (step.axes.length === 0) return at(0, 0, 0);
  const out = new Float64Array(step.axes.reduce((n, d) => n * sizeOf(run, d), 1));
  const width = step.axes.length === 2 ? sizeOf(run, step.axes[1] as Dim) : 1;
  for (let k = 0; k < out.length; k++) out[k] = at(k, Math.floor(k / width), k % width);
  return out;
}

// The entry of an argument at a place of the step that uses it.
function reader(run: Run, a: Arg, step: Step): (k: number, i: number, j: number) => number {
  const v = valueAt(run, a);
  if (typeof v === "number") return () => v;
  if (a.axis === undefined || axesOf(run, a).length === step.axes.length) return (k) => v[k] as number;
  return a.axis === 0 ? (_, i) => v[i] as number : (_, __, j) => v[j] as number;
}

function reduced(run: Run, step: StepOf<"reduce">): Value {
  const [a] = step.args as [Arg];
  const v = arrayOf(run, a);
  const { start, join } = REDUCTIONS[step.fn];
  if (step.over === "all") {
    let total = start;
    for (const x of v) total = join(total, x);
    return total;
  }
  const [m, n] = axesOf(run, a).map((d) => sizeOf(run, d)) as [number, number];
  const out = new Float64Array(step.over === 1 ? m : n).fill(start);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      const k = step.over === 1 ? i : j;
      out[k] = join(out[k] as number, v[i * n + j] as number);
    }
  return out;
}

/** Where a reduction starts and how it goes on. */
const REDUCTIONS: Readonly<Record<StepOf<"reduce">["fn"], { start: number; join: (a: number, b: number) => number }>> = {
  sum: { start: 0, join: (a, b) => a + b },
  prod: { start: 1, join: (a, b) => a * b },
  max: { start: Number.NEGATIVE_INFINITY, join: Math.max },
  min: { start: Number.POSITIVE_INFINITY, join: Math.min },
};

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += (a[k] as number) * (b[k] as number);
  return total;
}

function looped(run: Run, step: StepOf<"loop">): Value {
  let total: Value | undefined;
  for (let i = 0, n = sizeOf(run, step.range); i < n; i++) {
    run.indices.set(step.index, i);
    runSteps(run, step.body);
    const v = run.values[step.result] as Value;
    if (total === undefined) total = typeof v === "number" ? v : v.slice();
    else if (typeof total === "number") total += v as number;
    else for (let k = 0; k < total.length; k++) total[k] = (total[k] as number) + ((v as Float64Array)[k] as number);
  }
  return total ?? 0;
}

function called(run: Run, step: Step): unknown {
  const call = callOf(step, (a) => axesOf(run, a));
  invariant(call !== undefined, `no kernel for ${step.op}`);
  return resolve(run, call);
}

function resolve(run: Run, a: CallArg): unknown {
  switch (a.kind) {
    case "value":
      return run.values[a.ref];
    case "size":
      return sizeOf(run, a.dim);
    case "literal":
      return a.value;
    case "position":
      return a.at.kind === "position" ? sizeOf(run, a.at.at) - 1 : a.at.kind === "bound" ? (run.indices.get(a.at.name) as number) : 0;
    case "list":
      return a.items.map((item) => resolve(run, item));
    case "entry": {
      const [row, width] = [resolve(run, a.row) as number, resolve(run, a.width) as number];
      const col = a.col === undefined ? 0 : (resolve(run, a.col) as number);
      return (run.values[a.ref] as Float64Array)[row * width + col];
    }
    case "call":
      // biome-ignore lint/performance/noDynamicNamespaceImportAccess: kernels are called by name
      return (kernels[a.kernel] as (...args: unknown[]) => unknown)(...a.args.map((arg) => resolve(run, arg)));
  }
}
