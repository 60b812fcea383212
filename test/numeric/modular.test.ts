// Arithmetic modulo a prime, and identities decided by it.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rational } from "../../src/base/rational.ts";
import { add, apply, entry, hadamard, indexSum, mul, neg, num, transpose, unknown } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import type { Expr, Index } from "../../src/expr/expr.ts";
import {
  determinant,
  fractionOf,
  inverse,
  isPositive,
  over,
  PRIME,
  power,
  product,
  reciprocal,
  residueOf,
  root,
  times,
} from "../../src/numeric/field.ts";
import { generate, identity, toRows } from "../../src/numeric/matrix.ts";
import { agreeModulo } from "../../src/numeric/modular.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { dot, each, matrixVar, power as raise, scalarVar, sum, toNumber, toSame, vectorVar } from "./terms.ts";

const residues = fc.integer({ min: 1, max: PRIME - 1 });

describe("the field", () => {
  it("its order and half of it less one are prime, and products are exact", () => {
    for (const p of [PRIME, (PRIME - 1) / 2]) {
      let divisor = 2;
      while (divisor * divisor <= p && p % divisor !== 0) divisor++;
      expect(divisor * divisor).toBeGreaterThan(p);
    }
    expect(PRIME ** 2).toBeLessThan(2 ** 52);
  });

  it("reciprocals and residues of fractions", () => {
    fc.assert(fc.property(residues, (a) => times(a, reciprocal(a)) === 1));
    expect(times(over(residueOf(-7n), 3), 3)).toBe(residueOf(-7n));
    expect(reciprocal(0)).toBeNaN();
  });

  it("exactly one of d and −d is positive, and products of positive ones are positive", () => {
    fc.assert(
      fc.property(residues, residues, (a, b) => {
        expect(isPositive(a)).not.toBe(isPositive(PRIME - a));
        expect(isPositive(times(a, b))).toBe(isPositive(a) === isPositive(b));
      }),
    );
  });

  it("roots square back and powers with fractions as exponents follow the laws of powers", () => {
    const fraction = fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(residues, fraction, fraction, (x, [n, d], [m, k]) => {
        const a = times(x, x);
        const [p, q] = [over(residueOf(BigInt(n)), d), over(residueOf(BigInt(m)), k)];
        expect(times(root(a), root(a))).toBe(a);
        expect(times(power(a, p), power(a, q))).toBe(power(a, (p + q) % PRIME));
        expect(power(power(a, p), q)).toBe(power(a, times(p, q)));
      }),
    );
    expect(root(PRIME - 1)).toBeNaN();
  });

  it("recognises small fractions and no others", () => {
    expect(fractionOf(over(3, 7))).toEqual({ n: 3, d: 7 });
    expect(fractionOf(over(residueOf(-22n), 9))).toEqual({ n: -22, d: 9 });
    expect(fractionOf(residueOf(-1n))).toEqual({ n: -1, d: 1 });
  });

  it("inverse and determinant are exact", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, n) => {
        const source = createRandom(seed);
        const draw = () => generate(n, n, () => source.index(PRIME));
        const [a, b] = [draw(), draw()];
        expect(toRows(product(a, inverse(a)))).toEqual(toRows(identity(n)));
        expect(determinant(product(a, b))).toBe(times(determinant(a), determinant(b)));
      }),
    );
  });
});

const elementwise = (name: string): boolean => ["exp", "log", "sin"].includes(name);
const agree = (a: Expr, b: Expr): boolean | undefined => agreeModulo(a, b, { elementwise });

const [s, t] = [scalarVar("s"), scalarVar("t", "positive")];
const [x, y] = [vectorVar("x", "n"), vectorVar("y", "n")];
const [A, B, S] = [matrixVar("A", "n", "n"), matrixVar("B", "n", "n"), matrixVar("S", "n", "n", "symmetric")];
const Q = matrixVar("Q", "n", "n", "orthogonal");
const half = num(rational(1, 2));
const tr = (a: Expr): Expr => apply("tr", [a]);
const i: Index = { kind: "bound", name: "i", range: dimOf("n") };
const first: Index = { kind: "position", at: dimOf(1) };

describe("identities", () => {
  const equal: [string, Expr, Expr][] = [
    ["tr(AB) = tr(BA)", tr(mul(A, B)), tr(mul(B, A))],
    ["(AB)⁻¹ = B⁻¹A⁻¹", toSame("inv", mul(A, B)), mul(toSame("inv", B), toSame("inv", A))],
    ["A⁻² = (A²)⁻¹", raise(A, num(-2)), toSame("inv", mul(A, A))],
    ["det(AB) = det(A) det(B)", toNumber("det", mul(A, B)), mul(toNumber("det", A), toNumber("det", B))],
    ["adj(A) = det(A) A⁻¹", toSame("adj", A), mul(toNumber("det", A), toSame("inv", A))],
    ["Sᵀ = S", transpose(S), S],
    ["QᵀQ = I", mul(transpose(Q), Q), apply("eye", [], [dimOf("n")])],
    ["Σ xᵢyᵢ = x·y", indexSum("i", dimOf("n"), mul(entry(x, [i, first]), entry(y, [i, first]))), dot(x, y)],
    ["norm2(x)² = x·x", raise(toNumber("norm2", x), num(2)), dot(x, x)],
    ["√t √t = t", mul(raise(t, half), raise(t, half)), t],
    ["relu(s) = s step(s)", each("relu", s), mul(s, each("step", s))],
    ["|s| = s sign(s)", each("abs", s), mul(s, each("sign", s))],
    ["exp(x)ᵢ = exp(xᵢ)", sum(each("exp", x)), indexSum("i", dimOf("n"), each("exp", entry(x, [i, first])))],
    ["f(A) depends on A alone", toSame("logm", mul(A, mul(B, toSame("inv", B)))), toSame("logm", A)],
    [
      "an unknown function of equal arguments",
      unknown("f", [add(x, y)], x.shape, { elementwise: true }),
      unknown("f", [add(y, x)], x.shape, { elementwise: true }),
    ],
  ];
  for (const [title, a, b] of equal) it(`holds: ${title}`, () => expect(agree(a, b)).toBe(true));

  const different: [string, Expr, Expr][] = [
    ["tr(AB) and tr(ABᵀ)", tr(mul(A, B)), tr(mul(A, transpose(B)))],
    ["AB and BA", mul(A, B), mul(B, A)],
    ["A and Aᵀ", A, transpose(A)],
    ["x + y and x − y", add(x, y), add(x, neg(y))],
    ["s and |s|", s, each("abs", s)],
    ["sum(x) and x·x", sum(x), dot(x, x)],
    ["s and s + 10⁻⁹ s", s, add(s, mul(num(rational(1, 1_000_000_000)), s))],
    ["exp(s) and sin(s)", each("exp", s), each("sin", s)],
    ["x and xᵀ", x, transpose(x)],
    ["f(x) and f(y)", unknown("f", [x], x.shape), unknown("f", [y], x.shape)],
  ];
  for (const [title, a, b] of different) it(`does not hold: ${title}`, () => expect(agree(a, b)).toBe(false));

  it("without a point in the domain nothing is said", () => {
    expect(agree(toSame("inv", apply("zeros", [], [dimOf("n"), dimOf("n")])), A)).toBeUndefined();
  });

  it("sizes grow until positions fit", () => {
    const ninth: Index = { kind: "position", at: dimOf(9) };
    expect(agree(entry(x, [ninth, first]), entry(transpose(x), [first, ninth]))).toBe(true);
  });

  it("a definition goes before an opaque value", () => {
    const u = scalarVar("u");
    const definitions = (name: string) =>
      name === "softplus" ? { parameters: [u], body: each("log", add(num(1), each("exp", u))) } : undefined;
    expect(agreeModulo(each("softplus", s), each("log", add(num(1), each("exp", s))), { elementwise, definitions })).toBe(true);
  });

  it("hadamard products commute, at any depth", () => {
    let [a, b]: [Expr, Expr] = [x, x];
    for (let k = 0; k < 2000; k++) [a, b] = [hadamard(a, y), hadamard(y, b)];
    expect(agree(a, b)).toBe(true);
  });
});
