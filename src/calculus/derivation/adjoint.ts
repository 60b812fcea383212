// What one equation does to derivatives with more than two axes, in forms of at most two:
// backwards, the gradient that a gradient of its value gives to an operand (in the
// operand's own shape); forwards, the differential of its value.
//
// Both come from `differentiate`: the gradient of G : body(u) by u is the adjoint of the
// local derivative applied to G, and is linear in G.

import * as build from "../../expr/build.ts";
import type { Layout } from "../../expr/conventions.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { isScalarShape, transposeShape } from "../../expr/shape.ts";
import type { TapeNode } from "./introduce.ts";
import { derivativeOf, type Setting } from "./local.ts";

/** A : B as the sum of an element-wise product. */
const inner = (a: Expr, b: Expr): Expr => (isScalarShape(b.shape) ? build.mul(a, b) : build.apply("sum", [build.hadamard(a, b)]));

/**
 * The gradient by an operand, where `upstream` is the gradient of a number by the node; both
 * in the layout given (numerator: transposed; else in their own shapes). A node inside a
 * sum over an index adds up what it gives to an operand outside.
 */
export function pullBack(node: TapeNode, operand: Variable, upstream: Expr, s: Setting, layout: Layout, outside: boolean): Expr {
  if (node.body.kind === "indexSum") return upstream;
  const turned = layout === "numerator" && !isScalarShape(node.body.shape);
  const shape = turned ? transposeShape(node.body.shape) : node.body.shape;
  const place = build.variable("upstream", shape);
  const own = turned ? build.transpose(place) : place;
  const local = derivativeOf(inner(own, node.body), operand, withName(s, place), layout);
  const value = build.substitute(local, new Map([[place as Expr, upstream]]), s.library.functions);
  return outside && node.index !== undefined ? build.indexSum(node.index.name, node.index.range, value) : value;
}

/** d(body) where one operand moves by `by`, in the body's own shape. */
export function pushForward(body: Expr, operand: Variable, by: Expr, s: Setting): Expr {
  if (body === operand) return by;
  const place = build.variable("cotangent", body.shape);
  const direction = build.variable("tangent", operand.shape);
  const gradient = derivativeOf(inner(place, body), operand, withName(s, place), "denominator");
  const linear = derivativeOf(inner(gradient, direction), place, withName(s, direction), "denominator");
  return build.substitute(linear, new Map([[direction as Expr, by]]), s.library.functions);
}

const withName = (s: Setting, place: Variable): Setting => ({ ...s, names: [place.name, ...s.names] });
