// JSON states a term completely, once a node, and nothing that is no term passes.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/diagnostic.ts";
import { apply, call, constant, entry, indexSum, mul, num, unknown, variable } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import { type Expr, nodes } from "../../src/expr/expr.ts";
import { exprFromJSON, exprToJSON } from "../../src/expr/json.ts";
import { scalarShape, shapeOf } from "../../src/expr/shape.ts";
import { anyExpr, smoothFunctions } from "../arbitrary/expr.ts";

const through = (expr: Expr): Expr => exprFromJSON(JSON.parse(JSON.stringify(exprToJSON(expr))));
const x = variable("x", shapeOf("n"), ["positive"]);

describe("exprToJSON and exprFromJSON", () => {
  it("give back the very same term", () => {
    fc.assert(
      fc.property(anyExpr(), (expr) => {
        expect(through(expr)).toBe(expr);
      }),
    );
  });

  it("keep attributes, sizes, derivatives, indices and constants", () => {
    const i = { kind: "bound", name: "i", range: dimOf("n") } as const;
    for (const expr of [
      x,
      constant("pi"),
      unknown("f", [x], shapeOf("m", "n"), { derivatives: [0] }),
      unknown("g", [x], shapeOf("n"), { elementwise: true }),
      indexSum("i", dimOf("n"), entry(x, [i, { kind: "all" }])),
      apply("commutation", [], [dimOf("m"), dimOf("n")]),
      apply("vec", [variable("W", shapeOf("m", "n"))]),
      variable("z", { rows: apply("vcat", [x, num(1)]).shape.rows, cols: dimOf(1) }),
    ])
      expect(through(expr)).toBe(expr);
  });

  it("state a shared term once: 200 doublings make 201 nodes", () => {
    let term: Expr = x;
    for (let i = 0; i < 200; i++) term = apply("add", [term, term]);
    const json = exprToJSON(term);
    expect(json.nodes).toHaveLength(201);
    expect(exprFromJSON(json)).toBe(term);
  });

  it("bear terms 20,000 deep", () => {
    const sin = smoothFunctions()[0];
    let term: Expr = variable("s", scalarShape());
    for (let i = 0; i < 20_000; i++) term = call(sin as NonNullable<typeof sin>, [term]);
    expect(nodes(through(term))).toHaveLength(20_001);
  });

  it("read as documented", () => {
    expect(exprToJSON(mul(num(2), x))).toEqual({
      nodes: [
        { kind: "num", value: "2" },
        { kind: "var", name: "x", shape: ["n", "1"], attributes: ["positive"] },
        { kind: "apply", op: "mul", shape: ["n", "1"], args: [0, 1] },
      ],
    });
  });
});

describe("exprFromJSON refuses", () => {
  const n1 = { kind: "var", name: "x", shape: ["n", "1"] };
  const m1 = { kind: "var", name: "u", shape: ["m", "1"] };
  const cases: readonly (readonly [string, unknown])[] = [
    ["nothing", undefined],
    ["no nodes", { nodes: [] }],
    ["a node of no kind", { nodes: [{}] }],
    ["an unknown kind", { nodes: [{ kind: "tensor" }] }],
    ["a number that is none", { nodes: [{ kind: "num", value: "1/0" }] }],
    ["an argument that comes later", { nodes: [{ kind: "apply", op: "neg", shape: ["1", "1"], args: [1] }] }],
    ["an argument that is the node itself", { nodes: [{ kind: "apply", op: "neg", shape: ["1", "1"], args: [0] }] }],
    ["too few arguments", { nodes: [n1, { kind: "apply", op: "mul", shape: ["n", "1"], args: [0] }] }],
    ["shapes that do not fit", { nodes: [n1, m1, { kind: "apply", op: "add", shape: ["n", "1"], args: [0, 1] }] }],
    ["a stated shape that is not the operator's", { nodes: [n1, { kind: "apply", op: "transpose", shape: ["n", "1"], args: [0] }] }],
    ["an operator without its sizes", { nodes: [{ kind: "apply", op: "eye", shape: ["n", "n"], args: [] }] }],
    ["a size that is none", { nodes: [{ kind: "var", name: "x", shape: ["n+", "1"] }] }],
    ["an unknown attribute", { nodes: [{ ...n1, attributes: ["large"] }] }],
    ["a name taken from the prototype", { nodes: [{ kind: "apply", op: "toString", shape: ["1", "1"], args: "x" }] }],
  ];
  it.each(cases)("%s", (_, json) => {
    expect(() => exprFromJSON(json)).toThrow(InputError);
  });
});
