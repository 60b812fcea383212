// Functions of matrices along a differential that need not commute with their argument:
// f′(A) dA holds inside a trace only, where nothing else carries the summed index.

import { describe, expect, it } from "vitest";
import { ownAnswer } from "./own.ts";

const declarations = "M : matrix(m,m); x : vector(m); A : matrix(m,n)";

const verdictOn = async (expr: string): Promise<unknown> => (await ownAnswer({ expr, wrt: "M", declarations })).checked;

describe("a sum over the diagonal of a function of a matrix", () => {
  it.each([
    "tr(logm(M))",
    "sum(diag(expm(M)))",
    "tr(M*logm(M))",
    "tr(M*expm(M)*M)",
    "tr((M + 2*eye(m))*logm(M))",
    "tr((logm(M) - eye(m))^2)",
  ])("%s is a trace", async (expr) => {
    expect(await verdictOn(expr)).toMatchObject({ verdict: "agrees" });
  });

  it.each(["x'*diag(expm(M))", "A'*diag(logm(M))", "[diag(logm(M)); 1]", "x'*diag(M*expm(M))"])(
    "%s is none: weights stand beside it",
    async (expr) => {
      expect(await verdictOn(expr)).toMatchObject({ verdict: "agrees" });
    },
  );

  it.each(["tr((M + 1)*logm(M))", "tr((M' + eye(m))*logm(M))", "tr((logm(M) - M')*M)", "tr((M + 2*M')*logm(M + M'))"])(
    "%s holds what does not commute",
    async (expr) => {
      expect(await verdictOn(expr)).toMatchObject({ verdict: "agrees" });
    },
  );
});
