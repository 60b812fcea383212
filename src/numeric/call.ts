// Calls of functions that are given by a definition: its body is a program of its own, compiled
// once for each set of argument sizes.
//
// Invariant: a definition in numbers acts on every entry of wider arguments; one in vectors
// or matrices takes its arguments whole.

import { type Dim, dimName } from "../expr/dim.ts";
import type { FunctionDefinition } from "../expr/functions.ts";
import { isScalarShape } from "../expr/shape.ts";
import { NumericError } from "./context.ts";
import type { Machine } from "./machine.ts";
import { isScalar, type Matrix, matrix, scalar, sizes } from "./matrix.ts";
import type { Program } from "./program.ts";

const MOST_NESTED_DEFINITIONS = 50;

/** The value of a defined function at its arguments. Throws a NumericError where a definition leads back to itself. */
export function callDefinition(machine: Machine, name: string, definition: FunctionDefinition, args: readonly Matrix[]): Matrix {
  const widest = args.find((a) => !isScalar(a));
  const entrywise = widest !== undefined && definition.parameters.every((p) => isScalarShape(p.shape));
  if (!entrywise) return invoke(machine, name, definition, args);
  const data = new Float64Array(widest.data.length);
  for (let k = 0; k < data.length; k++) {
    const entries = args.map((a) => (isScalar(a) ? a : scalar(a.data[k] as number)));
    data[k] = invoke(machine, name, definition, entries).data[0] as number;
  }
  return matrix(widest.rows, widest.cols, data);
}

function invoke(machine: Machine, name: string, definition: FunctionDefinition, args: readonly Matrix[]): Matrix {
  const callee = calleeOf(machine, name, definition, args);
  for (const [i, param] of definition.parameters.entries()) callee.inputs.get(param.name)?.data.set((args[i] as Matrix).data);
  callee.seed = machine.seed;
  const { watch } = machine;
  if (!watch.on) return detached(callee.run(), callee);
  const { value, margin, extent } = callee.margin(watch.bound);
  watch.least = Math.min(watch.least, margin);
  watch.most = Math.max(watch.most, extent);
  return detached(value, callee);
}

function calleeOf(machine: Machine, name: string, definition: FunctionDefinition, args: readonly Matrix[]): Program {
  const key = `${name}(${args.map(sizes).join(",")})`;
  const known = machine.callees.get(key);
  if (known !== undefined) return known;
  if (machine.depth > MOST_NESTED_DEFINITIONS) throw new NumericError("limit", name, `the definition of ${name} leads back to itself`);
  const bound = new Map<string, number>();
  definition.parameters.forEach((param, i) => {
    const arg = args[i] as Matrix;
    bindSize(param.shape.rows, arg.rows, bound);
    bindSize(param.shape.cols, arg.cols, bound);
  });
  const callee = machine.prepare(definition.body, bound);
  machine.callees.set(key, callee);
  return callee;
}

function bindSize(dim: Dim, value: number, bound: Map<string, number>): void {
  const name = dimName(dim);
  if (name !== undefined && !bound.has(name)) bound.set(name, value);
}

// A result that shares its entries with an input would change with the next call.
const detached = (value: Matrix, of: Program): Matrix =>
  [...of.inputs.values()].some((input) => input.data === value.data) ? matrix(value.rows, value.cols, value.data.slice()) : value;
