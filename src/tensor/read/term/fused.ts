// Pairs of labels inside a term: vec(M) and Kronecker products as atoms of their own. A
// cluster is all that hangs on the parts of fused axes; on one whole axis it is a vector
// vec(M), on two a matrix made of Kronecker products.

import { flatMap } from "../../../base/list.ts";
import * as build from "../../../expr/build.ts";
import { type Dim, multiplyDims } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import { addTensors } from "../../form/algebra.ts";
import { createDraft, pushRelabelled } from "../../form/draft.ts";
import {
  deltaBase,
  EXPONENT_ONE,
  type Factor,
  fuseBase,
  internTensor,
  labelsOf,
  type Slot,
  type Tensor,
  type Term,
} from "../../form/tensor.ts";
import { atom } from "../../functions/apply.ts";
import { einsum } from "../../product/einsum.ts";
import { product } from "../../product/product.ts";
import type { Reader, Sides } from "../reading/reader.ts";
import { oriented, type Reading } from "../reading/reading.ts";

/** Factors over fused labels, read as one array. */
export interface Cluster {
  readonly factors: readonly Factor[];
  /** The fused labels: one for a vector, two for a matrix. */
  readonly wholes: readonly number[];
  /** Rows along the first whole. */
  readonly reading: Reading;
}

const partsOf = (f: Factor): number[] => labelsOf(f.base.kind === "fuse" ? f.slots.slice(1) : f.slots);

/** The clusters of a term; undefined where one has no matrix notation. */
export function clustersOf(reader: Reader, tensor: Tensor, term: Term): Cluster[] | undefined {
  const rank = tensor.axes.length;
  const fuses = term.factors.filter((f) => f.base.kind === "fuse");
  const wholes = new Set(fuses.map((f) => f.slots[0]).filter((s): s is number => typeof s === "number"));
  const seen = new Set<Factor>();
  const clusters: Cluster[] = [];
  for (const start of fuses) {
    if (seen.has(start)) continue;
    const factors: Factor[] = [];
    const queue = [start];
    seen.add(start);
    for (let f = queue.pop(); f !== undefined; f = queue.pop()) {
      factors.push(f);
      for (const label of partsOf(f)) {
        if (label < rank || wholes.has(label)) return undefined;
        for (const g of term.factors) {
          if (seen.has(g) || !partsOf(g).includes(label)) continue;
          seen.add(g);
          queue.push(g);
        }
      }
    }
    const cluster = readCluster(reader, rank, term, factors);
    if (cluster === undefined) return undefined;
    clusters.push(cluster);
  }
  return clusters;
}

function readCluster(reader: Reader, rank: number, term: Term, factors: readonly Factor[]): Cluster | undefined {
  const fuses = factors.filter((f) => f.base.kind === "fuse");
  const [first, second, ...more] = fuses;
  if (first === undefined || more.length > 0 || fuses.some((f) => typeof f.slots[0] !== "number")) return undefined;
  // Axes: the inner and the outer part of each whole, the inner running fastest; one at a fixed position is a label below zero.
  const fixed = new Map<number, { readonly at: Slot; readonly dim: Dim }>();
  const labelOf = (f: Factor, part: number): number => {
    const at = f.slots[part] as Slot;
    if (typeof at === "number") return at;
    fixed.set(-1 - fixed.size, { at, dim: f.base.axes[part] as Dim });
    return -fixed.size;
  };
  const open = flatMap(fuses, (f) => [labelOf(f, 2), labelOf(f, 1)]);
  const turned = fixed.size > 0 ? undefined : readCommutation(term, rank, factors, fuses);
  if (turned !== undefined) return turned;
  if (new Set(open).size !== open.length || fuses[0]?.slots[0] === fuses[1]?.slots[0]) return undefined;
  const dimOf = (label: number): Dim => fixed.get(label)?.dim ?? (term.summed[label - rank] as Dim);
  const draft = createDraft(open.map(dimOf));
  const units = [...fixed].map(([label, { at, dim }]) => ({ base: deltaBase(dim), slots: [label, at], exponent: EXPONENT_ONE }));
  const inside = [...factors.filter((f) => f.base.kind !== "fuse"), ...units];
  pushRelabelled(draft, inside, new Map(open.map((label, i) => [label, i])), dimOf);
  const inner = product(draft);
  const wholes = fuses.map((f) => f.slots[0] as number);
  if (second === undefined) {
    const matrix = reader.read(inner);
    if (matrix === undefined) return undefined;
    const column = reader.readVec(inner, { rows: [0, 1], cols: [] }) ?? build.apply("vec", [matrix.fwd]);
    return { factors, wholes, reading: oriented([column], []) };
  }
  const fwd = reader.readVec(inner, { rows: [0, 1], cols: [2, 3] });
  const rev = reader.readVec(inner, { rows: [2, 3], cols: [0, 1] });
  if (fwd === undefined && rev === undefined) return undefined;
  return { factors, wholes, reading: oriented(fwd === undefined ? [] : [fwd], rev === undefined ? [] : [rev]) };
}

/** Two wholes of the same parts the other way round. */
function readCommutation(term: Term, rank: number, factors: readonly Factor[], fuses: readonly Factor[]): Cluster | undefined {
  const [first, second] = fuses;
  if (first === undefined || second === undefined || factors.length > 2) return undefined;
  const [row, outer, inner] = first.slots as [number, number, number];
  if (second.slots[1] !== inner || second.slots[2] !== outer || outer === inner) return undefined;
  const [m, n] = [term.summed[outer - rank] as Dim, term.summed[inner - rank] as Dim];
  const commutation = (rows: Dim, cols: Dim): Expr => build.apply("commutation", [], [rows, cols]);
  return {
    factors,
    wholes: [row, second.slots[0] as number],
    reading: { fwd: commutation(m, n), rev: commutation(n, m) },
  };
}

/** A tensor with its sides, pairs of axes made one or one axis made a pair. */
export interface Arranged {
  readonly tensor: Tensor;
  readonly sides: Sides;
}

/**
 * The sides with fewer fused axes in the terms: a pair of axes that every term fuses into
 * a label becomes that label, and an axis that is a pair in every term becomes the pair.
 */
export function regroup(tensor: Tensor, sides: Sides): Arranged {
  let current: Arranged = { tensor, sides };
  for (const side of ["rows", "cols"] as const) current = joinPair(current, side) ?? splitAxis(current, side) ?? current;
  return current;
}

/** The fuse of each term on this axis (or, given two, on this pair of parts); undefined where one has none. */
function fusesOf(tensor: Tensor, fits: (f: Factor, term: Term) => boolean): Factor[] | undefined {
  const found: Factor[] = [];
  for (const term of tensor.terms) {
    const f = term.factors.find((g) => g.base.kind === "fuse" && fits(g, term));
    if (f === undefined) return undefined;
    found.push(f);
  }
  const [first] = found;
  return first !== undefined && found.every((f) => f.base === first.base) ? found : undefined;
}

const carriedOnlyBy = (f: Factor, term: Term, label: Slot): boolean => term.factors.every((g) => g === f || !g.slots.includes(label));

function joinPair({ tensor, sides }: Arranged, side: "rows" | "cols"): Arranged | undefined {
  const [a, b] = sides[side];
  const rank = tensor.axes.length;
  if (a === undefined || b === undefined) return undefined;
  const isPair = (outer: number, inner: number) => (f: Factor, t: Term) =>
    typeof f.slots[0] === "number" &&
    f.slots[1] === outer &&
    f.slots[2] === inner &&
    carriedOnlyBy(f, t, outer) &&
    carriedOnlyBy(f, t, inner);
  const fuses = fusesOf(tensor, isPair(b, a));
  const hasPair = (t: Term): boolean => t.factors.some((f) => f.base.kind === "fuse" && (isPair(b, a)(f, t) || isPair(a, b)(f, t)));
  if (fuses === undefined) return tensor.terms.every(hasPair) ? joinTurned({ tensor, sides }, side, a, b) : undefined;
  const kept = tensor.axes.map((_, i) => i).filter((i) => i !== a && i !== b);
  const places = new Map<number, number>(kept.map((old, i) => [old, i]));
  const whole = (fuses[0] as Factor).base.axes[0] as Dim;
  const axes = [...kept.map((i) => tensor.axes[i] as Dim), whole];
  const n = kept.length;
  const parts = tensor.terms.map((term, i) => {
    const fuse = fuses[i] as Factor;
    // The new axis meets the whole, which may be a free label itself.
    return rewrite(term, { rank, axes, places }, fuse, [{ dim: whole, from: n, to: fuse.slots[0] as number }]);
  });
  const renamed = (l: readonly number[]): number[] => l.map((x) => places.get(x) as number);
  return { tensor: addTensors(axes, parts), sides: withSide(side, [n], renamed(sides[otherSide(side)])) };
}

/** A pair that terms fuse the other way round becomes the label, with a commutation in front there. */
function joinTurned({ tensor, sides }: Arranged, side: "rows" | "cols", a: number, b: number): Arranged {
  const kept = tensor.axes.map((_, i) => i).filter((i) => i !== a && i !== b);
  const [inner, outer] = [tensor.axes[a] as Dim, tensor.axes[b] as Dim];
  const fuse = atom(fuseBase(multiplyDims(outer, inner), outer, inner));
  const n = kept.length;
  const labelOf = (l: number): number => (l === a ? n + 1 : l === b ? n + 2 : kept.indexOf(l));
  const axes = [...kept.map((i) => tensor.axes[i] as Dim), fuse.axes[0] as Dim];
  const slots = tensor.axes.map((_, i) => labelOf(i));
  const parts = tensor.terms.map((term) =>
    einsum(axes, [
      [internTensor(tensor.axes, [term]), slots],
      [fuse, [n, labelOf(b), labelOf(a)]],
    ]),
  );
  const joined = addTensors(axes, parts);
  return { tensor: joined, sides: withSide(side, [n], sides[otherSide(side)].map(labelOf)) };
}

function splitAxis({ tensor, sides }: Arranged, side: "rows" | "cols"): Arranged | undefined {
  const [a, b] = sides[side];
  const rank = tensor.axes.length;
  if (a === undefined || b !== undefined) return undefined;
  const fuses = fusesOf(tensor, (f, t) => f.slots[0] === a && carriedOnlyBy(f, t, a));
  if (fuses === undefined) return undefined;
  const [, outer, inner] = (fuses[0] as Factor).base.axes as readonly [Dim, Dim, Dim];
  const kept = tensor.axes.map((_, i) => i).filter((i) => i !== a);
  const places = new Map<number, number>(kept.map((old, i) => [old, i]));
  const axes = [...kept.map((i) => tensor.axes[i] as Dim), inner, outer];
  const n = kept.length;
  const parts = tensor.terms.map((term, i) => {
    const fuse = fuses[i] as Factor;
    // The new axes meet the parts, which may be free labels themselves.
    return rewrite(term, { rank, axes, places }, fuse, [
      { dim: inner, from: n, to: fuse.slots[2] as Slot },
      { dim: outer, from: n + 1, to: fuse.slots[1] as Slot },
    ]);
  });
  const renamed = (l: readonly number[]): number[] => l.map((x) => places.get(x) as number);
  return { tensor: addTensors(axes, parts), sides: withSide(side, [n, n + 1], renamed(sides[otherSide(side)])) };
}

/** A tensor of one or two axes: every pair of a side fused into one axis, rows before columns. */
export function fuseSides(tensor: Tensor, { rows, cols }: Sides): Tensor {
  const sides = [rows, cols].filter((s) => s.length > 0);
  const slots = tensor.axes.map(() => 0);
  let next = sides.length;
  const fuses = sides.map((side, at) => {
    const [a, b] = side as readonly [number, number | undefined];
    slots[a] = b === undefined ? at : next++;
    if (b === undefined) return undefined;
    slots[b] = next++;
    const [inner, outer] = [tensor.axes[a] as Dim, tensor.axes[b] as Dim];
    return [atom(fuseBase(multiplyDims(outer, inner), outer, inner)), [at, slots[b], slots[a]]] as const;
  });
  const axes = sides.map(([a], at) => fuses[at]?.[0].axes[0] ?? (tensor.axes[a as number] as Dim));
  const parts = tensor.terms.map((term) =>
    einsum(axes, [[internTensor(tensor.axes, [term]), slots], ...fuses.filter((f) => f !== undefined)]),
  );
  return addTensors(axes, parts);
}

const otherSide = (side: "rows" | "cols"): "rows" | "cols" => (side === "rows" ? "cols" : "rows");
const withSide = (side: "rows" | "cols", own: readonly number[], others: readonly number[]): Sides =>
  side === "rows" ? { rows: own, cols: others } : { rows: others, cols: own };

interface Link {
  readonly dim: Dim;
  readonly from: number;
  /** A label of the term, or a fixed position. */
  readonly to: Slot;
}

/** Where the free labels of a term are among other axes; those in front of a fuse that is taken away have no place. */
interface Places {
  readonly rank: number;
  readonly axes: readonly Dim[];
  readonly places: ReadonlyMap<number, number>;
}

/** The term without one fuse, on other free labels, and δ that link new axes to labels of the term. */
function rewrite(term: Term, { rank, axes, places }: Places, fuse: Factor, links: readonly Link[]): Tensor {
  const draft = createDraft(axes, term.coefficient);
  // The new axes are no labels of the term: they stand below zero there.
  const known = new Map([...places, ...links.map(({ from }, i) => [-1 - i, from] as const)]);
  const deltas = links.map(({ dim, to }, i) => ({ base: deltaBase(dim), slots: [-1 - i, to], exponent: EXPONENT_ONE }));
  const others = term.factors.filter((f) => f !== fuse);
  pushRelabelled(draft, [...others, ...deltas], known, (l) => term.summed[l - rank] as Dim);
  return product(draft);
}
