// The factors of a product of matrices as a list: turned around, put into the one order that a
// product and its transpose share, written as a form again.

import type { Dim } from "../../expr/dim.ts";
import { transpose } from "./elementwise.ts";
import type { Form, Forms, Item } from "./form.ts";
import { isAcross } from "./symmetric.ts";

/** The rows of what a factor of a product stands for. */
export const rowsOf = (i: Item): Dim => i.form.axes[i.kind === "matrix" && i.turned ? 1 : 0] as Dim;
/** The columns of what a factor of a product stands for. */
export const colsOf = (i: Item): Dim => i.form.axes[i.kind === "matrix" && !i.turned ? 1 : 0] as Dim;

/** What tells a factor from others. */
export const itemKey = (i: Item): string => `${i.form.id}${i.kind === "diag" ? "d" : i.turned ? "t" : ""}`;

/** A matrix as a factor, or its transpose where turned; a symmetric one is never turned. */
export const asItem = (form: Form, turned: boolean): Item => ({ kind: "matrix", form, turned: turned && !form.symmetric });

/** The factors of the transpose. */
export const turnedItems = (items: readonly Item[]): Item[] =>
  items.map((i): Item => (i.kind === "diag" ? i : asItem(i.form, !i.turned))).reverse();

/** The product of items as a form, as it stands. */
export function fromItems(forms: Forms, items: readonly Item[]): Form {
  const [first, ...more] = items as [Item, ...Item[]];
  if (more.length === 0) {
    if (first.kind === "matrix") return first.turned ? transpose(forms, first.form) : first.form;
    const n = first.form.axes[0] as Dim;
    return forms.make({ kind: "diag", of: first.form, axes: [n, n] });
  }
  return forms.make({ kind: "chain", items, right: undefined, axes: [rowsOf(first), colsOf(more[more.length - 1] as Item)] });
}

/** half′ diag(middle) half, where a product is that. */
export function palindrome(items: readonly Item[]): { half: readonly Item[]; middle: Form | undefined } | undefined {
  const n = items.length;
  if (n < 2) return undefined;
  for (let i = 0; i < Math.floor(n / 2); i++) if (!isAcross(items[i] as Item, items[n - 1 - i] as Item)) return undefined;
  const half = items.slice(Math.ceil(n / 2));
  if (n % 2 === 0) return { half, middle: undefined };
  const middle = items[Math.floor(n / 2)] as Item;
  return middle.kind === "diag" ? { half, middle: middle.form } : undefined;
}

/** Whether a product is the one of itself and its transpose that is computed: the one with fewer transposes in it. */
export function isCanonical(items: readonly Item[]): boolean {
  const other = turnedItems(items);
  const [a, b] = [turns(items), turns(other)];
  if (a !== b) return a < b;
  for (const [i, item] of items.entries()) {
    const difference = item.form.id - (other[i] as Item).form.id;
    if (difference !== 0) return difference < 0;
  }
  return true;
}

const turns = (items: readonly Item[]): number => items.reduce((n, i) => n + (i.kind === "matrix" && i.turned ? 1 : 0), 0);
