// One step of gradient descent: w ← w − η ∂f/∂w, the gradient in the variable's own shape
// (the shape convention), so that the two can be subtracted.
//
// Invariant: the expression is a number, and the learning rate a name that it does not use. Not
// here: the gradient (src/calculus/differentiate.ts).

import { fail } from "../../base/diagnostic.ts";
import { dictionary } from "../../base/dictionary.ts";
import { NOWHERE } from "../../base/span.ts";
import * as build from "../../expr/build.ts";
import { type Expr, type Variable, variables } from "../../expr/expr.ts";
import { isScalarShape, scalarShape, shapeText } from "../../expr/shape.ts";
import { print } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import { differentiate } from "../differentiate.ts";
import { takenNames } from "./introduce.ts";
import type { DerivationFormat } from "./render.ts";

/** One step of gradient descent. */
export interface UpdateStep {
  readonly variable: Variable;
  /** The learning rate, a positive number. */
  readonly rate: Variable;
  /** In the shape of the variable. */
  readonly gradient: Expr;
  /** The new value: variable − rate · gradient. */
  readonly next: Expr;
}

/** What a step is asked with. */
export interface UpdateOptions {
  readonly library: Library;
  /** Name of the learning rate; eta unless stated. */
  readonly rate?: string;
  readonly names?: readonly string[];
}

/** The descent step of a number by one of its variables. Throws a diagnostic where the expression is no number or the rate's name is taken. */
export function updateStep(expr: Expr, variable: Variable, options: UpdateOptions): UpdateStep {
  const { library, rate: name = "eta" } = options;
  if (!isScalarShape(expr.shape)) fail("unsupported", `gradient descent is for a number; this is ${shapeText(expr.shape)}`, NOWHERE);
  if (takenNames([expr, variable]).has(name)) fail("name", `${name} is a name of the expression and cannot be the learning rate`, NOWHERE);
  const names = options.names ?? variables(expr).map((v) => v.name);
  const gradient = differentiate(expr, variable, { library, layout: "denominator", names }).expr;
  const rate = build.variable(name, scalarShape(), ["positive"]);
  return { variable, rate, gradient, next: build.add(variable, build.neg(build.mul(rate, gradient))) };
}

const GREEK = dictionary<string>({ eta: "η", alpha: "α" });

/** `w ← w − η …` in a format; JSON has the parts as text. */
export function renderUpdate(update: UpdateStep, format: DerivationFormat, library: Library): string {
  const written = format === "markdown" || format === "latex" ? "latex" : format === "ascii" ? "ascii" : "unicode";
  const show = (e: Expr, as: "ascii" | "unicode" | "latex" = written): string =>
    print(e, { format: as, functions: library.functions, shapeKnown: true });
  if (format === "json")
    return JSON.stringify({
      variable: update.variable.name,
      rate: update.rate.name,
      gradient: show(update.gradient, "ascii"),
      next: show(update.next, "ascii"),
    });
  const rate = build.variable(written === "unicode" ? (GREEK[update.rate.name] ?? update.rate.name) : update.rate.name, update.rate.shape);
  const next = build.add(update.variable, build.neg(build.mul(rate, update.gradient)));
  const arrow = written === "latex" ? "\\leftarrow" : written === "ascii" ? "<-" : "←";
  const text = `${show(update.variable)} ${arrow} ${show(next)}`;
  return format === "markdown" ? `$${text}$` : text;
}
