// The places of a term and what stands there: every occurrence is one place, and a term with
// another part at one place is made only where the shapes still fit.
//
// Invariant: no recursion, and no more than a bounded number of places, whatever the term.

import * as build from "../expr/build.ts";
import { substituteDim } from "../expr/dim.ts";
import type { Expr } from "../expr/expr.ts";
import { bindDims, type FunctionInfo } from "../expr/functions.ts";
import { fits } from "../expr/json.ts";
import { isOperator } from "../expr/operators.ts";
import { isScalarShape, type Shape, sameShape } from "../expr/shape.ts";

type Find = (name: string) => FunctionInfo | undefined;

/** One occurrence of a part in a term. */
export interface Place {
  readonly part: Expr;
  /** Positions of arguments from the root down. */
  readonly path: readonly number[];
}

/** Occurrences in a term, the root first, breadth before depth; no more than `most`. */
export function places(root: Expr, most: number): Place[] {
  const out: Place[] = [{ part: root, path: [] }];
  for (let i = 0; i < out.length && out.length < most; i++) {
    const { part, path } = out[i] as Place;
    part.args.forEach((arg, k) => {
      if (out.length < most) out.push({ part: arg, path: [...path, k] });
    });
  }
  return out;
}

/** The term with another part at one place; undefined where shapes do not fit there. */
export function replaceAt(root: Expr, path: readonly number[], part: Expr, find: Find): Expr | undefined {
  const above: Expr[] = [];
  let node = root;
  for (const k of path) {
    above.push(node);
    node = node.args[k] as Expr;
  }
  let made = part;
  for (let i = path.length - 1; i >= 0; i--) {
    const parent = above[i] as Expr;
    const args = parent.args.with(path[i] as number, made);
    if (!conforms(parent, args, find)) return undefined;
    made = build.withArgs(parent, args, find);
  }
  return made;
}

/** Whether a node may have these arguments. */
function conforms(node: Expr, args: readonly Expr[], find: Find): boolean {
  const shapes = args.map((a) => a.shape);
  if (shapes.every((s, i) => sameShape(s, (node.args[i] as Expr).shape))) return true;
  switch (node.kind) {
    case "apply": {
      // The length of its argument is fixed by its sizes.
      if (node.op === "reshape") return false;
      if (isOperator(node.op)) return fits(node.op, shapes);
      const info = find(node.op);
      return info !== undefined && takes(info, shapes);
    }
    case "indexSum":
      return true;
    default:
      return false;
  }
}

/** Whether a function takes arguments of these shapes. */
function takes(info: FunctionInfo, shapes: readonly Shape[]): boolean {
  if (info.elementwise) {
    const wide = shapes.filter((s) => !isScalarShape(s));
    return wide.every((s) => sameShape(s, wide[0] as Shape));
  }
  const bound = bindDims(info, shapes);
  return info.params.every((p, i) => {
    const wanted: Shape = { rows: substituteDim(p.rows, bound), cols: substituteDim(p.cols, bound) };
    return sameShape(wanted, shapes[i] as Shape);
  });
}
