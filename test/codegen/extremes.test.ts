// Programs at extreme points (extremes.ts): generated and interpreted JavaScript, NumPy, PyTorch and Octave give the values
// and gradients that are true.

import { expect, it } from "vitest";
import { type CodeTarget, compile, exportCode } from "../../src/index.ts";
import {
  DEAD_BRANCHES,
  DOWN,
  HIGH,
  LIMITS,
  LOW,
  NUMBERS,
  type Point,
  type Row,
  SPECIAL_FUNCTIONS,
  SUMS_OF_EXPONENTIALS,
  TAILS,
  UP,
} from "./extremes.ts";
import { pythonWith, run } from "./interpreters.ts";

const ROWS: readonly Row[] = [...SUMS_OF_EXPONENTIALS, ...TAILS, ...SPECIAL_FUNCTIONS, ...LIMITS, ...DEAD_BRANCHES, ...NUMBERS];

/** The Hessian of log-sum-exp at HIGH and LOW. */
const SPREAD = [UP * DOWN, -UP * DOWN, 0, -UP * DOWN, UP * DOWN, 0, 0, 0, 0];

const SIZES = ["0", "1", "m", "n"];
/** Sides of two are m, of three n. */
const axesOf = (p: Point): number[] => (typeof p === "number" ? [] : [p.length, ...(Array.isArray(p[0]) ? [p[0].length] : [])]);
const question = ([expr, wrt, at]: Row) => {
  const vars = Object.fromEntries(Object.entries(at).map(([name, p]) => [name, axesOf(p).map((n) => SIZES[n] as string)]));
  return { expr, wrt, vars } as const;
};

/** Digits that may be lost: those of exponents of 1000. */
const TOLERANCE = 2e-12;
const isSame = (x: number, y: number): boolean => Object.is(x, y) || x === y || Math.abs(x - y) <= TOLERANCE * Math.abs(y) + 1e-300;
type Found = { readonly value: number; readonly gradient: readonly number[] } | string;

function faultsOf(rows: readonly Row[], found: (row: Row, i: number) => Found): string[] {
  return rows.flatMap((row, i) => {
    const [expr, wrt, at, value, gradient] = row;
    const answer = found(row, i);
    const name = `${expr} by ${wrt} at ${JSON.stringify(at)}`;
    if (typeof answer === "string") return [`${name}: ${answer}`];
    const faults = isSame(answer.value, value) ? [] : [`${name} is ${answer.value}, not ${value}`];
    const isRight = gradient.length === answer.gradient.length && gradient.every((g, k) => isSame(answer.gradient[k] as number, g));
    return isRight ? faults : [...faults, `${name} has the gradient ${answer.gradient}, not ${gradient}`];
  });
}

for (const interpret of [false, true])
  it(`${interpret ? "interpreted" : "generated"} programs are right at extreme points`, () => {
    const faults = faultsOf(ROWS, (row) => {
      const f = compile({ ...question(row), interpret });
      if (!f.ok) return f.diagnostics[0]?.message ?? "refused";
      const { value, gradient } = f.run(row[2] as never) as { value: number; gradient: number | Float64Array };
      return { value, gradient: typeof gradient === "number" ? [gradient] : [...gradient] };
    });
    expect(faults).toEqual([]);
  });

for (const target of ["numpy", "torch"] as const satisfies readonly CodeTarget[]) {
  const python = pythonWith("numpy", ...(target === "torch" ? ["torch"] : []));
  it.skipIf(python === undefined)(`${target} programs are right at extreme points`, () => {
    const programs = ROWS.map((row) => exportCode({ ...question(row), target, name: "f" }));
    const requests = programs.flatMap((p, i) => {
      const at = (ROWS[i] as Row)[2];
      const inputs = p.ok ? p.inputs.map(({ name }) => at[name] as Point).map((v) => ({ axes: axesOf(v), data: [v].flat(2) })) : [];
      return p.ok ? [{ id: `${i}`, name: "f", code: p.code, inputs, sizes: [] }] : [];
    });
    const text = run(python as string, [new URL("run.py", import.meta.url).pathname, target], JSON.stringify(requests));
    const rows = JSON.parse(text.replace(/-?(NaN|Infinity)(?=[,\]])/g, '"$&"')) as {
      id: string;
      outputs?: (number | string)[][];
      error?: string;
    }[];
    const answers = new Map(rows.map((row) => [row.id, row]));
    const faults = faultsOf(ROWS, (_, i) => {
      const [value, gradient] = (answers.get(`${i}`)?.outputs ?? []).map((list) => list.map(Number));
      if (value === undefined || gradient === undefined) return answers.get(`${i}`)?.error ?? "refused";
      return { value: value[0] as number, gradient };
    });
    expect(faults).toEqual([]);
  });
}

// biome-ignore format: a table is read by columns
const HESSIANS: readonly (readonly [expr: string, wrt: string, at: Row[2], hessian: readonly number[]])[] = [
  ["log(sum(exp(x)))",         "x", { x: HIGH },                      SPREAD],
  ["log(a'*exp(x))",           "x", { a: [1, 1, 1], x: LOW },         SPREAD],
  ["log(1 + sum(exp(x)))",     "x", { x: HIGH },                      SPREAD],
  ["log(1 + exp(s) + exp(t))", "s", { s: 1000, t: 999 },              [UP * DOWN]],
  ["sum(log(B*exp(x)))",       "x", { B: [[1, 1, 1], [2, 2, 2]], x: HIGH }, SPREAD.map((h) => 2 * h)],
  ["log(exp(X*b)'*r)",         "b", { X: [[1, 0, 0], [0, 1, 0]], b: HIGH, r: [1, 1] }, SPREAD],
  ["-log(y'*softmax(x))",      "x", { x: HIGH, y: [1, 0, 0] },        SPREAD],
];

it("Hessians of sums of exponentials are right at extreme points", () => {
  for (const [expr, wrt, at, hessian] of HESSIANS) {
    const f = compile({ ...question([expr, wrt, at, 0, []]), outputs: ["hessian"] });
    if (!f.ok) throw new Error(f.diagnostics[0]?.message);
    const found = f.run(at as never).hessian as number | Float64Array;
    expect([expr, ...(typeof found === "number" ? [found] : found)]).toEqual([expr, ...hessian.map((h) => expect.closeTo(h, 12))]);
  }
});
