// The complementary error function far out, through erfcx(x) = exp(x²) erfc(x), which neither overflows nor vanishes for
// x ≥ 0: its logarithm, exp(−x²)/erfc(x), and with them the tails of the normal distribution.
//
// Invariant: erfcx is asked for numbers that are not negative alone. erfc(−x) = 2 − erfc(x) (DLMF 7.4.2) gives the others.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { map, minus, negative, number, over, power, product, scaled, shift, sum, times } from "./elementwise.ts";
import { argumentOf } from "./exponents.ts";
import type { Factor, Form, Forms, Term } from "./form.ts";

const TWO = Q.rational(2);

/** exp(−u²), erfcx(|u|) and whether u is positive. */
function partsOf(forms: Forms, u: Form): { bell: Form; tail: Form; isPositive: Form } {
  const bell = map(forms, "exp", [negative(forms, power(forms, u, TWO))]);
  const tail = map(forms, "erfcx", [map(forms, "abs", [u])]);
  return { bell, tail, isPositive: map(forms, "gt", [u, number(forms, 0)]) };
}

/** log(c erfc(u)): log(c erfcx(u)) − u² for u > 0, else log(c (2 − erfc(−u))); undefined where there is no erfc. */
export function logOfErfc(forms: Forms, form: Form): Form | undefined {
  const factors = form.kind === "product" ? form.factors : [{ form, exponent: Q.ONE }];
  const found = factors.find(
    (f) => Q.isOne(f.exponent) && argumentOf(f.form, "erfc") !== undefined && f.form.axes.length === form.axes.length,
  );
  const u = found && argumentOf(found.form, "erfc");
  if (u === undefined) return undefined;
  const coefficient = form.kind === "product" ? form.coefficient : Q.ONE;
  const isPlain = factors.length === 1;
  const others = product(
    forms,
    coefficient,
    factors.filter((f) => f !== found),
    form.axes,
  );
  const { bell, tail, isPositive } = partsOf(forms, u);
  const far = minus(forms, map(forms, "log", [times(forms, others, tail)]), power(forms, u, TWO));
  const opposite = times(forms, tail, bell);
  // 1 − erfc(−u)/2 is near 1.
  const near = isPlain
    ? shift(forms, scaled(forms, Q.negate(coefficient), opposite), Q.multiply(TWO, coefficient))
    : times(forms, others, shift(forms, negative(forms, opposite), TWO));
  return map(forms, "where", [isPositive, far, map(forms, "log", [near])]);
}

/** exp(−u²)/erfc(u), and u by it. */
const RATIOS = new WeakMap<Form, Form>();

function ratio(forms: Forms, u: Form): Form {
  const { bell, tail, isPositive } = partsOf(forms, u);
  const rest = shift(forms, negative(forms, times(forms, tail, bell)), TWO);
  const made = map(forms, "where", [isPositive, power(forms, tail, Q.MINUS_ONE), over(forms, bell, rest)]);
  RATIOS.set(made, u);
  return made;
}

// exp(−u²)/(erfc(u) erfc(−u)) = 1/(t (2 − t exp(−u²))), t being erfcx(|u|).
function ratioOfBoth(forms: Forms, u: Form): Form {
  const { bell, tail } = partsOf(forms, u);
  return power(forms, times(forms, tail, shift(forms, negative(forms, times(forms, tail, bell)), TWO)), Q.MINUS_ONE);
}

/** What erfc(w) is below exp(v), or below what exp(v) has been divided by already: their quotient; undefined where v is not −w². */
export function quotientByErfc(forms: Forms, above: Form, erfc: Form): Form | undefined {
  const w = argumentOf(erfc, "erfc");
  if (w === undefined) return undefined;
  const u = RATIOS.get(above);
  if (u !== undefined) return negative(forms, u) === w ? ratioOfBoth(forms, u) : undefined;
  const v = argumentOf(above, "exp");
  return v !== undefined && negative(forms, power(forms, w, TWO)) === v ? ratio(forms, w) : undefined;
}

/** exp(−u²)/erfc(u) (1 − w/erfc(−u)) multiplied out: the bracket may be infinite where what stands before it is 0. */
export function multipliedByErfc(forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined {
  for (const bracket of factors) {
    const { form, exponent } = bracket;
    if (form.kind !== "sum" || !Q.isOne(exponent) || form.axes.length < axes.length) continue;
    const below = form.terms.flatMap((t) =>
      t.form.kind === "product" ? t.form.factors.filter((f) => Q.sign(f.exponent) < 0 && f.form.axes.length === axes.length) : [],
    );
    const isAbove = (f: Factor): boolean => Q.isOne(f.exponent) && below.some((b) => quotientByErfc(forms, f.form, b.form) !== undefined);
    const above = factors.find((f) => f !== bracket && isAbove(f));
    if (above === undefined) continue;
    const by = (given: readonly Factor[]): Form => product(forms, Q.ONE, [above, ...given], axes);
    const terms = form.terms.map((t): Term => ({ form: by([{ ...t, exponent: Q.ONE }]), coefficient: t.coefficient }));
    const whole = sum(forms, Q.ZERO, [...terms, { form: by([]), coefficient: form.constant }], axes);
    return [...factors.filter((f) => f !== bracket && f !== above), { form: whole, exponent: Q.ONE }];
  }
  return undefined;
}
