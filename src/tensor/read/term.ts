// One term of a sum as matrix notation: numbers in front, the graph of the rest behind.

import { absolute, type Rational, sign } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Factor, Tensor, Term } from "../tensor.ts";
import { readBase, readEntry } from "./base.ts";
import { addEdge, addWeight, assemble, createGraph, reduce } from "./graph.ts";
import { raiseScalar, splitSign } from "./items.ts";
import { type Reader, rankOf } from "./reader.ts";
import { diagonalReading, oriented, type Reading, scaled, transposed } from "./reading.ts";

export interface ReadTerm {
  /** Whether a minus stands in front; the readings are without it. */
  readonly negative: boolean;
  /** A number, where the term carries none of the free axes. */
  readonly scalar: Expr | undefined;
  /** Otherwise the reading over all free axes. */
  readonly reading: Reading | undefined;
  readonly order: number;
}

/** Reads a term of a tensor with at most two axes; undefined where it has no matrix notation. */
export function readTerm(reader: Reader, tensor: Tensor, term: Term): ReadTerm | undefined {
  const rank = tensor.axes.length;
  const dims = new Map<number, Dim>();
  tensor.axes.forEach((d, i) => {
    dims.set(i, d);
  });
  term.summed.forEach((d, i) => {
    dims.set(rank + i, d);
  });
  const axes = tensor.axes.map((_, i) => i);
  const graph = createGraph(dims, axes);
  const above: { expr: Expr; order: number }[] = [];
  const below: { expr: Expr; order: number }[] = [];
  let identity = false;
  for (const f of term.factors) {
    const labels = [...new Set(f.slots.filter((s): s is number => typeof s === "number"))];
    const order = rankOf(reader, f.base.names);
    if (f.base.kind === "delta" && f.slots.every((s) => typeof s === "number")) {
      identity = true;
      continue;
    }
    if (f.slots.length === 0) {
      const { below: isBelow, size } = splitSign(f.exponent);
      const reading = readBase(reader, f.base);
      const expr = reading === undefined ? undefined : raiseScalar(reader, f.base, reading, size);
      if (expr === undefined) return undefined;
      (isBelow ? below : above).push({ expr, order });
      continue;
    }
    const reading = readFactor(reader, f);
    if (reading === undefined) return undefined;
    const [a, b] = labels;
    if (a === undefined) {
      const { below: isBelow, size } = splitSign(f.exponent);
      const expr = raiseScalar(reader, f.base, reading, size);
      if (expr === undefined) return undefined;
      (isBelow ? below : above).push({ expr, order });
    } else if (b === undefined) addWeight(graph, a, { reading: f.slots.length === 2 && f.slots[0] === f.slots[1] ? diagonalOfSquare(reading) : reading, exponent: f.exponent, order });
    else {
      const [first] = f.slots;
      addEdge(graph, first as number, first === a ? b : a, { reading, exponent: f.exponent, order });
    }
  }
  if (!reduce(reader, graph)) return undefined;
  const { body, ok } = assemble(reader, graph, axes, identity);
  if (!ok) return undefined;
  const byOrder = (list: { expr: Expr; order: number }[]): Expr[] => list.sort((p, q) => p.order - q.order).map((p) => p.expr);
  const top = [...byOrder(above), ...graph.scalars];
  const bottom = byOrder(below);
  const size: Rational = absolute(term.coefficient);
  const order = Math.min(...term.factors.map((f) => rankOf(reader, f.base.names)), Number.MAX_SAFE_INTEGER);
  const common = { negative: sign(term.coefficient) < 0, order: term.factors.length === 0 ? -1 : order };
  if (body === undefined) return { ...common, scalar: scaled(size, top, bottom, undefined), reading: undefined };
  return { ...common, scalar: undefined, reading: oriented([scaled(size, top, bottom, body.fwd)], [scaled(size, top, bottom, body.rev)]) };
}

/** A_ii as a vector. */
function diagonalOfSquare(matrix: Reading): Reading {
  const { fwd } = diagonalReading(matrix);
  return { fwd, rev: transposed(fwd) };
}

function readFactor(reader: Reader, f: Factor): Reading | undefined {
  const fixed = f.slots.some((s) => typeof s !== "number");
  if (!fixed) return readBase(reader, f.base);
  return readEntry(reader, f.base, f.slots);
}
