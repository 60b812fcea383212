// What a schedule reads off forms before it orders work: which inverses are needed entry by
// entry, which matrices are positive definite.

import * as Q from "../../base/rational.ts";
import { type Form, partsOf } from "../form/form.ts";
import { palindrome } from "../form/items.ts";
import { isNonnegative } from "../form/signs.ts";

/** Inverses whose entries are needed: used by anything but a product, or by many products. */
export function denseInverses(all: readonly Form[], roots: readonly Form[]): ReadonlySet<Form> {
  const out = new Set<Form>(roots.filter((f) => f.kind === "inverse"));
  const met = new Map<Form, number>();
  for (const form of all) {
    for (const part of partsOf(form)) if (part.kind === "inverse" && form.kind !== "chain") out.add(part);
    if (form.kind !== "chain") continue;
    for (const i of form.items)
      if (i.form.kind === "inverse") {
        const more = form.right === undefined && form.items.length > 1 ? 1 : 1 / 3;
        met.set(i.form, (met.get(i.form) ?? 0) + more);
        // Between two inverses neither side is a value to solve with.
        if (form.right === undefined && form.items.every((o) => o.form.kind === "inverse")) out.add(i.form);
      }
  }
  for (const [form, uses] of met) if (uses >= 2) out.add(form);
  return out;
}

/** Whether a matrix is positive definite, as far as the form shows it. */
export function isDefinite(form: Form, depth = 0): boolean {
  if (depth > 12) return false;
  switch (form.kind) {
    case "input":
      return form.attributes.includes("posdef");
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
