// Diagonals and traces of square matrices, pushed inside what they are taken of: a trace of a
// product is a sum over entries of its two halves.
//
// Invariant: no matrix is computed only for its diagonal, except one that is an output as well.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { along, behindNumbers, contract, dot, ofTerms, total } from "./contract.ts";
import { fill, product, sum, times, transpose } from "./elementwise.ts";
import type { Form, Forms } from "./form.ts";
import { fromItems } from "./items.ts";

/** The entries on the diagonal of a square matrix. */
export function diagonal(forms: Forms, form: Form): Form {
  const n = form.axes[0] as Dim;
  const inside = (f: Form): Form => (f.axes.length === 2 ? diagonal(forms, f) : f);
  switch (form.kind) {
    case "transpose":
      return diagonal(forms, form.of);
    case "diag":
      return form.of;
    case "eye":
      return fill(forms, Q.ONE, [n]);
    case "product": {
      const factors = form.factors.map((f) => ({ form: inside(f.form), exponent: f.exponent }));
      return product(forms, form.coefficient, factors, [n]);
    }
    case "sum": {
      const terms = form.terms.map((t) => ({ form: inside(t.form), coefficient: t.coefficient }));
      return sum(forms, form.constant, terms, [n]);
    }
    case "chain": {
      const halves = halvesOf(forms, form);
      if (halves !== undefined) return along(forms, times(forms, halves.left, transpose(forms, halves.right)), 1);
    }
  }
  return forms.make({ kind: "diagonal", of: form, axes: [n] });
}

/** The trace of a square matrix. */
export function trace(forms: Forms, form: Form): Form {
  if (form.axes.length === 0) return form;
  const scaled = form.kind === "product" ? behindNumbers(forms, form, trace) : undefined;
  if (scaled !== undefined) return scaled;
  if (form.kind === "sum") return ofTerms(forms, form, trace);
  if (form.kind === "kron") return times(forms, trace(forms, form.left), trace(forms, form.right));
  if (form.kind === "transpose") return trace(forms, form.of);
  const halves = form.kind === "chain" ? halvesOf(forms, form) : undefined;
  if (halves !== undefined) return dot(forms, transpose(forms, halves.left), halves.right);
  return total(forms, diagonal(forms, form));
}

// The first factor of a product and the rest of it, unless the product is computed in any case.
function halvesOf(forms: Forms, form: Form & { kind: "chain" }): { left: Form; right: Form } | undefined {
  if (forms.claimed.has(form) || form.items.length < 2) return undefined;
  const [left, ...rest] = form.items.map((i) => fromItems(forms, [i])) as [Form, ...Form[]];
  return { left, right: contract(forms, rest) };
}
