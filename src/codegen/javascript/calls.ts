// Which kernel a step of a plan is, and what it is called with: one table for generated code
// and for the interpreter, so that both compute the same.

import type * as kernels from "../../../kernels/kernels.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimOf, multiplyDims } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Determinant } from "../form/form.ts";
import type { Arg, Ref, Step, StepOf } from "../plan/plan.ts";

/** A function of kernels/. */
export type KernelName = keyof typeof kernels;

/** An argument of a kernel. */
export type CallArg =
  | { readonly kind: "value"; readonly ref: Ref }
  | { readonly kind: "size"; readonly dim: Dim }
  | { readonly kind: "literal"; readonly value: number | boolean }
  /** A position as terms count them, less one. */
  | { readonly kind: "position"; readonly at: Index }
  | { readonly kind: "list"; readonly items: readonly CallArg[] }
  | Call
  /** One entry of an array. */
  | { readonly kind: "entry"; readonly ref: Ref; readonly row: CallArg; readonly col: CallArg | undefined; readonly width: CallArg };

/** A call of a kernel. */
export interface Call {
  readonly kind: "call";
  readonly kernel: KernelName;
  readonly args: readonly CallArg[];
}

const value = (a: Arg): CallArg => ({ kind: "value", ref: a.ref });
const size = (dim: Dim): CallArg => ({ kind: "size", dim });
const literal = (v: number | boolean): CallArg => ({ kind: "literal", value: v });
const call = (kernel: KernelName, ...args: CallArg[]): Call => ({ kind: "call", kernel, args });

const product = (dims: readonly Dim[]): Dim => dims.reduce(multiplyDims, dimOf(1));

type AxesOf = (a: Arg) => readonly Dim[];

/** How a step of one kind is computed. */
type Row<Op extends Step["op"]> = (step: StepOf<Op>, axesOf: AxesOf) => CallArg | undefined;

const first = ({ args }: Step): Arg => args[0] as Arg;
const second = ({ args }: Step): Arg => args[1] as Arg;

/** The size of an argument along an axis; a vector has one column. */
const along = (axesOf: AxesOf, a: Arg, axis: 0 | 1 = 0): CallArg => size(axesOf(a)[axis] ?? dimOf(1));
const transposed = (a: Arg, axesOf: AxesOf): Call => call("transposed", value(a), along(axesOf, a, 0), along(axesOf, a, 1));
const flipped: Row<"transpose" | "vec"> = (step, axesOf) => transposed(first(step), axesOf);
const byMethod =
  (lu: KernelName, cholesky: KernelName): Row<Determinant> =>
  (step, axesOf) =>
    call(step.method === "lu" ? lu : cholesky, value(first(step)), along(axesOf, second(step)));

const ROWS: { readonly [Op in Step["op"]]?: Row<Op> } = {
  fill: (step) => call("filled", size(product(step.axes)), value(first(step))),
  matmul: (step, axesOf) => (step.axes.length === 1 ? matrixVector(step, axesOf) : matrixMatrix(step, axesOf)),
  gram: (step, axesOf) => {
    const a = first(step);
    const [rows, cols] = [along(axesOf, a, 0), along(axesOf, a, 1)];
    return step.rows ? call("gramian", transposed(a, axesOf), cols, rows) : call("gramian", value(a), rows, cols);
  },
  transpose: flipped,
  vec: flipped,
  unvec: (step) => call("transposed", value(first(step)), size(step.axes[1] as Dim), size(step.axes[0] as Dim)),
  diag: (step) => call("diagonalMatrix", value(first(step))),
  diagonal: (step, axesOf) => call("diagonalOf", value(first(step)), along(axesOf, first(step))),
  eye: (step) => call("identityMatrix", size(step.axes[0] as Dim)),
  unit: (step) => call("unitVector", size(step.axes[0] as Dim), { kind: "position", at: { kind: "position", at: step.at } }),
  kron: (step, axesOf) => {
    const pair = [first(step), second(step)];
    return call("kronecker", ...pair.map(value), ...pair.flatMap((x) => [along(axesOf, x, 0), along(axesOf, x, 1)]));
  },
  factor: (step, axesOf) => call(step.method === "lu" ? "luFactors" : "choleskyFactor", value(first(step)), along(axesOf, first(step))),
  solve: (step, axesOf) => {
    const order = along(axesOf, step.args[2] as Arg);
    const given = [value(first(step)), value(second(step)), order, size(step.axes[1] ?? dimOf(1))];
    return step.method === "lu" ? call("luSolve", ...given, literal(step.turned)) : call("choleskySolve", ...given);
  },
  inverse: (step) => call(step.method === "lu" ? "luInverse" : "choleskyInverse", value(first(step)), size(step.axes[0] as Dim)),
  logdet: byMethod("luLogDeterminant", "choleskyLogDeterminant"),
  logabsdet: byMethod("luLogAbsDeterminant", "choleskyLogDeterminant"),
  det: byMethod("luDeterminant", "choleskyDeterminant"),
  concat: (step, axesOf) => {
    const blocks: CallArg = { kind: "list", items: step.args.map(value) };
    if (step.axis === 0) return call("joined", blocks);
    const widths: CallArg = { kind: "list", items: step.args.map((x) => along(axesOf, x, 1)) };
    return call("joinedColumns", blocks, widths, size(step.axes[0] as Dim));
  },
  shuffle: (step, axesOf) => {
    const [rows, cols] = axesOf(first(step)) as [Dim, Dim | undefined];
    const before = cols !== undefined && step.axis === 1 ? rows : dimOf(1);
    const behind = cols !== undefined && step.axis === 0 ? cols : dimOf(1);
    return call("shuffled", value(first(step)), ...[before, step.outer, step.inner, behind].map(size));
  },
  entry: (step, axesOf) => {
    const a = first(step);
    const [i, j] = step.at as [Index, Index | undefined];
    const at = (index: Index): CallArg => ({ kind: "position", at: index });
    const width = along(axesOf, a, 1);
    if (j !== undefined && i.kind === "all") return call("columnOf", value(a), at(j), along(axesOf, a), width);
    if (j?.kind === "all") return call("rowOf", value(a), at(i), width);
    return { kind: "entry", ref: a.ref, row: at(i), col: j && at(j), width };
  },
  call: (step, axesOf) => FUNCTIONS[step.fn]?.(step, axesOf),
};

const ofSquare =
  (kernel: KernelName, ...more: readonly CallArg[]): Row<"call"> =>
  (step, axesOf) =>
    call(kernel, value(first(step)), along(axesOf, first(step)), ...more);
const matrixPower: Row<"call"> = (step, axesOf) => call("matrixPower", value(first(step)), value(second(step)), along(axesOf, first(step)));
const ofMatrix = (kernel: KernelName, { args: [a] }: Step, axesOf: AxesOf): Call =>
  call(kernel, value(a as Arg), along(axesOf, a as Arg, 0), along(axesOf, a as Arg, 1));
const blocks =
  (kernel: KernelName): Row<"call"> =>
  (step, axesOf) =>
    call(kernel, value(first(step)), value(second(step)), along(axesOf, first(step)));

/** Functions of whole arrays. */
const FUNCTIONS: Readonly<Record<string, Row<"call"> | undefined>> = {
  rowkron: (step, axesOf) => {
    const [a, b] = [first(step), second(step)];
    return call("rowKronecker", value(a), value(b), along(axesOf, a, 0), along(axesOf, a, 1), along(axesOf, b, 1));
  },
  blocksright: blocks("blocksRight"),
  blocksleft: blocks("blocksLeft"),
  expm: ofSquare("matrixExp"),
  logm: ofSquare("matrixLog"),
  sqrtm: ofSquare("matrixRoot"),
  cosm: ofSquare("matrixQuadrant", literal(0)),
  sinm: ofSquare("matrixQuadrant", literal(1)),
  intpow: matrixPower,
  mpow: matrixPower,
  pinv: (step, axesOf) => ofMatrix("pseudoInverse", step, axesOf),
  tril: ofSquare("lowerTriangle"),
  nuclear: (step, axesOf) => call("sumOf", ofMatrix("singularValues", step, axesOf)),
  eigmax: ofSquare("largestEigenvalue"),
  topeigen: ofSquare("topEigenPair"),
  chol: ofSquare("choleskyFactor"),
  polar: (step, axesOf) => ofMatrix("polarFactor", step, axesOf),
  topsingular: (step, axesOf) => ofMatrix("topSingularPair", step, axesOf),
  spectral: (step, axesOf) => call("largestOf", ofMatrix("singularValues", step, axesOf)),
};

/** The call that computes a step; undefined for what is done entry by entry or in place. */
export function callOf(step: Step, axesOf: AxesOf): CallArg | undefined {
  const row = ROWS[step.op] as Row<Step["op"]> | undefined;
  return row?.(step, axesOf);
}

function matrixVector(step: StepOf<"matmul">, axesOf: AxesOf): Call {
  const [a, b] = [first(step), second(step)];
  return call(step.turned[0] ? "turnedVector" : "matrixVector", value(a), value(b), along(axesOf, a, 0), along(axesOf, a, 1));
}

function matrixMatrix(step: StepOf<"matmul">, axesOf: AxesOf): Call {
  const [a, b] = [first(step), second(step)];
  const straight = (arg: Arg, turned: boolean): CallArg => (turned ? transposed(arg, axesOf) : value(arg));
  const [rows, cols] = step.axes as [Dim, Dim];
  const inner = along(axesOf, a, step.turned[0] ? 0 : 1);
  return call("matrixMatrix", straight(a, step.turned[0]), straight(b, step.turned[1]), size(rows), inner, size(cols));
}
