// A term with two axes on a side as one Kronecker product. Links i–k and j–l give kron(M_jl, N_ik),
// links i–l and j–k put a commutation matrix in between; an edge inside a side is a diagonal
// factor diag(vec(F)) in front or behind.
//
// Invariant: every edge of the term's graph is used once. Not here: how products are added (kronSum.ts).

import { absolute } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import type { Tensor, Term } from "../../form/tensor.ts";
import { orderOf, type Reader, type Sides } from "../reading/reader.ts";
import { diagonalReading, flip, onesReading, productReading, type Reading, scalarReading } from "../reading/reading.ts";
import { type Graph, neighbourEdges, reduce, vectorOf } from "../term/graph.ts";
import { openTerm, scalarsOf } from "../term/term.ts";
import type { KronTerm } from "./kronSum.ts";
import { diagVec, doubling } from "./vec.ts";

/** An axis; undefined where a side has one axis only. */
type Axis = number | undefined;

/** What stands between the axes of a term. */
interface Links {
  readonly reader: Reader;
  readonly graph: Graph;
  /** Pairs of axes that are one label. */
  readonly identities: readonly (readonly [number, number])[];
  /** From a row to a column, by both. */
  readonly across: Map<string, Reading>;
  /** Diagonal factors: what links the two rows, and the two columns. */
  left: Expr | undefined;
  right: Expr | undefined;
}

/**
 * A term as one Kronecker product; undefined where its links are none of such a product. What links the rows, one of
 * which is a column, is a factor in front, or with `across` stands between the other row and that column.
 */
export function readKronTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides, across = false): KronTerm | undefined {
  const open = openTerm(reader, tensor, term);
  if (open === undefined || !reduce(reader, open.graph)) return undefined;
  const links: Links = { reader, graph: open.graph, identities: open.identities, across: new Map(), left: undefined, right: undefined };
  const product = takeEdges(links, sides, across) ? productOf(links, sides) : undefined;
  if (product === undefined) return undefined;
  const { top, bottom } = scalarsOf(reader, open);
  return { ...product, negative: open.negative, top, bottom, size: absolute(term.coefficient), order: orderOf(reader, term) };
}

// Sorts the edges of the graph by what they link; false where one finds no place.
function takeEdges(links: Links, { rows, cols }: Sides, across: boolean): boolean {
  const { reader, graph, identities } = links;
  const [[i, j], [k, l]] = [rows, cols];
  const pairs = rows.flatMap((r) => cols.map((c) => [r, c] as const));
  for (const edge of graph.edges) {
    const [bundle, ...more] = neighbourEdges(reader, graph, edge.from, edge.to);
    if (bundle === undefined || more.length > 0) return false;
    const ends: Ends = [classOf(links, edge.from), classOf(links, edge.to)];
    const from = (a: number): Reading => (ends[0].includes(a) ? bundle : flip(bundle));
    const pair = pairs.find(([r, c]) => meets(ends, r, c) && !isIdentified(links, r, c) && !crossesIdentity(identities, r, c));
    const isFree = pair !== undefined && !links.across.has(pair.join());
    if (across && isFree) links.across.set(pair.join(), from(pair[0]));
    else if (meets(ends, i, j) && links.left === undefined) links.left = diagVec(from(i as number).fwd);
    else if (meets(ends, k, l) && links.right === undefined) links.right = diagVec(from(k as number).fwd);
    else if (isFree) links.across.set(pair.join(), from(pair[0]));
    else return false;
  }
  return true;
}

// The axes that the ends of an edge stand for.
type Ends = readonly [from: readonly number[], to: readonly number[]];

// An axis and those it is identified with; the graph speaks of the smallest.
const classOf = ({ identities }: Links, v: number): readonly number[] => [
  v,
  ...identities.flatMap(([a, b]) => (a === v ? [b] : b === v ? [a] : [])),
];

const meets = ([from, to]: Ends, a: Axis, b: Axis): boolean =>
  a !== undefined && b !== undefined && ((from.includes(a) && to.includes(b)) || (from.includes(b) && to.includes(a)));

const isIdentified = ({ identities }: Links, a: Axis, b: Axis): boolean =>
  identities.some(([p, q]) => (p === a && q === b) || (p === b && q === a));

// An edge between classes joined by identities both ways belongs to one side, not across.
const crossesIdentity = (identities: Links["identities"], r: number, c: number): boolean =>
  identities.filter(([a, b]) => a === r || b === r || a === c || b === c).length > 1;

/** The matrices of a product, without the numbers before it. */
type Product = Pick<KronTerm, "left" | "right" | "outer" | "inner" | "crossed">;

function productOf(links: Links, { rows: [i, j], cols: [k, l] }: Sides): Product | undefined {
  const { left, right } = links;
  if (i === undefined || k === undefined) return undefined;
  // What links one axis to both of the other side stands beside D, D x = vec(diag(x)).
  if (j === undefined && l !== undefined && isJoined(links, i, k) && isJoined(links, i, l)) {
    if (isIdentified(links, k, l)) return undefined;
    const [inner, outer] = [linkReading(links, i, k).fwd, linkReading(links, i, l, i).fwd];
    return { left: doubling(dimOfAxis(links, i)).rev, right, outer, inner, crossed: undefined };
  }
  if (l === undefined && j !== undefined && isJoined(links, i, k) && isJoined(links, j, k)) {
    if (isIdentified(links, i, j)) return undefined;
    const [inner, outer] = [linkReading(links, i, k).fwd, linkReading(links, j, k, k).fwd];
    return { left, right: doubling(dimOfAxis(links, k)).fwd, outer, inner, crossed: undefined };
  }
  if ([j, k, l].every((v) => isIdentified(links, i, v))) return onDiagonal(links, i);
  const crossing = crossingOf(links, { rows: [i, j], cols: [k, l] });
  return crossing === undefined
    ? undefined
    : { left: diagonalOf(links, i, j) ?? left, right: diagonalOf(links, k, l) ?? right, ...crossing };
}

// All four axes are one: diag(vec(diag(w))).
function onDiagonal(links: Links, i: number): Product {
  const weight = vectorOf(links.reader, links.graph, i);
  const identity = build.eye(dimOfAxis(links, i));
  const left = diagVec(weight === undefined ? identity : diagonalReading(weight).fwd);
  return { left, right: links.right, outer: identity, inner: identity, crossed: undefined };
}

// diag(vec(I)) where both axes of a side are one.
const diagonalOf = (links: Links, a: number, b: Axis): Expr | undefined =>
  isIdentified(links, a, b) ? diagVec(build.eye(dimOfAxis(links, a))) : undefined;

// kron(M_jl, N_ik), or kron(M_jk, N_il) with a commutation matrix.
function crossingOf(links: Links, { rows: [i, j], cols: [k, l] }: TwoSides): Pick<KronTerm, "outer" | "inner" | "crossed"> | undefined {
  if (!isJoined(links, i, l) && !isJoined(links, j, k))
    return { outer: linkReading(links, j, l).fwd, inner: linkReading(links, i, k).fwd, crossed: undefined };
  if (isJoined(links, i, k) || isJoined(links, j, l)) return undefined;
  const [inner, outer] = [linkReading(links, i, l).fwd, linkReading(links, j, k).fwd];
  // Where a side has one axis only, no matrix is needed: the other side's order decides.
  if (l === undefined) return { outer, inner, crossed: undefined };
  if (j === undefined) return { outer: inner, inner: outer, crossed: undefined };
  return { outer, inner, crossed: { before: commutation(links, j, i), behind: commutation(links, k, l) } };
}

// Sides with one axis or two each.
interface TwoSides {
  readonly rows: readonly [first: number, second: Axis];
  readonly cols: readonly [first: number, second: Axis];
}

const isJoined = (links: Links, a: Axis, b: Axis): boolean => isIdentified(links, a, b) || links.across.has([a, b].join());

const dimOfAxis = ({ graph }: Links, v: number): Dim => graph.dims.get(v) as Dim;

const commutation = (links: Links, a: number, b: number): Expr =>
  build.apply("commutation", [], [dimOfAxis(links, a), dimOfAxis(links, b)]);

// What stands between a row and a column, their weights included but that of `bare`; a row or column alone is a vector.
function linkReading(links: Links, r: Axis, c: Axis, bare?: number): Reading {
  const { reader, graph } = links;
  const weight = (v: number): Reading | undefined => (v === bare ? undefined : vectorOf(reader, graph, v));
  if (r === undefined || c === undefined) {
    if (r !== undefined) return weight(r) ?? onesAlong(links, r);
    return c === undefined ? scalarReading(build.num(1)) : flip(weight(c) ?? onesAlong(links, c));
  }
  const [wr, wc] = [weight(r), weight(c)];
  if (isIdentified(links, r, c)) {
    const w = wr ?? wc;
    return w === undefined ? scalarReading(build.eye(dimOfAxis(links, r))) : diagonalReading(w);
  }
  const matrix = links.across.get([r, c].join());
  if (matrix === undefined) return productReading(wr ?? onesAlong(links, r), flip(wc ?? onesAlong(links, c)));
  const withRow = wr === undefined ? matrix : productReading(diagonalReading(wr), matrix);
  return wc === undefined ? withRow : productReading(withRow, diagonalReading(wc));
}

const onesAlong = (links: Links, v: number): Reading => onesReading(dimOfAxis(links, v));
