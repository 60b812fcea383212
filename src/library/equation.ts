// The text of a claim: its statement found behind declarations and definitions, cut at its
// equality signs, and read as typed terms.
//
// Invariants: places in messages refer to the text as it was given, because what is not read
// is blanked out and never cut away; a side that does not fit is told apart from an input at
// fault only where the other side reads by itself.

import { type Diagnostic, fail, InputError } from "../base/diagnostic.ts";
import { elaborate, type Failure, type KnownScope, type Problem, parseExpression, type Side } from "../elaborate/elaborate.ts";
import { variable, zeros } from "../expr/build.ts";
import { dimName, dimNames } from "../expr/dim.ts";
import { type Expr, nodes, type Unknown, type Variable } from "../expr/expr.ts";
import { isScalarShape, type Shape } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { differentiatedBy } from "./forms.ts";
import { type Expression, refuse, substitute } from "./question.ts";
import { writeDerivative } from "./solve.ts";

/** What is known of the names of a claim: everything of an expression but its text. */
export type Context = Omit<Expression, "expr">;

/** One side of a claim, by its place in the text. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text cut into what comes before its last statement, and the sides of that statement. */
export interface Cut {
  readonly source: string;
  /** Where the last statement begins. */
  readonly begin: number;
  readonly sides: readonly Part[];
}

const OPENING = "([{";
const CLOSING = ")]}";

/** Finds the last statement of a text and its equality signs; a line that begins with = goes on with the statement. */
export function cut(source: string): Cut {
  const text = [...source].length === source.length ? source : source.replace(/[\ud800-\udfff]/g, "x");
  let depth = 0;
  let begin = 0;
  let signs: number[] = [];
  let last: { begin: number; end: number; signs: number[] } | undefined;
  const close = (end: number): void => {
    if (
      text
        .slice(begin, end)
        .replace(/#[^\n]*/g, "")
        .trim() !== ""
    )
      last = { begin, end, signs };
    begin = end + 1;
    signs = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === "#") {
      while (i + 1 < text.length && text[i + 1] !== "\n") i++;
      continue;
    }
    if (OPENING.includes(c)) depth++;
    else if (CLOSING.includes(c)) depth--;
    else if (depth > 0) continue;
    else if (c === "=" && text[i + 1] === "=") i++;
    else if (c === "=" && !/[<>!:=~]/.test(text[i - 1] ?? "")) signs.push(i);
    else if (c === ";" || (c === "\n" && !continues(text, i))) close(i);
  }
  close(text.length);
  if (last === undefined) return { source, begin: 0, sides: [] };
  const { begin: from, end, signs: at } = last;
  const bounds = [from - 1, ...at, end];
  const sides = bounds.slice(1).map((stop, i): Part => part(source, (bounds[i] as number) + 1, stop));
  return { source, begin: from, sides };
}

const continues = (text: string, at: number): boolean =>
  /^\s*=(?!=)/.test(text.slice(at)) || /=\s*$/.test(text.slice(Math.max(0, at - 200), at));

/** A part of a text without the white space around it. */
function part(source: string, from: number, to: number): Part {
  const piece = source.slice(from, to);
  const start = from + (piece.length - piece.trimStart().length);
  return { start, end: from + piece.trimEnd().length, text: piece.trim() };
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** The text with nothing in its last statement but some of its sides, an equality sign between them. */
function only(all: Cut, kept: readonly Part[]): string {
  const { source, begin } = all;
  let out = source.slice(0, begin);
  let at = begin;
  kept.forEach((side, i) => {
    const gap = blank(source.slice(at, side.start)).replace(/\n/g, " ");
    out += (i === 0 ? gap : gap.replace(/ (?= *$)/, "=")) + source.slice(side.start, side.end);
    at = side.end;
  });
  return out;
}

/** A side whose shapes do not fit. */
export interface Misfit {
  readonly kind: "misfit";
  readonly diagnostic: Diagnostic;
}

/** The two sides of a claim as typed terms; the right one a misfit where its shapes do not fit. */
export interface ReadClaim {
  readonly problem: Problem;
  readonly left: Side;
  readonly right: Side | Misfit;
}

/**
 * Two sides of a statement as they may be read, the likeliest way first: shapes follow from the
 * left side alone where that states a derivative, or else from both. `shapes` are those the right
 * side may have, given the left. Ends the call on a fault of the input.
 */
export function readClaim(
  all: Cut,
  first: Part,
  second: Part,
  context: Context,
  library: Library,
  shapes: (problem: Problem, left: Side) => readonly Shape[],
): readonly ReadClaim[] {
  const text = only(all, [first, second]);
  const original = (failure: Failure): Failure => ({ ...failure, source: failure.source === text ? all.source : failure.source });
  const readings: ReadClaim[] = [];
  const alone = readAlone(all, first, context, library);
  const links = alone.ok ? chainLinks(alone.problem, second) : [];
  if (alone.ok && links.length > 0) {
    const chained = readChained(alone.problem, second, links, context, library);
    if (chained.length > 0) return chained;
  }
  const turned = readTurned(all, first, second, context, library);
  if (turned.length > 0) return turned;
  const known = alone.ok ? readIn(alone.problem, second, context, library, shapes) : undefined;
  const derivative = known !== undefined && known.left.kind === "derivative";
  if (known?.right !== undefined && known.right.kind !== "misfit" && derivative) return [known as ReadClaim];
  const whole = read(text, context, library);
  if (whole.ok && whole.problem.claim?.right !== undefined) {
    const { problem } = sized(whole.problem, text, context, library, shapes);
    const { left, right } = problem.claim as { left: Side; right: Side };
    readings.push({ problem, left, right });
  }
  if (known?.right !== undefined) derivative ? readings.unshift(known as ReadClaim) : readings.push(known as ReadClaim);
  if (readings.length > 0) return readings;
  if (!whole.ok) refuse(original(whole));
  return refuseNoClaim(all.source);
}

/** A derivative of one name by another inside a product: dy/du in dy/du du/dx. */
interface ChainLink {
  readonly text: string;
  /** A variable, a defined name, or a name that depends on others. */
  readonly of: Expr;
  readonly by: Variable;
}

const LINK = /(?<![\p{L}\p{N}_])[d∂](\p{L}[\p{L}\p{N}_]*)\s*\/\s*[d∂](\p{L}[\p{L}\p{N}_]*)(?![\p{L}\p{N}_])/gu;

/** The derivatives of known names that a side multiplies or adds; none where it is one itself. */
function chainLinks(problem: Problem, side: Part): ChainLink[] {
  const find = (name: string | undefined): Variable | undefined =>
    problem.definitions.find((d) => d.name === name)?.variable ?? problem.variables.find((v) => v.name === name);
  const dependents = dependentsIn(problem);
  const dependent = (name: string | undefined): Expr | undefined => dependents.find((e) => e.name === name);
  const found = [...side.text.matchAll(LINK)].flatMap((m): ChainLink[] => {
    const [of, by] = [find(m[1]) ?? dependent(m[1]), find(m[2])];
    const start = side.start + m.index;
    if (of !== undefined && by === undefined && dependent(m[2]) !== undefined)
      fail("unsupported", `${m[2]} depends on other variables and is none itself`, { start, end: start + m[0].length });
    return of === undefined || by === undefined || find(`d${m[1]}`) !== undefined ? [] : [{ text: m[0], of, by }];
  });
  return found[0]?.text === side.text ? [] : found;
}

/** Derivatives as factors on the left, and on the right what is differentiated: u' dv/dx + v' du/dx = d(u'v)/dx. */
function readTurned(all: Cut, first: Part, second: Part, context: Context, library: Library): ReadClaim[] {
  if (first.text.search(LINK) < 0) return [];
  const alone = readAlone(all, second, context, library);
  const derivative = alone.ok ? alone.problem.claim?.left : undefined;
  if (!alone.ok || derivative?.kind !== "derivative") return [];
  const links = chainLinks(alone.problem, first);
  const chained = links.length === 0 ? [] : readChained(alone.problem, first, links, context, library);
  return chained.flatMap((c) => (c.right.kind === "misfit" ? [] : [{ ...c, left: c.right, right: c.left }]));
}

/** The names u of u(x) in what is differentiated and in definitions, each once. */
const dependentsIn = ({ expr, definitions }: Problem): Unknown[] => {
  const terms = [expr, ...definitions.map((d) => d.expr)].flatMap((e) => nodes(e));
  const found = terms.flatMap((e) => (e.kind === "unknown" && e.derivatives.length === 0 ? [e] : []));
  return found.filter((e) => found.find((f) => f.name === e.name) === e);
};

/** A side with derivatives as factors, in every layout and both as total and as partial ones, as far as the shapes fit. */
function readChained(problem: Problem, side: Part, links: readonly ChainLink[], context: Context, library: Library): ReadClaim[] {
  const left: Side = problem.claim?.left ?? { kind: "value", expr: problem.expr };
  const dialect = context.dialect ?? "standard";
  // A name that depends on others stands alone for its value.
  const dependents = dependentsIn(problem).map((of) => ({ name: variable(of.name, of.shape), value: of }));
  const unknowns = problem.unknowns.filter((u) => !dependents.some((d) => d.name.name === u.name));
  const out: ReadClaim[] = [];
  for (const layout of ["numerator", "denominator"] as const)
    for (const partial of [false, true]) {
      const names = new Map<string, { name: Variable; value: Expr }>();
      for (const { text, of, by } of links) {
        const value = linkValue(problem, of, by, library, layout, partial, dialect);
        if (value !== undefined) names.set(text, { name: variable(nameOf(text), value.shape), value });
      }
      if (names.size < new Set(links.map((l) => l.text)).size) continue;
      const read = parseExpression(
        side.text.replace(LINK, (text) => (names.has(text) ? nameOf(text).padEnd(text.length) : text)),
        {
          variables: [
            ...problem.variables,
            ...problem.definitions.map((d) => d.variable),
            ...[...names.values(), ...dependents].map((n) => n.name),
          ],
          functions: library.functions,
          unknowns,
          dims: problem.dims,
          axes: problem.axes,
          dialect,
        },
      );
      if (!read.ok) continue;
      const values = new Map<Expr, Expr>([...names.values(), ...dependents].map((n) => [n.name, n.value]));
      out.push({ problem, left, right: { kind: "value", expr: substitute(read.expr, values, library.functions) } });
    }
  return out;
}

const nameOf = (text: string): string => text.replace(/\s/g, "").replaceAll("∂", "d").replace("/", "_");

function linkValue(
  problem: Problem,
  of: Expr,
  by: Variable,
  library: Library,
  layout: "numerator" | "denominator",
  partial: boolean,
  dialect: "standard" | "paper",
): Expr | undefined {
  try {
    const d = differentiatedBy(problem, { kind: "derivative", form: "derivative", of, by: [{ variable: by }] }, library, layout, dialect);
    return writeDerivative(partial ? (d.partial ?? d.stated) : d.stated, d.by, layout).expr;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** A side by itself; `dy/dw` is a derivative only in an equation. */
function readAlone(all: Cut, side: Part, context: Context, library: Library): { readonly ok: true; readonly problem: Problem } | Failure {
  const text = only(all, [side]);
  const equation = read(`${text} = 0`, context, library);
  return equation.ok && equation.problem.claim?.left.kind === "derivative" ? equation : read(text, context, library);
}

/** The names that the other side has settled. */
export const scopeOf = (problem: Problem, { dialect }: Context, library: Library): KnownScope => ({
  variables: [...problem.variables, ...problem.definitions.map((d) => d.variable)],
  functions: library.functions,
  unknowns: problem.unknowns,
  dims: problem.dims,
  axes: problem.axes,
  ...(dialect === undefined ? {} : { dialect }),
});

/** A side among names that another side has settled; no right side where it is at fault otherwise than by shapes. */
function readIn(
  problem: Problem,
  side: Part,
  context: Context,
  library: Library,
  shapes: (problem: Problem, left: Side) => readonly Shape[],
): Omit<ReadClaim, "right"> & { readonly right?: ReadClaim["right"] } {
  const left: Side = problem.claim?.left ?? { kind: "value", expr: problem.expr };
  const scope = scopeOf(problem, context, library);
  const own = parseExpression(side.text, scope);
  if (own.ok) return { problem, left, right: { kind: "value", expr: own.expr } };
  for (const { rows, cols } of shapes(problem, left)) {
    // An identity or a vector of ones without size takes it from its surroundings.
    const padded = parseExpression(`zeros(${rows.key},${cols.key}) + (${side.text})`, scope);
    if (padded.ok) return { problem, left, right: { kind: "value", expr: unpadded(padded.expr) } };
  }
  const [found] = own.diagnostics as [Diagnostic];
  if (found.code !== "shape" || own.source !== side.text) return { problem, left };
  const diagnostic: Diagnostic = { ...found, span: { start: found.span.start + side.start, end: found.span.end + side.start } };
  return { problem, left, right: { kind: "misfit", diagnostic } };
}

// zeros + e as e.
const unpadded = (e: Expr): Expr =>
  e.kind === "apply" && e.op === "add" && e.args.length === 2 && e.args[0]?.kind === "apply" && e.args[0].op === "zeros"
    ? (e.args[1] as Expr)
    : e;

function read(text: string, context: Context, library: Library): { readonly ok: true; readonly problem: Problem } | Failure {
  const { vars, attrs, dims, declarations, dialect, notation, strict } = context;
  return elaborate({
    text,
    functions: library.functions,
    ...(vars === undefined ? {} : { vars }),
    ...(attrs === undefined ? {} : { attrs }),
    ...(dims === undefined ? {} : { dims }),
    ...(context.let === undefined ? {} : { definitions: context.let }),
    ...(declarations === undefined ? {} : { declarations }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(notation === undefined ? {} : { notation }),
    ...(strict === undefined ? {} : { strict }),
  });
}

/**
 * A size that only the right side names, as n in d(x'x)/dx = 2 ones(n)', is the size of the
 * left side's variable that stands in its place.
 */
function sized(
  problem: Problem,
  text: string,
  context: Context,
  library: Library,
  shapes: (problem: Problem, left: Side) => readonly Shape[],
): { readonly problem: Problem } {
  const claim = problem.claim as { left: Side; right: Side };
  if (claim.right.kind !== "value") return { problem };
  const right = claim.right.expr;
  const settled = new Set(problem.variables.flatMap((v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]));
  const free = (d: Shape["rows"]): string | undefined => {
    const name = dimName(d);
    return name === undefined || settled.has(name) ? undefined : name;
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
    const known = new Set([...Object.keys(context.vars ?? {}), ...problem.definitions.map((d) => d.name)]);
    const vars: Record<string, readonly (string | number)[]> = { ...context.vars };
    for (const v of problem.variables) {
      if (known.has(v.name) || isScalarShape(v.shape)) continue;
      const size = (d: Shape["rows"]): string => renamed.get(d.key) ?? d.key;
      vars[v.name] = v.shape.cols.key === "1" ? [size(v.shape.rows)] : [size(v.shape.rows), size(v.shape.cols)];
    }
    const again = read(text, { ...context, vars }, library);
    if (again.ok && again.problem.claim?.right !== undefined) return { problem: { ...again.problem, assumptions: problem.assumptions } };
  }
  return { problem };
}

/** A number 0 stands for a zero of any shape. */
export const asZero = (claimed: Expr, shape: Shape): Expr =>
  claimed.kind === "num" && claimed.value.n === 0n && !isScalarShape(shape) ? zeros(shape.rows, shape.cols) : claimed;

/** Refuses a text in which no equation was found: for what cannot be read in it, if anything. */
export function refuseNoEquation({ source }: Cut, context: Context, library: Library): never {
  const whole = read(source, context, library);
  const code = whole.ok ? undefined : whole.diagnostics[0]?.code;
  return !whole.ok && (code === "syntax" || code === "lexical") ? refuse(whole) : refuseNoClaim(source);
}

/** Refuses a text without a claim. */
export function refuseNoClaim(source: string): never {
  return fail(
    "type",
    "there is no claim here: a claim is an equation",
    { start: 0, end: source.length },
    { fix: "d(x'*A*x)/dx = x'*(A + A')" },
  );
}
