// A value with a condition as a factor, read case by case: (z > 0)*x' is 0⃗ᵀ where z ≤ 0
// and xᵀ where z > 0; in a sum over an index, case by case for every index.
//
// Invariant: the cases together are the value. Not here: which lines show them (local.ts,
// substitute.ts).

import { dictionary } from "../../base/dictionary.ts";
import * as build from "../../expr/build.ts";
import { type Apply, type Expr, isApply } from "../../expr/expr.ts";
import type { Comparison } from "../../expr/operators.ts";
import { isScalarShape } from "../../expr/shape.ts";

const OPPOSITE = dictionary<Comparison>({
  gt: "le",
  le: "gt",
  ge: "lt",
  lt: "ge",
  eq: "ne",
  ne: "eq",
});

const isCondition = (e: Expr): boolean => e.kind === "apply" && OPPOSITE[e.op] !== undefined && isScalarShape(e.shape);

/** Operators that a factor zero makes zero, with the positions where it may stand. */
const FACTORS = dictionary<readonly number[]>({ mul: [0, 1], div: [0], hadamard: [0, 1], neg: [0], transpose: [0] });

/** A factor of a product, and the operators above it from the outside in. */
interface Way {
  readonly node: Expr;
  readonly above: readonly { readonly node: Apply; readonly position: number }[];
}

/** The value case by case; undefined where no condition is a factor of it. */
export function asCases(expr: Expr): Expr | undefined {
  const way = findFactor(expr, isCondition);
  if (way !== undefined) {
    const condition = way.node as Apply;
    const value = rebuilt(way, undefined) ?? build.num(1);
    const zero = isScalarShape(expr.shape) ? build.num(0) : build.zeros(expr.shape.rows, expr.shape.cols);
    return build.apply("cases", [zero, build.apply(OPPOSITE[condition.op] as "le", condition.args), value]);
  }
  const sum = findFactor(expr, (e) => e.kind === "indexSum");
  if (sum?.node.kind !== "indexSum") return undefined;
  const body = asCases(sum.node.args[0] as Expr);
  if (body === undefined) return undefined;
  const { index, range } = sum.node;
  const around = (inner: Expr): Expr => rebuilt(sum, build.indexSum(index, range, inner)) as Expr;
  return withoutMinus(around, body) ?? around(body);
}

/** A minus in front of the sum taken into a difference of the last case: −Σ {0 if …; (a − b) c} is Σ {0 if …; (b − a) c}. */
function withoutMinus(around: (inner: Expr) => Expr, cases: Expr): Expr | undefined {
  const whole = around(cases);
  const positive = positivePart(whole);
  const [zero, condition, value] = cases.args as [Expr, Expr, Expr];
  const turned = positive === undefined || value === undefined ? undefined : turnDifference(value);
  if (positive === undefined || turned === undefined) return undefined;
  const sum = findFactor(positive, (e) => e.kind === "indexSum");
  if (sum?.node.kind !== "indexSum") return undefined;
  return rebuilt(sum, build.indexSum(sum.node.index, sum.node.range, build.apply("cases", [zero, condition, turned])));
}

/** The term without the minus in front of it; undefined where there is none. */
function positivePart(e: Expr): Expr | undefined {
  if (e.kind === "num") return e.value.n < 0n ? build.num({ n: -e.value.n, d: e.value.d }) : undefined;
  if (e.kind !== "apply") return undefined;
  const [a, b] = e.args as [Expr, Expr];
  if (e.op === "neg") return a;
  if (e.op !== "mul" && e.op !== "div") return undefined;
  const positive = positivePart(a);
  return positive === undefined ? undefined : e.op === "mul" ? build.mul(positive, b) : build.apply("div", [positive, b]);
}

const isNegated = (e: Expr): boolean => isApply(e, "neg");

/** A product with one factor a − b turned into b − a. */
function turnDifference(e: Expr): Expr | undefined {
  const difference = findFactor(e, (f) => isApply(f, "add") && f.args.some(isNegated));
  if (difference === undefined) return undefined;
  const turned = difference.node.args.map((a) => (isNegated(a) ? (a.args[0] as Expr) : build.neg(a)));
  // What has no minus now leads.
  return rebuilt(difference, build.add(...turned.filter((a) => !isNegated(a)), ...turned.filter(isNegated)));
}

const LONGEST_WAY = 64;

function findFactor(expr: Expr, wanted: (e: Expr) => boolean): Way | undefined {
  const open: Way[] = [{ node: expr, above: [] }];
  while (open.length > 0) {
    const way = open.pop() as Way;
    const { node, above } = way;
    if (wanted(node)) return way;
    if (node.kind !== "apply" || above.length > LONGEST_WAY) continue;
    for (const position of [...(FACTORS[node.op] ?? [])].reverse()) {
      const arg = node.args[position];
      if (arg !== undefined) open.push({ node: arg, above: [...above, { node, position }] });
    }
  }
  return undefined;
}

/** The product with the factor at the end of the way replaced, or left out; undefined where only the number one is left. */
function rebuilt(way: Way, by: Expr | undefined): Expr | undefined {
  let rest = by;
  for (const { node, position } of [...way.above].reverse()) {
    const other = node.args[1 - position] as Expr;
    switch (node.op) {
      case "mul":
      case "hadamard": {
        const op = node.op === "mul" ? "mul" : "hadamard";
        rest = rest === undefined ? other : build.apply(op, position === 0 ? [rest, other] : [other, rest]);
        break;
      }
      case "div":
        rest = build.apply("div", [rest ?? build.num(1), other]);
        break;
      case "neg":
        rest = rest === undefined ? build.num(-1) : build.neg(rest);
        break;
      case "transpose":
        rest = rest === undefined || isScalarShape(rest.shape) ? rest : build.transpose(rest);
        break;
    }
  }
  return rest;
}
