// What a compiled term runs on: a frame with one place for each node, the instructions that
// fill it, the scopes that decide how often they run, and the watch that is kept for kinks.
//
// Invariant: an instruction reads places that are filled before it and fills its own.
// Not here: which instruction a node becomes (instruct.ts), in which scope (schedule.ts).

import { type Dim, evaluateDim } from "../expr/dim.ts";
import type { Expr } from "../expr/expr.ts";
import { type Context, NumericError } from "./context.ts";
import type { Kernel } from "./kernel.ts";
import { type Matrix, scalar } from "./matrix.ts";
import type { OperatorKernel } from "./operators.ts";
import type { Program } from "./program.ts";

/** What a node computes from its arguments. */
export interface Operation {
  readonly compute: (args: readonly Matrix[]) => Matrix;
  /** Absent for a smooth operation and for one on constants. */
  readonly margin: OperatorKernel["margin"];
  /** Absent where rules hold wherever there is a value. */
  readonly holds?: Kernel["holds"];
}

/** An operation with the places that it reads and fills. */
export interface Instruction extends Operation {
  readonly node: Expr;
  readonly target: number;
  readonly sources: readonly number[];
}

/** The whole term, or the body of one index sum. */
export interface Scope {
  /** The index that the scope binds; the whole term binds none. */
  readonly index: string | undefined;
  readonly parent: Scope | undefined;
  /** How far its index runs. */
  readonly range: number;
  /** How often its code runs in one evaluation. */
  readonly times: number;
  readonly slots: Map<Expr, number>;
  readonly code: Instruction[];
  /** Value of the index, counted from 1. */
  position: number;
}

/** A scope in which nothing is placed yet. */
export const scopeOf = (index?: string, parent?: Scope, range = 1): Scope => ({
  index,
  parent,
  range,
  times: range * (parent?.times ?? 1),
  slots: new Map(),
  code: [],
  position: 0,
});

/** What is noted of the parts while an evaluation is watched. */
export interface Watch {
  on: boolean;
  /** Parts nearer to a kink than this end the evaluation. */
  bound: number;
  /** Distance from the nearest kink. */
  least: number;
  /** Largest entry. */
  most: number;
}

/** One compiled term with its values. */
export interface Machine {
  readonly context: Context;
  readonly dims: ReadonlyMap<string, number>;
  readonly frame: Matrix[];
  readonly inputs: Map<string, Matrix>;
  /** Selects the realisation of functions without a body. */
  seed: number;
  readonly watch: Watch;
  /** How many definitions this one is called from. */
  readonly depth: number;
  /** The programs of the definitions that are called, by name and sizes of the arguments. */
  readonly callees: Map<string, Program>;
  /** Compiles a definition's body for the sizes of its arguments. */
  readonly prepare: (body: Expr, dims: ReadonlyMap<string, number>) => Program;
}

/** What stands for the value of an evaluation that has ended early. */
export const NOTHING: Matrix = scalar(Number.NaN);

/** Whether a watched evaluation has come nearer to a kink than it may. */
export const hasEnded = ({ on, least, bound }: Watch): boolean => on && least < bound;

/** Runs instructions in order; a watched run ends at the first part that is too near to a kink. */
export function execute({ frame, watch }: Machine, code: readonly Instruction[]): void {
  for (const step of code) {
    const args = step.sources.map((s) => frame[s] as Matrix);
    const made = step.compute(args);
    frame[step.target] = made;
    if (!watch.on) continue;
    if (step.holds?.(args) === false) watch.least = 0;
    if (step.margin !== undefined) watch.least = Math.min(watch.least, step.margin(args));
    observe(watch, made);
    if (watch.least < watch.bound) return;
  }
}

/**
 * Runs the code of scopes, each within the one before, at every position of their indices, the last running fastest.
 * A watched run that has ended visits no more positions.
 */
export function runThrough(machine: Machine, scopes: readonly Scope[], visit: () => void, level = 0): void {
  const scope = scopes[level];
  if (scope === undefined) {
    visit();
    return;
  }
  // One call a level: terms leave few indices open.
  for (scope.position = 1; scope.position <= scope.range; scope.position++) {
    execute(machine, scope.code);
    if (hasEnded(machine.watch)) return;
    runThrough(machine, scopes, visit, level + 1);
  }
}

function observe(watch: Watch, made: Matrix): void {
  for (const x of made.data) {
    const size = Math.abs(x);
    // A pole inside leaves nothing to differentiate, whatever is made of it.
    if (size === Number.POSITIVE_INFINITY) watch.least = 0;
    else if (size > watch.most) watch.most = size;
  }
}

/** A dimension in numbers. Throws a NumericError where a size is missing. */
export function sizeOf({ dims }: Machine, dim: Dim): number {
  try {
    return evaluateDim(dim, dims);
  } catch (error) {
    if (error instanceof RangeError) throw new NumericError("size", dim.key, error.message);
    throw error;
  }
}

/** A node's numbers of rows and columns. Throws a NumericError where it has no entries. */
export function sizesOf(machine: Machine, { shape }: Expr): { readonly rows: number; readonly cols: number } {
  const rows = sizeOf(machine, shape.rows);
  const cols = sizeOf(machine, shape.cols);
  if (rows < 1 || cols < 1) throw new NumericError("size", shape.rows.key, `a shape of ${rows}×${cols} has no entries`);
  return { rows, cols };
}
