// Runs cases.txt: the three formats of a term, character by character; and both text
// formats are read back to a term of the same shape and value.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/base/diagnostic.ts";
import { type KnownScope, parseExpression } from "../../src/elaborate/elaborate.ts";
import { variable } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { createFunctionTable, type FunctionInfo } from "../../src/expr/functions.ts";
import { scalarShape, shapeOf, shapeText } from "../../src/expr/shape.ts";
import { loadNumeric, type Numeric } from "../../src/numeric/numeric.ts";
import { print } from "../../src/print/print.ts";

const info = (name: string, more: Partial<FunctionInfo> = {}): FunctionInfo => ({
  name,
  aliases: [],
  elementwise: true,
  params: [scalarShape()],
  result: scalarShape(),
  domains: ["real"],
  ...more,
});

const known: KnownScope = {
  variables: [
    ...["s", "t", "b", "theta", "σ_2"].map((name) => variable(name, scalarShape())),
    ...["w", "x", "y"].map((name) => variable(name, shapeOf("n"))),
    variable("u", shapeOf("m")),
    variable("A", shapeOf("m", "n")),
    variable("B", shapeOf("n", "n")),
    variable("X", shapeOf("N", "n")),
  ],
  functions: createFunctionTable([
    info("exp", { latex: "\\exp" }),
    info("sqrt"),
    info("abs"),
    info("max", { params: [scalarShape(), scalarShape()], latex: "\\max" }),
    info("norm2", { elementwise: false, params: [shapeOf("p", "q")] }),
    info("inv", { elementwise: false, params: [shapeOf("p", "p")], result: shapeOf("p", "p") }),
  ]),
  unknowns: [
    { name: "f", elementwise: false, params: [shapeOf("n")], result: shapeOf("n") },
    { name: "g", elementwise: true, params: [], result: scalarShape() },
  ],
};

interface Case {
  readonly title: string;
  readonly input: string;
  readonly wanted: Readonly<Record<"ascii" | "unicode" | "latex", string>>;
}

function readCases(): Case[] {
  const blocks = readFileSync(new URL("cases.txt", import.meta.url), "utf8")
    .split(/^== /m)
    .slice(1);
  return blocks.map((block) => {
    const [title, input, ...lines] = block.trim().split("\n");
    const wanted = (format: string): string => lines.find((line) => line.startsWith(format))?.slice(8) ?? "";
    return {
      title: title as string,
      input: input as string,
      wanted: { ascii: wanted("ascii"), unicode: wanted("unicode"), latex: wanted("latex") },
    };
  });
}

function readTerm(text: string): Expr {
  const result = parseExpression(text, known);
  if (!result.ok) throw new Error(result.diagnostics.map((d) => renderDiagnostic(d, result.source)).join("\n"));
  return result.expr;
}

let numeric: Numeric;
beforeAll(async () => {
  numeric = await loadNumeric();
});

function expectSameValue(a: Expr, b: Expr): void {
  expect(shapeText(b.shape)).toBe(shapeText(a.shape));
  let count = 0;
  for (const point of numeric.samplePoints({ defined: [a, b], seed: 5 })) {
    const [left, right] = [numeric.evaluate(a, point), numeric.evaluate(b, point)];
    for (let i = 0; i < left.data.length; i++) expect(right.data[i]).toBeCloseTo(left.data[i] as number, 8);
    if (++count === 3) break;
  }
  expect(count).toBeGreaterThan(0);
}

describe("a term in three formats", () => {
  it.each(readCases().map((c) => [c.title, c] as const))("%s", (_, { input, wanted }) => {
    const expr = readTerm(input);
    const { functions } = known;
    const printed = {
      ascii: print(expr, { format: "ascii", functions }),
      unicode: print(expr, { format: "unicode", functions }),
      latex: print(expr, { format: "latex", functions }),
    };
    expect(printed).toEqual(wanted);
    expectSameValue(expr, readTerm(printed.ascii));
    expectSameValue(expr, readTerm(printed.unicode));
  });
});
