// Numbers: is a derivative right, in every form in which it is shown.
//
// Invariants: what is checked is text as a reader sees it, parsed again (printed.ts), so printing
// is part of what is checked. After the one wait, for the oracle, a call is synchronous: no
// other call can come between its terms.

import { optional } from "../../base/optional.ts";
import { freed } from "../../calculus/free.ts";
import { arrangeHigher, axesOf, type By, byShape } from "../../calculus/higher.ts";
import { checkAnswer } from "../../check/answer.ts";
import type { Verdict } from "../../check/compare.ts";
import { entriesOfEinsum, entriesOfIndexForm } from "../../check/forms.ts";
import { checkAlong, checkAlongEach, checkContracted, checkEntries, checkMatrix, type Differentiated } from "../../check/higher.ts";
import type { Target } from "../../elaborate/names/target.ts";
import { add, apply, mul, num, substitute, transpose, variable } from "../../expr/build.ts";
import type { Expr, Index, Variable } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Definitions } from "../../numeric/context.ts";
import type { Numeric } from "../../numeric/numeric.ts";
import type { Answer } from "../answer/answer.ts";
import type { Claim, Part } from "../answer/asked.ts";
import { claimOf } from "../answer/solve.ts";
import type { MadeView } from "../answer/views.ts";
import { answering, isFault, type Refusal } from "../question/call.ts";
import { listed, type Question } from "../question/question.ts";
import { renewed, type Stated, state } from "../question/state.ts";
import type { DataValue } from "./data.ts";
import { loadOracle } from "./oracle.ts";
import { plainVerdict } from "./plain.ts";
import { readAnswer, readPrinted } from "./printed.ts";

/** The claim that `answer` is the derivative that the question asks for. */
export interface AnswerClaim extends Question {
  /** Text as printed, or a term; by a symmetric variable in the convention of the question, `symmetric` unless stated. */
  readonly answer: string | Expr;
  /** Directions: the answer is the directional derivative, with order 2 the Hessian met with them. */
  readonly along?: string | readonly string[];
  /** An upstream gradient: the answer is it, taken back to the variable. */
  readonly upstream?: string;
  /** Decides the points; 1 unless stated. */
  readonly seed?: number;
  /** Number of points; 3 unless stated. */
  readonly points?: number;
}

/** What the numbers say of a claim. */
export interface Checked {
  readonly ok: true;
  readonly verdict: "agrees" | "differs" | "not checked";
  /** Points compared. */
  readonly points: number;
  /** The largest error, relative to the size of the derivative. */
  readonly worst: number;
  readonly seed: number;
  /** Why it differs or could not be checked. */
  readonly reason?: string;
  readonly witness?: PlainWitness;
}

/** A place where a claim fails: the 1-based entry, both values there, and the data to compute them again. */
export interface PlainWitness {
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly claimed: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly at: Readonly<Record<string, DataValue>>;
}

/**
 * Compares an answer, as text or term, with numeric differentiation at random points of several
 * shapes, which knows no rules. Agreement is evidence and no proof; an answer that differs comes
 * with a witness, and one that could not be compared is `not checked`, with the reason.
 *
 * @example
 * ```ts
 * import { check } from "nabla";
 *
 * const checked = await check({ expr: "x'*A*x", wrt: "x", vars: { x: ["n"], A: ["n", "n"] }, answer: "2*x'*A" });
 * console.log(checked.ok && checked.verdict); // differs
 * ```
 */
export async function check(claim: AnswerClaim): Promise<Checked | Refusal> {
  const numeric = await loadOracle();
  return answering(claim, (library) => {
    const wrt = listed(claim.wrt);
    const { claim: stating, stated } = claimOf(state(claim, wrt, library), {
      ...optional({ layout: claim.layout }),
      symmetry: claim.symmetry ?? "symmetric",
      ...optional({ order: claim.order }),
      ...(claim.along === undefined ? {} : { along: listed(claim.along) }),
      ...optional({ upstream: claim.upstream }),
      mixed: wrt.length > 1,
    });
    const answer = typeof claim.answer === "string" ? readAnswer(claim.answer, stated) : renewed(claim.answer);
    return plainVerdict(compare(numeric, stated, stating, answer, claim));
  });
}

/** Where and how often an answer is compared; as in an `AnswerClaim`. */
export interface CheckChoice {
  readonly seed?: number;
  readonly points?: number;
}

/** Checks one answer by the text of it that is printed, and each of its views. */
export type Check = (
  stated: Stated,
  part: Pick<Part, "answer" | "claim" | "views">,
  format: "ascii" | "unicode",
  options?: CheckChoice,
) => Checked;

/** Makes ready to check answers, each against the stated question that it belongs to. */
export async function openCheck(): Promise<Check> {
  const numeric = await loadOracle();
  return (stated, part, format, options = {}) => {
    try {
      return checkPart(numeric, stated, part, format, options);
    } catch (error) {
      if (!isFault(error)) throw error;
      return {
        ok: true,
        verdict: "not checked",
        points: 0,
        worst: 0,
        seed: options.seed ?? 1,
        reason: "the printed text is not read back",
      };
    }
  };
}

function checkPart(
  numeric: Numeric,
  stated: Stated,
  part: Parameters<Check>[1],
  format: "ascii" | "unicode",
  options: CheckChoice,
): Checked {
  const { answer, claim, views } = part;
  const verdict = compare(numeric, stated, claim, readPrinted(answer, format, stated), options);
  if (verdict.ok !== true) return plainVerdict(verdict);
  for (const view of views) {
    const seen = compareView(numeric, stated, claim, view, options);
    if (seen.ok === false) return plainVerdict({ ...seen, reason: `its ${view.kind} form differs: ${seen.reason ?? ""}` });
  }
  return plainVerdict(verdict);
}

interface Options {
  readonly definitions: Definitions;
  readonly seed?: number;
  readonly points?: number;
}

const optionsFor = (stated: Stated, { seed, points }: CheckChoice): Options => ({
  definitions: stated.library.definition,
  ...optional({ seed, points }),
});

/** Compares a term with numeric differentiation of what was stated. */
export function compare(numeric: Numeric, stated: Stated, claim: Claim, answer: Expr, choice: CheckChoice = {}): Verdict {
  const options = optionsFor(stated, choice);
  switch (claim.kind) {
    case "along":
      return checkAlong(
        numeric,
        { expr: stated.expr, directions: new Map(claim.directions.map((d) => [d.variable, d.along])), answer },
        options,
      );
    case "upstream":
    case "hessian-vector": {
      const { variable: v } = claim.by[0] as Target;
      const second = claim.kind === "hessian-vector";
      const of: Differentiated = { expr: stated.expr, by: second ? [v, v] : [v] };
      return checkContracted(numeric, { of, with: claim.with, side: second ? "columns" : "rows", answer }, options);
    }
    case "derivative":
      return compareDerivative(numeric, stated, claim, answer, options);
  }
}

function compareDerivative(
  numeric: Numeric,
  stated: Stated,
  claim: Claim & { kind: "derivative" },
  answer: Expr,
  options: Options,
): Verdict {
  const { by, layout, previous, symmetry = "free" } = claim;
  const { move, along } = moving(by, stated);
  const expr = move(stated.expr);
  const [first, second] = by;
  // An entry of a structured variable moves alone, and the answer holds where the others mirror it.
  if (first?.at !== undefined && by.length === 1 && freed(first.variable) !== first.variable) {
    const directions = new Map([[first.variable, partAt(first.variable, first.at, num(1))]]);
    return checkAlong(
      numeric,
      { expr: stated.expr, directions, answer: isTurned(stated, by, layout) ? transpose(answer) : answer },
      options,
    );
  }
  if (first !== undefined && by.length === 1)
    return checkAnswer(numeric, { expr, wrt: along[0] as Variable, layout, symmetry, answer: move(answer) }, options);
  // A first order below is right before a higher one is compared with it.
  for (let order = 2; order < by.length; order++) {
    const below = compareDerivative(
      numeric,
      stated,
      { ...claim, by: by.slice(0, order), previous: previous.slice(0, order - 2) },
      previous[order - 2] as Expr,
      options,
    );
    if (below.ok !== true) return below;
  }
  const whole = first?.at === undefined && second?.at === undefined && first?.variable === second?.variable;
  if (by.length === 2 && whole && isScalarShape(stated.expr.shape))
    return checkAnswer(numeric, { expr, wrt: along[0] as Variable, order: 2, layout, answer: move(answer) }, options);
  const turned = isTurned(stated, by, layout);
  return checkMatrix(numeric, differentiated(stated, claim), move(answer), turned, options);
}

// By numbers and entries alone the answer has the value's shape, or its transpose.
const isTurned = (stated: Stated, by: readonly By[], layout: Answer["layout"]): boolean =>
  by.every((b) => axesOf(b) === 0) && layout === "denominator" && arrangeHigher(stated.expr.shape, by, "denominator").cols[0] === 0;

function differentiated(stated: Stated, { by, previous, symmetry }: Claim & { kind: "derivative" }): Differentiated {
  const { move, along } = moving(by, stated);
  const below = previous[by.length - 3];
  return {
    expr: move(stated.expr),
    by: along,
    ...optional({ symmetry }),
    ...(below === undefined ? {} : { previous: move(below) }),
  };
}

function compareView(numeric: Numeric, stated: Stated, claim: Claim, made: MadeView, choice: CheckChoice): Verdict {
  const options = optionsFor(stated, choice);
  if (claim.kind !== "derivative") return compare(numeric, stated, claim, readAnswer(made.view.ascii, stated), choice);
  const of = differentiated(stated, claim);
  const { move } = moving(claim.by, stated);
  const find = stated.library.functions.find;
  switch (made.kind) {
    case "differential": {
      const directions = made.directions.map((d) => d.along);
      // A differential along a symmetric direction is the same under every convention.
      return checkAlongEach(numeric, { of: { ...of, symmetry: "free" }, directions, answer: made.expr }, options);
    }
    case "vec":
      return checkMatrix(numeric, of, move(made.expr), false, options);
    case "index": {
      const form = { labels: made.form.labels, body: move(made.form.exact) };
      return checkEntries(numeric, of, entriesOfIndexForm(form, { ...options, find }), options);
    }
    case "einsum":
      return checkEntries(numeric, of, entriesOfEinsum(made.array, { ...options, find, at: move }), options);
  }
}

// The derivative by an entry is that by a number t in x + t eᵢ, the one by a row that by a vector t in X + eᵢ tᵀ.
function moving(by: readonly Target[], stated: Stated): { move: (e: Expr) => Expr; along: Variable[] } {
  const moves = new Map<Variable, Expr>();
  const along = by.map((target, i): Variable => {
    const { variable: x, at } = target;
    if (at === undefined) return x;
    const t = variable(`∂${i + 1}`, byShape(target));
    moves.set(x, add(moves.get(x) ?? x, partAt(x, at, t)));
    return t;
  });
  return { move: (e) => substitute(e, moves, stated.library.functions), along };
}

/** A number at an entry of the variable, or a vector along a row or column of it, zeros elsewhere. */
function partAt({ shape }: Variable, [row, column]: readonly [Index, Index], t: Expr): Expr {
  const { rows, cols } = shape;
  if (isScalarShape(shape)) return t;
  const down = row.kind === "position" && rows.key !== "1" ? apply("unit", [], [rows, row.at]) : undefined;
  const across = column.kind === "position" && cols.key !== "1" ? transpose(apply("unit", [], [cols, column.at])) : undefined;
  const [below, beside] = [down ?? (rows.key === "1" ? undefined : t), across ?? (cols.key === "1" ? undefined : transpose(t))];
  const isEntry = isScalarShape(t.shape);
  const parts = [...(isEntry ? [t] : []), ...(below === undefined ? [] : [below]), ...(beside === undefined ? [] : [beside])];
  return parts.reduce((a, b) => mul(a, b));
}
