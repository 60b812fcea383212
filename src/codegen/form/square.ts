// Powers, inverses and determinants of square matrices: what is known of a matrix (an identity,
// a diagonal, a scaled or transposed one) is used before anything is inverted.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { contract, diagOf, eye } from "./contract.ts";
import { map, number, over, plus, power, product, raise, times, transpose } from "./elementwise.ts";
import type { Determinant, Form, Forms } from "./form.ts";
import { isDefinite, isNonnegative } from "./signs.ts";

/** Matrix powers up to this are written as products. */
const SMALL_POWER = 4n;

/** A power of a matrix. */
export function matrixPower(forms: Forms, a: Form, exponent: Form): Form {
  if (exponent.kind === "number" && Q.isInteger(exponent.value)) return integerPower(forms, a, exponent.value.n);
  const isRoot = exponent.kind === "number" && Q.equals(exponent.value, Q.HALF);
  return forms.make({ kind: "call", fn: isRoot ? "sqrtm" : "mpow", args: isRoot ? [a] : [a, exponent], axes: a.axes });
}

function integerPower(forms: Forms, a: Form, k: bigint): Form {
  if (k === 0n) return eye(forms, a.axes[0] as Dim);
  const base = k < 0n ? inverse(forms, a) : a;
  const size = k < 0n ? -k : k;
  if (size === 1n) return base;
  if (size <= SMALL_POWER) return contract(forms, Array<Form>(Number(size)).fill(base));
  return forms.make({ kind: "call", fn: "intpow", args: [base, number(forms, Q.rational(size))], axes: a.axes });
}

/** The inverse of a square matrix. */
export function inverse(forms: Forms, a: Form): Form {
  if (a.axes.length === 0) return power(forms, a, Q.MINUS_ONE);
  if (a.kind === "eye") return a;
  if (a.kind === "diag") return diagOf(forms, power(forms, a.of, Q.MINUS_ONE));
  if (a.kind === "inverse") return a.of;
  if (a.kind === "transpose") return transpose(forms, inverse(forms, a.of));
  const scaledBy = numbersBefore(forms, a);
  if (scaledBy !== undefined) return over(forms, inverse(forms, scaledBy.matrix), scaledBy.front);
  return forms.make({ kind: "inverse", of: a, axes: a.axes });
}

/** The determinant of a square matrix, or a logarithm of it. */
export function determinant(forms: Forms, asked: Determinant, a: Form): Form {
  if (a.axes.length === 0) return asked === "det" ? a : map(forms, "log", [asked === "logdet" ? a : map(forms, "abs", [a])]);
  const kind = asked === "logabsdet" && isDefinite(a) ? "logdet" : asked;
  if (a.kind === "transpose") return determinant(forms, kind, a.of);
  const scaledBy = numbersBefore(forms, a);
  if (scaledBy === undefined || (kind !== "det" && !isNonnegative(scaledBy.front))) return forms.make({ kind, of: a, axes: [] });
  // det(c A) = cⁿ det A
  const n = forms.make({ kind: "size", dim: a.axes[0] as Dim, axes: [] });
  const of = determinant(forms, kind, scaledBy.matrix);
  if (kind === "det") return times(forms, raise(forms, scaledBy.front, n), of);
  return plus(forms, times(forms, n, map(forms, "log", [scaledBy.front])), of);
}

// The numbers in front of a matrix, where they are all that it is scaled by.
function numbersBefore(forms: Forms, a: Form): { front: Form; matrix: Form } | undefined {
  if (a.kind !== "product" || Q.isZero(a.coefficient)) return undefined;
  const [only, ...more] = a.factors.filter((f) => f.form.axes.length > 0);
  if (only === undefined || more.length > 0 || only.form.axes.length < 2 || !Q.isOne(only.exponent)) return undefined;
  const numbers = a.factors.filter((f) => f !== only);
  return { front: product(forms, a.coefficient, numbers, []), matrix: only.form };
}
