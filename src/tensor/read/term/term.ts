// One term of a sum as matrix notation: numbers in front, the graph of the rest behind.
//
// Invariant: the same value; of forms that differ in signs and in the place of numbers the shorter
// one is kept. Not here: how the graph is reduced (graph.ts), numbers under one exponent
// (numbers.ts), and the direction of differences (backward.ts).

import { flatMap } from "../../../base/list.ts";
import { absolute, isOne, negate, type Rational, sign } from "../../../base/rational.ts";
import type { Dim } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import { scaleTensor } from "../../form/algebra.ts";
import { skewTurned, skewTurnings } from "../../form/skew.ts";
import {
  dependsOn,
  EXPONENT_ONE,
  type Factor,
  isOdd,
  isUnitExponent,
  labelsOf,
  sumBase,
  symmetryOf,
  type Tensor,
  type Term,
} from "../../form/tensor.ts";
import { cheapest, cost } from "../reading/cost.ts";
import { compareFactors, degreeOf, type Placed } from "../reading/order.ts";
import { orderOf, type Reader, rankOf } from "../reading/reader.ts";
import { diagonalReading, oriented, type Reading } from "../reading/reading.ts";
import { scaled } from "../reading/scaled.ts";
import { transposed } from "../reading/transposed.ts";
import { assemble } from "./assemble.ts";
import { isBackward, isTurnable, turnedRound } from "./backward.ts";
import { readBase, readEntry } from "./base.ts";
import { turnedTerms } from "./directed.ts";
import { type Cluster, clustersOf } from "./fused.ts";
import { addEdge, addWeight, createGraph, dropLabel, type Graph, reduce } from "./graph.ts";
import { raiseScalar, splitSign } from "./items.ts";
import { type Power, together } from "./numbers.ts";

/** A summand in matrix notation. */
export interface ReadTerm {
  /** Whether a minus stands in front; the readings are without it. */
  readonly negative: boolean;
  /** The same without a minus, one of its differences turned round: b − a for −(a − b). */
  readonly turned?: ReadTerm | undefined;
  /** A number, where the term carries none of the free axes. */
  readonly scalar: Expr | undefined;
  /** Otherwise the reading over all free axes. */
  readonly reading: Reading | undefined;
  readonly order: number;
  /** See src/tensor/read/reading/order.ts. */
  readonly degree: number;
}

/** A term sorted into numbers above and below the fraction line and the graph of the rest. */
export interface OpenTerm {
  /** The sign of the term, given the direction in which its differences are read. */
  readonly negative: boolean;
  readonly graph: Graph;
  readonly above: readonly Placed[];
  readonly below: readonly Placed[];
  /** Pairs of free labels joined by a δ. */
  readonly identities: readonly (readonly [number, number])[];
}

/** Behind every name. */
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * Takes a term apart; undefined where a factor has no matrix notation. A bracketed sum to
 * a whole power is read with the user's first summand positive; the one at place `turn`
 * the other way round.
 */
export function openTerm(reader: Reader, tensor: Tensor, term: Term, turn = -1): OpenTerm | undefined {
  const rank = tensor.axes.length;
  const dims = new Map<number, Dim>([...tensor.axes, ...term.summed].map((d, i) => [i, d]));
  const graph = createGraph(
    dims,
    tensor.axes.map((_, i) => i),
  );
  const clusters = term.factors.some((f) => f.base.kind === "fuse") ? clustersOf(reader, tensor, term) : [];
  if (clusters === undefined) return undefined;
  for (const cluster of clusters) addCluster(reader, graph, cluster);
  const clustered = new Set(flatMap(clusters, (c) => c.factors));
  const powers: Power[] = [];
  const identities: [number, number][] = [];
  let negative = sign(term.coefficient) < 0;
  for (const [place, given] of term.factors.entries()) {
    if (clustered.has(given)) continue;
    const other = isBackward(reader, given) !== (place === turn) ? turnedRound(given) : undefined;
    if (other !== undefined && isOdd(given.exponent) && other.sign < 0) negative = !negative;
    const f = other === undefined ? given : { ...given, base: other.base };
    const [a, b, ...more] = [...new Set(labelsOf(f.slots))];
    if (more.length > 0) return undefined;
    if (f.base.kind === "delta" && a !== undefined && b !== undefined && a < rank && b < rank) {
      identities.push([a, b]);
      continue;
    }
    const reading = readFactor(reader, f);
    if (reading === undefined) return undefined;
    const item = { reading, exponent: f.exponent, order: rankOf(reader, f.base.names) };
    // x[i] δ_ij: what only selects stands last.
    if (a === undefined) powers.push(f.base.kind === "delta" ? { ...item, base: f.base, order: LAST } : { ...item, base: f.base });
    else if (b !== undefined) addEdge(graph, a, b, item);
    else if (f.slots.length === 2 && f.slots[0] === f.slots[1])
      addWeight(graph, a, { ...item, reading: diagonalOfSquare(reading), diagonalOf: reading });
    else addWeight(graph, a, item);
  }
  const numbers = openNumbers(reader, term, powers);
  return numbers === undefined ? undefined : { negative, graph, ...numbers, identities };
}

/** A cluster on its fused labels, in place of all the labels inside it. */
function addCluster(reader: Reader, graph: Graph, { factors, wholes, reading }: Cluster): void {
  const item = { reading, exponent: EXPONENT_ONE, order: Math.min(...factors.map((f) => rankOf(reader, f.base.names))) };
  const [a, b] = wholes as [number, number?];
  if (b === undefined) addWeight(graph, a, item);
  else addEdge(graph, a, b, item);
  for (const f of factors) for (const s of f.slots) if (typeof s === "number" && !wholes.includes(s)) dropLabel(graph, s);
}

/** The numbers of a term above and below the fraction line; undefined where one cannot be raised to its exponent. */
function openNumbers(reader: Reader, term: Term, powers: readonly Power[]): Pick<OpenTerm, "above" | "below"> | undefined {
  const [above, below]: [Placed[], Placed[]] = [[], []];
  for (const { base, reading, exponent, order } of together(powers)) {
    const { below: isBelow, size } = splitSign(exponent);
    const expr = raiseScalar(reader, base, reading, size);
    if (expr === undefined) return undefined;
    // n x^(n − 1), as the rule has it.
    const leads =
      base.kind === "var" &&
      term.factors.some(({ exponent: { symbolic } }) => symbolic !== undefined && dependsOn(symbolic, base.variable.name));
    (isBelow ? below : above).push({ expr, order: leads ? -1 : order });
  }
  return { above, below };
}

/** The numbers of an opened term, once its graph is reduced. */
export function scalarsOf(reader: Reader, open: OpenTerm): { top: Expr[]; bottom: Expr[] } {
  const sorted = (list: readonly Placed[]): Expr[] => [...list].sort((p, q) => compareFactors(reader, p, q)).map((p) => p.expr);
  return { top: [...sorted(open.above), ...open.graph.scalars], bottom: sorted(open.below) };
}

/** Reads a term of a tensor with at most two axes; undefined where it has no matrix notation. */
export function readTerm(reader: Reader, tensor: Tensor, term: Term): ReadTerm | undefined {
  const plain = readDirected(reader, tensor, term);
  const other = withFractionInside(term) ?? withNumberInside(term);
  const inside = plain === undefined || other === undefined ? undefined : readDirected(reader, tensor, other);
  return inside !== undefined && lengthOf(inside) < lengthOf(plain as ReadTerm) ? inside : plain;
}

/** What a summand costs as it reads forward. */
export const lengthOf = ({ scalar, reading }: ReadTerm): number => cost(scalar ?? (reading as Reading).fwd);

/** ½ (a − 2 b) c as (½ a − b) c; undefined where no bracket has a summand that is a multiple of the denominator. */
function withFractionInside(term: Term): Term | undefined {
  const { n, d } = term.coefficient;
  if (d === 1n) return undefined;
  const factors = withBracketTimes({ n: 1n, d }, term, (summands) =>
    summands.some((t) => t.coefficient.d === 1n && t.coefficient.n % d === 0n),
  );
  return factors && { ...term, coefficient: { n, d: 1n }, factors };
}

/** 2 (3 x² − 1) as 6 x² − 2 beside another factor; undefined where no bracket is as short with its numbers multiplied. */
function withNumberInside(term: Term): Term | undefined {
  const { n, d } = term.coefficient;
  if (n === 1n || n === -1n || term.factors.length < 2) return undefined;
  const factors = withBracketTimes({ n: absolute(term.coefficient).n, d: 1n }, term, (summands) =>
    summands.every((t) => t.factors.length === 0 || !isOne(absolute(t.coefficient))),
  );
  return factors && { ...term, coefficient: { n: n < 0n ? -1n : 1n, d }, factors };
}

/** The factors of a term with a number multiplied into the first bracket that takes it; undefined where none does. */
function withBracketTimes(times: Rational, term: Term, takes: (summands: readonly Term[]) => boolean): Factor[] | undefined {
  const place = term.factors.findIndex(({ base, exponent }) => base.kind === "sum" && isUnitExponent(exponent) && takes(base.tensor.terms));
  if (place < 0) return undefined;
  return term.factors.map((f, i) =>
    i === place && f.base.kind === "sum" ? { ...f, base: sumBase(scaleTensor(f.base.tensor, times), symmetryOf(f.base)) } : f,
  );
}

/** −A Sᵀ as A S for a skew matrix S, one for each that there is. */
const withSkewTurned = (term: Term): Term[] =>
  skewTurned(term.factors).map((factors) => ({ ...term, coefficient: negate(term.coefficient), factors }));

/** With its products that are their own transposes, and its skew matrices, in the shorter direction. */
function readDirected(reader: Reader, tensor: Tensor, term: Term): ReadTerm | undefined {
  const read = readTurned(reader, tensor, term);
  if (read === undefined) return undefined;
  const directed = turnedTerms(tensor, term).reduce((best, t) => shorterOf(best, readTurned(reader, tensor, t)), read);
  return skewTurnings(term.factors).reduce((best, { factors, negative }) => {
    const other = readTurned(reader, tensor, { ...term, factors, coefficient: negative ? negate(term.coefficient) : term.coefficient });
    return other !== undefined && other.negative !== best.negative && signedLength(other) < signedLength(best)
      ? other
      : shorterOf(best, other);
  }, directed);
}

const signedLength = (t: ReadTerm): number => lengthOf(t) + Number(t.negative);

/** Two readings of one term as one, each orientation at its cheapest. */
function shorterOf(a: ReadTerm, b: ReadTerm | undefined): ReadTerm {
  if (b === undefined || a.negative !== b.negative) return a;
  if (a.scalar !== undefined && b.scalar !== undefined) return { ...a, scalar: cheapest([a.scalar, b.scalar]) };
  if (a.reading === undefined || b.reading === undefined) return a;
  return { ...a, reading: oriented([a.reading.fwd, b.reading.fwd], [a.reading.rev, b.reading.rev]) };
}

function readTurned(reader: Reader, tensor: Tensor, term: Term): ReadTerm | undefined {
  const plain = readOpened(reader, tensor, term, openTerm(reader, tensor, term));
  if (plain === undefined || !plain.negative) return plain;
  const place = term.factors.findIndex((f) => isTurnable(f));
  const others = place < 0 ? withSkewTurned(term) : [term];
  const [turned, ...more] = others.flatMap((other) => readOpened(reader, tensor, other, openTerm(reader, tensor, other, place)) ?? []);
  return { ...plain, turned: more.reduce((best, t) => (lengthOf(t) < lengthOf(best) ? t : best), turned as ReadTerm) };
}

function readOpened(reader: Reader, tensor: Tensor, term: Term, open: OpenTerm | undefined): ReadTerm | undefined {
  if (open === undefined || !reduce(reader, open.graph)) return undefined;
  const { body, ok } = assemble(
    reader,
    open.graph,
    tensor.axes.map((_, i) => i),
    open.identities.length > 0,
  );
  if (!ok) return undefined;
  const { top, bottom } = scalarsOf(reader, open);
  const size: Rational = absolute(term.coefficient);
  const [scalar, reading] =
    body === undefined
      ? [scaled(size, top, bottom, undefined), undefined]
      : [undefined, oriented([scaled(size, top, bottom, body.fwd)], [scaled(size, top, bottom, body.rev)])];
  return { negative: open.negative, turned: undefined, scalar, reading, order: orderOf(reader, term), degree: degreeOf(term) };
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
