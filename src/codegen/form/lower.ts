// From terms to forms: what every operator and function is made of. Rows and columns are
// read here and forgotten; functions that forms do not have are put together from those
// they have, stable where their definition is not, or taken from their definition.
//
// Invariant: depth of nesting costs no stack, except one call a nested definition.

import { fail } from "../../base/diagnostic.ts";
import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimName, dimOf, isOneDim, multiplyDims, substituteDim } from "../../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index, type Variable } from "../../expr/expr.ts";
import { isMatrixShape, isRowShape, isScalarShape, type Shape } from "../../expr/shape.ts";
import { gathered, placedBlocks } from "./blocks.ts";
import { contract, diagOf, diagonal, dot, eye, multiply, total, trace } from "./contract.ts";
import {
  fill,
  logSumExp,
  map,
  minus,
  negative,
  number,
  over,
  plus,
  power,
  product,
  raise,
  scaled,
  shift,
  softmax,
  sum,
  times,
  transpose,
} from "./elementwise.ts";
import type { Form, Forms } from "./form.ts";

/** The body of a function that is given through others. */
export type Definitions = (name: string) => { readonly parameters: readonly Variable[]; readonly body: Expr } | undefined;

const DEEPEST = 40;

/** The axes of a shape: sides of length 1 have none. */
export const axesOf = ({ rows, cols }: Shape): Dim[] => [rows, cols].filter((d) => !isOneDim(d));

/** Makes forms of terms; terms of one lowering share what they have in common. Throws a diagnostic where a function has no code. */
export function createLowering(forms: Forms, definitions: Definitions): (term: Expr) => Form {
  const memo = new Map<Expr, Form>();
  const lower = (term: Expr, bound: Bound | undefined, known: Map<Expr, Form>, depth: number): Form =>
    fold<Form>(term, (node, args) => lowerNode(forms, node, args, { bound, depth, invoke, formOf: (e) => known.get(e) }), known);
  const invoke = (name: string, args: readonly Form[], depth: number): Form => {
    const found = depth < DEEPEST ? definitions(name) : undefined;
    if (found === undefined) return fail("unsupported", `code cannot be written for the function ${name}`, { start: 0, end: 0 });
    return lower(found.body, bind(found.parameters, args), new Map(), depth + 1);
  };
  return (term) => lower(term, undefined, memo, 0);
}

/** What the parameters of a definition and their sizes stand for. */
interface Bound {
  readonly values: ReadonlyMap<string, Form>;
  readonly sizes: ReadonlyMap<string, Dim>;
}

function bind(parameters: readonly Variable[], args: readonly Form[]): Bound {
  const sizes = new Map<string, Dim>();
  for (const [i, { shape }] of parameters.entries()) {
    const given = args[i] as Form;
    axesOf(shape).forEach((dim, k) => {
      const name = dimName(dim);
      if (name !== undefined && !sizes.has(name)) sizes.set(name, given.axes[k] ?? dimOf(1));
    });
  }
  return { values: new Map(parameters.map((p, i) => [p.name, args[i] as Form])), sizes };
}

interface Context {
  readonly bound: Bound | undefined;
  readonly depth: number;
  readonly invoke: (name: string, args: readonly Form[], depth: number) => Form;
  /** The form of a part that has been lowered. */
  readonly formOf: (e: Expr) => Form | undefined;
}

function lowerNode(forms: Forms, node: Expr, args: readonly Form[], context: Context): Form {
  const { bound } = context;
  const size = (dim: Dim): Dim => (bound === undefined ? dim : substituteDim(dim, bound.sizes));
  switch (node.kind) {
    case "num":
      return number(forms, node.value);
    case "constant":
      return forms.make({ kind: "constant", name: node.name, axes: [] });
    case "dim":
      return forms.make({ kind: "size", dim: size(node.dim), axes: [] });
    case "var":
      return (
        bound?.values.get(node.name) ??
        forms.make({ kind: "input", name: node.name, attributes: node.attributes, axes: axesOf(node.shape) })
      );
    case "entry":
      return lowerEntry(forms, node, args[0] as Form);
    case "indexSum": {
      const of = args[0] as Form;
      if (!of.open.has(node.index)) return times(forms, forms.make({ kind: "size", dim: node.range, axes: [] }), of);
      const blocks = bound === undefined && !isScalarShape(node.shape) ? placedBlocks(forms, node, context.formOf) : undefined;
      if (blocks !== undefined) return blocks;
      return forms.make({ kind: "loop", index: node.index, range: node.range, of, axes: of.axes });
    }
    case "unknown":
      return fail("unsupported", `code needs the body of ${node.name}`, { start: 0, end: 0 }, { fix: `define it: ${node.name}(x) := …` });
    case "apply":
      return lowerApply(
        forms,
        node,
        args,
        bound === undefined
          ? node
          : { ...node, params: node.params.map(size), shape: { rows: size(node.shape.rows), cols: size(node.shape.cols) } },
        context,
      );
  }
}

function lowerEntry(forms: Forms, node: Entry, of: Form): Form {
  const source = (node.args[0] as Expr).shape;
  const at: Index[] = [...(isOneDim(source.rows) ? [] : [node.at[0]]), ...(isOneDim(source.cols) ? [] : [node.at[1]])];
  const axes = of.axes.filter((_, i) => at[i]?.kind === "all");
  if (at.every((i) => i.kind === "all")) return of;
  if (of.kind === "eye" && axes.length === 1) {
    const i = at.find((a) => a.kind === "position");
    if (i?.kind === "position") return forms.make({ kind: "unit", at: i.at, axes });
  }
  return forms.make({ kind: "entry", of, at, axes });
}

const COMPARISONS = new Set(["gt", "ge", "lt", "le", "eq", "ne"]);

function lowerApply(
  forms: Forms,
  given: Apply,
  args: readonly Form[],
  node: Pick<Apply, "op" | "params" | "shape">,
  context: Context,
): Form {
  const [a, b] = args as [Form, Form];
  const shapes = given.args.map((e) => e.shape);
  const [p, q] = node.params as [Dim, Dim];
  switch (node.op) {
    case "add":
      return gathered(forms, plus(forms, ...args));
    case "neg":
      return negative(forms, a);
    case "hadamard":
      return times(forms, a, b);
    case "mul":
      return multiplied(forms, a, shapes[0] as Shape, b, shapes[1] as Shape);
    case "div":
    case "hdiv":
      return over(forms, a, b);
    case "pow":
      return a.axes.length === 2 && isMatrixShape(shapes[0] as Shape) ? matrixPower(forms, a, b) : raise(forms, a, b);
    case "hpow":
      return raise(forms, a, b);
    case "expand":
      return times(forms, a, fill(forms, Q.ONE, axesOf(node.shape)));
    case "transpose": {
      const of = permutation(a);
      return of === undefined ? transpose(forms, a) : commutation(forms, of.inner, of.outer);
    }
    case "sum":
      return total(forms, a);
    case "tr":
      return trace(forms, a);
    case "diag":
      return a.axes.length === 0 ? a : a.axes.length === 1 ? diagOf(forms, a) : diagonal(forms, a);
    case "dot":
      return dot(forms, a, b);
    case "kron":
      return kron(forms, a, shapes[0] as Shape, b, shapes[1] as Shape);
    case "vec":
      return a.axes.length < 2 ? a : forms.make({ kind: "vec", of: a, axes: axesOf(node.shape) });
    case "vcat":
      return stack(forms, args, shapes, node.shape, 0);
    case "hcat":
      return stack(forms, args, shapes, node.shape, 1);
    case "ones":
      return fill(forms, Q.ONE, axesOf(node.shape));
    case "zeros":
      return fill(forms, Q.ZERO, axesOf(node.shape));
    case "eye":
      return isScalarShape(node.shape) ? number(forms, 1) : eye(forms, p);
    case "unit":
      return isOneDim(p) ? number(forms, 1) : forms.make({ kind: "unit", at: q, axes: [p] });
    case "commutation":
      return isOneDim(p) || isOneDim(q) ? identity(forms, isOneDim(p) ? q : p) : commutation(forms, q, p);
    case "cases": {
      const otherwise = args.length % 2 === 1 ? (args[args.length - 1] as Form) : forms.make({ kind: "constant", name: "nan", axes: [] });
      let out = otherwise;
      for (let i = args.length - (args.length % 2) - 2; i >= 0; i -= 2)
        out = map(forms, "where", [args[i + 1] as Form, args[i] as Form, out]);
      return out;
    }
    default:
      if (COMPARISONS.has(node.op)) return map(forms, node.op, args);
      return lowerFunction(forms, node.op, args, context);
  }
}

const identity = (forms: Forms, n: Dim): Form => (isOneDim(n) ? number(forms, 1) : eye(forms, n));

// K(m,n), which takes vec(A) to vec(A′) for A m×n, is a permutation of positions.
function commutation(forms: Forms, outer: Dim, inner: Dim): Form {
  const n = axesProduct(outer, inner);
  return forms.make({ kind: "shuffle", axis: 0, outer, inner, of: eye(forms, n), axes: [n, n] });
}

const axesProduct = (a: Dim, b: Dim): Dim => multiplyDims(a, b);
const permutation = (f: Form): { outer: Dim; inner: Dim } | undefined =>
  f.kind === "shuffle" && f.axis === 0 && f.of.kind === "eye" ? f : undefined;

function multiplied(forms: Forms, a: Form, aShape: Shape, b: Form, bShape: Shape): Form {
  const [left, right] = [permutation(a), permutation(b)];
  if (left !== undefined) return forms.make({ kind: "shuffle", axis: 0, outer: left.outer, inner: left.inner, of: b, axes: b.axes });
  if (right !== undefined)
    return forms.make({ kind: "shuffle", axis: a.axes.length === 1 ? 0 : 1, outer: right.inner, inner: right.outer, of: a, axes: a.axes });
  // A sum of permutations and identities is applied term by term.
  if (
    a.kind === "sum" &&
    b.axes.length === 2 &&
    Q.isZero(a.constant) &&
    a.terms.every((t) => t.form.kind === "eye" || permutation(t.form) !== undefined)
  )
    return sum(
      forms,
      Q.ZERO,
      a.terms.map((t) => ({ coefficient: t.coefficient, form: multiplied(forms, t.form, aShape, b, bShape) })),
      b.axes,
    );
  // vec(u v′) vec(w z′)′ is a Kronecker product of two small ones.
  if (a.kind === "vec" && b.kind === "vec" && isOneDim(aShape.cols)) {
    const [x, y] = [vectorsOf(forms, a.of), vectorsOf(forms, b.of)];
    if (x !== undefined && y !== undefined) {
      const [m, n] = [outerOf(forms, x[1], y[1]), outerOf(forms, x[0], y[0])];
      return scaled(forms, Q.multiply(x[2], y[2]), kronOf(forms, m, n));
    }
  }
  return multiply(forms, a, aShape, b, bShape);
}

const outerOf = (forms: Forms, u: Form, v: Form): Form =>
  contract(forms, [
    product(
      forms,
      Q.ONE,
      [
        { form: u, axis: 0, exponent: Q.ONE },
        { form: v, axis: 1, exponent: Q.ONE },
      ],
      [u.axes[0] as Dim, v.axes[0] as Dim],
    ),
  ]);

// u and v of c u v′.
function vectorsOf(forms: Forms, form: Form): [u: Form, v: Form, c: Q.Rational] | undefined {
  if (form.kind !== "product" || form.axes.length < 2 || form.factors.some((f) => f.form.axes.length === 2)) return undefined;
  const along = (axis: 0 | 1): Form =>
    product(
      forms,
      Q.ONE,
      form.factors
        .filter((f) => f.axis === axis || (axis === 0 && f.form.axes.length === 0))
        .map((f) => ({ form: f.form, exponent: f.exponent })),
      [form.axes[axis] as Dim],
    );
  return [along(0), along(1), form.coefficient];
}

function kron(forms: Forms, a: Form, aShape: Shape, b: Form, bShape: Shape): Form {
  if (a.axes.length === 0 || b.axes.length === 0) return times(forms, a, b);
  if (a.axes.length === 1 && b.axes.length === 1) {
    const rows = isRowShape(aShape) === isRowShape(bShape);
    if (!rows) return isRowShape(aShape) ? outerOf(forms, b, a) : outerOf(forms, a, b);
  }
  const lifted = (f: Form, shape: Shape): Form =>
    f.axes.length === 2 ? f : forms.make({ kind: "lift", axis: isRowShape(shape) ? 0 : 1, of: f, axes: [shape.rows, shape.cols] });
  if (a.axes.length === 2 || b.axes.length === 2) return kronOf(forms, lifted(a, aShape), lifted(b, bShape));
  // a ⊗ b = vec(b a′)
  return forms.make({ kind: "vec", of: outerOf(forms, b, a), axes: [axesProduct(a.axes[0] as Dim, b.axes[0] as Dim)] });
}

// Coefficients and numbers stand in front of both.
function kronOf(forms: Forms, left: Form, right: Form): Form {
  const pure = (f: Form): { core: Form; front: Form } => {
    if (f.kind !== "product") return { core: f, front: number(forms, 1) };
    const numbers = f.factors.filter((x) => x.form.axes.length === 0);
    return {
      core: product(
        forms,
        Q.ONE,
        f.factors.filter((x) => x.form.axes.length > 0),
        f.axes,
      ),
      front: product(forms, f.coefficient, numbers, []),
    };
  };
  const [a, b] = [pure(left), pure(right)];
  const [m, n] = [left.axes, right.axes] as [readonly [Dim, Dim], readonly [Dim, Dim]];
  const core = forms.make({ kind: "kron", left: a.core, right: b.core, axes: [axesProduct(m[0], n[0]), axesProduct(m[1], n[1])] });
  return times(forms, a.front, b.front, core);
}

function stack(forms: Forms, args: readonly Form[], shapes: readonly Shape[], shape: Shape, axis: 0 | 1): Form {
  const axes = axesOf(shape);
  if (args.length === 1) return args[0] as Form;
  if (axes.length === 1)
    return forms.make({
      kind: "concat",
      axis: 0,
      parts: args.map((f, i) => (f.axes.length === 1 ? f : lift(forms, f, shapes[i] as Shape, 1))),
      axes,
    });
  return forms.make({
    kind: "concat",
    axis,
    parts: args.map((f, i) => (f.axes.length === 2 ? f : lift(forms, f, shapes[i] as Shape, 2))),
    axes,
  });
}

function lift(forms: Forms, form: Form, { rows, cols }: Shape, axes: 1 | 2): Form {
  if (axes === 1) return forms.make({ kind: "lift", axis: 0, of: form, axes: [rows] });
  const vector = form.axes.length === 0 ? forms.make({ kind: "lift", axis: 0, of: form, axes: [cols] }) : form;
  return forms.make({ kind: "lift", axis: isOneDim(rows) ? 0 : 1, of: vector, axes: [rows, cols] });
}

/** Matrix powers up to this are written as products. */
const SMALL_POWER = 4n;

function matrixPower(forms: Forms, a: Form, exponent: Form): Form {
  if (exponent.kind === "number" && Q.isInteger(exponent.value)) {
    const k = exponent.value.n;
    if (k === 0n) return eye(forms, a.axes[0] as Dim);
    const base = k < 0n ? inverse(forms, a) : a;
    const size = k < 0n ? -k : k;
    if (size <= SMALL_POWER)
      return size === 1n
        ? base
        : contract(
            forms,
            Array.from({ length: Number(size) }, () => base),
          );
    return forms.make({ kind: "call", fn: "intpow", args: [base, number(forms, Q.rational(size))], axes: a.axes });
  }
  if (exponent.kind === "number" && Q.equals(exponent.value, Q.HALF))
    return forms.make({ kind: "call", fn: "sqrtm", args: [a], axes: a.axes });
  return forms.make({ kind: "call", fn: "mpow", args: [a, exponent], axes: a.axes });
}

/** The inverse of a square matrix. */
export function inverse(forms: Forms, a: Form): Form {
  if (a.axes.length === 0) return power(forms, a, Q.MINUS_ONE);
  if (a.kind === "eye") return a;
  if (a.kind === "diag") return diagOf(forms, power(forms, a.of, Q.MINUS_ONE));
  if (a.kind === "inverse") return a.of;
  if (a.kind === "transpose") return transpose(forms, inverse(forms, a.of));
  if (a.kind === "product" && a.factors.length === 1 && !Q.isOne(a.coefficient) && !Q.isZero(a.coefficient)) {
    const [only] = a.factors;
    if (only !== undefined && Q.isOne(only.exponent) && only.form.axes.length === 2)
      return scaled(forms, Q.divide(Q.ONE, a.coefficient), inverse(forms, only.form));
  }
  return forms.make({ kind: "inverse", of: a, axes: a.axes });
}

function determinant(forms: Forms, kind: "det" | "logdet", a: Form): Form {
  if (a.axes.length === 0) return kind === "det" ? a : map(forms, "log", [a]);
  return forms.make({ kind, of: a.kind === "transpose" ? a.of : a, axes: [] });
}

const two = Q.rational(2);
const reduce = (forms: Forms, fn: "max" | "min" | "prod", x: Form): Form =>
  x.axes.length === 0 ? x : forms.make({ kind: "reduce", fn, over: "all", of: x, axes: [] });
const call = (forms: Forms, fn: string, args: readonly Form[], axes: readonly Dim[]): Form => forms.make({ kind: "call", fn, args, axes });
const count = (forms: Forms, x: Form): Form =>
  times(forms, number(forms, 1), ...x.axes.map((dim) => forms.make({ kind: "size", dim, axes: [] })));
const fn =
  (name: string) =>
  (forms: Forms, ...args: Form[]): Form =>
    map(forms, name, args);

/** Functions that targets have under some name, entry by entry. */
export const ENTRYWISE = [
  "exp",
  "log",
  "log2",
  "log10",
  "log1p",
  "expm1",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "sigmoid",
  "softplus",
  "abs",
  "sign",
  "floor",
  "ceil",
  "round",
  "erf",
  "erfc",
  "gamma",
  "lgamma",
  "digamma",
  "trigamma",
  "cbrt",
  "max",
  "min",
  "atan2",
  "hypot",
] as const;

// biome-ignore format: a table is read by columns
const FUNCTIONS: Readonly<Record<string, (forms: Forms, ...args: Form[]) => Form>> = {
  ...Object.fromEntries(ENTRYWISE.map((name) => [name, fn(name)])),
  ln:         fn("log"),
  sqrt:       (f, x) => power(f, x, Q.HALF),
  square:     (f, x) => power(f, x, two),
  epow:       (f, x, y) => raise(f, x, y),
  sec:        (f, x) => power(f, map(f, "cos", [x]), Q.MINUS_ONE),
  csc:        (f, x) => power(f, map(f, "sin", [x]), Q.MINUS_ONE),
  cot:        (f, x) => power(f, map(f, "tan", [x]), Q.MINUS_ONE),
  sech:       (f, x) => power(f, map(f, "cosh", [x]), Q.MINUS_ONE),
  csch:       (f, x) => power(f, map(f, "sinh", [x]), Q.MINUS_ONE),
  coth:       (f, x) => power(f, map(f, "tanh", [x]), Q.MINUS_ONE),
  logsigmoid: (f, x) => negative(f, map(f, "softplus", [negative(f, x)])),
  silu:       (f, x) => times(f, x, map(f, "sigmoid", [x])),
  swish:      (f, x) => times(f, x, map(f, "sigmoid", [x])),
  normcdf:    (f, x) => scaled(f, Q.HALF, map(f, "erfc", [negative(f, over(f, x, power(f, number(f, 2), Q.HALF)))])),
  gelu:       (f, x) => times(f, x, scaled(f, Q.HALF, map(f, "erfc", [negative(f, over(f, x, power(f, number(f, 2), Q.HALF)))]))),
  mish:       (f, x) => times(f, x, map(f, "tanh", [map(f, "softplus", [x])])),
  relu:       (f, x) => map(f, "max", [x, number(f, 0)]),
  step:       (f, x) => map(f, "gt", [x, number(f, 0)]),
  hinge:      (f, x) => map(f, "max", [shift(f, negative(f, x), Q.ONE), number(f, 0)]),
  elu:        (f, x) => map(f, "where", [map(f, "gt", [x, number(f, 0)]), x, map(f, "expm1", [map(f, "min", [x, number(f, 0)])])]),
  logcosh:    (f, x) => minus(f, plus(f, map(f, "abs", [x]), map(f, "softplus", [scaled(f, Q.rational(-2), map(f, "abs", [x]))])), times(f, map(f, "log", [number(f, 2)]), fill(f, Q.ONE, x.axes))),
  max:        (f, x, y) => (y === undefined ? reduce(f, "max", x) : map(f, "max", [x, y])),
  min:        (f, x, y) => (y === undefined ? reduce(f, "min", x) : map(f, "min", [x, y])),
  largest:    (f, x) => reduce(f, "max", x),
  smallest:   (f, x) => reduce(f, "min", x),
  prod:       (f, x) => reduce(f, "prod", x),
  mean:       (f, x) => over(f, total(f, x), count(f, x)),
  norm2:      (f, x) => power(f, total(f, power(f, x, two)), Q.HALF),
  norm1:      (f, x) => total(f, map(f, "abs", [x])),
  norminf:    (f, x) => reduce(f, "max", map(f, "abs", [x])),
  softmax:    (f, x) => softmax(f, x),
  rowsoftmax: (f, x) => softmax(f, x, x.axes.length === 2 ? 1 : "all"),
  logsumexp:  (f, x) => logSumExp(f, x),
  logsoftmax: (f, x) => minus(f, x, logSumExp(f, x)),
  inv:        (f, x) => inverse(f, x),
  det:        (f, x) => determinant(f, "det", x),
  logdet:     (f, x) => determinant(f, "logdet", x),
  adj:        (f, x) => times(f, determinant(f, "det", x), inverse(f, x)),
  mpow:       (f, x, k) => (x.axes.length === 0 ? raise(f, x, k) : matrixPower(f, x, k)),
  pinv:       (f, x) => call(f, "pinv", [x], [...x.axes].reverse()),
  expm:       (f, x) => (x.axes.length === 0 ? map(f, "exp", [x]) : call(f, "expm", [x], x.axes)),
  logm:       (f, x) => (x.axes.length === 0 ? map(f, "log", [x]) : call(f, "logm", [x], x.axes)),
  sqrtm:      (f, x) => (x.axes.length === 0 ? power(f, x, Q.HALF) : call(f, "sqrtm", [x], x.axes)),
  sinm:       (f, x) => (x.axes.length === 0 ? map(f, "sin", [x]) : call(f, "sinm", [x], x.axes)),
  cosm:       (f, x) => (x.axes.length === 0 ? map(f, "cos", [x]) : call(f, "cosm", [x], x.axes)),
  nuclear:    (f, x) => call(f, "nuclear", [x], []),
  spectral:   (f, x) => call(f, "spectral", [x], []),
};

function lowerFunction(forms: Forms, name: string, args: readonly Form[], { invoke, depth }: Context): Form {
  if (Object.hasOwn(FUNCTIONS, name)) return (FUNCTIONS[name] as (f: Forms, ...a: Form[]) => Form)(forms, ...args);
  return invoke(name, args, depth);
}
