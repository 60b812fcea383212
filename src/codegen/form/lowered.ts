// (c + exp(v) g)/(exp(v) − 1)^k for v ≥ 0, where exp(v) may overflow: both sides of the fraction times exp(−v).
//
// Invariant: only where v is known to be no less than 0, so that exp(−v) does not overflow in its place.

import * as Q from "../../base/rational.ts";
import { map, negative, number, product, sum, times } from "./elementwise.ts";
import { argumentOf } from "./exponents.ts";
import type { Factor, Form, Forms, Term } from "./form.ts";
import { lessThanOne } from "./logarithms.ts";
import { isNonnegative } from "./signs.ts";

/** A sum above a power of exp(v) − 1, and what stands beside them, without exp(v); undefined where it has none. */
export function lowered(forms: Forms, f: Factor, others: readonly Factor[]): Factor[] | undefined {
  if (f.form.kind !== "sum" || !Q.isOne(f.exponent)) return undefined;
  for (const below of others) {
    const v = Q.sign(below.exponent) < 0 && below.axis === f.axis ? argumentOf(below.form, "expm1") : undefined;
    if (v === undefined || !Q.isInteger(below.exponent) || !isNonnegative(v)) continue;
    const above = withoutRise(forms, f.form, v);
    if (above === undefined) continue;
    return [
      ...others.filter((o) => o !== below),
      { ...f, form: above },
      { ...below, exponent: Q.add(below.exponent, Q.ONE) },
      { ...below, form: lessThanOne(forms, v), exponent: Q.MINUS_ONE },
    ];
  }
  return undefined;
}

// The sum times exp(−v); undefined where exp(v) is in none of its terms, or a term is broadcast.
function withoutRise(forms: Forms, { terms, constant, axes }: Form & { kind: "sum" }, v: Form): Form | undefined {
  const fall = map(forms, "exp", [negative(forms, v)]);
  const rests = terms.map((t) => restOf(forms, t.form, v));
  if (rests.every((r) => r === undefined) || [v, ...terms.map((t) => t.form)].some((g) => g.axes.length < axes.length)) return undefined;
  const fallen = terms.map((t, i): Term => ({ ...t, form: rests[i] ?? times(forms, t.form, fall) }));
  return sum(forms, Q.ZERO, [...fallen, { form: fall, coefficient: constant }], axes);
}

/** What a form is apart from its factor exp(v). */
function restOf(forms: Forms, form: Form, v: Form): Form | undefined {
  if (argumentOf(form, "exp") === v) return form.axes.length === 0 ? number(forms, 1) : product(forms, Q.ONE, [], form.axes);
  if (form.kind !== "product") return undefined;
  const rise = form.factors.find((x) => Q.isOne(x.exponent) && argumentOf(x.form, "exp") === v);
  if (rise === undefined) return undefined;
  const rest = form.factors.filter((x) => x !== rise);
  return product(forms, form.coefficient, rest, form.axes);
}
