// What a claim is meant as, judged: marks may be derivatives, e_i errors, names beside × vectors in space, all names
// numbers, and products without a sign may be taken before ⊙, ⊗ and ·.
//
// Invariant: what is right as it is written stays so; of another reading the answer states what it takes for granted. Not
// here: the texts of these readings (src/library/claim/readings), and how one is judged (written.ts).

import { SIGNS } from "../../../../grammar/glyphs.ts";
import { lazily } from "../../../base/lazy.ts";
import { optional } from "../../../base/optional.ts";
import { whatNamesAre } from "../../../elaborate/names/letters.ts";
import { entryName } from "../../../elaborate/names/target.ts";
import { POWER_TAKES } from "../../../elaborate/shapes/mismatch.ts";
import type { Numeric } from "../../../numeric/numeric.ts";
import type { Library } from "../../../rewrite/library.ts";
import { type Token, tokenize } from "../../../syntax/tokens/lexer.ts";
import { type Refusal, unlessFault } from "../../question/call.ts";
import { inSource, namesKnown, type Plain, plainText } from "../../question/notation.ts";
import { withDirections } from "../readings/directions.ts";
import { readMarks } from "../readings/marks.ts";
import { withSecondDerivatives } from "../readings/nested.ts";
import { asNumbers, namesOfText, numbersAlone } from "../readings/numbersAlone.ts";
import { withRates } from "../readings/rates.ts";
import { withDigamma, withFunctionsOfTime, withoutDotsAbove } from "../readings/signs.ts";
import { withSquares } from "../readings/squares.ts";
import { withTightProducts } from "../readings/tight.ts";
import { withWideTraces } from "../readings/traces.ts";
import { withJacobianDeterminants, withJacobians } from "../readings/tuples.ts";
import { withUnits, withUnitsAlone } from "../readings/units.ts";
import { hasDerivatives } from "../text/derivatives.ts";
import { assuming, type CheckedClaim, type ClaimQuestion, type JudgedQuestion } from "./verdict.ts";
import { asWritten, inPlain, judgeWritten } from "./written.ts";

/** A claim that is asked about. */
export interface Asked {
  readonly question: ClaimQuestion;
  readonly library: Library;
  /** The letters that it has for functions. */
  readonly functions: readonly string[];
}

/** A claim with what is common to all its readings. */
interface Readings extends Asked {
  readonly judge: (question: JudgedQuestion) => CheckedClaim | Refusal;
  /** How it fares as it is written. */
  readonly written: CheckedClaim | Refusal;
  /** It in the plain notation; undefined where it cannot be read at all. */
  readonly plain: () => Plain | undefined;
}

/** Judges a claim as it is meant: as it is written where that makes it right, or else as what does. */
export function judgeMeant(numeric: Numeric, asked: Asked): CheckedClaim | Refusal {
  const { question, library } = asked;
  const judge: Readings["judge"] = (claim) => judgeWritten(numeric, claim, library);
  const written = judge(question);
  const plain = lazily(() => unlessFault(() => plainText(question.claim, question, library)));
  const readings: Readings = { ...asked, judge, written, plain };
  const isWrong = !written.ok || written.verdict === "refuted";
  const otherwise =
    judgeMarked(readings) ??
    (isWrong
      ? (judgeErrors(readings) ??
        judgeInSpace(readings) ??
        judgeEntries(readings) ??
        judgeEntrywise(readings) ??
        judgeSigns(readings) ??
        judgeTraces(readings) ??
        judgeNumbers(readings))
      : undefined);
  return judgeTight(readings, otherwise ?? written);
}

/** Marks of derivatives, and dots, in decomposed text. */
const MARKS = /['′]|[\u0307\u0308]|\\prime|\\d?dot/u;

/** Judges a claim with derivatives for its marks; undefined where these are transposes. */
function judgeMarked({ question, library, functions, judge, written, plain: translated }: Readings): CheckedClaim | Refusal | undefined {
  if (!MARKS.test(question.claim.normalize("NFD"))) return undefined;
  const plain = translated();
  if (plain === undefined) return undefined;
  const transposed = !written.ok ? "refused" : written.accepted ? "right" : "wrong";
  const reading = readMarks({ question, text: plain.text, functions, read: transposed }, library);
  if (reading === undefined) return undefined;
  if ("code" in reading) return inSource({ ok: false, diagnostics: [reading], source: plain.text }, plain);
  const judged = judge(reading.question);
  if (!judged.ok) return reading.isCertain && transposed === "wrong" ? judged : undefined;
  if (!judged.accepted && !reading.isCertain) return undefined;
  return asWritten(assuming(judged, reading.assumed), plain);
}

/** e_i, e_{i} and e_1. */
const UNIT = /(?<![\p{L}\p{N}_\\])e_(?:\{([a-z]|\d+)\}|([a-z]|\d+))(?![\p{L}\p{N}_])/gu;

/** Judges a claim with each e_i as a number of its own, as errors are, and no unit vector; undefined where that does not make it right. */
function judgeErrors(readings: Readings): CheckedClaim | undefined {
  const { claim, vars } = readings.question;
  const written = [...claim.matchAll(UNIT)].map(([, braced, bare]) => `e_${braced ?? bare}`);
  const names = [...new Set(written)].filter((name) => vars?.[name] === undefined);
  const assumed = names.map((name) => `${name} is a scalar`);
  return judgeOfShape(readings, names, [], assumed);
}

/** Judges a claim with some of its names of one shape; undefined where that does not make it right. */
function judgeOfShape(
  { question, judge }: Readings,
  names: readonly string[],
  shape: readonly (number | string)[],
  assumed: readonly string[],
): CheckedClaim | undefined {
  if (names.length === 0) return undefined;
  const vars = { ...question.vars, ...Object.fromEntries(names.map((name) => [name, shape])) };
  const judged = judge({ ...question, vars, undiagnosed: true });
  return judged.ok && judged.accepted ? assuming(judged, assumed) : undefined;
}

/** Judges a claim with undeclared names beside × as vectors in space; undefined where that does not make it right. */
function judgeInSpace(readings: Readings): CheckedClaim | undefined {
  const text = readings.plain()?.text;
  if (text?.includes(SIGNS.times.unicode) !== true) return undefined;
  const tokens = tokenize(text);
  const known = namesKnown(readings.question, tokens);
  const isCross = (t: Token | undefined): boolean => t?.text === SIGNS.times.unicode;
  const beside = tokens.filter((t, i) => t.type === "name" && (isCross(tokens[i - 1]) || isCross(tokens[i + 1])));
  const names = [...new Set(beside.map((t) => t.value))].filter((name) => !known.has(name));
  return judgeOfShape(readings, names, [3], [whatNamesAre(names, "a vector of length 3", "vectors of length 3")]);
}

/** What a derivative is by: the x of ∂y/∂x and of ∇_x. */
const VARIED = /(?:\/\s*[d∂]|∇_\{?)(\p{L}+)(?![\p{L}\p{N}_])/gu;
const SIZES = ["n", "m", "p", "q", "r"];

/** Judges a claim with x_k as an entry of the x that it differentiates by; undefined where that does not make it right. */
function judgeEntries(readings: Readings): CheckedClaim | undefined {
  const text = readings.plain()?.text ?? "";
  const tokens = tokenize(text);
  const known = namesKnown(readings.question, tokens);
  const written = new Set(tokens.map((t) => t.value));
  const varied = [...text.matchAll(VARIED)].map((m) => m[1] as string);
  const hasEntry = (name: string): boolean => [...written].some((w) => entryName(w)?.name === name && !known.has(w));
  const names = [...new Set(varied)].filter((name) => !known.has(name) && hasEntry(name));
  const size = SIZES.find((letter) => !written.has(letter));
  if (size === undefined) return undefined;
  return judgeOfShape(readings, names, [size], [whatNamesAre(names, `a vector of length ${size}`, `vectors of length ${size}`)]);
}

const SECOND = /[∂d∇](?:[²³]|\^\{?[23])/u;
/** Whole exponents, of ^ and raised. */
const EXPONENT = /(?<![.⁻])(?:\^\{?([2-9])\}?(?!\d)|([²³⁴]))/gu;
const ENTRYWISE = "powers of vectors are taken entry by entry: h² is h.^2";

/** Judges a claim that has powers of vectors, which mean nothing else, with those of every entry; undefined where that does not make it right. */
function judgeEntrywise({ question, library, judge, written, plain: translated }: Readings): CheckedClaim | undefined {
  const said = written.ok ? written.reason : written.diagnostics[0]?.message;
  const plain = said?.includes(POWER_TAKES) === true ? translated() : undefined;
  if (plain === undefined || SECOND.test(plain.text)) return undefined;
  const raised = (_: string, digit: string | undefined, sign = ""): string => `.^${digit ?? "²³⁴".indexOf(sign) + 2}`;
  const judged = judge({ ...inPlain(question, plain.text.replace(EXPONENT, raised), library), undiagnosed: true });
  return judged.ok && judged.accepted ? asWritten(assuming(judged, [ENTRYWISE]), plain) : undefined;
}

/** What signs may stand for, in the order in which that is tried. */
const READINGS = [
  withoutDotsAbove,
  withFunctionsOfTime,
  withDigamma,
  withUnits,
  withUnitsAlone,
  withSecondDerivatives,
  withSquares,
  withRates,
  withDirections,
  withJacobianDeterminants,
  withJacobians,
];

/** Judges a claim with what its undeclared signs stand for; undefined where that does not make it right and something else may be meant. */
function judgeSigns({ question, library, functions, judge, plain: translated }: Readings): CheckedClaim | Refusal | undefined {
  const plain = translated();
  if (plain === undefined) return undefined;
  const known = namesKnown(question, tokenize(plain.text));
  const plainly = inPlain(question, question.claim, library);
  let unread: Refusal | undefined;
  for (const write of READINGS) {
    const written = write(plain.text, (name) => known.has(name) && !functions.includes(name), plainly);
    if (written === undefined) continue;
    const declarations = [question.declarations, written.declarations].filter((text) => text !== undefined).join("\n");
    const judged = judge({ ...inPlain(question, written.text, library), declarations, ...optional({ let: written.let }) });
    if (!judged.ok && written.isFirm) unread ??= judged;
    if (judged.ok && (judged.accepted || written.isFirm)) return asWritten(assuming(judged, [written.assumed]), plain);
  }
  return unread;
}

const WIDE = "a trace is that of the whole product behind it";
const NARROW = "a trace is that of its brackets: tr(A B)^2 is the square of a number, and tr((A B)^2) another one";

/** Judges a claim that traces of whole products make right: so where its shapes do not fit otherwise or brackets tell, as it is written else, and says so. */
function judgeTraces({ question, library, judge, written, plain: translated }: Readings): CheckedClaim | undefined {
  const plain = translated();
  const wide = plain === undefined ? undefined : withWideTraces(plain.text);
  if (plain === undefined || wide === undefined) return undefined;
  const judged = judge({ ...inPlain(question, wide.text, library), undiagnosed: true });
  if (!judged.ok || !judged.accepted) return undefined;
  const fits = written.ok && !written.diagnosis.some(({ mistake }) => mistake === "shape");
  return fits && !wide.hasBracketsElsewhere ? assuming(written, [NARROW]) : asWritten(assuming(judged, [WIDE]), plain);
}

/** Judges a claim that is refused or has derivatives inside its sides in numbers alone; undefined where it is refuted, and was read otherwise. */
function judgeNumbers({ question, library, functions, judge, written, plain }: Readings): CheckedClaim | undefined {
  const text = plain()?.text;
  if (text === undefined || (written.ok && !hasDerivatives(text))) return undefined;
  const numbers = numbersAlone(text, namesOfText(question, functions, library));
  if (numbers === undefined) return undefined;
  const inNumbers = asNumbers(question, numbers);
  const judged = judge(inNumbers.question);
  if (!judged.ok || (written.ok && !judged.accepted)) return undefined;
  return assuming(judged, inNumbers.assumed);
}

/** Signs of products that a product without a sign may stand beside. */
const PRODUCTS = /[⊙⊗∘○]|\.\*|\\(?:odot|otimes|circ)/;
/** The sign of a dot product, which may stand before a number as well. */
const DOT = /[·⋅]/;
const TIGHT = "products without a sign are taken before ⊙, ⊗ and ·";
const LEFT_TO_RIGHT = "products are taken from left to right, those without a sign as well: A ⊙ B C is (A ⊙ B) C";

/** Judges a claim with products without a sign before ⊙, ⊗ and ·, where that alone makes it right or readable; says so where it makes it wrong. */
function judgeTight({ question, library, judge, plain: translated }: Readings, read: CheckedClaim | Refusal): CheckedClaim | Refusal {
  const hasProducts = PRODUCTS.test(question.claim);
  const mayDot = DOT.test(question.claim) && !(read.ok && read.accepted);
  const plain = hasProducts || mayDot ? translated() : undefined;
  const text = plain === undefined ? undefined : withTightProducts(plain.text);
  if (plain === undefined || text === undefined) return read;
  const judged = judge(inPlain(question, text, library));
  const isRight = judged.ok && judged.accepted;
  if (read.ok && read.accepted) return isRight ? read : assuming(read, [LEFT_TO_RIGHT]);
  const isMeant = judged.ok && (isRight || (!read.ok && hasProducts));
  return isMeant ? asWritten(assuming(judged, [TIGHT]), plain) : read;
}
