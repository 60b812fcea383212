// How much work a product of matrices is: sizes are unknown when code is written, so names
// stand for typical ones, and orders of multiplication are compared by their multiplications.
//
// Not here: which order a plan takes, knowing what has been computed already (src/codegen/plan).

import { dictionary } from "../../base/dictionary.ts";
import { type Dim, dimNames, evaluateDim } from "../../expr/dim.ts";
import type { Form, Item } from "./form.ts";
import { colsOf, rowsOf } from "./items.ts";

// biome-ignore format: a table is read by columns
/** Sizes that names stand for while orders of multiplication are compared: ranks and counts of classes are small, samples are many. */
const TYPICAL = dictionary<number>({ k: 10, r: 10, q: 20, c: 10, m: 200, N: 200, M: 200 });
const USUAL = 100;

/** The number that a size counts as; `sizes` states what is known. */
export const typicalSize = (dim: Dim, sizes: ReadonlyMap<string, number> = new Map()): number =>
  evaluateDim(dim, new Map(dimNames(dim).map((name) => [name, sizes.get(name) ?? TYPICAL[name] ?? USUAL])));

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
    const [left, right] = [i === k ? items[i] : undefined, k + 1 === j ? items[j] : undefined];
    // An inverse is solved with where it meets a matrix, and computed where it meets a diagonal.
    if (left?.kind === "diag") return right?.form.kind === "inverse" ? 2 * b * c * c : b * c;
    if (right?.kind === "diag") return left?.form.kind === "inverse" ? 2 * a * b * b : a * b;
    return 2 * a * b * c;
  };
  for (let length = 2; length <= n; length++)
    for (let i = 0; i + length <= n; i++) {
      const j = i + length - 1;
      let best = Number.POSITIVE_INFINITY;
      const consider = (k: number): void => {
        const w = (work[i]?.[k] ?? 0) + (work[k + 1]?.[j] ?? 0) + joint(i, k, j);
        if (w >= best) return;
        best = w;
        (at[i] as number[])[j] = k;
      };
      // A diagonal at the end is met last where that costs no more: other products need what stands before it.
      if (items[j]?.kind === "diag") consider(j - 1);
      for (let k = i; k < j; k++) consider(k);
      (work[i] as number[])[j] = known?.(i, j) === true ? 0 : best;
    }
  return { work: (work[0] as number[])[n - 1] as number, split: (i, j) => (i === j ? undefined : (at[i] as number[])[j]) };
}

/** The multiplications of a product in its cheapest order. */
export const chainWork = (items: readonly Item[]): number => association(items).work;

/** The multiplications between matrices in a form, as far as its sums and products show them. */
export function formWork(form: Form): number {
  switch (form.kind) {
    case "chain":
      return chainWork(form.items);
    case "transpose":
      return formWork(form.of);
    case "product":
      return form.factors.reduce((w, f) => w + formWork(f.form), 0);
    case "sum":
      return form.terms.reduce((w, t) => w + formWork(t.form), 0);
    default:
      return 0;
  }
}
