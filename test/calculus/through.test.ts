// Functions of matrices along a differential that need not commute with their argument:
// f′(A) dA holds inside a trace only, where nothing else carries the summed index.

import { describe, expect, it } from "vitest";
import { check, differentiate } from "../../src/index.ts";

const declarations = "M : matrix(m,m); x : vector(m); A : matrix(m,n)";

describe("a sum over the diagonal of a function of a matrix", () => {
  it.each(["tr(logm(M))", "sum(diag(expm(M)))", "tr(M*logm(M))", "tr(M*expm(M)*M)"])("%s is a trace", async (expr) => {
    const answer = differentiate({ expr, wrt: "M", declarations });
    if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
    expect(await check({ expr, wrt: "M", declarations, answer: answer.ascii })).toMatchObject({ verdict: "agrees" });
  });

  it.each(["x'*diag(expm(M))", "A'*diag(logm(M))", "[diag(logm(M)); 1]", "x'*diag(M*expm(M))"])(
    "%s is none: weights stand beside it",
    async (expr) => {
      const answer = differentiate({ expr, wrt: "M", declarations });
      const verdict = answer.ok ? await check({ expr, wrt: "M", declarations, answer: answer.ascii }) : { verdict: "refused" };
      expect(verdict).toMatchObject({ verdict: answer.ok ? "agrees" : "refused" });
    },
  );
});
