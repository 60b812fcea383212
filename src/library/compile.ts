// A question compiled to a JavaScript function: its value and derivatives over Float64Arrays
// and nested arrays, as generated code, or run from the plan where code may not be generated.

import { interpret, type Value } from "../codegen/javascript/interpret.ts";
import { writeJavaScript } from "../codegen/javascript/print.ts";
import { createNames } from "../codegen/names.ts";
import type { Plan } from "../codegen/plan/plan.ts";
import { type Input, signatureOf } from "../codegen/targets/signature.ts";
import { type Dim, dimName, evaluateDim } from "../expr/dim.ts";
import type { ShapeTexts } from "./answer.ts";
import { type ProgramQuestion, programOf } from "./program.ts";
import { answering, type Refusal } from "./question.ts";

/** A number, a vector, a matrix as rows or as row-major entries. */
export type ArrayInput = number | Float64Array | readonly number[] | readonly (readonly number[])[];
/** Outputs by name: numbers, and row-major entries of what has rows and columns. */
export type CompiledOutput = Readonly<Record<string, number | Float64Array>>;

export interface CompileQuestion extends ProgramQuestion {
  /** Runs the plan instead of generated code, as a content-security policy without unsafe-eval asks for. */
  readonly interpret?: boolean;
}

export interface Compiled {
  readonly ok: true;
  /** Takes the inputs in order, then sizes that do not follow from them, by name. */
  readonly run: (...args: (ArrayInput | Readonly<Record<string, number>>)[]) => CompiledOutput;
  readonly inputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  readonly outputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  /** The generated code; absent where the plan is interpreted. */
  readonly code?: string;
}

/** Compiles the value of an expression and its derivatives. Throws an EvalError where code may not be generated; `interpret` needs none. */
export function compile(question: CompileQuestion): Compiled | Refusal {
  return answering(question, (library) => {
    const { plan } = programOf(question, library);
    const shared = {
      ok: true,
      inputs: plan.inputs.map((v) => ({ name: v.name, shape: [v.shape.rows.key, v.shape.cols.key] as const })),
      outputs: plan.outputs.map((o) => ({ name: o.name, shape: o.shape })),
    } as const;
    if (question.interpret === true) return { ...shared, run: interpreted(plan) };
    const { text } = writeJavaScript({ name: "f", title: "", plan });
    const run = new Function(`"use strict";\n${text}\nreturn f;`)() as Compiled["run"];
    return { ...shared, run, code: text };
  });
}

function interpreted(plan: Plan): Compiled["run"] {
  const { inputs } = signatureOf(plan, createNames([]));
  return (...args) => {
    const given = args[inputs.length];
    const sizes = sizesOf(inputs, args as ArrayInput[], (given ?? {}) as Readonly<Record<string, number>>);
    const values = new Map(
      inputs.map((i, k): [string, Value] => [i.source, i.axes.length === 0 ? (args[k] as number) : flat(args[k] as ArrayInput)]),
    );
    const out = interpret(plan, values, sizes);
    return Object.fromEntries(plan.outputs.map((o, k) => [o.name, detached(out[k] as Value, values)]));
  };
}

const detached = (v: Value, inputs: ReadonlyMap<string, Value>): Value =>
  typeof v !== "number" && [...inputs.values()].includes(v) ? v.slice() : v;

function flat(a: ArrayInput): Float64Array {
  if (a instanceof Float64Array) return a;
  return Float64Array.from(
    (Array.isArray((a as readonly unknown[])[0]) ? (a as readonly (readonly number[])[]).flat() : a) as readonly number[],
  );
}

// Vectors first, then matrices given as rows, then flat ones of which one side is known.
function sizesOf(inputs: readonly Input[], args: readonly ArrayInput[], stated: Readonly<Record<string, number>>): Map<string, number> {
  const sizes = new Map(Object.entries(stated));
  const put = (dim: Dim | undefined, size: number): void => {
    const name = dim === undefined ? undefined : dimName(dim);
    if (name !== undefined && !sizes.has(name)) sizes.set(name, size);
  };
  const known = (dim: Dim): number | undefined => {
    try {
      return evaluateDim(dim, sizes);
    } catch {
      return undefined;
    }
  };
  for (const [k, i] of inputs.entries()) if (i.axes.length === 1) put(i.axes[0], (args[k] as ArrayLike<number>).length);
  for (const [k, { axes }] of inputs.entries()) {
    if (axes.length < 2) continue;
    const a = args[k] as ArrayLike<unknown>;
    if (Array.isArray(a[0])) {
      put(axes[0], a.length);
      put(axes[1], (a[0] as unknown[]).length);
      continue;
    }
    const [rows, cols] = axes as readonly [Dim, Dim];
    if (rows === cols) put(rows, Math.sqrt(a.length));
    const [m, n] = [known(rows), known(cols)];
    if (m !== undefined) put(cols, a.length / m);
    if (n !== undefined) put(rows, a.length / n);
  }
  return sizes;
}
