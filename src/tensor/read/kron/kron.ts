// Derivatives with more than two axes in vec form: ∂vec(Y)/∂vec(X), column-major, written
// with Kronecker products, the commutation matrix K(m,n) vec(A) = vec(Aᵀ) and diag(vec(·)).
//
// Rows carry the axes (i, j) of Y, columns (k, l) of X, the first of each running fastest.
// Not here: how a term is read, one that links rows and columns in kronTerm.ts, any other in
// splitTerm.ts; how Kronecker products are added (kronSum.ts).

import { flatMap } from "../../../base/list.ts";
import { absolute, isOne, negate, sign } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { type Dim, dimOf, multiplyDims } from "../../../expr/dim.ts";
import { type Expr, isApply, withoutMinus } from "../../../expr/expr.ts";
import { negateTensor, splitContent } from "../../form/algebra.ts";
import { components } from "../../form/components.ts";
import { type Factor, internTensor, isUnitExponent, type Tensor, type Term } from "../../form/tensor.ts";
import { permuteAxes } from "../../product/einsum.ts";
import { commonOnAxes } from "../collect/commonParts.ts";
import { splitElementwise } from "../collect/diagonal.ts";
import { factorings } from "../collect/factor.ts";
import { cheapest, cost } from "../reading/cost.ts";
import { joinEnds } from "../reading/ends.ts";
import { orderOf, type Reader, type Sides } from "../reading/reader.ts";
import { scaled } from "../reading/scaled.ts";
import { isVecWithin, searchingVec } from "../reading/search.ts";
import { type Signed, signedSum } from "../reading/signs.ts";
import { transposed } from "../reading/transposed.ts";
import { fuseSides, regroup } from "../term/fused.ts";
import { openTerm, scalarsOf } from "../term/term.ts";
import { joinCommuted } from "./commutedPairs.ts";
import { readCoupledTerm } from "./coupledTerm.ts";
import { joinKrons, type KronTerm, type SignedTerm } from "./kronSum.ts";
import { readKronTerm } from "./kronTerm.ts";
import { readMiddleTerms } from "./middleTerm.ts";
import { readSplitTerm } from "./splitTerm.ts";
import { diagVec, vecOf } from "./vec.ts";
import { readWires } from "./wires.ts";

/** The shortest vec form of a tensor with one or two axes on each side; undefined where there is none. */
export function readVec(reader: Reader, tensor: Tensor, sides: Sides): Expr | undefined {
  const readings = [readProducts(reader, tensor, sides), readFused(reader, tensor, sides)].filter((e) => e !== undefined);
  return readings.length === 0 ? undefined : cheapest(readings);
}

/** As sums of Kronecker products. */
function readProducts(reader: Reader, tensor: Tensor, sides: Sides): Expr | undefined {
  const key = `${sides.rows}/${sides.cols}`;
  const known = reader.vecs.get(tensor) ?? new Map<string, Expr | undefined>();
  reader.vecs.set(tensor, known);
  if (known.has(key)) return known.get(key);
  const best = searchingVec(reader.search, () => searchProducts(reader, tensor, sides));
  known.set(key, best);
  return best;
}

function searchProducts(reader: Reader, given: Tensor, asked: Sides): Expr | undefined {
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
  const linked = plain === undefined || !isPartlyLinked(tensor, sides) ? undefined : readTerms(reader, tensor, sides, true);
  if (linked !== undefined) candidates.push(linked);
  const flat = readFlat(reader, tensor, sides);
  if (flat !== undefined) candidates.push(flat);
  const together = readElementwise(reader, tensor, sides);
  if (together !== undefined) candidates.push(together);
  for (const factored of isVecWithin(reader.search, tensor, plain !== undefined) ? factoredForms(tensor, sides) : []) {
    const read = factored.terms.length < tensor.terms.length ? readProducts(reader, factored, sides) : undefined;
    if (read !== undefined) candidates.push(read);
  }
  return candidates.length === 0 ? readWires(reader, given, asked) : cheapest(candidates);
}

/** What summands have in common pulled out: a factor, or all there is on a row and a column. */
const factoredForms = (tensor: Tensor, { rows, cols }: Sides): Tensor[] => [
  ...factorings(tensor, 2),
  ...flatMap(rows, (row) => flatMap(cols, (col) => commonOnAxes(tensor, [row, col]))),
];

/** The matrix whose axes are the sides, where what hangs on pairs inside it is a matrix of its own. */
function readFused(reader: Reader, tensor: Tensor, sides: Sides): Expr | undefined {
  if (!tensor.terms.some(({ factors }) => factors.some((f) => f.base.kind === "fuse"))) return undefined;
  const fused = fuseSides(tensor, sides);
  const reading = fused.axes.length === 0 ? undefined : reader.read(fused);
  const whole = sides.rows.length === 0 ? reading?.rev : reading?.fwd;
  if (whole !== undefined || tensor.terms.length < 2) return whole;
  const { content, primitive } = splitContent(tensor, true);
  const parts = primitive.terms.map((t) => {
    const negative = sign(t.coefficient) < 0;
    const single = internTensor(tensor.axes, [t]);
    return { negative, expr: readVec(reader, negative ? negateTensor(single) : single, sides), order: orderOf(reader, t) };
  });
  const isRead = (p: (typeof parts)[number]): p is SignedTerm => p.expr !== undefined;
  return parts.every(isRead) ? scaled(content, [], [], sumOf(parts)) : undefined;
}

/** vec(F) + vec(G) as vec(F + G), and the same in a row. */
function readFlat(reader: Reader, tensor: Tensor, { rows, cols }: Sides): Expr | undefined {
  if (tensor.terms.length < 2 || tensor.axes.length !== 2 || (rows.length > 0 && cols.length > 0)) return undefined;
  const { content, primitive } = splitContent(permuteAxes(tensor, [...rows, ...cols]), true);
  const matrix = reader.read(primitive)?.fwd;
  if (matrix === undefined) return undefined;
  const whole = vecOf(matrix);
  return scaled(content, [], [], rows.length === 0 ? transposed(whole) : whole);
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

/** Whether some terms link rows and columns and others do not: x xᵀ ⊗ diag(p) and x xᵀ ⊗ p pᵀ. */
function isPartlyLinked({ axes, terms }: Tensor, { rows, cols }: Sides): boolean {
  const meets = (part: readonly Factor[], side: readonly number[]): boolean =>
    part.some((f) => f.slots.some((s) => typeof s === "number" && side.includes(s)));
  const isLinked = (t: Term): boolean => components(t.factors, axes.length).some((part) => meets(part, rows) && meets(part, cols));
  return terms.some(isLinked) && !terms.every(isLinked);
}

/** The terms side by side; `linked` reads those that do not link rows and columns as Kronecker products of outer products, too. */
function readTerms(reader: Reader, tensor: Tensor, sides: Sides, linked = false): Expr | undefined {
  if (tensor.terms.length === 0) {
    const size = (side: readonly number[]): Dim => side.map((i) => tensor.axes[i] as Dim).reduce(multiplyDims, dimOf(1));
    return build.zeros(size(sides.rows), size(sides.cols));
  }
  const krons: KronTerm[] = [];
  const others: SignedTerm[] = [];
  const weighted: Term[] = [];
  for (const term of tensor.terms) {
    const order = orderOf(reader, term);
    const bracket = readBracketTerm(reader, tensor, term, sides) ?? (linked ? undefined : readSplitTerm(reader, tensor, term, sides));
    if (bracket !== undefined) {
      others.push({ ...bracket, order });
      continue;
    }
    const kron = readKronTerm(reader, tensor, term, sides) ?? readCoupledTerm(reader, tensor, term, sides);
    if (kron !== undefined) {
      krons.push(kron);
      continue;
    }
    weighted.push(term);
  }
  const middles = readMiddleTerms(reader, tensor, weighted, sides);
  return middles === undefined ? undefined : sumOf([...others, ...middles, ...joinKrons(krons)]);
}

function sumOf(parts: readonly SignedTerm[]): Expr {
  const sorted = inOrder(joinCommuted(parts.map(signInFront)));
  const joined = joinEnds(sorted);
  return joined === undefined ? signedSum(sorted) : cheapest([signedSum(sorted), joined]);
}

/** A summand without a minus of its own, be it in front or in a Kronecker product. */
function signInFront(p: SignedTerm): SignedTerm {
  if (isApply(p.expr, "neg")) return { ...p, expr: p.expr.args[0] as Expr, negative: !p.negative };
  const signs = isApply(p.expr, "kron") ? p.expr.args.filter((a) => isApply(a, "neg")).length : 0;
  return signs === 0 ? p : { ...p, expr: build.apply("kron", p.expr.args.map(withoutMinus)), negative: (signs % 2 === 1) !== p.negative };
}

/** Of three and more summands Kronecker products go by their outer powers, as I ⊗ X², Xᵀ ⊗ X, (Xᵀ)² ⊗ I; others by length. */
function inOrder(parts: readonly SignedTerm[]): SignedTerm[] {
  const byDegree = parts.length > 2 && parts.every((p) => p.degree !== undefined);
  const degree = (p: SignedTerm): number => (byDegree ? (p.degree as number) : 0);
  return [...parts].sort(
    (a, b) => Number(a.negative) - Number(b.negative) || degree(a) - degree(b) || a.order - b.order || cost(a.expr) - cost(b.expr),
  );
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
  const { top, bottom } = scalarsOf(reader, open);
  const whole = (e: Expr): Expr => scaled(absolute(term.coefficient), top, bottom, e);
  // b − a for −(a − b).
  const turned = open.negative ? readVec(reader, negateTensor(only.base.tensor), within) : undefined;
  if (turned !== undefined && cost(turned) < cost(inner) + 1) return { negative: false, expr: whole(turned) };
  return { negative: open.negative, expr: whole(inner) };
}
