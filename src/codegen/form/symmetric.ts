// Whether a form is its own transpose, as its making shows.
//
// Invariant: a symmetric form has no transpose beside it, so that equal values are one form and are equal to the last digit.

import * as Q from "../../base/rational.ts";
import { isSymmetric } from "../../expr/attributes.ts";
import { sameDim } from "../../expr/dim.ts";
import type { Form, Item, Operand, Unfinished } from "./form.ts";

/** Functions of one matrix of which the value at a transpose is the transpose of the value. */
const TURNED_WITH: ReadonlySet<string> = new Set([
  "expm",
  "logm",
  "sqrtm",
  "sinm",
  "cosm",
  "mpow",
  "intpow",
  "pinv",
  "polar",
  "topsingular",
  "topeigen",
]);

/** Whether a matrix is its own transpose. */
export function isOwnTranspose(form: Unfinished): boolean {
  const [rows, cols] = form.axes;
  if (rows === undefined || cols === undefined || !sameDim(rows, cols)) return false;
  switch (form.kind) {
    case "input":
      return isSymmetric(form);
    case "eye":
    case "diag":
      return true;
    case "inverse":
      return form.of.symmetric;
    case "product":
      return isMirrored(form.factors, (a, b) => Q.equals(a.exponent, b.exponent));
    case "sum":
      return isMirrored(form.terms, (a, b) => Q.equals(a.coefficient, b.coefficient));
    case "map":
      return form.args.every((a) => a.form.axes.length === 0 || a.form.symmetric);
    case "chain":
      return form.right === undefined && form.items.every((item, i) => isAcross(item, form.items[form.items.length - 1 - i] as Item));
    case "kron":
      return form.left.symmetric && form.right.symmetric;
    case "call":
      return TURNED_WITH.has(form.fn) && (form.args[0] as Form).symmetric;
    default:
      return false;
  }
}

/** Whether every operand has its transpose among them. */
function isMirrored<T extends Operand>(operands: readonly T[], alike: (a: T, b: T) => boolean): boolean {
  return operands.every((a) => operands.some((b) => isTurned(a, b) && alike(a, b)));
}

function isTurned(a: Operand, b: Operand): boolean {
  if (a.form.axes.length === 0) return a.form === b.form;
  if (a.form.axes.length === 1) return a.form === b.form && a.axis !== b.axis;
  return a.form === b.form ? a.form.symmetric : transposed(a.form) === b.form || transposed(b.form) === a.form;
}

const transposed = (form: Form): Form | undefined => (form.kind === "transpose" ? form.of : undefined);

/** Whether one factor of a product is the transpose of another. */
export const isAcross = (a: Item, b: Item): boolean =>
  a.form === b.form && (a.kind === "matrix" ? b.kind === "matrix" && (a.form.symmetric || a.turned !== b.turned) : b.kind === "diag");
