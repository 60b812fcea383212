// Numbers in front of a vector or a matrix, the way they are written by hand: the sign first, 2/N
// and 3/2 before a matrix, a lone denominator behind.
//
// Invariant: the same value wherever both sides have one. Not here: what the numbers are made of
// (src/tensor/read/term/term.ts, src/tensor/read/term/numbers.ts).

import { absolute, add, isOne, isZero, ONE, type Rational, sign } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { type Apply, type Expr, isApply } from "../../../expr/expr.ts";
import { risenRoot, widened } from "./reading.ts";
import { isChain } from "./times.ts";

/** Product of numbers; 1 for none. */
function scalarProduct(factors: readonly Expr[]): Expr {
  return factors.length === 0 ? build.num(1) : factors.reduce((a, b) => build.mul(a, b));
}

/**
 * coefficient · numerator / denominator · body, the way it is written by hand: the sign in
 * front, 2/N and 3/2 before a matrix, a lone denominator behind.
 */
export function scaled(coefficient: Rational, numerator: readonly Expr[], denominator: readonly Expr[], body: Expr | undefined): Expr {
  const within = body === undefined ? insideSum(numerator, denominator) : underItsPower(numerator, denominator, body);
  if (within !== undefined) return scaled(coefficient, within.numerator, within.denominator, within.body);
  const negative = sign(coefficient) < 0;
  const withNumber = absolute(coefficient).n !== 1n;
  const d = withNumber && denominator.length === 0 ? 1n : coefficient.d;
  const top = [...(withNumber ? [build.num({ n: coefficient.n, d: d === 1n ? coefficient.d : 1n })] : []), ...numerator];
  const beneath = [...(d === 1n ? [] : [build.num({ n: d, d: 1n })]), ...denominator];
  const minus = (e: Expr): Expr => (negative && !withNumber ? build.neg(e) : e);
  const bottom = beneath.length === 0 ? undefined : scalarProduct(beneath);
  if (body === undefined) {
    const risen = top.length === 0 && bottom !== undefined ? risenRoot(bottom) : undefined;
    if (risen !== undefined) return minus(risen);
    const whole = scalarProduct(top);
    return minus(bottom === undefined ? whole : build.apply("div", [whole, bottom]));
  }
  if (top.length === 0) return minus(bottom === undefined ? body : build.apply("div", [body, bottom]));
  const product = scalarProduct(top);
  const front = bottom === undefined ? product : build.apply("div", [product, bottom]);
  return minus(overReciprocal(front, body) ?? build.mul(front, body));
}

/** sum(xᵏ)/cᵏ as sum((x/c)ᵏ); undefined where there is no such sum. */
function insideSum(
  numerator: readonly Expr[],
  denominator: readonly Expr[],
): (Omit<Scaled, "body"> & { readonly body: undefined }) | undefined {
  for (const [i, factor] of numerator.entries()) {
    if (!isApply(factor, "sum")) continue;
    const within = underItsPower(numerator.toSpliced(i, 1), denominator, factor.args[0] as Expr);
    if (within === undefined) continue;
    const sum = build.apply("sum", [within.body]);
    return { numerator: within.numerator.toSpliced(i, 0, sum), denominator: within.denominator, body: undefined };
  }
  return undefined;
}

/** x² ⊙ y/c² as (x/c)² ⊙ y: a number under the exponent that entries behind it have, taken to them; undefined where there is none. */
function underItsPower(numerator: readonly Expr[], denominator: readonly Expr[], body: Expr): Scaled | undefined {
  if (isApply(body, "hadamard")) {
    for (const [i, factor] of body.args.entries()) {
      const within = underItsPower(numerator, denominator, factor);
      if (within !== undefined) return { ...within, body: build.apply("hadamard", body.args.with(i, within.body)) };
    }
    return undefined;
  }
  if (isApply(body, "hdiv")) return belowItsPower(numerator, denominator, body);
  if (!isApply(body, "hpow")) return undefined;
  const [of, exponent] = body.args as readonly [Expr, Expr];
  const isAlike = (e: Expr): boolean => isApply(e, "pow") && e.args[1] === exponent;
  const isOpposite = (e: Expr): boolean => isApply(e, "pow") && areOpposite(e.args[1] as Expr, exponent);
  const above = numerator.find(isAlike);
  const below = denominator.find(isAlike) ?? numerator.find(isOpposite);
  if (above === undefined && below === undefined) return undefined;
  const times = scaled(ONE, above === undefined ? [] : [above.args[0] as Expr], below === undefined ? [] : [below.args[0] as Expr], of);
  return {
    numerator: numerator.filter((e) => e !== above && e !== below),
    denominator: denominator.filter((e) => e !== below),
    body: build.apply("hpow", [times, exponent]),
  };
}

/** y ./ x.^2 over c² as y ./ (c x).^2; undefined where there is no such number. */
function belowItsPower(numerator: readonly Expr[], denominator: readonly Expr[], body: Expr): Scaled | undefined {
  const [above, below] = body.args as readonly [Expr, Expr];
  if (!isApply(below, "hpow")) return undefined;
  const [of, exponent] = below.args as readonly [Expr, Expr];
  const number = denominator.find((e): e is Apply => isApply(e, "pow") && e.args[1] === exponent);
  if (number === undefined) return undefined;
  const whole = build.apply("hpow", [scaled(ONE, [number.args[0] as Expr], [], of), exponent]);
  return { numerator, denominator: denominator.filter((e) => e !== number), body: build.apply("hdiv", [above, whole]) };
}

/** Numbers above and below a fraction line, and the vector or matrix behind. */
interface Scaled {
  readonly numerator: readonly Expr[];
  readonly denominator: readonly Expr[];
  readonly body: Expr;
}

/** Whether two sums are written as minus one another: 1 − p and p − 1. */
function areOpposite(a: Expr, b: Expr): boolean {
  if (a.kind === "num" && b.kind === "num") return isZero(add(a.value, b.value));
  if (isApply(a, "neg")) return a.args[0] === b;
  if (isApply(b, "neg")) return b.args[0] === a;
  if (!isApply(a, "add") || !isApply(b, "add") || a.args.length !== b.args.length) return false;
  return a.args.every((s) => b.args.some((t) => areOpposite(s, t)));
}

/** s times 1 ./ x as s ./ x, also where that is the diagonal that a product begins with; undefined for other bodies. */
function overReciprocal(front: Expr, body: Expr): Expr | undefined {
  const [first, second] = body.args;
  if (isApply(body, "hdiv") && first !== undefined && isApply(first, "expand") && isUnit(first.args[0]))
    return build.apply("hdiv", [widened(front, body.shape), second as Expr]);
  if (!isApply(body, "diag") && !isChain(body)) return undefined;
  const inner = overReciprocal(front, first as Expr);
  return inner === undefined ? undefined : isApply(body, "diag") ? build.apply("diag", [inner]) : build.mul(inner, second as Expr);
}

const isUnit = (e: Expr | undefined): boolean => e?.kind === "num" && isOne(e.value);
