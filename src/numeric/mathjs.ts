// The one door to mathjs: special functions and functions of matrices that are worth
// taking from a tested library. Its parser, algebra and formatting are never loaded,
// and no text of a user reaches it.
//
// Invariant: values cross the door as numbers and matrices of matrix.ts; what mathjs
// cannot do (no convergence, a complex result) comes back as NaN.

import { filled, fromRows, type Matrix, toRows } from "./matrix.ts";

/** What the kernels take from mathjs. */
export interface Backend {
  readonly erf: (x: number) => number;
  readonly gamma: (x: number) => number;
  readonly lgamma: (x: number) => number;
  /** exp(A) as a power series; for comparison with exponential.ts. */
  readonly expm: (a: Matrix) => Matrix;
  /** By Gauss–Jordan elimination; for comparison with linear.ts. */
  readonly inv: (a: Matrix) => Matrix;
  readonly det: (a: Matrix) => number;
}

// The functions of the mathjs instance, in the types they have on numbers.
interface Instance {
  erf(x: number): number;
  gamma(x: number): number;
  lgamma(x: number): number;
  expm(rows: number[][]): unknown;
  inv(rows: number[][]): unknown;
  det(rows: number[][]): number;
}

/** Imports mathjs, which takes half a second where it is not bundled. */
export async function loadMathjs(): Promise<Backend> {
  const { create, erfDependencies, gammaDependencies, lgammaDependencies, expmDependencies, invDependencies, detDependencies } =
    await import("./backend.ts");
  const math = create(
    {
      ...erfDependencies,
      ...gammaDependencies,
      ...lgammaDependencies,
      ...expmDependencies,
      ...invDependencies,
      ...detDependencies,
    },
    {},
  ) as unknown as Instance;
  const ofMatrix =
    (run: (rows: number[][]) => unknown) =>
    (a: Matrix): Matrix => {
      const failed = (): Matrix => filled(a.rows, a.cols, Number.NaN);
      if (!a.data.every(Number.isFinite)) return failed();
      try {
        return fromRows(nested(run(toRows(a))));
      } catch {
        return failed();
      }
    };
  return {
    erf: (x) => real(math.erf(x)),
    gamma: (x) => real(math.gamma(x)),
    lgamma: (x) => real(math.lgamma(x)),
    expm: ofMatrix((rows) => math.expm(rows)),
    inv: ofMatrix((rows) => math.inv(rows)),
    det: (a) => real(math.det(toRows(a))),
  };
}

const real = (x: unknown): number => (typeof x === "number" ? x : Number.NaN);

// mathjs answers with nested arrays or with its own matrix type.
const nested = (value: unknown): number[][] => (Array.isArray(value) ? value : (value as { toArray(): unknown }).toArray()) as number[][];
