// What is left of a plan when steps that no output needs are gone, and which sizes its code
// states.

import { type Dim, dimNames } from "../../expr/dim.ts";
import type { Output, Ref, Step } from "./plan.ts";

/** The steps that the outputs need. */
export function alive(steps: readonly Step[], outputs: readonly Output[]): Step[] {
  const needed = new Set<Ref>(outputs.map((o) => o.ref));
  const keep = (list: readonly Step[]): Step[] => {
    const out: Step[] = [];
    for (let i = list.length - 1; i >= 0; i--) {
      const step = list[i] as Step;
      if (!needed.has(step.ref)) continue;
      for (const a of step.args) needed.add(a.ref);
      if (step.op === "loop") {
        needed.add(step.result);
        out.push({ ...step, body: keep(step.body) });
      } else out.push(step);
    }
    return out.reverse();
  };
  return keep(steps);
}

/** Steps whose code states sizes of their axes. */
const SIZED: ReadonlySet<Step["op"]> = new Set(["fill", "widen", "eye", "unit", "kron", "shuffle", "diag", "unvec"]);

/** Names of sizes in the code of the steps. */
export function sizesOf(steps: readonly Step[]): string[] {
  const names = new Set<string>();
  const note = (d: Dim): void => {
    for (const name of dimNames(d)) names.add(name);
  };
  const visit = (list: readonly Step[]): void => {
    for (const s of list) {
      if (s.op === "size") note(s.dim);
      if (SIZED.has(s.op)) s.axes.forEach(note);
      if (s.op === "unit") note(s.at);
      if (s.op === "shuffle") [s.outer, s.inner].forEach(note);
      if (s.op === "entry") for (const i of s.at) if (i.kind === "position") note(i.at);
      if (s.op === "loop") {
        note(s.range);
        s.axes.forEach(note);
        visit(s.body);
      }
    }
  };
  visit(steps);
  return [...names];
}
