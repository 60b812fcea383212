// The indices of sums in a term: at which an entry is taken, and which stand open in a part,
// bound by no sum within it; and terms at other indices. A part with an open index has no value
// of its own.
//
// Invariant: an index is known by its name; a sum binds its own in all of its body and nowhere
// else. Nothing here recurses.

import { entry, withArgs } from "./build.ts";
import { type Entry, type Expr, fold, type Index, type Memo } from "./expr.ts";
import type { FunctionInfo } from "./functions.ts";

/** An index of a sum. */
export type NamedIndex = Index & { readonly kind: "bound" };

/** Indices by name, in order of first occurrence. */
export type Indices = ReadonlyMap<string, NamedIndex>;

const NONE: Indices = new Map();

/** The indices of sums at which an entry is taken. */
export const boundAt = ({ at }: Entry): NamedIndex[] => at.filter((i) => i.kind === "bound");

/** The indices that stand open in each part of a term; the memo keeps those of parts that are known. */
export function openIndices(root: Expr, open = new Map<Expr, Indices>()): ReadonlyMap<Expr, Indices> {
  fold<Indices>(
    root,
    (node, args) => {
      let all = NONE;
      for (const arg of args) all = union(all, arg);
      if (node.kind === "entry") for (const index of boundAt(node)) all = union(all, new Map([[index.name, index]]));
      return node.kind === "indexSum" && all.has(node.index) ? without(all, node.index) : all;
    },
    open,
  );
  return open;
}

/** Whether an index stands open in the term as a whole. */
export const isOpen = (term: Expr): boolean => (openIndices(term).get(term) ?? NONE).size > 0;

/** The entry at other indices in the place of those of sums; of another term, where one is given. */
export function moved(e: Entry, to: (index: NamedIndex) => Index, of: Expr = e.args[0] as Expr): Entry {
  const [row, col] = e.at.map((i): Index => (i.kind === "bound" ? to(i) : i));
  return entry(of, [row as Index, col as Index]);
}

/** The term with other indices in the place of those of sums; the memo takes what each of its parts becomes. */
export function reindexed(
  term: Expr,
  to: (index: NamedIndex) => Index,
  find: (name: string) => FunctionInfo | undefined,
  memo?: Memo<Expr>,
): Expr {
  return fold<Expr>(term, (e, args) => (e.kind === "entry" ? moved(e, to, args[0]) : withArgs(e, args, find)), memo);
}

function union(a: Indices, b: Indices): Indices {
  if (b.size === 0 || a === b) return a;
  if (a.size === 0) return b;
  return [...b.keys()].every((name) => a.has(name)) ? a : new Map([...a, ...b]);
}

function without(all: Indices, name: string): Indices {
  const rest = new Map(all);
  rest.delete(name);
  return rest.size === 0 ? NONE : rest;
}
