// Sums whose terms sit in blocks of an axis: stacked vectors and matrices, [A; B] and [A, C; B, D].
//
// Invariant: the same value. Not here: parts beside other factors (src/tensor/read/collect/commonParts.ts).

import * as build from "../../../expr/build.ts";
import { sameDim } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import type { Tensor } from "../../form/tensor.ts";
import { blockOf, blocksAlong, restrict } from "../../product/stack.ts";
import type { Reader } from "../reading/reader.ts";
import { oriented, type Reading } from "../reading/reading.ts";

/** A sum whose terms sit in blocks of an axis reads as the blocks stacked. */
export function readStack(reader: Reader, tensor: Tensor): Reading | undefined {
  for (const [axis, dim] of tensor.axes.entries()) {
    const blocks = blocksAlong(tensor, axis);
    if (blocks === undefined) continue;
    if (blocks.length === 1 || (tensor.terms.length === 1 && dim.monomials.some((m) => m.names.length > 0) && isUnit(tensor, axis)))
      continue;
    const fwd: Expr[] = [];
    const rev: Expr[] = [];
    for (const block of blocks) {
      const part = reader.read(restrict(tensor, axis, block));
      if (part === undefined) return undefined;
      const single = block.size.key === "1";
      // A block of length 1 has lost its axis; what remains runs along the other one.
      const across = tensor.axes.length === 2 && single;
      fwd.push(across && axis === 0 ? part.rev : part.fwd);
      rev.push(across && axis === 0 ? part.fwd : part.rev);
    }
    const [across, down] = [beside(axis === 0 ? rev : fwd), build.apply("vcat", axis === 0 ? fwd : rev)];
    return axis === 0 ? oriented([down], [across]) : oriented([across], [down]);
  }
  return undefined;
}

/** Matrices side by side; stacks of equal blocks row by row, as [A, C; B, D]. */
function beside(columns: readonly Expr[]): Expr {
  const [first] = columns as [Expr, ...Expr[]];
  const isAlike = (e: Expr): boolean =>
    e.args.length === first.args.length && e.args.every((a, i) => sameDim(a.shape.rows, (first.args[i] as Expr).shape.rows));
  if (!columns.every((e) => isApply(e, "vcat") && isAlike(e))) return build.apply("hcat", columns);
  const row = (_: Expr, i: number): Expr =>
    build.apply(
      "hcat",
      columns.map((c) => c.args[i] as Expr),
    );
  return build.apply("vcat", first.args.map(row));
}

/** A single unit vector times numbers reads as one: 3 e₂, not [0; 3; 0]. */
const isUnit = (tensor: Tensor, axis: number): boolean => blockOf(tensor.terms[0] as Tensor["terms"][number], axis)?.size.key === "1";
