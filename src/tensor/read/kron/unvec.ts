// A matrix known by its vec: M with vec(M) = v. Where v is made entry by entry of vecs and
// Kronecker products of columns, M is made so of what they are the vec of; any other v is cut
// into columns by reshape(v, m, n).

import * as build from "../../../expr/build.ts";
import type { Dim } from "../../../expr/dim.ts";
import { type Apply, type Expr, fold, isApply } from "../../../expr/expr.ts";
import { isOperator, type OperatorName } from "../../../expr/operators.ts";
import { isColumnShape, isScalarShape, sameShape, shapeOf } from "../../../expr/shape.ts";
import { addTensors, splitContent } from "../../form/algebra.ts";
import { createDraft, pushRelabelled } from "../../form/draft.ts";
import { EXPONENT_ONE, type Factor, internTensor, partBase, type Slot, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";
import type { Reader } from "../reading/reader.ts";
import { oriented, type Reading } from "../reading/reading.ts";
import { scaled } from "../reading/scaled.ts";
import { regroup } from "../term/fused.ts";
import { doubling } from "./vec.ts";

/** The reading of a sum in which terms fuse two labels into one of a vector; undefined for other tensors. */
export function readUnvec(reader: Reader, tensor: Tensor): Reading | undefined {
  if (!tensor.terms.some(({ factors }) => factors.some((f) => f.base.kind === "fuse"))) return undefined;
  const whole = readDoubling(tensor) ?? readWhole(reader, tensor);
  if (whole !== undefined) return whole;
  const cut = addTensors(
    tensor.axes,
    tensor.terms.map((t) => cutTerm(tensor, t)),
  );
  return cut === tensor ? undefined : reader.read(cut);
}

// Two labels of one pair that are the same.
function readDoubling({ axes, terms }: Tensor): Reading | undefined {
  const [term, ...more] = terms;
  const [pair, ...others] = term?.factors ?? [];
  if (term === undefined || pair?.base.kind !== "fuse" || more.length > 0 || others.length > 0 || axes.length !== 2) return undefined;
  const [whole, outer, inner] = pair.slots;
  if (outer !== inner || typeof whole !== "number" || typeof outer !== "number" || whole === outer) return undefined;
  const { fwd, rev } = doubling(axes[outer] as Dim);
  const side = (e: Expr): Expr => scaled(term.coefficient, [], [], e);
  return whole === 0 ? { fwd: side(fwd), rev: side(rev) } : { fwd: side(rev), rev: side(fwd) };
}

// A sum of terms that fuse both axes, and of others.
function readWhole(reader: Reader, tensor: Tensor): Reading | undefined {
  const [m, n] = tensor.axes;
  if (m === undefined || n === undefined) return undefined;
  const pairOf = ({ factors }: Term): Factor | undefined =>
    factors.find((f) => f.base.kind === "fuse" && f.slots.indexOf(0) > 0 && f.slots.indexOf(1) > 0);
  const [pairs, others] = [tensor.terms.filter((t) => pairOf(t) !== undefined), tensor.terms.filter((t) => pairOf(t) === undefined)];
  if (pairs.length === 0) return undefined;
  const { content, primitive } = splitContent(internTensor(tensor.axes, pairs), false);
  const side = (rows: readonly [number, number], p: Dim, q: Dim): Expr[] | undefined => {
    // Columns along the other axis need a commutation, and the transpose does not.
    if (pairs.every((t) => pairOf(t)?.slots[1] === rows[0])) return [];
    const grouped = regroup(primitive, { rows, cols: [] });
    const column = grouped.sides.rows.length === 1 ? reader.read(grouped.tensor)?.fwd : undefined;
    return column === undefined ? undefined : [scaled(content, [], [], matrixOf(reader, column, p, q))];
  };
  const [fwd, rev] = [side([0, 1], m, n), side([1, 0], n, m)];
  if (fwd === undefined || rev === undefined) return undefined;
  const matrix = oriented(fwd, rev);
  if (others.length === 0) return matrix;
  const rest = reader.read(internTensor(tensor.axes, others));
  return rest === undefined ? undefined : oriented([build.add(matrix.fwd, rest.fwd)], [build.add(matrix.rev, rest.rev)]);
}

// A term with matrices for what is fused: a vector with the pair of labels that it is cut along, or
// what hangs on such a pair with the label that the pair is fused into.
function cutTerm(tensor: Tensor, term: Term): Tensor {
  const rank = tensor.axes.length;
  const dimOf = (label: number): Dim => (label < rank ? tensor.axes[label] : term.summed[label - rank]) as Dim;
  let { factors } = term;
  for (const pair of factors) {
    const cluster = pair.base.kind === "fuse" && factors.includes(pair) ? clusterAt(factors, pair, rank) : undefined;
    if (cluster === undefined) continue;
    const draft = createDraft(cluster.ends.map(dimOf));
    pushRelabelled(draft, cluster.factors, new Map(cluster.ends.map((label, i) => [label, i])), dimOf);
    const matrix = { base: partBase(product(draft)), slots: cluster.ends, exponent: EXPONENT_ONE };
    factors = [...factors.filter((f) => !cluster.factors.includes(f)), matrix];
  }
  if (factors === term.factors) return internTensor(tensor.axes, [term]);
  const draft = createDraft(tensor.axes, term.coefficient);
  pushRelabelled(draft, factors, new Map(tensor.axes.map((_, i) => [i, i])), dimOf);
  return product(draft);
}

interface Cluster {
  readonly factors: readonly Factor[];
  /** The labels by which it is joined to the rest: rows, columns. */
  readonly ends: readonly number[];
}

// The side of a pair that is joined to the rest by no more than two labels.
function clusterAt(factors: readonly Factor[], pair: Factor, rank: number): Cluster | undefined {
  const [whole, outer, inner] = pair.slots;
  if (typeof whole !== "number") return undefined;
  if (typeof outer !== "number" || typeof inner !== "number") return fixedCluster(factors, pair, rank);
  if (outer === inner && factors.length > 1) return { factors: [pair], ends: [whole, outer] };
  if (whole < rank) return undefined;
  const vector = reachable(factors, [whole], pair, [outer, inner]);
  if (vector.factors.length > 1 && vector.open(rank).length === 0 && !vector.touches)
    return { factors: vector.factors, ends: [inner, outer] };
  const parts = reachable(factors, [outer, inner], pair, [whole]);
  const open = parts.open(rank);
  const isProper = open.length === 1 && !parts.touches && factors.length > parts.factors.length;
  return isProper ? { factors: parts.factors, ends: [open[0] as number, whole] } : undefined;
}

// What hangs on a pair with one part at a fixed position, where it is joined to the rest by the whole and one label.
function fixedCluster(factors: readonly Factor[], pair: Factor, rank: number): Cluster | undefined {
  const [whole, ...given] = pair.slots as [number, ...Slot[]];
  const part = given.find((s) => typeof s === "number");
  if (part === undefined || whole < rank) return undefined;
  const parts = reachable(factors, [part], pair, [whole]);
  const [open, ...more] = parts.open(rank);
  const isProper = more.length === 0 && !parts.touches && factors.length > parts.factors.length;
  return open !== undefined && isProper ? { factors: parts.factors, ends: [open, whole] } : undefined;
}

// A factor with all that is reached from some of its labels, and whether its other labels are reached too.
function reachable(factors: readonly Factor[], from: readonly number[], start: Factor, ends: readonly number[]) {
  const seen = new Set(from);
  const found = [start];
  for (const at of seen)
    for (const f of factors) {
      if (found.includes(f) || !f.slots.includes(at)) continue;
      found.push(f);
      for (const s of f.slots) if (typeof s === "number") seen.add(s);
    }
  return {
    factors: found,
    touches: ends.some((e) => seen.has(e)),
    open: (rank: number): number[] => [...seen].filter((s) => s < rank),
  };
}

/** Operators that act entry by entry where their arguments are numbers or of one shape. */
const ENTRYWISE: ReadonlySet<OperatorName> = new Set<OperatorName>(["add", "neg", "hadamard", "hdiv", "hpow", "mul", "div"]);

/** The p×q matrix whose vec the column is. */
function matrixOf(reader: Reader, column: Expr, p: Dim, q: Dim): Expr {
  const shape = shapeOf(p, q);
  const cut = (e: Expr): Expr => {
    const [a, b] = e.args as [Expr, Expr];
    const isScaled = isApply(e, "mul") && isScalarShape(a.shape);
    return isScaled ? build.mul(a, cut(b)) : build.apply("reshape", [e], [p, q]);
  };
  const whole = (node: Apply, parts: readonly (Expr | undefined)[]): Expr | undefined => {
    const [a, b] = node.args as [Expr, Expr];
    if (node.op === "vec") return sameShape(a.shape, shape) ? a : undefined;
    if (node.op === "ones") return build.ones(p, q);
    if (node.op === "expand") return build.apply("expand", [a], [p, q]);
    if (node.op === "kron") {
      const product = isColumnShape(a.shape) && isColumnShape(b.shape) ? build.mul(b, build.transpose(a)) : undefined;
      return product !== undefined && sameShape(product.shape, shape) ? product : undefined;
    }
    const info = reader.find(node.op);
    const acts = isOperator(node.op) ? ENTRYWISE.has(node.op) : info?.elementwise === true;
    const isScaling = node.op !== "mul" || node.args.some((e) => isScalarShape(e.shape));
    if (!acts || !isScaling || !parts.some((e) => e !== undefined && sameShape(e.shape, shape))) return undefined;
    // What is a vec stands beside what is none.
    const matrices = parts.map((e, i) => e ?? cut(node.args[i] as Expr));
    return isOperator(node.op) ? build.apply(node.op, matrices) : build.call(info as NonNullable<typeof info>, matrices);
  };
  const found = fold<Expr | undefined>(column, (node, parts) => {
    if (isScalarShape(node.shape)) return node;
    return node.kind === "apply" ? whole(node, parts) : undefined;
  });
  return found ?? cut(column);
}
