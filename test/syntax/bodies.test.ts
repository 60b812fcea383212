// Functions that a text defines: a value at another place is that of the term with the place put in.

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { substitute } from "../../src/expr/build.ts";
import { type Expr, variables } from "../../src/expr/expr.ts";
import { createFunctionTable } from "../../src/expr/functions.ts";
import type { Matrix } from "../../src/numeric/matrix.ts";
import { loadNumeric, type Numeric } from "../../src/numeric/numeric.ts";
import { print } from "../../src/print/print.ts";
import { anyExpr, exprOfShape, STOCK, smoothFunctions } from "../arbitrary/expr.ts";
import { SIZES, valuesOf } from "../arbitrary/values.ts";

const functions = createFunctionTable(smoothFunctions());
const VALUES = valuesOf(11);
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
