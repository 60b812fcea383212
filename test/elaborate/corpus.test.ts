// Every text of test/cases: the expression and the closed form of the source elaborate,
// and the closed form has the shape that its layout asks for.

import { describe, expect, it } from "vitest";
import { elaborate, type Failure, type Problem, parseExpression } from "../../src/elaborate/elaborate.ts";
import { type Dim, multiplyDims } from "../../src/expr/dim.ts";
import { variables } from "../../src/expr/expr.ts";
import { isRowShape, isScalarShape, isVectorShape, type Shape, shapeText, transposeShape } from "../../src/expr/shape.ts";
import { type Case, readCases } from "../cases/literature.ts";
import { functions } from "./functions.ts";

const cases = [...readCases("paper.jsonl"), ...readCases("corpus.jsonl")];

function problemOf(c: Case): Problem {
  const result = elaborate({
    text: c.expr,
    vars: c.vars,
    functions,
    wrt: [c.wrt],
    strict: true,
    ...(c.dims === undefined ? {} : { dims: c.dims }),
    ...(c.attrs === undefined ? {} : { attrs: c.attrs }),
    ...(c.let === undefined ? {} : { definitions: c.let }),
  });
  if (!result.ok) throw new Error(message(result));
  return result.problem;
}

const message = (f: Failure): string => `${f.diagnostics[0]?.message} in ${f.source}`;

/** The shape of ∂y/∂x in a layout, as test/cases/README.md states it. */
function shapeIn(layout: string, order: number, y: Shape, x: Shape): Shape {
  const count = (s: Shape): Dim => multiplyDims(s.rows, s.cols);
  const column = (s: Shape): Shape => (isRowShape(s) ? transposeShape(s) : s);
  if (order === 2) return { rows: count(x), cols: count(x) };
  if (layout !== "vec" && isScalarShape(y)) return layout === "numerator" ? transposeShape(x) : x;
  if (layout !== "vec" && isScalarShape(x)) {
    if (isVectorShape(y)) return layout === "denominator" ? transposeShape(column(y)) : column(y);
    return layout === "denominator" ? transposeShape(y) : y;
  }
  const jacobian = { rows: count(y), cols: count(x) };
  return layout === "denominator" && isVectorShape(y) && isVectorShape(x) ? transposeShape(jacobian) : jacobian;
}

describe("the texts of the literature", () => {
  it("are all there", () => expect(cases.length).toBe(356));

  it.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
    const problem = problemOf(c);
    // Everything is declared, so that nothing is assumed; among other names it is said of a variable that it does not occur.
    const used = new Set([problem.expr, ...problem.definitions.map((d) => d.expr)].flatMap((e) => variables(e).map((v) => v.name)));
    const absent = problem.targets.map((t) => t.variable.name).filter((name) => used.size > 0 && !used.has(name));
    expect(problem.assumptions).toEqual(absent.map((name) => `${name} does not occur in it`));
    const answer = parseExpression(c.expected, { variables: problem.variables, functions, dims: problem.dims });
    if (!answer.ok) throw new Error(message(answer));
    const [target] = problem.targets;
    const y = problem.expr.shape;
    // A row is differentiated as a row: it keeps its orientation by a number.
    const wanted =
      isRowShape(y) && isScalarShape(target?.variable.shape ?? y)
        ? c.layout === "denominator"
          ? transposeShape(y)
          : y
        : shapeIn(c.layout, c.order ?? 1, y, target?.variable.shape ?? y);
    expect(shapeText(answer.expr.shape)).toBe(shapeText(wanted));
  });

  it("elaborate without declarations as well, or leave a contradiction that is named", () => {
    const refused = cases.filter((c) => {
      const result = elaborate({ text: c.expr, functions, wrt: [c.wrt] });
      if (!result.ok) expect([c.id, result.diagnostics[0]?.code]).toEqual([c.id, "shape"]);
      return !result.ok;
    });
    // Products of two vectors by their letters.
    expect(refused.map((c) => c.expr)).toEqual(["x y", "x y", "x*z", "x*z", "sum(x*z)", "sum(x*z)"]);
  });
});
