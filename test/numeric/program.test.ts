// Evaluation of whole terms: index sums, definitions, sharing, size, and what is refused.

import { describe, expect, it } from "vitest";
import { add, apply, constant, dimNumber, entry, hadamard, indexSum, mul, neg, num, variable } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import type { Expr, Index } from "../../src/expr/expr.ts";
import { scalarShape, shapeOf } from "../../src/expr/shape.ts";
import { realArithmetic } from "../../src/numeric/arithmetic.ts";
import { type Definitions, NumericError } from "../../src/numeric/context.ts";
import { fromRows, type Matrix, toRows } from "../../src/numeric/matrix.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import type { Point } from "../../src/numeric/point.ts";
import { compile, programOf } from "../../src/numeric/program.ts";
import { each, matrixVar, scalarVar, sum, toNumber, toSame, vectorVar } from "./terms.ts";

const numeric = await loadNumeric();
const point = (sizes: Record<string, number>, values: Record<string, number[][]>): Point => ({
  sizes: new Map(Object.entries(sizes)),
  values: new Map(Object.entries(values).map(([name, rows]): [string, Matrix] => [name, fromRows(rows)])),
});
const at = point(
  { m: 2, n: 3 },
  {
    X: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    w: [[1], [-1], [2]],
    y: [[10], [20]],
    s: [[3]],
  },
);
const rows = (term: Expr, definitions?: Definitions): number[][] => toRows(numeric.evaluate(term, at, definitions));

const X = matrixVar("X", "m", "n");
const w = vectorVar("w", "n");
const y = vectorVar("y", "m");
const s = scalarVar("s");
const all: Index = { kind: "all" };
const place = (k: number | string): Index => ({ kind: "position", at: dimOf(k) });
const bound = (name: string, range: string): Index => ({ kind: "bound", name, range: dimOf(range) });
const overRows = (body: (i: Index) => Expr, name = "i"): Expr => indexSum(name, dimOf("m"), body(bound(name, "m")));
const overCols = (body: (j: Index) => Expr, name = "j"): Expr => indexSum(name, dimOf("n"), body(bound(name, "n")));
const one = place(1);

describe("evaluate", () => {
  it("numbers, constants and sizes have their values", () => {
    expect(rows(num(7))).toEqual([[7]]);
    expect(rows(constant("pi"))).toEqual([[Math.PI]]);
    expect(rows(dimNumber(dimOf("n")))).toEqual([[3]]);
  });

  it("entries are 1-based, a slice keeps its orientation", () => {
    expect(rows(entry(X, [place(2), place("n")]))).toEqual([[6]]);
    expect(rows(entry(X, [place(2), all]))).toEqual([[4, 5, 6]]);
    expect(rows(entry(X, [all, place(2)]))).toEqual([[2], [5]]);
    expect(rows(entry(X, [all, all]))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it("an index sum adds its body over the range, matrices too", () => {
    expect(rows(overRows((i) => hadamard(entry(y, [i, one]), entry(X, [i, place(3)]))))).toEqual([[150]]);
    expect(rows(overRows((i) => entry(X, [i, all])))).toEqual([[5, 7, 9]]);
    expect(rows(overRows(() => num(1)))).toEqual([[2]]);
  });

  it("nested index sums see the outer index", () => {
    const double = overRows((i) => overCols((j) => hadamard(entry(X, [i, j]), hadamard(entry(y, [i, one]), entry(w, [j, one])))));
    expect(rows(double)).toEqual([[10 * (1 - 2 + 6) + 20 * (4 - 5 + 12)]]);
  });

  it("sums over products are regrouped: what an index does not enter stands outside, below a fraction line too", () => {
    const [i, j, k] = [bound("i", "m"), bound("j", "n"), bound("k", "n")];
    const quotient = apply("div", [mul(entry(X, [i, j]), entry(w, [k, one])), mul(entry(y, [i, one]), entry(w, [j, one]))]);
    const sums = overRows(() => overCols(() => overCols(() => mul(quotient, neg(s)), "k")));
    expect(rows(sums)[0]?.[0]).toBeCloseTo(-3 * 2 * ((1 - 2 + 1.5) / 10 + (4 - 5 + 3) / 20), 12);
    const chosen = apply("gt", [entry(w, [j, one]), num(0)]);
    const kept = overRows(() => overCols(() => mul(mul(chosen, each("log", entry(w, [j, one]))), entry(y, [i, one]))));
    expect(rows(kept)[0]?.[0]).toBeCloseTo(30 * Math.log(2), 12);
  });

  it("an inner sum over an index of the same name leaves the outer index alone", () => {
    const inner = overCols((i) => entry(w, [i, one]), "i");
    expect(rows(overRows((i) => hadamard(entry(y, [i, one]), inner)))).toEqual([[60]]);
    // x_i, then a sum that reuses i, then x_i again
    const between = overRows((i) =>
      overCols((j) =>
        add(
          entry(y, [i, one]),
          hadamard(
            entry(w, [j, one]),
            overRows((k) => entry(y, [k, one]), "i"),
          ),
          entry(y, [i, one]),
        ),
      ),
    );
    expect(rows(between)).toEqual([[2 * 3 * 30 + 2 * 30 * 2]]);
  });

  it("a function without kernel is evaluated through its definition, entry by entry if it takes numbers", () => {
    const t = variable("t", scalarShape());
    const v = variable("v", shapeOf("k"));
    const definitions: Definitions = (name) =>
      name === "cube"
        ? { parameters: [t], body: hadamard(t, hadamard(t, t)) }
        : name === "same"
          ? { parameters: [v], body: v }
          : name === "spread"
            ? { parameters: [v], body: apply("div", [sum(v), dimNumber(dimOf("k"))]) }
            : undefined;
    expect(rows(each("cube", w), definitions)).toEqual([[1], [-1], [8]]);
    expect(rows(each("cube", s), definitions)).toEqual([[27]]);
    expect(rows(toNumber("spread", w), definitions)[0]?.[0]).toBeCloseTo(2 / 3, 15);
    expect(rows(hadamard(toSame("same", y), toSame("same", mul(X, w))), definitions)).toEqual([[50], [220]]);
  });

  it("a kernel goes before a definition", () => {
    const t = variable("t", scalarShape());
    expect(rows(each("exp", num(0)), () => ({ parameters: [t], body: num(5) }))).toEqual([[1]]);
  });

  it("a function with neither is named", () => {
    expect(() => rows(each("frobnicate", w))).toThrow(NumericError);
    expect(() => rows(each("frobnicate", w))).toThrow(/frobnicate/);
  });

  it("a definition that leads back to itself is refused", () => {
    const t = variable("t", scalarShape());
    expect(() => rows(each("loop", s), () => ({ parameters: [t], body: each("loop", t) }))).toThrow(/leads back to itself/);
  });

  it("missing values and sizes, wrong sizes and positions outside are named", () => {
    expect(() => rows(vectorVar("z", "n"))).toThrow(/z has no value/);
    expect(() => rows(vectorVar("z", "q"))).toThrow(/q/);
    expect(() => rows(vectorVar("w", "m"))).toThrow(/w is 2×1/);
    expect(() => rows(entry(w, [place(4), one]))).toThrow(/position 4 of 3/);
    expect(() => rows(entry(w, [bound("i", "n"), one]))).toThrow(/i is used outside its sum/);
    expect(() => rows(apply("unit", [], [dimOf("n"), dimOf(4)]))).toThrow(/position 4 of 3/);
  });

  it("depth costs no stack: 20,000 nested functions and a sum of 10,000 terms", () => {
    let deep: Expr = s;
    for (let k = 0; k < 20_000; k++) deep = each("tanh", deep);
    expect(rows(deep)[0]?.[0]).toBeGreaterThan(0);
    expect(rows(add(...Array.from({ length: 10_000 }, (_, k) => mul(num(k % 7), s))))).toEqual([
      [3 * Array.from({ length: 10_000 }, (_, k) => k % 7).reduce((a, b) => a + b)],
    ]);
  });

  it("a shared part is evaluated once: 2^200 paths take 200 steps", () => {
    let shared: Expr = s;
    for (let k = 0; k < 200; k++) shared = apply("div", [add(shared, shared), num(2)]);
    expect(rows(shared)).toEqual([[3]]);
  });

  it("the value at a point is the caller's own: a later evaluation does not change it", () => {
    const first = numeric.evaluate(w, at);
    numeric.jacobian(sum(w), "w", at);
    expect(toRows(first)).toEqual([[1], [-1], [2]]);
    expect(at.values.get("w")?.data).toEqual(Float64Array.from([1, -1, 2]));
  });
});

describe("tabulate", () => {
  const open = [
    { name: "i", range: dimOf("m") },
    { name: "j", range: dimOf("n") },
  ] as const;

  it("gives a number at every position of its open indices, the first running fastest", () => {
    const body = add(mul(s, entry(X, [bound("i", "m"), bound("j", "n")])), entry(y, [bound("i", "m"), one]));
    expect([...numeric.tabulate(body, open, at)]).toEqual([13, 32, 16, 35, 19, 38]);
  });

  it("goes through sums inside and repeats what uses no index", () => {
    const body = mul(
      overCols((k) => mul(entry(w, [k, one]), entry(X, [bound("i", "m"), k])), "k"),
      sum(X),
    );
    expect([...numeric.tabulate(body, open, at)]).toEqual([105, 231, 105, 231, 105, 231]);
    expect([...numeric.tabulate(s, [], at)]).toEqual([3]);
  });
});

describe("work", () => {
  const context = { arithmetic: realArithmetic(numeric.kernels) };
  const work = (term: Expr, n: number): number => compile(term, new Map([["n", n]]), context).work;

  it("of a sum grows with its range, of a part that uses no index of it does not", () => {
    const inner = indexSum("j", dimOf("n"), each("tanh", mul(entry(w, [bound("j", "n"), one]), entry(w, [bound("i", "n"), one]))));
    const nested = indexSum("i", dimOf("n"), inner);
    expect(work(nested, 40) / work(nested, 20)).toBeGreaterThan(3);
    const apart = indexSum("i", dimOf("n"), mul(entry(w, [bound("i", "n"), one]), sum(apply("kron", [w, w]))));
    expect(work(apart, 40) / work(apart, 20)).toBeLessThan(4);
  });

  it("of sums over products is that of their contraction, in whichever order they stand", () => {
    const B = matrixVar("B", "n", "n");
    const chain = ["i", "j", "k", "l"];
    const [i, j, k, l] = chain.map((name) => bound(name, "n")) as [Index, Index, Index, Index];
    const body = [entry(B, [i, k]), entry(B, [j, l]), entry(B, [k, j]), entry(B, [i, l])].reduce<Expr>(mul, num(1));
    for (const order of [chain, [...chain].reverse()])
      expect(
        work(
          order.reduce<Expr>((e, name) => indexSum(name, dimOf("n"), e), body),
          20,
        ),
      ).toBeLessThan(100 * 4 * 20 ** 3);
  });

  it("of a part that leaves out an index around it is done once for its own", () => {
    const part = each("tanh", mul(entry(w, [bound("j", "n"), one]), entry(w, [bound("k", "n"), one])));
    const body = each("tanh", add(part, entry(w, [bound("i", "n"), one])));
    const across = ["k", "j", "i"].reduce<Expr>((e, name) => indexSum(name, dimOf("n"), e), body);
    const along = ["i", "k", "j"].reduce<Expr>((e, name) => indexSum(name, dimOf("n"), e), body);
    expect(work(across, 20) / work(along, 20)).toBeLessThan(1.5);
  });

  it("is done once for a term and its sizes", () => {
    const sizes = new Map([["n", 3]]);
    const kept = { ...context, programs: new WeakMap() };
    expect(programOf(w, sizes, kept)).toBe(programOf(w, sizes, kept));
    expect(programOf(w, sizes, kept)).not.toBe(programOf(w, new Map(sizes), kept));
  });
});
