// The option `--symmetry` and the key `symmetry` of requests: which convention is usual
// where, and how the output names it.

import { describe, expect, it } from "vitest";
import { file, nabla } from "./harness.ts";

const TYPES = ["-t", "S : symmetric(n); A : matrix(n, n); x : vector(n)"];

async function lines(argv: readonly string[]): Promise<string[]> {
  const { stdout, stderr, code } = await nabla([...argv, ...TYPES]);
  expect([stderr, code]).toEqual(["", 0]);
  return stdout.split("\n").map((line) => line.trim());
}

describe("--symmetry", () => {
  it("is sym(G) unless chosen; the shape line says which", async () => {
    const first = async (...more: string[]): Promise<string[]> => (await lines(["grad", "tr(A*S)", "--wrt", "S", ...more])).slice(0, 2);
    const sym = ["∇_S tr(A S)  =  (A + Aᵀ)/2", "n×n, the shape of S, sym(G): the gradient among symmetric matrices"];
    expect(await first()).toEqual(sym);
    expect(await first("--symmetry", "symmetric")).toEqual(sym);
    expect(await first("--symmetry", "entries")).toEqual([
      "∇_S tr(A S)  =  A + Aᵀ − diag(diag(A))",
      "n×n, the shape of S, G + Gᵀ − diag(G): by the entries on and below the diagonal",
    ]);
    expect(await first("--symmetry", "free")).toEqual(["∇_S tr(A S)  =  Aᵀ", "n×n, the shape of S, G: all entries of S independent"]);
  });

  it("is checked under the convention that is printed, in every format", async () => {
    for (const symmetry of ["symmetric", "entries", "free"])
      for (const format of ["unicode", "ascii", "latex", "markdown"]) {
        const { stdout, stderr } = await nabla([
          "diff",
          "tr(A*S)+sum(S*x)",
          "--wrt",
          "S",
          "--symmetry",
          symmetry,
          "--format",
          format,
          ...TYPES,
        ]);
        expect(stdout + stderr).toContain("✓ agrees");
      }
  });

  it("is part of JSON where there is a choice", async () => {
    const answers = async (argv: string[]): Promise<object[]> => {
      const { stdout } = await nabla([...argv, "--format", "json", ...TYPES]);
      return (JSON.parse(stdout) as { answers: object[] }).answers;
    };
    expect(await answers(["diff", "x'*S*x", "--wrt", "S", "--symmetry", "entries"])).toMatchObject([{ symmetry: "entries" }]);
    const [byVector] = await answers(["diff", "x'*S*x", "--wrt", "x"]);
    expect(byVector).not.toHaveProperty("symmetry");
  });

  it("other variables have no such line", async () => {
    expect((await lines(["diff", "x'*S*x", "--wrt", "x", "--symmetry", "entries"]))[1]).toBe("1×n, numerator layout");
  });

  it("is free beside a derivation or a descent step, which know no other", async () => {
    const update = await lines(["grad", "tr(A*S)", "--wrt", "S", "--update"]);
    expect(update[0]).toBe("∇_S tr(A S)  =  Aᵀ");
    expect(update.join("\n")).toContain("descent step");
    expect((await lines(["diff", "tr(A*S)", "--wrt", "S", "--steps"]))[0]).toBe("∂ tr(A S) / ∂S  =  A");
    const { code, stderr } = await nabla(["diff", "tr(A*S)", "--wrt", "S", "--steps", "--symmetry", "entries", ...TYPES]);
    expect(code).toBe(2);
    expect(stderr).toContain("--symmetry entries goes without them");
  });

  it("takes three names", async () => {
    expect(await nabla(["diff", "tr(A*S)", "--wrt", "S", "--symmetry", "lower"])).toMatchObject({ code: 2 });
  });
});

describe("symmetry in values and requests", () => {
  it("eval gives the value of what diff prints", async () => {
    const data = {
      A: [
        [1, 2],
        [4, 3],
      ],
      S: [
        [1, 0],
        [0, 1],
      ],
    };
    const at = file("square.json", JSON.stringify(data));
    const value = async (...more: string[]): Promise<string> =>
      (await lines(["eval", "tr(A*S)", "--wrt", "S", "--at", at, ...more])).join(";");
    expect(await value()).toBe("1  3;3  3;");
    expect(await value("--symmetry", "entries")).toBe("1  6;6  3;");
    expect(await value("--symmetry", "free")).toBe("1  2;4  3;");
  });

  it("batch answers G unless a request chooses", async () => {
    const request = { expr: "tr(A*S)", wrt: "S", vars: { A: ["n", "n"], S: ["n", "n"] }, attrs: { S: ["symmetric"] } };
    const requests = [
      request,
      { ...request, symmetry: "symmetric" },
      { ...request, symmetry: "entries" },
      { ...request, symmetry: "upper" },
    ];
    const { stdout } = await nabla(["batch"], { stdin: requests.map((r) => JSON.stringify(r)).join("\n") });
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(answers).toMatchObject([
      { ascii: "A", symmetry: "free", check: { ok: true } },
      { ascii: "(A + A')/2", symmetry: "symmetric", check: { ok: true } },
      { ascii: "A + A' - diag(diag(A))", symmetry: "entries", check: { ok: true } },
      { ok: false, error: { code: "request", message: '"upper" is no convention for symmetric variables: symmetric, entries, free' } },
    ]);
  });
});
