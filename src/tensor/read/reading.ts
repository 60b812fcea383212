// A reading: a piece of matrix notation for a value with up to two axes, in both
// orientations, each at its cheapest. A vector's forward reading is the column.
//
// Every constructor offers several spellings and keeps the one a reader counts shortest,
// so transposes are pushed in or pulled out as it pays: (A X B)ᵀ, but xᵀ(A + Aᵀ).

import { absolute, add, isOne, isZero, negate, ONE, type Rational, sign } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Apply, Expr } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isScalarShape, type Shape, sameShape } from "../../expr/shape.ts";
import { cost } from "./cost.ts";

export interface Reading {
  readonly fwd: Expr;
  readonly rev: Expr;
}

export const flip = (r: Reading): Reading => ({ fwd: r.rev, rev: r.fwd });
export const isApply = (e: Expr, op: string): boolean => e.kind === "apply" && e.op === op;

/** The cheapest of the candidates; the first wins a tie. */
export const cheapest = (candidates: readonly Expr[]): Expr => candidates.reduce(cheaper);

const cheaper = (a: Expr, b: Expr): Expr => (a === b || cost(a) <= cost(b) ? a : b);

/** A reading from candidates for both orientations; each side may also be the transpose of the other. */
export function oriented(fwd: readonly Expr[], rev: readonly Expr[]): Reading {
  if (rev.length === 0) return turnedReading(cheapest(fwd));
  if (fwd.length === 0) return flip(turnedReading(cheapest(rev)));
  const [f, r] = [cheapest(fwd), cheapest(rev)];
  return { fwd: cheaper(f, transposed(r)), rev: cheaper(r, transposed(f)) };
}

const turnedReading = (e: Expr): Reading => ({ fwd: e, rev: transposed(e) });

export const scalarReading = (e: Expr): Reading => ({ fwd: e, rev: e });

/** A column of ones. */
export const onesReading = (dim: Dim): Reading => turnedReading(build.ones(dim));

const SYMMETRIC = new Set(["symmetric", "posdef", "diagonal"]);

const turned = new WeakMap<Expr, Expr>();

/** The transpose, written without a transpose where that says the same. */
export function transposed(e: Expr): Expr {
  if (isScalarShape(e.shape)) return e;
  const known = turned.get(e);
  if (known !== undefined) return known;
  const made = turnedRound(e);
  turned.set(e, made);
  return made;
}

function turnedRound(e: Expr): Expr {
  if (e.kind === "var") return e.attributes.some((a) => SYMMETRIC.has(a)) ? e : build.transpose(e);
  if (e.kind !== "apply") return build.transpose(e);
  const [a, b] = e.args as [Expr, Expr];
  switch (e.op) {
    case "transpose":
      return a;
    case "eye":
      return e;
    case "diag":
      return sameShape(a.shape, e.shape) || !isVector(a) ? build.transpose(e) : e;
    case "neg":
      return build.neg(transposed(a));
    case "ones":
    case "zeros":
      return isVector(e) ? build.transpose(e) : build.apply(e.op === "ones" ? "ones" : "zeros", [], [...e.params].reverse());
    case "mul":
      return isScalarShape(a.shape) ? build.mul(a, transposed(b)) : build.transpose(e);
    case "div":
      return build.apply("div", [transposed(a), b]);
    case "expand":
      return build.apply("expand", [a], [...e.params].reverse());
    default:
      return build.transpose(e);
  }
}

const isVector = (e: Expr): boolean => (e.shape.rows.key === "1") !== (e.shape.cols.key === "1");

/** The sum of all entries; of a diagonal the trace. */
export function total(r: Reading): Expr {
  const e = cheapest([r.fwd, r.rev]);
  const [of] = e.args;
  const isDiagonal = isApply(e, "diag") && of !== undefined && !isVector(of);
  return isDiagonal ? build.apply("tr", [of]) : build.apply("sum", [e]);
}

/** A product of more matrices than this stays in its place behind another: in a deep value others have a part in it. */
const MOST_OPENED = 8;

/** Matrix product, written left to right. */
export function times(a: Expr, b: Expr): Expr {
  if (isApply(a, "eye")) return b;
  if (isApply(b, "eye")) return a;
  if (isApply(b, "neg")) return build.neg(times(a, b.args[0] as Expr));
  if (isApply(a, "neg")) return build.neg(times(a.args[0] as Expr, b));
  if (isScalarShape(a.shape) || isScalarShape(b.shape)) return build.mul(a, b);
  if (isApply(b, "mul") && !isLong(b)) {
    const [p, q] = b.args as [Expr, Expr];
    if (!isScalarShape(p.shape) && !isScalarShape(q.shape)) return times(times(a, p), q);
  }
  const last = isApply(a, "mul") ? (a.args[1] as Expr) : a;
  if (isOnesColumn(last) && isApply(b, "transpose") && isOnesColumn(b.args[0] as Expr)) {
    const ones = build.ones(last.shape.rows, b.shape.cols);
    return last === a ? ones : build.mul(a.args[0] as Expr, ones);
  }
  // 1 (P 1)ᵀ as 1 1ᵀ Pᵀ.
  const [sums] = isOnesColumn(a) && isApply(b, "transpose") ? b.args : [];
  if (sums !== undefined && isApply(sums, "mul") && isOnesColumn(sums.args[1] as Expr) && !isScalarShape((sums.args[0] as Expr).shape))
    return build.mul(build.ones(a.shape.rows, (sums.args[1] as Expr).shape.rows), transposed(sums.args[0] as Expr));
  if (isApply(a, "mul") && !isScalarShape((a.args[0] as Expr).shape)) {
    const [p, q] = a.args as [Expr, Expr];
    const joined = joinPowers(q, b);
    if (joined !== undefined) return build.mul(p, joined);
    const repeated = joinBlocks(a, b);
    if (repeated !== undefined) return repeated;
  }
  return joinPowers(a, b) ?? build.mul(a, b);
}

/** Whether a product has too many matrices to be opened. */
function isLong(product: Expr): boolean {
  let count = 0;
  const open: Expr[] = [product];
  for (let e = open.pop(); e !== undefined && count <= MOST_OPENED; e = open.pop()) {
    if (isChain(e)) open.push(...e.args);
    else count++;
  }
  return count > MOST_OPENED;
}

/** Factors at the end of a product that are looked at for a repeated block. */
const MOST_REPEATED = 6;

/** The product a·b with a block that its end repeats as a power: Xᵀ X Xᵀ·X = (Xᵀ X)², C (Xᵀ X)² Xᵀ·X = C (Xᵀ X)³. */
function joinBlocks(a: Expr, b: Expr): Expr | undefined {
  const tail: Expr[] = [b];
  let head: Expr | undefined = a;
  for (; tail.length < MOST_REPEATED && head !== undefined; ) {
    const last: Expr = isChain(head) ? (head.args[1] as Expr) : head;
    const { base, exponent } = powerOf(last);
    if (exponent > 1 && tail.length > 1 && base === tail.reduce(build.mul)) {
      const raised = build.apply("pow", [base, build.num(exponent + 1)]);
      return isChain(head) ? times(head.args[0] as Expr, raised) : raised;
    }
    tail.unshift(last);
    head = isChain(head) ? (head.args[0] as Expr) : undefined;
    const half = tail.length / 2;
    if (half < 2 || half % 1 !== 0 || tail.slice(0, half).some((e, i) => e !== tail[half + i])) continue;
    const raised = build.apply("pow", [tail.slice(half).reduce(build.mul), build.num(2)]);
    return head === undefined ? raised : times(head, raised);
  }
  return undefined;
}

const isChain = (e: Expr): e is Apply => isApply(e, "mul") && !isScalarShape((e as Apply).args[0]?.shape as Shape);

const isOnesColumn = (e: Expr): boolean => isApply(e, "ones") && e.shape.cols.key === "1";

/** A·A² as A³; undefined for different matrices. */
function joinPowers(a: Expr, b: Expr): Expr | undefined {
  const [p, q] = [powerOf(a), powerOf(b)];
  if (p.base !== q.base || p.base.shape.rows.key !== p.base.shape.cols.key) return undefined;
  return build.apply("pow", [p.base, build.num(p.exponent + q.exponent)]);
}

function powerOf(e: Expr): { base: Expr; exponent: number } {
  const [base, exponent] = e.kind === "apply" && e.op === "pow" ? (e.args as [Expr, Expr]) : [e, undefined];
  if (exponent === undefined || exponent.kind !== "num" || exponent.value.d !== 1n || exponent.value.n < 1n)
    return { base: e, exponent: 1 };
  return { base, exponent: Number(exponent.value.n) };
}

/** P Q, as P·Q or as the transpose of Qᵀ·Pᵀ. */
export const productReading = (p: Reading, q: Reading): Reading => oriented([times(p.fwd, q.fwd)], [times(q.rev, p.rev)]);

/** Element-wise product of readings of one shape. */
export const hadamardReading = (p: Reading, q: Reading): Reading =>
  oriented([build.hadamard(p.fwd, q.fwd)], [build.hadamard(p.rev, q.rev)]);

/** Entry by entry quotient; the numerator may be the number 1. */
export const quotientReading = (p: Reading | undefined, q: Reading): Reading =>
  p === undefined
    ? oriented([reciprocal(q.fwd)], [reciprocal(q.rev)])
    : oriented([build.apply("hdiv", [p.fwd, q.fwd])], [build.apply("hdiv", [p.rev, q.rev])]);

const reciprocal = (e: Expr): Expr => risenRoot(e) ?? build.apply("hdiv", [widened(build.num(1), e.shape), e]);

/** 1/x^(3/2) as x^(−3/2): a power that is no whole one needs no fraction line; undefined for other terms. */
function risenRoot(e: Expr): Expr | undefined {
  if (e.kind !== "apply" || (e.op !== "pow" && e.op !== "hpow")) return undefined;
  const [base, exponent] = e.args as readonly [Expr, Expr];
  if (exponent.kind !== "num" || exponent.value.d === 1n) return undefined;
  return build.apply(e.op === "pow" ? "pow" : "hpow", [base, build.num(negate(exponent.value))]);
}

/** diag of a vector. */
export const diagonalReading = (v: Reading): Reading => scalarReading(build.apply("diag", [cheapest([v.fwd, v.rev])]));

/** A scalar widened to a shape; where nothing else states the shape it prints with ones. */
export const widened = (scalar: Expr, shape: Shape): Expr =>
  isScalarShape(shape) ? scalar : build.apply("expand", [scalar], [shape.rows, shape.cols]);

/** A function of readings, entry by entry. */
export function callReading(info: FunctionInfo, args: readonly Reading[]): Reading {
  return oriented(
    [
      build.call(
        info,
        args.map((a) => a.fwd),
      ),
    ],
    [
      build.call(
        info,
        args.map((a) => a.rev),
      ),
    ],
  );
}

/** Entry by entry power by a number (or for a scalar, the power). */
export const powerReading = (r: Reading, exponent: Expr): Reading => {
  const op = isScalarShape(r.fwd.shape) ? "pow" : "hpow";
  return oriented([build.apply(op, [r.fwd, exponent])], [build.apply(op, [r.rev, exponent])]);
};

/** Product of numbers; 1 for none. */
function scalarProduct(factors: readonly Expr[]): Expr {
  return factors.length === 0 ? build.num(1) : factors.reduce((a, b) => build.mul(a, b));
}

/**
 * coefficient · numerator / denominator · body, the way it is written by hand: the sign in
 * front, 2/N and 3/2 before a matrix, a lone denominator behind.
 */
export function scaled(coefficient: Rational, numerator: readonly Expr[], denominator: readonly Expr[], body: Expr | undefined): Expr {
  const within = body === undefined ? undefined : underItsPower(numerator, denominator, body);
  if (within !== undefined) return scaled(coefficient, within.numerator, within.denominator, within.body);
  const negative = sign(coefficient) < 0;
  const withNumber = absolute(coefficient).n !== 1n;
  const d = withNumber && denominator.length === 0 ? 1n : coefficient.d;
  const top = [...(withNumber ? [build.num({ n: coefficient.n, d: d === 1n ? coefficient.d : 1n })] : []), ...numerator];
  const beneath = [...(d === 1n ? [] : [build.num({ n: d, d: 1n })]), ...denominator];
  const minus = (e: Expr): Expr => (negative && !withNumber ? build.neg(e) : e);
  const bottom = beneath.length === 0 ? undefined : scalarProduct(beneath);
  if (body === undefined) {
    const risen = top.length === 0 && bottom !== undefined ? risenRoot(bottom) : undefined;
    if (risen !== undefined) return minus(risen);
    const whole = scalarProduct(top);
    return minus(bottom === undefined ? whole : build.apply("div", [whole, bottom]));
  }
  if (top.length === 0) return minus(bottom === undefined ? body : build.apply("div", [body, bottom]));
  const product = scalarProduct(top);
  const front = bottom === undefined ? product : build.apply("div", [product, bottom]);
  return minus(overReciprocal(front, body) ?? build.mul(front, body));
}

/** x² ⊙ y/c² as (x/c)² ⊙ y: a number under the exponent that entries behind it have, taken to them; undefined where there is none. */
function underItsPower(numerator: readonly Expr[], denominator: readonly Expr[], body: Expr): Scaled | undefined {
  if (isApply(body, "hadamard")) {
    for (const [i, factor] of body.args.entries()) {
      const within = underItsPower(numerator, denominator, factor);
      if (within !== undefined) return { ...within, body: build.apply("hadamard", body.args.with(i, within.body)) };
    }
    return undefined;
  }
  if (!isApply(body, "hpow")) return undefined;
  const [of, exponent] = body.args as readonly [Expr, Expr];
  const isAlike = (e: Expr): boolean => isApply(e, "pow") && e.args[1] === exponent;
  const isOpposite = (e: Expr): boolean => isApply(e, "pow") && areOpposite(e.args[1] as Expr, exponent);
  const above = numerator.find(isAlike);
  const below = denominator.find(isAlike) ?? numerator.find(isOpposite);
  if (above === undefined && below === undefined) return undefined;
  const times = scaled(ONE, above === undefined ? [] : [above.args[0] as Expr], below === undefined ? [] : [below.args[0] as Expr], of);
  return {
    numerator: numerator.filter((e) => e !== above && e !== below),
    denominator: denominator.filter((e) => e !== below),
    body: build.apply("hpow", [times, exponent]),
  };
}

/** Numbers above and below a fraction line, and the vector or matrix behind. */
interface Scaled {
  readonly numerator: readonly Expr[];
  readonly denominator: readonly Expr[];
  readonly body: Expr;
}

/** Whether two sums are written as minus one another: 1 − p and p − 1. */
function areOpposite(a: Expr, b: Expr): boolean {
  if (a.kind === "num" && b.kind === "num") return isZero(add(a.value, b.value));
  if (isApply(a, "neg")) return a.args[0] === b;
  if (isApply(b, "neg")) return b.args[0] === a;
  if (!isApply(a, "add") || !isApply(b, "add") || a.args.length !== b.args.length) return false;
  return a.args.every((s) => b.args.some((t) => areOpposite(s, t)));
}

/** s times 1 ./ x as s ./ x, also where that is the diagonal that a product begins with; undefined for other bodies. */
function overReciprocal(front: Expr, body: Expr): Expr | undefined {
  const [first, second] = body.args;
  if (isApply(body, "hdiv") && first !== undefined && isApply(first, "expand") && isUnit(first.args[0]))
    return build.apply("hdiv", [widened(front, body.shape), second as Expr]);
  if (!isApply(body, "diag") && !isChain(body)) return undefined;
  const inner = overReciprocal(front, first as Expr);
  return inner === undefined ? undefined : isApply(body, "diag") ? build.apply("diag", [inner]) : build.mul(inner, second as Expr);
}

const isUnit = (e: Expr | undefined): boolean => e?.kind === "num" && isOne(e.value);

/** Ones of a shape: a column, a row or a matrix. */
export const onesExpr = (rows: Dim, cols: Dim): Expr =>
  rows.key === "1" && cols.key !== "1" ? build.transpose(build.ones(cols)) : build.ones(rows, cols);
export const zerosExpr = (rows: Dim, cols: Dim): Expr =>
  rows.key === "1" && cols.key !== "1" ? build.transpose(build.zeros(cols)) : build.zeros(rows, cols);
