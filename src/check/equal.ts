// Are two terms equal? Normal forms prove it; what they leave open is decided by values:
// exactly, modulo a prime, where all is polynomial and rational, and in floating point.
//
// Invariants: "proved" is said only where both normal forms are the same object and values do not
// speak against it; a difference in floating point that rounding explains refutes nothing by
// itself. Nothing here knows where a term comes from. Not here: what residues tell (residues.ts), and
// values at further points (separate.ts).

import { attempt } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import { type Expr, nodes } from "../expr/expr.ts";
import type { Definitions } from "../numeric/context.ts";
import { largest, type Matrix, map, zip } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import type { Tensor } from "../tensor/form/tensor.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";
import type { Witness } from "./atPoint.ts";
import { compare, TOLERANCE, type Verdict } from "./compare.ts";
import { isExact, type Residues, residueEvidence, residuesOf } from "./residues.ts";
import { type Pair, type Separation, separate } from "./separate.ts";

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
  const mayBeRounding = verdict.worst <= CERTAIN && verdict.witness !== undefined;
  if (verdict.ok === false && !mayBeRounding) return differs(verdict.reason ?? "the values differ", verdict.witness);
  const residues = residuesOf(judge, expected, claimed);
  const apart = residues.agree === true && residues.isRational ? undefined : separate(judge, pair, bases);
  const found: Found = { verdict, residues, apart };
  return difference(found) ?? agreement(found, pair, seed);
}

const differs = (reason: string, witness: Witness | undefined): Comparison => ({ kind: "differs", reason, ...optional({ witness }) });

/** What is found of two terms without a common normal form. */
interface Found {
  /** In floating point, at random points. */
  readonly verdict: Verdict;
  readonly residues: Residues;
  /** In floating point, at further points; absent where residues decide. */
  readonly apart: Separation | undefined;
}

/** Where the values differ, or differ by what may be rounding; undefined where nothing speaks against equality. */
function difference({ verdict, residues: { agree, opaque, isRational }, apart }: Found): Comparison | undefined {
  const witness = apart?.witness ?? verdict.witness;
  if (apart?.witness !== undefined) return differs("the values differ", witness);
  if (agree === false && (isRational || (verdict.ok !== true && opaque.length === 0)))
    return differs(witness === undefined ? "the values differ modulo a prime" : "the values differ", witness);
  if (verdict.ok !== false) return undefined;
  return { kind: "undecided", reason: `the values differ by ${verdict.worst.toExponential(1)} of their size, which may be rounding` };
}

/** What speaks for equality, where nothing speaks against it. */
function agreement({ verdict, residues, apart }: Found, { expected, claimed }: Pair, seed: number): Comparison {
  const remark = verdict.undefinedAt > 0 ? { remark: "at some points only one side has a value" } : {};
  if (residues.agree === true && (verdict.ok === undefined || isExact(residues, [expected, claimed])))
    return { kind: "holds", evidence: residueEvidence(residues), ...remark };
  if (verdict.ok !== true || apart === undefined)
    return { kind: "undecided", reason: (verdict.reason ?? "no comparison was possible").replace(/^not checked: /, "") };
  const { worst, tolerance } = apart;
  return { kind: "holds", evidence: { kind: "values", points: verdict.points + apart.points, worst, tolerance, seed }, ...remark };
}

/** Whether values speak against a proof: a law may be wrong, and then what it proves is false. */
function isBelied(judge: Judge, pair: Pair, seed: number): boolean {
  if (pair.expected === pair.claimed) return false;
  const { verdict } = compareValues({ ...judge, points: POINTS_OF_PROOF }, pair, seed);
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
