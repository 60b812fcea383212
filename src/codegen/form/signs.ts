// The signs of entries, as far as a form shows them.
//
// Invariant: only what holds for all values of the inputs is said; not knowing is an answer.

import * as Q from "../../base/rational.ts";
import type { Form, Operand } from "./form.ts";

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
      return (
        NONNEGATIVE.has(form.fn) ||
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
    default:
      return false;
  }
}

const NONNEGATIVE = new Set(["exp", "sigmoid", "softplus", "abs", "cosh", "gt", "ge", "lt", "le", "eq", "ne", "hypot"]);
const isEven = (k: Q.Rational): boolean => Q.isInteger(k) && k.n % 2n === 0n;
