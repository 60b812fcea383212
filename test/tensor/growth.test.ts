// Work and answers in proportion to the expression, by counts: how many terms and tensors a
// derivative makes, how many operations its answer has. No clock is read.

import { describe, expect, it } from "vitest";
import { FAMILIES } from "../../bench/families.ts";
import { trimTables } from "../../src/base/intern.ts";
import { variable } from "../../src/expr/build.ts";
import { type Expr, nodes } from "../../src/expr/expr.ts";
import { scalarShape } from "../../src/expr/shape.ts";
import { type Answer, differentiate, type Question } from "../../src/index.ts";
import { variableBase } from "../../src/tensor/form/tensor.ts";

let probes = 0;

/** Counters of terms and of tensors: what is made later has a larger number. */
function made(): { terms: number; tensors: number } {
  const probe = variable(`probe_${probes++}`, scalarShape());
  return { terms: probe.id, tensors: variableBase(probe).id };
}

function answer(question: Question): Answer {
  const result = differentiate({ ...question, where: true });
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result;
}

/** Operations of a term, a part that is used often counted once; transposes are free. */
function operations(expr: Expr): number {
  let count = 0;
  for (const node of nodes(expr))
    if (node.kind === "apply" && !["transpose", "expand", "ones"].includes(node.op)) count += node.op === "add" ? node.args.length - 1 : 1;
  return count;
}

interface Counts {
  readonly terms: number;
  readonly tensors: number;
  readonly operations: number;
  readonly characters: number;
}

function measure(question: Question): Counts {
  // What was asked before makes nothing cheaper.
  trimTables(0);
  const before = made();
  const { expr, ascii, where } = answer(question);
  const after = made();
  return {
    terms: after.terms - before.terms,
    tensors: after.tensors - before.tensors,
    operations: operations(expr),
    characters: ascii.length + where.reduce((sum, part) => sum + part.ascii.length, 0),
  };
}

function expectDoubled(once: Counts, twice: Counts): void {
  for (const count of ["terms", "tensors", "operations", "characters"] as const)
    expect([count, twice[count] / once[count] < 2.5]).toEqual([count, true]);
}

describe.each(FAMILIES)("$name", ({ question, slope }) => {
  it(`has at most ${slope} operations for each unit of its size`, () => {
    for (const n of [32, 64, 128]) expect(measure(question(n)).operations).toBeLessThanOrEqual(slope * n);
  });

  it("makes twice as many terms and tensors, and twice the text, at twice the size", () => {
    const [once, twice, again] = [48, 96, 192].map((n) => measure(question(n))) as [Counts, Counts, Counts];
    expectDoubled(once, twice);
    expectDoubled(twice, again);
  });
});

describe.each(FAMILIES.filter((f) => f.hessian))("Hessian of $name", ({ question }) => {
  it("makes twice as many terms and tensors, and twice the text, at twice the size", () => {
    const [once, twice, again] = [48, 96, 192].map((n) => measure({ ...question(n), order: 2 })) as [Counts, Counts, Counts];
    expectDoubled(once, twice);
    expectDoubled(twice, again);
  });
});

describe("many factorings", () => {
  it.each([
    ["norm2(g .* standardize(x) + b - t)^2", "x", "g, b, t, x : vector(n)", 1, 2000],
    ["1/2*(w'*sigmoid(W*x + b) - t)^2", "x", "W : matrix(k,n); x : vector(n); b, w : vector(k); t : scalar", 2, 3000],
  ])("of %s make a bounded search", (expr, wrt, declarations, order, most) => {
    expect(measure({ expr, wrt, declarations, order }).tensors).toBeLessThan(most);
  });
});

describe("continued fractions", () => {
  const nested = (n: number, level: (k: number) => string, last: string): string => {
    let text = last;
    for (let k = n; k > 0; k--) text = `${level(k)}/(${text})`;
    return `1/(${text})`;
  };
  it.each([
    ["of names", (n: number): Question => ({ expr: nested(n, (k) => `a_${k} + 1`, "x"), wrt: "x" })],
    ["of names, by the outermost", (n: number): Question => ({ expr: nested(n, (k) => `a_${k} + 1`, "x"), wrt: "a_1" })],
    ["of numbers", (n: number): Question => ({ expr: nested(n, (k) => `${k} + 1`, "x"), wrt: "x" })],
    ["of pairs", (n: number): Question => ({ expr: nested(n, (k) => `a_${k} + b_${k}`, "x"), wrt: "x" })],
  ])("%s make twice as many tensors at twice the depth", (_, question) => {
    const [once, twice, again] = [12, 24, 48].map((n) => measure(question(n)).tensors) as [number, number, number];
    expect([twice / once, again / twice].map((r) => r < 2.5)).toEqual([true, true]);
  });
});

describe("depth", () => {
  it("a function nested 5000 deep is differentiated without recursion", () => {
    const { expr, where } = answer((FAMILIES[0] as (typeof FAMILIES)[number]).question(5000));
    expect(operations(expr)).toBe(3 * 5000 - 2);
    expect(where.length).toBeGreaterThan(1000);
  }, 120_000);

  it("a product of 3000 numbers with a sum is taken apart for its notation once, not at every factor", () => {
    const names = Array.from({ length: 3000 }, (_, i) => `a_${i + 1}`);
    const { expr } = answer({ expr: `sum(x)*${names.join("*")}`, wrt: "a_1", declarations: `x : vector(n); ${names.join(", ")} : scalar` });
    expect(operations(expr)).toBe(3000);
  }, 120_000);

  it("a derivative that no way forward can write is written by adjoints", () => {
    const shared = FAMILIES.find((f) => f.name === "shared weight") as (typeof FAMILIES)[number];
    for (const n of [2, 3, 4, 5, 6, 12]) expect(answer(shared.question(n)).notation).toBe("matrix");
  });
});
