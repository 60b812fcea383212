// The signs of entries and of quadratic forms, as far as a form shows them.
//
// Invariant: only what holds for all values of the inputs is said; not knowing is an answer.

import * as Q from "../../base/rational.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import { isAlways } from "./facts.ts";
import type { Form, Operand } from "./form.ts";
import { palindrome } from "./items.ts";

/** Forms nested deeper are not looked through. */
const DEEPEST = 12;

/** Whether no entry is negative, as far as the form shows it. */
export function isNonnegative(form: Form, depth = 0): boolean {
  if (depth > DEEPEST) return false;
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
      return hasAttribute(form, "positive");
    case "product":
      return Q.sign(form.coefficient) >= 0 && form.factors.every((f) => isEven(f.exponent) || below(f.form));
    case "sum":
      return Q.sign(form.constant) >= 0 && form.terms.every((t) => Q.sign(t.coefficient) > 0 && below(t.form));
    case "map":
      return (
        isAlways(form.fn, "nonnegative") ||
        (form.fn === "max" && form.args.some((a) => below(a.form))) ||
        (form.fn === "pow" && below((form.args[0] as Operand).form))
      );
    case "reduce":
      return below(form.of);
    case "transpose":
    case "diag":
    case "diagonal":
    case "vec":
    case "unvec":
      return below(form.of);
    case "det":
      return isDefinite(form.of, depth + 1) || isGram(form.of);
    default:
      return false;
  }
}

/** Whether powers to an exponent are never negative. */
export const isEven = (k: Q.Rational): boolean => Q.isInteger(k) && k.n % 2n === 0n;

/** Whether no entry is positive, as far as the form shows it. */
export function isNonpositive(form: Form): boolean {
  switch (form.kind) {
    case "number":
      return Q.sign(form.value) <= 0;
    case "product": {
      const { coefficient, factors } = form;
      return Q.sign(coefficient) <= 0 && factors.every((f) => isEven(f.exponent) || isNonnegative(f.form));
    }
    case "sum":
      return (
        Q.sign(form.constant) <= 0 && form.terms.every((t) => (Q.sign(t.coefficient) > 0 ? isNonpositive(t.form) : isNonnegative(t.form)))
      );
    default:
      return false;
  }
}

/** Whether no entry is 0, as far as the form shows it. */
export function isNonzero(form: Form, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  switch (form.kind) {
    case "number":
      return !Q.isZero(form.value);
    case "size":
    case "constant":
      return true;
    case "input":
      return hasAttribute(form, "positive");
    case "product":
      return !Q.isZero(form.coefficient) && form.factors.every((f) => Q.sign(f.exponent) < 0 || isNonzero(f.form, depth + 1));
    case "sum":
      return Q.sign(form.constant) > 0 && form.terms.every((t) => Q.sign(t.coefficient) > 0 && isNonnegative(t.form, depth + 1));
    case "map":
      return isAlways(form.fn, "nonzero");
    default:
      return false;
  }
}

/** Whether a matrix is positive definite, as far as the form shows it. */
export function isDefinite(form: Form, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  switch (form.kind) {
    case "input":
      return hasAttribute(form, "posdef");
    case "eye":
      return true;
    case "inverse":
      return isDefinite(form.of, depth + 1);
    case "transpose":
      return isDefinite(form.of, depth + 1);
    case "product":
      return (
        Q.sign(form.coefficient) > 0 &&
        form.factors.length === 1 &&
        Q.isOne(form.factors[0]?.exponent as Q.Rational) &&
        isDefinite(form.factors[0]?.form as Form, depth + 1)
      );
    case "sum":
      return (
        Q.isZero(form.constant) &&
        form.terms.every(
          (t) => Q.sign(t.coefficient) > 0 && t.form.axes.length === 2 && (isDefinite(t.form, depth + 1) || isGram(t.form)),
        ) &&
        form.terms.some((t) => isDefinite(t.form, depth + 1))
      );
    default:
      return false;
  }
}

function isGram(form: Form): boolean {
  if (form.kind !== "chain") return false;
  const found = palindrome(form.items);
  return found !== undefined && (found.middle === undefined || isNonnegative(found.middle));
}
