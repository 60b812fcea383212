// Difference quotients against derivatives known in closed form, with the accuracy the
// checks rely on; functions without a body against their own derivatives.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, apply, hadamard, mul, neg, num, transpose, unknown } from "../../src/expr/build.ts";
import { type Expr, type Variable, variables } from "../../src/expr/expr.ts";
import { shapeOf } from "../../src/expr/shape.ts";
import {
  transpose as flip,
  generate,
  identity,
  kron,
  largest,
  type Matrix,
  matrix,
  minus,
  multiply,
  scalar,
  scale,
} from "../../src/numeric/matrix.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import type { Point } from "../../src/numeric/point.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { anyExpr } from "../arbitrary/expr.ts";
import { expectClose } from "./close.ts";
import { dot, each, matrixVar, power, scalarVar, sum, toNumber, toSame, vectorVar } from "./terms.ts";

const numeric = await loadNumeric();
const source = createRandom(5);
const random = (m: number, n: number): Matrix => generate(m, n, () => source.signed(0.3, 1.5));
const values = new Map([
  ["x", random(3, 1)],
  ["w", random(3, 1)],
  ["s", scalar(0.7)],
  ["A", random(3, 3)],
  ["X", random(2, 3)],
]);
const point: Point = {
  sizes: new Map([
    ["m", 2],
    ["n", 3],
  ]),
  values,
  seed: 9,
};
const given = (name: string): Matrix => values.get(name) as Matrix;
const value = (term: Expr): Matrix => numeric.evaluate(term, point);

const [x, w, s, A, X] = [vectorVar("x", "n"), vectorVar("w", "n"), scalarVar("s"), matrixVar("A", "n", "n"), matrixVar("X", "m", "n")];

describe("jacobian", () => {
  const cases: [string, Expr, string, () => Matrix][] = [
    ["w·x by w is xᵀ", dot(w, x), "w", () => flip(given("x"))],
    ["A x by x is A", mul(A, x), "x", () => given("A")],
    ["X A by X is Aᵀ ⊗ I", mul(X, A), "X", () => kron(flip(given("A")), identity(2))],
    ["inv(A) by A is −A⁻ᵀ ⊗ A⁻¹", toSame("inv", A), "A", () => scale(kron(flip(value(toSame("inv", A))), value(toSame("inv", A))), -1)],
    [
      "tanh(x) by x is diag(1 − tanh²)",
      each("tanh", x),
      "x",
      () => generate(3, 3, (i, j) => (i === j ? 1 - Math.tanh(given("x").data[i] as number) ** 2 : 0)),
    ],
    ["exp(exp(s)) by s", each("exp", each("exp", s)), "s", () => scalar(Math.exp(Math.exp(0.7)) * Math.exp(0.7))],
    ["s^40 by s", power(s, num(40)), "s", () => scalar(40 * 0.7 ** 39)],
    ["Xᵀ by X is the commutation matrix", transpose(X), "X", () => value(apply("commutation", [], [X.shape.rows, X.shape.cols]))],
  ];
  for (const [title, term, by, expected] of cases) {
    it(title, () => {
      const { matrix: found, error } = numeric.jacobian(term, by, point);
      expectClose(found, expected(), 1e-10);
      expect(Math.max(...error.data)).toBeLessThan(1e-9 * Math.max(1, ...found.data.map(Math.abs)));
    });
  }

  it("is zero of the right size for a term without the variable", () => {
    expectClose(numeric.jacobian(X, "w", point).matrix, matrix(6, 3), 0);
  });

  it("stays inside a narrow domain by smaller steps, and says how sure it is", () => {
    const near: Point = { ...point, values: new Map([["s", scalar(1e-3)]]) };
    const { matrix: found, error } = numeric.jacobian(each("log", s), "s", near);
    expect(Math.abs((found.data[0] as number) - 1000)).toBeLessThan(Math.max(1e-6, 10 * (error.data[0] as number)));
  });

  it("settles on 0 where large parts cancel", () => {
    for (let k = 0; k < 20; k++) {
      const there: Point = { ...point, values: new Map([...values, ["x", random(3, 1)]]) };
      const { matrix: found, error } = numeric.jacobian(dot(x, mul(add(A, neg(transpose(A))), x)), "x", there);
      expect(largest(error)).toBeLessThan(1e-12);
      expect(largest(found)).toBeLessThanOrEqual(20 * largest(error));
    }
  });

  it("the error estimate covers the error", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 3, noNaN: true }), (t) => {
        const there: Point = { ...point, values: new Map([["s", scalar(t)]]) };
        const { matrix: found, error } = numeric.jacobian(each("sin", each("exp", s)), "s", there);
        const exact = Math.cos(Math.exp(t)) * Math.exp(t);
        expect(Math.abs((found.data[0] as number) - exact)).toBeLessThanOrEqual(20 * (error.data[0] as number));
      }),
    );
  });

  it("refuses a point without a value and sizes out of reach", () => {
    expect(() => numeric.jacobian(each("log", neg(each("abs", s))), "s", point)).toThrow(/no finite value/);
    const big: Point = { sizes: new Map(), values: new Map([["B", generate(120, 120, () => 1)]]) };
    expect(() => numeric.jacobian(sum(each("exp", matrixVar("B", 120, 120))), "B", big)).toThrow(/too large/);
  });
});

describe("second derivative", () => {
  it("of xᵀ A x by x is A + Aᵀ", () => {
    const { matrix: found } = numeric.secondDerivative(dot(x, mul(A, x)), "x", "x", point);
    expectClose(
      found,
      generate(3, 3, (i, j) => (given("A").data[i + 3 * j] as number) + (given("A").data[j + 3 * i] as number)),
      1e-9,
    );
  });

  it("of sum(exp(x) ⊙ w) by x and w is diag(exp(x)), in the order of the variables", () => {
    const mixed = hadamard(mul(transpose(x), w), dot(x, x));
    const xw = numeric.secondDerivative(mixed, "x", "w", point).matrix;
    const wx = numeric.secondDerivative(mixed, "w", "x", point).matrix;
    expectClose(xw, flip(wx), 1e-10);
    const exact = generate(3, 3, (i, j) => {
      const xx = given("x").data.reduce((t, v) => t + v * v, 0);
      return (i === j ? xx : 0) + 2 * (given("x").data[i] as number) * (given("x").data[j] as number);
    });
    expectClose(xw, exact, 1e-9);
  });

  it("of a vector is the derivative of its vectorised Jacobian", () => {
    const { matrix: found } = numeric.secondDerivative(power3(x), "x", "x", point);
    expectClose(
      found,
      generate(9, 3, (row, k) => (row % 3 === k && Math.floor(row / 3) === k ? 6 * (given("x").data[k] as number) : 0)),
      1e-8,
    );
  });

  it("reaches 1e-8 on a log-sum-exp", () => {
    const p = value(toSame("softmax", x));
    const exact = generate(3, 3, (i, j) => (i === j ? (p.data[i] as number) : 0) - (p.data[i] as number) * (p.data[j] as number));
    expectClose(numeric.secondDerivative(toNumber("logsumexp", x), "x", "x", point).matrix, exact, 1e-8);
  });
});

const power3 = (a: Expr): Expr => hadamard(a, hadamard(a, a));

describe("directional derivative", () => {
  it("moves all variables together: d(X A) = dX A + X dA", () => {
    const [dX, dA] = [random(2, 3), random(3, 3)];
    const { matrix: found } = numeric.directional(
      mul(X, A),
      new Map([
        ["X", dX],
        ["A", dA],
      ]),
      point,
    );
    const exact = multiply(dX, given("A"));
    const more = multiply(given("X"), dA);
    expectClose(
      found,
      generate(2, 3, (i, j) => (exact.data[i + 2 * j] as number) + (more.data[i + 2 * j] as number)),
      1e-11,
    );
  });
});

describe("functions without a body", () => {
  const f = (arg: Expr, derivatives: number[] = []): Expr => unknown("f", [arg], arg.shape, { elementwise: true, derivatives });

  it("f′ and f″ of an element-wise function are its derivatives", () => {
    for (const order of [0, 1, 2]) {
      const below = Array.from({ length: order }, () => 0);
      expectClose(numeric.jacobian(f(x, below), "x", point).matrix, numeric.evaluate(apply("diag", [f(x, [...below, 0])]), point), 1e-9);
    }
  });

  it("partial derivatives of f(x, s) by either argument", () => {
    const g = (derivatives: number[]): Expr => unknown("g", [x, s], x.shape, { elementwise: true, derivatives });
    expectClose(numeric.jacobian(g([]), "x", point).matrix, value(apply("diag", [g([0])])), 1e-9);
    expectClose(numeric.jacobian(g([]), "s", point).matrix, value(g([1])), 1e-9);
    expectClose(numeric.jacobian(g([0]), "s", point).matrix, value(g([0, 1])), 1e-9);
  });

  it("the Jacobian of a vector function, the gradient and the Hessian of a number", () => {
    const u = (derivatives: number[], rows: string, cols: string | number = 1): Expr =>
      unknown("u", [x], shapeOf(rows, cols), { derivatives });
    expectClose(numeric.jacobian(u([], "m"), "x", point).matrix, value(u([0], "m", "n")), 1e-9);
    const h = (derivatives: number[], rows: string | number, cols: string | number): Expr =>
      unknown("h", [X], shapeOf(rows, cols), { derivatives });
    expectClose(numeric.jacobian(h([], 1, 1), "X", point).matrix, flip(value(apply("vec", [h([0], "m", "n")]))), 1e-9);
    const v = (derivatives: number[], rows: string | number, cols: string | number): Expr =>
      unknown("v", [x], shapeOf(rows, cols), { derivatives });
    expectClose(numeric.secondDerivative(v([], 1, 1), "x", "x", point).matrix, value(v([0, 0], "n", "n")), 1e-7);
  });

  it("another seed or name is another function", () => {
    const other: Point = { ...point, seed: 10 };
    expect(numeric.evaluate(f(s), other).data[0]).not.toBe(value(f(s)).data[0]);
    expect(value(unknown("k", [s], s.shape, { elementwise: true })).data[0]).not.toBe(value(f(s)).data[0]);
    expect(value(add(f(s), neg(f(s)))).data[0]).toBe(0);
  });
});

describe("a staircase", () => {
  it("does not pass for the line through its steps", () => {
    const there: Point = { ...point, values: new Map([["s", scalar(19.25 / 64)]]) };
    const { matrix: slope, error } = numeric.jacobian(each("floor", mul(num(64), s)), "s", there);
    expect(slope.data[0] === 0 || (error.data[0] as number) > 1).toBe(true);
  });
});

describe("random terms", () => {
  // Two paths through the evaluator: entry by entry with reruns of what depends on the
  // variable, and all at once with everything evaluated anew.
  it("the Jacobian times a direction is the directional derivative", () => {
    fc.assert(
      fc.property(anyExpr({ smooth: true }), fc.integer({ min: 1, max: 1e6 }), (term, seed) => {
        const [variable] = variables(term);
        fc.pre(variable !== undefined);
        const name = (variable as Variable).name;
        const found = numeric.samplePoints({ defined: [term], seed }).next();
        fc.pre(found.done === false);
        const there = found.value as Point;
        const at = there.values.get(name) as Matrix;
        const along = generate(at.rows, at.cols, (i, j) => Math.cos(3 * i + 5 * j + 1));
        const jacobian = numeric.jacobian(term, name, there);
        const directional = numeric.directional(term, new Map([[name, along]]), there);
        const scale = Math.max(largest(jacobian.matrix), largest(jacobian.value), 1e-9);
        fc.pre(largest(jacobian.error) < 1e-9 * scale);
        const product = multiply(jacobian.matrix, matrix(along.data.length, 1, along.data));
        const gap = largest(minus(product, matrix(directional.matrix.data.length, 1, directional.matrix.data)));
        expect(gap / scale).toBeLessThan(1e-7);
      }),
    );
  });
});
