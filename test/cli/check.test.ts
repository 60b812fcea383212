// `nabla check`: what is printed, and what the process ends with.

import { describe, expect, it } from "vitest";
import { file, nabla } from "./harness.ts";

describe("check", () => {
  it("ends with 0 for what is right, 1 for what is refuted, 2 for bad input", async () => {
    expect((await nabla(["check", "d(x'A x)/dx = x'(A + A')"])).code).toBe(0);
    expect((await nabla(["check", "d(x'A x)/dx = (A + A')x"])).code).toBe(0);
    expect((await nabla(["check", "d(x'A x)/dx = (A + A')x", "--layout", "numerator"])).code).toBe(1);
    expect((await nabla(["check", "d(x'A x)/dx = 2x'A"])).code).toBe(1);
    expect((await nabla(["check", "d(x y)/dx = y"])).code).toBe(2);
    expect((await nabla(["check", "d(x)/dx"])).code).toBe(2);
  });

  it("a counterexample has as many digits as tell its two numbers apart", async () => {
    expect((await nabla(["check", "1/3 = 0.3333333"])).stdout).toMatch(/right is 0\.33333333, the claim says 0\.3333333\n/);
    const notes = file("close.md", "Then $\\frac{d}{dx} \\frac{x}{3} = 0.3333333$.");
    expect((await nabla(["check", notes, "-t", "x : scalar"])).stdout).toMatch(/0\.33333333 on the left and 0\.3333333 on the right/);
  });

  it("declarations, several claims, stdin", async () => {
    const { stdout, code } = await nabla(["check", "-t", "x, y : scalar", "d(x y)/dx = y", "d(x y)/dy = y"]);
    expect(stdout).toMatch(/✓ proved {2}d\(x y\)\/dx = y[\s\S]*✗ refuted {2}d\(x y\)\/dy = y/);
    expect(code).toBe(1);
    expect((await nabla(["check", "-"], { stdin: "d(x^2)/dx = 2x\n" })).stdout).toMatch(/proved/);
    expect((await nabla(["check"], { stdin: "-x = 0 - x" })).code).toBe(0);
  });

  it("json holds everything", async () => {
    const { stdout } = await nabla(["check", "d(x'A x)/dx = 2x'A", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      verdict: "refuted",
      truth: { ascii: "x'*(A + A')", shape: ["1", "n"] },
      counterexample: { sizes: { n: 2 } },
      diagnosis: [{ mistake: "transpose" }, { mistake: "symmetric" }],
    });
    expect(JSON.parse((await nabla(["check", "d(x)/dx = (", "--format", "json"])).stdout)).toMatchObject({ ok: false });
  });

  it("documents have the convention for symmetric variables that is asked for, and refuse what is not theirs", async () => {
    const notes = file(
      "symmetric.md",
      "Let $S$ be a symmetric $n \\times n$ matrix. Then $\\frac{\\partial \\log\\det S}{\\partial S} = S^{-1}$.",
    );
    expect((await nabla(["check", notes])).code).toBe(0);
    expect((await nabla(["check", notes, "--symmetry", "free"])).code).toBe(0);
    expect((await nabla(["check", notes, "--symmetry", "entries"])).code).toBe(1);
    for (const [option, message] of [
      ["--write", /--write goes with --fix/],
      ["--latex", /the formulas of documents are LaTeX/],
    ] as const) {
      const { code, stderr, stdout } = await nabla(["check", notes, option]);
      expect(stderr).toMatch(message);
      expect([code, stdout]).toEqual([2, ""]);
    }
    expect((await nabla(["check", "x = x", "--write"])).stderr).toMatch(/--fix and --write are for documents/);
  });

  it("a chain is judged link by link", async () => {
    const { stdout, code } = await nabla(["check", "d(x'A x)/dx = x'A + x'A' = 2x'A"]);
    expect(stdout).toMatch(/✓ {2}d\(x'A x\)\/dx = x'A \+ x'A'[\s\S]*✗ {2}= 2x'A/);
    expect(code).toBe(1);
  });

  it("what is said behind a claim makes no chain of it", async () => {
    const claims = ["d(x'*S*x)/dx = 2*x'*S, S = S'", "d(y'*y)/dx = 2*y'*A, where y = A*x", "np.sum(X, axis=0) = ones(m)'*X"];
    for (const claim of claims) {
      const { stdout, code } = await nabla(["check", claim]);
      expect(stdout).toMatch(/^✓ proved/);
      expect(code).toBe(0);
    }
  });

  it("a derivation comes from a file", async () => {
    const path = file("steps.txt", "u = x^2\ny = sin(u)\ndy/du = cos(u)\ndy/dx = cos(x^2)\n");
    const { stdout, code } = await nabla(["check", "--steps", path]);
    expect(stdout).toMatch(/the first wrong one is line 4: dy\/dx = cos\(x\^2\)/);
    expect(stdout).toMatch(/the derivative of the inside is missing/);
    expect(code).toBe(1);
    expect((await nabla(["check", "--steps", file("none.txt", "x +\n")])).code).toBe(2);
    expect((await nabla(["check", "--steps", path, "x = x"])).stderr).toMatch(/two inputs/);
  });

  it("batch judges claims and derivations", async () => {
    const lines = [
      { id: 1, claim: "d(x'A x)/dx = 2 x'A" },
      { id: 2, steps: "u = x^2\ndu/dx = 2x" },
      { id: 3, claim: 3 },
      { id: 4, claim: "d(x)/dx" },
    ];
    const { stdout } = await nabla(["batch"], { stdin: lines.map((l) => JSON.stringify(l)).join("\n") });
    const answers = stdout
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l));
    expect(answers).toMatchObject([
      { id: 1, ok: true, verdict: "refuted" },
      { id: 2, ok: true, accepted: true },
      { id: 3, ok: false, error: { code: "request" } },
      { id: 4, ok: false, error: { code: "type" } },
    ]);
  });

  it("eval compares a derivative with difference quotients", async () => {
    const data = file("at.json", JSON.stringify({ w: [1, 2], x: [3, 4] }));
    const good = await nabla(["eval", "sum(exp(w .* x))", "--wrt", "w", "--at", data, "--check-gradient"]);
    expect(good.stdout).toMatch(/the derivative agrees[\s\S]*forward +central +Richardson +complex step/);
    expect(good.code).toBe(0);
    const bad = await nabla(["eval", "sum(w .* x)", "--wrt", "w", "--at", data, "--gradient", file("g.json", "[3, 5]")]);
    expect(bad.stdout).toMatch(/the derivative differs[\s\S]*entry 2: 5 is given, 4 by differences/);
    expect(bad.code).toBe(1);
  });
});
