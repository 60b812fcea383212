// The cases from the literature as programs: the plan of each with its value and derivative,
// a point inside its domain, and what both are worth there by the numeric oracle, the
// derivative from the source's own closed form.

import { axesOf } from "../../src/codegen/form/form.ts";
import type { Sample } from "../../src/codegen/targets/target.ts";
import { evaluateDim } from "../../src/expr/dim.ts";
import { parse, standardLibrary } from "../../src/index.ts";
import { type Program, programOf } from "../../src/library/code/program.ts";
import type { Matrix } from "../../src/numeric/matrix.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { type Case as LiteratureCase, readCases } from "../cases/literature.ts";

interface Case extends Omit<LiteratureCase, "expected"> {
  /** The source's closed form; absent where second differences of the value say what is right. */
  readonly expected?: string;
}

const FACTORS = { T: ["m", "n"], U: ["m", "k"], V: ["n", "k"], O: ["m", "n"] };
const hessianOf = (id: string, expr: string, wrt: string, vars: Case["vars"]): Case => ({
  id,
  expr,
  wrt,
  vars,
  order: 2,
  layout: "numerator",
});

/** Hessians of which the blocks are computed as one matrix before they are placed, sums of Kronecker products, vectors cut into columns, norms of singular values, and functions of symmetric matrices. */
const PLACED: readonly Case[] = [
  hessianOf("placed/1", "sum(O .* (T - U*V').^2)", "U", FACTORS),
  hessianOf("placed/2", "sum(O .* (T - U*V').^2)", "V", FACTORS),
  hessianOf("placed/3", "sum(exp(U*V'))", "U", { U: ["m", "k"], V: ["n", "k"] }),
  hessianOf("placed/4", "norm2(T - tanh(U*V'))^2", "U", { T: ["m", "n"], U: ["m", "k"], V: ["n", "k"] }),
  hessianOf("placed/5", "sum(O .* (T - X*W).^2)", "W", { O: ["m", "k"], T: ["m", "k"], X: ["m", "n"], W: ["n", "k"] }),
  hessianOf("placed/6", "log(sum(exp(B*tanh(W*x)))) - t'*B*tanh(W*x)", "W", { B: ["m", "k"], W: ["k", "n"], x: ["n"], t: ["m"] }),
  hessianOf("placed/7", "log(sum(exp(C*max(0, B*max(0, W*x))))) - t'*C*max(0, B*max(0, W*x))", "W", {
    C: ["q", "m"],
    B: ["m", "k"],
    W: ["k", "n"],
    x: ["n"],
    t: ["q"],
  }),
  hessianOf("reshape/1", "c'*vec(X.^3) + norm2(reshape(c, m, n)*b)^2", "X", { X: ["m", "n"], c: ["m*n"], b: ["n"] }),
  hessianOf("reshape/2", "norm2(reshape(c, m, n)*b)^2*norm2(X - reshape(c, m, n))^2", "c", { X: ["m", "n"], c: ["m*n"], b: ["n"] }),
  hessianOf("singular/1", "nuclear(A*X - B)", "X", { A: ["m", "n"], X: ["n", "k"], B: ["m", "k"] }),
  hessianOf("singular/3", "nuclear(A*x - b) + spectral(x')*nuclear(c)", "x", { A: ["m", "n"], x: ["n"], b: ["m"], c: [] }),
  hessianOf("singular/4", "b'*topsingular(A*x) + b'*polar(A*x)*polar(c)*topsingular(c)", "x", { A: ["m", "n"], x: ["n"], b: ["m"], c: [] }),
  hessianOf("symmetric/1", "eigmax(X'*X)", "X", { X: ["m", "n"] }),
  hessianOf("symmetric/2", "sum(B .* chol(X'*X + s^2*eye(n)))", "s", { B: ["n", "n"], X: ["m", "n"], s: [] }),
  hessianOf("singular/2", "spectral(X)^2 + sum(A .* X)", "X", { A: ["m", "n"], X: ["m", "n"] }),
];

export interface Prepared {
  readonly id: string;
  readonly title: string;
  readonly program: Program;
  readonly inputs: ReadonlyMap<string, Sample>;
  readonly sizes: ReadonlyMap<string, number>;
  /** Row-major entries of the value and of the derivative. */
  readonly expected: readonly (readonly number[])[];
}

/** Row-major entries. */
const rowMajor = (m: Matrix): number[] =>
  Array.from({ length: m.data.length }, (_, k) => m.data[Math.floor(k / m.cols) + m.rows * (k % m.cols)] as number);

/** Every case, planned. */
export async function prepareCases(): Promise<Prepared[]> {
  const numeric = await loadNumeric();
  const library = standardLibrary();
  const definitions = library.definition;
  return [...readCases("paper.jsonl"), ...readCases("corpus.jsonl"), ...PLACED].map((c: Case) => {
    const { expr, wrt, vars, layout, order } = c;
    const names = { vars, ...(c.attrs === undefined ? {} : { attrs: c.attrs }), ...(c.dims === undefined ? {} : { dims: c.dims }) };
    // Sources and differences of the value take entries of symmetric matrices as independent.
    const program = programOf({ ...names, expr, wrt, layout, symmetry: "free", ...(order === undefined ? {} : { order }) }, library);
    const answer = parse(c.expected ?? expr, names);
    if (!answer.ok) throw new Error(`${c.expected}: ${answer.diagnostics[0]?.message}`);
    const request = { defined: [program.stated.expr, answer.expr], variables: program.plan.inputs, seed: 7 };
    const next = numeric.samplePoints(request, definitions).next();
    if (next.done === true) throw new Error(`${c.id}: ${next.value}`);
    const point = next.value;
    const inputs = new Map(
      program.plan.inputs.map((v) => [
        v.name,
        { axes: axesOf(v.shape).map((d) => evaluateDim(d, point.sizes)), data: rowMajor(point.values.get(v.name) as Matrix) },
      ]),
    );
    const derivative =
      c.expected === undefined
        ? numeric.secondDerivative(program.stated.expr, wrt, wrt, point, definitions).matrix
        : numeric.evaluate(answer.expr, point, definitions);
    const expected = [numeric.evaluate(program.stated.expr, point, definitions), derivative].map(rowMajor);
    return { id: c.id, title: `${expr} by ${wrt}`, program, inputs, sizes: point.sizes, expected };
  });
}

/** The largest difference relative to the largest entry; infinite where lengths or NaNs differ. */
export function distance(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = Math.max(1, ...expected.map(Math.abs));
  let worst = 0;
  for (const [i, x] of actual.entries()) {
    const d = Math.abs(x - (expected[i] as number)) / scale;
    worst = Number.isNaN(d) ? Number.POSITIVE_INFINITY : Math.max(worst, d);
  }
  return worst;
}
