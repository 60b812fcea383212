// Kernels against tabulated values; every kernel has to have its row in kernels.txt.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fromRows, type Matrix, multiply, scalar, toRows } from "../../src/numeric/matrix.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { expectClose } from "./close.ts";

const { kernels } = await loadNumeric();
const { functions } = standardLibrary();
const lines = readFileSync(join(import.meta.dirname, "kernels.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
const ARGUMENTS = [0.3125, 1.75, -0.8125, -2.5];
const A = fromRows([
  [2, 0.5, -1],
  [0.25, 3, 0.5],
  [-1, 0.75, 1.5],
]);
const B = fromRows([
  [1, -2, 0.5],
  [0.25, 3, -1],
]);
const SYMMETRIC = fromRows([
  [2, 0.5, -1],
  [0.5, 3, 0.75],
  [-1, 0.75, 1.5],
]);
const OF_SYMMETRIC = ["eigmax", "eigmin", "topeigen", "chol"];
/** Functions of several arguments, and of vectors that are positive, have their tests below. */
// biome-ignore format: one row
const BELOW = [
  "max", "min", "atan2", "hypot", "epow", "xlogy", "huberloss", "leakyrelu", "pnorm", "mpow", "logaddexp", "betaln",
  "softthreshold", "clip", "mse", "mae", "cosine", "entropy", "crossentropy", "kldiv", "cross", "crossmatrix",
];

const value = (name: string, ...args: Matrix[]): Matrix => {
  const kernel = kernels.get(name);
  expect(kernel, `${name} has a kernel`).toBeDefined();
  return (kernel as NonNullable<typeof kernel>).value(args);
};

describe("kernels", () => {
  it("of the softmax keep their digits where arguments are large", () => {
    for (const name of ["softmax", "rowsoftmax"]) expectClose(value(name, fromRows([[3e9, 3e9, 3e9]])), [[1 / 3, 1 / 3, 1 / 3]], 1e-15);
  });

  for (const line of lines.filter((l) => l.includes(":"))) {
    const [name, ...pairs] = line.split(/\s{2,}/) as [string, ...string[]];
    it(`${name} has its tabulated values and is undefined outside its domain`, () => {
      const known = new Map(pairs.map((pair) => pair.split(":").map(Number) as [number, number]));
      for (const x of ARGUMENTS) {
        const y = value(name, scalar(x)).data[0] as number;
        const expected = known.get(x);
        if (expected === undefined) expect(y, `${name}(${x})`).toBeNaN();
        else expect(Math.abs(y - expected), `${name}(${x}) = ${y}`).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));
      }
    });
  }

  for (const line of lines.filter((l) => !l.includes(":"))) {
    const [name, text] = line.split(/\s+(.*)/) as [string, string];
    it(`${name} of a matrix has its tabulated value`, () => {
      const rows = text.split(";").map((row) => row.split(",").map(Number));
      const square = ["det", "logdet", "inv", "adj", "adjugate", "expm", "phi1m", "logm", "sqrtm", "sinm", "cosm"].includes(name);
      expectClose(value(name, OF_SYMMETRIC.includes(name) ? SYMMETRIC : square ? A : B), rows, 2e-14);
    });
  }

  it("cross is the vector product, and crossmatrix the matrix that takes it", () => {
    const [a, b] = [
      [[1], [2], [3]],
      [[4], [5], [7]],
    ].map(fromRows) as [Matrix, Matrix];
    expectClose(value("cross", a, b), [[-1], [5], [-3]], 0);
    const rows = [
      [0, -3, 2],
      [3, 0, -1],
      [-2, 1, 0],
    ];
    expectClose(value("crossmatrix", a), rows, 0);
  });

  it("have a row in the table each", () => {
    const listed = new Set([...lines.map((line) => line.split(/\s/)[0]), ...BELOW]);
    expect([...kernels.keys()].filter((name) => !listed.has(name))).toEqual([]);
  });

  it("max and min take pairs of entries, a number with every entry, or the extreme of one argument", () => {
    const C = fromRows([
      [0, 1, 2],
      [3, -4, 0.5],
    ]);
    expectClose(
      value("max", B, C),
      [
        [1, 1, 2],
        [3, 3, 0.5],
      ],
      0,
    );
    expectClose(
      value("min", B, scalar(0)),
      [
        [0, -2, 0],
        [0, 0, -1],
      ],
      0,
    );
    expectClose(value("max", B), scalar(3), 0);
    expectClose(value("min", B), scalar(-2), 0);
  });

  it("atan2 and hypot take their arguments in the order of Math", () => {
    expectClose(value("atan2", scalar(1), scalar(-1)), scalar((3 * Math.PI) / 4), 1e-15);
    expectClose(value("hypot", scalar(3), scalar(-4)), scalar(5), 1e-15);
  });

  it("powers with exponents of their own are repeated products and roots", () => {
    expectClose(
      value(
        "epow",
        fromRows([
          [2, 3],
          [4, 9],
        ]),
        fromRows([
          [3, 2],
          [0.5, -0.5],
        ]),
      ),
      [
        [8, 9],
        [2, 1 / 3],
      ],
      1e-15,
    );
    const product = multiply;
    expectClose(value("mpow", A, scalar(3)), toRows(product(A, product(A, A))), 1e-15);
    const root = value("mpow", A, scalar(1 / 3));
    expectClose(product(root, product(root, root)), toRows(A), 1e-11);
    expectClose(
      product(value("mpow", A, scalar(-0.5)), value("sqrtm", A)),
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      1e-11,
    );
  });

  it("eigenvalues of a matrix of one entry are that entry, and its eigenvector is 1", () => {
    for (const entry of [-3, 0, 2]) {
      expectClose(value("eigmax", scalar(entry)), scalar(entry), 1e-15);
      expectClose(value("eigmin", scalar(entry)), scalar(entry), 1e-15);
      expectClose(value("topeigen", scalar(entry)), scalar(1), 0);
    }
  });

  it("singular values are those of a matrix with large and small entries", () => {
    for (const scale of [1e-120, 1e120]) {
      const ones = fromRows([
        [scale, scale],
        [scale, scale],
      ]);
      expectClose(value("nuclear", ones), scalar(2 * scale), 1e-15);
      expectClose(value("spectral", ones), scalar(2 * scale), 1e-15);
    }
  });

  it("softthreshold and clip have their kinks where an entry meets a bound", () => {
    expectClose(value("softthreshold", fromRows([[3, -3, 0.5, -1]]), scalar(1)), [[2, -2, 0, 0]], 0);
    expect(kernels.get("softthreshold")?.margin?.([fromRows([[3, -1.25]]), scalar(1)])).toBe(0.25);
    expectClose(value("clip", fromRows([[3, -3, 0.5]]), scalar(-1), fromRows([[2, 2, 0]])), [[2, -1, 0]], 0);
    expect(kernels.get("clip")?.margin?.([scalar(-1.25), scalar(-1), scalar(2)])).toBe(0.25);
  });

  it("logaddexp keeps its digits where an exponential has none; mse and mae are means over all entries", () => {
    expectClose(value("logaddexp", scalar(1000), scalar(1000)), scalar(1000 + Math.LN2), 1e-13);
    const C = fromRows([
      [2, -2, 0.5],
      [0.25, 3, 2],
    ]);
    expectClose(value("betaln", scalar(2), scalar(3)), scalar(-Math.log(12)), 1e-14);
    expectClose(value("mse", B, C), scalar(10 / 6), 1e-15);
    expectClose(value("mae", B, C), scalar(4 / 6), 1e-15);
  });

  it("huberloss is a square inside its width and has its slope outside; leakyrelu has two slopes", () => {
    expectClose(value("huberloss", fromRows([[0.5, -3, 3]]), scalar(2)), [[0.125, 4, 4]], 0);
    expectClose(value("leakyrelu", fromRows([[0.5, -3]]), scalar(0.1)), [[0.5, -0.3]], 1e-15);
    expect(kernels.get("huberloss")?.margin?.([scalar(-1.75), scalar(2)])).toBe(0.25);
    expect(kernels.get("leakyrelu")?.margin?.([scalar(-1.75), scalar(2)])).toBe(1.75);
  });

  it("norms of a power are sums of powers of absolute values", () => {
    expectClose(value("pnorm", fromRows([[3], [-4]]), scalar(1)), scalar(7), 1e-15);
    expectClose(value("pnorm", fromRows([[3], [-4]]), scalar(2)), scalar(5), 1e-15);
    expectClose(value("pnorm", fromRows([[3], [-4]]), scalar(3)), scalar(91 ** (1 / 3)), 1e-15);
  });

  it("measures of information have their textbook values", () => {
    const [p, q] = [fromRows([[0.5], [0.5]]), fromRows([[0.25], [0.75]])];
    expectClose(value("entropy", p), scalar(Math.LN2), 1e-15);
    expectClose(value("crossentropy", p, q), scalar(-0.5 * Math.log(3 / 16)), 1e-15);
    expectClose(value("kldiv", p, q), scalar(0.5 * Math.log(4 / 3)), 1e-15);
    expectClose(value("xlogy", scalar(3), scalar(2)), scalar(Math.log(8)), 1e-15);
    expectClose(value("cosine", fromRows([[1], [0]]), fromRows([[3], [4]])), scalar(0.6), 1e-15);
  });

  it("relu, step and sign are 0 at 0", () => {
    for (const name of ["relu", "step", "sign"]) expect(value(name, scalar(0)).data[0]).toBe(0);
  });

  it("state their distance from the nearest kink, and entries exactly at a kink are settled", () => {
    const margin = (name: string, ...args: Matrix[]): number | undefined => kernels.get(name)?.margin?.(args);
    expect(margin("abs", fromRows([[2, -0.25, 0]]))).toBe(0.25);
    expect(margin("max", B, scalar(0.75))).toBe(0.25);
    expect(margin("max", fromRows([[1, 4, 3.5]]))).toBe(0.5);
    expect(margin("min", fromRows([[1, 4, 3.5]]))).toBe(2.5);
    expect(margin("hinge", scalar(0.75))).toBe(0.25);
    expect(margin("norm1", fromRows([[2, -0.5]]))).toBe(0.5);
    expect(margin("norminf", fromRows([[2, -2.5]]))).toBe(0.5);
    expect(margin("exp", scalar(0))).toBeUndefined();
  });

  it("what has no value at one argument of an element-wise function has none at all", () => {
    for (const [name, kernel] of kernels) {
      const info = functions.find(name);
      if (info?.elementwise !== true) continue;
      const arity = info.params.length;
      for (let at = 0; at < arity; at++)
        for (const x of [-1, 0.5, 2]) {
          const args = Array.from({ length: arity }, (_, i) => scalar(i === at ? Number.NaN : x));
          expect(kernel.value(args).data[0], `${name} of NaN beside ${x}`).toBeNaN();
        }
    }
  });

  it("softplus and logsumexp do not overflow", () => {
    expect(value("softplus", scalar(800)).data[0]).toBe(800);
    expect(value("logsumexp", fromRows([[1000], [1000]])).data[0]).toBeCloseTo(1000 + Math.log(2), 10);
  });
});
