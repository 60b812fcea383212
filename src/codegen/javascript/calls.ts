// Which kernel a step of a plan is, and what it is called with: one table for generated code
// and for the interpreter, so that both compute the same.

import type * as kernels from "../../../kernels/kernels.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimOf, multiplyDims } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Arg, Ref, Step } from "../plan/plan.ts";

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

/** The call that computes a step; undefined for what is done entry by entry or in place. */
export function callOf(step: Step, axesOf: (a: Arg) => readonly Dim[]): CallArg | undefined {
  const [a, b, c] = step.args as [Arg, Arg, Arg];
  const n = (): CallArg => size(axesOf(a)[0] as Dim);
  switch (step.op) {
    case "fill":
      return call("filled", size(product(step.axes)), value(a));
    case "matmul": {
      const [m, k] = axesOf(a) as [Dim, Dim];
      if (step.axes.length === 1) return call(step.turned[0] ? "turnedVector" : "matrixVector", value(a), value(b), size(m), size(k));
      const flat = (arg: Arg, turned: boolean): CallArg => {
        const [rows, cols] = axesOf(arg) as [Dim, Dim];
        return turned ? call("transposed", value(arg), size(rows), size(cols)) : value(arg);
      };
      const inner = step.turned[0] ? m : k;
      return call(
        "matrixMatrix",
        flat(a, step.turned[0]),
        flat(b, step.turned[1]),
        size(step.axes[0] as Dim),
        size(inner),
        size(step.axes[1] as Dim),
      );
    }
    case "gram": {
      const [m, k] = axesOf(a) as [Dim, Dim];
      return step.rows
        ? call("gramian", call("transposed", value(a), size(m), size(k)), size(k), size(m))
        : call("gramian", value(a), size(m), size(k));
    }
    case "transpose":
    case "vec": {
      const [m, k] = axesOf(a) as [Dim, Dim];
      return call("transposed", value(a), size(m), size(k));
    }
    case "unvec":
      return call("transposed", value(a), size(step.axes[1] as Dim), size(step.axes[0] as Dim));
    case "diag":
      return call("diagonalMatrix", value(a));
    case "diagonal":
      return call("diagonalOf", value(a), n());
    case "eye":
      return call("identityMatrix", size(step.axes[0] as Dim));
    case "unit":
      return call("unitVector", size(step.axes[0] as Dim), { kind: "position", at: { kind: "position", at: step.at } });
    case "kron": {
      const [p, q] = [axesOf(a), axesOf(b)] as [readonly [Dim, Dim], readonly [Dim, Dim]];
      return call("kronecker", value(a), value(b), size(p[0]), size(p[1]), size(q[0]), size(q[1]));
    }
    case "factor":
      return step.method === "lu" ? call("luFactors", value(a), n()) : call("choleskyFactor", value(a), n());
    case "solve": {
      const side = size((step.axes[1] as Dim | undefined) ?? dimOf(1));
      const order = size(axesOf(c)[0] as Dim);
      return step.method === "lu"
        ? call("luSolve", value(a), value(b), order, side, literal(step.turned))
        : call("choleskySolve", value(a), value(b), order, side);
    }
    case "inverse":
      return call(step.method === "lu" ? "luInverse" : "choleskyInverse", value(a), size(step.axes[0] as Dim));
    case "logdet":
      return step.method === "lu"
        ? call("luLogDeterminant", value(a), size(axesOf(b)[0] as Dim))
        : call("choleskyLogDeterminant", value(a), size(axesOf(b)[0] as Dim));
    case "det":
      return step.method === "lu"
        ? call("luDeterminant", value(a), size(axesOf(b)[0] as Dim))
        : call("choleskyDeterminant", value(a), size(axesOf(b)[0] as Dim));
    case "concat": {
      const list: CallArg = { kind: "list", items: step.args.map(value) };
      if (step.axis === 0) return call("joined", list);
      return call(
        "joinedColumns",
        list,
        { kind: "list", items: step.args.map((x) => size(axesOf(x)[1] as Dim)) },
        size(step.axes[0] as Dim),
      );
    }
    case "shuffle": {
      const of = axesOf(a);
      const before = of.length === 2 && step.axis === 1 ? (of[0] as Dim) : dimOf(1);
      const behind = of.length === 2 && step.axis === 0 ? (of[1] as Dim) : dimOf(1);
      return call("shuffled", value(a), size(before), size(step.outer), size(step.inner), size(behind));
    }
    case "entry": {
      const of = axesOf(a);
      const [i, j] = step.at as [Index, Index | undefined];
      const at = (index: Index): CallArg => ({ kind: "position", at: index });
      const width = size((of[1] as Dim | undefined) ?? dimOf(1));
      if (j === undefined) return { kind: "entry", ref: a.ref, row: at(i), col: undefined, width };
      if (i.kind === "all") return call("columnOf", value(a), at(j), size(of[0] as Dim), width);
      if (j.kind === "all") return call("rowOf", value(a), at(i), width);
      return { kind: "entry", ref: a.ref, row: at(i), col: at(j), width };
    }
    case "call": {
      const [m, k] = axesOf(a) as [Dim, Dim];
      const of: Readonly<Record<string, () => CallArg>> = {
        rowkron: () => call("rowKronecker", value(a), value(b), size(m), size(k), size(axesOf(b)[1] as Dim)),
        blocksright: () => call("blocksRight", value(a), value(b), size(m)),
        blocksleft: () => call("blocksLeft", value(a), value(b), size(m)),
        expm: () => call("matrixExp", value(a), n()),
        logm: () => call("matrixLog", value(a), n()),
        sqrtm: () => call("matrixRoot", value(a), n()),
        cosm: () => call("matrixQuadrant", value(a), n(), literal(0)),
        sinm: () => call("matrixQuadrant", value(a), n(), literal(1)),
        intpow: () => call("matrixPower", value(a), value(b), n()),
        mpow: () => call("matrixPower", value(a), value(b), n()),
        pinv: () => call("pseudoInverse", value(a), size(m), size(k)),
        nuclear: () => call("sumOf", call("singularValues", value(a), size(m), size(k))),
        spectral: () => call("largestOf", call("singularValues", value(a), size(m), size(k))),
      };
      return of[step.fn]?.();
    }
    default:
      return undefined;
  }
}
