// The outputs of a program as terms: the value of an expression and its derivatives by each variable, and
// what a self-test holds each against.
//
// Invariant: a derivative is claimed to agree with differences only where its entries may be moved by
// themselves, or in pairs as those of a symmetric matrix. Not here: the plan (program.ts).

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { arrangeShape, hessianVector } from "../../calculus/directional.ts";
import { hasConventions } from "../../calculus/symmetry.ts";
import { writeArranged } from "../../calculus/views.ts";
import type { TestClaim } from "../../codegen/targets/target.ts";
import type { Target } from "../../elaborate/names/target.ts";
import { isBinding } from "../../expr/attributes.ts";
import { type Expr, nodes, type Variable } from "../../expr/expr.ts";
import { isMatrixShape, isScalarShape } from "../../expr/shape.ts";
import { readDirection } from "../answer/direction.ts";
import { shortestOf } from "../answer/fold.ts";
import { derivativeBy } from "../answer/solve.ts";
import { readingChoice } from "../answer/views.ts";
import type { Question } from "../question/question.ts";
import type { Stated } from "../question/state.ts";
import { targetName, targetsOf } from "../question/targets.ts";

/** All that a program can compute. */
export const OUTPUTS = ["value", "derivative", "hessian", "hvp"] as const;
/** What a program computes; `hvp` is the Hessian times a direction. */
export type OutputName = (typeof OUTPUTS)[number];

/** An output as a term. */
export interface Output {
  readonly name: string;
  readonly expr: Expr;
  readonly claim?: TestClaim;
  /** When it is turned into forms: what comes first is taken as it is by what follows. */
  readonly rank: number;
}

/** The outputs that are wanted, in order; the question with the directions that they introduce. */
export function outputsOf(asked: Stated, wanted: ReadonlySet<OutputName>, question: Question): { outputs: Output[]; stated: Stated } {
  const outputs: Output[] = wanted.has("value") ? [{ name: "value", expr: valueTerm(asked), rank: 0 }] : [];
  const targets = [...wanted].some((output) => output !== "value") ? targetsOf(asked) : [];
  const order = question.order ?? 1;
  let stated = asked;
  for (const target of targets) {
    const by = variation(target, targets.length > 1);
    const first = wanted.has("derivative") ? derivativeOutput(stated, by, question, wanted.has("value")) : undefined;
    // What differences of the first derivative tell is told of a gradient alone.
    const gradient = first?.name.startsWith("gradient") === true ? first.name : undefined;
    if (first !== undefined) outputs.push(first);
    if (wanted.has("hessian") && !(first !== undefined && order === 2)) outputs.push(hessianOutput(stated, by, gradient));
    if (wanted.has("hvp")) {
      const product = productOutput(stated, by, gradient);
      outputs.push(product.output);
      stated = product.stated;
    }
  }
  return { outputs, stated };
}

/** What is differentiated by, and how it may be moved to see what comes of that. */
interface Variation {
  readonly target: Target;
  /** Behind the names of outputs where there are several variables. */
  readonly suffix: string;
  /** Whether its entries move in pairs. */
  readonly symmetric: boolean;
  /** Whether its entries can be moved at all, by themselves or in pairs. */
  readonly free: boolean;
}

function variation(target: Target, several: boolean): Variation {
  const { variable, at } = target;
  const symmetric = hasConventions(variable);
  // Programs use the structure of a matrix; that a vector has length 1 they do not.
  const isStructured = isMatrixShape(variable.shape) && variable.attributes.some(isBinding);
  const free = at === undefined && (symmetric || !isStructured);
  return { target, suffix: several ? `_${targetName(target)}` : "", symmetric, free };
}

function derivativeOutput(stated: Stated, by: Variation, question: Question, withValue: boolean): Output {
  const { target, suffix, symmetric, free } = by;
  const { order = 1, layout: asked, symmetry = "symmetric" } = question;
  const scalar = isScalarShape(stated.expr.shape);
  const isGradient = scalar && order === 1 && (asked === undefined || asked === "mixed");
  const layout = asked ?? (isGradient ? "mixed" : "numerator");
  const all = Array.from({ length: order }, () => target);
  const { answer } = derivativeBy(stated, all, layout, { names: false, symmetry });
  const name = `${isGradient ? "gradient" : scalar && order === 2 ? "hessian" : scalar ? "derivative" : "jacobian"}${suffix}`;
  const output: Output = { name, expr: answer.expr, rank: 2 };
  if (!free || !withValue || order !== 1 || (symmetric && !scalar)) return output;
  const arranged = arrangementOf(stated, target, answer.layout ?? layout);
  return { ...output, claim: { output: name, of: "value", by: target.variable.name, arranged, symmetric } };
}

function hessianOutput(stated: Stated, { target, suffix, symmetric, free }: Variation, gradient: string | undefined): Output {
  const { answer } = derivativeBy(stated, [target, target], "numerator", { names: false });
  const output: Output = { name: `hessian${suffix}`, expr: answer.expr, rank: 1 };
  if (gradient === undefined || !free || symmetric) return output;
  return { ...output, claim: { output: output.name, of: gradient, by: target.variable.name, arranged: "rows", symmetric } };
}

function productOutput(
  asked: Stated,
  { target, suffix, symmetric, free }: Variation,
  gradient: string | undefined,
): { output: Output; stated: Stated } {
  if (!isScalarShape(asked.expr.shape)) fail("shape", "a Hessian belongs to a number", NOWHERE);
  if (target.at !== undefined) fail("unsupported", "a direction belongs to a whole variable", NOWHERE);
  const { expr, direction, stated } = hessianProduct(asked, target.variable);
  const output: Output = { name: `hvp${suffix}`, expr, rank: 3 };
  if (gradient === undefined || direction.kind !== "var" || !free) return { output, stated };
  const along = { arranged: "along", along: direction.name } as const;
  return { output: { ...output, claim: { output: output.name, of: gradient, by: target.variable.name, ...along, symmetric } }, stated };
}

/** The Hessian of a number times a direction that has a name of its own, in the variable's shape; the question with the direction. */
export function hessianProduct(asked: Stated, variable: Variable): { expr: Expr; direction: Expr; stated: Stated } {
  const letters = variable.shape.cols.key === "1" ? ["v", "u", "d"] : ["V", "U", "D"];
  const { expr: direction, stated } = readDirection(undefined, variable.shape, variable.name, asked, letters);
  const tensor = hessianVector(stated.expr, variable, direction, stated.library);
  const { expr } = writeArranged(tensor, arrangeShape(variable.shape), readingChoice(stated));
  return { expr, direction, stated };
}

// How the entries of a derivative by a whole variable lie.
function arrangementOf({ expr }: Stated, { variable }: Target, layout: string): TestClaim["arranged"] {
  const [own, by] = [expr.shape, variable.shape];
  if (isScalarShape(own) || isScalarShape(by)) {
    if (layout === "vec") return "rows";
    const numerator = layout === "numerator";
    const turned = isScalarShape(own) ? numerator : layout === "denominator";
    return turned ? "turned" : "shape";
  }
  return layout === "denominator" && own.cols.key === "1" && by.cols.key === "1" ? "columns" : "rows";
}

// A sum over indices is computed in its matrix notation where it has one.
function valueTerm(stated: Stated): Expr {
  const loops = (e: Expr): boolean => [...nodes(e)].some((n) => n.kind === "indexSum");
  if (!loops(stated.expr)) return stated.expr;
  const read = shortestOf(stated.expr, stated);
  return loops(read) ? stated.expr : read;
}
