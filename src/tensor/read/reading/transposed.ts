// The transpose of what is written, without a transpose where that says the same.
//
// Invariant: the same value, turned round. Not here: readings in both orientations (reading.ts).

import { isSymmetric } from "../../../expr/attributes.ts";
import * as build from "../../../expr/build.ts";
import type { Expr } from "../../../expr/expr.ts";
import { isScalarShape, isVectorShape, sameShape } from "../../../expr/shape.ts";

const turned = new WeakMap<Expr, Expr>();

/** The transpose, written without a transpose where that says the same. */
export function transposed(e: Expr): Expr {
  if (isScalarShape(e.shape)) return e;
  const known = turned.get(e);
  if (known !== undefined) return known;
  const made = turnedRound(e);
  turned.set(e, made);
  return made;
}

function turnedRound(e: Expr): Expr {
  if (e.kind === "var") return isSymmetric(e) ? e : build.transpose(e);
  if (e.kind === "unknown" && e.symmetric && e.derivatives.every((i) => isScalarShape((e.args[i] as Expr).shape))) return e;
  if (e.kind !== "apply") return build.transpose(e);
  const [a, b] = e.args as [Expr, Expr];
  switch (e.op) {
    case "transpose":
      return a;
    case "eye":
      return e;
    case "diag":
      return sameShape(a.shape, e.shape) || !isVectorShape(a.shape) ? build.transpose(e) : e;
    case "neg":
      return build.neg(transposed(a));
    case "ones":
    case "zeros":
      return isVectorShape(e.shape) ? build.transpose(e) : build.apply(e.op === "ones" ? "ones" : "zeros", [], [...e.params].reverse());
    case "mul":
      return isScalarShape(a.shape) ? build.mul(a, transposed(b)) : build.transpose(e);
    case "div":
      return build.apply("div", [transposed(a), b]);
    case "expand":
      return build.apply("expand", [a], [...e.params].reverse());
    default:
      return build.transpose(e);
  }
}
