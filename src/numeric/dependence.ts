// What the parts of a term depend on: variables and summation indices. Programs place
// and rerun their instructions by these answers.
//
// Every function here visits each node of the DAG once and never recurses.

import { type Expr, fold } from "../expr/expr.ts";

const NO_NAMES: ReadonlySet<string> = new Set();

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

/** The summation indices that each node uses and that are bound above it. */
export function freeIndices(root: Expr): Map<Expr, ReadonlySet<string>> {
  const memo = new Map<Expr, ReadonlySet<string>>();
  fold<ReadonlySet<string>>(
    root,
    (node, args) => {
      let names = NO_NAMES;
      for (const arg of args) names = union(names, arg);
      if (node.kind === "entry") for (const index of node.at) if (index.kind === "bound") names = union(names, new Set([index.name]));
      if (node.kind === "indexSum" && names.has(node.index)) names = new Set([...names].filter((name) => name !== node.index));
      return names;
    },
    memo,
  );
  return memo;
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (b.size === 0 || a === b) return a;
  if (a.size === 0) return b;
  return [...b].every((name) => a.has(name)) ? a : new Set([...a, ...b]);
}
