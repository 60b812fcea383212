// Which steps of a plan are written where they are used, entry by entry, so that one loop does
// what many steps say, and which arrays may be overwritten.
//
// Invariant: a step is written into another only where nothing else reads it and both stand in
// the same loop; an array is overwritten only where the plan has made it and nothing else reads it.

import type { Dim } from "../../expr/dim.ts";
import { type Arg, countUses, type Plan, type Ref, type Step } from "../plan/plan.ts";

export interface Fusion {
  readonly stepOf: (a: Arg) => Step;
  readonly axesOf: (a: Arg) => readonly Dim[];
  /** Whether a step is written where it is used. */
  readonly isInline: (ref: Ref) => boolean;
  /** Whether the expression of a step needs row and column apart. */
  readonly needsPlaces: (step: Step) => boolean;
  /** An array of the size of a step which nothing but the step reads: its entries are replaced where they stand. */
  readonly spentBy: (step: Step) => Ref | undefined;
  /** Whether the array of a step is a result. */
  readonly isLasting: (ref: Ref) => boolean;
}

/** Operations in one expression at most; more make an intermediate value. */
const MOST_INLINE = 24;

/** Steps whose value is a new array. */
const OWN_ARRAYS: ReadonlySet<Step["op"]> = new Set(["map", "matmul", "gram"]);

const isEntryWise = (s: Step): boolean => s.op === "map" || s.op === "widen";
const readsEntries = (s: Step): boolean => isEntryWise(s) || (s.op === "reduce" && s.over === "all") || s.op === "dot";

/** Decides for all steps of a plan. */
export function fuse(plan: Plan): Fusion {
  const uses = countUses(plan);
  const steps = new Map<Ref, Step>();
  const homes = new Map<Ref, readonly Step[]>();
  /** Operations of the steps that are written where they are used. */
  const inline = new Map<Ref, number>();
  const outputs = new Set(plan.outputs.map((o) => o.ref));
  const stepOf = (a: Arg): Step => steps.get(a.ref) as Step;
  const axesOf = (a: Arg): readonly Dim[] => steps.get(a.ref)?.axes ?? [];
  const isOwn = (ref: Ref): boolean => uses.get(ref) === 1 && !outputs.has(ref);

  function note(list: readonly Step[]): void {
    for (const s of list) {
      steps.set(s.ref, s);
      homes.set(s.ref, list);
      if (s.op === "loop") note(s.body);
    }
    for (const s of list) if (readsEntries(s)) for (const a of s.args) if (canJoin(a, s, list)) join(a.ref);
  }

  function canJoin(a: Arg, step: Step, list: readonly Step[]): boolean {
    const source = stepOf(a);
    const alike = !isEntryWise(step) || source.axes.length === step.axes.length;
    return isEntryWise(source) && source.axes.length > 0 && alike && homes.get(a.ref) === list && isOwn(a.ref);
  }

  function join(ref: Ref): void {
    const work = 1 + (steps.get(ref) as Step).args.reduce((n, x) => n + (inline.get(x.ref) ?? 0), 0);
    if (work <= MOST_INLINE) inline.set(ref, work);
  }

  // The arguments that the expression of a step reads, those of steps written inside it among them.
  function* read(step: Step): Generator<readonly [arg: Arg, by: Step]> {
    const stack: Step[] = [step];
    for (let s = stack.pop(); s !== undefined; s = stack.pop())
      for (const a of s.args) {
        yield [a, s];
        if (inline.has(a.ref)) stack.push(stepOf(a));
      }
  }

  function spentBy(step: Step): Ref | undefined {
    if (step.axes.length === 0) return undefined;
    for (const [a] of read(step)) {
      const { op, axes } = stepOf(a);
      const isMade = !inline.has(a.ref) && OWN_ARRAYS.has(op) && isOwn(a.ref);
      if (isMade && axes.length === step.axes.length && homes.get(a.ref) === homes.get(step.ref)) return a.ref;
    }
    return undefined;
  }

  // Results, and what is written over to make them.
  function resultArrays(): ReadonlySet<Ref> {
    const found = new Set<Ref>();
    for (const output of outputs)
      for (let ref: Ref | undefined = output; ref !== undefined; ) {
        found.add(ref);
        const step: Step = steps.get(ref) as Step;
        ref = isEntryWise(step) ? spentBy(step) : step.op === "lift" ? step.args[0]?.ref : undefined;
      }
    return found;
  }

  note(plan.steps);
  const lasting = resultArrays();
  return {
    stepOf,
    axesOf,
    isInline: (ref) => inline.has(ref),
    needsPlaces(step) {
      for (const [a, by] of read(step)) {
        const rank = axesOf(a).length;
        if (a.axis !== undefined && rank > 0 && rank < by.axes.length) return true;
      }
      return false;
    },
    spentBy,
    isLasting: (ref) => lasting.has(ref),
  };
}
