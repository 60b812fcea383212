// The two sides of a claim as typed terms, in every way in which they may be read.
//
// Invariant: a side that does not fit is told apart from an input at fault only where the other
// side reads by itself. Not here: where the sides stand in the text (text/statement.ts), sides
// with derivatives as factors (chained.ts), and what is not read though it could be (refused.ts).

import type { Diagnostic } from "../../../base/diagnostic.ts";
import { type Failure, type Problem, parseExpression, type Side } from "../../../elaborate/elaborate.ts";
import { UNSETTLED } from "../../../elaborate/kinds/settle.ts";
import { add, zeros } from "../../../expr/build.ts";
import type { Layout } from "../../../expr/conventions.ts";
import { dimName, dimNames } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isScalarShape, type Shape } from "../../../expr/shape.ts";
import { refuse } from "../../question/call.ts";
import { elaborateIn, type Settled, scopeOf } from "../../question/question.ts";
import { hasDerivatives, replaceDerivatives } from "../text/derivatives.ts";
import { type Sides, type Statement, type WrittenSide, withSides } from "../text/statement.ts";
import { type Chained, readChained } from "./chained.ts";
import { refuseDefinition, refuseNoClaim, refuseReading, refuseTwoWays } from "./refused.ts";

/** A side whose shapes do not fit. */
export interface Misfit {
  readonly kind: "misfit";
  readonly diagnostic: Diagnostic;
}

/** The shapes that the right side may have, given the left. */
type Shapes = (problem: Problem, left: Side) => readonly Shape[];

/** The two sides of a claim as typed terms; the right one a misfit where its shapes do not fit. */
export interface ReadClaim {
  readonly problem: Problem;
  readonly left: Side;
  readonly right: Side | Misfit;
  /** The layout of the derivatives that are factors of one side, which that of the other follows. */
  readonly layout?: Layout;
}

/**
 * Two sides of a statement as they may be read, the likeliest way first: shapes follow from the
 * left side alone where that states a derivative, or else from both. Ends the call on a fault of the input.
 */
export function readClaim(statement: Statement, sides: Sides, settled: Settled, shapes: Shapes): readonly ReadClaim[] {
  const both = readBothChained(statement, sides, settled);
  if (both.length > 0) return both;
  const [first, second] = sides;
  const alone = readAlone(statement, first, settled);
  if (alone.ok) refuseTwoWays(statement, alone.problem);
  const chained = alone.ok ? readRightChained(alone.problem, sides, settled) : [];
  if (chained.length > 0) return chained;
  const turned = readTurned(statement, sides, settled);
  if (turned.length > 0) return turned;
  const known = alone.ok ? readIn(alone.problem, second, settled, shapes) : undefined;
  const isDerivative = known?.left.kind === "derivative";
  if (isDerivative && known.right.kind !== "misfit") return [known];
  const text = withSides(statement, sides);
  const whole = elaborateIn(settled, text);
  const together = whole.ok ? readTogether(whole.problem, text, settled, shapes) : [];
  const isDefinition = whole.ok && whole.problem.claim === undefined;
  const apart = known !== undefined && (isDerivative || !isDefinition) ? [known] : [];
  const readings = isDerivative ? [...apart, ...together] : [...together, ...apart];
  for (const reading of readings) refuseReading(statement, sides, reading);
  if (readings.length > 0) return readings;
  if (!whole.ok) {
    const mirrored = readMirrored(statement, sides, settled, shapes);
    if (mirrored.length > 0) return mirrored;
    // Where a side cannot be read by itself, that is the reason, whatever the other is.
    const failure = alone.ok || isSyntax(alone) ? whole : alone;
    refuse({ ...failure, source: failure.source === text ? statement.source : failure.source });
  }
  const [defined] = isDefinition ? whole.problem.definitions.slice(-1) : [];
  return defined === undefined ? refuseNoClaim(statement.source) : refuseDefinition(statement.source, defined.name);
}

/** The two sides of a text that has been read as a whole; none where it states no equation. */
function readTogether(read: Problem, text: string, settled: Settled, shapes: Shapes): ReadClaim[] {
  if (read.claim?.right === undefined) return [];
  const problem = sized(read, text, settled, shapes);
  const { left, right } = problem.claim as { left: Side; right: Side };
  return [{ problem, left, right }];
}

/** What is differentiated, or a value, on the left, and derivatives as factors on the right: d(u'v)/dx = u' dv/dx + v' du/dx. */
function readRightChained(problem: Problem, [first, second]: Sides, settled: Settled): ReadClaim[] {
  const left = leftOf(problem);
  if (left.kind === "value" && hasDerivatives(first.text)) return [];
  return readChained(problem, second, settled).map(({ expr, layout }) => ({ problem, left, right: valueSide(expr), layout }));
}

/** Derivatives as factors on the left, and on the right what is differentiated, or a value: u' dv/dx + v' du/dx = d(u'v)/dx. */
function readTurned(statement: Statement, [first, second]: Sides, settled: Settled): ReadClaim[] {
  if (!hasDerivatives(first.text)) return [];
  const alone = readAlone(statement, second, settled);
  if (!alone.ok) return [];
  const { problem } = alone;
  const right = leftOf(problem);
  if (right.kind === "value" && hasDerivatives(second.text)) return [];
  return readChained(problem, first, settled).map(({ expr, layout }) => ({ problem, left: valueSide(expr), right, layout }));
}

/** Derivatives as factors on both sides, meant in the same way: y dz/dx = z dy/dx. What is known of names stands before and around them. */
function readBothChained({ source, begin }: Statement, [first, second]: Sides, settled: Settled): ReadClaim[] {
  if (!hasDerivatives(first.text) || !hasDerivatives(second.text)) return [];
  const around = elaborateIn(settled, `${source.slice(0, begin)} ${replaceDerivatives(first.text, () => "(1)")}`);
  if (!around.ok) return [];
  const { problem } = around;
  const [lefts, rights] = [first, second].map((side) => readChained(problem, side, settled)) as [Chained[], Chained[]];
  return lefts.flatMap((left, i) =>
    rights[i] === undefined ? [] : [{ problem, left: valueSide(left.expr), right: valueSide(rights[i].expr) }],
  );
}

/** A value without a size of its own that a derivative on its right gives it, read as if that stood on its left: I = dx/dx. */
function readMirrored(statement: Statement, [first, second]: Sides, settled: Settled, shapes: Shapes): ReadClaim[] {
  const alone = readAlone(statement, second, settled);
  const known = alone.ok ? readIn(alone.problem, first, settled, shapes) : undefined;
  return known?.left.kind === "derivative" && known.right.kind !== "misfit" ? [known] : [];
}

const isSyntax = ({ diagnostics }: Failure): boolean => ["syntax", "lexical"].includes(diagnostics[0]?.code ?? "syntax");

const valueSide = (expr: Expr): Side => ({ kind: "value", expr });

/** The side that a text with one side states. */
const leftOf = (problem: Problem): Side => problem.claim?.left ?? valueSide(problem.expr);

/** A side by itself; `dy/dw` is a derivative only in an equation. */
function readAlone(statement: Statement, side: WrittenSide, settled: Settled): { readonly ok: true; readonly problem: Problem } | Failure {
  const text = withSides(statement, [side]);
  const equation = elaborateIn(settled, `${text} = 0`);
  return equation.ok && equation.problem.claim?.left.kind === "derivative" ? equation : elaborateIn(settled, text);
}

/** A right side among names that the left one has settled; undefined where it is at fault otherwise than by shapes that do not fit. */
function readIn(problem: Problem, side: WrittenSide, settled: Settled, shapes: Shapes): ReadClaim | undefined {
  const left = leftOf(problem);
  const scope = scopeOf(problem, settled);
  const own = parseExpression(side.text, scope);
  if (own.ok) return { problem, left, right: valueSide(own.expr) };
  for (const { rows, cols } of shapes(problem, left)) {
    // An identity or a vector of ones without size takes it from its surroundings; in a sum each term has these by itself.
    for (const text of [`(${side.text})`, side.text]) {
      const padded = parseExpression(`zeros(${rows.key},${cols.key}) + ${text}`, scope);
      if (padded.ok) return { problem, left, right: valueSide(unpadded(padded.expr)) };
    }
  }
  const [found] = own.diagnostics as [Diagnostic];
  if (found.code !== "shape" || found.message.startsWith(UNSETTLED) || own.source !== side.text) return undefined;
  const diagnostic: Diagnostic = { ...found, span: { start: found.span.start + side.start, end: found.span.end + side.start } };
  return { problem, left, right: { kind: "misfit", diagnostic } };
}

// zeros + e as e.
const unpadded = (e: Expr): Expr => (isApply(e, "add") && isApply(e.args[0], "zeros") ? add(...e.args.slice(1)) : e);

/**
 * A size that only the right side names, as n in d(x'x)/dx = 2 ones(n)', is the size of the
 * left side's variable that stands in its place.
 */
function sized(problem: Problem, text: string, settled: Settled, shapes: Shapes): Problem {
  const claim = problem.claim as { left: Side; right: Side };
  if (claim.right.kind !== "value") return problem;
  const right = claim.right.expr;
  const taken = new Set(problem.variables.flatMap((v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]));
  const free = (d: Shape["rows"]): string | undefined => {
    const name = dimName(d);
    return name === undefined || taken.has(name) ? undefined : name;
  };
  if (free(right.shape.rows) === undefined && free(right.shape.cols) === undefined) return problem;
  for (const shape of shapes(problem, claim.left)) {
    const renamed = new Map<string, string>();
    for (const side of ["rows", "cols"] as const) {
      const to = free(right.shape[side]);
      const from = dimName(shape[side]);
      if (to !== undefined && from !== undefined && from !== to) renamed.set(from, to);
    }
    if (renamed.size === 0) continue;
    const known = new Set([...Object.keys(settled.vars ?? {}), ...problem.definitions.map((d) => d.name)]);
    const vars: Record<string, readonly (string | number)[]> = { ...settled.vars };
    for (const v of problem.variables) {
      if (known.has(v.name) || isScalarShape(v.shape)) continue;
      const size = (d: Shape["rows"]): string => renamed.get(d.key) ?? d.key;
      vars[v.name] = v.shape.cols.key === "1" ? [size(v.shape.rows)] : [size(v.shape.rows), size(v.shape.cols)];
    }
    const again = elaborateIn({ ...settled, vars }, text);
    if (again.ok && again.problem.claim?.right !== undefined) return { ...again.problem, assumptions: problem.assumptions };
  }
  return problem;
}

/** A number 0 stands for a zero of any shape. */
export const asZero = (claimed: Expr, shape: Shape): Expr =>
  claimed.kind === "num" && claimed.value.n === 0n && !isScalarShape(shape) ? zeros(shape.rows, shape.cols) : claimed;
