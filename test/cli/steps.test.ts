// What is shown beside an answer: derivation, backpropagation, descent step. What they
// hold is tested with src/calculus; here it is where they are printed, and when not.

import { describe, expect, it } from "vitest";
import { nabla } from "./harness.ts";

const SUM = ["diff", "sum(w .* x)", "--wrt", "w"];

describe("--steps", () => {
  it("stands between the answer and its check", async () => {
    const { stdout } = await nabla([...SUM, "--steps"]);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("∂ sum(w ⊙ x) / ∂w  =  xᵀ");
    expect(lines[1]).toBe("  1×n, numerator layout");
    expect(lines).toContain("Introduce intermediate variables");
    expect(lines).toContain("Combine: vector chain rule [PH18 §4.5.3]");
    expect(lines.at(-2)).toMatch(/^ {2}✓ agrees/);
  });

  it("does not swallow an expression behind it", async () => {
    expect((await nabla(["diff", "--steps", "x + x^2", "--wrt", "x"])).stdout).toContain("total-derivative chain rule");
  });

  it("comes in every format", async () => {
    const by = async (format: string): Promise<string> => (await nabla([...SUM, "--steps", "--format", format, "--no-check"])).stdout;
    expect(await by("ascii")).toContain("u = w .* x");
    expect(await by("latex")).toContain("\\begin{align*}");
    expect(await by("markdown")).toContain("**Differentiate each**");
    const { answers } = JSON.parse(await by("json"));
    expect(answers[0].steps.intermediates.map((i: { name: string }) => i.name)).toEqual(["u", "y"]);
  });

  it("is about first derivatives", async () => {
    const { code, stderr } = await nabla(["diff", "x'*x", "--wrt", "x", "--order", "2", "--steps"]);
    expect(stderr).toContain("one of order 2 has none");
    expect(code).toBe(2);
  });

  it("leaves the answer where there is no derivation by an entry", async () => {
    const { code, stdout, stderr } = await nabla(["diff", "x[1]^2", "--wrt", "x[1]", "-t", "x : vector(2)", "--steps"]);
    expect(stdout).toContain("=  2x[1]");
    expect(stderr).toContain("no derivation by x[1]: ");
    expect(code).toBe(0);
  });
});

describe("--steps backprop", () => {
  it("shows one forward and one backward pass for all variables", async () => {
    const { stdout } = await nabla(["diff", "(w·x + b)^2", "--wrt", "w", "--wrt", "b", "--steps", "backprop"]);
    expect(stdout.match(/^Forward$/gm)).toHaveLength(1);
    expect(stdout).toMatch(/^Gradients\n {2}∂y\/∂w = .*\n {2}∂y\/∂b = /m);
    expect(stdout.match(/✓ agrees/g)).toHaveLength(2);
  });

  it("is data in JSON", async () => {
    const { stdout } = await nabla(["diff", "x'*x", "--wrt", "x", "--steps", "backprop", "--format", "json"]);
    expect(JSON.parse(stdout).backpropagation).toMatchObject({ gradients: [{ is: { ascii: "2*x" } }] });
  });

  it("starts from a number", async () => {
    const { code, stdout, stderr } = await nabla(["diff", "A x", "--wrt", "x", "--steps", "backprop", "--no-check"]);
    expect(stderr).toContain("no backpropagation: ");
    expect(stdout).toContain("=  A");
    expect(code).toBe(0);
  });
});

describe("--update", () => {
  it("shows the descent step in the variable's shape", async () => {
    const { stdout } = await nabla(["diff", "x'*x", "--wrt", "x", "--update"]);
    expect(stdout).toMatch(/^ {2}descent step x ← x − .*η/m);
    expect(stdout).toContain("✓");
  });

  it("comes in ascii on a line of its own", async () => {
    const { stdout } = await nabla(["grad", "x'*x", "--wrt", "x", "--update", "--format", "ascii", "--no-check"]);
    expect(stdout).toMatch(/^2\*x\nx <- x - .*eta.*\n$/);
  });

  it("takes another name for the rate where eta is taken", async () => {
    expect((await nabla(["diff", "eta x'*x", "--wrt", "x", "--update", "--no-check", "-t", "eta : scalar"])).stdout).toContain("α");
  });

  it("is for numbers", async () => {
    expect((await nabla(["diff", "A x", "--wrt", "x", "--update", "--no-check"])).stderr).toContain("no descent step for x: ");
  });
});
