// Kronecker products with an identity around diagonal weights, as in Hessians by a matrix:
// (I ⊗ A) diag(vec(F)) (I ⊗ B) is block-diagonal, and (I ⊗ A) diag(vec(F)) (G ⊗ I) diag(vec(H)) (I ⊗ B)
// is (G ⊗ 1 1′) ⊙ Z₁′Z₂ for Z₁ and Z₂ whose rows are Kronecker products of rows (Khatri and
// Rao 1968, Sankhyā A 30).
//
// Invariant: no matrix with a side as long as vec(F) is computed.

import * as Q from "../../base/rational.ts";
import { type Dim, multiplyDims } from "../../expr/dim.ts";
import { isOpenSum, type OpenSum, productsOf, spread, sumOfProducts } from "./distribute.ts";
import { fill, times, transpose } from "./elementwise.ts";
import type { Form, Forms, Item } from "./form.ts";

/** The product of matrices. */
type Contract = (forms: Forms, matrices: readonly Form[]) => Form;

/** Such a product in terms of its blocks or of products of rows; undefined where it is another. */
export function weighted(forms: Forms, items: readonly Item[], contract: Contract): Form | undefined {
  if (items.length < 3 || items.length > 5) return undefined;
  const [before, behind] = [items[0], items[items.length - 1]].map((item) => besideIdentity(forms, item as Item));
  if (before === undefined || behind === undefined || before.isOuter !== behind.isOuter) return undefined;
  const [p, middle, q] = items.slice(1, -1) as [Item, Item?, Item?];
  for (const [i, item] of items.entries()) if (isOpenSum(forms, item)) return ofSummands(forms, items, i, item, contract);
  if (items.length === 3 && p.kind === "diag") return inBlocks(forms, before, p.form, behind, contract);
  const across = middle === undefined ? undefined : besideIdentity(forms, middle);
  if (p.kind !== "diag" || q?.kind !== "diag" || across === undefined || across.isOuter === before.isOuter) return undefined;
  const [left, right] = [ofRows(forms, transposeOf(forms, before), p.form), ofRows(forms, behind, q.form)];
  const pairs = contract(forms, [transpose(forms, left), right]);
  if (isOnes(across.matrix)) return pairs;
  const ones = fill(forms, Q.ONE, [before.matrix.axes[0] as Dim, behind.matrix.axes[1] as Dim]);
  const [outer, inner] = before.isOuter ? [across.matrix, ones] : [ones, across.matrix];
  return times(forms, forms.make({ kind: "kron", left: outer, right: inner, axes: pairs.axes }), pairs);
}

/** M of I ⊗ M, where the identity is the outer matrix, or of M ⊗ I. */
interface Beside {
  readonly isOuter: boolean;
  readonly identity: Dim;
  readonly matrix: Form;
}

function besideIdentity(forms: Forms, item: Item): Beside | undefined {
  if (item.kind !== "matrix" || item.form.kind !== "kron") return undefined;
  const { left, right } = item.form;
  const isOuter = left.kind === "eye";
  if (isOuter === (right.kind === "eye")) return undefined;
  const [eye, matrix] = isOuter ? [left, right] : [right, left];
  return { isOuter, identity: eye.axes[0] as Dim, matrix: item.turned ? transpose(forms, matrix) : matrix };
}

const transposeOf = (forms: Forms, beside: Beside): Beside => ({ ...beside, matrix: transpose(forms, beside.matrix) });

// The matrix F whose vec the weights before M are: one side of it is that of the identity.
function weightsOf(forms: Forms, { isOuter, identity, matrix }: Beside, weights: Form): Form {
  if (weights.kind === "vec") return weights.of;
  const own = matrix.axes[0] as Dim;
  return forms.make({ kind: "unvec", of: weights, axes: isOuter ? [own, identity] : [identity, own] });
}

// Block j is A diag(f_j) B, a row of the matrix of blocks.
function inBlocks(forms: Forms, a: Beside, weights: Form, b: Beside, contract: Contract): Form {
  const f = weightsOf(forms, b, weights);
  const rows = contract(forms, [b.isOuter ? transpose(forms, f) : f, rowKron(forms, transpose(forms, a.matrix), b.matrix)]);
  return blocks(forms, rows, b.isOuter ? "blocksleft" : "blocksright", b.identity, [a.matrix.axes[0] as Dim, b.matrix.axes[1] as Dim]);
}

/** Blocks of one shape, a row of a matrix for each, put where they belong: beside the identity that is the outer or the inner matrix. */
export function blocks(forms: Forms, rows: Form, fn: "blocksleft" | "blocksright", count: Dim, [height, width]: readonly [Dim, Dim]): Form {
  const size = forms.make({ kind: "size", dim: height, axes: [] });
  return forms.make({ kind: "call", fn, args: [rows, size], axes: [multiplyDims(count, height), multiplyDims(count, width)] });
}

/** What is put where, of a form that is such blocks: the matrix with a row for each, and their height. */
export const blocksIn = (form: Form): { readonly fn: string; readonly rows: Form; readonly size: Form } | undefined =>
  form.kind === "call" && form.fn.startsWith("blocks")
    ? { fn: form.fn, rows: form.args[0] as Form, size: form.args[1] as Form }
    : undefined;

// diag(vec(F)) (I ⊗ B) as one row of products for every row of B.
function ofRows(forms: Forms, b: Beside, weights: Form): Form {
  const f = weightsOf(forms, b, weights);
  return b.isOuter ? rowKron(forms, f, b.matrix) : rowKron(forms, b.matrix, transpose(forms, f));
}

/** Row by row the Kronecker product. */
export const rowKron = (forms: Forms, a: Form, b: Form): Form =>
  forms.make({ kind: "call", fn: "rowkron", args: [a, b], axes: [a.axes[0] as Dim, multiplyDims(a.axes[1] as Dim, b.axes[1] as Dim)] });

const isOnes = (form: Form): boolean => form.kind === "product" && form.factors.length === 0 && Q.isOne(form.coefficient);

// A sum between the weights, multiplied out where every summand is such a product.
function ofSummands(forms: Forms, items: readonly Item[], at: number, { form, turned }: OpenSum, contract: Contract): Form | undefined {
  const parts = productsOf(forms, items, at, spread(forms, form, turned), contract);
  return parts.some((part) => isLong(forms, part.form)) ? undefined : sumOfProducts(forms, items, parts);
}

// Whether a product is left that has a Kronecker product with an identity among its matrices.
const isLong = (forms: Forms, form: Form): boolean =>
  form.kind === "product"
    ? form.factors.some((f) => isLong(forms, f.form))
    : form.kind === "chain" && form.items.some((item) => besideIdentity(forms, item) !== undefined);
