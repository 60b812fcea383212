// What a term is while it is converted: a tensor with one axis for every side of its shape
// that is not 1, rows before columns, and behind them one for every summation index that
// is still open around it; and products of such values over named labels.

import { flatMap } from "../../base/list.ts";
import type { Dim } from "../../expr/dim.ts";
import { isOneDim } from "../../expr/dim.ts";
import { isScalarShape, type Shape } from "../../expr/shape.ts";
import { onesTensor } from "../form/algebra.ts";
import { shapeAxes, type Tensor } from "../form/tensor.ts";
import { einsum, relabel } from "../product/einsum.ts";

/** The tensor of a part of a term, with its shape and the summation indices open in it. */
export interface Value {
  readonly tensor: Tensor;
  readonly shape: Shape;
  /** Names of the open summation indices, one trailing axis each, sorted. */
  readonly open: readonly string[];
}

/** A value without open indices. */
export const closed = (tensor: Tensor, shape: Shape): Value => ({ tensor, shape, open: [] });

/** Natural labels of an operand ("i", "j"), in the order rows, columns. */
export type Labels = readonly string[];

/** An einsum over named natural labels; open indices are shared by name and come last in the result. */
export function combine(
  shape: Shape,
  result: Labels,
  operands: readonly (readonly [Value, Labels])[],
  extra: readonly (readonly [Tensor, Labels])[] = [],
): Value {
  const open = [...new Set(flatMap(operands, ([v]) => v.open))].sort();
  const labels = new Map<string, number>();
  const dims = new Map<string, Dim>();
  const all: (readonly [Tensor, Labels])[] = [
    ...operands.map(([v, l]) => [v.tensor, [...l, ...v.open.map((n) => `#${n}`)]] as const),
    ...extra,
  ];
  for (const [tensor, names] of all) for (const [i, n] of names.entries()) dims.set(n, tensor.axes[i] as Dim);
  const order = [...result, ...open.map((n) => `#${n}`)];
  for (const n of order) labels.set(n, labels.size);
  for (const n of dims.keys()) if (!labels.has(n)) labels.set(n, labels.size);
  const axes = order.map((n) => dims.get(n) as Dim);
  const tensor = einsum(
    axes,
    all.map(([t, names]) => [t, names.map((n) => labels.get(n) as number)] as const),
  );
  return { tensor, shape, open };
}

/** Labels of the sides that are not 1. */
export const naturalLabels = (shape: Shape): Labels => [...(isOneDim(shape.rows) ? [] : ["i"]), ...(isOneDim(shape.cols) ? [] : ["j"])];

/** The values widened to the union of their open indices. */
export function alignOpen(args: readonly Value[]): { tensors: Tensor[]; open: readonly string[] } {
  const open = [...new Set(flatMap(args, (a) => a.open))].sort();
  if (args.every((a) => a.open.length === open.length)) return { tensors: args.map((a) => a.tensor), open };
  const dimOfName = new Map<string, Dim>();
  for (const { open: own, tensor } of args)
    for (const [i, n] of own.entries()) dimOfName.set(n, tensor.axes[tensor.axes.length - own.length + i] as Dim);
  const tensors = args.map((a) => {
    const natural = a.tensor.axes.length - a.open.length;
    const axes = [...a.tensor.axes.slice(0, natural), ...open.map((n) => dimOfName.get(n) as Dim)];
    return relabel(a.tensor, axes, [...a.tensor.axes.slice(0, natural).map((_, i) => i), ...a.open.map((n) => natural + open.indexOf(n))]);
  });
  return { tensors, open };
}

/** A number in every entry of a shape; anything else as it is. */
export const widen = (a: Value, shape: Shape): Value =>
  isScalarShape(a.shape) && !isScalarShape(shape)
    ? combine(shape, naturalLabels(shape), [[a, []]], [[onesTensor(shapeAxes(shape)), naturalLabels(shape)]])
    : a;
