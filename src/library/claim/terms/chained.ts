// Sides of a claim with derivatives as factors and terms, as the chain rule has them, dy/du du/dx, and y″ + y = 0.
//
// Invariant: a derivative stands for its value only where both of its names are known; no side
// that is one derivative by itself is read here.

import { attempt, fail } from "../../../base/diagnostic.ts";
import { type Problem, parseExpression } from "../../../elaborate/elaborate.ts";
import { entryName, positionOf } from "../../../elaborate/names/target.ts";
import { entry, substitute, variable } from "../../../expr/build.ts";
import type { Layout } from "../../../expr/conventions.ts";
import { isOneDim } from "../../../expr/dim.ts";
import { type Expr, nodes, type Unknown, type Variable } from "../../../expr/expr.ts";
import { isScalarShape } from "../../../expr/shape.ts";
import { writeDerivative } from "../../answer/derivative.ts";
import { type Settled, scopeOf } from "../../question/question.ts";
import { derivativesIn, type NamedDerivative, replaceDerivatives, withoutArguments } from "../text/derivatives.ts";
import type { WrittenSide } from "../text/statement.ts";
import { differentiatedBy } from "./forms.ts";

/** A derivative of one name by another inside a product: dy/du in dy/du du/dx. */
interface Factor {
  readonly text: string;
  /** What stands for it in a term. */
  readonly name: string;
  /** A variable, a defined name, or a name that depends on others. */
  readonly of: Expr;
  /** As often as it is taken by each: variables, or one name that depends on others and is varied by itself, x in ∂z/∂x dx/dt. */
  readonly by: readonly Variable[] | readonly [Unknown];
  /** The indices of ∂L/∂a_i, an entry of ∂L/∂a; none of a whole derivative. */
  readonly at: readonly string[];
}

/** How the derivatives of a side may be meant. */
interface Way {
  readonly layout: Layout;
  /** The names between held constant. */
  readonly partial: boolean;
}

// In the mixed layout gradients are columns beside Jacobians, as in (∂y/∂x)ᵀ ∂z/∂y.
const WAYS: readonly Way[] = (["numerator", "denominator", "mixed"] as const).flatMap((layout) => [
  { layout, partial: false },
  { layout, partial: true },
]);

/** A side with derivatives as factors, and the layout that these are in. */
export interface Chained {
  readonly expr: Expr;
  readonly layout: Layout;
}

/** A side with derivatives as factors, in every layout and both as total and as partial ones, as far as the shapes fit; none where it has no such factors. */
export function readChained(problem: Problem, side: WrittenSide, settled: Settled): Chained[] {
  const factors = factorsIn(problem, side);
  if (factors.length === 0) return [];
  // A name that depends on others stands alone for its value.
  const dependents = dependentsIn(problem).map((of) => ({ name: variable(of.name, of.shape), value: of }));
  const known = scopeOf(problem, settled);
  const unknowns = problem.unknowns.filter((u) => !dependents.some((d) => d.name.name === u.name));
  return WAYS.flatMap((way): Chained[] => {
    const named = namedIn(problem, factors, way, settled);
    if (named === undefined) return [];
    const all = [...named.values(), ...dependents];
    const scope = { ...known, variables: [...known.variables, ...all.map((n) => n.name)], unknowns };
    const derived = replaceDerivatives(side.text, ({ text: written }) => named.get(written)?.text.padEnd(written.length));
    const text = withoutArguments(derived, (name) => dependents.some((d) => d.name.name === name));
    const first = parseExpression(text, scope);
    const read = first.ok ? first : parseExpression(rowByRow(text), scope);
    if (!read.ok) return [];
    const values = new Map<Expr, Expr>(all.map((n) => [n.name, n.value]));
    return [{ expr: substitute(read.expr, values, settled.library.functions), layout: way.layout }];
  });
}

/** A variable that stands for a derivative while a side is read. */
interface NamedFactor {
  readonly name: Variable;
  readonly value: Expr;
  /** The name with the indices of an entry. */
  readonly text: string;
}

/** Variables for derivatives that are meant in one way, by how these are written; undefined where one of them has no value in it. */
function namedIn(problem: Problem, factors: readonly Factor[], way: Way, settled: Settled): Map<string, NamedFactor> | undefined {
  const named = new Map<string, NamedFactor>();
  for (const factor of factors) {
    const value = factorValue(problem, factor, factor.at.length === 0 ? way : wayOfEntries(factor.of), settled);
    if (value === undefined) return undefined;
    const indices = factor.at.length === 0 ? "" : `_${factor.at.join("")}`;
    named.set(factor.text, { name: variable(factor.name, value.shape), value, text: factor.name + indices });
  }
  return named;
}

/**
 * Entries are those of the gradient of a number, in the shape of the variable, or of a Jacobian, and total: with the names between
 * held constant ∂a_k/∂x_k would be 0, and a sum that is forgotten would not be missed.
 */
const wayOfEntries = (of: Expr): Way => ({ layout: isScalarShape(of.shape) ? "denominator" : "numerator", partial: false });

// u ⊙ ∂v/∂x multiplies the rows of a Jacobian: diag(u) ∂v/∂x.
const rowByRow = (text: string): string =>
  text
    .replace(/([\p{L}][\p{L}\p{N}_]*)\s*(?:\.\*|⊙|∘)\s*(d[\p{L}\p{N}_]+_d[\p{L}\p{N}_]+)/gu, "diag($1)*$2")
    .replace(/(d[\p{L}\p{N}_]+_d[\p{L}\p{N}_]+)\s*(?:\.\*|⊙|∘)\s*([\p{L}][\p{L}\p{N}_]*)/gu, "diag($2)*$1");

/** The derivatives of known names that a side multiplies or adds; none where it is one itself. */
function factorsIn(problem: Problem, side: WrittenSide): Factor[] {
  const find = (name: string | undefined): Variable | undefined =>
    problem.definitions.find((d) => d.name === name)?.variable ?? problem.variables.find((v) => v.name === name);
  const dependents = dependentsIn(problem);
  const dependent = (name: string | undefined): Unknown | undefined => dependents.find((e) => e.name === name);
  const isKnown = (name: string): boolean => find(name) !== undefined || dependent(name) !== undefined;
  const found = derivativesIn(side.text).flatMap((written): Factor[] => {
    const { derivative, at: indices } = ofWhole(written, isKnown);
    const whole = find(derivative.of) ?? dependent(derivative.of);
    const variables = derivative.by.flatMap((name) => find(name) ?? []);
    const [by, ...more] = derivative.by;
    // An entry of a vector by a matrix is a number by a matrix, where its index is one of the claim.
    const [first = "", ...others] = indices;
    const isNumber = others.length === 2 && problem.axes.has(first);
    const of = isNumber && whole !== undefined ? entry(whole, [positionOf(first), positionOf("1")]) : whole;
    const at = isNumber ? others : indices;
    // What entries are taken of has a name apart from the derivative itself, which may be in another layout.
    const name = nameOf(derivative) + (at.length === 0 ? "" : `_e${isNumber ? first : ""}`);
    const varied = more.length === 0 && variables.length === 0 ? dependent(by) : undefined;
    if (of === undefined || find(`d${derivative.of}`) !== undefined) return [];
    for (const variable of variables) refuseIndependent(problem, of, variable, { ...side, at: derivative.index, text: derivative.text });
    if (varied !== undefined) return [{ ...derivative, name, of, by: [varied], at }];
    if (variables.length < derivative.by.length) return [];
    return [{ ...derivative, name, of, by: variables, at }];
  });
  return found[0]?.text === side.text ? [] : found;
}

/** A first derivative with entries of known names above or below as the whole derivative, and the indices in it. */
function ofWhole(written: NamedDerivative, isKnown: (name: string) => boolean): { derivative: NamedDerivative; at: readonly string[] } {
  const [by, ...more] = written.by;
  const entryOf = (name: string): ReturnType<typeof entryName> => {
    const found = isKnown(name) ? undefined : entryName(name);
    return found !== undefined && isKnown(found.name) ? found : undefined;
  };
  const [above, below] = [entryOf(written.of), by === undefined || more.length > 0 ? undefined : entryOf(by)];
  if (above === undefined && below === undefined) return { derivative: written, at: [] };
  return {
    derivative: { ...written, of: above?.name ?? written.of, by: below === undefined ? written.by : [below.name] },
    at: [...(above?.at ?? []), ...(below?.at ?? [])],
  };
}

/** Refuses dK/dt of a variable K that is no function of t: it would be zero, and what it is a factor of would say nothing. */
function refuseIndependent(problem: Problem, of: Expr, by: Variable, { start, at, text }: WrittenSide & { readonly at: number }): void {
  if (of.kind !== "var" || of === by || !problem.variables.includes(of)) return;
  const [rows, cols] = [of.shape.rows.key, of.shape.cols.key];
  const type = isScalarShape(of.shape) ? "scalar" : isOneDim(of.shape.cols) ? `vector(${rows})` : `matrix(${rows}, ${cols})`;
  const place = { start: start + at, end: start + at + text.length };
  fail("unsupported", `nothing says how ${of.name} depends on ${by.name}`, place, { fix: `${of.name}(${by.name}) : ${type}` });
}

/** The names u of u(x) in what is differentiated and in definitions, each once; a function f of f(x^2) is none. */
const dependentsIn = ({ expr, definitions, unknowns }: Problem): Unknown[] => {
  const names = new Set(unknowns.flatMap(({ name, of }) => (of === undefined ? [] : [name])));
  const terms = [expr, ...definitions.map((d) => d.expr)].flatMap((e) => nodes(e));
  const found = terms.flatMap((e) => (e.kind === "unknown" && e.derivatives.length === 0 && names.has(e.name) ? [e] : []));
  return found.filter((e) => found.find((f) => f.name === e.name) === e);
};

const nameOf = ({ of, by }: NamedDerivative): string => `d${of}_${by.map((name) => `d${name}`).join("")}`;

function factorValue(problem: Problem, { of, by: targets }: Factor, way: Way, settled: Settled): Expr | undefined {
  const [by] = targets;
  if (by?.kind !== "unknown") return derivativeOf(problem, of, targets as readonly Variable[], way, settled);
  // x(t) is varied as if it were a variable.
  const { functions } = settled.library;
  const free = variable(by.name, by.shape);
  const freed = (e: Expr): Expr => substitute(e, new Map<Expr, Expr>([[by, free]]), functions);
  const apart: Problem = {
    ...problem,
    variables: [...problem.variables, free],
    expr: freed(problem.expr),
    definitions: problem.definitions.map((d) => ({ ...d, expr: freed(d.expr) })),
  };
  const value = derivativeOf(apart, freed(of), [free], way, settled);
  return value === undefined ? undefined : substitute(value, new Map<Expr, Expr>([[free, by]]), functions);
}

function derivativeOf(problem: Problem, of: Expr, by: readonly Variable[], { layout, partial }: Way, settled: Settled): Expr | undefined {
  const side = { kind: "derivative", form: "derivative", of, by: by.map((variable) => ({ variable })) } as const;
  return attempt(() => {
    const { stated, by: targets, partial: held = stated } = differentiatedBy(problem, side, settled, layout);
    return writeDerivative(partial ? held : stated, targets, layout).expr;
  });
}
