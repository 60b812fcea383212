// A question compiled to a JavaScript function: its value and derivatives over Float64Arrays
// and nested arrays, as generated code, or run from the plan where code may not be generated.
//
// Invariant: both ways compute the same plan. Not here: how the plan comes about (program.ts) and
// how code is written (src/codegen).

import {
  columnsGiven,
  lengthGiven,
  matrixGiven,
  numberGiven,
  rowsGiven,
  sideGiven,
  sizeGiven,
  vectorGiven,
} from "../../../kernels/kernels.ts";
import { interpret, type Value } from "../../codegen/javascript/interpret.ts";
import { writeJavaScript } from "../../codegen/javascript/print.ts";
import { createNames } from "../../codegen/names.ts";
import type { Plan } from "../../codegen/plan/plan.ts";
import { type Input, signatureOf } from "../../codegen/targets/signature.ts";
import { type Dim, dimName, evaluateDim } from "../../expr/dim.ts";
import type { ShapeTexts } from "../answer/answer.ts";
import { answering, type Refusal } from "../question/call.ts";
import { type ProgramQuestion, programOf } from "./program.ts";

/** A number, a vector, a matrix as rows or as row-major entries. */
export type ArrayInput = number | Float64Array | readonly number[] | readonly (readonly number[])[];
/** Outputs by name: numbers, and row-major entries of what has rows and columns. */
export type CompiledOutput = Readonly<Record<string, number | Float64Array>>;

/** A question for a function that runs here. */
export interface CompileQuestion extends ProgramQuestion {
  /** Runs the plan instead of generated code, as a content-security policy without unsafe-eval asks for. */
  readonly interpret?: boolean;
  /** Arrays among the results are written over by the next call, which saves making them; not where the plan is interpreted. */
  readonly reuse?: boolean;
}

/** What a compiled function is called with: the inputs in their order, or all of them by name; then sizes that do not follow from them, by name. */
export type CompiledArguments =
  | readonly (ArrayInput | Readonly<Record<string, number>>)[]
  | readonly [inputs: Readonly<Record<string, ArrayInput>>, sizes?: Readonly<Record<string, number>>];

/** A compiled question: the function, and what it takes and gives. */
export interface Compiled {
  readonly ok: true;
  /**
   * The outputs for given inputs, which are in the order of `inputs` or, in one object, by name: `run(X, w, y)`,
   * `run({ X, w, y })`. Sizes that do not follow from the inputs come last, by name: `run(a, { n: 3 })`.
   * Throws a TypeError or RangeError that names the input where one is missing or does not fit the others.
   */
  readonly run: (...args: CompiledArguments) => CompiledOutput;
  readonly inputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  readonly outputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  /** The generated code; absent where the plan is interpreted. */
  readonly code?: string;
}

/**
 * A JavaScript function for the value of an expression and its derivatives, what they share
 * computed once. Throws an EvalError where code may not be generated; `interpret` needs none.
 *
 * @example
 * ```ts
 * import { compile } from "nabla";
 *
 * const loss = compile({ expr: "norm2(A*x - b)^2", wrt: "x" });
 * if (loss.ok) console.log(loss.run({ A: [[1, 2], [3, 4]], x: [1, 1], b: [0, 0] })); // {"value":58,"gradient":{"0":48,"1":68}}
 * ```
 */
export function compile(question: CompileQuestion): Compiled | Refusal {
  return answering(question, (library) => {
    const { plan } = programOf(question, library);
    const shared = {
      ok: true,
      inputs: plan.inputs.map((v) => ({ name: v.name, shape: [v.shape.rows.key, v.shape.cols.key] as const })),
      outputs: plan.outputs.map((o) => ({ name: o.name, shape: o.shape })),
    } as const;
    if (question.interpret === true) return { ...shared, run: interpreted(plan) };
    const { text, inputs } = writeJavaScript({ name: "f", title: "", plan }, question.reuse === true);
    return { ...shared, run: generated(text, inputs), code: text };
  });
}

// The written function, in front of it one with its parameters that takes an object with all of them as well.
function generated(text: string, inputs: readonly Input[]): Compiled["run"] {
  const names = inputs.map((i) => i.name);
  const fields = inputs.map((i) => `${names[0]}[${JSON.stringify(i.source)}]`);
  const byName = inputs.length === 0 ? [] : [`if (byName(${names[0]})) return f(${[...fields, names[1] ?? "sizes"].join(", ")});`];
  const run = `return (${[...names, "sizes"].join(", ")}) => { ${[...byName, `return f(${[...names, "sizes"].join(", ")});`].join(" ")} };`;
  return new Function("byName", `"use strict";\n${text}\n${run}`)(isByName) as Compiled["run"];
}

const isByName = (a: unknown): a is Readonly<Record<string, unknown>> =>
  typeof a === "object" && a !== null && !Array.isArray(a) && !ArrayBuffer.isView(a);

function interpreted(plan: Plan): Compiled["run"] {
  const { inputs } = signatureOf(plan, createNames([]));
  return (...args) => {
    const [first] = args;
    const named = inputs.length > 0 && isByName(first) ? first : undefined;
    const given = new Map(inputs.map((i, k) => [i.source, named === undefined ? args[k] : named[i.source]]));
    const sizes = sizesOf(inputs, given, (args[named === undefined ? inputs.length : 1] ?? {}) as Sizes);
    const values = new Map(inputs.map((i): [string, Value] => [i.source, taken(i, given.get(i.source), sizes)]));
    for (const name of plan.sizes) if (!sizes.has(name)) sizeGiven({}, name);
    const out = interpret(plan, values, sizes);
    const seen = new Set<Value>(values.values());
    return Object.fromEntries(plan.outputs.map((o, k) => [o.name, detached(out[k] as Value, seen)]));
  };
}

type Sizes = Readonly<Record<string, number>>;

function taken({ source, axes }: Input, given: unknown, sizes: ReadonlyMap<string, number>): Value {
  const [m, n] = axes.map((d) => known(d, sizes) ?? Number.NaN) as [number, number];
  if (axes.length === 0) return numberGiven(given, source);
  return axes.length === 1 ? vectorGiven(given, source, m) : matrixGiven(given, source, m, n);
}

// What is an argument or another result as well is copied.
function detached(v: Value, seen: Set<Value>): Value {
  if (typeof v !== "number" && seen.has(v)) return v.slice();
  seen.add(v);
  return v;
}

function known(dim: Dim, sizes: ReadonlyMap<string, number>): number | undefined {
  try {
    return evaluateDim(dim, sizes);
  } catch {
    return undefined;
  }
}

// Vectors first, then matrices given as rows, then flat ones of which one side is known.
function sizesOf(inputs: readonly Input[], given: ReadonlyMap<string, unknown>, stated: Sizes): Map<string, number> {
  const sizes = new Map(Object.entries(stated));
  const put = (dim: Dim, size: () => number): void => {
    const name = dimName(dim);
    if (name !== undefined && !sizes.has(name)) sizes.set(name, size());
  };
  const of = (length: number): readonly Input[] => inputs.filter((i) => i.axes.length === length);
  for (const { source, axes } of of(1)) put(axes[0] as Dim, () => lengthGiven(given.get(source), source));
  for (const { source, axes } of of(2)) {
    const [rows, cols] = axes as readonly [Dim, Dim];
    if (rows === cols) put(rows, () => sideGiven(given.get(source), source));
    put(rows, () => rowsGiven(given.get(source), source, known(cols, sizes)));
    put(cols, () => columnsGiven(given.get(source), source, known(rows, sizes)));
  }
  return sizes;
}
