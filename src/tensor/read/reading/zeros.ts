// Zeros that only show when a bracket is read: 1 − (p + q)/(p + q) in front of p. They take
// with them what they are multiplied by, and leave sums.
//
// Invariant: value and shape stay the same wherever the answer has a value.

import * as build from "../../../expr/build.ts";
import { type Apply, type Expr, fold, isZeroTerm, nodes } from "../../../expr/expr.ts";
import type { FunctionInfo } from "../../../expr/functions.ts";
import { isScalarShape, sameShape } from "../../../expr/shape.ts";

const zeroLike = ({ shape }: Expr): Expr => (isScalarShape(shape) ? build.num(0) : build.zeros(shape.rows, shape.cols));

/** The term without products by zero and without summands that are zero. */
export function withoutZeros(expr: Expr, find: (name: string) => FunctionInfo | undefined): Expr {
  if (isZeroTerm(expr) || !nodes(expr).some(isZeroTerm)) return expr;
  return fold<Expr>(expr, (node, args) => {
    if (node.kind !== "apply" || !args.some(isZeroTerm)) return build.withArgs(node, args, find);
    return vanishing(node, args) ?? build.withArgs(node, args, find);
  });
}

function vanishing(node: Apply, args: readonly Expr[]): Expr | undefined {
  switch (node.op) {
    case "add": {
      const rest = args.filter((a) => !isZeroTerm(a));
      // A number among matrices stands in every entry; what it is added to gives the shape.
      if (rest.length > 0 && !rest.some((a) => sameShape(a.shape, node.shape))) return undefined;
      return rest.length === 0 ? zeroLike(node) : build.add(...rest);
    }
    case "mul":
    case "hadamard":
    case "kron":
    case "neg":
    case "transpose":
    case "diag":
      return zeroLike(node);
    case "div":
    case "hdiv":
      return isZeroTerm(args[0] as Expr) ? zeroLike(node) : undefined;
    default:
      return undefined;
  }
}
