// Element-wise forms in the shape that keeps their digits: the logistic function and its
// complement, functions less 1, softmax and log-sum-exp shifted by the largest entry.
//
// Invariant: a form is replaced by one of equal value that loses no digits where the first
// does, after N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, ch. 1.
// Not here: logarithms (logarithms.ts); how sums and products are put together (elementwise.ts, which asks for these
// through the table).

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { map, minus, negative, number, over, plus, power, scaled, shift, sum } from "./elementwise.ts";
import { multipliedByErfc, quotientByErfc } from "./erfc.ts";
import { isShifted, multipliedOut, quotient, quotientOfChain } from "./exponentials.ts";
import { argumentOf, type Over } from "./exponents.ts";
import type { Factor, Form, Forms, Stable, Term } from "./form.ts";
import { atLimits } from "./limits.ts";
import { lessThanOne, onePlusExp, stableLog, twoExps } from "./logarithms.ts";
import { lowered } from "./lowered.ts";

/** What sums, products and functions of entries ask for. */
export const STABLE: Stable = { product: stableProduct, sum: stableSum, chain: quotientOfChain, map: stableMap };

// exp(u)/(1 + exp(u)) is the logistic function, 1/(1 + exp(u)) that of −u, exp(x)/sum(exp(x)) softmax.
function stableProduct(forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined {
  for (const f of factors) {
    const others = factors.filter((o) => o !== f);
    const found = Q.isInteger(f.exponent)
      ? (logistic(forms, f, others) ?? risen(forms, f, others) ?? overErfc(forms, f, others) ?? lowered(forms, f, others))
      : undefined;
    if (found !== undefined) return found;
  }
  return (
    atLimits(forms, factors, axes) ??
    multipliedByErfc(forms, factors, axes) ??
    multipliedOut(forms, factors, axes) ??
    quotient(forms, factors, axes)
  );
}

// Without cancellation: c f(u) − c and c f(u) + c for the functions below, and roots less a number.
function stableSum(forms: Forms, constant: Q.Rational, [first, second]: readonly [Term, Term?]): Form | undefined {
  if (second !== undefined) return Q.isZero(constant) ? tanhs(forms, first, second) : undefined;
  const { form, coefficient } = first;
  const u = form.kind === "map" ? argumentOf(form, form.fn) : undefined;
  if (form.kind !== "map" || u === undefined) return rootLess(forms, constant, form, coefficient);
  // c erfc(u) − 2c = −c erfc(−u)
  if (form.fn === "erfc" && Q.equals(constant, Q.multiply(Q.rational(-2), coefficient)))
    return scaled(forms, Q.negate(coefficient), map(forms, "erfc", [negative(forms, u)]));
  const isLess = Q.equals(Q.negate(coefficient), constant);
  const make = isLess ? LESS_ONE[form.fn] : Q.equals(coefficient, constant) ? PLUS_ONE[form.fn] : undefined;
  return make === undefined ? undefined : scaled(forms, coefficient, make(forms, u));
}

type Make = (forms: Forms, u: Form) => Form;
const of =
  (fn: string, front: number, inside: Q.Rational, exponent = Q.ONE): Make =>
  (forms, u) =>
    scaled(forms, Q.rational(front), power(forms, map(forms, fn, [scaled(forms, inside, u)]), exponent));

const TWO = Q.rational(2);
// biome-ignore format: a table is read by columns
/** f(u) − 1 (DLMF 4.21.29, 4.35.27, 7.2.2). */
const LESS_ONE: Readonly<Record<string, Make>> = {
  exp:     of("expm1", 1, Q.ONE),
  sigmoid: of("sigmoid", -1, Q.MINUS_ONE),              // −σ(−u)
  erf:     of("erfc", -1, Q.ONE),                       // −erfc(u)
  tanh:    of("sigmoid", -2, Q.rational(-2)),           // −2σ(−2u)
  cos:     of("sin", -2, Q.HALF, TWO),                  // −2 sin²(u/2)
  cosh:    of("sinh", 2, Q.HALF, TWO),                  // 2 sinh²(u/2)
};
// biome-ignore format: a table is read by columns
/** f(u) + 1. */
const PLUS_ONE: Readonly<Record<string, Make>> = {
  erf:     of("erfc", 1, Q.MINUS_ONE),                  // erfc(−u)
  tanh:    of("sigmoid", 2, TWO),                       // 2σ(2u)
  cos:     of("cos", 2, Q.HALF, TWO),                   // 2 cos²(u/2)
};

// 1/tanh(u) − tanh(u) = 2/sinh(2u)
function tanhs(forms: Forms, a: Term, b: Term): Form | undefined {
  if (!Q.isZero(Q.add(a.coefficient, b.coefficient))) return undefined;
  const [plain, other] = a.form.kind === "map" ? [a, b] : [b, a];
  const u = argumentOf(plain.form, "tanh");
  if (u === undefined || other.form.axes.length !== plain.form.axes.length || other.form !== power(forms, plain.form, Q.MINUS_ONE))
    return undefined;
  return scaled(forms, Q.multiply(TWO, other.coefficient), power(forms, map(forms, "sinh", [scaled(forms, TWO, u)]), Q.MINUS_ONE));
}

// a √(b² + v) − a b = a v/(√(b² + v) + b) for b > 0.
function rootLess(forms: Forms, constant: Q.Rational, form: Form, a: Q.Rational): Form | undefined {
  const [root, ...more] = form.kind === "product" && Q.isOne(form.coefficient) ? form.factors : [];
  if (root === undefined || more.length > 0 || !Q.equals(root.exponent, Q.HALF) || root.form.axes.length < form.axes.length)
    return undefined;
  const b = Q.negate(Q.divide(constant, a));
  if (root.form.kind !== "sum" || Q.sign(b) <= 0 || !Q.equals(Q.multiply(b, b), root.form.constant)) return undefined;
  const v = shift(forms, root.form, Q.negate(root.form.constant));
  return scaled(forms, a, over(forms, v, shift(forms, form, b)));
}

function stableMap(forms: Forms, fn: string, u: Form): Form | undefined {
  if (fn === "abs" && u.kind === "product" && Q.sign(u.coefficient) < 0) return map(forms, fn, [negative(forms, u)]);
  if (fn === "exp" && u.kind === "number" && Q.isZero(u.value)) return number(forms, 1);
  const x = fn === "log1p" ? argumentOf(u, "exp") : undefined;
  if (x !== undefined) return map(forms, "softplus", [x]);
  return fn === "log" ? stableLog(forms, u) : undefined;
}

/** exp(x)/sum(exp(x)) over all entries, or over each row where `over` is 1. */
export function softmax(forms: Forms, x: Form, over: "all" | 1 = "all"): Form {
  const { raised, total } = shifted(forms, x, over);
  const above: Factor = { form: raised, axis: undefined, exponent: Q.ONE };
  const below: Factor = { form: total, axis: over === 1 ? 0 : undefined, exponent: Q.MINUS_ONE };
  return forms.make({ kind: "product", coefficient: Q.ONE, factors: [above, below], axes: x.axes });
}

/** log(sum(exp(x))) over all entries, or over one axis. */
export function logSumExp(forms: Forms, x: Form, over: Over = "all"): Form {
  const { peak, total } = shifted(forms, x, over);
  return plus(forms, peak, forms.make({ kind: "map", fn: "log", args: [{ form: total }], axes: total.axes }));
}

// exp(x − max x), its sum, and max x.
function shifted(forms: Forms, x: Form, over: Over): { peak: Form; raised: Form; total: Form } {
  const kept = over === "all" ? undefined : over === 1 ? 0 : 1;
  const axes = kept === undefined ? [] : [x.axes[kept] as Dim];
  const peak = x.axes.length === 0 ? x : forms.make({ kind: "reduce", fn: "max", over, of: x, axes });
  const terms: Term[] = [
    { form: x, coefficient: Q.ONE },
    { form: peak, axis: kept, coefficient: Q.MINUS_ONE },
  ];
  const raised = map(forms, "exp", [sum(forms, Q.ZERO, terms, x.axes)]);
  return { peak, raised, total: raised.axes.length === 0 ? raised : forms.make({ kind: "reduce", fn: "sum", over, of: raised, axes }) };
}

// 1/(1 + exp(u)) is the logistic function of −u.
function logistic(forms: Forms, f: Factor, others: readonly Factor[]): Factor[] | undefined {
  const u = Q.sign(f.exponent) < 0 ? onePlusExp(f.form) : undefined;
  if (u === undefined) return undefined;
  return [...others, { form: map(forms, "sigmoid", [negative(forms, u)]), axis: f.axis, exponent: Q.negate(f.exponent) }];
}

// exp(v) with what it meets (partnerOf), and exp(v) over the sum of its entries, which is softmax(v).
function risen(forms: Forms, f: Factor, others: readonly Factor[]): Factor[] | undefined {
  const v = Q.sign(f.exponent) > 0 ? argumentOf(f.form, "exp") : undefined;
  if (v === undefined || isShifted(v)) return undefined;
  const met = partnerOf(forms, others, v, f.axis);
  if (met !== undefined) {
    const { partner, joined } = met;
    const most = Q.absolute(partner.exponent);
    const both = Q.compare(f.exponent, most) <= 0 ? f.exponent : most;
    const exponent = Q.sign(partner.exponent) < 0 ? Q.negate(both) : both;
    return [
      ...others.filter((o) => o !== partner),
      { ...f, exponent: Q.subtract(f.exponent, both) },
      { ...partner, exponent: Q.subtract(partner.exponent, exponent) },
      { form: joined, axis: f.axis, exponent },
    ];
  }
  return undefined;
}

// exp(−u²) over erfc(u), one for one.
function overErfc(forms: Forms, f: Factor, others: readonly Factor[]): Factor[] | undefined {
  if (Q.sign(f.exponent) <= 0) return undefined;
  for (const below of others) {
    if (Q.sign(below.exponent) >= 0 || !Q.isInteger(below.exponent) || below.axis !== f.axis) continue;
    const joined = quotientByErfc(forms, f.form, below.form);
    if (joined === undefined) continue;
    const most = Q.absolute(below.exponent);
    const both = Q.compare(f.exponent, most) <= 0 ? f.exponent : most;
    return [
      ...others.filter((o) => o !== below),
      { ...f, exponent: Q.subtract(f.exponent, both) },
      { ...below, exponent: Q.add(below.exponent, both) },
      { form: joined, axis: f.axis, exponent: both },
    ];
  }
  return undefined;
}

// exp(v) sigmoid(−v) is sigmoid(v), exp(v)/(exp(v) − 1) is 1/(1 − exp(−v)), exp(v)/(exp(v) + exp(u)) is 1/(1 + exp(u − v)): a factor along an axis, and what it is with exp(v).
function partnerOf(forms: Forms, others: readonly Factor[], v: Form, along: Factor["axis"]): { partner: Factor; joined: Form } | undefined {
  for (const partner of others) {
    const { form, axis, exponent } = partner;
    if (axis !== along || !Q.isInteger(exponent)) continue;
    const isAbove = Q.sign(exponent) > 0;
    if (isAbove && argumentOf(form, "sigmoid") === negative(forms, v)) return { partner, joined: map(forms, "sigmoid", [v]) };
    if (!isAbove && argumentOf(form, "expm1") === v) return { partner, joined: lessThanOne(forms, v) };
    const pair = isAbove ? undefined : twoExps(form);
    const other = pair?.[0] === v ? pair[1] : pair?.[1] === v ? pair[0] : undefined;
    if (other !== undefined) return { partner, joined: shift(forms, map(forms, "exp", [minus(forms, other, v)]), Q.ONE) };
  }
  return undefined;
}
