// Where Python's own arithmetic meets numbers of the inputs: a division by 0 and a power out of range raise there, and roots
// of negative numbers are complex, where arrays give infinity and NaN.

import { allSteps, type Plan, type Ref, type Step } from "../plan/plan.ts";

/** Functions that are written with operators of Python. */
const OPERATORS: ReadonlySet<string> = new Set(["add", "sub", "mul", "div", "neg", "square", "pow"]);
const RAISING: ReadonlySet<string> = new Set(["div", "square", "pow"]);

/** Whether numbers of Python that come from inputs are divided by each other, or raised to powers. */
export function raises({ steps }: Plan): boolean {
  const numbers = new Set<Ref>();
  const ofInputs = new Set<Ref>();
  const isNumber = (s: Step): boolean =>
    s.axes.length === 0 &&
    (s.op === "number" || s.op === "constant" || s.op === "size" || s.op === "input" || (s.op === "map" && OPERATORS.has(s.fn))) &&
    s.args.every((a) => numbers.has(a.ref));
  for (const s of allSteps(steps)) {
    if (!isNumber(s)) continue;
    numbers.add(s.ref);
    const isOfInputs = s.op === "input" || s.args.some((a) => ofInputs.has(a.ref));
    if (!isOfInputs) continue;
    ofInputs.add(s.ref);
    const at = s.op === "map" && s.fn === "div" ? s.args.slice(1) : s.args;
    if (s.op === "map" && RAISING.has(s.fn) && at.some((a) => ofInputs.has(a.ref))) return true;
  }
  return false;
}
