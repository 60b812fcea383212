// Sums over pairs beside loops over the same data: the value, and the derivative beside the
// difference quotients of the loops.
//
// The loops share nothing with the library, so that a wrong reading of the indices, or a wrong
// treatment of i = j, shows. Not here: how long the answers are (test/library/answers.txt).

import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/index.ts";

const I = [0, 1, 2, 3];
const data = {
  c: 0.7,
  x: [0.31, -0.62, 0.87, -0.14],
  w: [0.45, 0.83, -0.29, 0.58],
  X: [
    [0.2, -0.5],
    [0.9, 0.3],
    [-0.4, 0.8],
    [-0.7, -0.1],
  ],
  W: [
    [0.3, 0.8, 0.5, 0.9],
    [0.6, 0.4, 0.7, 0.2],
    [0.1, 0.95, 0.35, 0.65],
    [0.55, 0.15, 0.75, 0.85],
  ],
};
type Data = typeof data;
type Pair = (d: Data, i: number, j: number) => number;

const far = ({ X }: Data, i: number, j: number): number => Math.hypot(at(X, i)[0] - at(X, j)[0], at(X, i)[1] - at(X, j)[1]);
const at = (X: number[][], i: number): [number, number] => X[i] as [number, number];
const x = (d: Data, i: number): number => d.x[i] as number;
const w = (d: Data, i: number): number => d.w[i] as number;
const W = (d: Data, i: number, j: number): number => (d.W[i] as number[])[j] as number;
const triple: Pair = (d, i, j) => W(d, i, j) * x(d, i) * x(d, j) ** 2;
const plain = (over: (i: number, j: number) => boolean, f: Pair) => (d: Data) =>
  I.reduce((sum, i) => sum + I.reduce((s, j) => s + (over(i, j) ? f(d, i, j) : 0), 0), 0);
const all = (): boolean => true;
const apart = (i: number, j: number): boolean => i !== j;
const before = (i: number, j: number): boolean => i < j;
const behind = (i: number, j: number): boolean => i > j;

// biome-ignore format: a table is read by columns
const CASES: readonly (readonly [expr: string, wrt: "c" | "x" | "w" | "X" | "W", loop: (d: Data) => number])[] = [
  ["sum_i sum_j W[i,j]*norm2(X[i,:]-X[j,:])",            "X", plain(all, (d, i, j) => W(d, i, j) * far(d, i, j))],
  ["sum_i sum_j x[i]*x[j]*exp(-norm2(X[i,:]-X[j,:]))",   "x", plain(all, (d, i, j) => x(d, i) * x(d, j) * Math.exp(-far(d, i, j)))],
  ["sum_i sum_j x[i]*x[j]*exp(-norm2(X[i,:]-X[j,:]))",   "X", plain(all, (d, i, j) => x(d, i) * x(d, j) * Math.exp(-far(d, i, j)))],
  ["sum_i sum_j exp(-c*norm2(X[i,:]-X[j,:]))",           "c", plain(all, (d, i, j) => Math.exp(-d.c * far(d, i, j)))],
  ["sum_i sum_j (norm2(X[i,:]-X[j,:]) - x[i])^2",        "x", plain(all, (d, i, j) => (far(d, i, j) - x(d, i)) ** 2)],
  ["sum_i sum_j relu(c - norm2(X[i,:]-X[j,:]))^2",       "X", plain(all, (d, i, j) => Math.max(0, d.c - far(d, i, j)) ** 2)],
  ["sum_i sum_j ((x[i]-x[j])^2)^(3/4)",                  "x", plain(all, (d, i, j) => Math.abs(x(d, i) - x(d, j)) ** 1.5)],
  ["sum_i sum_j max(x[i], x[j])",                        "x", plain(all, (d, i, j) => Math.max(x(d, i), x(d, j)))],
  ["sum_i sum_j w[i]*exp(min(x[i], x[j]))",              "x", plain(all, (d, i, j) => w(d, i) * Math.exp(Math.min(x(d, i), x(d, j))))],
  ["sum_{i≠j} w[i]*max(x[i], x[j])",                     "x", plain(apart, (d, i, j) => w(d, i) * Math.max(x(d, i), x(d, j)))],
  ["sum_i max(x[i], x[2])",                              "x", (d) => I.reduce((s, i) => s + Math.max(x(d, i), x(d, 1)), 0)],
  ["sum_i w[i]*norm2(X[i,:]-X[2,:])",                    "X", (d) => I.reduce((s, i) => s + w(d, i) * far(d, i, 1), 0)],
  ["sum_{i≠j} w[i]*w[j]/norm2(X[i,:]-X[j,:])",           "X", plain(apart, (d, i, j) => (w(d, i) * w(d, j)) / far(d, i, j))],
  ["sum_{i<j} w[i]*x[j]/norm2(X[i,:]-X[j,:])",           "w", plain(before, (d, i, j) => (w(d, i) * x(d, j)) / far(d, i, j))],
  ["sum_{i<j} W[i,j]*log(abs(x[i]-x[j]))",               "x", plain(before, (d, i, j) => W(d, i, j) * Math.log(Math.abs(x(d, i) - x(d, j))))],
  ["sum_{i<j} (j-i)*x[i]*x[j]^2",                        "x", plain(before, (d, i, j) => (j - i) * x(d, i) * x(d, j) ** 2)],
  ["sum_{i=1}^{n-1} sum_{j=i+1}^{n} norm2(X[i,:]-X[j,:])", "X", plain(before, far)],
  ["sum_{i=1}^{n-1} sum_{j=i+1}^{n} W[i,j]*x[i]*x[j]^2", "x", plain(before, triple)],
  ["sum_{i=1}^{n} sum_{j=i}^{n} W[i,j]*x[i]*x[j]^2",     "x", plain((i, j) => i <= j, triple)],
  ["sum_{i=2}^{n} sum_{j=1}^{i-1} W[i,j]*x[i]*x[j]^2",   "x", plain(behind, triple)],
  ["sum_{i=1}^{n} sum_{j=1}^{i} W[i,j]*x[i]*x[j]^2",     "x", plain((i, j) => i >= j, triple)],
  ["sum_i sum_{j<i} W[i,j]*x[i]*x[j]^2",                 "x", plain(behind, triple)],
  ["sum_i sum_{j>i} W[i,j]*x[i]*x[j]^2",                 "x", plain(before, triple)],
  ["sum_i sum_{i<j} W[i,j]*x[i]*x[j]^2",                 "x", plain(before, triple)],
  ["sum_i sum_{j≠i} W[i,j]*x[i]*x[j]^2",                 "x", plain(apart, triple)],
  ["sum_i sum_{i≠j} W[i,j]*x[i]*x[j]^2",                 "x", plain(apart, triple)],
  ["sum_i w[i]*sum_{j>i} (x[i]-x[j])^2",                 "x", plain(before, (d, i, j) => w(d, i) * (x(d, i) - x(d, j)) ** 2)],
  ["sum_i x[i]^2/(1 + sum_{j≠i} x[j]^2)",                "x", (d) => I.reduce((s, i) => s + x(d, i) ** 2 / (1 + I.reduce((t, j) => t + (i === j ? 0 : x(d, j) ** 2), 0)), 0)],
  ["sum_i (w[i] - sum_{j=1}^{i} x[j])^2",                 "x", (d) => I.reduce((s, i) => s + (w(d, i) - I.reduce((t, j) => t + (j <= i ? x(d, j) : 0), 0)) ** 2, 0)],
];

const declarations = "c : scalar; x, w : vector(n); X : matrix(n,2); W : matrix(n,n)";
const flat = (v: unknown): number[] => (Array.isArray(v) ? v.flatMap(flat) : [v as number]);

async function evaluated(expr: string, wrt?: string): Promise<number[]> {
  const answer = await evaluate({ expr, declarations, at: data, layout: "mixed", ...(wrt === undefined ? {} : { wrt }) });
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return flat(answer.value);
}

/** The data with one number of one value moved. */
function moved(wrt: keyof Data, place: number, by: number): Data {
  let k = -1;
  const move = (v: unknown): unknown => (Array.isArray(v) ? v.map(move) : (v as number) + (++k === place ? by : 0));
  return { ...data, [wrt]: move(data[wrt]) };
}

describe.each(CASES)("%s by %s", (expr, wrt, loop) => {
  test("has the value of the loops", async () => {
    expect((await evaluated(expr))[0]).toBeCloseTo(loop(data), 10);
  });
  test("has the slopes of the loops", async () => {
    const slopes = flat(data[wrt]).map((_, k) => (loop(moved(wrt, k, 1e-5)) - loop(moved(wrt, k, -1e-5))) / 2e-5);
    const derivative = await evaluated(expr, wrt);
    expect(derivative).toHaveLength(slopes.length);
    derivative.forEach((d, k) => {
      expect(d).toBeCloseTo(slopes[k] as number, 6);
    });
  });
});
