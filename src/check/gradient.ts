// Is a gradient right? A function's own values decide, by difference quotients of several
// kinds, and a table shows how their errors shrink with the step.
//
// Invariants: nothing here knows a rule or a term; a function is called and that is all. A
// right gradient shows the order of each method until rounding takes over; a wrong one shows
// an error that stays.

/** Numbers as people write them: one, a list, or a list of rows. */
export type Values = number | readonly number[] | readonly (readonly number[])[];

const METHODS = ["forward", "central", "Richardson", "complex step"] as const;
/** How a derivative is taken from values: by differences, or by a complex step. */
export type Method = (typeof METHODS)[number];

/** One step of a method: how far its derivative is from the gradient given. */
export interface Convergence {
  readonly step: number;
  /** Largest difference, relative to the largest entry. */
  readonly error: number;
  /** How the error shrank from the step before: error ~ stepᵒʳᵈᵉʳ. Absent in the first row. */
  readonly order?: number;
}

/** How closely the derivatives of a method agree with a gradient, step by step. */
export interface MethodTable {
  readonly method: Method;
  /** The order of a smooth function's error. */
  readonly expectedOrder: number;
  readonly rows: readonly Convergence[];
  /** The smallest error of the table. */
  readonly best: number;
}

/** How a gradient fared. */
export interface GradientReport {
  /** undecided where the differences themselves do not settle. */
  readonly verdict: "agrees" | "differs" | "undecided";
  /** Relative error against the best numeric derivative, and what would have passed. */
  readonly error: number;
  readonly tolerance: number;
  readonly tables: readonly MethodTable[];
  /** The entry farthest off, counted from 0 along the rows, then the columns. */
  readonly worst: { readonly entry: number; readonly given: number; readonly numeric: number };
  readonly reason?: string;
}

/** A function of a list of numbers, with as many values as it has. */
export interface Differentiable {
  readonly value: (x: readonly number[]) => readonly number[];
  /** ∂ value / ∂ x[k] by the complex step; absent where the function takes no complex numbers. */
  readonly complexStep?: (x: readonly number[], k: number, step: number) => readonly number[];
}

/** How a gradient is tried. */
export interface GradientOptions {
  /** Relative error up to which a gradient agrees; 1e-6 unless stated. */
  readonly tolerance?: number;
  /** Steps of the table, falling. */
  readonly steps?: readonly number[];
}

const STEPS = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7] as const;
const TOLERANCE = 1e-6;
/** Errors below this are rounding: no order is read from them. */
const ROUNDING = 1e-13;
/** A gradient is refuted where the limits are surer than this part of the difference. */
const CERTAINTY = 0.1;
/** Of a gradient that is 0, errors are relative to this. */
const LEAST_SIZE = 1e-12;
/** Halvings of the extrapolation. */
const LEVELS = 7;

type Quotient = (f: Differentiable, x: readonly number[], k: number, h: number) => readonly number[];

const moved = (x: readonly number[], k: number, by: number): number[] => x.with(k, (x[k] as number) + by);
const quotient = (a: readonly number[], b: readonly number[], by: number): number[] => a.map((v, i) => (v - (b[i] as number)) / by);

const central: Quotient = (f, x, k, h) => quotient(f.value(moved(x, k, h)), f.value(moved(x, k, -h)), 2 * h);

// biome-ignore format: a table is read by columns
const QUOTIENTS: Readonly<Record<Method, { readonly order: number; readonly of: Quotient }>> = {
  forward:        { order: 1, of: (f, x, k, h) => quotient(f.value(moved(x, k, h)), f.value(x), h) },
  central:        { order: 2, of: central },
  Richardson:     { order: 4, of: (f, x, k, h) => { const wide = central(f, x, k, 2 * h); return central(f, x, k, h).map((d, i) => (4 * d - (wide[i] as number)) / 3); } },
  "complex step": { order: 2, of: (f, x, k, h) => f.complexStep?.(x, k, h) ?? [] },
};

/**
 * Compares a gradient with difference quotients. `gradient` holds ∂ valueᵢ / ∂ x[k] at
 * i + k·(number of values): of a number, the gradient entry by entry.
 */
export function compareGradient(
  f: Differentiable,
  gradient: readonly number[],
  x: readonly number[],
  options: GradientOptions = {},
): GradientReport {
  const { tolerance = TOLERANCE, steps = STEPS } = options;
  const outputs = f.value(x).length;
  const limits = x.map((_, k) => extrapolated(f, x, k));
  const largest = Math.max(LEAST_SIZE, ...gradient.map(Math.abs), ...limits.flatMap((l) => l.value.map(Math.abs)));
  const claim: Claim = { f, gradient, x, outputs, size: largest };
  const methods = METHODS.filter((m) => m !== "complex step" || f.complexStep !== undefined);
  const tables = methods.map((method) => tableOf(method, steps, claim));
  const { error, doubt, worst } = farthest(limits, claim);
  const report = { error, tolerance, tables, worst };
  if (Number.isNaN(error) || !Number.isFinite(doubt))
    return { verdict: "undecided", ...report, reason: "the function has no finite value near the point" };
  if (error <= tolerance) return { verdict: "agrees", ...report };
  if (!(doubt <= CERTAINTY * error))
    return { verdict: "undecided", ...report, reason: "the difference quotients do not settle: a kink is near, or the values are noisy" };
  return { verdict: "differs", ...report };
}

/** What is said to be the gradient of a function at x. */
interface Claim {
  readonly f: Differentiable;
  readonly gradient: readonly number[];
  readonly x: readonly number[];
  /** Number of values of the function. */
  readonly outputs: number;
  /** The largest entry, given or numeric: errors are relative to it. */
  readonly size: number;
}

/** How the derivatives of one method approach the gradient as the step falls. */
function tableOf(method: Method, steps: readonly number[], claim: Claim): MethodTable {
  const { order, of } = QUOTIENTS[method];
  const rows: Convergence[] = [];
  for (const step of steps) {
    const error = errorAt(of, step, claim);
    const before = rows[rows.length - 1];
    const showsOrder = before !== undefined && error > ROUNDING && before.error > ROUNDING;
    rows.push({ step, error, ...(showsOrder ? { order: Math.log(before.error / error) / Math.log(before.step / step) } : {}) });
  }
  return { method, expectedOrder: order, rows, best: Math.min(...rows.map((r) => r.error).filter((e) => !Number.isNaN(e))) };
}

/** The largest relative difference between a quotient and the gradient; not a number where a value is none. */
function errorAt(of: Quotient, step: number, { f, gradient, x, outputs, size }: Claim): number {
  let error = 0;
  x.forEach((_, k) => {
    of(f, x, k, step).forEach((d, i) => {
      const gap = Math.abs(d - (gradient[i + k * outputs] as number)) / size;
      error = Number.isNaN(gap) ? Number.NaN : Math.max(error, gap);
    });
  });
  return error;
}

/** The entry farthest off, its relative error, and the largest relative error that the limits may have themselves. */
function farthest(
  limits: readonly Limit[],
  { gradient, outputs, size }: Claim,
): Pick<GradientReport, "error" | "worst"> & { doubt: number } {
  let worst = { entry: 0, given: gradient[0] ?? 0, numeric: limits[0]?.value[0] ?? 0 };
  let error = 0;
  let doubt = 0;
  limits.forEach((limit, k) => {
    limit.value.forEach((numeric, i) => {
      const entry = i + k * outputs;
      const given = gradient[entry] as number;
      const gap = Math.abs(numeric - given) / size;
      doubt = Math.max(doubt, (limit.error[i] as number) / size);
      if (gap > error || Number.isNaN(gap)) {
        error = gap;
        worst = { entry, given, numeric };
      }
    });
  });
  return { error, doubt, worst };
}

/** Derivatives by one variable, a value and an estimate of its error for each value of the function. */
interface Limit {
  readonly value: readonly number[];
  readonly error: readonly number[];
}

/** The limit of central differences by Neville's scheme (Ridders 1982), with an estimate of its error. */
function extrapolated(f: Differentiable, x: readonly number[], k: number): Limit {
  const start = 0.1 * Math.max(Math.abs(x[k] as number), 0.1);
  let above = central(f, x, k, start).map((d) => [d]);
  const value = above.map((row) => row[0] as number);
  const error = value.map(() => Number.POSITIVE_INFINITY);
  for (let level = 1; level < LEVELS; level++) {
    const fresh = central(f, x, k, start / 2 ** level);
    above = fresh.map((d, i) => {
      const old = above[i] as number[];
      const row = [d];
      for (let j = 1; j <= level; j++) {
        const weight = 4 ** j;
        const better = (weight * (row[j - 1] as number) - (old[j - 1] as number)) / (weight - 1);
        row.push(better);
        const guess = Math.max(Math.abs(better - (row[j - 1] as number)), Math.abs(better - (old[j - 1] as number)));
        if (guess < (error[i] as number)) {
          error[i] = guess;
          value[i] = better;
        }
      }
      return row;
    });
  }
  return { value, error };
}
