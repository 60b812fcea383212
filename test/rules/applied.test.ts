// Rules that rewrite are applied: both sides of every identity and contraction have one
// normal form, and a contraction finds its factors among others.
//
// Not here: that they are right (rules.test.ts) and where conditions forbid them
// (conditions.test.ts).

import { describe, expect, it } from "vitest";
import { checkEqual } from "../../src/check/answer.ts";
import { compareTerms } from "../../src/check/equal.ts";
import { apply, call, mul, num } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import type { FunctionInfo } from "../../src/expr/functions.ts";
import { isMatrixShape } from "../../src/expr/shape.ts";
import { differentiate, parse, parseRules, simplify, standardLibrary, standardRules } from "../../src/index.ts";
import { toTensor } from "../../src/tensor/convert/convert.ts";
import { declared, library, numeric } from "./claims.ts";

const { rules } = standardRules();
const rewriting = rules.filter((r) => r.kind === "identity" || r.kind === "contraction");

/** A sum is contracted where it is a factor with an exponent, as below a fraction line. */
const used = (e: Expr, isSum: boolean): Expr => (isSum ? apply("pow", [e, num(-1)]) : e);

describe("the normal form of both sides is the same", () => {
  it.each(rewriting.map((r) => [r.name, r] as const))("by %s", (_, rule) => {
    const isSum = rule.left.kind === "apply" && rule.left.op === "add";
    const [left, right] = [rule.left, rule.right].map((e) => used(declared(e, rule), isSum)) as [Expr, Expr];
    expect(toTensor(left, library)).toBe(toTensor(right, library));
  });
});

const declarations =
  "s, t : scalar; x, y : vector(n); A, B, M : matrix(n, n); Q : orthogonal(n); P : matrix(n, n) idempotent; R : matrix(n, n)";
const read = (text: string, given = declarations): Expr => {
  const parsed = parse(text, { declarations: given });
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.expr;
};

/** What stands around the left side of a rule does not hide it. */
// biome-ignore format: a table is read by columns
const AMONG_OTHERS: readonly (readonly [input: string, simplified: string])[] = [
  ["M*inv(A)*A*B",                 "M*B"],
  ["x'*A*inv(A)*y",                "x'*y"],
  ["inv(A + B)*(A + B)*x",         "x"],
  ["tr(inv(A)*B*A)",               "tr(B)"],
  ["(M*A)'*inv(M*A)'",             "eye(n)"],
  ["Q'*B*x + Q'*Q*x",              "x + Q'*B*x"],
  ["inv(Q)*x",                     "Q'*x"],
  ["P*P*P*x",                      "P*x"],
  ["tr(P*P)",                      "tr(P)"],
  ["sum(softmax(A*x))*y",          "y"],
  ["exp(A*x)/sum(exp(A*x))",       "softmax(A*x)"],
  ["exp(t)/(1 + exp(t))",          "sigmoid(t)"],
  ["y .* exp(x) ./ (1 + exp(x))",  "y .* sigmoid(x)"],
  ["t*sinh(3*t)/cosh(3*t)",        "t*tanh(3*t)"],
  ["sin(x).^2 ./ cos(x).^2",       "tan(x).^2"],
  ["max(A*x, A*x)",                "A*x"],
  ["min(A, A)",                    "A"],
  ["x'*sqrtm(A)*sqrtm(A)*y",       "x'*A*y"],
  ["inv(sqrtm(A))'*inv(sqrtm(A))'*x", "inv(A)'*x"],
  ["det(eye(n) - 2*A*x*y')",       "1 - 2*y'*A*x"],
  ["logdet(eye(n) + t*x*x')",      "log(1 + t*x'*x)"],
  ["inv(A - B)*(B - A)*x",         "-x"],
  ["inv(diag(x)*A)*y",             "inv(A)*(y ./ x)"],
  ["det(A*diag(x))",               "det(A)*prod(x)"],
  ["x'*A*pinv(A)*A*B",             "x'*A*B"],
  ["A'*(A*pinv(A))*y",             "A'*y"],
  ["pinv(A*B)*(A*B)*(A*B)'*x",     "(A*B)'*x"],
  ["(A*pinv(A))'*x",               "A*pinv(A)*x"],
  ["tr(A*pinv(A)*A*B)",            "tr(A*B)"],
  ["x'*inv(A)*inv(eye(n) + B*inv(A))*y", "x'*inv(A + B)*y"],
  ["det(A + x*y')*M*inv(A + x*y')*x", "M*adj(A)*x"],
  ["det(A - B)",                   "det(A - B)"],
  ["-sign(A*x - y)",               "sign(y - A*x)"],
  ["-max(y - A*x, -x)",            "min(A*x - y, x)"],
];

// biome-ignore format: a table is read by columns
const NOTATIONS: readonly (readonly [input: string, written: string])[] = [
  ["inv(X'*X)*X'*y",               "pinv(X)*y"],
  ["X*inv(X'*X)*X'",               "X*pinv(X)"],
  ["y'*X*inv(X'*X)",               "y'*pinv(X)'"],
  ["Z'*inv(Z*Z')",                 "pinv(Z)"],
  ["inv(Z*Z')*Z*x",                "pinv(Z)'*x"],
  ["2*inv(A + X'*X)*X'",           "2*inv(A + X'*X)*X'"],
  ["inv(X'*W*X)*X'*y",             "inv(X'*W*X)*X'*y"],
  ["(X*pinv(X))'*y",               "X*pinv(X)*y"],
  ["X*B*inv(B'*X'*X*B)*B'*X'*y",   "X*B*pinv(X*B)*y"],
  ["B*inv(B'*X'*X*B)*z",           "B*inv(B'*X'*X*B)*z"],
  ["inv(W)*X*inv(eye(n) + X'*inv(W)*X)", "inv(W + X*X')*X"],
];

describe("notations", () => {
  it.each(NOTATIONS)("%s is written %s", (input, text) => {
    const declarations =
      "X, Y : matrix(m, n); Z : matrix(n, m); A : matrix(n, n); W : matrix(m, m); B : matrix(n, p); x, y : vector(m); z : vector(p)";
    const result = simplify({ expr: input, declarations });
    expect(result.ok ? result.ascii : result.diagnostics[0]?.message).toBe(text);
  });
});

/** What the rules of a function are taken to say of all its values. */
describe("a function of a matrix that", () => {
  const ofMatrices = library.functions.all.filter(
    ({ params, result }) => params.length === 1 && isMatrixShape(result) && params[0]?.rows === params[0]?.cols,
  );
  const R = read("R");
  const values = (name: string): readonly [Expr, Expr] => {
    const f = call(library.functions.find(name) as FunctionInfo, [R]);
    return [mul(f, R), mul(R, f)];
  };

  it.each(ofMatrices.flatMap(({ name }) => (library.find(name)?.inverts ? [[name]] : [])))("is taken for the inverse is it: %s", (name) => {
    for (const product of values(name)) expect(checkEqual(numeric, read("eye(n)"), product)).toMatchObject({ ok: true });
  });

  it.each(ofMatrices.flatMap(({ name }) => (library.find(name)?.commutes ? [[name]] : [])))("is taken to commute does so: %s", (name) => {
    const [left, right] = values(name);
    expect(checkEqual(numeric, left, right)).toMatchObject({ ok: true });
  });

  const primary = ofMatrices.flatMap(({ name, primary }) => (primary ? [name] : []));
  const upper = "[eye(n); zeros(n, n)]";
  const lower = "[zeros(n, n); eye(n)]";
  const given = "S, T : posdef(n); A, B : matrix(n, n)";
  it.each(
    primary.flatMap((name) => [
      // f of a block triangular matrix, a block of it.
      [`${upper}'*${name}([S, B; zeros(n, n), T])*${upper}`, `${name}(S)`],
      [`${lower}'*${name}([S, B; zeros(n, n), T])*${lower}`, `${name}(T)`],
      [`${lower}'*${name}([S, B; zeros(n, n), T])*${upper}`, "zeros(n,n)"],
      [`${upper}'*${name}([S, zeros(n, n); B, T])*${lower}`, "zeros(n,n)"],
      // Beside the diagonal, where the blocks commute: f′(S) times the block. Of phi1m no f′ is stated.
      [`${upper}'*${name}([S, 3*S; zeros(n, n), S])*${lower}`, undefined],
      [`${lower}'*${name}([S, zeros(n, n); S*S, S])*${upper}`, undefined],
    ]),
  )("is primary has blocks that are simplified: %s", async (expr, expected) => {
    const result = simplify({ expr, declarations: given });
    if (!result.ok) throw new Error(result.diagnostics[0]?.message);
    if (expected !== undefined) expect(result.ascii).toBe(expected);
    else if (!expr.includes("phi1m")) expect(result.ascii).not.toContain("zeros");
    expect(checkEqual(numeric, read(expr, given), result.expr)).toMatchObject({ ok: true });
  });

  it.each(primary)("is primary has symmetric blocks that are turned round: %s", (name) => {
    const block = `${upper}'*${name}([S, T; zeros(n, n), S])*${lower}`;
    const [straight, turned] = [block, `(${block})'`].map((expr) => simplify({ expr, declarations: given }));
    if (!straight?.ok || !turned?.ok) throw new Error(block);
    expect(turned.ascii).toBe(straight.ascii);
    for (const expr of [block, `(${block})'`]) expect(checkEqual(numeric, read(expr, given), straight.expr)).toMatchObject({ ok: true });
  });

  it("is the inverse is found", () => expect(library.find("inv")?.inverts).toBe(true));
});

const BEND = `source OWN  by definition
section Bends
declare x : scalar
function bend : elementwise; kinks
bend/definition  bend(x) := max(0, x)  [OWN 1]
bend/ramp  (x > 0)*x => bend(x)  [OWN 1]
`;

describe("ramps", () => {
  const own = standardLibrary([parseRules(BEND, library.functions)]);
  it.each([
    ["sum(max(0, A*x).^2)", "2*max(0, (A*x)')*A"],
    ["sum(relu(A*x).^2)", "2*relu(A*x)'*A"],
    ["sum(bend(A*x).^2)", "2*bend(A*x)'*A"],
  ])("the derivative of %s is written with the function of the question", (expr, text) => {
    const answer = differentiate({ expr, wrt: "x", declarations: "A : matrix(m, n); x : vector(n)", library: own });
    expect(answer.ok ? answer.ascii : answer.diagnostics[0]?.message).toBe(text);
  });
});

describe("among other factors", () => {
  it.each(AMONG_OTHERS)("%s is %s", (input, simplified) => {
    expect(toTensor(read(input), library)).toBe(toTensor(read(simplified), library));
  });

  it("an inner sum of what is constant along it counts by its size", () => {
    // A⁺ A Aᵀ = Aᵀ, where A Aᵀ is n x xᵀ for A = x 1ᵀ.
    expect(toTensor(read("pinv(x*ones(n)')*x*x'*y"), library)).not.toBe(toTensor(read("x'*y*ones(n)"), library));
  });

  it("found by the library of one question, they are found by that of another", () => {
    const answers = [standardLibrary(), standardLibrary()].map((own) =>
      ["-sinh(x)", "sinh(3*x)/cosh(3*x)"].map((expr) => {
        const answer = simplify({ expr, declarations: "x : scalar", library: own });
        return answer.ok ? answer.ascii : answer.diagnostics[0]?.message;
      }),
    );
    expect(answers[0]).toEqual(["-sinh(x)", "tanh(3*x)"]);
    expect(answers[1]).toEqual(answers[0]);
  });
});

/** What looks like the left side of a rule and is none. */
// biome-ignore format: a table is read by columns
const OTHERS: readonly (readonly [input: string, careless: string])[] = [
  ["inv(A)*B",                     "eye(n)"],
  ["inv(A')*A",                    "eye(n)"],
  ["A*B*inv(A)",                   "B"],
  ["inv(A) .* A",                  "eye(n)"],
  ["sum(inv(A)*B .* A)",           "tr(B)"],
  ["inv(R)",                       "R'"],
  ["inv(A + B)",                   "inv(A) + inv(B)"],
  ["det(A + B)",                   "det(A) + det(B)"],
  ["det(2*A)",                     "2*det(A)"],
  ["sum(softmax(x) .* y)",         "sum(y)"],
  ["sum(softmax(x).^2)",           "1"],
  ["exp(x)/sum(exp(y))",           "softmax(x)"],
  ["sinh(t)/cosh(s)",              "tanh(t)"],
  ["A'*pinv(A)*x",                 "x"],
  ["(A*B*pinv(A))'",               "A*B*pinv(A)"],
  ["inv(B)*inv(eye(n) + B*inv(A))", "inv(A + B)"],
  ["P*P'*x",                       "P*x"],
  ["Q*Q*x",                        "x"],
  ["R'*R",                         "eye(n)"],
  ["R*R",                          "R"],
];

describe("a careless reading is not made", () => {
  it.each(OTHERS)("%s is not %s", (input, careless) => {
    const term = read(input);
    expect(checkEqual(numeric, term, read(careless)).ok).toBe(false);
    const answer = simplify({ expr: input, declarations, library });
    if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
    expect(checkEqual(numeric, term, answer.expr)).toMatchObject({ ok: true, undefinedAt: 0 });
  });
});

describe("a rule that is wrong", () => {
  const WRONG = `source OWN  by mistake
section Hollows
function hollow : elementwise
hollow/definition  hollow(x) := exp(-x^2)  [OWN 1]
hollow/derivative  d(hollow(x)) = -2*x*hollow(x)*dx  [OWN 1]
hollow/odd  hollow(-x) = -hollow(x)  [OWN 1]
`;

  it("proves nothing that values speak against", () => {
    const own = standardLibrary([parseRules(WRONG, library.functions)]);
    const read = (text: string): Expr => {
      const parsed = parse(text, { declarations: "x : vector(n)", library: own });
      if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
      return parsed.expr;
    };
    const outcome = compareTerms({ numeric, library: own, definitions: own.definition }, read("hollow(-x)"), read("-hollow(x)"));
    expect(outcome).toMatchObject({ kind: "differs" });
  });
});
