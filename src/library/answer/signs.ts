// Signs: which parts of an expression are positive, and which exponents whole, whatever the
// values of the variables are.
//
// Invariant: only certain signs are claimed. Not here: what follows for domains and kinks.

import { hasAttribute } from "../../expr/attributes.ts";
import { type Apply, type Expr, fold, isZeroTerm, nodes, unexpanded } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";

/** What is known of the sign of a part, the more the larger. */
const [UNKNOWN, NONNEGATIVE, POSITIVE] = [0, 1, 2];

/** Parts all of whose entries are positive whatever the variables are. */
export function positiveParts(expr: Expr, library: Library): ReadonlySet<Expr> {
  const out = new Set<Expr>();
  fold<number>(expr, (node, args) => {
    const sign = signOf(node, args, library);
    if (sign === POSITIVE) out.add(node);
    return sign;
  });
  return out;
}

function signOf(node: Expr, args: readonly number[], library: Library): number {
  const least = Math.min(...args);
  if (node.kind === "num") return node.value.n > 0n ? POSITIVE : node.value.n === 0n ? NONNEGATIVE : UNKNOWN;
  if (node.kind === "constant" || node.kind === "dim") return POSITIVE;
  if (node.kind === "var") return hasAttribute(node, "positive") ? POSITIVE : UNKNOWN;
  if (node.kind === "entry" || node.kind === "indexSum") return least;
  if (node.kind !== "apply") return UNKNOWN;
  const range = library.functions.find(node.op)?.range;
  if (range !== undefined) return range === "positive" ? POSITIVE : NONNEGATIVE;
  switch (node.op) {
    case "ones":
      return POSITIVE;
    case "add":
      return least === UNKNOWN ? UNKNOWN : Math.max(...args);
    case "hadamard":
    case "div":
    case "hdiv":
    case "sum":
    case "expand":
    case "transpose":
      return least;
    case "mul":
      return node.args.some((a) => isScalarShape(a.shape)) ? least : UNKNOWN;
    case "pow":
    case "hpow":
      return evenPower(node) ? Math.max(NONNEGATIVE, args[0] as number) : args[0] === POSITIVE ? POSITIVE : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

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
