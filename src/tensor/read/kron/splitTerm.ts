// Terms in vec form that do not link rows and columns: vec(F) vec(G)ᵀ.
//
// Not here: terms that link them (kronTerm.ts).

import { absolute } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import type { Tensor, Term } from "../../form/tensor.ts";
import type { Reader, Sides } from "../reading/reader.ts";
import { diagonalReading, flip, onesExpr, onesReading, productReading } from "../reading/reading.ts";
import { scaled } from "../reading/scaled.ts";
import type { Signed } from "../reading/signs.ts";
import { times } from "../reading/times.ts";
import { transposed } from "../reading/transposed.ts";
import { type Graph, neighbourEdges, reduce, vectorOf } from "../term/graph.ts";
import { openTerm, scalarsOf } from "../term/term.ts";
import { vecOf } from "./vec.ts";

/** A term that does not link rows and columns as vec(F) vec(G)ᵀ; undefined where it links them or has no matrices. */
export function readSplitTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): Signed | undefined {
  const open = openTerm(reader, tensor, term);
  if (open === undefined || !reduce(reader, open.graph)) return undefined;
  const { graph } = open;
  const side = (v: number): readonly number[] => (sides.rows.includes(v) ? sides.rows : sides.cols);
  if (open.identities.some(([a, b]) => side(a) !== side(b)) || graph.edges.some((e) => side(e.from) !== side(e.to))) return undefined;
  const part = (axes: readonly number[]): Expr | undefined => {
    const [first, second] = axes;
    if (first === undefined) return undefined;
    if (second === undefined) return vectorOf(reader, graph, first)?.fwd ?? build.ones(tensor.axes[first] as Dim);
    const joined = open.identities.some((pair) => pair.includes(first) && pair.includes(second));
    const matrix = sideMatrix(reader, graph, first, second, joined);
    return matrix === undefined ? undefined : vecOf(matrix);
  };
  const [rows, cols] = [part(sides.rows), part(sides.cols)];
  if ((rows === undefined && sides.rows.length > 0) || (cols === undefined && sides.cols.length > 0)) return undefined;
  const { top, bottom } = scalarsOf(reader, open);
  const body = rows === undefined ? transposed(cols as Expr) : cols === undefined ? rows : times(rows, transposed(cols));
  return { negative: open.negative, expr: scaled(absolute(term.coefficient), top, bottom, body) };
}

/** The matrix over the two labels of one side, weights included. */
function sideMatrix(reader: Reader, graph: Graph, i: number, j: number, identity: boolean): Expr | undefined {
  const [edge, ...more] = neighbourEdges(reader, graph, i, j);
  if (more.length > 0) return undefined;
  const [wi, wj] = [vectorOf(reader, graph, i), vectorOf(reader, graph, j)];
  const [di, dj] = [graph.dims.get(i) as Dim, graph.dims.get(j) as Dim];
  if (identity) {
    if (edge !== undefined || (wi !== undefined && wj !== undefined)) return undefined;
    // The weight of two labels that are one is at the smaller.
    const weight = wi ?? wj;
    return weight === undefined ? build.eye(di) : diagonalReading(weight).fwd;
  }
  if (edge === undefined) {
    if (wi === undefined && wj === undefined) return onesExpr(di, dj);
    return productReading(wi ?? onesReading(di), flip(wj ?? onesReading(dj))).fwd;
  }
  const left = wi === undefined ? edge : productReading(diagonalReading(wi), edge);
  return (wj === undefined ? left : productReading(left, diagonalReading(wj))).fwd;
}
