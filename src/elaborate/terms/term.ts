// A term under elaboration: a surface tree whose shape may still be open, with the way to
// build its Expr once everything is settled.
//
// Invariant: terms stand in the context in the order in which they were made, arguments
// first, so building them needs no recursion.

import { negate } from "../../base/rational.ts";
import { apply, neg, num, variable } from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import { isScalarShape, type Shape, sameShape, shapeText } from "../../expr/shape.ts";
import type { IndexOrder, Tree } from "../../syntax/tree.ts";
import type { Scope, VariableInfo } from "../names/scope.ts";
import type { Inference, Place, Shaped } from "../shapes/constraint.ts";
import { refuse, written } from "../shapes/mismatch.ts";

/** A term whose shape is being inferred. */
export interface Term extends Shaped {
  readonly args: readonly Term[];
  readonly build: (args: readonly Expr[]) => Expr;
  /** The variable that it is, whole. */
  readonly variable: VariableInfo | undefined;
  /** Once it is built. */
  expr: Expr | undefined;
}

/** A summation index while its sum is read. */
export interface BoundIndex {
  readonly name: string;
  readonly range: Dim;
  /** Where the sum begins, if it does not run over the whole of its axes. */
  readonly from?: Dim;
  /** The last entry that such a sum takes: as many an axis of unknown length has. */
  readonly last?: Dim;
  /** The index that it always equals: the diagonal of a double sum. */
  readonly same?: BoundIndex;
  /** The index that it differs from. */
  readonly apart?: BoundIndex;
  /** How it stands to that index, where only one of them comes first. */
  readonly order?: IndexOrder;
  /** Whether the sum over that index is taken of nothing but the sum over this one. */
  readonly isInner?: boolean;
  /** What its sum is taken of. */
  readonly body: Tree;
  used: boolean;
}

/** What the walk over a text carries. */
export interface Context {
  readonly inf: Inference;
  readonly scope: Scope;
  /** The text being read. */
  source: string;
  readonly terms: Term[];
  /** Indices of the sums around the place being read, innermost last. */
  readonly bound: BoundIndex[];
  /** Fixed positions at which entries are taken, with the size of the axis. */
  readonly positions: { readonly axis: Dim; readonly at: number; readonly place: Place; readonly variable: VariableInfo | undefined }[];
  /** Sums and differences. */
  readonly sums: Term[];
  /** Products of two factors. */
  readonly products: Set<Term>;
  /** The axes along which a fixed index stands. */
  readonly axes: Map<string, Dim[]>;
  /** Whether there is a sum or a product over an index. */
  hasIndexSums: boolean;
  /** Whether a sum or a product over an index became a term that nobody would write for it. */
  rewritten: boolean;
}

/** Where a tree stands in the text being read. */
export const placeOf = (ctx: Context, tree: { readonly span: Tree["span"] }): Place => ({ source: ctx.source, span: tree.span });

/** Most terms of one sum, entries of one row, arguments of one call: they are handed over as arguments. */
const MOST_OPERANDS = 65_536;

/** Makes a term and files it for building. Refuses more operands than can be handed over. */
export function makeTerm(
  ctx: Context,
  place: Place,
  shape: Shape,
  args: readonly Term[],
  build: Term["build"],
  variable?: VariableInfo,
): Term {
  if (args.length > MOST_OPERANDS)
    refuse(place, "limit", `${args.length} operands in one place; ${MOST_OPERANDS} are the most`, "split it into definitions");
  const term: Term = { source: place.source, span: place.span, shape, args, build, variable, expr: undefined };
  ctx.terms.push(term);
  return term;
}

/** An occurrence of a variable. */
export function variableTerm(ctx: Context, place: Place, info: VariableInfo): Term {
  info.uses++;
  return makeTerm(
    ctx,
    place,
    info.shape,
    [],
    () => info.given ?? variable(info.name, ctx.inf.resolveShape(info.shape), [...info.attributes]),
    info,
  );
}

/** Builds the Expr of every term; all shapes must be settled. */
export function buildTerms(ctx: Context): void {
  for (const term of ctx.terms) {
    const expr = term.build(term.args.map((a) => a.expr as Expr));
    const wanted = ctx.inf.resolveShape(term.shape);
    if (!sameShape(expr.shape, wanted))
      throw new Error(`${written(term)} is inferred as ${shapeText(wanted)} and built as ${shapeText(expr.shape)}`);
    term.expr = expr;
  }
}

/** A scalar widened to a shape; anything else as it is. */
export const widen = (e: Expr, to: Shape): Expr =>
  isScalarShape(e.shape) && !isScalarShape(to) ? apply("expand", [e], [to.rows, to.cols]) : e;

/** −e, where a number written with a minus is that number. */
export const negated = (e: Expr): Expr => (e.kind === "num" && e.value.n > 0n ? num(negate(e.value)) : neg(e));
