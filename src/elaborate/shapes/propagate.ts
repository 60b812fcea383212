// The propagation of constraints. A constraint is stepped when it is made and again whenever
// a dimension that it waits for is settled.
//
// Invariant: a constraint waits for the metavariables that were open in its shapes when it was
// last stepped; once it has nothing left to find out it is not stepped again.

import { flatMap } from "../../base/list.ts";
import type { Constraint } from "./constraint.ts";
import { type DimSolver, isMeta } from "./dims.ts";

/** The constraints of an inference and what they wait for. */
export interface Propagation {
  /** To be stepped again, in this order. */
  readonly queue: Constraint[];
  readonly queued: Set<Constraint>;
  /** Those that have something left to find out, oldest first. */
  active: Set<Constraint>;
  /** By metavariable, what waits for it. */
  watchers: Map<string, Set<Constraint>>;
}

/** A propagation without constraints. */
export const createPropagation = (): Propagation => ({ queue: [], queued: new Set(), active: new Set(), watchers: new Map() });

/** Hears that a metavariable is settled: what waits for it will be stepped again. */
export function awaken(p: Propagation, name: string): void {
  const waiting = p.watchers.get(name);
  if (waiting === undefined) return;
  p.watchers.delete(name);
  for (const c of waiting) {
    if (!p.active.has(c) || p.queued.has(c)) continue;
    p.queued.add(c);
    p.queue.push(c);
  }
}

/** Takes up a constraint and steps it. */
export function takeUp(p: Propagation, solver: DimSolver, c: Constraint): void {
  p.active.add(c);
  take(p, solver, c);
}

function take(p: Propagation, solver: DimSolver, c: Constraint): void {
  // Watching first: a step may settle what it waits for itself.
  watch(p, solver, c);
  if (c.step()) p.active.delete(c);
}

function watch({ watchers }: Propagation, solver: DimSolver, c: Constraint): void {
  const dims = flatMap(c.shapes, (s) => [solver.resolve(s.rows), solver.resolve(s.cols)]);
  const names = new Set(flatMap(dims, (d) => flatMap(d.monomials, (m) => m.names.filter(isMeta))));
  for (const name of names) {
    const waiting = watchers.get(name);
    if (waiting === undefined) watchers.set(name, new Set([c]));
    else waiting.add(c);
  }
}

/** Steps everything that waits for something settled meanwhile. */
export function run(p: Propagation, solver: DimSolver): void {
  for (let i = 0; i < p.queue.length; i++) {
    const c = p.queue[i] as Constraint;
    p.queued.delete(c);
    if (p.active.has(c)) take(p, solver, c);
  }
  p.queue.length = 0;
}

/** Takes the default of every constraint that still waits and has one, oldest first and the late ones last. */
export function settle(p: Propagation, solver: DimSolver): void {
  const done = new Set<Constraint>();
  // A default may raise new constraints, so the set is walked while it grows.
  for (const late of [false, true])
    for (const c of p.active) {
      if (c.settle === undefined || (c.late === true && !late) || done.has(c)) continue;
      done.add(c);
      c.settle();
      take(p, solver, c);
      run(p, solver);
    }
}

/** Remembers what waits; calling the result takes back everything since. */
export function remember(p: Propagation): () => void {
  const [active, watchers] = [new Set(p.active), copyOf(p.watchers)];
  return () => {
    [p.active, p.watchers] = [new Set(active), copyOf(watchers)];
    p.queue.length = 0;
    p.queued.clear();
  };
}

const copyOf = (watchers: Propagation["watchers"]): Propagation["watchers"] =>
  new Map([...watchers].map(([name, waiting]) => [name, new Set(waiting)]));
