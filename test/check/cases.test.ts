// Every case from the literature: its own closed form against the numeric derivative of
// its expression, in its layout. This proves evaluation, sampling and arrangement
// against sources that know nothing of this program, and the cases against numbers.

import { describe, expect, it } from "vitest";
import { type AnswerClaim, checkAnswer } from "../../src/check/answer.ts";
import type { Verdict } from "../../src/check/compare.ts";
import { elaborate, parseExpression } from "../../src/elaborate/elaborate.ts";
import { add, apply, mul, neg, num, transpose } from "../../src/expr/build.ts";
import type { Expr, Variable } from "../../src/expr/expr.ts";
import { sameShape } from "../../src/expr/shape.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { type Case, readCases } from "../cases/literature.ts";
import { functionsOfCases } from "./functions.ts";

const numeric = await loadNumeric();

function claimOf(c: Case): AnswerClaim {
  const functions = functionsOfCases();
  const { dims = [], attrs = {} } = c;
  const question = elaborate({ text: c.expr, vars: c.vars, dims, attrs, functions, strict: true });
  if (!question.ok) throw new Error(`${c.expr}: ${question.diagnostics[0]?.message}`);
  const { problem } = question;
  const answer = parseExpression(c.expected, { variables: problem.variables, dims, functions });
  if (!answer.ok) throw new Error(`${c.expected}: ${answer.diagnostics[0]?.message}`);
  const wrt = problem.variables.find((v) => v.name === c.wrt) as Variable;
  return {
    expr: problem.expr as Expr,
    wrt,
    order: c.order ?? 1,
    layout: c.layout,
    answer: answer.expr,
  };
}

/** Answers that look like the right one. */
function mistakes(claim: AnswerClaim): Expr[] {
  const { answer } = claim;
  const flipped = transpose(answer);
  return [
    neg(answer),
    mul(num(2), answer),
    add(answer, apply("expand", [num(1)], [answer.shape.rows, answer.shape.cols])),
    ...(sameShape(flipped.shape, answer.shape) ? [] : [flipped]),
  ];
}

for (const file of ["paper.jsonl", "corpus.jsonl"] as const) {
  describe(`${file}: the closed form agrees with numeric differentiation`, () => {
    for (const c of readCases(file)) {
      it(`${c.id}: ∂(${c.expr})/∂${c.wrt}, ${c.layout}${c.order === 2 ? ", order 2" : ""}`, () => {
        const claim = claimOf(c);
        const verdict = checkAnswer(numeric, claim);
        expect(verdict).toMatchObject({ ok: true, points: 3, undefinedAt: 0 });
        expect(verdict.worst).toBeLessThan(claim.order === 2 ? 1e-7 : 1e-8);
        const zero = c.expected === "0";
        for (const wrong of mistakes(claim)) {
          const refuted: Verdict = checkAnswer(numeric, { ...claim, answer: wrong });
          if (!zero) expect(refuted.ok, "a mistake is refuted").toBe(false);
        }
      });
    }
  });
}
