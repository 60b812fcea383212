// Matrix products, sums over entries and traces as forms. What is diagonal scales, what is an
// outer product falls apart into two vectors, a product with ones is a sum over an axis, and
// numbers stand in front; the order of multiplication is left to the plan.
//
// Invariants: no identity, diagonal matrix or outer product is a factor of a chain between
// matrices, except a diagonal between two of them, which stays a vector. A chain is at most
// SHORT long, so nesting costs linear work.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { isOneDim } from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";
import { broadcast, fill, number, outer, power, product, sum, times, transpose } from "./elementwise.ts";
import type { Factor, Form, Forms, Item } from "./form.ts";
import { chainWork, colsOf, fromItems, rowsOf } from "./work.ts";

const SHORT = 40;

/** The product of two forms whose rows and columns are those of the shapes. */
export function multiply(forms: Forms, a: Form, aShape: Shape, b: Form, bShape: Shape): Form {
  if (a.axes.length === 0 || b.axes.length === 0) return times(forms, a, b);
  if (isOneDim(aShape.cols)) return outer(forms, a, b);
  const row = isOneDim(aShape.rows);
  const column = isOneDim(bShape.cols);
  if (row && column) return dot(forms, a, b);
  if (row) return contract(forms, [transpose(forms, b)], a);
  return column ? contract(forms, [a], b) : contract(forms, [a, b]);
}

/** The sum of the products of entries. */
export const dot = (forms: Forms, a: Form, b: Form): Form => total(forms, times(forms, a, b));

type Element = Item | { readonly kind: "outer"; readonly left: Form; readonly right: Form };

/** The product of matrices, met with a vector on the right where there is one. */
export function contract(forms: Forms, matrices: readonly Form[], vector?: Form): Form {
  const front: Factor[] = [];
  let coefficient = Q.ONE;
  const elements: Element[] = [];
  const put = (e: Element): void => {
    const before = elements[elements.length - 1];
    if (e.kind === "diag" && before?.kind === "diag")
      elements[elements.length - 1] = { kind: "diag", form: times(forms, before.form, e.form) };
    else elements.push(e);
  };
  const stack = [...matrices].reverse().map((form) => ({ form, turned: false }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { form, turned } = next;
    if (form.kind === "eye") continue;
    if (form.kind === "diag") put({ kind: "diag", form: form.of });
    else if (form.kind === "transpose") stack.push({ form: form.of, turned: !turned });
    else if (form.kind === "chain" && form.items.length <= SHORT && !forms.claimed.has(form))
      for (const i of turned ? turnedItems(form.items) : form.items) put(i);
    else if (form.kind === "product" && form.factors.filter((f) => f.form.axes.length === 2).length < 2) {
      const { matrix, rows, cols, numbers } = taken(forms, form);
      coefficient = Q.multiply(coefficient, form.coefficient);
      front.push(...numbers);
      const [first, last] = turned ? [cols, rows] : [rows, cols];
      if (matrix === undefined) {
        const [m, n] = turned ? [form.axes[1], form.axes[0]] : form.axes;
        put({ kind: "outer", left: first ?? fill(forms, Q.ONE, [m as Dim]), right: last ?? fill(forms, Q.ONE, [n as Dim]) });
      } else {
        if (first !== undefined) put({ kind: "diag", form: first });
        if (Q.isOne(matrix.exponent)) stack.push(...pushBack(last), { form: matrix.form, turned });
        else {
          put({ kind: "matrix", form: power(forms, matrix.form, matrix.exponent), turned });
          stack.push(...pushBack(last));
        }
      }
    } else put({ kind: "matrix", form, turned });
  }
  const body = settle(forms, elements, matrices, vector);
  return product(forms, coefficient, [...front, { form: body, exponent: Q.ONE }], body.axes);

  function pushBack(diagonal: Form | undefined): { form: Form; turned: boolean }[] {
    return diagonal === undefined ? [] : [{ form: diagOf(forms, diagonal), turned: false }];
  }
}

/** A vector as a diagonal matrix. */
export function diagOf(forms: Forms, vector: Form): Form {
  const n = vector.axes[0] as Dim;
  if (vector.kind === "product" && vector.factors.every((f) => f.form.axes.length === 0))
    return product(forms, vector.coefficient, [...vector.factors, { form: eye(forms, n), exponent: Q.ONE }], [n, n]);
  return forms.make({ kind: "diag", of: vector, axes: [n, n] });
}

export const eye = (forms: Forms, n: Dim): Form => forms.make({ kind: "eye", axes: [n, n] });

const turnedItems = (items: readonly Item[]): Item[] =>
  items.map((i): Item => (i.kind === "diag" ? i : { ...i, turned: !i.turned })).reverse();

// diag(rows) matrix diag(cols) with numbers in front.
function taken(
  forms: Forms,
  form: Form & { kind: "product" },
): { matrix: Factor | undefined; rows: Form | undefined; cols: Form | undefined; numbers: Factor[] } {
  const along = (axis: 0 | 1): Form | undefined => {
    const list = form.factors.filter((f) => f.axis === axis).map((f) => ({ form: f.form, exponent: f.exponent }));
    return list.length === 0 ? undefined : product(forms, Q.ONE, list, [form.axes[axis] as Dim]);
  };
  return {
    matrix: form.factors.find((f) => f.form.axes.length === 2),
    rows: along(0),
    cols: along(1),
    numbers: form.factors.filter((f) => f.form.axes.length === 0),
  };
}

function settle(forms: Forms, elements: readonly Element[], matrices: readonly Form[], vector: Form | undefined): Form {
  const cut = elements.findIndex((e) => e.kind === "outer");
  const here = elements[cut];
  if (here?.kind === "outer") {
    const before = elements.slice(0, cut) as Item[];
    const after = elements.slice(cut + 1).map((e) => (e.kind === "outer" ? outer(forms, e.left, e.right) : fromItems(forms, [e])));
    const left =
      before.length === 0
        ? here.left
        : contract(
            forms,
            before.map((i) => fromItems(forms, [i])),
            here.left,
          );
    if (vector !== undefined)
      return times(forms, dot(forms, here.right, after.length === 0 ? vector : contract(forms, after, vector)), left);
    const right =
      after.length === 0
        ? here.right
        : contract(
            forms,
            [...after].reverse().map((f) => transpose(forms, f)),
            here.right,
          );
    return outer(forms, left, right);
  }
  const items = elements as Item[];
  return vector === undefined ? settleMatrix(forms, items, matrices) : settleVector(forms, items, vector);
}

function settleVector(forms: Forms, given: readonly Item[], vector: Form): Form {
  const items = [...given];
  let right = vector;
  for (;;) {
    const last = items[items.length - 1];
    if (last === undefined) return right;
    if (last.kind === "diag") {
      items.pop();
      right = times(forms, last.form, right);
      continue;
    }
    const numbers = right.kind === "product" ? right.factors.filter((f) => f.form.axes.length === 0) : [];
    if (right.kind === "product" && (numbers.length > 0 || !Q.isOne(right.coefficient))) {
      const pure = product(
        forms,
        Q.ONE,
        right.factors.filter((f) => f.form.axes.length > 0),
        right.axes,
      );
      const inner = settleVector(forms, items, pure);
      return product(forms, right.coefficient, [...numbers, { form: inner, exponent: Q.ONE }], inner.axes);
    }
    if (right.kind === "product" && right.factors.length === 0) {
      items.pop();
      right = along(forms, last.form, last.turned ? 0 : 1);
      continue;
    }
    const inner = last.form;
    if (inner.kind === "sum" && !forms.claimed.has(inner) && inner.terms.every((t) => isLight(t.form))) {
      const before = items.slice(0, -1).map((i) => fromItems(forms, [i]));
      const parts = spread(forms, inner, last.turned).map(({ coefficient, form }) => ({
        coefficient,
        form: contract(forms, [form], right),
      }));
      const applied = sum(forms, Q.ZERO, parts, [inner.axes[last.turned ? 1 : 0] as Dim]);
      return before.length === 0 ? applied : contract(forms, before, applied);
    }
    break;
  }
  const first = items[0] as Item;
  if (first.kind === "diag") {
    const rest = settleVector(forms, items.slice(1), right);
    return times(forms, first.form, rest);
  }
  return forms.make({ kind: "chain", items, right, axes: [rowsOf(first)] });
}

// Applied to a vector, such a matrix costs no more than a matrix that is there already.
const isLight = (form: Form): boolean =>
  form.axes.length < 2 ||
  form.kind === "input" ||
  form.kind === "eye" ||
  form.kind === "diag" ||
  (form.kind === "transpose" && isLight(form.of)) ||
  (form.kind === "chain" && form.right === undefined) ||
  (form.kind === "product" && isLightProduct(form));

// An outer product, or a light matrix scaled by numbers and diagonals.
function isLightProduct(form: Form & { kind: "product" }): boolean {
  const [matrix, ...more] = form.factors.filter((f) => f.form.axes.length === 2);
  return matrix === undefined || (more.length === 0 && Q.isOne(matrix.exponent) && isLight(matrix.form));
}

const isOuter = (form: Form): boolean =>
  form.kind === "product" && form.axes.length === 2 && form.factors.every((f) => f.form.axes.length < 2);

function spread(forms: Forms, form: Form & { kind: "sum" }, turned: boolean): { coefficient: Q.Rational; form: Form }[] {
  const turn = (f: Form): Form => (turned ? transpose(forms, f) : f);
  const parts = form.terms.map((t) => ({ coefficient: t.coefficient, form: turn(broadcast(forms, t, form.axes)) }));
  return Q.isZero(form.constant) ? parts : [...parts, { coefficient: form.constant, form: turn(fill(forms, Q.ONE, form.axes)) }];
}

function settleMatrix(forms: Forms, given: readonly Item[], matrices: readonly Form[]): Form {
  const items = [...given];
  if (items.length === 0) return eye(forms, matrices[0]?.axes[0] as Dim);
  // diag(d) Z′ Z diag(d) is the symmetric product of Z diag(d).
  if (items.length > 4 && items[0]?.kind === "diag" && isMirrored(items)) return fromItems(forms, items);
  const first = items[0]?.kind === "diag" ? items.shift()?.form : undefined;
  if (items.length === 0) return diagOf(forms, first as Form);
  const last = items[items.length - 1]?.kind === "diag" ? items.pop()?.form : undefined;
  const core = opened(forms, items) ?? fromItems(forms, canonical(items));
  const whole = core.kind === "chain" && !isCanonical(items) ? transpose(forms, core) : core;
  if (first === undefined && last === undefined) return whole;
  const sides: Factor[] = [
    ...(first === undefined ? [] : [{ form: first, axis: 0, exponent: Q.ONE } as const]),
    ...(last === undefined ? [] : [{ form: last, axis: 1, exponent: Q.ONE } as const]),
  ];
  return product(forms, Q.ONE, [{ form: whole, exponent: Q.ONE }, ...sides], whole.axes);
}

const isMirrored = (items: readonly Item[]): boolean =>
  items.every((a, i) => {
    const b = items[items.length - 1 - i] as Item;
    const middle = 2 * i + 1 === items.length;
    return (
      a.form === b.form &&
      (middle || a.kind === "diag" ? a.kind === "diag" && b.kind === "diag" : b.kind === "matrix" && a.turned !== b.turned)
    );
  });

// A difference times a matrix is multiplied out where that takes less work: (U V′ − T) V.
function opened(forms: Forms, items: readonly Item[]): Form | undefined {
  for (const [i, item] of items.entries()) {
    const { form } = item;
    if (
      item.kind === "diag" ||
      form.kind !== "sum" ||
      forms.claimed.has(form) ||
      !form.terms.some((t) => t.form.kind === "chain" || isOuter(t.form))
    )
      continue;
    const parts = spread(forms, form, item.turned);
    const around = (f: Form): Form[] => items.map((o, j) => (i === j ? f : fromItems(forms, [o])));
    const apart = parts.map(({ coefficient, form: f }) => ({ coefficient, form: contract(forms, around(f)) }));
    const together =
      chainWork(items) +
      parts.reduce(
        (w, p) =>
          w +
          (p.form.kind === "chain"
            ? chainWork(p.form.items)
            : p.form.kind === "transpose" && p.form.of.kind === "chain"
              ? chainWork(p.form.of.items)
              : 0),
        0,
      );
    const alone = apart.reduce((w, p) => w + workOf(p.form), 0);
    if (alone < together) return sum(forms, Q.ZERO, apart, [rowsOf(items[0] as Item), colsOf(items[items.length - 1] as Item)]);
  }
  return undefined;
}

const workOf = (form: Form): number => {
  if (form.kind === "chain") return chainWork(form.items);
  if (form.kind === "transpose") return workOf(form.of);
  if (form.kind === "product") return form.factors.reduce((w, f) => w + workOf(f.form), 0);
  return form.kind === "sum" ? form.terms.reduce((w, t) => w + workOf(t.form), 0) : 0;
};

const turns = (items: readonly Item[]): number => items.reduce((n, i) => n + (i.kind === "matrix" && i.turned ? 1 : 0), 0);
// A product and its transpose are one form, the one with fewer transposes in it.
function isCanonical(items: readonly Item[]): boolean {
  const other = turnedItems(items);
  const [a, b] = [turns(items), turns(other)];
  if (a !== b) return a < b;
  for (const [i, item] of items.entries()) {
    const difference = item.form.id - (other[i] as Item).form.id;
    if (difference !== 0) return difference < 0;
  }
  return true;
}
const canonical = (items: readonly Item[]): readonly Item[] => (isCanonical(items) || items.length < 2 ? items : turnedItems(items));

/** The sum of all entries. */
export function total(forms: Forms, form: Form): Form {
  if (form.axes.length === 0) return form;
  const size = (d: Dim): Form => forms.make({ kind: "size", dim: d, axes: [] });
  switch (form.kind) {
    case "transpose":
    case "diag":
      return total(forms, form.of);
    case "eye":
      return size(form.axes[0] as Dim);
    case "product": {
      const numbers = form.factors.filter((f) => f.form.axes.length === 0);
      if (numbers.length > 0 || !Q.isOne(form.coefficient)) {
        const pure = product(
          forms,
          Q.ONE,
          form.factors.filter((f) => f.form.axes.length > 0),
          form.axes,
        );
        return product(forms, form.coefficient, [...numbers, { form: total(forms, pure), exponent: Q.ONE }], []);
      }
      if (form.factors.length === 0) return times(forms, number(forms, 1), ...form.axes.map(size));
      if (form.axes.length === 1) break;
      const along0 = form.factors.filter((f) => f.axis === 0);
      const along1 = form.factors.filter((f) => f.axis === 1);
      if (along0.length + along1.length === 0) break;
      const full = form.factors.filter((f) => f.form.axes.length === 2);
      const vectorOf = (list: readonly Factor[], axis: 0 | 1): Form =>
        product(
          forms,
          Q.ONE,
          list.map((f) => ({ form: f.form, exponent: f.exponent })),
          [form.axes[axis] as Dim],
        );
      const [u, v] = [vectorOf(along0, 0), vectorOf(along1, 1)];
      if (full.length === 0) return times(forms, total(forms, u), total(forms, v));
      return dot(forms, u, contract(forms, [product(forms, Q.ONE, full, form.axes)], v));
    }
    case "chain":
      if (form.right === undefined && !forms.claimed.has(form)) {
        const ones = fill(forms, Q.ONE, [form.axes[1] as Dim]);
        return total(forms, contract(forms, [form], ones));
      }
      break;
    case "sum":
      // A widened number or vector is summed by itself.
      if (form.axes.length > 0 && form.terms.some((t) => t.form.axes.length < form.axes.length))
        return sum(
          forms,
          Q.ZERO,
          spread(forms, form, false).map((t) => ({ coefficient: t.coefficient, form: total(forms, t.form) })),
          [],
        );
      break;
  }
  return forms.make({ kind: "reduce", fn: "sum", over: "all", of: form, axes: [] });
}

/** Sums over one axis of a matrix: over the columns of each row for 1. */
export function along(forms: Forms, form: Form, over: 0 | 1): Form {
  if (form.kind === "transpose") return along(forms, form.of, over === 0 ? 1 : 0);
  const kept = form.axes[over === 0 ? 1 : 0] as Dim;
  if (form.kind === "diag") return form.of;
  if (form.kind === "eye") return fill(forms, Q.ONE, [kept]);
  const ones = (): Form => fill(forms, Q.ONE, [form.axes[over] as Dim]);
  const oriented = over === 1 ? form : transpose(forms, form);
  if (form.kind === "chain" && !forms.claimed.has(form)) return contract(forms, [oriented], ones());
  if (form.kind === "product") {
    const full = form.factors.filter((f) => f.form.axes.length === 2);
    const plain = full.length === form.factors.length && Q.isOne(form.coefficient);
    if (full.length === 0) return contract(forms, [oriented], ones());
    if (!plain) {
      const across = form.factors.filter((f) => f.axis === over).map((f) => ({ form: f.form, exponent: f.exponent }));
      const rest = form.factors
        .filter((f) => f.form.axes.length < 2 && f.axis !== over)
        .map((f) => ({ form: f.form, exponent: f.exponent }));
      const core = product(forms, Q.ONE, full, form.axes);
      const inner =
        across.length === 0
          ? along(forms, core, over)
          : contract(forms, [over === 1 ? core : transpose(forms, core)], product(forms, Q.ONE, across, [form.axes[over] as Dim]));
      return product(forms, form.coefficient, [...rest, { form: inner, exponent: Q.ONE }], [kept]);
    }
  }
  return forms.make({ kind: "reduce", fn: "sum", over, of: form, axes: [kept] });
}

/** The entries on the diagonal of a square matrix. */
export function diagonal(forms: Forms, form: Form): Form {
  const n = form.axes[0] as Dim;
  switch (form.kind) {
    case "transpose":
      return diagonal(forms, form.of);
    case "diag":
      return form.of;
    case "eye":
      return fill(forms, Q.ONE, [n]);
    case "product":
      return product(
        forms,
        form.coefficient,
        form.factors.map((f) => ({ form: f.form.axes.length === 2 ? diagonal(forms, f.form) : f.form, exponent: f.exponent })),
        [n],
      );
    case "sum":
      return sum(
        forms,
        form.constant,
        form.terms.map((t) => ({ form: t.form.axes.length === 2 ? diagonal(forms, t.form) : t.form, coefficient: t.coefficient })),
        [n],
      );
    case "chain":
      if (!forms.claimed.has(form) && form.items.length > 1) {
        const [first, ...rest] = form.items as [Item, ...Item[]];
        const left = fromItems(forms, [first]);
        const right = contract(
          forms,
          rest.map((i) => fromItems(forms, [i])),
        );
        return along(forms, times(forms, left, transpose(forms, right)), 1);
      }
  }
  return forms.make({ kind: "diagonal", of: form, axes: [n] });
}

/** The trace of a square matrix. */
export function trace(forms: Forms, form: Form): Form {
  if (form.axes.length === 0) return form;
  if (form.kind === "product") {
    const numbers = form.factors.filter((f) => f.form.axes.length === 0);
    const rest = form.factors.filter((f) => f.form.axes.length > 0);
    if (numbers.length > 0 || !Q.isOne(form.coefficient))
      return product(
        forms,
        form.coefficient,
        [...numbers, { form: trace(forms, product(forms, Q.ONE, rest, form.axes)), exponent: Q.ONE }],
        [],
      );
  }
  if (form.kind === "sum")
    return sum(
      forms,
      Q.ZERO,
      spread(forms, form, false).map((t) => ({ coefficient: t.coefficient, form: trace(forms, t.form) })),
      [],
    );
  if (form.kind === "kron") return times(forms, trace(forms, form.left), trace(forms, form.right));
  if (form.kind === "transpose") return trace(forms, form.of);
  if (form.kind === "chain" && form.items.length > 1 && !forms.claimed.has(form)) {
    const [first, ...rest] = form.items as [Item, ...Item[]];
    const right = contract(
      forms,
      rest.map((i) => fromItems(forms, [i])),
    );
    return dot(forms, transpose(forms, fromItems(forms, [first])), right);
  }
  return total(forms, diagonal(forms, form));
}
