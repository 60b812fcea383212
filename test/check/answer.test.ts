// The checker itself: it accepts what is right, refutes every kind of small mistake with
// a witness, and says so where it could not check.

import { describe, expect, it } from "vitest";
import { type AnswerClaim, checkAnswer, checkDifferential, checkEqual } from "../../src/check/answer.ts";
import type { Verdict } from "../../src/check/compare.ts";
import { add, apply, dimNumber, eye, hadamard, mul, neg, num, ones, transpose, unknown } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import type { Expr, Variable } from "../../src/expr/expr.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { dot, each, matrixVar, power, scalarVar, sum, toNumber, toSame, vectorVar } from "../numeric/terms.ts";

const numeric = await loadNumeric();
const [w, x, s] = [vectorVar("w", "n"), vectorVar("x", "n"), scalarVar("s")];
const [A, S, B] = [matrixVar("A", "m", "n"), matrixVar("S", "n", "n"), matrixVar("B", "n", "n", "symmetric")];
const two = num(2);

const check = (expr: Expr, wrt: Variable, answer: Expr, more: Partial<AnswerClaim> = {}): Verdict =>
  checkAnswer(numeric, { expr, wrt, answer, layout: "numerator", ...more });

const RIGHT: [string, Verdict][] = [
  ["∂ sum(w ⊙ x)/∂w = xᵀ", check(sum(hadamard(w, x)), w, transpose(x))],
  ["∂ w·x/∂w = x in the variable's shape", check(dot(w, x), w, x, { layout: "mixed" })],
  ["∂ A x/∂x = A", check(mul(A, x), x, A)],
  ["∂ A x/∂x = Aᵀ in denominator layout", check(mul(A, x), x, transpose(A), { layout: "denominator" })],
  ["∂ logdet(S)/∂S = S⁻¹ in numerator layout", check(toNumber("logdet", S), S, toSame("inv", S))],
  ["∂ relu(x)/∂x = diag(x > 0)", check(each("relu", x), x, apply("diag", [apply("gt", [x, apply("zeros", [], [dimOf("n"), dimOf(1)])])]))],
  ["a zero derivative", check(dot(w, w), x, transpose(apply("zeros", [], [dimOf("n"), dimOf(1)])))],
  ["∂² w·Sw/∂w² = S + Sᵀ", check(dot(w, mul(S, w)), w, add(S, transpose(S)), { order: 2 })],
  ["∂ S/∂S = I in vec form", check(S, S, apply("eye", [], [apply("vec", [S]).shape.rows]), { layout: "vec" })],
  [
    "∂ n sum(x)/∂x, a size as a number",
    check(mul(dimNumber(dimOf("n")), sum(x)), x, mul(dimNumber(dimOf("n")), transpose(ones(dimOf("n"))))),
  ],
  [
    "∂ f(x)/∂x for an unknown f",
    check(
      unknown("f", [x], x.shape, { elementwise: true }),
      x,
      apply("diag", [unknown("f", [x], x.shape, { elementwise: true, derivatives: [0] })]),
    ),
  ],
  [
    "∂ tr(B²)/∂B by entries of a symmetric B",
    check(apply("tr", [mul(B, B)]), B, add(mul(num(4), B), mul(num(-2), apply("diag", [apply("diag", [B])]))), { symmetry: "entries" }),
  ],
];

const WRONG: [string, Verdict][] = [
  ["a factor", check(sum(hadamard(w, x)), w, mul(two, transpose(x)))],
  ["a sign", check(dot(x, x), x, neg(mul(two, transpose(x))))],
  ["a missing transpose of a square matrix", check(dot(w, mul(S, x)), w, mul(transpose(x), S))],
  ["a dropped diag", check(each("exp", x), x, each("exp", x))],
  ["the other layout", check(mul(A, x), x, transpose(A))],
  ["x for w", check(dot(w, x), w, transpose(w))],
  ["a dropped term", check(dot(w, mul(S, w)), w, mul(two, mul(transpose(w), S)))],
  ["a silent zero", check(each("exp", s), s, num(0))],
  ["a tiny relative difference", check(each("exp", s), s, mul(add(num(1), power(num(10), num(-6))), each("exp", s)))],
  ["an answer with no value", check(each("exp", s), s, each("log", neg(each("exp", s))))],
  ["half a Hessian", check(dot(w, mul(S, w)), w, mul(two, S), { order: 2 })],
  ["the identity where I − something is due", check(toSame("softmax", x), x, eye(dimOf("n")))],
  ["the free derivative by entries of a symmetric matrix", check(apply("tr", [mul(B, B)]), B, mul(two, B), { symmetry: "entries" })],
];

describe("a right answer", () => {
  for (const [title, verdict] of RIGHT) {
    it(`is confirmed at three points: ${title}`, () => {
      expect(verdict).toMatchObject({ ok: true, points: 3, undefinedAt: 0 });
      expect(verdict.worst).toBeLessThan(1e-8);
    });
  }
});

describe("a wrong answer", () => {
  for (const [title, verdict] of WRONG) {
    it(`is refuted with a reason: ${title}`, () => {
      expect(verdict.ok).toBe(false);
      expect(verdict.reason).toBeTruthy();
    });
  }

  it("comes with a witness that can be computed again", () => {
    const { witness } = check(sum(hadamard(w, x)), w, mul(two, transpose(x)));
    expect(witness).toBeDefined();
    if (witness === undefined) return;
    const again = numeric.jacobian(sum(hadamard(w, x)), "w", witness.point).matrix;
    expect(again.data[witness.col - 1]).toBeCloseTo(witness.expected, 10);
    expect(witness.claimed).toBeCloseTo(2 * witness.expected, 10);
  });

  it("of another shape is told both shapes", () => {
    expect(check(dot(w, x), w, x).reason).toMatch(/the answer is 3×1 where 1×3 is expected, at sizes n = 3/);
  });
});

describe("a claim that cannot be checked", () => {
  it("is neither right nor wrong, and has a reason", () => {
    expect(check(each("frobnicate", x), x, x)).toMatchObject({
      ok: undefined,
      points: 0,
      reason: expect.stringMatching(/not checked: .*frobnicate/),
    });
    expect(check(x, x, each("frobnicate", x))).toMatchObject({ ok: undefined, reason: expect.stringMatching(/frobnicate/) });
    expect(check(each("log", neg(each("exp", s))), s, s)).toMatchObject({ ok: undefined, reason: expect.stringMatching(/no point/) });
    const huge = vectorVar("h", 100_000);
    expect(check(dot(huge, huge), huge, mul(two, transpose(huge)))).toMatchObject({
      ok: undefined,
      reason: expect.stringMatching(/too large/),
    });
  });
});

describe("where rounding errors are large", () => {
  const saturated = (factor: number): Expr => each("atanh", each("tanh", mul(num(factor), s)));

  it("a right answer is not refuted", () => {
    for (const factor of [3, 6, 9, 15, 40]) expect([factor, check(saturated(factor), s, num(factor)).ok]).not.toEqual([factor, false]);
  });

  it("an answer without a value decides nothing where the term owes its own to them", () => {
    const rounded = each("epow", add(num(1), neg(each("erf", add(num(20), each("tanh", s))))), apply("div", [num(1), num(2)]));
    expect(check(rounded, s, each("log", num(-1)))).toMatchObject({ ok: undefined, reason: expect.stringMatching(/rounding errors/) });
  });

  it("a wrong answer is refuted as long as the term has digits", () => {
    for (const factor of [1, 3, 6])
      expect(check(saturated(factor), s, num(2 * factor))).toMatchObject({ ok: false, reason: "the values differ" });
  });
});

describe("where a term has jumps or an infinite slope", () => {
  it("a step over many jumps does not refute what is 0 between them", () => {
    for (const of of ["floor", "ceil", "round"])
      for (let seed = 1; seed <= 10; seed++)
        expect(
          checkAnswer(numeric, { expr: each(of, each("exp", mul(num(9), s))), wrt: s, layout: "numerator", answer: num(0) }, { seed }).ok,
        ).not.toBe(false);
  });

  it("nor where quotients are the only opinion", () => {
    const steep = mul(num(2 ** 40), toSame("pinv", B));
    for (let seed = 1; seed <= 10; seed++)
      expect(
        checkAnswer(numeric, { expr: apply("sum", [each("round", steep)]), wrt: B, layout: "numerator", answer: num(0) }, { seed }).ok,
      ).not.toBe(false);
  });

  it("0 is confirmed where the stairs are wide", () => {
    expect(check(each("floor", s), s, num(0))).toMatchObject({ ok: true });
  });

  it("a claim at such a place by construction decides nothing", () => {
    const zero = mul(s, apply("eq", [s, num(0)]));
    for (const of of ["sqrt", "cbrt", "sinc"]) {
      const at = each(of, zero);
      expect(check(at, s, apply("div", [s, zero]))).toMatchObject({ ok: undefined, reason: expect.stringMatching(/away from kinks/) });
    }
    for (const of of ["asin", "acos", "acosh"])
      expect(check(each(of, add(num(1), zero)), s, apply("div", [s, zero]))).toMatchObject({ ok: undefined });
    // Zero over a negative number has a sign, on which this side of the cut hangs.
    const zeros = apply("zeros", [], [dimOf("n"), dimOf(1)]);
    const onCut = each("atan2", apply("hdiv", [zeros, x]), x);
    expect(check(hadamard(w, onCut), w, apply("diag", [each("atan2", zeros, x)]))).toMatchObject({ ok: true });
  });
});

describe("an answer that has a value at few points only", () => {
  it("is compared at those", () => {
    const half = toSame("sqrtm", B);
    expect(check(mul(B, B), B, apply("kron", [eye(dimOf("n")), mul(half, half)]), { layout: "vec" })).toMatchObject({
      ok: false,
      reason: "the values differ",
    });
    expect(checkEqual(numeric, B, mul(half, half))).toMatchObject({ ok: true, points: 3 });
  });
});

describe("equal terms", () => {
  it("are confirmed, different ones refuted", () => {
    expect(checkEqual(numeric, toSame("inv", mul(S, B)), mul(toSame("inv", B), toSame("inv", S)))).toMatchObject({ ok: true, points: 3 });
    expect(checkEqual(numeric, toSame("inv", mul(S, B)), mul(toSame("inv", S), toSame("inv", B)))).toMatchObject({ ok: false });
    expect(checkEqual(numeric, transpose(S), S)).toMatchObject({ ok: false });
    expect(checkEqual(numeric, transpose(B), B)).toMatchObject({ ok: true });
  });

  it("points where only the first has a value are counted", () => {
    const wider = each("log", mul(s, s));
    const narrower = mul(two, each("log", s));
    expect(checkEqual(numeric, narrower, wider)).toMatchObject({ ok: true, undefinedAt: 0 });
    expect(checkEqual(numeric, wider, narrower).undefinedAt).toBeGreaterThan(0);
  });
});

describe("differentials", () => {
  const [dS, dw, dx] = [matrixVar("dS", "n", "n"), vectorVar("dw", "n"), vectorVar("dx", "n")];
  it("are compared along random directions of all variables", () => {
    const product = {
      expr: hadamard(w, x),
      directions: new Map([
        [w, dw],
        [x, dx],
      ]),
    };
    expect(checkDifferential(numeric, { ...product, differential: add(hadamard(dw, x), hadamard(w, dx)) })).toMatchObject({
      ok: true,
      points: 3,
    });
    expect(checkDifferential(numeric, { ...product, differential: hadamard(dw, x) })).toMatchObject({ ok: false });
    const inverse = toSame("inv", S);
    const differential = neg(mul(inverse, mul(dS, inverse)));
    expect(checkDifferential(numeric, { expr: inverse, differential, directions: new Map([[S, dS]]) })).toMatchObject({ ok: true });
    expect(
      checkDifferential(numeric, { expr: inverse, differential: mul(inverse, mul(dS, inverse)), directions: new Map([[S, dS]]) }),
    ).toMatchObject({ ok: false });
  });
});

describe("points where the derivative is 0", () => {
  it("do not confirm a wrong sign: more are drawn until one tells", () => {
    const inner = add(s, num(-3));
    const active = apply("gt", [inner, num(0)]);
    for (let seed = 1; seed <= 20; seed++) {
      const verdict = (answer: Expr): Verdict =>
        checkAnswer(numeric, { expr: each("relu", inner), wrt: s, layout: "numerator", answer }, { seed });
      expect(verdict(active)).toMatchObject({ ok: true });
      expect(verdict(neg(active)).ok).toBe(false);
    }
  });

  it("are named in the verdict where there are no others", () => {
    expect(check(each("sign", s), s, num(0))).toMatchObject({ ok: true, points: 24, reason: "every derivative compared is 0" });
    expect(check(dot(w, w), x, transpose(apply("zeros", [], [dimOf("n"), dimOf(1)]))).reason).toBeUndefined();
  });
});
