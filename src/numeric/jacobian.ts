// Derivatives of values: central differences at halved steps, extrapolated to step zero
// (Richardson, in Neville's scheme as Ridders 1982 uses it), with an error estimate for
// every entry. It knows functions by their values only.
//
// Invariants: entries of a variable are varied independently of each other, whatever
// its attributes say; a result is vec(value) × vec(variable), column-major. How it is
// laid out for a reader is the business of arrange.ts.

import type { Expr } from "../expr/expr.ts";
import { type Context, NumericError } from "./context.ts";
import { allFinite, largest, type Matrix, matrix } from "./matrix.ts";
import { copyOf, load, type Point } from "./point.ts";
import { type Program, programOf } from "./program.ts";

/** A numeric derivative: entry (i, j) of `matrix` is ∂ vec(value)ᵢ / ∂ vec(variable)ⱼ, with `error` its estimated absolute error. */
export interface NumericDerivative {
  readonly value: Matrix;
  /** Sizes of the variable. */
  readonly rows: number;
  readonly cols: number;
  readonly matrix: Matrix;
  readonly error: Matrix;
}

/** A derivative along a direction, in the shape of the value. */
export interface Directional {
  readonly value: Matrix;
  readonly matrix: Matrix;
  readonly error: Matrix;
}

/** ∂ vec(term) / ∂ vec(variable)ᵀ at a point. Throws a NumericError where a value is missing. */
export function jacobian(context: Context, term: Expr, variable: string, point: Point): NumericDerivative {
  const { program, value, input } = prepare(context, term, variable, point);
  guard(program, variable, input.data.length);
  const outputs = value.data.length;
  const entries = input.data.length;
  const data = new Float64Array(outputs * entries);
  const error = new Float64Array(outputs * entries);
  const magnitude = magnitudeOf(program, value);
  for (let p = 0; p < entries; p++) {
    const center = input.data[p] as number;
    const unit = stepUnit(center);
    const difference = (h: number): Float64Array => {
      const step = h * unit;
      input.data[p] = center + step;
      const ahead = program.rerun(variable).data.slice();
      input.data[p] = center - step;
      const behind = program.rerun(variable).data;
      for (let i = 0; i < outputs; i++) ahead[i] = ((ahead[i] as number) - (behind[i] as number)) / (2 * step);
      return ahead;
    };
    const limit = extrapolate(difference, outputs, magnitude, FIRST_ORDER);
    input.data[p] = center;
    data.set(limit.best, outputs * p);
    error.set(limit.error, outputs * p);
  }
  return { value, rows: input.rows, cols: input.cols, matrix: matrix(outputs, entries, data), error: matrix(outputs, entries, error) };
}

/**
 * The second derivative ∂² vec(term) / ∂ vec(first) ∂ vec(second)ᵀ at a point: for a number the
 * entries(first) × entries(second) matrix, otherwise the derivative of the vectorised Jacobian by
 * `first`, with entries(value)·entries(first) rows.
 */
export function secondDerivative(context: Context, term: Expr, first: string, second: string, point: Point): NumericDerivative {
  const { program, value, input: u } = prepare(context, term, first, point);
  const v = inputOf(program, second, point);
  guard(program, second, u.data.length * v.data.length);
  const [outputs, m, n] = [value.data.length, u.data.length, v.data.length];
  const rows = outputs * m;
  const data = new Float64Array(rows * n);
  const error = new Float64Array(rows * n);
  const magnitude = magnitudeOf(program, value);
  const same = first === second;
  const values = (): Float64Array => {
    if (!same) program.rerun(first);
    return program.rerun(second).data.slice();
  };
  for (let q = 0; q < n; q++) {
    for (let p = 0; p < m; p++) {
      if (same && p < q) continue;
      const [a, b] = [u.data[p] as number, v.data[q] as number];
      const [hu, hv] = [stepUnit(a), stepUnit(b)];
      const at = (i: number, j: number): Float64Array => {
        u.data[p] = a + i;
        v.data[q] = (same && p === q ? (u.data[p] as number) : b) + j;
        return values();
      };
      const limit = extrapolate((h) => mixedDifference(at, h * hu, h * hv), outputs, magnitude, SECOND_ORDER);
      u.data[p] = a;
      v.data[q] = b;
      values();
      for (const start of new Set([rows * q + outputs * p, ...(same ? [rows * p + outputs * q] : [])])) {
        data.set(limit.best, start);
        error.set(limit.error, start);
      }
    }
  }
  return { value, rows: u.rows, cols: u.cols, matrix: matrix(rows, n, data), error: matrix(rows, n, error) };
}

// (f(s, t) − f(s, −t) − f(−s, t) + f(−s, −t)) / 4st
function mixedDifference(at: (s: number, t: number) => Float64Array, s: number, t: number): Float64Array {
  const pp = at(s, t);
  const pm = at(s, -t);
  const mp = at(-s, t);
  const mm = at(-s, -t);
  return pp.map((x, i) => (x - (pm[i] as number) - (mp[i] as number) + (mm[i] as number)) / (4 * s * t));
}

/**
 * The derivative of t ↦ term(x + t·dx) at t = 0, in the term's shape: all variables that have a
 * direction move together.
 */
export function directionalDerivative(context: Context, term: Expr, directions: ReadonlyMap<string, Matrix>, point: Point): Directional {
  const program = programOf(term, point.sizes, context);
  load(program, point);
  const value = copyOf(program.run());
  const moves = [...directions].flatMap(([name, direction]) => {
    const input = program.inputs.get(name);
    return input === undefined ? [] : [{ input, center: input.data.slice(), direction }];
  });
  const reach = moves.reduce((most, { direction }) => Math.max(most, largest(direction)), 1);
  const valueAt = (t: number): Float64Array => {
    for (const { input, center, direction } of moves) {
      for (let k = 0; k < center.length; k++) input.data[k] = (center[k] as number) + t * (direction.data[k] as number);
    }
    return program.run().data.slice();
  };
  const unit = stepUnit(reach);
  const difference = (h: number): Float64Array => {
    const t = h / unit;
    const behind = valueAt(-t);
    return valueAt(t).map((x, i) => (x - (behind[i] as number)) / (2 * t));
  };
  const limit = extrapolate(difference, value.data.length, magnitudeOf(program, value), FIRST_ORDER);
  return { value, matrix: matrix(value.rows, value.cols, limit.best), error: matrix(value.rows, value.cols, limit.error) };
}

function prepare(context: Context, term: Expr, variable: string, point: Point): { program: Program; value: Matrix; input: Matrix } {
  const program = programOf(term, point.sizes, context);
  load(program, point);
  const value = program.run();
  if (!allFinite(value)) throw new NumericError("value", variable, "the term has no finite value at this point");
  return { program, value: copyOf(value), input: inputOf(program, variable, point) };
}

/** Difference quotients are refused beyond this work, which is done some ten times over. */
const MOST_WORK = 20_000_000;

function guard(program: Program, variable: string, quotients: number): void {
  if (program.work * quotients > MOST_WORK)
    throw new NumericError("limit", variable, `the sizes are too large for difference quotients by ${variable}`);
}

// The entries to vary. A term without the variable still has a derivative: zero, of the variable's size.
function inputOf(program: Program, name: string, point: Point): Matrix {
  const known = program.inputs.get(name) ?? point.values.get(name);
  if (known === undefined) throw new NumericError("value", name, `${name} has no value`);
  return program.inputs.has(name) ? known : copyOf(known);
}

// Steps grow with the entry and are powers of two, so that they are exact.
const stepUnit = (x: number): number => 2 ** Math.max(0, Math.round(Math.log2(Math.abs(x))));

/** A value smaller than this beside the parts of its term is one that has cancelled. */
const CANCELLED = 1e-6;

/** What rounding errors are relative to: the size of the value, or that of the parts that cancel in it. */
function magnitudeOf(program: Program, value: Matrix): number {
  const [size, { extent }] = [largest(value), program.margin()];
  return size < CANCELLED * extent ? extent : size;
}

interface Schedule {
  /** First steps of successive attempts. */
  readonly starts: readonly number[];
  readonly levels: number;
  /** Order of the difference: rounding errors grow with this power of 1/h. */
  readonly order: number;
  /** Relative errors below `enough` end the search; above `poor` it starts again with smaller steps. */
  readonly enough: number;
  readonly poor: number;
}

const FIRST_ORDER: Schedule = { starts: [2 ** -4, 2 ** -7, 2 ** -10, 2 ** -13], levels: 6, order: 1, enough: 1e-12, poor: 1e-9 };
const SECOND_ORDER: Schedule = { starts: [2 ** -3, 2 ** -5, 2 ** -8], levels: 6, order: 2, enough: 1e-10, poor: 1e-7 };

/** A quotient with a short step that is this much farther from the limit, relative to the derivative, refutes it. */
const STRAY = 1e-2;

interface Limit {
  readonly best: Float64Array;
  readonly error: Float64Array;
}

// The limit of difference(h) = limit + c₂h² + c₄h⁴ + … for every entry, each with the
// estimate of the tableau entry that moved least.
function extrapolate(difference: (h: number) => Float64Array, count: number, magnitude: number, schedule: Schedule): Limit {
  const { starts, levels, order, enough, poor } = schedule;
  const limit: Limit = {
    best: new Float64Array(count).fill(Number.NaN),
    error: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
  };
  const noiseAt = (h: number): number => (Number.EPSILON * magnitude) / h ** order;
  for (const start of starts) {
    let row: Float64Array[] = [];
    for (let level = 0; level < levels; level++) {
      const h = start / 2 ** level;
      row = nextRow(row, difference(h), noiseAt(h), limit);
      if (level >= 2 && relative(limit, magnitude) < enough) break;
    }
    if (relative(limit, magnitude) < poor) break;
  }
  // Long steps over many jumps can agree with each other by accident; a short one tells.
  const short = starts[starts.length - 1] as number;
  refuteStray(limit, difference(short), noiseAt(short));
  return limit;
}

/** A row of the tableau below the one before it; entries that move less than any before them are the limits so far. */
function nextRow(previous: readonly Float64Array[], first: Float64Array, noise: number, { best, error }: Limit): Float64Array[] {
  const row = [first];
  for (let k = 1; k <= previous.length; k++) {
    const finer = row[k - 1] as Float64Array;
    const coarser = previous[k - 1] as Float64Array;
    const factor = 1 / (4 ** k - 1);
    const next = new Float64Array(first.length);
    for (let i = 0; i < first.length; i++) {
      const a = finer[i] as number;
      const b = coarser[i] as number;
      const value = a + (a - b) * factor;
      next[i] = value;
      const moved = Math.max(Math.abs(value - a), Math.abs(value - b)) + noise;
      if (moved < (error[i] as number)) {
        error[i] = moved;
        best[i] = value;
      }
    }
    row.push(next);
  }
  return row;
}

/** Gives up the limits that a quotient with a short step contradicts. */
function refuteStray({ best, error }: Limit, near: Float64Array, noise: number): void {
  const scale = best.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < best.length; i++)
    if (Math.abs((near[i] as number) - (best[i] as number)) > STRAY * scale + 100 * noise) error[i] = Number.POSITIVE_INFINITY;
}

/** The largest error, relative to the largest derivative or value. */
function relative({ best, error }: Limit, magnitude: number): number {
  let scale = magnitude;
  let worst = 0;
  for (let i = 0; i < best.length; i++) {
    scale = Math.max(scale, Math.abs(best[i] as number));
    worst = Math.max(worst, error[i] as number);
  }
  return scale === 0 ? worst : worst / scale;
}
