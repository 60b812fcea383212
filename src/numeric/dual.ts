// Derivatives of values without differences: every part of a term carries its value and how
// fast it changes along a direction (dual numbers, Clifford 1873; forward mode, Wengert 1964).
// What it gives is exact but for rounding, also where a difference quotient sees nothing; where
// terms cancel, rounding is made up for (compensated.ts).
//
// Invariants: the slopes of functions are those of slopes.ts, written from their definitions;
// nothing here knows a rule or a tensor. A term with a part that has no slope has no dual value.

import { evaluateDim } from "../expr/dim.ts";
import { type Apply, type Entry, type Expr, isApply, nodes, type Variable } from "../expr/expr.ts";
import { boundAt } from "../expr/indices.ts";
import { isOperator } from "../expr/operators.ts";
import { isScalarShape } from "../expr/shape.ts";
import { applyLong, type LongDual } from "./compensated.ts";
import type { Context } from "./context.ts";
import { at, generate, isScalar, type Matrix, matrix, scalar } from "./matrix.ts";
import type { Point } from "./point.ts";
import { type Slope, slopeOf } from "./slopes.ts";

/** How fast a part changes; undefined where it does not change. */
type Tangent = Matrix | undefined;

/** A term with its value at a point. */
export interface DualTerm {
  readonly value: Matrix;
  /** The derivative along directions of variables, in the term's shape. */
  along(directions: ReadonlyMap<string, Matrix>): Matrix;
}

interface Part {
  readonly node: Expr;
  readonly sources: readonly number[];
  readonly value: Matrix;
  readonly slope: Slope | undefined;
  /** Whether the slope is in a form of its own, which keeps more digits than that of the operator. */
  readonly special?: boolean;
}

/** Where a term is evaluated; `depth` is how many definitions it stands in. */
interface Setting {
  readonly context: Context;
  readonly point: Pick<Point, "sizes" | "values">;
  readonly depth: number;
}

const DEEPEST = 20;

/** Prepares a term; undefined where a part of it has no dual value: a sum over an index, a function without slope. */
export function dualTerm(context: Context, root: Expr, point: Setting["point"], depth = 0): DualTerm | undefined {
  const places = new Map<Expr, number>();
  const parts: Part[] = [];
  for (const node of nodes(root)) {
    const sources = node.args.map((a) => places.get(a) as number);
    const args = sources.map((s) => (parts[s] as Part).value);
    const made = partOf({ context, point, depth }, node, args);
    if (made === undefined) return undefined;
    places.set(node, parts.length);
    parts.push({ node, sources, ...made });
  }
  const { value } = parts[parts.length - 1] as Part;
  return {
    value,
    along: (directions) => {
      const tangents = tangentsOf(parts, directions);
      if (parts.some((part, i) => cancels(part, tangents, i))) return alongLong(parts, directions);
      return tangents[tangents.length - 1] ?? matrix(value.rows, value.cols);
    },
  };
}

function tangentsOf(parts: readonly Part[], directions: ReadonlyMap<string, Matrix>): Tangent[] {
  const tangents: Tangent[] = [];
  for (const { node, sources, slope } of parts) {
    const given = sources.map((s) => tangents[s]);
    if (node.kind === "var") tangents.push(directions.get(node.name));
    else tangents.push(slope === undefined || given.every((t) => t === undefined) ? undefined : slope(given));
  }
  return tangents;
}

/** What a part is by itself, given the values of its arguments. */
type Value = Omit<Part, "node" | "sources">;

const fixed = (value: Matrix | undefined): Value | undefined => (value === undefined ? undefined : { value, slope: undefined });

function partOf(setting: Setting, node: Expr, args: readonly Matrix[]): Value | undefined {
  const { context, point } = setting;
  switch (node.kind) {
    case "num":
      return fixed(scalar(context.arithmetic.number(node.value)));
    case "dim":
      return fixed(scalar(evaluateDim(node.dim, point.sizes)));
    case "constant": {
      const value = context.arithmetic.constant(node.name);
      return value === undefined ? undefined : fixed(scalar(value));
    }
    case "var":
      return fixed(point.values.get(node.name));
    case "entry": {
      const take = taking(node, point.sizes);
      return take === undefined ? undefined : { value: take(args[0] as Matrix), slope: ([t]) => (t === undefined ? undefined : take(t)) };
    }
    case "indexSum":
    case "unknown":
      return undefined;
    case "apply":
      return applied(setting, node, args);
  }
}

/** A slice at places that are known. */
function taking(node: Entry, sizes: Point["sizes"]): ((a: Matrix) => Matrix) | undefined {
  if (boundAt(node).length > 0) return undefined;
  const [i, j] = node.at.map((index) => (index.kind === "position" ? evaluateDim(index.at, sizes) - 1 : undefined));
  return (a) => generate(i === undefined ? a.rows : 1, j === undefined ? a.cols : 1, (row, col) => at(a, i ?? row, j ?? col));
}

function applied(setting: Setting, node: Apply, args: readonly Matrix[]): Value | undefined {
  const { arithmetic } = setting.context;
  const params = node.params.map((p) => evaluateDim(p, setting.point.sizes));
  const kernel = isOperator(node.op) ? arithmetic.operators[node.op] : arithmetic.functions.get(node.op);
  if (kernel === undefined) return defined(setting, node.op, args);
  const value = kernel.value(args, params);
  // sin(x)/x has its own slope: that of the quotient loses digits near zero.
  if (isSinc(node)) {
    const slope = slopeOf("sinc", [args[1] as Matrix], value, params, arithmetic);
    return slope && { value, slope: ([, t]) => slope([t]), special: true };
  }
  const slope = slopeOf(node.op, args, value, params, arithmetic);
  if (slope !== undefined) return { value, slope };
  return isOperator(node.op) ? undefined : defined(setting, node.op, args);
}

function isSinc({ op, args: [top, bottom] }: Apply): boolean {
  return (op === "div" || op === "hdiv") && isApply(top, "sin") && top.args[0] === bottom;
}

/** A function through its definition: of numbers entry by entry, else as a whole. */
function defined({ context, depth }: Setting, name: string, args: readonly Matrix[]): Value | undefined {
  const definition = depth < DEEPEST ? context.definitions?.(name) : undefined;
  if (definition === undefined) return undefined;
  const { parameters, body } = definition;
  const call = (given: readonly Matrix[]): DualTerm | undefined =>
    dualTerm(context, body, { sizes: sizesOf(parameters, given), values: byName(parameters, given) }, depth + 1);
  const wide = args.find((a) => !isScalar(a));
  if (wide === undefined || !parameters.every((p) => isScalarShape(p.shape))) {
    const whole = call(args);
    return whole && { value: whole.value, slope: (tangents) => whole.along(byName(parameters, tangents)) };
  }
  const entryOf = (a: Matrix, k: number): Matrix => (isScalar(a) ? a : scalar(a.data[k] as number));
  const entries: DualTerm[] = [];
  for (let k = 0; k < wide.data.length; k++) {
    const entry = call(args.map((a) => entryOf(a, k)));
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  const collect = (of: (e: DualTerm, k: number) => Matrix): Matrix => {
    const data = Float64Array.from(entries, (e, k) => of(e, k).data[0] as number);
    return matrix(wide.rows, wide.cols, data);
  };
  return {
    value: collect((e) => e.value),
    slope: (tangents) =>
      collect((e, k) =>
        e.along(
          byName(
            parameters,
            tangents.map((t) => t && entryOf(t, k)),
          ),
        ),
      ),
  };
}

/** The sizes that parameters take from what is given for them. */
function sizesOf(parameters: readonly Variable[], given: readonly Matrix[]): Map<string, number> {
  const sizes = new Map<string, number>();
  parameters.forEach(({ shape }, k) => {
    const { rows, cols } = given[k] as Matrix;
    if (!sizes.has(shape.rows.key)) sizes.set(shape.rows.key, rows);
    if (!sizes.has(shape.cols.key)) sizes.set(shape.cols.key, cols);
  });
  return sizes;
}

/** What is given for parameters, by their names. */
function byName(parameters: readonly Variable[], given: readonly Tangent[]): Map<string, Matrix> {
  const out = new Map<string, Matrix>();
  for (const [k, { name }] of parameters.entries()) {
    const value = given[k];
    if (value !== undefined) out.set(name, value);
  }
  return out;
}

/** Of the largest term of a sum, what is left where digits are lost that a check has use for. */
const CANCELLED = 1 / 16;

// Whether the terms of a sum change in opposite ways that nearly make up for each other.
function cancels({ node, sources }: Part, tangents: readonly Tangent[], place: number): boolean {
  const whole = tangents[place];
  if (!isApply(node, "add") || whole === undefined) return false;
  return whole.data.some((x, k) => x !== 0 && sources.some((s) => Math.abs(x) < CANCELLED * Math.abs(tangents[s]?.data[k] ?? 0)));
}

// The same derivative with what rounding takes from sums and products of entries.
function alongLong(parts: readonly Part[], directions: ReadonlyMap<string, Matrix>): Matrix {
  const made: LongDual[] = [];
  for (const { node, sources, value, slope, special } of parts) {
    const given = sources.map((s) => made[s] as LongDual);
    const long = node.kind === "apply" && special !== true ? applyLong(node.op, given, value.rows, value.cols) : undefined;
    if (long !== undefined) made.push(long);
    else if (node.kind === "var") made.push({ value, slope: directions.get(node.name) });
    else made.push({ value, slope: given.every((g) => g.slope === undefined) ? undefined : slope?.(given.map((g) => g.slope)) });
  }
  const { slope, value } = made[made.length - 1] as LongDual;
  return slope ?? matrix(value.rows, value.cols);
}
