// Logarithms in the shape that keeps their digits: of sums of exponentials, of what is near 1, of exponentials in products,
// of determinants, of tails of the normal distribution.
//
// Invariant: a logarithm is replaced by a form of equal value, wherever its argument is positive.

import * as Q from "../../base/rational.ts";
import type { Index } from "../../expr/expr.ts";
import { fill, map, minus, negative, number, plus, product, scaled, shift, sum, times } from "./elementwise.ts";
import { logOfErfc } from "./erfc.ts";
import { logOfSum } from "./exponentials.ts";
import { argumentOf } from "./exponents.ts";
import type { Factor, Form, Forms, Operand, Term } from "./form.ts";
import { isEven, isNonnegative } from "./signs.ts";
import { determinant } from "./square.ts";

/** log u in a form that keeps its digits; undefined where the logarithm does. */
export function stableLog(forms: Forms, u: Form): Form | undefined {
  if (u.kind === "number" && Q.isOne(u.value)) return number(forms, 0);
  const det = logOfDeterminant(forms, u);
  if (det !== undefined) return det;
  const below = u.kind === "product" && Q.isOne(u.coefficient) && u.factors.length === 1 ? u.factors[0] : undefined;
  if (below !== undefined && Q.equals(below.exponent, Q.MINUS_ONE) && below.form.axes.length === u.axes.length)
    return negative(forms, map(forms, "log", [below.form]));
  const exponential = logOfExponential(forms, u);
  if (exponential !== undefined) return exponential;
  if (u.kind === "map" && u.fn === "sigmoid") return negative(forms, map(forms, "softplus", [negative(forms, u.args[0]?.form as Form)]));
  const cosh = argumentOf(u, "cosh");
  if (cosh !== undefined) return logCosh(forms, cosh);
  const less = argumentOf(u, "expm1");
  // exp(v) − 1 = exp(v) (1 − exp(−v))
  if (less !== undefined) return plus(forms, less, plainLog(forms, lessThanOne(forms, less)));
  const tail = logOfTail(forms, u) ?? logOfErfc(forms, u);
  if (tail !== undefined) return tail;
  const inner = onePlusExp(u);
  if (inner !== undefined) return map(forms, "softplus", [inner]);
  const pair = twoExps(u);
  if (pair !== undefined) return plus(forms, pair[0], map(forms, "softplus", [minus(forms, pair[1], pair[0])]));
  const entry = logOfEntry(forms, u);
  if (entry !== undefined) return entry;
  const total = logOfSum(forms, u);
  if (total !== undefined) return total;
  return u.kind === "sum" && Q.isOne(u.constant) ? map(forms, "log1p", [shift(forms, u, Q.MINUS_ONE)]) : undefined;
}

const plainLog = (forms: Forms, of: Form): Form => forms.make({ kind: "map", fn: "log", args: [{ form: of }], axes: of.axes });

// log(1 − exp(v)) (M. Mächler, Accurately computing log(1 − exp(−|a|)), 2012), and log(tanh(v)) where tanh is near 1.
function logOfTail(forms: Forms, u: Form): Form | undefined {
  const [only, ...more] = u.kind === "product" && Q.equals(u.coefficient, Q.MINUS_ONE) ? u.factors : [];
  const v = only !== undefined && more.length === 0 && Q.isOne(only.exponent) ? argumentOf(only.form, "expm1") : undefined;
  if (v !== undefined && v.axes.length === u.axes.length) {
    const isNear = map(forms, "gt", [v, number(forms, Q.rational(-7, 10))]);
    return map(forms, "where", [isNear, plainLog(forms, u), map(forms, "log1p", [negative(forms, map(forms, "exp", [v]))])]);
  }
  const t = argumentOf(u, "tanh");
  if (t === undefined) return undefined;
  const rest = scaled(forms, Q.rational(-2), map(forms, "sigmoid", [scaled(forms, Q.rational(-2), t)]));
  return map(forms, "where", [map(forms, "lt", [t, number(forms, Q.HALF)]), plainLog(forms, u), map(forms, "log1p", [rest])]);
}

// log(exp(v)ᵉ w) = e v + log w: exp(v) may be 0 or infinite where v is a number, as in log(softmax(x)).
function logOfExponential(forms: Forms, u: Form): Form | undefined {
  if (u.kind !== "product") return undefined;
  const at = u.factors.findIndex(
    (f) => f.axis === undefined && f.form.axes.length === u.axes.length && argumentOf(f.form, "exp") !== undefined,
  );
  const found = u.factors[at];
  if (found === undefined) return undefined;
  const rest = u.factors.filter((_, i) => i !== at);
  const [first] = rest;
  // What lies along one axis, or is a number, has its logarithm taken before it is spread.
  const isThin = rest.every((f) => f.axis === first?.axis && f.form.axes.length < u.axes.length);
  const axis = isThin ? first?.axis : undefined;
  const axes = isThin ? (first?.form.axes ?? []) : u.axes;
  const others = product(forms, u.coefficient, isThin ? rest.map((f) => ({ ...f, axis: undefined })) : rest, axes);
  const terms: Term[] = [
    { form: argumentOf(found.form, "exp") as Form, coefficient: found.exponent },
    { form: map(forms, "log", [others]), axis, coefficient: Q.ONE },
  ];
  return sum(forms, Q.ZERO, terms, u.axes);
}

// An entry of a product with exponentials is the product of entries.
function logOfEntry(forms: Forms, u: Form): Form | undefined {
  if (u.kind !== "entry" || u.axes.length > 0 || u.of.kind !== "product") return undefined;
  const { of, at } = u;
  if (!of.factors.some((f) => argumentOf(f.form, "exp") !== undefined)) return undefined;
  const factors = of.factors.map((f): Factor => ({ form: entryOf(forms, f, at), exponent: f.exponent }));
  return map(forms, "log", [product(forms, of.coefficient, factors, [])]);
}

// An entry of what is element-wise is taken of its parts.
function entryOf(forms: Forms, { form, axis }: Operand, at: readonly Index[]): Form {
  const here = form.axes.length === 1 && axis !== undefined ? [at[axis] as Index] : at;
  const inside = (o: Operand): Form => entryOf(forms, o, here);
  if (form.axes.length === 0) return form;
  switch (form.kind) {
    case "product": {
      const factors = form.factors.map((f): Factor => ({ form: inside(f), exponent: f.exponent }));
      return product(forms, form.coefficient, factors, []);
    }
    case "sum": {
      const terms = form.terms.map((t): Term => ({ form: inside(t), coefficient: t.coefficient }));
      return sum(forms, form.constant, terms, []);
    }
    case "map":
      return map(forms, form.fn, form.args.map(inside));
    default:
      return forms.make({ kind: "entry", of: form, at: here, axes: [] });
  }
}

// The logarithm of a power of a product with determinants, which may overflow where its logarithm does not: that of
// Π fᵉ is Σ e log |f| where each fᵉ is known not to be negative, and Σ e log f where one of them is not.
function logOfDeterminant(forms: Forms, given: Form): Form | undefined {
  const { base, exponent, unsigned } = magnitude(given);
  const { coefficient, factors } = base.kind === "product" ? base : { coefficient: Q.ONE, factors: [{ form: base, exponent: Q.ONE }] };
  if (Q.sign(coefficient) <= 0 || !factors.some((f) => f.form.kind === "det")) return undefined;
  const isAbsolute = (f: Factor): boolean => !isNonnegative(f.form) && (unsigned || isEven(f.exponent));
  if (factors.filter((f) => !isNonnegative(f.form) && !isAbsolute(f)).length > 1) return undefined;
  const parts = factors.map((f) => scaled(forms, f.exponent, logOf(forms, f.form, isAbsolute(f))));
  return scaled(forms, exponent, plus(forms, map(forms, "log", [number(forms, coefficient)]), ...parts));
}

/** What a form is a power of; `unsigned` where it is one of its absolute value. */
function magnitude(of: Form): { base: Form; exponent: Q.Rational; unsigned: boolean } {
  let [base, exponent, unsigned] = [of, Q.ONE, false];
  for (;;) {
    const [only, ...more] = base.kind === "product" && Q.isOne(base.coefficient) ? base.factors : [];
    const x = argumentOf(base, "abs");
    if (only !== undefined && more.length === 0)
      [base, exponent, unsigned] = [only.form, Q.multiply(exponent, only.exponent), unsigned || isEven(only.exponent)];
    else if (x !== undefined) [base, unsigned] = [x, true];
    else return { base, exponent, unsigned };
  }
}

// log f or log |f|; log(bᵉ) = e log b for b ≥ 0.
function logOf(forms: Forms, f: Form, absolute: boolean): Form {
  if (f.kind === "det") return determinant(forms, absolute ? "logabsdet" : "logdet", f.of);
  const [base, exponent] = f.kind === "map" && f.fn === "pow" && isNonnegative(f) ? f.args : [];
  if (base === undefined || exponent === undefined) return map(forms, "log", [absolute ? map(forms, "abs", [f]) : f]);
  return times(forms, exponent.form, map(forms, "log", [base.form]));
}

/** log(cosh(x)) = |x| + log(1 + exp(−2|x|)) − log 2 */
export function logCosh(forms: Forms, x: Form): Form {
  const size = map(forms, "abs", [x]);
  const tail = map(forms, "softplus", [scaled(forms, Q.rational(-2), size)]);
  return minus(forms, plus(forms, size, tail), times(forms, map(forms, "log", [number(forms, 2)]), fill(forms, Q.ONE, x.axes)));
}

/** u of 1 + exp(u). */
export function onePlusExp(form: Form): Form | undefined {
  if (form.kind !== "sum" || form.terms.length !== 1 || !Q.isOne(form.constant)) return undefined;
  const [term] = form.terms as [Term];
  return Q.isOne(term.coefficient) && term.form.axes.length === form.axes.length ? argumentOf(term.form, "exp") : undefined;
}

/** u and v of exp(u) + exp(v). */
export function twoExps(form: Form): readonly [Form, Form] | undefined {
  if (form.kind !== "sum" || form.terms.length !== 2 || !Q.isZero(form.constant)) return undefined;
  const [u, v] = form.terms.map((t) =>
    Q.isOne(t.coefficient) && t.form.axes.length === form.axes.length ? argumentOf(t.form, "exp") : undefined,
  );
  return u === undefined || v === undefined ? undefined : [u, v];
}

/** 1 − exp(−v) */
export const lessThanOne = (forms: Forms, v: Form): Form => negative(forms, map(forms, "expm1", [negative(forms, v)]));
