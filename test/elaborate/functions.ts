// A small function table: enough for every text of test/cases, with one function of each kind.

import { createFunctionTable, type FunctionInfo } from "../../src/expr/functions.ts";
import { type Shape, scalarShape, shapeOf } from "../../src/expr/shape.ts";

const elementwise = (name: string, arity = 1, aliases: readonly string[] = []): FunctionInfo => ({
  name,
  aliases,
  elementwise: true,
  params: Array.from({ length: arity }, scalarShape),
  result: scalarShape(),
  domains: Array.from({ length: arity }, () => "real" as const),
});

const typed = (name: string, params: readonly Shape[], result: Shape, aliases: readonly string[] = []): FunctionInfo => ({
  name,
  aliases,
  elementwise: false,
  params,
  result,
  domains: params.map(() => "real" as const),
});

const square = shapeOf("n", "n");
const any = shapeOf("m", "n");

export const functions = createFunctionTable([
  ...["sin", "cos", "exp", "tanh", "sqrt", "cosh", "abs", "sign", "relu", "step"].map((name) => elementwise(name)),
  elementwise("log", 1, ["ln"]),
  elementwise("sigmoid", 1, ["σ"]),
  { ...elementwise("max", 2), associative: true, picks: true },
  typed("inv", [square], square),
  typed("expm", [square], square),
  typed("det", [square], scalarShape()),
  typed("logdet", [square], scalarShape()),
  typed("cross", [shapeOf(3), shapeOf(3)], shapeOf(3)),
  typed("mse", [any, any], scalarShape()),
  typed("kldiv", [shapeOf("n"), shapeOf("n")], scalarShape()),
  typed("pinv", [any], shapeOf("n", "m")),
  { ...typed("norm2", [any], scalarShape(), ["normF"]), norm: true },
  { ...typed("norm1", [any], scalarShape()), norm: true },
  { ...typed("softmax", [shapeOf("n")], shapeOf("n")), rows: "rowsoftmax" },
]);
