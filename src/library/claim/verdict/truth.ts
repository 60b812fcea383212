// What a side of a claim is worth: the value of a term, or the forms that a derivative has in
// the layouts and conventions it may be claimed in.
//
// Invariant: a derivative that nabla cannot find has no forms and says why; it is never zero.

import { attempt, InputError } from "../../../base/diagnostic.ts";
import { optional } from "../../../base/optional.ts";
import type { Form } from "../../../check/claim.ts";
import type { Source } from "../../../check/search.ts";
import type { Problem, Side } from "../../../elaborate/elaborate.ts";
import type { Expr } from "../../../expr/expr.ts";
import { type Shape, sameShape, shapeText } from "../../../expr/shape.ts";
import type { Numeric } from "../../../numeric/numeric.ts";
import { writeDerivative } from "../../answer/derivative.ts";
import { compare } from "../../numbers/verify.ts";
import type { Stated } from "../../question/state.ts";
import { type Differential, writtenOut as writeDifferentials } from "../terms/differentials.ts";
import { type Differentiated, differentiatedBy, formsOf, inVariables, stateOf } from "../terms/forms.ts";
import type { ClaimQuestion, SettledClaim } from "./verdict.ts";

/** What a side of a claim is worth. */
export interface Truth {
  readonly stated: Stated;
  /** Empty where nabla cannot find the derivative. */
  readonly forms: readonly Form[];
  /** Present for a derivative. */
  readonly difference?: Differentiated;
  /** Those that stand in a term. */
  readonly differentials?: readonly Differential[];
  /** Why there are no forms. */
  readonly missing?: string;
}

/** The worth of a side. Throws a diagnostic where the side itself is at fault. */
export function truthOfSide(problem: Problem, side: Side, question: SettledClaim): Truth {
  if (side.kind === "value") return truthOfValue(stateOf(problem, side.expr, [], question), question);
  const difference = differentiatedBy(problem, side, question, question.layout, question.symmetry);
  const { stated } = difference;
  try {
    const forms = formsOf(difference).map((form): Form => {
      const expr = inVariables(form.expr, problem, question.library);
      return expr === form.expr ? form : { ...form, expr, shown: form.expr };
    });
    return { stated, forms, difference };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { stated, forms: [], difference, missing: error.diagnostic.message };
  }
}

function truthOfValue(stated: Stated, { differentials }: SettledClaim): Truth {
  if (differentials === undefined) return { stated, forms: [{ expr: stated.expr }] };
  try {
    const { stated: all, differentials: made } = writeDifferentials(stated, differentials);
    return { stated: all, forms: [{ expr: all.expr }], differentials: made };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { stated, forms: [], missing: error.diagnostic.message };
  }
}

/** The shapes that the forms have, each once. */
export const shapesOf = (truth: Truth): readonly Shape[] => {
  const seen = new Map(truth.forms.map((f) => [shapeText(f.expr.shape), f.expr.shape]));
  return [...seen.values()];
};

/** The forms that the claim may have been meant as, each in the shortest notation of its layout. */
export function writtenOut({ forms, difference }: Truth, claimed: Expr): Form[] {
  if (difference === undefined) return [...forms];
  const { stated, by, layout } = difference;
  return forms.map((form) => {
    const { layout: own } = form;
    const plainly =
      form.shown === undefined && own !== undefined && own !== layout && form.partial === undefined && (form.symmetry ?? "free") === "free";
    if (!plainly || !sameShape(form.expr.shape, claimed.shape)) return form;
    const expr = attempt(() => writeDerivative(stated, by, own).expr);
    return expr === undefined ? form : { ...form, expr };
  });
}

/** What a claim is about, for a diagnosis: the term and what it is differentiated by. */
export const sourceOf = ({ stated, difference }: Truth): Source | undefined =>
  difference === undefined ? undefined : { expr: stated.expr, by: difference.by };

/** Why nabla's own derivatives are not to be relied on; undefined where the numbers agree with them. */
export function doubtAbout(numeric: Numeric, truth: Truth, question: ClaimQuestion): string | undefined {
  const choice = optional({ seed: question.seed });
  for (const { of, directions, answer } of truth.differentials ?? []) {
    const verdict = compare(numeric, { ...truth.stated, expr: of }, { kind: "along", directions }, answer, choice);
    if (verdict.ok === false) return `nabla's own differential fails its check: ${verdict.reason ?? ""}`;
  }
  const { difference } = truth;
  const [own] = truth.forms;
  if (difference === undefined || own === undefined || difference.by.length > 2) return undefined;
  const { stated, by, layout } = difference;
  const symmetry = optional({ symmetry: own.symmetry });
  const verdict = compare(numeric, stated, { kind: "derivative", by, layout, previous: [], ...symmetry }, own.shown ?? own.expr, choice);
  return verdict.ok === false ? `nabla's own derivative fails its check: ${verdict.reason ?? ""}` : undefined;
}
