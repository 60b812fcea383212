// Readings of single atoms, in both orientations.

import { rational, sign } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { type Dim, dimOf, subtractDims } from "../../../expr/dim.ts";
import type { Expr, Index } from "../../../expr/expr.ts";
import { isRowShape, isScalarShape, type Shape } from "../../../expr/shape.ts";
import { dropUnusedAxes, scaleTensor, transposeTensor } from "../../form/algebra.ts";
import { type Base, constantValue, internTensor, type Slot, type Tensor, type Term } from "../../form/tensor.ts";
import { extremeTerm, indicatorKind } from "../../functions/indicator.ts";
import { expand } from "../../simplify/expand.ts";
import { cheapest, cost } from "../reading/cost.ts";
import type { Reader } from "../reading/reader.ts";
import { callReading, flip, oriented, type Reading, scalarReading, widened, zerosExpr } from "../reading/reading.ts";
import { transposed } from "../reading/transposed.ts";

/** The reading of an atom with at most two axes; undefined where it has no matrix notation. */
export function readBase(reader: Reader, base: Base): Reading | undefined {
  if (reader.bases.has(base)) return reader.bases.get(base);
  const reading = base.axes.length > 2 ? undefined : readNew(reader, base);
  reader.bases.set(base, reading);
  return reading;
}

const column = (e: Expr): Reading => ({ fwd: e, rev: transposed(e) });

function readNew(reader: Reader, base: Base): Reading | undefined {
  switch (base.kind) {
    case "var": {
      const v = base.variable;
      if (isScalarShape(v.shape)) return scalarReading(v);
      return isRowShape(v.shape) ? { fwd: build.transpose(v), rev: v } : column(v);
    }
    case "number":
      return scalarReading(build.num(base.value));
    case "constant":
      return scalarReading(build.constant(base.name));
    case "dim":
      return scalarReading(build.dimNumber(dimOf(base.name)));
    case "delta":
      return scalarReading(build.eye(base.axes[0] as Dim));
    case "sum":
    case "group":
    case "part":
      return reader.read(base.tensor);
    case "function":
      return readFunction(reader, base);
    case "unknown":
      return readUnknown(reader, base);
    case "block":
      return column(selection(base.axes[0] as Dim, base.axes[1] as Dim, base.offset));
    case "fuse":
      return undefined;
  }
}

function readFunction(reader: Reader, base: Base & { kind: "function" }): Reading | undefined {
  const kind = indicatorKind(base.rules);
  if (kind !== undefined) return readComparison(reader, kind === "positive" ? "gt" : "eq", base.args[0] as Tensor);
  const { info } = base.rules;
  const args: Reading[] = [];
  // A number beside arguments with axes takes theirs.
  const spreads = info.elementwise && base.args.some((arg) => dropUnusedAxes(arg).kept.length > 0);
  for (const arg of base.args) {
    const value = constantValue(arg);
    const reading =
      value !== undefined && info.elementwise ? scalarReading(build.num(value)) : spreads ? readSide(reader, arg) : reader.read(arg);
    if (reading === undefined) return undefined;
    args.push(reading);
  }
  if (info.elementwise) return callReading(info, args);
  const given = (forward: boolean): Expr =>
    build.call(
      info,
      args.map((a, i) => (isRowShape(info.params[i] as Shape) || (i === 0 && !forward) ? a.rev : a.fwd)),
    );
  const result = given(true);
  if (base.rules.transpose === "same") return scalarReading(cheapest([result, given(false)]));
  if (base.symmetric) return scalarReading(result);
  if (base.rules.transpose === "turned" && base.axes.length === 2) {
    const other = given(false);
    // inv(X)′ before inv(X′)
    return { fwd: cheapest([transposed(other), result]), rev: cheapest([transposed(result), other]) };
  }
  return isRowShape(result.shape) ? { fwd: transposed(result), rev: result } : column(result);
}

function readUnknown(reader: Reader, base: Base & { kind: "unknown" }): Reading | undefined {
  const args: Expr[] = [];
  for (const arg of base.args) {
    const reading = reader.read(arg);
    if (reading === undefined) return undefined;
    args.push(reading.fwd);
  }
  const [rows, cols] = base.axes;
  const shape: Shape = { rows: rows ?? dimOf(1), cols: cols ?? dimOf(1) };
  const { elementwise, isSymmetricValue: symmetric, derivatives } = base;
  return column(build.unknown(base.name, args, shape, { elementwise, symmetric, derivatives }));
}

/** [t > 0] as a comparison with the negative part on the other side: [w > x] for t = w − x. */
function readComparison(reader: Reader, op: "gt" | "eq", given: Tensor): Reading | undefined {
  const ofExtreme = op === "eq" ? readExtreme(reader, given) : undefined;
  if (ofExtreme !== undefined) return ofExtreme;
  // Multiplied out, q r − (q − 1) r is r.
  const flat = expand(given);
  const t = flat === undefined || flat.terms.length > given.terms.length ? given : flat;
  const fwd: Expr[] = [];
  const rev: Expr[] = [];
  for (const [left, right] of comparedSides(t)) {
    const [l, r] = [readSide(reader, left), readSide(reader, right)];
    if (l === undefined || r === undefined) return undefined;
    if (isScalarShape(l.fwd.shape) && isScalarShape(r.fwd.shape) && t.axes.length > 0) continue;
    fwd.push(compare(op, l.fwd, r.fwd));
    rev.push(compare(op, l.rev, r.rev));
  }
  return fwd.length === 0 ? undefined : oriented(fwd, rev);
}

/** [max(s) − s = 0] with s as it stands in max(s), and whole: in another notation it is rounded otherwise, and max(x + s) − s is no entry of x. */
function readExtreme(reader: Reader, t: Tensor): Reading | undefined {
  const whole = extremeTerm(t);
  if (whole === undefined) return undefined;
  const isNegative = sign(whole.coefficient) < 0;
  const others = t.terms.filter((term) => term !== whole);
  const given = scaleTensor(internTensor(t.axes, others), rational(isNegative ? 1 : -1));
  const [compared, extreme] = [
    readArgument(reader, given, whole),
    readSide(reader, scaleTensor(internTensor(t.axes, [whole]), rational(isNegative ? -1 : 1))),
  ];
  if (compared === undefined || extreme === undefined) return undefined;
  const [left, right] = isNegative ? [compared, extreme] : [extreme, compared];
  return oriented([compare("eq", left.fwd, right.fwd)], [compare("eq", left.rev, right.rev)]);
}

// A matrix whose rows have extremes is read as it is read there.
function readArgument(reader: Reader, t: Tensor, { factors: [f] }: Term): Reading | undefined {
  const [of] = f?.base.kind === "function" ? f.base.args : [];
  if (of === undefined || of.axes.length < 2) return readSide(reader, t);
  const isTurned = t !== of && transposeTensor(t) === of;
  const reading = t === of || isTurned ? reader.read(of) : undefined;
  if (reading === undefined) return readSide(reader, t);
  const whole: Reading = { fwd: reading.fwd, rev: transposed(reading.fwd) };
  return isTurned ? flip(whole) : whole;
}

/** The sides that a comparison of a tensor with 0 may have. */
function comparedSides(t: Tensor): [Tensor, Tensor][] {
  const isNegative = ({ coefficient }: Term): boolean => sign(coefficient) < 0;
  const side = (terms: readonly Term[], factor: bigint): Tensor => scaleTensor(internTensor(t.axes, terms), { n: factor, d: 1n });
  const positive = t.terms.filter((term) => !isNegative(term));
  return [
    [t, internTensor(t.axes, [])],
    [side(positive, 1n), side(t.terms.filter(isNegative), -1n)],
  ];
}

function compare(op: "gt" | "eq", left: Expr, right: Expr): Expr {
  const shape = isScalarShape(left.shape) ? right.shape : left.shape;
  const widen = (e: Expr): Expr => (isScalarShape(e.shape) ? widened(e, shape) : e);
  return build.apply(op, [widen(left), widen(right)]);
}

function readSide(reader: Reader, t: Tensor): Reading | undefined {
  const value = constantValue(t);
  if (value !== undefined) return scalarReading(build.num(value));
  const { tensor, kept } = dropUnusedAxes(t);
  return reader.read(kept.length === 0 ? tensor : t);
}

/** An atom with fixed positions: an entry, a row or a column of its reading. `axes` are the slots that stay labels. */
export function readEntry(reader: Reader, base: Base, slots: readonly Slot[]): Reading | undefined {
  if (base.kind === "delta") {
    const [position, label] = slots as [Slot, Slot];
    if (typeof position === "number") return undefined;
    if (typeof label !== "number") return scalarReading(build.entry(build.eye(base.axes[0] as Dim), [fixedAt(position), fixedAt(label)]));
    return column(build.apply("unit", [], [base.axes[0] as Dim, position]));
  }
  const whole = readBase(reader, base);
  if (whole === undefined) return undefined;
  const index = (s: Slot | undefined): Index => (s === undefined || typeof s === "number" ? { kind: "all" } : fixedAt(s));
  if (base.axes.length === 1) return scalarReading(build.entry(whole.fwd, [index(slots[0]), { kind: "all" }]));
  const [a, b] = slots;
  // inv(X)[k,i] before (inv(X)′)[i,k]
  const turned = cost(whole.rev) < cost(whole.fwd);
  const fwd = turned ? build.entry(whole.rev, [index(b), index(a)]) : build.entry(whole.fwd, [index(a), index(b)]);
  if (typeof a !== "number" && typeof b !== "number") return scalarReading(fwd);
  // A[2,:] is a row, A[:,3] a column.
  return (typeof a === "number") !== turned ? column(fwd) : { fwd: transposed(fwd), rev: fwd };
}

const fixedAt = (at: Dim): Index => ({ kind: "position", at });

/** [0; I; 0] that puts a block of `size` rows behind `offset` others. */
export function selection(total: Dim, size: Dim, offset: Dim): Expr {
  const behind = subtractDims(subtractDims(total, size), offset);
  const zeros = (rows: Dim): Expr[] => (rows.key === "0" ? [] : [build.zeros(rows, size)]);
  return build.apply("vcat", [...zeros(offset), build.eye(size), ...zeros(behind)]);
}

/** The zero of these axes. */
export function zeroReading(axes: readonly Dim[]): Reading {
  const [rows, cols] = [axes[0] ?? dimOf(1), axes[1] ?? dimOf(1)];
  if (axes.length === 0) return scalarReading(build.num(0));
  return { fwd: zerosExpr(rows, cols), rev: zerosExpr(cols, rows) };
}
