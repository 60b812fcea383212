// What a search for mistakes works with: points at which the right value and the claim exist,
// values at them, and a bound on the work.
//
// Invariants: points have sizes that differ, and rounding does not move the values there; the
// work is counted in mutated terms, fewer the larger they are. Not here: what is searched for.

import type { By } from "../calculus/higher.ts";
import { type Dim, dimNames, dimOf } from "../expr/dim.ts";
import { type Expr, nodes } from "../expr/expr.ts";
import type { FunctionTable } from "../expr/functions.ts";
import type { OperatorName } from "../expr/operators.ts";
import { sameShape } from "../expr/shape.ts";
import { NumericError } from "../numeric/context.ts";
import { allFinite, largest, type Matrix } from "../numeric/matrix.ts";
import type { Point } from "../numeric/point.ts";
import type { Form } from "./claim.ts";
import { isSteady, type Judge } from "./equal.ts";
import { entryCount, isFactor, type Surroundings } from "./mistakes.ts";

/** One explanation of a wrong claim. */
export interface Finding {
  readonly mistake: string;
  readonly sentence: string;
  /** The part that the mistake was made at, where it is not the whole. */
  readonly place?: Expr;
  /** What the claim is equal to: the right answer with the mistake. */
  readonly result?: Expr;
}

/** What a claim about a derivative is about. */
export interface Source {
  readonly expr: Expr;
  readonly by: readonly By[];
}

/** Places of a term that are mutated. */
export const MOST_PLACES = 120;
/** Mutated terms that are evaluated, and the parts of all of them together. */
const MOST_CANDIDATES = 4000;
const MOST_WORK = 300_000;
/** Parts of a term beyond which its mutations are not worth their while. */
const MOST_PARTS_OF_TERM = 3000;
const POINTS = 2;
const MOST_LOOKED = 12;
/** Relative differences that are rounding. */
export const SAME = 1e-8;

/** What is at hand in a search; `left` is the number of terms that may still be evaluated. */
export interface Search {
  readonly points: readonly Point[];
  /** Values of a term at the points; undefined where it has none. */
  readonly values: (e: Expr) => readonly Matrix[] | undefined;
  /** Whether a term, times a factor, has these values at the points; those behind the first difference are not computed. */
  readonly has: (e: Expr, wanted: readonly Matrix[] | undefined, factor?: number) => boolean;
  readonly around: Surroundings;
  left: number;
}

/** Ready to search; undefined where no point was found. */
export function startSearch(judge: Judge, forms: readonly Form[], claimed: Expr, source: Source | undefined): Search | undefined {
  const { numeric, definitions, library } = judge;
  const [form] = forms;
  if (form === undefined) return undefined;
  const covered = [claimed, ...forms.map((f) => f.expr), ...(source === undefined ? [] : [source.expr])];
  const points = pointsFor(judge, form.expr, claimed, covered);
  if (points.length === 0) return undefined;
  const valueAt = (e: Expr, point: Point): Matrix | undefined => {
    try {
      const value = numeric.evaluate(e, point, definitions);
      return allFinite(value) ? value : undefined;
    } catch (error) {
      if (error instanceof NumericError) return undefined;
      throw error;
    }
  };
  const values = (e: Expr): readonly Matrix[] | undefined => {
    const all: Matrix[] = [];
    for (const point of points) {
      const value = valueAt(e, point);
      if (value === undefined) return undefined;
      all.push(value);
    }
    return all;
  };
  const has: Search["has"] = (e, wanted, factor = 1) =>
    wanted?.every((value, i) => {
      const own = valueAt(e, points[i] as Point);
      return own !== undefined && isClose(own, value, factor);
    }) ?? false;
  const sizes = sizesIn(covered);
  return {
    points,
    values,
    has,
    around: { find: library.functions.find, sizes, counts: countsIn(source?.expr ?? form.expr, library.functions.find) },
    left: budget(claimed, form.expr),
  };
}

/** Whether a claim has the values of a form, as one that is wrong only elsewhere. */
export const isHidden = ({ values, has }: Search, forms: readonly Form[], claimed: Expr): boolean =>
  forms.some(({ expr }) => sameShape(expr.shape, claimed.shape) && has(claimed, values(expr)));

/** Tells whether a term has the values of one of the forms, at points that are drawn once. */
export function sameAs(judge: Judge, forms: readonly Form[]): (e: Expr) => boolean {
  const [form] = forms;
  if (form === undefined) return () => false;
  const search = startSearch(judge, forms, form.expr, undefined);
  const values = forms.map((f) => ({ shape: f.expr.shape, at: search?.values(f.expr) }));
  return (e) => values.some(({ shape, at }) => sameShape(e.shape, shape) && search?.has(e, at) === true);
}

/** Evaluations that terms of this size are worth. */
export function budget(...terms: readonly Expr[]): number {
  const parts = terms.reduce((n, t) => n + nodes(t).length, 0);
  return parts > MOST_PARTS_OF_TERM ? 0 : Math.min(MOST_CANDIDATES, Math.ceil(MOST_WORK / parts));
}

/** Points at which both values exist, as far as there are any. */
function pointsFor(judge: Judge, expected: Expr, claimed: Expr, covered: readonly Expr[]): Point[] {
  const { numeric, definitions, seed = 1 } = judge;
  for (const defined of [[expected, claimed], [expected]]) {
    const points: Point[] = [];
    let looked = 0;
    try {
      for (const point of numeric.samplePoints({ defined, covered, seed }, definitions)) {
        if (looked++ > MOST_LOOKED) break;
        if (!isSteady(judge, defined, point)) continue;
        points.push(point);
        if (points.length === POINTS) return points;
      }
    } catch (error) {
      if (!(error instanceof NumericError)) throw error;
    }
    if (points.length > 0) return points;
  }
  return [];
}

/** The sizes of all parts that a person may take for a factor. */
function sizesIn(terms: readonly Expr[]): Dim[] {
  const names = new Set<string>();
  for (const term of terms)
    for (const node of nodes(term)) for (const d of [node.shape.rows, node.shape.cols]) for (const n of dimNames(d)) names.add(n);
  return [...names].map((n) => dimOf(n)).filter(isFactor);
}

/** The operators that sum over entries; functions that do say so in rules/. */
const TOTALS: ReadonlySet<string> = new Set<OperatorName>(["sum", "dot", "tr"]);

/** The numbers of entries that sums and means in a term run over. */
function countsIn(term: Expr, find: FunctionTable["find"]): Dim[] {
  const found = new Map<string, Dim>();
  for (const node of nodes(term)) {
    if (node.kind === "indexSum") found.set(node.range.key, node.range);
    if (node.kind === "apply" && (TOTALS.has(node.op) || find(node.op)?.total === true)) {
      const d = entryCount(node.args[0] as Expr);
      found.set(d.key, d);
    }
    if (node.kind === "dim") found.set(node.dim.key, node.dim);
  }
  return [...found.values()].filter(isFactor);
}

/** Whether two lists of values agree, the first times a factor. */
export const equal = (a: readonly Matrix[] | undefined, b: readonly Matrix[], factor = 1): boolean =>
  a?.every((x, i) => isClose(x, b[i] as Matrix, factor)) ?? false;

function isClose(x: Matrix, y: Matrix, factor: number): boolean {
  if (x.rows !== y.rows || x.cols !== y.cols) return false;
  const scale = Math.max(largest(x) * Math.abs(factor), largest(y), 1e-12);
  return x.data.every((value, k) => Math.abs(factor * value - (y.data[k] as number)) <= SAME * scale);
}
