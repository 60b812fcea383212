// Functions of other systems: what is advised for each is an expression that is differentiated.

import { describe, expect, it } from "vitest";
import { WRITTEN_AS, WRITTEN_FOR } from "../../grammar/foreignFunctions.ts";
import { differentiate, standardLibrary } from "../../src/index.ts";

const DECLARATIONS = "x, y : vector(n) positive; X : matrix(m, n); A : invertible(n); S : posdef(n); a, c : scalar; eps : scalar positive";
const { functions } = standardLibrary();

describe("functions of other systems", () => {
  it.each(Object.entries(WRITTEN_AS))("%s is written as %s", (_, expr) => {
    const wrt = ["x", "p", "X", "A"].find((name) => new RegExp(`\\b${name}\\b`).test(expr)) as string;
    expect(differentiate({ expr, wrt, declarations: DECLARATIONS })).toMatchObject({ ok: true });
  });

  it("are none of the library", () => {
    expect(Object.keys(WRITTEN_FOR).filter((name) => functions.find(name) !== undefined)).toEqual([]);
  });

  it("are refused with what to write, whatever the count of their arguments", () => {
    const fixOf = (expr: string): string | undefined => {
      const answer = differentiate({ expr, wrt: "x", vars: { x: ["n"], y: ["n"] } });
      return answer.ok ? undefined : answer.diagnostics[0]?.fix;
    };
    expect([fixOf("median(x)"), fixOf("inner(x, y)")]).toEqual([WRITTEN_FOR["median"], WRITTEN_FOR["inner"]]);
  });
});
