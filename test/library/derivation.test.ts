// Derivations by hand, line by line: what follows, what is right by luck, what is wrong first.

import { describe, expect, it } from "vitest";
import { type CheckedSteps, checkSteps } from "../../src/index.ts";

async function judged(steps: string): Promise<CheckedSteps> {
  const result = await checkSteps({ steps });
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result;
}

const NEURON = `w, x : vector(n); b : scalar
1. u = w .* x
2. du/dw = diag(x)
3. y = sum(u)
4. dy/du = ones(n)'
5. dy/dw = dy/du du/dw
         = ones(n)' diag(x)
         = x'`;

describe("a right derivation", () => {
  it("is accepted, every unexplained step with its rule", async () => {
    const { accepted, lines, firstWrong } = await judged(NEURON);
    expect(accepted).toBe(true);
    expect(firstWrong).toBeUndefined();
    expect(lines.map((l) => l.kind)).toEqual(["declaration", "definition", "claim", "definition", "claim", "claim", "link", "link"]);
    expect(lines[2]?.because).toMatchObject([{ title: "element-wise product", source: "PH18 §4.2" }]);
    expect(lines[4]?.because).toMatchObject([{ title: "sum reduction", source: "PH18 §4.4" }]);
    expect(lines[5]?.because).toMatchObject([{ title: "vector chain rule" }]);
    expect(lines[6]).toMatchObject({ follows: true, note: "by putting in u, y", line: 7 });
  });

  it("may be in differentials, and in LaTeX", async () => {
    const { accepted, lines } = await judged(
      ["f = tr(X'*A*X)", "df = tr(dX'*A*X) + tr(X'*A*dX)", "   = tr(X'*(A + A')*dX)", "df/dX = X'*(A + A')"].join("\n"),
    );
    expect(accepted).toBe(true);
    expect(lines.map((l) => l.kind)).toEqual(["definition", "claim", "link", "claim"]);
    const latex = await judged(String.raw`f(X) = \operatorname{tr}(X^\top A X)
df &= \operatorname{tr}(dX^\top A X) + \operatorname{tr}(X^\top A\,dX) \\
   &= \operatorname{tr}(X^\top (A + A^\top)\,dX) \\
\frac{\partial f}{\partial X} = X^\top (A - A^\top)`);
    expect(latex.lines.map((l) => [l.line, l.kind, l.accepted])).toEqual([
      [1, "definition", undefined],
      [2, "claim", true],
      [3, "link", true],
      [4, "claim", false],
    ]);
  });

  it("may define functions", async () => {
    const { accepted, lines } = await judged(
      ["f(x) = x^2", "g(x) = sin(x)", "h(x) = f(g(x))", "h'(x) = f'(g(x))*g'(x)", "      = 2*g(x)*cos(x)", "      = sin(2x)"].join("\n"),
    );
    expect(accepted).toBe(true);
    expect(lines.map((l) => [l.line, l.kind, l.text])).toEqual([
      [1, "definition", "f(x) = x^2"],
      [2, "definition", "g(x) = sin(x)"],
      [3, "definition", "h(x) = f(g(x))"],
      [4, "claim", "h'(x) = f'(g(x))*g'(x)"],
      [5, "link", "= 2*g(x)*cos(x)"],
      [6, "link", "= sin(2x)"],
    ]);
    expect(lines[5]?.note).toBe("by putting in g");
    const wrong = await judged("f(x) = x^3\nf'(2) = 8\nf(x_1) = x_1^3");
    expect(wrong.lines.map((l) => l.accepted)).toEqual([undefined, false, true]);
  });

  it("needs no rule where a line explains itself", async () => {
    const { lines } = await judged("u = w .* x\ndu/dw = diag(x)   # element-wise product");
    expect(lines[1]).toMatchObject({ accepted: true });
    expect(lines[1]?.because).toBeUndefined();
  });

  it("may state an equation about a name that is known", async () => {
    const { accepted, lines } = await judged("f = (a + b)^2\nf = a^2 + 2a b + b^2\n  = a^2 + b(2a + b)");
    expect(lines.map((l) => l.kind)).toEqual(["definition", "claim", "link"]);
    expect(accepted).toBe(true);
  });
});

describe("a wrong derivation", () => {
  it("says what would make a line right", async () => {
    const { lines } = await judged("L = w'*S*w - c*(w'*w - 1)\n∇_w L = 2*S*w - 2*c*w");
    expect(lines[1]).toMatchObject({ accepted: false });
    expect(lines[1]?.diagnosis?.map((d) => d.text)).toContain("it is right where S is symmetric: S : symmetric declares that");
  });

  it("names the first wrong step though a later one is right by luck", async () => {
    const { accepted, firstWrong, lines } = await judged("A : matrix(n,n)\nd(x'A x)/dx = x'(A+A')\n = x'A + x'A\n = 2x'A\n = x'A + x'A'");
    expect(accepted).toBe(false);
    expect(firstWrong).toBe(2);
    expect(lines[2]).toMatchObject({ line: 3, verdict: "refuted", follows: false });
    expect(lines[2]?.diagnosis?.map((d) => d.mistake)).toContain("transpose");
    expect(lines[3]).toMatchObject({ verdict: "refuted", follows: true });
    expect(lines[4]).toMatchObject({ accepted: true, follows: false, note: expect.stringMatching(/does not follow/) });
  });

  it("is judged to the end where a line cannot be read", async () => {
    const { lines } = await judged("u = w .* x\nfoo bar\ndu/dw = diag(x\ndu/dx = diag(w)");
    expect(lines.map((l) => l.kind)).toEqual(["definition", "fault", "fault", "claim"]);
    expect(lines[3]?.accepted).toBe(true);
  });

  it("is told where only the partial derivative is right", async () => {
    const { lines } = await judged("u = x^2\ny = x + u\ndy/dx = 1");
    expect(lines[2]?.claim).toMatchObject({ verdict: "other layout", partial: true });
  });

  it("is refused where there is no line, or no text", async () => {
    for (const [steps, message] of [
      ["# nothing\n", /there is no claim/],
      ["\0\u0001", /this is no text/],
      ["\ufffd".repeat(9), /this is no text/],
    ] as const) {
      const result = await checkSteps({ steps });
      expect(result.ok ? "" : result.diagnostics[0]?.message).toMatch(message);
    }
  });

  it("may be an aligned display of LaTeX", async () => {
    const { lines, firstWrong } = await judged(
      "\\begin{align*}\n\\frac{\\partial}{\\partial x} x^\\top A x &= x^\\top A + x^\\top A^\\top \\\\\n &= 2 x^\\top A \\notag\n\\end{align*}",
    );
    expect(lines.map((l) => l.accepted)).toEqual([true, false]);
    expect(firstWrong).toBe(1);
    expect(lines[1]?.diagnosis?.[0]?.mistake).toBe("transpose");
  });
});
