// Plans as JavaScript without dependencies: a function over Float64Arrays, the kernels that it
// calls with their text beside it, its documentation and self-test.
//
// Invariant: no argument is written to, and no result is an argument or another result.

import { KERNEL_TEXTS } from "../generated/kernels.ts";
import { createNames, type Names } from "../names.ts";
import type { Plan, Ref } from "../plan/plan.ts";
import { type Input, looseTexts, shapeLine, signatureOf } from "../targets/signature.ts";
import { commentText, type Target, type Unit } from "../targets/target.ts";
import { JAVASCRIPT_WORDS } from "../words.ts";
import { createPrinter, KEPT, valueText } from "./printer.ts";
import { selfTest } from "./selfTest.ts";
import { sizeStatements, sizesUsed, sizeText } from "./sizes.ts";
import { statements } from "./statements.ts";

/** What the parts of a written program are, for `compile`. */
export interface Written {
  readonly text: string;
  readonly inputs: readonly Input[];
  readonly sizes: readonly string[];
  /** What the caller states besides the inputs, `sizes.k` and what that is. */
  readonly stated: readonly string[];
  readonly outputs: readonly string[];
}

export const javascript: Target = {
  name: "javascript",
  extension: "mjs",
  write: (unit) => {
    const { text, inputs, outputs, stated } = writeJavaScript(unit);
    const { plan } = unit;
    const head = [
      "// Written by nabla.",
      "",
      "/**",
      ` * ${commentText(unit.title)}`,
      " *",
      " * Matrices are arrays of rows, or row-major Float64Arrays; the results are row-major Float64Arrays.",
      ...inputs.map((i) => ` * @param ${i.name} ${shapeLine(i.axes)}`),
      " * @param sizes sizes that do not follow from the arguments, by name",
      ...stated.map((line) => ` * @param ${commentText(line)}`),
      ` * @returns {${plan.outputs.map((o, k) => `${outputs[k]}: ${shapeLine(o.axes)}`).join("; ")}}`,
      " */",
    ].join("\n");
    return `${head}\nexport ${text}${unit.test === undefined ? "" : `\n${selfTest(unit, inputs, outputs)}`}`;
  },
};

/** The function with the helpers it needs; its text begins with `function`. With `reuse` the next call writes over the results. */
export function writeJavaScript({ name, plan }: Unit, reuse = false): Written {
  const names = createNames([...JAVASCRIPT_WORDS, ...Object.keys(KERNEL_TEXTS), name]);
  const signature = signatureOf(plan, names);
  const { inputs, looseSources } = signature;
  const texts = looseTexts(signature);
  const stated = looseSources.map((s, i) => `sizes.${s} ${texts[i]}`);
  const printer = createPrinter(plan, names, reuse);
  const body = statements(printer, plan.steps);
  const used = sizesUsed(plan, inputs);
  const sizes = sizeStatements(used, inputs, names);
  const lines = [
    ...sizes,
    ...inputs.map((i) => takenIn(i, names)),
    ...body,
    `return { ${results(plan, (ref) => valueText(printer, ref)).join(", ")} };`,
  ];
  const text = [
    `function ${name}(${[...inputs.map((i) => i.name), "sizes = {}"].join(", ")}) {`,
    ...lines.map((l) => `  ${l}`),
    "}",
    ...(lines.some((l) => l.includes("kept(")) ? ["", `const ${KEPT} = [];`] : []),
    ...kernelTexts(lines.join("\n")).flatMap((helper) => ["", helper]),
  ].join("\n");
  return { text: `${text}\n`, inputs, sizes: used, stated, outputs: plan.outputs.map((o) => o.name) };
}

// What is an argument or another result as well is copied.
function results({ steps, outputs }: Plan, value: (ref: Ref) => string): string[] {
  const taken = new Set(steps.filter((s) => s.op === "input" || s.op === "lift").map((s) => s.ref));
  return outputs.map(({ name, ref, axes }) => {
    const isTaken = taken.has(ref);
    taken.add(ref);
    return `${JSON.stringify(name)}: ${value(ref)}${isTaken && axes.length > 0 ? ".slice()" : ""}`;
  });
}

// An argument as what the code works on.
function takenIn({ name, source, axes }: Input, names: Names): string {
  const given = ["numberGiven", "vectorGiven", "matrixGiven"][axes.length];
  return `${name} = ${given}(${[name, JSON.stringify(source), ...axes.map((d) => sizeText(d, names))].join(", ")});`;
}

// The kernels that a text calls, and those that they call.
function kernelTexts(body: string): string[] {
  const needed = new Map<string, string>();
  const queue = [body];
  for (let text = queue.pop(); text !== undefined; text = queue.pop())
    for (const [, name] of text.matchAll(/\b([a-zA-Z]\w*)\(/g) as Iterable<readonly [string, string]>) {
      if (needed.has(name) || !Object.hasOwn(KERNEL_TEXTS, name)) continue;
      const found = KERNEL_TEXTS[name] as string;
      needed.set(name, found);
      queue.push(found);
    }
  return [...needed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}
