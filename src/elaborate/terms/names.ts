// Names: variables, dimensions used as numbers, constants whose size follows from use,
// values that depend on others. Entries are in entries.ts, names with an index below in
// subscript.ts.

import { CONSTANTS, GREEK_NAMES, operatorFunction } from "../../../grammar/glyphs.ts";
import { add, apply, call, constant, dimNumber, entry, eye, mul, ones, unknown, zeros } from "../../expr/build.ts";
import { type Dim, dimOf, multiplyDims, subtractDims } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Shape } from "../../expr/shape.ts";
import { isFunctionWord, isGreek } from "../../syntax/tokens/spelling.ts";
import type { NameTree } from "../../syntax/tree.ts";
import { inferVariable, type UnknownFunction, unknownFunction, unknownName } from "../names/scope.ts";
import type { Place } from "../shapes/constraint.ts";
import { isOpenDim } from "../shapes/dims.ts";
import { refuse } from "../shapes/mismatch.ts";
import { noteApplied, refuseForeign } from "./misread.ts";
import { subscripted } from "./subscript.ts";
import { type BoundIndex, type Context, makeTerm, placeOf, type Term, variableTerm } from "./term.ts";

/** The term that a name stands for; a new name becomes a variable unless the scope is strict. */
export function nameTerm(ctx: Context, tree: NameTree): Term {
  const { scope, inf } = ctx;
  const { name, applied } = tree;
  const place = placeOf(ctx, tree);
  if (applied && scope.varied.has(name)) refuseApplied(place, name);
  const known = knownTerm(ctx, name, place) ?? sizeless(ctx, name, place) ?? ofSizes(ctx, name, place);
  if (known !== undefined) return known;
  if (name === "∑") refuse(place, "type", "this sum does not say what it runs over", "sum_i x_i, or sum(x) for the sum of all entries");
  refuseBareFunction(ctx, tree, place);
  const part = subscripted(ctx, name, place);
  if (part !== undefined) return part;
  if (applied && isWord(name)) unknownFunction(scope, name, place);
  refuseJoined(name, place);
  if (scope.strict) unknownName(scope, name, place);
  refuseForeign(name, place);
  if (applied) noteApplied(ctx, name, place);
  return variableTerm(ctx, place, inferVariable(scope, inf, name));
}

// An index of a sum, a variable, a value that depends on others, a size or a constant.
function knownTerm(ctx: Context, name: string, place: Place): Term | undefined {
  const { scope, inf } = ctx;
  const index = ctx.bound.find((b) => b.name === name);
  if (index !== undefined) return positionTerm(ctx, place, index);
  const variable = scope.variables.get(name);
  if (variable !== undefined) return variableTerm(ctx, place, variable);
  const body = scope.unknowns.get(name);
  if (body !== undefined) {
    if (body.of === undefined) refuse(place, "type", `${name} is a function and needs its argument`, `${name}(x)`);
    return dependentTerm(ctx, place, body);
  }
  if (scope.dims.has(name)) return makeTerm(ctx, place, inf.number, [], () => dimNumber(dimOf(name)));
  const named = CONSTANTS[name];
  return named === undefined ? undefined : makeTerm(ctx, place, inf.number, [], () => constant(named));
}

// The name of a letter is one of a parameter before that of a function.
function refuseBareFunction(ctx: Context, tree: NameTree, place: Place): void {
  const { name } = tree;
  const isFunction = operatorFunction(name) !== undefined || ctx.scope.functions.find(name) !== undefined;
  if (isFunction && [...name].length > 1 && !isGreek(name))
    refuse(place, "type", `${name} is a function and needs brackets`, bracketed(ctx, tree).join(", or "));
}

// λX and Xβ.
function refuseJoined(name: string, place: Place): void {
  const [, first, second] = /^([A-Za-z]|(?![δΔ])\p{Script=Greek}(?=[A-Z]))(\p{Script=Greek}|(?<=\p{Script=Greek})[A-Z])$/u.exec(name) ?? [];
  if (first !== undefined) refuse(place, "name", `${name} is one name, and not a known one`, `${first} ${second} for the product`);
}

// log(λ) of log λ, log(det(X)) of log det X, and both powers that log det(X)^2 may be.
function bracketed(ctx: Context, { name, span }: Pick<NameTree, "name" | "span">): readonly string[] {
  const rest = ctx.source.slice(span.end);
  if (ctx.source[span.start] === "∏") return ["∏_i x_i over an index", "prod(x)"];
  const [all, behind, raised] = /^\s+(-?[\p{L}\p{N}_]+(?:\([^()]*\))?)(\^[^\s+*/-]+)?/u.exec(rest) ?? [];
  if (all === undefined || behind === undefined) return [`${name}(${/^\s*[∏∑]/u.test(rest) ? "…" : "x"})`];
  const end = span.end + all.length;
  if (raised === undefined && isFunctionWord(behind, (word) => ctx.scope.functions.find(word) !== undefined))
    return bracketed(ctx, { name: behind, span: { ...span, end } }).map((form) => `${name}(${form})`);
  return raised === undefined ? [`${name}(${behind})`] : [`${name}(${behind}${raised})`, `${name}(${behind})${raised}`];
}

// The number i is the entry i of T·1, where T is the triangle of ones; a sum from k on begins with the number k.
function positionTerm(ctx: Context, place: Place, index: BoundIndex): Term {
  const { name, range, from } = index.same ?? index;
  index.used = true;
  return makeTerm(ctx, place, ctx.inf.number, [], () => {
    const size = ctx.inf.resolve(range);
    if (isOpenDim(size)) refuse(place, "shape", `nothing says how far ${name} runs`, `sum_{${name}=1}^n states it`);
    const number = entry(mul(triangle(ctx, size), ones(size)), [
      { kind: "bound", name, range: size },
      { kind: "position", at: dimOf(1) },
    ]);
    const before = from === undefined ? dimOf(0) : subtractDims(from, dimOf(1));
    return before.key === "0" ? number : add(number, dimNumber(before));
  });
}

/** The triangle of ones, Tᵢⱼ = 1 for i ≥ j: the constant in which order is written. */
export function triangle(ctx: Context, size: Dim): Expr {
  const info = ctx.scope.functions.find("tril");
  if (info === undefined) throw new Error("the rules do not have tril");
  return call(info, [ones(size, size)]);
}

const isWord = (name: string): boolean => /^[A-Za-z]{2,}\d*$/.test(name) && !GREEK_NAMES.includes(name.toLowerCase());

const refuseApplied = (place: Place, name: string): never =>
  refuse(place, "unsupported", `${name} is differentiated by, so that it is varied by itself and stands without brackets`, name);

/** u where u(x) is declared: a value that depends on x, or a derivative of it; where x depends on others itself, so does u through it. */
export function dependentTerm(ctx: Context, place: Place, body: UnknownFunction, derivatives: readonly number[] = []): Term {
  const args = argumentsOf(ctx, place, body);
  if (derivatives.some((k) => k < 0 || k >= args.length))
    refuse(place, "type", `${body.name} depends on ${(body.of ?? []).join(", ")} only`);
  return dependentOn(ctx, place, body, args, derivatives);
}

function dependentOn(ctx: Context, place: Place, body: UnknownFunction, args: readonly Term[], derivatives: readonly number[]): Term {
  const shape = derivativeShape(ctx, place, { ...body, params: args.map((a) => a.shape) }, derivatives);
  return makeTerm(ctx, place, shape, args, (exprs) => {
    const { name, symmetric = false } = body;
    return unknown(name, exprs, ctx.inf.resolveShape(shape), { symmetric, derivatives });
  });
}

// What a value depends on, from the variables up: each name once, whatever the depth.
function argumentsOf(ctx: Context, place: Place, whole: UnknownFunction): readonly Term[] {
  const { scope, inf } = ctx;
  const made = new Map<string, Term>();
  const begun = new Set<string>();
  const open: string[] = [...(whole.of ?? [])];
  begun.add(whole.name);
  for (let name = open[open.length - 1]; name !== undefined; name = open[open.length - 1]) {
    const body = scope.unknowns.get(name);
    const missing = (body?.of ?? []).filter((n) => !made.has(n));
    const circle = missing.find((n) => begun.has(n));
    if (name === whole.name || circle !== undefined)
      refuse(
        place,
        "declaration",
        `${whole.name} depends on ${name}, which depends on itself again`,
        `a name without brackets at the end, ${name} : scalar`,
      );
    if (missing.length > 0 && !made.has(name)) {
      begun.add(name);
      open.push(...missing);
      continue;
    }
    open.pop();
    begun.delete(name);
    if (made.has(name)) continue;
    const args = (body?.of ?? []).map((n) => made.get(n) as Term);
    made.set(
      name,
      body?.of === undefined ? variableTerm(ctx, place, inferVariable(scope, inf, name)) : dependentOn(ctx, place, body, args, []),
    );
  }
  return (whole.of ?? []).map((name) => made.get(name) as Term);
}

/**
 * Shape of a derivative of a function without a body, as the mixed layout shows it: a
 * number's has the shape of the argument, a vector's by a vector is m×n.
 */
export function derivativeShape(
  { inf }: Context,
  place: Place,
  { name, params, result }: UnknownFunction,
  derivatives: readonly number[],
): Shape {
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

// I_3, and I_n, K_mn and K_n of declared sizes, where nothing else is called so.
function ofSizes(ctx: Context, name: string, place: Place): Term | undefined {
  const { dims, variables, mentioned, unknowns, remarks } = ctx.scope;
  const [, stem = "", below = ""] = /^(\p{Lu})_\{?([^{}]+)\}?$/u.exec(name) ?? [];
  const op = operatorFunction(stem);
  const isTaken = (): boolean => unknowns.has(stem) || [...variables.keys()].some((v) => v === stem || v.startsWith(`${stem}_`));
  if ((op !== "eye" && op !== "commutation") || isTaken()) return undefined;
  if (op === "eye" && /^[2-9]$/.test(below) && !mentioned.has("I_1")) return identityOf(ctx, place, dimOf(Number(below)));
  const sizes = dims.has(below) ? [below] : below.includes(",") ? below.split(",").map((p) => p.trim()) : [...below];
  const [m, n = m] = sizes.map((size) => dimOf(size));
  if (m === undefined || n === undefined || sizes.length > (op === "eye" ? 1 : 2) || !sizes.every((size) => dims.has(size)))
    return undefined;
  if (op === "eye") return identityOf(ctx, place, m);
  if (mentioned.has(stem)) return undefined;
  remarks.add(`${name} is the commutation matrix K(${m.key}, ${n.key})`);
  const mn = multiplyDims(m, n);
  return makeTerm(ctx, place, { rows: mn, cols: mn }, [], () => apply("commutation", [], [m, n]));
}

const identityOf = (ctx: Context, place: Place, n: Dim): Term => makeTerm(ctx, place, { rows: n, cols: n }, [], () => eye(n));
