// Comparisons and cases through two indicators, [t > 0] and [t = 0].

import { ONE } from "../../base/rational.ts";
import { dimOf } from "../../expr/dim.ts";
import type { Comparison } from "../../expr/operators.ts";
import type { Shape } from "../../expr/shape.ts";
import { addTensors, negateTensor, onesTensor, scalarTensor } from "../form/algebra.ts";
import type { Tensor } from "../form/tensor.ts";
import { indicator } from "../functions/indicator.ts";
import { alignOpen, closed, combine, naturalLabels, type Value, widen } from "./value.ts";

/** Comparisons through two indicators: [t > 0] and [t = 0]. */
export function convertComparison(shape: Shape, op: Comparison, args: readonly Value[]): Value {
  const widened = args.map((a) => widen(a, shape));
  const { tensors, open } = alignOpen(widened);
  const [a, b] = tensors as [Tensor, Tensor];
  const minus = (p: Tensor, q: Tensor): Tensor => addTensors(p.axes, [p, negateTensor(q)]);
  const not = (t: Tensor): Tensor => addTensors(t.axes, [onesTensor(t.axes), negateTensor(t)]);
  const tensor = {
    gt: () => indicator("positive", minus(a, b)),
    lt: () => indicator("positive", minus(b, a)),
    ge: () => not(indicator("positive", minus(b, a))),
    le: () => not(indicator("positive", minus(a, b))),
    eq: () => indicator("zero", minus(a, b)),
    ne: () => not(indicator("zero", minus(a, b))),
  }[op]();
  return { tensor, shape, open };
}

/** {v₁ if c₁; v₂ if c₂; w otherwise}: the first condition that holds decides. */
export function convertCases(shape: Shape, args: readonly Value[]): Value {
  const natural = naturalLabels(shape);
  let rest: Value = closed(scalarTensor(ONE), { rows: dimOf(1), cols: dimOf(1) });
  const parts: Value[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const [value, condition] = [args[i] as Value, args[i + 1] as Value];
    parts.push(
      combine(shape, natural, [
        [value, natural],
        [condition, []],
        [rest, []],
      ]),
    );
    const not: Value = {
      ...condition,
      tensor: addTensors(condition.tensor.axes, [onesTensor(condition.tensor.axes), negateTensor(condition.tensor)]),
    };
    rest = combine(
      rest.shape,
      [],
      [
        [rest, []],
        [not, []],
      ],
    );
  }
  const last = args[args.length - 1] as Value;
  if (args.length % 2 === 1)
    parts.push(
      combine(shape, natural, [
        [last, natural],
        [rest, []],
      ]),
    );
  const { tensors, open } = alignOpen(parts);
  return { tensor: addTensors((tensors[0] as Tensor).axes, tensors), shape, open };
}
