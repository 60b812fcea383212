// From a stated question to its answers: which derivative is meant, by what, along what; and
// for each answer the claim that a check is to examine.
//
// Invariants: pure; what is not differentiable by nabla is refused with a reason, never
// answered by zero. Whether an answer is right is not decided here (numbers/verify.ts).

import { fail } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import { wholeOf } from "../../base/span.ts";
import type { Direction } from "../../calculus/directional.ts";
import { axesOf } from "../../calculus/higher.ts";
import type { Target } from "../../elaborate/names/target.ts";
import type { Layout } from "../../expr/conventions.ts";
import { isMatrixShape, isScalarShape, isVectorShape, shapeText } from "../../expr/shape.ts";
import { shapeAxes } from "../../tensor/form/tensor.ts";
import { answering, type Refusal } from "../question/call.ts";
import type { Expression } from "../question/question.ts";
import { type Stated, state } from "../question/state.ts";
import { distinct, targetsOf, wholes } from "../question/targets.ts";
import type { Choice, Claim, Kind, Part, Solved } from "./asked.ts";
import { conventionOf, lowerOrders, writeDerivative } from "./derivative.ts";
import { readDirection } from "./direction.ts";
import { directed, solveAlong, solveDifferential, solveHessianVector, solveUpstream } from "./directional.ts";
import { answerOf, type Found } from "./found.ts";
import { refuseOnlySymmetric } from "./onlySymmetric.ts";
import { makeViews, VIEWS } from "./views.ts";

/** The answers to a question by each of several variables, or by all of them together where the kind wants that. */
export function solve(expression: Expression, wrt: readonly string[], kind: Kind, choice: Choice = {}): Solved | Refusal {
  return answering({ ...expression, ...choice }, (library) => {
    const stated = state(expression, wrt, library);
    switch (kind) {
      case "derivative":
        return stated.inTurn === true ? solveInTurn(stated, choice) : solveDerivative(stated, choice);
      case "gradient":
        requireNumber(stated, "gradient");
        return solveDerivative(stated, { ...choice, layout: "mixed", order: 1, mixed: false });
      case "hessian":
        requireNumber(stated, "Hessian");
        if (stated.inTurn === true) return solveInTurn(stated, { ...choice, order: 2 });
        return solveDerivative(stated, stated.targets.length > 1 ? { ...choice, mixed: true } : { ...choice, order: 2 });
      case "jvp":
        return solveAlong(stated, choice);
      case "vjp":
        return solveUpstream(stated, choice);
      case "hvp":
        requireNumber(stated, "Hessian");
        return solveHessianVector(stated, choice);
      case "differential":
        return solveDifferential(stated, choice);
    }
  });
}

function solveDerivative(stated: Stated, choice: Choice): Solved {
  const { order = 1, layout = "numerator" } = choice;
  const targets = targetsOf(stated);
  const groups = choice.mixed === true ? [targets] : distinct(targets).map((t) => Array.from({ length: order }, () => t));
  return { ok: true, stated, parts: groups.map((by) => derivativeBy(stated, by, layout, choice)) };
}

/** Of a text that is a derivative of higher order. Refuses another order beside it. */
function solveInTurn(stated: Stated, choice: Choice): Solved {
  const { order = 1, layout = "numerator" } = choice;
  const { targets, source } = stated;
  if (order > 1 && order !== targets.length)
    fail("unsupported", `this is a derivative of order ${targets.length}, and one of order ${order} is asked for`, wholeOf(source), {
      fix: "the expression alone",
    });
  return { ok: true, stated, parts: [derivativeBy(stated, targets, layout, choice)] };
}

/** The derivative by each of `by` in turn, with its views where they are wanted or where it has more than two axes. */
export function derivativeBy(stated: Stated, by: readonly Target[], layout: Layout, choice: Choice = {}): Part {
  refuseOnlySymmetric(stated, by);
  const symmetry = conventionOf(by, choice.symmetry);
  const { tensor, expr, notation } = writeDerivative(stated, by, layout, symmetry);
  const order = by.length;
  const axes = shapeAxes(stated.expr.shape).length + by.map(axesOf).reduce((a, b) => a + b, 0);
  const previous = lowerOrders(stated, by, layout);
  // More than two axes stand in vec form in any layout.
  const vec = axes > 2 || layout === "vec" ? { written: { expr, notation } } : {};
  const views = makeViews({ stated, by, tensor, ...vec }, axes > 2 ? VIEWS : (choice.views ?? []));
  const hessian = order === 2 && isScalarShape(stated.expr.shape);
  const convention = optional({ symmetry });
  const found: Found = { expr, notation, order, layout: axes > 2 && !hessian ? "vec" : layout, ...convention, views };
  const answer = answerOf(stated, by, choice, found);
  return { target: by[0] as Target, answer, claim: { kind: "derivative", by, layout, previous, ...convention }, views };
}

/** The claim that an answer to a stated question makes, without the answer. */
export function claimOf(stated: Stated, choice: Choice): { readonly claim: Claim; readonly stated: Stated } {
  const targets = targetsOf(stated);
  const order = choice.order ?? 1;
  if (choice.upstream !== undefined) {
    const { expr, stated: all } = readDirection(choice.upstream, stated.expr.shape, "the value", stated, []);
    return { claim: { kind: "upstream", by: wholes(targets, "an upstream gradient"), with: expr }, stated: all };
  }
  if (choice.along !== undefined) {
    const { directions, all } = directed(stated, wholes(targets, "a direction"), choice.along);
    const [only] = directions as [Direction];
    const claim: Claim = order === 2 ? { kind: "hessian-vector", by: targets, with: only.along } : { kind: "along", directions };
    return { claim, stated: all };
  }
  const layout = choice.layout ?? "numerator";
  const by = choice.mixed === true ? targets : Array.from({ length: order }, () => targets[0] as Target);
  const symmetry = conventionOf(by, choice.symmetry);
  const previous = lowerOrders(stated, by, layout);
  return { claim: { kind: "derivative", by, layout, previous, ...optional({ symmetry }) }, stated };
}

/** Refuses an expression that is not a number; a Jacobian is what `diff` answers. */
function requireNumber(stated: Stated, what: "gradient" | "Hessian"): void {
  if (isScalarShape(stated.expr.shape)) return;
  const span = wholeOf(stated.source);
  const vectors = stated.variables.filter(({ shape }) => isVectorShape(shape)).map(({ name }) => name);
  const hasMatrix = stated.variables.some(({ shape }) => isMatrixShape(shape));
  const declared =
    vectors.length === 0 || hasMatrix ? "" : `; or declare ${vectors.length === 1 ? "it" : "them"}: ${vectors.join(", ")} : scalar`;
  fail("shape", `a ${what} belongs to a number, and this is ${shapeText(stated.expr.shape)}`, span, {
    fix: `${what === "gradient" ? "diff gives the Jacobian; " : ""}sum(…) or norm2(…)^2 makes a number${declared}`,
  });
}
