// Exported JavaScript beside loops by hand, the same closed form compiled by mathjs, and NumPy.
//
// Results are compared before anything is timed; what Python times is in bench/peers/.

import { all, create } from "mathjs";
import { answered, library } from "./library.ts";
import { logisticGradient, quadraticForm, quadraticGradient } from "./loops.ts";
import { peer, pythonWith, race, short, table } from "./measure.ts";

const math = create(all as NonNullable<typeof all>);

// Numbers of order 1 without a pattern.
const entries = (count: number, seed: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => Math.sin(12.9898 * (k + 1) + 78.233 * seed) * 1.5);

const rows = (a: Float64Array, n: number): number[][] => Array.from({ length: a.length / n }, (_, i) => [...a.subarray(i * n, i * n + n)]);

interface Entry {
  readonly name: string;
  readonly nabla: () => Float64Array | number;
  readonly hand: () => Float64Array | number;
  /** The closed form as mathjs text, over the names of `scope`. */
  readonly mathjs: string;
  readonly scope: Readonly<Record<string, number[] | number[][]>>;
}

const LOGISTIC = { expr: "sum(log(1 + exp(-y .* (X*w))))", wrt: "w", vars: { X: ["m", "n"], w: ["n"], y: ["m"] } } as const;
const QUADRATIC = { expr: "x'*A*x", wrt: "x", vars: { x: ["n"], A: ["n", "n"] } } as const;

function logistic(m: number, n: number, reuse = false): Entry {
  const [X, w, y] = [entries(m * n, 1), entries(n, 2).map((v) => v / Math.sqrt(n)), entries(m, 3).map(Math.sign)];
  const { run } = answered(library.compile({ ...LOGISTIC, outputs: ["derivative"], reuse }));
  return {
    name: `logistic gradient, m = ${m}, n = ${n}${reuse ? ", result reused" : ""}`,
    nabla: () => run(X, w, y).gradient as Float64Array,
    hand: () => logisticGradient(X, w, y),
    mathjs: "(-y ./ (1 + map(y .* (X * w), exp))) * X",
    scope: { X: rows(X, n), w: [...w], y: [...y] },
  };
}

function quadratic(output: "value" | "derivative"): Entry {
  const n = 500;
  const [A, x] = [entries(n * n, 4), entries(n, 5)];
  const { run } = answered(library.compile({ ...QUADRATIC, outputs: [output] }));
  const value = output === "value";
  return {
    name: `x'*A*x, ${value ? "value" : "gradient"}, n = ${n}`,
    nabla: () => run(x, A)[value ? "value" : "gradient"] as Float64Array | number,
    hand: () => (value ? quadraticForm(A, x) : quadraticGradient(A, x)),
    mathjs: value ? "x * A * x" : "A * x + x * A",
    scope: { A: rows(A, n), x: [...x] },
  };
}

/** Results must agree before they are timed. */
function agree(a: ArrayLike<number> | number, b: ArrayLike<number> | number): void {
  const [x, y] = [a, b].map((v) => (typeof v === "number" ? [v] : Array.from(v))) as [number[], number[]];
  const scale = Math.max(...x.map(Math.abs));
  if (x.length !== y.length || x.some((v, i) => Math.abs(v - (y[i] as number)) > 1e-10 * scale)) throw new Error("results differ");
}

export function javascript(): void {
  // In the order of bench/peers/numpy_times.py, of which the last stands beside both of the last two.
  const list = [logistic(1000, 100), quadratic("derivative"), quadratic("value"), logistic(20, 10), logistic(20, 10, true)];
  const python = pythonWith("numpy");
  const numpy = python === undefined ? undefined : peer<{ version: string; us: number[] }>(python, "numpy_times.py", {});
  const body = list.map(({ name, nabla, hand, mathjs, scope }, i) => {
    const compiled = math.compile(mathjs);
    const dense = Object.fromEntries(Object.entries(scope).map(([key, value]) => [key, math.matrix(value)]));
    const plain = (v: unknown): number[] | number =>
      typeof v === "number" ? v : ((Array.isArray(v) ? v : (v as { toArray(): number[] }).toArray()) as number[]);
    agree(nabla(), hand());
    agree(nabla(), plain(compiled.evaluate({ ...dense })));
    const [own, byHand] = race([nabla, hand], { samples: 15 }) as [number, number];
    const [matrices, arrays] = race([() => compiled.evaluate({ ...dense }), () => compiled.evaluate({ ...scope })], { samples: 5 }) as [
      number,
      number,
    ];
    const peerUs = numpy?.us[Math.min(i, numpy.us.length - 1)] ?? Number.NaN;
    return [name, short(own), short(own / byHand), short(matrices / own), short(arrays / own), short(own / peerUs)];
  });
  table(
    `Exported JavaScript (mathjs ${math.version}${numpy === undefined ? "" : `, NumPy ${numpy.version} on one thread`})`,
    ["", "nabla µs", "nabla/by hand", "mathjs matrices/nabla", "mathjs arrays/nabla", "nabla/NumPy"],
    body,
  );
}
