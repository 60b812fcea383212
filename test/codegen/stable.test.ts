// Forms that keep their digits where a definition loses them: generated and interpreted programs
// at points where the plain formula has few right digits or none, against values from series.

import { all, create, type FactoryFunctionMap } from "mathjs";
import { describe, expect, it } from "vitest";
import { compile, exportCode } from "../../src/index.ts";

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
        expect(Math.abs((f.run(z).value as number) / value - 1)).toBeLessThan(4e-15);
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
