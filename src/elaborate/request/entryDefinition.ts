// A definition p_i = exp(z_i)/… names one entry, at the fixed index i. Where p_j stands as well, p, or p_i in a sum
// over i, or something depends on p, every entry is meant: p is the vector Σ_i (exp(z_i)/…) I[:,i] then. So it is of p_ij, a matrix.
//
// Invariant: a name that is declared or defined itself is no such entry.

import { children, type DefinitionTree, type NameTree, type Tree } from "../../syntax/tree.ts";
import { type DefinedEntry, definedEntry, entryName } from "../names/target.ts";
import type { Context } from "../terms/term.ts";
import type { Sourced } from "./request.ts";

/** Definitions, those of one entry as definitions of the whole where the trees behind them mean other entries. */
export function withWholes(
  ctx: Context,
  definitions: readonly Sourced<DefinitionTree>[],
  sides: readonly Tree[],
): readonly Sourced<DefinitionTree>[] {
  const names = definitions.map((d) => d.tree.name);
  const behind = [...sides];
  const out: Sourced<DefinitionTree>[] = [];
  // From the last to the first: an entry behind may have become a vector, and means every entry of what it is made of then.
  for (const d of [...definitions].reverse()) {
    const entry = definedEntry(
      d.tree.name,
      namesIn(d.tree.value).map(({ name }) => name),
    );
    const isWhole = entry !== undefined && meansOthers(ctx, d.tree, entry, names, behind);
    const meant = isWhole ? { ...d, tree: { ...d.tree, name: entry.stem, value: wholeOf(d.tree.value, entry.indices) } } : d;
    behind.push(meant.tree.value);
    out.push(meant);
  }
  return out.reverse();
}

/** Whether trees speak of other entries than the one that is defined. */
function meansOthers(
  { scope }: Context,
  { name }: DefinitionTree,
  { stem, indices }: DefinedEntry,
  known: readonly string[],
  behind: readonly Tree[],
): boolean {
  const isUnder = [...scope.unknowns.values()].some((u) => u.of?.includes(stem) === true);
  if (isUnder && !known.includes(stem) && scope.variables.get(stem)?.declared !== true) return true;
  const isTaken = (n: string): boolean => n !== name && (known.includes(n) || scope.variables.has(n) || scope.unknowns.has(n));
  return behind.some((tree) =>
    namesIn(tree).some(({ name: other, bound }) => {
      const entry = entryName(other);
      const isMeant = other === stem || (entry?.name === stem && entry.at.length === indices.length);
      return isMeant && !isTaken(other) && (other !== name || indices.some((index) => bound.includes(index)));
    }),
  );
}

/** Σ_i v I[:,i] of one index, Σ_i Σ_j v I[:,i] I[:,j]ᵀ of two. */
function wholeOf(value: Tree, indices: readonly string[]): Tree {
  const { span } = value;
  const name = (of: string): NameTree => ({ kind: "name", name: of, applied: false, span });
  const unit = (index: string): Tree => ({ kind: "entry", of: name("I"), at: [{ kind: "all", span }, name(index)], span });
  const [down, across] = indices.map(unit) as [Tree, Tree?];
  const times = (left: Tree, right: Tree): Tree => ({ kind: "binary", op: "times", sign: "", left, right, span });
  const column = times({ ...value, grouped: true }, down);
  const body = across === undefined ? column : times(column, { kind: "transpose", arg: across, span });
  return { kind: "sum", product: false, indices: indices.map((index) => ({ name: index, span })), body, span };
}

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
