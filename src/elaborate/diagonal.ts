// Summands of a sum over i ≠ j at i = j, where differences of entries are 0. The sum is all
// pairs less these, so that it has a value only where they have one.
//
// Invariant: what is not told to be harmless there is refused. Not here: how the sum is
// taken apart (src/syntax/actions.ts).

import { compare, ONE, rational } from "../base/rational.ts";
import { type Apply, type Expr, fold, unexpanded } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";

/** What a part is where i = j: 0; 0 without a derivative, as a length; without a value; or anything else. */
type AtZero = "zero" | "corner" | "singular" | "other";

type Find = (name: string) => FunctionInfo | undefined;

/** Whether a summand has a value and a derivative although its differences of equal entries are 0. */
export function isRegularAtZero(summand: Expr, find: Find): boolean {
  const at = fold<AtZero>(summand, (e, args) => {
    if (args.includes("singular")) return "singular";
    if (e.kind === "num") return e.value.n === 0n ? "zero" : "other";
    return e.kind === "apply" ? atZero(e, args, find) : "other";
  });
  return at === "zero" || at === "other";
}

/** Operators that are 0 where all, or one, of their arguments are. */
const ZERO_OF_ALL: ReadonlySet<string> = new Set(["neg", "transpose", "expand", "sum", "vec", "diag", "tr", "add"]);
const ZERO_OF_ONE: ReadonlySet<string> = new Set(["mul", "hadamard", "dot", "kron"]);

function atZero(e: Apply, args: readonly AtZero[], find: Find): AtZero {
  const [first, second] = args;
  const corner = args.includes("corner") ? "corner" : "other";
  if (e.op === "div" || e.op === "hdiv") return second === "zero" || second === "corner" ? "singular" : (first as AtZero);
  if (e.op === "pow" || e.op === "hpow") return first === "zero" || first === "corner" ? powerAtZero(e, first) : corner;
  if (e.op === "add" && cancels(e)) return "zero";
  if (ZERO_OF_ALL.has(e.op) && args.every((a) => a === "zero")) return "zero";
  if (ZERO_OF_ONE.has(e.op) && args.includes("zero")) return "zero";
  const info = find(e.op);
  if (info === undefined) return corner;
  const isBorder = info.domains.some((d, i) => !HAS_ZERO.has(d) && (args[i] === "zero" || args[i] === "corner"));
  if (isBorder) return "singular";
  if (info.kinks !== undefined && first === "zero") return info.elementwise ? "zero" : "corner";
  return corner;
}

/** Domains that have 0 inside. */
const HAS_ZERO: ReadonlySet<string> = new Set(["real", "unit", "above-minus-one"]);

/** 0^p: smooth enough for p ≥ 1, of a length for p > 1. */
function powerAtZero({ args }: Apply, base: AtZero): AtZero {
  const exponent = unexpanded(args[1] as Expr);
  if (exponent.kind !== "num") return "singular";
  const size = compare(exponent.value, base === "corner" ? rational(3, 2) : ONE);
  return size < 0 ? "singular" : "zero";
}

/** a + b − a − b. */
function cancels({ args }: Apply): boolean {
  const left = [...args];
  while (left.length > 0) {
    const e = left.pop() as Expr;
    const place = left.findIndex((other) => isNegative(e, other) || isNegative(other, e));
    if (place < 0) return false;
    left.splice(place, 1);
  }
  return true;
}

const isNegative = (e: Expr, of: Expr): boolean => e.kind === "apply" && e.op === "neg" && e.args[0] === of;
