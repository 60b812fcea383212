// Derivations by hand: a text of declarations, definitions, claims and chains of equations,
// judged line by line, against the truth and against the line before.
//
// Invariants: the first wrong step is the first line that is wrong though what it starts from
// is right; a line that cannot be read is reported in its place and hides no other. Not here:
// where lines begin and end (lines.ts), how one follows from another (follow.ts).

import { attempt, type Diagnostic, fail } from "../../../base/diagnostic.ts";
import { optional } from "../../../base/optional.ts";
import { NOWHERE } from "../../../base/span.ts";
import type { RuleReference } from "../../../calculus/derivation/model.ts";
import type { Numeric } from "../../../numeric/numeric.ts";
import { loadOracle } from "../../numbers/oracle.ts";
import { answering, faultOf, isFault, type Refusal } from "../../question/call.ts";
import { withFunctionLetters } from "../../question/functionLetters.ts";
import { isInLatex, plainText, statementReader } from "../../question/notation.ts";
import type { Settled } from "../../question/question.ts";
import { refuseNoClaim } from "../terms/refused.ts";
import type { Sides, WrittenSide } from "../text/statement.ts";
import { type Judged, judgeBy, judgeSides, supposing } from "../verdict/sides.ts";
import { suppose } from "../verdict/supposed.ts";
import type { CheckedClaim, ClaimQuestion, Diagnosis } from "../verdict/verdict.ts";
import { type Member, memberLine } from "./follow.ts";
import { type KnownNames, namesDeclared, type Place, type PlainStatement, type WrittenLine, writtenLines } from "./lines.ts";

/** A derivation with what is known of its names. */
export interface StepsQuestion extends Omit<ClaimQuestion, "claim"> {
  /** Lines: declarations, definitions `u = w .* x`, claims `du/dw = diag(x)`, equations, and `= …` to go on with a chain. */
  readonly steps: string;
}

/** One line of a derivation. */
export interface CheckedLine {
  /** 1-based line in the text. */
  readonly line: number;
  /** 1-based column at which it begins. */
  readonly column: number;
  readonly text: string;
  /** `link` is a further member of a chain. */
  readonly kind: "declaration" | "definition" | "claim" | "link" | "fault";
  /** Against the truth: what the chain begins with, or the derivative that the line states. */
  readonly verdict?: CheckedClaim["verdict"];
  readonly accepted?: boolean;
  /** Whether the line follows from the one before; of a link only, and absent where that is undecided. */
  readonly follows?: boolean;
  /** The claim as it was judged. */
  readonly claim?: CheckedClaim;
  /** What may have gone wrong between the line before and this one. */
  readonly diagnosis?: readonly Diagnosis[];
  /** Why a right line without an explanation of its own is right. */
  readonly because?: readonly RuleReference[];
  /** The same in words where no rule of the library says it. */
  readonly note?: string;
  /** What is wrong with a line that cannot be read. */
  readonly fault?: Diagnostic;
}

/** How a derivation fared. */
export interface CheckedSteps {
  readonly ok: true;
  /** No line is wrong, at fault or undecided. */
  readonly accepted: boolean;
  readonly lines: readonly CheckedLine[];
  /** Index of the first wrong line. */
  readonly firstWrong?: number;
}

/**
 * Judges a derivation by hand line by line, against the truth and against the line before; a line
 * that cannot be read is a fault in its place and hides no other. Refuses a text without any equation.
 *
 * @example
 * ```ts
 * import { checkSteps } from "nabla";
 *
 * const checked = await checkSteps({ steps: "u = x^2\ny = sin(u)\ndy/du = cos(u)\ndy/dx = cos(x^2)" });
 * if (checked.ok) console.log(checked.firstWrong, checked.lines[3]?.diagnosis?.[0]?.text); // 3 the derivative of the inside is missing, at x²
 * ```
 */
export async function checkSteps(question: StepsQuestion): Promise<CheckedSteps | Refusal> {
  const check = await openSteps();
  return check(question);
}

/** Makes ready to judge derivations one after the other, without waiting. */
export async function openSteps(): Promise<(question: StepsQuestion) => CheckedSteps | Refusal> {
  const numeric = await loadOracle();
  return (asked) =>
    answering({ ...asked, expr: asked.steps }, (library) => {
      refuseNoText(asked.steps);
      const { question } = withFunctionLetters(asked, asked.steps, library);
      const lines = linesOf(numeric, { ...question, library, writtenOut: true });
      if (lines.length === 0) refuseNoClaim(asked.steps);
      const wrong = lines.findIndex((l) => l.kind === "fault" || l.accepted === false || l.follows === false);
      return { ok: true, accepted: wrong < 0, lines, ...(wrong < 0 ? {} : { firstWrong: wrong }) };
    });
}

function refuseNoText(source: string): void {
  const strange = source.match(/\ufffd/g)?.length ?? 0;
  if (source.includes("\0") || strange > source.length / 100) fail("lexical", "this is no text", NOWHERE);
}

type SettledSteps = StepsQuestion & Settled;

function linesOf(numeric: Numeric, { notation, ...question }: SettledSteps): CheckedLine[] {
  const defined = (question.let ?? []).map(([name]) => name);
  const declared = [...Object.keys(question.vars ?? {}), ...namesDeclared(question.declarations ?? "")];
  const { library } = question;
  const read = statementReader(library);
  const toPlain = (text: string, names: KnownNames): PlainStatement => {
    const vars = Object.fromEntries([...names.declared].map((name) => [name, []]));
    const known = { vars, let: [...names.defined].map((name) => [name, ""] as const), ...optional({ notation }) };
    if (!isInLatex(text, known)) return orFault(() => ({ text: read(text, known), shown: text }));
    // LaTeX that is not understood is a fault of the line that it stands in, which is found when the line is judged.
    const plain = attempt(() => plainText(text, known, library).text) ?? text;
    return { text: plain, shown: plain };
  };
  return writtenLines(question.steps, { declared, defined }, toPlain).flatMap((line): CheckedLine[] => {
    if (line.kind === "chain") return chainLines(numeric, question, line);
    if (line.kind === "fault") return [{ ...line.place, kind: "fault", fault: line.fault }];
    if (line.kind !== "nothing") return [{ ...line.place, kind: line.kind }];
    const message = "this line is no declaration, no definition and no equation";
    return [{ ...line.place, kind: "fault", fault: { code: "type", message, span: NOWHERE } }];
  });
}

/** The members of a chain, each against the first one and against the one before. */
function chainLines(numeric: Numeric, question: SettledSteps, chain: WrittenLine & { kind: "chain" }): CheckedLine[] {
  const { statement, places } = chain;
  const [first, ...others] = statement.sides as [WrittenSide, ...WrittenSide[]];
  const by = judgeBy(numeric, question);
  const asked = { ...question, claim: statement.source };
  const out: CheckedLine[] = [];
  // A line that is wrong as it stands stays so, with what would make it right.
  const hinted = (judged: Judged, ends: Sides): Judged => {
    const supposed = suppose(asked, judged.problem, judged.checked, supposing(numeric, asked, statement, ends));
    return supposed.accepted ? judged : { ...judged, checked: supposed };
  };
  let before: Member | undefined;
  for (const [i, part] of others.entries()) {
    const isFirst = i === 0;
    const shown = `= ${places[i + 1]?.text}`;
    const place: Place = isFirst
      ? { ...(places[0] as Place), text: `${places[0]?.text} ${shown}` }
      : { ...(places[i + 1] as Place), text: shown };
    const judged = orFault(() => judgeSides(numeric, asked, statement, [first, part]));
    if ("fault" in judged) {
      out.push({ ...place, kind: "fault", fault: judged.fault });
      before = undefined;
      continue;
    }
    const member: Member = { kind: isFirst ? "claim" : "link", part, judged: hinted(judged, [first, part]), explained: chain.explained };
    out.push({ ...place, ...memberLine(by, member, before) });
    before = member;
  }
  return out;
}

function orFault<T extends object>(make: () => T): T | { fault: Diagnostic } {
  try {
    return make();
  } catch (error) {
    if (!isFault(error)) throw error;
    return { fault: faultOf(error) };
  }
}
