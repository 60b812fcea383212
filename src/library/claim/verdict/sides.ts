// Two sides of a statement judged against each other, in every way in which they may be read.
//
// Invariant: letters together are read in one way on all sides; of readings the first that makes the claim right counts,
// or else the likeliest. Not here: which texts are claims, and what is supposed where one is wrong (supposed.ts).

import { optional } from "../../../base/optional.ts";
import { type Form, judge } from "../../../check/claim.ts";
import type { Judge } from "../../../check/equal.ts";
import { sameAs } from "../../../check/search.ts";
import { type KnownScope, type Problem, productsInClaim, type Side } from "../../../elaborate/elaborate.ts";
import type { Layout } from "../../../expr/conventions.ts";
import type { Expr } from "../../../expr/expr.ts";
import type { Numeric } from "../../../numeric/numeric.ts";
import type { Library } from "../../../rewrite/library.ts";
import { isLatex } from "../../../syntax/latex/scan.ts";
import { unlessFault } from "../../question/call.ts";
import { withMarks } from "../../question/marked.ts";
import { shownText } from "../../question/notation.ts";
import { requestIn, scopeOf } from "../../question/question.ts";
import { heldConstant, refuseFreeDifferentials, withDifferentials } from "../terms/differentials.ts";
import { asZero, type Misfit, readClaim } from "../terms/equation.ts";
import { refuseMark } from "../terms/refused.ts";
import type { Sides, Statement } from "../text/statement.ts";
import { type Base, formData, inNumbers, verdictOn } from "./judgement.ts";
import { mended } from "./mend.ts";
import type { Supposition } from "./supposed.ts";
import { shapesOf, type Truth, truthOfSide, writtenOut } from "./truth.ts";
import { type CheckedClaim, type Diagnosis, type SettledClaim, textsOf } from "./verdict.ts";

/** A judged claim with its terms. */
export interface Judged {
  readonly checked: CheckedClaim;
  /** The same with what may have gone wrong, which is searched for in the likeliest of the readings alone. */
  readonly explained?: () => CheckedClaim;
  readonly problem: Problem;
  /** The left side, or the right one where that alone is a derivative. */
  readonly left: Side;
  /** The right side, definitions put in; absent where its shapes do not fit. */
  readonly claimed?: Expr;
  /** The forms of the right value; empty where it is not known. */
  readonly forms: readonly Form[];
}

/** What terms are compared with. */
export const judgeBy = (numeric: Numeric, { library, seed }: Pick<SettledClaim, "library" | "seed">): Judge => ({
  numeric,
  library,
  definitions: library.definition,
  ...optional({ seed }),
});

/**
 * Judges the claim that two sides of a statement are equal, letters together read in one way on all
 * sides of it. Ends the call on a fault of the input.
 */
export function judgeSides(numeric: Numeric, asked: SettledClaim, statement: Statement, sides: Sides): Judged {
  const marked = withMarks(asked);
  const apart = marked.apart ?? productsIn(marked, statement);
  const judge = (question: SettledClaim): Judged => judgeReadings(numeric, withDifferentials(question, statement), statement, sides);
  const judged = apart.size === 0 ? undefined : unlessFault(() => judge({ ...marked, apart }));
  return judged ?? judge(marked);
}

/** Judges the claim that two sides are equal under what is supposed of names. */
export const supposing =
  (numeric: Numeric, settled: SettledClaim, statement: Statement, ends: Sides) =>
  (more: Supposition): CheckedClaim | undefined => {
    const [vars, attrs] = [
      { ...settled.vars, ...more.vars },
      { ...settled.attrs, ...more.attrs },
    ];
    return unlessFault(() => judgeSides(numeric, { ...settled, vars, attrs, undiagnosed: true }, statement, ends).checked);
  };

/** The names of a claim that stand for products of their letters. */
export function productsIn(question: SettledClaim, { source, begin, sides }: Statement): ReadonlySet<string> {
  if (question.strict === true || question.notation === "latex" || isLatex(source)) return new Set();
  const texts = sides.map((side) => side.text);
  return productsInClaim(source.slice(0, begin), texts, requestIn(question));
}

/** What a side is worth, found once for each side. */
type TruthOf = (problem: Problem, side: Side) => Truth;

/** Judges two sides in every way in which they may be read: the first that makes the claim right, or else the likeliest. */
function judgeReadings(numeric: Numeric, question: SettledClaim, statement: Statement, sides: Sides): Judged {
  const { library } = question;
  const [first, second] = sides;
  const known = new Map<Side, Truth>();
  const truthOf: TruthOf = (problem, side) => {
    const found = known.get(side) ?? truthOfSide(problem, side, question);
    known.set(side, found);
    return found;
  };
  const readings = readClaim(statement, sides, question, (problem, left) => shapesOf(truthOf(problem, left)));
  const by = judgeBy(numeric, question);
  let best: Judged | undefined;
  let otherwise: Judged | undefined;
  for (const { problem, left, right, layout } of readings) {
    refuseMark(question.claim, problem, sides);
    if (question.differentials !== undefined) refuseFreeDifferentials(problem, [left, right], question);
    const base = { ok: true as const, left: shownText(first.text), right: shownText(second.text), assumptions: problem.assumptions };
    const reading = { base, problem, left, truth: truthOf(problem, left) };
    const judged =
      right.kind === "misfit"
        ? misfit(reading, right, library)
        : left.kind === "value" && right.kind === "derivative"
          ? judgeTurned(by, { ...reading, left: right, truth: truthOf(problem, right) }, reading.truth, question)
          : judgeReading(by, reading, truthOf(problem, right), question);
    if (isInTwoLayouts(judged, layout)) {
      otherwise ??= judged;
      continue;
    }
    if (judged.checked.accepted) return judged;
    best ??= judged;
  }
  const likeliest = (best ?? otherwise) as Judged;
  if (question.undiagnosed === true) return likeliest;
  const explained = { ...likeliest, checked: likeliest.explained?.() ?? likeliest.checked };
  return withMendings(by, explained, second.text, question, truthOf);
}

/** Whether a claim is right only with derivatives in numerator layout on one side, and of the same number as columns on the other. */
function isInTwoLayouts({ checked, left }: Judged, layout: Layout | undefined): boolean {
  if (layout !== "numerator" || !checked.accepted || left.kind !== "derivative" || left.form === "gradient") return false;
  return checked.layout !== undefined && checked.layout !== "numerator";
}

/** A judged claim whose shapes do not fit, with the changes at one place of its right side that make it right. */
function withMendings(by: Judge, judged: Judged, text: string, question: SettledClaim, truthOf: TruthOf): Judged {
  const { checked, problem, left, claimed } = judged;
  if (checked.verdict !== "refuted" || checked.diagnosis.some((d) => d.mistake !== "shape")) return judged;
  const inForm = (expr: Expr): Expr | undefined => truthOf(problem, { kind: "value", expr }).forms[0]?.expr;
  const mendings = mendingsOf(by, { text, claimed }, scopeOf(problem, question), truthOf(problem, left).forms, inForm);
  return { ...judged, checked: { ...checked, diagnosis: [...checked.diagnosis, ...mendings] } };
}

/** Changes at one place of a text that make it one of the forms; none where the two differ only at rare places. */
function mendingsOf(
  by: Judge,
  { text, claimed }: { readonly text: string; readonly claimed: Expr | undefined },
  scope: KnownScope,
  forms: readonly Form[],
  inForm: (expr: Expr) => Expr | undefined,
): Diagnosis[] {
  const found = new Map<string, Diagnosis>();
  if (forms.length === 0) return [];
  const isRight = sameAs(by, forms);
  if (claimed !== undefined && isRight(claimed)) return [];
  for (const { mistake, sentence, from, to, expr } of mended(text, scope)) {
    const value = found.has(mistake) ? undefined : inForm(expr);
    if (value !== undefined && isRight(value))
      found.set(mistake, { mistake, text: `${sentence}, at ${from}: with ${to} there it is right` });
  }
  return [...found.values()];
}

/** A way to read a claim: the side that says what is right, with what that is worth. */
interface Reading {
  readonly base: Base;
  readonly problem: Problem;
  readonly left: Side;
  readonly truth: Truth;
}

function misfit({ base, problem, left, truth }: Reading, { diagnostic }: Misfit, library: Library): Judged {
  const { message } = diagnostic;
  const preferred = truth.forms[0];
  const checked: CheckedClaim = {
    ...base,
    verdict: "refuted",
    accepted: false,
    reason: message,
    ...(preferred === undefined ? {} : { truth: textsOf(preferred.expr, truth.stated, library), ...formData(preferred) }),
    diagnosis: [{ mistake: "shape", text: `the shapes do not fit: ${message}` }],
  };
  return { checked, problem, left, forms: truth.forms };
}

/** A value held against the derivative on the right of it, which may be in any layout there, too: 2x = d(x'x)/dx. */
function judgeTurned(by: Judge, reading: Reading, value: Truth, question: SettledClaim): Judged {
  const { claimed: _, ...judged } = judgeReading(by, reading, value, question);
  return { ...judged, ...optional({ claimed: reading.truth.forms[0]?.expr }) };
}

function judgeReading(by: Judge, { base: given, problem, left, truth }: Reading, right: Truth, question: SettledClaim): Judged {
  const wanted = truth.forms[0] ?? right.forms[0];
  const own = right.forms[0];
  if (own === undefined || wanted === undefined || truth.forms.length === 0) {
    // Without a derivative of its own nabla asks the numbers alone.
    const checked = inNumbers(by, given, truth, right, question);
    return { checked, problem, left, forms: truth.forms, ...optional({ claimed: own?.expr }) };
  }
  const claimed = asZero(own.expr, wanted.expr.shape);
  const regular = truth.difference === undefined ? [] : [truth.stated.expr];
  const judgement = judge(by, truth.forms, claimed, regular);
  const differentials = [...(truth.differentials ?? []), ...(right.differentials ?? [])];
  const whole: Truth = differentials.length === 0 ? truth : { ...truth, differentials };
  const base = { ...given, assumptions: [...given.assumptions, ...heldConstant(differentials)] };
  const shown = judgement.kind === "refuted" ? { ...whole, forms: writtenOut(whole, claimed) } : whole;
  const verdict = (asked: SettledClaim): CheckedClaim => verdictOn(judgement, { by, base, truth: shown, claimed, question: asked });
  const checked = verdict({ ...question, undiagnosed: true });
  return { checked, explained: () => verdict(question), problem, left, claimed, forms: truth.forms };
}
