// The library as a program uses it: text or terms in, data out.

import { describe, expect, it } from "vitest";
import {
  type Answer,
  backpropagate,
  checkRules,
  derive,
  differentiate,
  exprFromJSON,
  gradient,
  hessian,
  parse,
  parseRules,
  type Refusal,
  simplify,
  standardLibrary,
  standardRules,
} from "../../src/index.ts";

const VARS = { w: ["n"], x: ["n"], A: ["m", "n"], S: ["n", "n"], b: [] } as const;

function answered(answer: Answer | Refusal): Answer {
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
}

const fault = (answer: { ok: true } | Refusal): string =>
  answer.ok ? "answered" : `${answer.diagnostics[0]?.code}: ${answer.diagnostics[0]?.message}`;

describe("every result is plain data for JSON", () => {
  const plain = (result: unknown) => JSON.parse(JSON.stringify(result));
  const S = { vars: { S: ["n", "n"] }, attrs: { S: ["symmetric"] } };

  it("simplify", () => {
    const result = simplify({ expr: "S + S'", ...S });
    if (!result.ok) throw new Error("refused");
    const data = plain(result);
    expect(data).toMatchObject({ ok: true, ascii: "2*S", shape: ["n", "n"], assumptions: [] });
    expect(exprFromJSON(data.expr)).toBe(result.expr);
  });

  it("parse", () => {
    const result = parse("2*S", S);
    if (!result.ok) throw new Error("refused");
    const data = plain(result);
    expect(exprFromJSON(data.expr)).toBe(result.expr);
    expect(data.variables.map(exprFromJSON)).toEqual(result.variables);
  });

  it("checkRules", async () => {
    const [found] = await checkRules(
      parseRules("function bell : elementwise\nbell/definition  bell(x) := exp(-x^2)", standardLibrary().functions),
    );
    const data = plain(found);
    expect(data).toMatchObject({ status: "stated", rule: { name: "bell/definition", text: "bell(x) := exp(-x^2)" } });
    expect(exprFromJSON(data.rule.right)).toBe(found?.rule.right);
  });

  it("derive and backpropagate", () => {
    expect(plain(derive({ expr: "sum(w .* x)", wrt: "w" }))).toMatchObject({ variable: "w" });
    expect(plain(backpropagate({ expr: "sum(w .* x)", wrt: "w" }))).toBeTypeOf("object");
  });
});

describe("differentiate", () => {
  it("answers text with a term, texts, shape, layout and what was assumed", () => {
    const answer = answered(differentiate({ expr: "sum(w .* x)", wrt: "w" }));
    expect(answer).toMatchObject({
      ok: true,
      ascii: "x'",
      unicode: "xᵀ",
      latex: "\\mathbf{x}^{\\top}",
      shape: ["1", "n"],
      layout: "numerator",
      order: 1,
      wrt: "w",
    });
    expect(answer.assumptions).toEqual(["w and x are vectors of length n"]);
    expect(answer.expr).toMatchObject({ kind: "apply", op: "transpose" });
  });

  it("takes declarations as data or as text", () => {
    const data = answered(differentiate({ expr: "A x", wrt: "x", vars: VARS }));
    const text = answered(differentiate({ expr: "A x", wrt: "x", declarations: "A : matrix(m, n); x : vector(n)" }));
    expect(data.ascii).toBe("A");
    expect(text.expr).toBe(data.expr);
    expect(data.assumptions).toEqual([]);
  });

  it("takes a term as well as text", () => {
    const parsed = parse("x'*S*x", { vars: { x: ["n"], S: ["n", "n"] } });
    if (!parsed.ok) throw new Error("refused");
    const fromTerm = answered(differentiate({ expr: parsed.expr, wrt: "x" }));
    expect(fromTerm.expr).toBe(answered(differentiate({ expr: "x'*S*x", wrt: "x", vars: { x: ["n"], S: ["n", "n"] } })).expr);
  });

  it("answers in every layout", () => {
    const shapes = (["numerator", "denominator", "mixed", "vec"] as const).map((layout) =>
      answered(differentiate({ expr: "A x", wrt: "x", vars: VARS, layout })).shape.join("×"),
    );
    expect(shapes).toEqual(["m×n", "n×m", "m×n", "m×n"]);
  });

  it("states the layout that an answer of more than two axes really has", () => {
    expect(answered(differentiate({ expr: "A x", wrt: "A", vars: VARS })).layout).toBe("vec");
  });

  it("puts definitions in, and speaks in their names where that is shorter", () => {
    const question = { expr: "exp(z)", let: [["z", "w·x + b"]], wrt: "w", vars: VARS } as const;
    expect(answered(differentiate(question)).unicode).toBe("exp(z) xᵀ");
    expect(answered(differentiate({ ...question, expr: "exp(w·x + b)" })).unicode).toBe("exp(w·x + b) xᵀ");
  });

  it("ends where a product that is its own transpose stands at a fixed position", () => {
    for (const layout of ["numerator", "vec"] as const)
      expect(differentiate({ expr: "pinv(unit(n,2)*u')", wrt: "u", declarations: "x : vector(n); u : vector(m)", layout })).toMatchObject({
        ok: true,
      });
  });

  it("needs no wrt where there is one variable, and asks where there are several", () => {
    expect(answered(differentiate({ expr: "x^2" })).wrt).toBe("x");
    expect(fault(differentiate({ expr: "a*b" }))).toContain("by which variable");
    expect(fault(differentiate({ expr: "1" }))).toContain("no variable");
  });

  it("is by an entry of a vector or a matrix where asked, in both orders", () => {
    expect(answered(differentiate({ expr: "x'*x", wrt: "x[2]", vars: { x: [3] } })).ascii).toBe("2*x[2]");
    expect(answered(differentiate({ expr: "x'*A*x", wrt: "A[1,2]", vars: { x: [3], A: [3, 3] } })).ascii).toBe("x[1]*x[2]");
    expect(answered(differentiate({ expr: "sum(x.^3)", wrt: "x[1]", order: 2, vars: { x: [3] } })).ascii).toBe("6*x[1]");
  });

  it("states kinks and domains", () => {
    expect(answered(differentiate({ expr: "max(0, w·x + b)", wrt: "w" })).conditions).toEqual([
      { kind: "kink", text: "w·x + b = 0", zero: true },
    ]);
    expect(answered(differentiate({ expr: "log(x) + abs(x)", wrt: "x", vars: { x: [] } })).conditions).toEqual([
      { kind: "domain", text: "x > 0" },
      { kind: "kink", text: "x = 0", zero: true },
    ]);
    expect(answered(differentiate({ expr: "abs(x) + b", wrt: "b", vars: { x: [], b: [] } })).conditions).toEqual([]);
    const said = (expr: string): string[] =>
      answered(differentiate({ expr, wrt: "x", declarations: "x : vector(n); A : matrix(m, n); y : vector(m)" })).conditions.map(
        (c) => c.text,
      );
    expect(said("norm2(A*x - y)^2")).toEqual([]);
    // The third power of a length has a derivative everywhere.
    expect(said("norm2(A*x - y)^3")).toEqual([]);
    expect(said("norm2(x)^2 + norm2(x)")).toEqual(["x = 0"]);
    expect(said("log(norm2(x))")).toEqual(["x ≠ 0"]);
    expect(said("sum(abs(exp(x)))")).toEqual([]);
    expect(answered(differentiate({ expr: "log(1 + exp(x))", wrt: "x", vars: { x: [] } })).conditions).toEqual([]);
  });

  it("uses the rules it is given and no others", () => {
    expect(fault(differentiate({ expr: "snake(x)", wrt: "x" }))).toContain("name: there is no function snake");
    expect(standardRules().rules.length).toBeGreaterThan(50);
  });
});

describe("gradient and hessian", () => {
  it("a gradient has the variable's shape", () => {
    expect(answered(gradient({ expr: "w·x", wrt: "w", vars: VARS }))).toMatchObject({ ascii: "x", shape: ["n", "1"] });
    expect(answered(gradient({ expr: "tr(A'*A)", wrt: "A", vars: VARS }))).toMatchObject({ ascii: "2*A", shape: ["m", "n"] });
  });

  it("a Hessian is over vec of the variable", () => {
    expect(answered(hessian({ expr: "x'*S*x", wrt: "x", vars: VARS }))).toMatchObject({ order: 2, shape: ["n", "n"] });
    expect(answered(hessian({ expr: "tr(A'*A)", wrt: "A", vars: VARS })).shape).toEqual(["m*n", "m*n"]);
  });

  it("both refuse what is not a number, with its shape", () => {
    expect(fault(gradient({ expr: "A x", wrt: "x", vars: VARS }))).toBe("shape: a gradient belongs to a number, and this is m×1");
    expect(fault(hessian({ expr: "A x", wrt: "x", vars: VARS }))).toBe("shape: a Hessian belongs to a number, and this is m×1");
  });
});

describe("simplify", () => {
  it("gives the shortest notation", () => {
    const ascii = (expr: string): string => {
      const result = simplify({ expr, vars: VARS });
      return result.ok ? result.ascii : fault(result);
    };
    expect(ascii("A*x + A*x")).toBe("2*A*x");
    expect(ascii("(x'*S')'")).toBe("S*x");
    expect(ascii("ones(n)'*diag(x)")).toBe("x'");
    expect(ascii("diag(x)*inv(diag(x))")).toBe("eye(n)");
    expect(ascii("diag(x)*diag(x)")).toBe("diag(x.^2)");
  });
});

describe("answers as data", () => {
  it("JSON.stringify works, and the term comes back as the same object", () => {
    const answer = answered(differentiate({ expr: "x'*S*x", wrt: "x", vars: VARS }));
    const data = JSON.parse(JSON.stringify(answer));
    expect(data.ascii).toBe(answer.ascii);
    expect(exprFromJSON(data.expr)).toBe(answer.expr);
    expect(exprFromJSON(data.of)).toBe(answer.of);
  });
});

describe("the order of factors", () => {
  it("does not hang on what the variable is called", () => {
    for (const expr of [
      "sin(x.^2)",
      "sum(exp(x) .* sin(x))",
      "sum(sigmoid(x) .* tanh(x))",
      "log(sin(x).^2 .* x)",
      "x .* exp(A*x) .* (A*x)",
    ]) {
      const [first, ...others] = ["x", "z", "B", "theta", "u7", "K"].map((name) => {
        const renamed = answered(
          differentiate({ expr: expr.replace(/\bx\b/g, name), wrt: name, declarations: `${name} : vector(n); A : matrix(n, n)` }),
        );
        return renamed.ascii.replace(new RegExp(`\\b${name}\\b`, "g"), "x");
      });
      expect(new Set(others)).toEqual(new Set([first]));
    }
  });
});

describe("a text that is a derivative itself", () => {
  it("is by what it says, and is refused where that is not what is asked", () => {
    const declarations = "x, y : scalar";
    expect(answered(differentiate({ expr: "d(x^2*y)/dx", declarations })).ascii).toBe("2*x*y");
    expect(answered(differentiate({ expr: "d(x^2*y)/dx", wrt: "x", declarations })).ascii).toBe("2*x*y");
    expect(answered(differentiate({ expr: "d²(x^3)/dx²", declarations })).ascii).toBe("6*x");
    expect(answered(differentiate({ expr: "d²(x^3)/dx²", wrt: "x", declarations })).ascii).toBe("6*x");
    expect(answered(differentiate({ expr: "∂²(x^2*y)/∂x∂y", declarations })).ascii).toBe("2*x");
    for (const question of [
      { expr: "d(x^2*y)/dx", wrt: "y" },
      { expr: "d²(x^3)/dx²", wrt: "y" },
      { expr: "d²(x^3)/dx²", order: 3 },
    ])
      expect(differentiate({ ...question, declarations })).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
    expect(gradient({ expr: "d²(x^3)/dx²", declarations })).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
  });
});

describe("faults of the input", () => {
  it("are diagnostics, never exceptions", () => {
    const cases: readonly (readonly [Parameters<typeof differentiate>[0], string])[] = [
      [{ expr: "", wrt: "x" }, "empty"],
      [{ expr: "x +", wrt: "x" }, "syntax"],
      [{ expr: "x", wrt: "x +" }, "syntax"],
      [{ expr: "x*y", wrt: "x", vars: { x: ["n"], y: ["n"] } }, "shape"],
      [{ expr: "x", wrt: "x", vars: { x: ["a", "b", "c"] } }, "declaration"],
      [{ expr: "x", wrt: "x", declarations: "x : vectr" }, "declaration"],
      [{ expr: "x", wrt: "x", let: [["1z", "x"]] }, "declaration"],
      [{ expr: "y", wrt: "x", strict: true }, "name"],
      [{ expr: "d(x^2)/dx = 2x", wrt: "x" }, "type"],
    ];
    for (const [question, code] of cases) expect(fault(differentiate(question))).toMatch(new RegExp(`^${code}: `));
  });

  it("point into the text they are about", () => {
    const answer = differentiate({ expr: "x", wrt: "x", let: [["z", "x + *"]] });
    if (answer.ok) throw new Error("answered");
    expect(answer.source).toBe("x + *");
    expect(answer.source.slice(answer.diagnostics[0]?.span.start)).toBe("*");
  });
});

describe("a defined name", () => {
  it("is differentiated by as a variable of its own", () => {
    const answer = answered(differentiate({ expr: "S = X'*X; logdet(S)", wrt: "S", vars: { X: ["m", "n"] } }));
    expect(answer.ascii).toBe("inv(S)");
    expect(answer.assumptions).toContain("S is a variable of its own, its definition left aside");
    expect(answered(differentiate({ expr: "2*r'*r", wrt: "r", let: [["r", "X*w"]] })).ascii).toBe("4*r'");
  });
});

describe("variables that depend on others", () => {
  it("are declared one by one or several together", () => {
    const ask = (declarations: string): string =>
      answered(differentiate({ expr: "u'*v", wrt: "x", declarations: `x : vector(n); ${declarations}` })).ascii;
    expect(ask("u(x), v(x) : vector(m)")).toBe(ask("u(x) : vector(m); v(x) : vector(m)"));
    expect(ask("u(x), v(x) : vector(m)")).toMatch(/u/);
  });
});

describe("a place outside the variable", () => {
  it.each([
    ["x_5", "x has no entry 5"],
    ["x[0]", "x has no entry 0"],
    ["X_1", "an entry of X has two indices"],
    ["X[1,3]", "X has no entry 3"],
  ])("%s is refused", (wrt, message) => {
    const answer = differentiate({ expr: "sum(x)*sum(X)", wrt, vars: { x: [3], X: ["m", 2] } });
    expect(answer.ok ? "" : answer.diagnostics[0]?.message).toBe(message);
  });
});

describe("0 to a power", () => {
  it("is 0 for a positive one, and needs it", () => {
    const ask = (declarations: string) => differentiate({ expr: "0^t*x", wrt: "x", declarations: `x : scalar; ${declarations}` });
    expect(answered(ask("t : positive scalar")).ascii).toBe("0");
    expect(ask("t : scalar").ok).toBe(false);
  });
});

describe("the norm of a matrix", () => {
  const assumptions = (expr: string): readonly string[] => {
    const answer = differentiate({ expr, wrt: "X" });
    return answer.ok ? answer.assumptions : [];
  };
  it("is remarked where it is another one in MATLAB", () => {
    expect(assumptions("norm(X)^2").join()).toContain("Frobenius");
    for (const expr of ["norm(X, 'fro')^2", "norm2(X)^2", "np.linalg.norm(X)**2", "norm(X*ones(n))^2"])
      expect(assumptions(expr).join()).not.toContain("Frobenius");
  });
});
