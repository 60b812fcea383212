// Products with indicators: where the other factors may be infinite or have no value, what an
// indicator leaves out is not multiplied by 0, which would give NaN, but replaced by 0.
//
// Invariant: a factor counts as finite only where it is so for all finite inputs, overflow
// counted, that of powers above the second as well; products and sums of such factors are taken as they are.

import * as Q from "../../base/rational.ts";
import { isComparison } from "../../expr/operators.ts";
import { isAlways } from "../form/facts.ts";
import type { Factor, Form } from "../form/form.ts";

/** Forms nested deeper are not looked through. */
const DEEPEST = 12;
const TWO = Q.rational(2);

/** The indicators among factors, and the others, where these are not always finite. */
export function maskedFactors(factors: readonly Factor[]): { masks: readonly Factor[]; others: readonly Factor[] } | undefined {
  const masks = factors.filter(isIndicator);
  if (masks.length === 0) return undefined;
  const others = factors.filter((f) => !masks.includes(f));
  const isLeftOut = (f: Factor): boolean => masks.some((m) => variesWith(f, m));
  return others.every((f) => !isLeftOut(f) || isFiniteFactor(f, 0)) ? undefined : { masks, others };
}

// A factor that does not vary along the axes of an indicator is not left out by it.
const variesWith = ({ form, axis }: Factor, mask: Factor): boolean =>
  mask.form.axes.length === 0 || form.axes.length === 2 || (form.axes.length === 1 && (mask.form.axes.length === 2 || axis === mask.axis));

const isIndicator = ({ form, exponent }: Factor): boolean => Q.isOne(exponent) && (isCompared(form) || isOpposite(form));

const isCompared = (form: Form): boolean => form.kind === "map" && isComparison(form.fn);

/** 1 less an indicator. */
function isOpposite(form: Form): boolean {
  if (form.kind !== "sum" || !Q.isOne(form.constant)) return false;
  const [term, ...others] = form.terms;
  return term !== undefined && others.length === 0 && Q.equals(term.coefficient, Q.MINUS_ONE) && isCompared(term.form);
}

const isFiniteFactor = ({ form, exponent }: Factor, depth: number): boolean =>
  Q.isInteger(exponent) && Q.sign(exponent) > 0 && Q.compare(exponent, TWO) <= 0 && isFiniteForm(form, depth + 1);

// What is no element-wise form is computed from other entries as well, which the indicator says nothing about.
function isFiniteForm(form: Form, depth: number): boolean {
  if (depth > DEEPEST) return false;
  switch (form.kind) {
    case "product":
      return form.factors.every((f) => isFiniteFactor(f, depth));
    case "sum":
      return form.terms.every((t) => isFiniteForm(t.form, depth + 1));
    case "map":
      return isAlways(form.fn, "finite") && form.args.every((a) => isFiniteForm(a.form, depth + 1));
    case "transpose":
      return isFiniteForm(form.of, depth + 1);
    default:
      return true;
  }
}
