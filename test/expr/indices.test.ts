// Which indices of sums stand open in which parts of a term.

import { describe, expect, it } from "vitest";
import { add, entry, indexSum, mul, num, variable } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { boundAt, isOpen, type NamedIndex, openIndices } from "../../src/expr/indices.ts";
import { shapeOf } from "../../src/expr/shape.ts";

const [m, n] = [dimOf("m"), dimOf("n")];
const A = variable("A", shapeOf("m", "n"));
const x = variable("x", shapeOf("n"));
const i: NamedIndex = { kind: "bound", name: "i", range: m };
const j: NamedIndex = { kind: "bound", name: "j", range: n };
const all = { kind: "all" } as const;
const [Aij, xj] = [entry(A, [i, j]), entry(x, [j, all])];
const row = indexSum("j", n, mul(Aij, xj));

const openIn = (term: Expr, part: Expr = term): string[] => [...(openIndices(term).get(part)?.values() ?? [])].map((k) => k.name);

describe("open indices", () => {
  it("an entry is open in the indices it is taken at, and in no position or slice", () => {
    expect(boundAt(Aij)).toEqual([i, j]);
    expect(boundAt(entry(A, [{ kind: "position", at: dimOf(1) }, all]))).toEqual([]);
    expect(openIn(Aij)).toEqual(["i", "j"]);
  });

  it("come in the order of their first occurrence, each once and with its range", () => {
    expect(openIn(mul(xj, Aij))).toEqual(["j", "i"]);
    expect(openIndices(Aij).get(Aij)?.get("i")?.range).toBe(m);
  });

  it("a sum binds its index in its body and nowhere else", () => {
    expect(openIn(row)).toEqual(["i"]);
    expect(openIn(row, xj)).toEqual(["j"]);
    expect(openIn(add(row, xj))).toEqual(["i", "j"]);
    expect([isOpen(row), isOpen(indexSum("i", m, row)), isOpen(num(1))]).toEqual([true, false, false]);
  });

  it("depth costs no stack", () => {
    let deep: Expr = xj;
    for (let k = 0; k < 20_000; k++) deep = add(mul(deep, xj), num(1));
    expect(openIn(deep)).toEqual(["j"]);
  });
});
