// The parts of a product: factors joined, over however many others, by labels that are summed.
//
// Invariant: each factor is in one part, and parts and factors keep the order of the factors.
// Not here: what becomes of a part without free labels (src/tensor/product/product.ts).

import type { Factor } from "./tensor.ts";

/** The factors grouped by the summed labels they share. */
export function components(factors: readonly Factor[], rank: number): Factor[][] {
  const parent = factors.map((_, i) => i);
  const find = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r] as number;
    for (let j = i; parent[j] !== r; ) [parent[j], j] = [r, parent[j] as number];
    return r;
  };
  const owner = new Map<number, number>();
  factors.forEach((f, i) => {
    for (const s of f.slots) {
      if (typeof s !== "number" || s < rank) continue;
      const other = owner.get(s);
      if (other === undefined) owner.set(s, i);
      else parent[find(i)] = find(other);
    }
  });
  const parts = new Map<number, Factor[]>();
  factors.forEach((f, i) => {
    const root = find(i);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [f]);
    else part.push(f);
  });
  return [...parts.values()];
}
