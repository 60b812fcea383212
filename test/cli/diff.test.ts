// `nabla diff` and `nabla grad` from arguments to streams and exit codes.

import { describe, expect, it } from "vitest";
import { file, nabla } from "./harness.ts";

const VECTORS = ["-t", "w, x : vector(n)"];

describe("an answer", () => {
  it("states derivative, shape, layout, assumptions and check", async () => {
    const { code, stdout, stderr } = await nabla(["diff", "sum(w .* x)", "--wrt", "w"]);
    const [answer, shape, assumed, check] = stdout.split("\n");
    expect(answer).toBe("∂ sum(w ⊙ x) / ∂w  =  xᵀ");
    expect(shape).toBe("  1×n, numerator layout");
    expect(assumed).toBe("  assuming w and x are vectors of length n");
    expect(check).toMatch(/^ {2}✓ agrees with numeric differentiation at 3 random points \(worst error \d/);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("does not repeat what is declared as assumed", async () => {
    expect((await nabla(["diff", "sum(w .* x)", "--wrt", "w", "--no-check", ...VECTORS])).stdout).toBe(
      "∂ sum(w ⊙ x) / ∂w  =  xᵀ\n  1×n, numerator layout\n",
    );
  });

  it("comes for several variables at once", async () => {
    const separately = ["diff", "w·x + b", "--wrt", "w", "--wrt", "b", "--no-check", "-t", "w, x : vector(n); b : scalar"];
    const { stdout } = await nabla(separately);
    expect(stdout).toBe("∂ (w·x + b) / ∂w  =  xᵀ\n  1×n, numerator layout\n\n∂ (w·x + b) / ∂b  =  1\n  a number, numerator layout\n");
    const together = await nabla(["diff", "w·x + b", "--wrt", "w, b", "--no-check", "-t", "w, x : vector(n); b : scalar"]);
    expect(together.stdout).toBe(stdout);
  });

  it("needs no variable to be named where there is only one", async () => {
    expect((await nabla(["diff", "x^2", "--no-check"])).stdout).toContain("∂ x² / ∂x  =  2x");
    expect((await nabla(["diff", "x/sum(x)", "--no-check", "--wrt", "x"])).stdout).toContain("∂ (x/sum(x)) / ∂x  =  ");
  });

  it("repeats the text where a sum over an index became another term", async () => {
    for (const text of ["prod_{i=1}^n x_i", "sum_{i<j} (x[i] - x[j])^2", "sum_{i=1}^{n-1} x[i]*x[i+1]", "\\prod_i x_i"]) {
      const { stdout } = await nabla(["diff", text, "--wrt", "x", "--no-check"]);
      expect(stdout.startsWith(`∂ (${text}) / ∂x  =  `), stdout).toBe(true);
    }
    const { stdout } = await nabla(["diff", "sum_i w[i]*x[i]", "--wrt", "x", "--no-check"]);
    expect(stdout).toContain("∂ (Σ_i w[i] x[i]) / ∂x");
  });

  it("is by an entry where one is asked for", async () => {
    const { stdout } = await nabla(["diff", "x[1]^2 x[2]", "--wrt", "x[1]", "-t", "x : vector(2)"]);
    expect(stdout).toContain("∂ (x[1]² x[2]) / ∂x[1]  =  2x[1] x[2]");
    expect(stdout).toContain("✓");
  });

  it("follows the layout", async () => {
    for (const [layout, text] of [
      ["numerator", "xᵀ\n  1×n"],
      ["denominator", "x\n  n×1"],
      ["mixed", "x\n  n×1"],
      ["vec", "xᵀ\n  1×n"],
    ] as const) {
      const { stdout } = await nabla(["diff", "sum(w .* x)", "--wrt", "w", "--layout", layout, ...VECTORS]);
      expect(stdout).toContain(`=  ${text}, ${layout} layout`);
      expect(stdout).toContain("✓");
    }
  });

  it("is a Hessian with --order 2", async () => {
    const { stdout } = await nabla(["diff", "x'*A*x", "--wrt", "x", "--order", "2", "-t", "A : symmetric(n)"]);
    expect(stdout).toContain("∂² (xᵀ A x) / ∂x²  =  2A");
    expect(stdout).toContain("n×n, Hessian");
    expect(stdout).toContain("✓");
  });

  it("names where it does not hold", async () => {
    const { stdout } = await nabla(["diff", "max(0, w·x + b)", "--wrt", "w"]);
    expect(stdout).toContain("  differentiable except where w·x + b = 0; 0 is taken there\n");
    expect((await nabla(["diff", "log(x)", "--wrt", "x"])).stdout).toContain("  for x > 0\n");
    expect((await nabla(["diff", "log(x)", "--wrt", "x", "-t", "x : positive scalar"])).stdout).not.toContain("for x");
  });

  it("uses the names of definitions that the expression uses", async () => {
    const { stdout } = await nabla(["diff", "z = X w - y; sum(z.^2)", "--wrt", "w"]);
    expect(stdout).toContain("2zᵀ X");
    expect(stdout).toContain("✓");
  });
});

describe("grad", () => {
  it("answers in the variable's shape", async () => {
    const { stdout } = await nabla(["grad", "sum((X w - y).^2)", "--wrt", "w"]);
    expect(stdout).toContain("the shape of w");
    expect(stdout).toContain("✓");
  });

  it("refuses what is not a number", async () => {
    const { code, stderr, stdout } = await nabla(["grad", "A x", "--wrt", "x"]);
    expect(stderr).toContain("error: a gradient belongs to a number, and this is m×1");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("input", () => {
  it("may start with a minus", async () => {
    const { code, stdout } = await nabla(["diff", "-x'*A*x", "--wrt", "x"]);
    expect(stdout).toContain("−xᵀ (A + Aᵀ)");
    expect(code).toBe(0);
  });

  it("reads .T as a transpose", async () => {
    expect((await nabla(["diff", "x.T*A*x", "--wrt", "x", "--no-check"])).stdout).toContain("xᵀ (A + Aᵀ)");
  });

  it("comes from stdin or a file", async () => {
    expect((await nabla(["diff", "-", "--wrt", "x", "--no-check"], { stdin: "x^3" })).stdout).toContain("3x²");
    expect((await nabla(["diff", "--wrt", "x", "--no-check"], { stdin: "x^3" })).stdout).toContain("3x²");
    const path = file("input.nabla", "w, x : vector(n)\nz = w·x\nexp(z)\n");
    expect((await nabla(["diff", "--file", path, "--wrt", "w", "--no-check"])).stdout).toContain("exp(z) xᵀ");
  });

  it("reads ⊗ element-wise in the paper's dialect", async () => {
    expect((await nabla(["diff", "sum(w ⊗ x)", "--wrt", "w", "--dialect", "paper", "--no-check"])).stdout).toContain("=  xᵀ");
  });

  it("takes rules from a file", async () => {
    const rules = file("own.rules", "section Own\nfunction snake : elementwise\nsnake/definition  snake(x) := x + sin(x)^2  [me]\n");
    const { stdout, code } = await nabla(["diff", "snake(x)", "--wrt", "x", "--rules", rules, "-t", "x : scalar"]);
    expect(stdout).toContain("✓");
    expect(code).toBe(0);
    const broken = file("broken.rules", "snake/definition  snake(x := x  [me]\n");
    const refused = await nabla(["diff", "x", "--rules", broken]);
    expect(refused.stderr).toContain("error:");
    expect(refused.code).toBe(2);
  });
});

describe("formats", () => {
  it("ascii and latex print the formula alone on stdout", async () => {
    const ascii = await nabla(["diff", "sum(w .* x)", "--wrt", "w", "--format", "ascii"]);
    expect(ascii.stdout).toBe("x'\n");
    expect(ascii.stderr).toContain("✓ agrees");
    const latex = await nabla(["diff", "sum(w .* x)", "--wrt", "w", "--format", "latex", "--no-check"]);
    expect(latex.stdout).toMatch(/^\\frac\{\\partial .*\}\{\\partial \\mathbf\{w\}\} = \\mathbf\{x\}\^\{\\top\}\n$/);
  });

  it("markdown holds the formula in LaTeX and the rest as a list", async () => {
    const { stdout } = await nabla(["diff", "sum(w .* x)", "--wrt", "w", "--format", "markdown", "--no-check"]);
    expect(stdout).toMatch(/^\$\$\n.*\n\$\$\n\n- 1×n, numerator layout\n/s);
  });

  it("json is one object with a schema version, errors included", async () => {
    const good = JSON.parse((await nabla(["diff", "x^2", "--wrt", "x", "--format", "json"])).stdout);
    expect(good).toMatchObject({
      schemaVersion: 1,
      ok: true,
      answers: [{ wrt: "x", ascii: "2*x", layout: "numerator", check: { verdict: "agrees" } }],
    });
    const bad = await nabla(["diff", "x^", "--wrt", "x", "--format", "json"]);
    expect(JSON.parse(bad.stdout)).toMatchObject({ schemaVersion: 1, ok: false, error: { code: "syntax", span: { start: 2, end: 2 } } });
    expect(bad.code).toBe(2);
  });

  it("colours only a terminal, and never against NO_COLOR", async () => {
    const argv = ["diff", "x^2", "--wrt", "x"];
    const colour = "\u001b[";
    expect((await nabla(argv, { terminal: true })).stdout).toContain(colour);
    expect((await nabla(argv, { terminal: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(colour);
    expect((await nabla(argv)).stdout).not.toContain(colour);
    expect((await nabla(argv, { env: { FORCE_COLOR: "1" } })).stdout).toContain(colour);
  });
});

describe("the check", () => {
  it("says so where it could not be made", async () => {
    const rules = file("bodiless.rules", "section Own\nfunction foo : elementwise\nfoo/derivative  d(foo(x)) = foo(x)*dx  [me]\n");
    const { stdout, code } = await nabla(["diff", "foo(x)", "--wrt", "x", "--rules", rules]);
    expect(stdout).toContain("not checked: ");
    expect(code).toBe(0);
  });

  it("withholds an answer that differs, with a witness and exit code 1", async () => {
    const rules = file(
      "wrong.rules",
      "section Own\nfunction double : elementwise\ndouble/definition  double(x) := 2*x  [me]\ndouble/derivative  d(double(x)) = 3*dx  [me]\n",
    );
    const { stdout, stderr, code } = await nabla(["diff", "double(x)", "--wrt", "x", "--rules", rules, "-t", "x : scalar"]);
    expect(stdout).toBe("");
    expect(stderr).toContain("failed its own check");
    expect(stderr).toMatch(/at x = .*: entry \(1,1\) is 3\.0+, numeric differentiation gives 2\.0+ \(seed 1\)/);
    expect(code).toBe(1);
  });
});
