// What is left on the free vertices of a reduced graph, as one reading: weights and at most one
// bundle of edges between them.
//
// Invariant: the axes are in order, the first along the rows; a graph on which more is left has no
// matrix notation. Not here: how inner vertices go (graph.ts).

import { rational } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import { EXPONENT_ONE, type Exponent, exponentOf } from "../../form/tensor.ts";
import type { Reader } from "../reading/reader.ts";
import { diagonalReading, flip, onesReading, oriented, productReading, type Reading, scalarReading } from "../reading/reading.ts";
import { transposed } from "../reading/transposed.ts";
import type { Weight } from "./closed.ts";
import { along, type Graph, mergeParallel, unitItem, vectorOf } from "./graph.ts";
import { combineItems, type Item, sharedPower, splitSign } from "./items.ts";

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
  const items = edge === undefined ? [] : along(edge, i);
  const outers = outerItems(reader, graph, [i, j]).map((outer) => combineItems(reader, [...items, ...outer]));
  const body = edge === undefined ? outerProduct(graph, [i, j], wi, wj) : between(reader, items, wi, wj);
  return { body: body === undefined ? body : shortest([body, ...outers]), ok: edge === undefined || body !== undefined };
}

/** The shortest of several readings in each orientation. */
function shortest(readings: readonly (Reading | undefined)[]): Reading {
  const all = readings.filter((r) => r !== undefined);
  return oriented(
    all.map((r) => r.fwd),
    all.map((r) => r.rev),
  );
}

/**
 * The weights of rows and columns, where both have some, as outer products: behind everything else, above and below
 * a fraction line, and under one power, √u √vᵀ being √(u vᵀ).
 */
function outerItems(reader: Reader, graph: Graph, [i, j]: readonly [number, number]): Item[][] {
  const sides = [i, j].map((v) => graph.weights.get(v) as Weight[]);
  const [first, ...others] = sides.flat();
  if (first === undefined || sides.some((weights) => weights.length === 0)) return [];
  const outer = (exponent: Exponent, select: (weights: readonly Item[]) => readonly Item[]): Item | undefined => {
    const [left, right] = [i, j].map((v, side) => {
      const weights = select(sides[side] as Weight[]);
      return weights.length === 0 ? onesReading(graph.dims.get(v) as Dim) : combineItems(reader, weights);
    });
    if (left === undefined || right === undefined) return undefined;
    return { ...unitItem(productReading(left, flip(right)), Number.MAX_VALUE), exponent };
  };
  const isBelow = ({ exponent }: Item): boolean => splitSign(exponent).below;
  const isAll = [first, ...others].every(isBelow);
  const above = isAll ? [] : [outer(EXPONENT_ONE, (weights) => weights.filter((w) => !isBelow(w)))];
  const sized = (w: Item): Item => ({ ...w, exponent: splitSign(w.exponent).size });
  const below = outer(exponentOf(rational(-1)), (weights) => weights.filter(isBelow).map(sized));
  const parted = sides.every((weights) => weights.some(isBelow)) ? [[...above, below]] : [];
  const isShared = others.every((w) => sharedPower(first.exponent, w.exponent) > 0);
  const power = isShared ? [[outer(first.exponent, (weights) => weights.map((w) => ({ ...w, exponent: EXPONENT_ONE })))]] : [];
  const plain = [outer(EXPONENT_ONE, (weights) => weights)];
  return [plain, ...parted, ...power].flatMap((list) => {
    const items = list.filter((item) => item !== undefined);
    return items.length === list.length ? [items] : [];
  });
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

/** A matrix with weights on its rows and columns: diag(w) A diag(v). */
function between(reader: Reader, items: readonly Item[], wi: Reading | undefined, wj: Reading | undefined): Reading | undefined {
  const m = combineItems(reader, items);
  if (m === undefined) return undefined;
  const withLeft = wi === undefined ? m : productReading(diagonalReading(wi), m);
  return wj === undefined ? withLeft : productReading(withLeft, diagonalReading(wj));
}
