// Claims: an equation about a derivative, or between two expressions, judged; where it is
// wrong, the smallest place where that shows and what may have gone wrong.
//
// Invariant: a claim is read in every way that its text allows before it is refuted. Not
// here: how its two sides are judged (verdict/sides.ts), chains of equations and derivations (derivation/derivation.ts).

import { InputError } from "../../base/diagnostic.ts";
import { lazily } from "../../base/lazy.ts";
import { optional } from "../../base/optional.ts";
import type { Problem } from "../../elaborate/elaborate.ts";
import type { Numeric } from "../../numeric/numeric.ts";
import type { Library } from "../../rewrite/library.ts";
import { loadOracle } from "../numbers/oracle.ts";
import { answering, type Refusal, refuse, standardRulesOnce, unlessFault } from "../question/call.ts";
import { withFunctionLetters } from "../question/functionLetters.ts";
import { inSource, type Plain, plainText, shownText } from "../question/notation.ts";
import type { Context, Settled } from "../question/question.ts";
import { withNames } from "./readings/bracketed.ts";
import { dependencesIn } from "./readings/dependents.ts";
import { readMarks } from "./readings/marks.ts";
import { asNumbers, namesOfText, numbersAlone } from "./readings/numbersAlone.ts";
import { withTightProducts } from "./readings/tight.ts";
import { refuseNoEquation } from "./terms/equation.ts";
import { type Aside, withoutAside } from "./text/aside.ts";
import { hasLinks } from "./text/links.ts";
import { type Cut, cut, type Part } from "./text/statement.ts";
import { judgeSides, productsIn, supposing } from "./verdict/sides.ts";
import { suppose } from "./verdict/supposed.ts";
import type { CheckedClaim, ClaimQuestion, SettledClaim } from "./verdict/verdict.ts";

/**
 * Judges a claim: an equation about a derivative, between two expressions, or about differentials.
 * What is refuted comes with the right answer, the smallest counterexample and the mistakes that
 * explain it; no layout is asked for unless stated. One with several equality signs is a chain, which
 * `checkSteps` judges link by link; here its ends are compared. Refuses what is no equation.
 *
 * @example
 * ```ts
 * import { checkClaim } from "nabla";
 *
 * const checked = await checkClaim({ claim: "d(x'*A*x)/dx = 2*x'*A" });
 * if (checked.ok) console.log(checked.verdict, checked.truth?.ascii); // refuted x'*(A + A')
 * ```
 */
export async function checkClaim(question: ClaimQuestion): Promise<CheckedClaim | Refusal> {
  const check = await openClaims();
  return check(question);
}

/** Makes ready to judge claims one after the other, without waiting. */
export async function openClaims(): Promise<(question: ClaimQuestion & Pick<Settled, "apart">) => CheckedClaim | Refusal> {
  const numeric = await loadOracle();
  return (asked) => {
    const library = asked.library ?? standardRulesOnce();
    const aside = asideOf(asked, library);
    if (aside.strange !== undefined) return refusedAside(asked, aside.strange);
    const { question, assumed, functions } = withFunctionLetters({ ...asked, ...withAside(asked, aside) }, aside.claim, library);
    const read = judgeIn(numeric, question);
    const reading: Reading = {
      library,
      functions,
      read,
      plain: lazily(() => unlessFault(() => plainText(question.claim, question, library))),
    };
    const marked = judgeMarked(numeric, question, reading);
    const judged =
      marked ??
      (read.ok && read.verdict !== "refuted" ? read : (judgeErrors(numeric, question) ?? judgeNumbers(numeric, question, reading) ?? read));
    const told = judgeTight(numeric, question, { ...reading, read: judged });
    return told.ok ? { ...told, assumptions: [...told.assumptions, ...assumed] } : told;
  };
}

/** Whether a claim is a chain of several equations, which `checkSteps` judges link by link. */
export const isChain = (asked: ClaimQuestion): boolean => cut(asideOf(asked, asked.library ?? standardRulesOnce()).claim).sides.length > 2;

const asideOf = (asked: ClaimQuestion, library: Library): Aside =>
  withoutAside(asked.claim, (text) => unlessFault(() => plainText(text, asked, library).text));

function judgeIn(numeric: Numeric, question: ClaimQuestion): CheckedClaim | Refusal {
  const { result, plain } = inPlain(question, question.claim, (text, settled) => judgeText(numeric, { ...question, ...settled }, text));
  if (plain === undefined) return result;
  if (result.ok) return asWritten(result, plain);
  const named = withNames(plain.text);
  const again = named === undefined ? undefined : judgeNamed(numeric, question, plain, named);
  const judged = again?.ok === true ? again : judgeDependent(numeric, question, plain);
  return judged === undefined ? inSource(result, plain) : asWritten(judged, plain);
}

/** A judged claim with its sides as they were written; those in LaTeX are shown in the plain notation. */
function asWritten(judged: CheckedClaim, { shown }: Plain): CheckedClaim {
  const { sides } = cut(shown);
  return { ...judged, left: shownText((sides[0] as Part).text), right: shownText((sides.at(-1) as Part).text) };
}

/** Judges a claim with derivatives of names of which nothing else is said; undefined where it cannot be read so. */
function judgeDependent(numeric: Numeric, question: ClaimQuestion, { text }: Plain): CheckedClaim | undefined {
  let judged: CheckedClaim | undefined;
  for (const { declarations, assumed } of dependencesIn(text, question, question.claim)) {
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

/** Signs of products that a product without a sign may stand beside. */
const PRODUCTS = /[⊙⊗∘○]|\.\*|\\(?:odot|otimes|circ)/;
const TIGHT = "products without a sign are taken before ⊙ and ⊗";
const LEFT_TO_RIGHT = "products are taken from left to right, those without a sign as well: A ⊙ B C is (A ⊙ B) C";

/** Marks of derivatives, and dots, in decomposed text. */
const MARKS = /['′]|[\u0307\u0308]|\\prime|\\d?dot/u;

/** What a claim was read as, and the letters that it has for functions. */
interface Reading {
  readonly library: Library;
  readonly functions: readonly string[];
  readonly read: CheckedClaim | Refusal;
  /** It in the plain notation; undefined where it cannot be read at all. */
  readonly plain: () => Plain | undefined;
}

/** Judges a claim with derivatives inside its sides in numbers alone; undefined where it is refuted, and was read otherwise. */
function judgeNumbers(numeric: Numeric, question: ClaimQuestion, { library, functions, read, plain }: Reading): CheckedClaim | undefined {
  const text = plain()?.text;
  if (text === undefined || !hasLinks(text)) return undefined;
  const numbers = numbersAlone(text, namesOfText(question, functions, library));
  if (numbers === undefined) return undefined;
  const inNumbers = asNumbers(question, numbers);
  const judged = judgeIn(numeric, inNumbers.question);
  if (!judged.ok || (read.ok && !judged.accepted)) return undefined;
  return { ...judged, assumptions: [...judged.assumptions, ...inNumbers.assumed] };
}

/** Judges a claim with products without a sign before ⊙ and ⊗, where that alone makes it right or readable; says so where it makes it wrong. */
function judgeTight(numeric: Numeric, question: ClaimQuestion, { read, plain: translated }: Reading): CheckedClaim | Refusal {
  const plain = PRODUCTS.test(question.claim) ? translated() : undefined;
  const text = plain === undefined ? undefined : withTightProducts(plain.text);
  if (plain === undefined || text === undefined) return read;
  const judged = judgeIn(numeric, { ...question, claim: text, notation: "plain" });
  const isRight = judged.ok && judged.accepted;
  if (read.ok && read.accepted) return isRight ? read : { ...read, assumptions: [...read.assumptions, LEFT_TO_RIGHT] };
  const isMeant = isRight || (!read.ok && judged.ok);
  return isMeant ? asWritten({ ...judged, assumptions: [...judged.assumptions, TIGHT] }, plain) : read;
}

/** Judges a claim with derivatives for its marks; undefined where these are transposes. */
function judgeMarked(
  numeric: Numeric,
  question: ClaimQuestion,
  { library, functions, read, plain: translated }: Reading,
): CheckedClaim | Refusal | undefined {
  if (!MARKS.test(question.claim.normalize("NFD"))) return undefined;
  const plain = translated();
  if (plain === undefined) return undefined;
  const transposed = !read.ok ? "refused" : read.accepted ? "right" : "wrong";
  const reading = readMarks({ question, text: plain.text, functions, read: transposed }, library);
  if (reading === undefined) return undefined;
  if ("code" in reading) return inSource({ ok: false, diagnostics: [reading], source: plain.text }, plain);
  const judged = judgeIn(numeric, reading.question);
  if (!judged.ok) return reading.isCertain && transposed === "wrong" ? judged : undefined;
  if (!judged.accepted && !reading.isCertain) return undefined;
  return asWritten({ ...judged, assumptions: [...judged.assumptions, ...reading.assumed] }, plain);
}

function judgeText(numeric: Numeric, settled: SettledClaim, text: string): CheckedClaim {
  const all = cut(text);
  if (all.sides.length < 2 || all.sides.some((s) => s.text === "")) refuseNoEquation(all, settled);
  const ends = [all.sides[0] as Part, all.sides[all.sides.length - 1] as Part] as const;
  const { checked, problem } = judgeSides(numeric, settled, all, ends);
  const supposed = suppose(settled, problem, checked, supposing(numeric, settled, all, ends));
  return supposed.accepted ? supposed : (judgeProducts(numeric, settled, all, problem.runs) ?? supposed);
}

/** Judges a claim with products for all the letters that it writes together; undefined where that does not make it right. */
function judgeProducts(numeric: Numeric, settled: SettledClaim, all: Cut, runs: Problem["runs"]): CheckedClaim | undefined {
  const known = settled.apart ?? productsIn(settled, all);
  const apart = new Set([...known, ...runs.keys()]);
  if (apart.size === known.size) return undefined;
  const judged = unlessFault(() => judgeText(numeric, { ...settled, apart }, all.source));
  return judged?.accepted === true ? judged : undefined;
}

/** Judges a claim with names for what it differentiates in brackets. */
function judgeNamed(numeric: Numeric, question: ClaimQuestion, { isLatex }: Plain, named: string): CheckedClaim | Refusal {
  const plainly: ClaimQuestion = { ...question, claim: named, notation: "plain", ...(isLatex ? TRANSLATED : {}) };
  return inPlain(plainly, named, (renamed, settled) => judgeText(numeric, { ...plainly, ...settled }, renamed)).result;
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
    if (plain.text === source) return work(source, { ...context, library, writtenOut: true });
    const definitions = context.let?.map(([name, text]) => [name, plainText(text, context, library).text] as const);
    const settled: Settled = {
      ...context,
      library,
      writtenOut: true,
      notation: "plain",
      ...(plain.isLatex ? TRANSLATED : {}),
      ...optional({ let: definitions }),
    };
    const { text } = plain;
    return placedIn(text, () => work(text, settled));
  });
  return { result, plain };
}

/** Makes something of a text; the places of what is wrong are places in it. */
function placedIn<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return refuse({ ok: false, diagnostics: [error.diagnostic], source: text });
    throw error;
  }
}
