// No call of the library leaves anything behind that another could notice: not even where
// the tables of terms are emptied in between.

import { describe, expect, it } from "vitest";
import { createTable, internEpoch } from "../../src/base/intern.ts";
import { type Answer, check, differentiate, evaluate, parse, parseRules, print, type Refusal, standardLibrary } from "../../src/index.ts";

const filler = createTable<number>();

/** Makes the next call empty all tables. */
function overflow(): void {
  for (let i = 0; i < 200_001; i++) filler.set(`${i}`, i);
}

const ascii = (answer: Answer | Refusal): string => (answer.ok ? answer.ascii : (answer.diagnostics[0]?.message ?? ""));
const vars = { x: ["n"], S: ["n", "n"] } as const;

describe("two uses in one process", () => {
  it("with different declarations of one name do not meet", () => {
    const vector = { expr: "x.^2", wrt: "x", vars: { x: ["n"] } } as const;
    const scalar = { expr: "x.^2", wrt: "x", vars: { x: [] } } as const;
    const alone = [ascii(differentiate(vector)), ascii(differentiate(scalar))];
    expect([1, 2, 3].map(() => [ascii(differentiate(vector)), ascii(differentiate(scalar))])).toEqual([alone, alone, alone]);
    expect(alone).toEqual(["2*diag(x)", "2*x"]);
  });

  it("with different rules for one name do not meet", () => {
    const functions = standardLibrary().functions;
    const own = (body: string): ReturnType<typeof standardLibrary> =>
      standardLibrary([parseRules(`section Own\nfunction foo : elementwise\nfoo/definition  foo(x) := ${body}  [me]\n`, functions)]);
    const [twice, thrice] = [own("2*x"), own("3*x")];
    const by = (library: typeof twice): string => ascii(differentiate({ expr: "foo(x)", wrt: "x", vars: { x: [] }, library }));
    expect([by(twice), by(thrice), by(twice), by(thrice)]).toEqual(["2", "3", "2", "3"]);
  });

  it("with asynchronous calls under way do not meet", async () => {
    const pending = [
      check({ expr: "x'*S*x", wrt: "x", vars, answer: "x'*(S + S')" }),
      evaluate({ expr: "2*x", at: { x: [1, 2] } }),
      check({ expr: "x'*S*x", wrt: "x", vars, answer: "2*x'*S" }),
    ];
    overflow();
    expect(ascii(differentiate({ expr: "x'*S*x", wrt: "x", vars }))).toBe("x'*(S + S')");
    const [right, value, wrong] = await Promise.all(pending);
    expect(right).toMatchObject({ verdict: "agrees" });
    expect(value).toMatchObject({ value: [2, 4] });
    expect(wrong).toMatchObject({ verdict: "differs" });
  });
});

describe("when the tables are emptied", () => {
  it("answers are the same, and terms handed in still work", () => {
    const parsed = parse("x'*S*x", { vars });
    const before = differentiate({ expr: "x'*S*x", wrt: "x", vars });
    if (!parsed.ok || !before.ok) throw new Error("refused");
    const epoch = internEpoch();
    overflow();
    const after = differentiate({ expr: "x'*S*x", wrt: "x", vars });
    expect(internEpoch()).toBe(epoch + 1);
    expect(ascii(after)).toBe(before.ascii);
    expect(ascii(differentiate({ expr: parsed.expr, wrt: "x" }))).toBe(before.ascii);
    expect(ascii(differentiate({ expr: before.expr, wrt: "x" }))).toBe("S' + S".split(" + ").reverse().join(" + "));
    expect(print(before.expr, { format: "ascii" })).toBe(before.ascii);
  });
});
