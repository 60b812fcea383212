// Programs in Python as their users run them: numbers are Python's, the default dtype of a
// library is left alone, and what comes back is new and of the kind of what was given.

import { describe, expect, it } from "vitest";
import { type CodeQuestion, exportCode } from "../../src/index.ts";
import { pythonWith, run } from "./interpreters.ts";

type Vars = NonNullable<CodeQuestion["vars"]>;
const RUNNER = new URL("run.py", import.meta.url).pathname;

// biome-ignore format: a table is read by columns
const KINDS = [
  ["numpy",     "numpy",     "numpy"],
  ["torch",     "torch",     "torch"],
  ["array-api", "array_api", "numpy.array_api"],
  ["array-api", "torch",     "torch"],
] as const;

// biome-ignore format: a table is read by columns
const SMOOTH: readonly (readonly [expr: string, wrt: string, vars: Vars])[] = [
  ["sum(relu(A*x + b))",                          "x", { A: ["m", "n"], x: ["n"], b: ["m"] }],
  ["max(A*x)",                                    "x", { A: ["m", "n"], x: ["n"] }],
  ["sum(step(y).*w)",                             "w", { y: ["n"], w: ["n"] }],
  ["sum(max(y, z).*w)",                           "y", { y: [], z: [], w: ["n"] }],
  ["x'*(max(0, y) + 0.1*min(0, y))",              "y", { x: ["n"], y: ["n"] }],
  ["sum(B.*rowsoftmax(A))",                       "A", { A: ["m", "n"], B: ["m", "n"] }],
  ["sum(sigmoid(ones(m)))*sum(x.^2)",             "x", { x: ["n"] }],
  ["sum(log(1 + exp(x)))*{sqrt(n) if n > 2; exp(n) otherwise}", "x", { x: ["n"] }],
  ["exp(a)*log(a^2 + 1) + tanh(b)",               "a", { a: [], b: [] }],
  ["pinv(x)*y*pinv(a)",                           "x", { x: ["n"], y: ["n"], a: [] }],
  ["{exp(a) if a > 0; a otherwise}*c",            "a", { a: [], c: [] }],
  ["{min(x) if c > 0.1; sum(x) otherwise}",       "x", { x: ["n"], c: [] }],
  ["atan2(y, z)",                                 "y", { y: [], z: [] }],
  ["sum(atan(c*x) + asinh(x))",                   "x", { x: ["n"], c: [] }],
  ["a",                                           "a", { a: [] }],
];

/** Derivatives that are an input, or a part of one. */
// biome-ignore format: a table is read by columns
const RETURNED: readonly (readonly [expr: string, wrt: string, vars: Vars])[] = [
  ["sum(w.*x)",                                   "x", { w: ["n"], x: ["n"] }],
  ["tr(A*X)",                                     "X", { A: ["m", "n"], X: ["n", "m"] }],
  ["x'*A[k,:]'",                                  "x", { A: ["m", "n"], x: ["n"] }],
  ["a'*vec(X)",                                   "a", { a: ["n"], X: ["n", "1"] }],
];

/** Functions that NumPy lacks. */
// biome-ignore format: a table is read by columns
const HELPED: readonly (readonly [expr: string, wrt: string, vars: Vars])[] = [
  ["x.*erf(x) + erfc(x.^2) + gelu(x)",            "x", { x: ["n"] }],
  ["lgamma(1 + x.^2) + gamma(1 + x.^2)",          "x", { x: ["n"] }],
  ["expm(A)*b",                                   "b", { A: ["n", "n"], b: ["n"] }],
  ["cosm(A) + sinm(A)",                           "b", { A: ["n", "n"], b: ["n"] }],
];

interface Sample {
  readonly axes: readonly number[];
  readonly data: readonly number[];
  readonly dtype?: string;
}
interface Program {
  readonly code: string;
  readonly inputs: readonly Sample[];
  readonly sizes: readonly number[];
  readonly selfTest?: boolean;
}
interface Row {
  readonly outputs: readonly (readonly number[])[];
  readonly dtypes: readonly string[];
  readonly shared: boolean;
  readonly shapes: readonly (readonly number[])[];
  readonly selfTest?: number;
  readonly error?: string;
}

const LENGTHS: Readonly<Record<string, number>> = { m: 3, n: 4 };

/** The program of a question at some point, with sizes of 3 and 4. */
function programOf(question: CodeQuestion): Program {
  const answer = exportCode(question);
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  const inputs = answer.inputs.map(({ shape }, i) => {
    const axes = shape.filter((s) => s !== "1").map((s) => LENGTHS[s] as number);
    return { axes, data: Array.from({ length: axes.reduce((p, n) => p * n, 1) }, (_, k) => Math.cos(3 * k + i) + 0.3) };
  });
  const loose = /def f\((.*)\):/.exec(answer.code)?.[1]?.split(", ").slice(inputs.length) ?? [];
  return { code: answer.code, inputs, sizes: loose.map((s) => LENGTHS[s] ?? 1), selfTest: question.selfTest === true };
}

function runAll(python: string, kind: string, programs: readonly Program[]): Row[] {
  return JSON.parse(run(python, [RUNNER, kind], JSON.stringify(programs.map((p, i) => ({ id: `program ${i}`, name: "f", ...p })))));
}

for (const [target, kind, module] of KINDS) {
  const python = pythonWith(module);
  describe.skipIf(python === undefined)(`${target} with ${module}`, () => {
    const ask = (...programs: Program[]): Row[] => runAll(python as string, kind, programs);

    it("passes its self-tests with numbers of Python, at its own default dtype", () => {
      const rows = ask(...SMOOTH.map(([expr, wrt, vars]) => programOf({ expr, wrt, vars, target, selfTest: true })));
      expect(rows.map((r, i) => [SMOOTH[i]?.[0], r.error])).toEqual(SMOOTH.map(([expr]) => [expr, undefined]));
      for (const { selfTest } of rows) expect(selfTest).toBeLessThan(1e-7);
    });

    it("gives new arrays of the dtype of its inputs", () => {
      const questions = [...SMOOTH, ...RETURNED, ...(target === "numpy" ? HELPED : [])].filter(([, , vars]) =>
        Object.values(vars).every((axes) => axes.length > 0),
      );
      const programs = questions.map(([expr, wrt, vars]) => programOf({ expr, wrt, vars, target, outputs: ["value", "derivative"] }));
      const rows = ask(...programs.map((p) => ({ ...p, inputs: p.inputs.map((i) => ({ ...i, dtype: "float32" })) })));
      expect(rows.map((r, i) => [questions[i]?.[0], r.error, r.shared])).toEqual(questions.map(([expr]) => [expr, undefined, false]));
      // NumPy widens sums in its strict module, and numbers beside numbers that are made of sizes alone.
      const wide = rows.flatMap((r, i) =>
        r.dtypes.flatMap((d, k) =>
          d === "float32" || (kind === "numpy" && r.shapes[k]?.length === 0) ? [] : [`${d} of ${questions[i]?.[0]}`],
        ),
      );
      if (kind === "torch" || kind === "numpy") expect(wide).toEqual([]);
    });

    it("gives every output an array of its own", () => {
      const questions = [
        { expr: "exp(c)*X", wrt: "c", vars: { c: [], X: ["m", "n"] } },
        { expr: "exp(c)*vec(X)", wrt: "c", vars: { c: [], X: ["m", "n"] }, outputs: ["value", "derivative", "hessian"] },
      ] as const;
      expect(ask(...questions.map((q) => programOf({ ...q, target }))).map((r) => [r.error, r.shared])).toEqual([
        [undefined, false],
        [undefined, false],
      ]);
    });

    it("gives back numbers that are not made of its inputs, more than once, too", () => {
      const questions = [
        { expr: "a + c", vars: { a: [], c: [] }, outputs: ["value", "derivative", "hessian"] },
        { expr: "2*n*(a + c) + sum(x)", vars: { a: [], c: [], x: ["n"] } },
        { expr: "sqrt(n)*(a + c) + sum(x)", vars: { a: [], c: [], x: ["n"] } },
        { expr: "pi*(a + c)", vars: { a: [], c: [] } },
      ] as const;
      const rows = ask(...questions.map((q) => programOf({ ...q, wrt: ["a", "c"], target })));
      const found = rows.map((r) => r.error ?? r.outputs.slice(1).flat());
      expect(found).toEqual([
        [1, 0, 1, 0],
        [8, 8],
        [2, 2],
        [Math.PI, Math.PI],
      ]);
    });

    // The strict module multiplies no integers with other numbers.
    if (kind !== "array_api")
      it("takes fractions beside integers", () => {
        const question = { expr: "c*sum(y)*sum(max(1/2, x))", wrt: "x", vars: { y: ["n"], x: ["n"], c: [] }, target } as const;
        const inputs = [
          { axes: [2], data: [2, 3], dtype: "int64" },
          { axes: [2], data: [0, 1] },
          { axes: [], data: [0.5] },
        ];
        expect(ask({ ...programOf(question), inputs })[0]).toMatchObject({ outputs: [[3.75], [0, 2.5]] });
      });

    it("has all digits of a literal beside a mask", () => {
      const question = { expr: "x'*(max(0, y) + 0.1*min(0, y))", wrt: "y", vars: { x: ["n"], y: ["n"] }, target } as const;
      const inputs = [
        { axes: [2], data: [1, 1] },
        { axes: [2], data: [1, -1] },
      ];
      expect(ask({ ...programOf(question), inputs })[0]?.outputs[1]).toEqual([1, 0.1]);
    });
  });
}
