// A definition p_i = exp(z_i)/… names one entry, at the fixed index i. Where p_j stands as well, p, or p_i in a sum
// over i, every entry was meant, which such a definition does not say.
//
// Invariant: a name that is declared or defined itself is no such entry.

import { children, type DefinitionTree, type NameTree, type Tree } from "../syntax/tree.ts";
import { refuse } from "./mismatch.ts";
import type { Sourced } from "./request.ts";
import { entryName } from "./target.ts";
import type { Context } from "./term.ts";

/** Refuses other entries of what a definition names one entry of, in the trees behind it. */
export function refuseOtherEntries(
  { scope }: Context,
  { name, value }: DefinitionTree,
  known: readonly string[],
  behind: readonly Sourced<Tree>[],
): void {
  const defined = entryName(name);
  if (defined === undefined || defined.at.length > 1 || isNumber(defined.at[0])) return;
  const { name: stem, at } = defined;
  const [index] = at;
  const model = namesIn(value).find(({ name: n }) => entryName(n)?.at.includes(index))?.name;
  if (model === undefined) return;
  const isTaken = (n: string): boolean => n !== name && (known.includes(n) || scope.variables.has(n) || scope.unknowns.has(n));
  for (const { tree, source } of behind)
    for (const { name: other, span, bound } of namesIn(tree)) {
      const entry = entryName(other);
      const isMeant = other === stem || (entry?.name === stem && entry.at.length === 1);
      if (!isMeant || isTaken(other) || (other === name && !bound.includes(index))) continue;
      refuse(
        { source, span },
        "declaration",
        `${name} = … defines one entry of ${stem}, at the fixed index ${index}, and ${other === name ? `the sum runs over ${index}` : `${other} is ${other === stem ? "all of it" : "another"}`}`,
        `${stem} = … for all entries at once, with ${entryName(model)?.name} for ${model}, as in p = exp(z)/sum(exp(z))`,
      );
    }
}

const isNumber = (index: string): boolean => /^\d/.test(index);

// Every name in a tree, with the indices of the sums around it.
function namesIn(root: Tree): (NameTree & { readonly bound: readonly string[] })[] {
  const out: (NameTree & { readonly bound: readonly string[] })[] = [];
  const open: [tree: Tree, bound: readonly string[]][] = [[root, []]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [tree, around] = next;
    if (tree.kind === "name") out.push({ ...tree, bound: around });
    const bound = tree.kind === "sum" ? [...around, ...tree.indices.map((i) => i.name)] : around;
    for (const part of children(tree).toReversed()) open.push([part, bound]);
  }
  return out;
}
