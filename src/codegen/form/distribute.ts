// Sums as factors of matrix products, multiplied out where that takes less work: a sum of light
// matrices applied to a vector, and (U V′ − T) V; and Kronecker products applied to a vector.
//
// Invariant: a sum that is computed in any case is not taken apart.

import * as Q from "../../base/rational.ts";
import { type Dim, isOneDim, sameDims } from "../../expr/dim.ts";
import { broadcast, fill, sum, transpose } from "./elementwise.ts";
import type { Form, Forms, Item } from "./form.ts";
import { colsOf, fromItems, rowsOf } from "./items.ts";
import { chainWork, formWork } from "./work.ts";

/** The product of matrices, met with a vector where there is one. */
type Contract = (forms: Forms, matrices: readonly Form[], vector?: Form) => Form;

interface Part {
  readonly coefficient: Q.Rational;
  readonly form: Form;
}

/** The terms of a sum as matrices, of its transpose where turned. */
export function spread(forms: Forms, form: Form & { kind: "sum" }, turned: boolean): Part[] {
  const turn = (f: Form): Form => (turned ? transpose(forms, f) : f);
  const parts = form.terms.map((t) => ({ coefficient: t.coefficient, form: turn(broadcast(forms, t, form.axes)) }));
  return Q.isZero(form.constant) ? parts : [...parts, { coefficient: form.constant, form: turn(fill(forms, Q.ONE, form.axes)) }];
}

/** A sum of light matrices applied to a vector term by term, a Kronecker product by its sides; undefined where the item is neither. */
export function applied(forms: Forms, item: Item, right: Form, contract: Contract): Form | undefined {
  const { form } = item;
  if (item.kind === "matrix" && form.kind === "kron") return kronApplied(forms, form, item.turned, right, contract);
  if (form.kind !== "sum" || forms.claimed.has(form) || !form.terms.every((t) => isLight(t.form))) return undefined;
  const turned = item.kind === "matrix" && item.turned;
  const parts = spread(forms, form, turned).map((p) => ({ coefficient: p.coefficient, form: contract(forms, [p.form], right) }));
  return sum(forms, Q.ZERO, parts, [form.axes[turned ? 1 : 0] as Dim]);
}

// (A ⊗ B) vec(X) = vec(B X A′)
function kronApplied(forms: Forms, { left, right, axes }: Kron, turned: boolean, vector: Form, contract: Contract): Form | undefined {
  if ([...left.axes, ...right.axes].some(isOneDim)) return undefined;
  const [a, b] = turned ? [transpose(forms, left), transpose(forms, right)] : [left, right];
  const x = forms.make({ kind: "unvec", of: vector, axes: [b.axes[1] as Dim, a.axes[1] as Dim] });
  const of = contract(forms, [b, vector.kind === "vec" && sameDims(vector.of.axes, x.axes) ? vector.of : x, transpose(forms, a)]);
  return forms.make({ kind: "vec", of, axes: [axes[turned ? 1 : 0] as Dim] });
}

type Kron = Form & { readonly kind: "kron" };

/** A factor that is a sum and may be taken apart. */
export type OpenSum = Item & { readonly kind: "matrix"; readonly form: { readonly kind: "sum" } };
export const isOpenSum = (forms: Forms, item: Item): item is OpenSum =>
  item.kind === "matrix" && item.form.kind === "sum" && !forms.claimed.has(item.form);

/** A product with each of the terms in one place. */
export const productsOf = (forms: Forms, items: readonly Item[], at: number, terms: readonly Part[], contract: Contract): Part[] =>
  terms.map((t) => ({
    coefficient: t.coefficient,
    form: contract(
      forms,
      items.map((item, i) => (i === at ? t.form : fromItems(forms, [item]))),
    ),
  }));

/** The sum of such products. */
export const sumOfProducts = (forms: Forms, items: readonly Item[], parts: readonly Part[]): Form =>
  sum(forms, Q.ZERO, parts, [rowsOf(items[0] as Item), colsOf(items[items.length - 1] as Item)]);

/** A product with a sum among its factors multiplied out; undefined where that takes no less work. */
export function opened(forms: Forms, items: readonly Item[], contract: Contract): Form | undefined {
  for (const [i, item] of items.entries()) {
    if (!isOpenSum(forms, item) || !item.form.terms.some((t) => t.form.kind === "chain" || isOuter(t.form))) continue;
    const terms = spread(forms, item.form, item.turned);
    const apart = productsOf(forms, items, i, terms, contract);
    const together = terms.reduce((w, p) => w + ownWork(p.form), chainWork(items));
    if (apart.reduce((w, p) => w + formWork(p.form), 0) < together) return sumOfProducts(forms, items, apart);
  }
  return undefined;
}

// The multiplications of a product of matrices or its transpose.
function ownWork(form: Form): number {
  const of = form.kind === "transpose" ? form.of : form;
  return of.kind === "chain" ? chainWork(of.items) : 0;
}

// Applied to a vector, such a matrix costs no more than a matrix that is there already.
const isLight = (form: Form): boolean =>
  form.axes.length < 2 ||
  form.kind === "input" ||
  form.kind === "eye" ||
  form.kind === "diag" ||
  form.kind === "kron" ||
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
