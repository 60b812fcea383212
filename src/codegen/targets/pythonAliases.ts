// Which outputs of a plan would be an input or another output, or a part of one: Python's libraries
// give views, through which a caller who writes into a result writes into the data or another result.

import { allSteps, type Output, type Plan, type Ref, type Step } from "../plan/plan.ts";
import { literals } from "./pythonNumbers.ts";

/** Steps of which the entries may be those of their argument, in the same memory. */
const VIEWS: ReadonlySet<Step["op"]> = new Set<Step["op"]>(["transpose", "vec", "unvec", "diagonal", "lift", "shuffle", "entry"]);

/** The outputs that share memory with an input, or with an output before them; a number of Python has none. */
export function aliasedOutputs(plan: Plan): ReadonlySet<Output> {
  const { steps, outputs } = plan;
  const numbers = literals(plan);
  /** The step whose memory the entries of a step may be in. */
  const owners = new Map<Ref, Ref>();
  const taken = new Set<Ref>();
  for (const step of allSteps(steps)) {
    const [of] = VIEWS.has(step.op) ? step.args : [];
    owners.set(step.ref, of === undefined ? step.ref : (owners.get(of.ref) as Ref));
    if (step.op === "input") taken.add(step.ref);
  }
  const aliased = new Set<Output>();
  for (const output of outputs) {
    const owner = owners.get(output.ref) as Ref;
    if (taken.has(owner) && !numbers.has(owner)) aliased.add(output);
    taken.add(owner);
  }
  return aliased;
}
