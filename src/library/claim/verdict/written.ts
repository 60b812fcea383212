// A claim judged as it is written, in LaTeX or plain text: with names for what it differentiates in brackets, with what its
// derivatives say of names that nothing defines, and with letters that stand together as products.
//
// Invariant: what is shown of a claim, and the places of what is wrong in it, are those of the text as it was given. Not
// here: what else a claim may be meant as (otherwise.ts).

import { InputError } from "../../../base/diagnostic.ts";
import { optional } from "../../../base/optional.ts";
import type { Problem } from "../../../elaborate/elaborate.ts";
import type { Numeric } from "../../../numeric/numeric.ts";
import type { Library } from "../../../rewrite/library.ts";
import { answering, type Refusal, refuse, unlessFault } from "../../question/call.ts";
import { inSource, type Plain, plainText, shownText } from "../../question/notation.ts";
import type { Settled } from "../../question/question.ts";
import { withNames } from "../readings/bracketed.ts";
import { dependencesIn } from "../readings/dependents.ts";
import { withDerivativesPutIn } from "../readings/namedDerivatives.ts";
import { refuseNoEquation } from "../terms/refused.ts";
import { type Statement, statementIn, type WrittenSide } from "../text/statement.ts";
import { judgeSides, productsIn, supposing } from "./sides.ts";
import { suppose } from "./supposed.ts";
import { assuming, type CheckedClaim, type JudgedQuestion, type SettledClaim } from "./verdict.ts";

/** LaTeX says itself which letters are products, and a translation keeps to that. */
const TRANSLATED: Pick<Settled, "apart"> = { apart: new Set() };

/** A question with another claim in the plain notation, and its definitions in that, too. */
export function inPlain(question: JudgedQuestion, claim: string, library: Library): JudgedQuestion {
  const definitions = question.let?.map(([name, body]) => [name, plainText(body, question, library).text] as const);
  return { ...question, claim, notation: "plain", ...optional({ let: definitions }) };
}

/** Judges a claim as it is written. */
export function judgeWritten(numeric: Numeric, question: JudgedQuestion, library: Library): CheckedClaim | Refusal {
  const { result, plain } = judgePlain(numeric, question);
  if (plain === undefined) return result;
  if (result.ok) return asWritten(result, plain);
  const { text, isLatex } = plain;
  const saying = (claim: string): JudgedQuestion => ({ ...inPlain(question, claim, library), ...(isLatex ? TRANSLATED : {}) });
  const judged =
    judgeReworded(withNames(text), (claim) => judgePlain(numeric, saying(claim)).result) ??
    judgeDependent(numeric, question, text) ??
    judgeReworded(withDerivativesPutIn(text), (claim) => judgeWritten(numeric, saying(claim), library));
  return judged === undefined ? inSource(result, plain) : asWritten(judged, plain);
}

/** A judged claim with its sides as they were written; those in LaTeX are shown in the plain notation. */
export function asWritten(judged: CheckedClaim, { shown }: Plain): CheckedClaim {
  const { sides } = statementIn(shown);
  return { ...judged, left: shownText((sides[0] as WrittenSide).text), right: shownText((sides.at(-1) as WrittenSide).text) };
}

/** Judges a claim in other words; undefined where there are none or it cannot be read so. */
function judgeReworded(claim: string | undefined, judge: (claim: string) => CheckedClaim | Refusal): CheckedClaim | undefined {
  const judged = claim === undefined ? undefined : judge(claim);
  return judged?.ok === true ? judged : undefined;
}

/** Judges a claim with derivatives of names of which nothing else is said; undefined where it cannot be read so. */
function judgeDependent(numeric: Numeric, question: JudgedQuestion, text: string): CheckedClaim | undefined {
  let judged: CheckedClaim | undefined;
  for (const { declarations, assumed, isFirm } of dependencesIn(text, question, question.claim)) {
    const supposed = { ...question, declarations: `${question.declarations ?? ""}\n${declarations}` };
    const { result } = judgePlain(numeric, supposed);
    if (result.ok) judged = assuming(result, assumed);
    if (judged?.accepted === true || (result.ok && isFirm)) break;
  }
  return judged;
}

/** Judges the text of a claim in the plain notation, whatever it and its definitions are written in. */
function judgePlain(
  numeric: Numeric,
  question: JudgedQuestion,
): { readonly result: CheckedClaim | Refusal; readonly plain: Plain | undefined } {
  const { claim } = question;
  let plain: Plain | undefined;
  const result = answering({ ...question, expr: claim }, (library) => {
    plain = plainText(claim, question, library);
    const { text, isLatex } = plain;
    const settled: SettledClaim = { ...question, library, writtenOut: true };
    if (text === claim) return judgeText(numeric, settled, text);
    const plainly: SettledClaim = { ...inPlain(settled, claim, library), library, writtenOut: true, ...(isLatex ? TRANSLATED : {}) };
    return placedIn(text, () => judgeText(numeric, plainly, text));
  });
  return { result, plain };
}

function judgeText(numeric: Numeric, settled: SettledClaim, text: string): CheckedClaim {
  const statement = statementIn(text);
  if (statement.sides.length < 2 || statement.sides.some((s) => s.text === "")) refuseNoEquation(statement, settled);
  const ends = [statement.sides[0], statement.sides.at(-1)] as [WrittenSide, WrittenSide];
  const { checked, problem } = judgeSides(numeric, settled, statement, ends);
  const supposed = suppose(settled, problem, checked, supposing(numeric, settled, statement, ends));
  return supposed.accepted ? supposed : (judgeProducts(numeric, settled, statement, problem.runs) ?? supposed);
}

/** Judges a claim with products for all the letters that it writes together; undefined where that does not make it right. */
function judgeProducts(numeric: Numeric, settled: SettledClaim, statement: Statement, runs: Problem["runs"]): CheckedClaim | undefined {
  const known = settled.apart ?? productsIn(settled, statement);
  const apart = new Set([...known, ...runs.keys()]);
  if (apart.size === known.size) return undefined;
  const judged = unlessFault(() => judgeText(numeric, { ...settled, apart, undiagnosed: true }, statement.source));
  return judged?.accepted === true ? judged : undefined;
}

/** Makes something of a text; the places of what is wrong are places in that text. */
function placedIn<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return refuse({ ok: false, diagnostics: [error.diagnostic], source: text });
    throw error;
  }
}
