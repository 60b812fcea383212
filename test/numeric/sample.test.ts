// Points: attributes are met, sizes differ, domains are found, and giving up has a reason.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attribute } from "../../src/expr/attributes.ts";
import { add, apply, constant, entry, hadamard, mul, neg, num, ones, transpose } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { draw, MANNERS } from "../../src/numeric/draw.ts";
import { determinant, regularity } from "../../src/numeric/linear.ts";
import { at, transpose as flip, identity, largest, type Matrix, minus, multiply } from "../../src/numeric/matrix.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import type { Point } from "../../src/numeric/point.ts";
import { createRandom, deriveSeed } from "../../src/numeric/random.ts";
import type { SampleRequest } from "../../src/numeric/sample.ts";
import { dot, each, matrixVar, scalarVar, sum, toNumber, toSame, vectorVar } from "./terms.ts";

const numeric = await loadNumeric();

function take(request: SampleRequest, count = 3): Point[] {
  const source = numeric.samplePoints(request);
  return Array.from({ length: count }, () => {
    const next = source.next();
    expect(next.done, `a point, not "${next.value}"`).toBe(false);
    return next.value as Point;
  });
}
const reasonFor = (...defined: Expr[]): string => {
  const next = numeric.samplePoints({ defined }).next();
  expect(next.done).toBe(true);
  return next.value as string;
};

const near = (a: Matrix, b: Matrix): boolean => largest(minus(a, b)) < 1e-12;
const every = (a: Matrix, holds: (x: number, i: number, j: number) => boolean): boolean =>
  a.data.every((x, k) => holds(x, k % a.rows, Math.floor(k / a.rows)));

/** Leading principal minors: all positive exactly for a definite matrix. */
const minors = (a: Matrix): number[] =>
  Array.from({ length: a.rows }, (_, k) =>
    determinant({ rows: k + 1, cols: k + 1, data: a.data.filter((_x, p) => p % a.rows <= k && Math.floor(p / a.rows) <= k) }),
  );

const MEANING: Readonly<Record<Attribute, (a: Matrix) => boolean>> = {
  positive: (a) => every(a, (x) => x > 0),
  nonzero: (a) => every(a, (x) => x !== 0),
  unitnorm: (a) => Math.abs(Math.hypot(...a.data) - 1) < 1e-12,
  unit: (a) => every(a, (x) => Math.abs(x) < 1),
  symmetric: (a) => near(a, flip(a)),
  skew: (a) => near(a, { ...flip(a), data: flip(a).data.map((x) => -x) }),
  posdef: (a) => near(a, flip(a)) && minors(a).every((d) => d > 0),
  orthogonal: (a) => near(multiply(flip(a), a), identity(a.cols)),
  diagonal: (a) => every(a, (x, i, j) => i === j || x === 0),
  lower: (a) => every(a, (x, i, j) => i >= j || x === 0),
  upper: (a) => every(a, (x, i, j) => i <= j || x === 0),
  idempotent: (a) => largest(minus(multiply(a, a), a)) < 1e-10,
  invertible: (a) => regularity(a) > 1e-3,
  constant: () => true,
};

const TOGETHER: readonly (readonly Attribute[])[] = [
  ["positive", "unit"],
  ["symmetric", "positive"],
  ["symmetric", "invertible"],
  ["posdef", "diagonal"],
  ["orthogonal", "symmetric"],
  ["symmetric", "idempotent"],
  ["lower", "invertible"],
  ["posdef", "unit"],
];

describe("drawing values", () => {
  for (const attributes of [...Object.keys(MEANING).map((a) => [a as Attribute]), ...TOGETHER]) {
    it(`${attributes.join(" and ")} is met in every manner`, () => {
      fc.assert(
        fc.property(fc.integer(), fc.constantFrom(...MANNERS), fc.integer({ min: 2, max: 5 }), (seed, manner, n) => {
          const a = draw(n, n, attributes, manner, createRandom(seed));
          for (const attribute of attributes) expect(MEANING[attribute](a), `${attribute}: ${[...a.data]}`).toBe(true);
        }),
      );
    });
  }

  it("a tall orthogonal matrix has orthonormal columns", () => {
    expect(MEANING.orthogonal(draw(5, 3, ["orthogonal"], "general", createRandom(3)))).toBe(true);
  });

  it("entries keep away from zero and general ones have both signs", () => {
    const a = draw(40, 40, [], "general", createRandom(1));
    expect(every(a, (x) => Math.abs(x) >= 0.3)).toBe(true);
    expect(a.data.some((x) => x < 0) && a.data.some((x) => x > 0)).toBe(true);
    expect(near(a, flip(a))).toBe(false);
  });
});

describe("random numbers", () => {
  it("are the same for a seed, others for another, and uniform", () => {
    const [a, b, c] = [createRandom(1), createRandom(1), createRandom(2)];
    const drawn = Array.from({ length: 20_000 }, () => a.next());
    expect(drawn.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => b.next()));
    expect(drawn[0]).not.toBe(c.next());
    const bins = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (const x of drawn) bins[Math.floor(10 * x)] = (bins[Math.floor(10 * x)] as number) + 1;
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200);
    expect(new Set(Array.from({ length: 1000 }, (_, k) => deriveSeed(7, k))).size).toBe(1000);
  });
});

describe("sampling points", () => {
  const [x, w, A] = [vectorVar("x", "n"), vectorVar("w", "n"), matrixVar("A", "m", "n")];

  it("free sizes are pairwise different and change from point to point", () => {
    const points = take({ defined: [mul(A, x), matrixVar("B", "p", "q")] });
    for (const { sizes } of points) {
      expect([...sizes.keys()].sort()).toEqual(["m", "n", "p", "q"]);
      expect(new Set(sizes.values()).size).toBe(4);
      expect(Math.min(...sizes.values())).toBeGreaterThan(1);
    }
    expect(new Set(points.map((p) => JSON.stringify([...p.sizes]))).size).toBe(3);
  });

  it("the same seed gives the same points", () => {
    const values = (seed: number): unknown =>
      take({ defined: [mul(A, x)], seed }).map((p) => [...p.values].map(([name, v]) => [name, ...v.data]));
    expect(values(4)).toEqual(values(4));
    expect(values(4)).not.toEqual(values(5));
  });

  const square = matrixVar("S", "n", "n");
  const domains: [string, Expr][] = [
    ["log of a vector", each("log", x)],
    ["log of −x", each("log", neg(x))],
    ["acosh", each("acosh", x)],
    ["atanh of a dot product", each("atanh", dot(w, x))],
    ["asin of a sum of squares", each("asin", dot(x, x))],
    ["log of log of log", each("log", each("log", each("log", apply("add", [scalarVar("s"), num(9)]))))],
    ["logdet", toNumber("logdet", square)],
    ["logm", toSame("logm", square)],
    ["sqrtm of a difference", toSame("sqrtm", add(square, matrixVar("T", "n", "n")))],
    ["log det of a Gram matrix that needs more rows than columns", toNumber("logdet", mul(transpose(A), A))],
    ["log det of a Gram matrix that needs more columns than rows", toNumber("logdet", mul(A, transpose(A)))],
    [
      "a fixed position",
      entry(x, [
        { kind: "position", at: dimOf(9) },
        { kind: "position", at: dimOf(1) },
      ]),
    ],
    ["a size difference", ones(dimOf("n"))],
  ];
  for (const [title, term] of domains) {
    it(`finds points in the domain of ${title}`, () => {
      for (const point of take({ defined: [term] })) expect(numeric.evaluate(term, point).data.every(Number.isFinite)).toBe(true);
    });
  }

  it("keeps away from kinks", () => {
    const term = sum(each("abs", add(x, neg(w))));
    for (const { values } of take({ defined: [term] }, 10)) {
      const gaps = (values.get("x") as Matrix).data.map((v, k) => Math.abs(v - ((values.get("w") as Matrix).data[k] as number)));
      expect(Math.min(...gaps)).toBeGreaterThan(0.001);
    }
  });

  it("kinks between constants and ties that always hold do not count", () => {
    take({ defined: [apply("cases", [x, apply("gt", [num(3), num(3)]), w])] });
    take({ defined: [each("max", x, x)] });
  });

  it("covers variables and sizes of terms that need not be defined", () => {
    const [point] = take({ defined: [x], covered: [each("log", vectorVar("z", "k"))], variables: [scalarVar("t")] }, 1) as [Point];
    expect([...point.values.keys()].sort()).toEqual(["t", "x", "z"]);
    expect(point.sizes.has("k")).toBe(true);
  });

  it("gives up with a reason", () => {
    expect(reasonFor(each("log", neg(dot(x, x))))).toMatch(/no point was found/);
    expect(reasonFor(each("frobnicate", x))).toMatch(/frobnicate has neither/);
    expect(reasonFor(sum(matrixVar("H", 4000, 4000)))).toMatch(/too large/);
    expect(reasonFor(mul(constant("planck"), x))).toMatch(/planck/);
  });

  it("attributes are met at every point", () => {
    const S = matrixVar("S", "n", "n", "posdef");
    for (const { values } of take({ defined: [hadamard(S, S)] }))
      expect(at(values.get("S") as Matrix, 0, 1)).toBe(at(values.get("S") as Matrix, 1, 0));
  });
});
