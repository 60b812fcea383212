// Where each node of a term is computed, and in which order. A node belongs to the innermost
// scope whose index it uses, so nothing is computed again that does not change.
//
// Invariant: every node is placed once, after its arguments. Depth of nesting costs no
// stack, except one call a nested index sum.

import type { Dim } from "../expr/dim.ts";
import type { Expr, IndexSum } from "../expr/expr.ts";
import { type Indices, openIndices } from "../expr/indices.ts";
import { isOperator } from "../expr/operators.ts";
import { NumericError } from "./context.ts";
import { varyingNodes } from "./dependence.ts";
import { givenValue, isGiven, operationOf } from "./instruct.ts";
import { execute, hasEnded, type Machine, NOTHING, type Operation, type Scope, scopeOf, sizeOf } from "./machine.ts";
import { type Matrix, scalar } from "./matrix.ts";

/** What it costs to run an instruction, beside its entries. */
const INSTRUCTION = 50;
/** What it costs to call a definition for an entry. */
const CALL = 1000;

/** A term that is being placed on a machine. */
export interface Schedule {
  readonly machine: Machine;
  /** The indices that stand open in each node. */
  readonly open: ReadonlyMap<Expr, Indices>;
  /** Whether each node changes with the point. */
  readonly varying: ReadonlyMap<Expr, boolean>;
  /** What one evaluation costs, about as many multiplications of numbers. */
  work: number;
}

/** A schedule for a term in which nothing is placed yet. */
export const scheduleOf = (machine: Machine, root: Expr): Schedule => ({
  machine,
  open: openIndices(root),
  varying: varyingNodes(root),
  work: 0,
});

/** Places a node with all it depends on; answers with its place in the frame. */
export function place(schedule: Schedule, start: Expr, scope: Scope): number {
  const { frame } = schedule.machine;
  const stack: [Expr, Scope][] = [[start, owner(schedule, start, scope)]];
  while (stack.length > 0) {
    const [node, home] = stack[stack.length - 1] as [Expr, Scope];
    const waiting = home.slots.has(node) ? [] : unplaced(schedule, node, home);
    stack.push(...waiting);
    if (waiting.length > 0) continue;
    stack.pop();
    if (home.slots.has(node)) continue;
    const target = frame.length;
    frame.push(scalar(Number.NaN));
    fill(schedule, node, home, target);
    home.slots.set(node, target);
  }
  return slotOf(schedule, start, scope);
}

// The innermost scope that binds an index of the node.
function owner({ open }: Schedule, node: Expr, scope: Scope): Scope {
  const names = open.get(node) as Indices;
  let s = scope;
  while (s.parent !== undefined && !names.has(s.index as string)) s = s.parent;
  return s;
}

const slotOf = (schedule: Schedule, node: Expr, scope: Scope): number => owner(schedule, node, scope).slots.get(node) as number;

// The arguments without a place, the last one first. The body of an index sum belongs to its own scope.
function unplaced(schedule: Schedule, node: Expr, home: Scope): [Expr, Scope][] {
  if (node.kind === "indexSum") return [];
  const found: [Expr, Scope][] = [];
  for (let i = node.args.length - 1; i >= 0; i--) {
    const arg = node.args[i] as Expr;
    const there = owner(schedule, arg, home);
    if (!there.slots.has(arg)) found.push([arg, there]);
  }
  return found;
}

function fill(schedule: Schedule, node: Expr, home: Scope, target: number): void {
  const { machine } = schedule;
  if (isGiven(node)) {
    machine.frame[target] = givenValue(machine, node);
    return;
  }
  const isSum = node.kind === "indexSum";
  const sources = isSum ? [] : node.args.map((arg) => slotOf(schedule, arg, home));
  const { margin, ...operation } = isSum ? loop(schedule, node, home) : operationOf(machine, node, home);
  home.code.push({ node, target, sources, ...operation, margin: schedule.varying.get(node) === true ? margin : undefined });
  schedule.work += costOf(machine, node) * home.times;
}

function costOf(machine: Machine, node: Expr): number {
  const entries = sizeOf(machine, node.shape.rows) * sizeOf(machine, node.shape.cols);
  const isCall = node.kind === "apply" && !isOperator(node.op) && !machine.context.arithmetic.functions.has(node.op);
  return INSTRUCTION + (isCall ? CALL * entries : entries);
}

/** The scope of an index inside another, and how far the index runs. Throws a NumericError where it takes no value. */
export function inside(machine: Machine, index: string, dim: Dim, parent: Scope): { readonly scope: Scope; readonly range: number } {
  const range = sizeOf(machine, dim);
  if (range < 1) throw new NumericError("size", dim.key, `a sum over ${range} values`);
  return { scope: scopeOf(index, parent, parent.times * range), range };
}

function loop(schedule: Schedule, node: IndexSum, home: Scope): Operation {
  const { machine } = schedule;
  const { plus } = machine.context.arithmetic;
  const { scope, range } = inside(machine, node.index, node.range, home);
  const result = place(schedule, node.args[0] as Expr, scope);
  const compute = (): Matrix => {
    let total: Matrix | undefined;
    for (scope.position = 1; scope.position <= range; scope.position++) {
      execute(machine, scope.code);
      if (hasEnded(machine.watch)) return NOTHING;
      const term = machine.frame[result] as Matrix;
      total = total === undefined ? term : plus(total, term);
    }
    return total as Matrix;
  };
  return { compute, margin: undefined };
}
