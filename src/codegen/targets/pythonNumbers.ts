// Where Python's own arithmetic meets numbers of the inputs: a division by 0 and a power out of range raise there, and roots
// of negative numbers are complex, where arrays give infinity and NaN.

import { allSteps, type Plan, type Ref, type Step } from "../plan/plan.ts";

/** Functions that are written with operators of Python. */
const OPERATORS: ReadonlySet<string> = new Set(["add", "sub", "mul", "div", "neg", "square", "pow"]);
const RAISING: ReadonlySet<string> = new Set(["div", "square", "pow"]);

/** What is written as a number of Python, whatever the target: literals, sizes, and what operators make of them. */
export const literals = ({ steps }: Plan): ReadonlySet<Ref> => numbersFrom(steps, ["number", "constant", "size"]);

function numbersFrom(steps: readonly Step[], sources: readonly Step["op"][]): ReadonlySet<Ref> {
  const numbers = new Set<Ref>();
  for (const s of allSteps(steps)) {
    const isMade = s.op === "map" && OPERATORS.has(s.fn) && s.args.every((a) => numbers.has(a.ref));
    if (s.axes.length === 0 && (sources.includes(s.op) || isMade)) numbers.add(s.ref);
  }
  return numbers;
}

/** Whether numbers of Python that come from inputs are divided by each other, or raised to powers. */
export function raises({ steps }: Plan): boolean {
  const numbers = numbersFrom(steps, ["number", "constant", "size", "input"]);
  const ofInputs = new Set<Ref>();
  for (const s of allSteps(steps)) {
    if (!numbers.has(s.ref)) continue;
    const isOfInputs = s.op === "input" || s.args.some((a) => ofInputs.has(a.ref));
    if (!isOfInputs) continue;
    ofInputs.add(s.ref);
    const at = s.op === "map" && s.fn === "div" ? s.args.slice(1) : s.args;
    if (s.op === "map" && RAISING.has(s.fn) && at.some((a) => ofInputs.has(a.ref))) return true;
  }
  return false;
}
