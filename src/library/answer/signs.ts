// Which powers are even, and which exponents whole, whatever the values of the variables are.
//
// Not here: what is known of signs (known.ts).

import { type Apply, type Expr, isZeroTerm, nodes, unexpanded } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";

/** x of x² and of |x|, which are positive where x is not zero. */
export function evenRoot(e: Expr, library: Library): Expr {
  let root = e;
  while (root.kind === "apply") {
    const power = (root.op === "pow" || root.op === "hpow") && evenPower(root);
    const size = root.args.length === 1 && library.functions.find(root.op)?.kinks === true && isSquareSmooth(root, library);
    if (!power && !size) return root;
    root = root.args[0] as Expr;
  }
  return root;
}

/** Whether a power is an even one, of a number or element-wise. */
export function evenPower(node: Apply): boolean {
  return (isScalarShape(node.shape) || node.op === "hpow") && isEven(node.args[1] as Expr);
}

/** Whether a term is written as an even whole number above 0. */
export const isEven = (e: Expr): boolean => e.kind === "num" && e.value.d === 1n && e.value.n % 2n === 0n && e.value.n > 0n;

const WHOLE_OPERATORS: ReadonlySet<string> = new Set(["add", "mul", "neg"]);

/** Whether a term is written as 0, in every entry. */
export const isZero = (term: Expr): boolean => isZeroTerm(unexpanded(term));

/** Whether an exponent is made of whole numbers and sizes. */
export const isWhole = (exponent: Expr): boolean =>
  nodes(exponent).every((e) =>
    e.kind === "num" ? e.value.d === 1n : e.kind === "apply" ? WHOLE_OPERATORS.has(e.op) || e.op === "expand" : e.kind === "dim",
  );

/** Whether the even powers of a function with kinks have none, as the square of a norm. */
export const isSquareSmooth = (node: Apply, library: Library): boolean => library.functions.find(node.op)?.smoothSquare === true;
