// x and y of [x^2*y; 5*x + sin(y)] and t of [cos(t), -sin(t); sin(t), cos(t)]*p: small letters in rows and columns of formulas
// about numbers are numbers.
//
// Invariant: what is noted here is a preference; shapes that contradict it win (kinds.ts). Lists such as [x; 1] and
// [x + y; x - y], which mean the same of vectors, have no formula.

import { children, namesInTrees, type StackTree, subtrees, type Tree } from "../../syntax/tree.ts";
import { kindOf } from "../terms/maps.ts";
import type { Context } from "../terms/term.ts";

/** Notes the names in a tree that stand in what has rows and columns, in a list of formulas that is all of the tree, or beside a product of names. */
export function noteFormulas(ctx: Context, root: Tree): void {
  for (const tree of subtrees([root])) {
    if (tree.kind !== "stack") continue;
    const entries = tree.rows.flat();
    // What holds another list ends at once, so that lists within lists are read once.
    if (entries.every((entry) => isOfNumbers(ctx, entry)) && (isGrid(tree) || hasFormula(ctx, entries, tree === root)))
      for (const name of namesInTrees(entries)) ctx.scope.numbers.add(name);
  }
}

const isGrid = ({ rows }: StackTree): boolean => rows.length > 1 && (rows[0]?.length ?? 0) > 1;

// Whether nothing in an entry belongs to vectors and matrices alone.
function isOfNumbers(ctx: Context, entry: Tree): boolean {
  for (const tree of subtrees([entry])) {
    if (tree.kind === "name") {
      if (kindOf(ctx, tree.name) === "matrix" || ctx.scope.vectors.has(tree.name)) return false;
    } else if (tree.kind === "call") {
      if (!isElementwise(ctx, tree.name)) return false;
    } else if (tree.kind === "binary") {
      if (!OF_NUMBERS.has(tree.op)) return false;
    } else if (tree.kind !== "number" && tree.kind !== "prefix") return false;
  }
  return true;
}

const OF_NUMBERS: ReadonlySet<string> = new Set(["plus", "minus", "times", "divide", "power"]);

const isElementwise = ({ scope }: Context, name: string): boolean => scope.functions.find(name, 1)?.elementwise === true;

// Whether there is a product or a quotient of names, which vectors do not have; or, in a list by itself, a function or a power.
function hasFormula(ctx: Context, entries: readonly Tree[], isAlone: boolean): boolean {
  const named = new Set<Tree>();
  // Parts come before what they are in.
  return [...subtrees(entries)].reverse().some((tree) => {
    const parts = children(tree).filter((part) => named.has(part));
    if (parts.length > 0 || (tree.kind === "name" && kindOf(ctx, tree.name) === "vector")) named.add(tree);
    if (tree.kind === "call") return isAlone && isElementwise(ctx, tree.name);
    if (tree.kind !== "binary") return false;
    return tree.op === "power" ? isAlone : parts.length === 2 && (tree.op === "times" || tree.op === "divide");
  });
}
