// Where a notation is looked for: beside an indicator, in the normal form, among the factors of
// a number or in a product of matrices of an answer; and what it begins from there.
//
// Invariant: a stored rule says so without being decoded, so that a question decodes and
// compiles those notations only whose functions it meets.

import { isZero } from "../base/rational.ts";
import { type Apply, type Expr, isApply, nodes, withoutMinus } from "../expr/expr.ts";
import { isOperator } from "../expr/operators.ts";
import { isScalarShape } from "../expr/shape.ts";
import { anchorsOf } from "./factors.ts";
import type { Place, Rule } from "./rule.ts";

/** Where a rule of the kind `notation` is looked for. */
export const placeOf = (rule: Rule): Place => rule.place ?? found(rule);

function found(rule: Rule): Place {
  const { left, operator } = rule;
  if (isRamp(rule)) return { in: "ramps", heads: [] };
  if (isJoin(rule)) return { in: "joins", heads: [...new Set(applications(left).map((n) => n.op))] };
  return isScalarShape(left.shape) ? { in: "numbers", heads: anchorsOf(left) } : { in: "matrices", heads: [operator] };
}

/** A notation of (x > 0)*x for a function of every entry by itself, with or without a minus. */
function isRamp({ left, right }: Rule): boolean {
  const written = withoutMinus(right);
  if (!isApply(left, "mul") || written.kind !== "apply" || isOperator(written.op)) return false;
  const [test, x] = left.args;
  if (!isApply(test, "gt") || x?.kind !== "var") return false;
  const [tested, zero] = test.args;
  return tested === x && zero?.kind === "num" && isZero(zero.value);
}

/** A notation of two functions of numbers, or of a sum with one. */
function isJoin({ left, parameters }: Rule): boolean {
  if (left.kind !== "apply" || !parameters.every((p) => isScalarShape(p.shape))) return false;
  return left.op === "add" || ((left.op === "div" || left.op === "mul") && applications(left).length === 2);
}

/** What stands over names alone in a side: functions of the library, and operators. */
const applications = (e: Expr): Apply[] =>
  nodes(e).filter((n): n is Apply => n.kind === "apply" && n.args.length > 0 && n.args.every((a) => a.kind === "var"));
