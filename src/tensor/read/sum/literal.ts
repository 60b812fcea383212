// Matrices written out: a tensor of known small size of which every term is an entry is read
// entry by entry, [2, 1, 0; 1, 0, 0; 0, 0, exp(s)], where most of it would be blocks of zeros.

import * as build from "../../../expr/build.ts";
import { dimConstant, dimOf } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import type { Tensor } from "../../form/tensor.ts";
import { type Block, blockOf, restrict } from "../../product/stack.ts";
import type { Reader } from "../reading/reader.ts";
import { oriented, type Reading } from "../reading/reading.ts";

const MOST_ENTRIES = 36;

/** A sum of numbers at fixed positions, row by row; undefined for other tensors. */
export function readLiteral(reader: Reader, tensor: Tensor): Reading | undefined {
  const [rows, cols] = tensor.axes.map(dimConstant);
  if (tensor.axes.length !== 2 || rows === undefined || cols === undefined || rows * cols > MOST_ENTRIES) return undefined;
  if (!tensor.terms.every((t) => [0, 1].every((axis) => blockOf(t, axis)?.size.key === "1"))) return undefined;
  const lines: Expr[][] = [];
  for (let i = 0; i < rows; i++) {
    const line = restrict(tensor, 0, at(i));
    const entries = Array.from({ length: cols }, (_, j) => reader.read(restrict(line, 0, at(j)))?.fwd);
    if (entries.some((e) => e === undefined)) return undefined;
    lines.push(entries as Expr[]);
  }
  const turned = Array.from({ length: cols }, (_, j) => lines.map((line) => line[j] as Expr));
  return oriented([written(lines)], [written(turned)]);
}

const at = (offset: number): Block => ({ offset: dimOf(offset), size: dimOf(1) });

const written = (lines: readonly (readonly Expr[])[]): Expr =>
  build.apply(
    "vcat",
    lines.map((line) => build.apply("hcat", line)),
  );
