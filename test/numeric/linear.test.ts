// Elimination against mathjs, matrix functions against their defining equations.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosine, exponential, meanExponential, sine } from "../../src/numeric/exponential.ts";
import { adjugate, determinant, integerPower, inverse, logarithm, regularity, solve, squareRoot } from "../../src/numeric/linear.ts";
import { loadMathjs } from "../../src/numeric/mathjs.ts";
import { filled, fromRows, generate, identity, largest, type Matrix, multiply, plus, scale, transpose } from "../../src/numeric/matrix.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { pseudoInverse } from "../../src/numeric/singular.ts";
import { expectClose } from "./close.ts";

const mathjs = await loadMathjs();

const random = (n: number, seed: number, cols = n): Matrix => {
  const source = createRandom(seed);
  return generate(n, cols, () => source.between(-1, 1));
};
const cases = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer());

describe("linear algebra", () => {
  it("determinant and inverse agree with mathjs", () => {
    fc.assert(
      fc.property(cases, ([n, seed]) => {
        const a = random(n, seed);
        fc.pre(regularity(a) > 1e-3);
        expect(determinant(a)).toBeCloseTo(mathjs.det(a), 12);
        expectClose(inverse(a), mathjs.inv(a), 1e-10);
      }),
    );
  });

  it("the pseudoinverse meets the four conditions of Penrose (1955), of any shape and rank", () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.integer());
    fc.assert(
      fc.property(sizes, ([m, n, rank, seed]) => {
        const a = multiply(random(m, seed, rank), random(rank, seed + 1, n));
        const p = pseudoInverse(a);
        fc.pre(largest(p) < 1e3);
        const [ap, pa] = [multiply(a, p), multiply(p, a)];
        expectClose(multiply(ap, a), a, 1e-9);
        expectClose(multiply(pa, p), p, 1e-9);
        expectClose(transpose(ap), ap, 1e-9);
        expectClose(transpose(pa), pa, 1e-9);
      }),
    );
  });

  it("the exponential agrees with mathjs, at small and at large norms", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(0.01, 1, 8), ([n, seed], size) => {
        const a = scale(random(n, seed), size);
        expectClose(exponential(a), mathjs.expm(a), 1e-10);
      }),
      { numRuns: 30 },
    );
  });

  it("φ, cosine and sine are blocks of the exponential", () => {
    const block = (n: number, of: (i: number, j: number) => number): Matrix => mathjs.expm(generate(2 * n, 2 * n, of));
    fc.assert(
      fc.property(cases, fc.constantFrom(0.01, 1, 8), ([n, seed], size) => {
        const a = scale(random(n, seed), size);
        const at = (i: number, j: number): number => a.data[i + n * j] as number;
        const mean = block(n, (i, j) => (i >= n ? 0 : j < n ? at(i, j) : i === j - n ? 1 : 0));
        expectClose(
          meanExponential(a),
          generate(n, n, (i, j) => mean.data[i + 2 * n * (j + n)] as number),
          1e-9,
        );
        const turned = block(n, (i, j) => (i < n === j < n ? 0 : i < n ? -at(i, j - n) : at(i - n, j)));
        expectClose(
          cosine(a),
          generate(n, n, (i, j) => turned.data[i + 2 * n * j] as number),
          1e-9,
        );
        expectClose(
          sine(a),
          generate(n, n, (i, j) => turned.data[i + n + 2 * n * j] as number),
          1e-9,
        );
      }),
      { numRuns: 30 },
    );
  });

  it("solve gives the X of A X = B", () => {
    fc.assert(
      fc.property(cases, ([n, seed]) => {
        const a = random(n, seed);
        fc.pre(regularity(a) > 1e-3);
        const b = random(n, seed + 1, 2);
        expectClose(multiply(a, solve(a, b)), b, 1e-10);
      }),
    );
  });

  it("A adj(A) = det(A) I, also for a singular A", () => {
    for (const n of [2, 3, 4, 5])
      expectClose(multiply(random(n, 7), adjugate(random(n, 7))), scale(identity(n), determinant(random(n, 7))), 1e-12);
    const singular = fromRows([
      [1, 2, 3],
      [2, 4, 6],
      [1, 0, 1],
    ]);
    expectClose(
      adjugate(singular),
      [
        [4, -2, 0],
        [4, -2, 0],
        [-4, 2, 0],
      ],
      1e-12,
    );
  });

  it("a matrix that is singular to working accuracy has determinant 0 and no inverse", () => {
    const wide = random(2, 3, 4);
    const gram = multiply(
      generate(4, 2, (i, j) => wide.data[j + 2 * i] as number),
      wide,
    );
    expect(determinant(gram)).toBe(0);
    expect(inverse(gram).data.every(Number.isNaN)).toBe(true);
    expect(inverse(filled(3, 3, 0)).data.every(Number.isNaN)).toBe(true);
  });

  it("the square root squares back and the logarithm exponentiates back", () => {
    fc.assert(
      fc.property(cases, ([n, seed]) => {
        const a = plus(scale(random(n, seed), 0.8 / n), scale(identity(n), 1.5));
        expectClose(multiply(squareRoot(a), squareRoot(a)), a, 1e-13);
        expectClose(exponential(logarithm(a)), a, 1e-12);
      }),
    );
  });

  it("a matrix with negative eigenvalues has no principal root and no logarithm", () => {
    const a = fromRows([
      [-1, 0],
      [0, 2],
    ]);
    expect(squareRoot(a).data.some(Number.isNaN)).toBe(true);
    expect(logarithm(a).data.some(Number.isNaN)).toBe(true);
  });

  it("whole powers are repeated products, negative ones of the inverse", () => {
    const a = random(3, 11);
    expectClose(integerPower(a, 0), identity(3), 0);
    expectClose(integerPower(a, 5), multiply(a, multiply(multiply(a, a), multiply(a, a))), 1e-14);
    expectClose(multiply(integerPower(a, -2), multiply(a, a)), identity(3), 1e-12);
  });
});
