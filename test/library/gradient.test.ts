// Gradients of code: right ones agree and show the order of every method, wrong ones differ at
// the entry that is wrong, and what does not settle is undecided.

import { describe, expect, it } from "vitest";
import { checkGradient, checkGradientAt, evaluate } from "../../src/index.ts";

const rosenbrock = (x: readonly number[]): number => (1 - (x[0] as number)) ** 2 + 100 * ((x[1] as number) - (x[0] as number) ** 2) ** 2;
const gradient = ([a, b]: readonly number[]): number[] => [
  -2 * (1 - (a as number)) - 400 * (a as number) * ((b as number) - (a as number) ** 2),
  200 * ((b as number) - (a as number) ** 2),
];

describe("a numeric function's gradient", () => {
  it("agrees where it is right, with orders 1, 2 and 4", () => {
    const report = checkGradient(
      (x: readonly number[]) => Math.exp(Math.sin((x[0] as number) + 2 * (x[1] as number))),
      (x) => {
        const z = (x[0] as number) + 2 * (x[1] as number);
        return [1, 2].map((k) => k * Math.cos(z) * Math.exp(Math.sin(z)));
      },
      [0.3, 0.4],
    );
    expect(report.verdict).toBe("agrees");
    for (const t of report.tables) expect(t.rows[2]?.order).toBeCloseTo(t.expectedOrder, 0);
    expect(report.tables.map((t) => t.method)).toEqual(["forward", "central", "Richardson"]);
  });

  it("differs where an entry is wrong, and that entry is named", () => {
    expect(checkGradient(rosenbrock, gradient, [-1.2, 1]).verdict).toBe("agrees");
    const wrong = checkGradient(rosenbrock, ([a, b]) => [gradient([a as number, b as number])[0] as number, 0], [-1.2, 1]);
    expect(wrong).toMatchObject({ verdict: "differs", worst: { entry: 1, given: 0 } });
    expect(wrong.worst.numeric).toBeCloseTo(-88, 6);
  });

  it("takes numbers, matrices and functions of several values", () => {
    expect(
      checkGradient(
        (x: number) => x ** 3,
        (x) => 3 * x ** 2,
        2,
      ).verdict,
    ).toBe("agrees");
    const X = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const sum = (m: readonly (readonly number[])[]): number => m.flat().reduce((t, v, i) => t + (i + 1) * v * v, 0);
    const by = (m: readonly (readonly number[])[]): number[][] => m.map((row, i) => row.map((v, j) => 2 * (2 * i + j + 1) * v));
    expect(checkGradient(sum, by, X).verdict).toBe("agrees");
    const both = (x: readonly number[]): number[] => [(x[0] as number) * (x[1] as number), (x[0] as number) ** 2, x[1] as number];
    const jacobian = ([a, b]: readonly number[]): number[][] => [
      [b as number, a as number],
      [2 * (a as number), 0],
      [0, 1],
    ];
    expect(checkGradient(both, jacobian, [2, 3]).verdict).toBe("agrees");
    expect(() => checkGradient(rosenbrock, [1, 2, 3], [1, 2])).toThrow(TypeError);
  });

  it("uses the complex step where the function takes complex numbers", () => {
    const report = checkGradient((x: number) => Math.exp(x), Math.exp, 1, {
      complex: ({ re, im }: { re: number; im: number }) => ({ re: Math.exp(re) * Math.cos(im), im: Math.exp(re) * Math.sin(im) }),
    });
    const complex = report.tables.find((t) => t.method === "complex step");
    expect(complex?.best).toBeLessThan(1e-13);
  });

  it("is undecided at a kink", () => {
    const report = checkGradient(
      (x: number) => Math.sqrt(Math.abs(x)),
      () => 0.3,
      0.0001,
    );
    expect(report.verdict).not.toBe("agrees");
    expect(
      checkGradient(
        (x: number) => Math.log(x),
        () => 1,
        -1,
      ),
    ).toMatchObject({ verdict: "undecided" });
  });
});

describe("an expression's derivative at data", () => {
  const at = {
    A: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    x: [0.3, -0.7],
    y: [1, 2, 3],
  };
  it("agrees in every layout, with the complex step where all is analytic", async () => {
    for (const layout of ["numerator", "denominator", "mixed", "vec"] as const)
      for (const wrt of ["x", "A"]) {
        const report = await checkGradientAt({ expr: "sum(exp(sin(A x))) + logdet(A'A) + norm2(A x - y)", wrt, at, layout });
        expect(report).toMatchObject({ ok: true, verdict: "agrees" });
        if (report.ok) expect(report.tables.find((t) => t.method === "complex step")?.best).toBeLessThan(1e-12);
      }
  });

  it("has no complex step for what is not analytic", async () => {
    const report = await checkGradientAt({ expr: "sum(max(0, A x))", wrt: "x", at });
    expect(report.ok && report.tables.map((t) => t.method)).toEqual(["forward", "central", "Richardson"]);
  });

  it("refutes values that are not the derivative", async () => {
    const report = await checkGradientAt({ expr: "norm2(A x - y)^2", wrt: "x", at, gradient: [1, 2] });
    expect(report).toMatchObject({ ok: true, verdict: "differs" });
    expect(report.ok && (report.closedForm ?? 0)).toBeGreaterThan(0.5);
  });

  it.each(["symmetric", "entries", "free"] as const)(
    "of a symmetric matrix in the convention %s agrees with itself alone",
    async (symmetry) => {
      const by = {
        expr: "tr(S*A*S)",
        wrt: "S",
        declarations: "S : symmetric(n)",
        at: {
          S: [
            [2, 1],
            [1, 3],
          ],
          A: [
            [1, 2],
            [3, 5],
          ],
        },
      };
      const own = await evaluate({ ...by, symmetry });
      if (!own.ok) throw new Error("no value");
      expect(await checkGradientAt({ ...by, symmetry, gradient: own.value })).toMatchObject({ verdict: "agrees", closedForm: 0 });
      const next = symmetry === "free" ? "entries" : "free";
      expect(await checkGradientAt({ ...by, symmetry: next, gradient: own.value })).toMatchObject({ verdict: "differs" });
    },
  );
});
