// What the structural operators of matrix notation are as forms, a row for each.
//
// Invariant: the compiler lists the operators that lack a row. Not here: functions
// (functions.ts) and what has an index (lower.ts).

import * as Q from "../../base/rational.ts";
import { type Dim, isOneDim, sameDim } from "../../expr/dim.ts";
import type { OperatorName } from "../../expr/operators.ts";
import { isMatrixShape, isScalarShape, type Shape } from "../../expr/shape.ts";
import { gathered } from "./blocks.ts";
import { diagOf, dot, eye, total } from "./contract.ts";
import { diagonal, trace } from "./diagonals.ts";
import { fill, map, negative, number, over, plus, raise, times } from "./elementwise.ts";
import { axesOf, type Form, type Forms } from "./form.ts";
import { commutation, kron, multiplied, transposed } from "./kron.ts";
import { matrixPower } from "./square.ts";
import { stack } from "./stack.ts";

/** An operator met with its arguments. */
export interface Applied {
  readonly args: readonly Form[];
  /** The shapes of the arguments. */
  readonly shapes: readonly Shape[];
  readonly params: readonly Dim[];
  readonly shape: Shape;
}

type Row = (forms: Forms, node: Applied) => Form;
const first = ({ args }: Applied): Form => args[0] as Form;
const both = ({ args }: Applied): readonly [Form, Form] => args as [Form, Form];
const shapesOf = ({ shapes }: Applied): readonly [Shape, Shape] => shapes as [Shape, Shape];

const unary =
  (make: (forms: Forms, a: Form) => Form): Row =>
  (forms, node) =>
    make(forms, first(node));
const binary =
  (make: (forms: Forms, a: Form, b: Form) => Form): Row =>
  (forms, node) =>
    make(forms, ...both(node));
const comparison =
  (fn: string): Row =>
  (forms, node) =>
    map(forms, fn, node.args);
const filled =
  (value: Q.Rational): Row =>
  (forms, node) =>
    fill(forms, value, axesOf(node.shape));

// biome-ignore format: a table is read by columns
const OPERATORS: Readonly<Record<OperatorName, Row>> = {
  add:         (f, n) => gathered(f, plus(f, ...n.args)),
  neg:         unary(negative),
  hadamard:    binary(times),
  mul:         (f, n) => multiplied(f, both(n)[0], shapesOf(n)[0], both(n)[1], shapesOf(n)[1]),
  div:         binary(over),
  hdiv:        binary(over),
  pow:         (f, n) => (isMatrixShape(shapesOf(n)[0]) && first(n).axes.length === 2 ? matrixPower(f, ...both(n)) : raise(f, ...both(n))),
  hpow:        binary(raise),
  expand:      (f, n) => times(f, first(n), fill(f, Q.ONE, axesOf(n.shape))),
  transpose:   unary(transposed),
  sum:         unary(total),
  tr:          unary(trace),
  diag:        unary(onDiagonal),
  dot:         binary(dot),
  kron:        (f, n) => kron(f, both(n)[0], shapesOf(n)[0], both(n)[1], shapesOf(n)[1]),
  vec:         (f, n) => (first(n).axes.length < 2 ? first(n) : f.make({ kind: "vec", of: first(n), axes: axesOf(n.shape) })),
  reshape:     (f, n) => (isMatrixShape(n.shape) ? unvec(f, first(n), axesOf(n.shape)) : first(n)),
  vcat:        (f, n) => stack(f, n.args, n.shapes, n.shape, 0),
  hcat:        (f, n) => stack(f, n.args, n.shapes, n.shape, 1),
  ones:        filled(Q.ONE),
  zeros:       filled(Q.ZERO),
  eye:         (f, n) => (isScalarShape(n.shape) ? number(f, 1) : eye(f, n.params[0] as Dim)),
  unit:        (f, n) => unit(f, ...(n.params as [Dim, Dim])),
  commutation: (f, n) => commutation(f, ...(n.params as [Dim, Dim])),
  gt: comparison("gt"), ge: comparison("ge"), lt: comparison("lt"), le: comparison("le"), eq: comparison("eq"), ne: comparison("ne"),
  cases:       (f, n) => cases(f, n.args),
};

// biome-ignore format: a table is read by columns
/** What operators are between numbers that stand for the entries of arrays, where they are not the same entry by entry. */
const BETWEEN_ENTRIES: Partial<Readonly<Record<OperatorName, Row>>> = {
  mul: binary(times), dot: binary(times), kron: binary(times),
  transpose: (_, n) => first(n), sum: (_, n) => first(n), tr: (_, n) => first(n), diag: (_, n) => first(n), vec: (_, n) => first(n), reshape: (_, n) => first(n),
};

/** An operator as a form. In the body of an element-wise function its numbers stand for the entries of arrays. */
export function operatorForm(forms: Forms, op: OperatorName, node: Applied): Form {
  const isEntrywise = node.shapes.every(isScalarShape) && node.args.some((a) => a.axes.length > 0);
  return ((isEntrywise ? BETWEEN_ENTRIES[op] : undefined) ?? OPERATORS[op])(forms, node);
}

function onDiagonal(forms: Forms, a: Form): Form {
  if (a.axes.length === 0) return a;
  return a.axes.length === 1 ? diagOf(forms, a) : diagonal(forms, a);
}

const unvec = (forms: Forms, v: Form, axes: readonly Dim[]): Form =>
  v.kind === "vec" && v.of.axes.every((d, i) => sameDim(d, axes[i] as Dim)) ? v.of : forms.make({ kind: "unvec", of: v, axes });

const unit = (forms: Forms, n: Dim, at: Dim): Form => (isOneDim(n) ? number(forms, 1) : forms.make({ kind: "unit", at, axes: [n] }));

// Value, condition, value, condition, …, value otherwise; NaN where there is none.
function cases(forms: Forms, args: readonly Form[]): Form {
  const pairs = args.length - (args.length % 2);
  let out = args[pairs] ?? forms.make({ kind: "constant", name: "nan", axes: [] });
  for (let i = pairs - 2; i >= 0; i -= 2) out = map(forms, "where", [args[i + 1] as Form, args[i] as Form, out]);
  return out;
}
