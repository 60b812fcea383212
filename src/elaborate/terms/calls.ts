// Calls: of structural operators, of functions of the rule library, and of functions without a body.
//
// Invariant: a function that the text declares stands before an operator of the same name. Not here:
// what a call of each operator is (operatorCalls.ts), and names without brackets (names.ts).

import { AXIS_FUNCTIONS, type OperatorFunction, operatorFunction } from "../../../grammar/glyphs.ts";
import { call, transpose, unknown } from "../../expr/build.ts";
import { type Dim, dimNames, sameDim, substituteDim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isOperator, operatorRow } from "../../expr/operators.ts";
import { isColumnShape, isMatrixShape, isScalarShape, isSquareShape, type Shape, sameShape, transposeShape } from "../../expr/shape.ts";
import { type CallTree, subtrees, type Tree } from "../../syntax/tree.ts";
import type { Kind } from "../names/letters.ts";
import { type UnknownFunction, unknownFunction } from "../names/scope.ts";
import type { Place } from "../shapes/constraint.ts";
import { mismatch, refuse, written } from "../shapes/mismatch.ts";
import { commonAll } from "./common.ts";
import { likelyKind } from "./maps.ts";
import { remarkBars, remarkDagger, remarkEntries, remarkNorm } from "./misread.ts";
import { dependentTerm, derivativeShape } from "./names.ts";
import { checkCount, operatorTerm } from "./operatorCalls.ts";
import { wantStructure } from "./structured.ts";
import { type Context, makeTerm, placeOf, type Term, widen } from "./term.ts";
import { refuseOfNumber, refuseOrder } from "./unlikely.ts";

const operatorOf = (ctx: Context, name: string): OperatorFunction | undefined =>
  ctx.scope.unknowns.has(name) ? undefined : operatorFunction(name);

/** The arguments of a call that are terms. */
export function callParts(ctx: Context, tree: CallTree): readonly Tree[] {
  const op = operatorOf(ctx, tree.name);
  // What an operator takes beyond its arguments are sizes.
  const terms = op !== undefined && isOperator(op) ? operatorRow(op).arity : "many";
  if (terms !== "many") return tree.args.slice(0, terms);
  return ctx.scope.unknowns.get(tree.name)?.of === undefined ? tree.args : [];
}

/** The term of a call, its arguments being terms already. */
export function callTerm(ctx: Context, tree: CallTree, args: readonly Term[]): Term {
  const place = placeOf(ctx, tree);
  const body = ctx.scope.unknowns.get(tree.name);
  if (body !== undefined) return bodilessTerm(ctx, tree, place, body, args);
  if (tree.derivatives.length > 0) return markedTerm(ctx, tree, place, args);
  const along = alongAxis(ctx, tree);
  if (along !== undefined) return functionTerm(ctx, tree, place, along, args.slice(0, 1));
  const op = operatorOf(ctx, tree.name);
  const info = op === undefined ? ctx.scope.functions.find(tree.name, args.length) : undefined;
  if (tree.broadcast && (op !== undefined || info?.elementwise === false)) refuseBroadcast(tree, place);
  if (op !== undefined) return operatorTerm({ ctx, tree, place, args }, op);
  if (info === undefined) return unknownFunction(ctx.scope, tree.name, { source: ctx.source, span: tree.nameSpan });
  return functionTerm(ctx, tree, place, info, args);
}

// inv.(X) is 1 ./ X, which inv(X) is not.
const refuseBroadcast = ({ name }: CallTree, place: Place): never =>
  refuse(place, "type", `${name}.(…) acts on every entry, and ${name} on vectors or matrices as a whole`, `${name}(…) of the whole`);

/** σ'(z) of a function that has marks. */
function markedTerm(ctx: Context, tree: CallTree, place: Place, args: readonly Term[]): Term {
  const marked = tree.derivatives.every((k) => k === 0) ? `${tree.name}${"'".repeat(tree.derivatives.length)}` : "";
  const info = ctx.scope.functions.find(marked, args.length);
  if (info !== undefined) return functionTerm(ctx, tree, place, info, args);
  const message = "a mark of a derivative stands only at a function of one number, and at one declared without a body";
  return refuse(place, "unsupported", message, `nabla diff '${tree.name}(x)' --wrt x`);
}

// sum(X, 1) adds along the first axis, sum(X, 2) along the second.
function alongAxis(ctx: Context, tree: CallTree): FunctionInfo | undefined {
  const names = Object.hasOwn(AXIS_FUNCTIONS, tree.name) ? AXIS_FUNCTIONS[tree.name] : undefined;
  const axis = tree.args[1];
  if (names === undefined || tree.args.length !== 2 || axis?.kind !== "number") return undefined;
  return ctx.scope.functions.find(names[Number(axis.text) - 1] ?? "");
}

function functionTerm(ctx: Context, tree: CallTree, place: Place, info: FunctionInfo, args: readonly Term[]): Term {
  const isMany = info.associative === true && args.length > info.params.length;
  if (args.length !== info.params.length && !isMany) checkCount(tree, place, [info.params.length]);
  if (info.name === "pnorm") refuseOrder(ctx, tree);
  return (info.elementwise ? elementwiseTerm : wholeTerm)(ctx, tree, place, info, args);
}

// A function of numbers acts on every entry; one of two takes more of them two by two.
function elementwiseTerm(ctx: Context, tree: CallTree, place: Place, info: FunctionInfo, args: readonly Term[]): Term {
  const shape = commonAll(ctx, place, args, info.name);
  if (tree.powerOfE) preferSquare(ctx, tree, place, shape);
  const ofSquare = tree.powerOfE ? ctx.scope.functions.find("expm") : undefined;
  return makeTerm(ctx, place, shape, args, (exprs) => {
    const to = ctx.inf.resolveShape(shape);
    const isOfMatrix = !isScalarShape(to) && sameDim(to.rows, to.cols);
    if (ofSquare !== undefined && isOfMatrix) {
      ctx.scope.remarks.add("e to the power of a square matrix is its matrix exponential, expm; \\exp acts on the entries");
      return call(ofSquare, exprs);
    }
    if (isOfMatrix) remarkEntries(ctx, info, tree);
    if (info.name === "abs" && isColumnShape(to)) remarkBars(ctx, tree);
    const wide = exprs.map((e) => widen(e, to));
    return args.length > info.params.length ? wide.reduce((first, next) => call(info, [first, next])) : call(info, wide);
  });
}

// A function of whole vectors and matrices.
function wholeTerm(ctx: Context, tree: CallTree, place: Place, info: FunctionInfo, args: readonly Term[]): Term {
  const { inf } = ctx;
  if (info.name === "pinv") remarkDagger(ctx, tree);
  wantStructure(ctx, tree, info, args);
  // The function's own dimension names, open for this one call.
  const own = new Map<string, Dim>();
  for (const s of [...info.params, info.result])
    for (const d of [s.rows, s.cols]) for (const n of dimNames(d)) if (!own.has(n)) own.set(n, inf.fresh());
  const here = (s: Shape): Shape => ({ rows: substituteDim(s.rows, own), cols: substituteDim(s.cols, own) });
  // A number that is made of a vector is made of a row as well.
  const takesRow = info.params.map((param, i) => isScalarShape(info.result) && isColumnShape(param) && isRow(ctx, args[i] as Term));
  info.params.forEach((param, i) => {
    const arg = args[i] as Term;
    if (info.rows !== undefined && inf.orientation(arg.shape) === "open" && isOfMatrices(ctx, tree.args[i] as Tree))
      refuse(arg, "shape", `${tree.name} takes a vector, and ${written(arg)} is made of matrices`, byRows(info.rows));
    const fix = isColumnShape(param) ? asVector(ctx, tree.name, info, param, arg) : undefined;
    const shape = takesRow[i] ? transposeShape(arg.shape) : arg.shape;
    inf.same(shape, here(param), () => {
      const twin = args[info.params.findIndex((p) => sameShape(p, param))] as Term;
      const ofOneKind = isMatrixShape(param) || isColumnShape(inf.resolveShape(shape));
      if (twin === arg || !ofOneKind || dimNames(param.rows).length === 0) return mismatch.argument(inf, arg, tree.name, param, fix);
      return mismatch.sameShapes(inf, { left: twin, right: arg, place, sign: tree.name });
    });
  });
  return makeTerm(ctx, place, here(info.result), args, (exprs) => {
    if (info.params.some((p, i) => !isSquareShape(p) && isScalarShape((exprs[i] as Expr).shape))) refuseOfNumber(ctx, tree);
    if (info.name === "norm2" && isMatrixShape((exprs[0] as Expr).shape)) remarkNorm(ctx, tree);
    return call(
      info,
      exprs.map((e, i) => (takesRow[i] ? transpose(e) : e)),
    );
  });
}

/** Letters of times and steps beside those that are numbers anyway. */
const TIMES = /^(?:[tsh]|dt)(?:_.*)?$/;

// An exponent of e is a number or a square matrix where its letters do not speak of vectors: e^{tA}, and not e^{Wx}.
function preferSquare(ctx: Context, tree: CallTree, place: Place, { rows, cols }: Shape): void {
  const { inf } = ctx;
  if (inf.orientation({ rows, cols }) !== "open" || !inf.compatible(rows, cols)) return;
  const kinds: (Kind | undefined)[] = [];
  for (const part of subtrees(tree.args)) if (part.kind === "name" && !TIMES.test(part.name)) kinds.push(likelyKind(ctx, part.name));
  if (kinds.includes("matrix") && kinds.includes("vector")) return;
  inf.sameDim(rows, cols, () => refuse(place, "shape", "the exponent of e is a number or a square matrix", "exp(…) acts on the entries"));
}

const isRow = ({ inf }: Context, arg: Term): boolean => inf.orientation(arg.shape) === "row";

/** What a function of a vector takes instead of a row or a matrix. */
function asVector(ctx: Context, name: string, { rows }: FunctionInfo, param: Shape, arg: Term): string | undefined {
  if (isRow(ctx, arg)) return "the transpose of it";
  const isOfAnyLength = dimNames(param.rows).length > 0;
  if (!isOfAnyLength || !isMatrixShape(ctx.inf.resolveShape(arg.shape))) return undefined;
  return rows === undefined ? `${name}(vec(…)) takes the entries of a matrix` : byRows(rows);
}

const byRows = (rows: string): string => `${rows}(…) takes the rows of a matrix one by one`;

/** Whether a term is made of matrices and numbers by their letters alone, unless they are declared otherwise. */
function isOfMatrices(ctx: Context, root: Tree): boolean {
  const kinds: (Kind | undefined)[] = [];
  for (const tree of subtrees([root])) {
    if (tree.kind === "name") kinds.push(likelyKind(ctx, tree.name));
    else if (tree.kind === "call" && ctx.scope.functions.find(tree.name, tree.args.length)?.elementwise !== true) return false;
    else if (tree.kind === "entry" || tree.kind === "stack" || tree.kind === "sum") return false;
  }
  return kinds.includes("matrix") && !kinds.includes("vector");
}

/** Whether u(x) is written as it is declared; y(u) also as y(u(x)). */
function isAsDeclared({ scope }: Context, whole: CallTree): boolean {
  const open: CallTree[] = [whole];
  for (let call = open.pop(); call !== undefined; call = open.pop()) {
    const of = scope.unknowns.get(call.name)?.of;
    if (of?.length !== call.args.length) return false;
    for (const [i, arg] of call.args.entries()) {
      if ((arg.kind !== "name" && arg.kind !== "call") || arg.name !== of[i]) return false;
      if (arg.kind === "call") open.push(arg);
    }
  }
  return true;
}

function bodilessTerm(ctx: Context, tree: CallTree, place: Place, body: UnknownFunction, args: readonly Term[]): Term {
  const { inf } = ctx;
  if (body.of !== undefined) {
    if (!isAsDeclared(ctx, tree))
      refuse(
        place,
        "unsupported",
        `${body.name} is declared as depending on ${body.of.join(", ")} and can be used only so`,
        `${body.name}(${body.of.join(", ")})`,
      );
    return dependentTerm(ctx, place, body, tree.derivatives);
  }
  const { derivatives } = tree;
  if (derivatives.some((k) => k < 0 || k >= tree.args.length))
    refuse(place, "type", `${body.name} has ${tree.args.length} argument${tree.args.length === 1 ? "" : "s"}`);
  if (body.elementwise) {
    const shape = commonAll(ctx, place, args, body.name);
    return makeTerm(ctx, place, shape, args, (exprs) => {
      const to = inf.resolveShape(shape);
      return unknown(
        body.name,
        exprs.map((e) => widen(e, to)),
        to,
        { elementwise: true, derivatives },
      );
    });
  }
  checkCount(tree, place, [body.params.length]);
  body.params.forEach((param, i) => {
    const arg = args[i] as Term;
    const fix = isScalarShape(inf.resolveShape(param)) ? `${body.name} : elementwise acts on every entry` : undefined;
    inf.same(arg.shape, param, () => mismatch.argument(inf, arg, body.name, inf.resolveShape(param), fix));
  });
  const shape = derivativeShape(ctx, place, body, derivatives);
  return makeTerm(ctx, place, shape, args, (exprs) => unknown(body.name, exprs, inf.resolveShape(shape), { derivatives }));
}
