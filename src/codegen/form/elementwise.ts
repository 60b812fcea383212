// Element-wise forms: products, sums and functions of entries, put in an order that makes
// equal ones equal and in the shape that keeps its digits (sigmoid, softplus, log1p, expm1,
// softmax and log-sum-exp shifted by the largest entry).
//
// Invariants: a coefficient stands in front of a product and nowhere else; a sum begins with
// a plus; an operand has no more axes than its value varies along. Nested operands are put
// into one list only while lists are short, so nesting costs linear work.

import type { Rational } from "../../base/rational.ts";
import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Factor, Form, Forms, Operand, Term } from "./form.ts";

/** Operands of a list that is still merged into another. */
const SHORT = 40;

export const number = (forms: Forms, value: Rational | number): Form =>
  forms.make({ kind: "number", value: typeof value === "number" ? Q.rational(value) : value, axes: [] });

const one = (form: Form, axis?: 0 | 1): Factor => ({ form, axis, exponent: Q.ONE });
const factor = ({ form, axis }: Operand, exponent: Rational): Factor => ({ form, axis, exponent });

/** The axes of the operand with most. */
export const widest = (list: readonly Form[]): readonly Dim[] =>
  list.reduce<readonly Dim[]>((axes, f) => (f.axes.length > axes.length ? f.axes : axes), []);

/** The form as an operand with the axes along which it varies. */
export function operand(forms: Forms, form: Form, axis?: 0 | 1): Operand {
  if (form.kind !== "product" || form.axes.length === 0) return { form, axis };
  const wide = form.factors.filter((f) => f.form.axes.length > 0);
  if (wide.length === 0) return { form: product(forms, form.coefficient, form.factors, []) };
  if (form.axes.length < 2 || wide.some((f) => f.form.axes.length === 2)) return { form, axis };
  const along = wide[0]?.axis as 0 | 1;
  if (wide.some((f) => f.axis !== along)) return { form, axis };
  const narrow = form.factors.map((f) => factor({ form: f.form }, f.exponent));
  return { form: product(forms, form.coefficient, narrow, [form.axes[along] as Dim]), axis: along };
}

/** The operand widened to axes. */
export const broadcast = (forms: Forms, { form, axis }: Operand, axes: readonly Dim[]): Form =>
  form.axes.length === axes.length ? form : product(forms, Q.ONE, [one(form, axis)], axes);

export const fill = (forms: Forms, value: Rational, axes: readonly Dim[]): Form => product(forms, value, [], axes);

/** The transpose; of anything with fewer than two axes the form itself. */
export function transpose(forms: Forms, form: Form): Form {
  if (form.axes.length < 2) return form;
  if (form.kind === "transpose") return form.of;
  if (form.kind === "eye" || form.kind === "diag") return form;
  if (form.kind === "input" && form.attributes.some((a) => a === "symmetric" || a === "posdef" || a === "diagonal")) return form;
  const axes = [...form.axes].reverse();
  if (form.kind === "product" && form.factors.every((f) => f.form.axes.length < 2 || f.form.kind === "transpose"))
    return product(
      forms,
      form.coefficient,
      form.factors.map((f) => ({ ...turned(forms, f), exponent: f.exponent })),
      axes,
    );
  return forms.make({ kind: "transpose", of: form, axes });
}

const turned = (forms: Forms, { form, axis }: Operand): Operand =>
  axis === undefined ? { form: transpose(forms, form) } : { form, axis: axis === 0 ? 1 : 0 };

/** coefficient · Π factor^exponent over the given axes. */
export function product(forms: Forms, coefficient: Rational, factors: readonly Factor[], axes: readonly Dim[]): Form {
  let c = coefficient;
  const merged = new Map<string, Factor>();
  const add = (given: Factor): void => {
    const { form, axis } = operand(forms, given.form, given.axis);
    const { exponent } = given;
    if (form.kind === "number") {
      const value = Q.isInteger(exponent) && !(Q.isZero(form.value) && Q.sign(exponent) < 0) ? Q.power(form.value, exponent.n) : undefined;
      if (value !== undefined) {
        c = Q.multiply(c, value);
        return;
      }
    }
    if (form.kind === "product" && form.factors.length <= SHORT && Q.isInteger(exponent)) {
      const own = Q.isZero(form.coefficient) && Q.sign(exponent) < 0 ? undefined : Q.power(form.coefficient, exponent.n);
      if (own !== undefined) {
        c = Q.multiply(c, own);
        for (const f of form.factors)
          add({ form: f.form, axis: f.form.axes.length === 0 ? undefined : (f.axis ?? axis), exponent: Q.multiply(f.exponent, exponent) });
        return;
      }
    }
    const key = `${form.id}@${axis ?? ""}`;
    const known = merged.get(key);
    merged.set(key, { form, axis, exponent: known === undefined ? exponent : Q.add(known.exponent, exponent) });
  };
  for (const f of factors) add(f);
  let rest = [...merged.values()].filter((f) => !Q.isZero(f.exponent));
  if (Q.isZero(c)) rest = [];
  const stable = recognise(forms, rest);
  if (stable !== undefined) return product(forms, c, stable, axes);
  if (rest.length === 0 && axes.length === 0) return number(forms, c);
  const [single] = rest;
  if (single !== undefined && rest.length === 1 && Q.isOne(c) && Q.isOne(single.exponent) && single.form.axes.length === axes.length)
    return single.form;
  const full = rest.filter((f) => f.form.axes.length === 2);
  if (full.length > 0 && full.every((f) => f.form.kind === "transpose")) {
    const flipped = product(
      forms,
      Q.ONE,
      rest.map((f) => ({ ...turned(forms, f), exponent: f.exponent })),
      [...axes].reverse(),
    );
    const back = transpose(forms, flipped);
    return Q.isOne(c) ? back : scale(forms, c, back);
  }
  rest.sort((a, b) => a.form.id - b.form.id || (a.axis ?? 0) - (b.axis ?? 0));
  return forms.make({ kind: "product", coefficient: c, factors: rest, axes });
}

// A coefficient before anything, without looking inside again.
function scale(forms: Forms, c: Rational, form: Form): Form {
  return forms.make({ kind: "product", coefficient: c, factors: [one(form)], axes: form.axes });
}

/** The argument of `fn` where the form is that function. */
export const argumentOf = (form: Form, fn: string): Form | undefined =>
  form.kind === "map" && form.fn === fn && form.args[0]?.form.axes.length === form.axes.length ? form.args[0].form : undefined;

/** u of 1 + exp(u). */
function onePlusExp(form: Form): Form | undefined {
  const [term] = form.kind === "sum" ? form.terms : [];
  if (form.kind !== "sum" || form.terms.length !== 1 || term === undefined || !Q.isOne(form.constant) || !Q.isOne(term.coefficient))
    return undefined;
  return term.form.axes.length === form.axes.length ? argumentOf(term.form, "exp") : undefined;
}

// exp(u)/(1 + exp(u)) is the logistic function, 1/(1 + exp(u)) that of −u, exp(x)/sum(exp(x)) softmax.
function recognise(forms: Forms, factors: readonly Factor[]): Factor[] | undefined {
  for (const [i, f] of factors.entries()) {
    const others = factors.filter((_, j) => j !== i);
    const u = Q.isInteger(f.exponent) && Q.sign(f.exponent) < 0 ? onePlusExp(f.form) : undefined;
    if (u !== undefined)
      return [...others, { form: map(forms, "sigmoid", [negative(forms, u)]), axis: f.axis, exponent: Q.negate(f.exponent) }];
    const v = Q.isInteger(f.exponent) && Q.sign(f.exponent) > 0 ? argumentOf(f.form, "exp") : undefined;
    if (v === undefined || isShifted(v)) continue;
    const partner = others.find((o) => {
      const w = argumentOf(o.form, "sigmoid");
      return w !== undefined && o.axis === f.axis && Q.isInteger(o.exponent) && Q.sign(o.exponent) > 0 && w === negative(forms, v);
    });
    if (partner !== undefined) {
      const times = Q.compare(f.exponent, partner.exponent) <= 0 ? f.exponent : partner.exponent;
      return [
        ...others.filter((o) => o !== partner),
        { ...f, exponent: Q.subtract(f.exponent, times) },
        { ...partner, exponent: Q.subtract(partner.exponent, times) },
        { form: map(forms, "sigmoid", [v]), axis: f.axis, exponent: times },
      ];
    }
    const total = others.find(
      (o) => o.form.kind === "reduce" && o.form.fn === "sum" && o.form.of === f.form && o.form.over === "all" && Q.sign(o.exponent) < 0,
    );
    if (total !== undefined && Q.isOne(f.exponent) && Q.isInteger(total.exponent))
      return [
        ...others.filter((o) => o !== total),
        { ...total, exponent: Q.add(total.exponent, Q.ONE) },
        { form: softmax(forms, v), axis: f.axis, exponent: Q.ONE },
      ];
  }
  return undefined;
}

/** The product of forms of equal axes, or numbers among them. */
export const times = (forms: Forms, ...list: Form[]): Form =>
  product(
    forms,
    Q.ONE,
    list.map((f) => one(f)),
    widest(list),
  );
export const scaled = (forms: Forms, c: Rational, form: Form): Form => product(forms, c, [one(form)], form.axes);
export const negative = (forms: Forms, form: Form): Form => scaled(forms, Q.MINUS_ONE, form);
export const power = (forms: Forms, form: Form, exponent: Rational): Form => product(forms, Q.ONE, [{ form, exponent }], form.axes);
export const over = (forms: Forms, a: Form, b: Form): Form =>
  product(forms, Q.ONE, [one(a), { form: b, exponent: Q.MINUS_ONE }], widest([a, b]));

/** A power whose exponent is a form. */
export function raise(forms: Forms, base: Form, exponent: Form): Form {
  const e = operand(forms, exponent).form;
  if (e.kind === "number")
    return widest([base, exponent]).length > base.axes.length
      ? times(forms, power(forms, base, e.value), fill(forms, Q.ONE, exponent.axes))
      : power(forms, base, e.value);
  return map(forms, "pow", [base, exponent]);
}

/** The outer product: the first vector down the rows, the second along the columns. */
export const outer = (forms: Forms, a: Form, b: Form): Form =>
  product(forms, Q.ONE, [one(a, 0), one(b, 1)], [a.axes[0] as Dim, b.axes[0] as Dim]);

/** constant + Σ coefficient · term over the given axes. */
export function sum(forms: Forms, constant: Rational, terms: readonly Term[], axes: readonly Dim[]): Form {
  let total = constant;
  const merged = new Map<string, Term>();
  const add = (given: Term): void => {
    let { form, axis } = operand(forms, given.form, given.axis);
    let c = given.coefficient;
    if (form.kind === "number") {
      total = Q.add(total, Q.multiply(c, form.value));
      return;
    }
    if (form.kind === "product" && !Q.isOne(form.coefficient)) {
      c = Q.multiply(c, form.coefficient);
      if (Q.isZero(c)) return;
      form = product(forms, Q.ONE, form.factors, form.axes);
    }
    if (form.kind === "sum" && Q.isOne(c) && form.terms.length <= SHORT) {
      total = Q.add(total, form.constant);
      for (const t of form.terms) add({ ...t, axis: t.form.axes.length === 0 ? undefined : (t.axis ?? axis) });
      return;
    }
    if (form.axes.length === 0) axis = undefined;
    const key = `${form.id}@${axis ?? ""}`;
    const known = merged.get(key);
    merged.set(key, { form, axis, coefficient: known === undefined ? c : Q.add(known.coefficient, c) });
  };
  for (const t of terms) add(t);
  const rest = [...merged.values()]
    .filter((t) => !Q.isZero(t.coefficient))
    .sort((a, b) => a.form.id - b.form.id || (a.axis ?? 0) - (b.axis ?? 0));
  const [first] = rest;
  if (first === undefined) return fill(forms, total, axes);
  const narrow = narrowed(forms, total, rest, axes);
  if (narrow !== undefined) return narrow;
  if (rest.length === 1 && Q.isZero(total)) return product(forms, first.coefficient, [one(first.form, first.axis)], axes);
  const stable = rest.length === 1 ? stableSum(forms, total, first) : undefined;
  if (stable !== undefined) return stable;
  const leading = Q.isZero(total) ? first.coefficient : total;
  if (Q.sign(leading) < 0)
    return scale(
      forms,
      Q.MINUS_ONE,
      sum(
        forms,
        Q.negate(total),
        rest.map((t) => ({ ...t, coefficient: Q.negate(t.coefficient) })),
        axes,
      ),
    );
  const full = rest.filter((t) => t.form.axes.length === 2);
  if (full.length > 0 && full.every((t) => t.form.kind === "transpose"))
    return transpose(
      forms,
      sum(
        forms,
        total,
        rest.map((t) => ({ ...turned(forms, t), coefficient: t.coefficient })),
        [...axes].reverse(),
      ),
    );
  return forms.make({ kind: "sum", constant: total, terms: rest, axes });
}

// A sum that varies along fewer axes than it has is computed there and widened.
function narrowed(forms: Forms, constant: Rational, terms: readonly Term[], axes: readonly Dim[]): Form | undefined {
  const wide = terms.filter((t) => t.form.axes.length > 0);
  if (axes.length > 0 && wide.length === 0) return broadcast(forms, { form: sum(forms, constant, terms, []) }, axes);
  const along = wide[0]?.axis;
  if (axes.length < 2 || along === undefined || wide.some((t) => t.axis !== along)) return undefined;
  const inner = sum(
    forms,
    constant,
    terms.map((t) => ({ form: t.form, coefficient: t.coefficient })),
    [axes[along] as Dim],
  );
  return broadcast(forms, { form: inner, axis: along }, axes);
}

// 1 − sigmoid(u) and exp(u) − 1 without cancellation.
function stableSum(forms: Forms, constant: Rational, { form, coefficient }: Term): Form | undefined {
  const u = argumentOf(form, "sigmoid");
  if (u !== undefined && Q.equals(Q.negate(coefficient), constant))
    return scaled(forms, constant, map(forms, "sigmoid", [negative(forms, u)]));
  const v = argumentOf(form, "exp");
  if (v !== undefined && Q.equals(Q.negate(coefficient), constant)) return scaled(forms, coefficient, map(forms, "expm1", [v]));
  return undefined;
}

export const plus = (forms: Forms, ...list: Form[]): Form =>
  sum(
    forms,
    Q.ZERO,
    list.map((form) => ({ form, coefficient: Q.ONE })),
    widest(list),
  );
export const minus = (forms: Forms, a: Form, b: Form): Form => plus(forms, a, negative(forms, b));
export const shift = (forms: Forms, form: Form, constant: Rational): Form =>
  sum(forms, constant, [{ form, coefficient: Q.ONE }], form.axes);

/** An element-wise function of forms of equal axes, or numbers among them. */
export function map(forms: Forms, fn: string, given: readonly Form[]): Form {
  const axes = widest(given);
  const args = given.map((f) => operand(forms, f));
  const wide = args.filter((a) => a.form.axes.length > 0);
  const most = widest(args.map((a) => a.form)).length;
  if (axes.length > 0 && wide.length === 0)
    return broadcast(
      forms,
      {
        form: map(
          forms,
          fn,
          args.map((a) => a.form),
        ),
      },
      axes,
    );
  const along = wide[0]?.axis;
  if (axes.length === 2 && most === 1 && along !== undefined && wide.every((a) => a.axis === along))
    return broadcast(
      forms,
      {
        form: map(
          forms,
          fn,
          args.map((a) => a.form),
        ),
        axis: along,
      },
      axes,
    );
  const [first] = args as [Operand];
  return (args.length === 1 ? stableMap(forms, fn, first.form) : undefined) ?? forms.make({ kind: "map", fn, args, axes });
}

function stableMap(forms: Forms, fn: string, u: Form): Form | undefined {
  if (fn === "abs" && u.kind === "product" && Q.sign(u.coefficient) < 0) return map(forms, fn, [negative(forms, u)]);
  if (fn === "exp" && u.kind === "number" && Q.isZero(u.value)) return number(forms, 1);
  if (fn !== "log") return undefined;
  if (u.kind === "number" && Q.isOne(u.value)) return number(forms, 0);
  if (u.kind === "det") return forms.make({ kind: "logdet", of: u.of, axes: [] });
  if (u.kind === "map" && u.fn === "sigmoid") return negative(forms, map(forms, "softplus", [negative(forms, u.args[0]?.form as Form)]));
  if (u.kind === "reduce" && u.fn === "sum" && u.over === "all") {
    const x = argumentOf(u.of, "exp");
    if (x !== undefined && !isShifted(x)) return logSumExp(forms, x);
  }
  const inner = onePlusExp(u);
  if (inner !== undefined) return map(forms, "softplus", [inner]);
  if (u.kind === "sum" && Q.isOne(u.constant)) return map(forms, "log1p", [shift(forms, u, Q.MINUS_ONE)]);
  return undefined;
}

// exp(x − max x), its sum, and max x: along the columns of each row where `over` is 1.
function shifted(forms: Forms, x: Form, over: "all" | 1): { peak: Form; raised: Form; total: Form } {
  const axes = over === 1 ? [x.axes[0] as Dim] : [];
  const peak = x.axes.length === 0 ? x : forms.make({ kind: "reduce", fn: "max", over, of: x, axes });
  const axis = over === 1 ? 0 : undefined;
  const apart = sum(
    forms,
    Q.ZERO,
    [
      { form: x, coefficient: Q.ONE },
      { form: peak, axis, coefficient: Q.MINUS_ONE },
    ],
    x.axes,
  );
  const raised = map(forms, "exp", [apart]);
  return { peak, raised, total: raised.axes.length === 0 ? raised : forms.make({ kind: "reduce", fn: "sum", over, of: raised, axes }) };
}

// x − max x: nothing is gained by doing it again.
const isShifted = (form: Form): boolean =>
  form.kind === "sum" && form.terms.some((t) => t.form.kind === "reduce" && t.form.fn === "max" && Q.sign(t.coefficient) < 0);

export function softmax(forms: Forms, x: Form, over: "all" | 1 = "all"): Form {
  const { raised, total } = shifted(forms, x, over);
  const below = { form: total, axis: over === 1 ? (0 as const) : undefined, exponent: Q.MINUS_ONE };
  return forms.make({ kind: "product", coefficient: Q.ONE, factors: [one(raised), below], axes: x.axes });
}

export function logSumExp(forms: Forms, x: Form): Form {
  const { peak, total } = shifted(forms, x, "all");
  return plus(forms, peak, forms.make({ kind: "map", fn: "log", args: [{ form: total }], axes: [] }));
}

/** Whether no entry is negative, as far as the form shows it. */
export function isNonnegative(form: Form, depth = 0): boolean {
  if (depth > 12) return false;
  const below = (f: Form): boolean => isNonnegative(f, depth + 1);
  switch (form.kind) {
    case "number":
      return Q.sign(form.value) >= 0;
    case "size":
    case "constant":
    case "eye":
    case "unit":
      return true;
    case "input":
      return form.attributes.includes("positive");
    case "product":
      return Q.sign(form.coefficient) >= 0 && form.factors.every((f) => isEven(f.exponent) || below(f.form));
    case "sum":
      return Q.sign(form.constant) >= 0 && form.terms.every((t) => Q.sign(t.coefficient) > 0 && below(t.form));
    case "map":
      return NONNEGATIVE.has(form.fn) || (form.fn === "max" && form.args.some((a) => below(a.form)));
    case "reduce":
      return below(form.of);
    case "transpose":
    case "diag":
    case "diagonal":
    case "vec":
      return below(form.of);
    default:
      return false;
  }
}

const NONNEGATIVE = new Set(["exp", "sigmoid", "softplus", "abs", "cosh", "gt", "ge", "lt", "le", "eq", "ne", "hypot"]);
const isEven = (k: Rational): boolean => Q.isInteger(k) && k.n % 2n === 0n;
