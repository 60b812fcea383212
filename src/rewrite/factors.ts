// Notations of numbers: sum(x)/n is mean(x). A product of numbers is taken apart into factors
// with exponents; where the factors of a notation are among them, whatever their order, its
// right side takes their place.
//
// Invariant: the value stays the same, and the product never gets costlier. Sizes of a rule
// stand for the sizes of what its parameters stand for.

import { add, divide, isInteger, isOne, isZero, multiply, negate, ONE, power, type Rational, rational, sign } from "../base/rational.ts";
import * as build from "../expr/build.ts";
import { withArgs } from "../expr/build.ts";
import { type Dim, dimConstant, dimName, dimOf, substituteDim } from "../expr/dim.ts";
import { type Expr, fold, variables, withoutMinus } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { isScalarShape } from "../expr/shape.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import { scaled } from "../tensor/read/reading/scaled.ts";

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
  /** The left side, taken apart. */
  readonly pattern: Factors;
  readonly right: Expr;
}

export const factorNotation = (left: Expr, right: Expr): FactorNotation => ({ left, pattern: factorsOf(left), right });

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
    // The minus before a number costs nothing: −9 mean(A) is no shorter than −sum(A).
    const isShorter = (e: Expr): boolean => cost(e) < cost(best) && cost(withoutMinus(e)) < cost(withoutMinus(best));
    const shorter = notations.flatMap((n) => replaced(whole, n, matches, find)).find(isShorter);
    if (shorter === undefined) return best;
    best = shorter;
  }
}

function replaced(
  whole: Factors,
  { left, pattern, right }: FactorNotation,
  matches: (pattern: Expr, actual: Expr, bound: Bound) => boolean,
  find: Find,
): Expr[] {
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
  const exponent = times;
  const sizesLeft = [...pattern.powers]
    .filter(([e]) => e.kind === "dim")
    .map(([e, x]): Part => [instance(e), negate(multiply(x, exponent))]);
  const made = multiplied({ ...whole, powers }, [...sizesLeft, [instance(right), exponent]]);
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

function put(powers: Map<Expr, Rational>, e: Expr, exponent: Rational): void {
  const sum = add(powers.get(e) ?? rational(0), exponent);
  if (isZero(sum)) powers.delete(e);
  else powers.set(e, sum);
}

/** A term and the exponent it has in a product. */
type Part = readonly [term: Expr, exponent: Rational];

/** What a product of numbers is made of, one level down; undefined for a term that is one factor. */
export function partsOf(e: Expr): readonly Part[] | undefined {
  if (e.kind !== "apply") return undefined;
  const [a, b] = e.args as readonly [Expr, Expr];
  switch (e.op) {
    case "neg":
      return [[build.num(-1), ONE] as const, [a, ONE] as const];
    case "mul":
      return isScalarShape(a.shape) || isScalarShape(b.shape) ? [[a, ONE] as const, [b, ONE] as const] : undefined;
    case "div":
      return isScalarShape(b.shape) ? [[a, ONE] as const, [b, rational(-1)] as const] : undefined;
    case "pow":
      return isScalarShape(a.shape) && b.kind === "num" && isInteger(b.value) ? [[a, b.value]] : undefined;
    case "sqrt": {
      const size = a.kind === "dim" ? sizeFactors(a.dim) : undefined;
      return size !== undefined && isOne(size.coefficient) ? [[a, rational(1n, 2n)]] : undefined;
    }
    default:
      return undefined;
  }
}

/** A term taken apart; what is no product is one factor, or the body. So is a product that divides by 0. */
const factorsOf = (e: Expr): Factors =>
  multiplied(NOTHING, [[e, ONE]]) ?? (isScalarShape(e.shape) ? { ...NOTHING, powers: new Map([[e, ONE]]) } : { ...NOTHING, body: e });

const NOTHING: Factors = { coefficient: ONE, powers: new Map(), body: undefined };

/** factors · Π term^exponent, every term taken apart; undefined where a number has no such power, and for two bodies. */
function multiplied(factors: Factors, terms: readonly Part[]): Factors | undefined {
  let { coefficient, body } = factors;
  const powers = new Map(factors.powers);
  const stack = terms.toReversed();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [term, exponent] = next;
    const parts = partsOf(term);
    const size = term.kind === "dim" ? sizeFactors(term.dim) : undefined;
    if (parts !== undefined) for (const [part, x] of parts.toReversed()) stack.push([part, multiply(x, exponent)]);
    else if (term.kind === "num" || size !== undefined) {
      const number = term.kind === "num" ? term.value : (size as SizeFactors).coefficient;
      const raised = isOne(number) ? ONE : isInteger(exponent) ? power(number, exponent.n) : undefined;
      if (raised === undefined) return undefined;
      coefficient = multiply(coefficient, raised);
      for (const name of size?.names ?? []) put(powers, name, exponent);
    } else if (isScalarShape(term.shape)) put(powers, term, exponent);
    else if (body === undefined && isOne(exponent)) body = term;
    else return undefined;
  }
  return { coefficient, powers, body };
}

interface SizeFactors {
  readonly coefficient: Rational;
  readonly names: readonly Expr[];
}

/** A size that is a product, as its names; undefined for one that is a sum. */
function sizeFactors(dim: Dim): SizeFactors | undefined {
  const [only, ...more] = dim.monomials;
  if (only === undefined || more.length > 0) return undefined;
  return { coefficient: rational(only.coefficient), names: only.names.map((name) => build.dimNumber(dimOf(name))) };
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
