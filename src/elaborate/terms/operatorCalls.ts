// Calls of structural operators, tr(A), ones(m, n), reshape(v, m, n): a table with what each takes and
// what it is.
//
// Invariant: an operator without a row does not compile. Not here: operators written with signs
// (operators.ts), and spellings (grammar/glyphs.ts).

import type { OperatorFunction } from "../../../grammar/glyphs.ts";
import { apply, eye, hadamard, mul, num, ones, transpose, zeros } from "../../expr/build.ts";
import { type Dim, sameDim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import { isScalarShape, type Shape, transposeShape } from "../../expr/shape.ts";
import type { CallTree, Tree } from "../../syntax/tree.ts";
import { checkSize, readSize } from "../names/size.ts";
import type { Meeting, Place } from "../shapes/constraint.ts";
import { mismatch, refuse } from "../shapes/mismatch.ts";
import { commonShape, diagShape, productShape } from "../shapes/shapes.ts";
import { demandScalar, kronShape, markVector } from "./operators.ts";
import { type Context, makeTerm, placeOf, type Term, widen } from "./term.ts";
import { refuseOfNumber, refuseTrace } from "./unlikely.ts";

/** A call and the terms of its arguments. */
interface Call {
  readonly ctx: Context;
  readonly tree: CallTree;
  readonly place: Place;
  readonly args: readonly Term[];
}

interface OperatorCall {
  /** How many arguments it takes, at least and at most, sizes among them. */
  readonly takes: readonly [least: number, most?: number];
  readonly term: (call: Call) => Term;
}

const OPERATOR_CALLS: Readonly<Record<OperatorFunction, OperatorCall>> = {
  sum: { takes: [1], term: total },
  tr: { takes: [1], term: trace },
  diag: { takes: [1], term: (c) => ofOne(c, diagShape(c.ctx.inf, first(c)), (e) => apply("diag", [e])) },
  vec: { takes: [1], term: (c) => ofOne(c, columnOf(c, first(c).shape), (e) => apply("vec", [e])) },
  reshape: { takes: [3], term: reshaped },
  transpose: { takes: [1], term: (c) => ofOne(c, transposeShape(first(c).shape), transpose) },
  dot: { takes: [2], term: dotProduct },
  kron: { takes: [2], term: (c) => ofTwo(c, kronShape(c.ctx.inf, first(c).shape, second(c).shape), (x, y) => apply("kron", [x, y])) },
  hadamard: { takes: [2], term: hadamardProduct },
  outer: { takes: [2], term: outerProduct },
  ones: { takes: [1, 2], term: (c) => constant(c, ones) },
  zeros: { takes: [1, 2], term: (c) => constant(c, zeros) },
  eye: { takes: [1, 2], term: identity },
  unit: { takes: [2], term: unitVector },
  commutation: { takes: [1, 2], term: commutation },
  vector: { takes: [1], term: (c) => filled(c, () => c.ctx.inf.one) },
  matrix: { takes: [1], term: (c) => filled(c, () => manyOf(c)) },
};

/** The term of a call of an operator. */
export function operatorTerm(call: Call, op: OperatorFunction): Term {
  const { takes, term } = OPERATOR_CALLS[op];
  checkCount(call.tree, call.place, takes);
  return term(call);
}

/** Refuses a call with another number of arguments than there may be. */
export function checkCount({ name, args }: CallTree, place: Place, [least, most = least]: OperatorCall["takes"]): void {
  if (args.length >= least && args.length <= most) return;
  const wanted = least === most ? `${least}` : `${least} or ${most}`;
  refuse(place, "type", `${name} takes ${wanted} argument${wanted === "1" ? "" : "s"}, not ${args.length}`);
}

const first = ({ args }: Call): Term => args[0] as Term;
const second = ({ args }: Call): Term => args[1] as Term;

const ofOne = (call: Call, shape: Shape, build: (e: Expr) => Expr): Term =>
  makeTerm(call.ctx, call.place, shape, [first(call)], ([e]) => build(e as Expr));
const ofTwo = (call: Call, shape: Shape, build: (x: Expr, y: Expr) => Expr): Term =>
  makeTerm(call.ctx, call.place, shape, [first(call), second(call)], ([x, y]) => build(x as Expr, y as Expr));
const ofNone = ({ ctx, place }: Call, rows: Dim, cols: Dim, build: () => Expr): Term => makeTerm(ctx, place, { rows, cols }, [], build);

const meeting = (call: Call, sign: string): Meeting => ({ left: first(call), right: second(call), sign, place: call.place });

/** The argument at a place as a size. */
function sizeAt({ ctx, tree }: Call, k: number): Dim {
  const t = tree.args[k] as Tree;
  return checkSize(readSize(ctx.scope, t, ctx.source), placeOf(ctx, t));
}

/** The shape of all entries one below the other. */
const columnOf = ({ ctx }: Call, shape: Shape): Shape => ({ rows: ctx.inf.nest(shape.cols, shape.rows), cols: ctx.inf.one });

function total(call: Call): Term {
  return ofOne(call, call.ctx.inf.number, (e) => {
    if (isScalarShape(e.shape)) refuseOfNumber(call.ctx, call.tree);
    return apply("sum", [e]);
  });
}

function trace(call: Call): Term {
  const { ctx, tree } = call;
  const a = first(call);
  ctx.inf.sameDim(a.shape.rows, a.shape.cols, () => mismatch.square(ctx.inf, a, tree.name));
  return ofOne(call, ctx.inf.number, (e) => {
    refuseTrace(ctx, tree);
    return apply("tr", [e]);
  });
}

function reshaped(call: Call): Term {
  const { ctx, tree, place } = call;
  const shape = { rows: sizeAt(call, 1), cols: sizeAt(call, 2) };
  const refused = (): never =>
    refuse(place, "shape", `${tree.name}(v, m, n) takes a vector of length m*n`, `${tree.name}(vec(A), m, n) for a matrix A`);
  ctx.inf.same(first(call).shape, columnOf(call, shape), refused);
  return ofOne(call, shape, (e) => apply("reshape", [e], [shape.rows, shape.cols]));
}

function dotProduct(call: Call): Term {
  const { inf } = call.ctx;
  markVector(first(call), second(call));
  inf.same(first(call).shape, second(call).shape, () => mismatch.alike(inf, meeting(call, "dot")));
  return ofTwo(call, inf.number, (x, y) => apply("dot", [x, y]));
}

function hadamardProduct(call: Call): Term {
  markVector(first(call), second(call));
  return ofTwo(call, commonShape(call.ctx.inf, meeting(call, "⊙")), (x, y) =>
    isScalarShape(x.shape) || isScalarShape(y.shape) ? mul(x, y) : hadamard(x, y),
  );
}

function outerProduct(call: Call): Term {
  markVector(first(call), second(call));
  const { source, span, shape } = second(call);
  const flipped = { source, span, shape: transposeShape(shape) };
  const product = productShape(call.ctx.inf, { left: first(call), right: flipped, sign: "*", place: call.place });
  return ofTwo(call, product, (x, y) => mul(x, transpose(y)));
}

function constant(call: Call, make: (rows: Dim, cols: Dim) => Expr): Term {
  const rows = sizeAt(call, 0);
  const cols = call.tree.args.length === 2 ? sizeAt(call, 1) : call.ctx.inf.one;
  return ofNone(call, rows, cols, () => make(rows, cols));
}

function identity(call: Call): Term {
  const { tree, place } = call;
  const n = sizeAt(call, 0);
  if (tree.args.length === 2 && !sameDim(sizeAt(call, 1), n)) refuse(place, "shape", "an identity matrix is square", `${tree.name}(n)`);
  return ofNone(call, n, n, () => eye(n));
}

function unitVector(call: Call): Term {
  const [n, k] = [sizeAt(call, 0), sizeAt(call, 1)];
  return ofNone(call, n, call.ctx.inf.one, () => apply("unit", [], [n, k]));
}

function commutation(call: Call): Term {
  const { tree, place } = call;
  for (const arg of tree.args)
    if (arg.kind === "name" && /_[a-z]$/.test(arg.name))
      refuse(
        place,
        "type",
        `${arg.name} is no size, and ${tree.name}(m, n) is the commutation matrix`,
        `${tree.name}_ij for the entries of a matrix`,
      );
  const m = sizeAt(call, 0);
  const n = tree.args.length === 2 ? sizeAt(call, 1) : m;
  // K(m, n) takes vec(A) of an m×n matrix.
  const mn = call.ctx.inf.nest(n, m);
  return ofNone(call, mn, mn, () => apply("commutation", [], [m, n]));
}

/** A size that is inferred, of more than one. */
function manyOf({ ctx: { inf } }: Call): Dim {
  const size = inf.fresh();
  inf.markMany(size);
  return size;
}

// vector(1) is a vector of ones, matrix(0) a matrix of zeros.
function filled(call: Call, columns: () => Dim): Term {
  const { ctx, tree, place } = call;
  const { inf } = ctx;
  const a = first(call);
  demandScalar(ctx, a, () => mismatch.number(inf, a, `the argument of ${tree.name}`, `${tree.name}(1) is all ones`));
  const [rows, cols] = [manyOf(call), columns()];
  return makeTerm(ctx, place, { rows, cols }, [a], ([e]) => {
    const shape = inf.resolveShape({ rows, cols });
    if (e === num(1)) return ones(shape.rows, shape.cols);
    if (e === num(0)) return zeros(shape.rows, shape.cols);
    return widen(e as Expr, shape);
  });
}
