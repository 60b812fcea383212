// exportCode, compile and `nabla code`: outputs together, self-tests that can fail, names that
// cannot do harm, plans that share and order work.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { identifier } from "../../src/codegen/names.ts";
import {
  CODE_TARGETS,
  type Code,
  type CodeQuestion,
  type CodeTarget,
  type Compiled,
  type CompileQuestion,
  compile,
  exportCode,
} from "../../src/index.ts";
import { nabla } from "../cli/harness.ts";
import { commandOf, pythonWith } from "./interpreters.ts";

const LOGISTIC = { expr: "sum(log(1 + exp(-y .* (X*w))))", wrt: "w", vars: { X: ["m", "n"], w: ["n"], y: ["m"] } } as const;
const LEAST_SQUARES = { expr: "norm2(A*x - b)^2", wrt: "x", vars: { A: ["m", "n"], x: ["n"], b: ["m"] } } as const;
const FACTORS = { expr: "norm2(T - U*V')^2", wrt: "U", vars: { T: ["m", "n"], U: ["m", "k"], V: ["n", "k"] } } as const;
const MASKED = { expr: "logsumexp(1 ./ (2 + max(x, y).^2))", wrt: "x", vars: { x: ["n"], y: ["n"] } } as const;
/** Two layers, an example in every row, and one in every column. */
const LAYERS = {
  expr: "norm2(tanh(X*W)*V - Y)^2",
  wrt: "W",
  vars: { X: ["m", "n"], W: ["n", "p"], V: ["p", "q"], Y: ["m", "q"] },
} as const;
const LAYERS_OF_COLUMNS = {
  expr: "norm2(V*tanh(W*X) - Y)^2",
  wrt: "W",
  vars: { X: ["n", "m"], W: ["p", "n"], V: ["q", "p"], Y: ["q", "m"] },
} as const;
/** The cross entropy of softmax in every row. */
const SOFTMAX = { expr: "-sum(Y .* log(rowsoftmax(X*W')))", wrt: "W", vars: { X: ["m", "n"], W: ["p", "n"], Y: ["m", "p"] } } as const;
const ALL = { outputs: ["value", "derivative", "hessian", "hvp"] } as const;

function code(question: CodeQuestion): Code {
  const answer = exportCode(question);
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
}

/** The statements of a NumPy program. */
const body = (question: CodeQuestion): string[] => {
  const lines = code(question).code.trim().split("\n");
  const start = lines.findLastIndex((l) => l.trim() === '"""');
  return lines.slice(start + 1).map((l) => l.trim());
};

describe("plans", () => {
  it("share the residual of least squares", () => {
    expect(body({ ...LEAST_SQUARES, outputs: ["value", "derivative"] })).toEqual([
      "t1 = A @ x - b",
      "t2 = t1 @ t1",
      "t3 = 2 * (A.T @ t1)",
      "return t2, t3",
    ]);
  });

  it("keep logarithms and exponentials from overflow, and make a Hessian as a symmetric product", () => {
    expect(body({ ...LOGISTIC, ...ALL })).toMatchInlineSnapshot(`
      [
        "t1 = y * (X @ w)",
        "t2 = np.logaddexp(0, -t1).sum()",
        "t3 = 1 / (1 + np.exp(t1))",
        "t4 = -(X.T @ (y * t3))",
        "t5 = y**2 / (1 + np.exp(-t1)) * t3",
        "t6 = np.sqrt(t5)[:, None] * X",
        "t7 = t6.T @ t6",
        "t8 = X.T @ (t5 * (X @ v))",
        "return t2, t4, t7, t8",
      ]
    `);
  });

  it("multiply low-order factors first", () => {
    expect(body({ ...FACTORS, outputs: ["derivative"] })[0]).toBe("t1 = 2 * (U @ (V.T @ V) - T @ V)");
    expect(
      body({ expr: "x'*A*B*C*y", vars: { A: ["m", "n"], B: ["n", "k"], C: ["k", "q"], x: ["m"], y: ["q"] }, outputs: ["value"] }),
    ).toEqual(["t1 = C.T @ (B.T @ (A.T @ x)) @ y", "return t1"]);
  });

  it("multiply rows instead of matrices as long as the weights between them", () => {
    expect(body({ ...LAYERS, outputs: ["hessian"] })).toMatchInlineSnapshot(`
      [
        "one = np.result_type(X, W, V, Y, 0.0).type(1)",
        "n = X.shape[1]",
        "p = W.shape[1]",
        "t1 = np.tanh(X @ W)",
        "t2 = 1 - t1**2",
        "t3 = t1 * (V @ (Y - t1 @ V).T).T * t2",
        "t4 = _row_kron(-t2, X)",
        "t5 = ((V @ V.T)[:, None, :, None] * np.ones((n, n), one.dtype)[None, :, None, :]).reshape((p * n, p * n))",
        "t6 = 4 * _blocks_left(t3.T @ _row_kron(X, X), n) + 2 * (t4.T @ t4 * t5)",
        "return t6",
      ]
    `);
    expect(body({ ...SOFTMAX, outputs: ["hessian"] })).toMatchInlineSnapshot(`
      [
        "n = X.shape[1]",
        "t1 = X @ W.T",
        "t2 = np.exp((-t1.max(axis=1))[:, None] + t1)",
        "t3 = t2.sum(axis=1)",
        "t4 = Y.sum(axis=1)[:, None] * X",
        "t5 = _blocks_right((1 / t3)[None, :] * t2.T @ _row_kron(t4, X), n)",
        "t6 = t2 / t3[:, None]",
        "t7 = t5 - _row_kron(t4, t6).T @ _row_kron(X, t6)",
        "return t7",
      ]
    `);
    expect(body({ ...LAYERS_OF_COLUMNS, outputs: ["hessian"] })).toMatchInlineSnapshot(`
      [
        "one = np.result_type(X, W, V, Y, 0.0).type(1)",
        "n = X.shape[0]",
        "p = W.shape[0]",
        "t1 = np.tanh(W @ X)",
        "t2 = 1 - t1**2",
        "t3 = -(t1 * (V.T @ (V @ t1 - Y)) * t2) @ _row_kron(X.T, X.T)",
        "t4 = _row_kron(X.T, -t2.T)",
        "t5 = (np.ones((n, n), one.dtype)[:, None, :, None] * (V.T @ V)[None, :, None, :]).reshape((n * p, n * p))",
        "t6 = 4 * _blocks_right(t3, n) + 2 * (t4.T @ t4 * t5)",
        "return t6",
      ]
    `);
  });

  it("compute once what only its transpose is used of", () => {
    const lines = body({ ...LAYERS, outputs: ["value", "derivative", "hessian", "hvp"] }).join("\n");
    expect(lines.match(/V @ t\d+\.T/g)).toHaveLength(1);
    const turned = code({ ...LAYERS, outputs: ["value", "derivative", "hessian", "hvp"], target: "octave" }).code;
    expect(turned.match(/V \* t\d+\.?'/g)).toHaveLength(1);
  });

  it("compute a greatest or least of two once, in whatever order they stand", () => {
    const question = { wrt: "y", vars: { x: ["n"], y: ["n"] }, outputs: ["value"] } as const;
    expect(body({ ...question, expr: "sum(exp(max(x, y)) .* hypot(y, x))*sum(exp(max(y, x)) .* hypot(x, y))" })).toHaveLength(2);
    const layers = { expr: "-y'*log(softmax(W*relu(U*x)))", wrt: "U", vars: { W: ["p", "q"], U: ["q", "n"], x: ["n"], y: ["p"] } } as const;
    expect(
      body(layers)
        .join("\n")
        .match(/np\.maximum/g),
    ).toHaveLength(1);
  });

  it("have no loops for the terms of a sum that have a notation each", () => {
    const kalman = { P: ["n", "n"], R: ["m", "m"], H: ["m", "n"], z: ["m"], x: ["n"] } as const;
    const posdef = { P: ["posdef"], R: ["posdef"] };
    const expr = "(z - H*x)'*inv(H*P*H' + R)*(z - H*x) + logdet(H*P*H' + R)";
    expect(body({ expr, wrt: "H", vars: kalman, attrs: posdef, outputs: ["hvp"] }).join("\n")).not.toContain("range(");
    const smoother = { expr: "norm2(X*inv(X'*X + l*eye(n))*X'*y - y)^2", wrt: "X", vars: { X: ["m", "n"], y: ["m"], l: [] } } as const;
    expect(body({ ...smoother, outputs: ["hessian"] }).join("\n")).not.toContain("range(");
  });

  it("meet a vector with the sides of a Kronecker product", () => {
    const vars = { A: ["m", "n"], B: ["p", "q"], x: ["n*q"], y: ["m*p"] } as const;
    const question = { expr: "norm2(kron(A, B)*x - y)^2", wrt: "x", vars } as const;
    expect(body({ ...question, outputs: ["value", "derivative", "hvp"] })).toMatchInlineSnapshot(`
      [
        "q = B.shape[1]",
        "n = A.shape[1]",
        "p = B.shape[0]",
        "m = A.shape[0]",
        "t1 = (B @ (x.reshape((n, q)).T @ A.T)).T.reshape((-1,)) - y",
        "t2 = t1 @ t1",
        "t3 = 2 * (B.T @ t1.reshape((m, p)).T @ A).T.reshape((-1,))",
        "t4 = 2 * (B.T @ B @ (v.reshape((n, q)).T @ A.T @ A)).T.reshape((-1,))",
        "return t2, t3, t4",
      ]
    `);
    expect(
      body({ expr: "sum((kron(A, B) + x*y')*exp(y))", vars: { ...vars, x: ["m*p"], y: ["n*q"] }, outputs: ["value"] }).join(),
    ).not.toMatch(/None, :, None/);
  });

  it("meet a vector with a product of matrices that is there already", () => {
    const layers = [2, 3, 4].map((k): [string, string] => [`h_${k}`, `W_${k}*max(0, ${k === 2 ? "x" : `h_${k - 1}`})`]);
    const vars = { W_2: ["n", "n"], W_3: ["n", "n"], W_4: ["n", "n"], x: ["n"] };
    const lines = body({ expr: "log(sum(exp(h_4)))", let: layers, wrt: "x", vars, outputs: ["hessian"] });
    expect(lines.filter((l) => /W_\d\.T/.test(l))).toEqual([]);
    expect(lines.filter((l) => /t\d+(\.T)? @ /.test(l))).toHaveLength(2);
    // A thin product costs more than its factors.
    const thin = { expr: "norm2(U*V'*a - b)^2 + sum((U*V').^3)", vars: { U: ["m", "k"], V: ["n", "k"], a: ["n"], b: ["m"] } } as const;
    expect(body({ ...thin, wrt: "a", outputs: ["value"] }).join("\n")).toContain("U @ (V.T @ a)");
  });

  it("know what is symmetric by its making, so that a greatest entry is looked for in what it was taken from", () => {
    const vars = { p: ["n"], D: ["n", "k"], y: ["n"] } as const;
    expect(body({ expr: "max(inv(diag(p) + D*D')*y)", wrt: "D", vars })).toEqual([
      "one = np.result_type(p, D, y, 0.0).type(1)",
      "t1 = np.diag(p) + D @ D.T",
      "t2 = np.linalg.solve(t1, y)",
      "t3 = t2.max()",
      "t4 = np.linalg.solve(t1, (one * (t2 == t3)))",
      "t5 = t4[:, None] * (D.T @ t2)[None, :] + t2[:, None] * (D.T @ t4)[None, :]",
      "t6 = -t5",
      "return t3, t6",
    ]);
    // A product of symmetric matrices is not symmetric, unless it reads the same backwards.
    const squares = { S: ["n", "n"], T: ["n", "n"], x: ["n"] } as const;
    const attrs = { S: ["symmetric"], T: ["symmetric"] };
    const turned = (expr: string): boolean => /\.T\b/.test(body({ expr, vars: squares, attrs, outputs: ["value"] }).join("\n"));
    expect(["expm(S*T)'*x", "expm(S*T*S)'*x", "expm(S .* T + x*x')'*x", "expm(x*ones(n)')'*x"].map(turned)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("take sizes that are known", () => {
    const question = { expr: "A*B*C", vars: { A: ["p", "s"], B: ["s", "t"], C: ["t", "u"] }, outputs: ["value"] } as const;
    expect(body({ ...question, sizes: { p: 2, s: 1000, t: 1000, u: 1000 } })[0]).toBe("t1 = A @ B @ C");
    expect(body({ ...question, sizes: { p: 1000, s: 1000, t: 1000, u: 2 } })[0]).toBe("t1 = A @ (B @ C)");
  });

  it("solve instead of inverting, and factorise a definite matrix once", () => {
    const question = { expr: "logdet(S) + a'*inv(S)*a", wrt: "a", vars: { S: ["n", "n"], a: ["n"] }, attrs: { S: ["posdef"] } } as const;
    const torch = code({ ...question, target: "torch" }).code;
    expect(torch.match(/cholesky\(/g)).toHaveLength(1);
    expect(torch).toContain("cholesky_solve");
    expect(code({ ...question, target: "numpy" }).code).not.toContain("linalg.inv");
  });

  it("say from where positions count", () => {
    const question = { expr: "norm2(W[k,:]')^2*sum(ones(j))", wrt: "W[k,:]", vars: { W: ["m", "n"] } } as const;
    expect(code(question).code).toMatch(/^ {4}k: int, a position that counts from 1\n {4}j_?: int$/m);
  });

  it("scale instead of multiplying by a diagonal matrix", () => {
    expect(body({ expr: "diag(v)*A*diag(u)", vars: { v: ["m"], A: ["m", "n"], u: ["n"] }, outputs: ["value"] })[0]).toBe(
      "t1 = v[:, None] * u[None, :] * A",
    );
  });

  it("cost at most three values for a value and its gradient", () => {
    const questions = [
      LOGISTIC,
      LEAST_SQUARES,
      FACTORS,
      { expr: "x'*A*x", wrt: "x", vars: { A: ["n", "n"], x: ["n"] } },
      { expr: "log(sum(exp(x)))", wrt: "x", vars: { x: ["n"] } },
    ] as const;
    for (const q of questions) {
      const { work } = code(q);
      expect((work?.total ?? Number.NaN) / (work?.value ?? Number.NaN)).toBeLessThanOrEqual(3);
    }
  });

  it("grow linearly and need no stack for nested functions", () => {
    const deep = `${"sin(".repeat(3000)}x${")".repeat(3000)}`;
    const answer = compile({ expr: deep, vars: { x: [] }, outputs: ["value"] });
    if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
    let expected = 0.7;
    for (let i = 0; i < 3000; i++) expected = Math.sin(expected);
    expect(answer.run(0.7).value).toBeCloseTo(expected, 12);
    expect(code({ expr: deep, vars: { x: [] }, outputs: ["value"] }).code.length).toBeLessThan(100 * 3000);
  });
});

describe("structured Hessians", () => {
  // biome-ignore format: a table is read by columns
  const STRUCTURES: readonly (readonly [string, CodeQuestion, readonly string[], string])[] = [
    ["a Kronecker factor",  FACTORS,                                                                   ["hessian_core"],                   "kron(hessian_core, eye(m))"],
    ["blocks",              { ...FACTORS, expr: "sum(O .* (T - U*V').^2)", vars: { ...FACTORS.vars, O: ["m", "n"] } }, ["hessian_blocks"], "the sum over i of kron(block i"],
    ["a diagonal",          { expr: "sum(exp(x))", wrt: "x", vars: { x: ["n"] } },                     ["hessian_diagonal"],               "diag(hessian_diagonal)"],
    ["two factors",         { expr: "log(sum(exp(W*x)))", wrt: "W", vars: { W: ["m", "n"], x: ["n"] } }, ["hessian_left", "hessian_right"], "kron(hessian_left, hessian_right)"],
  ];
  for (const [title, question, outputs, relation] of STRUCTURES)
    it(`come as ${title}, and are offered where they are not asked for`, () => {
      const asked = code({ ...question, outputs: ["hessian"], structured: true });
      expect(asked.outputs.map((o) => o.name)).toEqual(outputs);
      expect(asked.structure?.join()).toContain(relation);
      expect(code({ ...question, outputs: ["hessian"] }).structure?.join()).toContain(relation);
    });

  it("give the dense one back when they are put together", () => {
    const [question] = [{ expr: "log(sum(exp(W*x)))", wrt: "W", vars: { W: ["m", "n"], x: ["n"] } } as const];
    const [dense, parts] = [false, true].map((structured) => compile({ ...question, outputs: ["hessian"], structured }));
    if (!dense?.ok || !parts?.ok) throw new Error("refused");
    const [W, x] = [Float64Array.of(0.1, 0.5, -0.3, 0.2, 0.7, -0.6), Float64Array.of(0.4, -1.1, 0.8)];
    const whole = dense.run(W, x, { m: 2, n: 3 }).hessian as Float64Array;
    const { hessian_left: left, hessian_right: right } = parts.run(W, x, { m: 2, n: 3 }) as Record<string, Float64Array>;
    if (left === undefined || right === undefined) throw new Error("no factors");
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        expect(whole[i * 6 + j]).toBeCloseTo(
          (left[Math.floor(i / 2) * 3 + Math.floor(j / 2)] as number) * (right[(i % 2) * 2 + (j % 2)] as number),
          12,
        );
  });
});

describe("names", () => {
  it("are identifiers of every target", () => {
    expect(["θ", "x′", "w₁", "lambda", "Σ", "_a", "1a", "x̂"].map(identifier)).toEqual([
      "theta",
      "x_prime",
      "w1",
      "lambda",
      "Sigma",
      "x_a",
      "x1a",
      "x_hat",
    ]);
  });

  it("keep clear of words that the languages have", () => {
    for (const target of ["numpy", "julia", "matlab", "javascript"] as const) {
      const answer = code({
        expr: "sum(λ .* np .* end .* f)",
        wrt: "λ",
        vars: { λ: ["n"], np: ["n"], end: ["n"], f: ["n"] },
        target,
        selfTest: true,
      });
      expect(answer.code).toMatch(/f\(lambda_?, np_, end_, f_\b|f\(lambda, np_, end_, f_/);
    }
  });

  // biome-ignore format: a table is read by columns
  const REFUSED: readonly (readonly [target: CodeTarget, names: readonly string[], reason: string])[] = [
    ["numpy",      ["class", "await", "λ", "np", "self_test", "point"],                                "a word that numpy code needs itself"],
    ["torch",      ["lambda", "run"],                                                                  "a word that torch code needs itself"],
    ["julia",      ["begin", "self_test", "exp"],                                                      "a word that julia code needs itself"],
    ["octave",     ["endif", "nabla_run", "self_test", "sqrt", "nabla_entry"],                         "a word that octave code needs itself"],
    ["javascript", ["class", "await", "default", "selfTest", "vectorGiven", "RangeError"],             "a word that javascript code needs itself"],
    ["javascript", ["x"],                                                                              "an input"],
  ];
  for (const [target, list, reason] of REFUSED)
    it(`of functions are refused where they are ${reason}`, () => {
      for (const name of list) {
        const answer = exportCode({ expr: "sum(x.^3)", wrt: "x", vars: { x: ["n"] }, target, name, selfTest: true });
        expect(answer).toMatchObject({ ok: false, diagnostics: [{ message: expect.stringContaining(`${name}: `) }] });
        expect(answer.ok || answer.diagnostics[0]?.message).toContain(reason);
      }
    });

  it.each(["a b", "", "2f", "_f", "f-g", "f.g"])("of functions are letters, digits and _: %j", (name) => {
    const answer = exportCode({ expr: "sum(x)", wrt: "x", vars: { x: ["n"] }, name });
    expect(answer).toMatchObject({ ok: false, diagnostics: [{ message: `${JSON.stringify(name)} is no name of a function` }] });
  });

  it("of sizes are those of the expression, and a size is a whole number from 1", () => {
    const answer = (sizes: Record<string, number>) => exportCode({ expr: "sum(A*x)", wrt: "x", vars: { A: ["m", "n"], x: ["n"] }, sizes });
    expect(answer({ foo: 3 })).toMatchObject({ diagnostics: [{ message: '"foo" is no size of this expression', fix: "m, n" }] });
    expect(answer({ n: 0 })).toMatchObject({ diagnostics: [{ message: "a size is a whole number from 1, and n is 0" }] });
    expect(answer({ n: 2.5 })).toMatchObject({ ok: false });
    expect(answer({ m: 2, n: 3 })).toMatchObject({ ok: true });
  });

  it("of the user's get in as identifiers only, whatever a term says", () => {
    const evil = 'x"""; import os #';
    const { expr } = JSON.parse("{}") as { expr?: never };
    void expr;
    expect(identifier(evil)).toMatch(/^[A-Za-z]\w*$/);
    const refused = exportCode({ expr: "sum(x)", wrt: "x", vars: { x: ["n"] }, name: "import os; f" });
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ message: '"import os; f" is no name of a function' }] });
  });
});

describe("positions", () => {
  const ROW = { expr: "sum(softmax(W*x) .* y)", wrt: "W[k,:]", vars: { W: ["m", "n"], x: ["n"], y: ["m"] } } as const;
  for (const [target, line] of [
    ["octave", "  % k: a position, the first is 1"],
    ["julia", "k: a position, the first is 1"],
    ["javascript", " * @param sizes.k a position, the first is 1"],
  ] as const)
    it(`are documented for ${target}`, () => {
      expect(code({ ...ROW, target }).code.split("\n")).toContain(line);
      const sized = code({ expr: "sum(x)*sum(ones(k))", wrt: "x", vars: { x: ["n"] }, dims: ["k"], target });
      expect(sized.code).toContain(line.replace("a position, the first is 1", "a size"));
    });

  it("count from 1", () => {
    const f = compile(ROW);
    if (!f.ok) throw new Error("refused");
    const W = [
      [0.2, -0.4],
      [0.9, 0.3],
    ];
    const [x, y, h] = [[0.7, -1.1], [1.3, 0.4], 1e-5];
    const value = (k: number, j: number, step: number): number =>
      f.run(
        W.map((row, i) => row.map((w, l) => (i === k - 1 && l === j ? w + step : w))),
        x,
        y,
        { k: 1 },
      ).value as number;
    for (const k of [1, 2])
      (f.run(W, x, y, { k }).gradient as Float64Array).forEach((d, j) => {
        expect(d).toBeCloseTo((value(k, j, h) - value(k, j, -h)) / (2 * h), 8);
      });
  });
});

describe("self-tests", () => {
  const folder = mkdtempSync(join(tmpdir(), "nabla-"));
  const python = pythonWith("numpy");
  const torch = pythonWith("torch");
  const octave = commandOf("octave-cli");
  // biome-ignore format: a table is read by columns
  const RUNNERS = [
    ["numpy",      python,           []],
    ["array-api",  python,           []],
    ["torch",      torch,            []],
    ["octave",     octave,           ["--no-gui", "--quiet"]],
    ["javascript", process.execPath, []],
  ] as const;

  /** Sizes, steps, inputs and what self-tests are made of. */
  const NAMES = ["n", "t1", "t2", "point", "out", "here", "loss", "sizes_1", "worst", "tested", "h", "x_", "value_out", "set", "λ"];

  for (const [target, command, args] of RUNNERS)
    describe.skipIf(command === undefined)(target, () => {
      const execute = (text: string, extension: string): { status: number | null; stdout: string } => {
        const file = join(folder, `t_${target.replace("-", "_")}.${extension}`);
        writeFileSync(file, text);
        return spawnSync(command as string, [...args, file], { encoding: "utf8" });
      };
      for (const q of [LOGISTIC, LEAST_SQUARES, FACTORS, MASKED, LAYERS, LAYERS_OF_COLUMNS, SOFTMAX])
        it(`pass for ${q.expr}`, () => {
          const { code: text, extension } = code({ ...q, ...ALL, target, selfTest: true });
          const { status, stdout } = execute(text, extension);
          expect(stdout).toMatch(/^ok: /);
          expect(status).toBe(0);
        });

      it("run functions of any name that is taken", () => {
        for (const name of NAMES) {
          const answer = exportCode({ expr: "sum(x.^3) + sum(ones(n))", wrt: "x", vars: { x: ["n"] }, target, name, selfTest: true });
          if (answer.ok) expect(execute(answer.code, answer.extension).stdout, name).toMatch(/^ok: /);
          else expect(answer.diagnostics[0]?.code).toBe("declaration");
        }
      });

      it("move entries of vectors of length 1 and of definite numbers by themselves", () => {
        const unitnorm = { expr: "sum(x)*exp(x'*x)", vars: { x: ["n"] }, attrs: { x: ["unitnorm"] }, wrt: "x" } as const;
        const definite = { expr: "s^3", vars: { s: [] }, attrs: { s: ["posdef"] }, wrt: "s" } as const;
        for (const q of [unitnorm, definite]) {
          const { code: text, extension } = code({ ...q, target, selfTest: true });
          expect(execute(text, extension).stdout).toMatch(/^ok: /);
        }
      });

      it("compare the Hessian by a symmetric matrix along symmetric directions", () => {
        const question = { expr: "tr(rowsoftmax(S))", vars: { S: ["n", "n"] }, attrs: { S: ["symmetric"] }, wrt: "S" } as const;
        const { code: text, extension } = code({ ...question, outputs: ["value", "derivative", "hvp"], target, selfTest: true });
        expect(execute(text, extension).stdout).toMatch(/^ok: /);
      });

      it("leave out the Hessian times a direction where that is none of the inputs", () => {
        const { code: text, extension } = code({
          expr: "sum(w.*x)",
          wrt: "x",
          vars: { w: ["n"], x: ["n"] },
          ...ALL,
          target,
          selfTest: true,
        });
        expect(execute(text, extension)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ok: .*; not compared: .*hvp/) });
      });

      it("fail where a derivative is wrong", () => {
        const { code: text, extension } = code({ ...LEAST_SQUARES, target, selfTest: true });
        const wrong = text.replace(/\b2(\.0)? (\.?\*) /, "3$1 $2 ").replace("2 * t", "3 * t");
        expect(wrong).not.toBe(text);
        const { status, stdout } = execute(wrong, extension);
        expect(stdout).toMatch(/FAILED/);
        expect(status).toBe(1);
      });
    });

  it("say what they have not compared, and are refused where nothing is", () => {
    const structured = code({ ...FACTORS, outputs: ["value", "derivative", "hessian"], structured: true, selfTest: true });
    expect(structured.code).toContain("; not compared: hessian_core");
    expect(code({ ...FACTORS, selfTest: true }).code).not.toContain("not compared");
    const skew = { expr: "tr(A*S)", vars: { A: ["n", "n"], S: ["n", "n"] }, attrs: { S: ["skew"] }, wrt: "S" } as const;
    for (const q of [{ ...FACTORS, outputs: ["hessian"] }, { ...FACTORS, outputs: ["derivative"] }, skew] as const)
      expect(exportCode({ ...q, selfTest: true })).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
  });

  afterAll(() => rmSync(folder, { recursive: true }));
});

describe("compile", () => {
  const compiled = (question: CompileQuestion): Compiled => {
    const answer = compile(question);
    if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
    return answer;
  };
  const A = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];

  for (const interpret of [false, true])
    it(`takes nested and flat arrays, ${interpret ? "interpreted" : "generated"}`, () => {
      const f = compiled({ ...LEAST_SQUARES, ...ALL, interpret });
      expect(f.inputs.map((i) => i.name)).toEqual(["A", "x", "b", "v"]);
      expect(f.code === undefined).toBe(interpret);
      const expected = {
        value: 76,
        gradient: Float64Array.of(100, 128),
        hessian: Float64Array.of(70, 88, 88, 112),
        hvp: Float64Array.of(70, 88),
      };
      expect(f.run(A, [1, 1], [1, 1, 5], [1, 0])).toEqual(expected);
      expect(f.run(Float64Array.from(A.flat()), Float64Array.of(1, 1), Float64Array.of(1, 1, 5), Float64Array.of(1, 0))).toEqual(expected);
    });

  it("computes element-wise functions that are given by a definition entry by entry", () => {
    const value = (expr: string, ...args: number[][]): unknown =>
      compiled({ expr, vars: { x: ["n"], y: ["n"] }, attrs: { x: ["positive"], y: ["positive"] }, outputs: ["value"] }).run(...args).value;
    expect(value("sum(xlogx(x))", [1, 2, 3])).toBeCloseTo(2 * Math.log(2) + 3 * Math.log(3), 12);
    expect(value("x'*xlogy(x, y)", [1, 2], [3, 4])).toBeCloseTo(Math.log(3) + 4 * Math.log(4), 12);
    expect(value("sum(leakyrelu(x, 0.1))", [-1, 2])).toBeCloseTo(1.9, 12);
    expect(value("sum(huber(x, 2) .* y)", [1, 5], [1, 10])).toBeCloseTo(0.5 + 80, 12);
  });

  it("gives 0 where a case is not taken, whatever has no value there", () => {
    const of = (expr: string, x: number[]): unknown => {
      const { value, gradient } = compiled({ expr, wrt: "x", vars: { x: ["n"] } }).run(x);
      return [value, ...(gradient as Float64Array)];
    };
    expect(of("sum({x .* log(x) if x > 0; 0 otherwise})", [0, 1, -1])).toEqual([0, 0, 1, 0]);
    expect(of("sum({1 ./ x if x > 0; 0 otherwise})", [0, 2])).toEqual([0.5, 0, -0.25]);
    expect(of("sum(elu(x))", [800, 0.5])).toEqual([800.5, 1, 1]);
  });

  it("gives a multiple of a permutation as a Hessian", () => {
    const { run } = compiled({ expr: "tr(P*P)", wrt: "P", vars: { P: ["n", "n"] }, outputs: ["value", "hessian"] });
    expect([...(run(A.slice(1)).hessian as Float64Array)]).toEqual([2, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 2]);
  });

  it("takes sizes that do not follow from the arguments", () => {
    const f = compiled({ expr: "sum(A*ones(n))", wrt: "A", vars: { A: ["m", "n"] } });
    expect(f.run(Float64Array.from(A.flat()), { n: 2 })).toEqual({ value: 21, gradient: Float64Array.of(1, 1, 1, 1, 1, 1) });
  });

  // biome-ignore format: a table is read by columns
  const WRONG: readonly (readonly [title: string, args: readonly unknown[], message: string])[] = [
    ["nothing for a vector",        [A, [1, 1]],                            "b is an array: nothing is given"],
    ["a number for a vector",       [A, 1, [1, 1, 5]],                      "x is an array: a number is given"],
    ["a vector that is too short",  [A, [1], [1, 1, 5]],                    "A has 3 × 2 where 3 × 1 belongs to the other arguments"],
    ["a transposed matrix",         [[[1, 3, 5], [2, 4, 6]], [1, 1], [1, 1, 5]], "A has 2 × 3 where 3 × 2 belongs to the other arguments"],
    ["ragged rows",                 [[[1, 2], [3], [5, 6]], [1, 1], [1, 1, 5]],  "A has 3 × 1 to 2 where 3 × 2 belongs to the other arguments"],
    ["a name that is missing",      [{ A, b: [1, 1, 5] }],                  "x is an array: nothing is given"],
    ["a text for a number",         [A, [1, 1], [1, 1, 5], "2"],            "c is a number: a string is given"],
  ];
  for (const interpret of [false, true]) {
    const f = (): Compiled =>
      compiled({ expr: "c*norm2(A*x - b)^2", wrt: "x", vars: { A: ["m", "n"], x: ["n"], b: ["m"], c: [] }, interpret });
    for (const [title, args, message] of WRONG)
      it(`names the input at fault: ${title}, ${interpret ? "interpreted" : "generated"}`, () => {
        const run = f().run as (...args: readonly unknown[]) => unknown;
        expect(() => run(...args)).toThrow(message);
      });

    it(`takes the inputs by name, ${interpret ? "interpreted" : "generated"}`, () => {
      const byName = f().run({ c: 2, b: [1, 1, 5], x: [1, 1], A });
      expect(byName).toEqual(f().run(A, [1, 1], [1, 1, 5], 2));
      const sum = compiled({ expr: "sum(A*ones(n))", wrt: "A", vars: { A: ["m", "n"] }, interpret });
      expect(sum.run({ A: A.flat() }, { n: 2 })).toEqual(sum.run(A.flat(), { n: 2 }));
      expect(() => sum.run(A.flat())).toThrow("A has 6 entries, and nothing says how many of them are a row");
      expect(() => sum.run(A.flat(), { n: 4 })).toThrow("A has 6 entries where 1.5 × 4 belongs to the other arguments");
    });
  }

  it("names a size that follows from no input", () => {
    const f = compiled({ expr: "sum(x)*sum(ones(k))", wrt: "x", vars: { x: ["n"] }, dims: ["k"] });
    expect(f.run([1, 2], { k: 3 })).toEqual({ value: 9, gradient: Float64Array.of(3, 3) });
    expect(() => f.run([1, 2])).toThrow("the size k is stated as { k: … } behind the other arguments");
  });

  it("writes over no result of another call, with arrays of any size", () => {
    const f = compiled({ expr: "sum(log(1 + exp(-y .* (X*w))))", wrt: "w", vars: { X: ["m", "n"], w: ["n"], y: ["m"] } });
    const gradient = (scale: number): Float64Array => f.run(A, [scale, 1], [1, -1, 1]).gradient as Float64Array;
    const [first, copy] = [gradient(1), gradient(1).slice()];
    gradient(2);
    const shorter = f.run(A.slice(1), [1, 1], [1, -1]).gradient;
    expect(first).toEqual(copy);
    expect(gradient(1)).toEqual(copy);
    expect(shorter).toEqual(f.run(A.slice(1), [1, 1], [1, -1]).gradient);
    const whole = compiled({ expr: "exp(A*x)", vars: { A: ["m", "n"], x: ["n"] }, outputs: ["value"] });
    const [one, other] = [whole.run(A, [1, 0]).value, whole.run(A, [0, 1]).value];
    expect(one).toEqual(Float64Array.of(Math.exp(1), Math.exp(3), Math.exp(5)));
    expect(other).not.toBe(one);
  });

  it("writes over results where that is asked for", () => {
    const f = compiled({ expr: "norm2(A*x - b)^2", wrt: "x", vars: { A: ["m", "n"], x: ["n"], b: ["m"] }, reuse: true });
    const { gradient } = f.run(A, [1, 1], [1, 1, 5]);
    expect(gradient).toEqual(Float64Array.of(100, 128));
    expect(f.run(A, [0, 0], [0, 0, 0]).gradient).toBe(gradient);
    expect(gradient).toEqual(Float64Array.of(0, 0));
  });

  it("gives no input back as an output", () => {
    const x = Float64Array.of(1, 2);
    const { gradient } = compiled({ expr: "a'*x", wrt: "a", vars: { a: ["n"], x: ["n"] } }).run([3, 4], x) as { gradient: Float64Array };
    expect(gradient).toEqual(x);
    expect(gradient).not.toBe(x);
  });

  it("refuses what has no code", () => {
    expect(compile({ expr: "f(x)", wrt: "x", declarations: "f : elementwise; x : scalar" }).ok).toBe(false);
  });
});

describe("nabla code", () => {
  it("writes every target", async () => {
    for (const target of CODE_TARGETS) {
      const { code: status, stdout } = await nabla(["code", "x'*A*x", "--wrt", "x", "--target", target]);
      expect(status).toBe(0);
      expect(stdout.length).toBeGreaterThan(10);
    }
  });

  it("writes to a file", async () => {
    const file = join(tmpdir(), `nabla-${process.pid}.mjs`);
    expect((await nabla(["code", "sum(x.^2)", "--wrt", "x", "--target", "javascript", "--self-test", "-o", file])).code).toBe(0);
    expect(execFileSync(process.execPath, [file], { encoding: "utf8" })).toMatch(/^ok/);
    expect(readFileSync(file, "utf8")).toContain("export function f(x, sizes = {})");
    rmSync(file);
  });

  it("is also a format of an answer", async () => {
    const { stdout } = await nabla(["diff", "x'*A*x", "--wrt", "x", "--format", "numpy"]);
    expect(stdout).toContain("t1 = A @ x + A.T @ x");
    expect(stdout).not.toContain("value");
  });

  it("names what a language lacks", async () => {
    const { code: status, stderr } = await nabla(["code", "sum(gamma(x))", "--wrt", "x", "--target", "array-api"]);
    expect(status).toBe(2);
    expect(stderr).toContain("array-api has no gamma");
  });
});
