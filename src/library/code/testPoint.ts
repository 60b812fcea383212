// The point at which a program tests itself: sizes, inputs, and which of its outputs are compared there.
//
// Invariant: at the point the plan itself, run here, agrees with its differences; what a target then
// finds there is its own.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { axesOf } from "../../codegen/form/form.ts";
import { interpret, type Value } from "../../codegen/javascript/interpret.ts";
import type { Sample, TestClaim, TestPoint } from "../../codegen/targets/target.ts";
import { entry } from "../../expr/build.ts";
import { type Dim, dimNames, evaluateDim } from "../../expr/dim.ts";
import { moved } from "../../numeric/arrange.ts";
import { draw, MANNERS } from "../../numeric/draw.ts";
import { type Matrix, matrix } from "../../numeric/matrix.ts";
import { createRandom } from "../../numeric/random.ts";
import { inventory } from "../../numeric/sample.ts";
import type { Stated } from "../question/state.ts";
import type { Program } from "./program.ts";

/** Sizes that names are given, other ones at each turn. */
const SIZES = [3, 4, 2, 5, 6, 7];
const ATTEMPTS = 400;
const ATTEMPTS_A_TURN = 40;
/** Attempts with general values, before those with positive ones, fractions and so on. */
const GENERAL_ATTEMPTS = 10;
const TOLERANCE = 1e-6;

/** The first of the points drawn at which the differences agree with what the plan computes, else the first at which it has values. */
export function testPoint(program: Program): TestPoint {
  const { plan, claims } = program;
  const omitted = omittedIn(plan, claims);
  const sizesAt = sizesOf(program);
  let last: TestPoint | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const sizes = sizesAt(Math.floor(attempt / ATTEMPTS_A_TURN));
    const point: TestPoint = { inputs: drawnInputs(program, sizes, attempt), sizes, claims, omitted };
    const worst = largestError(plan, point);
    if (worst < TOLERANCE) return point;
    if (Number.isFinite(worst)) last ??= point;
  }
  return last ?? fail("unsupported", "no point was found at which a self-test could run", NOWHERE);
}

// The derivatives that are not compared; fails where none is.
function omittedIn({ outputs }: Program["plan"], claims: Program["claims"]): string[] {
  const omitted = outputs.map((o) => o.name).filter((n) => n !== "value" && claims.every((c) => c.output !== n));
  const whole = NOWHERE;
  if (claims.length > 0) return omitted;
  if (omitted.length === 0)
    fail("unsupported", "there is no derivative for a self-test to compare", whole, { fix: "--wrt with a variable" });
  return fail(
    "unsupported",
    "a self-test compares derivatives with differences of the value, and second ones with those of the gradient, each entry moved by itself",
    whole,
    { fix: "the value and the gradient among the outputs, by a variable whose entries are not bound to each other" },
  );
}

/** Sizes of every name by the turn: those of positions, i of X[i,:], lie within the axes that they are on. */
function sizesOf({ plan, stated }: Program): (turn: number) => Map<string, number> {
  const positions = positionsIn(stated);
  const names = [
    ...new Set([...plan.inputs.flatMap((v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]), ...plan.sizes, ...stated.dims]),
  ].filter((name) => !positions.has(name));
  return (turn) => {
    const sizes = new Map(names.map((name, i) => [name, SIZES[(i + turn) % SIZES.length] as number]));
    for (const [name, axes] of positions)
      sizes.set(name, 1 + ((turn + sizes.size) % Math.min(...axes.map((axis) => evaluateDim(axis, sizes)))));
    return sizes;
  };
}

// The names of positions, i of X[i,:], with the axes on which they lie.
function positionsIn({ expr, targets }: Stated): ReadonlyMap<string, readonly Dim[]> {
  const places = targets.flatMap(({ variable, at }) => (at === undefined ? [] : [entry(variable, at)]));
  return inventory([expr, ...places]).positions;
}

function drawnInputs({ plan, claims }: Program, sizes: ReadonlyMap<string, number>, attempt: number): Map<string, Sample> {
  const random = createRandom(attempt + 1);
  const manner = MANNERS[attempt < GENERAL_ATTEMPTS ? 0 : attempt % MANNERS.length] as (typeof MANNERS)[number];
  return new Map(
    plan.inputs.map((v): [string, Sample] => {
      // Along what is not symmetric, a symmetric matrix does not stay so.
      const attributes = claims.some((c) => c.symmetric && c.along === v.name) ? [...v.attributes, "symmetric" as const] : v.attributes;
      const drawn = draw(evaluateDim(v.shape.rows, sizes), evaluateDim(v.shape.cols, sizes), attributes, manner, random);
      return [v.name, { axes: axesOf(v.shape).map((d) => evaluateDim(d, sizes)), data: rowMajor(drawn) }];
    }),
  );
}

const rowMajor = (m: Matrix): number[] =>
  Array.from({ length: m.data.length }, (_, k) => m.data[Math.floor(k / m.cols) + m.rows * (k % m.cols)] as number);

/**
 * How far differences are from what the plan computes, relative to their size. One sum over all
 * entries for each claim and input is enough to tell a kink from a smooth place.
 */
function largestError(plan: Program["plan"], { inputs, sizes, claims }: TestPoint): number {
  const run = (values: Map<string, Value>): Float64Array[] =>
    interpret(plan, values, sizes).map((x) => (typeof x === "number" ? Float64Array.of(x) : x));
  const given = new Map([...inputs].map(([name, s]) => [name, asInput(s, Float64Array.from(s.data))]));
  const here = run(given);
  if (here.some((v) => v.some((x) => !Number.isFinite(x)))) return Number.POSITIVE_INFINITY;
  const index = new Map(plan.outputs.map((o, i) => [o.name, i]));
  const errors = claims.map((claim): number => {
    const at = (by: Sample, k: number, h: number): Float64Array =>
      run(new Map([...given, [claim.by, movedValue(by, k, h, claim.symmetric)]]))[index.get(claim.of) as number] as Float64Array;
    const { total, scale } = differences(claim, inputs, at);
    const claimed = (here[index.get(claim.output) as number] as Float64Array).reduce((s, x) => s + x, 0);
    return Math.abs(claimed - total) / scale;
  });
  return errors.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...errors);
}

/** The sum of all central differences that a claim is about, and the largest of them. */
function differences(
  claim: TestClaim,
  inputs: ReadonlyMap<string, Sample>,
  at: (by: Sample, k: number, h: number) => Float64Array,
): { readonly total: number; readonly scale: number } {
  const by = inputs.get(claim.by) as Sample;
  const along = claim.along === undefined ? undefined : inputs.get(claim.along);
  let [total, scale] = [0, 1e-3];
  for (const [k, entry] of by.data.entries()) {
    const h = 6e-6 * Math.max(1, Math.abs(entry));
    const [above, below] = [at(by, k, h), at(by, k, -h)];
    for (const [r, x] of above.entries()) {
      const d = ((x - (below[r] as number)) / (2 * h)) * (along === undefined ? 1 : (along.data[k] as number));
      total += d;
      scale = Math.max(scale, Math.abs(d));
    }
  }
  return { total, scale };
}

const asInput = ({ axes }: Sample, data: Float64Array): Value => (axes.length === 0 ? (data[0] as number) : data);

/** A value with one entry moved, a symmetric matrix as such. */
function movedValue(sample: Sample, k: number, h: number, symmetric: boolean): Value {
  const start = Float64Array.from(sample.data);
  const data = start.with(k, (start[k] as number) + h);
  const [rows, cols] = sample.axes;
  if (!symmetric || rows === undefined || cols === undefined) return asInput(sample, data);
  return moved(matrix(cols, rows, start), data, "symmetric").data;
}
