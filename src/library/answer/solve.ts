// From a stated question to its answers: which derivative is meant, by what, along what; and
// for each answer the claim that a check is to examine.
//
// Invariants: pure; what is not differentiable by nabla is refused with a reason, never
// answered by zero. Whether an answer is right is not decided here (numbers/verify.ts).

import { attempt, fail } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import { NOWHERE, wholeOf } from "../../base/span.ts";
import { along, arrangeShape, type Direction, hessianVector, upstream } from "../../calculus/directional.ts";
import { axesOf } from "../../calculus/higher.ts";
import { writeArranged } from "../../calculus/views.ts";
import type { Target } from "../../elaborate/names/target.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import { exprToJSON } from "../../expr/json.ts";
import { isMatrixShape, isScalarShape, isVectorShape, type Shape, shapeText } from "../../expr/shape.ts";
import { shapeAxes } from "../../tensor/form/tensor.ts";
import { answering, type Refusal } from "../question/call.ts";
import type { Expression } from "../question/question.ts";
import { type Stated, state } from "../question/state.ts";
import { byText, distinct, targetsOf, wholes } from "../question/targets.ts";
import type { Answer } from "./answer.ts";
import { type Condition, conditionsOf } from "./conditions.ts";
import { conventionOf, lowerOrders, writeDerivative } from "./derivative.ts";
import { readDirection } from "./direction.ts";
import { foldNames, shortestOf } from "./fold.ts";
import { plural } from "./numerals.ts";
import { refuseOnlySymmetric } from "./onlySymmetric.ts";
import { differentialOf, type MadeView, makeViews, readingChoice, VIEWS, type ViewName, withDifferentials } from "./views.ts";
import { written } from "./written.ts";

/** Which derivative is asked for. */
export type Kind = "derivative" | "gradient" | "hessian" | "jvp" | "vjp" | "hvp" | "differential";

/** What derivatives are asked for. */
export interface Choice {
  readonly layout?: Layout;
  /** 1 unless stated. */
  readonly order?: number;
  /** What a first derivative by a symmetric variable means; free unless stated. */
  readonly symmetry?: Symmetry;
  /** One derivative by all variables in turn instead of one by each. */
  readonly mixed?: boolean;
  /** What the variables move along, one for each. */
  readonly along?: readonly string[];
  /** The upstream gradient, of the value's shape. */
  readonly upstream?: string;
  /** Views wanted in any case; results of more than two axes have all. */
  readonly views?: readonly ViewName[];
  /** Whether an answer may use the names of definitions and the notations of rules; it may unless stated. */
  readonly names?: boolean;
  /** Whether parts that a long answer repeats are named; not unless stated. */
  readonly where?: boolean;
}

/** What an answer states, for a check. */
export type Claim =
  | {
      readonly kind: "derivative";
      readonly by: readonly Target[];
      readonly layout: Layout;
      readonly previous: readonly Expr[];
      /** What the derivative by a symmetric variable means; free unless stated. */
      readonly symmetry?: Symmetry;
    }
  | { readonly kind: "along"; readonly directions: readonly Direction[] }
  | { readonly kind: "upstream"; readonly by: readonly Target[]; readonly with: Expr }
  | { readonly kind: "hessian-vector"; readonly by: readonly Target[]; readonly with: Expr };

/** One answer of a question. */
export interface Part {
  /** What is differentiated by, first. */
  readonly target: Target;
  readonly answer: Answer;
  readonly claim: Claim;
  readonly views: readonly MadeView[];
}

/** Answers by several variables to one question, with its typed terms. */
export interface Solved {
  readonly ok: true;
  readonly stated: Stated;
  readonly parts: readonly Part[];
}

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

function solveAlong(stated: Stated, choice: Choice): Solved {
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

function directed(stated: Stated, targets: readonly Target[], given: readonly string[]): { directions: Direction[]; all: Stated } {
  let all = stated;
  const directions = targets.map(({ variable }, i): Direction => {
    const read = readDirection(given[i], variable.shape, variable.name, all, lettersFor(variable.shape, DIRECTIONS));
    all = read.stated;
    return { variable, along: read.expr };
  });
  return { directions, all };
}

function solveUpstream(stated: Stated, choice: Choice): Solved {
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

function solveHessianVector(stated: Stated, choice: Choice): Solved {
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

function solveDifferential(stated: Stated, choice: Choice): Solved {
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

/** A derivative that was found, before the names of definitions are put into it. */
interface Found {
  readonly expr: Expr;
  readonly notation: "matrix" | "entries";
  readonly order: number;
  readonly layout?: Layout;
  readonly symmetry?: Symmetry;
  readonly along?: readonly Expr[];
  readonly upstream?: Expr;
  readonly views?: readonly MadeView[];
}

function answerOf(stated: Stated, by: readonly Target[], choice: Choice, found: Found): Answer {
  const { along: directions, upstream: gradient, layout, symmetry, order, notation, views = [] } = found;
  const expr = choice.names === false ? found.expr : stated.library.notate(foldNames(found.expr, stated));
  const text = (e: Expr): string => written(e, stated, false).ascii;
  const shortest = (part: Expr): Expr | undefined => attempt(() => shortestOf(part, stated));
  const conditions = new Map<string, Condition>();
  for (const { variable } of by)
    for (const c of conditionsOf({ expr: stated.expr, variable: variable.name, order, answer: expr, shortest }, stated.library))
      conditions.set(`${c.kind} ${c.text}`, c);
  const { shape, ascii, unicode, latex, where } = written(expr, stated, choice.where === true);
  // What may be absent comes last: members added behind it would be slow.
  const answer: Answer = {
    expr,
    shape,
    ascii,
    unicode,
    latex,
    where,
    ok: true,
    order,
    notation,
    of: stated.written,
    wrt: byText(by, order),
    views: views.map((v) => v.view),
    assumptions: stated.assumptions,
    conditions: [...conditions.values()],
    toJSON() {
      const { expr: term, of, toJSON: _, ...rest } = this;
      return { ...rest, expr: exprToJSON(term), of: exprToJSON(of) };
    },
    ...optional({ layout, symmetry }),
    ...(directions === undefined ? {} : { along: directions.map(text).join(", ") }),
    ...(gradient === undefined ? {} : { upstream: text(gradient) }),
  };
  return answer;
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
