// The summands of a + b − c, and the tree they make.
//
// Invariant: brackets end a chain: of a + (b + c) the second summand is b + c.

import { join } from "../../base/span.ts";
import type { BinaryTree, Tree } from "../../syntax/tree.ts";

/** One of several summands. */
export interface Addend {
  readonly tree: Tree;
  readonly negative: boolean;
  /** As written: + − or nothing. */
  readonly sign: string;
}

/** A sum or a difference. */
export type Addition = BinaryTree & { readonly op: "plus" | "minus" };
export const isAddition = (tree: Tree): tree is Addition => tree.kind === "binary" && (tree.op === "plus" || tree.op === "minus");

/** a + b − c as one sum of three, unless brackets say otherwise. */
export function addendsOf(tree: Addition): Addend[] {
  const out: Addend[] = [];
  let at: Tree = tree;
  while (isAddition(at) && (at === tree || at.grouped !== true)) {
    out.push({ tree: at.right, negative: at.op === "minus", sign: at.sign });
    at = at.left;
  }
  out.push({ tree: at, negative: false, sign: "" });
  return out.reverse();
}

/** The tree of summands, of which the first has no sign of its own. */
export const chainOf = ([first, ...rest]: readonly [Addend, ...Addend[]]): Tree =>
  rest.reduce<Tree>(
    (left, { tree: right, negative, sign }) => ({
      kind: "binary",
      op: negative ? "minus" : "plus",
      sign,
      left,
      right,
      span: join(left.span, right.span),
    }),
    first.tree,
  );
