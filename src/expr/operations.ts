// How long a term is to a reader: the operations that its text states.
//
// What counts: every operator and function application of the tree is one operation,
// a shared term as often as it is written. A sum of k terms is k − 1. A minus is one,
// except as the sign of a later term of a sum, where the sum has counted it, or before a
// number. A stack is one however many cells and rows it has. Names, numbers (fractions
// too), constants, ones, zeros, identities, unit vectors, entries and the expansion of a
// scalar are none. A transpose is one.

import { type Apply, type Expr, fold, isApply } from "./expr.ts";
import { isConstantOperator } from "./operators.ts";

/** Operators whose text begins with that of their first argument. */
const LED: ReadonlySet<string> = new Set(["expand", "mul", "hadamard", "div", "hdiv"]);

/** The number of operations that the written term has; infinite only where the text itself would be. */
export const countOperations = (expr: Expr): number =>
  fold<number>(
    expr,
    (node, args) => {
      let total = own(node);
      for (const count of args) total += count;
      return total;
    },
    counts,
  );

const counts = new WeakMap<Expr, number>();

function own(node: Expr): number {
  switch (node.kind) {
    case "apply":
      return applied(node);
    case "indexSum":
      return 1;
    case "unknown":
      return 1 + node.derivatives.length;
    default:
      return 0;
  }
}

const isNumber = (e: Expr | undefined): boolean => e?.kind === "num";

/** Whether the text of a term begins with a number: 2*x, 1/x. */
export function startsWithNumber(expr: Expr | undefined): boolean {
  let first = expr;
  while (first?.kind === "apply" && LED.has(first.op)) first = first.args[0];
  return isNumber(first);
}

function applied(node: Apply): number {
  if (isConstantOperator(node.op) || node.op === "expand") return 0;
  switch (node.op) {
    case "add":
      return node.args.length - 1 - node.args.slice(1).filter((a) => isApply(a, "neg") && !startsWithNumber(a.args[0])).length;
    case "neg":
      return startsWithNumber(node.args[0]) ? 0 : 1;
    case "div":
      return node.args.every(isNumber) ? 0 : 1;
    case "vcat":
      return node.args.length === 1 ? 0 : 1 - node.args.filter((a) => isApply(a, "hcat")).length;
    case "hcat":
      return node.args.length === 1 ? 0 : 1;
    default:
      return 1;
  }
}
