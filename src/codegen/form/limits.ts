// Quotients at points where they are 0/0 and have a limit: the derivative of sinc, that of a product by an entry that is 0.
//
// Invariant: the value is that of the quotient wherever that has one.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { broadcast, fill, map, minus, number, over, power, scaled, shift, times } from "./elementwise.ts";
import type { Factor, Form, Forms, Term } from "./form.ts";
import { isNonzero } from "./signs.ts";

const TWO = Q.rational(2);

/** sin(u)/u as it is made, and u by it. */
const SINCS = new WeakMap<Form, Form>();

/** sin(u)/u, 1 at 0. */
export function sinc(forms: Forms, u: Form): Form {
  const made = overItself(forms, "sin", u);
  SINCS.set(made, u);
  return made;
}

/** f(u)/u for a function of slope 1 at 0, there its limit: (exp(u) − 1)/u, sin(u)/u. */
export function overItself(forms: Forms, fn: string, u: Form): Form {
  const isZero = map(forms, "eq", [u, number(forms, 0)]);
  return map(forms, "where", [
    isZero,
    number(forms, 1),
    over(forms, map(forms, fn, [u]), map(forms, "where", [isZero, number(forms, 1), u])),
  ]);
}

/** What a product has instead of quotients that may be 0/0. */
export const atLimits = (forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined =>
  ofSinc(forms, factors) ?? ofProduct(forms, factors, axes);

// (sinc(u) − cos(u))/u is u times an even function, which has a series at 0 (DLMF 10.53.1).
function ofSinc(forms: Forms, factors: readonly Factor[]): Factor[] | undefined {
  for (const f of factors) {
    const found = Q.isOne(f.exponent) ? lessCosine(forms, f.form) : undefined;
    const below = found && factors.find((o) => o.form === found.u && o.axis === f.axis && Q.sign(o.exponent) < 0);
    if (found === undefined || below === undefined) continue;
    const rest = factors.filter((o) => o !== f && o !== below);
    const even: Factor = { form: scaled(forms, found.coefficient, evenPart(forms, found.u, found.plain)), axis: f.axis, exponent: Q.ONE };
    return [...rest, even, { ...below, exponent: Q.add(below.exponent, TWO) }];
  }
  return undefined;
}

/** c (sinc(u) − cos(u)): c, u, and the difference. */
function lessCosine(forms: Forms, form: Form): { coefficient: Q.Rational; u: Form; plain: Form } | undefined {
  if (form.kind !== "sum" || !Q.isZero(form.constant) || form.terms.length !== 2) return undefined;
  const [a, b] = form.terms as [Term, Term];
  const [s, c] = SINCS.has(a.form) ? [a, b] : [b, a];
  const u = SINCS.get(s.form);
  if (u === undefined || c.form !== map(forms, "cos", [u]) || !Q.isZero(Q.add(s.coefficient, c.coefficient))) return undefined;
  return { coefficient: s.coefficient, u, plain: minus(forms, s.form, c.form) };
}

/** 2(k + 1)/(2k + 3)! with alternating signs, from k = 7 down. */
const SERIES = Array.from({ length: 8 }, (_, k) => {
  let d = 1n;
  for (let i = 2n; i <= 2n * BigInt(k) + 3n; i++) d *= i;
  return Q.rational((k % 2 === 0 ? 2n : -2n) * BigInt(k + 1), d);
}).reverse();

// (sinc(u) − cos(u))/u², by its series below 1/2.
function evenPart(forms: Forms, u: Form, difference: Form): Form {
  const square = power(forms, u, TWO);
  const isNear = map(forms, "lt", [square, number(forms, Q.rational(1, 4))]);
  const [first, ...more] = SERIES as [Q.Rational, ...Q.Rational[]];
  const series = more.reduce((s, c) => shift(forms, times(forms, s, square), c), fill(forms, first, u.axes));
  return map(forms, "where", [isNear, series, over(forms, difference, map(forms, "where", [isNear, number(forms, 1), square]))]);
}

/** Factors of products in which 1 stands for 0. */
const WITHOUT_ZEROS = new WeakSet<Form>();

// Π x over one of its entries: what is left is the product of those that are not 0, and 0 where another is.
function ofProduct(forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined {
  for (const f of factors) {
    const { form, exponent } = f;
    if (form.kind !== "reduce" || form.fn !== "prod" || Q.compare(exponent, Q.ONE) < 0) continue;
    const below = factors.find((o) => o.form === form.of && Q.equals(o.exponent, Q.MINUS_ONE) && o.form.axes.length === axes.length);
    const along = form.over === "all" ? undefined : form.over === 1 ? 0 : 1;
    if (below === undefined || (along !== undefined && f.axis !== along)) continue;
    const x = form.of;
    if (WITHOUT_ZEROS.has(x) || isNonzero(x)) continue;
    const isZero = map(forms, "eq", [x, number(forms, 0)]);
    const rest = map(forms, "where", [isZero, number(forms, 1), x]);
    WITHOUT_ZEROS.add(rest);
    const reduced = (fn: "prod" | "sum", of: Form): Form => broadcast(forms, { form: forms.make({ ...form, fn, of }), axis: along }, axes);
    const isLeft = map(forms, "eq", [isZero, reduced("sum", isZero)]);
    const left = map(forms, "where", [isLeft, over(forms, reduced("prod", rest), rest), number(forms, 0)]);
    const others: Factor = { ...f, exponent: Q.subtract(exponent, Q.ONE) };
    return [...factors.filter((o) => o !== f && o !== below), others, { form: left, axis: undefined, exponent: Q.ONE }];
  }
  return undefined;
}
