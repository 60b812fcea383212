// A stack of nested functions read as a composition of vector functions, the way the
// vector chain rule is introduced: [ln(x²); sin(3x)] is f(g(x)) with g = [x²; 3x] and
// f = [ln(g[1]); sin(g[2])].
//
// Invariant: with the inner equations put in, the outermost one is the expression.

import * as build from "../../expr/build.ts";
import { dimOf } from "../../expr/dim.ts";
import { type Apply, type Expr, isApply, type Variable } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { occurs } from "./terms.ts";

/** One operator of a cell and which of its arguments depends on the variable. */
interface Nested {
  readonly node: Apply;
  readonly position: number;
}

/** A composition: equations for the inner functions in order, and the outermost in their names. */
export interface Layers {
  readonly inner: readonly { readonly variable: Variable; readonly expr: Expr }[];
  readonly outer: Expr;
}

/** The layers of a column whose cells are equally many functions of one argument each, at least two; otherwise undefined. */
export function layersOf(expr: Expr, dependent: ReadonlySet<Expr>, library: Library): Layers | undefined {
  if (!isApply(expr, "vcat") || expr.args.length < 2) return undefined;
  const chains = expr.args.map((cell) => chainOf(cell, dependent));
  const depth = chains[0]?.length ?? 0;
  if (depth < 2 || chains.some((c) => c?.length !== depth)) return undefined;
  const cells = chains as Nested[][];
  const inner: { variable: Variable; expr: Expr }[] = [];
  let previous: Variable | undefined;
  for (let level = 0; ; level++) {
    const row = cells.map((chain, k) => {
      const { node, position } = chain[level] as Nested;
      if (previous === undefined) return node;
      const at = build.entry(previous, [{ kind: "position", at: dimOf(k + 1) }, { kind: "all" }]);
      return build.withArgs(
        node,
        node.args.map((a, i) => (i === position ? at : a)),
        library.functions.find,
      );
    });
    const stack = build.apply("vcat", row);
    if (level === depth - 1) return { inner, outer: stack };
    previous = build.variable(`#${level + 1}`, stack.shape);
    inner.push({ variable: previous, expr: stack });
  }
}

/** The operators from the variable outwards; undefined where one has several arguments that depend on it, or none has. */
function chainOf(cell: Expr, dependent: ReadonlySet<Expr>): Nested[] | undefined {
  const chain: Nested[] = [];
  let e = cell;
  while (!dependent.has(e) && !(e.kind === "entry" && dependent.has(e.args[0] as Expr))) {
    if (e.kind !== "apply" || !isScalarShape(e.shape) || chain.length > DEEPEST) return undefined;
    const moving = e.args.flatMap((a, i) => (occurs(a, dependent) ? [i] : []));
    const position = moving[0];
    if (position === undefined || moving.length > 1) return undefined;
    chain.unshift({ node: e, position });
    e = e.args[position] as Expr;
  }
  return chain;
}

/** Deeper nests are shown cell by cell. */
const DEEPEST = 12;
