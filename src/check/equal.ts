// Are two terms equal? Normal forms prove it; what they leave open is decided by values:
// exactly, modulo a prime, where all is polynomial and rational, and in floating point.
//
// Invariants: "proved" is said only where both normal forms are the same object and values do not
// speak against it; a difference in floating point that rounding explains refutes nothing by
// itself; residues refute only where every function has an exact counterpart, because identities
// of the others are unknown to them. Nothing here knows where a term comes from.

import { attempt } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import { type Apply, type Expr, nodes } from "../expr/expr.ts";
import { isComparison, isOperator } from "../expr/operators.ts";
import { type Definitions, NumericError } from "../numeric/context.ts";
import { PRIME } from "../numeric/field.ts";
import { largest, type Matrix, map, zip } from "../numeric/matrix.ts";
import { agreeModulo, variablesInExponents } from "../numeric/modular.ts";
import { isExactFunction, isRationalFunction } from "../numeric/modularArithmetic.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import type { Tensor } from "../tensor/form/tensor.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";
import type { Witness } from "./atPoint.ts";
import { compare, TOLERANCE, type Verdict } from "./compare.ts";
import { createNumbering } from "./probe.ts";
import { type Pair, separate } from "./separate.ts";

/** What an agreement rests on. */
export type Evidence =
  /** Both sides have the same normal form; `expanded` where products had to be multiplied out. */
  | { readonly kind: "normal form"; readonly expanded: boolean }
  /** Equal residues modulo `prime`; two unequal terms agree at all points with at most the probability `chance`. */
  | {
      readonly kind: "residues";
      readonly points: number;
      readonly prime: number;
      readonly chance: number;
      readonly opaque: readonly string[];
    }
  /** Equal values in floating point: `worst` is the largest relative error met, `tolerance` the largest that passes. */
  | { readonly kind: "values"; readonly points: number; readonly worst: number; readonly tolerance: number; readonly seed: number };

/** What is found of two terms that are to be equal. */
export type Comparison =
  | { readonly kind: "proved"; readonly evidence: Evidence }
  | { readonly kind: "holds"; readonly evidence: Evidence; readonly remark?: string }
  | { readonly kind: "differs"; readonly reason: string; readonly witness?: Witness }
  | { readonly kind: "undecided"; readonly reason: string };

/** What comparing takes. */
export interface Judge {
  readonly numeric: Numeric;
  readonly library: Library;
  readonly definitions: Definitions;
  readonly seed?: number;
  /** Points of the comparison in floating point; 12 unless stated, so that signs of names meet in every way. */
  readonly points?: number;
}

const POINTS = 12;
/** Points at which values may speak against a proof. */
const POINTS_OF_PROOF = 2;
/** Points from which others are made. */
const BASES = 3;
/** Points of `agreeModulo`. */
const POINTS_MODULO = 16;
/** The chance that two quotients of polynomials agree there: that of the hash, far above Schwartz and Zippel's bound. */
const CHANCE = 1e-6;
/** The same where signs pick pieces, one of them at each point: 2 to the minus POINTS_MODULO. */
const CHANCE_OF_PIECES = 2e-5;
/** Most pairs of values that are compared with each other for residues to tell enough. */
const MOST_COMPARED = 1;
/** A change of a point's entries, and the relative change of a value that is small beside it. */
const NUDGE = 1e-14;
const STEADY = 1e-8;
/** Relative differences between the tolerance and this may be rounding. */
const CERTAIN = 1e-6;

/**
 * Whether `claimed` is equal to `expected` wherever that has a value. Both have the same shape. Where there are
 * `regular` terms, as what is differentiated, points are compared where these have values and no kink.
 */
export function compareTerms(judge: Judge, expected: Expr, claimed: Expr, regular: readonly Expr[] = []): Comparison {
  const { seed = 1 } = judge;
  const pair: Pair = { expected, claimed, regular };
  const proof = proved(judge.library, expected, claimed);
  if (proof !== undefined && !isBelied(judge, pair, seed)) return { kind: "proved", evidence: proof };
  const { verdict, bases } = compareValues(judge, pair, seed);
  const differs = (reason: string, witness?: Witness): Comparison => ({
    kind: "differs",
    reason,
    ...optional({ witness }),
  });
  if (verdict.ok === false && !(verdict.worst <= CERTAIN && verdict.witness !== undefined))
    return differs(verdict.reason ?? "the values differ", verdict.witness);
  const opaque = opaqueIn([expected, claimed], judge.definitions);
  // Each comparison parts the points: the chance that is stated is that of terms with few of them.
  const told = comparedIn([expected, claimed], judge.library) <= MOST_COMPARED && !(opaque.length > 0 && asksEqual([expected, claimed]));
  const residues = told ? modulo(judge, expected, claimed) : undefined;
  const rational = opaque.length === 0 && [expected, claimed].every((term) => isRational(term, judge.definitions));
  const apart = residues === true && rational ? undefined : separate(judge, pair, bases);
  const witness = apart?.witness ?? verdict.witness;
  if (apart?.witness !== undefined) return differs("the values differ", witness);
  if (residues === false && (rational || (verdict.ok !== true && opaque.length === 0)))
    return differs(witness === undefined ? "the values differ modulo a prime" : "the values differ", witness);
  if (verdict.ok === false)
    return { kind: "undecided", reason: `the values differ by ${verdict.worst.toExponential(1)} of their size, which may be rounding` };
  const chance = rational ? CHANCE : CHANCE_OF_PIECES;
  const exact: Evidence = { kind: "residues", points: POINTS_MODULO, chance, prime: PRIME, opaque };
  // Modulo a prime an exponent is a whole number, and powers of negative numbers know others.
  const isExact = (): boolean => opaque.length === 0 && variablesInExponents([...nodes(expected), ...nodes(claimed)]).size === 0;
  const remark = verdict.undefinedAt > 0 ? { remark: "at some points only one side has a value" } : {};
  if (residues === true && (verdict.ok === undefined || isExact())) return { kind: "holds", evidence: exact, ...remark };
  if (verdict.ok === true && apart !== undefined)
    return {
      kind: "holds",
      evidence: { kind: "values", points: verdict.points + apart.points, worst: apart.worst, tolerance: apart.tolerance, seed },
      ...remark,
    };
  return { kind: "undecided", reason: (verdict.reason ?? "no comparison was possible").replace(/^not checked: /, "") };
}

/** Whether values speak against a proof: a law may be wrong, and then what it proves is false. */
function isBelied(judge: Judge, { expected, claimed, regular }: Pair, seed: number): boolean {
  if (expected === claimed) return false;
  const { verdict } = compareValues({ ...judge, points: POINTS_OF_PROOF }, { expected, claimed, regular }, seed);
  return verdict.ok === false && verdict.worst > CERTAIN;
}

/** Values at random points, and some of these. Where the regular terms have no values in common with the others, without them. */
function compareValues(judge: Judge, pair: Pair, seed: number): Compared {
  const first = compareAll(judge, pair, seed);
  const none = first.verdict.ok === undefined && pair.regular.length > 0;
  return none ? compareAll(judge, { ...pair, regular: [] }, seed) : first;
}

interface Compared {
  readonly verdict: Verdict;
  readonly bases: readonly Point[];
}

// Where rounding errors grow too much a point decides nothing.
function compareAll(judge: Judge, { expected, claimed, regular }: Pair, seed: number): Compared {
  const { numeric, definitions, points = POINTS } = judge;
  const bases: Point[] = [];
  const verdict = compare(
    numeric,
    (by) => {
      const at = (term: Expr, point: Point): Matrix => by.evaluate(term, point, definitions);
      return {
        expected,
        regular,
        covered: [claimed],
        claimed: (point) => at(claimed, point),
        variables: [],
        informative: false,
        tolerance: TOLERANCE.values,
        truth: (point) => {
          if (by === numeric && bases.length < BASES) bases.push(point);
          const values = at(expected, point);
          const near = nudged(point);
          const there = at(claimed, near);
          const errors = zip(values, at(expected, near), (x, y) => Math.abs(x - y));
          if (there.data.length !== errors.data.length) return { values, errors, floor: 0 };
          const own = zip(at(claimed, point), there, (x, y) => Math.abs(x - y));
          return { values, errors: zip(errors, own, Math.max), floor: 0 };
        },
      };
    },
    { definitions, seed, points },
  );
  return { verdict, bases };
}

// The same point with the last digits of its entries changed.
function nudged(point: Point): Point {
  let sign = 1;
  const move = (x: number): number => {
    sign = -sign;
    return x + sign * NUDGE * Math.max(Math.abs(x), 1);
  };
  return { ...point, values: new Map([...point.values].map(([name, value]) => [name, map(value, move)])) };
}

/** Whether the values of terms stay where they are when the last digits of a point change. */
export function isSteady({ numeric, definitions }: Judge, terms: readonly Expr[], point: Point): boolean {
  const near = nudged(point);
  return terms.every((term) => {
    const here = numeric.evaluate(term, point, definitions);
    const there = numeric.evaluate(term, near, definitions);
    const most = STEADY * Math.max(largest(here), 1e-12);
    return here.data.every((x, k) => Math.abs(x - (there.data[k] as number)) <= most);
  });
}

/** A proof that two terms are equal, by their normal forms alone. */
function proved(library: Library, a: Expr, b: Expr): Evidence | undefined {
  if (a === b) return { kind: "normal form", expanded: false };
  return provedBy(library, a, b) ?? provedBy({ ...library, find: unfolding(library.find) }, a, b);
}

type Find = Library["find"];

/** Functions that are given through others are what their definitions say, although they have rules of their own: cot is cos over sin. */
function unfolding(find: Find): Find {
  const hasDifferential = { value: false };
  return (name) => {
    const rules = find(name);
    return rules?.definition === undefined ? rules : Object.create(rules, { hasDifferential });
  };
}

/** Whether all functions in a term have values everywhere. */
const isEntire = (term: Expr, find: Find): boolean =>
  nodes(term).every((n) => n.kind !== "apply" || (find(n.op)?.info.domains ?? []).every((d) => d === "real"));

function provedBy({ find, join }: Pick<Library, "find" | "join">, a: Expr, b: Expr): Evidence | undefined {
  // What has no normal form is left to the values.
  return attempt(() => {
    const form = (e: Expr): Tensor => applyGuards(toTensor(e, { find }));
    const [x, y] = [form(a), form(b)];
    if (x === y) return { kind: "normal form", expanded: false };
    const [p, q] = [expand(x) ?? x, expand(y) ?? y];
    // What answers join, sin(x) cos(x) to sin(2 x)/2, is joined on both sides; where it may gain values, log(x) − log(y) as log(x/y), not on the claimed one.
    const forms = [p, applyGuards(p), ...join(p)];
    const isEqual = [q, applyGuards(q), ...(isEntire(b, find) ? join(q) : [])].some((t) => forms.includes(t));
    return isEqual ? { kind: "normal form", expanded: true } : undefined;
  });
}

/** How many pairs of values decide what the terms are. */
function comparedIn(terms: readonly Expr[], { functions }: Pick<Library, "functions">): number {
  const compares = (op: string): boolean => isComparison(op) || functions.find(op)?.picks === true;
  const id = createNumbering();
  const pairs = terms.flatMap((term) => nodes(term)).filter((e) => e.kind === "apply" && compares(e.op));
  return new Set(pairs.map(({ args: [a, b] }) => [id(a), id(b)].sort((x, y) => x - y).join())).size;
}

/** Whether values are asked to be equal, which those of what has no exact counterpart never are. */
const asksEqual = (terms: readonly Expr[]): boolean =>
  terms.some((term) => nodes(term).some((e) => e.kind === "apply" && (e.op === "eq" || e.op === "ne")));

function modulo({ library, definitions, seed }: Judge, a: Expr, b: Expr): boolean | undefined {
  const elementwise = (name: string): boolean => library.functions.find(name)?.elementwise === true;
  try {
    return agreeModulo(a, b, { definitions, elementwise, points: POINTS_MODULO, ...optional({ seed }) });
  } catch (error) {
    if (error instanceof NumericError) return undefined;
    throw error;
  }
}

/** Names of what has no exact counterpart modulo a prime. */
function opaqueIn(terms: readonly Expr[], definitions: Definitions): string[] {
  const found = new Set<string>();
  for (const node of partsOf(terms, definitions)) {
    if (node.kind === "constant" || node.kind === "unknown") found.add(node.name);
    if (node.kind === "apply" && isOpaque(node.op) && definitions(node.op)?.body === undefined) found.add(node.op);
  }
  return [...found];
}

const isOpaque = (op: string): boolean => !isOperator(op) && !isExactFunction(op);

/** Whether a term is a quotient of polynomials, so that unequal residues are unequal values. */
const isRational = (term: Expr, definitions: Definitions): boolean =>
  partsOf([term], definitions).every((n) => n.kind !== "apply" || isRationalIn(n));

function isRationalIn({ op, args }: Apply): boolean {
  if (op !== "pow" && op !== "hpow")
    return !isComparison(op) && op !== "cases" && (isOperator(op) || isRationalFunction(op) || isOpaque(op));
  const exponent = args[1] as Expr;
  return exponent.kind === "num" && exponent.value.d === 1n;
}

/** The parts of terms and of the definitions that they use. */
function partsOf(terms: readonly Expr[], definitions: Definitions): Expr[] {
  const found: Expr[] = [];
  const seen = new Set<string>();
  const open = [...terms];
  for (let term = open.pop(); term !== undefined; term = open.pop())
    for (const node of nodes(term)) {
      found.push(node);
      if (node.kind !== "apply" || !isOpaque(node.op) || seen.has(node.op)) continue;
      seen.add(node.op);
      const body = definitions(node.op)?.body;
      if (body !== undefined) open.push(body);
    }
  return found;
}
