// Element-wise forms in the shape that keeps their digits: the logistic function and its
// complement, softplus, log1p, log cosh, functions less 1, softmax and log-sum-exp shifted by the largest
// entry.
//
// Invariant: a form is replaced by one of equal value that loses no digits where the first
// does, after N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, ch. 1.
// Not here: how sums and products are put together (elementwise.ts, which asks for these
// through the table).

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import { fill, map, minus, negative, number, over, plus, power, product, scaled, shift, sum, times } from "./elementwise.ts";
import { isShifted, logOfSum, multipliedOut, type Over, quotient, quotientOfChain } from "./exponentials.ts";
import type { Factor, Form, Forms, Operand, Stable, Term } from "./form.ts";
import { isEven, isNonnegative } from "./signs.ts";
import { determinant } from "./square.ts";

/** What sums, products and functions of entries ask for. */
export const STABLE: Stable = { product: stableProduct, sum: stableSum, chain: quotientOfChain, map: stableMap };

// exp(u)/(1 + exp(u)) is the logistic function, 1/(1 + exp(u)) that of −u, exp(x)/sum(exp(x)) softmax.
function stableProduct(forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined {
  for (const f of factors) {
    const others = factors.filter((o) => o !== f);
    const found = Q.isInteger(f.exponent) ? (logistic(forms, f, others) ?? risen(forms, f, others)) : undefined;
    if (found !== undefined) return found;
  }
  return multipliedOut(forms, factors, axes) ?? quotient(forms, factors, axes);
}

// Without cancellation: c f(u) − c and c f(u) + c for the functions below, and roots less a number.
function stableSum(forms: Forms, constant: Q.Rational, { form, coefficient }: Term): Form | undefined {
  const u = form.kind === "map" ? argumentOf(form, form.fn) : undefined;
  if (form.kind !== "map" || u === undefined) return rootLess(forms, constant, form, coefficient);
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

function stableLog(forms: Forms, u: Form): Form | undefined {
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
  if (less !== undefined) return plus(forms, less, map(forms, "log", [lessThanOne(forms, less)]));
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
  switch (form.axes.length === 0 ? "number" : form.kind) {
    case "number":
      return form;
    case "product": {
      const { coefficient, factors } = form as Form & { kind: "product" };
      return product(
        forms,
        coefficient,
        factors.map((f): Factor => ({ form: inside(f), exponent: f.exponent })),
        [],
      );
    }
    case "sum": {
      const { constant, terms } = form as Form & { kind: "sum" };
      return sum(
        forms,
        constant,
        terms.map((t): Term => ({ form: inside(t), coefficient: t.coefficient })),
        [],
      );
    }
    case "map": {
      const { fn, args } = form as Form & { kind: "map" };
      return map(forms, fn, args.map(inside));
    }
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

/** The argument of `fn` where the form is that function. */
const argumentOf = (form: Form, fn: string): Form | undefined =>
  form.kind === "map" && form.fn === fn && form.args[0]?.form.axes.length === form.axes.length ? form.args[0].form : undefined;

/** u of 1 + exp(u). */
function onePlusExp(form: Form): Form | undefined {
  if (form.kind !== "sum" || form.terms.length !== 1 || !Q.isOne(form.constant)) return undefined;
  const [term] = form.terms as [Term];
  return Q.isOne(term.coefficient) && term.form.axes.length === form.axes.length ? argumentOf(term.form, "exp") : undefined;
}

/** u and v of exp(u) + exp(v). */
function twoExps(form: Form): readonly [Form, Form] | undefined {
  if (form.kind !== "sum" || form.terms.length !== 2 || !Q.isZero(form.constant)) return undefined;
  const [u, v] = form.terms.map((t) =>
    Q.isOne(t.coefficient) && t.form.axes.length === form.axes.length ? argumentOf(t.form, "exp") : undefined,
  );
  return u === undefined || v === undefined ? undefined : [u, v];
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

/** 1 − exp(−v) */
const lessThanOne = (forms: Forms, v: Form): Form => negative(forms, map(forms, "expm1", [negative(forms, v)]));
