// The functions that the cases use, with shapes and nothing else, so that reading the
// cases does not depend on the rule library.

import { createFunctionTable, type FunctionInfo, type FunctionTable } from "../../src/expr/functions.ts";
import { type Shape, scalarShape, shapeOf } from "../../src/expr/shape.ts";

const whole = (name: string, params: readonly Shape[], result: Shape): FunctionInfo => ({
  name,
  aliases: [],
  elementwise: false,
  params,
  result,
  domains: params.map(() => "real"),
});

/** Functions of texts, made anew because terms may be dropped between calls. */
export function functionsOfCases(): FunctionTable {
  const elementwise = (name: string, count = 1, aliases: string[] = []): FunctionInfo => ({
    name,
    aliases,
    elementwise: true,
    params: Array.from({ length: count }, scalarShape),
    result: scalarShape(),
    domains: Array.from({ length: count }, () => "real"),
  });
  const [any, flipped, square] = [shapeOf("m", "n"), shapeOf("n", "m"), shapeOf("n", "n")];
  return createFunctionTable([
    ...["exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs", "sign", "erf", "sigmoid", "softplus", "relu", "step"].map(
      (name) => elementwise(name),
    ),
    elementwise("log", 1, ["ln"]),
    elementwise("max", 2),
    ...["norm1", "norm2", "normF", "logsumexp"].map((name) => whole(name, [any], scalarShape())),
    ...["det", "logdet"].map((name) => whole(name, [square], scalarShape())),
    ...["inv", "expm"].map((name) => whole(name, [square], square)),
    ...["softmax", "rowsoftmax"].map((name) => whole(name, [any], any)),
    whole("pinv", [any], flipped),
  ]);
}
