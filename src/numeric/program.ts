// A term prepared for repeated evaluation: its nodes in the order of their dependence,
// each with a kernel and the places of its arguments. Difference quotients change one
// variable and run only what depends on it.
//
// Invariant: a program holds no value between runs but its inputs; every run fills the
// frame anew, or for one variable what depends on it.
// Not here: what runs (machine.ts), and how a term gets there (schedule.ts, instruct.ts).

import type { Dim } from "../expr/dim.ts";
import type { Expr } from "../expr/expr.ts";
import type { Context } from "./context.ts";
import { contracted } from "./contract.ts";
import { dependents } from "./dependence.ts";
import { execute, hasEnded, type Instruction, type Machine, NOTHING, runThrough, type Scope, sizeOf } from "./machine.ts";
import type { Matrix } from "./matrix.ts";
import { inside, place, scheduleOf } from "./schedule.ts";

/** A term ready to be evaluated for given sizes. */
export interface Program {
  /** The variables' values, by name; entries may be overwritten in place between runs. */
  readonly inputs: ReadonlyMap<string, Matrix>;
  /** Selects the realisation of functions without a body. */
  seed: number;
  /** Evaluates everything. */
  run(): Matrix;
  /** Evaluates again what depends on a variable whose entries were overwritten. */
  rerun(variable: string): Matrix;
  /** What one evaluation costs, about as many multiplications of numbers. */
  readonly work: number;
  /** Evaluates a number at every position of the indices that the term leaves open, the first running fastest. */
  table(): Float64Array;
  /**
   * Evaluates everything; finds the distance from the nearest kink of a part that varies, and the
   * largest entry of all parts. Ends without a value at the first part that is nearer than `least`.
   */
  margin(least?: number): Regularity;
}

/** What a point is like for a term. */
export interface Regularity {
  readonly value: Matrix;
  /** Distance from the nearest kink. */
  readonly margin: number;
  /** Largest entry of all parts: what rounding errors are to be measured by. */
  readonly extent: number;
}

/** An index that a term leaves open, and how far it runs. */
export interface OpenIndex {
  readonly name: string;
  readonly range: Dim;
}

/** The program of a term for the given sizes, which is compiled once. Load a point before each use. */
export function programOf(root: Expr, dims: ReadonlyMap<string, number>, context: Context): Program {
  const kept = context.programs?.get(dims) ?? new Map<Expr, Program>();
  const program = kept.get(root) ?? compile(root, dims, context);
  kept.set(root, program);
  context.programs?.set(dims, kept);
  return program;
}

/** Prepares a term for the given sizes; one with open indices can only be tabulated. Throws a NumericError where it cannot have a value. */
export const compile = (root: Expr, dims: ReadonlyMap<string, number>, context: Context, open: readonly OpenIndex[] = []): Program =>
  compileOn(machineFor(dims, context, 0), root, open);

const machineFor = (dims: ReadonlyMap<string, number>, context: Context, depth: number): Machine => ({
  context,
  dims,
  frame: [],
  inputs: new Map(),
  seed: 1,
  watch: { on: false, bound: 0, least: Number.POSITIVE_INFINITY, most: 0 },
  depth,
  callees: new Map(),
  prepare: (body, sizes) => compileOn(machineFor(sizes, context, depth + 1), body, []),
});

function compileOn(machine: Machine, stated: Expr, open: readonly OpenIndex[]): Program {
  const root = contracted(stated, (dim) => sizeOf(machine, dim));
  const schedule = scheduleOf(machine, root);
  const { outermost } = schedule;
  const around = openScopes(machine, open, outermost);
  const result = place(schedule, root, around.at(-1) ?? outermost);
  const affected = new Map<string, readonly Instruction[]>();
  const value = (): Matrix => machine.frame[result] as Matrix;
  return {
    inputs: machine.inputs,
    work: schedule.work,
    get seed() {
      return machine.seed;
    },
    set seed(seed) {
      machine.seed = seed;
    },
    run: () => {
      execute(machine, outermost.code);
      return value();
    },
    rerun: (name) => {
      const code = affected.get(name) ?? dependingOn(name, root, outermost.code);
      affected.set(name, code);
      execute(machine, code);
      return value();
    },
    table: () => {
      execute(machine, outermost.code);
      return tabulate(machine, around, value);
    },
    margin: (least = 0) => watched(machine, outermost.code, value, least),
  };
}

// The first open index is that of the innermost scope, which stands last.
function openScopes(machine: Machine, open: readonly OpenIndex[], outermost: Scope): readonly Scope[] {
  const around: Scope[] = [];
  for (const { name, range } of [...open].reverse()) around.push(inside(machine, name, range, around.at(-1) ?? outermost));
  return around;
}

function dependingOn(name: string, root: Expr, code: readonly Instruction[]): readonly Instruction[] {
  const depends = dependents(root, name);
  return code.filter((step) => depends.get(step.node));
}

function tabulate(machine: Machine, around: readonly Scope[], value: () => Matrix): Float64Array {
  const out = new Float64Array(around.at(-1)?.times ?? 1);
  let filled = 0;
  runThrough(machine, around, () => {
    out[filled++] = value().data[0] as number;
  });
  return out;
}

function watched(machine: Machine, code: readonly Instruction[], value: () => Matrix, bound: number): Regularity {
  const { watch } = machine;
  Object.assign(watch, { on: true, bound, least: Number.POSITIVE_INFINITY, most: 0 });
  try {
    execute(machine, code);
    return { value: hasEnded(watch) ? NOTHING : value(), margin: watch.least, extent: watch.most };
  } finally {
    watch.on = false;
  }
}
