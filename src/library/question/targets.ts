// What an expression is differentiated by: as asked or the only variable there is, and how that
// is written.
//
// Not here: how the text of a target is read (src/elaborate/names/target.ts).

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE, wholeOf } from "../../base/span.ts";
import type { Target } from "../../elaborate/names/target.ts";
import type { Index } from "../../expr/expr.ts";
import { isScalarShape, shapeOf } from "../../expr/shape.ts";
import { argumentsOf } from "../../syntax/definitions/heads.ts";
import type { Stated } from "./state.ts";

/** What is differentiated by: as asked, the argument of the function that the text ends with, or the only variable there is. Refuses a text that is a derivative of higher order itself. */
export function targetsOf(stated: Stated): readonly Target[] {
  if (stated.inTurn === true)
    fail("unsupported", "this is a derivative of higher order already", wholeOf(stated.source), { fix: "the expression alone" });
  if (stated.targets.length > 0) return stated.targets;
  const names = argumentsOf(stated.source);
  const own = stated.variables.filter(({ name }) => names.includes(name));
  const candidates = own.length > 0 ? own : stated.variables;
  const [variable, ...others] = candidates;
  if (variable !== undefined && others.length === 0) return [{ variable }];
  const span = wholeOf(stated.source);
  return variable === undefined
    ? fail("declaration", "there is no variable to differentiate by", span)
    : fail("declaration", `by which variable: ${candidates.map((v) => v.name).join(", ")}?`, span, { fix: `--wrt ${variable.name}` });
}

/** Targets that are whole variables; refuses a part of one, to which `what` does not belong. */
export function wholes(targets: readonly Target[], what: string): readonly Target[] {
  const entry = targets.find((t) => t.at !== undefined);
  if (entry !== undefined) fail("unsupported", `${what} belongs to whole variables, and ${targetName(entry)} is a part of one`, NOWHERE);
  return targets;
}

/** Targets that each have an answer of their own; refuses one that stands twice. */
export function distinct(targets: readonly Target[]): readonly Target[] {
  const names = targets.map(targetName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    fail("declaration", `${twice} is named twice`, NOWHERE, {
      fix: "--order 2 for the second derivative, --mixed for one by several variables",
    });
  return targets;
}

/** `w`, `x[2]`, `X[i,:]`. */
export function targetName({ variable, at }: Target): string {
  if (at === undefined) return variable.name;
  const text = (i: Index): string => (i.kind === "position" ? i.at.key : i.kind === "bound" ? i.name : ":");
  const wanted = isScalarShape({ ...variable.shape, rows: shapeOf(1).rows }) ? [at[0]] : at;
  return `${variable.name}[${wanted.map(text).join(",")}]`;
}

/** `x` of a Hessian, `x, y` of a mixed derivative. */
export function byText(by: readonly Target[], order: number): string {
  const names = by.map(targetName);
  return order > 1 && new Set(names).size === 1 ? (names[0] as string) : names.join(", ");
}
