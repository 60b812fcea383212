// One term of a sum as matrix notation: numbers in front, the graph of the rest behind.

import { flatMap } from "../../base/list.ts";
import { absolute, divide, isOne, ONE, type Rational, sign } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import { sameShape } from "../../expr/shape.ts";
import { negateTensor, scaleTensor } from "../algebra.ts";
import { canonicalTerm } from "../canonical.ts";
import {
  type Base,
  dependsOn,
  EXPONENT_ONE,
  type Exponent,
  type Factor,
  functionBase,
  groupBase,
  internTensor,
  isOdd,
  isUnitExponent,
  sameExponent,
  sumBase,
  symmetryOf,
  type Tensor,
  type Term,
} from "../tensor.ts";
import { assemble } from "./assemble.ts";
import { readBase, readEntry } from "./base.ts";
import { cost } from "./cost.ts";
import { turnedTerms } from "./directed.ts";
import { clustersOf } from "./fused.ts";
import { addEdge, addWeight, createGraph, dropLabel, type Graph, reduce } from "./graph.ts";
import { raiseScalar, sharedPower, splitSign } from "./items.ts";
import { degreeOf } from "./order.ts";
import { orderOf, type Reader, rankOf, startsNegative } from "./reader.ts";
import { cheapest, diagonalReading, isApply, oriented, type Reading, scalarReading, scaled, times, transposed } from "./reading.ts";

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
  /** See src/tensor/read/order.ts. */
  readonly degree: number;
}

/** A term sorted into numbers above and below the fraction line and the graph of the rest. */
export interface OpenTerm {
  /** The sign of the term, given the direction in which its differences are read. */
  readonly negative: boolean;
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

/** Behind every name. */
const LAST = Number.MAX_SAFE_INTEGER;

/** A number to a power, as it stands in the term. */
interface Power {
  readonly base: Base;
  readonly reading: Reading;
  readonly exponent: Exponent;
  readonly order: number;
}

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
  const above: Ordered[] = [];
  const below: Ordered[] = [];
  const powers: Power[] = [];
  const identities: [number, number][] = [];
  let negative = sign(term.coefficient) < 0;
  const clusters = term.factors.some((f) => f.base.kind === "fuse") ? clustersOf(reader, tensor, term) : [];
  if (clusters === undefined) return undefined;
  for (const { factors, wholes, reading } of clusters) {
    const order = Math.min(...factors.map((f) => rankOf(reader, f.base.names)));
    const [a, b] = wholes as [number, number?];
    if (b === undefined) addWeight(graph, a, { reading, exponent: EXPONENT_ONE, order });
    else addEdge(graph, a, b, { reading, exponent: EXPONENT_ONE, order });
    for (const f of factors) for (const s of f.slots) if (typeof s === "number" && !wholes.includes(s)) dropLabel(graph, s);
  }
  const clustered = new Set(flatMap(clusters, (c) => c.factors));
  for (const [place, given] of term.factors.entries()) {
    if (clustered.has(given)) continue;
    const other = isBackward(reader, given) !== (place === turn) ? turnedRound(given) : undefined;
    if (other !== undefined && isOdd(given.exponent) && other.sign < 0) negative = !negative;
    const f = other === undefined ? given : { ...given, base: other.base };
    const [a, b, ...more] = [...new Set(f.slots.filter((s): s is number => typeof s === "number"))];
    const order = rankOf(reader, f.base.names);
    if (more.length > 0) return undefined;
    if (f.base.kind === "delta" && a !== undefined && b !== undefined && a < rank && b < rank) {
      identities.push([a, b]);
      continue;
    }
    const reading = readFactor(reader, f);
    if (reading === undefined) return undefined;
    // x[i] δ_ij: what only selects stands last.
    if (a === undefined) powers.push({ base: f.base, reading, exponent: f.exponent, order: f.base.kind === "delta" ? LAST : order });
    else if (b === undefined) {
      const onDiagonal = f.slots.length === 2 && f.slots[0] === f.slots[1];
      addWeight(graph, a, {
        reading: onDiagonal ? diagonalOfSquare(reading) : reading,
        exponent: f.exponent,
        order,
        ...(onDiagonal ? { diagonalOf: reading } : {}),
      });
    } else addEdge(graph, a, b, { reading, exponent: f.exponent, order });
  }
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
  return { negative, graph, above, below, identities };
}

/** det(A) det(B) as det(A B), and numbers under one exponent, but for its sign, as one: √x/√y as √(x/y), in the user's order. */
function together(powers: readonly Power[]): Power[] {
  const groups: Power[][] = [];
  for (const p of [...powers].sort((a, b) => a.order - b.order)) {
    const group = groups.find(([first]) => first !== undefined && joinable(first, p));
    if (group === undefined) groups.push([p]);
    else group.push(p);
  }
  return groups.map((group) => (group.length === 1 ? (group[0] as Power) : joined(group)));
}

const isMultiplicative = (b: Base): b is Base & { kind: "function" } => b.kind === "function" && b.rules.multiplicative;

function joinable(a: Power, b: Power): boolean {
  if (isMultiplicative(a.base) && isMultiplicative(b.base) && a.base.rules === b.base.rules)
    return sameExponent(a.exponent, b.exponent) && sameShape((argumentOf(a.reading) as Expr).shape, (argumentOf(b.reading) as Expr).shape);
  // A root of x·x is a norm and stays by itself.
  if ([a, b].some(({ base }) => base.kind === "group" || isMultiplicative(base))) return false;
  return sharedPower(a.exponent, b.exponent) !== 0;
}

const argumentOf = ({ fwd }: Reading): Expr | undefined => (fwd.kind === "apply" ? fwd.args[0] : undefined);

/** Several numbers under one exponent; it is that of one that stands above, if there is one. */
function joined(group: readonly Power[]): Power {
  const [first] = group as [Power, ...Power[]];
  if (isMultiplicative(first.base)) {
    const of = group.map((p) => argumentOf(p.reading) as Expr).reduce(times);
    return { ...first, reading: scalarReading(build.call(first.base.rules.info, [of])) };
  }
  const lead = group.find((p) => !splitSign(p.exponent).below) ?? first;
  const isAbove = (p: Power): boolean => p === lead || sharedPower(lead.exponent, p.exponent) > 0;
  const numbers = (list: readonly Power[]): Expr[] => list.map((p) => p.reading.fwd);
  const [top, bottom] = [numbers(group.filter(isAbove)), numbers(group.filter((p) => !isAbove(p)))];
  const [p, q] = [top, bottom].map((list) => (list.length === 1 ? list[0] : undefined));
  const whole = p?.kind === "num" && q?.kind === "num" ? build.num(divide(p.value, q.value)) : scaled(ONE, top, bottom, undefined);
  return { ...lead, order: first.order, reading: scalarReading(whole) };
}

/** A factor to a whole power with all signs inside it changed: of a bracketed sum, of sign(x), of max as min. */
function turnedRound({ base, exponent }: Factor): { readonly base: Base; readonly sign: 1 | -1 } | undefined {
  if (exponent.symbolic !== undefined || exponent.rational.d !== 1n) return undefined;
  if (base.kind === "sum") return { base: sumBase(negateTensor(base.tensor), symmetryOf(base)), sign: -1 };
  if (base.kind === "group") return turnedGroup(base.tensor);
  const by = base.kind === "function" ? base.rules.reflection : undefined;
  if (base.kind !== "function" || by === undefined) return undefined;
  return { base: functionBase(by.rules, base.args.map(negateTensor), base.axes, symmetryOf(base)), sign: by.sign };
}

/** A contraction with one of its factors turned round: −Σ sign(x − m) of Σ sign(m − x). */
function turnedGroup({ axes, terms: [term, ...more] }: Tensor): { readonly base: Base; readonly sign: 1 | -1 } | undefined {
  const place = term === undefined || more.length > 0 ? -1 : term.factors.findIndex((f) => isTurnable(f));
  if (term === undefined || place < 0) return undefined;
  const factors = term.factors.map((f, i) => (i === place ? { ...f, base: (turnedRound(f) as { base: Base }).base } : f));
  const turned = canonicalTerm(term.coefficient, factors, axes.length, (l) => term.summed[l - axes.length] as Dim);
  return { base: groupBase(internTensor(axes, [turned])), sign: -1 };
}

/** How far inside one another the signs of arguments are looked at. */
const MOST_SIGNS = 3;

/** Whether a factor reads with fewer minus signs when it is turned round. */
function isBackward(reader: Reader, { base }: Factor, left = MOST_SIGNS): boolean {
  if (base.kind === "sum") return startsNegative(reader, base.tensor);
  if (base.kind === "group") {
    const turned = base.tensor.terms.length > 1 ? undefined : base.tensor.terms[0]?.factors.find((f) => isTurnable(f));
    return turned !== undefined && isBackward(reader, turned, left - 1);
  }
  return base.kind === "function" && base.rules.reflection !== undefined && base.args.every((a) => readsNegative(reader, a, left - 1));
}

/** Whether a minus stands in front of what a tensor is read as. */
function readsNegative(reader: Reader, tensor: Tensor, left: number): boolean {
  const [term, ...more] = tensor.terms;
  if (term === undefined || more.length > 0 || left === 0) return startsNegative(reader, tensor);
  const turned = term.factors.filter((f) => isOdd(f.exponent) && isBackward(reader, f, left) && (turnedRound(f)?.sign ?? 1) < 0);
  return isNegative(term) === (turned.length % 2 === 0);
}

/** Whether b − a may be said for −(a − b). */
const isTurnable = (f: Factor, left = MOST_SIGNS): boolean =>
  isOdd(f.exponent) &&
  (turnedRound(f)?.sign ?? 1) < 0 &&
  (f.base.kind === "group" || argumentsOf(f.base).some((t) => isDifference(t, left - 1)));

/** A difference, or a product with one. */
const isDifference = ({ terms }: Tensor, left: number): boolean =>
  terms.length > 1 ? terms.some(isNegative) : left > 0 && terms.some((t) => t.factors.some((f) => isTurnable(f, left)));
const argumentsOf = (b: Base): readonly Tensor[] => (b.kind === "sum" ? [b.tensor] : b.kind === "function" ? b.args : []);
const isNegative = (t: Term): boolean => sign(t.coefficient) < 0;

/** The numbers of an opened term, once its graph is reduced. */
export function scalarsOf(open: OpenTerm): { top: Expr[]; bottom: Expr[] } {
  const sorted = (list: readonly Ordered[]): Expr[] => [...list].sort(byName).map((p) => p.expr);
  return { top: [...sorted(open.above), ...open.graph.scalars], bottom: sorted(open.below) };
}

/** By the user's first name in them; of one name sums come last, and the shorter comes first. */
const byName = (p: Ordered, q: Ordered): number =>
  p.order - q.order || Number(isApply(p.expr, "add")) - Number(isApply(q.expr, "add")) || cost(p.expr) - cost(q.expr);

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
  const place = term.factors.findIndex(
    ({ base, exponent }) =>
      base.kind === "sum" &&
      isUnitExponent(exponent) &&
      base.tensor.terms.some((t) => t.coefficient.d === 1n && t.coefficient.n % d === 0n),
  );
  if (place < 0) return undefined;
  const factors = term.factors.map((f, i) =>
    i === place && f.base.kind === "sum" ? { ...f, base: sumBase(scaleTensor(f.base.tensor, { n: 1n, d }), symmetryOf(f.base)) } : f,
  );
  return { ...term, coefficient: { n, d: 1n }, factors };
}

/** 2 (3 x² − 1) as 6 x² − 2 beside another factor; undefined where no bracket is as short with its numbers multiplied. */
function withNumberInside(term: Term): Term | undefined {
  const { n, d } = term.coefficient;
  if (n === 1n || n === -1n || term.factors.length < 2) return undefined;
  const place = term.factors.findIndex(
    ({ base, exponent }) =>
      base.kind === "sum" &&
      isUnitExponent(exponent) &&
      base.tensor.terms.every((t) => t.factors.length === 0 || !isOne(absolute(t.coefficient))),
  );
  if (place < 0) return undefined;
  const times: Rational = { n: absolute(term.coefficient).n, d: 1n };
  const factors = term.factors.map((f, i) =>
    i === place && f.base.kind === "sum" ? { ...f, base: sumBase(scaleTensor(f.base.tensor, times), symmetryOf(f.base)) } : f,
  );
  return { ...term, coefficient: { n: n < 0n ? -1n : 1n, d }, factors };
}

/** With its products that are their own transposes in the shorter direction. */
function readDirected(reader: Reader, tensor: Tensor, term: Term): ReadTerm | undefined {
  const read = readTurned(reader, tensor, term);
  if (read === undefined) return undefined;
  return turnedTerms(tensor, term).reduce((best, t) => shorterOf(best, readTurned(reader, tensor, t)), read);
}

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
  const turned = place < 0 ? undefined : readOpened(reader, tensor, term, openTerm(reader, tensor, term, place));
  return { ...plain, turned };
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
  const { top, bottom } = scalarsOf(open);
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
