// Notations of numbers: sum(x)/n is mean(x). A product of numbers is taken apart into factors
// with exponents; where the factors of a notation are among them, whatever their order, its
// right side takes their place.
//
// Invariant: the value stays the same, and the product never gets costlier. Sizes of a rule
// stand for the sizes of what its parameters stand for.

import { add, divide, isInteger, isZero, multiply, negate, ONE, power, type Rational, rational, sign } from "../base/rational.ts";
import * as build from "../expr/build.ts";
import { withArgs } from "../expr/build.ts";
import { type Dim, dimConstant, dimName, dimOf, substituteDim } from "../expr/dim.ts";
import { type Expr, fold, variables } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { isScalarShape } from "../expr/shape.ts";
import { cost } from "../tensor/read/cost.ts";
import { scaled } from "../tensor/read/reading.ts";

type Find = (name: string) => FunctionInfo | undefined;
type Bound = Map<string, Expr>;

/** coefficient · Π factor^exponent · body. */
interface Factors {
  readonly coefficient: Rational;
  readonly powers: ReadonlyMap<Expr, Rational>;
  /** What is no number. */
  readonly body: Expr | undefined;
}

/** A product of numbers and what is written for it. */
export interface FactorNotation {
  readonly left: Expr;
  readonly right: Expr;
}

/** Operators at the top of the factors by which a notation is found. */
export const anchorsOf = (left: Expr): string[] => anchors(factorsOf(left)).flatMap(([e]) => (e.kind === "apply" ? [e.op] : []));

const anchors = ({ powers }: Factors): [Expr, Rational][] => [...powers].filter(([e]) => e.kind !== "dim");

/** The product with equal factors put together, where that is shorter. */
export function tidied(term: Expr, find: Find): Expr {
  const written = write(factorsOf(term), find);
  return written !== undefined && cost(written) < cost(term) ? written : term;
}

/** A term that is a product of numbers, perhaps with a vector or matrix behind, in its shortest notation. */
export function inFactors(
  term: Expr,
  notations: readonly FactorNotation[],
  matches: (pattern: Expr, actual: Expr, bound: Bound) => boolean,
  find: Find,
): Expr {
  let best = term;
  for (;;) {
    const whole = factorsOf(best);
    const shorter = notations.flatMap((n) => replaced(whole, n, matches, find)).find((e) => cost(e) < cost(best));
    if (shorter === undefined) return best;
    best = shorter;
  }
}

function replaced(
  whole: Factors,
  { left, right }: FactorNotation,
  matches: (pattern: Expr, actual: Expr, bound: Bound) => boolean,
  find: Find,
): Expr[] {
  const pattern = factorsOf(left);
  const bound: Bound = new Map();
  let times: Rational | undefined;
  const powers = new Map(whole.powers);
  for (const [wanted, exponent] of anchors(pattern)) {
    const found = [...powers].find(([e, have]) => {
      const ratio = divide(have, exponent);
      const enough = times === undefined ? isInteger(ratio) && !isZero(ratio) : sign(have) === sign(multiply(times, exponent));
      return enough && matches(wanted, e, bound);
    });
    if (found === undefined) return [];
    times ??= divide(found[1], exponent);
    put(powers, found[0], negate(multiply(times, exponent)));
  }
  if (times === undefined) return [];
  const sizes = sizesOf(left, bound);
  const instance = (e: Expr): Expr =>
    fold<Expr>(e, (node, args) => {
      if (node.kind === "var") return bound.get(node.name) ?? node;
      if (node.kind === "dim") return sizeNumber(substituteDim(node.dim, sizes));
      return node.args.length === 0 ? node : withArgs(node, args, find);
    });
  const start = { coefficient: whole.coefficient, powers, body: whole.body };
  const sizesLeft = [...pattern.powers].filter(([e]) => e.kind === "dim").map(([e, x]): [Expr, Rational] => [instance(e), negate(x)]);
  const made = [...sizesLeft.map(([e, x]) => raisedTo(factorsOf(e), x)), factorsOf(instance(right))].reduce<Factors | undefined>(
    (all, f) => (all === undefined || f === undefined ? undefined : timesFactors(all, f, times as Rational)),
    start,
  );
  const written = made === undefined ? undefined : write(made, find);
  return written === undefined ? [] : [written];
}

const sizeNumber = (dim: Dim): Expr => {
  const value = dimConstant(dim);
  return value === undefined ? build.dimNumber(dim) : build.num(value);
};

/** What the sizes of the rule's parameters are where these stand for terms. */
function sizesOf(left: Expr, bound: Bound): Map<string, Dim> {
  const sizes = new Map<string, Dim>();
  for (const v of variables(left)) {
    const actual = bound.get(v.name)?.shape ?? v.shape;
    // A column and its row are as long as each other.
    const turned = v.shape.cols.key === "1" && actual.cols.key !== "1" && actual.rows.key === "1";
    for (const side of ["rows", "cols"] as const) {
      const name = dimName(v.shape[side]);
      if (name !== undefined) sizes.set(name, actual[turned ? (side === "rows" ? "cols" : "rows") : side]);
    }
  }
  return sizes;
}

const NOTHING: Factors = { coefficient: ONE, powers: new Map(), body: undefined };

function put(powers: Map<Expr, Rational>, e: Expr, exponent: Rational): void {
  const sum = add(powers.get(e) ?? rational(0), exponent);
  if (isZero(sum)) powers.delete(e);
  else powers.set(e, sum);
}

/** a · b^times; undefined where a number has no such power. */
function timesFactors(a: Factors, b: Factors, times: Rational): Factors | undefined {
  const c = isInteger(times) ? power(b.coefficient, times.n) : undefined;
  if (c === undefined || (a.body !== undefined && b.body !== undefined)) return undefined;
  const powers = new Map(a.powers);
  for (const [e, x] of b.powers) put(powers, e, multiply(x, times));
  return { coefficient: multiply(a.coefficient, c), powers, body: a.body ?? b.body };
}

function raisedTo(f: Factors, exponent: Rational): Factors | undefined {
  return f.body === undefined ? timesFactors(NOTHING, f, exponent) : undefined;
}

/** A term taken apart; what is no product is one factor, or the body. */
function factorsOf(e: Expr): Factors {
  const [a, b] = e.args as readonly [Expr, Expr];
  const alone: Factors = isScalarShape(e.shape)
    ? e.kind === "num"
      ? { ...NOTHING, coefficient: e.value }
      : { ...NOTHING, powers: new Map([[e, ONE]]) }
    : { ...NOTHING, body: e };
  if (e.kind === "dim") return ofSize(e.dim) ?? alone;
  if (e.kind !== "apply") return alone;
  switch (e.op) {
    case "neg":
      return timesFactors({ ...NOTHING, coefficient: rational(-1) }, factorsOf(a), ONE) ?? alone;
    case "mul":
      return isScalarShape(a.shape) || isScalarShape(b.shape) ? (timesFactors(factorsOf(a), factorsOf(b), ONE) ?? alone) : alone;
    case "div":
      return isScalarShape(b.shape) ? (timesFactors(factorsOf(a), factorsOf(b), rational(-1)) ?? alone) : alone;
    case "pow":
      return isScalarShape(a.shape) && b.kind === "num" && isInteger(b.value) ? (raisedTo(factorsOf(a), b.value) ?? alone) : alone;
    case "sqrt": {
      const inner = isScalarShape(a.shape) ? factorsOf(a) : undefined;
      const isPlain = inner !== undefined && inner.coefficient.n === 1n && inner.coefficient.d === 1n;
      if (!isPlain || ![...inner.powers.keys()].every((f) => f.kind === "dim")) return alone;
      return { ...NOTHING, powers: new Map([...inner.powers].map(([f, x]) => [f, multiply(x, rational(1n, 2n))])) };
    }
    default:
      return alone;
  }
}

/** A size that is a product, as its names; undefined for one that is a sum. */
function ofSize(dim: Dim): Factors | undefined {
  const [only, ...more] = dim.monomials;
  if (only === undefined || more.length > 0) return undefined;
  const powers = new Map<Expr, Rational>();
  for (const name of only.names) put(powers, build.dimNumber(dimOf(name)), ONE);
  return { coefficient: rational(only.coefficient), powers, body: undefined };
}

function write({ coefficient, powers, body }: Factors, find: Find): Expr | undefined {
  const top: Expr[] = [];
  const bottom: Expr[] = [];
  const root = find("sqrt");
  for (const [e, x] of powers) {
    const size = sign(x) < 0 ? negate(x) : x;
    const isRoot = size.n === 1n && size.d === 2n;
    if (isRoot && root === undefined) return undefined;
    const whole = size.n === 1n && size.d === 1n;
    const raised = whole ? e : isRoot ? build.call(root as FunctionInfo, [e]) : build.apply("pow", [e, build.num(size)]);
    (sign(x) < 0 ? bottom : top).push(raised);
  }
  return scaled(coefficient, top, bottom, body);
}
