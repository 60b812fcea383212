// Short ways to write terms in the tests of the evaluator, where no parser is in reach.

import type { Attribute } from "../../src/expr/attributes.ts";
import { apply, call, variable } from "../../src/expr/build.ts";
import type { Expr, Variable } from "../../src/expr/expr.ts";
import { scalarShape, shapeOf } from "../../src/expr/shape.ts";

export const scalarVar = (name: string, ...attributes: Attribute[]): Variable => variable(name, scalarShape(), attributes);
export const vectorVar = (name: string, n: string | number, ...attributes: Attribute[]): Variable => variable(name, shapeOf(n), attributes);
export const matrixVar = (name: string, m: string | number, n: string | number, ...attributes: Attribute[]): Variable =>
  variable(name, shapeOf(m, n), attributes);

/** An element-wise function. */
export const each = (name: string, ...args: Expr[]): Expr =>
  call({ name, aliases: [], elementwise: true, params: args.map(scalarShape), result: scalarShape(), domains: [] }, args);

/** A function of one whole argument with a number as its value. */
export const toNumber = (name: string, arg: Expr): Expr =>
  call({ name, aliases: [], elementwise: false, params: [shapeOf("m", "n")], result: scalarShape(), domains: [] }, [arg]);

/** A function of one whole argument with a value of the same shape. */
export const toSame = (name: string, arg: Expr): Expr =>
  call({ name, aliases: [], elementwise: false, params: [shapeOf("m", "n")], result: shapeOf("m", "n"), domains: [] }, [arg]);

export const sum = (a: Expr): Expr => apply("sum", [a]);
export const dot = (a: Expr, b: Expr): Expr => apply("dot", [a, b]);
export const power = (a: Expr, k: Expr): Expr => apply("pow", [a, k]);
