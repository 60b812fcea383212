// Kronecker products and the permutations that exchange their sides. A permutation is applied
// by moving entries, and a product of stacked outer products is one of small matrices.
//
// Invariant: coefficients and numbers stand in front of a Kronecker product, never inside.

import * as Q from "../../base/rational.ts";
import { type Dim, isOneDim, multiplyDims } from "../../expr/dim.ts";
import { isRowShape, type Shape } from "../../expr/shape.ts";
import { contract, eye, multiply } from "./contract.ts";
import { number, outer, product, scaled, sum, times, transpose } from "./elementwise.ts";
import type { Form, Forms } from "./form.ts";

/** K(m,n), which takes vec(A) to vec(A′) for A m×n: a permutation of positions. */
export function commutation(forms: Forms, m: Dim, n: Dim): Form {
  if (isOneDim(m) || isOneDim(n)) return isOneDim(m) && isOneDim(n) ? number(forms, 1) : eye(forms, isOneDim(m) ? n : m);
  return permutation(forms, n, m);
}

/** The transpose of a form; of a permutation the one that undoes it. */
export function transposed(forms: Forms, a: Form): Form {
  const of = permutationOf(a);
  return of === undefined ? transpose(forms, a) : permutation(forms, of.inner, of.outer);
}

/** The product of two forms whose rows and columns are those of the shapes. */
export function multiplied(forms: Forms, a: Form, aShape: Shape, b: Form, bShape: Shape): Form {
  if (a.axes.length === 0 || b.axes.length === 0) return times(forms, a, b);
  const [left, right] = [permutationOf(a), permutationOf(b)];
  if (left !== undefined) return forms.make({ kind: "shuffle", axis: 0, outer: left.outer, inner: left.inner, of: b, axes: b.axes });
  if (right !== undefined)
    return forms.make({ kind: "shuffle", axis: a.axes.length === 1 ? 0 : 1, outer: right.inner, inner: right.outer, of: a, axes: a.axes });
  if (b.axes.length === 2 && isSumOfPermutations(a)) {
    const terms = a.terms.map((t) => ({ coefficient: t.coefficient, form: multiplied(forms, t.form, aShape, b, bShape) }));
    return sum(forms, Q.ZERO, terms, b.axes);
  }
  return (isOneDim(aShape.cols) ? ofStacked(forms, a, b) : undefined) ?? multiply(forms, a, aShape, b, bShape);
}

/** a ⊗ b. */
export function kron(forms: Forms, a: Form, aShape: Shape, b: Form, bShape: Shape): Form {
  if (a.axes.length === 0 || b.axes.length === 0) return times(forms, a, b);
  if (a.axes.length === 2 || b.axes.length === 2) return kronOf(forms, lifted(forms, a, aShape), lifted(forms, b, bShape));
  if (isRowShape(aShape) !== isRowShape(bShape)) return isRowShape(aShape) ? outerOf(forms, b, a) : outerOf(forms, a, b);
  // a ⊗ b = vec(b a′)
  return forms.make({ kind: "vec", of: outerOf(forms, b, a), axes: [multiplyDims(a.axes[0] as Dim, b.axes[0] as Dim)] });
}

function permutation(forms: Forms, outer: Dim, inner: Dim): Form {
  const n = multiplyDims(outer, inner);
  return forms.make({ kind: "shuffle", axis: 0, outer, inner, of: eye(forms, n), axes: [n, n] });
}

const permutationOf = (f: Form): { readonly outer: Dim; readonly inner: Dim } | undefined =>
  f.kind === "shuffle" && f.axis === 0 && f.of.kind === "eye" ? f : undefined;

const isSumOfPermutations = (form: Form): form is Form & { kind: "sum" } =>
  form.kind === "sum" && Q.isZero(form.constant) && form.terms.every((t) => t.form.kind === "eye" || permutationOf(t.form) !== undefined);

// vec(u v′) vec(w z′)′ is a Kronecker product of two small ones.
function ofStacked(forms: Forms, a: Form, b: Form): Form | undefined {
  if (a.kind !== "vec" || b.kind !== "vec") return undefined;
  const [x, y] = [vectorsOf(forms, a.of), vectorsOf(forms, b.of)];
  if (x === undefined || y === undefined) return undefined;
  return scaled(forms, Q.multiply(x.c, y.c), kronOf(forms, outerOf(forms, x.v, y.v), outerOf(forms, x.u, y.u)));
}

// u and v of c u v′.
function vectorsOf(forms: Forms, form: Form): { u: Form; v: Form; c: Q.Rational } | undefined {
  if (form.kind !== "product" || form.axes.length < 2 || form.factors.some((f) => f.form.axes.length === 2)) return undefined;
  const along = (axis: 0 | 1): Form => {
    const own = form.factors.filter((f) => f.axis === axis || (axis === 0 && f.form.axes.length === 0));
    const factors = own.map((f) => ({ form: f.form, exponent: f.exponent }));
    return product(forms, Q.ONE, factors, [form.axes[axis] as Dim]);
  };
  return { u: along(0), v: along(1), c: form.coefficient };
}

const outerOf = (forms: Forms, u: Form, v: Form): Form => contract(forms, [outer(forms, u, v)]);

function lifted(forms: Forms, f: Form, shape: Shape): Form {
  if (f.axes.length === 2) return f;
  return forms.make({ kind: "lift", axis: isRowShape(shape) ? 0 : 1, of: f, axes: [shape.rows, shape.cols] });
}

function kronOf(forms: Forms, left: Form, right: Form): Form {
  const [a, b] = [split(forms, left), split(forms, right)];
  const [m, n] = [left.axes, right.axes] as [readonly [Dim, Dim], readonly [Dim, Dim]];
  const axes = [multiplyDims(m[0], n[0]), multiplyDims(m[1], n[1])];
  const core = forms.make({ kind: "kron", left: a.core, right: b.core, axes });
  return times(forms, a.front, b.front, core);
}

// The coefficient and the numbers of a product, and what is left of it.
function split(forms: Forms, f: Form): { core: Form; front: Form } {
  if (f.kind !== "product") return { core: f, front: number(forms, 1) };
  const numbers = f.factors.filter((x) => x.form.axes.length === 0);
  const arrays = f.factors.filter((x) => x.form.axes.length > 0);
  return { core: product(forms, Q.ONE, arrays, f.axes), front: product(forms, f.coefficient, numbers, []) };
}
