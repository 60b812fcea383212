// What matrixcalculus.org prints, beside nabla: its documented examples and the answers that
// public repositories have kept. Each answer here is right and no longer than the printed one,
// and no longer than the shortest form that is known.

import { describe, expect, it } from "vitest";
import { check, countOperations, differentiate, type Layout, parse } from "../../src/index.ts";
import { readCases } from "../cases/literature.ts";

interface Printed {
  readonly id: string;
  readonly source: string;
  readonly declarations: string;
  readonly expr: string;
  readonly wrt: string;
  readonly layout: Layout;
  /** A form that nothing shorter is known for. */
  readonly expected: string;
  /** What the page prints, where that is known, in nabla's spelling. */
  readonly printed?: string;
}

const CASES = readCases<Printed>("matrixcalculus.jsonl");

const operations = (text: string, declarations: string): number => {
  const read = parse(text, { declarations });
  if (!read.ok) throw new Error(`${text}: ${read.diagnostics[0]?.message}`);
  return countOperations(read.expr);
};

describe("what matrixcalculus.org answers", () => {
  for (const { id, declarations, expr, wrt, layout, expected, printed } of CASES)
    it(`${id}: ${expr} by ${wrt} is right here and no longer`, async () => {
      const question = { declarations, expr, wrt, layout };
      const answer = differentiate(question);
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      for (const form of [answer.ascii, expected, ...(printed === undefined ? [] : [printed])])
        expect(await check({ ...question, answer: form }), form).toMatchObject({ verdict: "agrees" });
      const own = operations(answer.ascii, declarations);
      expect(own).toBeLessThanOrEqual(operations(expected, declarations));
      if (printed !== undefined) expect(own).toBeLessThanOrEqual(operations(printed, declarations));
    });

  it("is one answer where two inputs are equal", () => {
    const declarations = "G, X : matrix(n, n)";
    const answers = ["tr(G'*(X + 6*eye(n))*(X - 5*eye(n)))", "tr(G'*(X*X + X - 30*eye(n)))"].map((expr) => {
      const answer = differentiate({ declarations, expr, wrt: "X", layout: "mixed" });
      return answer.ok ? answer.ascii : undefined;
    });
    expect(answers[0]).toBeDefined();
    expect(answers[0]).toBe(answers[1]);
  });

  it("is short where a projection repeats", async () => {
    // The page prints 378 characters, the inverse ten times.
    const question = {
      declarations: "y : vector(m); V : matrix(m, n); B : matrix(n, k)",
      expr: "norm2(y - V*B*inv(B'*V'*V*B)*B'*V'*y)^2",
      wrt: "B",
      layout: "mixed",
    } as const;
    const answer = differentiate(question);
    if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
    expect(await check({ ...question, answer: answer.ascii })).toMatchObject({ verdict: "agrees" });
    expect(answer.ascii.length).toBeLessThan(100);
  });
});
