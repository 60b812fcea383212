// Claims and what is said of them: the spellings of a derivative, the verdicts, the smallest
// counterexample, and the mistakes that people make.

import { describe, expect, it } from "vitest";
import { openClaims } from "../../src/library/claim/claim.ts";
import type { CheckedClaim, ClaimQuestion } from "../../src/library/claim/verdict/verdict.ts";

const check = await openClaims();
const judged = (claim: string, more: Partial<ClaimQuestion> = {}): CheckedClaim => {
  const result = check({ claim, ...more });
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result;
};
const fault = (claim: string): string => {
  const result = check({ claim });
  return result.ok ? "" : (result.diagnostics[0]?.message ?? "");
};

// biome-ignore format: one spelling a line
const SPELLINGS: readonly string[] = [
  "d(x'*A*x)/dx = x'*(A + A')",
  "∂(xᵀ A x)/∂x = xᵀ (A + Aᵀ)",
  "∂/∂x (x'A x) = x'(A + A')",
  "d/dx (x'A x) = x'(A + A')",
  "diff(x'A x, x) = x'(A + A')",
  "grad(x'A x, x) = (A + A')x",
  "∇_x (x'A x) = (A + A')x",
  "f = x'A x; df/dx = x'(A + A')",
  "d²(x'A x)/dx² = A + A'",
  "d^2(x'A x)/dx^2 = A + A'",
  "f = x'A x; ∂²f/∂x∂xᵀ = A + A'",
  "hess(x'A x, x) = A + A'",
  "d(x'A x)/dx^T = x'(A + A')",
  "d(x'A x)/dx = d(tr(A x x'))/dx",
  "tr(A B) = tr(B A)",
  "d(x)/dx = I",
  "d(sum(x))/dx = 1⃗'",
  "d(b)/dx = 0",
  "hess(x'x, x) = 2 eye(k)",
  "d(A x)/dx = A",
  "u = w .* x; du/dw = diag(x)",
  "u = w .* x; y = sum(u); dy/du = 1⃗'",
  "u = w .* x; y = sum(u.^2); dy/dw = dy/du * du/dw",
  "u = x^2; y = x + u; dy/dx = ∂y/∂x + ∂y/∂u ∂u/∂x",
  "x : scalar; d(log(sin(x)^2))/dx = 2 cos(x)/sin(x)",
  "x : scalar; d(sin(x)^2)/dx = 2 sin(x) cos(x)",
];

describe("a right claim", () => {
  it("that has no value everywhere the other side has one is not proved by what joins its functions", () => {
    expect(judged("x, y : scalar; log(x/y) = log(x) - log(y)")).toMatchObject({ verdict: "holds", accepted: true });
  });

  for (const claim of SPELLINGS)
    it(`is proved: ${claim}`, () => {
      expect(judged(claim)).toMatchObject({ verdict: "proved", accepted: true, diagnosis: [] });
    });

  it("that normal forms do not settle holds, exactly where all is rational", () => {
    const rational = judged("inv(I + A B) A = A inv(I + B A)");
    expect(rational).toMatchObject({ verdict: "holds", evidence: { kind: "residues", points: 16, chance: 1e-6, opaque: [] } });
    const real = judged("log(a b) = log(a) + log(b)");
    expect(real).toMatchObject({ verdict: "holds", evidence: { kind: "values", tolerance: 1e-12 } });
    expect(real.reason).toMatch(/only one side/);
  });
});

describe("another form of the right answer", () => {
  it("is told the layout, accepted unless a layout was asked for", () => {
    const claim = "d(x'A x)/dx = (A + A')x";
    expect(judged(claim)).toMatchObject({ verdict: "other layout", accepted: true, layout: "denominator" });
    expect(judged(claim, { layout: "numerator" })).toMatchObject({ verdict: "other layout", accepted: false });
    expect(judged(claim, { layout: "denominator" })).toMatchObject({ verdict: "proved", accepted: true });
    expect(judged("d(tr(A X))/dX = A'").reason).toMatch(/denominator-layout form/);
  });

  it("is told the convention for a symmetric variable", () => {
    const of = (right: string, more: Partial<ClaimQuestion> = {}): CheckedClaim =>
      judged(`S : symmetric(n); A : matrix(n, n); grad(tr(A S), S) = ${right}`, more);
    expect(of("(A + A')/2")).toMatchObject({ verdict: "proved", symmetry: "symmetric" });
    expect(of("A + A' - diag(diag(A))")).toMatchObject({ verdict: "other layout", symmetry: "entries", accepted: true });
    expect(of("A'")).toMatchObject({ verdict: "other layout", symmetry: "free" });
    expect(of("A'", { symmetry: "entries" })).toMatchObject({ accepted: false });
    expect(of("A + A'").verdict).toBe("refuted");
  });

  it("is told to be the partial derivative where names between are held", () => {
    expect(judged("u = x^2; y = x + u; dy/dx = 1")).toMatchObject({ verdict: "other layout", partial: true });
    expect(judged("u = x^2; y = x + u; dy/dx = 1 + 2x").verdict).toBe("proved");
  });
});

// biome-ignore format: a table is read by columns
const WRONG: readonly (readonly [claim: string, mistake: string])[] = [
  ["d(x'A x)/dx = 2x'A",                                      "transpose"],
  ["d(x'A x)/dx = x'A",                                       "product rule"],
  ["d(x'A x)/dx = x'(A - A')",                                "sign"],
  ["d(x'A x)/dx = -x'(A + A')",                               "sign"],
  ["d(norm2(X w - y)^2)/dw = (X w - y)'X",                    "factor 1/2"],
  ["d(1/2 norm2(X w - y)^2)/dw = 2(X w - y)'X",               "factor 2"],
  ["d(mean(x))/dx = ones(n)'",                                "sum and mean"],
  ["d(sin(x^2))/dx = cos(x^2)",                               "chain rule"],
  ["d(exp(a'x))/dx = exp(a'x)",                               "shape"],
  ["d(exp(x'x))/dx = exp(x'x) x'",                            "factor 1/2"],
  ["d(relu(x))/dx = (x > 0)",                                 "diag"],
  ["d(w .* x)/dw = x",                                        "diag"],
  ["grad(tr(A inv(X)), X) = -inv(X)*A'*inv(X)",               "inverse transposed"],
  ["X : matrix(n,n); grad(logdet(X), X) = inv(X)",            "transposed"],
  ["A, X : matrix(n,n); grad(tr(A X), X) = A + A' - diag(diag(A))", "symmetric"],
  ["inv(A B) = inv(A) inv(B)",                                "order"],
  ["d(x^3)/dx = 3x^3",                                        "exponent"],
  ["x : scalar; d(sin(x))/dx = sin(x)",                                   "function"],
  ["d(A x)/dx = A + x",                                       "shape"],
  ["d(x'x)/dx = 2x'x",                                        "shape"],
  ["d(x.^2)/dx = 2diag(x) + I",                               "extra term"],
  ["A : matrix(n,n); d(sum((A x).^2))/dx = 2(A x)' .* 1⃗'",    "chain rule"],
  ["A, B, X : matrix(n,n); grad(tr(A X B), X) = A' .* B'",    "element-wise"],
];

describe("a wrong claim", () => {
  for (const [claim, mistake] of WRONG)
    it(`is refuted, and the mistake named: ${claim} (${mistake})`, () => {
      const { verdict, accepted, diagnosis, layout } = judged(claim);
      if (mistake === "transposed") {
        expect({ verdict, layout }).toEqual({ verdict: "other layout", layout: "numerator" });
        return;
      }
      expect({ verdict, accepted }).toEqual({ verdict: "refuted", accepted: false });
      expect(diagnosis.map((d) => d.mistake)).toContain(mistake);
    });

  // Without the change these have shapes that do not fit.
  // biome-ignore format: a table is read by columns
  it.each([
    ["d(norm2(X w - y)^2)/dw = 2 X (X w - y)",                 "transpose",    "a transpose is forgotten, at X: with X' there it is right"],
    ["d(sum((A x).^2))/dx = 2 (A .* x)' A",                    "element-wise", "⊙ stands where a product belongs, at (A .* x): with (A * x) there it is right"],
    ["A, B : matrix(m, n); d(sum(A .* B))/dA = B B'",          "shape",        undefined],
    ["d(A tanh(B x))/dx = A (1 - tanh(B x).^2) B",             "diag",         "a diag is dropped, at (1 - tanh(B x).^2): with diag(1 - tanh(B x).^2) there it is right"],
  ])("whose shapes do not fit is mended: %s", (claim, mistake, text) => {
    const { verdict, diagnosis } = judged(claim);
    expect(verdict).toBe("refuted");
    expect(diagnosis[0]?.mistake).toBe("shape");
    expect(diagnosis.map((d) => d.mistake)).toContain(mistake);
    if (text !== undefined) expect(diagnosis.map((d) => d.text)).toContain(text);
  });

  it("about a name that does not depend on the variable is told so", () => {
    const { verdict, diagnosis } = judged("d(f)/dx = 2x");
    expect(verdict).toBe("refuted");
    expect(diagnosis).toEqual([{ mistake: "constant", text: "f does not depend on x as it stands: say how, or define it before" }]);
  });

  it("in a layout that was not asked for comes with what was mistaken", () => {
    const { diagnosis } = judged("X : matrix(n,n); grad(logdet(X), X) = inv(X)", { layout: "denominator" });
    expect(diagnosis.map((d) => d.mistake)).toEqual(expect.arrayContaining(["other layout", "transposed", "inverse transposed"]));
  });

  it("comes with the smallest sizes and small whole entries", () => {
    const { counterexample, truth } = judged("d(x'A x)/dx = 2x'A");
    expect(truth?.ascii).toBe("x'*(A + A')");
    expect(counterexample).toMatchObject({ sizes: { n: 2 } });
    const entries = Object.values(counterexample?.at ?? {}).flat(2) as number[];
    expect(entries.every((x) => Number.isInteger(x) && Math.abs(x) <= 3)).toBe(true);
    expect(counterexample?.expected).not.toBe(counterexample?.claimed);
    expect(judged("d(x'A x)/dx = x'A").counterexample).toMatchObject({ sizes: { n: 1 }, expected: 2, claimed: 1 });
  });

  it("has a counterexample that meets the attributes", () => {
    const { counterexample } = judged("S : posdef(n); d(logdet(S))/dS = 2inv(S)");
    expect(counterexample?.at.S).toBe(1);
    const orthogonal = judged("Q : orthogonal(n); Q' = Q").counterexample?.at.Q as number[][];
    expect(orthogonal.map((row) => row.reduce((t, x) => t + x * x, 0))).toEqual(orthogonal.map(() => 1));
  });
});

describe("the sides of a claim", () => {
  it("are shown in the plain notation, the power of e as it was written", () => {
    const { left, right } = judged(String.raw`\frac{\partial e^{t A}}{\partial t} = A e^{t A}`, {
      declarations: "A : matrix(n, n); t : scalar",
    });
    expect([left, right]).toEqual(["∂(e^(t A))/∂t", "A e^(t A)"]);
  });
});

describe("the diagnosis", () => {
  const said = (claim: string): string =>
    judged(claim)
      .diagnosis.map((d) => d.text)
      .join("; ");

  it("of an equation without a derivative names no rule of derivatives, and no factor where a constant is claimed", () => {
    expect(said("A*x*(x'*y) = A*x")).toMatch(/a factor is missing/);
    expect(said("A*x*(x'*y) = A*x")).not.toMatch(/chain rule/);
    expect(said("S : symmetric(n); Q = inv(eye(n) - S)*(eye(n) + S); Q'*Q = eye(n)")).not.toMatch(/a factor/);
  });

  it("names no factor that makes everything vanish", () => {
    expect(said("e, m, s : vector(d); z = m + s .* e; d(sum(log(1 + exp(z))))/ds = (sigmoid(z) .* s)'")).not.toMatch(/0⃗/);
  });
});

describe("a claim about matrices that nothing says are symmetric", () => {
  it.each([
    ["\\nabla_\\mu \\left(-\\tfrac12 (x-\\mu)^\\top \\Sigma^{-1} (x-\\mu)\\right) = \\Sigma^{-1}(x-\\mu)", "Σ is symmetric"],
    ["d(logdet(L*L' + P))/dL = 2*inv(L*L' + P)*L + 0*M*L", "P is symmetric"],
    ["grad(x'*A*x*(x'*B*x), x) = 2*A*x*(x'*B*x) + 2*(x'*A*x)*B*x", "A, B are symmetric"],
  ])("%s is right where %s", (claim, words) =>
    expect(
      judged(claim)
        .diagnosis.map((d) => d.text)
        .join(),
    ).toContain(words),
  );

  it("and is not told so where that does not make it right", () => {
    expect(JSON.stringify(judged("d(x'*A*x)/dx = x'*A").diagnosis)).not.toContain("is symmetric");
  });
});

describe("what is no claim, or cannot be judged", () => {
  it("is a fault of the input", () => {
    expect(fault("d(x)/dx")).toMatch(/no claim/);
    expect(fault("d/dlog(σ) (σ^2) = 2σ^2")).toMatch(/log is a function, and one differentiates by a variable/);
    expect(fault("f(x) = x^3")).toMatch(/no claim here: this defines f/);
    expect(fault("A : matrix(n, n); rank(A) = tr(A)")).toMatch(/this defines rank/);
    expect(fault("d(x'*x)/dx == 2*x'")).toMatch(/written with one =/);
    expect(fault("x'*x == norm2(x)^2")).toMatch(/written with one =/);
    expect(fault("d(x y)/dx = y")).toMatch(/x y has no meaning/);
    expect(fault("d(x)/dx = foo(")).toMatch(/never closed/);
    expect(fault("d(y^2)/dx = 4 y, where y = 2 x and x > 1")).toMatch(
      /behind `where` stand definitions, and what is known of names, alone/,
    );
    expect(fault("K : matrix(n, n); d(logdet(K))/dt = -tr(inv(K)*dK/dt)")).toMatch(/nothing says how K depends on t/);
    expect(fault("")).not.toBe("");
  });

  it("is undecided with a reason, never silently right", () => {
    expect(judged("sqrt(-1 - x^2) = log(-1 - x^2)")).toMatchObject({
      verdict: "undecided",
      accepted: false,
      reason: "no point was found at which the expression has a finite value away from kinks",
    });
  });

  it("takes deep and long input without harm", () => {
    const deep = `${"(".repeat(2000)}x${")".repeat(2000)}`;
    expect(judged(`d(${deep}^2)/dx = 2x`).verdict).not.toBe("refuted");
    const long = Array.from({ length: 400 }, (_, i) => `${i + 1}*x`).join(" + ");
    expect(judged(`x : scalar; d(${long})/dx = 80200`).verdict).toBe("proved");
    expect(judged(`x : scalar; d(${long})/dx = 80201`).verdict).toBe("refuted");
  });
});

describe("the gradient of a claim", () => {
  it.each([
    ["grad(a'*X*b, X) = a b'", "proved"],
    ["∇_X (aᵀ X b) = a bᵀ", "proved"],
    ["grad(a'*inv(X)*b, X) = inv(X)' a b' inv(X)'", "refuted"],
  ])("is that of a number, which tells the shapes: %s", (claim, verdict) => {
    expect(judged(claim).verdict).toBe(verdict);
  });
});

describe("a derivative of a claim by a matrix", () => {
  it.each([
    ["∂(aᵀ X b)/∂X = b aᵀ", "proved"],
    ["∂(aᵀ X b)/∂X = a bᵀ", "other layout"],
    ["d(a'*X*b)/dX = a*b", "refuted"],
  ])("has its letters read so that the product is a number: %s", (claim, verdict) => {
    expect(judged(claim).verdict).toBe(verdict);
  });
});

describe("claims by entries at a fixed index", () => {
  const declarations = "x : vector(n); A : matrix(m,n); S : matrix(n,n)";
  it.each([
    "d(sum(x.^2))/dx_j = 2*x_j",
    "\\frac{\\partial}{\\partial x_j} \\sum_{i=1}^n x_i^2 = 2 x_j",
    "\\frac{\\partial (A x)_i}{\\partial x_j} = A_{ij}",
    "d(sum_i sum_j x_i S_ij x_j)/dx_k = sum_j (S_kj + S_jk) x_j",
  ])("%s is right", (claim) => expect(judged(claim, { declarations })).toMatchObject({ accepted: true }));

  it("are refuted where they are wrong", () => {
    expect(judged("d(sum(x.^2))/dx_j = 3*x_j", { declarations })).toMatchObject({ verdict: "refuted" });
    expect(judged("d(sum(A*x))/dx_j = sum_i A_ji", { declarations: "x : vector(n); A : matrix(n,n)" })).toMatchObject({
      verdict: "refuted",
    });
  });
});

describe("claims that differ somewhere only", () => {
  it.each([
    ["abs(x*y) = x*y", "x, y : scalar"],
    ["abs(x*y*z) = abs(x)*y*abs(z)", "x, y, z : scalar"],
    ["max(x*y, 0) = x*y", "x, y : scalar"],
    ["sqrt(x^2*y^2) = x*y", "x, y : scalar"],
  ])("%s is refuted", (claim, declarations) => expect(judged(claim, { declarations })).toMatchObject({ verdict: "refuted" }));
});

it("a claim about a matrix function is refuted where mutations would not fit its vectors", () => {
  expect(judged("d(tr(A*expm(X)))/dX = expm(X)*A")).toMatchObject({ verdict: "refuted" });
});

describe("a derivative inside a side that is not read as one", () => {
  it.each([
    "y = sin(x); z = exp(x); y*d^4z/dx^4 = z*d^4y/dx^4",
    "y = sin(x); z = exp(x); y d^4z/dx^4 = z d^4y/dx^4",
    "f = x^2; g = x*(df/dx); g = 2x^2",
  ])("is no quotient of numbers: %s", (claim) => {
    expect(fault(claim)).toMatch(/is a derivative here/);
  });
});

describe("what a reading would make right by another meaning", () => {
  it.each([
    ["f = y^2; y = x^2; d/dx (∂f/∂y) = 0", "a derivative stands only as a whole side of a claim"],
    ["L = m*v^2/2; d/dt(∂L/∂v) = 0", "a derivative stands only as a whole side of a claim"],
    ["x, y : vector(n)\nf = x'*y; ∂f/∂(x,y) = [y, x]", "a derivative stands only as a whole side of a claim"],
    ["x : vector(n)\n∂(x'*x)/∂x^2 = 1", "a first derivative by a power of x is not understood"],
    ["f(x) = x'*A*x; Df(y)[h] = x'*(A + A')*h", "there is no function Df"],
    ["V = x'*P*x; V̇ = 0", "there is no claim here: this defines V̇"],
    ["\\ln L = -θ x + \\ln θ; \\frac{dL}{dθ} = 0", "only one expression or claim can be asked about at a time"],
  ])("is not read so: %s", (claim, message) => expect(fault(claim)).toBe(message));
});

describe("a name that depends on another in two ways", () => {
  const declarations = "t : scalar; x(t) : scalar; z(x,t) : scalar";

  it.each(["dz/dt = ∂z/∂t", "dz/dt = ∂z/∂x dx/dt + ∂z/∂t"])("has a partial derivative that is not told: %s", (claim) => {
    expect(check({ claim, declarations })).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
  });
});

describe("derivatives of names that depend on others", () => {
  it.each([
    ["x : scalar; u(x), v(x) : scalar", "d(u v)/dx = u dv/dx + v du/dx"],
    ["x : scalar; u(x), v(x) : scalar", "d(u/v)/dx = (v du/dx - u dv/dx)/v^2"],
    ["x : vector(n); u(x), v(x) : vector(m)", "d(u'v)/dx = u'*dv/dx + v'*du/dx"],
    ["x : vector(n); u(x), v(x) : vector(m)", "u' ∂v/∂x + v' ∂u/∂x = ∂(u'v)/∂x"],
    ["x : scalar; U(x) : matrix(n,n)", "d(inv(U))/dx = -inv(U)*dU/dx*inv(U)"],
    ["x : scalar; U(x) : matrix(n,n)", "d(logdet(U))/dx = tr(inv(U)*dU/dx)"],
    ["t : scalar; x(t) : scalar", "z = x^2; dz/dt = 2 x dx/dt"],
    ["t : scalar; x(t), y(t) : scalar", "z = x*y; dz/dt = y dx/dt + x dy/dt"],
    ["x : vector(n); u(x) : vector(m)", "f = u'*u; df/dx = 2*u'*du/dx"],
  ])("%s: %s is proved", (declarations, claim) => {
    expect(judged(claim, { declarations })).toMatchObject({ verdict: "proved" });
  });

  it("by a name that depends on others vary it by itself", () => {
    const declarations = "t : scalar; x(t) : scalar";
    expect(judged("z = x^2; dz/dt = dz/dx dx/dt", { declarations })).toMatchObject({ verdict: "proved" });
    expect(judged("z = x^2; dz/dt = 2 dz/dx dx/dt", { declarations })).toMatchObject({ verdict: "refuted" });
  });

  it("with a wrong sign are refuted", () => {
    const defined = judged("z = x*y; dz/dt = y dx/dt - x dy/dt", { declarations: "t : scalar; x(t), y(t) : scalar" });
    expect(defined).toMatchObject({ verdict: "refuted" });
    const wrong = judged("d(u v)/dx = u dv/dx - v du/dx", { declarations: "x : scalar; u(x), v(x) : scalar" });
    expect(wrong).toMatchObject({ verdict: "refuted", diagnosis: [{ mistake: "sign" }] });
  });
});

describe("a mark beside other things, at a function that the claim defines", () => {
  it.each([
    ["f(x) = x^3; A*f' = 3x^2*A", "f'", "f' may be a derivative here or the transpose of a number"],
    ["f(x) = x^3; sum(A)*f' = 3x^2*sum(A)", "f'", "f' may be a derivative here or the transpose of a number"],
  ])("%s is not judged", (claim, place, message) => {
    const checked = check({ claim });
    expect(checked.ok).toBe(false);
    if (checked.ok) return;
    const [{ span, message: said }] = checked.diagnostics as [(typeof checked.diagnostics)[0]];
    expect(said).toBe(message);
    expect(checked.source.slice(span.start, span.end)).toBe(place);
  });
});

it("refuses inverse functions, which are no reciprocals", () => {
  expect(fault("(f^{-1})'(x) = 1/f'(f^{-1}(x))")).toContain("inverse function");
  expect(judged("(f^{-1})' = -f'/f^2").verdict).toBe("proved");
});

it("says in which order products without a sign beside ⊙ are taken where it matters", () => {
  const declarations = "A, B, C : matrix(n, n)";
  expect(judged("A ⊙ B C = (A ⊙ B) C", { declarations }).assumptions.join()).toContain("from left to right");
  expect(judged("A ⊙ B C = B C ⊙ A", { declarations })).toMatchObject({
    verdict: "proved",
    assumptions: ["products without a sign are taken before ⊙, ⊗ and ·"],
  });
  expect(judged("A ⊙ (B C) = (B C) ⊙ A", { declarations }).assumptions).toEqual([]);
});

it.each(["d(x'x)/dx = 2x'*tr(I)", "d(x'x)/dx = 2x' + sum(I)"])("an identity whose size nothing settles is no misfit: %s", (claim) =>
  expect(fault(claim)).toBe("nothing settles the size of I"),
);
