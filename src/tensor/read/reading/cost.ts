// What a reader counts: the operations of a term as it is printed. Ties between equally
// long forms are decided by brackets, which cost a little.

import { type Expr, isApply, withoutMinus } from "../../../expr/expr.ts";
import { startsWithNumber } from "../../../expr/operations.ts";
import { isMatrixShape } from "../../../expr/shape.ts";

const costs = new WeakMap<Expr, number>();

/** Weight of a bracket around a transposed or raised compound, small against one operation. */
const BRACKET = 1 / 64;
/** The same around a sum of matrices in a product, which decides only between forms that are alike otherwise. */
const BRACKETED_SUM = 1 / 1024;
/** xᵀ − c stands behind (x − c)ᵀ, which needs a bracket. */
const TURNED_INSIDE = 2 * BRACKET;
/** Weights of a column and of a matrix of ones, which the text states although they say little. */
const ONES = 1;
const MATRIX_OF_ONES = 1.5;

/** How long a term is to a reader; shared parts count wherever they stand. */
export function cost(expr: Expr): number {
  const known = costs.get(expr);
  if (known !== undefined) return known;
  // Most terms are made of parts whose cost is known already.
  const stack: Expr[] = [expr];
  while (stack.length > 0) {
    const node = stack[stack.length - 1] as Expr;
    const waiting = node.args.filter((a) => !costs.has(a));
    if (waiting.length > 0) {
      for (const a of waiting) stack.push(a);
      continue;
    }
    stack.pop();
    if (costs.has(node)) continue;
    costs.set(
      node,
      nodeCost(
        node,
        node.args.map((a) => costs.get(a) as number),
      ),
    );
  }
  return costs.get(expr) as number;
}

function nodeCost(node: Expr, args: readonly number[]): number {
  const total = args.reduce((a, b) => a + b, 0);
  switch (node.kind) {
    case "num":
      return node.value.d === 1n ? 0 : 1;
    case "var":
    case "constant":
    case "dim":
      return 0;
    case "entry":
    case "unknown":
      return total;
    case "indexSum":
      return total + 1;
    case "apply":
      if (node.op === "ones" && isMatrixShape(node.shape)) return total + MATRIX_OF_ONES;
      return total + applyCost(node.op, node.args) + (isTurnedInside(node.args) ? TURNED_INSIDE : 0);
  }
}

function applyCost(op: string, args: readonly Expr[]): number {
  switch (op) {
    case "add": {
      // The sign of a later summand is the operation itself.
      const signs = args.filter((a, i) => i > 0 && isApply(a, "neg")).reduce((n, a) => n + negation(a.args), 0);
      return args.length - 1 - signs;
    }
    case "neg":
      return negation(args);
    case "ones":
      // A reader takes diag(s) − s sᵀ before I − 1 sᵀ scaled.
      return ONES;
    case "expand":
    case "zeros":
    case "eye":
    case "unit":
    case "vcat":
    case "hcat":
      return 0;
    case "commutation":
      // Of equally long forms the one without is taken.
      return BRACKET;
    case "mul":
      return 1 + BRACKETED_SUM * args.filter((a) => isApply(a, "add") && isMatrixShape(a.shape)).length;
    case "transpose":
      return 1 + (isCompound(args[0] as Expr) ? BRACKET : 0);
    case "sum":
      // Before sum(u ⊙ v) goes uᵀ v.
      return 1 + 2 * BRACKET;
    case "cases":
      return args.length - 1;
    default:
      return 1;
  }
}

/** Whether a vector alone is transposed beside numbers that are taken for every entry. */
function isTurnedInside(args: readonly Expr[]): boolean {
  if (args.length < 2) return false;
  const parts = args.map(withoutMinus);
  const others = parts.filter((a) => !isApply(a, "expand"));
  return others.length < parts.length && others.length > 0 && others.every((a) => isApply(a, "transpose") && !isMatrixShape(a.shape));
}

/** A minus before a number is the number's sign. */
const negation = (args: readonly Expr[]): number => (startsWithNumber(args[0]) ? BRACKET : 1);

/** Whether a bracket must be put around it; stacks have one of their own. */
const isCompound = (e: Expr): boolean => e.kind === "apply" && e.args.length > 1 && e.op !== "vcat" && e.op !== "hcat";

/** The cheapest of the candidates; the first wins a tie. */
export const cheapest = (candidates: readonly Expr[]): Expr => candidates.reduce(cheaper);

/** The cheaper of two; the first wins a tie. */
export const cheaper = (a: Expr, b: Expr): Expr => (a === b || cost(a) <= cost(b) ? a : b);
