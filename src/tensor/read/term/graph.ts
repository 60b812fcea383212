// A term as a graph: labels are vertices, two-axis factors edges, one-axis factors weights.
// Inner vertices are removed one by one until only the free ones are left:
//   parallel edges            → element-wise product
//   inner vertex, one edge    → matrix × vector
//   inner vertex, two edges   → matrix product, with diag(weight) between
//   closed remainder          → dot product, trace or sum, whichever is shortest
// A vertex with three edges that nothing reduces has no matrix notation.

import { flatMap } from "../../../base/list.ts";
import type { Dim } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import { EXPONENT_ONE, isSquare } from "../../form/tensor.ts";
import { cost } from "../reading/cost.ts";
import type { Reader } from "../reading/reader.ts";
import { diagonalOf, diagonalReading, flip, onesReading, oriented, productReading, type Reading } from "../reading/reading.ts";
import { closePair, dotOf, pairOf, type Weight } from "./closed.ts";
import { combineItems, type Item } from "./items.ts";

interface Edge {
  readonly from: number;
  readonly to: number;
  /** Forward: rows run along `from`. */
  readonly items: readonly Item[];
}

/** A product as edges between labels: matrices are edges, vectors weights of a label. */
export interface Graph {
  readonly dims: Map<number, Dim>;
  readonly free: ReadonlySet<number>;
  readonly weights: Map<number, Weight[]>;
  edges: Edge[];
  readonly scalars: Expr[];
}

/** A graph of labels without weights and edges; `free` are the axes of the product. */
export const createGraph = (dims: Map<number, Dim>, free: readonly number[]): Graph => ({
  dims,
  free: new Set(free),
  weights: new Map([...dims.keys()].map((l) => [l, []])),
  edges: [],
  scalars: [],
});

/** Adds a vector on a label. */
export function addWeight(graph: Graph, label: number, weight: Weight): void {
  (graph.weights.get(label) as Weight[]).push(weight);
}

/** Adds a matrix whose rows run along one label and whose columns along another. */
export function addEdge(graph: Graph, from: number, to: number, item: Item): void {
  graph.edges.push({ from, to, items: [item] });
}

/** Forgets a label that no factor of the graph carries. */
export function dropLabel(graph: Graph, label: number): void {
  graph.dims.delete(label);
  graph.weights.delete(label);
}

/** The factors of an edge with their rows along one of its ends. */
export const along = (e: Edge, from: number): readonly Item[] =>
  e.from === from ? e.items : e.items.map((i) => ({ ...i, reading: flip(i.reading) }));
const other = (e: Edge, v: number): number => (e.from === v ? e.to : e.from);
const at = (graph: Graph, v: number): Edge[] => graph.edges.filter((e) => e.from === v || e.to === v);
/** A factor to the power 1. */
export const unitItem = (reading: Reading, order: number): Item => ({ reading, exponent: EXPONENT_ONE, order });
const firstOrder = (items: readonly Item[]): number => Math.min(...items.map((i) => i.order));

/** Removes all inner vertices. False where one of them cannot be removed. */
export function reduce(reader: Reader, graph: Graph): boolean {
  for (;;) {
    mergeParallel(graph);
    const inner = [...graph.dims.keys()].filter((v) => !graph.free.has(v));
    if (inner.length === 0) return true;
    const degree = new Map(inner.map((v) => [v, at(graph, v)]));
    // A vector at the end is taken in before ones are: sum(A x), not 1ᵀ A x.
    const leaves = inner.filter((v) => degree.get(v)?.length === 1);
    const leaf = leaves.find((v) => (graph.weights.get(v) as Weight[]).length > 0) ?? leaves[0];
    const isolated = inner.find((v) => degree.get(v)?.length === 0);
    if (isolated !== undefined) {
      const scalar = closeVertex(reader, graph, isolated);
      if (scalar === undefined) return false;
      graph.scalars.push(scalar);
    } else if (leaf !== undefined) {
      if (!foldLeaf(reader, graph, leaf, (degree.get(leaf) as Edge[])[0] as Edge)) return false;
    } else {
      const chains = inner.filter((v) => degree.get(v)?.length === 2);
      const chain = chains.find((v) => (graph.weights.get(v) as Weight[]).length === 0) ?? chains[0];
      if (chain === undefined) return false;
      if (!joinChain(reader, graph, chain, degree.get(chain) as [Edge, Edge])) return false;
    }
  }
}

function remove(graph: Graph, v: number, edges: readonly Edge[]): void {
  graph.dims.delete(v);
  graph.weights.delete(v);
  graph.edges = graph.edges.filter((e) => !edges.includes(e));
}

/** Edges between the same two vertices become one bundle of items. */
export function mergeParallel(graph: Graph): void {
  const bundles = new Map<string, Edge>();
  for (const e of graph.edges) {
    const [from, to] = e.from < e.to ? [e.from, e.to] : [e.to, e.from];
    const known = bundles.get(`${from},${to}`);
    bundles.set(`${from},${to}`, { from, to, items: [...(known?.items ?? []), ...along(e, from)] });
  }
  graph.edges = [...bundles.values()];
}

/** Σ_v of the weights on a vertex without edges. */
function closeVertex(reader: Reader, graph: Graph, v: number): Expr | undefined {
  const weights = graph.weights.get(v) as Weight[];
  remove(graph, v, []);
  return dotOf(reader, weights);
}

/** The weights of a vertex as one vector; undefined where it has none. */
export function vectorOf(reader: Reader, graph: Graph, v: number): Reading | undefined {
  const weights = graph.weights.get(v) as Weight[];
  return weights.length === 0 ? undefined : combineItems(reader, weights);
}

/** The matrices between two vertices, rows along the first: one, after parallel edges are merged. */
export function neighbourEdges(reader: Reader, graph: Graph, a: number, b: number): Reading[] {
  mergeParallel(graph);
  return flatMap(graph.edges, (e) => {
    if (!((e.from === a && e.to === b) || (e.from === b && e.to === a))) return [];
    const reading = combineItems(reader, along(e, a));
    return reading === undefined ? [] : [reading];
  });
}

/** An inner vertex with one bundle of edges becomes a weight of its neighbour, or closes with it. */
function foldLeaf(reader: Reader, graph: Graph, v: number, edge: Edge): boolean {
  const u = other(edge, v);
  const weights = graph.weights.get(v) as Weight[];
  const dim = graph.dims.get(v) as Dim;
  const own = vectorOf(reader, graph, v);
  if (weights.length > 0 && own === undefined) return false;
  const bundle = combineItems(reader, along(edge, u));
  if (bundle === undefined) return false;
  const order = firstOrder(edge.items);
  const pair = pairOf(reader, along(edge, u), own);
  const neighbourEnds = !graph.free.has(u) && at(graph, u).length === 1;
  if (neighbourEnds && pair !== undefined) {
    const left = vectorOf(reader, graph, u);
    if (left === undefined && (graph.weights.get(u) as Weight[]).length > 0) return false;
    remove(graph, v, [edge]);
    remove(graph, u, []);
    graph.scalars.push(closePair(bundle, pair, left, own));
    return true;
  }
  const result = own === undefined ? productReading(bundle, onesReading(dim)) : productReading(bundle, own);
  const viaDiagonal = pair === undefined ? diagonalOfSquare(reader, along(edge, u), own, result) : diagonalOf(pair);
  remove(graph, v, [edge]);
  const reading = viaDiagonal === undefined ? result : oriented([result.fwd, viaDiagonal.fwd], [result.rev, viaDiagonal.rev]);
  addWeight(
    graph,
    u,
    own !== undefined
      ? unitItem(reading, order)
      : { ...unitItem(reading, order), rowsOf: bundle, ...(pair === undefined ? { sumOf: bundle } : {}) },
  );
  return true;
}

/** diag(Xᵀ X) for the sums of squares (Xᵀ)² 1, where that is an operation less. */
function diagonalOfSquare(reader: Reader, items: readonly Item[], weight: Reading | undefined, sums: Reading): Reading | undefined {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0 || !isSquare(item.exponent)) return undefined;
  const root = { ...item, exponent: EXPONENT_ONE };
  const pair = pairOf(reader, [root, root], weight);
  const diagonal = pair === undefined ? undefined : diagonalOf(pair);
  return diagonal !== undefined && cost(diagonal.fwd) + 1 <= cost(sums.fwd) ? diagonal : undefined;
}

/** An inner vertex between two others: the matrix product through it. */
function joinChain(reader: Reader, graph: Graph, v: number, edges: readonly [Edge, Edge]): boolean {
  const [e1, e2] = edges;
  const [u, w] = [other(e1, v), other(e2, v)];
  const weight = vectorOf(reader, graph, v);
  if ((graph.weights.get(v) as Weight[]).length > 0 && weight === undefined) return false;
  const [p, q] = [combineItems(reader, along(e1, u)), combineItems(reader, along(e2, v))];
  if (p === undefined || q === undefined) return false;
  const left = weight === undefined ? p : productReading(p, diagonalReading(weight));
  const joined = productReading(left, q);
  remove(graph, v, edges);
  graph.edges.push({ from: u, to: w, items: [unitItem(joined, Math.min(firstOrder(e1.items), firstOrder(e2.items)))] });
  return true;
}
