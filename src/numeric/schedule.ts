// Where each node of a term is computed, and in which order. A node belongs to the innermost
// scope whose index it uses; one that leaves out an index in between is tabulated over its own
// indices before the sums around it run. So nothing is computed again that does not change.
//
// Invariant: every node is placed once, after its arguments. Depth of nesting costs no
// stack, except one call a nested index sum or table.

import type { Dim } from "../expr/dim.ts";
import type { Expr, IndexSum } from "../expr/expr.ts";
import { type Indices, type NamedIndex, openIndices } from "../expr/indices.ts";
import { isOperator } from "../expr/operators.ts";
import { NumericError } from "./context.ts";
import { varyingNodes } from "./dependence.ts";
import { binderOf, givenValue, isGiven, operationOf } from "./instruct.ts";
import { hasEnded, type Machine, NOTHING, type Operation, runThrough, type Scope, scopeOf, sizeOf, sizesOf } from "./machine.ts";
import { type Matrix, matrix, scalar } from "./matrix.ts";

/** What it costs to run an instruction, beside its entries. */
const INSTRUCTION = 50;
/** What it costs to call a definition for an entry. */
const CALL = 1000;

/** A term that is being placed on a machine. */
export interface Schedule {
  readonly machine: Machine;
  /** The indices that stand open in each node. */
  readonly open: ReadonlyMap<Expr, Indices>;
  /** The whole term. */
  readonly outermost: Scope;
  /** Where the tables of nodes stand in the frame, and the indices that they run over. */
  readonly tables: Map<Expr, Table>;
  /** Whether each node changes with the point. */
  readonly varying: ReadonlyMap<Expr, boolean>;
  /** What one evaluation costs, about as many multiplications of numbers. */
  work: number;
}

/** The values of a node at all positions of its open indices, side by side, the last index running fastest. */
interface Table {
  readonly slot: number;
  readonly indices: readonly string[];
}

/** A schedule for a term in which nothing is placed yet. */
export const scheduleOf = (machine: Machine, root: Expr): Schedule => ({
  machine,
  open: openIndices(root),
  outermost: scopeOf(),
  tables: new Map(),
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

// Whether a node leaves out the index of a scope around it, and is more than an entry that is read.
function isRepeated({ open }: Schedule, node: Expr, home: Scope): boolean {
  if (isGiven(node) || (node.kind === "entry" && isGiven(node.args[0] as Expr))) return false;
  const names = open.get(node) as Indices;
  let s = home;
  while (s.parent !== undefined && names.has(s.index as string)) s = s.parent;
  return s.parent !== undefined;
}

const slotOf = (schedule: Schedule, node: Expr, scope: Scope): number => owner(schedule, node, scope).slots.get(node) as number;

// The arguments without a place, the last one first. The body of an index sum belongs to its own scope, as what is tabulated does.
function unplaced(schedule: Schedule, node: Expr, home: Scope): [Expr, Scope][] {
  if (node.kind === "indexSum" || isRepeated(schedule, node, home)) return [];
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
  if (isRepeated(schedule, node, home)) {
    const table = tableOf(schedule, node, home);
    home.code.push({ node, target, sources: [table.slot], ...lookup(machine, node, table, home) });
    schedule.work += INSTRUCTION * home.times;
    return;
  }
  const isSum = node.kind === "indexSum";
  const sources = isSum ? [] : node.args.map((arg) => slotOf(schedule, arg, home));
  const { margin, ...operation } = isSum ? loop(schedule, node, home) : operationOf(machine, node, home);
  home.code.push({ node, target, sources, ...operation, margin: schedule.varying.get(node) === true ? margin : undefined });
  schedule.work += costOf(machine, node) * home.times;
}

function tableOf(schedule: Schedule, node: Expr, home: Scope): Table {
  const known = schedule.tables.get(node);
  if (known !== undefined) return known;
  const { machine, outermost } = schedule;
  const scopes: Scope[] = [];
  for (const { name, range } of inOrder(schedule.open.get(node) as Indices, home))
    scopes.push(inside(machine, name, range, scopes.at(-1) ?? outermost));
  const innermost = scopes.at(-1) ?? outermost;
  const source = place(schedule, node, innermost);
  const { rows, cols } = sizesOf(machine, node);
  const compute = (): Matrix => {
    const all = matrix(rows * cols, innermost.times);
    let filled = 0;
    runThrough(machine, scopes, () => {
      all.data.set((machine.frame[source] as Matrix).data, filled);
      filled += rows * cols;
    });
    return all;
  };
  const table: Table = { slot: machine.frame.length, indices: scopes.map((s) => s.index as string) };
  machine.frame.push(NOTHING);
  outermost.code.push({ node, target: table.slot, sources: [], compute, margin: undefined });
  schedule.tables.set(node, table);
  return table;
}

// As the scopes around a node bind them, the outermost first.
function inOrder(indices: Indices, home: Scope): NamedIndex[] {
  const found = new Set<NamedIndex>();
  for (let s: Scope | undefined = home; s !== undefined; s = s.parent) {
    const index = indices.get(s.index ?? "");
    if (index !== undefined) found.add(index);
  }
  return [...found].reverse();
}

function lookup(machine: Machine, node: Expr, { indices }: Table, home: Scope): Operation {
  const { rows, cols } = sizesOf(machine, node);
  const entries = rows * cols;
  const binders = indices.map((index) => binderOf(index, home));
  const compute = ([table]: readonly Matrix[]): Matrix => {
    let at = 0;
    for (const { position, range } of binders) at = at * range + position - 1;
    return matrix(rows, cols, (table as Matrix).data.subarray(at * entries, (at + 1) * entries));
  };
  return { compute, margin: undefined };
}

function costOf(machine: Machine, node: Expr): number {
  const entries = sizeOf(machine, node.shape.rows) * sizeOf(machine, node.shape.cols);
  const isCall = node.kind === "apply" && !isOperator(node.op) && !machine.context.arithmetic.functions.has(node.op);
  return INSTRUCTION + (isCall ? CALL * entries : entries);
}

/** The scope of an index inside another. Throws a NumericError where the index takes no value. */
export function inside(machine: Machine, index: string, dim: Dim, parent: Scope): Scope {
  const range = sizeOf(machine, dim);
  if (range < 1) throw new NumericError("size", dim.key, `a sum over ${range} values`);
  return scopeOf(index, parent, range);
}

function loop(schedule: Schedule, node: IndexSum, home: Scope): Operation {
  const { machine } = schedule;
  const { plus } = machine.context.arithmetic;
  const scope = inside(machine, node.index, node.range, home);
  const result = place(schedule, node.args[0] as Expr, scope);
  const compute = (): Matrix => {
    let total: Matrix | undefined;
    runThrough(machine, [scope], () => {
      const term = machine.frame[result] as Matrix;
      total = total === undefined ? term : plus(total, term);
    });
    return hasEnded(machine.watch) ? NOTHING : (total as unknown as Matrix);
  };
  return { compute, margin: undefined };
}
