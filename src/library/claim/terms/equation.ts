// The two sides of a claim as typed terms, in every way in which they may be read.
//
// Invariant: a side that does not fit is told apart from an input at fault only where the other
// side reads by itself. Not here: where the sides stand in the text (text/statement.ts), and sides
// with derivatives as factors (chained.ts).

import { type Diagnostic, fail } from "../../../base/diagnostic.ts";
import { optional } from "../../../base/optional.ts";
import { reaches } from "../../../base/order.ts";
import { wholeOf } from "../../../base/span.ts";
import { type Failure, type KnownScope, type Problem, parseExpression, type Side } from "../../../elaborate/elaborate.ts";
import { zeros } from "../../../expr/build.ts";
import { dimName, dimNames } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { isScalarShape, type Shape } from "../../../expr/shape.ts";
import { refuse } from "../../question/call.ts";
import { elaborateIn, type Settled } from "../../question/question.ts";
import { hasLinks, withLinks } from "../text/links.ts";
import { type Cut, only, type Part } from "../text/statement.ts";
import { differentialQuotient, readChained } from "./chained.ts";

/** A side whose shapes do not fit. */
export interface Misfit {
  readonly kind: "misfit";
  readonly diagnostic: Diagnostic;
}

type Sides = readonly [left: Part, right: Part];

/** The shapes that the right side may have, given the left. */
type Shapes = (problem: Problem, left: Side) => readonly Shape[];

/** The two sides of a claim as typed terms; the right one a misfit where its shapes do not fit. */
export interface ReadClaim {
  readonly problem: Problem;
  readonly left: Side;
  readonly right: Side | Misfit;
}

/**
 * Two sides of a statement as they may be read, the likeliest way first: shapes follow from the
 * left side alone where that states a derivative, or else from both. Ends the call on a fault of the input.
 */
export function readClaim(all: Cut, sides: Sides, settled: Settled, shapes: Shapes): readonly ReadClaim[] {
  const [first, second] = sides;
  const text = only(all, sides);
  const original = (failure: Failure): Failure => ({ ...failure, source: failure.source === text ? all.source : failure.source });
  const readings: ReadClaim[] = [];
  const both = readBothChained(all, sides, settled);
  if (both.length > 0) return both;
  const alone = readAlone(all, first, settled);
  if (alone.ok) {
    const { problem } = alone;
    refuseTwoWays(all.source, problem);
    const left = leftOf(problem);
    const isQuotient = left.kind === "value" && hasLinks(first.text);
    const rights = isQuotient ? [] : readChained(problem, second, settled);
    const chained = rights.map((expr) => ({ problem, left, right: valueSide(expr) }));
    if (chained.length > 0) return chained;
  }
  const turned = readTurned(all, sides, settled);
  if (turned.length > 0) return turned;
  const known = alone.ok ? readIn(alone.problem, second, settled, shapes) : undefined;
  const derivative = known !== undefined && known.left.kind === "derivative";
  if (known?.right !== undefined && known.right.kind !== "misfit" && derivative) return [known as ReadClaim];
  const whole = elaborateIn(settled, text);
  if (whole.ok && whole.problem.claim?.right !== undefined) {
    const { problem } = sized(whole.problem, text, settled, shapes);
    const { left, right } = problem.claim as { left: Side; right: Side };
    readings.push({ problem, left, right });
  }
  const isDefinition = whole.ok && whole.problem.claim === undefined;
  if (known?.right !== undefined && (derivative || !isDefinition))
    derivative ? readings.unshift(known as ReadClaim) : readings.push(known as ReadClaim);
  for (const { problem, left, right } of readings) {
    refuseTwoWays(all.source, problem);
    refuseDefined(all, problem);
    refuseQuotient(all.source, problem, first, left);
    refuseQuotient(all.source, problem, second, right);
  }
  if (readings.length > 0) return readings;
  // Where a side cannot be read by itself, that is the reason, whatever the other is.
  if (!whole.ok) refuse(original(alone.ok || isSyntax(alone) ? whole : alone));
  const [defined] = whole.problem.definitions.slice(-1);
  return isDefinition && defined !== undefined ? refuseDefinition(all.source, defined.name) : refuseNoClaim(all.source);
}

/** Refuses ∂z/∂t where z(x, t) depends on t through x(t) as well: whether x is held there is not said. */
function refuseTwoWays(source: string, { unknowns }: Problem): void {
  const place = source.search(/∂|\\partial/u);
  if (place < 0) return;
  const of = new Map(unknowns.map((u) => [u.name, u.of ?? []]));
  for (const [name, direct] of of) {
    const twice = direct.find((by) => direct.some((other) => reaches(other, by, of)));
    if (twice === undefined) continue;
    const message = `${name} depends on ${twice} by itself and through others, so that ∂${name}/∂${twice} may mean two things`;
    fail(
      "unsupported",
      message,
      { start: place, end: place + 1 },
      { fix: `z = …, a definition, in which ∂z/∂${twice} holds the names between` },
    );
  }
}

/** Refuses dy/dx where it would be a quotient of two numbers of that name. */
function refuseQuotient(source: string, problem: Problem, part: Part, side: Side | Misfit): void {
  const span = side.kind === "derivative" ? undefined : differentialQuotient(problem, part);
  if (span === undefined) return;
  const message = `${source.slice(span.start, span.end)} is a derivative here, and derivatives inside a side are read only of names by names, in sums and products`;
  fail("unsupported", message, span, { fix: "a name for the derivative, or its value in its place" });
}

/** Refuses g = x*df/dx before the claim, where df and dx would be numbers of those names. */
function refuseDefined({ source, begin }: Cut, problem: Problem): void {
  const quotient = differentialQuotient(problem, { start: 0, end: begin, text: source.slice(0, begin) });
  const written = quotient === undefined ? "" : source.slice(quotient.start, quotient.end);
  if (quotient === undefined || !problem.loose.has(/d\p{L}[\p{L}\p{N}_]*$/u.exec(written)?.[0] ?? "")) return;
  fail("unsupported", `${written} is a derivative here, and derivatives are read only in the claim itself`, quotient, {
    fix: "its value in its place",
  });
}

/** Refuses f' − f of a function f(x) = … that the claim defines, whose value is a number: as a transpose the mark would say nothing. */
export function refuseMark(claim: string, { definitions }: Problem, sides: Sides): void {
  for (const { name, expr } of definitions) {
    if (!isScalarShape(expr.shape)) continue;
    if (!/^[\p{L}\p{N}_]+$/u.test(name)) continue;
    const [, argument] = new RegExp(`(?<![\\p{L}\\p{N}_])${name}\\(([^()=]+)\\)\\s*:?=(?!=)`, "u").exec(claim) ?? [];
    const marked = new RegExp(`(?<![\\p{L}_]|[\\p{L}_]\\p{Nd}+)${name}['′](?!['′(])`, "u");
    for (const { text, start } of argument === undefined ? [] : sides) {
      const at = text.search(marked);
      if (at < 0) continue;
      const place = { start: start + at, end: start + at + name.length + 1 };
      fail("unsupported", `${name}' may be a derivative here or the transpose of a number`, place, { fix: `${name}'(${argument})` });
    }
  }
}

/** Derivatives as factors on the left, and on the right what is differentiated, or a value: u' dv/dx + v' du/dx = d(u'v)/dx. */
function readTurned(all: Cut, [first, second]: Sides, settled: Settled): ReadClaim[] {
  if (!hasLinks(first.text)) return [];
  const alone = readAlone(all, second, settled);
  if (!alone.ok) return [];
  const { problem } = alone;
  const right = leftOf(problem);
  if (right.kind === "value" && hasLinks(second.text)) return [];
  return readChained(problem, first, settled).map((expr) => ({ problem, left: valueSide(expr), right }));
}

/** Derivatives as factors on both sides, meant in the same way: y dz/dx = z dy/dx. What is known of names stands before and around them. */
function readBothChained({ source, begin }: Cut, [first, second]: Sides, settled: Settled): ReadClaim[] {
  if (!hasLinks(first.text) || !hasLinks(second.text)) return [];
  const around = elaborateIn(settled, `${source.slice(0, begin)} ${withLinks(first.text, () => "(1)")}`);
  if (!around.ok) return [];
  const { problem } = around;
  const [lefts, rights] = [first, second].map((side) => readChained(problem, side, settled)) as [Expr[], Expr[]];
  return lefts.flatMap((left, i) => (rights[i] === undefined ? [] : [{ problem, left: valueSide(left), right: valueSide(rights[i]) }]));
}

const isSyntax = ({ diagnostics }: Failure): boolean => ["syntax", "lexical"].includes(diagnostics[0]?.code ?? "syntax");

const valueSide = (expr: Expr): Side => ({ kind: "value", expr });

/** The side that a text with one side states. */
const leftOf = (problem: Problem): Side => problem.claim?.left ?? valueSide(problem.expr);

/** A side by itself; `dy/dw` is a derivative only in an equation. */
function readAlone(all: Cut, side: Part, settled: Settled): { readonly ok: true; readonly problem: Problem } | Failure {
  const text = only(all, [side]);
  const equation = elaborateIn(settled, `${text} = 0`);
  return equation.ok && equation.problem.claim?.left.kind === "derivative" ? equation : elaborateIn(settled, text);
}

/** The names that the other side has settled. */
export const scopeOf = (problem: Problem, { dialect, library, apart, differentials }: Settled): KnownScope => ({
  variables: [...problem.variables, ...problem.definitions.map((d) => d.variable)],
  functions: library.functions,
  unknowns: problem.unknowns,
  dims: problem.dims,
  axes: problem.axes,
  ...optional({ dialect, apart, differentials: differentials?.names }),
});

/** A side among names that another side has settled; no right side where it is at fault otherwise than by shapes. */
function readIn(
  problem: Problem,
  side: Part,
  settled: Settled,
  shapes: Shapes,
): Omit<ReadClaim, "right"> & { readonly right?: ReadClaim["right"] } {
  const left = leftOf(problem);
  const scope = scopeOf(problem, settled);
  const own = parseExpression(side.text, scope);
  if (own.ok) return { problem, left, right: valueSide(own.expr) };
  for (const { rows, cols } of shapes(problem, left)) {
    // An identity or a vector of ones without size takes it from its surroundings.
    const padded = parseExpression(`zeros(${rows.key},${cols.key}) + (${side.text})`, scope);
    if (padded.ok) return { problem, left, right: valueSide(unpadded(padded.expr)) };
  }
  const [found] = own.diagnostics as [Diagnostic];
  if (found.code !== "shape" || own.source !== side.text) return { problem, left };
  const diagnostic: Diagnostic = { ...found, span: { start: found.span.start + side.start, end: found.span.end + side.start } };
  return { problem, left, right: { kind: "misfit", diagnostic } };
}

// zeros + e as e.
const unpadded = (e: Expr): Expr =>
  isApply(e, "add") && e.args.length === 2 && e.args[0]?.kind === "apply" && e.args[0].op === "zeros" ? (e.args[1] as Expr) : e;

/**
 * A size that only the right side names, as n in d(x'x)/dx = 2 ones(n)', is the size of the
 * left side's variable that stands in its place.
 */
function sized(problem: Problem, text: string, settled: Settled, shapes: Shapes): { readonly problem: Problem } {
  const claim = problem.claim as { left: Side; right: Side };
  if (claim.right.kind !== "value") return { problem };
  const right = claim.right.expr;
  const taken = new Set(problem.variables.flatMap((v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]));
  const free = (d: Shape["rows"]): string | undefined => {
    const name = dimName(d);
    return name === undefined || taken.has(name) ? undefined : name;
  };
  if (free(right.shape.rows) === undefined && free(right.shape.cols) === undefined) return { problem };
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
    if (again.ok && again.problem.claim?.right !== undefined) return { problem: { ...again.problem, assumptions: problem.assumptions } };
  }
  return { problem };
}

/** A number 0 stands for a zero of any shape. */
export const asZero = (claimed: Expr, shape: Shape): Expr =>
  claimed.kind === "num" && claimed.value.n === 0n && !isScalarShape(shape) ? zeros(shape.rows, shape.cols) : claimed;

/** Refuses a text in which no equation was found: for what cannot be read in it, if anything. */
export function refuseNoEquation({ source }: Cut, settled: Settled): never {
  refuseComparison(source);
  const whole = elaborateIn(settled, source);
  const code = whole.ok ? undefined : whole.diagnostics[0]?.code;
  return !whole.ok && (code === "syntax" || code === "lexical") ? refuse(whole) : refuseNoClaim(source);
}

// a == b of a text in which nothing else is equated.
function refuseComparison(source: string): void {
  const [at, another] = [source.indexOf("=="), source.lastIndexOf("==")];
  if (at < 0 || at !== another) return;
  const fix = `${source.slice(0, at)}=${source.slice(at + 2)}`;
  fail("type", "== compares two values; a claim is written with one =", { start: at, end: at + 2 }, { fix });
}

function refuseDefinition(source: string, name: string): never {
  return fail("type", `there is no claim here: this defines ${name}`, wholeOf(source), { fix: `${name} = …; and a claim behind it` });
}

/** Refuses a text without a claim. */
export function refuseNoClaim(source: string): never {
  refuseComparison(source);
  return fail("type", "there is no claim here: a claim is an equation", wholeOf(source), { fix: "d(x'*A*x)/dx = x'*(A + A')" });
}
