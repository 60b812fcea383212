// What is left on the free vertices of a reduced graph, as one reading: weights and at most one
// bundle of edges between them.
//
// Invariant: the axes are in order, the first along the rows; a graph on which more is left has no
// matrix notation. Not here: how inner vertices go (graph.ts).

import * as build from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Weight } from "./closed.ts";
import { along, type Graph, mergeParallel, unitItem, vectorOf } from "./graph.ts";
import { combineItems, type Item } from "./items.ts";
import type { Reader } from "./reader.ts";
import { diagonalReading, flip, onesReading, oriented, productReading, type Reading, scalarReading } from "./reading.ts";
import { transposed } from "./transposed.ts";

/** What is left on the free vertices, axes in order; undefined body for a number. */
export function assemble(
  reader: Reader,
  graph: Graph,
  axes: readonly number[],
  identity: boolean,
): { body: Reading | undefined; ok: boolean } {
  const failed = { body: undefined, ok: false };
  const [i, j] = axes;
  if (i === undefined) return { body: undefined, ok: graph.edges.length === 0 };
  const readings: (Reading | undefined)[] = [];
  for (const v of axes) {
    const reading = vectorOf(reader, graph, v);
    if (reading === undefined && (graph.weights.get(v) as Weight[]).length > 0) return failed;
    readings.push(reading);
  }
  const [wi, wj] = readings;
  if (j === undefined) return graph.edges.length > 0 ? failed : { body: wi, ok: true };
  if (identity) {
    if (graph.edges.length > 0) return failed;
    return { body: wi === undefined ? scalarReading(build.eye(graph.dims.get(i) as Dim)) : diagonalReading(wi), ok: true };
  }
  mergeParallel(graph);
  const [edge, ...more] = graph.edges;
  if (more.length > 0) return failed;
  if (edge === undefined) return { body: outerProduct(graph, [i, j], wi, wj), ok: true };
  const body = between(reader, along(edge, i), wi, wj);
  return { body, ok: body !== undefined };
}

/** Two weights and nothing between them, or one of them in every row or column; undefined for a number. */
function outerProduct(
  graph: Graph,
  [i, j]: readonly [number, number],
  wi: Reading | undefined,
  wj: Reading | undefined,
): Reading | undefined {
  if (wi === undefined && wj === undefined) return undefined;
  const [dimI, dimJ] = [graph.dims.get(i) as Dim, graph.dims.get(j) as Dim];
  const body = productReading(wi ?? onesReading(dimI), flip(wj ?? onesReading(dimJ)));
  // (P 1) 1ᵀ as P 1 1ᵀ
  const [only, ...others] = graph.weights.get(wj === undefined ? i : j) as Weight[];
  const rows = others.length === 0 && (wi === undefined || wj === undefined) ? only?.rowsOf : undefined;
  if (rows === undefined) return body;
  const ones = build.ones(rows.fwd.shape.cols, wj === undefined ? dimJ : dimI);
  const joined = productReading(rows, { fwd: ones, rev: transposed(ones) });
  const turned = wj === undefined ? joined : flip(joined);
  return oriented([body.fwd, turned.fwd], [body.rev, turned.rev]);
}

/** A matrix with weights on its rows and columns: diag(w) A diag(v), or A ⊙ w vᵀ. */
function between(reader: Reader, items: readonly Item[], wi: Reading | undefined, wj: Reading | undefined): Reading | undefined {
  const m = combineItems(reader, items);
  if (m === undefined) return undefined;
  const withLeft = wi === undefined ? m : productReading(diagonalReading(wi), m);
  const scaledBoth = wj === undefined ? withLeft : productReading(withLeft, diagonalReading(wj));
  if (wi === undefined || wj === undefined) return scaledBoth;
  const outer = productReading(wi, flip(wj));
  // Beside a fraction the outer product stands above its line.
  const had = combineItems(reader, [...items, unitItem(outer, Number.MAX_VALUE)]);
  return had === undefined ? scaledBoth : oriented([scaledBoth.fwd, had.fwd], [scaledBoth.rev, had.rev]);
}
