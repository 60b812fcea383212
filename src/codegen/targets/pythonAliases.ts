// Which outputs of a plan would be an input or a part of one: Python's libraries give views,
// through which a caller who writes into a result writes into the data.

import { allSteps, type Output, type Plan, type Ref, type Step } from "../plan/plan.ts";

/** Steps of which the entries may be those of their argument, in the same memory. */
const VIEWS: ReadonlySet<Step["op"]> = new Set<Step["op"]>(["transpose", "vec", "unvec", "diagonal", "lift", "shuffle", "entry"]);

/** The outputs that share memory with an input. */
export function aliasedOutputs({ steps, outputs }: Plan): ReadonlySet<Output> {
  const shared = new Set<Ref>();
  for (const step of allSteps(steps))
    if (step.op === "input" || (VIEWS.has(step.op) && step.args.some((a) => shared.has(a.ref)))) shared.add(step.ref);
  return new Set(outputs.filter((o) => shared.has(o.ref)));
}
