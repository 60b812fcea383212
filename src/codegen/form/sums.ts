// Sums over all entries, over an axis and over the diagonal, pushed inside what they are sums
// of: a sum over a product of matrices is one over vectors, a trace one over entries.
//
// Invariant: no matrix is computed only to be summed, except one that is an output as well.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { contract, dot } from "./contract.ts";
import { spread } from "./distribute.ts";
import { fill, number, product, sum, times, transpose } from "./elementwise.ts";
import type { Factor, Form, Forms, Item } from "./form.ts";
import { fromItems } from "./items.ts";

/** The sum of all entries. */
export function total(forms: Forms, form: Form): Form {
  if (form.axes.length === 0) return form;
  switch (form.kind) {
    case "transpose":
    case "diag":
      return total(forms, form.of);
    case "eye":
      return forms.make({ kind: "size", dim: form.axes[0] as Dim, axes: [] });
    case "product":
      return totalOfProduct(forms, form) ?? plainTotal(forms, form);
    case "chain":
      if (form.right !== undefined || forms.claimed.has(form)) return plainTotal(forms, form);
      return total(forms, contract(forms, [form], fill(forms, Q.ONE, [form.axes[1] as Dim])));
    case "sum":
      // A widened number or vector is summed by itself.
      return form.terms.some((t) => t.form.axes.length < form.axes.length) ? ofTerms(forms, form, total) : plainTotal(forms, form);
    default:
      return plainTotal(forms, form);
  }
}

const plainTotal = (forms: Forms, of: Form): Form => forms.make({ kind: "reduce", fn: "sum", over: "all", of, axes: [] });

// A linear function of a sum, a number for each term.
function ofTerms(forms: Forms, form: Form & { kind: "sum" }, linear: (forms: Forms, f: Form) => Form): Form {
  const terms = spread(forms, form, false).map((t) => ({ coefficient: t.coefficient, form: linear(forms, t.form) }));
  return sum(forms, Q.ZERO, terms, []);
}

// A linear function of a product with its coefficient and numbers in front; undefined where there are none.
function behindNumbers(forms: Forms, form: Form & { kind: "product" }, linear: (forms: Forms, f: Form) => Form): Form | undefined {
  const numbers = form.factors.filter((f) => f.form.axes.length === 0);
  if (numbers.length === 0 && Q.isOne(form.coefficient)) return undefined;
  const arrays = form.factors.filter((f) => f.form.axes.length > 0);
  const inner = linear(forms, product(forms, Q.ONE, arrays, form.axes));
  return product(forms, form.coefficient, [...numbers, { form: inner, exponent: Q.ONE }], []);
}

// Σ u_i M_ij v_j = u′ M v
function totalOfProduct(forms: Forms, form: Form & { kind: "product" }): Form | undefined {
  const scaled = behindNumbers(forms, form, total);
  if (scaled !== undefined) return scaled;
  const sizes = form.axes.map((dim) => forms.make({ kind: "size", dim, axes: [] }));
  if (form.factors.length === 0) return times(forms, number(forms, 1), ...sizes);
  if (form.axes.length === 1) return undefined;
  const full = form.factors.filter((f) => f.form.axes.length === 2);
  if (full.length === form.factors.length) return undefined;
  const [u, v] = [vectorAlong(forms, form, 0), vectorAlong(forms, form, 1)];
  if (full.length === 0) return times(forms, total(forms, u), total(forms, v));
  return dot(forms, u, contract(forms, [product(forms, Q.ONE, full, form.axes)], v));
}

const vectorAlong = (forms: Forms, form: Form & { kind: "product" }, axis: 0 | 1): Form =>
  product(forms, Q.ONE, withoutAxes(form.factors.filter((f) => f.axis === axis)), [form.axes[axis] as Dim]);

const withoutAxes = (factors: readonly Factor[]): Factor[] => factors.map((f) => ({ form: f.form, exponent: f.exponent }));

/** Sums over one axis of a matrix: over the columns of each row for 1. */
export function along(forms: Forms, form: Form, over: 0 | 1): Form {
  if (form.kind === "transpose") return along(forms, form.of, over === 0 ? 1 : 0);
  if (form.kind === "diag") return form.of;
  const kept = form.axes[over === 0 ? 1 : 0] as Dim;
  if (form.kind === "eye") return fill(forms, Q.ONE, [kept]);
  const isOuter = form.kind === "product" && form.factors.every((f) => f.form.axes.length < 2);
  if (isOuter || (form.kind === "chain" && !forms.claimed.has(form)))
    return contract(forms, [oriented(forms, form, over)], fill(forms, Q.ONE, [form.axes[over] as Dim]));
  const isScaled = form.kind === "product" && (!Q.isOne(form.coefficient) || form.factors.some((f) => f.form.axes.length < 2));
  return isScaled ? alongScaled(forms, form, over) : forms.make({ kind: "reduce", fn: "sum", over, of: form, axes: [kept] });
}

const oriented = (forms: Forms, form: Form, over: 0 | 1): Form => (over === 1 ? form : transpose(forms, form));

// What varies along the axis of the sum is a vector that the matrix is applied to; the rest stands in front.
function alongScaled(forms: Forms, form: Form & { kind: "product" }, over: 0 | 1): Form {
  const core = product(
    forms,
    Q.ONE,
    form.factors.filter((f) => f.form.axes.length === 2),
    form.axes,
  );
  const rest = withoutAxes(form.factors.filter((f) => f.form.axes.length < 2 && f.axis !== over));
  const inner = form.factors.some((f) => f.axis === over)
    ? contract(forms, [oriented(forms, core, over)], vectorAlong(forms, form, over))
    : along(forms, core, over);
  return product(forms, form.coefficient, [...rest, { form: inner, exponent: Q.ONE }], [form.axes[over === 0 ? 1 : 0] as Dim]);
}

/** The entries on the diagonal of a square matrix. */
export function diagonal(forms: Forms, form: Form): Form {
  const n = form.axes[0] as Dim;
  const inside = (f: Form): Form => (f.axes.length === 2 ? diagonal(forms, f) : f);
  switch (form.kind) {
    case "transpose":
      return diagonal(forms, form.of);
    case "diag":
      return form.of;
    case "eye":
      return fill(forms, Q.ONE, [n]);
    case "product": {
      const factors = form.factors.map((f) => ({ form: inside(f.form), exponent: f.exponent }));
      return product(forms, form.coefficient, factors, [n]);
    }
    case "sum": {
      const terms = form.terms.map((t) => ({ form: inside(t.form), coefficient: t.coefficient }));
      return sum(forms, form.constant, terms, [n]);
    }
    case "chain": {
      const halves = halvesOf(forms, form);
      if (halves !== undefined) return along(forms, times(forms, halves.left, transpose(forms, halves.right)), 1);
    }
  }
  return forms.make({ kind: "diagonal", of: form, axes: [n] });
}

/** The trace of a square matrix. */
export function trace(forms: Forms, form: Form): Form {
  if (form.axes.length === 0) return form;
  const scaled = form.kind === "product" ? behindNumbers(forms, form, trace) : undefined;
  if (scaled !== undefined) return scaled;
  if (form.kind === "sum") return ofTerms(forms, form, trace);
  if (form.kind === "kron") return times(forms, trace(forms, form.left), trace(forms, form.right));
  if (form.kind === "transpose") return trace(forms, form.of);
  const halves = form.kind === "chain" ? halvesOf(forms, form) : undefined;
  if (halves !== undefined) return dot(forms, transpose(forms, halves.left), halves.right);
  return total(forms, diagonal(forms, form));
}

// The first factor of a product and the rest of it, unless the product is computed in any case.
function halvesOf(forms: Forms, form: Form & { kind: "chain" }): { left: Form; right: Form } | undefined {
  if (forms.claimed.has(form) || form.items.length < 2) return undefined;
  const [left, ...rest] = form.items.map((i: Item) => fromItems(forms, [i])) as [Form, ...Form[]];
  return { left, right: contract(forms, rest) };
}
