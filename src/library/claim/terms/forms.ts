// The right value of one side of a claim, in every form in which people write it: the
// layouts, the conventions for a symmetric variable, the total and the partial derivative.
//
// Invariants: the preferred form comes first; every other form differs from it as a term;
// all may speak of the defined name that is differentiated by, and of variables.

import { attempt } from "../../../base/diagnostic.ts";
import { rational } from "../../../base/rational.ts";
import { axesOf, byShape } from "../../../calculus/higher.ts";
import { type Arrangement, arrange, sameArrangement } from "../../../calculus/layout.ts";
import { hasConventions } from "../../../calculus/symmetry.ts";
import type { Form } from "../../../check/claim.ts";
import type { Problem, Side } from "../../../elaborate/elaborate.ts";
import type { Target } from "../../../elaborate/names/target.ts";
import { add, apply, entry, hadamard, mul, neg, num, substitute, transpose } from "../../../expr/build.ts";
import { LAYOUTS, type Layout, type Symmetry } from "../../../expr/conventions.ts";
import { dimNames } from "../../../expr/dim.ts";
import { type Expr, mentions } from "../../../expr/expr.ts";
import { isScalarShape, isSquareShape } from "../../../expr/shape.ts";
import type { Library } from "../../../rewrite/library.ts";
import { writeDerivative } from "../../answer/derivative.ts";
import { withoutMarks } from "../../question/marked.ts";
import type { Settled } from "../../question/question.ts";
import { putIn, type Stated } from "../../question/state.ts";

/** A derivative that one side of a claim states, ready to be found. */
export interface Differentiated {
  readonly stated: Stated;
  readonly by: readonly Target[];
  /** The layout that is tried first. */
  readonly layout: Layout;
  /** The convention for a symmetric variable that is tried first. */
  readonly symmetry: Symmetry;
  /** The same with the names between held constant; absent where that is the same. */
  readonly partial?: Stated;
}

/** What a problem states of an expression in it: definitions put in, all but the names in `kept`. */
export function stateOf(problem: Problem, of: Expr, targets: readonly Target[], { library, dialect = "standard" }: Settled): Stated {
  const kept = new Set<Expr>(targets.map((t) => t.variable).filter((v) => problem.definitions.some((d) => d.variable === v)));
  const definitions = putIn(problem.definitions, library.functions, kept);
  const bodies = new Map(definitions.filter((d) => !kept.has(d.variable)).map((d) => [d.variable as Expr, d.expr]));
  const names = problem.definitions.filter((d) => kept.has(d.variable)).map((d) => d.variable);
  return {
    expr: withoutMarks(substitute(of, bodies, library.functions), library),
    written: of,
    targets,
    variables: [...problem.variables, ...names],
    definitions,
    unknowns: problem.unknowns,
    dims: [
      ...new Set([...problem.dims, ...targets.flatMap((t) => (t.at ?? []).flatMap((i) => (i.kind === "position" ? dimNames(i.at) : [])))]),
    ],
    assumptions: problem.assumptions,
    library,
    source: problem.source,
    dialect,
  };
}

/** What is differentiated, by the definition where it is a defined name or an entry of one. */
function bodyOf({ definitions }: Problem, of: Expr): Expr | undefined {
  const defined = (e: Expr | undefined): Expr | undefined => definitions.find((d) => d.variable === e)?.expr;
  if (of.kind === "var") return defined(of);
  const whole = of.kind === "entry" ? defined(of.args[0]) : undefined;
  return of.kind === "entry" && whole !== undefined ? entry(whole, of.at) : of;
}

/** The derivative that a side of a claim states. */
export function differentiatedBy(
  problem: Problem,
  side: Side & { kind: "derivative" },
  settled: Settled,
  layout: Layout | undefined,
  symmetry: Symmetry = "symmetric",
): Differentiated {
  const stated = stateOf(problem, side.of, side.by, settled);
  const wanted = layout ?? (side.form === "gradient" && isScalarShape(side.of.shape) ? "mixed" : "numerator");
  const body = bodyOf(problem, side.of);
  const between = problem.definitions.filter(
    (d) => body !== undefined && mentions(body, d.name) && !side.by.some((t) => t.variable === d.variable),
  );
  const [target] = side.by;
  if (body === undefined || target === undefined || side.by.length !== 1 || !between.some((d) => d.variable !== target.variable))
    return { stated, by: side.by, layout: wanted, symmetry };
  const held: Stated = { ...stated, expr: body, written: body, variables: [...stated.variables, ...between.map((d) => d.variable)] };
  return { stated, by: side.by, layout: wanted, symmetry, partial: held };
}

/** The term in variables alone: every defined name put in. */
export function inVariables(expr: Expr, problem: Problem, library: Library): Expr {
  const bodies = new Map(putIn(problem.definitions, library.functions).map((d) => [d.variable as Expr, d.expr]));
  return substitute(expr, bodies, library.functions);
}

/** The forms of a derivative, the preferred one first. Throws an InputError where it cannot be found. */
export function formsOf(d: Differentiated): readonly Form[] {
  const { stated, by, layout, partial } = d;
  const whole = writeDerivative(stated, by, layout).expr;
  const layouts = [layout, ...LAYOUTS.filter((l) => l !== layout)];
  const total = layouts.flatMap((at): Form[] => {
    const expr = at === layout ? whole : inLayout(whole, d, at);
    if (expr === undefined) return [];
    // The gradient by vec(X) is as often a column.
    const turned: Form[] = at === "vec" && isScalarShape(stated.expr.shape) ? [{ expr: transpose(expr), layout: at }] : [];
    return [...inConventions(expr, d, at), ...turned];
  });
  const held = partial === undefined ? [] : layouts.flatMap((at) => (at === "vec" && at !== layout ? [] : withNamesHeld(d, partial, at)));
  const found = new Map<Expr, Form>();
  for (const form of [...total, ...held]) if (!found.has(form.expr)) found.set(form.expr, form);
  return [...found.values()];
}

/** A derivative in one layout, in every convention for a symmetric variable where it has several. */
function inConventions(expr: Expr, { stated, by, layout, symmetry: first }: Differentiated, at: Layout): Form[] {
  const [target, ...more] = by;
  const isStructured = target !== undefined && more.length === 0 && target.at === undefined && hasConventions(target.variable);
  const ofNumber = isScalarShape(stated.expr.shape);
  const areSeveral = isStructured && (ofNumber ? isSquareShape(expr.shape) && !isScalarShape(expr.shape) : at === layout);
  if (!areSeveral) return [{ expr, layout: at }];
  const made: Partial<Record<Symmetry, Expr>> = ofNumber ? symmetricForms(expr) : { free: expr };
  return [first, ...LIKELIEST.filter((s) => s !== first)].flatMap((symmetry): Form[] => {
    const written = attempt(() => writeDerivative(stated, by, at, symmetry).expr) ?? made[symmetry];
    return written === undefined ? [] : [{ expr: written, layout: at, symmetry }];
  });
}

/** A derivative with the names between held constant, in one layout; none where it has no notation there. */
function withNamesHeld({ stated, by }: Differentiated, partial: Stated, at: Layout): Form[] {
  const bodies = new Map(stated.definitions.map((d) => [d.variable as Expr, d.expr]));
  for (const b of by) bodies.delete(b.variable);
  const expr = attempt(() => substitute(writeDerivative(partial, by, at).expr, bodies, stated.library.functions));
  return expr === undefined ? [] : [{ expr, layout: at, partial: true }];
}

/** G, sym(G) and G + Gᵀ − diag(G): the derivative with free entries and under the two conventions for symmetric matrices. */
function symmetricForms(g: Expr): Record<Symmetry, Expr> {
  const half = num(rational(1n, 2n));
  const both = add(g, transpose(g));
  return { free: g, symmetric: mul(half, both), entries: add(both, neg(hadamard(apply("eye", [], [g.shape.rows]), g))) };
}

/** The conventions for a symmetric variable, the one first that a claim is likely to follow where it does not follow the usual one. */
const LIKELIEST: readonly Symmetry[] = ["free", "symmetric", "entries"];

// The same derivative in another layout: transposed or written anew; nothing where it is as it was.
function inLayout(expr: Expr, { stated, by, layout }: Differentiated, to: Layout): Expr | undefined {
  const [first] = by;
  if (first === undefined || by.length > 1) return to === "denominator" && by.every((b) => axesOf(b) === 0) ? transpose(expr) : undefined;
  const [here, there] = [layout, to].map((l) => arrange(stated.expr.shape, byShape(first), l)) as [Arrangement, Arrangement];
  if (sameArrangement(here, there)) return undefined;
  if (sameArrangement({ rows: here.cols, cols: here.rows }, there)) return transpose(expr);
  return attempt(() => writeDerivative(stated, by, to).expr);
}
