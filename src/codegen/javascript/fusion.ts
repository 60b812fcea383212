// Which steps of a plan are written where they are used, entry by entry, so that one loop does
// what many steps say, and which arrays may be overwritten.
//
// Invariant: a step is written into another only where nothing else reads it and both stand in
// the same loop; an array is overwritten only where the plan has made it and nothing else reads it.

import type { Dim } from "../../expr/dim.ts";
import { type Arg, countUses, type Plan, type Ref, type Step } from "../plan/plan.ts";

/** What is decided of the steps of a plan before they are written. */
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

/** What is known of the steps of a plan while it is decided. */
interface Steps {
  readonly uses: ReadonlyMap<Ref, number>;
  readonly outputs: ReadonlySet<Ref>;
  readonly of: Map<Ref, Step>;
  /** The list that a step stands in: the plan's, or a loop's. */
  readonly homes: Map<Ref, readonly Step[]>;
  /** The steps that are written where they are used, with how many operations they are. */
  readonly inline: Map<Ref, number>;
}

/** Decides for all steps of a plan. */
export function fuse(plan: Plan): Fusion {
  const outputs = new Set(plan.outputs.map((o) => o.ref));
  const steps: Steps = { uses: countUses(plan), outputs, of: new Map(), homes: new Map(), inline: new Map() };
  note(steps, plan.steps);
  const lasting = resultArrays(steps);
  const axesOf = (a: Arg): readonly Dim[] => steps.of.get(a.ref)?.axes ?? [];
  return {
    stepOf: (a) => stepOf(steps, a.ref),
    axesOf,
    isInline: (ref) => steps.inline.has(ref),
    needsPlaces: (step) =>
      [...read(steps, step)].some(([a, by]) => {
        const rank = axesOf(a).length;
        return a.axis !== undefined && rank > 0 && rank < by.axes.length;
      }),
    spentBy: (step) => spentBy(steps, step),
    isLasting: (ref) => lasting.has(ref),
  };
}

const stepOf = ({ of }: Steps, ref: Ref): Step => of.get(ref) as Step;
const isOwn = ({ uses, outputs }: Steps, ref: Ref): boolean => uses.get(ref) === 1 && !outputs.has(ref);

function note(steps: Steps, list: readonly Step[]): void {
  for (const s of list) {
    steps.of.set(s.ref, s);
    steps.homes.set(s.ref, list);
    if (s.op === "loop") note(steps, s.body);
  }
  for (const s of list) if (readsEntries(s)) for (const a of s.args) if (canJoin(steps, a, s)) join(steps, a.ref);
}

function canJoin(steps: Steps, a: Arg, step: Step): boolean {
  const source = stepOf(steps, a.ref);
  const alike = !isEntryWise(step) || source.axes.length === step.axes.length;
  const isNear = steps.homes.get(a.ref) === steps.homes.get(step.ref);
  return isEntryWise(source) && source.axes.length > 0 && alike && isNear && isOwn(steps, a.ref);
}

function join(steps: Steps, ref: Ref): void {
  const work = 1 + stepOf(steps, ref).args.reduce((n, x) => n + (steps.inline.get(x.ref) ?? 0), 0);
  if (work <= MOST_INLINE) steps.inline.set(ref, work);
}

/** The arguments that the expression of a step reads, those of steps written inside it among them. */
function* read(steps: Steps, step: Step): Generator<readonly [arg: Arg, by: Step]> {
  const stack: Step[] = [step];
  for (let s = stack.pop(); s !== undefined; s = stack.pop())
    for (const a of s.args) {
      yield [a, s];
      if (steps.inline.has(a.ref)) stack.push(stepOf(steps, a.ref));
    }
}

function spentBy(steps: Steps, step: Step): Ref | undefined {
  if (step.axes.length === 0) return undefined;
  for (const [{ ref }] of read(steps, step)) {
    const { op, axes } = stepOf(steps, ref);
    const isMade = !steps.inline.has(ref) && OWN_ARRAYS.has(op) && isOwn(steps, ref);
    if (isMade && axes.length === step.axes.length && steps.homes.get(ref) === steps.homes.get(step.ref)) return ref;
  }
  return undefined;
}

/** Results, and what is written over to make them. */
function resultArrays(steps: Steps): ReadonlySet<Ref> {
  const found = new Set<Ref>();
  for (const output of steps.outputs)
    for (let ref: Ref | undefined = output; ref !== undefined; ) {
      found.add(ref);
      const step: Step = stepOf(steps, ref);
      ref = isEntryWise(step) ? spentBy(steps, step) : step.op === "lift" ? step.args[0]?.ref : undefined;
    }
  return found;
}
