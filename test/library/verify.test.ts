// Checking and evaluating from the library: claims as text, data as plain numbers.

import { describe, expect, it } from "vitest";
import { check, differentiate, evaluate, parse } from "../../src/index.ts";
import { ownAnswer } from "../calculus/own.ts";

const vars = { w: ["n"], x: ["n"], A: ["m", "n"], S: ["n", "n"] } as const;

describe("check", () => {
  it("accepts an answer in any form that is right", async () => {
    for (const answer of ["x'", "x.T", "(ones(n) .* x)'", "xᵀ"])
      expect(await check({ expr: "sum(w .* x)", wrt: "w", vars, answer })).toMatchObject({ ok: true, verdict: "agrees", points: 3 });
  });

  it("takes a term as well as text", async () => {
    const answer = differentiate({ expr: "x'*S*x", wrt: "x", vars });
    if (!answer.ok) throw new Error("refused");
    expect(await check({ expr: "x'*S*x", wrt: "x", vars, answer: answer.expr })).toMatchObject({ verdict: "agrees" });
  });

  it("refutes a wrong one with data to compute it again", async () => {
    const verdict = await check({ expr: "x'*S*x", wrt: "x", vars, answer: "2*x'*S" });
    if (!verdict.ok || verdict.witness === undefined) throw new Error("not refuted");
    const { witness } = verdict;
    const truth = await evaluate({ expr: "x'*S*x", wrt: "x", vars, at: witness.at });
    const claimed = await evaluate({ expr: "2*x'*S", vars, at: witness.at });
    if (!truth.ok || !claimed.ok) throw new Error("refused");
    const entry = (value: unknown): number => [value].flat(3)[witness.col - 1] as number;
    expect(entry(truth.value)).toBeCloseTo(witness.expected, 6);
    expect(entry(claimed.value)).toBeCloseTo(witness.claimed, 10);
  });

  it("knows layouts, orders and entries", async () => {
    expect(await check({ expr: "A*x", wrt: "x", vars, layout: "denominator", answer: "A'" })).toMatchObject({ verdict: "agrees" });
    expect(await check({ expr: "A*x", wrt: "x", vars, answer: "A'" })).toMatchObject({ verdict: "differs" });
    expect(await check({ expr: "x'*S*x", wrt: "x", vars, order: 2, answer: "S + S'" })).toMatchObject({ verdict: "agrees" });
    expect(await check({ expr: "x'*x", wrt: "x[2]", vars: { x: [3] }, answer: "2*x[2]" })).toMatchObject({ verdict: "agrees" });
    expect(await check({ expr: "x'*x", wrt: "x[2]", vars: { x: [3] }, answer: "2*x[1]" })).toMatchObject({ verdict: "differs" });
  });

  it("reads sizes that stand in the expression alone", async () => {
    for (const [expr, shown] of [
      ["ones(k)*s", "ones(k)"],
      ["s*eye(k)", "eye(k)"],
      ["k*s", "k"],
    ] as const)
      expect(await check({ expr, wrt: "s", vars: { s: [] }, answer: shown })).toMatchObject({ ok: true, verdict: "agrees" });
  });

  it("compares nothing at singular matrices where a derivative is stated for invertible ones", async () => {
    const singular = await ownAnswer({ expr: "tr(adj(s*ones(3,3)))", wrt: "s", vars: { s: [] } });
    expect(singular.checked).toMatchObject({ verdict: "not checked" });
    const power = await ownAnswer({ expr: "(x*ones(n)')^n*w", wrt: "x", vars });
    expect(power.checked).toMatchObject({ verdict: "not checked" });
    const regular = await ownAnswer({ expr: "tr(adj(s*A))", wrt: "s", vars: { s: [], A: ["n", "n"] } });
    expect(regular.checked).toMatchObject({ verdict: "agrees" });
  });

  it("confirms slopes where arguments of a maximum are equal by construction", async () => {
    for (const of of ["max", "min"]) {
      const { checked } = await ownAnswer({ expr: `sum(${of}(x, x[2]))`, wrt: "x", vars });
      expect(checked).toMatchObject({ verdict: "agrees" });
    }
  });

  it("confirms an answer that compares an expression with its own maximum, however each is computed", async () => {
    for (const expr of ["max((A*x*(A*x)')[:,2])", "max((A*x*x')[:,2])"]) {
      const { checked } = await ownAnswer({ expr, wrt: "x", vars });
      expect(checked).toMatchObject({ verdict: "agrees" });
    }
  });

  it("takes what large parts leave of 0 for no difference", async () => {
    const part = "(C[1,2] <= s)*s + (C[1,2] > s)*(x[2]*s >= n^2*tr(B))*tr(B) + (C[1,2] > s)*(x[2]*s < n^2*tr(B))";
    const expr = `K(m,n)*vec(((1 <= t/n)*(${part})*(n + 1 + sum(C.^2)))^2*ones(m,n))`;
    const { checked } = await ownAnswer({
      expr,
      wrt: "B",
      declarations: "s, t : scalar; x : vector(n); B : matrix(n, n); C : matrix(m, n)",
    });
    expect(checked).toMatchObject({ verdict: "agrees" });
  });

  it("takes digits that 1 − erf loses for no difference, however few the words are shortened by", async () => {
    const question = { expr: "kron([0; 1], x)/(s*erfc(u'*u))", wrt: "s", declarations: "s : scalar; x : vector(n); u : vector(m)" };
    // At the points of this seed the digits of erf that shorter words take away are 0.
    const answer = "kron([0; 1], x)/(s^2*(erf(u'*u) - 1))";
    expect(await check({ ...question, answer, seed: 147 })).toMatchObject({ verdict: "agrees" });
  });

  it("refutes no answer that has no value where the expression owes its own to rounding", async () => {
    for (const expr of ["digamma(inv(S)*S)*w", "s*(S ./ pinv(triu(S)))"]) {
      const { checked } = await ownAnswer({ expr, wrt: expr.includes("w") ? "w" : "s", vars: { w: ["n"], S: ["n", "n"], s: [] } });
      expect(checked.verdict).not.toBe("differs");
    }
    expect((await ownAnswer({ expr: "pinv(softsign(zeros(n,n)))*w", wrt: "w", vars })).checked).toMatchObject({ verdict: "agrees" });
  });

  it("says that nothing can be compared at a jump that is there by symmetry", async () => {
    const question = { expr: "(S != S')*S", wrt: "S", declarations: "S : symmetric(n)", answer: "zeros(n*n, n*n)" };
    expect(await check(question)).toMatchObject({ verdict: "not checked" });
  });

  it("the same seed gives the same points", async () => {
    const claim = { expr: "sin(x)", wrt: "x", vars: { x: [] }, answer: "sin(x)", seed: 7 } as const;
    expect(await check(claim)).toEqual(await check(claim));
    expect(await check(claim)).not.toEqual(await check({ ...claim, seed: 8 }));
  });

  it("refuses an answer that is no expression", async () => {
    expect(await check({ expr: "x", wrt: "x", answer: "1 +" })).toMatchObject({ ok: false, source: "1 +" });
  });
});

describe("check where digits are lost", () => {
  it("does not refute a right answer by a derivative that has few of them", async () => {
    const expr = "atanh(tanh(sum([t, ones(n)'; ones(m,n) ./ A*(y - x), C])))";
    const declarations = "t : scalar; x, y : vector(n); A, C : matrix(m, n)";
    for (let seed = 1; seed <= 8; seed++) {
      const verdict = await check({ expr, wrt: "y", declarations, answer: "ones(m)'*(1 ./ A)", seed });
      expect([seed, verdict.ok && verdict.verdict]).not.toEqual([seed, "differs"]);
    }
  });
});

describe("evaluate", () => {
  it("takes numbers, lists and lists of rows", async () => {
    const at = {
      A: [
        [1, 2],
        [3, 4],
      ],
      x: [5, 6],
      b: 0.5,
    };
    expect(await evaluate({ expr: "A*x + b", at })).toMatchObject({ ok: true, value: [17.5, 39.5], rows: 2, cols: 1 });
    expect(await evaluate({ expr: "A", at })).toMatchObject({
      value: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(await evaluate({ expr: "x'*A*x", wrt: "x", at })).toMatchObject({
      value: [[10 + 30 - 10 + 10, 0].map((_, i) => [5 * 2 + 6 * 5, 5 * 5 + 6 * 8][i] as number)],
    });
  });

  it("takes a term", async () => {
    const parsed = parse("x'*x");
    if (!parsed.ok) throw new Error("refused");
    expect(await evaluate({ expr: parsed.expr, at: { x: [3, 4] } })).toMatchObject({ value: 25 });
  });

  it("puts definitions in", async () => {
    expect(await evaluate({ expr: "z^2", let: [["z", "a + 1"]], at: { a: 2 } })).toMatchObject({ value: 9 });
  });
});
