// What a user sees who gets something wrong: a message that says what and where, exit
// code 2, nothing on stdout, and never a stack trace.

import { describe, expect, it } from "vitest";
import { nabla } from "./harness.ts";

const MUST_SAY: readonly (readonly [title: string, argv: readonly string[], message: RegExp])[] = [
  [
    "a product of two columns",
    ["diff", "x*y", "-t", "x, y : vector(n)", "--wrt", "x"],
    /x is n×1 and y is n×1.*\n {2}x\*y\n.*\n {2}fix: x'y is a number, x ⊙ y a vector, x y' a matrix/,
  ],
  ["an element-wise product of a vector and a matrix", ["diff", "sum(w ⊙ X)", "--wrt", "w"], /w is n×1 and X is n×m: ⊙ needs equal shapes/],
  ["an unknown function", ["diff", "foo(x) + 1", "--wrt", "x"], /there is no function foo/],
  ["a bracket that is not closed", ["diff", "sum(w", "--wrt", "w"], /this \( is never closed/],
  ["a bracket that is not open", ["diff", "w)", "--wrt", "w"], /\)/],
  ["the empty string", ["diff", "", "--wrt", "w"], /nothing is written/],
  ["spaces", ["diff", "   ", "--wrt", "w"], /nothing is written/],
  ["a lone operator", ["diff", "+", "--wrt", "w"], /after `\+` something is missing/],
  ["no variable named among several", ["diff", "a*b^2"], /by which variable: a, b\?/],
  ["a claim", ["diff", "d(x^2)/dx = 2x", "--wrt", "x"], /this is a claim; an expression is wanted here/],
  ["a declaration that is none", ["diff", "x", "-t", "x : vectr(n)"], /vectr is no type.*\n.*\n.*\n {2}fix: did you mean vector\?/],
  ["an unknown layout", ["diff", "x", "--layout", "row"], /Allowed choices are numerator, denominator, mixed, vec/],
  ["a misspelt option", ["diff", "x", "--layuot", "vec"], /unknown option '--layuot'\n\(Did you mean --layout\?\)/],
  ["a misspelt command", ["dif", "x"], /unknown command 'dif'\n\(Did you mean diff\?\)/],
  ["a command as others call it", ["gradient", "x"], /unknown command 'gradient'\n\(Did you mean grad\?\)/],
  ["an expression without a command", ["x'*A*x", "--wrt", "x"], /a command comes first.*\n {2}fix: nabla diff "x'\*A\*x" --wrt …/],
  ["an expression without quotes", ["diff", "x", "+", "y"], /goes in quotes/],
  ["a missing file", ["diff", "--file", "/no/such/file"], /there is no such file/],
  ["two inputs", ["diff", "x", "--file", "/no/such/file"], /one is wanted/],
  ["a seed that is no number", ["diff", "x", "--seed", "many"], /--seed takes a whole number/],
  ["a comma without a name", ["diff", "x*y", "--wrt", "x,"], /--wrt takes names, with commas between, not "x,"/],
  ["no name at all", ["code", "x*y", "--wrt", ""], /--wrt takes names, with commas between, not ""/],
  ["a Hessian of a vector", ["hessian", "A x", "--wrt", "x"], /a Hessian belongs to a number/],
];

describe("a message", () => {
  for (const [title, argv, message] of MUST_SAY)
    it(`answers ${title}`, async () => {
      const { code, stdout, stderr } = await nabla(argv);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at |internal error/);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    });

  it("refuses a megabyte of text in seconds", async () => {
    const { code, stderr } = await nabla(["diff", "-", "--wrt", "x"], { stdin: `${"x+".repeat(500_000)}x` });
    expect(stderr).toContain("500000 are the most");
    expect(stderr.length).toBeLessThan(1000);
    expect(code).toBe(2);
  });
});

describe("large inputs", () => {
  it("brackets nested 20,000 deep are read", async () => {
    const { code, stdout } = await nabla(["diff", "-", "--wrt", "x", "-t", "x : vector(n)"], {
      stdin: `${"(".repeat(20_000)}x${")".repeat(20_000)}`,
    });
    expect(stdout).toContain("∂ x / ∂x  =  I");
    expect(code).toBe(0);
  });

  it("10,000 terms are differentiated", async () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `x^${(i % 50) + 1}`).join(" + ");
    const { code, stdout } = await nabla(["diff", "-", "--wrt", "x", "-t", "x : scalar"], { stdin: text });
    expect(stdout).toContain("∂ (…) / ∂x  =  ");
    expect(stdout).toContain("10000x⁴⁹");
    expect(stdout).toContain("✓");
    expect(code).toBe(0);
  });
});

describe("help", () => {
  it("leads with examples", async () => {
    const { code, stdout } = await nabla(["--help"]);
    expect(stdout).toMatch(/^Examples:\n {2}nabla diff /);
    expect(code).toBe(0);
    expect((await nabla([])).stdout).toBe(stdout);
  });

  it("exists for every command", async () => {
    for (const command of ["diff", "grad", "eval", "rules", "batch"]) {
      const { code, stdout } = await nabla([command, "--help"]);
      expect(stdout).toContain(`Usage: nabla ${command}`);
      expect(code).toBe(0);
    }
  });

  it("the version is that of the package", async () => {
    const { code, stdout } = await nabla(["--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });
});
