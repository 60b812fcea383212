// The commands beyond the plain derivative, from arguments to streams and exit codes.

import { describe, expect, it } from "vitest";
import { file, nabla } from "./harness.ts";

const first = (text: string): string => text.split("\n")[0] as string;

describe("a command", () => {
  // biome-ignore format: a table is read by columns
  const ANSWERS: readonly (readonly [argv: readonly string[], head: string])[] = [
    [["hessian", "x'*A*y", "--wrt", "x", "--wrt", "y"],                   "∂² (xᵀ A y) / ∂x∂y  =  A"],
    [["hessian", "x'*S*x", "--wrt", "x", "-t", "S : symmetric(n)"],       "∂² (xᵀ S x) / ∂x²  =  2S"],
    [["jvp", "A*X*B", "--wrt", "X", "--along", "V"],                      "∂ (A X B) / ∂X along V  =  A V B"],
    [["vjp", "A*x", "--wrt", "x", "--upstream", "u"],                     "u : ∂ (A x) / ∂x  =  Aᵀ u"],
    [["hvp", "x'*S*x", "--wrt", "x", "--along", "v", "-t", "S : symmetric(n)"], "∂² (xᵀ S x) / ∂x² along v  =  2S v"],
    [["differential", "A*X*B", "--wrt", "X"],                             "d(A X B)  =  A dX B"],
    [["diff", "A*X*B", "--wrt", "X[i,j]"],                                "∂ (A X B) / ∂X[i,j]  =  A[:,i] B[j,:]"],
    [["diff", "t^5", "--wrt", "t", "--order", "3"],                       "∂³ t⁵ / ∂t³  =  60t²"],
    [["diff", "x'*A*y", "--wrt", "x,y", "--mixed"],                       "∂² (xᵀ A y) / ∂x∂y  =  A"],
  ];
  for (const [argv, head] of ANSWERS)
    it(argv.join(" "), async () => {
      const { code, stdout, stderr } = await nabla(argv);
      expect(first(stdout)).toBe(head);
      expect(stdout).toContain("✓ agrees");
      expect(stderr).toBe("");
      expect(code).toBe(0);
    });

  it("prints formulas alone in ascii and latex", async () => {
    expect((await nabla(["jvp", "A*X*B", "--wrt", "X", "--along", "V", "--format", "ascii"])).stdout).toBe("A*V*B\n");
    expect((await nabla(["differential", "A*X*B", "--wrt", "X", "--format", "latex"])).stdout).toContain("\\mathrm{d}\\mathbf{X}");
    const cross = await nabla(["diff", "cross(x, y)", "--wrt", "x", "--format", "latex"]);
    expect(cross.stdout).toContain("\\frac{\\partial \\left(\\mathbf{x} \\times \\mathbf{y}\\right)}");
    expect((await nabla(["vjp", "A*x", "--wrt", "x", "--format", "latex"])).stdout).toContain("\\cdot \\frac{\\partial");
  });

  it("takes several names in brackets as well", async () => {
    const answers = ["x,y", "(x, y)", "[x, y]", "{x,y}", "$x,y$"].map((by) => nabla(["grad", "x'*y", "--wrt", by, "--no-check"]));
    const [first, ...others] = (await Promise.all(answers)).map((a) => a.stdout);
    expect(first).toContain("∇_y");
    expect(new Set(others)).toEqual(new Set([first]));
  });

  it("reads a text that is a derivative of higher order", async () => {
    const plain = (await nabla(["hessian", "x'*A*x", "--wrt", "x"])).stdout;
    for (const text of ["∂²(x'*A*x)/∂x²", "d²/dx² (x'*A*x)", "hess(x'*A*x, x)", "diff(x'*A*x, x, x)", "D(x'*A*x, x, 2)"])
      expect((await nabla(["diff", text])).stdout).toBe(plain);
    expect((await nabla(["diff", "∇²(x'*A*x)", "--wrt", "x"])).stdout).toBe(plain);
    expect(first((await nabla(["diff", "∂²(x'*A*y)/∂x∂y"])).stdout)).toBe("∂² (xᵀ A y) / ∂x∂y  =  A");
  });

  it("says everything in JSON", async () => {
    const { stdout } = await nabla(["jvp", "A*X*B", "--wrt", "X", "--along", "V", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      answers: [{ ok: true, ascii: "A*V*B", along: "V", wrt: "X", order: 1, check: { verdict: "agrees" } }],
    });
  });

  it("refuses what belongs to numbers, whole variables or first derivatives", async () => {
    for (const [argv, message] of [
      [["hessian", "A*x", "--wrt", "x"], /a Hessian belongs to a number/],
      [["hessian", "x^2*y", "--wrt", "x,y"], /fix: sum\(…\) or norm2\(…\)\^2 makes a number; or declare it: y : scalar/],
      [["hvp", "A*x", "--wrt", "x"], /a Hessian belongs to a number/],
      [["jvp", "x'*x", "--wrt", "x[1]"], /a direction belongs to whole variables/],
      [["jvp", "A*x", "--wrt", "x", "--along", "A"], /shape/],
      [["jvp", "A*x", "--wrt", "x", "--along", "u", "--along", "v"], /1 variable and 2 directions: each variable moves along one/],
      [["diff", "tr(A*X)", "--wrt", "vec(X)"], /vec\(X\) is no variable[\s\S]*fix: X in vec layout: --layout vec/],
      [["diff", "x'*x", "--wrt", "x'"], /x' is no variable[\s\S]*fix: x, or x_prime for a second point; a layout/],
      [["diff", "log(s^2)", "--wrt", "s^2"], /fix: a name for the power, as v for s\^2/],
      [["diff", "x'*x", "--wrt", "x : R^n"], /x : R\^n is no variable[\s\S]*fix: x alone; -t 'x : R\^n' declares it/],
      [["diff", "x'*y", "--wrt", "x and y"], /fix: x,y for both/],
      [["diff", "x'*y", "--wrt", "x y"], /fix: x,y for both/],
      [["diff", "x'*x", "--wrt", "x(1)"], /fix: x\[1\] for an entry/],
      [["diff", "tr(X*X)", "--wrt", "X(1,2)"], /fix: X\[1,2\] for an entry/],
      [["diff", "x'*x", "--wrt", "∂x"], /fix: x$/m],
      [["diff", "x'*x", "--wrt", "x,x"], /x is named twice[\s\S]*fix: --order 2/],
      [["diff", "x^2", "--wrt", "x", "--order", "3", "--steps"], /one of order 3 has none/],
      [["diff", "∂²(x^2)/∂x²", "--steps"], /one of order 2 has none/],
      [["diff", "∂²(x^2)/∂x²", "--order", "3"], /this is a derivative of order 2, and one of order 3 is asked for/],
      [["jvp", "∂²(x^2)/∂x²"], /this is a derivative of higher order already/],
      [["differential", "∂²(x^2)/∂x²"], /this is a derivative of higher order already/],
      [["diff", "∂²(x^2)/∂x²", "--wrt", "y"], /this is a derivative already, by another variable/],
      [["diff", "x^2", "--wrt", "x", "--order", "many"], /--order takes a small whole number/],
      [["diff", "x^2", "--wrt", "x", "--view", "picture"], /--view takes differential, index, vec, einsum/],
    ] as const) {
      const { code, stdout, stderr } = await nabla(argv);
      expect(stderr).toMatch(message);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    }
  });
});

describe("views", () => {
  it("stand below what has more than two axes", async () => {
    const { stdout } = await nabla(["diff", "A*X*B", "--wrt", "X", "--no-check"]);
    const lines = stdout.split("\n").map((l) => l.trim());
    expect(lines[0]).toBe("∂ (A X B) / ∂X  =  Bᵀ ⊗ A");
    expect(lines[1]).toMatch(/vec layout, vec stacking columns$/);
    expect(lines[2]).toBe("differential dY = A dX B");
    expect(lines[3]).toMatch(/^index {8}∂Y\[i,j\]/);
    expect(lines[4]).toMatch(/^einsum {7}np\.einsum\(/);
  });

  it("stand in the place of a closed form where there is none", async () => {
    const { stdout, code } = await nabla(["diff", "exp(X)*y", "--wrt", "X", "--order", "2"]);
    expect(first(stdout)).toBe("∂²z[i]/∂X[j,k]∂X[l,p] = exp(X[i,k]) y[k] δ[k,p] δ[i,j] δ[i,l]  with  z = (exp(X) y)");
    expect(stdout).toContain("✓ agrees");
    expect(code).toBe(0);
  });

  it("come where they are asked for", async () => {
    const { stdout } = await nabla(["diff", "A*x", "--wrt", "x", "--view", "index,differential", "--no-check"]);
    expect(stdout).toContain("  differential dy = A dx\n  index        ∂y[i]/∂x[j] = A[i,j]\n");
  });
});

describe("where", () => {
  const LONG = ["diff", "sum(exp(X*w-y) .* sin(X*w-y)./ (1+(X*w-y).^2))", "--wrt", "w"];

  it("names what a long answer repeats", async () => {
    const { stdout } = await nabla(LONG);
    expect(stdout).toMatch(/\n {2}where \w+ = /);
    expect(stdout).toContain("✓ agrees");
  });

  it("is left out with --no-where", async () => {
    const { stdout } = await nabla([...LONG, "--no-where"]);
    expect(stdout).not.toContain("where");
    expect(stdout).toContain("✓ agrees");
  });

  it("is stated in every format", async () => {
    const ascii = await nabla([...LONG, "--format", "ascii"]);
    expect(ascii.stdout + ascii.stderr).toMatch(/where \w+ = /);
    const latex = await nabla([...LONG, "--format", "latex"]);
    expect(latex.stdout).toContain("\\text{where }");
    const { answers } = JSON.parse((await nabla([...LONG, "--format", "json"])).stdout);
    expect(answers[0].where[0]).toMatchObject({ name: expect.any(String), ascii: expect.any(String) });
  });
});

describe("rules check", () => {
  const good = file(
    "good.rules",
    `function bell : elementwise; range positive
bell/definition  bell(x) := exp(-x^2)
bell/derivative  d(bell(x)) = -2*x*bell(x)*dx
bell/even  bell(-x) = bell(x)
sin/double  sin(2*x) = 2*sin(x)*cos(x)
`,
  );
  const bad = file(
    "bad.rules",
    `function bell : elementwise; range positive
bell/definition  bell(x) := exp(-x^2)
bell/derivative  d(bell(x)) = 2*x*bell(x)*dx
abs/plain  abs(x) = x
abs/of-positive  abs(x) = x  if positive x
`,
  );

  it("proves rules, or finds that they hold", async () => {
    const { code, stdout } = await nabla(["rules", "check", good]);
    expect(stdout).toMatch(/bell\/definition +a definition/);
    expect(stdout).toMatch(/bell\/derivative +✓ proved/);
    expect(stdout).toMatch(/bell\/even +✓ proved/);
    expect(stdout).toMatch(/sin\/double +✓ holds at 12 random points/);
    expect(code).toBe(0);
  });

  it("refutes a wrong rule with the place where it fails", async () => {
    const { code, stdout } = await nabla(["rules", "check", bad]);
    expect(stdout).toMatch(/bell\/derivative +✗ refuted: d\(bell\(x\)\)[^\n]*\n +at x = [^\n]* numeric differentiation gives/);
    expect(stdout).toMatch(/abs\/plain +✗ refuted: [^\n]*\n +at x = -/);
    expect(stdout).toMatch(/abs\/of-positive +✓/);
    expect(code).toBe(1);
  });

  it("answers in JSON", async () => {
    const { code, stdout } = await nabla(["rules", "check", bad, "--format", "json"]);
    const answer = JSON.parse(stdout);
    expect(answer.ok).toBe(false);
    expect(answer.rules.map((r: { status: string }) => r.status)).toEqual(["stated", "refuted", "refuted", "proved"]);
    expect(answer.rules[1].check.witness.at).toHaveProperty("x");
    expect(code).toBe(1);
  });

  it("uses the rules of files before", async () => {
    const more = file("more.rules", "bell/zero  bell(0) = 1\n");
    expect((await nabla(["rules", "check", good, more])).stdout).toMatch(/bell\/zero +✓/);
    expect((await nabla(["rules", "check", more, "--rules", good])).stdout).toMatch(/bell\/zero +✓/);
  });

  it("points into a malformed file", async () => {
    const { code, stderr } = await nabla(["rules", "check", file("malformed.rules", "function f : elementwise\nf/x f(x = 3\n")]);
    expect(stderr).toMatch(/malformed\.rules:2:1: error: a rule reads/);
    expect(stderr).toContain("^^^^");
    expect(code).toBe(2);
  });

  it("wants to know which rules", async () => {
    expect((await nabla(["rules", "check"])).stderr).toContain("nabla rules check my.rules");
  });
});
