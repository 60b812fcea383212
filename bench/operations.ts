// How long an answer is as a DAG: what a program of it would do, parts that occur often
// counted once, as the hand counts of bench/cases.ts are made.
//
// Invariants: an n-ary node counts n − 1, a minus inside a sum nothing, transposes and what
// only names or widens a number nothing, every other operation one.

import type { Expr } from "../src/index.ts";

const FREE: ReadonlySet<string> = new Set(["transpose", "expand", "ones", "zeros", "eye", "unit"]);

/** Operations of a term and of terms that its parts are named for. */
export function dagOperations(root: Expr, nodes: (root: Expr) => readonly Expr[]): number {
  const all = nodes(root);
  const summed = new Set(all.flatMap((e) => (e.kind === "apply" && e.op === "add" ? e.args.slice(1) : [])));
  // A minus that stands nowhere but in sums is the sum's.
  const elsewhere = new Set(all.flatMap((e) => (e.kind === "apply" && e.op === "add" ? e.args.slice(0, 1) : [...e.args])));
  return all.reduce((count, e) => count + own(e, summed.has(e) && !elsewhere.has(e)), 0);
}

function own(e: Expr, termOfSum: boolean): number {
  if (e.kind === "indexSum" || e.kind === "unknown") return 1;
  if (e.kind !== "apply" || FREE.has(e.op)) return 0;
  const numbers = e.args.every((a) => a.kind === "num");
  switch (e.op) {
    case "add":
    case "vcat":
    case "hcat":
      return e.args.length - 1;
    case "neg":
      return termOfSum || numbers ? 0 : 1;
    case "div":
      return numbers ? 0 : 1;
    default:
      return 1;
  }
}
