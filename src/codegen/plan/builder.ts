// Where the steps of a plan are put while it is made. A step that is there already is found
// again; one that a loop's index does not reach is placed outside that loop.
//
// Invariant: equal steps of one block are one step, except loops. Not here: which steps a form
// is (schedule.ts and the files it calls).

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Arg, Ref, Step } from "./plan.ts";

type Distribute<T> = T extends unknown ? Omit<T, "ref"> : never;
/** A step before it has its place. */
export type Unplaced = Distribute<Step>;
/** Indices of loops that a value changes with. */
export type Open = ReadonlySet<string>;

/** A plan while its steps are placed. */
export interface Builder {
  /** Adds a step, or finds it where it is there already; `open` decides the loop that it belongs to. */
  readonly emit: (step: Unplaced, open: Open) => Ref;
  /** An element-wise function. */
  readonly map: (fn: string, args: readonly Arg[], axes: readonly Dim[], open: Open) => Ref;
  readonly literal: (value: Q.Rational) => Ref;
  readonly transpose: (ref: Ref, axes: readonly Dim[], open: Open) => Ref;
  /** What `body` adds that changes with the index, and the step that it returns. */
  readonly inLoop: (index: string, body: () => Ref) => { readonly body: readonly Step[]; readonly result: Ref };
  /** The steps outside all loops, in their order. */
  readonly steps: readonly Step[];
}

/** A step as an argument, a vector with the axis along which it runs. */
export const arg = (ref: Ref, axis?: 0 | 1): Arg => (axis === undefined ? { ref } : { ref, axis });

interface Block {
  readonly index: string | undefined;
  readonly steps: Step[];
  readonly parent: Block | undefined;
}

/** A builder without steps. */
export function createBuilder(): Builder {
  const interned = new Map<string, Ref>();
  const outermost: Block = { index: undefined, steps: [], parent: undefined };
  let block = outermost;
  let next = 0;

  function emit(step: Unplaced, open: Open): Ref {
    let home = block;
    while (home.parent !== undefined && !open.has(home.index as string)) home = home.parent;
    const key = `${home.index ?? ""}|${keyOf(step)}`;
    const known = interned.get(key);
    if (known !== undefined && step.op !== "loop") return known;
    const ref = next++;
    home.steps.push({ ...step, ref } as Step);
    interned.set(key, ref);
    return ref;
  }

  return {
    emit,
    map: (fn, args, axes, open) => emit({ op: "map", fn, args, axes }, open),
    literal: (value) => emit({ op: "number", value, args: [], axes: [] }, NONE),
    transpose: (ref, axes, open) => emit({ op: "transpose", args: [arg(ref)], axes }, open),
    inLoop(index, body) {
      const inner: Block = { index, steps: [], parent: block };
      block = inner;
      const result = body();
      block = inner.parent as Block;
      for (const key of [...interned.keys()]) if (key.startsWith(`${index}|`)) interned.delete(key);
      return { body: inner.steps, result };
    },
    steps: outermost.steps,
  };
}

const NONE: Open = new Set();

// All that tells a step from another of its block.
function keyOf(step: Unplaced): string {
  const own = JSON.stringify(step, (name, v: unknown) => {
    if (name === "axes" || name === "body") return undefined;
    if (typeof v === "bigint") return `${v}`;
    if (name === "value") return Q.format(v as Q.Rational);
    return isDim(v) ? v.key : v;
  });
  return `${own}|${step.axes.map((d) => d.key).join(",")}`;
}

const isDim = (v: unknown): v is Dim => typeof v === "object" && v !== null && "monomials" in v && "key" in v;
