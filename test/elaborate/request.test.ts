// The other ways into elaboration besides the text itself: declarations as data and as
// text, definitions, variables to differentiate by, strictness; and reading back texts
// whose names are all known.

import { describe, expect, it } from "vitest";
import {
  elaborate,
  type Failure,
  knowVariables,
  type Problem,
  parseDeclarations,
  parseExpression,
  parseTarget,
  type Request,
} from "../../src/elaborate/elaborate.ts";
import { resolveTarget } from "../../src/elaborate/names/target.ts";
import { variable } from "../../src/expr/build.ts";
import { shapeOf, shapeText } from "../../src/expr/shape.ts";
import { functions } from "./functions.ts";
import { showExpr } from "./show.ts";

const ask = (text: string, more: Partial<Request> = {}): Problem => {
  const result = elaborate({ text, functions, ...more });
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.problem;
};
const refused = (text: string, more: Partial<Request> = {}): Failure => {
  const result = elaborate({ text, functions, ...more });
  if (result.ok) throw new Error(`accepted: ${showExpr(result.problem.expr)}`);
  return result;
};
const why = (f: Failure): string => `${f.diagnostics[0]?.code}: ${f.diagnostics[0]?.message}`;
const shapes = (p: Problem): string[] =>
  p.variables.map((v) => `${v.name} ${shapeText(v.shape)}${v.attributes.map((a) => ` ${a}`).join("")}`);

describe("declarations", () => {
  it("as data: scalars, columns, matrices, numbers and products as sizes", () => {
    const p = ask("a*A*x", { vars: { a: [], x: ["n"], A: [3, "n"], y: [2], z: ["m*n + 1"] } });
    expect(shapes(p)).toEqual(["a 1×1", "x n×1", "A 3×n", "y 2×1", "z (m*n+1)×1"]);
    expect(p.dims).toEqual(["n", "m"]);
  });
  it("as text and as data side by side", () => {
    expect(shapes(ask("A x", { vars: { A: ["m", "n"] }, declarations: "x : vector(n); b : positive scalar" }))).toEqual([
      "A m×n",
      "x n×1",
      "b 1×1 positive",
    ]);
  });
  it("with attributes apart, also for names that are inferred", () => {
    expect(shapes(ask("x'*S*x", { vars: { x: ["n"] }, attrs: { x: ["positive"], S: ["symmetric"] } }))).toEqual([
      "x n×1 positive",
      "S n×n symmetric",
    ]);
  });
  it("alone", () => {
    const declared = parseDeclarations("u, v : vector(n); S : symmetric(m); f : elementwise");
    expect(declared.ok && declared.variables.map((v) => v.name + shapeText(v.shape))).toEqual(["un×1", "vn×1", "Sm×m"]);
    expect(declared.ok && declared.dims).toEqual(["n", "m"]);
    expect(declared.ok && declared.unknowns.map((u) => u.name)).toEqual(["f"]);
    expect(parseDeclarations("x + y").ok).toBe(false);
  });
  it.each([
    [{ vars: { "1x": [] } }, 'declaration: "1x" is no name'],
    [{ vars: { x: ["n", "m", "k"] } }, "declaration: the shape of x is a list of at most two sizes"],
    [{ vars: { x: ["n+"] } }, 'declaration: "n+" is no size'],
    [{ vars: { x: [0] } }, "declaration: a size is at least 1, and this is 0"],
    [{ attrs: { x: ["positif"] } }, "declaration: positif is no attribute of a variable"],
    [{ vars: { A: ["m", "n"] }, attrs: { A: ["symmetric"] } }, "declaration: only a square matrix is symmetric, and A is m×n"],
    [{ dims: ["2n"] }, 'declaration: "2n" is no name of a dimension'],
    [{ declarations: "x + y" }, "declaration: only declarations stand here"],
    [{ vars: { x: [] }, declarations: "x : vector(n)" }, "declaration: x is declared twice"],
    [{ definitions: [["2", "x"]] }, 'declaration: "2" is no name'],
    [{ definitions: [["z", "x = 2"]] }, "declaration: z is defined by one expression"],
    [{ vars: { x: [] }, definitions: [["x", "2"]] }, "declaration: x is declared twice"],
    [{ wrt: ["x + 1"] }, "type: x + 1 is no variable"],
    [{ wrt: ["x["] }, "syntax: this [ is never closed"],
  ] as readonly (readonly [Partial<Request>, string])[])("that make no sense are refused: %o", (more, message) => {
    expect(why(refused("x", more))).toBe(message);
  });
  it("are pointed into when they are wrong", () => {
    const f = refused("x", { declarations: "x : vektor(n)" });
    expect(f.source.slice(f.diagnostics[0]?.span.start, f.diagnostics[0]?.span.end)).toBe("vektor");
  });
});

describe("definitions", () => {
  it("are used in order, by name", () => {
    const p = ask("sum(z.^2)", {
      vars: { w: ["n"], X: ["m", "n"] },
      definitions: [
        ["e", "X*w"],
        ["z", "e + 1"],
      ],
    });
    expect(p.definitions.map((d) => `${d.name} ${shapeText(d.variable.shape)} ${showExpr(d.expr)}`)).toEqual([
      "e m×1 mul(X, w)",
      "z m×1 add(e, expand<m,1>(1))",
    ]);
    expect(showExpr(p.expr)).toBe("sum(hpow(z, 2))");
    expect(shapes(p)).toEqual(["w n×1", "X m×n"]);
  });
  it("are pointed into when they are wrong", () => {
    const f = refused("z", { vars: { x: ["n"] }, definitions: [["z", "1 + x*x"]] });
    expect([f.source, f.diagnostics[0]?.span]).toEqual(["1 + x*x", { start: 4, end: 7 }]);
  });
  it("may stand in any order, in no circle", () => {
    const written = ask("z + 1", {
      definitions: [
        ["z", "2*e"],
        ["e", "x'*x"],
      ],
    });
    expect(written.definitions.map((d) => d.name)).toEqual(["e", "z"]);
    expect(
      why(
        refused("z", {
          definitions: [
            ["z", "e"],
            ["e", "z"],
          ],
        }),
      ),
    ).toMatch(/e is declared twice/);
  });
});

describe("strict requests", () => {
  const vars = { weight: ["n"], x: ["n"], A: ["m", "n"] };
  it.each([
    ["A*q", "name: q is not declared", "declare it: q : vector(n)"],
    ["wieght'*x", "name: wieght is not declared", "did you mean weight?"],
    ["Ax", "name: Ax is one name, and not a known one", "A x for the product"],
    ["ones(k)'*x", "name: k is not a declared dimension", undefined],
  ])("refuse a name that is not declared: %s", (text, message, fix) => {
    const f = refused(text, { vars, strict: true });
    expect([why(f), f.diagnostics[0]?.fix]).toEqual([message, fix]);
  });
  it("know dimensions, indices and constants", () => {
    expect(showExpr(ask("n*pi*sum_i x[i]", { vars, strict: true }).expr)).toBe("mul(mul(#n, pi), Σi∈n(x[i,1]))");
  });
  it("refuse a variable to differentiate by that is not declared", () =>
    expect(why(refused("x", { vars, strict: true, wrt: ["y"] }))).toBe("name: y is not declared"));
});

describe("what is differentiated by", () => {
  it("takes part in inference", () => {
    const p = ask("99", { wrt: ["x", "b", "A"] });
    expect(shapes(p)).toEqual(["x n×1", "b 1×1", "A m×k"]);
    expect(p.assumptions).toEqual(["x is a vector of length n", "b is a scalar", "A is an m×k matrix"]);
  });
  it("is remarked where it does not occur, declared or not", () => {
    const remark = (wrt: string): unknown => ask("b^2", { vars: { A: ["m", "n"], b: [] }, wrt: [wrt] }).assumptions;
    expect([remark("A"), remark("b"), remark("c")]).toEqual([["A does not occur in it"], [], ["c is a scalar", "c does not occur in it"]]);
  });
  it.each([
    ["sum(x_i^2)", "x", "name: x does not occur, and x_i is a name of its own", "x[i] for an entry, or declare x"],
    ["A'Ax A", "x", "name: x does not occur, and Ax is one name", "A x for the product, or declare x"],
    ["x'Ax", "x", "name: Ax is one name", "A x for the product, or declare Ax"],
    ["tr(X'AX)", "X", "name: AX is one name", "A X for the product, or declare AX"],
  ])("is refused where a name may hold it: %s", (text, wrt, message, fix) => {
    const f = refused(text, { wrt: [wrt], vars: { A: [2, 3] } });
    expect([why(f), f.diagnostics[0]?.fix]).toEqual([message, fix]);
  });
  it("stands beside words that begin like it", () => {
    expect(shapes(ask("dx*x'*x + xs'*x", { vars: { x: ["n"] }, wrt: ["x"] }))).toEqual(["x n×1", "dx 1×1", "xs n×1"]);
  });
  it("is one name in LaTeX and in letters", () => {
    const p = ask("\\log\\det\\Sigma + \\sum_{i,j} \\Sigma_{ij}", { declarations: "\\Sigma : posdef(n)", wrt: ["Σ"] });
    expect([shapes(p), p.assumptions]).toEqual([["Σ n×n posdef"], []]);
  });
  it("makes x_1 an entry of x", () => {
    expect(showExpr(ask("3 x_1^2 x_2", { wrt: ["x"] }).expr)).toBe("mul(mul(3, pow(x[1,1], 2)), x[2,1])");
    expect(showExpr(ask("3 x_1^2 x_2", { wrt: ["x_1"] }).expr)).toBe("mul(mul(3, pow(x_1, 2)), x_2)");
  });
  it("is a variable even if a function has its name", () =>
    expect(showExpr(ask("K(a + 1)", { wrt: ["K"] }).expr)).toBe("mul(K, add(a, 1))"));
  it("may be an entry", () => {
    const p = ask("x'*A*x", { vars: { x: ["n"], A: ["n", "n"] }, wrt: ["x[2]", "A[1,2]", "x_3", "A[i,j]"] });
    const at = p.targets.map((t) => `${t.variable.name} ${t.at?.map((i) => (i.kind === "position" ? i.at.key : i.kind)).join(",")}`);
    expect(at).toEqual(["x 2,1", "A 1,2", "x 3,1", "A i,j"]);
  });
  it("is read as a name with the texts of its indices", () => {
    expect(parseTarget(" X[i, :] ")).toEqual({ ok: true, target: { name: "X", at: ["i", ":"] } });
    expect(parseTarget("w")).toEqual({ ok: true, target: { name: "w" } });
    expect(parseTarget("w + 1").ok).toBe(false);
    expect(parseTarget("").ok).toBe(false);
  });
  it("has as many indices as axes", () => {
    const A = variable("A", shapeOf("m", "n"));
    const place = { source: "A[1]", span: { start: 0, end: 4 } };
    expect(() => resolveTarget({ name: "A", at: ["1"] }, () => A, place)).toThrow("an entry of A has two indices");
  });
});

describe("the paper's dialect", () => {
  it("reads ⊗ as the element-wise product", () => {
    expect(showExpr(ask("sum(w ⊗ x)", { dialect: "paper" }).expr)).toBe("sum(hadamard(w, x))");
    expect(showExpr(ask("sum(w ⊗ x)").expr)).toBe("sum(kron(w, x))");
  });
});

describe("a text whose names are known", () => {
  const known = { variables: [variable("x", shapeOf("n")), variable("A", shapeOf("n", "n"), ["symmetric"])], functions };
  it("keeps the variables it is given", () => {
    const result = parseExpression("A x", known);
    expect(result.ok && result.expr.args[0]).toBe(known.variables[1]);
  });
  it.each(["y", "ones(m)", "z = x; z", "x : vector(n)", "∂(x)/∂x", "x = x", ""])("refuses %s", (text) =>
    expect(parseExpression(text, known).ok).toBe(false),
  );
  it.each([
    ["zeros(n)'", "transpose(zeros<n,1>)"],
    ["K(n,n)*vec(A)", "mul(commutation<n,n>, vec(A))"],
    ["2*x'*A", "mul(mul(2, transpose(x)), A)"],
    ["2 xᵀ A", "mul(mul(2, transpose(x)), A)"],
    ["diag(x) ⊙ A²", "hadamard(diag(x), pow(A, 2))"],
    ["(x > 0)*x'", "mul(gt(x, expand<n,1>(0)), transpose(x))"],
    ["1⃗ᵀ σ(x)", "mul(transpose(ones<n,1>), sigmoid(x))"],
    ["unit(n, 2)", "unit<n,2>"],
    ["[x', 1; x', n]", "vcat(hcat(transpose(x), 1), hcat(transpose(x), #n))"],
  ])("reads %s as printed", (text, wanted) => {
    const result = parseExpression(text, known);
    expect(result.ok ? showExpr(result.expr) : result.diagnostics[0]?.message).toBe(wanted);
  });

  it("looks up what a text mentions among thousands of names, and goes through none of them", () => {
    const variables = knowVariables(Array.from({ length: 5000 }, (_, i) => variable(`r_${i}`, shapeOf("n"))));
    let visited = 0;
    const visit = (): never => {
      visited++;
      throw new Error("visited");
    };
    for (const way of ["values", "keys", "entries", "forEach", Symbol.iterator])
      Object.defineProperty(variables.byName, way, { value: visit });
    for (const text of ["r_17 + 2 r_4999", "r_3'*ones(n)"]) expect(parseExpression(text, { variables, functions }).ok).toBe(true);
    expect(visited).toBe(0);
    knowVariables([variable("A", shapeOf("k", "n"))], variables);
    const read = parseExpression("A*r_17 + ones(k)", { variables, functions });
    expect(read.ok && shapeText(read.expr.shape)).toBe("k×1");
  });
});
