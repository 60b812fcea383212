// Functions of vectors that an answer holds several times, as softmax(A x + b), with names in
// their places: to a reader each is one thing, however long its argument is, so that
// Aᵀ (diag(p) − p pᵀ) A goes before forms that hold p less often.
//
// Invariant: with the functions in the places of their names a term has the value it had. Not here: names
// that an answer shows (src/library/answer/where.ts).

import * as build from "../expr/build.ts";
import { type Apply, type Expr, fold, nodes, type Variable } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { isOperator } from "../expr/operators.ts";
import { isScalarShape } from "../expr/shape.ts";
import { addTensors } from "../tensor/form/algebra.ts";
import { createDraft } from "../tensor/form/draft.ts";
import { type Base, EXPONENT_ONE, groupBase, sumBase, symmetryOf, type Tensor, variableBase } from "../tensor/form/tensor.ts";
import { indicatorKind } from "../tensor/functions/indicator.ts";
import { product } from "../tensor/product/product.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import { replaceFactors } from "../tensor/simplify/replace.ts";

type Find = (name: string) => FunctionInfo | undefined;

/** A function's value and the variable that stands for it. */
export interface Named {
  readonly base: Base;
  readonly variable: Variable;
}

/** The vectors that functions make, as far as a tensor holds them more than once. */
export function repeatedFunctions(tensor: Tensor): Base[] {
  const counts = new Map<Base, number>();
  const stack = [tensor];
  for (let next = stack.pop(); next !== undefined; next = stack.pop())
    for (const { factors } of next.terms)
      for (const { base } of factors) {
        if (base.kind === "function") counts.set(base, (counts.get(base) ?? 0) + 1);
        else if (base.kind === "sum" || base.kind === "group") stack.push(base.tensor);
      }
  return [...counts].filter(([base, n]) => n > 1 && isVector(base)).map(([base]) => base);
}

const isVector = (base: Base): boolean => base.kind === "function" && base.axes.length === 1 && indicatorKind(base.rules) === undefined;

/** The tensor with variables in the places of functions. */
export function withNames(tensor: Tensor, named: readonly Named[]): Tensor {
  const made = replaceFactors(tensor, ({ base }) => {
    const variable = named.find((n) => n.base === base)?.variable;
    if (variable !== undefined) return alone(variableBase(variable));
    if (base.kind !== "sum" && base.kind !== "group") return undefined;
    const inner = withNames(base.tensor, named);
    if (inner === base.tensor) return undefined;
    return base.kind === "sum" ? alone(sumBase(inner, symmetryOf(base))) : alone(groupBase(inner, symmetryOf(base)));
  });
  return made ?? tensor;
}

/** The tensor that is one atom. */
function alone(base: Base): Tensor {
  const draft = createDraft(base.axes);
  draft.factors.push({ base, slots: base.axes.map((_, i) => i), exponent: EXPONENT_ONE });
  return addTensors(base.axes, [product(draft)]);
}

/** The term with the functions in the places of their names. */
export const withoutNames = (expr: Expr, values: ReadonlyMap<Expr, Expr>, find: Find): Expr =>
  fold<Expr>(expr, (node, args) => values.get(node) ?? build.withArgs(node, args, find));

/** What a term costs where every vector that a function makes counts once, however often it stands there. */
export function costOnce(expr: Expr, find: Find): number {
  const calls = new Set(nodes(expr).filter(isCall));
  const names = new Map([...calls].map((call, i) => [call, build.variable(`${i}`, call.shape)] as const));
  const named = withoutNames(expr, names, find);
  return [...calls].reduce((n, call) => n + cost(call), cost(named));
}

const isCall = (e: Expr): e is Apply => e.kind === "apply" && !isOperator(e.op) && !isScalarShape(e.shape);
