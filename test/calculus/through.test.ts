// Functions of matrices along a differential that need not commute with their argument:
// f′(A) dA holds inside a trace only, where nothing else carries the summed index.

import { describe, expect, it } from "vitest";
import { check, differentiate } from "../../src/index.ts";

const declarations = "M : matrix(m,m); x : vector(m); A : matrix(m,n)";

async function verdictOn(expr: string): Promise<unknown> {
  const answer = differentiate({ expr, wrt: "M", declarations });
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return check({ expr, wrt: "M", declarations, answer: answer.ascii });
}

describe("a sum over the diagonal of a function of a matrix", () => {
  it.each(["tr(logm(M))", "sum(diag(expm(M)))", "tr(M*logm(M))", "tr(M*expm(M)*M)"])("%s is a trace", async (expr) => {
    expect(await verdictOn(expr)).toMatchObject({ verdict: "agrees" });
  });

  it.each(["x'*diag(expm(M))", "A'*diag(logm(M))", "[diag(logm(M)); 1]", "x'*diag(M*expm(M))"])(
    "%s is none: weights stand beside it",
    async (expr) => {
      expect(await verdictOn(expr)).toMatchObject({ verdict: "agrees" });
    },
  );
});
