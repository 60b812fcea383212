// Matrices of numbers: a tensor of known small size without names is written out, entry
// by entry, where most of it would be blocks of zeros.

import { add, type Rational, ZERO } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import { dimConstant } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Tensor } from "../tensor.ts";
import { oriented, type Reading } from "./reading.ts";

const MOST_ENTRIES = 36;

/** The entries of a sum of numbers at fixed positions; undefined for other tensors. */
export function readLiteral(tensor: Tensor): Reading | undefined {
  const [rows, cols] = tensor.axes.map(dimConstant);
  if (tensor.axes.length !== 2 || rows === undefined || cols === undefined || rows * cols > MOST_ENTRIES) return undefined;
  const entries: Rational[][] = Array.from({ length: rows }, () => Array.from({ length: cols }, () => ZERO));
  for (const term of tensor.terms) {
    const at = [0, 1].map((axis) => {
      const f = term.factors.find((g) => g.base.kind === "delta" && g.slots[1] === axis && typeof g.slots[0] !== "number");
      const position = f?.slots[0];
      return position === undefined || typeof position === "number" ? undefined : dimConstant(position);
    });
    const [row, col] = at;
    const line = row === undefined ? undefined : entries[row - 1];
    if (term.factors.length !== 2 || line === undefined || col === undefined) return undefined;
    line[col - 1] = add(line[col - 1] as Rational, term.coefficient);
  }
  const stacked = (values: readonly (readonly Rational[])[]): Expr =>
    build.apply(
      "vcat",
      values.map((line) =>
        build.apply(
          "hcat",
          line.map((v) => build.num(v)),
        ),
      ),
    );
  const turned = Array.from({ length: cols }, (_, j) => entries.map((line) => line[j] as Rational));
  return oriented([stacked(entries)], [stacked(turned)]);
}
