// Sums of Kronecker products: what has a common factor, side or commutation matrix is joined,
// and each is written in the shorter of its two orders.
//
// Invariant: the same value as the sum of the products. Not here: how a product is read from a
// term (kronTerm.ts).

import { divide, multiply, ONE, sign } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { multiplyDims } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isScalarShape } from "../../../expr/shape.ts";
import type { Term } from "../../form/tensor.ts";
import { cheapest } from "../reading/cost.ts";
import { scaled } from "../reading/scaled.ts";
import type { Signed } from "../reading/signs.ts";
import { times } from "../reading/times.ts";
import { diagVec } from "./vec.ts";

/** One summand: number · left · outer ⊗ inner · right, a commutation matrix at one of two places. */
export interface KronTerm {
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

/** A summand and where it stands among others. */
export interface SignedTerm extends Signed {
  readonly order: number;
  /** Factors in the outer matrix of a Kronecker product. */
  readonly degree?: number;
}

/** Sums of Kronecker products with a common factor, side or commutation are joined. */
export function joinKrons(list: readonly KronTerm[]): SignedTerm[] {
  const terms = joinSides(list).map(numbersInFront);
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
    const alike = terms.filter((t) => isSurrounded(t) && sameSurroundings(t, first));
    for (const t of alike) terms.splice(terms.indexOf(t), 1);
    const body = alike.length === 0 ? kronExpr(first) : commutedSum([first, ...alike]);
    const degree = first.crossed === undefined ? { degree: degreeOf(first.outer) } : {};
    out.push({ expr: scaled(first.size, first.top, first.bottom, body), negative: first.negative, order: first.order, ...degree });
  }
  return [...out, ...joinMirrors(mirrors)];
}

/** 2/c kron(A, B) for kron(2 A/c, B). */
function numbersInFront(t: KronTerm): KronTerm {
  const [outer, inner] = [splitNumbers(t.outer), splitNumbers(t.inner)];
  return {
    ...t,
    size: multiply(t.size, multiply(outer.size, inner.size)),
    top: [...t.top, ...outer.top, ...inner.top],
    bottom: [...t.bottom, ...outer.bottom, ...inner.bottom],
    outer: outer.matrix,
    inner: inner.matrix,
  };
}

/** A matrix without the positive numbers in front of it and below it. */
function splitNumbers(e: Expr): Pick<KronTerm, "size" | "top" | "bottom"> & { readonly matrix: Expr } {
  const [a, b] = isApply(e, "mul") || isApply(e, "div") ? (e.args as readonly Expr[]) : [];
  if (a === undefined || b === undefined || isScalarShape(e.shape)) return { size: ONE, top: [], bottom: [], matrix: e };
  if (isApply(e, "div")) {
    const of = splitNumbers(a);
    return b.kind === "num" ? { ...of, size: divide(of.size, b.value) } : { ...of, bottom: [...of.bottom, b] };
  }
  if (!isScalarShape(a.shape) || (a.kind === "num" && sign(a.value) < 0)) return { size: ONE, top: [], bottom: [], matrix: e };
  const of = splitNumbers(b);
  return a.kind === "num" ? { ...of, size: multiply(of.size, a.value) } : { ...of, top: [a, ...of.top] };
}

const isSurrounded = ({ left, right, crossed }: KronTerm): boolean => left !== undefined || right !== undefined || crossed !== undefined;

/** How many factors a product of matrices has, powers counted; none in an identity. */
function degreeOf(e: Expr): number {
  if (e.kind !== "apply") return 1;
  const [a, b] = e.args as [Expr, Expr];
  if (e.op === "eye") return 0;
  if (e.op === "transpose") return degreeOf(a);
  if (e.op === "pow" && b.kind === "num") return degreeOf(a) * Number(b.value.n);
  return e.op === "mul" ? e.args.reduce((n, f) => n + degreeOf(f), 0) : 1;
}

/** kron(A, B) ± kron(A, C) as kron(A, B ± C), and so on the other side. */
function joinSides(list: readonly KronTerm[]): KronTerm[] {
  const out: KronTerm[] = [];
  for (const term of list) {
    const at = out.findIndex(
      (t) => (sameSurroundings(t, term) && (t.outer === term.outer) !== (t.inner === term.inner)) || differOnLeft(t, term),
    );
    const known = out[at];
    if (known === undefined) {
      out.push(term);
      continue;
    }
    const [first, second] = known.negative && !term.negative ? [term, known] : [known, term];
    const join = (a: Expr, b: Expr): Expr => (a === b ? a : build.add(a, first.negative === second.negative ? b : build.neg(b)));
    const [left, other] = [weightOf(first), weightOf(second)];
    out[at] = {
      ...first,
      left: left === undefined || other === undefined || left === other ? first.left : diagVec(join(left, other)),
      outer: join(first.outer, second.outer),
      inner: join(first.inner, second.inner),
      order: Math.min(first.order, second.order),
    };
  }
  return out;
}

/** Whether two terms differ in the weights diag(vec(F)) on their left alone. */
const differOnLeft = (a: KronTerm, b: KronTerm): boolean =>
  weightOf(a) !== undefined &&
  weightOf(b) !== undefined &&
  a.outer === b.outer &&
  a.inner === b.inner &&
  sameSurroundings({ ...a, left: b.left }, b);

/** F where diag(vec(F)) stands on the left. */
function weightOf({ left }: KronTerm): Expr | undefined {
  const inner = left !== undefined && isApply(left, "diag") ? left.args[0] : undefined;
  return inner !== undefined && isApply(inner, "vec") ? inner.args[0] : undefined;
}

const sameSurroundings = (a: KronTerm, b: KronTerm): boolean =>
  sameOutside(a, b) && a.crossed?.before === b.crossed?.before && a.crossed?.behind === b.crossed?.behind;

/** Whether two terms have the same numbers and the same matrices on both sides. */
const sameOutside = (a: KronTerm, b: KronTerm): boolean => sameScale(a, b) && a.left === b.left && a.right === b.right;

/** (I + K)·P + (I + K)·Q as (I + K)·(P + Q), and the same with the sum behind. */
function joinMirrors(list: readonly Mirrored[]): SignedTerm[] {
  const groups: Mirrored[][] = [];
  for (const m of list) {
    const known = groups.find(([g]) => g !== undefined && g.sum === m.sum && g.before === m.before && sameOutside(g.of, m.of));
    if (known === undefined) groups.push([m]);
    else known.push(m);
  }
  return groups.map((group) => {
    const sorted = [...group].sort((a, b) => Number(a.of.negative) - Number(b.of.negative));
    const [{ of, sum, before }] = sorted as [Mirrored];
    const cores = build.add(...sorted.map((m) => (m.of.negative === of.negative ? m.core : build.neg(m.core))));
    const parts = before ? [of.left, sum, cores, of.right] : [of.left, cores, sum, of.right];
    const body = parts.filter((e): e is Expr => e !== undefined).reduce(times);
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
function kronOf(outer: Expr, inner: Expr): Expr {
  if (isScalarShape(outer.shape) && outer.kind === "num") return inner;
  if (isScalarShape(inner.shape) && inner.kind === "num") return outer;
  if (isApply(outer, "eye") && isApply(inner, "eye")) return build.eye(multiplyDims(outer.shape.rows, inner.shape.rows));
  return build.apply("kron", [outer, inner]);
}

/** The product of I ± K, in front or behind, and a Kronecker product, with the numbers and the sides of a term. */
interface Mirrored {
  readonly of: KronTerm;
  readonly sum: Expr;
  readonly before: boolean;
  readonly core: Expr;
}

/** (I + K)·kron(A, B) for kron(A, B) + K·kron(A, B), and the same with K behind. */
function mirrored(a: KronTerm, b: KronTerm): Mirrored | undefined {
  const [plain, turned] = a.crossed === undefined ? [a, b] : [b, a];
  if (plain.crossed !== undefined || turned.crossed === undefined || !sameOutside(a, b)) return undefined;
  const core = kronOf(plain.outer, plain.inner);
  const alike = a.negative === b.negative;
  const of = a.negative ? b : a;
  const sum = (k: Expr): Expr => {
    const identity = build.eye(k.shape.rows);
    const [p, q] = of === plain || alike ? [identity, k] : [k, identity];
    return build.add(p, alike ? q : build.neg(q));
  };
  const { before, behind } = turned.crossed;
  if (kronOf(turned.inner, turned.outer) === core && before.shape.rows === core.shape.rows)
    return { of, sum: sum(before), before: true, core };
  if (kronOf(turned.outer, turned.inner) === core && behind.shape.rows === core.shape.cols)
    return { of, sum: sum(behind), before: false, core };
  return undefined;
}

/** Whether two terms have the same numbers in front and below. */
const sameScale = (a: KronTerm, b: KronTerm): boolean =>
  a.size.n === b.size.n && a.size.d === b.size.d && sameList(a.top, b.top) && sameList(a.bottom, b.bottom);

const sameList = (p: readonly Expr[], q: readonly Expr[]): boolean => p.length === q.length && p.every((e, i) => e === q[i]);
