// Sizes of a plan that are positions, the k of X[k,:]: a caller must know from where they count.

import type { Dim } from "../../expr/dim.ts";
import { allSteps, type Plan, type Step } from "../plan/plan.ts";

/** The user's names of positions. */
export const positionNames = ({ steps }: Plan): ReadonlySet<string> =>
  new Set(
    allSteps(steps)
      .flatMap(positionsOf)
      .flatMap((d) => d.monomials.flatMap((m) => m.names)),
  );

function positionsOf(step: Step): readonly Dim[] {
  if (step.op === "unit") return [step.at];
  return step.op === "entry" ? step.at.flatMap((i) => (i.kind === "position" ? [i.at] : [])) : [];
}
