// A question for code that is a term: the value or one derivative, as the targets without
// programs write it.
//
// Invariant: what such a target cannot give is refused, not left out.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import type { Expr } from "../../expr/expr.ts";
import { derivativeBy } from "../answer/solve.ts";
import { listed } from "../question/question.ts";
import type { Stated } from "../question/state.ts";
import { targetsOf } from "../question/targets.ts";
import { hessianProduct, type OutputName } from "./outputs.ts";
import type { ProgramQuestion } from "./program.ts";

/** The one output that a term gives: the derivative that is asked for, or else the value. */
export function soleOutput(question: ProgramQuestion & { readonly selfTest?: boolean }, target: string): OutputName {
  const refuse = (what: string, fix: string): never =>
    fail("unsupported", `${target} has no ${what}: it is one expression without a program`, NOWHERE, { fix });
  if (question.selfTest === true) refuse("self-test", "a target with programs, as numpy or javascript");
  if (question.structured === true) refuse("parts of a Hessian", "a target with programs, as numpy or javascript");
  if (listed(question.wrt).length > 1) refuse("derivatives by several variables", "one variable at a time");
  const [first, ...rest] = (question.outputs ?? ["derivative"]).filter((o) => o !== "value");
  if (rest.length > 0)
    refuse(
      `${[first, ...rest].join(" and ")} together`,
      `one at a time: nabla ${rest.at(-1)} … --format ${target}, or outputs: [${JSON.stringify(rest.at(-1))}]`,
    );
  return first ?? "value";
}

/** The term of an output. */
export function termOf(stated: Stated, output: OutputName, question: ProgramQuestion): Expr {
  const [target] = output === "value" ? [] : targetsOf(stated);
  if (target === undefined) return stated.expr;
  if (output === "hvp") return hessianProduct(stated, target.variable).expr;
  const isHessian = output === "hessian";
  const by = Array.from({ length: isHessian ? 2 : (question.order ?? 1) }, () => target);
  const { layout = "mixed", symmetry = "symmetric" } = question;
  return derivativeBy(stated, by, isHessian ? "numerator" : layout, { names: false, ...(isHessian ? {} : { symmetry }) }).answer.expr;
}
