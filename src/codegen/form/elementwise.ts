// Element-wise forms: products, sums and functions of entries, put in an order that makes
// equal ones equal.
//
// Invariants: a coefficient stands in front of a product and nowhere else; a sum begins with
// a plus; an operand has no more axes than its value varies along. Nested operands are put
// into one list only while lists are short, so nesting costs linear work. Not here: the shapes
// that keep digits (stable.ts).

import type { Rational } from "../../base/rational.ts";
import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Factor, Form, Forms, Operand, Term } from "./form.ts";

/** Operands of a list that is still merged into another. */
const SHORT = 40;

type Axes = readonly Dim[];

export const number = (forms: Forms, value: Rational | number): Form =>
  forms.make({ kind: "number", value: typeof value === "number" ? Q.rational(value) : value, axes: [] });

const one = (form: Form, axis?: 0 | 1): Factor => ({ form, axis, exponent: Q.ONE });

/** The axes of the operand with most. */
const widest = (list: readonly Form[]): Axes => list.reduce<Axes>((axes, f) => (f.axes.length > axes.length ? f.axes : axes), []);

/** The form as an operand with the axes along which it varies. */
function operand(forms: Forms, form: Form, axis?: 0 | 1): Operand {
  if (form.kind !== "product" || form.axes.length === 0) return { form, axis };
  const wide = form.factors.filter((f) => f.form.axes.length > 0);
  if (wide.length === 0) return { form: product(forms, form.coefficient, form.factors, []) };
  if (form.axes.length < 2 || wide.some((f) => f.form.axes.length === 2)) return { form, axis };
  const along = wide[0]?.axis as 0 | 1;
  if (wide.some((f) => f.axis !== along)) return { form, axis };
  const narrow = form.factors.map((f) => ({ form: f.form, exponent: f.exponent }));
  return { form: product(forms, form.coefficient, narrow, [form.axes[along] as Dim]), axis: along };
}

/** The operand widened to axes. */
export const broadcast = (forms: Forms, { form, axis }: Operand, axes: Axes): Form =>
  form.axes.length === axes.length ? form : product(forms, Q.ONE, [one(form, axis)], axes);

/** The same number at every entry. */
export const fill = (forms: Forms, value: Rational, axes: Axes): Form => product(forms, value, [], axes);

/** The transpose; of anything with fewer than two axes the form itself. */
export function transpose(forms: Forms, form: Form): Form {
  if (form.axes.length < 2) return form;
  if (form.kind === "transpose") return form.of;
  if (form.symmetric) return form;
  const axes = [...form.axes].reverse();
  if (form.kind === "product" && form.factors.every((f) => f.form.axes.length < 2 || f.form.kind === "transpose")) {
    const factors = form.factors.map((f) => ({ ...turned(forms, f), exponent: f.exponent }));
    return product(forms, form.coefficient, factors, axes);
  }
  if (form.kind === "product" && !Q.isOne(form.coefficient))
    return inFront(forms, form.coefficient, transpose(forms, product(forms, Q.ONE, form.factors, form.axes)));
  return forms.make({ kind: "transpose", of: form, axes });
}

const turned = (forms: Forms, { form, axis }: Operand): Operand =>
  axis === undefined ? { form: transpose(forms, form) } : { form, axis: axis === 0 ? 1 : 0 };

/** Whether all matrices among operands are transposes, so that the transpose stands before everything. */
function areTurned(list: readonly Operand[]): boolean {
  const full = list.filter((o) => o.form.axes.length === 2);
  return full.length > 0 && full.every((o) => o.form.kind === "transpose");
}

// The order of operands is that of their transposes, so that a form and its transpose round alike.
const inOrder = (a: Operand, b: Operand): number =>
  straight(a.form).id - straight(b.form).id || a.form.id - b.form.id || (a.axis ?? 0) - (b.axis ?? 0);
const straight = (form: Form): Form => (form.kind === "transpose" ? form.of : form);
const keyOf = ({ form, axis }: Operand): string => `${form.id}@${axis ?? ""}`;

/** coefficient · Π factor^exponent over the given axes. */
export function product(forms: Forms, coefficient: Rational, given: readonly Factor[], axes: Axes): Form {
  const merged = mergedFactors(forms, coefficient, given);
  const c = merged.coefficient;
  const factors = Q.isZero(c) ? [] : merged.factors.filter((f) => !Q.isZero(f.exponent));
  const stable = forms.stable.product(forms, factors, axes);
  if (stable !== undefined) return product(forms, c, stable, axes);
  const [single] = factors;
  if (single === undefined && axes.length === 0) return number(forms, c);
  if (single !== undefined && factors.length === 1 && Q.isOne(c) && Q.isOne(single.exponent) && single.form.axes.length === axes.length)
    return single.form;
  if (areTurned(factors)) {
    const flipped = factors.map((f) => ({ ...turned(forms, f), exponent: f.exponent }));
    return inFront(forms, c, transpose(forms, product(forms, Q.ONE, flipped, [...axes].reverse())));
  }
  return forms.make({ kind: "product", coefficient: c, factors: factors.sort(inOrder), axes });
}

// Numbers are taken into the coefficient, short products opened, equal factors put together.
function mergedFactors(forms: Forms, coefficient: Rational, given: readonly Factor[]): { coefficient: Rational; factors: Factor[] } {
  let c = coefficient;
  const merged = new Map<string, Factor>();
  const add = (f: Factor): void => {
    const { form, axis } = operand(forms, f.form, f.axis);
    const { exponent } = f;
    const of = straight(form);
    const opened = (of.kind === "product" && of.factors.length <= SHORT) || of.kind === "number" ? coefficientOf(of, exponent) : undefined;
    if (opened !== undefined) {
      c = Q.multiply(c, opened);
      if (of.kind !== "product") return;
      for (const o of of === form ? of.factors : of.factors.map((f) => ({ ...turned(forms, f), exponent: f.exponent })))
        add({ form: o.form, axis: o.form.axes.length === 0 ? undefined : (o.axis ?? axis), exponent: Q.multiply(o.exponent, exponent) });
      return;
    }
    const key = keyOf({ form, axis });
    merged.set(key, { form, axis, exponent: Q.add(merged.get(key)?.exponent ?? Q.ZERO, exponent) });
  };
  given.forEach(add);
  return { coefficient: c, factors: [...merged.values()] };
}

// The coefficient of a power of a number or product, where it is a rational number.
function coefficientOf(form: Form & { kind: "number" | "product" }, exponent: Rational): Rational | undefined {
  const c = form.kind === "number" ? form.value : form.coefficient;
  return Q.isInteger(exponent) && !(Q.isZero(c) && Q.sign(exponent) < 0) ? Q.power(c, exponent.n) : undefined;
}

// A coefficient before anything, without looking inside again.
const inFront = (forms: Forms, c: Rational, form: Form): Form =>
  Q.isOne(c) ? form : forms.make({ kind: "product", coefficient: c, factors: [one(form)], axes: form.axes });

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
  if (e.kind !== "number") return map(forms, "pow", [base, exponent]);
  const raised = power(forms, base, e.value);
  return widest([base, exponent]).length > base.axes.length ? times(forms, raised, fill(forms, Q.ONE, exponent.axes)) : raised;
}

/** The outer product: the first vector down the rows, the second along the columns. */
export const outer = (forms: Forms, a: Form, b: Form): Form =>
  product(forms, Q.ONE, [one(a, 0), one(b, 1)], [a.axes[0] as Dim, b.axes[0] as Dim]);

/** constant + Σ coefficient · term over the given axes. */
export function sum(forms: Forms, constant: Rational, given: readonly Term[], axes: Axes): Form {
  const merged = mergedTerms(forms, constant, given);
  const c = merged.constant;
  const terms = merged.terms.filter((t) => !Q.isZero(t.coefficient)).sort(inOrder);
  const [first] = terms;
  if (first === undefined) return fill(forms, c, axes);
  const narrow = narrowed(forms, c, terms, axes);
  if (narrow !== undefined) return narrow;
  if (terms.length === 1 && Q.isZero(c)) return product(forms, first.coefficient, [one(first.form, first.axis)], axes);
  const stable = terms.length <= 2 ? forms.stable.sum(forms, c, terms as [Term, Term?]) : undefined;
  if (stable !== undefined) return stable;
  if (Q.sign(Q.isZero(c) ? leading(terms) : c) < 0) {
    const opposite = terms.map((t) => ({ ...t, coefficient: Q.negate(t.coefficient) }));
    return inFront(forms, Q.MINUS_ONE, sum(forms, Q.negate(c), opposite, axes));
  }
  if (areTurned(terms)) {
    const flipped = terms.map((t) => ({ ...turned(forms, t), coefficient: t.coefficient }));
    return transpose(forms, sum(forms, c, flipped, [...axes].reverse()));
  }
  return forms.make({ kind: "sum", constant: c, terms, axes });
}

// The first coefficient, that of a form and its transpose together unless they cancel: the sign of a sum is that of its transpose.
function leading(terms: readonly Term[]): Rational {
  for (let i = 0; i < terms.length; ) {
    let together = Q.ZERO;
    for (const of = straight((terms[i] as Term).form); i < terms.length && straight((terms[i] as Term).form) === of; i++)
      together = Q.add(together, (terms[i] as Term).coefficient);
    if (!Q.isZero(together)) return together;
  }
  return (terms[0] as Term).coefficient;
}

// Numbers are taken into the constant, short sums opened, equal terms put together.
function mergedTerms(forms: Forms, constant: Rational, given: readonly Term[]): { constant: Rational; terms: Term[] } {
  let total = constant;
  const merged = new Map<string, Term>();
  const add = (t: Term): void => {
    let { form, axis } = operand(forms, t.form, t.axis);
    let c = t.coefficient;
    if (form.kind === "number") {
      total = Q.add(total, Q.multiply(c, form.value));
      return;
    }
    if (form.kind === "product" && !Q.isOne(form.coefficient)) {
      c = Q.multiply(c, form.coefficient);
      if (Q.isZero(c)) return;
      form = product(forms, Q.ONE, form.factors, form.axes);
    }
    const of = straight(form);
    if (of.kind === "sum" && Q.isOne(c) && of.terms.length <= SHORT) {
      total = Q.add(total, of.constant);
      for (const o of of === form ? of.terms : of.terms.map((o) => ({ ...turned(forms, o), coefficient: o.coefficient })))
        add({ ...o, axis: o.form.axes.length === 0 ? undefined : (o.axis ?? axis) });
      return;
    }
    if (form.axes.length === 0) axis = undefined;
    const key = keyOf({ form, axis });
    merged.set(key, { form, axis, coefficient: Q.add(merged.get(key)?.coefficient ?? Q.ZERO, c) });
  };
  given.forEach(add);
  return { constant: total, terms: [...merged.values()] };
}

// A sum that varies along fewer axes than it has is computed there and widened.
function narrowed(forms: Forms, constant: Rational, terms: readonly Term[], axes: Axes): Form | undefined {
  const along = sharedAxis(terms, axes);
  if (along === undefined) return undefined;
  const inner = terms.map((t) => (along === "none" ? t : { form: t.form, coefficient: t.coefficient }));
  const form = sum(forms, constant, inner, along === "none" ? [] : [axes[along] as Dim]);
  return broadcast(forms, along === "none" ? { form } : { form, axis: along }, axes);
}

// The only one of the axes along which operands vary; undefined where they fill the axes.
function sharedAxis(list: readonly Operand[], axes: Axes): "none" | 0 | 1 | undefined {
  const wide = list.filter((o) => o.form.axes.length > 0);
  const along = wide[0]?.axis;
  if (wide.length === 0) return axes.length > 0 ? "none" : undefined;
  return axes.length === 2 && wide.every((o) => o.axis === along) ? along : undefined;
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

/** Whether columns of a symmetric matrix meet what is made of its rows, which are the same but for rounding. */
const isAcrossItself = (args: readonly Operand[]): boolean =>
  args.some(({ form, axis }) => axis === 1 && form.kind === "reduce" && form.of.symmetric && args.some((a) => a.form === form.of));

/** An element-wise function of forms of equal axes, or numbers among them. */
export function map(forms: Forms, fn: string, given: readonly Form[]): Form {
  const axes = widest(given);
  const args = given.map((f) => operand(forms, f));
  const along = sharedAxis(args, axes);
  if (along !== undefined) {
    const form = map(
      forms,
      fn,
      args.map((a) => a.form),
    );
    return broadcast(forms, along === "none" ? { form } : { form, axis: along }, axes);
  }
  if (areTurned(args) || isAcrossItself(args))
    return transpose(
      forms,
      map(
        forms,
        fn,
        args.map((a) => broadcast(forms, turned(forms, a), [...axes].reverse())),
      ),
    );
  const [first] = args as [Operand];
  return (args.length === 1 ? forms.stable.map(forms, fn, first.form) : undefined) ?? forms.make({ kind: "map", fn, args, axes });
}
