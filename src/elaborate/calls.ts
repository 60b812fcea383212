// Calls: the structural operators that have a function spelling, the functions of the
// rule library, and functions without a body.
//
// Invariant: a function that the text declares stands before an operator of the same name. Not
// here: names without brackets (names.ts).

import { AXIS_FUNCTIONS, type OperatorFunction, operatorFunction } from "../../grammar/glyphs.ts";
import { apply, call, eye, hadamard, mul, num, ones, transpose, unknown, zeros } from "../expr/build.ts";
import { type Dim, dimNames, multiplyDims, sameDim, substituteDim } from "../expr/dim.ts";
import type { Expr } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { isColumnShape, isMatrixShape, isScalarShape, type Shape, transposeShape } from "../expr/shape.ts";
import type { CallTree, Tree } from "../syntax/tree.ts";
import { commonAll } from "./common.ts";
import type { Meeting, Place } from "./constraint.ts";
import { mismatch, refuse } from "./mismatch.ts";
import { dependentTerm, derivativeShape } from "./names.ts";
import { demandScalar, kronShape, markVector } from "./operators.ts";
import { type UnknownFunction, unknownFunction } from "./scope.ts";
import { commonShape, diagShape, productShape } from "./shapes.ts";
import { checkSize, readSize } from "./size.ts";
import { type Context, makeTerm, placeOf, type Term, widen } from "./term.ts";

/** Operators whose arguments are sizes, not terms. */
const SIZED: ReadonlySet<OperatorFunction> = new Set<OperatorFunction>(["ones", "zeros", "eye", "unit", "commutation"]);

const operatorOf = (ctx: Context, name: string): OperatorFunction | undefined =>
  ctx.scope.unknowns.has(name) ? undefined : operatorFunction(name);

/** The arguments of a call that are terms. */
export function callParts(ctx: Context, tree: CallTree): readonly Tree[] {
  const op = operatorOf(ctx, tree.name);
  if (op !== undefined && SIZED.has(op)) return [];
  if (op === "reshape") return tree.args.slice(0, 1);
  return ctx.scope.unknowns.get(tree.name)?.of === undefined ? tree.args : [];
}

/** The term of a call, its arguments being terms already. */
export function callTerm(ctx: Context, tree: CallTree, args: readonly Term[]): Term {
  const place = placeOf(ctx, tree);
  const body = ctx.scope.unknowns.get(tree.name);
  if (body !== undefined) return bodilessTerm(ctx, tree, place, body, args);
  if (tree.derivatives.length > 0)
    refuse(
      place,
      "unsupported",
      `a mark of a derivative stands only at a function declared without a body`,
      `nabla diff '${tree.name}(x)' --wrt x`,
    );
  const along = alongAxis(ctx, tree);
  if (along !== undefined) return functionTerm(ctx, tree, place, along, args.slice(0, 1));
  const op = operatorOf(ctx, tree.name);
  if (op !== undefined) return operatorTerm(ctx, tree, place, op, args);
  const info = ctx.scope.functions.find(tree.name, args.length);
  if (info === undefined) return unknownFunction(ctx.scope, tree.name, { source: ctx.source, span: tree.nameSpan });
  return functionTerm(ctx, tree, place, info, args);
}

// sum(X, 1) adds along the first axis, sum(X, 2) along the second.
function alongAxis(ctx: Context, tree: CallTree): FunctionInfo | undefined {
  const names = Object.hasOwn(AXIS_FUNCTIONS, tree.name) ? AXIS_FUNCTIONS[tree.name] : undefined;
  const axis = tree.args[1];
  if (names === undefined || tree.args.length !== 2 || axis?.kind !== "number") return undefined;
  return ctx.scope.functions.find(names[Number(axis.text) - 1] ?? "");
}

function arity(tree: CallTree, place: Place, least: number, most: number = least): void {
  const n = tree.args.length;
  if (n >= least && n <= most) return;
  const wanted = least === most ? `${least}` : `${least} or ${most}`;
  refuse(place, "type", `${tree.name} takes ${wanted} argument${wanted === "1" ? "" : "s"}, not ${n}`);
}

function operatorTerm(ctx: Context, tree: CallTree, place: Place, op: OperatorFunction, args: readonly Term[]): Term {
  const { inf } = ctx;
  const [a, b] = args as [Term, Term];
  const unary = (shape: Shape, build: (e: Expr) => Expr): Term => makeTerm(ctx, place, shape, [a], ([e]) => build(e as Expr));
  const binary = (shape: Shape, build: (x: Expr, y: Expr) => Expr): Term =>
    makeTerm(ctx, place, shape, [a, b], ([x, y]) => build(x as Expr, y as Expr));
  const meeting = (sign: string): Meeting => ({ left: a, right: b, sign, place });
  const size = (k: number): Dim => {
    const t = tree.args[k] as Tree;
    return checkSize(readSize(ctx.scope, t, ctx.source), placeOf(ctx, t));
  };
  switch (op) {
    case "sum":
      arity(tree, place, 1);
      return unary(inf.number, (e) => apply("sum", [e]));
    case "tr":
      arity(tree, place, 1);
      inf.sameDim(a.shape.rows, a.shape.cols, () => mismatch.square(inf, a, tree.name));
      return unary(inf.number, (e) => apply("tr", [e]));
    case "diag":
      arity(tree, place, 1);
      return unary(diagShape(inf, a), (e) => apply("diag", [e]));
    case "vec":
      arity(tree, place, 1);
      return unary({ rows: multiplyDims(a.shape.rows, a.shape.cols), cols: inf.one }, (e) => apply("vec", [e]));
    case "reshape": {
      arity(tree, place, 3);
      const [m, n] = [size(1), size(2)];
      const column = { rows: multiplyDims(m, n), cols: inf.one };
      const refused = (): never =>
        refuse(place, "shape", `${tree.name}(v, m, n) takes a vector of length m*n`, `${tree.name}(vec(A), m, n) for a matrix A`);
      inf.same(a.shape, column, refused);
      return unary({ rows: m, cols: n }, (e) => apply("reshape", [e], [m, n]));
    }
    case "transpose":
      arity(tree, place, 1);
      return unary(transposeShape(a.shape), transpose);
    case "dot":
      arity(tree, place, 2);
      markVector(a, b);
      inf.same(a.shape, b.shape, () => mismatch.alike(inf, meeting("dot")));
      return binary(inf.number, (x, y) => apply("dot", [x, y]));
    case "kron":
      arity(tree, place, 2);
      return binary(kronShape(a.shape, b.shape), (x, y) => apply("kron", [x, y]));
    case "hadamard":
      arity(tree, place, 2);
      markVector(a, b);
      return binary(commonShape(inf, meeting("⊙")), (x, y) =>
        isScalarShape(x.shape) || isScalarShape(y.shape) ? mul(x, y) : hadamard(x, y),
      );
    case "outer": {
      arity(tree, place, 2);
      markVector(a, b);
      const flipped = { source: b.source, span: b.span, shape: transposeShape(b.shape) };
      return binary(productShape(inf, { left: a, right: flipped, sign: "*", place }), (x, y) => mul(x, transpose(y)));
    }
    case "ones":
    case "zeros": {
      arity(tree, place, 1, 2);
      const [rows, cols] = [size(0), tree.args.length === 2 ? size(1) : inf.one];
      return makeTerm(ctx, place, { rows, cols }, [], () => (op === "ones" ? ones : zeros)(rows, cols));
    }
    case "eye": {
      arity(tree, place, 1, 2);
      const n = size(0);
      if (tree.args.length === 2 && !sameDim(size(1), n)) refuse(place, "shape", "an identity matrix is square", `${tree.name}(n)`);
      return makeTerm(ctx, place, { rows: n, cols: n }, [], () => eye(n));
    }
    case "unit": {
      arity(tree, place, 2);
      const [n, k] = [size(0), size(1)];
      return makeTerm(ctx, place, { rows: n, cols: inf.one }, [], () => apply("unit", [], [n, k]));
    }
    case "commutation": {
      arity(tree, place, 1, 2);
      for (const arg of tree.args)
        if (arg.kind === "name" && /_[a-z]$/.test(arg.name))
          refuse(
            place,
            "type",
            `${arg.name} is no size, and ${tree.name}(m, n) is the commutation matrix`,
            `${tree.name}_ij for the entries of a matrix`,
          );
      const m = size(0);
      const n = tree.args.length === 2 ? size(1) : m;
      const mn = multiplyDims(m, n);
      return makeTerm(ctx, place, { rows: mn, cols: mn }, [], () => apply("commutation", [], [m, n]));
    }
    case "vector":
    case "matrix": {
      arity(tree, place, 1);
      demandScalar(ctx, a, () => mismatch.number(inf, a, `the argument of ${tree.name}`, `${tree.name}(1) is all ones`));
      const rows = inf.fresh();
      const cols = op === "vector" ? inf.one : inf.fresh();
      inf.markMany(rows);
      inf.markMany(cols);
      return makeTerm(ctx, place, { rows, cols }, [a], ([e]) => filled(e as Expr, inf.resolve(rows), inf.resolve(cols)));
    }
  }
}

// vector(1) is a vector of ones, matrix(0) a matrix of zeros.
function filled(e: Expr, rows: Dim, cols: Dim): Expr {
  if (e === num(1)) return ones(rows, cols);
  if (e === num(0)) return zeros(rows, cols);
  return widen(e, { rows, cols });
}

function functionTerm(ctx: Context, tree: CallTree, place: Place, info: FunctionInfo, args: readonly Term[]): Term {
  const { inf } = ctx;
  const isMany = info.associative === true && args.length > info.params.length;
  if (args.length !== info.params.length && !isMany) arity(tree, place, info.params.length);
  if (info.elementwise) {
    const shape = commonAll(ctx, place, args, info.name);
    const ofSquare = tree.powerOfE ? ctx.scope.functions.find("expm") : undefined;
    return makeTerm(ctx, place, shape, args, (exprs) => {
      const to = inf.resolveShape(shape);
      if (ofSquare !== undefined && !isScalarShape(to) && sameDim(to.rows, to.cols)) {
        ctx.scope.remarks.add("e to the power of a square matrix is its matrix exponential, expm; \\exp acts on the entries");
        return call(ofSquare, exprs);
      }
      const wide = exprs.map((e) => widen(e, to));
      return isMany ? wide.reduce((first, next) => call(info, [first, next])) : call(info, wide);
    });
  }
  // The function's own dimension names, open for this one call.
  const own = new Map<string, Dim>();
  for (const s of [...info.params, info.result])
    for (const d of [s.rows, s.cols]) for (const n of dimNames(d)) if (!own.has(n)) own.set(n, inf.fresh());
  const here = (s: Shape): Shape => ({ rows: substituteDim(s.rows, own), cols: substituteDim(s.cols, own) });
  // A number that is made of a vector is made of a row as well.
  const takesRow = info.params.map((param, i) => isScalarShape(info.result) && isColumnShape(param) && isRow(ctx, args[i] as Term));
  info.params.forEach((param, i) => {
    const arg = args[i] as Term;
    const fix = isColumnShape(param) ? asVector(ctx, tree.name, info, arg) : undefined;
    const shape = takesRow[i] ? transposeShape(arg.shape) : arg.shape;
    inf.same(shape, here(param), () => mismatch.argument(inf, arg, tree.name, param, fix));
  });
  return makeTerm(ctx, place, here(info.result), args, (exprs) =>
    call(
      info,
      exprs.map((e, i) => (takesRow[i] ? transpose(e) : e)),
    ),
  );
}

const isRow = ({ inf }: Context, arg: Term): boolean => inf.orientation(arg.shape) === "row";

/** What a function of a vector takes instead of a row or a matrix. */
function asVector(ctx: Context, name: string, { rows }: FunctionInfo, arg: Term): string | undefined {
  if (isRow(ctx, arg)) return "the transpose of it";
  if (!isMatrixShape(ctx.inf.resolveShape(arg.shape))) return undefined;
  return rows === undefined ? `${name}(vec(…)) takes the entries of a matrix` : `${rows}(…) takes the rows of a matrix one by one`;
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
  arity(tree, place, body.params.length);
  body.params.forEach((param, i) => {
    const arg = args[i] as Term;
    const fix = isScalarShape(inf.resolveShape(param)) ? `${body.name} : elementwise acts on every entry` : undefined;
    inf.same(arg.shape, param, () => mismatch.argument(inf, arg, body.name, inf.resolveShape(param), fix));
  });
  const shape = derivativeShape(ctx, place, body, derivatives);
  return makeTerm(ctx, place, shape, args, (exprs) => unknown(body.name, exprs, inf.resolveShape(shape), { derivatives }));
}
