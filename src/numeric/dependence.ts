// Which parts of a term depend on variables. Programs rerun their instructions by these answers.
//
// Invariant: every function here visits each node of the DAG once and never recurses. Not here:
// the indices of sums that a part depends on (src/expr/indices.ts).

import { type Expr, fold } from "../expr/expr.ts";

/** Whether a variable of this name occurs in each node. */
export const dependents = (root: Expr, name: string): Map<Expr, boolean> => {
  const memo = new Map<Expr, boolean>();
  fold<boolean>(root, (node, args) => (node.kind === "var" ? node.name === name : args.includes(true)), memo);
  return memo;
};

/** Whether each node changes with the point: it has a variable in it. */
export function varyingNodes(root: Expr): Map<Expr, boolean> {
  const memo = new Map<Expr, boolean>();
  fold<boolean>(root, (node, args) => node.kind === "var" || args.includes(true), memo);
  return memo;
}
