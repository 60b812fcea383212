// Names and entries: variables, dimensions used as numbers, constants whose size follows
// from use, x[i], X[i,:], x_1 and x_i.

import { CONSTANTS, GREEK_NAMES, operatorFunction } from "../../grammar/glyphs.ts";
import { constant, dimNumber, entry, eye, ones, unknown, variable, zeros } from "../expr/build.ts";
import { type Dim, dimConstant, dimOf } from "../expr/dim.ts";
import type { Expr, Index } from "../expr/expr.ts";
import { isRowShape, type Shape, shapeText } from "../expr/shape.ts";
import { children, type IndexTree, type NameTree, type Tree } from "../syntax/tree.ts";
import type { Place } from "./constraint.ts";
import { refuse, written } from "./mismatch.ts";
import { inferVariable, type UnknownFunction, unknownFunction, unknownName, type VariableInfo } from "./scope.ts";
import { fixIndex, readSize } from "./size.ts";
import { type BoundIndex, type Context, makeTerm, placeOf, type Term } from "./term.ts";

/** The term that a name stands for; a new name becomes a variable unless the scope is strict. */
export function nameTerm(ctx: Context, tree: NameTree): Term {
  const { scope, inf } = ctx;
  const { name } = tree;
  const place = placeOf(ctx, tree);
  if (isBoundName(ctx, name)) {
    const fix = `an entry such as x[${name}], or c[${name}] for a vector c of the numbers 1, 2, …`;
    refuse(place, "unsupported", `the index ${name} cannot be used as a number`, fix);
  }
  const known = scope.variables.get(name);
  if (known !== undefined) return variableTerm(ctx, place, known);
  const body = scope.unknowns.get(name);
  if (body !== undefined) {
    if (body.of === undefined) refuse(place, "type", `${name} is a function and needs its argument`, `${name}(x)`);
    return dependentTerm(ctx, place, body);
  }
  if (scope.dims.has(name)) return makeTerm(ctx, place, ctx.inf.number, [], () => dimNumber(dimOf(name)));
  const named = CONSTANTS[name];
  if (named !== undefined) return makeTerm(ctx, place, ctx.inf.number, [], () => constant(named));
  const sized = sizeless(ctx, name, place);
  if (sized !== undefined) return sized;
  const isFunction = operatorFunction(name) !== undefined || scope.functions.find(name) !== undefined;
  if (isFunction && [...name].length > 1) refuse(place, "type", `${name} is a function and needs brackets`, `${name}(x)`);
  const part = subscripted(ctx, name, place);
  if (part !== undefined) return part;
  if (tree.applied && isWord(name)) unknownFunction(scope, name, place);
  if (scope.strict) unknownName(scope, name, place);
  if (/^(?:inf|infty|infinity|nan)$/i.test(name))
    refuse(place, "name", `${name} is no number here`, "norminf(x) for the largest entry, or declare it");
  if (tree.applied && name === "d")
    refuse(
      place,
      "name",
      "d(…) stands for a derivative only as a whole side of a claim",
      "--order 2 for a second derivative, or declare d",
    );
  if (tree.applied && /^[fghFGH]$/.test(name))
    scope.remarks.add(`${name}(…) is read as a product; declare ${name} : elementwise for a function`);
  return variableTerm(ctx, place, inferVariable(scope, inf, name));
}

const isWord = (name: string): boolean => /^[A-Za-z]{2,}\d*$/.test(name) && !GREEK_NAMES.includes(name.toLowerCase());

/** An occurrence of a variable. */
export function variableTerm(ctx: Context, place: Place, info: VariableInfo): Term {
  info.uses++;
  return makeTerm(
    ctx,
    place,
    info.shape,
    [],
    () => info.given ?? variable(info.name, ctx.inf.resolveShape(info.shape), [...info.attributes]),
    info,
  );
}

/** u where u(x) is declared: a value that depends on x, or a derivative of it. */
export function dependentTerm(ctx: Context, place: Place, body: UnknownFunction, derivatives: readonly number[] = []): Term {
  const nested = body.of?.find((name) => ctx.scope.unknowns.has(name));
  if (nested !== undefined)
    refuse(
      place,
      "unsupported",
      `${body.name} depends on ${nested}, which depends on other variables itself`,
      `declare ${body.name} as a function, ${body.name} : R -> R for numbers, and write ${body.name}(${nested})`,
    );
  const args = (body.of ?? []).map((name) => variableTerm(ctx, place, inferVariable(ctx.scope, ctx.inf, name)));
  if (derivatives.some((k) => k < 0 || k >= args.length))
    refuse(place, "type", `${body.name} depends on ${(body.of ?? []).join(", ")} only`);
  const shape = derivativeShape(
    ctx,
    place,
    body.name,
    args.map((a) => a.shape),
    body.result,
    derivatives,
  );
  return makeTerm(ctx, place, shape, args, (exprs) => unknown(body.name, exprs, ctx.inf.resolveShape(shape), { derivatives }));
}

/**
 * Shape of a derivative of a function without a body, as the mixed layout shows it: a
 * number's has the shape of the argument, a vector's by a vector is m×n.
 */
export function derivativeShape(
  ctx: Context,
  place: Place,
  name: string,
  params: readonly Shape[],
  result: Shape,
  derivatives: readonly number[],
): Shape {
  const { inf } = ctx;
  const by = derivatives.map((k) => params[k] as Shape).filter((s) => inf.scalar(s) !== "yes");
  const [first, second] = by;
  if (first === undefined) return result;
  const [p, q, r] = [inf.orientation(first), second === undefined ? "none" : inf.orientation(second), inf.orientation(result)];
  if (r === "scalar" && second === undefined) return first;
  if (r === "scalar" && by.length === 2 && second !== undefined && p === "column" && q === "column")
    return { rows: first.rows, cols: second.rows };
  if (by.length === 1 && r === "column" && p === "column") return { rows: result.rows, cols: first.rows };
  return refuse(place, "unsupported", `this derivative of ${name} has more than two axes`);
}

// I, ones, zeros without sizes: the context settles them.
function sizeless(ctx: Context, name: string, place: Place): Term | undefined {
  const op = operatorFunction(name);
  const { inf } = ctx;
  if (op === "eye") {
    const n = inf.fresh();
    inf.markMany(n);
    return makeTerm(ctx, place, { rows: n, cols: n }, [], () => eye(inf.resolve(n)));
  }
  if (op !== "ones" && op !== "zeros") return undefined;
  const shape = inf.freshShape();
  inf.require({
    shapes: [shape],
    step: () => inf.orientation(shape) !== "open",
    late: true,
    settle: () => {
      inf.sameDim(shape.cols, ctx.inf.one, () => refuse(place, "shape", `the size of ${name} is not settled`, `${name}(n)`));
      inf.markMany(shape.rows);
    },
  });
  return makeTerm(ctx, place, shape, [], () => (op === "ones" ? ones : zeros)(inf.resolve(shape.rows), inf.resolve(shape.cols)));
}

// x_1, x_i, X_{i,j}: entries of a variable that is known without its subscript.
function subscripted(ctx: Context, name: string, place: Place): Term | undefined {
  const at = name.lastIndexOf("_");
  if (at <= 0) return undefined;
  const isKnown = (text: string): boolean => ctx.scope.variables.has(text) || ctx.scope.mentioned.has(text);
  const isBound = (text: string): boolean => isBoundName(ctx, text);
  const [stem, below] = [name.slice(0, at), name.slice(at + 1)];
  // An index below Σ would make it the sign of a sum, so that Sigma_ij is an entry of Σ as well.
  const base = stem === "Sigma" && !isKnown(stem) && isKnown("Σ") ? "Σ" : stem;
  const known = isKnown(base);
  const parts = below.includes(",") ? below.split(",") : isBound(below) || /^\d+$/.test(below) ? [below] : [...below];
  const isPosition = (p: string): boolean => isBound(p) || /^\d{1,9}$/.test(p);
  const fixed = parts.filter((p) => !isPosition(p));
  if (parts.length > 2 || (fixed.length > 0 && !takesFixed(ctx, base, parts, fixed))) return undefined;
  if (!parts.some(isBound) && !known) return undefined;
  for (const p of fixed) fixIndex(ctx.scope, p);
  if (!known && ctx.scope.strict) unknownName(ctx.scope, base, place);
  const of = variableTerm(ctx, place, inferVariable(ctx.scope, ctx.inf, base));
  return entryTerm(
    ctx,
    place,
    of,
    parts.map((p) => {
      const index = ctx.bound.find((b) => b.name === p);
      if (index !== undefined) return { kind: "bound", index, place };
      return { kind: "position", at: dimOf(fixed.includes(p) ? p : Number(p)), place };
    }),
  );
}

/** Whether x_j, A_ij are entries of a declared vector or matrix at fixed indices, letters that stand for nothing else. */
function takesFixed({ scope, inf }: Context, base: string, parts: readonly string[], fixed: readonly string[]): boolean {
  const info = scope.variables.get(base);
  if (info?.declared !== true) return false;
  const axes = { column: 1, row: 1, matrix: 2, scalar: 0, open: 0 }[inf.orientation(info.shape)];
  return parts.length === axes && fixed.every((p) => /^[a-z]$/.test(p) && !scope.variables.has(p) && !scope.unknowns.has(p));
}

export type ReadIndex =
  | { readonly kind: "all"; readonly place: Place }
  | { readonly kind: "bound"; readonly index: BoundIndex; readonly place: Place }
  | { readonly kind: "position"; readonly at: Dim; readonly place: Place };

/** What stands in an index bracket: everything, a summation index, or a fixed position. */
export function readIndex(ctx: Context, tree: IndexTree): ReadIndex {
  const place = placeOf(ctx, tree);
  if (tree.kind === "all") return { kind: "all", place };
  if (tree.kind === "name") {
    const index = ctx.bound.find((b) => b.name === tree.name);
    if (index !== undefined) return { kind: "bound", index, place };
    if (!ctx.scope.dims.has(tree.name))
      refuse(place, "name", `the index ${tree.name} is not summed over`, `sum_${tree.name} …, or a fixed entry such as x[1]`);
  }
  const moved = shiftedIndex(ctx, tree);
  if (moved !== undefined)
    refuse(
      place,
      "unsupported",
      `only the index ${moved} itself can stand here, without arithmetic`,
      `an entry such as y[${moved}], y = D*x for a matrix D that moves the entries`,
    );
  const at = readSize(ctx.scope, tree, ctx.source);
  const value = dimConstant(at);
  if (value !== undefined && value < 1) refuse(place, "type", "entries are counted from 1");
  return { kind: "position", at, place };
}

function shiftedIndex(ctx: Context, root: Tree): string | undefined {
  const stack: Tree[] = [root];
  for (let tree = stack.pop(); tree !== undefined; tree = stack.pop()) {
    if (tree.kind === "name" && isBoundName(ctx, tree.name)) return tree.name;
    stack.push(...children(tree));
  }
  return undefined;
}

const isBoundName = (ctx: Context, name: string): boolean => ctx.bound.some((b) => b.name === name);

/** x[i], A[i,j], A[i,:]: one index for a vector, two for a matrix. */
export function entryTerm(ctx: Context, place: Place, of: Term, indices: readonly ReadIndex[]): Term {
  const [first, second] = indices;
  if (of.variable !== undefined) of.variable.entryUses++;
  if (first === undefined || indices.length > 2)
    return refuse(place, "type", "an entry has one index, or two for a matrix", "x[i], A[i,j], A[i,:]");
  if (second === undefined) return vectorEntry(ctx, place, of, first);
  bindAxis(ctx, of, of.shape.rows, first);
  bindAxis(ctx, of, of.shape.cols, second);
  const one = ctx.inf.one;
  const shape: Shape = { rows: first.kind === "all" ? of.shape.rows : one, cols: second.kind === "all" ? of.shape.cols : one };
  return makeTerm(ctx, place, shape, [of], ([e]) => entry(e as Expr, [settled(ctx, first), settled(ctx, second)]));
}

function vectorEntry(ctx: Context, place: Place, of: Term, index: ReadIndex): Term {
  const { inf } = ctx;
  if (index.kind === "all") refuse(index.place, "type", "a colon needs a second index", "A[i,:] for a row, A[:,j] for a column");
  if (index.kind === "bound") index.index.used = true;
  inf.require({
    shapes: [of.shape],
    step: () => {
      const o = inf.orientation(of.shape);
      if (o === "open") return false;
      if (o === "matrix")
        refuse(
          place,
          "shape",
          `${written(of)} is a matrix (${shapeText(inf.resolveShape(of.shape))}): an entry has two indices`,
          "A[i,j], or A[i,:] for a row",
        );
      if (o === "scalar" && !(index.kind === "position" && dimConstant(index.at) === 1))
        refuse(place, "shape", `${written(of)} is a number and has no entries`);
      bindAxis(ctx, of, o === "row" ? of.shape.cols : of.shape.rows, index);
      return true;
    },
    settle: () => {
      inf.sameDim(inf.unit(of.shape.rows) === "one" ? of.shape.rows : of.shape.cols, ctx.inf.one, () =>
        refuse(place, "shape", "the shape is not settled"),
      );
      inf.markMany(of.shape.rows);
    },
  });
  // A name with an entry is no scalar, whatever its letter.
  if (of.variable !== undefined) of.variable.likelyVector = true;
  const fixed: Index = { kind: "position", at: ctx.inf.one };
  return makeTerm(ctx, place, ctx.inf.number, [of], ([e]) => {
    const at = settled(ctx, index);
    return entry(e as Expr, isRowShape((e as Expr).shape) ? [fixed, at] : [at, fixed]);
  });
}

function bindAxis(ctx: Context, of: Term, axis: Dim, index: ReadIndex): void {
  const { inf } = ctx;
  if (index.kind === "position") {
    const at = dimConstant(index.at);
    if (at !== undefined) ctx.positions.push({ axis, at, place: index.place, variable: of.variable });
    if (at !== 1) inf.markMany(axis);
    return;
  }
  inf.markMany(axis);
  if (index.kind === "all") return;
  const { range, name } = index.index;
  index.index.used = true;
  inf.sameDim(range, axis, () =>
    refuse(
      index.place,
      "shape",
      `${name} runs over ${inf.resolve(range).key} entries elsewhere, and ${written(of)} has ${inf.resolve(axis).key} here`,
    ),
  );
}

function settled(ctx: Context, index: ReadIndex): Index {
  if (index.kind === "all") return { kind: "all" };
  if (index.kind === "position") return { kind: "position", at: ctx.inf.resolve(index.at) };
  return { kind: "bound", name: index.index.name, range: ctx.inf.resolve(index.index.range) };
}
