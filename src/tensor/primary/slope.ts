// The derivative of a function of a square matrix along what commutes with the matrix, which is that
// of the function of a number: f′(A) E, with the f′ that the rule for tr f(A) states [H08 thm 3.6].

import type { Dim } from "../../expr/dim.ts";
import { deltaBase, type FunctionBase, shapeAxes, type Tensor } from "../form/tensor.ts";
import { atom, substitute } from "../functions/apply.ts";
import type { Differential } from "../functions/functionRules.ts";
import { einsum } from "../product/einsum.ts";

/** f′(A) dA with the rule for tr f(A), for a dA that commutes with A and may have further axes. */
export function alongCommuting(base: Pick<FunctionBase, "args" | "axes" | "rules">, rule: Differential, along: Tensor): Tensor {
  const [n] = base.axes as [Dim];
  const extra = along.axes.slice(2);
  // tr(f′(A) dA) along the unit matrices is f′(A)ᵀ.
  const turned = traceAlong(base, rule, unitMatrices(n));
  const k = 2 + extra.length;
  return einsum(
    [...base.axes, ...extra],
    [
      [turned, [k, 0]],
      [along, [k, 1, ...extra.map((_, i) => 2 + i)]],
    ],
  );
}

/** d tr f(A) along dA, which has the axes of A and further ones: over the further ones. */
export function traceAlong(base: Pick<FunctionBase, "args" | "axes" | "rules">, rule: Differential, along: Tensor): Tensor {
  const by = new Map(rule.parameters.map((p, i) => [p.name, base.args[i] as Tensor]));
  by.set(rule.differential, along);
  const [size] = base.axes;
  const [own] = shapeAxes(base.rules.info.params[0] as { rows: Dim; cols: Dim });
  return substitute(rule.value, by, {
    extra: along.axes.slice((base.args[0] as Tensor).axes.length),
    dims: new Map(own === undefined || size === undefined ? [] : [[own.key, size]]),
  });
}

/** dA along every entry of A: δ_ik δ_jl. */
function unitMatrices(n: Dim): Tensor {
  const identity = atom(deltaBase(n));
  return einsum(
    [n, n, n, n],
    [
      [identity, [0, 2]],
      [identity, [1, 3]],
    ],
  );
}
