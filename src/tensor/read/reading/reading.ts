// A reading: a piece of matrix notation for a value with up to two axes, in both
// orientations, each at its cheapest. A vector's forward reading is the column.
//
// Every constructor offers several spellings and keeps the one a reader counts shortest,
// so transposes are pushed in or pulled out as it pays: (A X B)ᵀ, but xᵀ(A + Aᵀ).

import { negate } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import type { FunctionInfo } from "../../../expr/functions.ts";
import { isScalarShape, isVectorShape, type Shape } from "../../../expr/shape.ts";
import { cheaper, cheapest } from "./cost.ts";
import { times } from "./times.ts";
import { transposed } from "./transposed.ts";

/** A tensor in matrix notation, and its transpose. */
export interface Reading {
  readonly fwd: Expr;
  readonly rev: Expr;
}

/** The reading of the transpose. */
export const flip = (r: Reading): Reading => ({ fwd: r.rev, rev: r.fwd });

/** A reading from candidates for both orientations; each side may also be the transpose of the other. */
export function oriented(fwd: readonly Expr[], rev: readonly Expr[]): Reading {
  if (rev.length === 0) return turnedReading(cheapest(fwd));
  if (fwd.length === 0) return flip(turnedReading(cheapest(rev)));
  const [f, r] = [cheapest(fwd), cheapest(rev)];
  return { fwd: cheaper(f, transposed(r)), rev: cheaper(r, transposed(f)) };
}

const turnedReading = (e: Expr): Reading => ({ fwd: e, rev: transposed(e) });

/** The reading of what is its own transpose. */
export const scalarReading = (e: Expr): Reading => ({ fwd: e, rev: e });

/** A column of ones. */
export const onesReading = (dim: Dim): Reading => turnedReading(build.ones(dim));

/** The sum of all entries; of a diagonal the trace, of a product of vectors entry by entry uᵀ v. */
export function total(r: Reading): Expr {
  const [u, v] = isApply(r.fwd, "hadamard") && isVectorShape(r.fwd.shape) ? r.fwd.args : [];
  const inner = u === undefined || v === undefined ? [] : [times(transposed(u), v), times(transposed(v), u)];
  return cheapest([...inner, totalOf(r)]);
}

function totalOf(r: Reading): Expr {
  const e = cheapest([r.fwd, r.rev]);
  const [of] = e.args;
  const isDiagonal = isApply(e, "diag") && of !== undefined && !isVectorShape(of.shape);
  return isDiagonal ? build.apply("tr", [of]) : build.apply("sum", [e]);
}

/** P Q, as P·Q or as the transpose of Qᵀ·Pᵀ. */
export const productReading = (p: Reading, q: Reading): Reading => oriented([times(p.fwd, q.fwd)], [times(q.rev, p.rev)]);

/** Element-wise product of readings of one shape. */
export const hadamardReading = (p: Reading, q: Reading): Reading =>
  oriented([build.hadamard(p.fwd, q.fwd)], [build.hadamard(p.rev, q.rev)]);

/** Entry by entry quotient; the numerator may be the number 1. */
export const quotientReading = (p: Reading | undefined, q: Reading): Reading =>
  p === undefined
    ? oriented([reciprocal(q.fwd)], [reciprocal(q.rev)])
    : oriented([build.apply("hdiv", [p.fwd, q.fwd])], [build.apply("hdiv", [p.rev, q.rev])]);

const reciprocal = (e: Expr): Expr => risenRoot(e) ?? build.apply("hdiv", [widened(build.num(1), e.shape), e]);

/** 1/x^(3/2) as x^(−3/2): a power that is no whole one needs no fraction line; undefined for other terms. */
export function risenRoot(e: Expr): Expr | undefined {
  if (e.kind !== "apply" || (e.op !== "pow" && e.op !== "hpow")) return undefined;
  const [base, exponent] = e.args as readonly [Expr, Expr];
  if (exponent.kind !== "num" || exponent.value.d === 1n) return undefined;
  return build.apply(e.op === "pow" ? "pow" : "hpow", [base, build.num(negate(exponent.value))]);
}

/** diag of a vector. */
export const diagonalReading = (v: Reading): Reading => scalarReading(build.apply("diag", [cheapest([v.fwd, v.rev])]));

/** The diagonal of a matrix. */
export const diagonalOf = (matrix: Reading): Reading => turnedReading(build.apply("diag", [cheapest([matrix.fwd, matrix.rev])]));

/** A scalar widened to a shape; where nothing else states the shape it prints with ones. */
export const widened = (scalar: Expr, shape: Shape): Expr =>
  isScalarShape(shape) ? scalar : build.apply("expand", [scalar], [shape.rows, shape.cols]);

/** A function of readings, entry by entry. */
export function callReading(info: FunctionInfo, args: readonly Reading[]): Reading {
  return oriented(
    [
      build.call(
        info,
        args.map((a) => a.fwd),
      ),
    ],
    [
      build.call(
        info,
        args.map((a) => a.rev),
      ),
    ],
  );
}

/** Entry by entry power by a number (or for a scalar, the power). */
export const powerReading = (r: Reading, exponent: Expr): Reading => {
  const op = isScalarShape(r.fwd.shape) ? "pow" : "hpow";
  return oriented([build.apply(op, [r.fwd, exponent])], [build.apply(op, [r.rev, exponent])]);
};

/** Ones of a shape: a column, a row or a matrix. */
export const onesExpr = (rows: Dim, cols: Dim): Expr =>
  rows.key === "1" && cols.key !== "1" ? build.transpose(build.ones(cols)) : build.ones(rows, cols);
/** Zeros as they are written: a row as a column transposed. */
export const zerosExpr = (rows: Dim, cols: Dim): Expr =>
  rows.key === "1" && cols.key !== "1" ? build.transpose(build.zeros(cols)) : build.zeros(rows, cols);
