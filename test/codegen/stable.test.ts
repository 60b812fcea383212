// Forms that keep their digits where a definition loses them: generated and interpreted programs
// at points where the plain formula has few right digits or none, against values from series.

import { all, create, type FactoryFunctionMap } from "mathjs";
import { describe, expect, it } from "vitest";
import { compile, evaluate, exportCode } from "../../src/index.ts";

// biome-ignore format: a table is read by columns
const POINTS: readonly (readonly [expr: string, z: number, value: number])[] = [
  ["1 - sigmoid(z)",           40,    4.248354255291589e-18],
  ["sigmoid(z) - 1",           40,   -4.248354255291589e-18],
  ["1 - 1/(1 + exp(-z))",      40,    4.248354255291589e-18],
  ["log(sigmoid(z))",          40,   -4.248354255291589e-18],
  ["log(1 + exp(z))",         -40,    4.248354255291589e-18],
  ["log(1 + exp(z))",         800,  800],
  ["exp(z) - 1",            1e-12,    1.0000000000005e-12],
  ["3 - 3*exp(z)",          1e-12,   -3.0000000000015e-12],
  ["log(1 + z)",            1e-12,    9.999999999995e-13],
  ["log(1 - z)",            1e-12,   -1.0000000000005e-12],
  ["1 - erf(z)",                6,    2.1519736712498913e-17],
  ["1 + erf(z)",               -6,    2.1519736712498913e-17],
  ["1 - tanh(z)",              20,    8.496708510583178e-18],
  ["1 + tanh(z)",             -20,    8.496708510583178e-18],
  ["1 - cos(z)",             1e-6,    4.999999999999583e-13],
  ["cosh(z) - 1",            1e-6,    5.000000000000417e-13],
  ["sqrt(1 + z^2) - 1",      1e-6,    4.99999999999875e-13],
  ["log1p(exp(z))",           800,  800],
  ["log1p(exp(z))",           -40,  4.248354255291589e-18],
  ["log(exp(z) + exp(2*z))",  800,  1600],
  ["log(exp(z) + exp(2*z))", -800, -800],
  ["log(exp(z) - 1)",         800,  800],
  ["log(exp(z) - 1)",        1e-9, -20.72326583644641],
  ["exp(z)/(exp(z) - 1)",     800,    1],
  ["exp(z)/(exp(z) - 1)^2",   800,    0],
  ["exp(2*z)/(1 - exp(2*z))", 800,   -1],
  ["exp(z)/(exp(z) - 1)",    1e-9,    1000000000.5000001],
  ["log(cosh(z))",            800,  799.3068528194401],
  ["log(cosh(z))",           -800,  799.3068528194401],
  ["phi1m(z)",                  0,    1],
  ["phi1m(z)",              1e-12,    1.0000000000005],
  ["2 - sqrt(4 + z)",       1e-12,   -2.49999999999984e-13],
  ["9*(sqrt(1 + (z/3)^2) - 1)", 1e-6, 4.999999999999861e-13],
];

describe("programs keep their digits", () => {
  for (const interpret of [false, true])
    for (const [expr, z, value] of POINTS)
      it(`${expr} at ${z}, ${interpret ? "interpreted" : "generated"}`, () => {
        const f = compile({ expr, wrt: [], vars: { z: [] }, outputs: ["value"], interpret });
        if (!f.ok) throw new Error(f.diagnostics[0]?.message);
        const found = f.run(z).value as number;
        expect(found === value ? 0 : Math.abs(found / value - 1)).toBeLessThan(4e-15);
      });
});

it("logarithms of sums of exponentials along an axis do not overflow", () => {
  const X = [
    [800, 800],
    [-800, 0],
  ];
  for (const [expr, value] of [
    ["sum(log(rowsum(exp(X))))", 800 + Math.LN2],
    ["sum(log(colsum(exp(X))))", 1600],
  ] as const) {
    const f = compile({ expr, wrt: "X", vars: { X: ["m", "n"] } });
    if (!f.ok) throw new Error(f.diagnostics[0]?.message);
    const { value: found, gradient } = f.run(X);
    expect(found).toBeCloseTo(value, 9);
    expect([...(gradient as Float64Array)].every(Number.isFinite)).toBe(true);
  }
});

// biome-ignore format: a list is read in rows
const DETERMINANTS = [
  "log(det(A))", "logdet(A)", "logdet(-2*A)", "logdet(c*A)", "log(det(A)^2)", "log(sqrt(det(A)^2))", "log(abs(det(A)))", "log(1/det(A))",
  "log(sqrt(det(A)))", "log(c*det(A))", "log(c^2*det(A))", "log(det(A)/det(B))", "log(det(A)^2*det(B))", "log(abs(det(A)*det(B))^3)",
];
// biome-ignore format: a list is read in rows
const SIGNED = [[[2, 1], [1, 3]], [[0, 1], [1, 0]], [[-2, 0], [0, -1]], [[0, 1], [0, 2]]];

describe("logarithms of determinants have a value where the determinant is positive", () => {
  for (const expr of DETERMINANTS)
    it(expr, async () => {
      const vars = { A: ["n", "n"], ...(expr.includes("B") ? { B: ["n", "n"] } : {}), ...(expr.includes("c") ? { c: [] } : {}) };
      // Of two matrices, neither is singular: the product of 0 and a negative number is a 0 without a sign.
      const regular = SIGNED.slice(0, 3);
      for (const A of expr.includes("B") ? regular : SIGNED)
        for (const B of expr.includes("B") ? regular : [[]])
          for (const c of expr.includes("c") ? [2, -2] : [0]) {
            const at = Object.fromEntries(Object.entries({ A, B, c }).filter(([name]) => name in vars));
            const expected = await evaluate({ expr, vars, at });
            for (const interpret of [false, true]) {
              const f = compile({ expr, wrt: [], vars, outputs: ["value"], interpret });
              if (!f.ok || !expected.ok) throw new Error("refused");
              const value = f.run(at).value as number;
              expect([JSON.stringify(at), Number.isFinite(value) ? value.toFixed(9) : value]).toEqual([
                JSON.stringify(at),
                Number.isFinite(expected.value) ? (expected.value as number).toFixed(9) : expected.value,
              ]);
            }
          }
    });

  it("that overflows too", () => {
    const A = Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => (i === j ? 1e40 : 0)));
    for (const expr of ["log(det(A)/2)", "log(abs(det(A)))", "log(det(A)^2)/2"]) {
      const f = compile({ expr, wrt: [], vars: { A: ["n", "n"] }, outputs: ["value"] });
      if (!f.ok) throw new Error("refused");
      expect(f.run(A).value).toBeCloseTo(360 * Math.LN10 - (expr.includes("/2)") ? Math.LN2 : 0), 9);
    }
  });
});

// biome-ignore format: a table is read by columns
const GRADIENTS: readonly (readonly [expr: string, z: number, value: number])[] = [
  ["log(1 + exp(-z))",   40, -4.248354255291589e-18],
  ["sigmoid(z)",         40,  4.248354255291589e-18],
  ["log(sigmoid(z))",    40,  4.248354255291589e-18],
  ["exp(z) - z",      1e-12,  1.0000000000005e-12],
  ["log(1 + exp(z))^2", -40,  3.6097027756908306e-35],
];

describe("expressions for mathjs keep their digits", () => {
  const math = create(all as FactoryFunctionMap);
  for (const [expr, z, value] of GRADIENTS)
    it(`the derivative of ${expr} at ${z}`, () => {
      const answer = exportCode({ expr, wrt: "z", vars: { z: [] }, target: "mathjs" });
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      expect(Math.abs((math.evaluate(answer.code.trim(), { z }) as number) / value - 1)).toBeLessThan(4e-15);
    });

  it("of entries, and where exp would overflow", () => {
    const answer = exportCode({ expr: "log(sum(exp(x)))", wrt: "x", vars: { x: ["n"] }, target: "mathjs" });
    if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
    expect(math.evaluate(answer.code.trim(), { x: math.matrix([[800], [800]]), n: 2 }).toArray()).toEqual([[0.5], [0.5]]);
  });
});

describe("softmax of what a maximum is taken from already", () => {
  it("is written once", () => {
    const expr = "-logsumexp(log(softmax(a)) - 1/2*(z - mu).^2 .* exp(-2*s) - s)";
    const answer = exportCode({
      expr,
      wrt: "mu",
      declarations: "a, mu, s : vector(k); z : scalar",
      target: "mathjs",
      outputs: ["hessian"],
    });
    expect(answer).toMatchObject({ ok: true });
  });
});

describe("logarithms of products with an exponential", () => {
  const z = [-800, 800, 0];
  // biome-ignore format: a table is read by columns
  const CASES: readonly (readonly [expr: string, wrt: string, at: object, value: number, gradient: readonly number[]])[] = [
    ["-y'*log(softmax(z))",       "z", { y: [1, 0, 0], z },                1600, [-1, 1, 0]],
    ["crossentropy(y, softmax(z))", "z", { y: [1, 0, 0], z },              1600, [-1, 1, 0]],
    ["sum(log(y.*exp(z)))",       "z", { y: [2, 3, 1], z },         Math.log(6), [1, 1, 1]],
    ["-sum(Y.*log(rowsoftmax(X)))", "X", { Y: [[1, 0], [0, 1]], X: [[-400, 400], [0, 0]] }, 800 + Math.log(2), [-1, 1, 0.5, -0.5]],
  ];
  it.each(CASES)("%s", (expr, wrt, at, value, gradient) => {
    const vars = { y: ["n"], z: ["n"], X: ["m", "n"], Y: ["m", "n"] };
    for (const interpret of [false, true]) {
      const compiled = compile({ expr, wrt, vars, interpret });
      if (!compiled.ok) throw new Error(compiled.diagnostics[0]?.message);
      const result = compiled.run(at as never);
      expect(result.value).toBeCloseTo(value, 9);
      expect([...(result.gradient as Float64Array)]).toEqual(gradient.map((g) => expect.closeTo(g, 12)));
    }
  });
});

describe("second derivatives of log(1 - exp(-v)) for v that is no less than 0", () => {
  for (const [expr, points] of [
    ["log(1 - exp(-exp(x)))", [-3, 0.5, 2, 5.9, 8, 30]],
    ["log(1 - exp(-x^2))", [-30, -2, 0.3, 5, 40]],
  ] as const)
    it(expr, () => {
      for (const interpret of [false, true]) {
        const f = compile({ expr, wrt: "x", vars: { x: [] }, outputs: ["derivative", "hessian"], interpret });
        if (!f.ok) throw new Error(f.diagnostics[0]?.message);
        const gradient = (x: number): number => f.run(x).gradient as number;
        for (const x of points) {
          const difference = (gradient(x + 1e-5) - gradient(x - 1e-5)) / 2e-5;
          expect(f.run(x).hessian).toBeCloseTo(difference, 6);
        }
      }
    });
});
