// Matrix products and sums as forms, each a case of the other: a product with ones is a sum over
// an axis, a sum over a product of matrices one over vectors. What is diagonal scales, what is
// an outer product falls apart into two vectors, and numbers stand in front; the order of
// multiplication is left to the plan.
//
// Invariants: no identity, diagonal matrix or outer product is a factor of a chain between
// matrices, except a diagonal between two of them, which stays a vector. A chain is at most
// SHORT long, so nesting costs linear work. No matrix is computed only to be summed, except one
// that is an output as well.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { isOneDim } from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";
import { applied, opened, spread } from "./distribute.ts";
import { fill, number, outer, power, product, sum, times, transpose } from "./elementwise.ts";
import type { Factor, Form, Forms, Item } from "./form.ts";
import { asItem, fromItems, isCanonical, palindrome, rowsOf, turnedItems } from "./items.ts";
import { weighted } from "./khatriRao.ts";

const SHORT = 40;

/** The product of two forms, no numbers, whose rows and columns are those of the shapes. */
export function multiply(forms: Forms, a: Form, aShape: Shape, b: Form, bShape: Shape): Form {
  if (isOneDim(aShape.cols)) return outer(forms, a, b);
  const row = isOneDim(aShape.rows);
  const column = isOneDim(bShape.cols);
  if (row && column) return dot(forms, a, b);
  if (row) return contract(forms, [transpose(forms, b)], a);
  return column ? contract(forms, [a], b) : contract(forms, [a, b]);
}

/** The sum of the products of entries. */
export const dot = (forms: Forms, a: Form, b: Form): Form => total(forms, times(forms, a, b));

/** The product of matrices, met with a vector on the right where there is one. */
export function contract(forms: Forms, matrices: readonly Form[], vector?: Form): Form {
  const { front, coefficient, elements } = taken(forms, matrices);
  const body = settle(forms, elements, vector) ?? eye(forms, matrices[0]?.axes[0] as Dim);
  return product(forms, coefficient, [...front, { form: body, exponent: Q.ONE }], body.axes);
}

/** A vector as a diagonal matrix. */
export function diagOf(forms: Forms, vector: Form): Form {
  const n = vector.axes[0] as Dim;
  if (vector.kind === "product" && vector.factors.every((f) => f.form.axes.length === 0))
    return product(forms, vector.coefficient, [...vector.factors, { form: eye(forms, n), exponent: Q.ONE }], [n, n]);
  return forms.make({ kind: "diag", of: vector, axes: [n, n] });
}

export const eye = (forms: Forms, n: Dim): Form => forms.make({ kind: "eye", axes: [n, n] });

/** Factors of a product from left to right, with numbers in front. */
interface Taken {
  readonly front: readonly Factor[];
  readonly coefficient: Q.Rational;
  readonly elements: readonly Element[];
}

type Element = Item | { readonly kind: "outer"; readonly left: Form; readonly right: Form };

// Matrices taken apart: chains into their items, scaled matrices into diagonals around them.
function taken(forms: Forms, matrices: readonly Form[]): Taken {
  const front: Factor[] = [];
  const elements: Element[] = [];
  let coefficient = Q.ONE;
  const stack = [...matrices].reverse().map((form) => ({ form, turned: false }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { form } = next;
    const turned = next.turned && !form.symmetric;
    if (form.kind === "eye") continue;
    if (form.kind === "diag") put(forms, elements, { kind: "diag", form: form.of });
    else if (form.kind === "transpose") stack.push({ form: form.of, turned: !turned });
    else if (form.kind === "chain" && form.items.length <= SHORT && !forms.claimed.has(form))
      for (const i of turned ? turnedItems(form.items) : form.items) put(forms, elements, i);
    else if (form.kind === "product" && form.factors.filter((f) => f.form.axes.length === 2).length < 2) {
      coefficient = Q.multiply(coefficient, form.coefficient);
      front.push(...form.factors.filter((f) => f.form.axes.length === 0));
      const { matrix, first, last } = scaledParts(forms, form, turned);
      if (matrix === undefined) {
        const [m, n] = (turned ? [...form.axes].reverse() : form.axes) as [Dim, Dim];
        const ones = (d: Dim): Form => fill(forms, Q.ONE, [d]);
        put(forms, elements, { kind: "outer", left: first ?? ones(m), right: last ?? ones(n) });
        continue;
      }
      if (first !== undefined) put(forms, elements, { kind: "diag", form: first });
      if (last !== undefined) stack.push({ form: diagOf(forms, last), turned: false });
      if (Q.isOne(matrix.exponent)) stack.push({ form: matrix.form, turned });
      else put(forms, elements, asItem(power(forms, matrix.form, matrix.exponent), turned));
    } else put(forms, elements, asItem(form, turned));
  }
  return { front, coefficient, elements };
}

// Neighbouring diagonals are one.
function put(forms: Forms, elements: Element[], e: Element): void {
  const before = elements[elements.length - 1];
  if (e.kind === "diag" && before?.kind === "diag")
    elements[elements.length - 1] = { kind: "diag", form: times(forms, before.form, e.form) };
  else elements.push(e);
}

// diag(first) matrix diag(last), apart from numbers.
function scaledParts(
  forms: Forms,
  form: Form & { kind: "product" },
  turned: boolean,
): { matrix: Factor | undefined; first: Form | undefined; last: Form | undefined } {
  const [first, last] = ([0, 1] as const).map((axis) => {
    const list = form.factors.filter((f) => f.axis === axis).map((f) => ({ form: f.form, exponent: f.exponent }));
    return list.length === 0 ? undefined : product(forms, Q.ONE, list, [form.axes[axis] as Dim]);
  });
  const matrix = form.factors.find((f) => f.form.axes.length === 2);
  return turned ? { matrix, first: last, last: first } : { matrix, first, last };
}

// Undefined for a product of nothing but identities.
function settle(forms: Forms, elements: readonly Element[], vector: Form | undefined): Form | undefined {
  const cut = elements.findIndex((e) => e.kind === "outer");
  if (cut >= 0) return settleOuter(forms, elements, cut, vector);
  const items = elements as Item[];
  return vector === undefined ? settleMatrix(forms, items) : settleVector(forms, items, vector);
}

// A (u v′) B is the outer product of A u and B′ v, and A (u v′) B x the number v′ B x times A u.
function settleOuter(forms: Forms, elements: readonly Element[], cut: number, vector: Form | undefined): Form {
  const here = elements[cut] as Element & { kind: "outer" };
  const before = elements.slice(0, cut).map((e) => fromItems(forms, [e as Item]));
  const after = elements.slice(cut + 1).map((e) => (e.kind === "outer" ? outer(forms, e.left, e.right) : fromItems(forms, [e])));
  const left = before.length === 0 ? here.left : contract(forms, before, here.left);
  if (vector !== undefined) return times(forms, dot(forms, here.right, after.length === 0 ? vector : contract(forms, after, vector)), left);
  const across = after.reverse().map((f) => transpose(forms, f));
  return outer(forms, left, across.length === 0 ? here.right : contract(forms, across, here.right));
}

function settleVector(forms: Forms, given: readonly Item[], vector: Form): Form {
  const items = [...given];
  let right = vector;
  for (let last = items[items.length - 1]; ; last = items[items.length - 1]) {
    if (last === undefined) return right;
    if (last.kind === "diag") right = times(forms, last.form, right);
    else if (right.kind === "product" && Q.isOne(right.coefficient) && right.factors.length === 0)
      right = along(forms, last.form, last.turned ? 0 : 1);
    else break;
    items.pop();
  }
  const scaled = right.kind === "product" ? settleScaled(forms, items, right) : undefined;
  if (scaled !== undefined) return scaled;
  const spread = applied(forms, items[items.length - 1] as Item, right, contract);
  if (spread !== undefined) {
    const before = items.slice(0, -1).map((i) => fromItems(forms, [i]));
    return before.length === 0 ? spread : contract(forms, before, spread);
  }
  const first = items[0] as Item;
  if (first.kind === "diag") return times(forms, first.form, settleVector(forms, items.slice(1), right));
  const chain = forms.make({ kind: "chain", items, right, axes: [rowsOf(first)] }) as Form & { kind: "chain" };
  return forms.stable.chain(forms, chain) ?? chain;
}

// The coefficient and the numbers of a vector stand in front of everything.
function settleScaled(forms: Forms, items: readonly Item[], right: Form & { kind: "product" }): Form | undefined {
  const numbers = right.factors.filter((f) => f.form.axes.length === 0);
  if (numbers.length === 0 && Q.isOne(right.coefficient)) return undefined;
  const arrays = right.factors.filter((f) => f.form.axes.length > 0);
  const inner = settleVector(forms, items, product(forms, Q.ONE, arrays, right.axes));
  return product(forms, right.coefficient, [...numbers, { form: inner, exponent: Q.ONE }], inner.axes);
}

function settleMatrix(forms: Forms, given: readonly Item[]): Form | undefined {
  const blocks = weighted(forms, given, contract);
  if (blocks !== undefined) return blocks;
  const items = [...given];
  // diag(d) Z′ Z diag(d) is the symmetric product of Z diag(d).
  if (items.length > 4 && items[0]?.kind === "diag" && palindrome(items) !== undefined) return fromItems(forms, items);
  const first = items[0]?.kind === "diag" ? items.shift()?.form : undefined;
  if (items.length === 0) return first === undefined ? undefined : diagOf(forms, first);
  const last = items[items.length - 1]?.kind === "diag" ? items.pop()?.form : undefined;
  const whole = opened(forms, items, contract) ?? inCanonicalOrder(forms, items);
  const sides: Factor[] = [
    ...(first === undefined ? [] : [{ form: first, axis: 0, exponent: Q.ONE } as const]),
    ...(last === undefined ? [] : [{ form: last, axis: 1, exponent: Q.ONE } as const]),
  ];
  return sides.length === 0 ? whole : product(forms, Q.ONE, [{ form: whole, exponent: Q.ONE }, ...sides], whole.axes);
}

// A product and its transpose are one form.
function inCanonicalOrder(forms: Forms, items: readonly Item[]): Form {
  if (items.length < 2 || isCanonical(items)) return fromItems(forms, items);
  return transpose(forms, fromItems(forms, turnedItems(items)));
}

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

/** A linear function of a sum, a number for each term. */
export function ofTerms(forms: Forms, form: Form & { kind: "sum" }, linear: (forms: Forms, f: Form) => Form): Form {
  const terms = spread(forms, form, false).map((t) => ({ coefficient: t.coefficient, form: linear(forms, t.form) }));
  return sum(forms, Q.ZERO, terms, []);
}

/** A linear function of a product with its coefficient and numbers in front; undefined where there are none. */
export function behindNumbers(forms: Forms, form: Form & { kind: "product" }, linear: (forms: Forms, f: Form) => Form): Form | undefined {
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
