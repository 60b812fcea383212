// Floating-point operations of a plan at given or typical sizes: what the order of
// multiplication is chosen by, counted over what is written in the end.

import { type Dim, evaluateDim } from "../../expr/dim.ts";
import { typicalSize } from "../form/work.ts";
import { type Arg, allSteps, type Method, type Plan, type Ref, type Step } from "./plan.ts";

/** Floating-point operations of a program. */
export interface Work {
  /** Of the value alone; absent where it is no output. */
  readonly value?: number;
  /** Of all outputs together. */
  readonly total: number;
}

/** Operations of the value and of the whole plan. */
export function planWork(plan: Plan, sizes: ReadonlyMap<string, number> = new Map()): Work {
  const value = plan.outputs.find((o) => o.name === "value");
  const total = countWork(
    plan,
    plan.outputs.map((o) => o.ref),
    sizes,
  );
  return value === undefined ? { total } : { value: countWork(plan, [value.ref], sizes), total };
}

/** Sizes as numbers, and the steps that arguments come from. */
interface Counting {
  readonly size: (d: Dim) => number;
  /** How many entries arrays of some axes have. */
  readonly count: (axes: readonly Dim[]) => number;
  readonly axesOf: (a: Arg | undefined) => readonly Dim[];
}

/** Operations of what some outputs need. */
function countWork(plan: Plan, roots: readonly Ref[], sizes: ReadonlyMap<string, number>): number {
  const steps = new Map(allSteps(plan.steps).map((s) => [s.ref, s]));
  const size = (d: Dim): number => (sizes.size === 0 ? typicalSize(d) : safeSize(d, sizes));
  const counting: Counting = {
    size,
    count: (axes) => axes.reduce((n, d) => n * size(d), 1),
    axesOf: (a) => (a === undefined ? [] : (steps.get(a.ref)?.axes ?? [])),
  };
  return Math.round(workOf(plan.steps, new Set(roots), counting));
}

/** Operations of the steps of a list that are needed; what they need is added to that. */
function workOf(list: readonly Step[], needed: Set<Ref>, counting: Counting): number {
  let work = 0;
  for (const s of [...list].reverse()) {
    if (!needed.has(s.ref)) continue;
    for (const a of s.args) needed.add(a.ref);
    if (s.op === "loop") {
      needed.add(s.result);
      work += counting.size(s.range) * (workOf(s.body, needed, counting) + counting.count(s.axes));
    } else work += stepWork(s, counting);
  }
  return work;
}

function stepWork(s: Step, { size, count, axesOf }: Counting): number {
  const [a, b] = s.args;
  const columns = s.axes[1] === undefined ? 1 : size(s.axes[1]);
  switch (s.op) {
    case "map":
    case "kron":
      return count(s.axes);
    case "reduce":
      return count(axesOf(a));
    case "dot":
      return 2 * count(axesOf(a));
    case "matmul":
      return 2 * count(axesOf(a)) * columns;
    case "gram": {
      const [m, n] = axesOf(a).map(size) as [number, number];
      return s.rows ? m * m * n : m * n * n;
    }
    case "factor":
      return factorWork(s.method, size(s.axes[0] as Dim));
    case "inverse":
      return inverseWork(s.method, size(s.axes[0] as Dim));
    case "solve":
      return solveWork(s.method, size(s.axes[0] as Dim), columns);
    case "det":
    case "logdet":
    case "logabsdet":
      return size(axesOf(b)[0] as Dim);
    case "call":
      if (s.fn === "rowkron") return count(s.axes);
      if (s.fn.startsWith("blocks")) return 0;
      return callWork(s.fn, axesOf(a).map(size) as [number, number]);
    default:
      return 0;
  }
}

// Singular values with their vectors and without (Golub & Van Loan, Matrix Computations, 4th ed., 8.6.3); what
// is made of square matrices by a series, about twenty products.
function callWork(fn: string, [m, n]: readonly [number, number]): number {
  const [most, least] = [Math.max(m, n), Math.min(m, n)];
  if (fn === "tril") return 0;
  if (fn === "pinv" || fn === "polar") return 16 * most * least ** 2 + 8 * least ** 3;
  if (fn === "chol") return factorWork("cholesky", m);
  if (fn === "eigmax") return (4 / 3) * m ** 3;
  if (fn === "topeigen") return 9 * m ** 3;
  if (fn === "topsingular") return 14 * most * least ** 2 + 8 * least ** 3;
  return fn === "nuclear" || fn === "spectral" ? 4 * most * least ** 2 - (4 / 3) * least ** 3 : 20 * m ** 3;
}

// Operations of getrf, getri, getrs and of potrf, potri, potrs: LAPACK Working Note 41, appendix C.
const factorWork = (method: Method, n: number): number =>
  method === "lu" ? (2 / 3) * n ** 3 - n ** 2 / 2 + (5 / 6) * n : n ** 3 / 3 + n ** 2 / 2 + n / 6;
const inverseWork = (method: Method, n: number): number =>
  method === "lu" ? (4 / 3) * n ** 3 - n ** 2 + (5 / 3) * n : (2 / 3) * n ** 3 + n ** 2 / 2 + (5 / 6) * n;
const solveWork = (method: Method, n: number, columns: number): number => columns * (method === "lu" ? 2 * n ** 2 - n : 2 * n ** 2);

function safeSize(d: Dim, sizes: ReadonlyMap<string, number>): number {
  try {
    return evaluateDim(d, sizes);
  } catch {
    return typicalSize(d, sizes);
  }
}
