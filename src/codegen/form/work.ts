// How much work a product of matrices is: sizes are unknown when code is written, so names
// stand for typical ones, and orders of multiplication are compared by their multiplications.
//
// Not here: which order a plan takes, knowing what has been computed already (src/codegen/plan).

import { type Dim, dimNames, evaluateDim } from "../../expr/dim.ts";
import { transpose } from "./elementwise.ts";
import type { Form, Forms, Item } from "./form.ts";

// biome-ignore format: a table is read by columns
/** Sizes that names stand for while orders of multiplication are compared: ranks and counts of classes are small, samples are many. */
const TYPICAL: Readonly<Record<string, number>> = { k: 10, r: 10, q: 20, c: 10, m: 200, N: 200, M: 200 };
const USUAL = 100;

/** The number that a size counts as; `sizes` states what is known. */
export const typicalSize = (dim: Dim, sizes: ReadonlyMap<string, number> = new Map()): number =>
  evaluateDim(dim, new Map(dimNames(dim).map((name) => [name, sizes.get(name) ?? TYPICAL[name] ?? USUAL])));

/** The rows of what a factor of a product stands for. */
export const rowsOf = (i: Item): Dim => i.form.axes[i.kind === "matrix" && i.turned ? 1 : 0] as Dim;
/** The columns of what a factor of a product stands for. */
export const colsOf = (i: Item): Dim => i.form.axes[i.kind === "matrix" && !i.turned ? 1 : 0] as Dim;

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

/** Longer chains are multiplied from the left without a search. */
export const LONGEST_SEARCH = 60;

/** A split of the items from i to j; undefined for one item. */
export type Split = (i: number, j: number) => number | undefined;

/** The least work of a product of matrices, with the splits that reach it; `known` says which parts are computed already. */
export function association(
  items: readonly Item[],
  sizes?: ReadonlyMap<string, number>,
  known?: (i: number, j: number) => boolean,
): { work: number; split: Split } {
  const n = items.length;
  const size = [...items.map((i) => typicalSize(rowsOf(i), sizes)), typicalSize(colsOf(items[n - 1] as Item), sizes)];
  if (n > LONGEST_SEARCH) return { work: 0, split: (i, j) => (i === j ? undefined : j - 1) };
  const work: number[][] = items.map(() => items.map(() => 0));
  const at: number[][] = items.map(() => items.map(() => 0));
  const joint = (i: number, k: number, j: number): number => {
    const [a, b, c] = [size[i] as number, size[k + 1] as number, size[j + 1] as number];
    if (i === k && items[i]?.kind === "diag") return b * c;
    if (k + 1 === j && items[j]?.kind === "diag") return a * b;
    return 2 * a * b * c;
  };
  for (let length = 2; length <= n; length++)
    for (let i = 0; i + length <= n; i++) {
      const j = i + length - 1;
      let best = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const w = (work[i]?.[k] ?? 0) + (work[k + 1]?.[j] ?? 0) + joint(i, k, j);
        if (w < best) {
          best = w;
          (at[i] as number[])[j] = k;
        }
      }
      (work[i] as number[])[j] = known?.(i, j) === true ? 0 : best;
    }
  return { work: (work[0] as number[])[n - 1] as number, split: (i, j) => (i === j ? undefined : (at[i] as number[])[j]) };
}

/** The multiplications of a product in its cheapest order. */
export const chainWork = (items: readonly Item[]): number => association(items).work;
