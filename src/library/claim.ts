// Claims: an equation about a derivative, or between two expressions, judged; where it is
// wrong, the smallest place where that shows and what may have gone wrong.
//
// Invariant: a claim is read in every way that its text allows before it is refuted. Not
// here: chains of equations and derivations (derivation.ts).

import { type Form, judge } from "../check/claim.ts";
import type { Judge } from "../check/equal.ts";
import { sameAs } from "../check/search.ts";
import { type KnownScope, type Problem, productsInClaim, type Side } from "../elaborate/elaborate.ts";
import type { Expr } from "../expr/expr.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Library } from "../rewrite/library.ts";
import { isLatex } from "../syntax/latex/scan.ts";
import { type Aside, withoutAside } from "./aside.ts";
import { withNames } from "./bracketed.ts";
import { dependencesIn } from "./dependents.ts";
import { refuseFreeDifferentials, withDifferentials } from "./differentials.ts";
import { asZero, type Misfit, readClaim, refuseNoEquation, scopeOf } from "./equation.ts";
import { withFunctionLetters } from "./functionLetters.ts";
import { type Base, formData, inNumbers, verdictOn } from "./judgement.ts";
import { withMarks } from "./marked.ts";
import { mended } from "./mend.ts";
import { inSource, type Plain, plainText, shownText } from "./notation.ts";
import { loadOracle } from "./oracle.ts";
import { answering, type Context, type Refusal, requestIn, type Settled, standardRulesOnce, unlessFault } from "./question.ts";
import { type Cut, cut, type Part } from "./statement.ts";
import { type Supposition, suppose } from "./supposed.ts";
import { shapesOf, type Truth, truthOfSide, writtenOut } from "./truth.ts";
import { type CheckedClaim, type ClaimQuestion, type Diagnosis, type SettledClaim, textsOf } from "./verdict.ts";

/** Judges a claim. One with several equality signs is a chain, which `checkSteps` judges link by link; here its ends are compared. */
export async function checkClaim(question: ClaimQuestion): Promise<CheckedClaim | Refusal> {
  const check = await openClaims();
  return check(question);
}

/** Makes ready to judge claims one after the other, without waiting. */
export async function openClaims(): Promise<(question: ClaimQuestion & Pick<Settled, "apart">) => CheckedClaim | Refusal> {
  const numeric = await loadOracle();
  return (asked) => {
    const aside = withoutAside(asked.claim, (text) => unlessFault(() => plainText(text, asked, asked.library ?? standardRulesOnce()).text));
    if (aside.strange !== undefined) return refusedAside(asked, aside.strange);
    const { question, assumed } = withFunctionLetters({ ...asked, ...withAside(asked, aside) }, aside.claim);
    const read = judgeIn(numeric, question);
    const judged = read.ok && read.verdict !== "refuted" ? read : (judgeErrors(numeric, question) ?? read);
    return judged.ok ? { ...judged, assumptions: [...judged.assumptions, ...assumed] } : judged;
  };
}

function judgeIn(numeric: Numeric, question: ClaimQuestion): CheckedClaim | Refusal {
  const { result, plain } = inPlain(question, question.claim, (text, settled) => judgeText(numeric, { ...question, ...settled }, text));
  if (result.ok || plain === undefined) return result;
  const named = withNames(plain.text);
  const again = named === undefined ? undefined : judgeNamed(numeric, question, plain, named);
  return again?.ok === true ? again : (judgeDependent(numeric, question, plain) ?? inSource(result, plain));
}

/** Judges a claim with derivatives of names of which nothing else is said; undefined where it cannot be read so. */
function judgeDependent(numeric: Numeric, question: ClaimQuestion, { text }: Plain): CheckedClaim | undefined {
  let judged: CheckedClaim | undefined;
  for (const { declarations, assumed } of dependencesIn(text, question)) {
    const supposed = { ...question, declarations: `${question.declarations ?? ""}\n${declarations}` };
    const { result } = inPlain(supposed, question.claim, (plain, settled) => judgeText(numeric, { ...supposed, ...settled }, plain));
    if (result.ok) judged = { ...result, assumptions: [...result.assumptions, ...assumed] };
    if (judged?.accepted === true) break;
  }
  return judged;
}

/** What a question says once it is said before the claim what stands behind it. */
function withAside(asked: ClaimQuestion, { claim, definitions, attributes, declarations }: Aside): Partial<ClaimQuestion> {
  const attrs = { ...asked.attrs };
  for (const [name, more] of Object.entries(attributes)) attrs[name] = [...(attrs[name] ?? []), ...more];
  return {
    claim,
    ...(definitions.length === 0 ? {} : { let: [...(asked.let ?? []), ...definitions] }),
    ...(Object.keys(attributes).length === 0 ? {} : { attrs }),
    ...(declarations.length === 0 ? {} : { declarations: [asked.declarations ?? "", ...declarations].join("\n") }),
  };
}

function refusedAside({ claim }: ClaimQuestion, { text, behind }: NonNullable<Aside["strange"]>): Refusal {
  const start = claim.lastIndexOf(text);
  const span = { start, end: start + text.length };
  const message = `behind \`${behind}\` stand definitions, and what is known of names, alone`;
  return { ok: false, diagnostics: [{ code: "syntax", message, span, fix: "where y = A*x and S = S'" }], source: claim };
}

/** Names e_i of a text that nothing declares. */
const unitLetters = ({ claim, vars }: ClaimQuestion): readonly string[] =>
  [...claim.matchAll(/(?<![\p{L}\p{N}_\\])e_(?:\{([a-z])\}|([a-z]))(?![\p{L}\p{N}_])/gu)]
    .map(([, braced, bare]) => `e_${braced ?? bare}`)
    .filter((name) => vars?.[name] === undefined);

/** Judges a claim with each e_i as a number of its own, as errors are, and no unit vector; undefined where that does not make it right. */
function judgeErrors(numeric: Numeric, question: ClaimQuestion): CheckedClaim | undefined {
  const names = [...new Set(unitLetters(question))];
  if (names.length === 0) return undefined;
  const vars = { ...question.vars, ...Object.fromEntries(names.map((name) => [name, []])) };
  const judged = judgeIn(numeric, { ...question, vars });
  if (!judged.ok || !judged.accepted) return undefined;
  return { ...judged, assumptions: [...judged.assumptions, ...names.map((name) => `${name} is a scalar`)] };
}

function judgeText(numeric: Numeric, settled: SettledClaim, text: string): CheckedClaim {
  const all = cut(text);
  if (all.sides.length < 2 || all.sides.some((s) => s.text === "")) refuseNoEquation(all, settled);
  const ends = [all.sides[0] as Part, all.sides[all.sides.length - 1] as Part] as const;
  const { checked, problem } = judgeSides(numeric, settled, all, ends);
  const supposed = suppose(settled, problem, checked, supposing(numeric, settled, all, ends));
  return supposed.accepted ? supposed : (judgeProducts(numeric, settled, all, problem.runs) ?? supposed);
}

/** Judges the claim that two sides are equal under what is supposed of names. */
export const supposing =
  (numeric: Numeric, settled: SettledClaim, all: Cut, ends: readonly [Part, Part]) =>
  (more: Supposition): CheckedClaim | undefined => {
    const [vars, attrs] = [
      { ...settled.vars, ...more.vars },
      { ...settled.attrs, ...more.attrs },
    ];
    return unlessFault(() => judgeSides(numeric, { ...settled, vars, attrs, undiagnosed: true }, all, ends).checked);
  };

/** Judges a claim with products for all the letters that it writes together; undefined where that does not make it right. */
function judgeProducts(numeric: Numeric, settled: SettledClaim, all: Cut, runs: Problem["runs"]): CheckedClaim | undefined {
  const known = settled.apart ?? productsIn(settled, all);
  const apart = new Set([...known, ...runs.keys()]);
  if (apart.size === known.size) return undefined;
  const judged = unlessFault(() => judgeText(numeric, { ...settled, apart }, all.source));
  return judged?.accepted === true ? judged : undefined;
}

/** Judges a claim with names for what it differentiates in brackets; its sides are shown as they were written. */
function judgeNamed(numeric: Numeric, question: ClaimQuestion, { text }: Plain, named: string): CheckedClaim | Refusal {
  const { sides } = cut(text);
  const plainly: ClaimQuestion = { ...question, claim: named, notation: "plain", ...TRANSLATED };
  const { result } = inPlain(plainly, named, (renamed, settled) => judgeText(numeric, { ...plainly, ...settled }, renamed));
  return result.ok ? { ...result, left: shownText((sides[0] as Part).text), right: shownText((sides.at(-1) as Part).text) } : result;
}

/** LaTeX says itself which letters are products, and a translation keeps to that. */
const TRANSLATED: Pick<Settled, "apart"> = { apart: new Set() };

/** Works on a text in the plain notation, whatever it and its context are written in. */
function inPlain<T extends { readonly ok: true }>(
  context: Context,
  source: string,
  work: (text: string, settled: Settled) => T,
): { readonly result: T | Refusal; readonly plain: Plain | undefined } {
  let plain: Plain | undefined;
  const result = answering({ ...context, expr: source }, (library) => {
    plain = plainText(source, context, library);
    if (plain.text === source) return work(source, { ...context, library });
    const definitions = context.let?.map(([name, text]) => [name, plainText(text, context, library).text] as const);
    return work(plain.text, {
      ...context,
      library,
      notation: "plain",
      ...TRANSLATED,
      ...(definitions === undefined ? {} : { let: definitions }),
    });
  });
  return { result, plain };
}

/** A judged claim with its terms. */
export interface Judged {
  readonly checked: CheckedClaim;
  readonly problem: Problem;
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
  ...(seed === undefined ? {} : { seed }),
});

/**
 * Judges the claim that two sides of a statement are equal, letters together read in one way on all
 * sides of it. Ends the call on a fault of the input.
 */
export function judgeSides(numeric: Numeric, asked: SettledClaim, all: Cut, sides: readonly [Part, Part]): Judged {
  const question = withDifferentials(withMarks(asked), all);
  const apart = question.apart ?? productsIn(question, all);
  const judged = apart.size === 0 ? undefined : unlessFault(() => judgeRead(numeric, { ...question, apart }, all, sides));
  return judged ?? judgeRead(numeric, question, all, sides);
}

function productsIn(question: SettledClaim, { source, begin, sides }: Cut): ReadonlySet<string> {
  if (question.strict === true || question.notation === "latex" || isLatex(source)) return new Set();
  const texts = sides.map((side) => side.text);
  return productsInClaim(source.slice(0, begin), texts, requestIn(question));
}

function judgeRead(numeric: Numeric, question: SettledClaim, all: Cut, sides: readonly [Part, Part]): Judged {
  const { library } = question;
  const [first, second] = sides;
  const known = new Map<Side, Truth>();
  const truthOf = (problem: Problem, side: Side): Truth => {
    const found = known.get(side) ?? truthOfSide(problem, side, question);
    known.set(side, found);
    return found;
  };
  const readings = readClaim(all, sides, question, (problem, left) => shapesOf(truthOf(problem, left)));
  const by = judgeBy(numeric, question);
  let best: Judged | undefined;
  for (const { problem, left, right } of readings) {
    if (question.differentials !== undefined) refuseFreeDifferentials(problem, [left, right], question);
    const base = { ok: true as const, left: shownText(first.text), right: shownText(second.text), assumptions: problem.assumptions };
    const reading = { base, problem, left, truth: truthOf(problem, left) };
    const judged = right.kind === "misfit" ? misfit(reading, right, library) : judgeReading(by, reading, truthOf(problem, right), question);
    if (judged.checked.accepted) return judged;
    best ??= judged;
  }
  const { checked, problem, left, claimed } = best as Judged;
  const isShape = checked.verdict === "refuted" && checked.diagnosis.every((d) => d.mistake === "shape");
  if (question.undiagnosed === true || !isShape) return best as Judged;
  const inForm = (expr: Expr): Expr | undefined => truthOf(problem, { kind: "value", expr }).forms[0]?.expr;
  const wrong = { text: second.text, claimed };
  const mendings = mendingsOf(by, wrong, scopeOf(problem, question), truthOf(problem, left).forms, inForm);
  return { ...(best as Judged), checked: { ...checked, diagnosis: [...checked.diagnosis, ...mendings] } };
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

/** A way to read a claim: its left side, with what that is worth. */
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

function judgeReading(by: Judge, { base, problem, left, truth }: Reading, right: Truth, question: SettledClaim): Judged {
  const wanted = truth.forms[0] ?? right.forms[0];
  const own = right.forms[0];
  if (own === undefined || wanted === undefined || truth.forms.length === 0) {
    // Without a derivative of its own nabla asks the numbers alone.
    const checked = inNumbers(by, base, truth, right, question);
    return { checked, problem, left, forms: truth.forms, ...(own === undefined ? {} : { claimed: own.expr }) };
  }
  const claimed = asZero(own.expr, wanted.expr.shape);
  const regular = truth.difference === undefined ? [] : [truth.stated.expr];
  const judgement = judge(by, truth.forms, claimed, regular);
  const differentials = [...(truth.differentials ?? []), ...(right.differentials ?? [])];
  const whole: Truth = differentials.length === 0 ? truth : { ...truth, differentials };
  const shown = judgement.kind === "refuted" ? { ...whole, forms: writtenOut(whole, claimed) } : whole;
  const checked = verdictOn(judgement, { by, base, truth: shown, claimed, question });
  return { checked, problem, left, claimed, forms: truth.forms };
}
