// Shapes of Exprs: rows × columns. A scalar is 1×1, a column vector n×1, a row 1×n.

import { perEpoch } from "../base/intern.ts";
import { type Dim, dimOf, isOneDim, one, sameDim } from "./dim.ts";

/** Rows and columns, each a size that may be a name. */
export interface Shape {
  readonly rows: Dim;
  readonly cols: Dim;
}

const asDim = (d: Dim | number | string): Dim => (typeof d === "object" ? d : dimOf(d));
/** A shape from sizes, names or numbers; one column unless stated. */
export const shapeOf = (rows: Dim | number | string, cols: Dim | number | string = 1): Shape => ({ rows: asDim(rows), cols: asDim(cols) });
export const scalarShape = perEpoch((): Shape => ({ rows: one(), cols: one() }));
export const isScalarShape = (s: Shape): boolean => isOneDim(s.rows) && isOneDim(s.cols);
/** n×1, n not 1. */
export const isColumnShape = (s: Shape): boolean => isOneDim(s.cols) && !isOneDim(s.rows);
/** 1×n, n not 1. */
export const isRowShape = (s: Shape): boolean => isOneDim(s.rows) && !isOneDim(s.cols);
/** A column or a row. */
export const isVectorShape = (s: Shape): boolean => isOneDim(s.rows) !== isOneDim(s.cols);
/** Neither side is 1. */
export const isMatrixShape = (s: Shape): boolean => !isOneDim(s.rows) && !isOneDim(s.cols);
export const isSquareShape = (s: Shape): boolean => sameDim(s.rows, s.cols);
export const sameShape = (a: Shape, b: Shape): boolean => sameDim(a.rows, b.rows) && sameDim(a.cols, b.cols);
export const transposeShape = (s: Shape): Shape => ({ rows: s.cols, cols: s.rows });

/** `n×1`, `m×n`, as messages and answers state it. */
export const shapeText = (s: Shape): string => `${wrap(s.rows)}×${wrap(s.cols)}`;
const wrap = (d: Dim): string => (/^[\p{L}\p{N}_*]+$/u.test(d.key) ? d.key : `(${d.key})`);

/** "a number", "a vector of n", "a 1×n row", "an m×n matrix". */
export function describeShape(s: Shape): string {
  if (isScalarShape(s)) return "a number";
  if (isColumnShape(s)) return `a vector (${shapeText(s)})`;
  if (isRowShape(s)) return `a row (${shapeText(s)})`;
  return `a matrix (${shapeText(s)})`;
}
