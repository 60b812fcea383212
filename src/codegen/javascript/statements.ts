// The steps of a plan as statements: values by their names, loops over an index, and for the
// rest loops over entries (loops.ts) and calls of kernels (kernelCalls.ts).

import type { Arg, Step, StepOf } from "../plan/plan.ts";
import { missing } from "../targets/target.ts";
import { indexName, kernelStatements } from "./kernelCalls.ts";
import { dotStatements, elementwiseStatements, reductionStatements } from "./loops.ts";
import { arrayText, nameFor, type Printer, valueText } from "./printer.ts";
import { sizeText } from "./sizes.ts";

/** Steps in the order of a plan as statements. */
export const statements = (p: Printer, steps: readonly Step[]): string[] =>
  steps.flatMap((step, i) => stepStatements(p, step, () => steps.slice(i + 1)));

function stepStatements(p: Printer, step: Step, later: () => readonly Step[]): string[] {
  switch (step.op) {
    case "number":
    case "constant":
    case "size":
    case "input":
    case "lift":
      p.texts.set(step.ref, givenText(p, step));
      return [];
    case "map":
    case "widen":
      return p.fusion.isInline(step.ref) ? [] : elementwiseStatements(p, step);
    case "dot":
      return dotStatements(p, step);
    case "reduce":
      return reductionStatements(p, step);
    case "loop":
      return loopStatements(p, step);
    default:
      return kernelStatements(p, step, later);
  }
}

function givenText(p: Printer, step: StepOf<"number" | "constant" | "size" | "input" | "lift">): string {
  switch (step.op) {
    case "number":
      return numberText(step.value);
    case "constant":
      return CONSTANTS[step.name] ?? missing("javascript", step.name);
    case "size":
      return operandText(sizeText(step.dim, p.names));
    case "input":
      return p.names.of(step.name);
    case "lift": {
      const [a] = step.args as [Arg];
      const text = valueText(p, a.ref);
      return p.fusion.axesOf(a).length === 0 ? `Float64Array.of(${text})` : text;
    }
  }
}

const CONSTANTS: Readonly<Record<string, string>> = { pi: "Math.PI", nan: "NaN" };

// A size as an operand: a product stands in brackets, or a division by it would take its first factor alone.
const operandText = (text: string): string => (/^\w+\*/.test(text) ? `(${text})` : text);

function numberText({ n, d }: StepOf<"number">["value"]): string {
  const text = d === 1n ? `${n}` : `${n} / ${d}`;
  return n < 0n || d !== 1n ? `(${text})` : text;
}

function loopStatements(p: Printer, step: StepOf<"loop">): string[] {
  const index = indexName(step.index, p.names);
  const body = statements(p, step.body);
  const name = nameFor(p, step.ref);
  const result = valueText(p, step.result);
  const isNumber = step.axes.length === 0;
  return [
    isNumber ? `let ${name} = 0;` : `const ${name} = ${arrayText(p, step.axes)};`,
    `for (let ${index} = 0; ${index} < ${sizeText(step.range, p.names)}; ${index}++) {`,
    ...body.map((l) => `  ${l}`),
    isNumber ? `  ${name} += ${result};` : `  for (let k = 0; k < ${name}.length; k++) ${name}[k] += ${result}[k];`,
    "}",
  ];
}
