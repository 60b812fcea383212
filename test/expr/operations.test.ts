// What counts as an operation, row by row.

import { describe, expect, it } from "vitest";
import { rational } from "../../src/base/rational.ts";
import { add, apply, entry, eye, hadamard, indexSum, mul, neg, num, ones, transpose, variable } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { countOperations } from "../../src/expr/operations.ts";
import { scalarShape, shapeOf } from "../../src/expr/shape.ts";

const n = dimOf("n");
const s = variable("s", scalarShape());
const x = variable("x", shapeOf("n"));
const y = variable("y", shapeOf("n"));
const A = variable("A", shapeOf("n", "n"));
const all = { kind: "all" } as const;
const i = { kind: "bound", name: "i", range: n } as const;

// biome-ignore format: a table is read by columns
const CASES: readonly (readonly [text: string, expr: Expr, operations: number])[] = [
  ["x",                     x,                                                         0],
  ["-1/2",                  num(rational(-1, 2)),                                      0],
  ["x'",                    transpose(x),                                              1],
  ["A*x",                   mul(A, x),                                                 1],
  ["-2*x",                  mul(num(-2), x),                                           1],
  ["-2*x/s",                neg(apply("div", [mul(num(2), x), s])),                     2],
  ["x - 2*x",               add(x, neg(mul(num(2), x))),                               2],
  ["-x",                    neg(x),                                                    1],
  ["-(1)",                  neg(num(1)),                                               0],
  ["x + y + x",             add(x, y, x),                                              2],
  ["x - y",                 add(x, neg(y)),                                            1],
  ["-x - y",                add(neg(x), neg(y)),                                       2],
  ["x + s",                 add(x, apply("expand", [s], [n, dimOf(1)])),               1],
  ["1/2",                   apply("div", [num(1), num(2)]),                            0],
  ["2/n",                   apply("div", [num(2), variable("n", scalarShape())]),      1],
  ["eye(n) - x*x'",         add(eye(n), neg(mul(x, transpose(x)))),                    3],
  ["ones(n)'*A",            mul(ones(dimOf(1), n), A),                                 1],
  ["sum(x .* y)",           apply("sum", [hadamard(x, y)]),                            2],
  ["dot(x, y)",             apply("dot", [x, y]),                                      1],
  ["[s; s]",                apply("vcat", [s, s]),                                     1],
  ["[s, s; s, s]",          apply("vcat", [apply("hcat", [s, s]), apply("hcat", [s, s])]), 1],
  ["x[i]",                  entry(x, [i, all]),                                        0],
  ["sum_i x[i]",            indexSum("i", n, entry(x, [i, all])),                      1],
  ["{s if s > 0; 0 otherwise}", apply("cases", [s, apply("gt", [s, num(0)]), num(0)]), 2],
];

describe("countOperations", () => {
  it.each(CASES)("%s", (_, expr, operations) => {
    expect(countOperations(expr)).toBe(operations);
  });

  it("counts a shared term as often as it is written", () => {
    let term: Expr = s;
    for (let k = 0; k < 10; k++) term = mul(term, term);
    expect(countOperations(term)).toBe(2 ** 10 - 1);
  });

  it("bears terms 20,000 deep", () => {
    let term: Expr = s;
    for (let k = 0; k < 20_000; k++) term = neg(term);
    expect(countOperations(term)).toBe(20_000);
  });
});
