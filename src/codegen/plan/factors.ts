// Inverses, determinants and solves of one matrix share its factorisation: Cholesky of a
// positive definite matrix, LU of any other.

import type { Dim } from "../../expr/dim.ts";
import type { Determinant, Form } from "../form/form.ts";
import { isDefinite } from "../form/signs.ts";
import type { Making } from "./arithmetic.ts";
import { arg, type Open } from "./builder.ts";
import type { Method, Ref } from "./plan.ts";

/** The inverse or a determinant of a matrix. */
export function makeFromFactors(making: Making, form: Form & { kind: "inverse" | Determinant }): Ref {
  const { factors, method } = factorOf(making, form.of);
  return making.builder.emit({ op: form.kind, method, args: [arg(factors), arg(making.refOf(form.of))], axes: form.axes }, form.open);
}

/** A system of linear equations: a matrix, transposed where turned, and its right-hand side. */
export interface LinearSystem {
  readonly of: Form;
  readonly turned: boolean;
  readonly right: Ref;
}

/** The solution of a system: the inverse of its matrix times the right-hand side. */
export function makeSolve(making: Making, { of, turned, right }: LinearSystem, axes: readonly Dim[], open: Open): Ref {
  const { factors, method } = factorOf(making, of);
  const args = [arg(factors), arg(right), arg(making.refOf(of))];
  return making.builder.emit({ op: "solve", turned: turned && method === "lu", method, args, axes }, open);
}

function factorOf({ builder, refOf }: Making, form: Form): { factors: Ref; method: Method } {
  const method: Method = isDefinite(form) ? "cholesky" : "lu";
  return { method, factors: builder.emit({ op: "factor", method, args: [arg(refOf(form))], axes: form.axes }, form.open) };
}
