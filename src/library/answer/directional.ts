// Derivatives along directions, gradients taken back, Hessians times directions and differentials of a stated question.
//
// Invariant: a direction that is not given has a letter of its own, which the answer states.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { along, arrangeShape, type Direction, hessianVector, upstream } from "../../calculus/directional.ts";
import { writeArranged } from "../../calculus/views.ts";
import type { Target } from "../../elaborate/names/target.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import { isMatrixShape, type Shape } from "../../expr/shape.ts";
import type { Stated } from "../question/state.ts";
import { targetsOf, wholes } from "../question/targets.ts";
import type { Choice, Part, Solved } from "./asked.ts";
import { readDirection } from "./direction.ts";
import { answerOf } from "./found.ts";
import { plural } from "./numerals.ts";
import { refuseOnlySymmetric } from "./onlySymmetric.ts";
import { differentialOf, readingChoice, withDifferentials } from "./views.ts";

/** The derivative along a direction for each variable. */
export function solveAlong(stated: Stated, choice: Choice): Solved {
  const targets = wholes(targetsOf(stated), "a direction");
  const given = choice.along ?? [];
  if (given.length > 0 && given.length !== targets.length) {
    const both = `${plural(targets.length, "variable")} and ${plural(given.length, "direction")}`;
    fail("declaration", `${both}: each variable moves along one of its own`, NOWHERE);
  }
  const { directions, all } = directed(stated, targets, given);
  const tensor = along(all.expr, directions, all.library);
  const { expr, notation } = writeArranged(tensor, arrangeShape(all.expr.shape), readingChoice(all));
  const answer = answerOf(all, targets, choice, { expr, notation, order: 1, along: directions.map((d) => d.along) });
  return { ok: true, stated: all, parts: [{ target: targets[0] as Target, answer, claim: { kind: "along", directions }, views: [] }] };
}

const DIRECTIONS = ["v", "u", "d"] as const;
const UPSTREAM = ["u", "g", "v"] as const;

// Matrices have capitals.
const lettersFor = (shape: Shape, letters: readonly string[]): string[] =>
  isMatrixShape(shape) ? letters.map((l) => l.toUpperCase()) : [...letters];

/** What each variable moves along, as it is given or by a letter of its own, and the question with these. */
export function directed(stated: Stated, targets: readonly Target[], given: readonly string[]): { directions: Direction[]; all: Stated } {
  let all = stated;
  const directions = targets.map(({ variable }, i): Direction => {
    const read = readDirection(given[i], variable.shape, variable.name, all, lettersFor(variable.shape, DIRECTIONS));
    all = read.stated;
    return { variable, along: read.expr };
  });
  return { directions, all };
}

/** The upstream gradient taken back to each variable. */
export function solveUpstream(stated: Stated, choice: Choice): Solved {
  const targets = wholes(targetsOf(stated), "an upstream gradient");
  const { expr: gradient, stated: all } = readDirection(
    choice.upstream,
    stated.expr.shape,
    "the value",
    stated,
    lettersFor(stated.expr.shape, UPSTREAM),
  );
  const parts = targets.map((target): Part => {
    const tensor = upstream(all.expr, target.variable, gradient, all.library);
    const { expr, notation } = writeArranged(tensor, arrangeShape(target.variable.shape), readingChoice(all));
    const answer = answerOf(all, [target], choice, { expr, notation, order: 1, layout: "mixed", upstream: gradient });
    return { target, answer, claim: { kind: "upstream", by: [target], with: gradient }, views: [] };
  });
  return { ok: true, stated: all, parts };
}

/** The Hessian times a direction, for each variable. */
export function solveHessianVector(stated: Stated, choice: Choice): Solved {
  const targets = wholes(targetsOf(stated), "a direction");
  const { directions, all } = directed(stated, targets, choice.along ?? []);
  const parts = targets.map((target, i): Part => {
    const direction = (directions[i] as Direction).along;
    refuseOnlySymmetric(all, [target, target]);
    const tensor = hessianVector(all.expr, target.variable, direction, all.library);
    const { expr, notation } = writeArranged(tensor, arrangeShape(target.variable.shape), readingChoice(all));
    const answer = answerOf(all, [target], choice, { expr, notation, order: 2, layout: "mixed", along: [direction] });
    return { target, answer, claim: { kind: "hessian-vector", by: [target], with: direction }, views: [] };
  });
  return { ok: true, stated: all, parts };
}

/** The differential by all variables that are not constant. */
export function solveDifferential(stated: Stated, choice: Choice): Solved {
  const varying = stated.variables.filter((v) => !hasAttribute(v, "constant"));
  const targets = wholes(stated.targets.length > 0 ? targetsOf(stated) : varying.map((variable) => ({ variable })), "a differential");
  if (targets.length === 0) targetsOf(stated);
  const taken = new Set(readingChoice(stated).taken);
  const directions = targets.map(({ variable }): Direction => ({ variable, along: differentialOf(variable, taken) }));
  const moves = directions.flatMap((d) => (d.along.kind === "var" ? [d.along] : []));
  const all: Stated = { ...stated, variables: [...stated.variables, ...moves] };
  const tensor = along(all.expr, directions, all.library);
  const { expr, notation } = writeArranged(tensor, arrangeShape(all.expr.shape), readingChoice(all));
  const answer = answerOf(all, targets, choice, { expr, notation, order: 1 });
  const latex = answer.where.length > 0 ? answer.latex : withDifferentials(answer.expr, all, directions).latex;
  const part: Part = { target: targets[0] as Target, answer: { ...answer, latex }, claim: { kind: "along", directions }, views: [] };
  return { ok: true, stated: all, parts: [part] };
}
