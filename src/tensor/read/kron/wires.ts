// Vec forms of what has more than two axes on a side, as ∂vec(X ⊗ Y)/∂vec(X): every fused axis
// is opened into its parts, the wires of a side; the factors of a term are pieces between wires,
// their Kronecker product is the term but for the order of the wires, and commutation matrices
// I ⊗ K ⊗ I put that right [MN19 ch. 3 thm 10].
//
// Invariant: wires stand with the outermost first, so a Kronecker product sets them side by side.
// Not here: the order of the pieces (commutations.ts); a piece between more than two wires has no vec form.

import { flatMap } from "../../../base/list.ts";
import { absolute, format, type Rational, sign } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import { components } from "../../form/components.ts";
import { createDraft, pushRelabelled } from "../../form/draft.ts";
import type { Factor, Tensor, Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";
import type { Reader, Sides } from "../reading/reader.ts";
import { diagonalReading } from "../reading/reading.ts";
import { scaled } from "../reading/scaled.ts";
import { type Signed, signedSum } from "../reading/signs.ts";
import { times } from "../reading/times.ts";
import { transposed } from "../reading/transposed.ts";
import { inOrder, type Ordered, type Piece } from "./commutations.ts";
import { diagVec, doubling, vecOf } from "./vec.ts";

/** Numbers · left · body · right with a sign in front. */
interface WiredTerm extends Ordered {
  readonly negative: boolean;
  readonly size: Rational;
  readonly scalars: readonly Expr[];
}

/** More pieces than this are not put in order. */
const MOST_PIECES = 4;

/** The vec form of a tensor, a Kronecker product of pieces for every term; undefined where one has none. */
export function readWires(reader: Reader, tensor: Tensor, sides: Sides): Expr | undefined {
  const choices: (readonly WiredTerm[])[] = [];
  for (const term of tensor.terms) {
    const read = readTerm(reader, tensor, term, sides);
    if (read.length === 0) return undefined;
    choices.push(read);
  }
  const terms = choices.map((list) => mostShared(list, choices));
  terms.sort((a, b) => Number(a.negative) - Number(b.negative));
  const alike = new Map<string, WiredTerm[]>();
  for (const t of terms) alike.set(aroundOf(t), [...(alike.get(aroundOf(t)) ?? []), t]);
  const parts = [...alike.values()].map((list): Signed => {
    const [first] = list as [WiredTerm];
    const sum = build.add(...list.map((t) => (t.negative === first.negative ? t.body : build.neg(t.body))));
    const body = [...first.left, sum, ...first.right].reduce(times);
    return { negative: first.negative, expr: scaled(first.size, first.scalars, [], body) };
  });
  return signedSum(parts);
}

/** What terms have to have in common to be added between it: commutations and numbers. */
const aroundOf = ({ size, scalars, left, right }: WiredTerm): string =>
  [format(size), ...[scalars, left, right].map((list) => list.map((e) => e.id).join(","))].join("|");

/** Of equally long forms of a term the first that can be added to most others. */
function mostShared(list: readonly WiredTerm[], all: readonly (readonly WiredTerm[])[]): WiredTerm {
  const shared = (t: WiredTerm): number => all.filter((others) => others.some((o) => aroundOf(o) === aroundOf(t))).length;
  return list.reduce((best, t) => (shared(t) > shared(best) ? t : best));
}

/** A term in the orders of its pieces that are equally short; none where it has no vec form. */
function readTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): readonly WiredTerm[] {
  const rank = tensor.axes.length;
  const { used, leader } = joinedLabels(term);
  const wiresOf = (axes: readonly number[]): number[] => opened(term, axes, used).map(leader);
  const copies = new Map<number, number>();
  const [rows, cols] = [wiresOf(sides.rows), wiresOf(sides.cols)].map((wires) => apart(wires, copies)) as [number[], number[]];
  const own = (l: number): number => copies.get(l) ?? l;
  const dimOf = (l: number): Dim => (own(l) < rank ? tensor.axes[own(l)] : term.summed[own(l) - rank]) as Dim;
  const factors = term.factors
    .filter((f) => !used.has(f))
    .map((f) => ({ ...f, slots: f.slots.map((s) => (typeof s === "number" ? leader(s) : s)) }));
  if (factors.some((f) => f.base.kind === "fuse")) return [];
  const pieces = piecesOf(reader, factors, { rows, cols, own, dimOf });
  if (pieces === undefined || pieces.list.length > MOST_PIECES) return [];
  const around = { size: absolute(term.coefficient), scalars: pieces.scalars, negative: sign(term.coefficient) < 0 };
  return inOrder(pieces.list, rows, cols, dimOf).map((ordered) => ({ ...ordered, ...around }));
}

/** The wires of both sides: a label that stands twice on a side has a copy there, `own` gives the label itself. */
interface Wires {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
  readonly own: (wire: number) => number;
  readonly dimOf: (wire: number) => Dim;
}

/** Of labels that δ join one speaks for all; the δ are used up. */
function joinedLabels(term: Term): { readonly used: Set<Factor>; readonly leader: (l: number) => number } {
  const used = new Set<Factor>();
  const same = new Map<number, number>();
  const leader = (l: number): number => {
    let at = l;
    for (let next = same.get(at); next !== undefined; next = same.get(at)) at = next;
    return at;
  };
  for (const f of term.factors) {
    const [a, b] = f.slots;
    if (f.base.kind !== "delta" || typeof a !== "number" || typeof b !== "number") continue;
    if (leader(a) !== leader(b)) same.set(leader(b), leader(a));
    used.add(f);
  }
  return { used, leader };
}

/** The wires of a side with copies, numbered below zero, of those that stand there before. */
const apart = (wires: readonly number[], copies: Map<number, number>): number[] =>
  wires.map((w, i) => {
    if (wires.indexOf(w) === i) return w;
    const copy = -1 - copies.size;
    copies.set(copy, w);
    return copy;
  });

/** The axes of a side, fused ones opened into their parts. */
function opened(term: Term, axes: readonly number[], used: Set<Factor>): number[] {
  let wires = [...axes].reverse();
  const isCarriedBy = (f: Factor, l: number): boolean => term.factors.every((g) => g === f || used.has(g) || !g.slots.includes(l));
  for (;;) {
    const fuse = term.factors.find((f) => {
      const [whole, outer, inner] = f.slots;
      if (f.base.kind !== "fuse" || used.has(f) || typeof whole !== "number" || !wires.includes(whole)) return false;
      return typeof outer === "number" && typeof inner === "number" && isCarriedBy(f, whole);
    });
    if (fuse === undefined) return wires;
    used.add(fuse);
    wires = flatMap(wires, (l) => (l === fuse.slots[0] ? (fuse.slots.slice(1) as number[]) : [l]));
  }
}

/** What stands between the wires, and the numbers beside. */
function piecesOf(
  reader: Reader,
  factors: readonly Factor[],
  sides: Wires,
): { readonly list: Piece[]; readonly scalars: Expr[] } | undefined {
  const { rows, cols, own, dimOf } = sides;
  const wires = [...new Set([...rows, ...cols].map(own))];
  const groupOf = new Map(wires.map((w) => [w, { wires: [w], factors: [] as Factor[] }]));
  const scalars: Expr[] = [];
  for (const part of inside(factors, wires)) {
    const ends = wires.filter((w) => part.some((f) => f.slots.includes(w)));
    if (ends.length === 0) {
      const number = isolated(reader, part, [], dimOf);
      if (number === undefined) return undefined;
      scalars.push(number);
      continue;
    }
    const groups = [...new Set(ends.map((w) => groupOf.get(w) as { wires: number[]; factors: Factor[] }))];
    const joined = { wires: flatMap(groups, (g) => g.wires), factors: [...groups.flatMap((g) => g.factors), ...part] };
    if (joined.wires.length > 2) return undefined;
    for (const w of joined.wires) groupOf.set(w, joined);
  }
  const list: Piece[] = [];
  for (const group of new Set(groupOf.values())) {
    const piece = pieceOf(reader, group.wires, group.factors, sides);
    if (piece === undefined) return undefined;
    list.push(piece);
  }
  return { list, scalars };
}

/** Factors joined by labels that are no wires. */
function inside(factors: readonly Factor[], wires: readonly number[]): Factor[][] {
  // Wires become the free labels.
  const place = new Map(wires.map((w, i) => [w, i]));
  const moved = new Map<Factor, Factor>();
  const labels = factors.map((f) => {
    const g = { ...f, slots: f.slots.map((s) => (typeof s === "number" ? (place.get(s) ?? s + wires.length) : s)) };
    moved.set(g, f);
    return g;
  });
  return components(labels, wires.length).map((part) => part.map((f) => moved.get(f) as Factor));
}

/** Factors as matrix notation, rows along the first label and columns along the second. */
function isolated(reader: Reader, factors: readonly Factor[], labels: readonly number[], dimOf: (l: number) => Dim): Expr | undefined {
  const draft = createDraft(labels.map(dimOf));
  pushRelabelled(draft, factors, new Map(labels.map((l, i) => [l, i])), dimOf);
  return reader.read(product(draft))?.fwd;
}

function pieceOf(reader: Reader, wires: readonly number[], factors: readonly Factor[], sides: Wires): Piece | undefined {
  const { rows, cols, own, dimOf } = sides;
  const [above, beside] = [rows, cols].map((side) => side.filter((w) => wires.includes(own(w)))) as [number[], number[]];
  const [u, v] = wires as [number, number | undefined];
  if (v === undefined) {
    const weight = factors.length === 0 ? undefined : isolated(reader, factors, [u], dimOf);
    if (weight === undefined && factors.length > 0) return undefined;
    const expr = along(weight, dimOf(u), above.length, beside.length);
    return expr === undefined ? undefined : { rows: above, cols: beside, expr };
  }
  if ([...above, ...beside].some((w) => w < 0)) return undefined;
  // One row wire and one column wire make a matrix; two on a side the vec of one, the inner wire along its rows.
  const [row, col] = above.length === 1 && beside.length === 1 ? [above[0] as number, beside[0] as number] : [v, u];
  if (row === col) return undefined;
  const matrix = isolated(reader, factors, [row, col], dimOf);
  if (matrix === undefined) return undefined;
  if (row !== v || col !== u || (above.length === 1 && beside.length === 1)) return { rows: above, cols: beside, expr: matrix };
  const column = build.apply("vec", [matrix]);
  if (above.length === 2 && beside.length === 2) return { rows: [u, v], cols: [u, v], expr: build.apply("diag", [column]) };
  if (above.length === 2 && beside.length === 0) return { rows: [u, v], cols: [], expr: column };
  return above.length === 0 && beside.length === 2 ? { rows: [], cols: [u, v], expr: transposed(column) } : undefined;
}

/** A weight along one label, or ones, that stands in rows and columns so many times. */
function along(weight: Expr | undefined, n: Dim, above: number, beside: number): Expr | undefined {
  const column = weight ?? build.ones(n);
  const diagonal = weight === undefined ? build.eye(n) : diagonalReading({ fwd: weight, rev: transposed(weight) }).fwd;
  const { fwd, rev } = doubling(n);
  switch (`${above} ${beside}`) {
    case "1 0":
      return column;
    case "0 1":
      return transposed(column);
    case "1 1":
      return diagonal;
    case "2 0":
      return vecOf(diagonal);
    case "0 2":
      return transposed(vecOf(diagonal));
    case "2 1":
      return times(fwd, diagonal);
    case "1 2":
      return times(diagonal, rev);
    case "2 2":
      return diagVec(diagonal);
    default:
      return undefined;
  }
}
