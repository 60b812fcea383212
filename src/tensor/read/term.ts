// One term of a sum as matrix notation: numbers in front, the graph of the rest behind.

import { absolute, type Rational, sign } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Factor, Tensor, Term } from "../tensor.ts";
import { readBase, readEntry } from "./base.ts";
import { addEdge, addWeight, assemble, createGraph, type Graph, reduce } from "./graph.ts";
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

/** A term sorted into numbers above and below the fraction line and the graph of the rest. */
export interface OpenTerm {
  readonly graph: Graph;
  readonly above: readonly Ordered[];
  readonly below: readonly Ordered[];
  /** Pairs of free labels joined by a δ. */
  readonly identities: readonly (readonly [number, number])[];
}

interface Ordered {
  readonly expr: Expr;
  readonly order: number;
}

/** Takes a term apart; undefined where a factor has no matrix notation. */
export function openTerm(reader: Reader, tensor: Tensor, term: Term): OpenTerm | undefined {
  const rank = tensor.axes.length;
  const dims = new Map<number, Dim>([...tensor.axes, ...term.summed].map((d, i) => [i, d]));
  const graph = createGraph(
    dims,
    tensor.axes.map((_, i) => i),
  );
  const above: Ordered[] = [];
  const below: Ordered[] = [];
  const identities: [number, number][] = [];
  for (const f of term.factors) {
    const [a, b, ...more] = [...new Set(f.slots.filter((s): s is number => typeof s === "number"))];
    const order = rankOf(reader, f.base.names);
    if (more.length > 0) return undefined;
    if (f.base.kind === "delta" && a !== undefined && b !== undefined && a < rank && b < rank) {
      identities.push([a, b]);
      continue;
    }
    const reading = readFactor(reader, f);
    if (reading === undefined) return undefined;
    if (a === undefined) {
      const { below: isBelow, size } = splitSign(f.exponent);
      const expr = raiseScalar(reader, f.base, reading, size);
      if (expr === undefined) return undefined;
      (isBelow ? below : above).push({ expr, order });
    } else if (b === undefined) {
      const onDiagonal = f.slots.length === 2 && f.slots[0] === f.slots[1];
      addWeight(graph, a, { reading: onDiagonal ? diagonalOfSquare(reading) : reading, exponent: f.exponent, order });
    } else addEdge(graph, a, b, { reading, exponent: f.exponent, order });
  }
  return { graph, above, below, identities };
}

/** The numbers of an opened term, once its graph is reduced. */
export function scalarsOf(open: OpenTerm): { top: Expr[]; bottom: Expr[] } {
  const sorted = (list: readonly Ordered[]): Expr[] => [...list].sort((p, q) => p.order - q.order).map((p) => p.expr);
  return { top: [...sorted(open.above), ...open.graph.scalars], bottom: sorted(open.below) };
}

/** Reads a term of a tensor with at most two axes; undefined where it has no matrix notation. */
export function readTerm(reader: Reader, tensor: Tensor, term: Term): ReadTerm | undefined {
  const open = openTerm(reader, tensor, term);
  if (open === undefined || !reduce(reader, open.graph)) return undefined;
  const { body, ok } = assemble(
    reader,
    open.graph,
    tensor.axes.map((_, i) => i),
    open.identities.length > 0,
  );
  if (!ok) return undefined;
  const { top, bottom } = scalarsOf(open);
  const size: Rational = absolute(term.coefficient);
  const common = { negative: sign(term.coefficient) < 0, order: orderOf(reader, term) };
  if (body === undefined) return { ...common, scalar: scaled(size, top, bottom, undefined), reading: undefined };
  return { ...common, scalar: undefined, reading: oriented([scaled(size, top, bottom, body.fwd)], [scaled(size, top, bottom, body.rev)]) };
}

/** Place of a term in a sum: constants first, then by the user's first name in it. */
export const orderOf = (reader: Reader, term: Term): number =>
  term.factors.length === 0 ? -1 : Math.min(...term.factors.map((f) => rankOf(reader, f.base.names)));

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
