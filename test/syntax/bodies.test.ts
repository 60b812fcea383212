// Functions that a text defines: a value at another place is that of the term with the place put in.

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { substitute } from "../../src/expr/build.ts";
import { type Expr, variables } from "../../src/expr/expr.ts";
import { createFunctionTable } from "../../src/expr/functions.ts";
import { type Matrix, matrix } from "../../src/numeric/matrix.ts";
import { loadNumeric, type Numeric } from "../../src/numeric/numeric.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { print } from "../../src/print/print.ts";
import { anyExpr, exprOfShape, STOCK, smoothFunctions } from "../arbitrary/expr.ts";

const functions = createFunctionTable(smoothFunctions());
const SIZES = new Map([
  ["n", 3],
  ["m", 2],
]);
const random = createRandom(11);
const VALUES: ReadonlyMap<string, Matrix> = new Map(
  STOCK.map(([name, [rows, cols], attributes]) => {
    const count = (d: string | number): number => (typeof d === "number" ? d : (SIZES.get(d) as number));
    const [r, c] = [count(rows), count(cols)];
    const data = Float64Array.from({ length: r * c }, () => random.between(0.3, 1.4));
    if (attributes?.includes("symmetric"))
      for (let i = 0; i < r; i++) for (let j = 0; j < i; j++) data[j + r * i] = data[i + r * j] as number;
    return [name, matrix(r, c, data)];
  }),
);
const declared = {
  vars: Object.fromEntries(STOCK.map(([name, sizes]) => [name, sizes])),
  attrs: Object.fromEntries(STOCK.map(([name, , attributes]) => [name, attributes ?? []])),
};

let numeric: Numeric;
beforeAll(async () => {
  numeric = await loadNumeric();
});

const valueIn = (expr: Expr): Matrix => numeric.evaluate(expr, { sizes: SIZES, values: VALUES });

/** The value of a text that defines one name. */
function valueOfText(text: string): Matrix {
  const result = elaborate({ text, functions, ...declared });
  if (!result.ok) throw new Error(`${text}: ${result.diagnostics[0]?.message}`);
  const { expr, definitions } = result.problem;
  return valueIn(substitute(expr, new Map(definitions.map((d) => [d.variable, d.expr])), functions));
}

const ascii = (e: Expr): string => print(e, { format: "ascii" });

describe("a function that a text defines", () => {
  it("has the value of its term with the argument put in", () => {
    const asked = anyExpr({ smooth: true }).chain((body) => {
      const [v] = variables(body).filter((x) => !x.name.includes("_"));
      return v === undefined
        ? fc.constant(undefined)
        : fc.record({ body: fc.constant(body), v: fc.constant(v), arg: exprOfShape(v.shape, { smooth: true }) });
    });
    fc.assert(
      fc.property(asked, (question) => {
        if (question === undefined) return;
        const { body, v, arg } = question;
        const text = `F(${v.name}) = ${ascii(body)}; F(${ascii(arg)})`;
        const expected = valueIn(substitute(body, new Map([[v, arg]]), functions));
        if (!expected.data.every((x) => Math.abs(x) < 1e12)) return;
        const found = valueOfText(text);
        found.data.forEach((x, i) => {
          const wanted = expected.data[i] as number;
          expect(Math.abs(x - wanted) / (1 + Math.abs(wanted)), text).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 300 },
    );
  });
});
