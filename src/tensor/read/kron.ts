// Derivatives with more than two axes in vec form: ∂vec(Y)/∂vec(X), column-major, written
// with Kronecker products, the commutation matrix K(m,n) vec(A) = vec(Aᵀ) and diag(vec(·)).
//
// Rows carry the axes (i, j) of Y, columns (k, l) of X, the first of each running fastest.
// A term whose links are i–k and j–l is kron(M_jl, N_ik); links i–l and j–k put K in between;
// an edge inside a pair is a diagonal factor diag(vec(F)).

import { absolute, isOne, negate, sign } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import { type Dim, dimOf, multiplyDims } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { negateTensor, splitContent } from "../algebra.ts";
import { permuteAxes } from "../product.ts";
import { internTensor, isUnitExponent, type Tensor, type Term } from "../tensor.ts";
import { cost } from "./cost.ts";
import { splitElementwise } from "./diagonal.ts";
import { factorings } from "./factor.ts";
import { fuseSides, regroup } from "./fused.ts";
import { type Graph, neighbourEdges, reduce, weightReading } from "./graph.ts";
import { orderOf, type Reader, type Sides } from "./reader.ts";
import {
  cheapest,
  diagonalReading,
  flip,
  isApply,
  onesExpr,
  productReading,
  type Reading,
  scalarReading,
  scaled,
  times,
  transposed,
} from "./reading.ts";
import { openTerm, scalarsOf } from "./term.ts";
import { readWires } from "./wires.ts";

/** The shortest vec form of a tensor with one or two axes on each side; undefined where there is none. */
export function readVec(reader: Reader, given: Tensor, asked: Sides): Expr | undefined {
  const { tensor, sides } = regroup(given, asked);
  if (sides.rows.length < 2 && sides.cols.length < 2) {
    const [row, col] = [sides.rows[0], sides.cols[0]];
    if (row === undefined) return reader.read(tensor)?.rev;
    return reader.read(col === undefined ? tensor : permuteAxes(tensor, [row, col]))?.fwd;
  }
  const candidates: Expr[] = [];
  const plain = readTerms(reader, tensor, sides);
  if (plain !== undefined) candidates.push(plain);
  const { content, primitive } = splitContent(tensor, true);
  if (plain !== undefined && tensor.terms.length > 1)
    for (const [size, whole] of [
      [content, primitive],
      [negate(content), negateTensor(primitive)],
    ] as const) {
      const inner = isOne(size) ? undefined : readTerms(reader, whole, sides);
      if (inner !== undefined) candidates.push(scaled(size, [], [], inner));
    }
  const together = readElementwise(reader, tensor, sides);
  if (together !== undefined) candidates.push(together);
  for (const factored of factorings(tensor, 2)) {
    if (factored.terms.length >= tensor.terms.length) continue;
    const read = readVec(reader, factored, sides);
    if (read !== undefined) candidates.push(read);
  }
  return candidates.length === 0 ? (readWires(reader, given, asked) ?? readFused(reader, given, asked)) : cheapest(candidates);
}

/** The matrix whose axes are the sides, where what hangs on pairs inside it is a matrix of its own. */
function readFused(reader: Reader, tensor: Tensor, sides: Sides): Expr | undefined {
  const fused = fuseSides(tensor, sides);
  const reading = fused.axes.length === 0 ? undefined : reader.read(fused);
  const whole = sides.rows.length === 0 ? reading?.rev : reading?.fwd;
  if (whole !== undefined || tensor.terms.length < 2) return whole;
  const parts = tensor.terms.map((t) => {
    const negative = sign(t.coefficient) < 0;
    const single = internTensor(tensor.axes, [t]);
    return { negative, expr: readVec(reader, negative ? negateTensor(single) : single, sides), order: orderOf(reader, t) };
  });
  const isRead = (p: (typeof parts)[number]): p is SignedTerm => p.expr !== undefined;
  return parts.every(isRead) ? build.add(...inOrder(parts).map((p) => (p.negative ? build.neg(p.expr) : p.expr))) : undefined;
}

/** diag(vec(F)) + diag(vec(G)) + M as diag(vec(F + G)) + M. */
function readElementwise(reader: Reader, tensor: Tensor, { rows: [i, j], cols: [k, l] }: Sides): Expr | undefined {
  if (i === undefined || j === undefined || k === undefined || l === undefined) return undefined;
  const split = splitElementwise(tensor, [i, j], [k, l]);
  const matrix = split === undefined ? undefined : reader.read(split.diagonal);
  if (split === undefined || matrix === undefined) return undefined;
  const diagonal = diagVec(matrix.fwd);
  if (split.rest.terms.length === 0) return diagonal;
  const rest = readVec(reader, split.rest, { rows: [i, j], cols: [k, l] });
  return rest === undefined ? undefined : build.add(diagonal, rest);
}

/** One summand: number · left · outer ⊗ inner · right, a commutation matrix at one of two places. */
interface KronTerm {
  readonly negative: boolean;
  readonly top: readonly Expr[];
  readonly bottom: readonly Expr[];
  readonly size: Term["coefficient"];
  readonly left: Expr | undefined;
  readonly outer: Expr;
  readonly inner: Expr;
  readonly right: Expr | undefined;
  /** Links crossed: the product is kron(outer, inner)·K(…) = K(…)·kron(inner, outer). */
  readonly crossed: { readonly before: Expr; readonly behind: Expr } | undefined;
  readonly order: number;
}

function readTerms(reader: Reader, tensor: Tensor, sides: Sides): Expr | undefined {
  if (tensor.terms.length === 0) {
    const size = (side: readonly number[]): Dim => side.map((i) => tensor.axes[i] as Dim).reduce(multiplyDims, dimOf(1));
    return build.zeros(size(sides.rows), size(sides.cols));
  }
  const krons: KronTerm[] = [];
  const others: SignedTerm[] = [];
  for (const term of tensor.terms) {
    const order = orderOf(reader, term);
    const bracket = readBracketTerm(reader, tensor, term, sides) ?? readSplitTerm(reader, tensor, term, sides);
    if (bracket !== undefined) {
      others.push({ ...bracket, order });
      continue;
    }
    const kron = readKronTerm(reader, tensor, term, sides);
    if (kron === undefined) return undefined;
    krons.push(kron);
  }
  const parts = inOrder([...others, ...joinKrons(krons)]);
  return build.add(...parts.map((p) => (p.negative ? build.neg(p.expr) : p.expr)));
}

interface Signed {
  readonly expr: Expr;
  /** Whether a minus stands in front. */
  readonly negative: boolean;
}

interface SignedTerm extends Signed {
  readonly order: number;
  /** Factors in the outer matrix of a Kronecker product. */
  readonly degree?: number;
}

/** Of three and more summands Kronecker products go by their outer powers, as I ⊗ X², Xᵀ ⊗ X, (Xᵀ)² ⊗ I; others by length. */
function inOrder(parts: readonly SignedTerm[]): SignedTerm[] {
  const byDegree = parts.length > 2 && parts.every((p) => p.degree !== undefined);
  const degree = (p: SignedTerm): number => (byDegree ? (p.degree as number) : 0);
  return [...parts].sort(
    (a, b) => Number(a.negative) - Number(b.negative) || degree(a) - degree(b) || a.order - b.order || cost(a.expr) - cost(b.expr),
  );
}

/** How many factors a product of matrices has, powers counted; none in an identity. */
function degreeOf(e: Expr): number {
  if (e.kind !== "apply") return 1;
  const [a, b] = e.args as [Expr, Expr];
  if (e.op === "eye") return 0;
  if (e.op === "transpose") return degreeOf(a);
  if (e.op === "pow" && b.kind === "num") return degreeOf(a) * Number(b.value.n);
  return e.op === "mul" ? e.args.reduce((n, f) => n + degreeOf(f), 0) : 1;
}

/** Numbers times one bracketed sum over all axes. */
function readBracketTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): Signed | undefined {
  const rank = tensor.axes.length;
  const large = term.factors.filter((f) => f.slots.length > 0);
  const [only] = large;
  if (only === undefined || large.length > 1 || only.base.kind !== "sum" || !isUnitExponent(only.exponent) || only.slots.length !== rank)
    return undefined;
  const place = (l: number): number => only.slots.indexOf(l);
  if (new Set(only.slots).size !== rank || tensor.axes.some((_, i) => place(i) < 0)) return undefined;
  const within = { rows: sides.rows.map(place), cols: sides.cols.map(place) };
  const inner = readVec(reader, only.base.tensor, within);
  if (inner === undefined) return undefined;
  const open = openTerm(reader, { ...tensor, axes: [] }, { ...term, factors: term.factors.filter((f) => f !== only), summed: [] });
  if (open === undefined) return undefined;
  const { top, bottom } = scalarsOf(open);
  const whole = (e: Expr): Expr => scaled(absolute(term.coefficient), top, bottom, e);
  // b − a for −(a − b).
  const turned = open.negative ? readVec(reader, negateTensor(only.base.tensor), within) : undefined;
  if (turned !== undefined && cost(turned) < cost(inner) + 1) return { negative: false, expr: whole(turned) };
  return { negative: open.negative, expr: whole(inner) };
}

/** A term that does not link rows and columns: vec(F) vec(G)ᵀ. */
function readSplitTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): Signed | undefined {
  const open = openTerm(reader, tensor, term);
  if (open === undefined || !reduce(reader, open.graph)) return undefined;
  const { graph } = open;
  const side = (v: number): readonly number[] => (sides.rows.includes(v) ? sides.rows : sides.cols);
  if (open.identities.some(([a, b]) => side(a) !== side(b)) || graph.edges.some((e) => side(e.from) !== side(e.to))) return undefined;
  const part = (axes: readonly number[]): Expr | undefined => {
    const [first, second] = axes;
    if (first === undefined) return undefined;
    if (second === undefined) return weightReading(reader, graph, first)?.fwd ?? build.ones(tensor.axes[first] as Dim);
    const joined = open.identities.some((pair) => pair.includes(first) && pair.includes(second));
    const matrix = sideMatrix(reader, graph, first, second, joined);
    return matrix === undefined ? undefined : vecOf(matrix);
  };
  const [rows, cols] = [part(sides.rows), part(sides.cols)];
  if ((rows === undefined && sides.rows.length > 0) || (cols === undefined && sides.cols.length > 0)) return undefined;
  const { top, bottom } = scalarsOf(open);
  const body = rows === undefined ? transposed(cols as Expr) : cols === undefined ? rows : times(rows, transposed(cols));
  return { negative: open.negative, expr: scaled(absolute(term.coefficient), top, bottom, body) };
}

const isColumn = (e: Expr): boolean => e.shape.cols.key === "1" && e.shape.rows.key !== "1";

function vecOf(matrix: Expr): Expr {
  if (isApply(matrix, "ones")) return build.ones(multiplyDims(matrix.shape.rows, matrix.shape.cols));
  const [u, v] = isApply(matrix, "mul") ? (matrix.args as [Expr, Expr]) : [matrix, matrix];
  // vec(u vᵀ) = v ⊗ u
  if (isColumn(u) && isColumn(transposed(v)) && u !== v) return build.apply("kron", [transposed(v), u]);
  return build.apply("vec", [matrix]);
}

/** The matrix over the two labels of one side, weights included. */
function sideMatrix(reader: Reader, graph: Graph, i: number, j: number, identity: boolean): Expr | undefined {
  const [edge, ...more] = neighbourEdges(reader, graph, i, j);
  if (more.length > 0) return undefined;
  const [wi, wj] = [weightReading(reader, graph, i), weightReading(reader, graph, j)];
  const [di, dj] = [graph.dims.get(i) as Dim, graph.dims.get(j) as Dim];
  if (identity) return wi === undefined ? build.eye(di) : diagonalReading(wi).fwd;
  if (edge === undefined) {
    if (wi === undefined && wj === undefined) return onesExpr(di, dj);
    const ones = (d: Dim): Reading => ({ fwd: build.ones(d), rev: build.transpose(build.ones(d)) });
    return productReading(wi ?? ones(di), flip(wj ?? ones(dj))).fwd;
  }
  const left = wi === undefined ? edge : productReading(diagonalReading(wi), edge);
  return (wj === undefined ? left : productReading(left, diagonalReading(wj))).fwd;
}

function readKronTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): KronTerm | undefined {
  const open = openTerm(reader, tensor, term);
  if (open === undefined || !reduce(reader, open.graph)) return undefined;
  const { graph, identities } = open;
  const [i, j] = sides.rows;
  const [k, l] = sides.cols;
  if (i === undefined || k === undefined) return undefined;
  // A label and those it is identified with; the graph speaks of the smallest.
  const classOf = (v: number): number[] => [...new Set([v, ...identities.flatMap(([a, b]) => (a === v ? [b] : b === v ? [a] : []))])];
  const meets = (edge: { from: number; to: number }, a: number | undefined, b: number | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    ((classOf(edge.from).includes(a) && classOf(edge.to).includes(b)) || (classOf(edge.from).includes(b) && classOf(edge.to).includes(a)));
  const linked = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && identities.some(([p, q]) => (p === a && q === b) || (p === b && q === a));
  let left: Expr | undefined;
  let right: Expr | undefined;
  const links = new Map<string, Reading>();
  for (const edge of graph.edges) {
    const [bundle, ...more] = neighbourEdges(reader, graph, edge.from, edge.to);
    if (bundle === undefined || more.length > 0) return undefined;
    const oriented2 = (a: number): Reading => (classOf(edge.from).includes(a) ? bundle : flip(bundle));
    const pair = sides.rows
      .flatMap((r) => sides.cols.map((c) => [r, c] as const))
      .find(([r, c]) => meets(edge, r, c) && !linked(r, c) && !crossesIdentity(identities, r, c));
    if (meets(edge, i, j) && left === undefined) left = diagVec(oriented2(i as number).fwd);
    else if (meets(edge, k, l) && right === undefined) right = diagVec(oriented2(k as number).fwd);
    else if (pair !== undefined && !links.has(pair.join())) links.set(pair.join(), oriented2(pair[0]));
    else return undefined;
  }
  const used = new Set<number>();
  const link = (r: number | undefined, c: number | undefined): Reading | undefined => {
    if (r === undefined && c === undefined) return scalarReading(build.num(1));
    const weight = (v: number | undefined): Reading | undefined =>
      v === undefined || used.has(v) ? undefined : weightReading(reader, graph, v);
    const ones = (v: number): Reading => ({
      fwd: build.ones(graph.dims.get(v) as Dim),
      rev: build.transpose(build.ones(graph.dims.get(v) as Dim)),
    });
    if (r === undefined || c === undefined) {
      const v = (r ?? c) as number;
      const w = weight(v) ?? ones(v);
      return r === undefined ? flip(w) : w;
    }
    const [wr, wc] = [weight(r), weight(c)];
    if (linked(r, c)) {
      const w = wr ?? wc;
      return w === undefined ? scalarReading(build.eye(graph.dims.get(r) as Dim)) : diagonalReading(w);
    }
    const m = links.get([r, c].join());
    if (m === undefined) return productReading(wr ?? ones(r), flip(wc ?? ones(c)));
    const withRow = wr === undefined ? m : productReading(diagonalReading(wr), m);
    return wc === undefined ? withRow : productReading(withRow, diagonalReading(wc));
  };
  const joined = (a: number | undefined, b: number | undefined): boolean => linked(a, b) || links.has([a, b].join());
  const straight = !joined(i, l) && !joined(j, k);
  const across = !joined(i, k) && !joined(j, l);
  const { top, bottom } = scalarsOf(open);
  const common = {
    negative: open.negative,
    top,
    bottom,
    size: absolute(term.coefficient),
    left,
    right,
    order: orderOf(reader, term),
  };
  // What links one label to both of the other side stands beside D, D x = vec(diag(x)).
  const single = j === undefined ? i : l === undefined ? k : undefined;
  const pair = j === undefined ? [k, l] : [i, j];
  if (single !== undefined && pair[1] !== undefined && pair.every((v) => (single === i ? joined(single, v) : joined(v, single)))) {
    if (linked(pair[0], pair[1])) return undefined;
    const twofold = doubling(graph.dims.get(single) as Dim);
    const ends = (v: number | undefined): Reading | undefined => (single === i ? link(single, v) : link(v, single));
    const inner = ends(pair[0]);
    used.add(single);
    const outer = ends(pair[1]);
    if (inner === undefined || outer === undefined) return undefined;
    const sided = single === i ? { left: twofold.rev } : { right: twofold.fwd };
    return { ...common, ...sided, outer: outer.fwd, inner: inner.fwd, crossed: undefined };
  }
  if (j !== undefined && l !== undefined && linked(i, j) && linked(i, k) && linked(i, l)) {
    const weight = weightReading(reader, graph, i);
    const identity = build.eye(graph.dims.get(i) as Dim);
    const diagonal = diagVec(weight === undefined ? identity : diagonalReading(weight).fwd);
    return { ...common, left: diagonal, outer: identity, inner: identity, crossed: undefined };
  }
  if (!straight && !across) return undefined;
  if (linked(i, j)) common.left = diagVec(build.eye(graph.dims.get(i) as Dim));
  if (linked(k, l)) common.right = diagVec(build.eye(graph.dims.get(k) as Dim));
  if (straight) {
    const [inner, outer] = [link(i, k), link(j, l)];
    return inner === undefined || outer === undefined ? undefined : { ...common, outer: outer.fwd, inner: inner.fwd, crossed: undefined };
  }
  const [inner, outer] = [link(i, l), link(j, k)];
  if (inner === undefined || outer === undefined) return undefined;
  // Where a side has one label only, no matrix is needed: the other side's order decides.
  if (l === undefined) return { ...common, outer: outer.fwd, inner: inner.fwd, crossed: undefined };
  if (j === undefined) return { ...common, outer: inner.fwd, inner: outer.fwd, crossed: undefined };
  const commutation = (a: number, b: number): Expr => build.apply("commutation", [], [graph.dims.get(a) as Dim, graph.dims.get(b) as Dim]);
  return { ...common, outer: outer.fwd, inner: inner.fwd, crossed: { before: commutation(j, i), behind: commutation(k, l) } };
}

/** An edge between classes joined by identities both ways belongs to one side, not across. */
const crossesIdentity = (identities: readonly (readonly [number, number])[], r: number, c: number): boolean =>
  identities.filter(([a, b]) => a === r || b === r || a === c || b === c).length > 1;

/** The matrix D with D x = vec(diag(x)): kron(1, I) with the rows of the diagonal alone. */
export function doubling(n: Dim): Reading {
  const [identity, ones] = [build.eye(n), build.ones(n)];
  const kron = (column: Expr): Expr => build.apply("kron", [column, identity]);
  return { fwd: build.mul(diagVec(identity), kron(ones)), rev: build.mul(kron(build.transpose(ones)), diagVec(identity)) };
}

const diagVec = (matrix: Expr): Expr => build.apply("diag", [vecOf(matrix)]);

/** kron(A, B) ± kron(A, C) as kron(A, B ± C), and so on the other side. */
function joinSides(list: readonly KronTerm[]): KronTerm[] {
  const out: KronTerm[] = [];
  for (const term of list) {
    const at = out.findIndex((t) => sameSurroundings(t, term) && (t.outer === term.outer) !== (t.inner === term.inner));
    const known = out[at];
    if (known === undefined) {
      out.push(term);
      continue;
    }
    const [first, second] = known.negative && !term.negative ? [term, known] : [known, term];
    const join = (a: Expr, b: Expr): Expr => (a === b ? a : build.add(a, first.negative === second.negative ? b : build.neg(b)));
    out[at] = {
      ...first,
      outer: join(first.outer, second.outer),
      inner: join(first.inner, second.inner),
      order: Math.min(first.order, second.order),
    };
  }
  return out;
}

const sameSurroundings = (a: KronTerm, b: KronTerm): boolean =>
  sameScale(a, b) &&
  a.left === b.left &&
  a.right === b.right &&
  a.crossed?.before === b.crossed?.before &&
  a.crossed?.behind === b.crossed?.behind;

/** Sums of Kronecker products with a common factor, side or commutation are joined. */
function joinKrons(list: readonly KronTerm[]): SignedTerm[] {
  const terms = joinSides(list);
  const out: SignedTerm[] = [];
  const mirrors: Mirrored[] = [];
  while (terms.length > 0) {
    const first = terms.shift() as KronTerm;
    const partner = terms.findIndex((t) => mirrored(first, t) !== undefined);
    if (partner >= 0) {
      mirrors.push(mirrored(first, terms[partner] as KronTerm) as Mirrored);
      terms.splice(partner, 1);
      continue;
    }
    const alike = terms.filter((t) => t.crossed !== undefined && sameSurroundings(t, first));
    for (const t of alike) terms.splice(terms.indexOf(t), 1);
    const body = alike.length === 0 ? kronExpr(first) : commutedSum([first, ...alike]);
    const degree = first.crossed === undefined ? { degree: degreeOf(first.outer) } : {};
    out.push({ expr: scaled(first.size, first.top, first.bottom, body), negative: first.negative, order: first.order, ...degree });
  }
  return [...out, ...joinMirrors(mirrors)];
}

/** (I + K)·P + (I + K)·Q as (I + K)·(P + Q), and the same with the sum behind. */
function joinMirrors(list: readonly Mirrored[]): SignedTerm[] {
  const groups: Mirrored[][] = [];
  for (const m of list) {
    const known = groups.find(([g]) => g !== undefined && g.sum === m.sum && g.before === m.before && sameScale(g.of, m.of));
    if (known === undefined) groups.push([m]);
    else known.push(m);
  }
  return groups.map((group) => {
    const sorted = [...group].sort((a, b) => Number(a.of.negative) - Number(b.of.negative));
    const [{ of, sum, before }] = sorted as [Mirrored];
    const cores = build.add(...sorted.map((m) => (m.of.negative === of.negative ? m.core : build.neg(m.core))));
    const body = before ? times(sum, cores) : times(cores, sum);
    return { expr: scaled(of.size, of.top, of.bottom, body), negative: of.negative, order: Math.min(...sorted.map((m) => m.of.order)) };
  });
}

/** (kron(A, B) ± kron(C, D))·K for terms with one commutation matrix; the sign of the first stands outside. */
function commutedSum(list: readonly KronTerm[]): Expr {
  const [first] = list as [KronTerm];
  const summands = list.map((t) => {
    const kron = kronOf(t.outer, t.inner);
    return t.negative === first.negative ? kron : build.neg(kron);
  });
  const parts = [first.left, build.add(...summands), first.crossed?.behind, first.right].filter((e): e is Expr => e !== undefined);
  return parts.reduce(times);
}

function kronExpr(t: KronTerm): Expr {
  const candidates = [withSides(t, t.outer, t.inner, undefined, t.crossed?.behind)];
  if (t.crossed !== undefined) candidates.push(withSides(t, t.inner, t.outer, t.crossed.before, undefined));
  return cheapest(candidates);
}

function withSides(t: KronTerm, outer: Expr, inner: Expr, before: Expr | undefined, behind: Expr | undefined): Expr {
  const parts = [t.left, before, kronOf(outer, inner), behind, t.right].filter((e): e is Expr => e !== undefined);
  return parts.reduce(times);
}

/** kron(P, Q); of two identities the identity, and nothing of a number. */
export function kronOf(outer: Expr, inner: Expr): Expr {
  if (isScalarShape(outer.shape) && outer.kind === "num") return inner;
  if (isScalarShape(inner.shape) && inner.kind === "num") return outer;
  if (isApply(outer, "eye") && isApply(inner, "eye")) return build.eye(multiplyDims(outer.shape.rows, inner.shape.rows));
  return build.apply("kron", [outer, inner]);
}

/** The product of I ± K, in front or behind, and a Kronecker product, with the numbers of a term. */
interface Mirrored {
  readonly of: KronTerm;
  readonly sum: Expr;
  readonly before: boolean;
  readonly core: Expr;
}

/** (I + K)·kron(A, B) for kron(A, B) + K·kron(A, B), and the same with K behind. */
function mirrored(a: KronTerm, b: KronTerm): Mirrored | undefined {
  const [plain, turned] = a.crossed === undefined ? [a, b] : [b, a];
  if (plain.crossed !== undefined || turned.crossed === undefined || !sameScale(a, b)) return undefined;
  if ([a, b].some((t) => t.left !== undefined || t.right !== undefined)) return undefined;
  const core = kronOf(plain.outer, plain.inner);
  const sum = (k: Expr): Expr => {
    const identity = build.eye(k.shape.rows);
    const [p, q] = a === plain || a.negative === b.negative ? [identity, k] : [k, identity];
    return build.add(p, a.negative === b.negative ? q : build.neg(q));
  };
  const { before, behind } = turned.crossed;
  if (kronOf(turned.inner, turned.outer) === core && before.shape.rows === core.shape.rows)
    return { of: a, sum: sum(before), before: true, core };
  if (kronOf(turned.outer, turned.inner) === core && behind.shape.rows === core.shape.cols)
    return { of: a, sum: sum(behind), before: false, core };
  return undefined;
}

/** Whether two terms have the same numbers in front and below. */
const sameScale = (a: KronTerm, b: KronTerm): boolean =>
  a.size.n === b.size.n && a.size.d === b.size.d && sameList(a.top, b.top) && sameList(a.bottom, b.bottom);

const sameList = (p: readonly Expr[], q: readonly Expr[]): boolean => p.length === q.length && p.every((e, i) => e === q[i]);
