// Binary operators: what each asks of the shapes of its operands and which Expr it
// becomes once they are known. Where a scalar meets something larger, the expansion is
// explicit in the Expr.

import { SIGNS } from "../../../grammar/glyphs.ts";
import { optional } from "../../base/optional.ts";
import { divide, isZero, negate, type Rational, rational } from "../../base/rational.ts";
import { add, apply, call, constant, mul, num, transpose } from "../../expr/build.ts";
import { type Expr, isApply, nodes } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { boundAt } from "../../expr/indices.ts";
import type { Comparison } from "../../expr/operators.ts";
import { isColumnShape, isMatrixShape, isRowShape, isScalarShape, type Shape, transposeShape } from "../../expr/shape.ts";
import type { BinaryTree } from "../../syntax/tree.ts";
import type { Inference, Meeting, Place } from "../shapes/constraint.ts";
import { mismatch, refuse } from "../shapes/mismatch.ts";
import { commonShape, dotShape, productShape } from "../shapes/shapes.ts";
import { type Addend, type Addition, addendsOf } from "./addends.ts";
import { commonAll } from "./common.ts";
import { calledName, isMatrixName, noteProduct, refuseMark } from "./misread.ts";
import { type Context, makeTerm, negated, placeOf, type Term, widen } from "./term.ts";
import { refuseNumberBesideMatrix, refusePowerOfVector, refuseVectorBelow } from "./unlikely.ts";

/** The term of a binary operator from those of its operands, which of a chain of summands are all. */
export function binaryTerm(ctx: Context, tree: BinaryTree, operands: readonly Term[]): Term {
  const { inf } = ctx;
  const place = placeOf(ctx, tree);
  const [left, right] = operands as [Term, Term];
  const m: Operands = { left, right, sign: tree.sign === "" ? " " : tree.sign, place };
  const make = (shape: Shape, build: Build): Term => meetingTerm(ctx, m, shape, build);
  switch (tree.op) {
    case "plus":
    case "minus":
      return additionTerm(ctx, place, addendsOf(tree as Addition), operands);
    case "times":
      return productTerm(ctx, tree, m);
    case "divide":
      return quotientTerm(ctx, tree, m);
    case "solve":
      return solutionTerm(ctx, m);
    case "hadamard":
      // In array code * is one of numbers as well.
      if (tree.sign !== "*") markVector(left, right);
      return noted(ctx, tree, make(commonShape(inf, m), entrywiseProduct));
    case "hdivide":
      return noted(ctx, tree, make(commonShape(inf, m), entrywiseQuotient));
    case "hpower":
      return make(commonShape(inf, m), (a, b, to) => entrywisePower(ctx, a, b, to));
    case "power":
      return powerTerm(ctx, tree, left, right);
    case "dot":
      markVector(left, right);
      return make(dotShape(inf, m), buildDot);
    case "colon":
      inf.same(left.shape, right.shape, () => mismatch.alike(inf, m));
      return make(inf.number, (a, b) => apply("dot", [a, b]));
    case "kron":
      return make(kronShape(ctx.inf, left.shape, right.shape), (a, b) => apply("kron", [a, b]));
    default:
      return comparisonTerm(ctx, tree.op, m);
  }
}

/** Two operands and the sign between them. */
interface Operands extends Meeting {
  readonly left: Term;
  readonly right: Term;
}

/** What two operands become once their shapes, and that of the value, are known. */
type Build = (a: Expr, b: Expr, to: Shape) => Expr;

const meetingTerm = (ctx: Context, { left, right, place }: Operands, shape: Shape, build: Build): Term =>
  makeTerm(ctx, place, shape, [left, right], ([a, b]) => build(a as Expr, b as Expr, ctx.inf.resolveShape(shape)));

/** A sum of any number of terms with their signs. */
function additionTerm(ctx: Context, place: Place, addends: readonly Addend[], terms: readonly Term[]): Term {
  const shape = commonAll(
    ctx,
    place,
    terms,
    addends.map((a) => a.sign),
  );
  const sum = makeTerm(ctx, place, shape, terms, (args) => {
    const to = ctx.inf.resolveShape(shape);
    if (isMatrixShape(to)) refuseNumberBesideMatrix(ctx, terms);
    return add(
      ...args.map((a, i) => {
        const negative = addends[i]?.negative === true;
        if (negative && a.kind === "num") return widen(negated(a), to);
        return negative ? negated(widen(a, to)) : widen(a, to);
      }),
    );
  });
  ctx.sums.push(sum);
  return sum;
}

function productTerm(ctx: Context, tree: BinaryTree, m: Operands): Term {
  const cross = tree.sign === SIGNS.times.unicode ? ctx.scope.functions.find("cross") : undefined;
  if (cross !== undefined && [m.left, m.right].every((t) => isInSpace(ctx, t)))
    return meetingTerm(ctx, m, m.left.shape, (a, b) => call(cross, [a, b]));
  noteProduct(ctx, tree);
  const called = calledName(ctx, tree);
  const shape = productShape(ctx.inf, { ...m, sign: tree.sign, ...optional({ called }) });
  const product = meetingTerm(ctx, m, shape, mul);
  ctx.products.add(product);
  return product;
}

/** Whether a term is known to be a vector of length 3: × between two such is their cross product. */
function isInSpace(ctx: Context, { shape }: Term): boolean {
  const known = ctx.inf.resolveShape(shape);
  return isColumnShape(known) && known.rows.key === "3";
}

function quotientTerm(ctx: Context, tree: BinaryTree, m: Operands): Term {
  demandScalar(ctx, m.right, () => mismatch.divide(ctx.inf, m));
  return meetingTerm(ctx, m, m.left.shape, (a, b) => {
    if (!isScalarShape(a.shape)) refuseVectorBelow(ctx, tree);
    return apply("div", [a, b]);
  });
}

const comparisonTerm = (ctx: Context, op: Comparison, m: Operands): Term =>
  meetingTerm(ctx, m, commonShape(ctx.inf, m), (a, b, to) => apply(op, [widen(a, to), widen(b, to)]));

// A \ b is A⁻¹ b.
function solutionTerm(ctx: Context, m: Operands): Term {
  const { inf, scope } = ctx;
  const inverse = scope.functions.find("inv") as FunctionInfo;
  inf.sameDim(m.left.shape.rows, m.left.shape.cols, () => mismatch.solve(inf, m));
  return meetingTerm(ctx, m, productShape(inf, m), (a, b) => (isScalarShape(a.shape) ? apply("div", [b, a]) : mul(call(inverse, [a]), b)));
}

/** Counts a term of array code, where * and / are entry by entry, among the products. */
function noted(ctx: Context, { sign }: BinaryTree, term: Term): Term {
  if (sign === "*" || sign === "/") ctx.products.add(term);
  return term;
}

const entrywiseProduct: Build = (a, b) => (isScalarShape(a.shape) || isScalarShape(b.shape) ? mul(a, b) : apply("hadamard", [a, b]));
const entrywiseQuotient: Build = (a, b, to) => (isScalarShape(b.shape) ? apply("div", [a, b]) : apply("hdiv", [widen(a, to), b]));

/** Shape of a Kronecker product. */
export const kronShape = (inf: Inference, a: Shape, b: Shape): Shape => ({
  rows: inf.nest(a.rows, b.rows),
  cols: inf.nest(a.cols, b.cols),
});

// w·x of a row and a column pairs entry with entry.
function buildDot(a: Expr, b: Expr): Expr {
  if (isScalarShape(a.shape) || isScalarShape(b.shape)) return mul(a, b);
  if (isRowShape(a.shape) && isColumnShape(b.shape)) return apply("dot", [transpose(a), b]);
  if (isColumnShape(a.shape) && isRowShape(b.shape)) return apply("dot", [a, transpose(b)]);
  return apply("dot", [a, b]);
}

/** Notes that names are used as vectors are, for where nothing else tells their shape. */
export function markVector(...terms: readonly Term[]): void {
  for (const t of terms) if (t.variable !== undefined) t.variable.likelyVector = true;
}

/** States that a term is a number. */
export function demandScalar(ctx: Context, term: Term, otherwise: () => never): void {
  ctx.inf.same(term.shape, ctx.inf.number, otherwise);
}

function powerTerm(ctx: Context, tree: BinaryTree, base: Term, exponent: Term): Term {
  const { inf } = ctx;
  const place = placeOf(ctx, tree);
  refuseMark(ctx, tree);
  if (tree.right.kind === "transpose" && tree.right.grouped !== true)
    refuse(exponent, "syntax", "the transpose belongs to the exponent alone here", "(A^k)' for the transpose of a power");
  if (tree.left.kind === "name" && tree.left.name === "e" && base.variable?.declared === false)
    ctx.scope.remarks.add("e is read as a variable; exp(x) is the exponential");
  demandScalar(ctx, exponent, () => mismatch.number(inf, exponent, "the exponent of ^", ".^ raises entry by entry"));
  inf.sameDim(base.shape.rows, base.shape.cols, () => mismatch.power(inf, base, exponent));
  return makeTerm(ctx, place, base.shape, [base, exponent], ([a, k]) => {
    if (!isScalarShape((a as Expr).shape)) refusePowerOfVector(ctx, tree);
    return power(ctx, a as Expr, k as Expr);
  });
}

// Exponents other than numbers make functions of the rule library, where it has them.
function entrywisePower({ scope }: Context, a: Expr, k: Expr, to: Shape): Expr {
  if (isScalarShape(to)) return apply("pow", [a, k]);
  const info = isScalarShape(k.shape) ? undefined : scope.functions.find("epow");
  return info === undefined ? apply("hpow", [widen(a, to), k]) : call(info, [widen(a, to), widen(k, to)]);
}

/** A number as it may be written: 2, -1, 1/2, -1/2; undefined for another term. */
export function numberOf(e: Expr): Rational | undefined {
  if (e.kind === "num") return e.value;
  if (e.kind !== "apply") return undefined;
  const [a, b] = e.args.map((arg) => (arg.kind === "num" ? arg.value : undefined));
  if (e.op === "div" && a !== undefined && b !== undefined && !isZero(b)) return divide(a, b);
  if (e.op !== "neg") return undefined;
  const inner = e.args[0] as Expr;
  const positive = isApply(inner, "div") ? numberOf(inner) : a;
  return positive === undefined ? undefined : negate(positive);
}

// A⁻¹ is inv(A), A⁻² the square of it and A^(1/2) is sqrtm(A), so that they are the same thing.
function power({ scope }: Context, a: Expr, k: Expr): Expr {
  const plain = (): Expr => apply("pow", [a, k]);
  if (isScalarShape(a.shape)) return isIndexed(k) ? openPower(scope, a, k) : plain();
  const exact = numberOf(k);
  const fractional = (): Expr => {
    const info = scope.functions.find("mpow");
    return info === undefined ? plain() : call(info, [a, k]);
  };
  if (exact === undefined) return fractional();
  const [inv, sqrtm] = [scope.functions.find("inv"), scope.functions.find("sqrtm")];
  const { n, d } = exact;
  const base = d === 1n ? a : d === 2n && sqrtm !== undefined ? call(sqrtm, [a]) : undefined;
  if (base === undefined) return fractional();
  if (n < 0n && inv === undefined) return plain();
  const turned = n < 0n ? call(inv as FunctionInfo, [base]) : base;
  const size = n < 0n ? -n : n;
  return size === 1n ? turned : apply("pow", [turned, num(rational(size))]);
}

/** Whether an entry at the index of a sum stands in a term. */
const isIndexed = (e: Expr): boolean => e.kind !== "num" && nodes(e).some((p) => p.kind === "entry" && boundAt(p).length > 0);

// a^i is a power of its own for every i, and (−1)^i is cos(π i).
function openPower({ functions }: Context["scope"], a: Expr, k: Expr): Expr {
  const [epow, cos] = [functions.find("epow"), functions.find("cos")];
  if (cos !== undefined && numberOf(a)?.n === -1n && numberOf(a)?.d === 1n) return call(cos, [mul(constant("pi"), k)]);
  return epow === undefined ? apply("pow", [a, k]) : call(epow, [a, k]);
}

/** x^T and A^-T, unless T is a scalar variable. */
export function isTransposeMark(ctx: Context, tree: BinaryTree): boolean {
  if (tree.op !== "power") return false;
  const mark = tree.right.kind === "prefix" && tree.right.op === "minus" ? tree.right.arg : tree.right;
  if (mark.kind !== "name" || mark.name !== "T" || mark.grouped === true) return false;
  // A^(-T) of a matrix; of a number it is a power.
  if (tree.right.grouped === true && (mark === tree.right || !isMatrixName(ctx, tree.left))) return false;
  const variable = ctx.scope.variables.get("T");
  return !(variable?.declared === true && ctx.inf.scalar(variable.shape) === "yes");
}

/** The transpose of a term; of a sample x_i, which is a row as a column, that row. */
export function turned(a: Expr): Expr {
  const isSample = isApply(a, "transpose") && a.args[0]?.kind === "entry";
  return isSample ? (a.args[0] as Expr) : transpose(a);
}

/** The transpose written x^T, and the transposed inverse written A^-T. */
export function transposeMarkTerm(ctx: Context, tree: BinaryTree, arg: Term): Term {
  const place = placeOf(ctx, tree);
  if (tree.right.kind === "name") {
    markVector(arg);
    return makeTerm(ctx, place, transposeShape(arg.shape), [arg], ([a]) => {
      if (isScalarShape((a as Expr).shape)) ctx.scope.remarks.add("T above is read as the transpose; declare T : scalar for a power");
      return turned(a as Expr);
    });
  }
  ctx.inf.sameDim(arg.shape.rows, arg.shape.cols, () => mismatch.square(ctx.inf, arg, "the inverse"));
  return makeTerm(ctx, place, arg.shape, [arg], ([a]) => transpose(power(ctx, a as Expr, num(-1))));
}
